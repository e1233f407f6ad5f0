//! The experiment, whose page may be left for one of its runs and come back to.

use super::Desk;
use crate::lab::Phrase;
use crate::lab::experiment::Plan;
use crate::protocols;
use crate::ui::experiment::{Laboratory, Phase, Progress, Try};
use crate::ui::lesson::Place;
use crate::ui::page;
use crate::ui::player::Notice;
use gloo::render::{AnimationFrame, request_animation_frame};
use gloo::timers::callback::Interval;
use std::cell::RefCell;
use std::rc::Rc;

/// The time between two looks at the workers.
const LOOK_MS: u32 = 1000;
/// The least time between two news of it.
const NEWS_MS: f64 = 100.0;

/// See the module.
#[derive(Default)]
pub(super) struct Trying {
    laboratory: RefCell<Option<Laboratory>>,
    /// Looks at the workers, as long as any work.
    look: RefCell<Option<Interval>>,
    /// Where there are none: the next slice.
    frame: RefCell<Option<AnimationFrame>>,
}

impl Desk {
    /// What the page shows of the experiment.
    pub(super) fn news_experiment(&self) -> Option<Rc<Progress>> {
        let here =
            matches!(*self.place.borrow(), Place::Experiment(..)) && self.player.borrow().is_none();
        let mut laboratory = self.trying.laboratory.borrow_mut();
        laboratory
            .as_mut()
            .filter(|_| here)
            .map(|laboratory| Rc::new(laboratory.progress()))
    }

    /// Opens the page of a lab's experiments, on which this is asked for.
    ///
    /// # Errors
    /// A notice, where there is no such lab.
    pub(super) fn open_experiment(
        self: &Rc<Self>,
        id: &str,
        asked: String,
        push: bool,
    ) -> Result<(), Notice> {
        let unknown = || Notice::plain(Phrase::new("app.no-lab").echo("lab", id));
        let plugin = protocols::find(id).ok_or_else(unknown)?;
        let id = plugin.card().id;
        self.when_words(self.lang(), Some(id), move |desk| {
            if plugin.experiments().is_empty() {
                return desk.refuse(Notice::plain(Phrase::new("experiment.none")));
            }
            let place = Place::Experiment(id, asked);
            desk.when_parts(place.parts(), move |desk| desk.go_to(place, push));
        });
        Ok(())
    }

    /// Does what a person wants of it.
    pub(super) fn experiment(self: &Rc<Self>, wish: &Try) {
        match wish {
            Try::Begin(text) => {
                let Some(plan) = Plan::read(text, &protocols::labs()) else {
                    return;
                };
                let id = plan.lab.card().id;
                let asked = text
                    .split_once(' ')
                    .map_or("", |(_, asked)| asked)
                    .to_owned();
                let place = Place::Experiment(id, asked);
                let fragment = place.address();
                *self.place.borrow_mut() = place;
                self.address.borrow_mut().push(&fragment, "");
                // The workers of the last one are ended before the new ones begin.
                *self.trying.laboratory.borrow_mut() = None;
                *self.trying.laboratory.borrow_mut() = Some(Laboratory::new(plan));
                self.after_experiment(None);
            }
            Try::Stop => self.with_trying(Laboratory::stop),
            Try::GoOn => self.with_trying(Laboratory::go_on),
            Try::Open(story, subject) => self.begin_story(story, Some(subject.clone())),
        }
    }

    /// Asks the laboratory, where there is one.
    pub(in crate::ui) fn with_laboratory<T>(
        &self,
        ask: impl FnOnce(&Laboratory) -> T,
    ) -> Option<T> {
        self.trying.laboratory.borrow().as_ref().map(ask)
    }

    /// What a run measured, where it is made.
    pub(in crate::ui) fn measured(&self, run: u64) -> Option<Vec<Option<f64>>> {
        self.with_laboratory(|laboratory| laboratory.table().get(run))
            .flatten()
    }

    pub(super) fn with_trying(self: &Rc<Self>, act: impl FnOnce(&mut Laboratory)) {
        let before = {
            let mut laboratory = self.trying.laboratory.borrow_mut();
            let Some(laboratory) = laboratory.as_mut() else {
                return;
            };
            let before = laboratory.phase();
            act(laboratory);
            before
        };
        self.after_experiment(Some(before));
    }

    /// Sees to it that it goes on, and that the page hears of it.
    fn after_experiment(self: &Rc<Self>, before: Option<Phase>) {
        let state = self.trying.laboratory.borrow();
        let Some(laboratory) = state.as_ref() else {
            return;
        };
        let (phase, in_slices) = (laboratory.phase(), laboratory.in_slices());
        drop(state);
        let works = phase == Phase::Measuring;
        if works != self.trying.look.borrow().is_some() {
            let desk = Rc::clone(self);
            let look = move || desk.with_trying(Laboratory::look);
            *self.trying.look.borrow_mut() = works.then(|| Interval::new(LOOK_MS, look));
        }
        if in_slices && self.trying.frame.borrow().is_none() {
            let desk = Rc::clone(self);
            let slice = move |_| {
                *desk.trying.frame.borrow_mut() = None;
                desk.with_trying(Laboratory::slice);
            };
            *self.trying.frame.borrow_mut() = Some(request_animation_frame(slice));
        }
        if before != Some(phase) || page::now_ms() - self.last_shot_ms.get() >= NEWS_MS {
            self.publish();
        }
    }

    /// Another page is opened: it rests until somebody comes back.
    pub(super) fn leave_experiment(&self) {
        let mut laboratory = self.trying.laboratory.borrow_mut();
        if let Some(laboratory) = laboratory.as_mut() {
            laboratory.stop();
        }
        *self.trying.look.borrow_mut() = None;
        *self.trying.frame.borrow_mut() = None;
    }
}
