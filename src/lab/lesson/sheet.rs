//! Reads a sheet. What is wrong is told with its place in the lesson's own file.

use super::{Act, Choice, Condition, Item, Lesson, Page, Predict, Step, Task};
use crate::lab::command::Command;
use crate::lab::names::Names;
use crate::lab::parse::{Complaint, Reader, VERBS};
use crate::lab::spec::Lab;
use crate::lab::story::{Line, Story, StoryError};
use crate::lab::token::tokens;
use crate::sim::World;
use std::collections::BTreeMap;

/// A line of a step: where its value stands, its key, its value.
#[derive(Copy, Clone)]
struct Entry<'a> {
    line: usize,
    column: usize,
    key: &'a str,
    value: &'a str,
}

impl Entry<'_> {
    fn wrong(&self, complaint: Complaint) -> StoryError {
        at(self.line, self.column, complaint)
    }
}

fn at(line: usize, column: usize, complaint: Complaint) -> StoryError {
    StoryError {
        line,
        column,
        complaint,
    }
}

/// A sheet that this program did not write, or another version of it did.
fn foreign() -> StoryError {
    at(1, 1, Complaint::new("error-sheet"))
}

/// The run that the steps are about, as far as reading needs it.
struct Stage {
    names: Names,
    world: World,
}

/// Reads the lines of a sheet one after the other.
struct Sheet<'a> {
    lines: std::iter::Peekable<std::str::Lines<'a>>,
    catalogue: &'a [&'static dyn Lab],
    stage: Option<Stage>,
    /// Where the lines of the steps say what they say, behind the first column.
    columns: BTreeMap<usize, usize>,
}

impl Lesson {
    /// Reads a sheet.
    ///
    /// # Errors
    /// What is wrong in the lesson's file, and where.
    pub fn read(sheet: &str, catalogue: &[&'static dyn Lab]) -> Result<Lesson, StoryError> {
        let mut sheet = Sheet {
            lines: sheet.lines().peekable(),
            catalogue,
            stage: None,
            columns: BTreeMap::new(),
        };
        if sheet.head("lesson")? != "1" {
            return Err(foreign());
        }
        let id = sheet.head("id")?.to_owned();
        let wanted = sheet.head("lab")?;
        let found = catalogue.iter().find(|lab| lab.card().id == wanted);
        let lab = *found.ok_or_else(|| {
            let known: Vec<_> = catalogue.iter().map(|lab| lab.card().id).collect();
            let complaint = Complaint::new("error-word").echo("word", wanted);
            let complaint = complaint
                .with("kind", "lab")
                .with("known", known.join(", "));
            at(1, 1, complaint)
        })?;
        Ok(Lesson {
            id,
            lab,
            title: sheet.head("title")?.to_owned(),
            minutes: sheet.head("minutes")?.parse().map_err(|_| foreign())?,
            paper: sheet.head("paper")?.to_owned(),
            pages: sheet.pages(lab)?,
            columns: sheet.columns,
        })
    }
}

impl<'a> Sheet<'a> {
    fn head(&mut self, key: &str) -> Result<&'a str, StoryError> {
        let line = self.lines.next().ok_or_else(foreign)?;
        let value = line
            .strip_prefix(key)
            .and_then(|rest| rest.strip_prefix(' '));
        value.ok_or_else(foreign)
    }

    fn pages(&mut self, lab: &dyn Lab) -> Result<Vec<Page>, StoryError> {
        let mut pages: Vec<Page> = Vec::new();
        while let Some(line) = self.lines.next() {
            let (word, rest) = line.split_once(' ').ok_or_else(foreign)?;
            if word == "page" {
                let title = rest.split_once(' ').map_or("", |(_, title)| title);
                pages.push(Page {
                    title: title.to_owned(),
                    items: Vec::new(),
                });
                continue;
            }
            let item = match word {
                "html" => Item::Html(rest.to_owned()),
                "presenter" => Item::Presenter(rest.to_owned()),
                "learned" => Item::Learned(rest.to_owned()),
                _ => self.step((word, rest.parse().map_err(|_| foreign())?), lab)?,
            };
            pages.last_mut().ok_or_else(foreign)?.items.push(item);
        }
        Ok(pages)
    }

