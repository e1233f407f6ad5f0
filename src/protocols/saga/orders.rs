//! The order service: it takes orders, and runs a saga for each, forwards step by step, and back if a step cannot be done.

use super::course::{Phase, Sagas};
use super::event::{Disk, Event, Journal, What, Write};
use super::lab::Config;
use super::message::{Reply, SagaMessage};
use super::notes;
use super::order::{Order, Outcome, SagaId, Step, Steps, Why};
use super::rules::{
    NO_WAY_BACK, RECORD_BEFORE_ACTING, RESUME, RETRY_COMPENSATIONS, REVERSE, WHAT_MAY_BE_DONE,
    mistakes,
};
use crate::engine::{Engine, Fact, Facts, Input, NodeId, Out, Timer};
use std::hash::{Hash, Hasher};
use std::rc::Rc;

/// When it looks whom to ask again.
pub(super) const AGAIN: Timer = Timer(0);

type Desk<'a> = Out<'a, Orders>;

/// The order service.
#[derive(Clone)]
pub struct Orders {
    config: Rc<Config>,
    sagas: Sagas,
    journal: Journal,
    ticking: bool,
    /// How many events it read when it came up. Shown only.
    replayed: usize,
}

/// Without what is the same in every state, and what is only shown.
impl Hash for Orders {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (&self.sagas, &self.journal, self.ticking).hash(state);
    }
}

impl Orders {
    /// Its sagas.
    #[must_use]
    pub fn sagas(&self) -> &Sagas {
        &self.sagas
    }

    /// The events that are not on its disk yet.
    #[must_use]
    pub fn journal(&self) -> &Journal {
        &self.journal
    }

    /// What is fixed.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }

    fn started(&mut self, out: &mut Desk<'_>) {
        let open: Vec<SagaId> = self.sagas.open().map(|(id, _)| id).collect();
        if self.replayed > 0 {
            out.note(
                notes::REPLAYS_ORDERS,
                [self.replayed.into(), open.len().into()],
            );
        }
        for id in open {
            if out.rule(RESUME) {
                out.note(notes::RESUMES, [id.into()]);
                self.drive(id, out);
            } else {
                out.note(notes::LEAVES_OPEN, [id.into()]);
                if let Some(saga) = self.sagas.get_mut(id) {
                    saga.driven = false;
                }
            }
        }
    }

    /// Facts come first: they are in the log before anybody hears of them.
    fn record(&mut self, id: SagaId, order: Order, whats: &[What], out: &mut Desk<'_>) {
        let event = |what: &What| Event {
            saga: id,
            order,
            what: *what,
        };
        let events: Vec<Event> = whats.iter().map(event).collect();
        events.iter().for_each(|event| self.sagas.apply(event));
        self.journal.append(&events, out);
    }

    fn say(to: NodeId, message: SagaMessage, out: &mut Desk<'_>) {
        if out.rule(RECORD_BEFORE_ACTING) {
            out.send_when_durable(to, message);
        } else {
            out.send(to, message);
        }
    }

    /// A customer orders.
    fn place(&mut self, from: NodeId, id: SagaId, order: Order, out: &mut Desk<'_>) {
        if let Some(saga) = self.sagas.get(id)
            && out.rule(mistakes::KNOW_AN_ORDER)
        {
            out.note(notes::KNOWS_ORDER, [id.into()]);
            let answer = match saga.phase {
                Phase::Closed(outcome) => SagaMessage::Ended(id, outcome),
                Phase::Forward(_) | Phase::Backward(_) => SagaMessage::Accepted(id),
            };
            return Self::say(from, answer, out);
        }
        let note = if out.rule(RECORD_BEFORE_ACTING) {
            notes::OPENS
        } else {
            notes::OPENS_UNRECORDED
        };
        out.note(note, [id.into(), u64::from(order.pieces).into()]);
        self.record(id, order, &[What::Opened], out);
        Self::say(from, SagaMessage::Accepted(id), out);
        self.drive(id, out);
    }

    /// Sends what is due next.
    fn drive(&mut self, id: SagaId, out: &mut Desk<'_>) {
        if let Some(saga) = self.sagas.get_mut(id) {
            saga.fresh = true;
            saga.driven = true;
        }
        self.send_due(id, out);
        if !self.ticking {
            self.ticking = true;
            out.set_timer(AGAIN, self.config.retry);
        }
    }

