//! A server: one request at a time, the others wait in line.

use super::message::{Ask, LoadMessage, RequestId};
use super::notes;
use crate::engine::{Engine, Facts, Input, NodeId, Out, RuleId, Span, Time, Timer};
use std::collections::VecDeque;
use std::rc::Rc;

const DONE: Timer = Timer(0);
/// Over how long its use is measured.
const WINDOW: Span = Span::secs(5);
/// How much slower than usual a machine is that has just come up.
const COLD_TIMES: u64 = 4;

/// See `mistakes` in `balancer`: with this one off, who comes takes the place of who is served.
pub(super) const FINISH_WHAT_WAS_BEGUN: RuleId = RuleId(super::balancer::mistakes::FIRST);

/// What is fixed for a run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ServerConfig {
    /// How many requests it takes, the one in service among them.
    pub queue_limit: usize,
    /// How long a machine that came up again is slow.
    pub warm_up: Span,
}

/// One request in the line.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub(super) struct Job {
    pub(super) balancer: NodeId,
    pub(super) ticket: u64,
    pub(super) ask: Ask,
}

/// How much of the time it worked.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, Default)]
struct Use {
    window: u64,
    busy: Span,
    before: Span,
}

/// One server.
#[derive(Clone, Hash)]
pub struct Server {
    queue_limit: usize,
    warm_up: Span,
    /// How many times slower than usual it is.
    slow: u64,
    cold_since: Option<Time>,
    queue: VecDeque<Job>,
    /// When the first of the line was begun, and how long it takes.
    began: Time,
    takes: Span,
    served: u64,
    used: Use,
}

/// What a person asks of a server.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Slow(pub u64);

impl Server {
    /// How many requests are in it, the one in service among them.
    #[must_use]
    pub fn load(&self) -> usize {
        self.queue.len()
    }

    /// Those in it, the one in service first.
    pub(super) fn jobs(&self) -> impl Iterator<Item = RequestId> {
        self.queue.iter().map(|job| job.ask.id)
    }

    /// How many it takes.
    pub(super) fn queue_limit(&self) -> usize {
        self.queue_limit
    }

    /// How long it is slow when it has come up.
    pub(super) fn warm_up(&self) -> Span {
        self.warm_up
    }

    /// How many it has served since it came up.
    #[must_use]
    pub fn served(&self) -> u64 {
        self.served
    }

    /// How many times slower than usual it was set.
    #[must_use]
    pub fn slow(&self) -> u64 {
        self.slow
    }

    /// When it is at its full speed again, if it is not.
    pub(super) fn cold_until(&self, now: Time) -> Option<(Time, Time)> {
        let since = self.cold_since?;
        let until = since + self.warm_up;
        (now < until).then_some((since, until))
    }

    /// When the request in service was begun, and when it is done.
    pub(super) fn in_service(&self) -> Option<(Time, Time)> {
        let busy = !self.queue.is_empty();
        busy.then(|| (self.began, self.began + self.takes))
    }

    /// How much of the last whole stretch of five seconds, and of the one that runs, it worked, in
    /// thousandths.
    pub(super) fn utilisation(&self, now: Time) -> u64 {
        let mut used = self.used;
        used.turn(now);
        let mut busy = Span(used.busy.0 + self.under_way(now, used.window).0);
        let mut time = now - Time(used.window * WINDOW.0);
        if used.window > 0 {
            busy = Span(busy.0 + used.before.0);
            time = Span(time.0 + WINDOW.0);
        }
        (busy.0.saturating_mul(1000) / time.0.max(1)).min(1000)
    }

    /// How much of the request in service lies in this stretch of time.
    fn under_way(&self, now: Time, window: u64) -> Span {
        if self.queue.is_empty() {
            return Span(0);
        }
        now - self.began.max(Time(window * WINDOW.0))
    }

    /// How long a request of so much work takes if it begins now. A machine that has just come up
    /// is four times slower, and gets faster evenly.
    fn time_for(&self, demand: Span, now: Time) -> Span {
        let slowed = demand.0.saturating_mul(self.slow);
        let Some((since, _)) = self.cold_until(now) else {
            return Span(slowed);
        };
        // The speed in millionths, from a quarter to the whole.
        let share = (now - since).0.saturating_mul(1_000_000) / self.warm_up.0.max(1);
        let speed = (1_000_000 + (COLD_TIMES - 1) * share) / COLD_TIMES;
        Span((u128::from(slowed) * 1_000_000 / u128::from(speed.max(1))) as u64)
    }

