//! All placements beside each other, on the same keys and the same change.

use super::layout::{Layout, Member, Placement, Scheme, Walk};
use crate::engine::NodeId;
use std::rc::Rc;

/// So many keys are compared at the most, and so many at the least.
const MOST: usize = 2000;
const LEAST: usize = 500;

/// What comes of one placement.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) struct Row {
    /// Which.
    pub(super) placement: Placement,
    /// How many keys there are.
    pub(super) keys: usize,
    /// How many of them get another first node by the change.
    pub(super) moved: usize,
    /// How many of those go from one node that stays as it is to another such.
    pub(super) needless: usize,
    /// How many keys the node with the most has after it, in hundredths of its share.
    pub(super) most: usize,
}

/// What the change moves where the keys are placed in each of the ways. Where there was no change, that one
/// more node came is supposed.
pub(super) fn compared(before: Option<&Layout>, layout: &Layout) -> Rc<Vec<Row>> {
    let made = layout.pictures().compared.get_or_init(|| {
        let now = layout.members().to_vec();
        let (old, new) = match before {
            Some(before) => (before.members().to_vec(), now),
            None => {
                let last = now.iter().map(|member| member.node.0).max().unwrap_or(0);
                let one_more = Member {
                    node: NodeId(last + 1),
                    weight: 1,
                };
                let mut more = now.clone();
                more.push(one_more);
                (now, more)
            }
        };
        let row = |placement| row(placement, layout.scheme(), &old, &new);
        Rc::new(Placement::ALL.map(row).to_vec())
    });
    Rc::clone(made)
}

/// One placement, and one change.
#[must_use]
pub(super) fn row(placement: Placement, scheme: &Scheme, old: &[Member], new: &[Member]) -> Row {
    let keys = scheme.keys.len().clamp(LEAST, MOST);
    let kind = (placement, scheme.hash);
    let scheme = Scheme::new(kind, (scheme.points, 1), (keys, scheme.salt));
    let scheme = Rc::new(scheme);
    let [before, after] = [old, new].map(|members| Layout::new(&scheme, members.to_vec()));
    let stays = |node: NodeId| before.weight(node) == after.weight(node);
    let nodes = old.iter().chain(new).map(|member| member.node.index());
    let mut counts = vec![0usize; nodes.max().map_or(0, |last| last + 1)];
    let (mut moved, mut needless) = (0, 0);
    for key in &scheme.keys {
        let [from, to] = [&before, &after].map(|layout| {
            let owners = layout.owners(*key, Walk::RIGHT);
            owners.list().first().copied()
        });
        if let Some(to) = to {
            counts[to.index()] += 1;
        }
        if let (Some(from), Some(to)) = (from, to)
            && from != to
        {
            moved += 1;
            needless += usize::from(stays(from) && stays(to));
        }
    }
    let weights: usize = new.iter().map(|member| member.weight as usize).sum();
    let relative = |member: &Member| {
        let fair = keys * member.weight as usize;
        100 * counts[member.node.index()] * weights / fair.max(1)
    };
    Row {
        placement,
        keys,
        moved,
        needless,
        most: new.iter().map(relative).max().unwrap_or(0),
    }
}
