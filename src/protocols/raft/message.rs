//! What servers and clients say to each other (figure 2, and section 8 for clients).

use super::notes;
use super::types::{Entries, Index, Kept, Op, Term};
use crate::engine::{Fact, Facts, Message, NoteKey, Renaming};
use crate::lab::store::{Item, Reply, StoreMessage};
use std::rc::Rc;

pub(super) use crate::lab::store::Answer;

/// A message of Raft.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum RaftMessage {
    /// Asks for a vote.
    VoteRequest {
        /// The candidate's term.
        term: Term,
        /// Term and index of the last entry of its log.
        last: (Term, Index),
    },
    /// Gives or refuses it.
    VoteReply {
        /// The voter's term.
        term: Term,
        /// Whether it is given.
        granted: bool,
    },
    /// Replicates entries; without entries, a heartbeat.
    AppendEntries {
        /// The leader's term.
        term: Term,
        /// Term and index of the entry before the first one.
        prev: (Term, Index),
        /// The entries, shared with the sender's other messages and writes.
        entries: Entries,
        /// How far the leader has committed.
        commit: Index,
        /// The leader's count of confirmations, by which reads know that it still leads.
        round: u32,
    },
    /// Answers it.
    AppendReply {
        /// The follower's term.
        term: Term,
        /// Whether the logs agreed at `prev`.
        success: bool,
        /// If so, how far the follower's log now agrees on disk; if not, the first index that
        /// the leader should try instead.
        index: Index,
        /// The round of the message that is answered.
        round: u32,
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
    /// Asks whether a vote would be given (dissertation, section 9.6).
    PreVoteRequest {
        /// The term that the asker would take.
        next: Term,
        /// Term and index of the last entry of its log.
        last: (Term, Index),
    },
    /// Says whether it would.
    PreVoteReply {
        /// The term of who answers.
        term: Term,
        /// The term that was asked for.
        next: Term,
        /// Whether the vote would be given.
        granted: bool,
    },
    /// Tells a follower to begin an election at once (dissertation, section 3.10).
    TimeoutNow {
        /// The leader's term.
        term: Term,
    },
    /// Sends a piece of a snapshot (section 7, figure 13).
    InstallSnapshot {
        /// The leader's term.
        term: Term,
        /// What is sent.
        piece: Rc<Piece>,
    },
    /// Answers it.
    InstallReply {
        /// The follower's term.
        term: Term,
        /// The last entry of the snapshot that is meant.
        last: Index,
        /// How many of its items the follower has.
        offset: u32,
        /// Whether the follower's state goes as far as the snapshot, on its disk.
        done: bool,
    },
    /// Asks for a vote with the leave of the leader, which has handed its office over: no lease stands
    /// against it (dissertation, sections 3.10 and 4.2.3).
    VoteRequestAsTold {
        /// The candidate's term.
        term: Term,
        /// Term and index of the last entry of its log.
        last: (Term, Index),
    },
}

/// A piece of a snapshot.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Piece {
    /// Term and index of the last entry that the snapshot stands for.
    pub last: (Term, Index),
    /// The hash of the log up to that entry.
    pub digest: u64,
    /// The configuration there, and its place; nothing where the members never change.
    pub members: Kept,
    /// How many items of the snapshot were sent before these.
    pub offset: u32,
    /// The items.
    pub items: Vec<Item>,
    /// Whether these are the last.
    pub done: bool,
}

impl RaftMessage {
    /// The sender's term; clients have none.
    #[must_use]
    pub fn term(&self) -> Option<Term> {
        match self {
            RaftMessage::VoteRequest { term, .. }
            | RaftMessage::VoteRequestAsTold { term, .. }
            | RaftMessage::VoteReply { term, .. }
            | RaftMessage::AppendEntries { term, .. }
            | RaftMessage::AppendReply { term, .. }
            | RaftMessage::PreVoteReply { term, .. }
            | RaftMessage::TimeoutNow { term }
            | RaftMessage::InstallSnapshot { term, .. }
            | RaftMessage::InstallReply { term, .. } => Some(*term),
            // Who asks for a pre-vote has not taken the term that it asks for.
            RaftMessage::ClientRequest { .. }
            | RaftMessage::ClientReply { .. }
            | RaftMessage::PreVoteRequest { .. } => None,
        }
    }
}

