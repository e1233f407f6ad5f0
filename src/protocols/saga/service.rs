//! A service that does steps: the stock, or payment.

use super::event::{Disk, Event, Journal, What, Write};
use super::lab::Config;
use super::ledger::{Deal, Ledger, Trade, trade_of};
use super::message::{Reply, SagaMessage};
use super::notes;
use super::order::{Order, SagaId, Step};
use super::rules::{BAR, IDEMPOTENT, RECORD_BEFORE_ANSWERING, mistakes};
use crate::engine::{Engine, Fact, Facts, Input, NodeId, Out, Word};
use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

const DRAW_COURIER: u8 = 0;

type Desk<'a> = Out<'a, Service>;

/// A service.
#[derive(Clone)]
pub struct Service {
    me: NodeId,
    config: Rc<Config>,
    ledger: Ledger,
    journal: Journal,
    /// How often it has not done a refund.
    failed: BTreeMap<SagaId, u64>,
    /// How many events it read when it came up. Shown only.
    replayed: usize,
    /// What its log came to then without the compensations: for a planted mistake.
    forgetful: Option<Rc<Ledger>>,
}

/// Without what is the same in every state, and what is only shown.
impl Hash for Service {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (&self.ledger, &self.journal, &self.failed).hash(state);
    }
}

impl Service {
    /// Its state.
    #[must_use]
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// The events that are not on its disk yet.
    #[must_use]
    pub fn journal(&self) -> &Journal {
        &self.journal
    }

    fn started(&mut self, out: &mut Desk<'_>) {
        if let Some(ledger) = self.forgetful.take()
            && !out.rule(mistakes::REPLAY_EVERY_EVENT)
        {
            self.ledger = Rc::unwrap_or_clone(ledger);
        }
        if self.replayed > 0 {
            let free: i64 = self.ledger.free.iter().sum();
            let args = [self.replayed.into(), Word::signed(free).into()];
            out.note(notes::REPLAYS_SERVICE, args);
        }
    }

    fn record(&mut self, saga: SagaId, order: Order, what: What, out: &mut Desk<'_>) {
        let event = Event { saga, order, what };
        self.ledger.apply(&event);
        self.journal.append(&[event], out);
    }

    fn reply(to: NodeId, step: Step, saga: SagaId, reply: Reply, out: &mut Desk<'_>) {
        let message = SagaMessage::Answer(step, saga, reply);
        if out.rule(RECORD_BEFORE_ANSWERING) {
            out.send_when_durable(to, message);
        } else {
            out.send(to, message);
        }
    }

    /// What it would say to a step that it knows already.
    fn known(&self, step: Step, saga: SagaId, out: &Desk<'_>) -> Option<Reply> {
        let deal = self.ledger.deal(saga);
        match (step, deal) {
            (Step::Reserve | Step::Charge, None) | (Step::Ship, Some(Deal::Held)) => None,
            (Step::Ship, Some(Deal::Unsendable)) => Some(Reply::Refused),
            // Nothing is reserved that could be sent.
            (Step::Ship, None | Some(Deal::Undone | Deal::Refused | Deal::Barred)) => {
                Some(Reply::Refused)
            }
            (_, Some(Deal::Barred)) => Some(Reply::Refused),
            (_, Some(_)) if !out.rule(IDEMPOTENT) => None,
            (_, Some(Deal::Undone | Deal::Refused)) => Some(Reply::Refused),
            (_, Some(Deal::Held | Deal::Unsendable | Deal::Sent)) => Some(Reply::Done),
        }
    }

    fn act(&mut self, from: NodeId, step: Step, saga: SagaId, order: Order, out: &mut Desk<'_>) {
        if let Some(reply) = self.known(step, saga, out) {
            let note = match (reply, self.ledger.deal(saga)) {
                (Reply::Done, _) => notes::KNOWN,
                (_, Some(Deal::Undone | Deal::Barred)) => notes::TOO_LATE,
                (_, _) => notes::KNOWN_REFUSED,
            };
            out.note(note, [saga.into(), step.arg()]);
            return Self::reply(from, step, saga, reply, out);
        }
        if self.ledger.deal(saga).is_some() && step.next().is_some() {
            out.note(notes::DOES_AGAIN, [saga.into(), step.arg()]);
        }
        let reply = match step {
            Step::Reserve | Step::Charge => self.take(step, saga, order, out),
            Step::Ship => self.ship(saga, order, out),
        };
        Self::reply(from, step, saga, reply, out);
    }

    fn take(&mut self, step: Step, saga: SagaId, order: Order, out: &mut Desk<'_>) -> Reply {
        let (free, amount) = (self.ledger.free_for(saga), self.ledger.amount(order));
        let args = |free: i64| {
            [
                saga.into(),
                u64::from(amount).into(),
                Word::signed(free).into(),
            ]
        };
        if free >= i64::from(amount) {
            let note = match self.ledger.trade {
                Trade::Goods => notes::RESERVES,
                Trade::Money => notes::CHARGES,
            };
            out.note(note, args(free - i64::from(amount)));
            self.record(saga, order, What::Done(step), out);
            return Reply::Done;
        }
        let note = match self.ledger.trade {
            Trade::Goods => notes::NO_GOODS,
            Trade::Money => notes::NO_MONEY,
        };
        out.note(note, args(free));
        if out.rule(mistakes::REMEMBER_REFUSALS) {
            self.record(saga, order, What::Refused(step), out);
        }
        Reply::Refused
    }