    /// The lines of the step that begins here.
    fn entries(&mut self) -> Result<Vec<Entry<'a>>, StoryError> {
        let mut entries = Vec::new();
        while let Some(line) = self.lines.next_if(|line| line.starts_with("- ")) {
            let mut parts = line[2..].splitn(3, ' ');
            let place = parts.next().and_then(|place| place.split_once(':'));
            let (line, column) = place.ok_or_else(foreign)?;
            entries.push(Entry {
                line: line.parse().map_err(|_| foreign())?,
                column: column.parse().map_err(|_| foreign())?,
                key: parts.next().unwrap_or(""),
                value: parts.next().unwrap_or(""),
            });
        }
        let later = entries.iter().filter(|entry| entry.column > 1);
        self.columns
            .extend(later.map(|entry| (entry.line, entry.column)));
        Ok(entries)
    }

    fn step(&mut self, (word, line): (&str, usize), lab: &dyn Lab) -> Result<Item, StoryError> {
        let entries = self.entries()?;
        if word == "picture" {
            let caption = entries.iter().find(|entry| entry.key == "caption");
            return Ok(Item::Picture {
                story: self.story(&entries, lab)?,
                caption: caption.map_or("", |entry| entry.value).to_owned(),
            });
        }
        let task = match word {
            "setup" => {
                let story = self.story(&entries, lab)?;
                self.stage = Some(Stage {
                    names: story.names.clone(),
                    world: story.names.lab.world(&story.setup),
                });
                Task::Setup(story)
            }
            "run" | "act" | "predict" => {
                let stage = self.stage.as_ref();
                let stage =
                    stage.ok_or_else(|| at(line, 1, Complaint::new("error-lesson-no-run")))?;
                match word {
                    "run" => run(stage, &entries)?,
                    "act" => Task::Act(act(stage, &entries)?),
                    _ => Task::Predict(predict(stage, &entries)?),
                }
            }
            _ => return Err(foreign()),
        };
        Ok(Item::Step(Step { line, task }))
    }

    /// A whole story, header and all.
    fn story(&self, entries: &[Entry<'_>], lab: &dyn Lab) -> Result<Story, StoryError> {
        let lines: Vec<&Entry<'_>> = entries
            .iter()
            .filter(|entry| entry.key == "story")
            .collect();
        let text: Vec<&str> = lines.iter().map(|entry| entry.value).collect();
        let mut story =
            Story::parse(&text.join("\n"), self.catalogue, &mut |_| Ok(())).map_err(|wrong| {
                match lines.get(wrong.line - 1) {
                    Some(entry) => at(entry.line, wrong.column, wrong.complaint),
                    None => wrong,
                }
            })?;
        let first = lines.first().map_or(1, |entry| entry.line);
        if story.names.lab.card().id != lab.card().id {
            let complaint = Complaint::new("error-lesson-lab").with("lab", lab.card().id);
            return Err(at(first, 1, complaint));
        }
        for line in &mut story.lines {
            line.number = lines.get(line.number - 1).map_or(first, |entry| entry.line);
        }
        Ok(story)
    }
}

impl Stage {
    /// One command. Columns are moved to where the value stands.
    fn command(&self, entry: &Entry<'_>, before: &str) -> Result<Command, StoryError> {
        let text = format!("{before}{}", entry.value);
        let moved = |(column, complaint): (usize, Complaint)| {
            let column = column.saturating_sub(before.chars().count() + 1);
            at(entry.line, entry.column + column, complaint)
        };
        let words = tokens(&text).map_err(moved)?;
        let reader = Reader {
            names: &self.names,
            world: &self.world,
        };
        reader.command(&words).map_err(moved)
    }

    fn line(&self, entry: &Entry<'_>) -> Result<Line, StoryError> {
        Ok(Line {
            number: entry.line,
            command: self.command(entry, "")?,
        })
    }

