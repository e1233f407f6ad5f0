//! What a saga promises (Garcia-Molina & Salem 1987, section 1), judged from outside: by what is in the logs, and by what
//! those services that run have in memory.

use super::checks::{
    ALWAYS_HOLDS_NOTHING, ALWAYS_MONEY, ALWAYS_ONCE, ALWAYS_REPLAY, ALWAYS_SENT_PAID, ALWAYS_STOCK,
    ALWAYS_WHOLE, ALWAYS_WITH_GOODS, CALM, SEEN_COMPENSATED, SEEN_DONE, SEEN_INTERMEDIATE,
    service_at,
};
use super::event::{Event, What};
use super::ledger::{Deal, Entry, Ledger};
use super::message::SagaMessage;
use super::notes;
use super::order::{ORDERS, Outcome, PAYMENT, STOCK, SagaId};
use super::orders::Orders;
use crate::engine::{Fingerprint, NodeId, Note, NoteKey, Renaming, Time, Word, disk_of, typed};
use crate::lab::{Checker, Verdicts};
use crate::sim::{Happened, Status, World};
use std::collections::{BTreeMap, BTreeSet};
use std::hash::Hash;

/// A service, as the judge sees it.
#[derive(Clone)]
struct Books {
    node: NodeId,
    /// What the log on its disk comes to.
    log: Ledger,
    /// How much of it was read.
    read: usize,
    /// What it has in memory, where it runs; otherwise what its log comes to.
    now: Ledger,
    /// What there was in the beginning.
    should: i64,
    /// Before its first event.
    empty: Ledger,
}

impl Books {
    fn new(node: NodeId, world: &World) -> Option<Self> {
        let (service, _) = service_at(world, node)?;
        let empty = service.ledger().clone();
        Some(Books {
            node,
            log: empty.clone(),
            read: 0,
            now: empty.clone(),
            should: empty.total(),
            empty,
        })
    }

    fn entry(&self, saga: SagaId) -> Option<Entry> {
        self.now.entries.get(&saga).copied()
    }
}

/// Watches one run.
#[derive(Clone)]
pub(super) struct Judge {
    stock: Option<Books>,
    payment: Option<Books>,
    /// How much of the order service's log was read.
    read: usize,
    /// How each saga ended.
    ended: BTreeMap<SagaId, Outcome>,
    /// Sagas that somebody has begun or was promised, and that are not over; and since when.
    open: BTreeMap<SagaId, Time>,
    /// Who held what others were refused for: if it comes back, they have seen an intermediate state.
    blamed: BTreeSet<SagaId>,
}

impl Judge {
    /// At the beginning of a run.
    #[must_use]
    pub(super) fn new(world: &World) -> Self {
        Judge {
            stock: Books::new(STOCK, world),
            payment: Books::new(PAYMENT, world),
            read: 0,
            ended: BTreeMap::new(),
            open: BTreeMap::new(),
            blamed: BTreeSet::new(),
        }
    }

    fn begun(&mut self, saga: SagaId, world: &World) {
        if !self.ended.contains_key(&saga) {
            self.open.entry(saga).or_insert(world.now());
        }
    }

    /// New events of the order service.
    fn read_orders(&mut self, world: &World, verdicts: &mut Verdicts) {
        let Some(disk) = disk_of::<Orders>(world.cell(ORDERS).node()) else {
            return;
        };
        // Who has lost its disk begins anew.
        let read = self.read.min(disk.log.len());
        for event in disk.log.iter_from(read) {
            let What::Closed(outcome) = event.what else {
                self.begun(event.saga, world);
                continue;
            };
            let seen = match outcome {
                Outcome::Done => SEEN_DONE,
                Outcome::Compensated => SEEN_COMPENSATED,
            };
            verdicts.see(seen);
            if self.ended.insert(event.saga, outcome).is_some() {
                blame(ALWAYS_ONCE, notes::TWO_ENDS, event.saga, verdicts);
            }
            self.open.remove(&event.saga);
        }
        self.read = disk.log.len();
    }

    /// New events of a service, and what it has in memory.
    fn read_service(&mut self, node: NodeId, world: &World, verdicts: &mut Verdicts) {
        let (Some((service, disk)), Some(mut books)) = (service_at(world, node), self.take(node))
        else {
            return;
        };
        if books.read > disk.log.len() {
            (books.log, books.read) = (books.empty.clone(), 0);
        }
        for event in disk.log.iter_from(books.read) {
            self.event(event, &books.log, world, verdicts);
            books.log.apply(event);
        }
        books.read = disk.log.len();
        let down = world.cell(node).status() == Status::Down;
        let now = if down { &books.log } else { service.ledger() };
        if books.now != *now {
            books.now = now.clone();
        }
        if !down && world.cell(node).writes_pending() == 0 && books.now != books.log {
            let note = Note::new(notes::NOT_ITS_LOG, [node.into()]);
            verdicts.violate(ALWAYS_REPLAY, Some(note));
        }
        let (is, should) = (books.now.total(), books.should);
        if is != should {
            let args = [Word::signed(is).into(), Word::signed(should).into()];
            let (check, key) = if node == STOCK {
                (ALWAYS_STOCK, notes::GOODS_WRONG)
            } else {
                (ALWAYS_MONEY, notes::MONEY_WRONG)
            };
            verdicts.violate(check, Some(Note::new(key, args)));
        }
        *self.slot(node) = Some(books);
    }