impl StoreMessage for RaftMessage {
    const CLIENT_NOTES: [NoteKey; 6] = [
        notes::CLIENT_SENT,
        notes::CLIENT_RETRIED,
        notes::CLIENT_REDIRECTED,
        notes::CLIENT_DONE,
        notes::CLIENT_REFUSED,
        notes::CLIENT_IGNORED,
    ];

    fn request(sequence: u32, op: Op) -> Self {
        RaftMessage::ClientRequest { sequence, op }
    }

    #[inline]
    fn reply(&self) -> Option<Reply> {
        if let RaftMessage::ClientReply { sequence, answer } = self {
            Some((*sequence, *answer))
        } else {
            None
        }
    }
}

impl Message for RaftMessage {
    const KINDS: &'static [&'static str] = &[
        "VoteRequest",
        "VoteReply",
        "AppendEntries",
        "AppendReply",
        "ClientRequest",
        "ClientReply",
        "PreVoteRequest",
        "PreVoteReply",
        "TimeoutNow",
        "InstallSnapshot",
        "InstallReply",
        "VoteRequestAsTold",
    ];

    fn kind(&self) -> u8 {
        match self {
            RaftMessage::VoteRequest { .. } => 0,
            RaftMessage::VoteReply { .. } => 1,
            RaftMessage::AppendEntries { .. } => 2,
            RaftMessage::AppendReply { .. } => 3,
            RaftMessage::ClientRequest { .. } => 4,
            RaftMessage::ClientReply { .. } => 5,
            RaftMessage::PreVoteRequest { .. } => 6,
            RaftMessage::PreVoteReply { .. } => 7,
            RaftMessage::TimeoutNow { .. } => 8,
            RaftMessage::InstallSnapshot { .. } => 9,
            RaftMessage::InstallReply { .. } => 10,
            RaftMessage::VoteRequestAsTold { .. } => 11,
        }
    }

    fn renamed(&self, names: &Renaming) -> Option<Self> {
        let mut renamed = self.clone();
        if let RaftMessage::ClientReply { answer, .. } = &mut renamed
            && let Answer::NotLeader(Some(leader)) = answer
        {
            *leader = names.of(*leader);
        }
        Some(renamed)
    }

    fn facts(&self, facts: &mut Facts) {
        let place =
            |(term, index): (Term, Index)| Fact::Place(u64::from(term.0), u64::from(index.0));
        match self {
            RaftMessage::VoteRequest { term, last }
            | RaftMessage::VoteRequestAsTold { term, last } => {
                facts.say("term", *term);
                facts.say("last", place(*last));
            }
            RaftMessage::VoteReply { term, granted } => {
                facts.say("term", *term);
                facts.say("granted", *granted);
            }
            RaftMessage::AppendEntries {
                term,
                prev,
                entries,
                commit,
                round,
            } => {
                facts.say("term", *term);
                facts.say("prev", place(*prev));
                facts.say("entries", entries.len());
                facts.say("commit", *commit);
                facts.say("round", *round);
            }
            RaftMessage::AppendReply {
                term,
                success,
                index,
                round,
            } => {
                facts.say("term", *term);
                facts.say("success", *success);
                facts.say(if *success { "match" } else { "try" }, *index);
                facts.say("round", *round);
            }
            RaftMessage::ClientRequest { sequence, op } => {
                facts.say("sequence", *sequence);
                op.facts(facts);
            }
            RaftMessage::ClientReply { sequence, answer } => {
                facts.say("sequence", *sequence);
                answer.facts(facts);
            }
            RaftMessage::PreVoteRequest { next, last } => {
                facts.say("next", *next);
                facts.say("last", place(*last));
            }
            RaftMessage::PreVoteReply {
                term,
                next,
                granted,
            } => {
                facts.say("term", *term);
                facts.say("next", *next);
                facts.say("granted", *granted);
            }
            RaftMessage::TimeoutNow { term } => facts.say("term", *term),
            RaftMessage::InstallSnapshot { term, piece } => {
                facts.say("term", *term);
                facts.say("last", place(piece.last));
                facts.say("offset", u64::from(piece.offset));
                facts.say("items", piece.items.len());
                facts.say("done", piece.done);
            }
            RaftMessage::InstallReply {
                term,
                last,
                offset,
                done,
            } => {
                facts.say("term", *term);
                facts.say("last", *last);
                facts.say("offset", u64::from(*offset));
                facts.say("done", *done);
            }
        }
    }
}
