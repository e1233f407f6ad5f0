//! What a server keeps: entries under keys, in memory and on its disk, the later version of each.

use super::layout::{Layout, Scheme, Walk};
use super::message::{Entries, Entry, Membership, Stamp};
use crate::engine::{Draws, NodeId, Word};
use std::rc::Rc;

/// The value of what was there at the start.
const AT_START: u64 = 0;

/// One change of a disk.
#[derive(Clone, PartialEq, Hash, Debug)]
pub(super) enum Write {
    /// What the disk was delivered with.
    Load(Rc<Entries>),
    /// Later versions of some keys.
    Merge(Rc<Entries>),
    /// These keys are others' now.
    Drop(Vec<Word>),
    /// The membership that it goes by.
    Members(Membership),
}

/// The disk of a server.
#[derive(Clone, Hash, Default, Debug)]
pub(super) struct Disk {
    /// Whether anything was ever written to it.
    pub(super) loaded: bool,
    /// The membership that it goes by; the first one where there is none.
    pub(super) members: Option<Membership>,
    /// Its keys.
    pub(super) store: Store,
}

impl Disk {
    /// Carries a write out.
    pub(super) fn apply(&mut self, write: &Write) {
        match write {
            Write::Load(entries) => {
                self.loaded = true;
                self.store.entries = entries.to_vec();
            }
            Write::Merge(entries) => {
                for (key, entry) in entries.iter() {
                    self.store.merge(*key, *entry);
                }
            }
            Write::Drop(keys) => self.store.drop(keys),
            Write::Members(members) => self.members = Some(members.clone()),
        }
    }
}

/// Keys, in their order.
#[derive(Clone, Hash, Default, Debug)]
pub(super) struct Store {
    entries: Entries,
}

impl Store {
    /// What a node has at the start: its share of the keys that are there then.
    #[must_use]
    pub(super) fn image(me: NodeId, layout: &Layout) -> Self {
        let stamp = Stamp {
            count: 0,
            client: NodeId(0),
            op: 0,
        };
        let value = Word::number(AT_START);
        let keys = layout.scheme().keys.iter().enumerate();
        let mine = keys.filter(|(_, hash)| layout.owners(**hash, Walk::RIGHT).has(me));
        let mut entries: Entries = mine
            .map(|(at, _)| (Scheme::key(at), Entry { stamp, value }))
            .collect();
        crate::engine::sorting::sort_by_key(&mut entries, |(key, _)| *key);
        Store { entries }
    }

    /// All of it.
    #[must_use]
    pub(super) fn entries(&self) -> &Entries {
        &self.entries
    }

    fn find(&self, key: Word) -> Result<usize, usize> {
        self.entries.binary_search_by_key(&key, |(key, _)| *key)
    }

    /// What stands under a key.
    #[must_use]
    pub(super) fn get(&self, key: Word) -> Option<Entry> {
        self.find(key).ok().map(|at| self.entries[at].1)
    }

    /// Takes a version in, if it is a later one. Says whether it was.
    pub(super) fn merge(&mut self, key: Word, entry: Entry) -> bool {
        match self.find(key) {
            Ok(at) if self.entries[at].1.stamp >= entry.stamp => return false,
            Ok(at) => self.entries[at].1 = entry,
            Err(at) => self.entries.insert(at, (key, entry)),
        }
        true
    }

    fn drop(&mut self, keys: &[Word]) {
        self.entries.retain(|(key, _)| !keys.contains(key));
    }

    /// Takes keys out that do not belong here. Says which.
    pub(super) fn drop_where(&mut self, foreign: impl Fn(Word) -> bool) -> Vec<Word> {
        let mut gone = Vec::new();
        self.entries.retain(|(key, _)| {
            let keep = !foreign(*key);
            if !keep {
                gone.push(*key);
            }
            keep
        });
        gone
    }

    /// Those of some keys.
    pub(super) fn those(&self, wanted: impl Fn(Word) -> bool) -> Entries {
        let those = self.entries.iter().filter(|(key, _)| wanted(*key));
        those.copied().collect()
    }
}

/// A sum over entries that does not depend on their order: two that have the same have the same sum.
#[must_use]
pub(super) fn sum(entries: &Entries) -> u64 {
    let each = entries.iter().map(|(key, entry)| {
        let stamp = entry.stamp;
        let version = u64::from(stamp.count) << 32 | u64::from(stamp.op);
        Draws::at(key.bits() ^ u64::from(stamp.client.0), version).bits()
    });
    each.fold(0, u64::wrapping_add)
}
