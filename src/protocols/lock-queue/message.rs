//! What servers, clients and the resource say to each other. What the servers say among
//! themselves is Raft's.

use super::tree::{Done, Lock, Place, SessionId, Zxid};
use crate::engine::{Fact, Facts, Message, NodeId};
use crate::protocols::raft::RaftMessage;
use std::rc::Rc;

/// What every request of a session begins with.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Head {
    /// Whose.
    pub session: SessionId,
    /// Which of that session, from 1; the same in a retry.
    pub number: u32,
    /// The last change that the client knows of: a server that is behind it may not answer.
    pub seen: Zxid,
}

/// How a request ended.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Answer {
    /// It changed the tree.
    Done(Done),
    /// The nodes below the lock, lowest first.
    Children(Rc<[Place]>),
    /// Whether the node is there; if so, it is watched now.
    Exists(bool),
    /// The session is over.
    Expired,
    /// This server does not lead; that one may.
    NotLeader(Option<NodeId>),
}

/// A message of the lab.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum QueueMessage {
    /// Among servers.
    Raft(RaftMessage),
    /// Asks for a session.
    OpenSession {
        /// Which attempt of the client; the same in a retry.
        attempt: u32,
    },
    /// Says that the client lives.
    SessionHeartbeat(Head),
    /// Says that the session was open when the heartbeat came.
    HeartbeatReply {
        /// The session.
        session: SessionId,
        /// The number of the heartbeat.
        number: u32,
        /// Whether this server watches a node for it.
        watching: bool,
    },
    /// Makes an ephemeral sequential node.
    Create(Head, Lock),
    /// Asks for the nodes below a lock.
    GetChildren(Head, Lock),
    /// Asks whether a node is there, and watches it if so.
    Exists(Head, Lock, Place),
    /// Deletes a node.
    Delete(Head, Lock, Place),
    /// Answers a request.
    Reply {
        /// The session; of a request to open one, the new one.
        session: SessionId,
        /// The number of the request, or of the attempt.
        number: u32,
        /// The last change that the server has applied.
        seen: Zxid,
        /// How it ended.
        answer: Answer,
    },
    /// A watched node is gone.
    Notification {
        /// Whose watch.
        session: SessionId,
        /// Below which lock.
        lock: Lock,
        /// Which node.
        place: Place,
    },
    /// Writes to the resource that the lock protects.
    Write {
        /// Which lock's.
        lock: Lock,
        /// The fencing number: the change that made the holder's node.
        fence: Zxid,
        /// The number of the client's request.
        number: u32,
    },
    /// Answers it.
    WriteReply {
        /// Which lock's resource.
        lock: Lock,
        /// The number of the request.
        number: u32,
        /// Whether it was taken.
        accepted: bool,
        /// The highest fencing number that was ever taken.
        highest: Zxid,
    },
}

impl Message for QueueMessage {
    const KINDS: &'static [&'static str] = &[
        "VoteRequest",
        "VoteReply",
        "AppendEntries",
        "AppendReply",
        "OpenSession",
        "SessionHeartbeat",
        "HeartbeatReply",
        "Create",
        "GetChildren",
        "Exists",
        "Delete",
        "Reply",
        "Notification",
        "Write",
        "WriteReply",
    ];

    fn kind(&self) -> u8 {
        match self {
            // Raft's own clients are not here, so its last two kinds never are.
            QueueMessage::Raft(message) => message.kind(),
            QueueMessage::OpenSession { .. } => 4,
            QueueMessage::SessionHeartbeat(_) => 5,
            QueueMessage::HeartbeatReply { .. } => HEARTBEAT_REPLY,
            QueueMessage::Create(..) => 7,
            QueueMessage::GetChildren(..) => 8,
            QueueMessage::Exists(..) => 9,
            QueueMessage::Delete(..) => 10,
            QueueMessage::Reply { .. } => 11,
            QueueMessage::Notification { .. } => NOTIFICATION,
            QueueMessage::Write { .. } => 13,
            QueueMessage::WriteReply { .. } => 14,
        }
    }

    fn facts(&self, facts: &mut Facts) {
        match self {
            QueueMessage::Raft(message) => message.facts(facts),
            QueueMessage::OpenSession { attempt } => facts.say("attempt", *attempt),
            QueueMessage::SessionHeartbeat(head) => head.facts(facts),
            QueueMessage::HeartbeatReply {
                session,
                number,
                watching,
            } => {
                facts.say("session", *session);
                facts.say("number", *number);
                facts.say("watching", *watching);
            }
            QueueMessage::Create(head, lock) | QueueMessage::GetChildren(head, lock) => {
                head.facts(facts);
                facts.say("lock", *lock);
            }
            QueueMessage::Exists(head, lock, place) | QueueMessage::Delete(head, lock, place) => {
                head.facts(facts);
                facts.say("lock", *lock);
                facts.say("node", *place);
            }
            QueueMessage::Reply {
                session,
                number,
                seen,
                answer,
            } => {
                facts.say("session", *session);
                facts.say("number", *number);
                facts.say("seen", *seen);
                answer.facts(facts);
            }
            QueueMessage::Notification {
                session,
                lock,
                place,
            } => {
                facts.say("session", *session);
                facts.say("lock", *lock);
                facts.say("node", *place);
            }
            QueueMessage::Write {
                lock,
                fence,
                number,
            } => {
                facts.say("lock", *lock);
                facts.say("fence", *fence);
                facts.say("number", *number);
            }
            QueueMessage::WriteReply {
                lock,
                number,
                accepted,
                highest,
            } => {
                facts.say("lock", *lock);
                facts.say("number", *number);
                facts.say("accepted", *accepted);
                facts.say("highest", *highest);
            }
        }
    }
}

/// The kind of the answer to a heartbeat, for who looks for them.
pub(super) const HEARTBEAT_REPLY: u8 = 6;
/// The kind of a notification.
pub(super) const NOTIFICATION: u8 = 12;

impl Head {
    fn facts(self, facts: &mut Facts) {
        facts.say("session", self.session);
        facts.say("number", self.number);
        facts.say("seen", self.seen);
    }
}

impl Answer {
    fn facts(&self, facts: &mut Facts) {
        match self {
            Answer::Done(Done::Opened) => facts.say("opened", true),
            Answer::Done(Done::Created(place, zxid)) => {
                facts.say("node", *place);
                facts.say("zxid", *zxid);
            }
            Answer::Done(Done::Deleted(deleted)) => facts.say("deleted", *deleted),
            Answer::Children(places) => {
                let places = places.iter().map(|place| Fact::from(*place));
                facts.say("children", Fact::List(places.collect()));
            }
            Answer::Exists(exists) => facts.say("exists", *exists),
            Answer::Expired => facts.say("expired", true),
            Answer::NotLeader(leader) => facts.say("leader", *leader),
        }
    }
}
