//! A server: it coordinates what clients ask, keeps its keys, and passes them on when the ring changes.

use super::coordinator::{Goal, Pending};
use super::layout::{Layout, Walk};
use super::message::{
    Call, Change, Entries, Entry, Membership, Reason, RingMessage, members_facts,
};
use super::notes;
use super::rules::{STREAM_BEFORE_OWNING, mistakes};
use super::store::{Disk, Store, Write, sum};
use crate::engine::{Engine, Fact, Facts, Input, NodeId, Out, Span, Timer, Word};
use std::rc::Rc;

const COMPARE: Timer = Timer(0);
const PULL: Timer = Timer(1);
/// So many keys are shown of a store.
const SHOWN: usize = 24;

/// What is fixed for a run.
#[derive(Debug)]
pub(super) struct ServerConfig {
    /// The layout at the start.
    pub(super) first: Rc<Layout>,
    /// The keeper of the membership.
    pub(super) keeper: NodeId,
    /// How often it compares its keys with those of another.
    pub(super) compare: Span,
    /// After how long it asks again for keys that it gains.
    pub(super) patience: Span,
}

/// A server.
#[derive(Clone, Hash)]
pub(super) struct Server {
    pub(super) me: NodeId,
    keeper: NodeId,
    compare: Span,
    patience: Span,
    pub(super) members: Membership,
    pub(super) store: Store,
    /// What it coordinates, one for each client.
    pub(super) pending: Vec<Pending>,
    /// Who has passed on the keys that it gains.
    pulled: Vec<NodeId>,
    synced: bool,
    blank: bool,
    /// Whose turn it is to be compared with.
    turn: usize,
    /// How often one of its keys was asked for or set.
    pub(super) served: u64,
}

/// The rules of a lookup that are in force.
pub(super) fn walk(out: &Out<'_, Server>) -> Walk {
    Walk::of(|rule| out.rule(rule))
}

impl Server {
    /// The membership that it goes by.
    #[must_use]
    pub(super) fn members(&self) -> &Membership {
        &self.members
    }

    /// What it keeps, in memory.
    #[must_use]
    pub(super) fn store(&self) -> &Store {
        &self.store
    }

    /// How often one of its keys was asked for or set.
    #[must_use]
    pub(super) fn served(&self) -> u64 {
        self.served
    }

    /// Sends what others may rely on.
    pub(super) fn answer(to: NodeId, message: RingMessage, out: &mut Out<'_, Self>) {
        if out.rule(mistakes::ANSWER_WHAT_IS_ON_DISK) {
            out.send_when_durable(to, message);
        } else {
            out.send(to, message);
        }
    }

    /// Takes in later versions. Says how many there were.
    pub(super) fn merge(&mut self, entries: &Entries, out: &mut Out<'_, Self>) -> usize {
        let later: Entries = entries
            .iter()
            .filter(|(key, entry)| self.store.merge(*key, *entry))
            .copied()
            .collect();
        let count = later.len();
        if count > 0 {
            out.persist(Write::Merge(Rc::new(later)));
        }
        count
    }

    /// One of its keys is set.
    pub(super) fn keep(&mut self, key: Word, entry: Entry, out: &mut Out<'_, Self>) {
        self.served += 1;
        let note = if self.merge(&vec![(key, entry)], out) > 0 {
            notes::KEPT
        } else {
            notes::NOT_LATER
        };
        out.note(note, [key.into(), entry.stamp.into()]);
    }

    /// Goes by a newer membership from now on.
    pub(super) fn adopt(&mut self, members: &Membership, out: &mut Out<'_, Self>) {
        if members.number <= self.members.number {
            return;
        }
        self.members = members.clone();
        out.note(notes::ADOPTED, [u64::from(members.number).into()]);
        out.persist(Write::Members(members.clone()));
        self.pulled.clear();
        self.synced = false;
        out.stop_timer(PULL);
        self.drop_foreign(out);
        self.fetch_own(out);
        self.tell_keeper(out);
        self.coordinate_again(out);
    }

