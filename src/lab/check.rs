//! Checks: what a lab promises, and under which faults.

use crate::engine::{Fingerprint, Note, Renaming, Span, Time};
use crate::sim::{FaultSet, World};

/// When a check is to hold.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Mode {
    /// After every step.
    Always,
    /// In some step of some run; so that green is not empty.
    Sometimes,
    /// Within this time after calm.
    Eventually(Span),
}

/// A check that a lab declares. Its name, a sentence, stands in the locale files as
/// `check.<id>`; the id is the English sentence with dashes.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct CheckSpec {
    /// Stable id.
    pub id: &'static str,
    /// When it is to hold.
    pub mode: Mode,
    /// The faults under which it is promised.
    pub assumes: FaultSet,
}

/// What a check says of a run so far.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// It held after every step (or was met in time).
    Holds,
    /// It failed first in this step.
    Violated {
        /// The step.
        step: u64,
        /// The moment.
        time: Time,
        /// Why.
        note: Option<Note>,
    },
    /// It was seen first in this step.
    Seen {
        /// The step.
        step: u64,
    },
    /// It was not seen yet.
    NotSeen,
    /// It waits for calm, or for its bound after that.
    Pending,
}

impl Verdict {
    /// The word for it in stories and summaries.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Verdict::Holds => "holds",
            Verdict::Violated { .. } => "violated",
            Verdict::Seen { .. } => "seen",
            Verdict::NotSeen => "not-seen",
            Verdict::Pending => "pending",
        }
    }

    /// All the words.
    pub const IDS: [&'static str; 5] = ["holds", "violated", "seen", "not-seen", "pending"];
}

/// Watches a run. Its own state is part of every snapshot.
pub trait Checker {
    /// Looks at the world after a step; `world.record()` says what happened in it.
    fn observe(&mut self, world: &World, verdicts: &mut Verdicts);

    /// Whether what is promised for after calm is so now; asked only while that is open.
    fn settled(&self, check: usize, world: &World) -> bool;

    /// A copy, for a snapshot.
    fn dup(&self) -> Box<dyn Checker>;

    /// Takes all that it remembers into the hash of a state, under other names of the nodes: what
    /// differs in that is told apart in an exploration. Where the order in which it remembers
    /// things means nothing, that order must not get into the hash. The names matter only where
    /// the lab's servers are alike ([`super::SmallWorld`]).
    fn print(&self, names: &Renaming, print: &mut Fingerprint);
}

/// The verdicts of one run.
#[derive(Clone, Debug)]
pub struct Verdicts {
    specs: &'static [CheckSpec],
    all: Vec<Verdict>,
    /// Whether it is calm, as far as was judged.
    open: bool,
    /// Whether some *eventually* may be undecided then, so that most steps need not ask.
    waits: bool,
    step: u64,
    time: Time,
}

impl Verdicts {
    /// Before the first step.
    #[must_use]
    pub fn new(specs: &'static [CheckSpec]) -> Self {
        let first = |spec: &CheckSpec| match spec.mode {
            Mode::Always => Verdict::Holds,
            Mode::Sometimes => Verdict::NotSeen,
            Mode::Eventually(_) => Verdict::Pending,
        };
        let all = specs.iter().map(first).collect();
        Verdicts {
            specs,
            all,
            open: false,
            waits: false,
            step: 0,
            time: Time(0),
        }
    }

    /// An *always* check, by its place, does not hold. The first time counts.
    pub fn violate(&mut self, check: usize, note: Option<Note>) {
        if self.all[check] == Verdict::Holds {
            self.all[check] = Verdict::Violated {
                step: self.step,
                time: self.time,
                note,
            };
        }
    }

    /// A *sometimes* check, by its place, was seen. The first time counts.
    pub fn see(&mut self, check: usize) {
        if self.all[check] == Verdict::NotSeen {
            self.all[check] = Verdict::Seen { step: self.step };
        }
    }

    /// A promise that was broken counts as kept again: an exploration looks at another state.
    pub(super) fn forgive(&mut self, check: usize) {
        self.all[check] = Verdict::Holds;
    }

    /// Whether a check, by its place, was seen.
    #[must_use]
    pub fn seen(&self, check: usize) -> bool {
        matches!(self.all[check], Verdict::Seen { .. })
    }

    /// Each check with its verdict.
    pub fn iter(&self) -> impl Iterator<Item = (&'static CheckSpec, Verdict)> {
        self.specs.iter().zip(self.all.iter().copied())
    }

    /// The verdict on the check at this place.
    #[must_use]
    pub fn get(&self, check: usize) -> Verdict {
        self.all[check]
    }

    /// Whether any check is violated.
    #[must_use]
    pub fn any_violated(&self) -> bool {
        self.all
            .iter()
            .any(|verdict| matches!(verdict, Verdict::Violated { .. }))
    }

    /// After each step: what happened is judged as of this moment.
    #[inline]
    pub(super) fn observe(&mut self, checker: &mut dyn Checker, world: &World) {
        (self.step, self.time) = (world.steps(), world.now());
        checker.observe(world, self);
        if self.waits || self.open != world.calm_at().is_some() {
            self.judge_eventually(checker, world, world.now());
        }
    }

    /// Before the clock moves to `then` and something happens there: what was promised for an
    /// earlier moment is judged by the state in which that moment passed. So a broken promise
    /// has the same step and time however the run was cut into pieces.
    pub(super) fn pass(&mut self, checker: &dyn Checker, world: &World, then: Time) {
        if self.waits {
            self.judge_eventually(checker, world, then);
        }
    }

    /// Judges what is promised for after calm, as of `now`.
    fn judge_eventually(&mut self, checker: &dyn Checker, world: &World, now: Time) {
        let Some(calm) = world.calm_at() else {
            if self.open {
                self.reopen();
                (self.open, self.waits) = (false, false);
            }
            return;
        };
        if !self.open {
            self.reopen();
            self.open = true;
        }
        self.waits = false;
        for (check, spec) in self.specs.iter().enumerate() {
            let Mode::Eventually(within) = spec.mode else {
                continue;
            };
            if self.all[check] != Verdict::Pending {
                continue;
            }
            if checker.settled(check, world) {
                self.all[check] = Verdict::Holds;
            } else if now > calm + within {
                self.all[check] = Verdict::Violated {
                    step: world.steps(),
                    time: calm + within,
                    note: None,
                };
            } else {
                self.waits = true;
            }
        }
    }

    /// A new fault, or a new calm: what was promised for after the last one is open again. A
    /// promise that was broken stays broken.
    fn reopen(&mut self) {
        for (spec, verdict) in self.specs.iter().zip(&mut self.all) {
            if matches!(spec.mode, Mode::Eventually(_)) && *verdict == Verdict::Holds {
                *verdict = Verdict::Pending;
            }
        }
    }
}
