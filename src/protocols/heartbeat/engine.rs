//! The two engines of the lab: a node that sends heartbeats, and the monitor that waits for them.
//!
//! Neither writes to disk. A monitor that crashed begins anew: it suspects nobody, and gives every
//! node one full timeout.

use super::notes;
use crate::engine::{Engine, Fact, Facts, Input, Message, NodeId, Out, RuleId, Span, Time, Timer};
use std::rc::Rc;

/// The rule "restart the timer on arrival".
pub const RESTART_ON_ARRIVAL: RuleId = RuleId(0);

/// Planted mistakes: hidden rules, for the tests (`LabInfo::mistakes`).
mod mistakes {
    use super::{RESTART_ON_ARRIVAL, RuleId};

    const FIRST: u8 = RESTART_ON_ARRIVAL.0 + 1;
    /// A heartbeat of a suspected node takes the suspicion back.
    pub(super) const TAKE_A_SUSPICION_BACK: RuleId = RuleId(FIRST);
    /// A node that is trusted again is timed again.
    pub(super) const TIME_A_NODE_AGAIN: RuleId = RuleId(FIRST + 1);
    /// Not a microsecond less than the timeout.
    pub(super) const WAIT_THE_WHOLE_TIMEOUT: RuleId = RuleId(FIRST + 2);
}

/// The monitor is the first node of the world; those it watches come after it.
pub const MONITOR: NodeId = NodeId(0);

/// What is fixed for the whole run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Config {
    /// How many nodes are watched.
    pub nodes: u16,
    /// The time between two heartbeats of a node.
    pub interval: Span,
    /// How long a node may be silent before it is suspected.
    pub timeout: Span,
}

/// "I am alive": the only message.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Heartbeat {
    /// Since when the sender is up, by its own clock: two that differ in it come from before and
    /// after a crash.
    pub up_since: Time,
    /// Which heartbeat since then, from 1.
    pub number: u64,
}

impl Message for Heartbeat {
    const KINDS: &'static [&'static str] = &["Heartbeat"];

    fn kind(&self) -> u8 {
        0
    }

    fn facts(&self, facts: &mut Facts) {
        facts.say("number", self.number);
        facts.say("up-since", self.up_since);
    }
}

/// A node that is watched.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Watched {
    interval: Span,
    up_since: Time,
    sent: u64,
}

/// The one timer of a watched node.
const INTERVAL: Timer = Timer(0);

/// The draw for a node's first gap, so that the nodes do not beat in unison.
const PHASE: u8 = 0;

impl Watched {
    /// How many heartbeats it sent since it came up.
    #[must_use]
    pub fn sent(&self) -> u64 {
        self.sent
    }

    fn beat(&mut self, gap: Span, out: &mut Out<'_, Self>) {
        self.sent += 1;
        let heartbeat = Heartbeat {
            up_since: self.up_since,
            number: self.sent,
        };
        out.send(MONITOR, heartbeat);
        out.set_timer(INTERVAL, gap);
        out.note(notes::HEARTBEAT_SENT, [self.sent.into(), gap.into()]);
    }
}

impl Engine for Watched {
    type Message = Heartbeat;
    type Disk = ();
    type Write = ();
    type Request = ();
    type Config = Config;

    const TIMERS: &'static [&'static str] = &["interval"];

    fn boot(_me: NodeId, config: &Rc<Config>, _disk: &()) -> Self {
        Watched {
            interval: config.interval,
            up_since: Time(0),
            sent: 0,
        }
    }

    fn write(_disk: &mut (), _write: &()) {}

    fn handle(&mut self, input: Input<'_, Self>, out: &mut Out<'_, Self>) {
        match input {
            Input::Started => {
                self.up_since = out.now();
                let gap = Span(out.draw(PHASE, 1..=self.interval.0));
                self.beat(gap, out);
            }
            Input::TimerFired(_) => self.beat(self.interval, out),
            // Nobody writes to a node, it asks for no writes, and takes no requests.
            Input::Received { .. } | Input::Written(_) | Input::Asked(()) => {}
        }
    }

    fn facts(&self, facts: &mut Facts) {
        facts.say("up-since", self.up_since);
        facts.say("sent", self.sent);
    }

    fn disk_facts(_disk: &(), _facts: &mut Facts) {}
}

/// What the monitor knows of one node.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Watch {
    /// The last heartbeat, and when it came by the monitor's clock.
    pub last: Option<(Heartbeat, Time)>,
    /// Whether it is suspected.
    pub suspected: bool,
    /// How often a suspicion was taken back because the node had not crashed.
    pub false_alarms: u64,
}

/// The monitor: a failure detector with a fixed timeout.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Monitor {
    timeout: Span,
    up_since: Time,
    watches: Vec<Watch>,
}

impl Monitor {
    /// The timer that runs out when `node` was silent for too long.
    #[must_use]
    pub fn silence(node: NodeId) -> Timer {
        Timer::about(0, Self::TIMERS.len() as u16, node)
    }

    /// How long a node may be silent.
    #[must_use]
    pub fn timeout(&self) -> Span {
        self.timeout
    }

    /// What it knows of a node; `None` for itself.
    #[must_use]
    pub fn watch(&self, node: NodeId) -> Option<&Watch> {
        self.watches.get(node.index().checked_sub(1)?)
    }

