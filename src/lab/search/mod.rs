//! The search: runs made at random that look for a broken promise, and the shortest story of one.
//!
//! A run is a function of the seed of the search and of its number, so that it can be made anew
//! alone, on any thread, natively or in a page. What it does to the world are ordinary commands
//! with faults that the checks are promised under; a violation is a fault of the protocol (or what
//! a switched-off rule was for), never of the weather.

mod coverage;
mod deeds;
mod draw;
mod drive;
mod ledger;
mod reduce;
mod servant;
mod setups;
mod shrink;

pub use coverage::Tally;
pub use ledger::{Batch, Ledger};
pub use servant::{Answer, Found, Order, Quest, Servant};
pub use shrink::{Shrinker, Shrunk};

use super::command::{Command, Until};
use super::params::Params;
use super::parse::Complaint;
use super::run::Run;
use super::spec::{Lab, Setup};
use super::{Mode, check::CheckSpec};
use crate::engine::{NodeId, RuleId, Span};
use crate::sim::{Action, FaultKind, NodeKind};
use deeds::Swarm;
use draw::Draw;
use drive::{Drive, Went, rules_mattered};
use setups::{Freedom, Knobs};
use std::rc::Rc;

/// What is looked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Goal {
    /// The rules that are off.
    pub rules_off: Vec<RuleId>,
    /// The checks of which one is to break, by their places; no *sometimes* among them.
    pub checks: Vec<usize>,
}

impl Goal {
    /// The goal where these rules are off: a violation of a check that one of them guards. With
    /// all rules on, of any check.
    #[must_use]
    pub fn without(lab: &dyn Lab, rules_off: &[RuleId]) -> Self {
        let info = lab.info();
        let off = rules_off.iter();
        let guarded = off.filter_map(|rule| info.rules.get(usize::from(rule.0)));
        let mut checks: Vec<usize> = guarded.filter_map(|rule| lab.check(rule.guards)).collect();
        checks.sort_unstable();
        checks.dedup();
        if checks.is_empty() {
            let promised = |(_, check): &(usize, &CheckSpec)| check.mode != Mode::Sometimes;
            let all = info.checks.iter().enumerate().filter(promised);
            checks = all.map(|(at, _)| at).collect();
        }
        Goal {
            rules_off: rules_off.to_vec(),
            checks,
        }
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
        let freedom = match spec.mode {
            Mode::Always | Mode::Sometimes => Freedom::Wide {
                by_hand: spec.assumes.contains(FaultKind::ClockSkew),
            },
            Mode::Eventually(_) => Freedom::Near,
        };
        let knobs = (&self.knobs, &self.bounds);
        let mut setup = setups::draw(self.lab, knobs, freedom, &mut draw);
        let mut drive = Drive::new(self.lab, &setup, &self.goal, self.bounds.steps);
        // A rule about many says little where there is one.
        for least in [3, 2, 2] {
            if self.goal.rules_off.is_empty() || servers(&drive) >= least {
                break;
            }
            setup = setups::draw(self.lab, knobs, freedom, &mut draw);
            drive = Drive::new(self.lab, &setup, &self.goal, self.bounds.steps);
        }
        let mut walk = Walk {
            drive,
            tally: &mut self.tally,
            commands: Vec::new(),
            marks: Marks::draw(self.lab, &mut draw),
        };
        let broken = walk.whole(Swarm::draw(spec.assumes, &mut draw), spec.mode, &mut draw);
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
        })
    }
}

fn servers(drive: &Drive<'_>) -> usize {
    let names = &drive.names;
    let server = |id| names.kind(id) == NodeKind::Server;
    names.nodes().filter(|(id, _)| server(*id)).count()
}

/// What the waits of one run wait for: some notes and some kinds of messages.
struct Marks {
    notes: Vec<usize>,
    messages: Vec<u8>,
}

impl Marks {
    fn draw(lab: &dyn Lab, draw: &mut Draw) -> Self {
        let info = lab.info();
        let notes = (0..draw.between(1, 4)).map(|_| draw.place(info.notes.len()));
        let mut notes: Vec<usize> = notes.collect();
        notes.retain(|at| *at < info.notes.len());
        let kinds = info.message_kinds.len();
        let messages = (0..draw.between(0, 1)).map(|_| draw.place(kinds) as u8);
        Marks {
            notes,
            messages: messages.collect(),
        }
    }

    /// The mark that the last step set, if it set one.
    fn met(&self, drive: &Drive<'_>) -> Option<Until> {
        let notes = self.notes.iter().map(|at| Until::Note(*at));
        let messages = self.messages.iter().map(|kind| Until::Message(*kind));
        let mut all = notes.chain(messages);
        all.find(|until| until.reached(&drive.run, &drive.names))
    }
}

/// One run under way: things are done, and time passes between them.
struct Walk<'a> {
    drive: Drive<'a>,
    tally: &'a mut Tally,
    commands: Vec<Command>,
    marks: Marks,
}

