//! What the lock protects. Redlock gives no number that grows, so by itself there is nothing to look at;
//! with fencing, our addition, there is.

use super::lab::CHECK_THE_NUMBER;
use super::message::RedlockMessage;
use super::notes;
use crate::engine::{NoteKey, RuleId};
use crate::lab::locks::{self, Attempt, Guards, WriteAnswer};

/// The resource as a node.
pub type Guarded = locks::Guarded<Numbers>;

/// How clients speak to it.
#[derive(Copy, Clone, Debug)]
pub struct Numbers;

impl Guards for Numbers {
    type Message = RedlockMessage;
    const CHECK: RuleId = CHECK_THE_NUMBER;
    const ACCEPTED: NoteKey = notes::ACCEPTED_NUMBER;
    const ACCEPTED_UNSEEN: NoteKey = notes::ACCEPTED;
    const REFUSED: NoteKey = notes::WRITE_REFUSED;

    fn attempt(message: &RedlockMessage) -> Option<Attempt> {
        match message {
            RedlockMessage::WriteRequest(attempt) => Some(*attempt),
            RedlockMessage::SetRequest { .. }
            | RedlockMessage::SetReply { .. }
            | RedlockMessage::DeleteRequest { .. }
            | RedlockMessage::WriteReply { .. }
            | RedlockMessage::NumberRequest { .. }
            | RedlockMessage::NumberReply { .. }
            | RedlockMessage::WriteRefused { .. } => None,
        }
    }

    fn answer(answer: WriteAnswer) -> RedlockMessage {
        let WriteAnswer { tag, accepted, .. } = answer;
        if accepted {
            RedlockMessage::WriteReply { tag }
        } else {
            RedlockMessage::WriteRefused { tag }
        }
    }
}
