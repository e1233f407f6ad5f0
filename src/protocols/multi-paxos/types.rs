//! The words of the paper as types.

use crate::engine::{Arg, Fact, NodeId};
use crate::lab::store::Op;
use std::fmt;

/// The number of a proposal: its round, and who leads it. Two leaders never share one, because the
/// second part differs.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Ballot {
    /// Compared first.
    pub round: u32,
    /// The leader's own number, from 1; 0 where the rule `unique-ballots` is off.
    pub server: u16,
}

impl fmt::Display for Ballot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.round, self.server)
    }
}

impl From<Ballot> for Arg {
    fn from(ballot: Ballot) -> Self {
        Arg::Place(ballot.round, u32::from(ballot.server))
    }
}

impl From<Ballot> for Fact {
    fn from(ballot: Ballot) -> Self {
        if ballot == Ballot::default() {
            return Fact::Nothing;
        }
        Fact::Place(u64::from(ballot.round), u64::from(ballot.server))
    }
}

/// A place in the sequence of commands, from 1: one instance of the consensus algorithm. 0 stands
/// before the first.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Slot(pub u32);

crate::shown_as_numbers!(Slot);

impl Slot {
    /// The one behind this one.
    #[must_use]
    pub fn next(self) -> Slot {
        Slot(self.0 + 1)
    }
}

/// The value of a slot.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Command {
    /// It leaves the store as it is: what a new leader puts into a gap.
    Noop,
    /// A client's request, with the session that makes it apply once.
    Request {
        /// Whose.
        client: NodeId,
        /// Which of that client's, from 1.
        sequence: u32,
        /// What.
        op: Op,
    },
}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Command::Noop => f.write_str("no-op"),
            Command::Request { op, .. } => write!(f, "{op}"),
        }
    }
}

/// What an acceptor accepted in a slot.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Vote {
    /// Under which ballot.
    pub ballot: Ballot,
    /// Which value.
    pub command: Command,
}
