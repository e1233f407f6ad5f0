//! What servers and clients say to each other (figure 2, and section 8 for clients).

use super::types::{Entries, Index, Op, Term};
use crate::engine::{Fact, Facts, Message, NodeId, Renaming, Word};

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
}

impl RaftMessage {
    /// The sender's term; clients have none.
    #[must_use]
    pub fn term(&self) -> Option<Term> {
        match self {
            RaftMessage::VoteRequest { term, .. }
            | RaftMessage::VoteReply { term, .. }
            | RaftMessage::AppendEntries { term, .. }
            | RaftMessage::AppendReply { term, .. } => Some(*term),
            RaftMessage::ClientRequest { .. } | RaftMessage::ClientReply { .. } => None,
        }
    }
}

/// How a request ended.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Answer {
    /// Done; a read brings its value.
    Done(Option<Word>),
    /// A compare-and-swap found another value.
    Refused,
    /// This server does not lead; that one may.
    NotLeader(Option<NodeId>),
}

impl Message for RaftMessage {
    const KINDS: &'static [&'static str] = &[
        "VoteRequest",
        "VoteReply",
        "AppendEntries",
        "AppendReply",
        "ClientRequest",
        "ClientReply",
    ];

    fn kind(&self) -> u8 {
        match self {
            RaftMessage::VoteRequest { .. } => 0,
            RaftMessage::VoteReply { .. } => 1,
            RaftMessage::AppendEntries { .. } => 2,
            RaftMessage::AppendReply { .. } => 3,
            RaftMessage::ClientRequest { .. } => 4,
            RaftMessage::ClientReply { .. } => 5,
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
            RaftMessage::VoteRequest { term, last } => {
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
                op_facts(*op, facts);
            }
            RaftMessage::ClientReply { sequence, answer } => {
                facts.say("sequence", *sequence);
                match answer {
                    Answer::Done(value) => facts.say("done", *value),
                    Answer::Refused => facts.say("done", false),
                    Answer::NotLeader(hint) => facts.say("leader", *hint),
                }
            }
        }
    }
}

fn op_facts(op: Op, facts: &mut Facts) {
    match op {
        Op::Put { key, value } => {
            facts.say("put", key);
            facts.say("value", value);
        }
        Op::Cas {
            key,
            expected,
            value,
        } => {
            facts.say("cas", key);
            facts.say("expected", expected);
            facts.say("value", value);
        }
        Op::Get { key } => facts.say("get", key),
    }
}