    fn begin(&mut self, out: &mut Out<'_, Self>) {
        let Some(job) = self.queue.front() else {
            return;
        };
        self.began = out.now();
        self.takes = self.time_for(job.ask.demand, out.now());
        out.note(notes::BEGAN, [job.ask.id.op().into(), self.takes.into()]);
        out.set_timer(DONE, self.takes);
    }

    fn take_on(&mut self, job: Job, out: &mut Out<'_, Self>) {
        let (op, load) = (job.ask.id.op(), self.queue.len());
        if load >= self.queue_limit {
            out.note(notes::QUEUE_FULL, [op.into(), load.into()]);
            let (ticket, attempt) = (job.ticket, job.ask.attempt);
            return out.send(job.balancer, LoadMessage::Rejection { ticket, attempt });
        }
        if load > 0 && !out.rule(FINISH_WHAT_WAS_BEGUN) {
            self.queue.pop_front();
            self.queue.push_front(job);
            return self.begin(out);
        }
        self.queue.push_back(job);
        if load == 0 {
            self.begin(out);
        } else {
            out.note(notes::QUEUED, [op.into(), load.into()]);
        }
    }

    fn finish(&mut self, out: &mut Out<'_, Self>) {
        let Some(job) = self.queue.pop_front() else {
            return;
        };
        let now = out.now();
        self.used.turn(now);
        let from = self.began.max(Time(self.used.window * WINDOW.0));
        self.used.busy = Span(self.used.busy.0 + (now - from).0);
        self.served += 1;
        let left = self.queue.len();
        out.note(notes::FINISHED, [job.ask.id.op().into(), left.into()]);
        let ticket = job.ticket;
        out.send(job.balancer, LoadMessage::Result { ticket });
        self.begin(out);
    }
}

impl Use {
    /// Goes on to the stretch of time that it is now.
    fn turn(&mut self, now: Time) {
        let window = now.0 / WINDOW.0;
        if window != self.window {
            let next = window == self.window + 1;
            self.before = if next { self.busy } else { Span(0) };
            (self.window, self.busy) = (window, Span(0));
        }
    }
}

impl Engine for Server {
    type Message = LoadMessage;
    type Disk = ();
    type Write = ();
    type Request = Slow;
    type Config = ServerConfig;

    const TIMERS: &'static [&'static str] = &["done"];

    fn boot(_me: NodeId, config: &Rc<ServerConfig>, (): &()) -> Self {
        Server {
            queue_limit: config.queue_limit,
            warm_up: config.warm_up,
            slow: 1,
            cold_since: None,
            queue: VecDeque::new(),
            began: Time(0),
            takes: Span(0),
            served: 0,
            used: Use::default(),
        }
    }

    fn write((): &mut (), (): &()) {}

    fn handle(&mut self, input: Input<'_, Self>, out: &mut Out<'_, Self>) {
        match input {
            // At the beginning of time all are warm.
            Input::Started if out.now() > Time(0) && self.warm_up.0 > 0 => {
                self.cold_since = Some(out.now());
                out.note(notes::COLD, [self.warm_up.into()]);
            }
            Input::TimerFired(_) => self.finish(out),
            Input::Received { from, message } => match message {
                LoadMessage::Work { ticket, ask } => {
                    let job = Job {
                        balancer: from,
                        ticket: *ticket,
                        ask: *ask,
                    };
                    self.take_on(job, out);
                }
                LoadMessage::Probe { round } => {
                    let load = self.queue.len() as u32;
                    out.note(notes::IS_WELL, [u64::from(load).into()]);
                    out.send(
                        from,
                        LoadMessage::Health {
                            round: *round,
                            load,
                        },
                    );
                }
                // No server is asked or answered like that.
                LoadMessage::Request(_)
                | LoadMessage::Result { .. }
                | LoadMessage::Rejection { .. }
                | LoadMessage::Answer { .. }
                | LoadMessage::Refusal { .. }
                | LoadMessage::Health { .. } => {}
            },
            Input::Asked(Slow(times)) => {
                self.slow = *times;
                out.note(notes::SLOWED, [(*times).into()]);
            }
            // It begins empty, and writes nothing.
            Input::Started | Input::Written(_) => {}
        }
    }

    fn facts(&self, facts: &mut Facts) {
        facts.say("load", self.queue.len());
        let ops: Vec<u64> = self.jobs().take(12).map(RequestId::op).collect();
        facts.say("line", ops);
        facts.say("served", self.served);
        facts.say("slow", self.slow);
        facts.say("cold-since", self.cold_since);
    }

    fn role(&self) -> &'static str {
        if self.queue.is_empty() {
            "idle"
        } else {
            "busy"
        }
    }

    fn disk_facts((): &(), _: &mut Facts) {}
}
