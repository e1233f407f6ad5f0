//! What a cache that writes back has on its own disk: what the store does not know yet, and whom it has
//! answered. The same in memory.

use super::message::{By, Key, Row, Version};
use crate::engine::{Fact, Facts, NodeId};

/// One durable change.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Change {
    /// A client's write was taken in.
    Put(By, Key, Row),
    /// The store has it, or nobody has it any more.
    Drop(Key),
}

/// The last write of somebody.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub(super) struct Session {
    pub(super) node: NodeId,
    pub(super) op: u32,
    pub(super) version: Version,
}

/// The last writes of all who wrote, in order of their names.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub(super) struct Sessions(Vec<Session>);

impl Sessions {
    pub(super) fn of(&self, node: NodeId) -> Option<Session> {
        let at = self.0.binary_search_by_key(&node, |one| one.node).ok()?;
        Some(self.0[at])
    }

    pub(super) fn remember(&mut self, by: By, version: Version) {
        let session = Session {
            node: by.node,
            op: by.op,
            version,
        };
        match self.0.binary_search_by_key(&by.node, |one| one.node) {
            Ok(at) => self.0[at] = session,
            Err(at) => self.0.insert(at, session),
        }
    }
}

/// The whole of it.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Book {
    /// In order of their keys.
    dirty: Vec<(Key, Row)>,
    sessions: Sessions,
    last: Version,
}

impl Book {
    /// What the store does not know yet.
    #[must_use]
    pub fn dirty(&self) -> &[(Key, Row)] {
        &self.dirty
    }

    /// What is here of a key that the store does not know.
    #[must_use]
    pub fn row(&self, key: Key) -> Option<Row> {
        let at = self
            .dirty
            .binary_search_by_key(&key, |(key, _)| *key)
            .ok()?;
        Some(self.dirty[at].1)
    }

    pub(super) fn session(&self, node: NodeId) -> Option<Session> {
        self.sessions.of(node)
    }

    pub(super) fn next(&self) -> Version {
        Version(self.last.0 + 1)
    }

    pub(super) fn apply(&mut self, change: Change) {
        let place = |book: &Book, key: Key| book.dirty.binary_search_by_key(&key, |(key, _)| *key);
        match change {
            Change::Put(by, key, row) => {
                self.sessions.remember(by, row.version);
                self.last = self.last.max(row.version);
                match place(self, key) {
                    Ok(at) => self.dirty[at].1 = row,
                    Err(at) => self.dirty.insert(at, (key, row)),
                }
            }
            Change::Drop(key) => {
                if let Ok(at) = place(self, key) {
                    self.dirty.remove(at);
                }
            }
        }
    }

    pub(super) fn facts(&self, facts: &mut Facts) {
        let one = |(key, row): &(Key, Row)| {
            let mut facts = Facts::default();
            facts.say("key", *key);
            facts.say("value", row.value);
            facts.say("version", row.version);
            Fact::Group(facts)
        };
        facts.say("dirty", self.dirty.len());
        facts.say(
            "unflushed",
            Fact::List(self.dirty.iter().map(one).collect()),
        );
    }
}
