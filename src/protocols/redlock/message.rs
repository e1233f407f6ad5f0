//! What clients, instances and the resource say to each other.

use crate::engine::{Facts, Message, Span, Word};
use crate::lab::locks::Attempt;

/// The random value by which a client knows its lock again: one for each attempt.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Token(pub u32);

impl Token {
    /// As it is shown: eight characters.
    #[must_use]
    pub fn word(self) -> Word {
        let digit = |at: u32| char::from_digit(self.0 >> (28 - 4 * at) & 15, 16).unwrap_or('0');
        let text: String = (0..8).map(digit).collect();
        Word::new(&text).unwrap_or_default()
    }
}

/// A message of the lab.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum RedlockMessage {
    /// `SET lock token NX PX ttl`, to each instance.
    SetRequest {
        /// The client's token.
        token: Token,
        /// How long the key is to live.
        ttl: Span,
    },
    /// An instance's answer.
    SetReply {
        /// The token that was asked with.
        token: Token,
        /// Whether the key was set.
        granted: bool,
    },
    /// "Delete the lock, if my token stands there."
    DeleteRequest {
        /// The token.
        token: Token,
    },
    /// A write to what the lock protects.
    WriteRequest(Attempt),
    /// The resource's answer.
    WriteReply {
        /// The grant under which it was written.
        tag: u64,
    },
}

impl Message for RedlockMessage {
    const KINDS: &'static [&'static str] = &[
        "SetRequest",
        "SetReply",
        "DeleteRequest",
        "WriteRequest",
        "WriteReply",
    ];

    fn kind(&self) -> u8 {
        match self {
            RedlockMessage::SetRequest { .. } => 0,
            RedlockMessage::SetReply { .. } => 1,
            RedlockMessage::DeleteRequest { .. } => 2,
            RedlockMessage::WriteRequest(_) => 3,
            RedlockMessage::WriteReply { .. } => 4,
        }
    }

    fn facts(&self, facts: &mut Facts) {
        match self {
            RedlockMessage::SetRequest { token, ttl } => {
                facts.say("token", token.word());
                facts.say("ttl", *ttl);
            }
            RedlockMessage::SetReply { token, granted } => {
                facts.say("token", token.word());
                facts.say("granted", *granted);
            }
            RedlockMessage::DeleteRequest { token } => facts.say("token", token.word()),
            RedlockMessage::WriteRequest(Attempt { tag, .. })
            | RedlockMessage::WriteReply { tag } => {
                facts.say("token", Token(*tag as u32).word());
            }
        }
    }
}