    fn ship(&mut self, saga: SagaId, order: Order, out: &mut Desk<'_>) -> Reply {
        let share = self.config.no_courier;
        if share > 0 && out.draw(DRAW_COURIER, 0..=999_999) < share {
            out.note(notes::NO_COURIER, [saga.into()]);
            self.record(saga, order, What::Refused(Step::Ship), out);
            return Reply::Refused;
        }
        out.note(notes::SHIPS, [saga.into(), u64::from(order.pieces).into()]);
        self.record(saga, order, What::Done(Step::Ship), out);
        Reply::Done
    }

    fn undo(&mut self, from: NodeId, step: Step, saga: SagaId, order: Order, out: &mut Desk<'_>) {
        let args = [saga.into(), step.undoing_arg()];
        match self.ledger.deal(saga) {
            Some(Deal::Held | Deal::Unsendable) => {
                if self.ledger.trade == Trade::Money && self.fails(saga) {
                    out.note(notes::REFUND_FAILS, [saga.into()]);
                    return Self::reply(from, step, saga, Reply::NotUndone, out);
                }
                let amount = self.ledger.amount(order);
                let note = match self.ledger.trade {
                    Trade::Goods => notes::RELEASES,
                    Trade::Money => notes::REFUNDS,
                };
                out.note(note, [saga.into(), u64::from(amount).into()]);
                self.record(saga, order, What::Undone(step), out);
            }
            Some(Deal::Sent) => out.note(notes::CANNOT_BRING_BACK, [saga.into()]),
            Some(Deal::Undone) if !out.rule(IDEMPOTENT) => {
                out.note(notes::DOES_AGAIN, args);
                self.record(saga, order, What::Undone(step), out);
            }
            Some(Deal::Undone | Deal::Barred) => out.note(notes::KNOWN, args),
            Some(Deal::Refused) => out.note(notes::NOTHING_TO_UNDO, args),
            None if !out.rule(mistakes::GIVE_BACK_WHAT_WAS_TAKEN) => {
                self.record(saga, order, What::Undone(step), out);
            }
            None if out.rule(BAR) => {
                out.note(notes::BARS, args);
                self.record(saga, order, What::Barred(step), out);
            }
            None => out.note(notes::DOES_NOT_BAR, args),
        }
        Self::reply(from, step, saga, Reply::Undone, out);
    }

    /// Whether this refund is one of those that do not work.
    fn fails(&mut self, saga: SagaId) -> bool {
        let most = self.config.failed_refunds;
        let failed = self.failed.get(&saga).copied().unwrap_or(0);
        if failed >= most {
            return false;
        }
        self.failed.insert(saga, failed + 1);
        true
    }
}

impl Engine for Service {
    type Message = SagaMessage;
    type Disk = Disk;
    type Write = Write;
    type Request = ();
    type Config = Config;

    const TIMERS: &'static [&'static str] = &[];

    fn boot(me: NodeId, config: &Rc<Config>, disk: &Disk) -> Self {
        let mut forgetful = None;
        let undone = |event: &Event| matches!(event.what, What::Undone(_));
        if disk.log.iter().any(undone) {
            let mut ledger = config.ledger(trade_of(me));
            let all = disk.log.iter().filter(|event| !undone(event));
            all.for_each(|event| ledger.apply(event));
            forgetful = Some(Rc::new(ledger));
        }
        Service {
            me,
            config: Rc::clone(config),
            ledger: config.ledger(trade_of(me)).replay(disk),
            journal: Journal::default(),
            failed: BTreeMap::new(),
            replayed: disk.log.len(),
            forgetful,
        }
    }

    fn write(disk: &mut Disk, write: &Write) {
        disk.write(write);
    }

    fn handle(&mut self, input: Input<'_, Self>, out: &mut Out<'_, Self>) {
        match input {
            Input::Started => self.started(out),
            Input::Received { from, message } => match *message {
                SagaMessage::Do(step, saga, order) => self.act(from, step, saga, order, out),
                SagaMessage::Undo(step, saga, order) => self.undo(from, step, saga, order, out),
                // Nobody sends it these.
                SagaMessage::Place(..)
                | SagaMessage::Accepted(_)
                | SagaMessage::Ended(..)
                | SagaMessage::Answer(..) => {}
            },
            Input::Written(upto) => self.journal.written(upto),
            // It has no timer, and customers are asked.
            Input::TimerFired(_) | Input::Asked(()) => {}
        }
    }

    fn facts(&self, facts: &mut Facts) {
        let (free, held, gone) = self.ledger.sums();
        let word = |number: i64| Fact::Word(Word::signed(number));
        match self.ledger.trade {
            Trade::Goods => {
                facts.say("free", word(free));
                facts.say("reserved", word(held));
                facts.say("sold", word(gone));
            }
            Trade::Money => {
                facts.say("with-customers", word(free));
                facts.say("paid", word(held));
            }
        }
        facts.say("in-memory", self.journal.iter().count());
        facts.say("replayed", self.replayed);
    }

    fn role(&self) -> &'static str {
        if self.me == super::order::PAYMENT {
            "payment"
        } else {
            "stock"
        }
    }

    fn disk_facts(disk: &Disk, facts: &mut Facts) {
        facts.say("events", disk.log.len());
        facts.say("forced", disk.forced);
    }
}
