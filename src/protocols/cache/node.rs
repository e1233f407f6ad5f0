//! The cache. Here is what it does beside the store, where clients fetch and write for themselves; what it
//! does in front of it stands in `through.rs`.

use super::book::{Book, Change};
use super::message::{CacheMessage, Key, Row, Ticket, Version};
use super::notes;
use super::shelf::{Eviction, Shelf};
use crate::engine::{Engine, Facts, Input, NodeId, Out, RuleId, Span, Time, Timer};
use std::rc::Rc;

/// In the order of the rules of the lab.
pub(super) const LEASE_ON_A_MISS: RuleId = RuleId(0);
pub(super) const INVALIDATE_AFTER_THE_WRITE: RuleId = RuleId(1);
pub(super) const ONE_FILL_AT_A_TIME: RuleId = RuleId(2);
pub(super) const EXPIRE_BY_TTL: RuleId = RuleId(3);
pub(super) const DIRTY_ON_DISK: RuleId = RuleId(4);
pub(super) const FLUSH_BEFORE_EVICTION: RuleId = RuleId(5);

/// Planted mistakes: hidden rules, for the tests (`LabInfo::mistakes`).
pub(super) mod mistakes {
    use super::{FLUSH_BEFORE_EVICTION, RuleId};

    /// Where they begin.
    pub(in super::super) const FIRST: u8 = FLUSH_BEFORE_EVICTION.0 + 1;
    /// A fill that nobody ends is over some time.
    pub(in super::super) const A_FILL_TIMES_OUT: RuleId = RuleId(FIRST);
    /// What somebody is told is on a disk.
    pub(in super::super) const ANSWER_WHAT_IS_ON_DISK: RuleId = RuleId(FIRST + 1);
    /// A write that comes again is not done again.
    pub(in super::super) const KNOW_A_RETRY: RuleId = RuleId(FIRST + 2);
    /// What was written while it was fetched is fetched again.
    pub(in super::super) const FETCH_AGAIN_WHAT_CHANGED: RuleId = RuleId(FIRST + 3);
    /// What the store has not confirmed is written back once more.
    pub(in super::super) const REPEAT_A_FLUSH: RuleId = RuleId(FIRST + 4);
}

/// Runs out when a fill of the cache's own was not answered in time.
pub(super) const FETCH: Timer = Timer(0);
/// Runs out when it is time to write back.
pub(super) const FLUSH: Timer = Timer(1);
const DRAW_BOOT: u8 = 0;

/// Who talks to the store.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Mode {
    /// Clients: the cache stands beside it.
    LookAside,
    /// The cache, and a write is done when the store has it.
    WriteThrough,
    /// The cache, and a write is done when the cache has it on its own disk.
    WriteBack,
}

/// What is fixed for a run.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct CacheConfig {
    /// Who talks to the store.
    pub mode: Mode,
    /// Who has to go.
    pub eviction: Eviction,
    /// How many slots there are.
    pub capacity: usize,
    /// How long a value counts; 0: for ever.
    pub ttl: Span,
    /// How long a lease lasts.
    pub lease: Span,
    /// How long the cache waits for the store.
    pub timeout: Span,
    /// How often it writes back.
    pub flush: Span,
    /// The store.
    pub store: NodeId,
}

/// A key that is being fetched.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) struct Fill {
    pub(super) key: Key,
    pub(super) ticket: Ticket,
    /// Until when nobody else fetches it, or when the cache asks again.
    pub(super) until: Time,
    /// Who fetches it, beside the store; who waits for it, in front of it.
    pub(super) clients: Vec<(NodeId, u32)>,
    /// Nothing older than this will do: it was written meanwhile.
    pub(super) least: Version,
}

/// What it has counted since it came up.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Tally {
    /// Questions that it answered at once.
    pub hits: u32,
    /// Questions for which somebody had to ask the store.
    pub misses: u32,
    /// Questions that had to wait for somebody else's.
    pub waits: u32,
    /// Values that came too late.
    pub refused: u32,
    /// Keys that had to go for others.
    pub evicted: u32,
    /// Values whose time was over.
    pub expired: u32,
}

/// The cache.
#[derive(Clone, Hash)]
pub struct Cache {
    pub(super) me: NodeId,
    pub(super) mode: Mode,
    pub(super) store: NodeId,
    lease: Span,
    pub(super) timeout: Span,
    pub(super) flush: Span,
    pub(super) shelf: Shelf,
    pub(super) book: Book,
    pub(super) fills: Vec<Fill>,
    tickets: Ticket,
    pub(super) tally: Tally,
    /// Up to which version it has written back once, since it came up.
    pub(super) flushed: Version,
    /// Whether the timer for writing back runs.
    pub(super) flushes: bool,
}

impl Cache {
    /// Who talks to the store.
    #[must_use]
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// Its slots.
    #[must_use]
    pub fn shelf(&self) -> &Shelf {
        &self.shelf
    }

