//! What happened in one step: the trace is a list of these.

use super::action::{Action, Miss};
use crate::engine::{Digest, NodeId, Note, Parcel, Report, Time, Timer, WriteId};
use std::hash::Hash;
use std::rc::Rc;

/// The name of a message, which survives an edit of the run: `AppendEntries n1>n3 #4`.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct MessageName {
    /// Its kind, by its place in the lab's list.
    pub kind: u8,
    /// Sender.
    pub from: NodeId,
    /// Receiver.
    pub to: NodeId,
    /// Which of its kind on that link, from 1.
    pub ordinal: u32,
    /// 0 for the message itself, 1 and up for duplicates of it.
    pub copy: u8,
}

impl MessageName {
    /// Two words; `tag` may use all bits but those from the 16th to the 31st.
    #[inline]
    pub(super) fn hash_into(self, tag: u64, digest: &mut Digest) {
        digest.word(tag | u64::from(self.kind) << 24 | u64::from(self.copy) << 16);
        let link = u64::from(self.from.0) << 16 | u64::from(self.to.0);
        digest.word(u64::from(self.ordinal) << 32 | link);
    }
}

/// A message with its content and where it came from.
#[derive(Clone)]
pub struct Letter {
    /// Its name.
    pub name: MessageName,
    /// Its content.
    pub parcel: Parcel,
    /// When it was sent.
    pub sent_at: Time,
    /// In which step it was decided to send it.
    pub sent_step: u64,
    /// In which step it left: a later one where it waited for a write.
    pub left_step: u64,
}

/// Why a message did not arrive.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum LossReason {
    /// The network lost it.
    Loss,
    /// The link is cut.
    Cut,
    /// The receiver is down.
    Down,
    /// A person dropped it.
    Dropped,
}

/// A message under way.
#[derive(Clone)]
pub struct Flight {
    /// The message.
    pub letter: Letter,
    /// When it arrives, or is seen to be lost.
    pub due: Time,
    /// Whether it will be lost on the way, and why.
    pub fate: Option<LossReason>,
    /// Whether a person holds it.
    pub held: bool,
    pub(super) seq: u64,
}

/// A message that left in a step.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Sent {
    /// Its name.
    pub name: MessageName,
    /// When it arrives, or is seen to be lost.
    pub due: Time,
    /// Whether it will be lost on the way.
    pub lost: Option<LossReason>,
}

/// Everything that can happen.
#[derive(Clone, Default)]
pub enum Happened {
    /// Nothing yet: the record of a world before its first step.
    #[default]
    Nothing,
    /// A node came up for the first time.
    Started(NodeId),
    /// A message arrived and was handled.
    Delivered(Letter),
    /// A message was lost.
    Lost(Letter, LossReason),
    /// A timer ran out.
    TimerFired(NodeId, Timer),
    /// A write reached the disk.
    Written(NodeId, WriteId),
    /// A person acted; a miss says why nothing came of it.
    Commanded(Rc<Action>, Option<Miss>),
    /// The storm acted.
    Struck(Rc<Action>, Option<Miss>),
}

impl Happened {
    /// The node at which it happened, where there is one.
    #[must_use]
    pub fn node(&self) -> Option<NodeId> {
        match self {
            Happened::Nothing => None,
            Happened::Started(node)
            | Happened::TimerFired(node, _)
            | Happened::Written(node, _) => Some(*node),
            Happened::Delivered(letter) | Happened::Lost(letter, _) => Some(letter.name.to),
            Happened::Commanded(action, _) | Happened::Struck(action, _) => action.node(),
        }
    }

