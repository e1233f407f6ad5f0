//! One of the independent stores. It keeps the lock in memory, and knows nothing of the others.

use super::lab::{DELAYED_RESTART, NO_CLOCK_JUMPS};
use super::message::{RedlockMessage, Token};
use super::notes;
use crate::engine::{Engine, Facts, Input, NodeId, Out, Span, Time, Timer};
use std::rc::Rc;

/// Runs out when the key expires.
const EXPIRY: Timer = Timer(0);
/// Runs out when it may answer again after a restart.
const READY: Timer = Timer(1);

/// What is fixed for a run.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct InstanceConfig {
    /// The longest time that a key lives: as long an instance that came up again keeps silent.
    pub ttl: Span,
    /// How far an administrator sets its clock ahead.
    pub jump: Span,
    /// Whether it keeps fencing numbers.
    pub fencing: bool,
}

/// The lock, as it stands at one instance.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Key {
    /// Who set it.
    pub owner: NodeId,
    /// With which token.
    pub token: Token,
    /// When it was set, by the clock that the instance counts by.
    pub since: Time,
    /// When it expires, by that clock.
    pub until: Time,
}

/// What a person asks of it: to set its clock ahead.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct SetAhead;

/// One instance.
#[derive(Clone, Hash)]
pub struct Instance {
    config: Rc<InstanceConfig>,
    key: Option<Key>,
    /// Until when it keeps silent.
    silent_until: Option<Time>,
    /// By how much its wall clock was set ahead.
    ahead: Span,
    /// The highest fencing number that it keeps, and for which token.
    kept: Kept,
}

/// A fencing number, and whose it is: what an instance has on its disk.
pub type Kept = (u64, Option<Token>);

impl Instance {
    /// The lock as it stands here.
    #[must_use]
    pub fn key(&self) -> Option<&Key> {
        self.key.as_ref()
    }

    /// Whether it answers nobody, because it came up a short time ago.
    #[must_use]
    pub fn is_silent(&self) -> bool {
        self.silent_until.is_some()
    }

    /// By how much its wall clock was set ahead.
    #[must_use]
    pub fn ahead(&self) -> Span {
        self.ahead
    }

    /// The clock that leases are counted by: one that only counts, or, without the rule, the one
    /// that somebody may set.
    fn clock(&self, out: &Out<'_, Self>) -> Time {
        if out.rule(NO_CLOCK_JUMPS) {
            out.now()
        } else {
            out.now() + self.ahead
        }
    }

    fn expire(&mut self, out: &mut Out<'_, Self>) {
        let now = self.clock(out);
        if let Some(key) = self.key.filter(|key| key.until <= now) {
            out.note(notes::EXPIRED, [key.owner.into(), key.token.word().into()]);
            self.key = None;
            out.stop_timer(EXPIRY);
        }
    }

    /// Sets the timer anew where the key is still there: a clock was set.
    fn arm(&self, out: &mut Out<'_, Self>) {
        if let Some(key) = self.key {
            out.set_timer(EXPIRY, key.until - self.clock(out));
        }
    }

    fn set(&mut self, from: NodeId, token: Token, ttl: Span, out: &mut Out<'_, Self>) {
        let granted = self.key.is_none();
        match self.key {
            Some(key) => {
                let left = key.until - self.clock(out);
                out.note(notes::HELD, [from.into(), key.owner.into(), left.into()]);
            }
            None => {
                let since = self.clock(out);
                self.key = Some(Key {
                    owner: from,
                    token,
                    since,
                    until: since + ttl,
                });
                out.set_timer(EXPIRY, ttl);
                out.note(notes::SET, [from.into(), token.word().into(), ttl.into()]);
            }
        }
        out.send(from, RedlockMessage::SetReply { token, granted });
    }

    /// Keeps a fencing number that is higher than any before.
    fn keep(&mut self, from: NodeId, token: Token, number: u64, out: &mut Out<'_, Self>) {
        let highest = self.kept.0;
        if number > highest {
            self.kept = (number, Some(token));
            out.persist(self.kept);
            out.note(notes::KEPT, [from.into(), number.into()]);
        } else if self.kept != (number, Some(token)) {
            out.note(
                notes::NOT_KEPT,
                [from.into(), number.into(), highest.into()],
            );
        }
        let answer = RedlockMessage::NumberReply {
            token,
            highest: self.kept.0,
            kept: self.kept == (number, Some(token)),
        };
        out.send_when_durable(from, answer);
    }