    /// What the store does not know yet.
    #[must_use]
    pub fn book(&self) -> &Book {
        &self.book
    }

    /// What it has counted.
    #[must_use]
    pub fn tally(&self) -> Tally {
        self.tally
    }

    pub(super) fn fills(&self) -> &[Fill] {
        &self.fills
    }

    /// How long a lease lasts.
    pub(super) fn lease(&self) -> Span {
        self.lease
    }

    /// An answer leaves when all that it speaks of is on the disk, here as at the store.
    pub(super) fn reply(to: NodeId, message: CacheMessage, out: &mut Out<'_, Self>) {
        if out.rule(mistakes::ANSWER_WHAT_IS_ON_DISK) {
            out.send_when_durable(to, message);
        } else {
            out.send(to, message);
        }
    }

    pub(super) fn ticket(&mut self) -> Ticket {
        self.tickets.number += 1;
        self.tickets
    }

    /// What it has of a key, on the shelf or on its way back to the store. One whose time is over goes.
    fn find(&mut self, key: Key, out: &mut Out<'_, Self>) -> Option<Row> {
        let dirty = self.book.row(key);
        let Some(slot) = self.shelf.slot(key).copied() else {
            return dirty;
        };
        let over = self.shelf.ends(&slot).is_some_and(|end| end <= out.now());
        if over && dirty.is_none() && out.rule(EXPIRE_BY_TTL) {
            let age = out.now() - slot.since;
            out.note(
                notes::EXPIRED,
                [key.into(), slot.row.version.into(), age.into()],
            );
            self.tally.expired += 1;
            self.shelf.remove(key);
            return None;
        }
        self.shelf.touch(key);
        Some(slot.row)
    }

    /// Puts a value on the shelf. What has to go for it, and is not in the store yet, is written back first.
    pub(super) fn keep(&mut self, key: Key, row: Row, out: &mut Out<'_, Self>) {
        let Some(gone) = self.shelf.put(key, row, out.now()) else {
            return;
        };
        self.tally.evicted += 1;
        let dirty = self.book.row(gone.key);
        out.note(
            notes::EVICTED,
            [gone.key.into(), key.into(), u64::from(gone.uses).into()],
        );
        match dirty {
            Some(row) if out.rule(FLUSH_BEFORE_EVICTION) => self.write_back(gone.key, row, out),
            Some(_) => self.change(Change::Drop(gone.key), out),
            None => {}
        }
    }

    pub(super) fn change(&mut self, change: Change, out: &mut Out<'_, Self>) {
        self.book.apply(change);
        if out.rule(DIRTY_ON_DISK) {
            out.persist(change);
        }
    }

    fn asked(&mut self, from: NodeId, op: u32, key: Key, out: &mut Out<'_, Self>) {
        if let Some(row) = self.find(key, out) {
            self.tally.hits += 1;
            out.note(notes::HIT, [key.into(), from.into(), row.version.into()]);
            Self::reply(from, CacheMessage::Hit { op, row }, out);
        } else if self.mode == Mode::LookAside {
            self.look_aside(from, op, key, out);
        } else {
            self.fetch(from, op, key, out);
        }
    }

    /// It is not here. One client fetches it; whoever comes meanwhile is told to wait.
    fn look_aside(&mut self, from: NodeId, op: u32, key: Key, out: &mut Out<'_, Self>) {
        let now = out.now();
        if out.rule(mistakes::A_FILL_TIMES_OUT) {
            self.fills.retain(|fill| fill.until > now);
        }
        let mut of_key = self.fills.iter().filter(|fill| fill.key == key);
        let one = out.rule(ONE_FILL_AT_A_TIME);
        let fill = of_key.find(|fill| one || fill.clients.contains(&(from, op)));
        let ticket = match fill {
            Some(fill) if fill.clients.contains(&(from, op)) => fill.ticket,
            Some(fill) => {
                let who = fill.clients.first().map_or(from, |(client, _)| *client);
                out.note(
                    notes::SOMEBODY_FETCHES,
                    [key.into(), from.into(), who.into()],
                );
                self.tally.waits += 1;
                Self::reply(from, CacheMessage::Wait { op }, out);
                return;
            }
            None => {
                let ticket = self.ticket();
                self.fills.push(Fill {
                    key,
                    ticket,
                    until: now + self.lease,
                    clients: vec![(from, op)],
                    least: Version(0),
                });
                self.tally.misses += 1;
                ticket
            }
        };
        let lease = out.rule(LEASE_ON_A_MISS).then_some(ticket);
        let number = u64::from(ticket.number).into();
        if lease.is_some() {
            out.note(notes::LEASED, [key.into(), from.into(), number]);
        } else {
            out.note(notes::MISSED, [key.into(), from.into()]);
        }
        Self::reply(from, CacheMessage::Miss { op, key, lease }, out);
    }

