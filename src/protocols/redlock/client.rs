//! A client: it asks all instances at once, counts the yeses, and reckons how long its lock is good for.

use super::lab::{COUNT_THE_TIME, RELEASE_ON_ALL, mistakes};
use super::message::{RedlockMessage, Token};
use super::notes;
use super::trial::{Reckoning, Trial};
use crate::engine::{Engine, Facts, Input, NodeId, Out, Span, Time, Timer};
use crate::lab::locks::Attempt;
use std::rc::Rc;

/// When it next wants the lock of its own accord.
const THINK: Timer = Timer(0);
/// When it tries again.
const RETRY: Timer = Timer(1);
/// When it waits no longer for the answers of the instances.
const ANSWERS: Timer = Timer(2);
/// When a piece of work is done.
const WORK: Timer = Timer(3);
/// When its lock is good no longer.
const VALIDITY: Timer = Timer(4);

/// By then it has asked for the lock once.
const FIRST: Span = Span::ms(100);

const DRAW_THINK: u8 = 0;
const DRAW_TOKEN: u8 = 1;
const DRAW_RETRY: u8 = 2;

/// What is fixed for a run.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct ClientConfig {
    /// The instances.
    pub instances: Vec<NodeId>,
    /// What the lock protects.
    pub resource: NodeId,
    /// How often it wants the lock of its own accord, in a second; 0 for never.
    pub rate: u64,
    /// How long a key is to live.
    pub ttl: Span,
    /// What is taken off for clocks that run at different speeds.
    pub drift: Span,
    /// How long it waits for the instances.
    pub timeout: Span,
    /// How long it waits before it tries again.
    pub retry: Span,
    /// How long one piece of work takes.
    pub work: Span,
    /// How many pieces there are, each with a write at its end.
    pub writes: u64,
    /// Whether its writes carry a fencing number.
    pub fencing: bool,
}

/// What it does at the moment.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
enum Stage {
    Idle,
    Waiting,
    Asking,
    /// It has a majority, and wants a fencing number.
    Numbering {
        until: Time,
    },
    Holding {
        until: Time,
        written: u64,
    },
}

/// What a person asks of it.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Acquire;

/// One client. A crash makes it forget everything.
#[derive(Clone, Hash)]
pub struct Client {
    me: NodeId,
    config: Rc<ClientConfig>,
    stage: Stage,
    trial: Option<Trial>,
    reckoning: Option<Reckoning>,
    /// The highest fencing number that it has heard of.
    highest: u64,
    granted: u64,
    queued: u64,
}

impl Client {
    /// What is fixed for the run.
    #[must_use]
    pub fn config(&self) -> &ClientConfig {
        &self.config
    }

    /// The attempt that it makes, or whose lock it believes to hold.
    #[must_use]
    pub fn trial(&self) -> Option<&Trial> {
        self.trial.as_ref()
    }

    /// Since when and until when it believes to hold the lock, by its own clock.
    #[must_use]
    pub fn holding(&self) -> Option<(Time, Time)> {
        match self.stage {
            Stage::Holding { until, .. } => self.trial.map(|trial| (trial.at, until)),
            Stage::Idle | Stage::Waiting | Stage::Asking | Stage::Numbering { .. } => None,
        }
    }

    /// Whether it wants the lock and does not have it.
    #[must_use]
    pub fn wants(&self) -> bool {
        match self.stage {
            Stage::Waiting | Stage::Asking | Stage::Numbering { .. } => true,
            Stage::Idle | Stage::Holding { .. } => false,
        }
    }

    /// The last reckoning.
    #[must_use]
    pub fn reckoning(&self) -> Option<&Reckoning> {
        self.reckoning.as_ref()
    }

    /// How many yeses it wants.
    fn quorum(&self, out: &Out<'_, Self>) -> u32 {
        let n = self.config.instances.len() as u32;
        if out.rule(mistakes::MORE_THAN_HALF) {
            n / 2 + 1
        } else {
            n.div_ceil(2)
        }
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
        let token = Token(out.draw(DRAW_TOKEN, 0..=u64::from(u32::MAX)) as u32);
        self.stage = Stage::Asking;
        self.trial = Some(Trial {
            token,
            at: out.now(),
            yes: 0,
            no: 0,
            counted: 0,
            number: 0,
            numbered: 0,
        });
        let ttl = self.config.ttl;
        for instance in &self.config.instances {
            out.send(*instance, RedlockMessage::SetRequest { token, ttl });
        }
        out.set_timer(ANSWERS, self.config.timeout);
        let all = self.config.instances.len();
        out.note(notes::ASKED, [all.into(), token.word().into(), ttl.into()]);
    }

