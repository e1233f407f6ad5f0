//! What clients, stores and the resource say to each other.

use super::store::Shelf;
use crate::engine::{Facts, Message, NodeId, Span, Time};
use crate::lab::locks::Attempt;
pub use crate::lab::locks::Token;

/// The name of a lock at the store: the one of all, or one of a client's own.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Key(pub Option<NodeId>);

/// A message of the lab.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum LockMessage {
    /// `SET key token NX PX ttl`.
    SetRequest {
        /// The lock's name.
        key: Key,
        /// The client's token.
        token: Token,
        /// How long the lock is to live; for ever where there is none.
        ttl: Option<Span>,
        /// Until when, by the client's clock: as the article has it.
        deadline: Option<Time>,
    },
    /// The store's answer.
    SetReply {
        /// The token that was asked with.
        token: Token,
        /// The fencing number of the grant, or that there is none.
        granted: Option<u64>,
    },
    /// The lock is given back.
    DeleteRequest {
        /// The lock's name.
        key: Key,
        /// Only if this token stands there; whatever stands there where there is none.
        token: Option<Token>,
    },
    /// The store's answer.
    DeleteReply {
        /// Whether something was deleted.
        deleted: bool,
    },
    /// A write to what the lock protects.
    WriteRequest(Attempt),
    /// The resource's answer.
    WriteReply {
        /// The grant under which it was written.
        tag: u64,
        /// Whether it was accepted.
        accepted: bool,
        /// The highest number that the resource has seen.
        highest: u64,
    },
    /// All that the store holds, for its replica.
    CopyRequest(Shelf),
    /// The replica has it.
    CopyReply {
        /// The version that it has.
        version: u64,
        /// It is the primary itself by now.
        took_over: bool,
    },
}

impl LockMessage {
    /// The token of the grant that it tells of, if it tells of one.
    #[must_use]
    pub fn grants(&self) -> Option<Token> {
        let LockMessage::SetReply { token, granted } = self else {
            return None;
        };
        granted.map(|_| *token)
    }
}

impl Message for LockMessage {
    const KINDS: &'static [&'static str] = &[
        "SetRequest",
        "SetReply",
        "DeleteRequest",
        "DeleteReply",
        "WriteRequest",
        "WriteReply",
        "CopyRequest",
        "CopyReply",
    ];

    fn kind(&self) -> u8 {
        match self {
            LockMessage::SetRequest { .. } => 0,
            LockMessage::SetReply { .. } => 1,
            LockMessage::DeleteRequest { .. } => 2,
            LockMessage::DeleteReply { .. } => 3,
            LockMessage::WriteRequest(_) => 4,
            LockMessage::WriteReply { .. } => 5,
            LockMessage::CopyRequest(_) => 6,
            LockMessage::CopyReply { .. } => 7,
        }
    }

    fn facts(&self, facts: &mut Facts) {
        match self {
            LockMessage::SetRequest {
                key,
                token,
                ttl,
                deadline,
            } => {
                facts.say("key-of", key.0);
                facts.say("token", token.word());
                facts.say("ttl", *ttl);
                facts.say("deadline", *deadline);
            }
            LockMessage::SetReply { token, granted } => {
                facts.say("token", token.word());
                facts.say("granted", granted.is_some());
                facts.say("number", *granted);
            }
            LockMessage::DeleteRequest { key, token } => {
                facts.say("key-of", key.0);
                facts.say("token", token.map(Token::word));
            }
            LockMessage::DeleteReply { deleted } => facts.say("deleted", *deleted),
            LockMessage::WriteRequest(attempt) => {
                facts.say("token", Token(attempt.tag as u32).word());
                facts.say("number", attempt.number);
            }
            LockMessage::WriteReply {
                accepted, highest, ..
            } => {
                facts.say("accepted", *accepted);
                facts.say("highest", *highest);
            }
            LockMessage::CopyRequest(shelf) => shelf.facts(facts),
            LockMessage::CopyReply { version, took_over } => {
                facts.say("version", *version);
                facts.say("took-over", *took_over);
            }
        }
    }
}
