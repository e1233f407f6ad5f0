//! Plays a lesson through against the engine, so that lessons are tests.

use super::{Act, Condition, Lesson, Predict, Task, Watch};
use crate::lab::command::{Command, Expect};
use crate::lab::history::History;
use crate::lab::story::{Line, Outcome, Player, Story, fact_names, facts_of};
use crate::lab::words::Phrase;
use std::collections::BTreeSet;

/// The most events of one step: a learner waits for them.
const MOST_EVENTS: u64 = 2_000_000;

/// What does not come as a lesson says, and the line that says it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    /// The line in the lesson's file.
    pub line: usize,
    /// The column there: that of the value, or of the block.
    pub column: usize,
    /// A phrase of the common locale file.
    pub phrase: Phrase,
}

/// A lesson under trial: every step is done as its author would, and judged.
pub struct Trial {
    history: Option<History>,
    faults: Vec<Fault>,
}

impl Trial {
    /// Plays the whole lesson; empty where all comes as it says.
    #[must_use]
    pub fn of(lesson: &Lesson) -> Vec<Fault> {
        let mut trial = Trial {
            history: None,
            faults: Vec::new(),
        };
        for step in lesson.steps() {
            match &step.task {
                Task::Setup(story) => {
                    let history = History::onwards(lesson.lab, story.setup.clone());
                    trial.history = Some(history);
                    trial.play(&story.lines, &mut Watch::new(&[]));
                }
                Task::Run { lines, .. } => trial.play(lines, &mut Watch::new(&[])),
                Task::Act(act) => trial.act(act, step.line),
                Task::Predict(predict) => trial.predict(predict, step.line),
            }
        }
        for fault in &mut trial.faults {
            fault.column = lesson.column(fault.line);
        }
        trial.faults
    }

    fn fault(&mut self, line: usize, phrase: Phrase) {
        self.faults.push(Fault {
            line,
            column: 1,
            phrase,
        });
    }

    /// Plays some lines; what they expect and do not get is a fault.
    fn play(&mut self, lines: &[Line], watch: &mut Watch) {
        let Some(history) = &mut self.history else {
            return;
        };
        let faults = &mut self.faults;
        let names = history.names().clone();
        let mut player = Player::new(&Story {
            setup: history.setup().clone(),
            names: names.clone(),
            lines: lines.to_vec(),
        });
        let mut look = |run: &crate::lab::Run| watch.look(run, &names);
        let mut ended = |line: &Line, outcome: Outcome| {
            let phrase = match outcome {
                Outcome::Done => return,
                Outcome::Missed(_) => {
                    Phrase::new("lesson-missed").with("command", line.command.print(&names))
                }
                Outcome::Unmet(phrase) => phrase,
            };
            faults.push(Fault {
                line: line.number,
                column: 1,
                phrase,
            });
        };
        if !player.play(history, MOST_EVENTS, &mut look, &mut ended) {
            let line = lines.first().map_or(1, |line| line.number);
            let phrase = Phrase::new("lesson-endless").with("bound", MOST_EVENTS);
            self.fault(line, phrase);
        }
    }

    fn act(&mut self, act: &Act, line: usize) {
        let mut watch = Watch::new(&act.goals);
        let before = self.facts();
        if self.stands(&act.goals) {
            self.fault(line, Phrase::new("lesson-already"));
        } else if self.comes_by_itself(act) {
            self.fault(line, Phrase::new("lesson-by-itself"));
        }
        for answer in &act.answer {
            if let Some(verb) = self.forbidden(&answer.command, &act.allow) {
                let phrase = Phrase::new("lesson-forbidden").with("verb", verb);
                self.fault(answer.number, phrase);
            }
        }
        self.play(&act.answer, &mut watch);
        self.no_such_facts(&act.goals, &act.goal_lines, &before);
        if self.met(&watch) == act.impossible {
            let key = if act.impossible {
                "lesson-possible"
            } else {
                "lesson-unmet"
            };
            self.fault(line, Phrase::new(key));
        }
    }