    fn answered(&mut self, from: NodeId, token: Token, granted: bool, out: &mut Out<'_, Self>) {
        let quorum = self.quorum(out);
        let place = self.config.instances.iter().position(|id| *id == from);
        let trial = self.trial.as_mut().filter(|trial| trial.token == token);
        let (Some(place), Some(trial)) = (place, trial) else {
            out.note(notes::LATE_ANSWER, [from.into(), token.word().into()]);
            return;
        };
        let bit = 1 << place;
        let again = (trial.yes | trial.no) & bit != 0;
        if granted {
            trial.yes |= bit;
            if !again || !out.rule(mistakes::COUNT_EACH_ONCE) {
                trial.counted += 1;
            }
        } else {
            trial.no |= bit;
        }
        let (yes, no, trial) = (trial.counted, trial.no.count_ones(), *trial);
        if self.stage != Stage::Asking {
            return;
        }
        let n = self.config.instances.len() as u32;
        if yes >= quorum {
            self.reckon(&trial, out);
        } else if no + quorum > n {
            let args = [u64::from(no).into(), u64::from(n).into()];
            out.note(notes::REFUSED, args);
            self.fail(out);
        }
    }

    /// A majority said yes: for how long is that good?
    fn reckon(&mut self, trial: &Trial, out: &mut Out<'_, Self>) {
        let (ttl, drift) = (self.config.ttl, self.config.drift);
        let elapsed = out.now() - trial.at;
        let counted = out.rule(COUNT_THE_TIME);
        let spent = if counted { elapsed } else { Span(0) };
        let validity = Span(ttl.0.saturating_sub(spent.0).saturating_sub(drift.0));
        self.reckoning = Some(Reckoning {
            elapsed,
            counted,
            validity,
        });
        let args = [ttl.into(), spent.into(), drift.into(), validity.into()];
        out.stop_timer(ANSWERS);
        if validity == Span(0) {
            out.note(notes::TOO_LATE, args);
            self.fail(out);
            return;
        }
        out.note(notes::VALID, args);
        let until = out.now() + validity;
        if self.config.fencing {
            self.stage = Stage::Numbering { until };
            out.set_timer(ANSWERS, self.config.timeout);
            self.ask_for_number(out);
        } else {
            self.hold(until, out);
        }
    }

    /// Asks every instance to keep a number, one higher than any that it has heard of. Redlock has no such
    /// thing; this is the second round that it would take.
    fn ask_for_number(&mut self, out: &mut Out<'_, Self>) {
        let highest = self.highest;
        let Some(trial) = &mut self.trial else { return };
        let number = highest + 1;
        (trial.number, trial.numbered) = (number, 0);
        let token = trial.token;
        out.note(notes::ASKS_NUMBER, [number.into(), highest.into()]);
        for instance in &self.config.instances {
            out.send(*instance, RedlockMessage::NumberRequest { token, number });
        }
    }

    /// An instance keeps the number, or has a higher one.
    fn numbered(
        &mut self,
        from: NodeId,
        token: Token,
        (highest, kept): (u64, bool),
        out: &mut Out<'_, Self>,
    ) {
        let quorum = self.quorum(out);
        let place = self.config.instances.iter().position(|id| *id == from);
        let trial = self.trial.as_mut().filter(|trial| trial.token == token);
        let (Some(place), Some(trial), Stage::Numbering { until }) = (place, trial, self.stage)
        else {
            out.note(notes::LATE_ANSWER, [from.into(), token.word().into()]);
            return;
        };
        let number = trial.number;
        if kept && highest == number {
            self.highest = number;
            trial.numbered |= 1 << place;
            if trial.numbered.count_ones() >= quorum {
                out.stop_timer(ANSWERS);
                out.note(notes::NUMBERED, [number.into()]);
                self.hold(until, out);
            }
        } else if highest >= number {
            out.note(notes::NUMBER_TAKEN, [number.into(), highest.into()]);
            self.highest = highest;
            self.ask_for_number(out);
        }
    }

    /// The lock is its own until then.
    fn hold(&mut self, until: Time, out: &mut Out<'_, Self>) {
        self.granted += 1;
        self.stage = Stage::Holding { until, written: 0 };
        out.set_timer(VALIDITY, until - out.now());
        self.work(out);
    }

    /// Looks at the clock, and begins the next piece of work.
    fn work(&mut self, out: &mut Out<'_, Self>) {
        let Stage::Holding { until, written } = self.stage else {
            return;
        };
        let left = until - out.now();
        if written == self.config.writes {
            self.done(out);
        } else if left == Span(0) && out.rule(mistakes::STOP_WITH_THE_VALIDITY) {
            self.over(out);
        } else {
            out.note(notes::LOOKED, [left.into(), self.config.work.into()]);
            out.set_timer(WORK, self.config.work);
        }
    }

    fn write(&mut self, out: &mut Out<'_, Self>) {
        let (Stage::Holding { .. }, Some(trial)) = (self.stage, self.trial) else {
            return;
        };
        let attempt = Attempt {
            writer: self.me,
            tag: u64::from(trial.token.0),
            number: self.config.fencing.then_some(trial.number),
        };
        out.send(self.config.resource, RedlockMessage::WriteRequest(attempt));
        out.note(notes::WROTE, [trial.token.word().into()]);
    }

