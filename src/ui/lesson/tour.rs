//! A lesson that is open: its pages, and how far the learner has come with each of its steps.

use crate::lab::lesson::{Act, Answers, Given, Item, Lesson, Step, Task};
use crate::lab::{BranchId, Lang, Line, Names, Position, Story};
use std::ops::Range;
use std::rc::Rc;

/// Where a lesson comes from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::ui) enum Source {
    /// It ships with its lab, in this language.
    Shipped(Lang),
    /// A file of the learner's, which this tab keeps under this number.
    File(String),
    /// An address.
    Address(String),
}

impl Source {
    /// What this tab keeps a lesson under that does not ship. An address is no number of a file.
    pub(in crate::ui) fn own_id(&self) -> Option<String> {
        match self {
            Source::Shipped(_) => None,
            Source::File(id) => Some(id.clone()),
            Source::Address(address) => {
                let address = String::from(js_sys::encode_uri_component(address));
                Some(format!("from:{address}"))
            }
        }
    }
}

/// How far a step is.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default)]
pub(in crate::ui) enum Phase {
    /// It has not begun.
    #[default]
    Waiting,
    /// Its lines are played, or the learner acts.
    Going,
    /// It is done.
    Done,
}

/// Where a step began: the number of the run, branch and place, and the commands given before.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::ui) struct Begun {
    pub(in crate::ui) run: String,
    pub(in crate::ui) at: (BranchId, Position),
    pub(in crate::ui) deeds: usize,
}

/// The run of a page that was left, to be found again by who turns back to it.
#[derive(Clone)]
pub(in crate::ui) struct Left {
    /// The number of the run.
    pub(in crate::ui) run: String,
    /// The run up to where it was.
    pub(in crate::ui) story: Rc<Story>,
    /// The steps before this one are in it.
    pub(in crate::ui) reached: usize,
}

/// What is on the stage when a page is turned to.
pub(in crate::ui) enum Stage {
    /// The run that is there, or the one that the page sets up by itself.
    Own,
    /// The run as the page was left.
    Left(Left),
    /// A run that has come to this step.
    At(usize),
}

/// One step, as far as the learner has come with it.
#[derive(Clone, Default)]
pub(in crate::ui) struct State {
    pub(in crate::ui) phase: Phase,
    pub(in crate::ui) begun: Option<Begun>,
    /// The option that was chosen.
    pub(in crate::ui) chosen: Option<usize>,
    /// Which options came true.
    pub(in crate::ui) right: Vec<bool>,
    /// How many hints were asked for.
    pub(in crate::ui) hints: usize,
    /// Whether any command was given since it began.
    pub(in crate::ui) tried: bool,
    /// What can be handed in.
    pub(in crate::ui) given: Option<Given>,
}

/// See the module.
#[derive(Clone)]
pub(in crate::ui) struct Tour {
    pub(in crate::ui) lesson: Rc<Lesson>,
    pub(in crate::ui) source: Source,
    /// The page, from 0.
    pub(in crate::ui) page: usize,
    pub(in crate::ui) states: Vec<State>,
    /// The steps before this one are in the run.
    pub(in crate::ui) reached: usize,
    /// The pages on which all is done, in this visit or an earlier one.
    pub(in crate::ui) done: Vec<bool>,
    /// The runs of the pages that were left.
    left: Vec<Option<Left>>,
    /// The completion code, once it was asked for.
    pub(in crate::ui) code: Option<String>,
    /// The learner's name for it, as far as it is typed.
    pub(in crate::ui) name: String,
    /// Whether the words are folded away, on a screen that is too small for them and the stage.
    pub(in crate::ui) folded: bool,
}

impl Tour {
    pub(in crate::ui) fn new(lesson: Lesson, source: Source) -> Self {
        Tour {
            page: 0,
            states: vec![State::default(); lesson.steps().count()],
            reached: 0,
            done: vec![false; lesson.pages.len()],
            left: vec![None; lesson.pages.len()],
            code: None,
            name: String::new(),
            folded: false,
            lesson: Rc::new(lesson),
            source,
        }
    }

    /// The steps of a page, by their places in the lesson.
    pub(in crate::ui) fn steps_of(&self, page: usize) -> Range<usize> {
        let count = |page: &crate::lab::lesson::Page| {
            let step = |item: &&Item| matches!(item, Item::Step(_));
            page.items.iter().filter(step).count()
        };
        let pages = &self.lesson.pages;
        let before = pages.iter().take(page).map(count).sum();
        before..before + pages.get(page).map_or(0, count)
    }

    pub(in crate::ui) fn step(&self, step: usize) -> Option<&Step> {
        self.lesson.steps().nth(step)
    }

    /// The step of this page that is to be done next.
    pub(in crate::ui) fn current(&self) -> Option<usize> {
        let waits = |step: &usize| *step >= self.reached && self.states[*step].phase != Phase::Done;
        self.steps_of(self.page).find(waits)
    }

    /// The step that is under way.
    pub(in crate::ui) fn going(&self) -> Option<usize> {
        self.states
            .iter()
            .position(|state| state.phase == Phase::Going)
    }

    /// Whether the learner acts now, with what is on the stage or beside it.
    pub(in crate::ui) fn acts_on_stage(&self) -> bool {
        self.act().is_some_and(|act| !act.allow.is_empty())
    }

