//! Lessons: pages of prose with steps that the engine plays and judges.
//!
//! What is read here is a *sheet*, which the package `splitbrain-lesson` makes of a teacher's
//! Markdown file: plain lines, the prose as HTML already, each line of a step with its place in
//! that file. `docs/lessons.md` describes both for people.

mod answers;
mod goal;
mod replay;
mod sheet;
mod trial;

pub use answers::{Answers, Given, Judged};
pub use goal::{Condition, Watch};
pub use trial::{Fault, Trial};

use super::spec::Lab;
use super::story::{Line, Story};
use std::collections::BTreeMap;

/// A lesson, read.
#[derive(Clone)]
pub struct Lesson {
    /// Its stable id.
    pub id: String,
    /// The lab that it is about.
    pub lab: &'static dyn Lab,
    /// Its title.
    pub title: String,
    /// How long it takes, in minutes.
    pub minutes: u32,
    /// The paper that it follows.
    pub paper: String,
    /// Its pages, in order.
    pub pages: Vec<Page>,
    /// The columns in the file at which the lines of its steps say what they say, where that is not the first.
    columns: BTreeMap<usize, usize>,
}

/// One page of a lesson.
#[derive(Clone)]
pub struct Page {
    /// Its title.
    pub title: String,
    /// What stands on it, from top to bottom.
    pub items: Vec<Item>,
}

/// A piece of a page. HTML comes from `splitbrain-lesson`, which lets nothing through that acts.
#[derive(Clone)]
pub enum Item {
    /// Prose.
    Html(String),
    /// Notes that only a presenter sees.
    Presenter(String),
    /// What was learned.
    Learned(String),
    /// The picture of a moment: the end of a story.
    Picture {
        /// The story.
        story: Story,
        /// What is to be seen, as HTML.
        caption: String,
    },
    /// Something to do.
    Step(Step),
}

/// A step of a lesson, and the line on which it begins.
#[derive(Clone)]
pub struct Step {
    /// The line in the lesson's file.
    pub line: usize,
    /// What is to be done.
    pub task: Task,
}

/// What is to be done in a step.
#[derive(Clone)]
pub enum Task {
    /// A run begins.
    Setup(Story),
    /// The run goes on, in the sight of the learner.
    Run {
        /// How.
        lines: Vec<Line>,
        /// What the button says, where the usual words are not to the point.
        button: Option<String>,
    },
    /// The learner acts.
    Act(Act),
    /// The learner says what will happen, and then it does.
    Predict(Predict),
}

/// The learner acts until goals are reached.
#[derive(Clone)]
pub struct Act {
    /// What to do, and with what, as HTML.
    pub task: Option<String>,
    /// What must be so.
    pub goals: Vec<Condition>,
    /// The line of each of them.
    pub goal_lines: Vec<usize>,
    /// The first words of the commands that may be given. Time may always pass.
    pub allow: Vec<String>,
    /// Whether it cannot be done, which is the lesson.
    pub impossible: bool,
    /// How fast time passes meanwhile, where the goal is far: virtual seconds in a second.
    pub speed: Option<f64>,
    /// The panel that is opened.
    pub panel: Option<String>,
    /// Hints, one after the other, as HTML.
    pub hints: Vec<String>,
    /// What is said once it is done, as HTML.
    pub done: String,
    /// What a teacher would do: that the step can be done (or not) is a test.
    pub answer: Vec<Line>,
}

/// A question before something happens.
#[derive(Clone)]
pub struct Predict {
    /// The question, as HTML.
    pub ask: String,
    /// What can be said.
    pub options: Vec<Choice>,
    /// What happens then.
    pub then: Vec<Line>,
    /// Why it came so, as HTML.
    pub why: String,
}

/// One of the answers to a question.
#[derive(Clone)]
pub struct Choice {
    /// Its words, as HTML.
    pub text: String,
    /// It was right if all this is so in the end.
    pub when: Vec<Condition>,
    /// The line of each of that.
    pub when_lines: Vec<usize>,
}

impl Lesson {
    /// Its name among the lessons of all labs: `raft/elections`.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}/{}", self.lab.card().id, self.id)
    }

    /// The column at which a line of a step says what it says.
    #[must_use]
    pub fn column(&self, line: usize) -> usize {
        self.columns.get(&line).copied().unwrap_or(1)
    }

    /// All steps, in order: a number of a step is its place here.
    pub fn steps(&self) -> impl Iterator<Item = &Step> {
        let items = self.pages.iter().flat_map(|page| &page.items);
        items.filter_map(|item| match item {
            Item::Step(step) => Some(step),
            Item::Html(_) | Item::Presenter(_) | Item::Learned(_) | Item::Picture { .. } => None,
        })
    }
}
