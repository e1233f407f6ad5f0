//! A customer: orders, and orders again until the order is taken.

use super::lab::Config;
use super::message::SagaMessage;
use super::notes;
use super::order::{ORDERS, Order, Outcome, SagaId};
use crate::engine::{Engine, Fact, Facts, Input, NodeId, Out, Span, Timer};
use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

const THINK: Timer = Timer(0);
const RETRY: Timer = Timer(1);
const DRAW_GAP: u8 = 0;
const DRAW_PIECES: u8 = 1;

/// What a person asks of a customer: order so many pieces.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Wish(pub Order);

/// A customer.
#[derive(Clone)]
pub struct Customer {
    me: NodeId,
    config: Rc<Config>,
    /// The number of the last order.
    last: u32,
    /// Orders of which it does not know that they are taken.
    waiting: BTreeMap<SagaId, Order>,
    /// What it was told: how many are done, and how many are not.
    told: (u32, u32),
}

/// Without the configuration, which is the same in every state.
impl Hash for Customer {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.last, &self.waiting, self.told).hash(state);
    }
}

impl Customer {
    /// What it was told: how many orders are done, and how many were compensated.
    #[must_use]
    pub fn told(&self) -> (u32, u32) {
        self.told
    }

    /// Whether it was told how each of its orders ended. Who crashes forgets what it was told.
    #[must_use]
    pub(super) fn knows_all(&self) -> bool {
        self.told.0 + self.told.1 == self.last
    }

    fn think(&self, out: &mut Out<'_, Self>) {
        if self.config.rate == 0 {
            return;
        }
        let mean = 1_000_000 / self.config.rate;
        let gap = out.draw(DRAW_GAP, mean / 2..=mean + mean / 2);
        out.set_timer(THINK, Span(gap.max(1)));
    }

    /// The number is on the disk before the order leaves, so that none is used twice.
    fn order(&mut self, order: Order, out: &mut Out<'_, Self>) {
        self.last += 1;
        out.persist(self.last);
        let id = SagaId {
            customer: self.me,
            number: self.last,
        };
        out.note(notes::ORDERS, [id.into(), u64::from(order.pieces).into()]);
        self.waiting.insert(id, order);
        out.send_when_durable(ORDERS, SagaMessage::Place(id, order));
        out.set_timer(RETRY, self.config.retry);
    }

    fn retry(&self, out: &mut Out<'_, Self>) {
        for (id, order) in &self.waiting {
            out.note(notes::ORDERS_AGAIN, [(*id).into()]);
            out.send_when_durable(ORDERS, SagaMessage::Place(*id, *order));
        }
        if !self.waiting.is_empty() {
            out.set_timer(RETRY, self.config.retry);
        }
    }

    fn taken(&mut self, id: SagaId, out: &mut Out<'_, Self>) {
        self.waiting.remove(&id);
        if self.waiting.is_empty() {
            out.stop_timer(RETRY);
        }
    }
}

impl Engine for Customer {
    type Message = SagaMessage;
    /// The number of the last order.
    type Disk = u32;
    type Write = u32;
    type Request = Wish;
    type Config = Config;

    const TIMERS: &'static [&'static str] = &["think", "retry"];

    fn boot(me: NodeId, config: &Rc<Config>, disk: &u32) -> Self {
        Customer {
            me,
            config: Rc::clone(config),
            last: *disk,
            waiting: BTreeMap::new(),
            told: (0, 0),
        }
    }

    fn write(disk: &mut u32, write: &u32) {
        *disk = *write;
    }

    fn handle(&mut self, input: Input<'_, Self>, out: &mut Out<'_, Self>) {
        match input {
            Input::Started => self.think(out),
            Input::Received { message, .. } => match *message {
                SagaMessage::Accepted(id) => {
                    out.note(notes::TAKEN, [id.into()]);
                    self.taken(id, out);
                }
                SagaMessage::Ended(id, Outcome::Done) => {
                    out.note(notes::TOLD_DONE, [id.into()]);
                    self.told.0 += 1;
                    self.taken(id, out);
                }
                SagaMessage::Ended(id, Outcome::Compensated) => {
                    out.note(notes::TOLD_COMPENSATED, [id.into()]);
                    self.told.1 += 1;
                    self.taken(id, out);
                }
                // Nobody sends it these.
                SagaMessage::Place(..)
                | SagaMessage::Do(..)
                | SagaMessage::Undo(..)
                | SagaMessage::Answer(..) => {}
            },
            Input::TimerFired(RETRY) => self.retry(out),
            Input::TimerFired(_) => {
                let pieces = out.draw(DRAW_PIECES, 1..=3) as u32;
                self.order(Order { pieces }, out);
                self.think(out);
            }
            Input::Asked(Wish(order)) => self.order(*order, out),
            // An order waits for its number in the outbox.
            Input::Written(_) => {}
        }
    }

    fn facts(&self, facts: &mut Facts) {
        let waiting: Vec<Fact> = self.waiting.keys().map(|id| (*id).into()).collect();
        facts.say("waiting", Fact::List(waiting));
        facts.say("told-done", u64::from(self.told.0));
        facts.say("told-compensated", u64::from(self.told.1));
    }

    fn role(&self) -> &'static str {
        if self.waiting.is_empty() {
            "customer"
        } else {
            "ordering"
        }
    }

    fn disk_facts(disk: &u32, facts: &mut Facts) {
        facts.say("last", u64::from(*disk));
    }
}
