//! The words of the paper as types.

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

/// What a client asks of the replicated store.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Op {
    /// Sets a key.
    Put {
        /// The key.
        key: Word,
        /// Its new value.
        value: Word,
    },
    /// Sets a key if it has the expected value.
    Cas {
        /// The key.
        key: Word,
        /// The value that it must have.
        expected: Word,
        /// Its new value.
        value: Word,
    },
    /// Reads a key; goes by read index, not through the log.
    Get {
        /// The key.
        key: Word,
    },
}

impl fmt::Display for Op {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Op::Put { key, value } => write!(f, "{key}={value}"),
            Op::Cas {
                key,
                expected,
                value,
            } => write!(f, "{key}={expected}:{value}"),
            Op::Get { key } => write!(f, "{key}?"),
        }
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
}

/// A command of an engine that is built on this one, packed by that engine: to Raft it is opaque,
/// as an entry is to an implementation that serves any state machine (section 2).
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Command(pub [u32; 4]);

impl Payload {
    /// The key that it is about; a no-op and another engine's command have none.
    #[must_use]
    pub fn key(self) -> Option<Word> {
        match self {
            Payload::Noop | Payload::Command(_) => None,
            Payload::Client {
                op: Op::Put { key, .. } | Op::Cas { key, .. } | Op::Get { key },
                ..
            } => Some(key),
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

/// Entries shared by messages and writes.
pub(super) type Entries = Part<Entry>;

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.payload {
            Payload::Noop => f.write_str("no-op"),
            Payload::Client { op, .. } => write!(f, "{op}"),
            Payload::Command(_) => f.write_str("command"),
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