    /// The facts that any node has now, of its memory and of its disk.
    fn facts(&self) -> BTreeSet<(bool, &'static str)> {
        let mut names = BTreeSet::new();
        let world = self.history.as_ref().map(|history| history.run().world());
        for (world, node) in world
            .into_iter()
            .flat_map(|world| world.ids().map(move |id| (world, id)))
        {
            for disk in [false, true] {
                let facts = facts_of(world, node, disk);
                names.extend(facts.0.iter().map(|(name, _)| (disk, *name)));
            }
        }
        names
    }

    /// A fact that no node has, before the step or after it, is one that is not spelt so.
    fn no_such_facts(
        &mut self,
        conditions: &[Condition],
        lines: &[usize],
        before: &BTreeSet<(bool, &'static str)>,
    ) {
        let after = self.facts();
        for (condition, line) in conditions.iter().zip(lines) {
            let Condition::Now(Expect::Fact {
                node, disk, fact, ..
            }) = condition
            else {
                continue;
            };
            let named = |known: &BTreeSet<(bool, &str)>| known.contains(&(*disk, fact.as_str()));
            let Some(history) = self
                .history
                .as_ref()
                .filter(|_| !named(before) && !named(&after))
            else {
                continue;
            };
            let facts = facts_of(history.run().world(), *node, *disk);
            let phrase = Phrase::new("lesson-no-fact")
                .echo("fact", fact)
                .with("node", history.names().node(*node))
                .with("known", fact_names(&facts));
            self.fault(*line, phrase);
        }
    }

    /// Whether all goals are so before anything is done.
    fn stands(&self, goals: &[Condition]) -> bool {
        let Some(history) = &self.history else {
            return false;
        };
        let (run, names) = (history.run(), history.names());
        goals.iter().all(|goal| goal.stands(run, names))
    }

    /// Whether the goals of an act are reached in the time that the answer takes, without what it does.
    fn comes_by_itself(&self, act: &Act) -> bool {
        let waits = |line: &&Line| !matches!(line.command, Command::Act(_));
        let waiting: Vec<Line> = act.answer.iter().filter(waits).cloned().collect();
        let Some(history) = &self.history else {
            return false;
        };
        if waiting.is_empty() || waiting.len() == act.answer.len() || act.impossible {
            return false;
        }
        let so_far = history.story_so_far();
        let mut idle = Trial {
            history: Some(History::onwards(
                history.names().lab,
                history.setup().clone(),
            )),
            faults: Vec::new(),
        };
        idle.play(&so_far.lines, &mut Watch::new(&[]));
        let mut watch = Watch::new(&act.goals);
        idle.play(&waiting, &mut watch);
        idle.met(&watch)
    }

    fn met(&self, watch: &Watch) -> bool {
        let history = self.history.as_ref();
        history.is_some_and(|history| watch.met(history.run(), history.names()))
    }

    /// The verb of a command that a learner could not give here.
    fn forbidden(&self, command: &Command, allow: &[String]) -> Option<String> {
        let names = self.history.as_ref()?.names();
        let verb = match command {
            Command::Act(_) => command.print(names).split(' ').next()?.to_owned(),
            Command::RunFor(_)
            | Command::RunUntil(..)
            | Command::Step(_)
            | Command::Expect(_)
            | Command::Mark(_) => return None,
        };
        (!allow.contains(&verb)).then_some(verb)
    }

    /// A question has a right answer and a wrong one, or it asks nothing.
    fn predict(&mut self, predict: &Predict, line: usize) {
        let mut watch = predict.watch();
        let before = self.facts();
        self.play(&predict.then, &mut watch);
        for option in &predict.options {
            self.no_such_facts(&option.when, &option.when_lines, &before);
        }
        let Some(history) = &self.history else {
            return;
        };
        let right = predict.right(&watch, history.run(), history.names());
        let right = right.into_iter().filter(|right| *right).count();
        if right == 0 {
            self.fault(line, Phrase::new("lesson-none-right"));
        } else if right == predict.options.len() {
            self.fault(line, Phrase::new("lesson-all-right"));
        }
    }
}
