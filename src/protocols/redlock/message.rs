//! What clients, instances and the resource say to each other.

use crate::engine::{Facts, Message, Span};
use crate::lab::locks::Attempt;
pub use crate::lab::locks::Token;

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
    /// With fencing: "Keep this number for my grant, if it is higher than any that you have."
    NumberRequest {
        /// The client's token.
        token: Token,
        /// The number.
        number: u64,
    },
    /// An instance's answer.
    NumberReply {
        /// The token that was asked with.
        token: Token,
        /// The highest number that the instance has kept, whoever asked for it.
        highest: u64,
        /// Whether it is the one that was asked for.
        kept: bool,
    },
    /// With fencing: the resource has seen a higher number.
    WriteRefused {
        /// The grant under which it was to be written.
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
        "NumberRequest",
        "NumberReply",
        "WriteRefused",
    ];

    fn kind(&self) -> u8 {
        match self {
            RedlockMessage::SetRequest { .. } => 0,
            RedlockMessage::SetReply { .. } => 1,
            RedlockMessage::DeleteRequest { .. } => 2,
            RedlockMessage::WriteRequest(_) => 3,
            RedlockMessage::WriteReply { .. } => 4,
            RedlockMessage::NumberRequest { .. } => 5,
            RedlockMessage::NumberReply { .. } => 6,
            RedlockMessage::WriteRefused { .. } => 7,
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
            RedlockMessage::WriteRequest(Attempt { tag, number, .. }) => {
                facts.say("token", Token(*tag as u32).word());
                if number.is_some() {
                    facts.say("number", *number);
                }
            }
            RedlockMessage::WriteReply { tag } | RedlockMessage::WriteRefused { tag } => {
                facts.say("token", Token(*tag as u32).word());
            }
            RedlockMessage::NumberRequest { token, number } => {
                facts.say("token", token.word());
                facts.say("number", *number);
            }
            RedlockMessage::NumberReply {
                token,
                highest,
                kept,
            } => {
                facts.say("token", token.word());
                facts.say("highest", *highest);
                facts.say("kept", *kept);
            }
        }
    }
}
