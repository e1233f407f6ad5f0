//! What happened in one step, in 40 bytes.

use crate::engine::{NodeId, Time};
use crate::sim::{Action, FaultKind, Happened, Letter, LossReason, MessageName, Record};

/// What happened, without what was in it.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum What {
    /// A node came up for the first time.
    Started,
    /// A message arrived.
    Delivered,
    /// A message did not.
    Lost(LossReason),
    /// A timer ran out.
    Timer,
    /// A write reached the disk.
    Written,
    /// A person or the storm did something that hurts.
    Harmed,
    /// A person or the storm did something else.
    Done,
    /// Nothing came of a command.
    Missed,
}

/// No node: a step that happened to none.
pub(super) const NOBODY: u16 = u16::MAX;

/// One step.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Event {
    /// When.
    pub time: Time,
    /// When what brought it about was sent; its own time where it is no message.
    pub since: Time,
    /// How many steps before it its cause lies; 0 where nothing in the run caused it.
    pub(super) back: u32,
    /// How many steps before it its message left.
    pub(super) left: u32,
    pub(super) ordinal: u32,
    pub(super) node: u16,
    pub(super) peer: u16,
    /// What.
    pub what: What,
    pub(super) kind: u8,
    pub(super) copy: u8,
    /// Whether the engine gave a reason.
    pub noted: bool,
}

impl Event {
    pub(super) fn of(record: &Record) -> Self {
        let mut event = Event {
            time: record.time,
            since: record.time,
            back: match record.cause {
                0 => 0,
                cause => u32::try_from(record.step - cause).unwrap_or(0),
            },
            left: 0,
            ordinal: 0,
            node: record.what.node().map_or(NOBODY, |node| node.0),
            peer: NOBODY,
            what: What::Done,
            kind: 0,
            copy: 0,
            noted: !record.notes.is_empty(),
        };
        event.what = match &record.what {
            Happened::Nothing => What::Missed,
            Happened::Started(_) => What::Started,
            Happened::Delivered(letter) => event.about(record.step, letter, What::Delivered),
            Happened::Lost(letter, why) => event.about(record.step, letter, What::Lost(*why)),
            Happened::TimerFired(..) => What::Timer,
            Happened::Written(..) => What::Written,
            Happened::Commanded(_, Some(_)) | Happened::Struck(_, Some(_)) => What::Missed,
            Happened::Commanded(action, None) | Happened::Struck(action, None) => {
                if harms(action) {
                    What::Harmed
                } else {
                    What::Done
                }
            }
        };
        event
    }

    fn about(&mut self, step: u64, letter: &Letter, what: What) -> What {
        self.left = u32::try_from(step - letter.left_step).unwrap_or(0);
        self.since = letter.sent_at;
        self.peer = letter.name.from.0;
        (self.kind, self.copy) = (letter.name.kind, letter.name.copy);
        self.ordinal = letter.name.ordinal;
        what
    }

    /// Where it happened; of a lost message, the node that it was for.
    #[must_use]
    pub fn node(&self) -> Option<NodeId> {
        (self.node != NOBODY).then_some(NodeId(self.node))
    }

    /// The node in whose order of steps it stands. A loss stands in none: nobody notices it.
    #[must_use]
    pub fn line(&self) -> Option<NodeId> {
        match self.what {
            What::Lost(_) => None,
            What::Started
            | What::Delivered
            | What::Timer
            | What::Written
            | What::Harmed
            | What::Done
            | What::Missed => self.node(),
        }
    }

    /// The message that arrived or was lost.
    #[must_use]
    pub fn message(&self) -> Option<MessageName> {
        (self.peer != NOBODY).then_some(MessageName {
            kind: self.kind,
            from: NodeId(self.peer),
            to: NodeId(self.node),
            ordinal: self.ordinal,
            copy: self.copy,
        })
    }

    /// The step that brought it about, where one did: of a message, that in which it was decided
    /// to send it. It may leave later, with a write ([`Event::left`]).
    #[must_use]
    pub fn cause(&self, step: u64) -> Option<u64> {
        (self.back > 0).then(|| step - u64::from(self.back))
    }

    /// Of a message, the step in which it left its sender: where it was decided to send it, or
    /// where the write was done that it waited for.
    #[must_use]
    pub fn left(&self, step: u64) -> Option<u64> {
        (self.left > 0).then(|| step - u64::from(self.left))
    }
}

fn harms(action: &Action) -> bool {
    matches!(action, Action::Storm(_))
        || action
            .fault()
            .is_some_and(|fault| fault != FaultKind::Restart)
}
