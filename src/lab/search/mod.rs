//! The search: runs made at random that look for a broken promise, and the shortest story of one.
//!
//! A run is a function of the seed of the search and of its number, so that it can be made anew
//! alone, on any thread, natively or in a page. What it does to the world are ordinary commands
//! with faults that the checks are promised under; a violation is a fault of the protocol (or what
//! a switched-off rule was for), never of the weather.

mod aim;
mod coverage;
mod deeds;
mod draw;
mod drive;
mod ledger;
mod reduce;
mod servant;
mod setups;
mod shrink;
mod shrinker;
mod walk;

use crate::engine::sorting::sort;
use coverage::Roles;
pub use coverage::{DOWN, Tally};
pub use ledger::{Batch, Ledger};
pub use servant::{Answer, Found, Order, Quest, Servant};
pub use shrink::Shrunk;
pub use shrinker::Shrinker;

use super::command::Command;
use super::params::Params;
use super::parse::Complaint;
use super::spec::{Asynchrony, Lab, Setup};
use super::{Mode, check::CheckSpec};
use crate::engine::RuleId;
use crate::sim::{FaultKind, FaultSet, NodeKind};
use deeds::Score;
use draw::Draw;
use drive::{Drive, rules_mattered};
use setups::{Freedom, Knobs};
use walk::{Marks, Walk};

/// What is drawn aside, in its own order: which runs are of nodes that doze.
const DOZE: u64 = 1;
/// And which are in one of the lab's own settings.
const HAUNT: u64 = 2;

/// What is looked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Goal {
    /// The rules that are off.
    pub rules_off: Vec<RuleId>,
    /// The checks of which one is to break, by their places; no *sometimes* among them.
    pub checks: Vec<usize>,
    /// Faults that are brought about although the checks are not promised under them.
    pub beyond: FaultSet,
}

impl Goal {
    /// The goal where these rules are off: a violation of a check that one of them guards. With
    /// all rules on, of any check.
    #[must_use]
    pub fn without(lab: &dyn Lab, rules_off: &[RuleId]) -> Self {
        let info = lab.info();
        let off = rules_off.iter();
        let guarded = off.filter_map(|rule| info.rule(*rule));
        let mut checks: Vec<usize> = guarded.filter_map(|rule| lab.check(rule.guards)).collect();
        sort(&mut checks);
        checks.dedup();
        if checks.is_empty() {
            let promised = |(_, check): &(usize, &CheckSpec)| check.mode != Mode::Sometimes;
            let all = info.checks.iter().enumerate().filter(promised);
            checks = all.map(|(at, _)| at).collect();
        }
        Goal {
            rules_off: rules_off.to_vec(),
            checks,
            beyond: FaultSet::NONE,
        }
    }

    /// The same for one check alone.
    #[must_use]
    pub fn only(&self, check: usize) -> Self {
        Goal {
            checks: vec![check],
            ..self.clone()
        }
    }

    /// The faults that there may be in a run that is to break this check.
    fn faults(&self, check: &CheckSpec) -> FaultSet {
        check.assumes.with(self.beyond)
    }
}

/// How far the search goes, and from where.
#[derive(Clone, PartialEq, Debug)]
pub struct Bounds {
    /// The seed of the search.
    pub seed: u64,
    /// The most steps of one run.
    pub steps: u64,
    /// The parameters where they are not drawn.
    params: Params,
    /// Which of them are not.
    pinned: Vec<bool>,
}

impl Bounds {
    /// The usual bounds, with every parameter drawn.
    #[must_use]
    pub fn new(lab: &dyn Lab, seed: u64) -> Self {
        let specs = lab.info().params;
        Bounds {
            seed,
            steps: 3000,
            params: Params::defaults(specs),
            pinned: vec![false; specs.len()],
        }
    }

    /// Whether the parameters that are fixed are as they were fixed.
    fn allow(&self, params: &Params) -> bool {
        let fixed = self.params.iter().zip(params.iter()).zip(&self.pinned);
        let mut fixed = fixed.filter(|(_, pinned)| **pinned);
        fixed.all(|(((_, wanted), (_, value)), _)| wanted == value)
    }

    /// Fixes a parameter for all runs.
    ///
    /// # Errors
    /// Where there is no such parameter, or the value is out of its bounds.
    pub fn pin(&mut self, name: &str, text: &str) -> Result<(), Complaint> {
        self.params.set(name, text)?;
        let at = self.params.iter().position(|(spec, _)| spec.name == name);
        at.into_iter().for_each(|at| self.pinned[at] = true);
        Ok(())
    }
}

