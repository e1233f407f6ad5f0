//! What is ordered, and the steps of a saga.

use crate::engine::{Arg, Fact, NodeId, Word};
use std::fmt;

/// The order service: it runs the sagas.
pub(super) const ORDERS: NodeId = NodeId(0);
/// The stock: goods are reserved, sent or released.
pub(super) const STOCK: NodeId = NodeId(1);
/// Payment: customers are charged, or get their money back.
pub(super) const PAYMENT: NodeId = NodeId(2);
/// The first of the customers.
pub(super) const FIRST_CUSTOMER: NodeId = NodeId(3);

/// What a piece costs.
pub(super) const PRICE: u32 = 10;

/// The name of an order and of its saga: whose it is, and a number that this customer never uses again.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct SagaId {
    /// The customer.
    pub customer: NodeId,
    /// From 1.
    pub number: u32,
}

impl SagaId {
    /// The customer's own number, from 1.
    fn who(self) -> u16 {
        self.customer.0.saturating_sub(FIRST_CUSTOMER.0) + 1
    }
}

/// `1.3`: the third order of c1.
impl fmt::Display for SagaId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.who(), self.number)
    }
}

impl From<SagaId> for Arg {
    fn from(saga: SagaId) -> Self {
        Arg::Place(u32::from(saga.who()), saga.number)
    }
}

impl From<SagaId> for Fact {
    fn from(saga: SagaId) -> Self {
        Fact::Place(u64::from(saga.who()), u64::from(saga.number))
    }
}

/// What is ordered.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Order {
    /// So many pieces.
    pub pieces: u32,
}

impl Order {
    /// What they cost.
    #[must_use]
    pub fn price(self) -> u32 {
        self.pieces * PRICE
    }
}

/// A step of a saga: a transaction of one service. The last one has no compensation.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Step {
    /// The stock sets goods aside.
    Reserve,
    /// Payment takes the price.
    Charge,
    /// The stock sends the goods.
    Ship,
}

impl Step {
    /// In the order in which they are done.
    pub const ALL: [Step; 3] = [Step::Reserve, Step::Charge, Step::Ship];

    /// The one behind it.
    #[must_use]
    pub fn next(self) -> Option<Step> {
        match self {
            Step::Reserve => Some(Step::Charge),
            Step::Charge => Some(Step::Ship),
            Step::Ship => None,
        }
    }

    /// Who does it.
    #[must_use]
    pub fn service(self) -> NodeId {
        match self {
            Step::Reserve | Step::Ship => STOCK,
            Step::Charge => PAYMENT,
        }
    }

    /// Its name, as messages have it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Step::Reserve => "Reserve",
            Step::Charge => "Charge",
            Step::Ship => "Ship",
        }
    }

    /// The name of what undoes it.
    #[must_use]
    pub fn undoing(self) -> &'static str {
        match self {
            Step::Reserve => "Release",
            Step::Charge => "Refund",
            Step::Ship => "-",
        }
    }

    /// Its name as an argument.
    #[must_use]
    pub fn arg(self) -> Arg {
        Arg::Word(Word::new(self.name()).unwrap_or_default())
    }

    /// The name of what undoes it as an argument.
    #[must_use]
    pub fn undoing_arg(self) -> Arg {
        Arg::Word(Word::new(self.undoing()).unwrap_or_default())
    }
}

/// Some of the steps.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Steps(u8);

impl Steps {
    /// Those before this one.
    #[must_use]
    pub fn before(step: Step) -> Self {
        Steps((1 << step as u8) - 1)
    }

    /// And this one.
    #[must_use]
    pub fn with(self, step: Step) -> Self {
        Steps(self.0 | 1 << step as u8)
    }

    /// But not this one.
    #[must_use]
    pub fn without(self, step: Step) -> Self {
        Steps(self.0 & !(1 << step as u8))
    }

    /// Whether it is among them.
    #[must_use]
    pub fn has(self, step: Step) -> bool {
        self.0 & 1 << step as u8 != 0
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// In their order.
    pub fn iter(self) -> impl DoubleEndedIterator<Item = Step> {
        Step::ALL.into_iter().filter(move |step| self.has(*step))
    }
}

/// Why a saga does not go on.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Why {
    /// A service has refused its step.
    Refused,
    /// It has not answered: nobody knows whether it was done.
    GivenUp,
}

/// How a saga ends.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Outcome {
    /// Every step is done.
    Done,
    /// What was done is compensated.
    Compensated,
}
