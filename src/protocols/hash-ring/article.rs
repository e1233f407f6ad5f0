//! The ring as an article has it, for the rule that forbids it: random nodes, each hashed without a number of the
//! replica, and hashes that are compared as texts.

use super::hashes::HashKind;
use crate::engine::Draws;

/// The article's class, by its steps.
#[derive(Debug)]
pub(super) struct Article {
    /// The nodes that it knows, in their order.
    nodes: Vec<u16>,
    /// Those that were drawn: only they have a place.
    drawn: Vec<u16>,
}

impl Article {
    /// It draws a node at random as often as it wants replicas.
    #[must_use]
    pub(super) fn new(nodes: &[u16], replicas: u32) -> Self {
        let mut draws = Draws::at(nodes.len() as u64, 0);
        let last = (nodes.len() as u64).saturating_sub(1);
        let drawn = (0..replicas).filter_map(|_| nodes.get(draws.between(0, last) as usize));
        Article {
            drawn: drawn.copied().collect(),
            nodes: nodes.to_vec(),
        }
    }

    /// Its lookup: through all nodes, until the text of one's hash contains that of the key's. It ends
    /// at the first node that was not drawn, and has no hash.
    #[must_use]
    pub(super) fn find(&self, hash: HashKind, key: u64) -> Option<u16> {
        let key = format!("{key:x}");
        for node in &self.nodes {
            if !self.drawn.contains(node) {
                return None;
            }
            if format!("{:x}", hash.point(*node, 0)).contains(&key) {
                return Some(*node);
            }
        }
        None
    }
}
