//! What a learner did in a lesson, as a code that can be handed in, and its replay.
//!
//! The code shows that these answers reach what the lesson asks for: the engine plays them again.
//! It does not show who gave them.

use super::replay::{Part, replay};
use super::{Act, Lesson, Predict, Step, Task, Watch};
use crate::lab::history::History;
use crate::lab::link::{decode, encode};
use crate::lab::pack::{pack, unpack};
use crate::lab::spec::Lab;
use crate::lab::story::Story;
use crate::lab::words::Phrase;

/// All answers of one learner.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Answers {
    /// The lesson, by its name among those of all labs: `raft/elections`.
    pub lesson: String,
    /// What the learner is called; anything, or nothing.
    pub name: String,
    /// What was done, by the order of the steps.
    pub given: Vec<Given>,
}

/// What was done in one step.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Given {
    /// The step: its place among all steps of the lesson.
    pub step: usize,
    /// The option that was chosen, where the step was a question.
    pub option: Option<usize>,
    /// The story of the run, from its beginning to where the step was judged.
    pub story: String,
}

/// What a replay says of one step.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Judged {
    /// The goals were reached, or the chosen option came true.
    Right,
    /// They were not, or it did not.
    Wrong,
    /// Nothing was handed in.
    Missing,
    /// The run is not one of this lesson: another seed, other parameters, a command that was not open.
    Foreign,
}

impl Judged {
    /// The key of its words in the common locale file.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Judged::Right => "lesson-right",
            Judged::Wrong => "lesson-wrong",
            Judged::Missing => "lesson-missing",
            Judged::Foreign => "lesson-foreign",
        }
    }
}

impl Answers {
    /// The longest code that is read, in bytes.
    pub const MAX_BYTES: usize = 256 * 1024;
    /// The longest name, in characters.
    pub const MAX_NAME: usize = 80;

    /// The code: base64url, no more than letters, digits, `-` and `_`.
    #[must_use]
    pub fn write(&self) -> String {
        let mut text = format!("lesson {}\n", self.lesson);
        let name: String = self.name.chars().filter(|c| !c.is_control()).collect();
        let name: String = name.chars().take(Self::MAX_NAME).collect();
        text.push_str(&format!("name {name}\n"));
        for given in &self.given {
            text.push_str(&format!("step {}", given.step + 1));
            if let Some(option) = given.option {
                text.push_str(&format!(" option {}", option + 1));
            }
            for line in given.story.lines() {
                text.push_str(&format!("\n> {line}"));
            }
            text.push('\n');
        }
        encode(&pack(&text))
    }

    /// Reads a code.
    ///
    /// # Errors
    /// Where it is too long, cut, or no code at all.
    pub fn read(code: &str) -> Result<Answers, Phrase> {
        let code = code.trim();
        if code.len() > Self::MAX_BYTES {
            return Err(Phrase::new("code-long").with("bound", Self::MAX_BYTES));
        }
        let sign = |at: usize| Phrase::new("code-sign").with("at", at + 1);
        let bytes = decode(code).map_err(sign)?;
        let broken = || Phrase::new("code-broken");
        let text = unpack(&bytes).map_err(|_| broken())?;
        let mut lines = text.lines();
        let mut head = |key: &str| {
            let line = lines.next().and_then(|line| line.strip_prefix(key));
            let value = line.and_then(|rest| rest.strip_prefix(' '));
            value.map(str::to_owned).ok_or_else(broken)
        };
        let mut answers = Answers {
            lesson: head("lesson")?,
            name: head("name")?,
            given: Vec::new(),
        };
        for line in lines {
            match (line.strip_prefix("> "), answers.given.last_mut()) {
                (Some(line), Some(given)) => {
                    given.story.push_str(line);
                    given.story.push('\n');
                }
                _ => answers.given.push(step(line).ok_or_else(broken)?),
            }
        }
        Ok(answers)
    }

    /// Plays the answers again. One verdict for each step that asks for something, with its place.
    #[must_use]
    pub fn judge(&self, lesson: &Lesson, catalogue: &[&'static dyn Lab]) -> Vec<(usize, Judged)> {
        let mut judged = Vec::new();
        let mut bench = Bench {
            catalogue,
            setup: None,
            parts: Vec::new(),
        };
        for (at, step) in lesson.steps().enumerate() {
            let given = self.given.iter().find(|given| given.step == at);
            if let Some(verdict) = bench.judge(step, given) {
                judged.push((at, verdict));
            }
        }
        judged
    }
}

/// `step 3` or `step 3 option 1`.
fn step(line: &str) -> Option<Given> {
    let mut words = line.strip_prefix("step ")?.split(' ');
    let number = |word: &str| word.parse::<usize>().ok()?.checked_sub(1);
    let step = number(words.next()?)?;
    let option = match (words.next(), words.next()) {
        (Some("option"), Some(word)) => Some(number(word)?),
        (None, None) => None,
        _ => return None,
    };
    Some(Given {
        step,
        option,
        story: String::new(),
    })
}

/// What a replay knows while it goes through the steps.
struct Bench<'a> {
    catalogue: &'a [&'static dyn Lab],
    setup: Option<&'a Story>,
    /// What may be in the run so far, behind the setup.
    parts: Vec<Part<'a>>,
}

impl<'a> Bench<'a> {
    fn judge(&mut self, step: &'a Step, given: Option<&Given>) -> Option<Judged> {
        if let Task::Setup(story) = &step.task {
            self.setup = Some(story);
            self.parts.clear();
        }
        let setup = self.setup?;
        self.parts.extend(Part::of(&step.task, &setup.names));
        match &step.task {
            Task::Setup(_) | Task::Run { .. } => None,
            Task::Act(act) => Some(given.map_or(Judged::Missing, |given| self.act(act, given))),
            Task::Predict(predict) => {
                Some(given.map_or(Judged::Missing, |given| self.predict(predict, given)))
            }
        }
    }

    fn act(&self, act: &Act, given: &Given) -> Judged {
        let mut watch = Watch::new(&act.goals);
        match self.replay(given, &mut watch) {
            Some(history) => {
                let met = watch.met(history.run(), history.names());
                // What cannot be done is answered by having tried.
                if met || act.impossible {
                    Judged::Right
                } else {
                    Judged::Wrong
                }
            }
            None => Judged::Foreign,
        }
    }

    fn predict(&self, predict: &Predict, given: &Given) -> Judged {
        let mut watch = predict.watch();
        let Some(history) = self.replay(given, &mut watch) else {
            return Judged::Foreign;
        };
        let right = predict.right(&watch, history.run(), history.names());
        match given.option.and_then(|option| right.get(option)) {
            Some(true) => Judged::Right,
            Some(false) | None => Judged::Wrong,
        }
    }

    fn replay(&self, given: &Given, watch: &mut Watch) -> Option<History> {
        replay(self.setup?, &self.parts, given, self.catalogue, watch)
    }
}
