//! The store: one node that keeps counts under keys, and a lock.

use super::message::{Answer, CounterMessage, Id, Query, count_fact};
use super::notes;
use super::vault::{Change, Vault};
use crate::engine::{Engine, Fact, Facts, Input, NodeId, Out, RuleId, Span, Timer};
use std::rc::Rc;

/// In the order of the rules of the lab.
pub(super) const ONE_ATOMIC_STEP: RuleId = RuleId(0);
pub(super) const RETRIES_CARRY_AN_ID: RuleId = RuleId(1);
pub(super) const ONE_SHARED_KEY: RuleId = RuleId(2);
pub(super) const NO_EXPIRY: RuleId = RuleId(3);

/// Planted mistakes: hidden rules, for the tests (`LabInfo::mistakes`).
pub(super) mod mistakes {
    use super::{NO_EXPIRY, RuleId};

    /// Where they begin.
    pub(in super::super) const FIRST: u8 = NO_EXPIRY.0 + 1;
    /// What a client is told is on the disk.
    pub(super) const ANSWER_WHAT_IS_ON_DISK: RuleId = RuleId(FIRST);
    /// A client takes no answer to an earlier request for that to this one.
    pub(in super::super) const TAKE_THE_ANSWER_TO_THIS: RuleId = RuleId(FIRST + 1);
    /// Who gives the lock back hands it on to the first who waits.
    pub(super) const HAND_THE_LOCK_ON: RuleId = RuleId(FIRST + 2);
    /// A merge takes the greater of two numbers.
    pub(in super::super) const MERGE_BY_THE_GREATER: RuleId = RuleId(FIRST + 3);
    /// No replica is left out.
    pub(in super::super) const TELL_EVERY_REPLICA: RuleId = RuleId(FIRST + 4);
    /// A retry goes where the first try went.
    pub(in super::super) const RETRY_AT_THE_SAME_REPLICA: RuleId = RuleId(FIRST + 5);
}

/// What is fixed for a run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StoreConfig {
    /// How long a count lives where counts expire.
    pub time_to_live: Span,
}

/// The store.
#[derive(Clone, Hash)]
pub struct Store {
    time_to_live: Span,
    vault: Vault,
    /// Whether the timer of the expiry runs.
    expires: bool,
}

const EXPIRY: Timer = Timer(0);

impl Store {
    /// What it holds in memory.
    #[must_use]
    pub fn vault(&self) -> &Vault {
        &self.vault
    }

    /// A count is there from now on, or was: it lives for so long where the rule is off.
    fn date(&mut self, out: &mut Out<'_, Self>) {
        if out.rule(NO_EXPIRY) || self.expires || self.vault.counts().is_empty() {
            return;
        }
        self.expires = true;
        out.set_timer(EXPIRY, self.time_to_live);
        out.note(notes::WILL_EXPIRE, [self.time_to_live.into()]);
    }

    fn expire(&mut self, out: &mut Out<'_, Self>) {
        self.expires = false;
        // The rule may have been switched on again.
        if out.rule(NO_EXPIRY) {
            return;
        }
        out.note(notes::EXPIRED, [self.vault.counts().len().into()]);
        self.change(Change::Expire, out);
    }

    fn change(&mut self, change: Change, out: &mut Out<'_, Self>) {
        self.vault.apply(change);
        out.persist(change);
    }

    /// An answer leaves when all that it speaks of is on the disk.
    fn reply(to: NodeId, id: Id, answer: Answer, out: &mut Out<'_, Self>) {
        let message = CounterMessage::Reply { id, answer };
        if out.rule(mistakes::ANSWER_WHAT_IS_ON_DISK) {
            out.send_when_durable(to, message);
        } else {
            out.send(to, message);
        }
    }

    fn asked(&mut self, from: NodeId, id: Id, query: Query, out: &mut Out<'_, Self>) {
        if let Query::Get(key) = query {
            let value = self.vault.count(key);
            out.note(notes::READ, [from.into(), number(value.unwrap_or(0))]);
            Self::reply(from, id, Answer::Value(value), out);
            return;
        }
        if out.rule(RETRIES_CARRY_AN_ID) && self.knows(from, id, out) {
            return;
        }
        match query {
            Query::Lock => self.lock(from, id, out),
            Query::Unlock => self.unlock(from, id, out),
            Query::Get(_) | Query::Put(..) | Query::CompareAndSwap { .. } | Query::Add(..) => {
                self.set(from, id, query, out);
            }
        }
    }

    /// Whether this was done before, or is older than what was: then it is not done again.
    fn knows(&self, from: NodeId, id: Id, out: &mut Out<'_, Self>) -> bool {
        let Some(session) = self.vault.session(from).filter(|session| session.id >= id) else {
            return false;
        };
        match session.answer {
            _ if session.id > id => out.note(notes::TOO_OLD, [from.into(), id.into()]),
            None => out.note(notes::STILL_WAITS, [from.into()]),
            Some(answer) => {
                out.note(notes::ANSWERED_AGAIN, [from.into(), id.into()]);
                Self::reply(from, id, answer, out);
            }
        }
        true
    }

