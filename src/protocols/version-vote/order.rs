//! What a client is given, what it is asked, and how far it is with it.

use super::message::Stamped;
use crate::engine::{Call, NodeId, Span, Time, Verb, Word};

/// What is fixed for a run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Config {
    /// Who holds the register.
    pub replicas: Vec<NodeId>,
    /// Who reads and writes; the first one is writer 1.
    pub clients: Vec<NodeId>,
    /// Requests of each client's own accord in a second; 0 for none.
    pub rate: u64,
    /// How long a client waits for answers before it sends again.
    pub retry: Span,
}

/// The name of the register in the history of the clients.
fn register() -> Word {
    Word::new("x").unwrap_or_default()
}

/// What a person asks of a client.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Op {
    /// Write this.
    Write(Word),
    /// Read.
    Read,
}

impl Op {
    pub(super) fn call(self) -> Call {
        let (verb, value) = match self {
            Op::Write(value) => (Verb::Put, Some(value)),
            Op::Read => (Verb::Get, None),
        };
        Call {
            verb,
            key: register(),
            value,
            expected: None,
        }
    }
}

/// How far a request is.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Phase {
    /// The first one: what the replicas hold, as far as they have answered.
    Asking(Vec<(NodeId, Stamped)>),
    /// The second one: what is stored, and who has said that it has it.
    Storing(Stamped, Vec<NodeId>),
}

/// A request that is under way.
#[derive(Clone, Hash)]
pub(super) struct Pending {
    pub(super) op: Op,
    pub(super) phase: Phase,
    pub(super) began: Time,
}

/// One request as it is shown: who answered in which phase. Nothing hangs on it.
#[derive(Clone, Debug)]
pub struct Shown {
    /// When it began, by the client's clock.
    pub began: Time,
    /// What was asked for.
    pub op: Op,
    /// Who told what it holds.
    pub asked: Vec<NodeId>,
    /// What was stored, once that is known.
    pub new: Option<Stamped>,
    /// Who has stored it.
    pub stored: Vec<NodeId>,
    /// Whether it was answered.
    pub done: bool,
}

/// What survives a crash of a client, so that it uses neither a number of a request nor a version twice.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Kept {
    /// The number of its last request.
    pub sequence: u32,
    /// The highest number of a version that it has used.
    pub used: u32,
}
