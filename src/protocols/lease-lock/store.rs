//! The store: one Redis instance, and its replica. It keeps locks as keys that expire.
//!
//! What it holds is on its disk before it answers. The replica gets all of it after each change.

use super::lab::{OWN_CLOCK, WAIT_FOR_THE_REPLICA, mistakes};
use super::message::{Key, LockMessage, Token};
use super::notes;
use crate::engine::{Engine, Fact, Facts, Input, NodeId, Out, Span, Time, Timer};
use std::rc::Rc;

/// Runs out when the next lock expires.
const EXPIRY: Timer = Timer(0);
/// Runs out when a copy was not confirmed.
const COPY: Timer = Timer(1);
/// How long the primary waits before it sends a copy again.
const COPY_AGAIN: Span = Span::ms(50);

/// What is fixed for a run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StoreConfig {
    /// Who is the primary at first.
    pub primary: NodeId,
    /// Its replica, where it has one.
    pub replica: Option<NodeId>,
}

/// A lock that is held.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Lock {
    /// Who set it.
    pub owner: NodeId,
    /// With which token.
    pub token: Token,
    /// Which grant it is, from 1: the fencing number.
    pub number: u64,
    /// When it was set, by the store's clock.
    pub since: Time,
    /// When it expires, by the store's clock.
    pub until: Option<Time>,
}

/// All that a store holds: what is on its disk, and what the replica copies.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Shelf {
    /// How many changes it has seen.
    pub version: u64,
    /// How many locks were ever set.
    pub numbers: u64,
    /// Whether it took over from the primary.
    pub took_over: bool,
    /// The locks by their names, in order.
    pub locks: Vec<(Key, Lock)>,
}

impl Shelf {
    fn place(&self, key: Key) -> Result<usize, usize> {
        self.locks.binary_search_by_key(&key, |(name, _)| *name)
    }

    /// The lock of this name.
    #[must_use]
    pub fn lock(&self, key: Key) -> Option<&Lock> {
        self.place(key).ok().map(|at| &self.locks[at].1)
    }

    pub(super) fn facts(&self, facts: &mut Facts) {
        facts.say("version", self.version);
        facts.say("numbers", self.numbers);
        let lock = |(key, lock): &(Key, Lock)| {
            let mut facts = Facts::default();
            if key.0.is_some() {
                facts.say("key-of", key.0);
            }
            facts.say("owner", lock.owner);
            facts.say("token", lock.token.word());
            facts.say("number", lock.number);
            facts.say("until", lock.until);
            Fact::Group(facts)
        };
        facts.say("locks", Fact::List(self.locks.iter().map(lock).collect()));
    }
}

/// What a person asks of the replica: to take over.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct TakeOver;

/// An answer that waits until the replica has the change.
#[derive(Clone, Hash)]
struct Waiting {
    version: u64,
    to: NodeId,
    answer: LockMessage,
}

/// One store.
#[derive(Clone, Hash)]
pub struct Store {
    me: NodeId,
    first: NodeId,
    replica: Option<NodeId>,
    shelf: Shelf,
    /// It was told that its replica took over.
    retired: bool,
    /// The last version that the replica confirmed.
    copied: u64,
    waiting: Vec<Waiting>,
    /// The number of the lock that was deleted last.
    deleted: Option<u64>,
}

impl Store {
    /// Whether it serves clients.
    #[must_use]
    pub fn is_primary(&self) -> bool {
        (self.me == self.first && !self.retired) || self.shelf.took_over
    }

    /// What it holds in memory.
    #[must_use]
    pub fn shelf(&self) -> &Shelf {
        &self.shelf
    }

    /// The number of the lock that was deleted last, as far as it knows: somebody said so, and no time
    /// was over.
    #[must_use]
    pub fn deleted(&self) -> Option<u64> {
        self.deleted
    }

    /// Whom it copies to.
    fn follower(&self) -> Option<NodeId> {
        self.replica.filter(|_| self.me == self.first)
    }

    /// A change: on the disk, and off to the replica.
    fn changed(&mut self, out: &mut Out<'_, Self>) {
        self.shelf.version += 1;
        out.persist(self.shelf.clone());
        self.copy(out);
        self.arm(out);
    }

    /// Sets the timer for the next lock that expires. A clock that was set back makes it run out
    /// too early; then it is set again.
    fn arm(&self, out: &mut Out<'_, Self>) {
        let until = self.shelf.locks.iter().filter_map(|(_, lock)| lock.until);
        match until.min() {
            Some(until) => out.set_timer(EXPIRY, until - out.now()),
            None => out.stop_timer(EXPIRY),
        }
    }