    /// What belongs to others goes when those have it.
    fn drop_foreign(&mut self, out: &mut Out<'_, Self>) {
        if self.members.next.is_some() && out.rule(mistakes::DROP_WHEN_HANDED_OVER) {
            return;
        }
        let (me, walk) = (self.me, walk(out));
        let last = Rc::clone(self.members.last());
        let foreign = |key| !last.owners(last.scheme().place(key), walk).has(me);
        let gone = self.store.drop_where(foreign);
        if !gone.is_empty() {
            out.note(notes::DROPPED, [gone.len().into()]);
            out.persist(Write::Drop(gone));
        }
    }

    /// Asks all nodes of the old layout for the keys that it gains.
    fn fetch_own(&mut self, out: &mut Out<'_, Self>) {
        if self.members.next.is_none() || !self.members.gainers.contains(&self.me) {
            return;
        }
        let number = u64::from(self.members.number);
        if !out.rule(STREAM_BEFORE_OWNING) {
            self.synced = true;
            out.note(notes::OWNS_UNSEEN, [number.into()]);
            return;
        }
        let missing = self.missing();
        if missing.len() <= self.members.now.spare() {
            self.synced = true;
            out.note(notes::HAS_ITS_KEYS, [number.into()]);
            return;
        }
        out.note(notes::ASKS_FOR_KEYS, [missing.len().into()]);
        for node in missing {
            let members = self.members.clone();
            out.send_when_durable(node, RingMessage::Pull { members });
        }
        out.set_timer(PULL, self.patience);
    }

    /// The nodes of the old layout that have not passed anything on.
    fn missing(&self) -> Vec<NodeId> {
        let old = self.members.now.members().iter().map(|member| member.node);
        old.filter(|node| *node != self.me && !self.pulled.contains(node))
            .collect()
    }

    fn tell_keeper(&self, out: &mut Out<'_, Self>) {
        let (number, synced) = (self.members.number, self.synced);
        Self::answer(self.keeper, RingMessage::Adopted { number, synced }, out);
    }

    /// Another node gains keys of ours.
    fn pass_on(&mut self, to: NodeId, members: &Membership, out: &mut Out<'_, Self>) {
        self.adopt(members, out);
        if self.is_newer(to, members.number, out) {
            return;
        }
        let walk = walk(out);
        let gains = |key| {
            let owners = self.members.owners(key, walk);
            let has = |at: usize| owners.get(at).is_some_and(|owners| owners.has(to));
            has(1) && !has(0)
        };
        let entries = self.store.those(gains);
        out.note(notes::STREAMS, [to.into(), entries.len().into()]);
        let batch = RingMessage::Batch {
            number: members.number,
            reason: Reason::Stream,
            entries,
        };
        Self::answer(to, batch, out);
    }

    /// Whether this node goes by a newer membership than somebody who asks; that one is told.
    pub(super) fn is_newer(&self, from: NodeId, number: u32, out: &mut Out<'_, Self>) -> bool {
        let newer = number < self.members.number;
        if newer {
            let numbers = [number, self.members.number].map(|n| u64::from(n).into());
            out.note(notes::REFUSED_AS_OLD, [from.into(), numbers[0], numbers[1]]);
            let members = self.members.clone();
            out.send_when_durable(from, RingMessage::Stale { members });
        }
        newer
    }

    fn took(
        &mut self,
        from: NodeId,
        (number, reason): (u32, Reason),
        entries: &Entries,
        out: &mut Out<'_, Self>,
    ) {
        if number != self.members.number {
            return;
        }
        let lacking = match reason {
            Reason::Differs => self.lacking(from, entries, out),
            Reason::Stream | Reason::Lacking => Entries::new(),
        };
        let count = self.merge(entries, out);
        match reason {
            Reason::Stream => {
                out.note(notes::TOOK_KEYS, [from.into(), entries.len().into()]);
                if !self.pulled.contains(&from) {
                    self.pulled.push(from);
                }
                if !self.synced && self.missing().len() <= self.members.now.spare() {
                    self.synced = true;
                    out.stop_timer(PULL);
                    out.note(notes::HAS_ITS_KEYS, [u64::from(number).into()]);
                    self.tell_keeper(out);
                }
            }
            Reason::Differs | Reason::Lacking => {
                out.note(notes::REPAIRED, [from.into(), count.into()]);
            }
        }
        if !lacking.is_empty() {
            let batch = RingMessage::Batch {
                number,
                reason: Reason::Lacking,
                entries: lacking,
            };
            Self::answer(from, batch, out);
        }
    }