    fn send_due(&self, id: SagaId, out: &mut Desk<'_>) {
        let Some(saga) = self.sagas.get(id) else {
            return;
        };
        match saga.phase {
            Phase::Forward(step) => {
                out.note(notes::NEXT_STEP, [id.into(), step.arg()]);
                Self::say(step.service(), SagaMessage::Do(step, id, saga.order), out);
            }
            Phase::Backward(left) => {
                let due = if out.rule(REVERSE) {
                    left.iter().next_back()
                } else {
                    left.iter().next()
                };
                let Some(step) = due else {
                    return;
                };
                let note = if out.rule(REVERSE) {
                    notes::COMPENSATES
                } else {
                    notes::COMPENSATES_FORWARDS
                };
                out.note(note, [id.into(), step.undoing_arg()]);
                Self::say(step.service(), SagaMessage::Undo(step, id, saga.order), out);
            }
            Phase::Closed(_) => {}
        }
    }

    fn answered(&mut self, step: Step, id: SagaId, reply: Reply, out: &mut Desk<'_>) {
        let Some(saga) = self.sagas.get(id).copied() else {
            return out.note(notes::UNKNOWN_SAGA, [id.into()]);
        };
        match (saga.phase, reply) {
            (Phase::Forward(due), Reply::Done)
                if due == step || !out.rule(mistakes::AN_ANSWER_TO_ITS_STEP) =>
            {
                self.step_done(id, saga.order, due, out);
            }
            (Phase::Forward(due), Reply::Refused) if due == step => {
                out.note(notes::HEARS_REFUSAL, [id.into(), step.arg()]);
                self.turn_back(id, saga.order, (step, Why::Refused), out);
            }
            (Phase::Backward(left), Reply::Undone) if left.has(step) => {
                self.step_undone(id, saga.order, left.without(step), step, out);
            }
            (Phase::Backward(left), Reply::NotUndone) if left.has(step) => {
                out.note(notes::HEARS_NOT_UNDONE, [id.into(), step.undoing_arg()]);
            }
            (Phase::Forward(_) | Phase::Backward(_) | Phase::Closed(_), _) => {
                out.note(notes::LATE_ANSWER, [id.into(), step.arg()]);
            }
        }
    }

    fn step_done(&mut self, id: SagaId, order: Order, step: Step, out: &mut Desk<'_>) {
        out.note(notes::STEP_DONE, [id.into(), step.arg()]);
        if step.next().is_some() {
            self.record(id, order, &[What::Done(step)], out);
            self.drive(id, out);
        } else {
            out.note(notes::IS_DONE, [id.into()]);
            let closed = What::Closed(Outcome::Done);
            self.record(id, order, &[What::Done(step), closed], out);
            Self::say(id.customer, SagaMessage::Ended(id, Outcome::Done), out);
        }
    }

    /// From here on it goes backwards.
    fn turn_back(&mut self, id: SagaId, order: Order, at: (Step, Why), out: &mut Desk<'_>) {
        let (step, why) = at;
        let mut undo = Steps::before(step);
        if why == Why::GivenUp && out.rule(WHAT_MAY_BE_DONE) && step.next().is_some() {
            out.note(notes::MAY_BE_DONE, [id.into(), step.arg()]);
            undo = undo.with(step);
        }
        let aborted = What::Aborted(step, why, undo);
        if undo.is_empty() {
            self.close(id, order, aborted, out);
        } else {
            self.record(id, order, &[aborted], out);
            self.drive(id, out);
        }
    }

    fn step_undone(
        &mut self,
        id: SagaId,
        order: Order,
        left: Steps,
        step: Step,
        out: &mut Desk<'_>,
    ) {
        out.note(notes::STEP_UNDONE, [id.into(), step.undoing_arg()]);
        if left.is_empty() {
            self.close(id, order, What::Undone(step), out);
        } else {
            self.record(id, order, &[What::Undone(step)], out);
            self.drive(id, out);
        }
    }

    fn close(&mut self, id: SagaId, order: Order, last: What, out: &mut Desk<'_>) {
        out.note(notes::IS_COMPENSATED, [id.into()]);
        let closed = What::Closed(Outcome::Compensated);
        self.record(id, order, &[last, closed], out);
        let ended = SagaMessage::Ended(id, Outcome::Compensated);
        Self::say(id.customer, ended, out);
    }

