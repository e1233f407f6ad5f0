//! A worker: it works on one task at a time, and has others in hand.

use super::broker::{ACKNOWLEDGE_AFTER_THE_WORK, Dispatch};
use super::message::{Hand, QueueMessage, hand_facts};
use super::notes;
use crate::engine::{Engine, Fact, Facts, Input, NodeId, Out, Span, Timer};
use std::rc::Rc;

/// Its countdown is drawn.
pub(super) const WORK: Timer = Timer(0);
const APPLY: Timer = Timer(1);
const POLL: Timer = Timer(2);
/// How long it waits for the ledger before it asks again.
const APPLY_AGAIN: Span = Span::ms(120);
/// More tasks than this it does not have in hand; what comes on top is lost here, and comes back by its timeout.
const MOST_HANDS: usize = 24;
/// So many deliveries that it had are remembered, so that a duplicate is passed over.
const REMEMBERED: usize = 32;

/// What is fixed for a run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WorkerConfig {
    /// Who gets a task.
    pub dispatch: Dispatch,
    /// The broker.
    pub broker: NodeId,
    /// The ledger.
    pub ledger: NodeId,
    /// All workers.
    pub workers: Vec<NodeId>,
    /// How long a task takes.
    pub work: Span,
    /// How many times as long the first worker takes.
    pub slow: u64,
    /// How often one that has nothing to do says so.
    pub poll: Span,
}

/// One worker. It keeps nothing on a disk: what it has in hand the broker has, too.
#[derive(Clone, Hash)]
pub struct Worker {
    me: NodeId,
    dispatch: Dispatch,
    broker: NodeId,
    ledger: NodeId,
    workers: Rc<[NodeId]>,
    work: Span,
    poll: Span,
    /// What it has in hand; it works on the first.
    hands: Vec<Hand>,
    /// The delivery under which the ledger was asked, while it has not answered.
    applying: Option<u64>,
    /// The deliveries that it had.
    had: Vec<u64>,
    /// Whom it stole from last.
    victim: usize,
}

impl Worker {
    /// What it has in hand; it works on the first.
    #[must_use]
    pub fn hands(&self) -> &[Hand] {
        &self.hands
    }

    /// Whether it waits for the ledger.
    #[must_use]
    pub fn applies(&self) -> bool {
        self.applying.is_some()
    }

    /// A task came into its hands.
    fn take(&mut self, hand: Hand, out: &mut Out<'_, Self>) {
        let task = hand.task.id.word();
        if !out.rule(ACKNOWLEDGE_AFTER_THE_WORK) {
            out.note(notes::ACKNOWLEDGED_FIRST, [task.into()]);
            self.acknowledge(&hand, out);
        }
        if let Some(held) = self.hands.iter_mut().find(|held| held.entry == hand.entry) {
            // It was handed out again while it waits here: it is acknowledged under the newer delivery.
            *held = hand;
            out.note(notes::HAD_ALREADY, [task.into()]);
            return;
        }
        if self.hands.len() == MOST_HANDS {
            out.note(notes::NO_ROOM, [task.into()]);
            return;
        }
        out.note(notes::TAKEN, [task.into(), self.hands.len().into()]);
        self.hands.push(hand);
        if self.hands.len() == 1 {
            self.begin(out);
        }
    }

    fn delivered(&mut self, hand: Hand, out: &mut Out<'_, Self>) {
        if self.had.contains(&hand.delivery) {
            out.note(notes::HAD_ALREADY, [hand.task.id.word().into()]);
            return;
        }
        if self.had.len() == REMEMBERED {
            self.had.remove(0);
        }
        self.had.push(hand.delivery);
        self.take(hand, out);
    }

    /// Begins to work on the first that it has, or says that it has nothing to do.
    fn begin(&mut self, out: &mut Out<'_, Self>) {
        self.applying = None;
        out.stop_timer(APPLY);
        let Some(first) = self.hands.first() else {
            self.idle(out);
            return;
        };
        out.stop_timer(POLL);
        out.note(
            notes::BEGUN,
            [first.task.id.word().into(), self.work.into()],
        );
        out.set_timer(WORK, self.work);
    }

    /// Fetches a task, or steals one, or gives a sign of life.
    fn idle(&mut self, out: &mut Out<'_, Self>) {
        out.note(notes::IDLE, []);
        out.send(self.broker, QueueMessage::Ready);
        let n = self.workers.len();
        if self.dispatch == Dispatch::Steal && n > 1 {
            // One after the other, itself left out.
            self.victim = (self.victim + 1) % n;
            if self.workers[self.victim] == self.me {
                self.victim = (self.victim + 1) % n;
            }
            let victim = self.workers[self.victim];
            out.note(notes::STEALS, [victim.into()]);
            out.send(victim, QueueMessage::Steal);
        }
        // Where the broker pushes, it need not hear so often.
        let every = match self.dispatch {
            Dispatch::Pull | Dispatch::Steal => self.poll,
            Dispatch::RoundRobin | Dispatch::Load => Span(self.poll.0 * 4),
        };
        out.set_timer(POLL, every);
    }