    /// A client brings what it found in the store.
    fn brought(
        &mut self,
        who: (NodeId, u32),
        (key, row): (Key, Row),
        lease: Option<Ticket>,
        out: &mut Out<'_, Self>,
    ) {
        let valid = |fill: &Fill| fill.key == key && Some(fill.ticket) == lease;
        let version = row.version.into();
        if out.rule(LEASE_ON_A_MISS) && !self.fills.iter().any(valid) {
            self.tally.refused += 1;
            out.note(notes::REFUSED, [key.into(), version, who.0.into()]);
            return;
        }
        let ended = |fill: &Fill| fill.key == key && fill.clients.contains(&who);
        self.fills.retain(|fill| !ended(fill));
        out.note(notes::BROUGHT, [key.into(), version, who.0.into()]);
        self.keep(key, row, out);
    }

    /// What is here of this key is old, and so is what is being fetched.
    fn deleted(&mut self, from: NodeId, op: u32, key: Key, out: &mut Out<'_, Self>) {
        let void = self.fills.iter().filter(|fill| fill.key == key).count();
        if out.rule(LEASE_ON_A_MISS) {
            self.fills.retain(|fill| fill.key != key);
        }
        match self.shelf.remove(key) {
            Some(slot) => out.note(notes::DELETED, [key.into(), slot.row.version.into()]),
            None => out.note(notes::NOTHING_TO_DELETE, [key.into(), void.into()]),
        }
        Self::reply(from, CacheMessage::Deleted { op }, out);
    }

    fn received(&mut self, from: NodeId, message: &CacheMessage, out: &mut Out<'_, Self>) {
        match message {
            CacheMessage::Get { op, key } => self.asked(from, *op, *key, out),
            CacheMessage::Set {
                op,
                key,
                row,
                lease,
            } => self.brought((from, *op), (*key, *row), *lease, out),
            CacheMessage::Delete { op, key } => self.deleted(from, *op, *key, out),
            CacheMessage::Put { op, key, value } => self.put((from, *op), (*key, *value), out),
            CacheMessage::Value { ticket, key, row } => self.fetched(*ticket, *key, *row, out),
            CacheMessage::Written { by, key, row } => self.written(*by, *key, *row, out),
            // These are not for a cache.
            CacheMessage::Hit { .. }
            | CacheMessage::Miss { .. }
            | CacheMessage::Wait { .. }
            | CacheMessage::Stored { .. }
            | CacheMessage::Deleted { .. }
            | CacheMessage::Read { .. }
            | CacheMessage::Write { .. } => {}
        }
    }
}

impl Engine for Cache {
    type Message = CacheMessage;
    type Disk = Book;
    type Write = Change;
    type Request = ();
    type Config = CacheConfig;

    const TIMERS: &'static [&'static str] = &["fetch", "flush"];

    fn boot(me: NodeId, config: &Rc<CacheConfig>, disk: &Book) -> Self {
        Cache {
            me,
            mode: config.mode,
            store: config.store,
            lease: config.lease,
            timeout: config.timeout,
            flush: config.flush,
            shelf: Shelf::new(config.eviction, config.capacity, config.ttl),
            book: disk.clone(),
            fills: Vec::new(),
            tickets: Ticket::default(),
            tally: Tally::default(),
            flushed: Version(0),
            flushes: false,
        }
    }

    fn write(disk: &mut Book, write: &Change) {
        disk.apply(*write);
    }

    fn handle(&mut self, input: Input<'_, Self>, out: &mut Out<'_, Self>) {
        match input {
            Input::Started => {
                self.tickets.boot = out.draw(DRAW_BOOT, 1..=u64::from(u32::MAX)) as u32;
                self.recover(out);
            }
            Input::Received { from, message } => self.received(from, message, out),
            Input::TimerFired(FETCH) => self.fetch_again(out),
            Input::TimerFired(_) => self.flush_all(out),
            // What waits for the disk leaves by itself, and nobody asks a cache by hand.
            Input::Written(_) | Input::Asked(()) => {}
        }
    }

    fn facts(&self, facts: &mut Facts) {
        let Tally {
            hits,
            misses,
            waits,
            refused,
            evicted,
            expired,
        } = self.tally;
        let counts = [
            ("hits", hits),
            ("misses", misses),
            ("waits", waits),
            ("refused", refused),
            ("evicted", evicted),
            ("expired", expired),
        ];
        for (name, count) in counts {
            facts.say(name, count);
        }
        let fetched: Vec<Key> = self.fills.iter().map(|fill| fill.key).collect();
        facts.say("fetched", fetched);
        self.book.facts(facts);
        self.shelf.facts(facts);
    }

    fn role(&self) -> &'static str {
        "cache"
    }

    fn disk_facts(disk: &Book, facts: &mut Facts) {
        disk.facts(facts);
    }
}
