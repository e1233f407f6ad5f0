//! A lab as a model: a configuration of its world with what its checks remember.

use super::super::check::{CheckSpec, Checker, Mode, Verdicts};
use super::super::spec::Lab;
use super::Model;
use crate::engine::Fingerprint;
use crate::sim::{Allowance, Configuration, Move, Still, Table};

/// A state: the world's, and that of the checks, by its number.
#[derive(Clone, Debug)]
pub struct State {
    /// The world's.
    pub configuration: Configuration,
    checker: u32,
    /// The check that the step to it broke.
    broken: Option<u16>,
}

/// What the checks remember, kept once.
struct Kept {
    checker: Box<dyn Checker>,
    /// Its hash under each renaming.
    prints: Box<[u128]>,
}

/// The model.
pub struct Asynchronous {
    still: Still,
    /// Which checks are judged.
    judged: Vec<bool>,
    verdicts: Verdicts,
    checkers: Vec<Kept>,
    checker_of: Table<u32>,
    /// The checker that looks at the next step, and which of those kept it is like.
    scratch: Box<dyn Checker>,
    like: u32,
}

/// Whether a check can be judged where time stands still: it is promised after every step, and
/// under all that can happen then.
#[must_use]
pub fn is_judged(check: &CheckSpec, allowance: Allowance) -> bool {
    check.mode == Mode::Always && allowance.faults().within(check.assumes)
}

impl Asynchronous {
    /// The lab in this world, of which `still` was made.
    #[must_use]
    pub fn new(lab: &'static dyn Lab, still: Still, allowance: Allowance) -> Self {
        let specs = lab.info().checks;
        let checker = lab.checker(still.world());
        let mut model = Asynchronous {
            judged: specs
                .iter()
                .map(|spec| is_judged(spec, allowance))
                .collect(),
            verdicts: Verdicts::new(specs),
            checkers: Vec::new(),
            checker_of: Table::default(),
            scratch: checker.dup(),
            like: 0,
            still,
        };
        let print = model.print_of(&*checker, 0);
        model.keep(checker, print);
        model
    }

    /// The hash of a checker under the renaming at this place.
    fn print_of(&self, checker: &dyn Checker, renaming: usize) -> u128 {
        let mut print = Fingerprint::default();
        checker.print(&self.still.renamings()[renaming], &mut print);
        print.value()
    }

    fn keep(&mut self, checker: Box<dyn Checker>, print: u128) -> u32 {
        let others = 1..self.still.renamings().len();
        let others = others.map(|renaming| self.print_of(&*checker, renaming));
        let prints = [print].into_iter().chain(others).collect();
        let number = self.checkers.len() as u32;
        self.checkers.push(Kept { checker, prints });
        self.checker_of.insert(print, number);
        number
    }

    /// The checks look at the step that the world has just taken: what they remember then, and
    /// which of them it broke.
    fn judge(&mut self, before: u32) -> (u32, Option<u16>) {
        if self.like != before {
            self.scratch = self.checkers[before as usize].checker.dup();
            self.like = before;
        }
        self.verdicts
            .observe(&mut *self.scratch, self.still.world());
        let broken = self.broken_now();
        let print = self.print_of(&*self.scratch, 0);
        if print != self.checkers[before as usize].prints[0] {
            self.like = match self.checker_of.get(print) {
                Some(known) => known,
                None => self.keep(self.scratch.dup(), print),
            };
        }
        (self.like, broken)
    }

    /// The judged check that is violated now. None is after that.
    fn broken_now(&mut self) -> Option<u16> {
        if !self.verdicts.any_violated() {
            return None;
        }
        let mut found = None;
        for (check, judged) in self.judged.iter().enumerate() {
            if self.verdicts.get(check).id() == "violated" {
                self.verdicts.forgive(check);
                found = found.or(judged.then_some(check as u16));
            }
        }
        found
    }

    /// What the checks have seen anywhere.
    #[must_use]
    pub fn verdicts(&self) -> &Verdicts {
        &self.verdicts
    }

    /// The world in which time stands still.
    #[must_use]
    pub fn still(&self) -> &Still {
        &self.still
    }

    /// How many different states of nodes, messages, inputs to nodes and checks there were.
    #[must_use]
    pub fn parts(&self) -> [usize; 4] {
        let [seats, mails, turns] = self.still.parts();
        [seats, mails, turns, self.checkers.len()]
    }

    /// A state whose nodes are renamed by the renaming at this place, with what its checks
    /// remember left out; and the same step there. `None` where the lab does not offer it.
    pub fn renamed(&mut self, state: &State, step: Move, renaming: usize) -> Option<(State, Move)> {
        let configuration = self.still.renamed(&state.configuration, renaming)?;
        let choice = self.still.renamed_choice(step.choice, renaming)?;
        let state = State {
            configuration,
            ..*state
        };
        Some((state, Move { choice, ..step }))
    }

    /// The hash of a state, its nodes renamed by the renaming at this place.
    #[must_use]
    pub fn print(&self, state: &State, renaming: usize) -> u128 {
        let kept = &self.checkers[state.checker as usize].prints[renaming];
        let world = self.world_print(state, renaming);
        world.wrapping_add(kept.rotate_left(64))
    }

    /// The hash of the world alone, its nodes renamed by the renaming at this place.
    #[must_use]
    pub fn world_print(&self, state: &State, renaming: usize) -> u128 {
        self.still.print(&state.configuration, renaming)
    }
}

impl Model for Asynchronous {
    type State = State;
    type Action = Move;

    fn initial(&mut self) -> State {
        State {
            configuration: self.still.initial(),
            checker: 0,
            broken: None,
        }
    }

    fn actions(&mut self, state: &State, into: &mut Vec<Move>) {
        self.still.choices(&state.configuration, into);
    }

    fn next(&mut self, state: &State, action: Move, more: &mut Vec<Move>) -> Option<State> {
        let configuration = self.still.step(&state.configuration, action, more);
        let (checker, broken) = self.judge(state.checker);
        Some(State {
            configuration,
            checker,
            broken,
        })
    }

    /// The least over all renamings: the same for all states that differ by names only.
    fn fingerprint(&self, state: &State) -> u128 {
        let broken = state.broken.map_or(0, |check| u64::from(check) + 1);
        let renamings = 0..self.still.renamings().len();
        let least = renamings.map(|renaming| self.print(state, renaming)).min();
        let least = least.unwrap_or_default();
        let mut print = Fingerprint::default();
        print.word(least as u64);
        print.word((least >> 64) as u64);
        print.word(broken);
        print.value()
    }

    fn broken(&self, state: &State) -> Option<usize> {
        state.broken.map(usize::from)
    }

    fn weight(&self, state: &State) -> usize {
        size_of::<State>() - size_of::<Configuration>() + state.configuration.weight()
    }

    fn bytes(&self) -> usize {
        // What a checker allocates is not known here.
        let each = size_of::<Kept>() + self.still.renamings().len() * size_of::<u128>() + 1000;
        self.still.bytes() + self.checker_of.bytes() + self.checkers.len() * each
    }
}
