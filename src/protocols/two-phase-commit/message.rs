//! What coordinators and participants say to each other.

use crate::engine::{Facts, Message};
use crate::lab::commit::{Order, Outcome, TxnId};

/// A message of this lab.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum CommitMessage {
    /// Phase one: get ready to do this, and vote.
    Prepare(TxnId, Order),
    /// A vote: ready to commit, and to abort.
    Yes(TxnId),
    /// A vote: aborted here.
    No(TxnId),
    /// Phase two: it is committed. Also the answer to who asks.
    Commit(TxnId),
    /// Phase two: it is aborted. Also the answer to who asks.
    Abort(TxnId),
    /// The decision is on this member's disk.
    Ack(TxnId),
    /// What became of it?
    Ask(TxnId),
    /// Whoever was asked does not know either.
    Undecided(TxnId),
}

impl CommitMessage {
    /// Its transaction.
    #[must_use]
    pub fn txn(&self) -> TxnId {
        match self {
            CommitMessage::Prepare(txn, _)
            | CommitMessage::Yes(txn)
            | CommitMessage::No(txn)
            | CommitMessage::Commit(txn)
            | CommitMessage::Abort(txn)
            | CommitMessage::Ack(txn)
            | CommitMessage::Ask(txn)
            | CommitMessage::Undecided(txn) => *txn,
        }
    }

    /// A decision.
    #[must_use]
    pub fn decision(txn: TxnId, outcome: Outcome) -> Self {
        match outcome {
            Outcome::Commit => CommitMessage::Commit(txn),
            Outcome::Abort => CommitMessage::Abort(txn),
        }
    }
}

impl Message for CommitMessage {
    const KINDS: &'static [&'static str] = &[
        "Prepare",
        "Yes",
        "No",
        "Commit",
        "Abort",
        "Ack",
        "Ask",
        "Undecided",
    ];

    fn kind(&self) -> u8 {
        match self {
            CommitMessage::Prepare(..) => 0,
            CommitMessage::Yes(_) => 1,
            CommitMessage::No(_) => 2,
            CommitMessage::Commit(_) => 3,
            CommitMessage::Abort(_) => 4,
            CommitMessage::Ack(_) => 5,
            CommitMessage::Ask(_) => 6,
            CommitMessage::Undecided(_) => 7,
        }
    }

    fn facts(&self, facts: &mut Facts) {
        facts.say("transaction", self.txn());
        if let CommitMessage::Prepare(_, order) = self {
            order.facts(facts);
        }
    }
}
