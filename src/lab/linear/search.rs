//! The walk over which operations took effect.

use super::Budget;
use super::cache::Cache;
use super::model::{Object, Undo};
use super::order::Order;
use super::problem::Problem;

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

/// One place on the way: what may come next from here, and what was tried last.
struct Frame {
    from: usize,
    next: usize,
    taken: Option<(u32, Undo)>,
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
                return Found::Order(taken.map(|(at, _)| at as usize).collect());
            }
            let from = self.choices.len();
            if self.is_new() {
                self.look_around();
            }
            frames.push(Frame {
                from,
                next: from,
                taken: None,
            });
            // On from here, or back to where something is left to try.
            loop {
                let Some(frame) = frames.last_mut() else {
                    return Found::None;
                };
                if let Some((operation, undo)) = frame.taken.take() {
                    self.order.give_back(operation);
                    self.object(operation).undo(undo);
                }
                let Some(operation) = self.choices.get(frame.next).copied() else {
                    self.choices.truncate(frame.from);
                    frames.pop();
                    continue;
                };
                frame.next += 1;
                if !budget.spend() {
                    return Found::Undecided;
                }
                if let Some(undo) = self.apply(operation) {
                    self.order.take(operation);
                    frame.taken = Some((operation, undo));
                    break;
                }
            }
        }
    }

    fn object(&mut self, operation: u32) -> &mut Object {
        &mut self.objects[self.problem.operations[operation as usize].key as usize]
    }

    fn apply(&mut self, operation: u32) -> Option<Undo> {
        let problem = self.problem;
        let one = &problem.operations[operation as usize];
        self.object(operation).apply(one.act, one.process)
    }

    /// Whether the walk was never here. It is from now on.
    fn is_new(&mut self) -> bool {
        self.place.clear();
        self.order.write(&mut self.place);
        for object in &self.objects {
            object.write(&mut self.place);
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
        let mut kept = from;
        for at in from..choices.len() {
            let operation = choices[at];
            if self.problem.operations[operation as usize].act.only_looks() {
                if let Some(undo) = self.apply(operation) {
                    self.object(operation).undo(undo);
                    choices[from] = operation;
                    kept = from + 1;
                    break;
                }
                continue;
            }
            let class = self.problem.classes[operation as usize] as usize;
            let same = std::mem::replace(&mut self.chosen[class], self.visits) == self.visits;
            if !(same && self.problem.exchanges(operation)) {
                choices[kept] = operation;
                kept += 1;
            }
        }
        choices.truncate(kept);
        self.choices = choices;
    }
}
