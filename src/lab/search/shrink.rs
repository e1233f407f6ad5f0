//! From one run that broke a check to a shortest story that breaks it: fewer nodes, fewer commands,
//! simpler parameters, waits for what happens instead of times, until nothing can be left out.

use super::super::check::Verdict;
use super::super::command::{Command, Expect, Until};
use super::super::names::Names;
use super::super::params::ParamKind;
use super::super::run::Run;
use super::super::spec::{Lab, Setup};
use super::super::story::{Line, Story};
use super::drive::{Drive, Went, rules_mattered, switch_off};
use super::reduce::{self, Pass};
use super::{Bounds, Finding, Goal};
use crate::engine::{Span, Time};
use crate::sim::{Happened, NodeKind};

/// A story that may break the check: what it starts from, and what is done before it breaks.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Case {
    pub(super) setup: Setup,
    pub(super) commands: Vec<Command>,
}

/// What happened during one command, once each: what a wait could wait for instead.
#[derive(Clone, Debug, Default)]
pub(super) struct Met {
    pub(super) notes: Vec<usize>,
    pub(super) messages: Vec<u8>,
}

/// How a case went that broke the check.
#[derive(Clone, Debug)]
pub(super) struct Broke {
    /// The commands that were carried out before the one in which it broke.
    used: usize,
    /// Those of them that had no target, by their places.
    missed: Vec<usize>,
    /// The step in which it broke, and when.
    step: u64,
    time: Time,
    /// When the last command had ended.
    last: Time,
    nodes: usize,
    servers: usize,
    pub(super) met: Vec<Met>,
    /// When each command had ended.
    pub(super) ends: Vec<Time>,
}

impl Broke {
    /// When the command at this place began.
    pub(super) fn begin(&self, at: usize) -> Time {
        let before = at.checked_sub(1).and_then(|at| self.ends.get(at));
        before.copied().unwrap_or_default()
    }
}

/// A single server is no distributed system.
const FEWEST: usize = 2;
/// How long after the violation the same story with all rules on is still watched.
pub(super) const AFTER: Span = Span::secs(1);

/// What makes one case simpler than another: the first difference counts.
pub(super) type Cost = (usize, usize, usize, usize, u64, u64);

/// The shortest story that was found.
#[derive(Clone)]
pub struct Shrunk {
    /// The story: it ends where the check breaks, and expects that.
    pub story: Story,
    /// The check, by its place.
    pub check: usize,
    /// The step in which it breaks. The one before is where to look from.
    pub step: u64,
    /// When.
    pub time: Time,
    /// The commands between the first line and the last two, the switching of rules not counted.
    pub commands: usize,
    /// How many commands the run had that was found, as far as the check broke.
    pub from: usize,
    /// How many stories were tried.
    pub tried: u64,
}

/// The way down from one finding, one try at a time.
pub(super) struct Descent {
    lab: &'static dyn Lab,
    goal: Goal,
    /// Parameters that were fixed stay so.
    bounds: Bounds,
    check: usize,
    best: Case,
    broke: Broke,
    pub(super) cost: Cost,
    /// The most steps of a try.
    limit: u64,
    pass: usize,
    /// Which candidate of the pass comes next.
    at: usize,
    /// Whether this round of passes has made it simpler.
    improved: bool,
    from: usize,
    pub(super) tried: u64,
}

impl Descent {
    /// More tries are not made.
    const MOST: u64 = 6000;

    /// Begins with what the search found. `None` where it does not break the check again, which
    /// would be a fault of ours.
    pub(super) fn new(lab: &'static dyn Lab, goal: &Goal, finding: &Finding) -> Option<Self> {
        let goal = goal.only(finding.check);
        let mut best = Case {
            setup: finding.setup.clone(),
            commands: finding.commands.clone(),
        };
        let broke = replay(lab, &goal, &best, u64::MAX).filter(|broke| broke.missed.is_empty())?;
        best.commands.truncate(broke.used);
        Some(Descent {
            lab,
            bounds: finding.bounds.clone(),
            check: finding.check,
            cost: cost(&best, &broke),
            limit: broke.step * 2 + 1000,
            from: best.commands.len(),
            goal,
            best,
            broke,
            pass: 0,
            at: 0,
            improved: false,
            tried: 0,
        })
    }

    /// Tries one simpler story. False where there is none left to try.
    pub(super) fn step(&mut self) -> bool {
        if self.tried >= Self::MOST {
            return false;
        }
        let pass = Pass::ALL[self.pass];
        match reduce::candidate(self.lab, pass, self.at, &self.best, &self.broke) {
            Some(Some(case)) => {
                if !self.accept(case) {
                    self.at += 1;
                }
            }
            Some(None) => self.at += 1,
            None => {
                self.at = 0;
                self.pass += 1;
                if self.pass == Pass::ALL.len() {
                    if !self.improved {
                        self.pass -= 1;
                        self.at = usize::MAX / 2;
                        return false;
                    }
                    (self.pass, self.improved) = (0, false);
                }
            }
        }
        true
    }