    /// The lines with this key.
    fn lines(&self, entries: &[Entry<'_>], key: &str) -> Result<Vec<Line>, StoryError> {
        let own = entries.iter().filter(|entry| entry.key == key);
        own.map(|entry| self.line(entry)).collect()
    }

    fn condition(&self, entry: &Entry<'_>) -> Result<Condition, StoryError> {
        let before = if entry.value.starts_with("until ") {
            "run "
        } else {
            "expect "
        };
        Ok(match self.command(entry, before)? {
            Command::Expect(expect) => Condition::Now(expect),
            Command::RunUntil(until, _) => Condition::Since(until),
            Command::Act(_) | Command::RunFor(_) | Command::Step(_) | Command::Mark(_) => {
                return Err(entry.wrong(Complaint::new("error-sheet")));
            }
        })
    }
}

fn run(stage: &Stage, entries: &[Entry<'_>]) -> Result<Task, StoryError> {
    let button = entries.iter().find(|entry| entry.key == "button");
    Ok(Task::Run {
        lines: stage.lines(entries, "story")?,
        button: button.map(|entry| entry.value.to_owned()),
    })
}

fn act(stage: &Stage, entries: &[Entry<'_>]) -> Result<Act, StoryError> {
    let mut act = Act {
        task: None,
        goals: Vec::new(),
        goal_lines: Vec::new(),
        allow: Vec::new(),
        impossible: false,
        speed: None,
        panel: None,
        hints: Vec::new(),
        done: String::new(),
        answer: stage.lines(entries, "answer")?,
    };
    for entry in entries {
        match entry.key {
            "goal" => {
                act.goals.push(stage.condition(entry)?);
                act.goal_lines.push(entry.line);
            }
            "allow" => act.allow.extend(verbs(entry)?),
            "impossible" => act.impossible = true,
            "speed" => act.speed = Some(speed(entry)?),
            "panel" => act.panel = Some(entry.value.to_owned()),
            "task" => act.task = Some(entry.value.to_owned()),
            "hint" => act.hints.push(entry.value.to_owned()),
            "done" => entry.value.clone_into(&mut act.done),
            _ => {}
        }
    }
    Ok(act)
}

/// The speeds that a step may set.
const SPEEDS: [(&str, f64); 4] = [("1/20", 0.05), ("1/4", 0.25), ("1", 1.0), ("10", 10.0)];

fn speed(entry: &Entry<'_>) -> Result<f64, StoryError> {
    let found = SPEEDS.iter().find(|(name, _)| *name == entry.value);
    let wrong = || {
        let known = SPEEDS.map(|(name, _)| name).join(", ");
        let wrong = Complaint::new("error-word").echo("word", entry.value);
        entry.wrong(wrong.with("kind", "speed").with("known", known))
    };
    found.map(|(_, speed)| *speed).ok_or_else(wrong)
}

/// The first words of commands, with or without commas between.
fn verbs(entry: &Entry<'_>) -> Result<Vec<String>, StoryError> {
    let words = entry
        .value
        .split([',', ' '])
        .filter(|word| !word.is_empty());
    let known = |word: &str| VERBS.split(", ").any(|verb| verb == word);
    words
        .map(|word| {
            let complaint = || {
                let wrong = Complaint::new("error-word").echo("word", word);
                wrong.with("kind", "command").with("known", VERBS)
            };
            let right = known(word).then(|| word.to_owned());
            right.ok_or_else(|| entry.wrong(complaint()))
        })
        .collect()
}

fn predict(stage: &Stage, entries: &[Entry<'_>]) -> Result<Predict, StoryError> {
    let mut predict = Predict {
        ask: String::new(),
        options: Vec::new(),
        then: stage.lines(entries, "then")?,
        why: String::new(),
    };
    for entry in entries {
        match entry.key {
            "ask" => entry.value.clone_into(&mut predict.ask),
            "why" => entry.value.clone_into(&mut predict.why),
            "option" => predict.options.push(Choice {
                text: entry.value.to_owned(),
                when: Vec::new(),
                when_lines: Vec::new(),
            }),
            "when" => {
                let option = predict.options.last_mut();
                let option =
                    option.ok_or_else(|| entry.wrong(Complaint::new("error-lesson-when")))?;
                option.when.push(stage.condition(entry)?);
                option.when_lines.push(entry.line);
            }
            _ => {}
        }
    }
    // An option without a condition would always be right.
    let bare = predict.options.iter().any(|option| option.when.is_empty());
    match entries.first() {
        Some(entry) if bare || predict.options.len() < 2 => {
            Err(entry.wrong(Complaint::new("error-lesson-options")))
        }
        _ => Ok(predict),
    }
}
