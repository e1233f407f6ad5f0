//! What servers and clients say to each other.

use super::notes;
use super::types::{Ballot, Command, Slot, Vote};
use crate::engine::{Facts, Message, NoteKey};
use crate::lab::store::{Answer, Op, Reply, StoreMessage};
use std::rc::Rc;

/// A message of this lab.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum MultiMessage {
    /// Phase 1(a), once for all slots from `first` on.
    Prepare {
        /// The ballot.
        ballot: Ballot,
        /// The first slot of which the sender does not know what is chosen.
        first: Slot,
    },
    /// Phase 1(b): promised, and this is what was accepted in those slots.
    Promise {
        /// The ballot that is promised.
        ballot: Ballot,
        /// What was accepted, slot by slot.
        votes: Rc<[(Slot, Vote)]>,
    },
    /// Phase 2(a), for one slot.
    Accept {
        /// The leader's ballot.
        ballot: Ballot,
        /// The slot.
        slot: Slot,
        /// Its value.
        command: Command,
        /// All slots up to this one are chosen.
        chosen: Slot,
    },
    /// Phase 2(b): it is on the disk.
    Accepted {
        /// The ballot.
        ballot: Ballot,
        /// The slot.
        slot: Slot,
    },
    /// A higher ballot was promised.
    Refused {
        /// The ballot that is refused.
        ballot: Ballot,
        /// The one that was promised.
        promised: Ballot,
    },
    /// The leader is alive.
    Heartbeat {
        /// Its ballot.
        ballot: Ballot,
        /// All slots up to this one are chosen.
        chosen: Slot,
        /// Its count of confirmations, by which reads know that it still leads.
        round: u32,
    },
    /// Nothing higher was promised.
    HeartbeatReply {
        /// The ballot.
        ballot: Ballot,
        /// The round of the heartbeat that is answered.
        round: u32,
    },
    /// What is chosen from this slot on?
    CatchUp {
        /// The first slot that the sender lacks.
        first: Slot,
    },
    /// This is chosen, slot by slot.
    Chosen {
        /// The slot of the first one.
        first: Slot,
        /// What the sender accepted there.
        votes: Rc<[Vote]>,
    },
    /// A client's operation.
    ClientRequest {
        /// Which of the client's, from 1; the same in a retry.
        sequence: u32,
        /// What.
        op: Op,
    },
    /// The answer to it.
    ClientReply {
        /// Which of the client's.
        sequence: u32,
        /// How it ended.
        answer: Answer,
    },
}

impl StoreMessage for MultiMessage {
    const CLIENT_NOTES: [NoteKey; 6] = [
        notes::CLIENT_SENT,
        notes::CLIENT_RETRIED,
        notes::CLIENT_REDIRECTED,
        notes::CLIENT_DONE,
        notes::CLIENT_REFUSED,
        notes::CLIENT_IGNORED,
    ];

    fn request(sequence: u32, op: Op) -> Self {
        MultiMessage::ClientRequest { sequence, op }
    }

    fn reply(&self) -> Option<Reply> {
        match self {
            MultiMessage::ClientReply { sequence, answer } => Some((*sequence, *answer)),
            MultiMessage::Prepare { .. }
            | MultiMessage::Promise { .. }
            | MultiMessage::Accept { .. }
            | MultiMessage::Accepted { .. }
            | MultiMessage::Refused { .. }
            | MultiMessage::Heartbeat { .. }
            | MultiMessage::HeartbeatReply { .. }
            | MultiMessage::CatchUp { .. }
            | MultiMessage::Chosen { .. }
            | MultiMessage::ClientRequest { .. } => None,
        }
    }
}

impl Message for MultiMessage {
    const KINDS: &'static [&'static str] = &[
        "Prepare",
        "Promise",
        "Accept",
        "Accepted",
        "Refused",
        "Heartbeat",
        "HeartbeatReply",
        "CatchUp",
        "Chosen",
        "ClientRequest",
        "ClientReply",
    ];

    fn kind(&self) -> u8 {
        match self {
            MultiMessage::Prepare { .. } => 0,
            MultiMessage::Promise { .. } => 1,
            MultiMessage::Accept { .. } => 2,
            MultiMessage::Accepted { .. } => 3,
            MultiMessage::Refused { .. } => 4,
            MultiMessage::Heartbeat { .. } => 5,
            MultiMessage::HeartbeatReply { .. } => 6,
            MultiMessage::CatchUp { .. } => 7,
            MultiMessage::Chosen { .. } => 8,
            MultiMessage::ClientRequest { .. } => 9,
            MultiMessage::ClientReply { .. } => 10,
        }
    }

    fn facts(&self, facts: &mut Facts) {
        match self {
            MultiMessage::Prepare { ballot, first } => {
                facts.say("ballot", *ballot);
                facts.say("first", *first);
            }
            MultiMessage::Promise { ballot, votes } => {
                facts.say("ballot", *ballot);
                facts.say("votes", votes.len());
            }
            MultiMessage::Accept {
                ballot,
                slot,
                command,
                chosen,
            } => {
                facts.say("ballot", *ballot);
                facts.say("slot", *slot);
                match command {
                    Command::Noop => facts.say("no-op", true),
                    Command::Request { op, .. } => op.facts(facts),
                }
                facts.say("chosen", *chosen);
            }
            MultiMessage::Accepted { ballot, slot } => {
                facts.say("ballot", *ballot);
                facts.say("slot", *slot);
            }
            MultiMessage::Refused { ballot, promised } => {
                facts.say("ballot", *ballot);
                facts.say("promised", *promised);
            }
            MultiMessage::Heartbeat {
                ballot,
                chosen,
                round,
            } => {
                facts.say("ballot", *ballot);
                facts.say("chosen", *chosen);
                facts.say("round", *round);
            }
            MultiMessage::HeartbeatReply { ballot, round } => {
                facts.say("ballot", *ballot);
                facts.say("round", *round);
            }
            MultiMessage::CatchUp { first } => facts.say("first", *first),
            MultiMessage::Chosen { first, votes } => {
                facts.say("first", *first);
                facts.say("votes", votes.len());
            }
            MultiMessage::ClientRequest { sequence, op } => {
                facts.say("sequence", *sequence);
                op.facts(facts);
            }
            MultiMessage::ClientReply { sequence, answer } => {
                facts.say("sequence", *sequence);
                answer.facts(facts);
            }
        }
    }
}
