//! What coordinators, backup coordinators and participants say to each other.

use crate::engine::{Fact, Facts, Message, Word};
use crate::lab::commit::{Order, Outcome, TxnId};

/// What a member is in, of a transaction.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum State {
    /// It has voted yes, and knows no more.
    Uncertain,
    /// It knows that all have voted yes.
    PreCommitted,
    /// It is committed.
    Committed,
    /// It is aborted, or can never be committed.
    Aborted,
    /// It was down in between, and takes no part; whether it was pre-committed before.
    Recovering(bool),
}

impl State {
    /// What is decided, where it is.
    #[must_use]
    pub fn outcome(self) -> Option<Outcome> {
        match self {
            State::Committed => Some(Outcome::Commit),
            State::Aborted => Some(Outcome::Abort),
            State::Uncertain | State::PreCommitted | State::Recovering(_) => None,
        }
    }

    /// Its key in the locale files.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            State::Uncertain => "uncertain",
            State::PreCommitted => "pre-committed",
            State::Committed => "committed",
            State::Aborted => "aborted",
            State::Recovering(_) => "recovering",
        }
    }

    /// A sign for it, the same in all languages.
    #[must_use]
    pub fn sign(self) -> &'static str {
        match self {
            State::Uncertain => "?",
            State::PreCommitted => "✓?",
            State::Committed => "✓",
            State::Aborted => "✗",
            State::Recovering(_) => "↻",
        }
    }
}

/// A message of this lab.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum PhaseMessage {
    /// Phase one: get ready to do this, and vote.
    Prepare(TxnId, Order),
    /// A vote: ready to commit, and to abort.
    Yes(TxnId),
    /// A vote: aborted here.
    No(TxnId),
    /// Phase two: all have voted yes.
    PreCommit(TxnId),
    /// This member knows that all have voted yes.
    PreAck(TxnId),
    /// Phase three: it is committed.
    Commit(TxnId),
    /// It is aborted.
    Abort(TxnId),
    /// The decision is on this member's disk.
    Ack(TxnId),
    /// The coordinator is silent, and you are the highest that is left: take over.
    Elect(TxnId),
    /// A backup coordinator: in which state are you?
    StateRequest(TxnId),
    /// In this one.
    State(TxnId, State),
    /// A member that was down: what became of it?
    Ask(TxnId),
}

impl PhaseMessage {
    /// Its transaction.
    #[must_use]
    pub fn txn(&self) -> TxnId {
        match self {
            PhaseMessage::Prepare(txn, _)
            | PhaseMessage::Yes(txn)
            | PhaseMessage::No(txn)
            | PhaseMessage::PreCommit(txn)
            | PhaseMessage::PreAck(txn)
            | PhaseMessage::Commit(txn)
            | PhaseMessage::Abort(txn)
            | PhaseMessage::Ack(txn)
            | PhaseMessage::Elect(txn)
            | PhaseMessage::StateRequest(txn)
            | PhaseMessage::State(txn, _)
            | PhaseMessage::Ask(txn) => *txn,
        }
    }

    /// A decision.
    #[must_use]
    pub fn decision(txn: TxnId, outcome: Outcome) -> Self {
        match outcome {
            Outcome::Commit => PhaseMessage::Commit(txn),
            Outcome::Abort => PhaseMessage::Abort(txn),
        }
    }
}

impl Message for PhaseMessage {
    const KINDS: &'static [&'static str] = &[
        "Prepare",
        "Yes",
        "No",
        "PreCommit",
        "PreAck",
        "Commit",
        "Abort",
        "Ack",
        "Elect",
        "StateRequest",
        "State",
        "Ask",
    ];

    fn kind(&self) -> u8 {
        match self {
            PhaseMessage::Prepare(..) => 0,
            PhaseMessage::Yes(_) => 1,
            PhaseMessage::No(_) => 2,
            PhaseMessage::PreCommit(_) => 3,
            PhaseMessage::PreAck(_) => 4,
            PhaseMessage::Commit(_) => 5,
            PhaseMessage::Abort(_) => 6,
            PhaseMessage::Ack(_) => 7,
            PhaseMessage::Elect(_) => 8,
            PhaseMessage::StateRequest(_) => 9,
            PhaseMessage::State(..) => 10,
            PhaseMessage::Ask(_) => 11,
        }
    }

    fn facts(&self, facts: &mut Facts) {
        facts.say("transaction", self.txn());
        match self {
            PhaseMessage::Prepare(_, order) => order.facts(facts),
            PhaseMessage::State(_, state) => {
                let word = Word::new(state.key());
                facts.say("state", word.map_or(Fact::Nothing, Fact::Word));
            }
            PhaseMessage::Yes(_)
            | PhaseMessage::No(_)
            | PhaseMessage::PreCommit(_)
            | PhaseMessage::PreAck(_)
            | PhaseMessage::Commit(_)
            | PhaseMessage::Abort(_)
            | PhaseMessage::Ack(_)
            | PhaseMessage::Elect(_)
            | PhaseMessage::StateRequest(_)
            | PhaseMessage::Ask(_) => {}
        }
    }
}