    /// Whoever has not answered is asked again; in the end some steps are given up.
    fn again(&mut self, out: &mut Desk<'_>) {
        let open: Vec<SagaId> = self.sagas.open().map(|(id, _)| id).collect();
        for id in open {
            self.wait_on(id, out);
        }
        self.ticking = self.sagas.open().any(|(_, saga)| saga.driven);
        if self.ticking {
            out.set_timer(AGAIN, self.config.retry);
        }
    }

    fn wait_on(&mut self, id: SagaId, out: &mut Desk<'_>) {
        let tries = self.config.tries;
        let Some(saga) = self.sagas.get_mut(id).filter(|saga| saga.driven) else {
            return;
        };
        if std::mem::take(&mut saga.fresh) {
            return;
        }
        saga.tries = saga.tries.saturating_add(1);
        let (order, phase, tried) = (saga.order, saga.phase, u64::from(saga.tries));
        match phase {
            Phase::Forward(step) if tried >= tries && !self.config.forward => {
                if step == Step::Ship && out.rule(NO_WAY_BACK) {
                    out.note(notes::LAST_STEP_AGAIN, [id.into()]);
                    return self.send_due(id, out);
                }
                out.note(notes::GIVES_UP, [id.into(), step.arg(), tried.into()]);
                self.turn_back(id, order, (step, Why::GivenUp), out);
            }
            Phase::Backward(_) if !out.rule(RETRY_COMPENSATIONS) => {
                out.note(notes::DOES_NOT_INSIST, [id.into()]);
            }
            Phase::Forward(_) | Phase::Backward(_) => {
                out.note(notes::ASKS_AGAIN, [id.into()]);
                self.send_due(id, out);
            }
            Phase::Closed(_) => {}
        }
    }
}

impl Engine for Orders {
    type Message = SagaMessage;
    type Disk = Disk;
    type Write = Write;
    type Request = ();
    type Config = Config;

    const TIMERS: &'static [&'static str] = &["again"];

    fn boot(_me: NodeId, config: &Rc<Config>, disk: &Disk) -> Self {
        Orders {
            config: Rc::clone(config),
            sagas: Sagas::replay(disk),
            journal: Journal::default(),
            ticking: false,
            replayed: disk.log.len(),
        }
    }

    fn write(disk: &mut Disk, write: &Write) {
        disk.write(write);
    }

    fn handle(&mut self, input: Input<'_, Self>, out: &mut Out<'_, Self>) {
        match input {
            Input::Started => self.started(out),
            Input::Received { from, message } => match *message {
                SagaMessage::Place(id, order) => self.place(from, id, order, out),
                SagaMessage::Answer(step, id, reply) => self.answered(step, id, reply, out),
                // Nobody sends it these.
                SagaMessage::Accepted(_)
                | SagaMessage::Ended(..)
                | SagaMessage::Do(..)
                | SagaMessage::Undo(..) => {}
            },
            Input::TimerFired(_) => self.again(out),
            Input::Written(upto) => self.journal.written(upto),
            // Customers are asked.
            Input::Asked(()) => {}
        }
    }

    fn facts(&self, facts: &mut Facts) {
        let open: Vec<Fact> = self.sagas.open().map(|(id, _)| id.into()).collect();
        let ended = |outcome: Outcome| {
            let all = self.sagas.iter();
            all.filter(|(_, saga)| saga.phase == Phase::Closed(outcome))
                .count()
        };
        facts.say("open", Fact::List(open));
        facts.say("done", ended(Outcome::Done));
        facts.say("compensated", ended(Outcome::Compensated));
        facts.say("in-memory", self.journal.iter().count());
        facts.say("replayed", self.replayed);
    }

    fn role(&self) -> &'static str {
        let back =
            |(_, saga): (SagaId, &super::course::Saga)| matches!(saga.phase, Phase::Backward(_));
        if self.sagas.open().any(back) {
            "compensating"
        } else if self.sagas.open().next().is_some() {
            "working"
        } else {
            "orders"
        }
    }

    fn disk_facts(disk: &Disk, facts: &mut Facts) {
        facts.say("events", disk.log.len());
        facts.say("forced", disk.forced);
    }
}
