//! What the objects do: registers, counters, queues, locks.

use std::collections::VecDeque;

/// A value, by a number that stands for it. Of a counter it is the count.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Val(pub u64);

impl Val {
    /// What a register has before the first write, and what an empty queue gives.
    pub const NULL: Val = Val(0);
}

/// What an object is.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Model {
    /// Is written, read and swapped. At first [`Val::NULL`].
    Register,
    /// Is added to and read. At first zero.
    Counter,
    /// First in, first out. At first empty.
    Queue,
    /// Is held by one process at most. At first free.
    Lock,
}

/// What an operation did to its object, with what it got to see.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Act {
    /// It saw this value.
    Read(Val),
    /// It set this value.
    Write(Val),
    /// It set `new` if the value was `expected`. An open one is `done`: had it found another value,
    /// that would be as if it had not happened.
    Cas {
        /// The value that it wanted to find.
        expected: Val,
        /// The value that it set.
        new: Val,
        /// Whether it found it.
        done: bool,
    },
    /// It added this much.
    Add(i64),
    /// It put this at the end.
    Enqueue(Val),
    /// It took this from the front, or [`Val::NULL`] from an empty queue.
    Dequeue(Val),
    /// It took whatever stood at the front: one that was never answered.
    DequeueAny,
    /// Its process holds the lock from now on.
    Acquire,
    /// Its process held the lock until now.
    Release,
}

impl Act {
    /// Whether it changes nothing, whatever the state.
    #[must_use]
    pub fn only_looks(self) -> bool {
        match self {
            Act::Read(_) | Act::Cas { done: false, .. } => true,
            Act::Dequeue(value) => value == Val::NULL,
            Act::Write(_)
            | Act::Cas { done: true, .. }
            | Act::Add(_)
            | Act::Enqueue(_)
            | Act::DequeueAny
            | Act::Acquire
            | Act::Release => false,
        }
    }

    /// What a register has after it, where it changes one.
    pub(super) fn leaves(self) -> Option<u64> {
        match self {
            Act::Write(value) => Some(value.0),
            Act::Cas {
                new, done: true, ..
            } => Some(new.0),
            Act::Read(_)
            | Act::Cas { done: false, .. }
            | Act::Add(_)
            | Act::Enqueue(_)
            | Act::Dequeue(_)
            | Act::DequeueAny
            | Act::Acquire
            | Act::Release => None,
        }
    }

    /// What a register must have before it.
    pub(super) fn needs(self) -> Option<u64> {
        match self {
            Act::Read(value) => Some(value.0),
            Act::Cas {
                expected,
                done: true,
                ..
            } => Some(expected.0),
            Act::Write(_)
            | Act::Cas { done: false, .. }
            | Act::Add(_)
            | Act::Enqueue(_)
            | Act::Dequeue(_)
            | Act::DequeueAny
            | Act::Acquire
            | Act::Release => None,
        }
    }

    /// Whether it matters who did it.
    pub(super) fn is_personal(self) -> bool {
        matches!(self, Act::Acquire | Act::Release)
    }
}

/// The state of one object.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Object {
    /// The value, the count, or the holder with one added (0: free).
    One(u64),
    /// What stands in line.
    Line(VecDeque<u64>),
}

/// What takes a change back.
#[derive(Copy, Clone, Debug)]
pub(super) enum Undo {
    Nothing,
    Was(u64),
    TakeLast,
    PutFirst(u64),
}

impl Object {
    pub(super) fn new(model: Model) -> Self {
        match model {
            Model::Register | Model::Counter | Model::Lock => Object::One(0),
            Model::Queue => Object::Line(VecDeque::new()),
        }
    }

    /// Carries an operation out; `None` where it could not have seen what it saw.
    pub(super) fn apply(&mut self, act: Act, process: u32) -> Option<Undo> {
        match self {
            Object::One(state) => {
                let next = one(*state, act, process)?;
                Some(Undo::Was(std::mem::replace(state, next)))
            }
            Object::Line(line) => in_line(line, act),
        }
    }

    /// The same of a register that may take on any of these values at any time, where the value
    /// that it has now does not do.
    pub(super) fn apply_wild(&mut self, act: Act, wild: &[u64]) -> Option<Undo> {
        let Object::One(state) = self else {
            return None;
        };
        let has = |value: Val| wild.contains(&value.0);
        let next = match act {
            Act::Read(value) => has(value).then_some(value.0),
            Act::Cas {
                expected,
                new,
                done: true,
            } => has(expected).then_some(new.0),
            Act::Cas { expected, .. } => wild.iter().copied().find(|other| *other != expected.0),
            Act::Write(_)
            | Act::Add(_)
            | Act::Enqueue(_)
            | Act::Dequeue(_)
            | Act::DequeueAny
            | Act::Acquire
            | Act::Release => None,
        };
        Some(Undo::Was(std::mem::replace(state, next?)))
    }

    /// Takes the last change back.
    pub(super) fn undo(&mut self, undo: Undo) {
        match (self, undo) {
            (Object::One(state), Undo::Was(was)) => *state = was,
            (Object::Line(line), Undo::TakeLast) => {
                line.pop_back();
            }
            (Object::Line(line), Undo::PutFirst(value)) => line.push_front(value),
            (Object::One(_) | Object::Line(_), _) => {}
        }
    }

    /// The state as numbers.
    pub(super) fn numbers(&self) -> Vec<u64> {
        match self {
            Object::One(state) => vec![*state],
            Object::Line(line) => line.iter().copied().collect(),
        }
    }

    /// Writes the state down so that no other is written down alike.
    pub(super) fn write(&self, to: &mut Vec<u32>) {
        let mut halves = |value: u64| to.extend([value as u32, (value >> 32) as u32]);
        match self {
            Object::One(state) => halves(*state),
            Object::Line(line) => {
                halves(line.len() as u64);
                line.iter().copied().for_each(halves);
            }
        }
    }
}

/// The state after an operation on a register, a counter or a lock.
fn one(state: u64, act: Act, process: u32) -> Option<u64> {
    let holder = u64::from(process) + 1;
    match act {
        Act::Read(value) => (value.0 == state).then_some(state),
        Act::Write(value) => Some(value.0),
        Act::Cas {
            expected,
            new,
            done,
        } => ((expected.0 == state) == done).then_some(if done { new.0 } else { state }),
        Act::Add(by) => Some(state.wrapping_add_signed(by)),
        Act::Acquire => (state == 0).then_some(holder),
        Act::Release => (state == holder).then_some(0),
        Act::Enqueue(_) | Act::Dequeue(_) | Act::DequeueAny => None,
    }
}

fn in_line(line: &mut VecDeque<u64>, act: Act) -> Option<Undo> {
    match act {
        Act::Enqueue(value) => {
            line.push_back(value.0);
            Some(Undo::TakeLast)
        }
        Act::Dequeue(Val::NULL) => line.is_empty().then_some(Undo::Nothing),
        Act::Dequeue(value) => {
            line.front().filter(|first| **first == value.0)?;
            line.pop_front().map(Undo::PutFirst)
        }
        Act::DequeueAny => line.pop_front().map(Undo::PutFirst),
        Act::Read(_)
        | Act::Write(_)
        | Act::Cas { .. }
        | Act::Add(_)
        | Act::Acquire
        | Act::Release => None,
    }
}
