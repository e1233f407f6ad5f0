//! A client of an open loop: it asks at its rate, whether it is answered or not; what is not answered
//! in time it asks again, as far as its budget goes.

use super::balancer::{RETRY_BUDGET, mistakes};
use super::layout::Layout;
use super::message::{Ask, LoadMessage, RequestId};
use super::notes;
use super::times::{Arrivals, Demands, UNIT};
use crate::engine::{
    Call, Engine, Facts, Input, NodeId, Numbered, Out, Outcome, Report, Span, Time, Timer, Verb,
    Word,
};
use std::collections::VecDeque;
use std::rc::Rc;

const ARRIVAL: Timer = Timer(0);
const TIMEOUT: Timer = Timer(1);
/// Each counts on its own, so that requests come alike and are as much work whatever the balancer
/// does with them.
const DRAW_GAP: u8 = 0;
const DRAW_DEMAND: u8 = 1;
const DRAW_KEY: u8 = 2;
const DRAW_LIFE: u8 = 3;
/// A retry, in what the budget is counted in.
const RETRY: u64 = 1_000_000;
/// How many retries can be saved up.
const SAVED_MOST: u64 = 10 * RETRY;
/// How many times to an answer are remembered.
const REMEMBERED: usize = 200;

/// What is fixed for a run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ClientConfig {
    /// Who is what.
    pub layout: Layout,
    /// Requests in a second.
    pub rate: u64,
    /// How many it asks of its own accord; 0: without end.
    pub requests: u64,
    /// How they come.
    pub arrivals: Arrivals,
    /// How many come together.
    pub burst: u64,
    /// How much work they are.
    pub demands: Demands,
    /// How much in the mean.
    pub service: Span,
    /// About how many things they are.
    pub keys: u64,
    /// How long it waits for an answer.
    pub timeout: Span,
    /// How often it tries again.
    pub retries: u8,
    /// How many retries a request earns, in millionths.
    pub retry_budget: u32,
}

/// What a person asks of a client.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Wish {
    /// So many requests, now.
    Send(u64),
    /// From now on so many in a second.
    Rate(u64),
}

/// A request that is not answered.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
struct Open {
    since: Time,
    deadline: Option<Time>,
    ask: Ask,
}

/// What it has counted.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Tally {
    /// Requests, without retries.
    pub asked: u64,
    /// Requests that were answered.
    pub answered: u64,
    /// How long those took, all together, in microseconds.
    pub took_us: u64,
    /// Requests that it gave up, or that were refused for good.
    pub failed: u64,
    /// Retries.
    pub retried: u64,
}

/// One client.
#[derive(Clone)]
pub struct Client {
    me: NodeId,
    config: Rc<ClientConfig>,
    life: u32,
    next: u32,
    rate: u64,
    open: Numbered<Open>,
    /// The deadlines in order, with whose they are. One that its request does not have any more means nothing.
    due: VecDeque<(Time, u32)>,
    saved: u64,
    tally: Tally,
    /// The last ones, in microseconds.
    took: VecDeque<u32>,
}

/// By hand: the configuration is the same for the whole run, and what is due follows from what is open.
impl std::hash::Hash for Client {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        (self.me, self.life, self.next, self.rate).hash(state);
        (&self.open, self.saved, self.tally).hash(state);
        self.took.hash(state);
    }
}

impl Client {
    /// What it has counted since it came up.
    #[must_use]
    pub fn tally(&self) -> Tally {
        self.tally
    }

    /// What is fixed.
    #[must_use]
    pub fn config(&self) -> &ClientConfig {
        &self.config
    }

    /// Requests in a second, now.
    #[must_use]
    pub fn rate(&self) -> u64 {
        self.rate
    }

    /// How many of its requests are not answered.
    #[must_use]
    pub fn open(&self) -> usize {
        self.open.len()
    }

    /// How many retries its budget has left.
    #[must_use]
    pub fn retries_left(&self) -> u64 {
        self.saved / RETRY
    }

    /// How long the last ones took, the oldest first, in microseconds.
    pub fn took(&self) -> impl Iterator<Item = u32> {
        self.took.iter().copied()
    }

    fn wait_for_next(&mut self, out: &mut Out<'_, Self>) {
        let most = self.config.requests;
        if self.rate == 0 || (most > 0 && self.tally.asked >= most) {
            return;
        }
        let mean = 1e6 * self.config.burst as f64 / self.rate as f64;
        let draw = out.draw(DRAW_GAP, 1..=UNIT);
        out.set_timer(ARRIVAL, self.config.arrivals.gap(mean, draw));
    }

