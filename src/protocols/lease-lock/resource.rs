//! The node that the lock protects.

use super::lab::CHECK_THE_NUMBER;
use super::message::LockMessage;
use super::notes;
use crate::engine::{NoteKey, RuleId};
use crate::lab::locks::{self, Attempt, Guards, WriteAnswer};

/// The resource as a node.
pub type Guarded = locks::Guarded<Numbers>;

/// How clients speak to it.
#[derive(Copy, Clone, Debug)]
pub struct Numbers;

impl Guards for Numbers {
    type Message = LockMessage;
    const CHECK: RuleId = CHECK_THE_NUMBER;
    const ACCEPTED: NoteKey = notes::ACCEPTED;
    const ACCEPTED_UNSEEN: NoteKey = notes::ACCEPTED_UNSEEN;
    const REFUSED: NoteKey = notes::REFUSED;

    fn attempt(message: &LockMessage) -> Option<Attempt> {
        match message {
            LockMessage::WriteRequest(attempt) => Some(*attempt),
            LockMessage::SetRequest { .. }
            | LockMessage::SetReply { .. }
            | LockMessage::DeleteRequest { .. }
            | LockMessage::DeleteReply { .. }
            | LockMessage::WriteReply { .. }
            | LockMessage::CopyRequest(_)
            | LockMessage::CopyReply { .. } => None,
        }
    }

    fn answer(answer: WriteAnswer) -> LockMessage {
        let WriteAnswer {
            tag,
            accepted,
            highest,
        } = answer;
        LockMessage::WriteReply {
            tag,
            accepted,
            highest,
        }
    }
}
