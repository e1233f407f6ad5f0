//! Nodes under other names, for worlds that are alike but for those.

use super::ids::NodeId;
use crate::engine::sorting::sort_by_key;

/// Which node takes the place of which: each of them once.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Renaming(Vec<NodeId>);

impl Renaming {
    /// Every node keeps its name.
    #[must_use]
    pub fn none(nodes: usize) -> Self {
        Renaming((0..nodes as u16).map(NodeId).collect())
    }

    /// All renamings of these nodes among each other, the one that changes nothing first.
    #[must_use]
    pub fn all(nodes: usize, alike: &[NodeId]) -> Vec<Self> {
        let mut orders: Vec<Vec<NodeId>> = vec![Vec::new()];
        for node in alike.iter().rev() {
            let longer = orders.into_iter().flat_map(|order| {
                (0..=order.len()).map(move |at| {
                    let mut order = order.clone();
                    order.insert(at, *node);
                    order
                })
            });
            orders = longer.collect();
        }
        let renaming = |order: Vec<NodeId>| {
            let mut all = Self::none(nodes);
            for (from, to) in alike.iter().zip(order) {
                all.0[from.index()] = to;
            }
            all
        };
        let mut all: Vec<_> = orders.into_iter().map(renaming).collect();
        sort_by_key(&mut all, |renaming| renaming.0.clone());
        all
    }

    /// The new name of a node. One that there is not has none.
    #[inline]
    #[must_use]
    pub fn of(&self, node: NodeId) -> NodeId {
        self.0.get(node.index()).copied().unwrap_or(node)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_renamings_are_each_there_once() {
        let alike = [NodeId(0), NodeId(1), NodeId(3)];
        let all = Renaming::all(5, &alike);
        assert_eq!(all[0], Renaming::none(5));
        let mut different = all.clone();
        different.dedup();
        assert_eq!((all.len(), different.len()), (6, 6));
        for renaming in all {
            assert_eq!(renaming.of(NodeId(2)), NodeId(2));
            assert_eq!(renaming.of(NodeId(9)), NodeId(9));
            let mut names: Vec<_> = (0..5).map(|i| renaming.of(NodeId(i))).collect();
            names.sort_unstable();
            assert_eq!(names, (0..5).map(NodeId).collect::<Vec<_>>());
        }
    }
}
