//! A client: it takes the lock, works and writes under it, and gives it back.
//!
//! It looks at its own clock before each piece of work, and stops when its lease is over. Between
//! the look and the write there is the work itself: no client can close that gap.

use super::lab::{COMPARE, ONE_KEY, OWN_CLOCK, TIME_TO_LIVE, mistakes};
use super::message::{Key, LockMessage, Token};
use super::notes;
use crate::engine::{Engine, Facts, Input, NodeId, Out, Span, Time, Timer};
use crate::lab::locks::Attempt;
use std::rc::Rc;

/// When it next wants the lock of its own accord.
const THINK: Timer = Timer(0);
/// When it asks again: it was refused, or had no answer.
const RETRY: Timer = Timer(1);
/// When a piece of work is done.
const WORK: Timer = Timer(2);
/// When its lease is over.
const LEASE: Timer = Timer(3);

/// By then it has asked for the lock once.
const FIRST: Span = Span::ms(100);

const DRAW_THINK: u8 = 0;
const DRAW_TOKEN: u8 = 1;
const DRAW_RETRY: u8 = 2;

/// What is fixed for a run.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct ClientConfig {
    /// The stores, the primary first.
    pub stores: Vec<NodeId>,
    /// What the lock protects.
    pub resource: NodeId,
    /// How often it wants the lock of its own accord, in a second; 0 for never.
    pub rate: u64,
    /// How long a lock is to live.
    pub ttl: Span,
    /// How long one piece of work takes.
    pub work: Span,
    /// How many pieces there are, each with a write at its end.
    pub writes: u64,
    /// How long it waits before it asks again.
    pub retry: Span,
    /// How long it waits for an answer.
    pub timeout: Span,
    /// Whether its writes carry the fencing number.
    pub fencing: bool,
}

/// A lock that it believes to hold.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Holding {
    /// Its token.
    pub token: Token,
    /// The number of the grant.
    pub number: u64,
    /// Since when its lease counts, by its own clock.
    pub since: Time,
    /// Until when.
    pub until: Option<Time>,
    /// How many of its writes were answered.
    pub written: u64,
}

/// What it does at the moment.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
enum Stage {
    Idle,
    /// It was refused, or had no answer, and asks again soon.
    Waiting,
    /// It asked, and waits for the answer.
    Asked {
        token: Token,
        at: Time,
    },
    Holding(Holding),
}

/// What a person asks of it.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Ask {
    /// To take the lock, work, and give it back.
    Acquire,
}

/// One client. A crash makes it forget everything.
#[derive(Clone, Hash)]
pub struct Client {
    me: NodeId,
    config: Rc<ClientConfig>,
    stage: Stage,
    /// Which of the stores it asks.
    store: usize,
    /// How often it got the lock.
    granted: u64,
    /// How often it was asked to take the lock while it had other work.
    queued: u64,
}

impl Client {
    /// The lock that it believes to hold.
    #[must_use]
    pub fn holding(&self) -> Option<&Holding> {
        match &self.stage {
            Stage::Holding(holding) => Some(holding),
            Stage::Idle | Stage::Waiting | Stage::Asked { .. } => None,
        }
    }

    /// What is fixed for the run.
    #[must_use]
    pub fn config(&self) -> &ClientConfig {
        &self.config
    }

    /// Whether it wants the lock and does not have it.
    #[must_use]
    pub fn wants(&self) -> bool {
        matches!(self.stage, Stage::Waiting | Stage::Asked { .. })
    }

    /// How often it got the lock.
    #[must_use]
    pub fn granted(&self) -> u64 {
        self.granted
    }

    fn target(&self) -> NodeId {
        self.config.stores[self.store % self.config.stores.len()]
    }

    fn key(&self, out: &Out<'_, Self>) -> Key {
        // Seed case: the key is put together from the lock's name and the thread's own id.
        Key((!out.rule(ONE_KEY)).then_some(self.me))
    }

    fn think(&mut self, out: &mut Out<'_, Self>) {
        // With a rate of 0 it wants nothing by itself.
        if let Some(mean) = 1_000_000_u64.checked_div(self.config.rate) {
            // The first time soon, so that there is something to be seen.
            let gaps = if out.now() == Time(0) {
                FIRST.0.min(mean) / 4..=FIRST.0.min(mean)
            } else {
                mean / 2..=mean + mean / 2
            };
            let gap = out.draw(DRAW_THINK, gaps);
            out.set_timer(THINK, Span(gap.max(1)));
        }
    }

