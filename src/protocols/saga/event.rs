//! Event logs. A log is all that a service has on its disk; what it has in memory is the log read from its beginning.

use super::order::{Order, Outcome, SagaId, Step, Steps, Why};
use crate::engine::{Engine, Log, Out, WriteId};
use std::collections::VecDeque;
use std::hash::{Hash, Hasher};

/// What has happened.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum What {
    /// A saga begins (log of the order service).
    Opened,
    /// A step is done.
    Done(Step),
    /// A step is refused (log of its service).
    Refused(Step),
    /// The saga turns back at this step, and these are to be compensated (log of the order service).
    Aborted(Step, Why, Steps),
    /// A step is compensated.
    Undone(Step),
    /// A compensation came before its step, which will not be done any more (log of its service).
    Barred(Step),
    /// The saga is over (log of the order service).
    Closed(Outcome),
}

/// One event: a fact, which is never changed.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Event {
    /// Of which saga.
    pub saga: SagaId,
    /// What it is about.
    pub order: Order,
    /// What has happened.
    pub what: What,
}

/// What survives a crash.
#[derive(Clone, Default)]
pub struct Disk {
    /// The log.
    pub log: Log<Event>,
    /// How many writes somebody waited for. Shown only.
    pub forced: u32,
}

impl Hash for Disk {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.log.end().hash(state);
    }
}

/// Events that are appended together.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Write(pub Vec<Event>);

impl Disk {
    /// Carries a write out.
    pub fn write(&mut self, write: &Write) {
        self.forced += 1;
        write.0.iter().for_each(|event| self.log.push(*event));
    }
}

/// The end of a log that is on its way to the disk.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Journal(VecDeque<(WriteId, Event)>);

impl Journal {
    /// Appends events, in one write.
    pub fn append<E: Engine<Write = Write>>(&mut self, events: &[Event], out: &mut Out<'_, E>) {
        let write = out.persist(Write(events.to_vec()));
        self.0.extend(events.iter().map(|event| (write, *event)));
    }

    /// Every write up to this one is on the disk.
    pub fn written(&mut self, upto: WriteId) {
        while self.0.front().is_some_and(|(write, _)| *write <= upto) {
            self.0.pop_front();
        }
    }

    /// The events that a crash would lose.
    pub fn iter(&self) -> impl Iterator<Item = &Event> {
        self.0.iter().map(|(_, event)| event)
    }
}