    /// All that it watches, in order of their ids.
    pub fn watches(&self) -> impl Iterator<Item = (NodeId, &Watch)> {
        (1..).map(NodeId).zip(&self.watches)
    }

    /// Whether it suspects the node.
    #[must_use]
    pub fn suspects(&self, node: NodeId) -> bool {
        self.watch(node).is_some_and(|watch| watch.suspected)
    }

    fn start(&mut self, out: &mut Out<'_, Self>) {
        self.up_since = out.now();
        for (node, _) in self.watches() {
            out.set_timer(Self::silence(node), self.timeout);
        }
        let nodes = self.watches.len();
        out.note(notes::WATCHING, [nodes.into(), self.timeout.into()]);
    }

    fn heard(&mut self, from: NodeId, heartbeat: Heartbeat, out: &mut Out<'_, Self>) {
        let (now, whole) = (out.now(), out.rule(mistakes::WAIT_THE_WHOLE_TIMEOUT));
        let timeout = Span(self.timeout.0 - u64::from(!whole));
        let Some(watch) = from
            .index()
            .checked_sub(1)
            .and_then(|at| self.watches.get_mut(at))
        else {
            return;
        };
        let before = watch.last.replace((heartbeat, now));
        let was_suspected = watch.suspected;
        if out.rule(mistakes::TAKE_A_SUSPICION_BACK) {
            watch.suspected = false;
        }
        // The same life as before means that it had not crashed when it sent this. More the
        // monitor cannot know; the node may have crashed since.
        let life = before.map(|(last, at)| (last.up_since == heartbeat.up_since, now - at));
        match (life, was_suspected) {
            (Some((true, silence)), true) => {
                watch.false_alarms += 1;
                let args = [from.into(), silence.into(), watch.false_alarms.into()];
                out.note(notes::FALSE_ALARM, args);
            }
            (Some((false, _)), true) => out.note(notes::CAME_BACK, [from.into()]),
            (Some((false, _)), false) => out.note(notes::RESTART_UNNOTICED, [from.into()]),
            (None, true) => out.note(notes::HEARD_AT_LAST, [from.into()]),
            (Some((true, _)) | None, false) => {}
        }
        // A suspected node has no timer that runs, so it gets one whatever the rule says.
        let restart = if was_suspected {
            out.rule(mistakes::TIME_A_NODE_AGAIN)
        } else {
            out.rule(RESTART_ON_ARRIVAL)
        };
        if restart {
            out.set_timer(Self::silence(from), timeout);
            out.note(notes::TIMER_RESTARTED, [from.into(), timeout.into()]);
        } else {
            out.note(notes::TIMER_KEPT, [from.into()]);
        }
    }

    fn silent(&mut self, timer: Timer, out: &mut Out<'_, Self>) {
        let (now, up_since) = (out.now(), self.up_since);
        let (_, Some(node)) = timer.split(Self::TIMERS.len() as u16) else {
            return;
        };
        let Some(watch) = node
            .index()
            .checked_sub(1)
            .and_then(|at| self.watches.get_mut(at))
        else {
            return;
        };
        watch.suspected = true;
        match watch.last {
            Some((_, at)) => out.note(notes::SUSPECTED, [node.into(), (now - at).into()]),
            None => out.note(notes::NEVER_HEARD, [node.into(), (now - up_since).into()]),
        }
    }
}

impl Engine for Monitor {
    type Message = Heartbeat;
    type Disk = ();
    type Write = ();
    type Request = ();
    type Config = Config;

    const TIMERS: &'static [&'static str] = &["silence"];

    fn boot(_me: NodeId, config: &Rc<Config>, _disk: &()) -> Self {
        Monitor {
            timeout: config.timeout,
            up_since: Time(0),
            watches: vec![Watch::default(); usize::from(config.nodes)],
        }
    }

    fn write(_disk: &mut (), _write: &()) {}

    fn handle(&mut self, input: Input<'_, Self>, out: &mut Out<'_, Self>) {
        match input {
            Input::Started => self.start(out),
            Input::Received { from, message } => self.heard(from, *message, out),
            Input::TimerFired(timer) => self.silent(timer, out),
            // It asks for no writes, and takes no requests.
            Input::Written(_) | Input::Asked(()) => {}
        }
    }

    fn facts(&self, facts: &mut Facts) {
        let of = |suspected: bool| -> Vec<NodeId> {
            let those = self
                .watches()
                .filter(|(_, watch)| watch.suspected == suspected);
            those.map(|(node, _)| node).collect()
        };
        facts.say("trusted", of(false));
        facts.say("suspected", of(true));
        let heard = self.watches.iter().filter(|watch| watch.last.is_some());
        facts.say("heard", heard.count());
        let alarms: u64 = self.watches.iter().map(|watch| watch.false_alarms).sum();
        facts.say("false-alarms", Fact::Int(alarms));
    }

    fn role(&self) -> &'static str {
        let suspects = self.watches.iter().any(|watch| watch.suspected);
        if suspects { "suspicious" } else { "trustful" }
    }

    fn disk_facts(_disk: &(), _facts: &mut Facts) {}
}
