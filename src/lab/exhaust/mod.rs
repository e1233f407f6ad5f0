//! Every state that a small model can get into: breadth first, each state once.
//!
//! What comes out does not depend on the order in which a state's actions are tried: levels are
//! explored whole, and a state that breaks a promise leads nowhere. The first violation found is
//! one with the fewest steps.

mod asynchronous;
mod exploration;
mod story;

pub use asynchronous::{Asynchronous, State, is_judged};
pub use exploration::{Exploration, Plan};

use crate::sim::Table;

/// What can be explored: states, and the actions that lead from one to the next.
pub trait Model {
    /// One state.
    type State;
    /// What leads on from a state. Kept for every state that was found.
    type Action: Copy;

    /// The state in which all begins.
    fn initial(&mut self) -> Self::State;

    /// What can be done in a state.
    fn actions(&mut self, state: &Self::State, into: &mut Vec<Self::Action>);

    /// Where an action leads; `None` where nothing comes of it. Where it turned out that something
    /// was chosen on the way, the actions that choose otherwise are added to `more`.
    fn next(
        &mut self,
        state: &Self::State,
        action: Self::Action,
        more: &mut Vec<Self::Action>,
    ) -> Option<Self::State>;

    /// States with equal fingerprints are one.
    fn fingerprint(&self, state: &Self::State) -> u128;

    /// The check, by its place, that is broken in this state, if one is.
    fn broken(&self, state: &Self::State) -> Option<usize>;

    /// The bytes that one state takes.
    fn weight(&self, _state: &Self::State) -> usize {
        size_of::<Self::State>()
    }

    /// The bytes that it holds itself.
    fn bytes(&self) -> usize {
        0
    }
}

/// How far an exploration goes.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Limits {
    /// The most steps from the beginning.
    pub depth: u32,
    /// The most different states.
    pub unique: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            depth: u32::MAX,
            unique: 3_000_000,
        }
    }
}

/// Why an exploration ended.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum End {
    /// Every state was found, and none breaks a promise.
    Complete,
    /// Some states break one; those with the fewest steps were found, and all others of no more.
    Broken,
    /// More steps were not to be taken.
    Depth,
    /// More states were not to be kept.
    Full,
}

/// The state that breaks a check with the fewest steps.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Violation {
    /// The check, by its place.
    pub check: usize,
    /// The number of the state.
    state: u32,
}

/// A state that a step led to, before it is looked up.
struct Fresh<M: Model> {
    from: u32,
    action: M::Action,
    state: M::State,
    print: u128,
}

/// How many are looked up together.
const BATCH: usize = 128;

/// An exploration, driven in slices by whoever has a clock.
pub struct Explorer<M: Model> {
    model: M,
    limits: Limits,
    seen: Table<()>,
    /// For each state found, the one that it was found from and how. The first has none.
    parents: Vec<u32>,
    actions: Vec<M::Action>,
    /// The states of this level that are still to be looked at, and those of the next.
    frontier: std::vec::IntoIter<(u32, M::State)>,
    coming: Vec<(u32, M::State)>,
    /// How many states took steps led to, each time counted.
    generated: u64,
    /// The most steps that a state was found after, and after which the frontier's were.
    depth: u32,
    level: u32,
    /// The first state of each check that breaks, and how many states break it.
    broken: Vec<(Violation, u64)>,
    weight: usize,
    heaviest: usize,
    ended: Option<End>,
    /// What is to be looked up.
    batch: Vec<Fresh<M>>,
    /// Used anew for every state.
    choices: Vec<M::Action>,
}

impl<M: Model> Explorer<M> {
    /// An exploration that has found the first state only.
    pub fn new(mut model: M, limits: Limits) -> Self {
        let first = model.initial();
        let mut explorer = Explorer {
            model,
            limits,
            seen: Table::default(),
            parents: vec![0],
            actions: Vec::new(),
            frontier: Vec::new().into_iter(),
            coming: Vec::new(),
            generated: 1,
            depth: 0,
            level: 0,
            broken: Vec::new(),
            weight: 0,
            heaviest: 0,
            ended: None,
            batch: Vec::with_capacity(BATCH),
            choices: Vec::new(),
        };
        let print = explorer.model.fingerprint(&first);
        explorer.seen.insert(print, ());
        explorer.found(0, first);
        explorer.descend(0);
        explorer
    }

    /// Looks at no more than so many states. False where it has ended.
    pub fn advance(&mut self, budget: u64) -> bool {
        for _ in 0..budget {
            if self.ended.is_some() {
                return false;
            }
            match self.frontier.next() {
                Some((number, state)) => self.expand(number, &state),
                None => {
                    self.look_up();
                    self.descend(self.level + 1);
                }
            }
        }
        self.ended.is_none()
    }

