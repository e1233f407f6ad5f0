//! What the broker keeps, the same in memory and on its disk: tasks that wait or are in somebody's hands,
//! dead letters, and the packet identifiers of quality 2.

use super::message::{Packet, Task};
use crate::engine::{Fact, Facts, NodeId, Time};

/// Whose hands a task is in.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Lent {
    /// The worker that it was handed to.
    pub worker: NodeId,
    /// Which of all deliveries.
    pub delivery: u64,
    /// Since when, by the broker's clock.
    pub since: Time,
    /// Until when nobody else gets it.
    pub until: Option<Time>,
}

/// One task as the broker keeps it. Of a task that was stored twice there are two.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Entry {
    /// Its number, from 1 in the order of storing.
    pub number: u64,
    /// What is to be done.
    pub task: Task,
    /// How often it was handed out.
    pub tries: u32,
    /// Whose hands it is in; `None` while it waits.
    pub lent: Option<Lent>,
}

/// One durable change.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Change {
    /// A task is stored; at quality 2 together with its packet identifier.
    Store(Task, Option<(NodeId, Packet)>),
    /// A packet identifier is forgotten.
    Forget(NodeId, Packet),
    /// An entry is in somebody's hands.
    Lend(u64, Lent),
    /// An entry waits again, in its place.
    Back(u64),
    /// An entry is done.
    Remove(u64),
    /// An entry is a dead letter.
    Bury(u64),
}

/// The whole of it. Small sorted vectors: the broker takes only so many tasks at a time.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Vault {
    entries: Vec<Entry>,
    dead: Vec<Entry>,
    packets: Vec<(NodeId, Packet)>,
    stored: u64,
    /// How many of each producer's, by its place.
    stored_of: Vec<u32>,
    deliveries: u64,
    done: u64,
}

impl Vault {
    /// The tasks that wait or are in somebody's hands, the oldest first.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The dead letters, the oldest first.
    #[must_use]
    pub fn dead(&self) -> &[Entry] {
        &self.dead
    }

    /// How many were ever stored.
    #[must_use]
    pub fn stored(&self) -> u64 {
        self.stored
    }

    /// How many tasks of the producer at this place were ever stored.
    #[must_use]
    pub fn stored_of(&self, producer: u16) -> u32 {
        let at = usize::from(producer);
        self.stored_of.get(at).copied().unwrap_or(0)
    }

    /// How many were acknowledged by workers.
    #[must_use]
    pub fn done(&self) -> u64 {
        self.done
    }

    /// How often a task was handed out.
    #[must_use]
    pub fn deliveries(&self) -> u64 {
        self.deliveries
    }

    /// Whether it has this packet identifier.
    #[must_use]
    pub fn knows(&self, producer: NodeId, packet: Packet) -> bool {
        self.packets.binary_search(&(producer, packet)).is_ok()
    }

    /// The entry of this number, where it is neither done nor dead.
    #[must_use]
    pub fn entry(&self, number: u64) -> Option<&Entry> {
        Some(&self.entries[self.place(number)?])
    }

    fn place(&self, number: u64) -> Option<usize> {
        let found = self.entries.binary_search_by_key(&number, |one| one.number);
        found.ok()
    }

    /// Carries a change out.
    pub(super) fn apply(&mut self, change: Change) {
        match change {
            Change::Store(task, packet) => {
                self.stored += 1;
                let producer = usize::from(task.id.producer);
                if self.stored_of.len() <= producer {
                    self.stored_of.resize(producer + 1, 0);
                }
                self.stored_of[producer] += 1;
                self.entries.push(Entry {
                    number: self.stored,
                    task,
                    tries: 0,
                    lent: None,
                });
                if let Some(packet) = packet
                    && let Err(at) = self.packets.binary_search(&packet)
                {
                    self.packets.insert(at, packet);
                }
            }
            Change::Forget(producer, packet) => {
                self.packets.retain(|held| *held != (producer, packet));
            }
            Change::Lend(number, lent) => {
                self.deliveries = self.deliveries.max(lent.delivery);
                if let Some(at) = self.place(number) {
                    self.entries[at].lent = Some(lent);
                    self.entries[at].tries += 1;
                }
            }
            Change::Back(number) => {
                if let Some(at) = self.place(number) {
                    self.entries[at].lent = None;
                }
            }
            Change::Remove(number) => {
                if let Some(at) = self.place(number) {
                    self.entries.remove(at);
                    self.done += 1;
                }
            }
            Change::Bury(number) => {
                if let Some(at) = self.place(number) {
                    let mut entry = self.entries.remove(at);
                    entry.lent = None;
                    self.dead.push(entry);
                }
            }
        }
    }

    pub(super) fn facts(&self, facts: &mut Facts) {
        let one = |entry: &Entry| {
            let mut facts = Facts::default();
            facts.say("entry", entry.number);
            facts.say("task", entry.task.id.word());
            facts.say("poison", entry.task.poison);
            facts.say("tries", entry.tries);
            facts.say("worker", entry.lent.map(|lent| lent.worker));
            facts.say("until", entry.lent.and_then(|lent| lent.until));
            Fact::Group(facts)
        };
        let all = |entries: &[Entry]| Fact::List(entries.iter().map(one).collect());
        let lent = self.entries.iter().filter(|entry| entry.lent.is_some());
        facts.say("waiting", self.entries.len() - lent.clone().count());
        facts.say("lent", lent.count());
        facts.say("dead", self.dead.len());
        facts.say("stored", self.stored);
        facts.say("done", self.done);
        facts.say("deliveries", self.deliveries);
        let packet = |(node, packet): &(NodeId, Packet)| {
            let mut facts = Facts::default();
            facts.say("producer", *node);
            facts.say("packet", packet.0);
            Fact::Group(facts)
        };
        facts.say(
            "packets",
            Fact::List(self.packets.iter().map(packet).collect()),
        );
        facts.say("entries", all(&self.entries));
        facts.say("dead-letters", all(&self.dead));
    }
}