    fn delete(&mut self, from: NodeId, token: Token, out: &mut Out<'_, Self>) {
        match self.key {
            Some(key) if key.token == token => {
                self.key = None;
                out.stop_timer(EXPIRY);
                out.note(notes::DELETED, [from.into()]);
            }
            Some(key) => out.note(notes::NOT_ITS_TOKEN, [from.into(), key.owner.into()]),
            None => out.note(notes::NOTHING_TO_DELETE, [from.into()]),
        }
    }

    fn started(&mut self, out: &mut Out<'_, Self>) {
        // At the very beginning nobody can have had a key that was forgotten.
        if out.now() > Time(0) && out.rule(DELAYED_RESTART) {
            self.silent_until = Some(out.now() + self.config.ttl);
            out.set_timer(READY, self.config.ttl);
            out.note(notes::SILENT, [self.config.ttl.into()]);
        } else if out.now() > Time(0) {
            out.note(notes::FORGOT, []);
        }
    }

    /// Whether it may answer by now.
    fn ready(&mut self, out: &mut Out<'_, Self>) -> bool {
        if let Some(until) = self.silent_until {
            if out.now() < until {
                out.set_timer(READY, until - out.now());
                return false;
            }
            self.silent_until = None;
            out.stop_timer(READY);
            out.note(notes::READY, []);
        }
        true
    }
}

impl Engine for Instance {
    type Message = RedlockMessage;
    /// Without persistence: a crash loses the lock. Of fencing numbers it may not.
    type Disk = Kept;
    type Write = Kept;
    type Request = SetAhead;
    type Config = InstanceConfig;

    const TIMERS: &'static [&'static str] = &["expiry", "ready"];

    fn boot(_me: NodeId, config: &Rc<InstanceConfig>, disk: &Kept) -> Self {
        Instance {
            config: Rc::clone(config),
            key: None,
            silent_until: None,
            ahead: Span(0),
            kept: *disk,
        }
    }

    fn write(disk: &mut Kept, write: &Kept) {
        *disk = *write;
    }

    fn handle(&mut self, input: Input<'_, Self>, out: &mut Out<'_, Self>) {
        match input {
            Input::Started => self.started(out),
            Input::Received { from, message } => {
                if !self.ready(out) {
                    out.note(notes::KEEPS_SILENT, [from.into()]);
                    return;
                }
                self.expire(out);
                match message {
                    RedlockMessage::SetRequest { token, ttl } => self.set(from, *token, *ttl, out),
                    RedlockMessage::DeleteRequest { token } => self.delete(from, *token, out),
                    RedlockMessage::NumberRequest { token, number } => {
                        self.keep(from, *token, *number, out);
                    }
                    // These are for others.
                    RedlockMessage::SetReply { .. }
                    | RedlockMessage::WriteRequest(_)
                    | RedlockMessage::WriteReply { .. }
                    | RedlockMessage::NumberReply { .. }
                    | RedlockMessage::WriteRefused { .. } => {}
                }
            }
            Input::TimerFired(EXPIRY) => {
                self.expire(out);
                self.arm(out);
            }
            Input::TimerFired(_) => {
                self.ready(out);
            }
            Input::Asked(SetAhead) => {
                self.ahead = Span(self.ahead.0 + self.config.jump.0);
                let note = if out.rule(NO_CLOCK_JUMPS) {
                    notes::SET_AHEAD_IN_VAIN
                } else {
                    notes::SET_AHEAD
                };
                out.note(note, [self.config.jump.into()]);
                self.expire(out);
                self.arm(out);
            }
            // Its answers wait for its writes by themselves.
            Input::Written(_) => {}
        }
    }

    fn facts(&self, facts: &mut Facts) {
        facts.say("owner", self.key.map(|key| key.owner));
        facts.say("token", self.key.map(|key| key.token.word()));
        facts.say("until", self.key.map(|key| key.until));
        facts.say("silent-until", self.silent_until);
        facts.say("ahead", self.ahead);
        if self.config.fencing {
            facts.say("number", self.kept.0);
        }
    }

    fn role(&self) -> &'static str {
        "instance"
    }

    fn disk_facts(disk: &Kept, facts: &mut Facts) {
        if disk.1.is_some() {
            facts.say("number", disk.0);
        }
    }
}
