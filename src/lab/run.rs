//! One run: a world with its checks. A clone is a snapshot.

use super::check::{Checker, Verdicts};
use super::spec::{Lab, Setup};
use crate::engine::{Span, Time};
use crate::sim::{Action, Miss, World};
use std::rc::Rc;

/// A world, what watches it, and what that found.
pub struct Run {
    world: World,
    checker: Box<dyn Checker>,
    verdicts: Verdicts,
    whole: Position,
}

/// A place in a run: after so many steps, at that time.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct Position {
    /// Steps taken.
    pub step: u64,
    /// The clock, which may stand between two events.
    pub time: Time,
}

impl Clone for Run {
    fn clone(&self) -> Self {
        Run {
            world: self.world.clone(),
            checker: self.checker.dup(),
            verdicts: self.verdicts.clone(),
            whole: self.whole,
        }
    }
}

impl Run {
    /// A run of a lab at time zero.
    #[must_use]
    pub fn new(lab: &dyn Lab, setup: &Setup) -> Self {
        let world = lab.world(setup);
        let checker = lab.checker(&world);
        Run {
            world,
            checker,
            verdicts: Verdicts::new(lab.info().checks),
            whole: Position::default(),
        }
    }

    /// One event. False where nothing is due.
    pub fn step(&mut self) -> bool {
        let Some(then) = self.world.next_time() else {
            return false;
        };
        self.verdicts.pass(&*self.checker, &self.world, then);
        let moved = self.world.step();
        self.stepped();
        moved
    }

    fn stepped(&mut self) {
        self.verdicts.observe(&mut *self.checker, &self.world);
        let now = self.world.now();
        if self.world.next_time().is_none_or(|next| next > now) {
            self.whole = self.position();
        }
    }

    /// Where it is.
    #[must_use]
    pub fn position(&self) -> Position {
        Position {
            step: self.world.steps(),
            time: self.world.now(),
        }
    }

    /// Where last all had happened that was due by that time. Running up to the time of that
    /// place leads there; from there on it takes single steps.
    #[must_use]
    pub fn whole(&self) -> Position {
        self.whole
    }

    /// Something done to the world.
    pub fn act(&mut self, action: &Rc<Action>) -> Result<(), Miss> {
        let done = self.world.act(action);
        self.stepped();
        done
    }

    /// The clock moves on between events.
    pub fn advance_to(&mut self, time: Time) {
        self.world.advance_to(time);
        self.verdicts
            .pass(&*self.checker, &self.world, self.world.now());
    }

    /// The world.
    #[must_use]
    pub fn world(&self) -> &World {
        &self.world
    }

    /// What the checks say.
    #[must_use]
    pub fn verdicts(&self) -> &Verdicts {
        &self.verdicts
    }
}

impl std::ops::Add<Span> for Position {
    type Output = Position;
    fn add(self, span: Span) -> Position {
        Position {
            time: self.time + span,
            ..self
        }
    }
}