    fn copy(&mut self, out: &mut Out<'_, Self>) {
        if let Some(replica) = self.follower() {
            let copy = LockMessage::CopyRequest(self.shelf.clone());
            out.send_when_durable(replica, copy);
            out.set_timer(COPY, COPY_AGAIN);
        }
    }

    /// Takes away what has expired by this store's clock.
    fn expire(&mut self, out: &mut Out<'_, Self>) {
        let now = out.now();
        let over = |lock: &Lock| lock.until.is_some_and(|until| until <= now);
        let mut any = false;
        for (_, lock) in self.shelf.locks.iter().filter(|(_, lock)| over(lock)) {
            out.note(
                notes::EXPIRED,
                [lock.owner.into(), lock.token.word().into()],
            );
            any = true;
        }
        if any {
            self.shelf.locks.retain(|(_, lock)| !over(lock));
            self.changed(out);
        }
    }

    /// Answers once the change is on the disk, and, by the rule, on the replica's.
    fn answer(&mut self, to: NodeId, answer: LockMessage, out: &mut Out<'_, Self>) {
        if self.follower().is_some() && out.rule(WAIT_FOR_THE_REPLICA) {
            let version = self.shelf.version;
            self.waiting.push(Waiting {
                version,
                to,
                answer,
            });
        } else if out.rule(mistakes::ANSWER_WHAT_IS_ON_DISK) {
            out.send_when_durable(to, answer);
        } else {
            out.send(to, answer);
        }
    }

    fn set(
        &mut self,
        from: NodeId,
        (key, token): (Key, Token),
        (ttl, deadline): (Option<Span>, Option<Time>),
        out: &mut Out<'_, Self>,
    ) {
        let at = match self.shelf.place(key) {
            Ok(at) => {
                let held = self.shelf.locks[at].1;
                let left = held.until.map_or(Span(0), |until| until - out.now());
                let args = [from.into(), held.owner.into(), left.into()];
                out.note(notes::HELD, args);
                let granted = None;
                out.send_when_durable(from, LockMessage::SetReply { token, granted });
                return;
            }
            Err(at) => at,
        };
        self.shelf.numbers += 1;
        let number = self.shelf.numbers;
        // Seed case: until when, the client's clock says.
        let own = out.rule(OWN_CLOCK);
        let until = if own {
            ttl.map(|ttl| out.now() + ttl)
        } else {
            deadline
        };
        let lock = Lock {
            owner: from,
            token,
            number,
            since: out.now(),
            until,
        };
        self.shelf.locks.insert(at, (key, lock));
        let note = match (ttl, own) {
            (None, _) => notes::SET_FOR_EVER,
            (Some(_), true) => notes::SET,
            (Some(_), false) => notes::SET_BY_A_FOREIGN_CLOCK,
        };
        let left = until.map_or(Span(0), |until| until - out.now());
        let args = [from.into(), token.word().into(), left.into(), number.into()];
        out.note(note, args);
        self.changed(out);
        let granted = Some(number);
        self.answer(from, LockMessage::SetReply { token, granted }, out);
    }

    fn delete(&mut self, from: NodeId, key: Key, token: Option<Token>, out: &mut Out<'_, Self>) {
        let found = self.shelf.place(key).ok();
        let owner = found.map_or(from, |at| self.shelf.locks[at].1.owner);
        let fits = |at: &usize| {
            let lock = &self.shelf.locks[*at].1;
            token.is_none_or(|token| token == lock.token)
        };
        let deleted = match found.filter(fits) {
            Some(at) => {
                self.deleted = Some(self.shelf.locks.remove(at).1.number);
                let note = if owner == from {
                    notes::DELETED
                } else {
                    notes::DELETED_ANOTHERS
                };
                out.note(note, [from.into(), owner.into()]);
                self.changed(out);
                true
            }
            None => {
                let note = if found.is_some() {
                    notes::NOT_ITS_TOKEN
                } else {
                    notes::NOTHING_TO_DELETE
                };
                out.note(note, [from.into(), owner.into()]);
                false
            }
        };
        self.answer(from, LockMessage::DeleteReply { deleted }, out);
    }

    /// A client asks.
    fn asked(&mut self, from: NodeId, message: &LockMessage, out: &mut Out<'_, Self>) {
        if !self.is_primary() {
            out.note(notes::NOT_THE_PRIMARY, [from.into()]);
            return;
        }
        self.expire(out);
        match message {
            LockMessage::SetRequest {
                key,
                token,
                ttl,
                deadline,
            } => self.set(from, (*key, *token), (*ttl, *deadline), out),
            LockMessage::DeleteRequest { key, token } => self.delete(from, *key, *token, out),
            // These are not for a store, or come from one.
            LockMessage::SetReply { .. }
            | LockMessage::DeleteReply { .. }
            | LockMessage::WriteRequest(_)
            | LockMessage::WriteReply { .. }
            | LockMessage::CopyRequest(_)
            | LockMessage::CopyReply { .. } => {}
        }
    }

