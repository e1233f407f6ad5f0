//! What replicas, clients and the resource say to each other. What the replicas say among
//! themselves is Raft's.

use super::database::{Done, File, Generation, SessionId, Version};
use crate::engine::{Fact, Facts, Message, NodeId, Span};
use crate::lab::locks::Attempt;
use crate::protocols::raft::RaftMessage;
use std::rc::Rc;

/// What every request of a session begins with.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Head {
    /// Whose.
    pub session: SessionId,
    /// Which of that session, from 1; the same in a retry.
    pub number: u32,
    /// The epoch of the master that the client knows: another one's calls are refused.
    pub epoch: u32,
}

/// What a master tells a client behind the answer to a KeepAlive.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Event {
    /// The master is another one; what it said before may have been missed.
    FailOver,
    /// Contents of this version and older ones are not to be read from a cache.
    Invalidate(Version),
}

/// How a request ended.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Answer {
    /// It changed the database.
    Done(Done),
    /// The contents of the file, and whether they may be kept.
    Contents(File, bool),
    /// The session is over.
    Expired,
    /// The call is of an older epoch: a KeepAlive first.
    OldEpoch,
    /// This replica is not the master; that one may be.
    NotMaster(Option<NodeId>),
}

/// A message of the lab.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum ChubbyMessage {
    /// Among replicas.
    Raft(RaftMessage),
    /// Asks for a session.
    OpenSession {
        /// Which attempt of the client; the same in a retry.
        attempt: u32,
    },
    /// Asks that the session's lease be extended. The master answers late.
    KeepAlive {
        /// Of which session; its numbers are those of KeepAlives.
        head: Head,
        /// The last event that the client has dealt with.
        seen: u32,
    },
    /// The lease is extended.
    KeepAliveReply {
        /// The session.
        session: SessionId,
        /// The number of the KeepAlive.
        number: u32,
        /// The epoch of the master.
        epoch: u32,
        /// How long the master kept the call.
        held: Span,
        /// The events that the client has not confirmed yet, oldest first.
        events: Rc<[Event]>,
        /// The number of the last of them.
        last: u32,
    },
    /// Asks for the lock.
    Acquire(Head),
    /// Gives it back.
    Release(Head),
    /// Asks for the contents of the file; its numbers are those of such requests.
    GetContents(Head),
    /// Writes the client's name into the file.
    SetContents(Head),
    /// Answers a request.
    Reply {
        /// The session; of a request to open one, the new one.
        session: SessionId,
        /// The number of the request, or of the attempt.
        number: u32,
        /// The epoch of the master.
        epoch: u32,
        /// How it ended.
        answer: Answer,
    },
    /// Writes to the resource, with the sequencer.
    Write(Attempt),
    /// Answers it.
    WriteReply {
        /// The grant under which it was written.
        tag: u64,
        /// Whether it was taken.
        accepted: bool,
        /// The highest generation that was ever taken.
        highest: u64,
    },
}

/// The kind of a request to open a session.
pub(super) const OPEN: u8 = 4;
/// The kind of a KeepAlive.
pub(super) const KEEP_ALIVE: u8 = 5;
/// The kind of the answer to a KeepAlive, for who looks for them.
pub(super) const KEEP_ALIVE_REPLY: u8 = 6;
/// The kind of an answer.
pub(super) const REPLY: u8 = 11;

impl Message for ChubbyMessage {
    const KINDS: &'static [&'static str] = &[
        "VoteRequest",
        "VoteReply",
        "AppendEntries",
        "AppendReply",
        "OpenSession",
        "KeepAlive",
        "KeepAliveReply",
        "Acquire",
        "Release",
        "GetContents",
        "SetContents",
        "Reply",
        "Write",
        "WriteReply",
    ];

    fn kind(&self) -> u8 {
        match self {
            // Raft's own clients are not here, so its last two kinds never are.
            ChubbyMessage::Raft(message) => message.kind(),
            ChubbyMessage::OpenSession { .. } => OPEN,
            ChubbyMessage::KeepAlive { .. } => KEEP_ALIVE,
            ChubbyMessage::KeepAliveReply { .. } => KEEP_ALIVE_REPLY,
            ChubbyMessage::Acquire(_) => 7,
            ChubbyMessage::Release(_) => 8,
            ChubbyMessage::GetContents(_) => 9,
            ChubbyMessage::SetContents(_) => 10,
            ChubbyMessage::Reply { .. } => REPLY,
            ChubbyMessage::Write(_) => 12,
            ChubbyMessage::WriteReply { .. } => 13,
        }
    }

    fn facts(&self, facts: &mut Facts) {
        match self {
            ChubbyMessage::Raft(message) => message.facts(facts),
            ChubbyMessage::OpenSession { attempt } => facts.say("attempt", *attempt),
            ChubbyMessage::KeepAlive { head, seen } => {
                head.facts(facts);
                facts.say("seen", *seen);
            }
            ChubbyMessage::KeepAliveReply {
                session,
                number,
                epoch,
                held,
                events,
                last,
            } => {
                let head = Head {
                    session: *session,
                    number: *number,
                    epoch: *epoch,
                };
                head.facts(facts);
                facts.say("held", *held);
                let all = events.iter().map(|event| match event {
                    Event::FailOver => Fact::Key("fail-over"),
                    Event::Invalidate(_) => Fact::Key("invalidate"),
                });
                facts.say("events", Fact::List(all.collect()));
                facts.say("last", *last);
            }
            ChubbyMessage::Acquire(head)
            | ChubbyMessage::Release(head)
            | ChubbyMessage::GetContents(head)
            | ChubbyMessage::SetContents(head) => head.facts(facts),
            ChubbyMessage::Reply {
                session,
                number,
                epoch,
                answer,
            } => {
                let head = Head {
                    session: *session,
                    number: *number,
                    epoch: *epoch,
                };
                head.facts(facts);
                answer.facts(facts);
            }
            ChubbyMessage::Write(attempt) => {
                facts.say("sequencer", Generation(attempt.tag as u32));
            }
            ChubbyMessage::WriteReply {
                accepted, highest, ..
            } => {
                facts.say("accepted", *accepted);
                facts.say("highest", *highest);
            }
        }
    }
}

impl Head {
    fn facts(self, facts: &mut Facts) {
        facts.say("session", self.session);
        facts.say("number", self.number);
        facts.say("epoch", self.epoch);
    }
}

impl Answer {
    fn facts(self, facts: &mut Facts) {
        match self {
            Answer::Done(Done::Opened) => facts.say("opened", true),
            Answer::Done(Done::Granted(generation)) => facts.say("generation", generation),
            Answer::Done(Done::Released) => facts.say("released", true),
            Answer::Done(Done::Written(version)) => facts.say("version", version),
            Answer::Contents(file, may_keep) => {
                facts.say("version", file.version);
                facts.say("contents", file.by);
                facts.say("may-keep", may_keep);
            }
            Answer::Expired => facts.say("expired", true),
            Answer::OldEpoch => facts.say("old-epoch", true),
            Answer::NotMaster(master) => facts.say("master", master),
        }
    }
}
