//! A history made ready for the search: in the order of its ends, without what cannot matter.

use super::order::{Order, ProgramOrder, RealTime};
use super::search::{Outcome, search};
use super::{Act, Budget, Condition, Model, Operation};
use crate::engine::sorting::{sort, sort_by_key};

/// How many writes are looked at for one that has not taken effect.
const LOOKS_BACK: usize = 64;

/// What is searched for an order.
pub(super) struct Problem {
    /// In the order of their ends, the open ones last, by their beginnings. Keys count from 0.
    pub(super) operations: Vec<Operation>,
    /// Of each its place in the history that it came from.
    names: Vec<usize>,
    /// Of each a number that those share which do the same: any of them may stand for the other.
    pub(super) classes: Vec<u32>,
    /// How many keys there are.
    pub(super) keys: u32,
    pub(super) model: Model,
    condition: Condition,
    /// Values that a register may take on at any time: what was set free writes them.
    pub(super) wild: Vec<u64>,
    /// Whether writes that nobody need notice are hidden (registers, by real time).
    pub(super) hides: bool,
    /// The writes that ended, by their beginnings.
    writes: Vec<(u32, u32)>,
}

impl Problem {
    pub(super) fn new(history: &[Operation], model: Model, condition: Condition) -> Self {
        Self::with_wild(history, model, condition, Vec::new())
    }

    /// With values that a register may take on at any time.
    pub(super) fn with_wild(
        history: &[Operation],
        model: Model,
        condition: Condition,
        wild: Vec<u64>,
    ) -> Self {
        let mut named: Vec<(usize, Operation)> = history
            .iter()
            .enumerate()
            .filter_map(|(at, operation)| Some((at, unanswered(*operation)?)))
            .collect();
        if model == Model::Register {
            drop_unseen(&mut named);
        }
        sort_by_key(&mut named, |(_, o)| (o.end.unwrap_or(u32::MAX), o.begin));
        let mut keys: Vec<u32> = named.iter().map(|(_, o)| o.key).collect();
        sort(&mut keys);
        keys.dedup();
        for (_, operation) in &mut named {
            operation.key = keys.partition_point(|key| *key < operation.key) as u32;
        }
        let (names, operations): (Vec<usize>, Vec<Operation>) = named.into_iter().unzip();
        let all = (0..).zip(&operations);
        let mut writes: Vec<(u32, u32)> = all
            .filter(|(_, o)| matches!(o.act, Act::Write(_)) && o.end.is_some())
            .map(|(at, o)| (o.begin, at))
            .collect();
        sort(&mut writes);
        Problem {
            hides: model == Model::Register
                && condition == Condition::Linearizable
                && keys.len() < 2,
            wild,
            writes,
            classes: classes(&operations),
            operations,
            names,
            keys: keys.len() as u32,
            model,
            condition,
        }
    }

    /// The operation of a register that saw a value which nobody can have written by the time when
    /// it ended; the first to end, by its place in the history. There is no need of a search then.
    pub(super) fn sees_what_nobody_wrote(&self) -> Option<usize> {
        if !self.hides {
            return None;
        }
        let mut first: Vec<(u64, u32)> = vec![(0, 0)];
        first.extend(self.wild.iter().map(|value| (*value, 0)));
        let written = |o: &Operation| o.act.leaves().map(|value| (value, o.begin));
        first.extend(self.operations.iter().filter_map(written));
        sort(&mut first);
        first.dedup_by_key(|(value, _)| *value);
        let nowhere = |o: &Operation| {
            let (Some(end), Some(value)) = (o.end, o.act.needs()) else {
                return false;
            };
            let known = first.binary_search_by_key(&value, |(value, _)| *value);
            known.map_or(true, |at| first[at].1 > end)
        };
        // They stand in the order of their ends.
        let at = self.operations.iter().position(nowhere)?;
        Some(self.names[at])
    }

    /// Looks for an order; all that it names are places in the history.
    pub(super) fn search(&self, budget: &mut Budget<'_>) -> Outcome {
        let outcome = match self.condition {
            Condition::Linearizable => search(self, RealTime::new(&self.operations), budget),
            Condition::Sequential => search(self, ProgramOrder::new(&self.operations), budget),
        };
        outcome.renamed(&self.names)
    }

    /// Writes that began up to this moment began before `covered`, of those that have not taken
    /// effect: two places with the same of these are the same in this.
    pub(super) fn last_write_before(&self, covered: u32, order: &impl Order) -> u32 {
        let writes = &self.writes[..self.writes.partition_point(|(begin, _)| *begin < covered)];
        let mut back = writes.iter().rev();
        let open = |(_, at): &&(u32, u32)| !order.has_taken(*at);
        // Far back it does not pay to look on: a later moment says the same, less often alike.
        let last = back.by_ref().take(LOOKS_BACK).find(open).or(back.next());
        last.map_or(0, |(begin, _)| *begin)
    }

    /// Whether one of two that do the same may stand for the other, though both must come to pass.
    /// By real time it may: that which ended first goes first. In the order of processes each has
    /// others waiting behind it.
    pub(super) fn exchanges(&self, operation: u32) -> bool {
        match self.condition {
            Condition::Linearizable => true,
            Condition::Sequential => self.operations[operation as usize].end.is_none(),
        }
    }
}

/// What is left to know of an operation without an answer: one that only looked may as well not
/// have happened.
fn unanswered(mut operation: Operation) -> Option<Operation> {
    if operation.end.is_some() {
        return Some(operation);
    }
    operation.act = match operation.act {
        Act::Read(_) => return None,
        Act::Cas { expected, new, .. } => Act::Cas {
            expected,
            new,
            done: true,
        },
        Act::Dequeue(_) | Act::DequeueAny => Act::DequeueAny,
        Act::Write(_) | Act::Add(_) | Act::Enqueue(_) | Act::Acquire | Act::Release => {
            operation.act
        }
    };
    Some(operation)
}

/// An open write of what nobody ever saw may as well not have happened. Where a swap was refused
/// somebody may have seen only that it was *another* value, so there it stays.
fn drop_unseen(named: &mut Vec<(usize, Operation)>) {
    let mut seen = Vec::new();
    let mut refused = Vec::new();
    for (_, operation) in named.iter() {
        match operation.act {
            Act::Read(value) => seen.push((operation.key, value)),
            Act::Cas { expected, done, .. } => {
                seen.push((operation.key, expected));
                if !done {
                    refused.push(operation.key);
                }
            }
            Act::Write(_)
            | Act::Add(_)
            | Act::Enqueue(_)
            | Act::Dequeue(_)
            | Act::DequeueAny
            | Act::Acquire
            | Act::Release => {}
        }
    }
    sort(&mut seen);
    sort(&mut refused);
    named.retain(|(_, operation)| match operation.act {
        Act::Write(new) | Act::Cas { new, .. } => {
            operation.end.is_some()
                || seen.binary_search(&(operation.key, new)).is_ok()
                || refused.binary_search(&operation.key).is_ok()
        }
        Act::Read(_)
        | Act::Add(_)
        | Act::Enqueue(_)
        | Act::Dequeue(_)
        | Act::DequeueAny
        | Act::Acquire
        | Act::Release => true,
    });
}

fn classes(operations: &[Operation]) -> Vec<u32> {
    let class = |o: &Operation| (o.key, o.act, o.act.is_personal().then_some(o.process));
    let mut all: Vec<_> = operations.iter().map(class).collect();
    sort(&mut all);
    all.dedup();
    let number = |o: &Operation| all.partition_point(|other| *other < class(o)) as u32;
    operations.iter().map(number).collect()
}