    fn set(&mut self, from: NodeId, id: Id, query: Query, out: &mut Out<'_, Self>) {
        let (set, answer) = match query {
            Query::Put(key, value) => {
                let was = self.vault.count(key).unwrap_or(0);
                out.note(notes::PUT, [from.into(), number(value), number(was)]);
                (Some((key, value)), Answer::Done)
            }
            Query::CompareAndSwap {
                key,
                expected,
                value,
            } => {
                let found = self.vault.count(key).unwrap_or(0);
                if found == expected {
                    out.note(
                        notes::SWAPPED,
                        [from.into(), number(expected), number(value)],
                    );
                    (Some((key, value)), Answer::Done)
                } else {
                    out.note(
                        notes::DIFFERS,
                        [from.into(), number(expected), number(found)],
                    );
                    (None, Answer::Differs(found))
                }
            }
            Query::Add(key, by) => {
                let value = self.vault.count(key).unwrap_or(0).saturating_add(by);
                out.note(notes::ADDED, [from.into(), number(value)]);
                (Some((key, value)), Answer::Done)
            }
            Query::Get(_) | Query::Lock | Query::Unlock => return,
        };
        let by = (from, id);
        self.change(Change::Did { by, set, answer }, out);
        self.date(out);
        Self::reply(from, id, answer, out);
    }

    fn lock(&mut self, from: NodeId, id: Id, out: &mut Out<'_, Self>) {
        self.change(Change::Lock(from, id), out);
        match self.vault.holder() {
            Some(holder) if holder != from => {
                let before = self.vault.waiting().position(|client| client == from);
                out.note(
                    notes::WAITS,
                    [from.into(), holder.into(), before.unwrap_or(0).into()],
                );
            }
            Some(_) | None => self.granted(from, id, out),
        }
    }

    fn unlock(&mut self, from: NodeId, id: Id, out: &mut Out<'_, Self>) {
        let held = self.vault.holder() == Some(from);
        let hand_on = out.rule(mistakes::HAND_THE_LOCK_ON);
        let by = (from, id);
        self.change(Change::Unlock { by, hand_on }, out);
        out.note(notes::UNLOCKED, [from.into()]);
        Self::reply(from, id, Answer::Done, out);
        let next = self.vault.holder().filter(|_| held);
        if let Some(session) = next.and_then(|next| self.vault.session(next)) {
            self.granted(session.client, session.id, out);
        }
    }

    fn granted(&self, to: NodeId, id: Id, out: &mut Out<'_, Self>) {
        out.note(
            notes::GRANTED,
            [to.into(), self.vault.waiting().count().into()],
        );
        Self::reply(to, id, Answer::Done, out);
    }
}

/// A count in a note. In the store none is below zero.
fn number(count: i64) -> crate::engine::Arg {
    count.unsigned_abs().into()
}

impl Engine for Store {
    type Message = CounterMessage;
    type Disk = Vault;
    type Write = Change;
    type Request = ();
    type Config = StoreConfig;

    const TIMERS: &'static [&'static str] = &["expiry"];

    fn boot(_me: NodeId, config: &Rc<StoreConfig>, disk: &Vault) -> Self {
        Store {
            time_to_live: config.time_to_live,
            vault: disk.clone(),
            expires: false,
        }
    }

    fn write(disk: &mut Vault, write: &Change) {
        disk.apply(*write);
    }

    fn handle(&mut self, input: Input<'_, Self>, out: &mut Out<'_, Self>) {
        match input {
            Input::Started => self.date(out),
            Input::Received {
                from,
                message: CounterMessage::Request { id, query },
            } => self.asked(from, *id, *query, out),
            Input::TimerFired(_) => self.expire(out),
            // It asks nobody, hears of no replica, and takes no requests but messages.
            Input::Received { .. } | Input::Written(_) | Input::Asked(()) => {}
        }
    }

    fn facts(&self, facts: &mut Facts) {
        vault_facts(&self.vault, facts);
    }

    fn role(&self) -> &'static str {
        "store"
    }

    fn disk_facts(disk: &Vault, facts: &mut Facts) {
        vault_facts(disk, facts);
    }
}

fn vault_facts(vault: &Vault, facts: &mut Facts) {
    let pair = |(key, count): &(crate::engine::Word, i64)| {
        Fact::List(vec![Fact::Word(*key), count_fact(*count)])
    };
    facts.say(
        "counts",
        Fact::List(vault.counts().iter().map(pair).collect()),
    );
    facts.say("holder", vault.holder());
    facts.say("waiting", vault.waiting().collect::<Vec<_>>());
}
