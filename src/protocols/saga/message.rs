//! What customers, the order service and the other services say to each other.

use super::order::{Order, Outcome, SagaId, Step};
use crate::engine::{Fact, Facts, Message};

/// What a service answers.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Reply {
    /// The step is done.
    Done,
    /// The step is refused, now and for ever.
    Refused,
    /// The step is compensated, or will never be done.
    Undone,
    /// The compensation could not be done now.
    NotUndone,
}

/// A message of this lab.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum SagaMessage {
    /// A customer orders.
    Place(SagaId, Order),
    /// The order is taken, and its saga will end.
    Accepted(SagaId),
    /// How it has ended.
    Ended(SagaId, Outcome),
    /// Do this step.
    Do(Step, SagaId, Order),
    /// Compensate this step.
    Undo(Step, SagaId, Order),
    /// What came of that.
    Answer(Step, SagaId, Reply),
}

impl SagaMessage {
    /// Its saga.
    #[must_use]
    pub fn saga(&self) -> SagaId {
        match self {
            SagaMessage::Place(saga, _)
            | SagaMessage::Accepted(saga)
            | SagaMessage::Ended(saga, _)
            | SagaMessage::Do(_, saga, _)
            | SagaMessage::Undo(_, saga, _)
            | SagaMessage::Answer(_, saga, _) => *saga,
        }
    }
}

impl Message for SagaMessage {
    const KINDS: &'static [&'static str] = &[
        "Place",
        "Accepted",
        "Ended",
        "Reserve",
        "Charge",
        "Ship",
        "Release",
        "Refund",
        "Done",
        "Refused",
        "Undone",
        "NotUndone",
    ];

    fn kind(&self) -> u8 {
        match self {
            SagaMessage::Place(..) => 0,
            SagaMessage::Accepted(_) => 1,
            SagaMessage::Ended(..) => 2,
            SagaMessage::Do(Step::Reserve, ..) => 3,
            SagaMessage::Do(Step::Charge, ..) => 4,
            SagaMessage::Do(Step::Ship, ..) => 5,
            // The last step has no compensation, and none is sent.
            SagaMessage::Undo(Step::Reserve | Step::Ship, ..) => 6,
            SagaMessage::Undo(Step::Charge, ..) => 7,
            SagaMessage::Answer(.., Reply::Done) => 8,
            SagaMessage::Answer(.., Reply::Refused) => 9,
            SagaMessage::Answer(.., Reply::Undone) => 10,
            SagaMessage::Answer(.., Reply::NotUndone) => 11,
        }
    }

    fn facts(&self, facts: &mut Facts) {
        facts.say("order", self.saga());
        match self {
            SagaMessage::Place(_, order)
            | SagaMessage::Do(_, _, order)
            | SagaMessage::Undo(_, _, order) => {
                facts.say("pieces", order.pieces);
                facts.say("price", order.price());
            }
            SagaMessage::Ended(_, outcome) => facts.say("outcome", outcome_fact(*outcome)),
            SagaMessage::Answer(step, ..) => facts.say("step", Fact::Key(step_key(*step))),
            SagaMessage::Accepted(_) => {}
        }
    }
}

/// Its key in the locale files.
pub(super) fn outcome_fact(outcome: Outcome) -> Fact {
    Fact::Key(match outcome {
        Outcome::Done => "done",
        Outcome::Compensated => "compensated",
    })
}

/// Its key in the locale files.
pub(super) fn step_key(step: Step) -> &'static str {
    match step {
        Step::Reserve => "reserve",
        Step::Charge => "charge",
        Step::Ship => "ship",
    }
}