    fn ask_once(&mut self, out: &mut Out<'_, Self>) {
        self.next += 1;
        let op = self.next;
        let draw = out.draw(DRAW_DEMAND, 1..=UNIT);
        let key = out.draw(DRAW_KEY, 1..=self.config.keys) as u32;
        let ask = Ask {
            id: RequestId::new(self.life, op),
            attempt: 1,
            demand: self.config.demands.demand(self.config.service, draw),
            key,
        };
        self.tally.asked += 1;
        let earned = self.saved + u64::from(self.config.retry_budget);
        self.saved = earned.min(SAVED_MOST);
        out.note(notes::ASKED, [u64::from(op).into(), ask.demand.into()]);
        let call = Call {
            verb: Verb::Get,
            key: Word::number(u64::from(key)),
            value: None,
            expected: None,
        };
        let op = u64::from(op);
        out.report(Report::Invoked { op, call });
        let open = Open {
            since: out.now(),
            deadline: None,
            ask,
        };
        self.open.insert(op, open);
        self.try_now(self.next, out);
    }

    /// Sends a request, for the first time or again, and waits for its answer.
    fn try_now(&mut self, op: u32, out: &mut Out<'_, Self>) {
        let Some(open) = self.open.get_mut(u64::from(op)) else {
            return;
        };
        let ask = open.ask;
        if open.ask.attempt == 1 || out.rule(mistakes::TIME_EVERY_ATTEMPT) {
            let deadline = out.now() + self.config.timeout;
            open.deadline = Some(deadline);
            self.fall_due(deadline, op);
        }
        let at = u64::from(op) + u64::from(ask.attempt);
        let to = self.config.layout.balancer(at + u64::from(self.me.0));
        out.send(to, LoadMessage::Request(ask));
        self.watch_the_clock(out);
    }

    /// Notes a deadline. It is nearly always the last one, unless the clock was set.
    fn fall_due(&mut self, deadline: Time, op: u32) {
        let mut place = self.due.len();
        while let Some(before) = place.checked_sub(1)
            && self.due[before] > (deadline, op)
        {
            place = before;
        }
        self.due.insert(place, (deadline, op));
        if self.due.len() > 2 * self.open.len() + REMEMBERED {
            let open = &self.open;
            self.due.retain(|due| is_due(open, *due));
        }
    }

    /// The first deadline that a request has.
    fn first_due(&mut self) -> Option<(Time, u32)> {
        let open = &self.open;
        while self.due.pop_front_if(|due| !is_due(open, *due)).is_some() {}
        self.due.front().copied()
    }

    fn watch_the_clock(&mut self, out: &mut Out<'_, Self>) {
        match self.first_due() {
            Some((deadline, _)) => out.set_timer(TIMEOUT, deadline - out.now()),
            None => out.stop_timer(TIMEOUT),
        }
    }

    fn time_out(&mut self, out: &mut Out<'_, Self>) {
        while let Some((deadline, op)) = self.first_due() {
            if deadline > out.now() {
                break;
            }
            self.due.pop_front();
            self.fail(op, Outcome::Unknown, out);
        }
        self.watch_the_clock(out);
    }

    /// An attempt came to nothing: once more, or no more.
    fn fail(&mut self, op: u32, outcome: Outcome, out: &mut Out<'_, Self>) {
        let Some(open) = self.open.get_mut(u64::from(op)) else {
            return;
        };
        open.deadline = None;
        let (number, attempt) = (u64::from(op), open.ask.attempt);
        if attempt <= self.config.retries {
            let budget = out.rule(RETRY_BUDGET);
            if !budget || self.saved >= RETRY {
                self.saved = self.saved.saturating_sub(if budget { RETRY } else { 0 });
                open.ask.attempt += 1;
                self.tally.retried += 1;
                let next = u64::from(attempt) + 1;
                out.note(notes::RETRIED, [number.into(), next.into()]);
                return self.try_now(op, out);
            }
            out.note(notes::BUDGET_SPENT, [number.into()]);
        }
        self.open.remove(u64::from(op));
        self.tally.failed += 1;
        let why = match outcome {
            Outcome::Refused => notes::REFUSED_FOR_GOOD,
            Outcome::Unknown | Outcome::Done(_) => notes::GAVE_UP,
        };
        out.note(why, [number.into(), u64::from(attempt).into()]);
        let op = number;
        out.report(Report::Returned { op, outcome });
    }