    fn slot(&mut self, node: NodeId) -> &mut Option<Books> {
        if node == STOCK {
            &mut self.stock
        } else {
            &mut self.payment
        }
    }

    fn take(&mut self, node: NodeId) -> Option<Books> {
        self.slot(node).take()
    }

    fn event(&mut self, event: &Event, before: &Ledger, world: &World, verdicts: &mut Verdicts) {
        match event.what {
            What::Refused(step) if step.next().is_some() => {
                let free = before.free_for(event.saga);
                let held: i64 = before
                    .holders(event.saga)
                    .map(|(_, much)| i64::from(much))
                    .sum();
                if free + held >= i64::from(before.amount(event.order)) {
                    let holders = before.holders(event.saga).map(|(saga, _)| saga);
                    self.blamed.extend(holders);
                }
            }
            What::Undone(_) if self.blamed.contains(&event.saga) => verdicts.see(SEEN_INTERMEDIATE),
            What::Done(_) => self.begun(event.saga, world),
            What::Refused(_)
            | What::Undone(_)
            | What::Opened
            | What::Aborted(..)
            | What::Barred(_)
            | What::Closed(_) => {}
        }
    }

    /// What stock and payment have to do with each other.
    fn compare(&self, verdicts: &mut Verdicts) {
        let (Some(stock), Some(payment)) = (&self.stock, &self.payment) else {
            return;
        };
        let paid = |saga: SagaId| payment.entry(saga).is_some_and(Entry::holds);
        let goods = |saga: SagaId| {
            let entry = stock.entry(saga);
            entry.is_some_and(|entry| entry.holds() || entry.deal == Deal::Sent)
        };
        let sent = |saga: SagaId| {
            stock
                .entry(saga)
                .is_some_and(|entry| entry.deal == Deal::Sent)
        };
        for (saga, entry) in &stock.now.entries {
            if entry.deal == Deal::Sent && !paid(*saga) {
                blame(ALWAYS_SENT_PAID, notes::SENT_UNPAID, *saga, verdicts);
            }
        }
        for (saga, entry) in &payment.now.entries {
            if entry.holds() && !goods(*saga) {
                blame(
                    ALWAYS_WITH_GOODS,
                    notes::MONEY_WITHOUT_GOODS,
                    *saga,
                    verdicts,
                );
            }
        }
        for (saga, outcome) in &self.ended {
            match outcome {
                Outcome::Done if !(sent(*saga) && paid(*saga)) => {
                    blame(ALWAYS_WHOLE, notes::NOT_WHOLE, *saga, verdicts);
                }
                Outcome::Compensated => {
                    for books in [stock, payment] {
                        if books.entry(*saga).is_some_and(Entry::holds) {
                            let args = [(*saga).into(), books.node.into()];
                            let note = Note::new(notes::HOLDS_STILL, args);
                            verdicts.violate(ALWAYS_HOLDS_NOTHING, Some(note));
                        }
                    }
                }
                Outcome::Done => {}
            }
        }
    }
}

fn blame(check: usize, key: NoteKey, saga: SagaId, verdicts: &mut Verdicts) {
    verdicts.violate(check, Some(Note::new(key, [saga.into()])));
}

impl Checker for Judge {
    fn observe(&mut self, world: &World, verdicts: &mut Verdicts) {
        let record = world.record();
        if let Happened::Delivered(letter) = &record.what
            && let Some(SagaMessage::Accepted(saga)) = typed::<SagaMessage>(&*letter.parcel)
        {
            self.begun(*saga, world);
        }
        let mut changed = false;
        for node in record.touched.iter() {
            if *node == ORDERS {
                self.read_orders(world, verdicts);
                changed = true;
            } else if *node == STOCK || *node == PAYMENT {
                self.read_service(*node, world, verdicts);
                changed = true;
            }
        }
        if changed {
            self.compare(verdicts);
        }
    }

    /// What was under way when it became calm is over.
    fn settled(&self, check: usize, world: &World) -> bool {
        let calm = world.calm_at().unwrap_or_default();
        check == CALM && self.open.values().all(|since| *since > calm)
    }

    fn dup(&self) -> Box<dyn Checker> {
        Box::new(self.clone())
    }

    fn print(&self, _names: &Renaming, print: &mut Fingerprint) {
        let open: Vec<&SagaId> = self.open.keys().collect();
        (&self.ended, open, &self.blamed, self.read).hash(print);
        for books in [&self.stock, &self.payment].into_iter().flatten() {
            (&books.now, books.read).hash(print);
        }
    }
}
