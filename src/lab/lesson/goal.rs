//! What a learner is to bring about, and whether it came about.

use super::Predict;
use crate::lab::command::{Command, Expect, Until};
use crate::lab::names::Names;
use crate::lab::run::Run;
use crate::lab::story::{Outcome, judge};

/// One thing that must be so.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Condition {
    /// It is so now: what stands behind `expect` in a story.
    Now(Expect),
    /// It was so once since the step began: what stands behind `run until`.
    Since(Until),
}

impl Condition {
    /// The condition as it is written.
    #[must_use]
    pub fn print(&self, names: &Names) -> String {
        match self {
            Condition::Now(expect) => {
                let line = Command::Expect(expect.clone()).print(names);
                line.strip_prefix("expect ").unwrap_or(&line).to_owned()
            }
            Condition::Since(until) => format!("until {}", until.print(names)),
        }
    }

    /// Whether it is so before anything is done in a step, or will be so with the next event, whatever that is.
    #[must_use]
    pub fn stands(&self, run: &Run, names: &Names) -> bool {
        match self {
            Condition::Now(expect) => judge(expect, run, names) == Outcome::Done,
            // What happened last was before the step.
            Condition::Since(Until::Note(_) | Until::Message(_)) => false,
            Condition::Since(until) => until.reached(run, names),
        }
    }
}

/// Follows a run while conditions are open.
#[derive(Clone)]
pub struct Watch {
    conditions: Vec<Condition>,
    seen: Vec<bool>,
}

impl Watch {
    /// Nothing was seen yet.
    #[must_use]
    pub fn new(conditions: &[Condition]) -> Self {
        Watch {
            conditions: conditions.to_vec(),
            seen: vec![false; conditions.len()],
        }
    }

    /// Looks at a run after a step.
    pub fn look(&mut self, run: &Run, names: &Names) {
        for (condition, seen) in self.conditions.iter().zip(&mut self.seen) {
            if let Condition::Since(until) = condition {
                *seen |= until.reached(run, names);
            }
        }
    }

    /// Which of the conditions are met now.
    pub fn each(&self, run: &Run, names: &Names) -> impl Iterator<Item = bool> {
        let pairs = self.conditions.iter().zip(&self.seen);
        pairs.map(move |(condition, seen)| match condition {
            Condition::Now(expect) => judge(expect, run, names) == Outcome::Done,
            Condition::Since(_) => *seen,
        })
    }

    /// Whether all are met now.
    #[must_use]
    pub fn met(&self, run: &Run, names: &Names) -> bool {
        self.each(run, names).all(|met| met)
    }
}

impl Predict {
    /// Follows all that the options ask for.
    #[must_use]
    pub fn watch(&self) -> Watch {
        let options = self.options.iter();
        let all: Vec<_> = options.flat_map(|option| option.when.clone()).collect();
        Watch::new(&all)
    }

    /// Which of the options are right, in the end of what [`Predict::watch`] followed.
    #[must_use]
    pub fn right(&self, watch: &Watch, run: &Run, names: &Names) -> Vec<bool> {
        let mut met = watch.each(run, names);
        let options = self.options.iter();
        let own = options.map(|option| {
            // Every one of them is taken, so that the next option begins with its own.
            let own = met.by_ref().take(option.when.len());
            own.filter(|met| !met).count() == 0
        });
        own.collect()
    }
}
