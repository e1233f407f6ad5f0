//! What a server is made of: what is fixed, what is durable, what it knows of others.

use super::super::types::{Entries, Entry, Index, NodeSet, Term};
use super::snapshot::Snapshot;
use crate::engine::{Log, NodeId, Span, Word};
use std::rc::Rc;

/// What is fixed for a run.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct ServerConfig {
    /// All servers; those that are members at first.
    pub servers: Vec<NodeId>,
    /// The least election timeout.
    pub timeout_min: Span,
    /// The most.
    pub timeout_max: Span,
    /// The time between two heartbeats.
    pub heartbeat: Span,
    /// Whether a leader begins its term with an empty entry.
    pub noop: bool,
    /// The most entries in one message.
    pub batch: usize,
    /// What goes beyond figure 2.
    pub options: Options,
}

/// What goes beyond figure 2. By default all of it is off, and costs nothing.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Options {
    /// Whether a server asks around before it begins an election (dissertation, section 9.6).
    pub pre_vote: bool,
    /// Whether a leader steps down that no majority answers (dissertation, section 6.2).
    pub check_quorum: bool,
    /// A snapshot is taken when so many applied entries stand in the log (section 7); 0 for never.
    pub compact: usize,
    /// The most items of a snapshot in one message.
    pub chunk: usize,
    /// All servers that can be members, where the members may change (section 6); none where they are
    /// the same for ever.
    pub members: NodeSet,
    /// By how much clocks may differ in rate, where a leader reads by its lease (dissertation, section
    /// 6.4.1), in millionths.
    pub lease: Option<u32>,
}

impl Options {
    /// Whether any of it is on.
    pub(super) fn any(&self) -> bool {
        self.pre_vote
            || self.check_quorum
            || self.compact > 0
            || self.members != NodeSet::NONE
            || self.lease.is_some()
    }
}

/// What survives a crash (figure 2, persistent state).
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Disk {
    /// The latest term seen.
    pub term: Term,
    /// Who got the vote in that term.
    pub voted_for: Option<NodeId>,
    /// The log.
    pub log: Log<Entry>,
    /// What stands in place of the entries that the log has let go of (section 7).
    pub snapshot: Option<Rc<Snapshot>>,
}

/// One change of the disk.
#[derive(Clone, Hash)]
pub enum Write {
    /// Term and vote.
    Vote(Term, Option<NodeId>),
    /// The log is cut to `keep` entries, and these come after them.
    Append {
        /// How many entries stay.
        keep: usize,
        /// What comes after them.
        entries: Entries,
    },
    /// A snapshot, in place of the entries up to its last.
    Snapshot {
        /// The snapshot.
        snapshot: Rc<Snapshot>,
        /// Whether what follows it in the log stays.
        keep: bool,
    },
}

/// What a leader knows of one follower (figure 2, volatile state on leaders).
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Progress {
    /// Which follower.
    pub follower: NodeId,
    /// The next entry to send.
    pub next: Index,
    /// How far its log is known to agree, on its disk.
    pub matched: Index,
    /// Whether entries are under way; more wait for the answer (batching, dissertation section
    /// 10.2.2).
    pub flow: Flow,
    /// The last round that it answered.
    pub round: u32,
}

/// Whether a follower owes an answer to entries.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Flow {
    /// It owes none: new entries go at once.
    Idle,
    /// Entries are under way, up to this one.
    Sent(Index),
    /// They were under way at the last heartbeat, too; the next one sends them again.
    Overdue(Index),
}

/// A read that waits until the leader knows that it still leads.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub(super) struct Read {
    pub(super) client: NodeId,
    pub(super) sequence: u32,
    pub(super) key: Word,
    /// What must be applied before the answer.
    pub(super) index: Index,
    /// The round that must be confirmed; `None` until an entry of the own term is committed.
    pub(super) round: Option<u32>,
}

/// What a server is.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Role {
    /// Listens to a leader.
    Follower,
    /// Asks whether it would be voted for, and has not taken a new term yet.
    PreCandidate {
        /// Who said yes, in order.
        granted: Vec<NodeId>,
        /// Who said no, in order.
        refused: Vec<NodeId>,
    },
    /// Asks for votes.
    Candidate {
        /// Who has given one, in order.
        granted: Vec<NodeId>,
        /// Who has refused, in order.
        refused: Vec<NodeId>,
    },
    /// Leads.
    Leader {
        /// What it knows of each follower.
        followers: Vec<Progress>,
    },
}
