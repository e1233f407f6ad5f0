//! The smallest set of operations that we find which still cannot be put in order.
//!
//! An operation is not taken out, but set free: it may happen at any time, or not at all; one that
//! writes a register, as often as it likes. So each step only allows more, and what is left over is
//! a reason: taking out a write would make a read of its value impossible, which says nothing about
//! the history.

use super::problem::Problem;
use super::search::{Found, Outcome};
use super::{Act, Budget, Condition, Failure, Model, Operation};
use crate::engine::sorting::{sort, sort_by_key};

/// What one try may take, and all of them.
const STEPS_A_TRY: u64 = 4_000;
const STEPS_IN_ALL: u64 = 200_000;
/// Of a set of so many operations all states are looked for, not only some.
const FEW: usize = 12;

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
    let history = &settled(history);
    let mut shrink = Shrink {
        model,
        condition,
        left: STEPS_IN_ALL,
        budget,
    };
    let (names, operations) = match condition {
        Condition::Linearizable => shrink.prefix(history),
        Condition::Sequential => ((0..history.len()).collect(), history.to_vec()),
    };
    let free = shrink.set_free(&operations);
    let (mut problem, bound) = shrink.with_free(&operations, &free);
    problem.hides &= bound.len() > FEW;
    let last = shrink.search(&problem, shrink.left.max(STEPS_A_TRY));
    let known = condition == Condition::Linearizable && matches!(last.found, Found::None);
    let mut kept: Vec<usize> = (0..free.len()).filter(|at| !free[*at]).collect();
    sort_by_key(&mut kept, |at| operations[*at].begin);
    Failure {
        stuck: last.stuck.filter(|_| known).map(|at| names[bound[at]]),
        states: if known { last.states } else { Vec::new() },
        operations: kept.into_iter().map(|at| names[at]).collect(),
    }
}

impl Shrink<'_, '_> {
    fn search(&mut self, problem: &Problem, steps: u64) -> Outcome {
        self.budget.bound(steps);
        let outcome = problem.search(self.budget);
        self.left = self.left.saturating_sub(steps - self.budget.steps);
        outcome
    }

    fn plainly(&mut self, operations: &[Operation], steps: u64) -> Outcome {
        self.search(&Problem::new(operations, self.model, self.condition), steps)
    }

    /// Whether they fail with some of them free.
    fn fails(&mut self, operations: &[Operation], free: &[bool]) -> bool {
        let steps = STEPS_A_TRY.min(self.left);
        let (problem, _) = self.with_free(operations, free);
        if problem.sees_what_nobody_wrote().is_some() {
            return true;
        }
        matches!(self.search(&problem, steps).found, Found::None)
    }

    /// With some of them free; and which of them each operation of the problem is.
    fn with_free(&self, operations: &[Operation], free: &[bool]) -> (Problem, Vec<usize>) {
        let (mut bound, mut names) = (Vec::new(), Vec::new());
        let mut wild = Vec::new();
        for (at, (operation, free)) in operations.iter().zip(free).enumerate() {
            let mut operation = *operation;
            if *free {
                let value = operation.act.leaves().filter(|_| self.follows_values());
                wild.extend(value);
                if value.is_some() || operation.act.only_looks() {
                    continue;
                }
                (operation.begin, operation.end) = (0, None);
            }
            bound.push(operation);
            names.push(at);
        }
        sort(&mut wild);
        wild.dedup();
        let problem = Problem::with_wild(&bound, self.model, self.condition, wild);
        (problem, names)
    }

    /// Whether free writes are values that there may be at any time.
    fn follows_values(&self) -> bool {
        self.model == Model::Register && self.condition == Condition::Linearizable
    }

    /// Sets free what can be: first all that only looks, then what writes the same, then by age in
    /// halves, quarters and so on to single ones.
    fn set_free(&mut self, operations: &[Operation]) -> Vec<bool> {
        let mut free = vec![false; operations.len()];
        let all = |test: &dyn Fn(Act) -> bool| -> Vec<usize> {
            let mut all = 0..operations.len();
            all.by_ref()
                .filter(|at| test(operations[*at].act))
                .collect()
        };
        let mut groups = vec![all(&Act::only_looks)];
        let mut values: Vec<u64> = operations.iter().filter_map(|o| o.act.leaves()).collect();
        sort(&mut values);
        values.dedup();
        if values.len() * 4 < operations.len() {
            groups.extend(values.iter().map(|v| all(&|act| act.leaves() == Some(*v))));
        }
        for group in groups {
            self.release(operations, &mut free, &group);
        }
        // The oldest first: what was long over mostly does not matter any more.
        let mut ages: Vec<usize> = (0..operations.len()).collect();
        sort_by_key(&mut ages, |at| {
            operations[*at].end.unwrap_or(operations[*at].begin)
        });
        let mut size = operations.len().div_ceil(2);
        while size > 0 {
            let bound: Vec<usize> = ages.iter().copied().filter(|at| !free[*at]).collect();
            size = size.min(bound.len().div_ceil(2));
            for some in bound.chunks(size.max(1)) {
                self.release(operations, &mut free, some);
            }
            size = if size <= 1 { 0 } else { size.div_ceil(2) };
        }
        free
    }

    /// Sets some of them free, where the others fail all the same.
    fn release(&mut self, operations: &[Operation], free: &mut Vec<bool>, some: &[usize]) {
        if some.is_empty() {
            return;
        }
        let mut freer = free.clone();
        some.iter().for_each(|at| freer[*at] = true);
        if self.fails(operations, &freer) {
            *free = freer;
        }
    }

    /// The shortest part from the beginning that we find to fail, with the names of what is in it.
    fn prefix(&mut self, history: &[Operation]) -> (Vec<usize>, Vec<Operation>) {
        let problem = Problem::new(history, self.model, self.condition);
        if let Some(at) = problem.sees_what_nobody_wrote() {
            return part(history, history[at].end.unwrap_or(u32::MAX));
        }
        let whole = self.search(&problem, u64::MAX / 2);
        self.left = STEPS_IN_ALL;
        // No order of the whole came past this end, so none comes past an earlier one for sure.
        let first = whole.stuck.and_then(|at| history[at].end).unwrap_or(0);
        let mut ends: Vec<u32> = history.iter().filter_map(|o| o.end).collect();
        sort(&mut ends);
        for end in ends.into_iter().filter(|end| *end >= first) {
            let (names, cut) = part(history, end);
            if matches!(self.plainly(&cut, STEPS_IN_ALL).found, Found::None) {
                self.left = STEPS_IN_ALL;
                return (names, cut);
            }
        }
        ((0..history.len()).collect(), history.to_vec())
    }
}

/// A swap without an answer may have been done, whatever else is said of it.
fn settled(history: &[Operation]) -> Vec<Operation> {
    let mut history = history.to_vec();
    for operation in history.iter_mut().filter(|o| o.end.is_none()) {
        if let Act::Cas { done, .. } = &mut operation.act {
            *done = true;
        }
    }
    history
}

/// What began before a moment, as it stood then, but for what is known to have changed nothing.
fn part(history: &[Operation], end: u32) -> (Vec<usize>, Vec<Operation>) {
    (0..history.len())
        .filter(|at| {
            let ended = history[*at].end.is_some_and(|ended| ended <= end);
            history[*at].begin < end && (ended || !history[*at].act.only_looks())
        })
        .map(|at| (at, cut_at(history[at], end)))
        .unzip()
}

/// An operation as it stood at that moment.
fn cut_at(mut operation: Operation, moment: u32) -> Operation {
    operation.end = operation.end.filter(|end| *end <= moment);
    operation
}