    /// What the learner is to do now.
    pub(in crate::ui) fn act(&self) -> Option<&Act> {
        match &self.step(self.going()?)?.task {
            Task::Act(act) => Some(act),
            Task::Setup(_) | Task::Run { .. } | Task::Predict(_) => None,
        }
    }

    /// Whether all of the page is done.
    pub(in crate::ui) fn page_done(&self) -> bool {
        let mut steps = self.steps_of(self.page);
        steps.all(|step| self.states[step].phase == Phase::Done)
    }

    /// Marks the page where it is done. One that asks for nothing is read by who comes to it through the
    /// pages before, and not by who only opens it.
    pub(in crate::ui) fn mark_done(&mut self) {
        let asks = self.steps_of(self.page).any(|step| {
            let task = self.step(step).map(|step| &step.task);
            !matches!(task, Some(Task::Setup(_)))
        });
        let before = self.done.iter().take(self.page).all(|done| *done);
        if self.page_done() && (asks || before) {
            self.done[self.page] = true;
        }
    }

    /// A step is done; the run has come to its end.
    pub(in crate::ui) fn finish(&mut self, step: usize) {
        self.states[step].phase = Phase::Done;
        self.reached = step + 1;
        self.forget_after();
    }

    /// The run goes another way from here on: those of later pages that began with it are no longer true.
    fn forget_after(&mut self) {
        for page in self.page + 1..self.left.len() {
            if self.sets_up(page) {
                break;
            }
            self.left[page] = None;
        }
    }

    /// Whether a page begins with a run of its own.
    fn sets_up(&self, page: usize) -> bool {
        let first = self.steps_of(page).next().and_then(|step| self.step(step));
        first.is_some_and(|step| matches!(step.task, Task::Setup(_)))
    }

    /// These steps are to be done anew.
    pub(in crate::ui) fn forget(&mut self, steps: Range<usize>) {
        for state in &mut self.states[steps] {
            state.phase = Phase::Waiting;
            (state.chosen, state.hints, state.tried) = (None, 0, false);
            state.right.clear();
        }
        self.forget_after();
    }

    /// Turns to a page, and says what is to be on the stage there: what the words of the page speak of, and
    /// not what another page has made of it. `left` is the run that is on the stage, if it stands still.
    pub(in crate::ui) fn turn(&mut self, page: usize, left: Option<(String, Story)>) -> Stage {
        if let Some(step) = self.going() {
            self.states[step].phase = Phase::Waiting;
        }
        let (from, here) = (self.page, self.steps_of(page));
        if page == from {
            return if self.reached < here.start {
                Stage::At(here.start)
            } else {
                Stage::Own
            };
        }
        let whole = self.reached >= self.steps_of(from).start;
        self.left[from] = left.filter(|_| whole).map(|(run, story)| Left {
            run,
            story: Rc::new(story),
            reached: self.reached,
        });
        self.page = page;
        if let Some(left) = self.left[page].take() {
            self.reached = left.reached;
            return Stage::Left(left);
        }
        let goes_on = page > from && self.reached == here.start;
        self.forget(here.clone());
        if self.sets_up(page) {
            self.reached = here.start;
            return Stage::Own;
        }
        if goes_on {
            Stage::Own
        } else {
            Stage::At(here.start)
        }
    }

    /// What things are called in the run of a step.
    pub(in crate::ui) fn names_of(&self, step: usize) -> Option<&Names> {
        let from = self.setup_before(step)?;
        match &self.step(from)?.task {
            Task::Setup(story) => Some(&story.names),
            Task::Run { .. } | Task::Act(_) | Task::Predict(_) => None,
        }
    }

    /// Whether the lesson asks for anything that can be handed in.
    pub(in crate::ui) fn asks(&self) -> bool {
        let mut steps = self.lesson.steps();
        steps.any(|step| matches!(step.task, Task::Act(_) | Task::Predict(_)))
    }

    /// The first step of the run of which this step is: a setup, where there is one.
    fn setup_before(&self, step: usize) -> Option<usize> {
        let setup = |step: &Step| matches!(step.task, Task::Setup(_));
        let steps: Vec<bool> = self.lesson.steps().take(step).map(setup).collect();
        steps.iter().rposition(|setup| *setup)
    }

    /// What leads to a step: the setup before it, and what the steps between do, as their author would.
    pub(in crate::ui) fn way_to(&self, step: usize) -> Option<(Story, Vec<Line>)> {
        let from = self.setup_before(step)?;
        let mut steps = self.lesson.steps().take(step).skip(from);
        let Some(Task::Setup(story)) = steps.next().map(|step| &step.task) else {
            return None;
        };
        let lines = steps.flat_map(|step| match &step.task {
            Task::Run { lines, .. } => lines.clone(),
            Task::Predict(predict) => predict.then.clone(),
            Task::Act(act) if !act.impossible => act.answer.clone(),
            Task::Act(_) | Task::Setup(_) => Vec::new(),
        });
        Some((story.clone(), lines.collect()))
    }

    /// Whether it is a first look, of a minute: there it is enough to see the stage.
    pub(in crate::ui) fn is_first_look(&self) -> bool {
        self.lesson.minutes <= 1
    }

    /// What can be handed in.
    pub(in crate::ui) fn answers(&self, name: &str) -> Answers {
        Answers {
            lesson: self.lesson.name(),
            name: name.to_owned(),
            given: self
                .states
                .iter()
                .filter_map(|state| state.given.clone())
                .collect(),
        }
    }
}
