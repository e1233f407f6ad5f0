//! Runs and shrinks for somebody who shares no memory with it: orders and answers are text. It has
//! no clock of its own either, but asks whether it is late.

use super::super::story::Story;
use super::{Batch, Bounds, Finding, Goal, Search, Shrinker, Shrunk, Tally};
use crate::engine::Time;
use crate::lab::Lab;
use std::fmt::Write;

/// What is looked through.
#[derive(Clone)]
pub struct Quest {
    /// The lab.
    pub lab: &'static dyn Lab,
    /// What is looked for.
    pub goal: Goal,
    /// The seed of the search.
    pub seed: u64,
}

impl PartialEq for Quest {
    fn eq(&self, other: &Self) -> bool {
        let lab = self.lab.card().id == other.lab.card().id;
        lab && self.goal == other.goal && self.seed == other.seed
    }
}

impl Quest {
    /// As one line: `raft 1 commit-own-term`.
    fn print(&self) -> String {
        let info = self.lab.info();
        let mut text = format!("{} {}", info.id, self.seed);
        let off = self.goal.rules_off.iter();
        for rule in off.filter_map(|rule| info.rule(*rule)) {
            text.push(' ');
            text.push_str(rule.id);
        }
        text
    }

    fn read(text: &str, labs: &[&'static dyn Lab]) -> Option<Self> {
        let mut words = text.split(' ');
        let id = words.next()?;
        let lab = *labs.iter().find(|lab| lab.card().id == id)?;
        let seed = words.next()?.parse().ok()?;
        let off: Option<Vec<_>> = words.map(|rule| lab.rule(rule)).collect();
        Some(Quest {
            lab,
            goal: Goal::without(lab, &off?),
            seed,
        })
    }

    fn search(&self) -> Search {
        let bounds = Bounds::new(self.lab, self.seed);
        Search::new(self.lab, self.goal.clone(), bounds)
    }
}

/// What is to be done.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Order {
    /// Make these runs, up to the first that breaks a check.
    Runs(Batch),
    /// Shrink what this run broke.
    Shrink(u64),
}

impl Order {
    /// The text of it.
    #[must_use]
    pub fn print(&self, quest: &Quest) -> String {
        let quest = quest.print();
        match self {
            Order::Runs(Batch { from, to }) => format!("{quest}\nruns {from} {to}"),
            Order::Shrink(run) => format!("{quest}\nshrink {run}"),
        }
    }

    fn read(text: &str) -> Option<Self> {
        let mut words = text.split(' ');
        let what = words.next()?;
        let mut number = || words.next()?.parse().ok();
        let order = match what {
            "runs" => Order::Runs(Batch {
                from: number()?,
                to: number()?,
            }),
            "shrink" => Order::Shrink(number()?),
            _ => return None,
        };
        words.next().is_none().then_some(order)
    }
}

/// The story of a violation, as far as it is shrunk.
#[derive(Clone, PartialEq, Debug)]
pub struct Found {
    /// Whether nothing more can be left out.
    pub shortest: bool,
    /// The check, by its place.
    pub check: usize,
    /// The step in which it breaks.
    pub step: u64,
    /// When.
    pub time: Time,
    /// The commands of the story.
    pub commands: usize,
    /// The commands of the run that was found.
    pub from: usize,
    /// How many stories were tried.
    pub tried: u64,
    /// The story.
    pub story: String,
}

impl Found {
    fn new(shrunk: &Shrunk, shortest: bool) -> Self {
        Found {
            shortest,
            check: shrunk.check,
            step: shrunk.step,
            time: shrunk.time,
            commands: shrunk.commands,
            from: shrunk.from,
            tried: shrunk.tried,
            story: shrunk.story.print(),
        }
    }
}

/// What was done.
#[derive(Clone, PartialEq, Debug)]
pub enum Answer {
    /// Runs were made.
    Ran {
        /// The one behind the last that was made.
        to: u64,
        /// Whether that last one broke a check.
        found: bool,
        /// What they saw.
        tally: Tally,
    },
    /// This is the story so far.
    Shrunk(Found),
    /// What was found did not break again, which is a fault of ours.
    Gone,
}

