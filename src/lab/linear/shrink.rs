//! The smallest set of operations that we find which still cannot be put in order.
//!
//! An operation is not taken out, but set free: it may happen at any time, or not at all. So each
//! step only allows more, and what is left over is a reason: taking out a write would make a
//! read of its value impossible, which says nothing about the history.

use super::problem::Problem;
use super::search::{Found, Outcome};
use super::{Budget, Condition, Failure, Model, Operation};

/// What one try may take, and all of them.
const STEPS_A_TRY: u64 = 4_000;
const STEPS_IN_ALL: u64 = 400_000;

struct Shrink<'a, 'b> {
    model: Model,
    condition: Condition,
    left: u64,
    budget: &'a mut Budget<'b>,
}

/// Of a history that fails.
pub(super) fn shrink(
    history: &[Operation],
    model: Model,
    condition: Condition,
    budget: &mut Budget<'_>,
) -> Failure {
    let mut shrink = Shrink {
        model,
        condition,
        left: STEPS_IN_ALL,
        budget,
    };
    let (names, mut operations) = match condition {
        Condition::Linearizable => shrink.prefix(history),
        Condition::Sequential => ((0..history.len()).collect(), history.to_vec()),
    };
    let mut free = vec![false; operations.len()];
    let mut size = operations.len().div_ceil(2);
    while size > 0 {
        let mut bound: Vec<usize> = (0..free.len()).filter(|at| !free[*at]).collect();
        // Those that only look first: what nobody looks at any more is quick to set free.
        bound.sort_by_key(|at| !operations[*at].act.only_looks());
        for some in bound.chunks(size) {
            let mut freer = free.clone();
            some.iter().for_each(|at| freer[*at] = true);
            if shrink.fails(&set_free(&operations, &freer)) {
                free = freer;
            }
        }
        size = if size == 1 { 0 } else { size.div_ceil(2) };
    }
    let mut kept: Vec<usize> = (0..free.len()).filter(|at| !free[*at]).collect();
    kept.sort_by_key(|at| operations[*at].begin);
    operations = kept.iter().map(|at| operations[*at]).collect();
    let names: Vec<usize> = kept.into_iter().map(|at| names[at]).collect();
    // What was shrunk fails without those set free, too: they may not happen at all.
    let last = shrink.search(&operations, shrink.left.max(STEPS_A_TRY));
    let known = condition == Condition::Linearizable && matches!(last.found, Found::None);
    Failure {
        stuck: last.stuck.filter(|_| known).map(|at| names[at]),
        states: if known { last.states } else { Vec::new() },
        operations: names,
    }
}

impl Shrink<'_, '_> {
    fn search(&mut self, operations: &[Operation], steps: u64) -> Outcome {
        self.budget.bound(steps);
        let problem = Problem::new(operations, self.model, self.condition);
        let outcome = problem.search(self.budget);
        self.left = self.left.saturating_sub(steps - self.budget.steps);
        outcome
    }

    fn fails(&mut self, operations: &[Operation]) -> bool {
        let steps = STEPS_A_TRY.min(self.left);
        matches!(self.search(operations, steps).found, Found::None)
    }

    /// The shortest part from the beginning that we find to fail, with the names of what is in it.
    fn prefix(&mut self, history: &[Operation]) -> (Vec<usize>, Vec<Operation>) {
        let whole = self.search(history, u64::MAX / 2);
        self.left = STEPS_IN_ALL;
        // No order of the whole came past this end, so none comes past an earlier one for sure.
        let first = whole.stuck.and_then(|at| history[at].end).unwrap_or(0);
        let mut ends: Vec<u32> = history.iter().filter_map(|o| o.end).collect();
        ends.sort_unstable();
        for end in ends.into_iter().filter(|end| *end >= first) {
            let (names, cut): (Vec<usize>, Vec<Operation>) = (0..history.len())
                .filter(|at| history[*at].begin < end)
                .map(|at| (at, cut_at(history[at], end)))
                .unzip();
            if matches!(self.search(&cut, STEPS_IN_ALL).found, Found::None) {
                self.left = STEPS_IN_ALL;
                return (names, cut);
            }
        }
        ((0..history.len()).collect(), history.to_vec())
    }
}

/// An operation as it stood at that moment.
fn cut_at(mut operation: Operation, moment: u32) -> Operation {
    operation.end = operation.end.filter(|end| *end <= moment);
    operation
}

fn set_free(operations: &[Operation], free: &[bool]) -> Vec<Operation> {
    let set = |(operation, free): (&Operation, &bool)| {
        if !*free {
            return Some(*operation);
        }
        let anywhere = Operation {
            begin: 0,
            end: None,
            ..*operation
        };
        (!operation.act.only_looks()).then_some(anywhere)
    };
    operations.iter().zip(free).filter_map(set).collect()
}