    fn ask(&mut self, out: &mut Out<'_, Self>) {
        let token = if out.rule(mistakes::ASK_WITH_A_NEW_TOKEN) {
            Token(out.draw(DRAW_TOKEN, 0..=u64::from(u32::MAX)) as u32)
        } else {
            Token(u32::from(self.me.0))
        };
        let ttl = out.rule(TIME_TO_LIVE).then_some(self.config.ttl);
        let deadline = ttl
            .filter(|_| !out.rule(OWN_CLOCK))
            .map(|ttl| out.now() + ttl);
        self.stage = Stage::Asked {
            token,
            at: out.now(),
        };
        let request = LockMessage::SetRequest {
            key: self.key(out),
            token,
            ttl,
            deadline,
        };
        out.send(self.target(), request);
        out.set_timer(RETRY, self.config.timeout);
        out.note(notes::ASKED, [self.target().into(), token.word().into()]);
    }

    fn again(&mut self, out: &mut Out<'_, Self>) {
        match self.stage {
            Stage::Waiting => self.ask(out),
            Stage::Asked { .. } => {
                out.note(notes::NO_ANSWER, [self.target().into()]);
                self.store = (self.store + 1) % self.config.stores.len().max(1);
                self.ask(out);
            }
            Stage::Idle | Stage::Holding(_) => {}
        }
    }

    fn answered(&mut self, token: Token, granted: Option<u64>, out: &mut Out<'_, Self>) {
        let at = match self.stage {
            Stage::Asked { token: asked, at } if asked == token => at,
            Stage::Idle | Stage::Waiting | Stage::Asked { .. } | Stage::Holding(_) => {
                out.note(notes::LATE_ANSWER, [token.word().into()]);
                return;
            }
        };
        out.stop_timer(RETRY);
        let Some(number) = granted else {
            self.stage = Stage::Waiting;
            let most = self.config.retry.0;
            let gap = Span(out.draw(DRAW_RETRY, most / 2..=most).max(1));
            out.set_timer(RETRY, gap);
            out.note(notes::WAITS, [gap.into()]);
            return;
        };
        // The store counts from when it set the lock, which is later than this and earlier than now.
        let since = if out.rule(mistakes::COUNT_FROM_THE_REQUEST) {
            at
        } else {
            out.now()
        };
        let until = out.rule(TIME_TO_LIVE).then(|| since + self.config.ttl);
        let took = out.now() - at;
        if until.is_some_and(|until| until <= out.now()) {
            out.note(notes::TOO_LATE, [took.into(), self.config.ttl.into()]);
            self.give_back(token, out);
            return;
        }
        self.granted += 1;
        self.stage = Stage::Holding(Holding {
            token,
            number,
            since,
            until,
            written: 0,
        });
        if let Some(until) = until {
            let left = until - out.now();
            out.set_timer(LEASE, left);
            let args = [number.into(), left.into(), took.into()];
            out.note(notes::HOLDS, args);
        } else {
            out.note(notes::HOLDS_FOR_EVER, [number.into()]);
        }
        self.work(out);
    }

    /// Looks at the clock, and begins the next piece of work.
    fn work(&mut self, out: &mut Out<'_, Self>) {
        let Stage::Holding(holding) = self.stage else {
            return;
        };
        if holding.written == self.config.writes {
            self.give_back(holding.token, out);
            return;
        }
        let left = holding.until.map(|until| until - out.now());
        if left == Some(Span(0)) && out.rule(mistakes::STOP_WITH_THE_LEASE) {
            self.over(out);
            return;
        }
        if let Some(left) = left {
            out.note(notes::LOOKED, [left.into(), self.config.work.into()]);
        }
        out.set_timer(WORK, self.config.work);
    }

    /// The work is done; what came of it is written. Nobody looks at the clock here.
    fn write(&mut self, out: &mut Out<'_, Self>) {
        let Stage::Holding(holding) = self.stage else {
            return;
        };
        let attempt = Attempt {
            writer: self.me,
            tag: u64::from(holding.token.0),
            number: self.config.fencing.then_some(holding.number),
        };
        out.send(self.config.resource, LockMessage::WriteRequest(attempt));
        out.note(notes::WROTE, [holding.number.into()]);
    }