    /// The primary sent all that it holds.
    fn copied_from(&mut self, from: NodeId, shelf: &Shelf, out: &mut Out<'_, Self>) {
        let took_over = self.shelf.took_over;
        if !took_over && shelf.version > self.shelf.version {
            self.shelf = shelf.clone();
            out.persist(self.shelf.clone());
            out.note(notes::COPIED, [shelf.version.into()]);
        }
        let version = self.shelf.version;
        out.send_when_durable(from, LockMessage::CopyReply { version, took_over });
    }

    /// The replica answered.
    fn confirmed(&mut self, version: u64, took_over: bool, out: &mut Out<'_, Self>) {
        if took_over {
            if !self.retired {
                out.note(notes::RETIRED, []);
            }
            self.retired = true;
            self.waiting.clear();
            out.stop_timer(COPY);
            out.stop_timer(EXPIRY);
            return;
        }
        self.copied = self.copied.max(version);
        let copied = self.copied;
        let ready = self
            .waiting
            .extract_if(.., |waiting| waiting.version <= copied);
        for waiting in ready.collect::<Vec<_>>() {
            // A lock that was lost while its answer waited is no grant any more.
            let token = waiting.answer.grants();
            let lost = token.is_some_and(|token| !self.has(token, out.now()));
            if lost {
                out.note(notes::LAPSED, [waiting.to.into()]);
            } else {
                out.send(waiting.to, waiting.answer);
            }
        }
        if copied >= self.shelf.version {
            out.stop_timer(COPY);
        }
    }

    fn has(&self, token: Token, now: Time) -> bool {
        let stands = |lock: &Lock| lock.until.is_none_or(|until| now < until);
        let mut locks = self.shelf.locks.iter();
        locks.any(|(_, lock)| lock.token == token && stands(lock))
    }

    fn take_over(&mut self, out: &mut Out<'_, Self>) {
        if self.me == self.first {
            out.note(notes::NO_REPLICA, []);
            return;
        }
        if self.shelf.took_over {
            return;
        }
        self.shelf.took_over = true;
        out.note(notes::TOOK_OVER, [self.shelf.version.into()]);
        self.changed(out);
        self.expire(out);
    }
}

impl Engine for Store {
    type Message = LockMessage;
    type Disk = Shelf;
    type Write = Shelf;
    type Request = TakeOver;
    type Config = StoreConfig;

    const TIMERS: &'static [&'static str] = &["expiry", "copy"];

    fn boot(me: NodeId, config: &Rc<StoreConfig>, disk: &Shelf) -> Self {
        Store {
            me,
            first: config.primary,
            replica: config.replica,
            shelf: disk.clone(),
            retired: false,
            copied: 0,
            waiting: Vec::new(),
            deleted: None,
        }
    }

    fn write(disk: &mut Shelf, write: &Shelf) {
        disk.clone_from(write);
    }

    fn handle(&mut self, input: Input<'_, Self>, out: &mut Out<'_, Self>) {
        match input {
            Input::Started => {
                // What it missed while it was down: who took over, and what has expired.
                if self.shelf.version > 0 {
                    self.copy(out);
                }
                if self.is_primary() {
                    self.expire(out);
                    self.arm(out);
                }
            }
            Input::Received { from, message } => match message {
                LockMessage::CopyRequest(shelf) => self.copied_from(from, shelf, out),
                LockMessage::CopyReply { version, took_over } => {
                    self.confirmed(*version, *took_over, out);
                }
                LockMessage::SetRequest { .. }
                | LockMessage::SetReply { .. }
                | LockMessage::DeleteRequest { .. }
                | LockMessage::DeleteReply { .. }
                | LockMessage::WriteRequest(_)
                | LockMessage::WriteReply { .. } => self.asked(from, message, out),
            },
            Input::TimerFired(EXPIRY) => {
                if self.is_primary() {
                    self.expire(out);
                    self.arm(out);
                }
            }
            Input::TimerFired(_) => self.copy(out),
            Input::Asked(TakeOver) => self.take_over(out),
            // Answers that wait for the disk leave by themselves.
            Input::Written(_) => {}
        }
    }

    fn facts(&self, facts: &mut Facts) {
        facts.say("primary", self.is_primary());
        self.shelf.facts(facts);
        facts.say("waiting", self.waiting.len());
    }

    fn role(&self) -> &'static str {
        if self.is_primary() {
            "primary"
        } else {
            "replica"
        }
    }

    fn disk_facts(disk: &Shelf, facts: &mut Facts) {
        disk.facts(facts);
    }
}
