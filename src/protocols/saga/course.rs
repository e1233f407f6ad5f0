//! What the order service knows of its sagas: a fold over its log, too.

use super::event::{Disk, Event, What};
use super::order::{Order, Outcome, SagaId, Step, Steps, Why};
use std::collections::BTreeMap;

/// Where a saga is.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Phase {
    /// This step is to be done.
    Forward(Step),
    /// These are still to be compensated.
    Backward(Steps),
    /// It is over.
    Closed(Outcome),
}

/// One saga.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Saga {
    /// What was ordered.
    pub order: Order,
    /// Where it is.
    pub phase: Phase,
    /// What is done.
    pub done: Steps,
    /// What is compensated.
    pub undone: Steps,
    /// Where it turned back, and why.
    pub turned: Option<(Step, Why)>,
    /// Sent since the timer last ran out, so that it is too early to ask again. In memory alone.
    pub fresh: bool,
    /// How often its step was sent again. In memory alone.
    pub tries: u8,
    /// Whether the order service pursues it. In memory alone.
    pub driven: bool,
}

impl Saga {
    /// Whether it is still to be driven to an end.
    #[must_use]
    pub fn is_open(&self) -> bool {
        !matches!(self.phase, Phase::Closed(_))
    }
}

/// All sagas.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Sagas(BTreeMap<SagaId, Saga>);

impl Sagas {
    /// Reads a log from its beginning.
    #[must_use]
    pub fn replay(disk: &Disk) -> Self {
        let mut sagas = Sagas::default();
        disk.log.iter().for_each(|event| sagas.apply(event));
        sagas
    }

    /// One of them.
    #[must_use]
    pub fn get(&self, id: SagaId) -> Option<&Saga> {
        self.0.get(&id)
    }

    /// One of them, to be changed.
    pub(super) fn get_mut(&mut self, id: SagaId) -> Option<&mut Saga> {
        self.0.get_mut(&id)
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = (SagaId, &Saga)> {
        self.0.iter().map(|(id, saga)| (*id, saga))
    }

    /// Those that are not over.
    pub fn open(&self) -> impl Iterator<Item = (SagaId, &Saga)> {
        self.iter().filter(|(_, saga)| saga.is_open())
    }

    /// One event further.
    pub fn apply(&mut self, event: &Event) {
        if event.what == What::Opened {
            let saga = Saga {
                order: event.order,
                phase: Phase::Forward(Step::Reserve),
                done: Steps::default(),
                undone: Steps::default(),
                turned: None,
                fresh: false,
                tries: 0,
                driven: true,
            };
            self.0.insert(event.saga, saga);
            return;
        }
        let Some(saga) = self.0.get_mut(&event.saga) else {
            return;
        };
        saga.tries = 0;
        match event.what {
            What::Done(step) => {
                saga.done = saga.done.with(step);
                if let Some(next) = step.next() {
                    saga.phase = Phase::Forward(next);
                }
            }
            What::Aborted(step, why, undo) => {
                saga.turned = Some((step, why));
                saga.phase = Phase::Backward(undo);
            }
            What::Undone(step) => {
                saga.undone = saga.undone.with(step);
                if let Phase::Backward(left) = saga.phase {
                    saga.phase = Phase::Backward(left.without(step));
                }
            }
            What::Closed(outcome) => saga.phase = Phase::Closed(outcome),
            // Services alone write the last two.
            What::Opened | What::Refused(_) | What::Barred(_) => {}
        }
    }
}