    /// Takes a case that breaks the check and is simpler.
    fn accept(&mut self, mut case: Case) -> bool {
        if case == self.best || !self.bounds.allow(&case.setup.params) {
            return false;
        }
        self.tried += 1;
        let Some(mut broke) = replay(self.lab, &self.goal, &case, self.limit) else {
            return false;
        };
        case.commands.truncate(broke.used);
        if !broke.missed.is_empty() {
            // Whoever was not killed need not be restarted.
            let mut at = 0..;
            case.commands
                .retain(|_| at.next().is_none_or(|at| !broke.missed.contains(&at)));
            let again = replay(self.lab, &self.goal, &case, self.limit);
            let Some(again) = again.filter(|again| again.missed.is_empty()) else {
                return false;
            };
            case.commands.truncate(again.used);
            broke = again;
        }
        let cost = cost(&case, &broke);
        let most = (self.check, broke.time + AFTER, self.limit);
        if cost >= self.cost
            || broke.servers < self.broke.servers.min(FEWEST)
            || !rules_mattered(self.lab, &self.goal, (&case.setup, &case.commands), most)
        {
            return false;
        }
        self.limit = self.limit.min(broke.step * 2 + 1000);
        (self.best, self.broke, self.cost) = (case, broke, cost);
        self.improved = true;
        true
    }

    /// How many commands the shortest story has.
    pub(super) fn commands(&self) -> usize {
        self.best.commands.len()
    }

    /// The shortest story so far.
    pub(super) fn story(&self) -> Shrunk {
        let names = Names::for_setup(self.lab, &self.best.setup);
        let off = self.goal.rules_off.iter();
        let off = off.map(|rule| Command::Act(switch_off(*rule)));
        let left = self.broke.time - self.broke.last;
        // A wait has a minute where the story does not say.
        let within = if left < Until::WITHIN {
            Until::WITHIN
        } else {
            Span(left.0 + 1_000_000)
        };
        let end = [
            Command::RunUntil(Until::Violated(self.check), within),
            Command::Expect(Expect::Check(self.check, "violated")),
        ];
        let all = off.chain(self.best.commands.iter().cloned()).chain(end);
        let lines = all.enumerate().map(|(at, command)| Line {
            number: at + 2,
            command,
        });
        Shrunk {
            story: Story {
                setup: self.best.setup.clone(),
                names,
                lines: lines.collect(),
            },
            check: self.check,
            step: self.broke.step,
            time: self.broke.time,
            commands: self.best.commands.len(),
            from: self.from,
            tried: self.tried,
        }
    }
}

/// Plays a case to where the check breaks; `None` where it does not, or a wait is in vain.
fn replay(lab: &'static dyn Lab, goal: &Goal, case: &Case, limit: u64) -> Option<Broke> {
    let mut drive = Drive::new(lab, &case.setup, goal, limit);
    let end = Command::RunUntil(Until::Violated(goal.checks[0]), Span::secs(120));
    let mut broke = Broke {
        used: case.commands.len(),
        missed: Vec::new(),
        step: 0,
        time: Time(0),
        last: Time(0),
        nodes: drive.names.nodes().count(),
        servers: servers(&drive.names),
        met: Vec::new(),
        ends: Vec::new(),
    };
    for (at, command) in case.commands.iter().chain([&end]).enumerate() {
        let mut met = Met::default();
        broke.last = drive.run.world().now();
        let went = drive.carry(command, &mut |run| note(run, &mut met));
        broke.met.push(met);
        broke.ends.push(drive.run.world().now());
        // One that breaks when the rule is switched off needs no command at all.
        let went = match (went, drive.broken()) {
            (Went::Done, Some(check)) => Went::Broken(check),
            (went, _) => went,
        };
        match went {
            Went::Done => {}
            Went::Broken(_) => {
                // An action in which it breaks is part of the story, a wait is not.
                let acted = matches!(command, Command::Act(_));
                broke.used = at + usize::from(acted);
                let verdict = drive.run.verdicts().get(goal.checks[0]);
                if let Verdict::Violated { step, time, .. } = verdict {
                    (broke.step, broke.time) = (step, time);
                }
                return Some(broke);
            }
            Went::Missed if matches!(command, Command::Act(_)) => broke.missed.push(at),
            Went::Missed | Went::Spent => return None,
        }
    }
    None
}

fn servers(names: &Names) -> usize {
    let server = |id| names.kind(id) == NodeKind::Server;
    names.nodes().filter(|(id, _)| server(*id)).count()
}

fn note(run: &Run, met: &mut Met) {
    let record = run.world().record();
    for note in &record.notes {
        let at = usize::from(note.key.0);
        if !met.notes.contains(&at) {
            met.notes.push(at);
        }
    }
    if let Happened::Delivered(letter) = &record.what
        && !met.messages.contains(&letter.name.kind)
    {
        met.messages.push(letter.name.kind);
    }
}

fn cost(case: &Case, broke: &Broke) -> Cost {
    let faults = case.commands.iter().filter(|command| match command {
        Command::Act(action) => action.fault().is_some(),
        Command::RunFor(_)
        | Command::RunUntil(..)
        | Command::Step(_)
        | Command::Expect(_)
        | Command::Mark(_) => false,
    });
    // A loss or a timeout that is not the usual one is as much to take in as a command.
    let (odd, other): (Vec<_>, Vec<_>) =
        case.setup
            .params
            .changed()
            .partition(|(spec, _)| match spec.kind {
                ParamKind::Duration(..) | ParamKind::Ratio(..) => true,
                ParamKind::Integer(..) | ParamKind::Choice(..) | ParamKind::Flag(_) => false,
            });
    (
        broke.nodes,
        case.commands.len() + odd.len(),
        faults.count(),
        other.len(),
        case.commands.iter().map(reduce::plainness).sum::<u64>() + u64::from(case.setup.seed > 9),
        broke.time.0,
    )
}
