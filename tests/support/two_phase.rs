//! Gray and Lamport's two-phase commit ("Consensus on Transaction Commit", 2006) as a model to
//! explore, as in their TwoPhase.tla: messages never leave the set of those that were sent. How
//! many states it has is public. It is in the tests and in the benches.

use splitbrain_core::engine::Fingerprint;
use splitbrain_core::lab::exhaust::Model;

/// A state in one word: a nibble for each resource manager, and four bits for the rest.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct State(pub(crate) u64);

/// The lowest two bits of a nibble: what the manager does.
const WORKING: u64 = 0;
const PREPARED: u64 = 1;
const COMMITTED: u64 = 2;
const ABORTED: u64 = 3;
/// The transaction manager knows that it is prepared.
const KNOWN: u64 = 1 << 2;
/// Its message that it is prepared was sent.
const SENT: u64 = 1 << 3;

/// The transaction manager, above all nibbles: it has decided, and whether to commit. The message
/// that says so was sent in the same step.
const DECIDED: u64 = 1 << 62;
const COMMIT: u64 = 1 << 63;

/// What a step does.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(crate) enum Action {
    /// The transaction manager takes in that this one is prepared.
    TakePrepared(u8),
    /// It decides to commit.
    Commit,
    /// It decides to abort.
    Abort,
    /// A resource manager prepares, and says so.
    Prepare(u8),
    /// It aborts of its own accord.
    ChooseAbort(u8),
    /// It hears of the decision to commit.
    HearCommit(u8),
    /// It hears of the decision to abort.
    HearAbort(u8),
}

/// The model.
#[derive(Copy, Clone, Debug)]
pub(crate) struct TwoPhase {
    /// How many resource managers there are: at most 15.
    pub(crate) managers: u8,
    /// Whether states that differ by the managers' names only are one.
    pub(crate) symmetry: bool,
    /// How many may be missing when the transaction manager commits. The protocol says none.
    pub(crate) missing: u32,
}

impl TwoPhase {
    /// The protocol as it is.
    #[must_use]
    pub(crate) fn of(managers: u8) -> Self {
        TwoPhase {
            managers,
            symmetry: false,
            missing: 0,
        }
    }

    /// The nibble of a manager.
    #[must_use]
    pub(crate) fn nibble(state: State, manager: u8) -> u64 {
        state.0 >> (4 * manager) & 15
    }

    /// The state with the managers' nibbles in order: the same for all that differ by names only.
    fn sorted(&self, state: State) -> u64 {
        // How many managers have each nibble, in a byte each, would be as good; this is short.
        let mut counts = [0u8; 16];
        for manager in 0..self.managers {
            counts[Self::nibble(state, manager) as usize] += 1;
        }
        let mut sorted = state.0 & (DECIDED | COMMIT);
        let mut place = 0;
        for (nibble, count) in (0..16).zip(counts) {
            for _ in 0..count {
                sorted |= nibble << place;
                place += 4;
            }
        }
        sorted
    }

    /// Whether TCConsistent holds: not one committed and another aborted.
    fn consistent(&self, state: State) -> bool {
        let does = |what| {
            let mut all = 0..self.managers;
            all.any(|manager| Self::nibble(state, manager) & 3 == what)
        };
        !(does(COMMITTED) && does(ABORTED))
    }
}

impl Model for TwoPhase {
    type State = State;
    type Action = Action;

    fn initial(&mut self) -> State {
        State(0)
    }

    fn actions(&mut self, state: &State, into: &mut Vec<Action>) {
        let (decided, commit) = (state.0 & DECIDED != 0, state.0 & COMMIT != 0);
        let mut known = 0;
        for manager in 0..self.managers {
            let nibble = Self::nibble(*state, manager);
            known += u32::from(nibble & KNOWN != 0);
            if !decided && nibble & SENT != 0 {
                into.push(Action::TakePrepared(manager));
            }
            if nibble & 3 == WORKING {
                into.push(Action::Prepare(manager));
                into.push(Action::ChooseAbort(manager));
            }
            if decided {
                into.push(if commit {
                    Action::HearCommit(manager)
                } else {
                    Action::HearAbort(manager)
                });
            }
        }
        if !decided {
            into.push(Action::Abort);
            if known + self.missing >= u32::from(self.managers) {
                into.push(Action::Commit);
            }
        }
    }

    fn next(&mut self, state: &State, action: Action, _more: &mut Vec<Action>) -> Option<State> {
        let with = |manager: u8, clear: u64, set: u64| {
            let place = 4 * manager;
            state.0 & !(clear << place) | set << place
        };
        Some(State(match action {
            Action::TakePrepared(manager) => with(manager, 0, KNOWN),
            Action::Commit => state.0 | DECIDED | COMMIT,
            Action::Abort => state.0 | DECIDED,
            Action::Prepare(manager) => with(manager, 3, PREPARED | SENT),
            Action::ChooseAbort(manager) | Action::HearAbort(manager) => with(manager, 3, ABORTED),
            Action::HearCommit(manager) => with(manager, 3, COMMITTED),
        }))
    }

    #[inline]
    fn fingerprint(&self, state: &State) -> u128 {
        let word = if self.symmetry {
            self.sorted(*state)
        } else {
            state.0
        };
        Fingerprint::of_word(word)
    }

    fn broken(&self, state: &State) -> Option<usize> {
        (!self.consistent(*state)).then_some(0)
    }
}
