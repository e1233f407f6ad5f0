//! The shelf of the cache: so many slots, and who has to go when another one comes.

use super::message::{Key, Row};
use crate::engine::sorting::sort_by_key;
use crate::engine::{Fact, Facts, Span, Time};

/// Who has to go.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Eviction {
    /// The one that was not asked for the longest.
    Lru,
    /// The one that has been here the longest.
    Fifo,
    /// The one that was asked for least since it came.
    Lfu,
}

/// One key with its value.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Slot {
    /// The key.
    pub key: Key,
    /// Its value.
    pub row: Row,
    /// Since when this value counts as fresh, by the clock of the cache.
    pub since: Time,
    /// Which of all values that were put here, or made fresh again, it is.
    pub serial: u32,
    /// When it came, when it was last asked for, in ticks of the shelf.
    pub came: u32,
    /// See `came`.
    pub used: u32,
    /// How often it was asked for since it came; its coming counts.
    pub uses: u32,
}

/// All slots. What is on it is in memory alone.
#[derive(Clone, Hash, Debug)]
pub struct Shelf {
    eviction: Eviction,
    capacity: usize,
    /// How long a value counts; 0: for ever.
    ttl: Span,
    /// In order of their keys.
    slots: Vec<Slot>,
    ticks: u32,
}

impl Shelf {
    pub(super) fn new(eviction: Eviction, capacity: usize, ttl: Span) -> Self {
        Shelf {
            eviction,
            capacity,
            ttl,
            slots: Vec::new(),
            ticks: 0,
        }
    }

    /// How many slots there are.
    #[must_use]
    pub fn capacity(&self) -> usize {
        self.capacity
    }

    /// How long a value counts; `None`: for ever.
    #[must_use]
    pub fn ttl(&self) -> Option<Span> {
        (self.ttl > Span(0)).then_some(self.ttl)
    }

    /// All that is here, in order of the keys.
    #[must_use]
    pub fn slots(&self) -> &[Slot] {
        &self.slots
    }

    /// What is here of a key.
    #[must_use]
    pub fn slot(&self, key: Key) -> Option<&Slot> {
        Some(&self.slots[self.place(key).ok()?])
    }

    /// When the time of a slot is over.
    #[must_use]
    pub fn ends(&self, slot: &Slot) -> Option<Time> {
        Some(slot.since + self.ttl()?)
    }

    /// All that is here, the next that has to go in front.
    #[must_use]
    pub fn in_order(&self) -> Vec<Slot> {
        let mut all = self.slots.clone();
        sort_by_key(&mut all, |slot| self.rank(slot));
        all
    }

    fn place(&self, key: Key) -> Result<usize, usize> {
        self.slots.binary_search_by_key(&key, |slot| slot.key)
    }

    /// The lowest has to go first.
    fn rank(&self, slot: &Slot) -> (u32, u32) {
        match self.eviction {
            Eviction::Lru => (slot.used, 0),
            Eviction::Fifo => (slot.came, 0),
            Eviction::Lfu => (slot.uses, slot.used),
        }
    }

    fn tick(&mut self) -> u32 {
        self.ticks += 1;
        self.ticks
    }

    /// It was asked for.
    pub(super) fn touch(&mut self, key: Key) {
        let tick = self.tick();
        if let Ok(at) = self.place(key) {
            self.slots[at].used = tick;
            self.slots[at].uses += 1;
        }
    }

    /// Its value is as good as new.
    pub(super) fn renew(&mut self, key: Key, now: Time) {
        let serial = self.tick();
        if let Ok(at) = self.place(key) {
            self.slots[at].since = now;
            self.slots[at].serial = serial;
        }
    }

    /// Puts a value here; another one has to go, if all slots are taken. A key that is here keeps its slot.
    pub(super) fn put(&mut self, key: Key, row: Row, now: Time) -> Option<Slot> {
        let tick = self.tick();
        if let Ok(at) = self.place(key) {
            let slot = &mut self.slots[at];
            (slot.row, slot.since, slot.serial, slot.used) = (row, now, tick, tick);
            return None;
        }
        let full = self.slots.len() >= self.capacity;
        let gone = full.then(|| self.take_next()).flatten();
        let slot = Slot {
            key,
            row,
            since: now,
            serial: tick,
            came: tick,
            used: tick,
            uses: 1,
        };
        if let Err(at) = self.place(key) {
            self.slots.insert(at, slot);
        }
        gone
    }

    fn take_next(&mut self) -> Option<Slot> {
        let all = 0..self.slots.len();
        let at = all.min_by_key(|at| self.rank(&self.slots[*at]))?;
        Some(self.slots.remove(at))
    }

    pub(super) fn remove(&mut self, key: Key) -> Option<Slot> {
        let at = self.place(key).ok()?;
        Some(self.slots.remove(at))
    }

    pub(super) fn facts(&self, facts: &mut Facts) {
        let one = |slot: &Slot| {
            let mut facts = Facts::default();
            facts.say("key", slot.key);
            facts.say("value", slot.row.value);
            facts.say("version", slot.row.version);
            facts.say("uses", slot.uses);
            facts.say("since", slot.since);
            Fact::Group(facts)
        };
        facts.say("kept", self.slots.len());
        facts.say(
            "shelf",
            Fact::List(self.in_order().iter().map(one).collect()),
        );
    }
}