    /// Takes it into the trace hash, with `rest` (32 bits) in one word with the tag.
    #[inline]
    fn digest(&self, rest: u64, digest: &mut Digest) {
        let mut pair = |tag: u64, first: u64, second: u64| {
            digest.word(tag | rest << 32);
            digest.word(first << 32 | second);
        };
        match self {
            Happened::Nothing => pair(0, 0, 0),
            Happened::Started(node) => pair(1, u64::from(node.0), 0),
            Happened::Delivered(letter) => letter.name.hash_into(2 | rest << 32, digest),
            Happened::Lost(letter, why) => {
                let tag = 3 | (*why as u64) << 8;
                letter.name.hash_into(tag | rest << 32, digest);
            }
            Happened::TimerFired(node, timer) => {
                pair(4, u64::from(node.0), u64::from(timer.0));
            }
            Happened::Written(node, write) => pair(5, u64::from(node.0), u64::from(write.0)),
            Happened::Commanded(action, miss) => {
                pair(6, 0, 0);
                (action, miss).hash(digest);
            }
            Happened::Struck(action, miss) => {
                pair(7, 0, 0);
                (action, miss).hash(digest);
            }
        }
    }
}

/// One step of the world. Its buffers are used anew for every step.
#[derive(Default)]
pub struct Record {
    /// The number of the step, from 1.
    pub step: u64,
    /// When.
    pub time: Time,
    /// The step that brought it about: where the message was sent, the timer set, the write
    /// asked for. 0 where nothing in the run did (a person, the storm, the first start).
    pub cause: u64,
    /// What.
    pub what: Happened,
    /// The messages that left.
    pub sent: Vec<Sent>,
    /// The reasons that the engine gave.
    pub notes: Vec<Note>,
    /// Lines of client history.
    pub reports: Vec<Report>,
    /// How many writes were asked for.
    pub writes: u32,
    /// The nodes whose engine, disk or status changed.
    pub touched: Vec<NodeId>,
}

/// By hand, so that a copy over an old record uses its buffers.
impl Clone for Record {
    fn clone(&self) -> Self {
        let mut copy = Record::default();
        copy.clone_from(self);
        copy
    }

    fn clone_from(&mut self, other: &Self) {
        self.begin(other.step, other.time, other.cause);
        self.what = other.what.clone();
        self.sent.extend_from_slice(&other.sent);
        self.notes.extend_from_slice(&other.notes);
        self.reports.extend_from_slice(&other.reports);
        self.writes = other.writes;
        self.touched.extend_from_slice(&other.touched);
    }
}

impl Record {
    /// Begins the record of a step; what happened in it is set apart.
    #[inline]
    pub(super) fn begin(&mut self, step: u64, time: Time, cause: u64) {
        self.step = step;
        self.time = time;
        self.cause = cause;
        self.sent.clear();
        self.notes.clear();
        self.reports.clear();
        self.writes = 0;
        self.touched.clear();
    }

    /// Takes over what an engine said. It is copied only where an engine spoke in this step
    /// before, as when a calm restarts several nodes.
    #[inline]
    pub(super) fn take(&mut self, notes: &mut Vec<Note>, reports: &mut Vec<Report>) {
        if self.notes.is_empty() {
            std::mem::swap(&mut self.notes, notes);
        } else {
            self.notes.append(notes);
        }
        if !reports.is_empty() {
            self.reports.append(reports);
        }
    }

    /// Takes the step into the trace hash. Messages' contents went in as they were sent. Every
    /// word is a multiplication that waits for the one before, so what is small shares a word.
    pub(super) fn digest(&self, digest: &mut Digest) {
        let (notes, reports) = (self.notes.len() as u64, self.reports.len() as u64);
        let counts = u64::from(self.writes) << 16 ^ notes << 8 ^ reports;
        digest.word(self.time.0);
        self.what.digest(counts & 0xffff_ffff, digest);
        self.notes.iter().for_each(|note| note.digest(digest));
        self.reports.iter().for_each(|report| report.hash(digest));
    }
}

/// How many messages of each kind were sent, delivered and lost.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Counters {
    /// Put on a link, duplicates made by the network not counted.
    pub sent: [u64; super::Cell::MAX_KINDS],
    /// Arrived at a node that handled them.
    pub delivered: [u64; super::Cell::MAX_KINDS],
    /// Did not arrive.
    pub dropped: [u64; super::Cell::MAX_KINDS],
}