/// A run that broke a check.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The number of the run.
    pub number: u64,
    /// The check, by its place.
    pub check: usize,
    /// What the run started from.
    pub setup: Setup,
    /// What was done in it up to the violation; the rules of the goal are off before.
    pub commands: Vec<Command>,
    /// How far the search went.
    bounds: Bounds,
}

/// A search. It is driven run by run, by whoever has a clock and threads.
pub struct Search {
    lab: &'static dyn Lab,
    goal: Goal,
    bounds: Bounds,
    knobs: Knobs,
    tally: Tally,
}

impl Search {
    /// A search that has not looked anywhere yet.
    #[must_use]
    pub fn new(lab: &'static dyn Lab, goal: Goal, bounds: Bounds) -> Self {
        Search {
            lab,
            goal,
            bounds,
            knobs: Knobs::probe(lab),
            tally: Tally::new(lab.info()),
        }
    }

    /// What is looked for.
    #[must_use]
    pub fn goal(&self) -> &Goal {
        &self.goal
    }

    /// What the runs so far saw.
    #[must_use]
    pub fn tally(&self) -> &Tally {
        &self.tally
    }

    /// What the runs so far saw, and from now on counted anew.
    pub fn take_tally(&mut self) -> Tally {
        std::mem::replace(&mut self.tally, Tally::new(self.lab.info()))
    }

    /// One run: the same for the same number, whatever ran before.
    pub fn run_one(&mut self, number: u64) -> Option<Finding> {
        let mut draw = Draw::of(self.bounds.seed, number);
        let target = *draw.pick(&self.goal.checks)?;
        let spec = self.lab.info().checks[target];
        let faults = self.goal.faults(&spec);
        let freedom = match spec.mode {
            Mode::Always | Mode::Sometimes => Freedom::Wide {
                by_hand: faults.contains(FaultKind::ClockSkew),
            },
            Mode::Eventually(_) => Freedom::Near,
        };
        let knobs = (&self.knobs, &self.bounds);
        let new_setup = |draw: &mut Draw| {
            let mut setup = setups::draw(self.lab, knobs, freedom, draw);
            let mut aside = Draw::aside(self.bounds.seed, number, HAUNT);
            setups::haunt((self.lab, &self.bounds), freedom, &mut setup, &mut aside);
            setup
        };
        let mut setup = new_setup(&mut draw);
        let mut drive = Drive::new(self.lab, &setup, &self.goal, self.bounds.steps);
        // A rule about many says little where there is one.
        for least in [3, 2, 2] {
            if self.goal.rules_off.is_empty() || servers(&drive) >= least {
                break;
            }
            setup = new_setup(&mut draw);
            drive = Drive::new(self.lab, &setup, &self.goal, self.bounds.steps);
        }
        let roles = Roles::of(drive.run.world());
        let mut walk = Walk {
            drive,
            roles,
            tally: &mut self.tally,
            commands: Vec::new(),
            marks: Marks::draw(self.lab, &mut draw),
        };
        // All are the first at first.
        let roles = self.lab.info().roles.get(1..).unwrap_or_default();
        let mut score = Score::draw(roles, faults, &mut draw);
        if !self.lab.bears_slow_disks() {
            score.spare_disks();
        }
        // Where safety rests on time, whoever sleeps through it is behind many a mistake.
        if matches!(self.lab.info().asynchrony, Asynchrony::RestsOnTime) {
            let mut aside = Draw::aside(self.bounds.seed, number, DOZE);
            score.doze(faults, &mut aside);
        }
        let broken = walk.whole(score, spec.mode, &mut draw);
        let commands = walk.commands;
        let end = walk.drive.run.world().now() + shrink::AFTER;
        walk.tally.ended(walk.drive.run.world());
        let check = broken?;
        let bounds = (check, end, self.bounds.steps * 2);
        rules_mattered(self.lab, &self.goal, (&setup, &commands), bounds).then_some(Finding {
            number,
            check,
            setup,
            commands,
            bounds: self.bounds.clone(),
        })
    }
}

fn servers(drive: &Drive<'_>) -> usize {
    let names = &drive.names;
    let server = |id| names.kind(id) == NodeKind::Server;
    names.nodes().filter(|(id, _)| server(*id)).count()
}
