//! What the nodes say to each other.

use super::forms::State;
use crate::engine::{Facts, Message};

/// Each says the highest term that its sender knew, or that it is about.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum VoteMessage {
    /// "There is no leader: who is there, and how are you?"
    Poll(u64),
    /// "So."
    Answer {
        /// The highest term that it knows.
        term: u64,
        /// What it says of itself.
        state: State,
    },
    /// "Vote, in this term, for one of these." Of one alone where the caller has chosen.
    Ballot {
        /// The term.
        term: u64,
        /// The candidates.
        slate: Vec<State>,
    },
    /// "You have my vote in this term", to the candidate.
    Vote(u64),
    /// "I lead."
    Heartbeat(u64),
    /// "I lead no more", or "I will not".
    Resign(u64),
}

impl VoteMessage {
    /// The highest term that its sender knew, or the one that it is about.
    #[must_use]
    pub fn term(&self) -> u64 {
        match *self {
            VoteMessage::Poll(term)
            | VoteMessage::Answer { term, .. }
            | VoteMessage::Ballot { term, .. }
            | VoteMessage::Vote(term)
            | VoteMessage::Heartbeat(term)
            | VoteMessage::Resign(term) => term,
        }
    }
}

impl Message for VoteMessage {
    const KINDS: &'static [&'static str] =
        &["Poll", "Answer", "Ballot", "Vote", "Heartbeat", "Resign"];

    fn kind(&self) -> u8 {
        match self {
            VoteMessage::Poll(_) => 0,
            VoteMessage::Answer { .. } => 1,
            VoteMessage::Ballot { .. } => 2,
            VoteMessage::Vote(_) => 3,
            VoteMessage::Heartbeat(_) => 4,
            VoteMessage::Resign(_) => 5,
        }
    }

    fn facts(&self, facts: &mut Facts) {
        facts.say("term", self.term());
        match self {
            VoteMessage::Answer { state, .. } => {
                facts.say("priority", state.priority);
                facts.say("load", state.load);
                facts.say("sick", state.sick);
            }
            VoteMessage::Ballot { slate, .. } => {
                let nodes: Vec<_> = slate.iter().map(|state| state.node).collect();
                facts.say("candidates", nodes);
            }
            VoteMessage::Poll(_)
            | VoteMessage::Vote(_)
            | VoteMessage::Heartbeat(_)
            | VoteMessage::Resign(_) => {}
        }
    }
}
