//! The shortest story: the way down from the run that was found, and where that ends in a long one,
//! from others that break the same check. One run may hold a misfortune that cannot be told briefly,
//! and the next one the same mistake in its plainest form.

use super::shrink::{Descent, Shrunk};
use super::{Finding, Goal, Search};
use crate::lab::Lab;

/// A story of more commands than this is long.
const SHORT: usize = 12;
/// From how many runs at the most the way down is taken.
const MOST: usize = 6;
/// How many runs are made at the most to find the others.
const RUNS: u64 = 4000;

/// Shrinks a finding, one try at a time.
pub struct Shrinker {
    lab: &'static dyn Lab,
    goal: Goal,
    search: Search,
    /// The number of the next run to make, and of the first that is not made.
    next: u64,
    end: u64,
    /// The way down that is taken now.
    now: Option<Descent>,
    /// The best of those that are at their end.
    best: Option<Descent>,
    begun: usize,
    /// The commands of the first of them before anything was left out.
    from: usize,
    /// The tries of those.
    tried: u64,
}

impl Shrinker {
    /// Begins with what the search found. `None` where it does not break the check again, which
    /// would be a fault of ours.
    #[must_use]
    pub fn new(lab: &'static dyn Lab, goal: &Goal, finding: &Finding) -> Option<Self> {
        let goal = goal.only(finding.check);
        let first = Descent::new(lab, &goal, finding)?;
        let from = first.commands();
        Some(Shrinker {
            lab,
            search: Search::new(lab, goal.clone(), finding.bounds.clone()),
            goal,
            next: finding.number.saturating_add(1),
            end: finding.number.saturating_add(1 + RUNS),
            now: Some(first),
            best: None,
            begun: 1,
            from,
            tried: 0,
        })
    }

    /// Tries one simpler story, or makes one run to find another to begin with. False where there
    /// is none left to try.
    pub fn step(&mut self) -> bool {
        let Some(mut now) = self.now.take() else {
            return self.look_further();
        };
        if now.step() {
            self.now = Some(now);
            return true;
        }
        self.tried += now.tried;
        if self.best.as_ref().is_none_or(|best| now.cost < best.cost) {
            self.best = Some(now);
        }
        self.worth_it()
    }

    fn worth_it(&self) -> bool {
        let long = self
            .best
            .as_ref()
            .is_none_or(|best| best.commands() > SHORT);
        long && self.begun < MOST && self.next < self.end
    }

    fn look_further(&mut self) -> bool {
        if !self.worth_it() {
            return false;
        }
        let found = self.search.run_one(self.next);
        self.next += 1;
        self.now = found.and_then(|found| Descent::new(self.lab, &self.goal, &found));
        self.begun += usize::from(self.now.is_some());
        self.now.is_some() || self.worth_it()
    }

    /// The shortest story so far.
    #[must_use]
    pub fn story(&self) -> Shrunk {
        let both = self.best.iter().chain(&self.now);
        let shortest = both.min_by_key(|descent| descent.cost);
        let shortest = shortest.map(Descent::story);
        let mut story = shortest.unwrap_or_else(|| unreachable!("one of them is always there"));
        story.from = self.from;
        story.tried = self.tried + self.now.as_ref().map_or(0, |now| now.tried);
        story
    }
}