    /// All at once.
    pub fn run(&mut self) -> End {
        loop {
            if let Some(end) = self.ended {
                return end;
            }
            self.advance(u64::MAX);
        }
    }

    fn expand(&mut self, from: u32, state: &M::State) {
        self.weight -= self.model.weight(state);
        let before = self.model.fingerprint(state);
        let mut choices = std::mem::take(&mut self.choices);
        choices.clear();
        self.model.actions(state, &mut choices);
        while let Some(action) = choices.pop() {
            let Some(state) = self.model.next(state, action, &mut choices) else {
                continue;
            };
            self.generated += 1;
            let print = self.model.fingerprint(&state);
            // A step that changes nothing needs no look into the table.
            if print != before {
                self.batch.push(Fresh {
                    from,
                    action,
                    state,
                    print,
                });
            }
        }
        self.choices = choices;
        if self.batch.len() >= BATCH {
            self.look_up();
        }
    }

    /// Which of the states of the batch were not met before?
    fn look_up(&mut self) {
        let mut batch = std::mem::take(&mut self.batch);
        self.seen.warm(batch.iter().map(|fresh| fresh.print));
        for fresh in batch.drain(..) {
            if self.ended.is_some() || !self.seen.insert(fresh.print, ()) {
                continue;
            }
            let number = self.parents.len() as u32;
            self.parents.push(fresh.from);
            self.actions.push(fresh.action);
            self.depth = self.level + 1;
            self.found(number, fresh.state);
            if number + 1 >= self.limits.unique {
                self.ended = Some(End::Full);
            }
        }
        self.batch = batch;
    }

    /// A state that was not met before.
    fn found(&mut self, number: u32, state: M::State) {
        if let Some(check) = self.model.broken(&state) {
            let known = self
                .broken
                .iter_mut()
                .find(|(known, _)| known.check == check);
            match known {
                Some((_, count)) => *count += 1,
                None => self.broken.push((
                    Violation {
                        check,
                        state: number,
                    },
                    1,
                )),
            }
            return;
        }
        self.weight += self.model.weight(&state);
        self.coming.push((number, state));
    }

    /// The level is done: the next one is looked at, if there is one.
    fn descend(&mut self, level: u32) {
        let bytes = self.bytes();
        self.heaviest = self.heaviest.max(bytes);
        self.level = level;
        self.frontier = std::mem::take(&mut self.coming).into_iter();
        self.ended = if self.limits.unique <= self.parents.len() as u32 {
            Some(End::Full)
        } else if !self.broken.is_empty() {
            Some(End::Broken)
        } else if self.frontier.len() == 0 {
            Some(End::Complete)
        } else if level >= self.limits.depth {
            Some(End::Depth)
        } else {
            None
        };
    }

    /// Why it ended, if it has.
    pub fn ended(&self) -> Option<End> {
        self.ended
    }

    /// How many states the steps taken led to, the first one counted.
    pub fn generated(&self) -> u64 {
        self.generated
    }

    /// How many of these are different.
    pub fn unique(&self) -> u64 {
        self.parents.len() as u64
    }

    /// The most steps after which a new state was found.
    pub fn depth(&self) -> u32 {
        self.depth
    }

    /// For each check that breaks, a state that breaks it after the fewest steps, and how many
    /// do after as many.
    pub fn violations(&self) -> &[(Violation, u64)] {
        &self.broken
    }

    /// The actions that lead from the beginning to a violation.
    pub fn path(&self, violation: Violation) -> Vec<M::Action> {
        let mut path = Vec::new();
        let mut at = violation.state as usize;
        while at > 0 {
            path.push(self.actions[at - 1]);
            at = self.parents[at] as usize;
        }
        path.reverse();
        path
    }

    /// How many states wait to be looked at.
    pub fn waiting(&self) -> usize {
        self.frontier.len() + self.coming.len()
    }

    /// The bytes that it holds now, give or take what is allocated ahead.
    pub fn bytes(&self) -> usize {
        let found = self.parents.len() * size_of::<u32>();
        let actions = self.actions.len() * size_of::<M::Action>();
        let numbers = self.waiting() * size_of::<u32>();
        self.seen.bytes() + found + actions + numbers + self.weight + self.model.bytes()
    }

    /// The most bytes that it held at the end of a level.
    pub fn most_bytes(&self) -> usize {
        self.heaviest.max(self.bytes())
    }

    /// The model.
    pub fn model(&self) -> &M {
        &self.model
    }

    /// The model, to have a path carried out.
    pub fn model_mut(&mut self) -> &mut M {
        &mut self.model
    }
}
