//! The words of the paper as types.

pub use crate::lab::store::Op;

use crate::engine::{Arg, Fact, NodeId, Part, Word};
use std::fmt;

/// A term: a period with at most one leader (section 5.1).
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Term(pub u32);

/// A place in the log, from 1; 0 stands before the first entry.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Index(pub u32);

impl Index {
    /// The place after this one.
    #[must_use]
    pub fn next(self) -> Index {
        Index(self.0 + 1)
    }

    /// How many entries a log has that ends here.
    #[must_use]
    #[expect(
        clippy::len_without_is_empty,
        reason = "the length meant is that of a log"
    )]
    pub fn len(self) -> usize {
        self.0 as usize
    }
}

/// What an entry carries.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Payload {
    /// Nothing: the entry with which a leader begins its term (section 8).
    Noop,
    /// A client's operation, with the session that makes it apply once.
    Client {
        /// Whose.
        client: NodeId,
        /// Which of that client's, from 1.
        sequence: u32,
        /// What.
        op: Op,
    },
    /// What an engine that is built on this one replicates. The store passes it over.
    Command(Command),
    /// Who the members are from here on (section 6).
    Members(Members),
}

/// A set of servers, a bit each: a lab has a dozen, and they are its first nodes.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct NodeSet(u16);

impl NodeSet {
    /// No server.
    pub const NONE: NodeSet = NodeSet(0);

    /// Of these servers.
    pub fn of(nodes: impl IntoIterator<Item = NodeId>) -> Self {
        nodes.into_iter().fold(NodeSet::NONE, NodeSet::with)
    }

    /// With one more. A node that is none of the first sixteen is no server.
    #[must_use]
    pub fn with(self, node: NodeId) -> Self {
        NodeSet(self.0 | 1_u16.checked_shl(u32::from(node.0)).unwrap_or(0))
    }

    /// Those of both.
    #[must_use]
    pub fn and(self, other: NodeSet) -> Self {
        NodeSet(self.0 | other.0)
    }

    /// Those that are in the other, too.
    #[must_use]
    pub fn within(self, other: NodeSet) -> Self {
        NodeSet(self.0 & other.0)
    }

    /// Those that are not in the other.
    #[must_use]
    pub fn without(self, other: NodeSet) -> Self {
        NodeSet(self.0 & !other.0)
    }

    /// Whether a server is among them.
    #[must_use]
    pub fn has(self, node: NodeId) -> bool {
        self != self.without(NodeSet::NONE.with(node))
    }

    /// How many they are.
    #[must_use]
    pub fn count(self) -> usize {
        self.0.count_ones() as usize
    }

    /// The servers, in order.
    pub fn nodes(self) -> impl Iterator<Item = NodeId> + Clone {
        (0..16).map(NodeId).filter(move |node| self.has(*node))
    }
}

/// A configuration: who has a vote.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Members {
    /// Those of before, whose majority is needed as well; none but in a joint configuration (section 6).
    pub old: NodeSet,
    /// Those of now. Nobody, where a server has not been told of any configuration.
    pub new: NodeSet,
}

impl Members {
    /// All that have a vote.
    #[must_use]
    pub fn all(self) -> NodeSet {
        self.old.and(self.new)
    }

    /// Whether it is a joint one.
    #[must_use]
    pub fn joint(self) -> bool {
        self.old != NodeSet::NONE
    }
}

/// A command of an engine that is built on this one, packed by that engine: to Raft it is opaque,
/// as an entry is to an implementation that serves any state machine (section 2).
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Command(pub [u32; 4]);

impl Payload {
    /// The key that it is about; a no-op, a configuration and another engine's command have none.
    #[must_use]
    pub fn key(self) -> Option<Word> {
        match self {
            Payload::Noop | Payload::Command(_) | Payload::Members(_) => None,
            Payload::Client { op, .. } => Some(op.key()),
        }
    }
}

/// One entry of the log.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Entry {
    /// The term of the leader that made it.
    pub term: Term,
    /// What it carries.
    pub payload: Payload,
}

/// The configuration that a snapshot has in it, and where that stood; nothing where the members never
/// change. Then it is not in the hash of a snapshot, either.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default)]
pub struct Kept(pub Option<(Index, Members)>);

impl std::hash::Hash for Kept {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        if let Some(kept) = &self.0 {
            kept.hash(state);
        }
    }
}

/// Entries shared by messages and writes.
pub(super) type Entries = Part<Entry>;

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.payload {
            Payload::Noop => f.write_str("no-op"),
            Payload::Client { op, .. } => write!(f, "{op}"),
            Payload::Command(_) => f.write_str("command"),
            Payload::Members(members) => {
                let (old, new) = (members.old.count(), members.new.count());
                if members.joint() {
                    write!(f, "members {old}+{new}")
                } else {
                    write!(f, "members {new}")
                }
            }
        }
    }
}

impl From<Term> for Arg {
    fn from(term: Term) -> Self {
        Arg::Int(u64::from(term.0))
    }
}

impl From<Index> for Arg {
    fn from(index: Index) -> Self {
        Arg::Int(u64::from(index.0))
    }
}

impl From<Term> for Fact {
    fn from(term: Term) -> Self {
        Fact::Int(u64::from(term.0))
    }
}

impl From<Index> for Fact {
    fn from(index: Index) -> Self {
        Fact::Int(u64::from(index.0))
    }
}
