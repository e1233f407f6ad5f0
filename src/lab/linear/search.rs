//! The walk over which operations took effect.

use super::cache::Cache;
use super::model::{Object, Undo};
use super::order::Order;
use super::problem::Problem;
use super::{Act, Budget};

/// What came of a search.
pub(super) enum Found {
    /// This order explains all.
    Order(Vec<usize>),
    /// None does.
    None,
    /// There was no time.
    Undecided,
}

/// How far a search came.
pub(super) struct Outcome {
    pub(super) found: Found,
    /// The operation that no order came past, though one came past all that ended before it.
    pub(super) stuck: Option<usize>,
    /// States that its object had there.
    pub(super) states: Vec<Vec<u64>>,
}

/// No more states than these are named.
const MOST_STATES: usize = 8;

impl Outcome {
    /// The same, in the names of the history.
    pub(super) fn renamed(mut self, names: &[usize]) -> Self {
        let order = match &mut self.found {
            Found::Order(order) => order.as_mut_slice(),
            Found::None | Found::Undecided => &mut [],
        };
        for at in order.iter_mut().chain(&mut self.stuck) {
            *at = names[*at];
        }
        self
    }
}

/// An operation that took effect, and what takes that back.
#[derive(Copy, Clone)]
struct Taken {
    operation: u32,
    undo: Undo,
    /// It was hidden: see [`Walk::hides`].
    hidden: bool,
    /// What [`Walk::covered`] was before.
    covered: u32,
}

/// One place on the way: what may come next from here, and what was tried last.
struct Frame {
    from: usize,
    next: usize,
    /// Whether the due write is to be hidden here before anything else is tried.
    hides: bool,
    taken: Option<Taken>,
}

struct Walk<'a, O> {
    problem: &'a Problem,
    order: O,
    objects: Vec<Object>,
    /// The choices of all frames, those of the last one at the end.
    choices: Vec<u32>,
    cache: Cache,
    /// Where we are, written down.
    place: Vec<u32>,
    /// For each class the visit in which one of it was a choice.
    chosen: Vec<u64>,
    visits: u64,
    /// Writes that began before this are covered: another write took effect while they were open.
    covered: u32,
    /// What the choices would look for, each once: see [`Walk::is_of_use`].
    wanted: Vec<u64>,
    stuck: Option<u32>,
    states: Vec<Vec<u64>>,
}

pub(super) fn search<O: Order>(problem: &Problem, order: O, budget: &mut Budget<'_>) -> Outcome {
    let mut walk = Walk {
        problem,
        order,
        objects: (0..problem.keys)
            .map(|_| Object::new(problem.model))
            .collect(),
        choices: Vec::new(),
        cache: Cache::default(),
        place: Vec::new(),
        chosen: vec![0; problem.operations.len()],
        visits: 0,
        covered: 0,
        wanted: Vec::new(),
        stuck: None,
        states: Vec::new(),
    };
    let found = walk.find(budget);
    Outcome {
        found,
        stuck: walk.stuck.map(|at| at as usize),
        states: walk.states,
    }
}

