//! The past and the future of a step, by nothing but the order at each node and the messages between
//! them (Lamport 1978).

use super::{Chronicle, Event};
use crate::engine::NodeId;

/// How a step stands to the one that is asked about.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Relation {
    /// It is the one.
    Same,
    /// It happened before.
    Before,
    /// It happened after, and could not have been the same without it.
    After,
    /// Neither: each could have been without the other.
    Beside,
}

/// The past and the future of a step. Both are closed along each node's order, so that one
/// number a node says all.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cone {
    /// The step.
    pub step: u64,
    /// Of each node, the last step of its past.
    pub before: Vec<u64>,
    /// Of each node, the first step of its future.
    pub after: Vec<u64>,
}

impl Cone {
    /// How a step stands to it.
    #[must_use]
    pub fn relation(&self, step: u64, event: &Event) -> Relation {
        if step == self.step {
            return Relation::Same;
        }
        match (event.line(), event.message()) {
            (Some(line), _) if step <= self.before[line.index()] => Relation::Before,
            (Some(line), _) if step >= self.after[line.index()] => Relation::After,
            // A loss happens to nobody, but it comes of the sending.
            (None, Some(name)) => match event.left(step) {
                Some(sent) if self.leaves_after(name.from, sent) => Relation::After,
                Some(_) | None => Relation::Beside,
            },
            (Some(_) | None, _) => Relation::Beside,
        }
    }

    /// Whether what a node sends in a step comes of it.
    #[must_use]
    pub fn leaves_after(&self, node: NodeId, step: u64) -> bool {
        step >= self.after[node.index()]
    }
}

impl Chronicle {
    /// What happened before a step and what came of it, up to the step `until`, by nothing but
    /// the order at each node and the messages between them.
    #[must_use]
    pub fn cone(&self, step: u64, nodes: usize, until: u64) -> Option<Cone> {
        let event = self.event(step)?;
        let mut cone = Cone {
            step,
            before: vec![0; nodes],
            after: vec![u64::MAX; nodes],
        };
        if let Some(line) = event.line() {
            cone.before[line.index()] = step;
            cone.after[line.index()] = step;
        }
        self.look_back(&mut cone, event);
        for later in step + 1..=until {
            let Some(event) = self.event(later) else {
                break;
            };
            let (Some(line), Some(name)) = (event.line(), event.message()) else {
                continue;
            };
            let sent = event.left(later).unwrap_or(0);
            let after = &mut cone.after;
            if sent >= after[name.from.index()] && later < after[line.index()] {
                after[line.index()] = later;
            }
        }
        Some(cone)
    }

    /// Backwards, so that all that follows from a step is known when it is looked at.
    fn look_back(&self, cone: &mut Cone, event: &Event) {
        let mut step = cone.step;
        let hear = |cone: &mut Cone, event: &Event, step: u64| {
            if let Some(name) = event.message() {
                let heard = &mut cone.before[name.from.index()];
                *heard = event.left(step).unwrap_or(0).max(*heard);
            }
        };
        hear(cone, event, step);
        while step > 1 {
            step -= 1;
            let Some(event) = self.event(step) else {
                break;
            };
            let line = event.line().map_or(0, |node| cone.before[node.index()]);
            if step <= line {
                hear(cone, event, step);
            }
        }
    }
}