    /// What both have to have, as it stands here.
    fn shared(&self, other: NodeId, out: &Out<'_, Self>) -> Entries {
        let walk = walk(out);
        let both = |key| {
            let owners = self.members.owners(key, walk);
            owners.iter().all(|o| o.has(other) && o.has(self.me))
        };
        self.store.those(both)
    }

    /// What the other one has not, or older.
    fn lacking(&self, other: NodeId, theirs: &Entries, out: &Out<'_, Self>) -> Entries {
        let mut ours = self.shared(other, out);
        ours.retain(|(key, entry)| {
            let at = theirs.binary_search_by_key(key, |(key, _)| *key);
            at.map_or(true, |at| theirs[at].1.stamp < entry.stamp)
        });
        ours
    }

    /// Compares what it has with one other node after the other.
    fn compare_next(&mut self, out: &mut Out<'_, Self>) {
        out.set_timer(COMPARE, self.compare);
        let members = self.members.now.members();
        let others: Vec<NodeId> = members
            .iter()
            .map(|member| member.node)
            .filter(|node| *node != self.me)
            .collect();
        let alone = self.members.next.is_some() || !self.members.now.has(self.me);
        if alone || others.is_empty() || !out.rule(mistakes::COMPARE_WITH_ALL) {
            return;
        }
        self.turn = (self.turn + 1) % others.len();
        let with = others[self.turn];
        let shared = self.shared(with, out);
        out.note(notes::COMPARES, [with.into(), shared.len().into()]);
        let (number, sum) = (self.members.number, sum(&shared));
        Self::answer(with, RingMessage::Compare { number, sum }, out);
    }

    fn compared(&mut self, from: NodeId, (number, theirs): (u32, u64), out: &mut Out<'_, Self>) {
        if number != self.members.number {
            return;
        }
        let entries = self.shared(from, out);
        if sum(&entries) == theirs {
            out.note(notes::SAME, [from.into()]);
            return;
        }
        let batch = RingMessage::Batch {
            number,
            reason: Reason::Differs,
            entries,
        };
        Self::answer(from, batch, out);
    }

    fn received(&mut self, from: NodeId, message: &RingMessage, out: &mut Out<'_, Self>) {
        match message {
            RingMessage::Get { call, key } => self.coordinate(*call, *key, Goal::Get, out),
            RingMessage::Put { call, key, entry } => {
                self.coordinate(*call, *key, Goal::Put(*entry), out);
            }
            RingMessage::Fetch { members, call, key } => {
                self.adopt(members, out);
                if !self.is_newer(from, members.number, out) {
                    self.serve(from, *call, *key, out);
                }
            }
            RingMessage::Store {
                members,
                call,
                key,
                entry,
            } => {
                self.adopt(members, out);
                if !self.is_newer(from, members.number, out) {
                    self.keep(*key, *entry, out);
                    let stored = RingMessage::Stored {
                        number: members.number,
                        call: *call,
                        stamp: entry.stamp,
                    };
                    Self::answer(from, stored, out);
                }
            }
            RingMessage::Fetched {
                number,
                call,
                entry,
            } => self.fetched(from, (*number, *call), *entry, out),
            RingMessage::Stored {
                number,
                call,
                stamp,
            } => self.stored(from, (*number, *call), *stamp, out),
            RingMessage::Stale { members } => self.adopt(members, out),
            RingMessage::Members(members) => {
                self.adopt(members, out);
                self.tell_keeper(out);
            }
            RingMessage::Pull { members } => self.pass_on(from, members, out),
            RingMessage::Batch {
                number,
                reason,
                entries,
            } => self.took(from, (*number, *reason), entries, out),
            RingMessage::Compare { number, sum } => self.compared(from, (*number, *sum), out),
            // These go to clients and to the keeper.
            RingMessage::Value { .. }
            | RingMessage::Done { .. }
            | RingMessage::Failed { .. }
            | RingMessage::Change(_)
            | RingMessage::Adopted { .. } => {}
        }
    }