    fn answered(&mut self, id: RequestId, out: &mut Out<'_, Self>) {
        let op = id.op();
        let mine = id == RequestId::new(self.life, op as u32);
        let open = if mine { self.open.remove(op) } else { None };
        let Some(open) = open else {
            out.note(notes::ANSWER_TOO_LATE, [op.into()]);
            if !out.rule(mistakes::TAKE_ONE_ANSWER) {
                let outcome = Outcome::Done(None);
                out.report(Report::Returned { op, outcome });
            }
            return;
        };
        let took = out.now() - open.since;
        self.tally.answered += 1;
        self.tally.took_us += took.0;
        if self.took.len() == REMEMBERED {
            self.took.pop_front();
        }
        self.took.push_back(took.0.min(u64::from(u32::MAX)) as u32);
        out.note(notes::ANSWERED, [op.into(), took.into()]);
        let outcome = Outcome::Done(None);
        out.report(Report::Returned { op, outcome });
        self.watch_the_clock(out);
    }

    fn refused(&mut self, id: RequestId, attempt: u8, out: &mut Out<'_, Self>) {
        let op = id.op() as u32;
        let open = self.open.get(id.op());
        let same = open.is_some_and(|open| open.ask.id == id && open.ask.attempt == attempt);
        if !same {
            return out.note(notes::REFUSAL_TOO_LATE, [id.op().into()]);
        }
        self.fail(op, Outcome::Refused, out);
        self.watch_the_clock(out);
    }
}

/// Whether a request is open and has this deadline.
fn is_due(open: &Numbered<Open>, (deadline, op): (Time, u32)) -> bool {
    let open = open.get(u64::from(op));
    open.is_some_and(|open| open.deadline == Some(deadline))
}

impl Engine for Client {
    type Message = LoadMessage;
    type Disk = ();
    type Write = ();
    type Request = Wish;
    type Config = ClientConfig;

    const TIMERS: &'static [&'static str] = &["arrival", "timeout"];

    fn boot(me: NodeId, config: &Rc<ClientConfig>, (): &()) -> Self {
        Client {
            me,
            config: Rc::clone(config),
            life: 0,
            next: 0,
            rate: config.rate,
            open: Numbered::default(),
            due: VecDeque::new(),
            saved: SAVED_MOST / 2,
            tally: Tally::default(),
            took: VecDeque::new(),
        }
    }

    fn write((): &mut (), (): &()) {}

    fn handle(&mut self, input: Input<'_, Self>, out: &mut Out<'_, Self>) {
        match input {
            Input::Started => {
                self.life = out.draw(DRAW_LIFE, 0..=u64::from(u32::MAX)) as u32;
                self.wait_for_next(out);
            }
            Input::TimerFired(ARRIVAL) => {
                for _ in 0..self.config.burst {
                    self.ask_once(out);
                }
                self.wait_for_next(out);
            }
            Input::TimerFired(_) => self.time_out(out),
            Input::Received { message, .. } => match message {
                LoadMessage::Answer { id } => self.answered(*id, out),
                LoadMessage::Refusal { id, attempt } => self.refused(*id, *attempt, out),
                // Nobody asks a client.
                LoadMessage::Request(_)
                | LoadMessage::Work { .. }
                | LoadMessage::Result { .. }
                | LoadMessage::Rejection { .. }
                | LoadMessage::Probe { .. }
                | LoadMessage::Health { .. } => {}
            },
            Input::Asked(Wish::Send(count)) => {
                out.note(notes::SENT_BY_HAND, [(*count).into()]);
                for _ in 0..*count {
                    self.ask_once(out);
                }
            }
            Input::Asked(Wish::Rate(rate)) => {
                self.rate = *rate;
                out.note(notes::RATE_SET, [(*rate).into()]);
                out.stop_timer(ARRIVAL);
                self.wait_for_next(out);
            }
            // It writes nothing.
            Input::Written(_) => {}
        }
    }

    fn facts(&self, facts: &mut Facts) {
        facts.say("rate", self.rate);
        facts.say("asked", self.tally.asked);
        facts.say("answered", self.tally.answered);
        facts.say("failed", self.tally.failed);
        facts.say("retried", self.tally.retried);
        facts.say("open", self.open.len());
        facts.say("retries-left", self.retries_left());
    }

    fn disk_facts((): &(), _: &mut Facts) {}
}
