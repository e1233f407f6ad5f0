//! What a client knows of its attempt, and what it reckoned of the last one.

use super::message::Token;
use crate::engine::{Span, Time};

/// An attempt, for as long as it counts.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Trial {
    /// Its token.
    pub token: Token,
    /// When it began, by the client's clock.
    pub at: Time,
    /// The instances that said yes, a bit each.
    pub yes: u16,
    /// Those that said no.
    pub no: u16,
    /// The yeses that were counted.
    pub counted: u32,
    /// With fencing: the number that it asks for, or has.
    pub number: u64,
    /// The instances that keep it.
    pub numbered: u16,
}

/// The reckoning of the last attempt that had a majority.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Reckoning {
    /// How long it took until a majority had said yes.
    pub elapsed: Span,
    /// Whether that was counted.
    pub counted: bool,
    /// What is left: the time to live, less that, less the allowance for drift.
    pub validity: Span,
}
