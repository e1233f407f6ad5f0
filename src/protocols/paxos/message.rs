//! What proposers, acceptors and learners say to each other.

use crate::engine::{Arg, Fact, Facts, Message, Word};
use std::fmt;

/// The number of a proposal: its round, and who makes it. Two proposers never share one, because the
/// second part differs.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Ballot {
    /// Compared first.
    pub round: u32,
    /// The proposer's own number, from 1; 0 where the rule `unique-ballots` is off.
    pub proposer: u16,
}

impl Ballot {
    /// Below every other: nothing was promised yet.
    pub const NONE: Ballot = Ballot {
        round: 0,
        proposer: 0,
    };
}

impl fmt::Display for Ballot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.round, self.proposer)
    }
}

impl From<Ballot> for Arg {
    fn from(ballot: Ballot) -> Self {
        Arg::Place(ballot.round, u32::from(ballot.proposer))
    }
}

impl From<Ballot> for Fact {
    fn from(ballot: Ballot) -> Self {
        if ballot == Ballot::NONE {
            return Fact::Nothing;
        }
        Fact::Place(u64::from(ballot.round), u64::from(ballot.proposer))
    }
}

/// A value under a ballot: what the paper calls a proposal.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Proposal {
    /// Its number.
    pub ballot: Ballot,
    /// Its value.
    pub value: Word,
}

/// A message of this lab.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum PaxosMessage {
    /// Phase 1(a): promise me this ballot.
    Prepare(Ballot),
    /// Phase 1(b): promised; and this is what I have accepted, if anything.
    Promise {
        /// What is promised.
        ballot: Ballot,
        /// The proposal of the highest ballot that the acceptor has accepted.
        accepted: Option<Proposal>,
    },
    /// Phase 2(a): accept this.
    Accept(Proposal),
    /// Phase 2(b): accepted. Goes to the proposer and to every learner.
    Accepted(Proposal),
    /// That ballot will not do: a higher one is promised.
    Refused {
        /// The one that will not do.
        ballot: Ballot,
        /// The one that is promised.
        promised: Ballot,
    },
    /// A learner asks what an acceptor has accepted.
    Ask,
}

impl Message for PaxosMessage {
    const KINDS: &'static [&'static str] =
        &["Prepare", "Promise", "Accept", "Accepted", "Refused", "Ask"];

    fn kind(&self) -> u8 {
        match self {
            PaxosMessage::Prepare(_) => 0,
            PaxosMessage::Promise { .. } => 1,
            PaxosMessage::Accept(_) => 2,
            PaxosMessage::Accepted(_) => 3,
            PaxosMessage::Refused { .. } => 4,
            PaxosMessage::Ask => 5,
        }
    }

    fn facts(&self, facts: &mut Facts) {
        match self {
            PaxosMessage::Prepare(ballot) => facts.say("ballot", *ballot),
            PaxosMessage::Promise { ballot, accepted } => {
                facts.say("ballot", *ballot);
                facts.say("accepted", accepted.map(|proposal| proposal.ballot));
                facts.say("value", accepted.map(|proposal| proposal.value));
            }
            PaxosMessage::Accept(proposal) | PaxosMessage::Accepted(proposal) => {
                facts.say("ballot", proposal.ballot);
                facts.say("value", proposal.value);
            }
            PaxosMessage::Refused { ballot, promised } => {
                facts.say("ballot", *ballot);
                facts.say("promised", *promised);
            }
            PaxosMessage::Ask => {}
        }
    }
}