impl<O: Order> Walk<'_, O> {
    fn find(&mut self, budget: &mut Budget<'_>) -> Found {
        let mut frames: Vec<Frame> = Vec::new();
        loop {
            if self.order.is_complete() {
                let taken = frames.iter().filter_map(|frame| frame.taken);
                return Found::Order(self.in_order(taken));
            }
            let from = self.choices.len();
            let is_new = self.is_new();
            if is_new {
                self.look_around();
            }
            frames.push(Frame {
                from,
                next: from,
                hides: is_new && self.hides(),
                taken: None,
            });
            // On from here, or back to where something is left to try.
            loop {
                let Some(frame) = frames.last_mut() else {
                    return Found::None;
                };
                if let Some(taken) = frame.taken.take() {
                    self.give_back(taken);
                }
                if !budget.spend() {
                    return Found::Undecided;
                }
                if std::mem::take(&mut frame.hides) {
                    frame.taken = self.hide();
                    break;
                }
                let Some(operation) = self.choices.get(frame.next).copied() else {
                    self.choices.truncate(frame.from);
                    frames.pop();
                    continue;
                };
                frame.next += 1;
                frame.taken = self.take(operation);
                if frame.taken.is_some() {
                    break;
                }
            }
        }
    }

    fn object(&mut self, operation: u32) -> &mut Object {
        &mut self.objects[self.problem.operations[operation as usize].key as usize]
    }

    /// The operation takes effect, where it can.
    fn take(&mut self, operation: u32) -> Option<Taken> {
        let problem = self.problem;
        let one = &problem.operations[operation as usize];
        let mut sets = match one.act {
            Act::Write(_) => true,
            // What it swapped may have been written right before, by what was set free.
            Act::Cas {
                expected,
                done: true,
                ..
            } => problem.wild.contains(&expected.0),
            _ => false,
        };
        let mut undo = self.object(operation).apply(one.act, one.process);
        if undo.is_none() && !problem.wild.is_empty() {
            undo = self.object(operation).apply_wild(one.act, &problem.wild);
            sets = true;
        }
        let taken = Taken {
            operation,
            undo: undo?,
            hidden: false,
            covered: self.covered,
        };
        if sets && problem.hides {
            self.covered = self.front();
        }
        self.order.take(operation);
        Some(taken)
    }

    fn give_back(&mut self, taken: Taken) {
        self.order.give_back(taken.operation);
        self.object(taken.operation).undo(taken.undo);
        self.covered = taken.covered;
    }

    /// Before which moment all that is a choice began.
    fn front(&self) -> u32 {
        let due = self.order.due();
        due.and_then(|due| self.problem.operations[due as usize].end)
            .unwrap_or(u32::MAX)
    }

    /// Whether the due operation is a write that nobody need notice: another write took effect
    /// while this one was open, so it may have taken effect right before that. Thus a write is
    /// tried only where somebody looks at once, or where it cannot wait; the others need no place
    /// of their own, and all their orders need not be tried.
    fn hides(&self) -> bool {
        let due = self.order.due().filter(|_| self.problem.hides);
        due.is_some_and(|due| {
            let due = &self.problem.operations[due as usize];
            matches!(due.act, Act::Write(_)) && due.begin < self.covered
        })
    }

    fn hide(&mut self) -> Option<Taken> {
        let operation = self.order.due()?;
        self.order.take(operation);
        Some(Taken {
            operation,
            undo: Undo::Nothing,
            hidden: true,
            covered: self.covered,
        })
    }

    /// What took effect, with the hidden writes right before those that hide them.
    fn in_order(&self, taken: impl Iterator<Item = Taken>) -> Vec<usize> {
        let mut order: Vec<usize> = Vec::new();
        let mut last_write = 0;
        for taken in taken {
            let at = taken.operation as usize;
            if taken.hidden {
                order.insert(last_write, at);
                last_write += 1;
                continue;
            }
            if matches!(self.problem.operations[at].act, Act::Write(_)) {
                last_write = order.len();
            }
            order.push(at);
        }
        order
    }

    /// Whether the walk was never here. It is from now on.
    fn is_new(&mut self) -> bool {
        self.place.clear();
        self.order.write(&mut self.place);
        for object in &self.objects {
            object.write(&mut self.place);
        }
        if self.problem.hides {
            // It matters only which of the open writes are covered.
            let began = self.problem.last_write_before(self.covered, &self.order);
            self.place.push(began);
        }
        if !self.cache.insert(&self.place) {
            return false;
        }
        let due = self.order.due();
        if due > self.stuck {
            self.stuck = due;
            self.states.clear();
        }
        if let Some(due) = due.filter(|_| due == self.stuck && self.states.len() < MOST_STATES) {
            let state = self.object(due).numbers();
            if !self.states.contains(&state) {
                self.states.push(state);
            }
        }
        true
    }

    /// Finds out what to try from here. What only looks, and sees what it saw, is never tried
    /// later: it changes nothing for the others. Of several that do the same the first is enough.
    fn look_around(&mut self) {
        let from = self.choices.len();
        self.visits += 1;
        let mut choices = std::mem::take(&mut self.choices);
        self.order.candidates(&mut choices);
        let problem = self.problem;
        self.wanted.clear();
        let mut kept = from;
        for at in from..choices.len() {
            let operation = choices[at];
            let one = &problem.operations[operation as usize];
            if one.act.only_looks()
                && let Some(undo) = self.object(operation).apply(one.act, one.process)
            {
                self.object(operation).undo(undo);
                choices[from] = operation;
                kept = from + 1;
                break;
            }
            self.want(one.act);
            if one.act.only_looks() && problem.wild.is_empty() {
                continue;
            }
            let class = problem.classes[operation as usize] as usize;
            let same = std::mem::replace(&mut self.chosen[class], self.visits) == self.visits;
            if !(same && problem.exchanges(operation)) {
                choices[kept] = operation;
                kept += 1;
            }
        }
        choices.truncate(kept);
        if problem.hides {
            let due = self.order.due();
            let mut kept = from;
            for at in from..choices.len() {
                let operation = choices[at];
                if Some(operation) == due || self.is_of_use(operation) {
                    choices[kept] = operation;
                    kept += 1;
                }
            }
            choices.truncate(kept);
        }
        self.choices = choices;
    }

    /// Remembers what this choice would see.
    fn want(&mut self, act: Act) {
        let value = match act {
            Act::Read(value) => value.0,
            Act::Cas {
                expected,
                done: true,
                ..
            } => expected.0,
            // It was not what it sees now, so anything else will do.
            Act::Cas { done: false, .. } => ANYTHING,
            _ => return,
        };
        if !self.wanted.contains(&value) {
            self.wanted.push(value);
        }
    }

    /// A write that somebody would see at once; and all that is no write.
    fn is_of_use(&self, operation: u32) -> bool {
        match self.problem.operations[operation as usize].act {
            Act::Write(value) => {
                let seen = |wanted: &u64| *wanted == value.0 || *wanted == ANYTHING;
                self.wanted.iter().any(seen)
            }
            _ => true,
        }
    }
}

/// No value: what a refused swap would see.
const ANYTHING: u64 = u64::MAX;
