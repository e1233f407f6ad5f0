//! One run: a world with its checks. A clone is a snapshot.

use super::check::{Checker, Verdicts};
use super::spec::{Lab, Setup};
use crate::engine::Time;
use crate::sim::{Action, Miss, World};
use std::rc::Rc;

/// A world, what watches it, and what that found.
pub struct Run {
    world: World,
    checker: Box<dyn Checker>,
    verdicts: Verdicts,
}

impl Clone for Run {
    fn clone(&self) -> Self {
        Run {
            world: self.world.clone(),
            checker: self.checker.dup(),
            verdicts: self.verdicts.clone(),
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
        }
    }

    /// One event. False where nothing is due.
    pub fn step(&mut self) -> bool {
        if let Some(then) = self.world.next_time() {
            self.verdicts.pass(&*self.checker, &self.world, then);
        }
        let moved = self.world.step();
        if moved {
            self.verdicts.observe(&mut *self.checker, &self.world);
        }
        moved
    }

    /// Something done to the world.
    pub fn act(&mut self, action: &Rc<Action>) -> Result<(), Miss> {
        let done = self.world.act(action);
        self.verdicts.observe(&mut *self.checker, &self.world);
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
