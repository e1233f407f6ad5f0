//! What the events of a service come to: its state is a fold over its log, and nothing else.

use super::event::{Disk, Event, What};
use super::order::{FIRST_CUSTOMER, Order, SagaId, Step};
use crate::engine::NodeId;
use std::collections::BTreeMap;

/// What a service deals in.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Trade {
    /// Pieces, all of one kind.
    Goods,
    /// The money of each customer.
    Money,
}

/// How a service stands to a saga.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Deal {
    /// Its step is done: goods are reserved, the price is taken.
    Held,
    /// Reserved, and no courier takes it.
    Unsendable,
    /// The goods are on their way: nothing brings them back.
    Sent,
    /// Its step is compensated.
    Undone,
    /// Its step was refused.
    Refused,
    /// Its compensation came first, so its step is not done any more.
    Barred,
}

/// A deal, and about how much it is.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Entry {
    /// What became of it.
    pub deal: Deal,
    /// How many pieces, or how much money.
    pub amount: u32,
}

impl Entry {
    /// Whether something is set aside for it.
    #[must_use]
    pub fn holds(self) -> bool {
        matches!(self.deal, Deal::Held | Deal::Unsendable)
    }
}

/// The state of a service.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Ledger {
    /// What it deals in.
    pub trade: Trade,
    /// What is free: pieces in stock under place 0, or what each customer has, in the order of customers.
    pub free: Vec<i64>,
    /// What it has to do with each saga.
    pub entries: BTreeMap<SagaId, Entry>,
}

impl Ledger {
    /// Before the first event.
    #[must_use]
    pub fn new(trade: Trade, opening: u64, customers: u16) -> Self {
        let places = match trade {
            Trade::Goods => 1,
            Trade::Money => usize::from(customers),
        };
        Ledger {
            trade,
            free: vec![opening as i64; places],
            entries: BTreeMap::new(),
        }
    }

    /// Reads a log from its beginning.
    #[must_use]
    pub fn replay(mut self, disk: &Disk) -> Self {
        disk.log.iter().for_each(|event| self.apply(event));
        self
    }

    /// From whom this saga takes.
    #[must_use]
    pub fn place(&self, saga: SagaId) -> usize {
        match self.trade {
            Trade::Goods => 0,
            Trade::Money => usize::from(saga.customer.0.saturating_sub(FIRST_CUSTOMER.0)),
        }
    }

    /// How much an order takes.
    #[must_use]
    pub fn amount(&self, order: Order) -> u32 {
        match self.trade {
            Trade::Goods => order.pieces,
            Trade::Money => order.price(),
        }
    }

    /// What is free for this saga.
    #[must_use]
    pub fn free_for(&self, saga: SagaId) -> i64 {
        self.free.get(self.place(saga)).copied().unwrap_or(0)
    }

    /// How it stands to a saga.
    #[must_use]
    pub fn deal(&self, saga: SagaId) -> Option<Deal> {
        self.entries.get(&saga).map(|entry| entry.deal)
    }

    /// One event further.
    pub fn apply(&mut self, event: &Event) {
        let amount = self.amount(event.order);
        let (deal, change) = match event.what {
            What::Done(Step::Reserve | Step::Charge) => (Deal::Held, -i64::from(amount)),
            What::Done(Step::Ship) => (Deal::Sent, 0),
            What::Refused(Step::Ship) => (Deal::Unsendable, 0),
            What::Refused(Step::Reserve | Step::Charge) => (Deal::Refused, 0),
            What::Undone(_) => (Deal::Undone, i64::from(amount)),
            What::Barred(_) => (Deal::Barred, 0),
            // The order service alone writes these.
            What::Opened | What::Aborted(..) | What::Closed(_) => return,
        };
        let place = self.place(event.saga);
        if let Some(free) = self.free.get_mut(place) {
            *free += change;
        }
        self.entries.insert(event.saga, Entry { deal, amount });
    }

    /// Free, held, and gone for good.
    #[must_use]
    pub fn sums(&self) -> (i64, i64, i64) {
        let mut sums = (self.free.iter().sum(), 0, 0);
        for entry in self.entries.values() {
            let amount = i64::from(entry.amount);
            if entry.holds() {
                sums.1 += amount;
            } else if entry.deal == Deal::Sent {
                sums.2 += amount;
            }
        }
        sums
    }

    /// All that there is: it never changes.
    #[must_use]
    pub fn total(&self) -> i64 {
        let (free, held, gone) = self.sums();
        free + held + gone
    }

    /// Who holds something that this saga would need.
    pub fn holders(&self, saga: SagaId) -> impl Iterator<Item = (SagaId, u32)> {
        let place = self.place(saga);
        let same = move |(other, entry): (&SagaId, &Entry)| {
            let so = entry.holds() && self.place(*other) == place;
            so.then_some((*other, entry.amount))
        };
        self.entries.iter().filter_map(same)
    }
}

/// The trade of a node.
#[must_use]
pub(super) fn trade_of(node: NodeId) -> Trade {
    if node == super::order::PAYMENT {
        Trade::Money
    } else {
        Trade::Goods
    }
}
