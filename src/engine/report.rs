//! What a client tells of its operations: the history that a judge of consistency reads.

use super::ids::Word;

/// What an operation does, in the words of `check-history`.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Verb {
    /// Sets a key.
    Put,
    /// Reads a key.
    Get,
    /// Sets a key if it has the expected value.
    Cas,
    /// Adds a whole number to a key; an absent one counts as 0.
    Add,
}

/// One operation as its client asked for it.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Call {
    /// What it does.
    pub verb: Verb,
    /// On which key.
    pub key: Word,
    /// The new value of a `Put` or `Cas`; what an `Add` adds.
    pub value: Option<Word>,
    /// The value that a `Cas` expects; `None` expects the key to be absent.
    pub expected: Option<Word>,
}

/// How an operation ended, as its client learned it.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Outcome {
    /// It took effect (a `Get` brings the value, absent where the key is).
    Done(Option<Word>),
    /// A `Cas` found another value, and changed nothing.
    Refused,
    /// The client gave up: it may have taken effect, or may yet.
    Unknown,
}

/// One line of a client's history.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Report {
    /// The operation began.
    Invoked {
        /// Number of the operation at its client, from 1.
        op: u64,
        /// What was asked.
        call: Call,
    },
    /// The operation ended.
    Returned {
        /// Number of the operation at its client.
        op: u64,
        /// How.
        outcome: Outcome,
    },
}
