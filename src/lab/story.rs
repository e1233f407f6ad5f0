//! A story: a text that a person can read aloud, and that is a test, a link and a bug report.

use super::command::{Command, Expect, Until};
use super::history::History;
use super::names::Names;
use super::parse::{Complaint, Reader, Words};
use super::run::Run;
use super::spec::{Lab, Setup};
use super::token::{Token, tokens};
use super::trace::fact_text;
use super::words::Phrase;
use crate::engine::{Fact, Facts, NodeId, Time};
use crate::sim::{Miss, Status, World};

/// One command and the line on which it stands (from 1).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    /// The line.
    pub number: usize,
    /// The command.
    pub command: Command,
}

/// A story, read.
#[derive(Clone)]
pub struct Story {
    /// What the run starts from.
    pub setup: Setup,
    /// The names that it uses.
    pub names: Names,
    /// Its commands.
    pub lines: Vec<Line>,
}

/// What is wrong with a story, and where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StoryError {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// What.
    pub complaint: Complaint,
}

impl Story {
    /// The longest story, in bytes.
    pub const MAX_BYTES: usize = 256 * 1024;
    /// The most lines.
    pub const MAX_LINES: usize = 10_000;

    /// Reads a story. `catalogue` finds a lab by its id; `change` may change the setup that the
    /// header gives before the world is made (`--set`, `--seed`).
    pub fn parse(
        text: &str,
        catalogue: &[&'static dyn Lab],
        change: &mut dyn FnMut(&mut Setup) -> Result<(), Complaint>,
    ) -> Result<Story, StoryError> {
        let at = |line, (column, complaint)| StoryError {
            line,
            column,
            complaint,
        };
        if text.len() > Self::MAX_BYTES {
            let bound = Complaint::new("error-story-long").with("bound", Self::MAX_BYTES);
            return Err(at(1, (1, bound)));
        }
        let mut lines = text.lines().enumerate().map(|(i, line)| (i + 1, line));
        let mut header = None;
        for (number, line) in lines.by_ref() {
            let words = tokens(line).map_err(|wrong| at(number, wrong))?;
            if !words.is_empty() {
                header = Some((number, words));
                break;
            }
        }
        let (number, words) =
            header.ok_or_else(|| at(1, (1, Complaint::new("error-lab-first"))))?;
        let (lab, mut setup) = read_header(&words, catalogue).map_err(|wrong| at(number, wrong))?;
        change(&mut setup).map_err(|complaint| at(number, (1, complaint)))?;
        let world = lab.world(&setup);
        let names = Names::of(lab, &world);
        let reader = Reader {
            names: &names,
            world: &world,
        };
        let mut commands = Vec::new();
        for (number, line) in lines {
            if number > Self::MAX_LINES {
                let bound = Complaint::new("error-story-lines").with("bound", Self::MAX_LINES);
                return Err(at(number, (1, bound)));
            }
            let words = tokens(line).map_err(|wrong| at(number, wrong))?;
            if !words.is_empty() {
                let command = reader.command(&words).map_err(|wrong| at(number, wrong))?;
                commands.push(Line { number, command });
            }
        }
        Ok(Story {
            setup,
            names,
            lines: commands,
        })
    }

    /// Reads one command, as it stands on a line of a story of this lab.
    pub fn parse_command(line: &str, names: &Names, world: &World) -> Result<Command, Complaint> {
        Self::place_command(line, names, world).map_err(|error| error.complaint)
    }

    /// The same, with the column of what is wrong.
    ///
    /// # Errors
    /// What is wrong with it, and where.
    pub fn place_command(line: &str, names: &Names, world: &World) -> Result<Command, StoryError> {
        let placed = |(column, complaint)| StoryError {
            line: 1,
            column,
            complaint,
        };
        let words = tokens(line).map_err(placed)?;
        Reader { names, world }.command(&words).map_err(placed)
    }

    /// Whether the story itself says that this check breaks, so that it counts as no failure.
    #[must_use]
    pub fn expects_violated(&self, check: usize) -> bool {
        self.lines.iter().any(|line| match &line.command {
            Command::Expect(Expect::Check(at, verdict)) => *at == check && *verdict == "violated",
            Command::RunUntil(Until::Violated(at), _) => *at == check,
            Command::Act(_)
            | Command::RunFor(_)
            | Command::RunUntil(..)
            | Command::Step(_)
            | Command::Expect(_)
            | Command::Mark(_) => false,
        })
    }

    /// The story as text: what [`Story::parse`] reads.
    #[must_use]
    pub fn print(&self) -> String {
        let mut text = header(self.names.lab, &self.setup);
        for line in &self.lines {
            text.push('\n');
            text.push_str(&line.command.print(&self.names));
        }
        text.push('\n');
        text
    }
}

/// The first line of a story.
#[must_use]
pub(super) fn header(lab: &dyn Lab, setup: &Setup) -> String {
    let mut text = format!("lab {} seed={}", lab.card().id, setup.seed);
    for (spec, value) in setup.params.changed() {
        text.push_str(&format!(" {}={value}", spec.name));
    }
    text
}

fn read_header(
    words: &[Token],
    catalogue: &[&'static dyn Lab],
) -> Result<(&'static dyn Lab, Setup), (usize, Complaint)> {
    let mut words = Words::new(words);
    let column = words.column();
    if words.next("lab")?.text != "lab" {
        return Err((column, Complaint::new("error-lab-first")));
    }
    let known = || {
        catalogue
            .iter()
            .map(|lab| lab.card().id)
            .collect::<Vec<_>>()
            .join(", ")
    };
    let find = |word: &str| catalogue.iter().find(|lab| lab.card().id == word).copied();
    let lab = words.read("lab", known, find)?;
    let mut setup = lab.setup(1);
    while words.peek().is_some() {
        let token = words.next("parameter")?;
        let wrong = |complaint| (token.column, complaint);
        let (name, value) = token
            .text
            .split_once('=')
            .ok_or_else(|| wrong(Complaint::new("error-param-form").echo("word", &token.text)))?;
        if name == "seed" {
            let seed = value.parse::<u64>();
            setup.seed = seed.map_err(|_| {
                wrong(
                    Complaint::new("error-seed")
                        .echo("value", value)
                        .with("most", u64::MAX),
                )
            })?;
        } else {
            setup.params.set(name, value).map_err(wrong)?;
        }
    }
    Ok((lab, setup))
}

/// What came of one line.
#[derive(Clone, PartialEq, Debug)]
pub enum Outcome {
    /// It was done.
    Done,
    /// Its target was not there; nothing was done.
    Missed(Miss),
    /// What it expects is not so; this is: a phrase of the common locale file.
    Unmet(Phrase),
}

/// Plays a story on a history, in slices if need be.
pub struct Player {
    lines: Vec<Line>,
    at: usize,
    /// Where the command under way ends, once it has begun.
    goal: Option<Goal>,
}

#[derive(Copy, Clone)]
struct Goal {
    time: Time,
    steps: u64,
}

impl Player {
    /// Before the first line.
    #[must_use]
    pub fn new(story: &Story) -> Self {
        Player {
            lines: story.lines.clone(),
            at: 0,
            goal: None,
        }
    }

    /// Goes on for at most `budget` steps. Each line that ended is told to `ended`; each step is
    /// shown to `watch`. True where the story is at its end.
    pub fn play(
        &mut self,
        history: &mut History,
        mut budget: u64,
        watch: &mut dyn FnMut(&Run),
        ended: &mut dyn FnMut(&Line, Outcome),
    ) -> bool {
        while let Some(line) = self.lines.get(self.at).cloned() {
            let outcome = match &line.command {
                Command::Act(action) => {
                    let done = history.act(action);
                    watch(history.run());
                    done.map_or_else(Outcome::Missed, |()| Outcome::Done)
                }
                Command::Mark(_) => {
                    history.annotate(line.command.clone());
                    Outcome::Done
                }
                Command::Expect(expect) => {
                    history.annotate(line.command.clone());
                    judge(expect, history.run(), history.names())
                }
                Command::RunFor(_) | Command::RunUntil(..) | Command::Step(_) => {
                    match self.pass_time(&line.command, history, &mut budget, watch) {
                        Some(outcome) => outcome,
                        None => return false,
                    }
                }
            };
            self.goal = None;
            self.at += 1;
            ended(&line, outcome);
        }
        true
    }

    /// Lets time pass; `None` where the budget ran out before the command's end.
    fn pass_time(
        &mut self,
        command: &Command,
        history: &mut History,
        budget: &mut u64,
        watch: &mut dyn FnMut(&Run),
    ) -> Option<Outcome> {
        let world = history.run().world();
        let (now, steps) = (world.now(), world.steps());
        let goal = *self.goal.get_or_insert(match command {
            Command::RunUntil(Until::Time(time), _) => Goal {
                time: now.max(*time),
                steps: u64::MAX,
            },
            Command::RunFor(span) | Command::RunUntil(_, span) => Goal {
                time: now + *span,
                steps: u64::MAX,
            },
            Command::Step(n) => Goal {
                time: Time(u64::MAX),
                steps: steps + n,
            },
            Command::Act(_) | Command::Expect(_) | Command::Mark(_) => Goal { time: now, steps },
        });
        loop {
            if let Command::RunUntil(until, _) = command
                && until.reached(history.run(), history.names())
            {
                return Some(Outcome::Done);
            }
            let world = history.run().world();
            let due = world.next_time().filter(|due| *due <= goal.time);
            if due.is_none() || world.steps() >= goal.steps {
                break;
            }
            if *budget == 0 {
                return None;
            }
            *budget -= 1;
            history.step();
            watch(history.run());
        }
        if goal.steps == u64::MAX {
            history.run_to(goal.time);
        }
        Some(match command {
            Command::RunUntil(Until::Time(_), _) => Outcome::Done,
            Command::RunUntil(_, within) => {
                Outcome::Unmet(Phrase::new("unmet-until").with("within", within))
            }
            Command::Act(_)
            | Command::RunFor(_)
            | Command::Step(_)
            | Command::Expect(_)
            | Command::Mark(_) => Outcome::Done,
        })
    }
}

pub(super) fn judge(expect: &Expect, run: &Run, names: &Names) -> Outcome {
    let world = run.world();
    let (met, got) = match expect {
        Expect::Check(at, verdict) => {
            let got = run.verdicts().get(*at).id();
            (got == *verdict, unmet_value(got))
        }
        Expect::Moment(at, wanted) => {
            let got = (names.lab.info().moments[*at].holds)(world);
            let key = if got { "unmet-so" } else { "unmet-not-so" };
            (got == *wanted, Phrase::new(key))
        }
        Expect::Fact {
            node,
            disk,
            fact,
            text,
        } => {
            let facts = facts_of(world, *node, *disk);
            let found = facts.0.iter().find(|(name, _)| name == fact);
            let got = found.map(|(_, value)| fact_text(value, names));
            let met = got.as_deref() == Some(text);
            let no_fact = || Phrase::new("unmet-no-fact").with("known", fact_names(&facts));
            (met, got.map_or_else(no_fact, unmet_value))
        }
        Expect::Trace(hash) => (
            world.trace_hash() == *hash,
            unmet_value(format!("{:016x}", world.trace_hash())),
        ),
    };
    if met {
        Outcome::Done
    } else {
        Outcome::Unmet(got)
    }
}

/// What can be expected of a node: of its memory, or of its disk.
pub(super) fn facts_of(world: &World, node: NodeId, disk: bool) -> Facts {
    let mut facts = Facts::default();
    let cell = world.cell(node);
    if disk {
        cell.node().disk_facts(&mut facts);
    } else {
        cell.node().facts(&mut facts);
    }
    let status = match cell.status() {
        Status::Up => "up",
        Status::Paused => "paused",
        Status::Down => "down",
    };
    facts.say("status", Fact::Key(status));
    facts
}

fn unmet_value(got: impl ToString) -> Phrase {
    Phrase::new("unmet-value").with("got", got)
}

pub(super) fn fact_names(facts: &Facts) -> String {
    facts
        .0
        .iter()
        .map(|(name, _)| *name)
        .collect::<Vec<_>>()
        .join(", ")
}
