//! A circle with arcs and what lies on it: a hash ring, or slots. The page draws it anew only where
//! what it shares has changed.

use crate::engine::{NodeId, Word};
use crate::lab::Phrase;
use std::rc::Rc;

/// The panel.
#[derive(Clone, Debug)]
pub struct Ring {
    /// Stable id.
    pub id: &'static str,
    /// What stands still until somebody comes or goes. Shared: a page that has drawn it need not look again.
    pub dial: Rc<Dial>,
    /// The nodes, by the numbers that arcs and keys name them by.
    pub nodes: Vec<RingNode>,
    /// A key whose nodes are shown, by its place in [`Dial::keys`].
    pub key: Option<usize>,
    /// What has moved, or that nothing has.
    pub caption: Phrase,
}

impl PartialEq for Ring {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.dial, &other.dial)
            && (self.id, &self.nodes, self.key, &self.caption)
                == (other.id, &other.nodes, other.key, &other.caption)
    }
}

/// Places on the circle are the leading 32 bits of where they are.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Dial {
    /// Whose each stretch is, clockwise by their ends.
    pub arcs: Vec<DialArc>,
    /// Whose they were before the last change; empty where there was none.
    pub before: Vec<DialArc>,
    /// What lies on the circle.
    pub keys: Vec<DialKey>,
    /// How many different nodes have each key.
    pub copies: usize,
}

/// A stretch of the circle, from the end of the one before it to its own.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct DialArc {
    /// Where it ends.
    pub end: u32,
    /// Whose it is.
    pub owner: u16,
}

/// A key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DialKey {
    /// Its name.
    pub name: Word,
    /// Where it lies.
    pub at: u32,
    /// Its nodes, the first one in front.
    pub owners: Vec<u16>,
    /// Whose it was before the last change, where that was somebody else.
    pub was: Option<u16>,
}

/// A node.
#[derive(Clone, PartialEq, Debug)]
pub struct RingNode {
    /// Which.
    pub node: NodeId,
    /// Its name.
    pub name: String,
    /// What it is at the moment.
    pub state: Phrase,
    /// Whether it has a part of the circle, or is about to.
    pub on: bool,
    /// Whether it is down or paused.
    pub faint: bool,
    /// How much of the circle is its, in millionths; `None` where nothing is anybody's.
    pub share: Option<u32>,
    /// How many keys it has as the first.
    pub keys: usize,
    /// How many it has in all.
    pub copies: usize,
    /// How much it counts beside others.
    pub weight: u32,
    /// What takes it off the circle, or puts it on, in the words of a story.
    pub turn: String,
    /// What else can be done about it: its name and the words of a story.
    pub more: Vec<(Phrase, String)>,
}

impl Dial {
    /// The place in [`Dial::arcs`] of the stretch that a place lies in.
    #[must_use]
    pub fn arc_at(&self, at: u32) -> Option<usize> {
        let next = self.arcs.partition_point(|arc| arc.end < at);
        match self.arcs.len() {
            0 => None,
            len => Some(next % len),
        }
    }

    /// From a key clockwise to its nodes: the end of each stretch that is come by, its node, and
    /// whether that one counts, being another than those before. Empty where a key's nodes do
    /// not stand behind it on the circle.
    #[must_use]
    pub fn walk(&self, key: &DialKey) -> Vec<(DialArc, bool)> {
        let Some(first) = self.arc_at(key.at) else {
            return Vec::new();
        };
        let mut met: Vec<u16> = Vec::new();
        let mut steps = Vec::new();
        for i in 0..self.arcs.len() {
            if met.len() >= key.owners.len() {
                break;
            }
            let arc = self.arcs[(first + i) % self.arcs.len()];
            let counts = !met.contains(&arc.owner);
            steps.push((arc, counts));
            if counts {
                met.push(arc.owner);
            }
        }
        if met == key.owners { steps } else { Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dial() -> Dial {
        let arc = |(end, owner)| DialArc { end, owner };
        Dial {
            arcs: [(10, 0), (20, 1), (30, 0), (40, 2)].map(arc).to_vec(),
            ..Dial::default()
        }
    }

    fn key(at: u32, owners: &[u16]) -> DialKey {
        DialKey {
            name: Word::number(1),
            at,
            owners: owners.to_vec(),
            was: None,
        }
    }

    #[test]
    fn a_walk_goes_round_and_counts_each_node_once() {
        let walk = |at, owners: &[u16]| -> Vec<(u16, bool)> {
            let steps = dial().walk(&key(at, owners));
            steps
                .iter()
                .map(|(arc, counts)| (arc.owner, *counts))
                .collect()
        };
        assert_eq!(
            walk(5, &[0, 1, 2]),
            [(0, true), (1, true), (0, false), (2, true)]
        );
        // On the end of a stretch is in it; behind the last comes the first.
        assert_eq!(walk(20, &[1, 0]), [(1, true), (0, true)]);
        assert_eq!(walk(41, &[0, 1]), [(0, true), (1, true)]);
        // Placed by something else than the walk: no walk is shown.
        assert!(walk(5, &[2]).is_empty());
        assert!(Dial::default().walk(&key(5, &[0])).is_empty());
    }
}