    fn stolen_from(&mut self, from: NodeId, out: &mut Out<'_, Self>) {
        // What it works on it keeps.
        let last = if self.hands.len() > 1 {
            self.hands.pop()
        } else {
            None
        };
        match last {
            Some(hand) => {
                out.note(notes::STOLEN, [hand.task.id.word().into(), from.into()]);
                out.send(from, QueueMessage::Handed(hand));
            }
            None => out.note(notes::NOTHING_TO_STEAL, [from.into()]),
        }
    }

    fn worked(&mut self, out: &mut Out<'_, Self>) {
        let Some(first) = self.hands.first().copied() else {
            return;
        };
        let task = first.task.id.word();
        if first.task.poison {
            out.note(notes::FAILED, [task.into()]);
            let (entry, delivery) = (first.entry, first.delivery);
            out.send(self.broker, QueueMessage::Reject { entry, delivery });
            self.hands.remove(0);
            self.begin(out);
            return;
        }
        out.note(notes::WORKED, [task.into()]);
        self.applying = Some(first.delivery);
        self.apply(out);
    }

    fn apply(&mut self, out: &mut Out<'_, Self>) {
        let (Some(first), Some(delivery)) = (self.hands.first(), self.applying) else {
            return;
        };
        let task = first.task.id;
        out.send(self.ledger, QueueMessage::Apply { task, delivery });
        out.set_timer(APPLY, APPLY_AGAIN);
    }

    fn acknowledge(&self, hand: &Hand, out: &mut Out<'_, Self>) {
        let (entry, delivery) = (hand.entry, hand.delivery);
        out.send(self.broker, QueueMessage::Ack { entry, delivery });
    }

    fn applied(&mut self, delivery: u64, out: &mut Out<'_, Self>) {
        if self.applying != Some(delivery) || self.hands.is_empty() {
            return;
        }
        let done = self.hands.remove(0);
        if out.rule(ACKNOWLEDGE_AFTER_THE_WORK) {
            out.note(notes::ACKNOWLEDGED, [done.task.id.word().into()]);
            self.acknowledge(&done, out);
        }
        self.begin(out);
    }

    fn received(&mut self, from: NodeId, message: &QueueMessage, out: &mut Out<'_, Self>) {
        match message {
            QueueMessage::Deliver(hand) => self.delivered(*hand, out),
            QueueMessage::Handed(hand) => self.take(*hand, out),
            QueueMessage::Steal => self.stolen_from(from, out),
            QueueMessage::Applied { delivery } => self.applied(*delivery, out),
            // These are not for a worker.
            QueueMessage::Publish { .. }
            | QueueMessage::PubAck(_)
            | QueueMessage::PubRec(_)
            | QueueMessage::PubRel(_)
            | QueueMessage::PubComp(_)
            | QueueMessage::Ready
            | QueueMessage::Ack { .. }
            | QueueMessage::Reject { .. }
            | QueueMessage::Apply { .. } => {}
        }
    }
}

impl Engine for Worker {
    type Message = QueueMessage;
    type Disk = ();
    type Write = ();
    type Request = ();
    type Config = WorkerConfig;

    const TIMERS: &'static [&'static str] = &["work", "apply", "poll"];

    fn boot(me: NodeId, config: &Rc<WorkerConfig>, _disk: &()) -> Self {
        let at = config.workers.iter().position(|worker| *worker == me);
        let times = if at == Some(0) { config.slow } else { 1 };
        Worker {
            me,
            dispatch: config.dispatch,
            broker: config.broker,
            ledger: config.ledger,
            workers: config.workers.as_slice().into(),
            work: Span(config.work.0 * times),
            poll: config.poll,
            hands: Vec::new(),
            applying: None,
            had: Vec::new(),
            victim: at.unwrap_or(0),
        }
    }

    fn write(_disk: &mut (), _write: &()) {}

    fn handle(&mut self, input: Input<'_, Self>, out: &mut Out<'_, Self>) {
        match input {
            Input::Started => self.begin(out),
            Input::Received { from, message } => self.received(from, message, out),
            Input::TimerFired(WORK) => self.worked(out),
            Input::TimerFired(APPLY) => {
                if let Some(first) = self.hands.first() {
                    out.note(notes::APPLIED_AGAIN, [first.task.id.word().into()]);
                }
                self.apply(out);
            }
            Input::TimerFired(_) => {
                if self.hands.is_empty() {
                    self.idle(out);
                }
            }
            // It writes nothing, and is asked for nothing.
            Input::Written(_) | Input::Asked(()) => {}
        }
    }

    fn facts(&self, facts: &mut Facts) {
        let hand = |hand: &Hand| {
            let mut facts = Facts::default();
            hand_facts(hand, &mut facts);
            Fact::Group(facts)
        };
        facts.say("in-hand", self.hands.len());
        facts.say("task", self.hands.first().map(|hand| hand.task.id.word()));
        facts.say("applying", self.applies());
        facts.say("hands", Fact::List(self.hands.iter().map(hand).collect()));
    }

    fn role(&self) -> &'static str {
        if self.hands.is_empty() {
            "idle"
        } else {
            "working"
        }
    }

    fn disk_facts(_disk: &(), _facts: &mut Facts) {}
}
