//! Carries commands out on a run, as the player of stories does, and stops at a broken promise.

use super::super::command::{Command, Until};
use super::super::names::Names;
use super::super::run::Run;
use super::super::spec::{Lab, Setup};
use super::Goal;
use crate::engine::{RuleId, Span, Time};
use crate::sim::Action;
use std::rc::Rc;

/// What came of a command.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) enum Went {
    /// It was done.
    Done,
    /// Its target was not there, or it waited for what did not come.
    Missed,
    /// A check of the goal broke in it.
    Broken(usize),
    /// There were no steps left.
    Spent,
}

/// A run that is driven by commands, with a bound on its steps.
pub(super) struct Drive<'a> {
    pub(super) run: Run,
    pub(super) names: Names,
    goal: &'a Goal,
    left: u64,
}

impl<'a> Drive<'a> {
    /// At the beginning, with the goal's rules off.
    pub(super) fn new(lab: &'static dyn Lab, setup: &Setup, goal: &'a Goal, steps: u64) -> Self {
        let mut run = Run::new(lab, setup);
        let names = Names::of(lab, run.world());
        for rule in &goal.rules_off {
            // Switching a rule never misses.
            let _ = run.act(&switch_off(*rule));
        }
        Drive {
            run,
            names,
            goal,
            left: steps,
        }
    }

    /// The check of the goal that is broken now, under faults for which it is promised, or that the goal allows.
    pub(super) fn broken(&self) -> Option<usize> {
        let (verdicts, faults) = (self.run.verdicts(), self.run.world().faults());
        let specs = self.names.lab.info().checks;
        let broken = |check: &usize| {
            verdicts.get(*check).id() == "violated"
                && faults.within(self.goal.faults(&specs[*check]))
        };
        self.goal.checks.iter().copied().find(broken)
    }

    /// One event, if one is due by then.
    fn step(&mut self, by: Time, watch: &mut dyn FnMut(&Run)) -> Result<bool, Went> {
        let due = self.run.world().next_time().filter(|due| *due <= by);
        if due.is_none() {
            return Ok(false);
        }
        if self.left == 0 {
            return Err(Went::Spent);
        }
        self.left -= 1;
        self.run.step();
        watch(&self.run);
        self.broken()
            .map_or(Ok(true), |check| Err(Went::Broken(check)))
    }

    /// Carries a command out; each step is shown to `watch`.
    pub(super) fn carry(&mut self, command: &Command, watch: &mut dyn FnMut(&Run)) -> Went {
        self.try_carry(command, watch).unwrap_or_else(|went| went)
    }

    fn try_carry(&mut self, command: &Command, watch: &mut dyn FnMut(&Run)) -> Result<Went, Went> {
        let now = self.run.world().now();
        match command {
            Command::Act(action) => {
                let done = self.run.act(action);
                watch(&self.run);
                if let Some(check) = self.broken() {
                    return Err(Went::Broken(check));
                }
                Ok(done.map_or(Went::Missed, |()| Went::Done))
            }
            Command::RunFor(span) => self.run_to(now + *span, watch),
            Command::RunUntil(until, within) => self.run_until(until, *within, watch),
            Command::Step(count) => {
                for _ in 0..*count {
                    if !self.step(Time(u64::MAX), watch)? {
                        return Ok(Went::Missed);
                    }
                }
                Ok(Went::Done)
            }
            Command::Expect(_) | Command::Mark(_) => Ok(Went::Done),
        }
    }

    fn run_to(&mut self, time: Time, watch: &mut dyn FnMut(&Run)) -> Result<Went, Went> {
        while self.step(time, watch)? {}
        self.run.advance_to(time);
        // What was promised for a moment between two events is judged as it passes.
        self.broken()
            .map_or(Ok(Went::Done), |check| Err(Went::Broken(check)))
    }

    fn run_until(
        &mut self,
        until: &Until,
        within: Span,
        watch: &mut dyn FnMut(&Run),
    ) -> Result<Went, Went> {
        let end = self.run.world().now() + within;
        loop {
            if until.reached(&self.run, &self.names) {
                return Ok(Went::Done);
            }
            if !self.step(end, watch)? {
                self.run_to(end, watch)?;
                return Ok(Went::Missed);
            }
        }
    }

    /// Steps until a step is as wanted; at least one. The number of steps that took, or `None`
    /// where it did not come about by then.
    pub(super) fn seek(
        &mut self,
        within: Span,
        wanted: &mut dyn FnMut(&Run) -> bool,
        watch: &mut dyn FnMut(&Run),
    ) -> Result<bool, Went> {
        let end = self.run.world().now() + within;
        while self.step(end, watch)? {
            if wanted(&self.run) {
                return Ok(true);
            }
        }
        self.run_to(end, watch)?;
        Ok(false)
    }
}

/// The action that switches a rule off.
pub(super) fn switch_off(rule: RuleId) -> Rc<Action> {
    Rc::new(Action::Rule(rule, false))
}

/// Whether the rules that are off are what broke the check: with them on, the same commands do
/// not, up to this time. With no rule off there is nothing to blame but the protocol.
pub(super) fn rules_mattered(
    lab: &'static dyn Lab,
    goal: &Goal,
    (setup, commands): (&Setup, &[Command]),
    (check, end, steps): (usize, Time, u64),
) -> bool {
    if goal.rules_off.is_empty() {
        return true;
    }
    let all_on = Goal {
        rules_off: Vec::new(),
        ..goal.only(check)
    };
    let mut drive = Drive::new(lab, setup, &all_on, steps);
    for command in commands {
        // What misses now did not miss without the rule: the run goes another way.
        match drive.carry(command, &mut |_| {}) {
            Went::Done | Went::Missed => {}
            Went::Broken(_) => return false,
            Went::Spent => return true,
        }
    }
    let left = end - drive.run.world().now();
    !matches!(
        drive.carry(&Command::RunFor(left), &mut |_| {}),
        Went::Broken(_)
    )
}
