//! What clients, balancers and servers say to each other.

use crate::engine::{Facts, Message, Span};

/// A request as its client numbered it: which life of the client, and which of that life.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct RequestId(pub u64);

impl RequestId {
    pub(super) fn new(life: u32, op: u32) -> Self {
        RequestId(u64::from(life) << 32 | u64::from(op))
    }

    /// The number that a person sees.
    #[must_use]
    pub fn op(self) -> u64 {
        self.0 & u64::from(u32::MAX)
    }
}

/// What a client wants done.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Ask {
    /// Which request.
    pub id: RequestId,
    /// 1 at first, more for a retry.
    pub attempt: u8,
    /// How much work it is, at full speed.
    pub demand: Span,
    /// What it is about.
    pub key: u32,
}

/// One message.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum LoadMessage {
    /// A client asks a balancer.
    Request(Ask),
    /// The balancer hands it to a server, under a number of its own.
    Work {
        /// The balancer's number.
        ticket: u64,
        /// What is to be done.
        ask: Ask,
    },
    /// The server has done it.
    Result {
        /// The balancer's number.
        ticket: u64,
    },
    /// The server's queue is full.
    Rejection {
        /// The balancer's number.
        ticket: u64,
        /// Which attempt of the client it was.
        attempt: u8,
    },
    /// The balancer hands the result to the client.
    Answer {
        /// Which request.
        id: RequestId,
    },
    /// Nobody takes it.
    Refusal {
        /// Which request.
        id: RequestId,
        /// Which attempt.
        attempt: u8,
    },
    /// Are you there?
    Probe {
        /// Which probe of this balancer.
        round: u64,
    },
    /// Yes.
    Health {
        /// To which probe.
        round: u64,
        /// How many requests are in the server.
        load: u32,
    },
}

/// The kinds by their places.
pub(super) mod kinds {
    pub(in super::super) const REQUEST: u8 = 0;
    pub(in super::super) const WORK: u8 = 1;
    pub(in super::super) const RESULT: u8 = 2;
    pub(in super::super) const REJECTION: u8 = 3;
}

impl Message for LoadMessage {
    const KINDS: &'static [&'static str] = &[
        "Request",
        "Work",
        "Result",
        "Rejection",
        "Answer",
        "Refusal",
        "Probe",
        "Health",
    ];

    fn kind(&self) -> u8 {
        match self {
            LoadMessage::Request(_) => kinds::REQUEST,
            LoadMessage::Work { .. } => kinds::WORK,
            LoadMessage::Result { .. } => kinds::RESULT,
            LoadMessage::Rejection { .. } => kinds::REJECTION,
            LoadMessage::Answer { .. } => 4,
            LoadMessage::Refusal { .. } => 5,
            LoadMessage::Probe { .. } => 6,
            LoadMessage::Health { .. } => 7,
        }
    }

    fn facts(&self, facts: &mut Facts) {
        match self {
            LoadMessage::Request(ask) => say_ask(*ask, facts),
            LoadMessage::Work { ticket, ask } => {
                facts.say("ticket", counted(*ticket));
                say_ask(*ask, facts);
            }
            LoadMessage::Result { ticket } | LoadMessage::Rejection { ticket, .. } => {
                facts.say("ticket", counted(*ticket));
            }
            LoadMessage::Answer { id } => facts.say("request", id.op()),
            LoadMessage::Refusal { id, attempt } => {
                facts.say("request", id.op());
                facts.say("attempt", u32::from(*attempt));
            }
            LoadMessage::Probe { round } => facts.say("round", *round),
            LoadMessage::Health { round, load } => {
                facts.say("round", *round);
                facts.say("load", *load);
            }
        }
    }
}

/// A balancer counts on from a number that is drawn in each of its lives, in the upper half; a person is told the
/// count.
fn counted(ticket: u64) -> u64 {
    ticket & u64::from(u32::MAX)
}

fn say_ask(ask: Ask, facts: &mut Facts) {
    facts.say("request", ask.id.op());
    facts.say("attempt", u32::from(ask.attempt));
    facts.say("demand", ask.demand);
    facts.say("key", ask.key);
}