    fn wrote(&mut self, tag: u64, accepted: bool, out: &mut Out<'_, Self>) {
        let Stage::Holding(holding) = &mut self.stage else {
            return;
        };
        if tag != u64::from(holding.token.0) {
            return;
        }
        holding.written = (holding.written + 1).min(self.config.writes);
        let token = holding.token;
        if accepted {
            self.work(out);
        } else {
            out.note(notes::FENCED_OFF, [holding.number.into()]);
            self.give_back(token, out);
        }
    }

    fn over(&mut self, out: &mut Out<'_, Self>) {
        let Stage::Holding(holding) = self.stage else {
            return;
        };
        if !out.rule(mistakes::STOP_WITH_THE_LEASE) {
            return;
        }
        out.note(notes::LEASE_OVER, [holding.number.into()]);
        self.give_back(holding.token, out);
    }

    /// In the end it always gives back, as `finally` does: whether or not the lock is still its own.
    fn give_back(&mut self, token: Token, out: &mut Out<'_, Self>) {
        let compare = out.rule(COMPARE);
        let request = LockMessage::DeleteRequest {
            key: self.key(out),
            token: compare.then_some(token),
        };
        out.send(self.target(), request);
        let note = if compare {
            notes::GAVE_BACK
        } else {
            notes::GAVE_BACK_BLINDLY
        };
        out.note(note, [token.word().into()]);
        self.stage = Stage::Idle;
        for timer in [RETRY, WORK, LEASE] {
            out.stop_timer(timer);
        }
        if self.queued > 0 {
            self.queued -= 1;
            self.ask(out);
        }
    }

    fn want(&mut self, out: &mut Out<'_, Self>) {
        match self.stage {
            Stage::Idle => self.ask(out),
            Stage::Waiting | Stage::Asked { .. } | Stage::Holding(_) => self.queued += 1,
        }
    }
}

impl Engine for Client {
    type Message = LockMessage;
    type Disk = ();
    type Write = ();
    type Request = Ask;
    type Config = ClientConfig;

    const TIMERS: &'static [&'static str] = &["think", "retry", "work", "lease"];

    fn boot(me: NodeId, config: &Rc<ClientConfig>, _disk: &()) -> Self {
        Client {
            me,
            config: Rc::clone(config),
            stage: Stage::Idle,
            store: 0,
            granted: 0,
            queued: 0,
        }
    }

    fn write(_disk: &mut (), _write: &()) {}

    fn handle(&mut self, input: Input<'_, Self>, out: &mut Out<'_, Self>) {
        match input {
            Input::Started => self.think(out),
            Input::TimerFired(THINK) => {
                self.think(out);
                if self.stage == Stage::Idle {
                    self.ask(out);
                }
            }
            Input::TimerFired(WORK) => self.write(out),
            Input::TimerFired(LEASE) => self.over(out),
            Input::TimerFired(_) => self.again(out),
            Input::Asked(Ask::Acquire) => self.want(out),
            Input::Received { message, .. } => match message {
                LockMessage::SetReply { token, granted } => self.answered(*token, *granted, out),
                LockMessage::WriteReply { tag, accepted, .. } => self.wrote(*tag, *accepted, out),
                // Whether something was deleted changes nothing for it; the rest is for others.
                LockMessage::DeleteReply { .. }
                | LockMessage::SetRequest { .. }
                | LockMessage::DeleteRequest { .. }
                | LockMessage::WriteRequest(_)
                | LockMessage::CopyRequest(_)
                | LockMessage::CopyReply { .. } => {}
            },
            // It writes to no disk of its own.
            Input::Written(_) => {}
        }
    }

    fn facts(&self, facts: &mut Facts) {
        let holding = self.holding();
        facts.say("believes", holding.is_some());
        facts.say("number", holding.map(|holding| holding.number));
        facts.say("token", holding.map(|holding| holding.token.word()));
        facts.say("until", holding.and_then(|holding| holding.until));
        facts.say("written", holding.map(|holding| holding.written));
        facts.say("store", self.target());
        facts.say("granted", self.granted);
        facts.say("queued", self.queued);
    }

    fn role(&self) -> &'static str {
        match self.stage {
            Stage::Idle => "idle",
            Stage::Waiting | Stage::Asked { .. } => "waiting",
            Stage::Holding(_) => "holder",
        }
    }

    fn disk_facts(_disk: &(), _facts: &mut Facts) {}
}