    fn wrote(&mut self, tag: u64, accepted: bool, out: &mut Out<'_, Self>) {
        let its = self
            .trial
            .is_some_and(|trial| u64::from(trial.token.0) == tag);
        if let (true, Stage::Holding { written, .. }) = (its, &mut self.stage) {
            *written = (*written + 1).min(self.config.writes);
            if accepted {
                self.work(out);
            } else {
                let number = self.trial.map_or(0, |trial| trial.number);
                out.note(notes::FENCED_OFF, [number.into()]);
                self.done(out);
            }
        }
    }

    fn over(&mut self, out: &mut Out<'_, Self>) {
        if out.rule(mistakes::STOP_WITH_THE_VALIDITY) {
            out.note(notes::OVER, []);
            self.done(out);
        }
    }

    /// Deletes its keys: everywhere, or, without the rule, only where it knows that there is one.
    fn release(&mut self, out: &mut Out<'_, Self>) {
        let Some(trial) = self.trial.take() else {
            return;
        };
        let everywhere = out.rule(RELEASE_ON_ALL);
        let mut to = 0u64;
        for (place, instance) in self.config.instances.iter().enumerate() {
            if everywhere || trial.yes >> place & 1 == 1 {
                let token = trial.token;
                out.send(*instance, RedlockMessage::DeleteRequest { token });
                to += 1;
            }
        }
        out.note(notes::RELEASED, [to.into(), trial.token.word().into()]);
        for timer in [RETRY, ANSWERS, WORK, VALIDITY] {
            out.stop_timer(timer);
        }
    }

    /// Without a lock: what it got is given back, and it tries again after a random time.
    fn fail(&mut self, out: &mut Out<'_, Self>) {
        self.release(out);
        self.stage = Stage::Waiting;
        let most = self.config.retry.0;
        let gap = Span(out.draw(DRAW_RETRY, most / 4..=most).max(1));
        out.set_timer(RETRY, gap);
        out.note(notes::WAITS, [gap.into()]);
    }

    fn done(&mut self, out: &mut Out<'_, Self>) {
        self.release(out);
        self.stage = Stage::Idle;
        if self.queued > 0 {
            self.queued -= 1;
            self.ask(out);
        }
    }
}

impl Engine for Client {
    type Message = RedlockMessage;
    type Disk = ();
    type Write = ();
    type Request = Acquire;
    type Config = ClientConfig;

    const TIMERS: &'static [&'static str] = &["think", "retry", "answers", "work", "validity"];

    fn boot(me: NodeId, config: &Rc<ClientConfig>, _disk: &()) -> Self {
        Client {
            me,
            config: Rc::clone(config),
            stage: Stage::Idle,
            trial: None,
            reckoning: None,
            highest: 0,
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
            Input::TimerFired(RETRY) => {
                if self.stage == Stage::Waiting {
                    self.ask(out);
                }
            }
            Input::TimerFired(ANSWERS) => {
                if matches!(self.stage, Stage::Asking | Stage::Numbering { .. }) {
                    out.note(notes::NO_MAJORITY, []);
                    self.fail(out);
                }
            }
            Input::TimerFired(WORK) => self.write(out),
            Input::TimerFired(_) => self.over(out),
            Input::Asked(Acquire) => {
                if self.stage == Stage::Idle {
                    self.ask(out);
                } else {
                    self.queued += 1;
                }
            }
            Input::Received { from, message } => match message {
                RedlockMessage::SetReply { token, granted } => {
                    self.answered(from, *token, *granted, out);
                }
                RedlockMessage::NumberReply {
                    token,
                    highest,
                    kept,
                } => self.numbered(from, *token, (*highest, *kept), out),
                RedlockMessage::WriteReply { tag } => self.wrote(*tag, true, out),
                RedlockMessage::WriteRefused { tag } => self.wrote(*tag, false, out),
                // These are for others.
                RedlockMessage::SetRequest { .. }
                | RedlockMessage::DeleteRequest { .. }
                | RedlockMessage::WriteRequest(_)
                | RedlockMessage::NumberRequest { .. } => {}
            },
            // It writes to no disk.
            Input::Written(_) => {}
        }
    }

    fn facts(&self, facts: &mut Facts) {
        let holding = self.holding();
        facts.say("believes", holding.is_some());
        facts.say("until", holding.map(|(_, until)| until));
        facts.say("token", self.trial.map(|trial| trial.token.word()));
        facts.say("yes", self.trial.map(|trial| trial.yes.count_ones()));
        facts.say("no", self.trial.map(|trial| trial.no.count_ones()));
        let reckoning = self.reckoning;
        facts.say("elapsed", reckoning.map(|reckoning| reckoning.elapsed));
        facts.say("validity", reckoning.map(|reckoning| reckoning.validity));
        let numbered = self.trial.filter(|_| self.config.fencing);
        if let Some(trial) = numbered {
            facts.say("number", trial.number);
        }
        facts.say("granted", self.granted);
        facts.say("queued", self.queued);
    }

    fn role(&self) -> &'static str {
        match self.stage {
            Stage::Idle => "idle",
            Stage::Waiting | Stage::Asking | Stage::Numbering { .. } => "waiting",
            Stage::Holding { .. } => "holder",
        }
    }

    fn disk_facts(_disk: &(), _facts: &mut Facts) {}
}
