//! Whether what clients saw can be put in one order: linearizability and sequential consistency.
//!
//! The search is that of Wing & Gong (1993) with Lowe's refinements (2017): a depth-first walk
//! over which operations took effect, that never visits the same set with the same state twice and
//! tries first what has to take effect first. Of a register it tries a write only where somebody
//! looks at once, or where it cannot wait: the others may be right before another write, and so
//! their orders need not be tried (`search.rs`). Objects of different keys are judged apart (Horn &
//! Kroening 2015), which is right for linearizability and wrong for sequential consistency.
//!
//! An operation that was never answered may have taken effect at any time after it began, or not
//! at all.

mod account;
mod cache;
mod model;
mod order;
mod problem;
mod search;
mod shrink;
#[cfg(test)]
mod tests;
mod watch;

pub use account::{Account, Asked, Judged, Opinion, Reason};
pub use model::{Act, Model, Val};
pub use watch::{Broken, CHECK, Watch};

use crate::engine::sorting::sort_by_key;
use problem::Problem;
use search::Found;

/// One operation of one process.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Operation {
    /// Who asked for it.
    pub process: u32,
    /// On which object.
    pub key: u32,
    /// What it did, or for an open one what it would do.
    pub act: Act,
    /// When it began: a place in the order of all beginnings and ends, no two alike.
    pub begin: u32,
    /// When it ended; `None` for one that is open to the end.
    pub end: Option<u32>,
}

/// What an order of the operations has to respect.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Condition {
    /// Real time: what ended before another began comes before it.
    Linearizable,
    /// The order in which each process asked for its own operations.
    Sequential,
}

/// What is said of a history. Operations are named by their places in it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// This order explains all that was seen. Open operations that are not in it did not happen.
    Holds(Vec<usize>),
    /// No order does.
    Fails(Failure),
    /// It was not found out in the time given.
    Undecided,
}

/// Operations that no order explains.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Failure {
    /// They cannot be put in order, by the times at which they began. If any one of them were
    /// free to happen at any time (a write of a register: any number of times) or not at all, the
    /// others could: so long as the time sufficed to find that out.
    pub operations: Vec<usize>,
    /// The one that fits nowhere once those that ended earlier have their places; for
    /// linearizability only.
    pub stuck: Option<usize>,
    /// The states that its object may have been in until it ended, some of them.
    pub states: Vec<Vec<u64>>,
}

/// How long a judge may think: the closure is asked every now and then whether it may go on.
pub(crate) struct Budget<'a> {
    go_on: &'a mut dyn FnMut() -> bool,
    /// Searches with a bound of their own end after so many steps.
    steps: u64,
    /// Steps taken in all.
    taken: u64,
    over: bool,
}

/// How many steps lie between two questions to the clock.
const STEPS_A_QUESTION: u64 = 1024;
/// So much is spent on each key before any key gets more: one that is hard does not hide another
/// that fails at once.
const FIRST_TRY: u64 = 200_000;

impl<'a> Budget<'a> {
    fn new(go_on: &'a mut dyn FnMut() -> bool) -> Self {
        Budget {
            go_on,
            steps: u64::MAX,
            taken: 0,
            over: false,
        }
    }

    /// Takes one step; false where there is no time for it.
    fn spend(&mut self) -> bool {
        if self.taken.is_multiple_of(STEPS_A_QUESTION) && !self.over {
            self.over = !(self.go_on)();
        }
        if self.over || self.steps == 0 {
            return false;
        }
        self.steps -= 1;
        self.taken += 1;
        true
    }

    /// What comes next may take so many steps, within the time of all.
    fn bound(&mut self, steps: u64) {
        self.steps = steps;
    }
}

/// Judges a history. `go_on` is asked about every thousand steps of the search and ends it by
/// `false`. Operations that certainly did not happen are to be left out.
#[must_use]
pub fn judge(
    history: &[Operation],
    model: Model,
    condition: Condition,
    go_on: &mut dyn FnMut() -> bool,
) -> Verdict {
    let mut budget = Budget::new(go_on);
    let parts = parts(history, condition);
    let mut orders: Vec<Option<Vec<usize>>> = vec![None; parts.len()];
    for steps in [FIRST_TRY, u64::MAX] {
        for (part, order) in parts.iter().zip(&mut orders) {
            if order.is_some() {
                continue;
            }
            budget.bound(steps);
            let operations: Vec<Operation> = part.iter().map(|at| history[*at]).collect();
            let problem = Problem::new(&operations, model, condition);
            let found = match problem.sees_what_nobody_wrote() {
                Some(_) => Found::None,
                None => problem.search(&mut budget).found,
            };
            match found {
                Found::Order(found) => {
                    *order = Some(found.into_iter().map(|at| part[at]).collect());
                }
                Found::None => {
                    let failure = shrink::shrink(&operations, model, condition, &mut budget);
                    return Verdict::Fails(failure.renamed(part));
                }
                Found::Undecided => {}
            }
        }
    }
    match orders.into_iter().collect::<Option<Vec<_>>>() {
        Some(orders) => Verdict::Holds(merged(history, orders)),
        None => Verdict::Undecided,
    }
}

impl Failure {
    fn renamed(mut self, names: &[usize]) -> Self {
        for at in self.operations.iter_mut().chain(&mut self.stuck) {
            *at = names[*at];
        }
        self
    }
}

/// What is judged apart: the operations of each key, or all of them.
fn parts(history: &[Operation], condition: Condition) -> Vec<Vec<usize>> {
    match condition {
        Condition::Sequential => vec![(0..history.len()).collect()],
        Condition::Linearizable => {
            let mut by_key: Vec<usize> = (0..history.len()).collect();
            sort_by_key(&mut by_key, |at| history[*at].key);
            let same = |a: &usize, b: &usize| history[*a].key == history[*b].key;
            by_key.chunk_by(same).map(<[usize]>::to_vec).collect()
        }
    }
}

/// One order out of that of each key. Each operation is set to the earliest moment that its own
/// order allows; this is within its time, so sorting by these moments respects real time.
fn merged(history: &[Operation], mut orders: Vec<Vec<usize>>) -> Vec<usize> {
    if orders.len() == 1 {
        return orders.swap_remove(0);
    }
    let mut moments = Vec::with_capacity(history.len());
    for order in orders {
        let mut moment = 0;
        for at in order {
            moment = moment.max(history[at].begin);
            moments.push((moment, at));
        }
    }
    // Stable: operations of one key keep their order within a moment.
    sort_by_key(&mut moments, |(moment, _)| *moment);
    moments.into_iter().map(|(_, at)| at).collect()
}