impl Walk<'_> {
    /// The check that broke, if one did.
    fn whole(&mut self, mut swarm: Swarm, mode: Mode, draw: &mut Draw) -> Option<usize> {
        let most = [0, 6, 12, 24, 40][draw.place(5)];
        for _ in 0..draw.between(most / 2, most) {
            let actions = swarm.actions(&self.drive.names, self.drive.run.world(), draw);
            for action in actions {
                match self.act(action) {
                    Went::Done | Went::Missed => {}
                    Went::Broken(check) => return Some(check),
                    Went::Spent => return None,
                }
            }
            match self.wait(draw) {
                Went::Done | Went::Missed => {}
                Went::Broken(check) => return Some(check),
                Went::Spent => return None,
            }
        }
        let last = match mode {
            Mode::Always | Mode::Sometimes => self.carry(Command::RunFor(Span::secs(1))),
            Mode::Eventually(within) => self.calm(within),
        };
        match last {
            Went::Broken(check) => Some(check),
            Went::Done | Went::Missed | Went::Spent => None,
        }
    }

    fn act(&mut self, action: Rc<Action>) -> Went {
        let before = self.drive.run.world().record().touched.last().copied();
        let command = Command::Act(action);
        let tally = &mut *self.tally;
        let went = self
            .drive
            .carry(&command, &mut |run| tally.step(run.world()));
        // One that missed changed nothing, so the run is the same without it.
        if went != Went::Missed {
            self.commands.push(command);
        }
        if let Some(node) = before {
            self.look_at(node);
        }
        went
    }

    fn look_at(&mut self, node: NodeId) {
        let world = self.drive.run.world();
        if world.spec(node).kind == NodeKind::Server {
            self.tally.look_at(world, node);
        }
    }

    /// Carries a command out that takes time, and notes it; not the one in which a check broke.
    fn carry(&mut self, command: Command) -> Went {
        let tally = &mut *self.tally;
        let went = self
            .drive
            .carry(&command, &mut |run| tally.step(run.world()));
        if went == Went::Done {
            self.commands.push(command);
        }
        went
    }

    fn wait(&mut self, draw: &mut Draw) -> Went {
        match draw.between(0, 9) {
            // Two things at once.
            0 | 1 => Went::Done,
            2 => self.carry(Command::Step(draw.between(1, 6))),
            3 => self.carry(Command::RunFor(Span::ms(
                [1, 5, 20, 60, 200][draw.place(5)],
            ))),
            4 => {
                let nodes = self.drive.names.nodes().count();
                let node = NodeId(draw.place(nodes) as u16);
                let until = Until::Writing(node);
                self.seek(draw, &mut |drive| {
                    (drive.run.world().cell(node).writes_pending() > 0).then(|| until.clone())
                })
            }
            _ => self.seek(draw, &mut |_| None),
        }
    }

    /// Waits for one of the run's marks, or for what `also` says.
    fn seek(&mut self, draw: &mut Draw, also: &mut dyn FnMut(&Drive<'_>) -> Option<Until>) -> Went {
        let within = Span::ms([15, 50, 400, 1500][draw.place(4)]);
        let end = self.drive.run.world().now() + within;
        // What is so already would end the wait at once when the story is played.
        let mut first = vec![self.marks.met(&self.drive), also(&self.drive)];
        first.retain(Option::is_some);
        loop {
            let left = end - self.drive.run.world().now();
            let tally = &mut *self.tally;
            let stepped = self.drive.seek(left, &mut |_| true, &mut |run: &Run| {
                tally.step(run.world());
            });
            match stepped {
                Err(went) => return went,
                Ok(false) => {
                    self.commands.push(Command::RunFor(within));
                    return Went::Done;
                }
                Ok(true) => {}
            }
            let met = self.marks.met(&self.drive).or_else(|| also(&self.drive));
            if let Some(until) = met {
                if !first.is_empty() {
                    self.commands.push(Command::Step(1));
                }
                self.commands.push(Command::RunUntil(until, Until::WITHIN));
                return Went::Done;
            }
        }
    }

    /// All is healed, and what is promised for after that has its time.
    fn calm(&mut self, within: Span) -> Went {
        match self.act(Rc::new(Action::Calm)) {
            Went::Done | Went::Missed => {}
            Went::Broken(check) => return Went::Broken(check),
            Went::Spent => return Went::Spent,
        }
        let goal_open = |drive: &Drive<'_>| {
            let mut verdicts = drive.run.verdicts().iter();
            verdicts.any(|(spec, verdict)| {
                matches!(spec.mode, Mode::Eventually(_)) && verdict.id() == "pending"
            })
        };
        let end = self.drive.run.world().now() + within + Span::ms(1);
        while goal_open(&self.drive) {
            let left = end - self.drive.run.world().now();
            let tally = &mut *self.tally;
            let stepped = self.drive.seek(left, &mut |_| true, &mut |run: &Run| {
                tally.step(run.world());
            });
            match stepped {
                Err(went) => return went,
                Ok(false) => return Went::Done,
                Ok(true) => {}
            }
        }
        Went::Done
    }
}
