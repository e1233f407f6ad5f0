//! What the lock protects: a server of its own, which sees the sequencer that comes with each write,
//! and may look at it.

use super::message::ChubbyMessage;
use super::notes;
use super::rules::CHECK_THE_SEQUENCER;
use crate::engine::{NoteKey, RuleId};
use crate::lab::locks::{self, Attempt, Guards, WriteAnswer};

/// The resource as a node.
pub type Guarded = locks::Guarded<Sequencers>;

/// How clients speak to it.
#[derive(Copy, Clone, Debug)]
pub struct Sequencers;

impl Guards for Sequencers {
    type Message = ChubbyMessage;
    const CHECK: RuleId = CHECK_THE_SEQUENCER;
    const ACCEPTED: NoteKey = notes::ACCEPTED;
    const ACCEPTED_UNSEEN: NoteKey = notes::ACCEPTED_UNSEEN;
    const REFUSED: NoteKey = notes::REFUSED;

    fn attempt(message: &ChubbyMessage) -> Option<Attempt> {
        match message {
            ChubbyMessage::Write(attempt) => Some(*attempt),
            ChubbyMessage::Raft(_)
            | ChubbyMessage::OpenSession { .. }
            | ChubbyMessage::KeepAlive { .. }
            | ChubbyMessage::KeepAliveReply { .. }
            | ChubbyMessage::Acquire(_)
            | ChubbyMessage::Release(_)
            | ChubbyMessage::GetContents(_)
            | ChubbyMessage::SetContents(_)
            | ChubbyMessage::Reply { .. }
            | ChubbyMessage::WriteReply { .. } => None,
        }
    }

    fn answer(answer: WriteAnswer) -> ChubbyMessage {
        let WriteAnswer {
            tag,
            accepted,
            highest,
        } = answer;
        ChubbyMessage::WriteReply {
            tag,
            accepted,
            highest,
        }
    }
}