impl Answer {
    fn print(&self) -> String {
        match self {
            Answer::Ran { to, found, tally } => {
                let word = if *found { "found" } else { "ran" };
                format!("{word} {to}\n{}", tally.print())
            }
            Answer::Shrunk(found) => {
                let word = if found.shortest {
                    "shortest"
                } else {
                    "shorter"
                };
                let mut text = String::from(word);
                let numbers = [
                    found.check as u64,
                    found.step,
                    found.time.0,
                    found.commands as u64,
                    found.from as u64,
                    found.tried,
                ];
                for number in numbers {
                    // A text takes what is written to it.
                    let _ = write!(text, " {number}");
                }
                format!("{text}\n{}", found.story)
            }
            Answer::Gone => "gone\n".to_owned(),
        }
    }

    /// The inverse of what [`Servant::obey`] writes; `None` where that is not what it is.
    #[must_use]
    pub fn read(text: &str, lab: &dyn Lab) -> Option<Self> {
        let (head, body) = text.split_once('\n')?;
        let mut words = head.split(' ');
        let what = words.next()?;
        let mut number = || words.next()?.parse::<u64>().ok();
        match what {
            "ran" | "found" => Some(Answer::Ran {
                to: number()?,
                found: what == "found",
                tally: Tally::read(lab.info(), &mut body.lines())?,
            }),
            "shorter" | "shortest" => {
                let found = Found {
                    shortest: what == "shortest",
                    check: number()? as usize,
                    step: number()?,
                    time: Time(number()?),
                    commands: number()? as usize,
                    from: number()? as usize,
                    tried: number()?,
                    story: body.to_owned(),
                };
                let known = found.check < lab.info().checks.len();
                (known && body.len() <= Story::MAX_BYTES).then_some(Answer::Shrunk(found))
            }
            "gone" => Some(Answer::Gone),
            _ => None,
        }
    }
}

/// See the module.
#[derive(Default)]
pub struct Servant {
    /// What was searched last.
    search: Option<(Quest, Search)>,
    /// What is being shrunk: which run.
    shrinker: Option<(u64, Shrinker)>,
}

impl Servant {
    /// Does what is ordered, until it is done or late; but at least one run or one step. The
    /// answer; `None` where the order is none.
    pub fn obey(
        &mut self,
        order: &str,
        labs: &[&'static dyn Lab],
        late: &dyn Fn() -> bool,
    ) -> Option<String> {
        let (quest, order) = order.split_once('\n')?;
        let (quest, order) = (Quest::read(quest, labs)?, Order::read(order)?);
        let same = self
            .search
            .as_ref()
            .is_some_and(|(known, _)| *known == quest);
        if !same {
            let search = quest.search();
            (self.search, self.shrinker) = (Some((quest, search)), None);
        }
        let answer = match order {
            Order::Runs(batch) => self.run(batch, late)?,
            Order::Shrink(run) => self.shrink(run, late)?,
        };
        Some(answer.print())
    }

    fn run(&mut self, batch: Batch, late: &dyn Fn() -> bool) -> Option<Answer> {
        let (_, search) = self.search.as_mut()?;
        let (mut to, mut found) = (batch.from, false);
        while to < batch.to && !found && (to == batch.from || !late()) {
            found = search.run_one(to).is_some();
            to += 1;
        }
        let tally = search.take_tally();
        Some(Answer::Ran { to, found, tally })
    }

    fn shrink(&mut self, run: u64, late: &dyn Fn() -> bool) -> Option<Answer> {
        let (quest, search) = self.search.as_mut()?;
        if self.shrinker.as_ref().is_none_or(|(of, _)| *of != run) {
            let finding: Option<Finding> = search.run_one(run);
            // It is made for the second time, and not counted again.
            search.take_tally();
            let begin = |finding| Shrinker::new(quest.lab, &quest.goal, &finding);
            let Some(shrinker) = finding.and_then(begin) else {
                return Some(Answer::Gone);
            };
            self.shrinker = Some((run, shrinker));
        }
        let (_, shrinker) = self.shrinker.as_mut()?;
        let mut more = shrinker.step();
        while more && !late() {
            more = shrinker.step();
        }
        Some(Answer::Shrunk(Found::new(&shrinker.story(), !more)))
    }
}
