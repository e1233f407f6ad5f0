//! What the store keeps. The same in memory and on its disk.

use super::book::{Session, Sessions};
use super::message::{By, Key, Row, Version};
use crate::engine::{Fact, Facts, NodeId};

/// One durable change: a key is written.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Change {
    pub(super) by: By,
    pub(super) key: Key,
    pub(super) row: Row,
}

/// The whole of it. A key that is not here was never written.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Table {
    /// In order of their keys.
    rows: Vec<(Key, Row)>,
    sessions: Sessions,
    last: Version,
}

impl Table {
    /// What stands under a key.
    #[must_use]
    pub fn row(&self, key: Key) -> Row {
        let at = self.rows.binary_search_by_key(&key, |(key, _)| *key);
        at.map_or_else(|_| Row::default(), |at| self.rows[at].1)
    }

    /// All that was ever written.
    #[must_use]
    pub fn rows(&self) -> &[(Key, Row)] {
        &self.rows
    }

    pub(super) fn session(&self, node: NodeId) -> Option<Session> {
        self.sessions.of(node)
    }

    pub(super) fn next(&self) -> Version {
        Version(self.last.0 + 1)
    }

    pub(super) fn apply(&mut self, change: Change) {
        self.sessions.remember(change.by, change.row.version);
        self.last = self.last.max(change.row.version);
        match self.rows.binary_search_by_key(&change.key, |(key, _)| *key) {
            Ok(at) => self.rows[at].1 = change.row,
            Err(at) => self.rows.insert(at, (change.key, change.row)),
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
        facts.say("last", self.last);
        facts.say("rows", Fact::List(self.rows.iter().map(one).collect()));
    }
}
