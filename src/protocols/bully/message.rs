//! What the nodes say to each other.

use crate::engine::{Facts, Message};

/// In the plain variant the term is 0 everywhere.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum BullyMessage {
    /// "Is anybody there above me?", to each higher node.
    Election(u64),
    /// "I am, leave it to me", to a lower one.
    Answer(u64),
    /// "I lead."
    Coordinator(u64),
    /// "I still lead": what the silence of a leader is measured by.
    Heartbeat(u64),
    /// "Shall I lead in this term?": the variant with terms alone.
    Proposal(u64),
    /// What it is answered by.
    Assent {
        /// The highest term that the voter knows.
        term: u64,
        /// Whether it is a yes.
        granted: bool,
    },
}

impl BullyMessage {
    /// The highest term that its sender knew.
    #[must_use]
    pub fn term(&self) -> u64 {
        match *self {
            BullyMessage::Election(term)
            | BullyMessage::Answer(term)
            | BullyMessage::Coordinator(term)
            | BullyMessage::Heartbeat(term)
            | BullyMessage::Proposal(term)
            | BullyMessage::Assent { term, .. } => term,
        }
    }
}

/// The kinds that make up an election in the plain variant, by their places.
pub(super) const COUNTED: [usize; 3] = [0, 1, 2];

impl Message for BullyMessage {
    const KINDS: &'static [&'static str] = &[
        "Election",
        "Answer",
        "Coordinator",
        "Heartbeat",
        "Proposal",
        "Assent",
    ];

    fn kind(&self) -> u8 {
        match self {
            BullyMessage::Election(_) => 0,
            BullyMessage::Answer(_) => 1,
            BullyMessage::Coordinator(_) => 2,
            BullyMessage::Heartbeat(_) => 3,
            BullyMessage::Proposal(_) => 4,
            BullyMessage::Assent { .. } => 5,
        }
    }

    fn facts(&self, facts: &mut Facts) {
        // Without terms there is nothing to say of them.
        if self.term() > 0 {
            facts.say("term", self.term());
        }
        if let BullyMessage::Assent { granted, .. } = self {
            facts.say("granted", *granted);
        }
    }
}