    fn serve(&mut self, to: NodeId, call: Call, key: Word, out: &mut Out<'_, Self>) {
        self.served += 1;
        out.note(notes::SERVED, [key.into(), to.into()]);
        let fetched = RingMessage::Fetched {
            number: self.members.number,
            call,
            entry: self.store.get(key),
        };
        Self::answer(to, fetched, out);
    }
}

impl Engine for Server {
    type Message = RingMessage;
    type Disk = Disk;
    type Write = Write;
    type Request = Change;
    type Config = ServerConfig;

    const TIMERS: &'static [&'static str] = &["compare", "pull"];

    /// A disk that nothing was written to has what it was delivered with: the keys of the start.
    fn boot(me: NodeId, config: &Rc<ServerConfig>, disk: &Disk) -> Self {
        let first = || Membership {
            number: 0,
            now: Rc::clone(&config.first),
            next: None,
            gainers: Vec::new(),
        };
        let store = if disk.loaded {
            disk.store.clone()
        } else {
            Store::image(me, &config.first)
        };
        Server {
            me,
            keeper: config.keeper,
            compare: config.compare,
            patience: config.patience,
            members: disk.members.clone().unwrap_or_else(first),
            store,
            pending: Vec::new(),
            pulled: Vec::new(),
            synced: false,
            blank: !disk.loaded,
            turn: usize::from(me.0),
            served: 0,
        }
    }

    fn write(disk: &mut Disk, write: &Write) {
        disk.apply(write);
    }

    fn handle(&mut self, input: Input<'_, Self>, out: &mut Out<'_, Self>) {
        match input {
            Input::Started => {
                if self.blank {
                    self.blank = false;
                    out.persist(Write::Load(Rc::new(self.store.entries().clone())));
                }
                out.set_timer(COMPARE, self.compare);
                self.fetch_own(out);
            }
            Input::TimerFired(COMPARE) => self.compare_next(out),
            Input::TimerFired(_) if !self.synced => self.fetch_own(out),
            Input::Received { from, message } => self.received(from, message, out),
            Input::Asked(change) => {
                out.note(notes::WANTS, [change.node().into()]);
                out.send(self.keeper, RingMessage::Change(*change));
            }
            // It has all that it gains; and messages wait for its writes.
            Input::TimerFired(_) | Input::Written(_) => {}
        }
    }

    fn facts(&self, facts: &mut Facts) {
        members_facts(&self.members, facts);
        facts.say("keys", self.store.entries().len());
        facts.say("served", self.served);
        facts.say("pending", self.pending.len());
        store_facts(&self.store, facts);
    }

    fn role(&self) -> &'static str {
        match (&self.members.next, self.members.now.has(self.me)) {
            (Some(next), true) if !next.has(self.me) => "leaving",
            (Some(next), false) if next.has(self.me) => "joining",
            (_, true) => "member",
            (_, false) => "outside",
        }
    }

    fn disk_facts(disk: &Disk, facts: &mut Facts) {
        facts.say("number", disk.members.as_ref().map_or(0, |m| m.number));
        facts.say("keys", disk.store.entries().len());
        store_facts(&disk.store, facts);
    }
}

fn store_facts(store: &Store, facts: &mut Facts) {
    let one = |(key, entry): &(Word, Entry)| {
        Fact::List(vec![
            Fact::Word(*key),
            entry.put().map_or(Fact::Nothing, Fact::Word),
            Fact::from(entry.stamp),
        ])
    };
    let shown = store.entries().iter().take(SHOWN).map(one);
    facts.say("entries", Fact::List(shown.collect()));
}
