//! The search, which goes on beside the run until it has found something or is stopped.

use super::Desk;
use crate::lab::search::{Found, Goal};
use crate::lab::{Lab, Params, Phrase};
use crate::ui::lesson::Tour;
use crate::ui::model::Seek;
use crate::ui::page;
use crate::ui::player::{Player, Then};
use crate::ui::seek::{Phase, Progress, Seeker, step_before};
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
pub(super) struct Seeking {
    seeker: RefCell<Option<Seeker>>,
    /// Looks at the workers, as long as any work.
    look: RefCell<Option<Interval>>,
    /// Where there are none: the next slice.
    frame: RefCell<Option<AnimationFrame>>,
    /// The story that was opened, and the number of its run.
    opened: RefCell<Opened>,
}

/// A story that was found, on the stage.
#[derive(Default)]
struct Opened {
    run: String,
    story: String,
    /// The lesson that was left for it.
    left: Option<Tour>,
}

impl Desk {
    /// What the page shows of the search.
    pub(super) fn news_seek(&self) -> Option<Rc<Progress>> {
        let seeker = self.seek.seeker.borrow();
        let opened = self.seek.opened.borrow();
        let here = *self.run.borrow() == opened.run;
        let left = opened.left.as_ref().filter(|_| here);
        seeker.as_ref().map(|seeker| {
            let mut progress = seeker.progress();
            // Another search, or more of this one, finds another story.
            let same = |found: &Found| found.story == opened.story;
            progress.open = here && progress.found.as_ref().is_some_and(same);
            progress.taught = self.tour.borrow().is_some();
            progress.left = left.map(|tour| tour.lesson.title.clone());
            Rc::new(progress)
        })
    }

    /// Whether there is a search.
    pub(in crate::ui) fn seeks(&self) -> bool {
        self.seek.seeker.borrow().is_some()
    }

    /// Does what a person wants of the search.
    pub(super) fn seek(self: &Rc<Self>, wish: Seek) {
        let locked = self.with_player(Player::locks_rules) == Some(true);
        match wish {
            Seek::Begin | Seek::Again | Seek::GoOn if locked => {
                self.tell(Phrase::new("seek.locked"));
            }
            Seek::Begin => self.seek_here(false),
            Seek::Again => self.seek_here(true),
            Seek::GoOn => self.with_seeker(Seeker::go_on),
            Seek::Stop | Seek::Close => self.with_seeker(Seeker::stop),
            Seek::Open => {
                self.with_seeker(Seeker::stop);
                self.open_found();
            }
            Seek::Return => self.return_to_lesson(),
        }
    }

    /// Searches with the rules that are on here.
    fn seek_here(self: &Rc<Self>, again: bool) {
        let here = self.with_player(|player| {
            let rules = player.history().run().world().rules();
            let params = player.history().setup().params.clone();
            (player.plugin(), rules.off().collect::<Vec<_>>(), params)
        });
        let Some((plugin, off, params)) = here else {
            return;
        };
        let lab: &'static dyn Lab = plugin;
        let goal = Goal::without(lab, &off);
        let known = self.seek.seeker.borrow().as_ref().and_then(|seeker| {
            let same = seeker.quest().goal == goal && seeker.plugin().card().id == lab.card().id;
            same.then(|| seeker.quest().seed)
        });
        match known {
            // Of what was found there is no more; it is only shown again.
            Some(_) if !again => self.with_seeker(Seeker::go_on),
            known => {
                let seed = known.map_or(1, |seed| seed + 1);
                let had = self.had().unwrap_or(params);
                // The workers of the last one are ended before the new ones begin.
                *self.seek.seeker.borrow_mut() = None;
                *self.seek.seeker.borrow_mut() = Some(Seeker::new(plugin, &off, had, seed));
                self.after_seek(None);
            }
        }
    }

    /// The parameters that a person had before the story of the last search was opened, while that is open.
    fn had(&self) -> Option<Params> {
        let progress = self.news_seek().filter(|progress| progress.open);
        progress.map(|progress| progress.had.clone())
    }

    fn with_seeker(self: &Rc<Self>, act: impl FnOnce(&mut Seeker)) {
        let before = {
            let mut seeker = self.seek.seeker.borrow_mut();
            let Some(seeker) = seeker.as_mut() else {
                return;
            };
            let before = seeker.phase();
            act(seeker);
            before
        };
        self.after_seek(Some(before));
    }

    /// A worker said something, or died.
    pub(in crate::ui) fn heard(self: &Rc<Self>, number: u32, text: Option<String>) {
        // None of them has a number of another's.
        self.with_trying(|laboratory| laboratory.heard(number, text.clone()));
        self.with_seeker(|seeker| seeker.heard(number, text));
    }

    /// Sees to it that the search goes on, and that the page hears of it.
    fn after_seek(self: &Rc<Self>, before: Option<Phase>) {
        let state = self.seek.seeker.borrow();
        let Some(seeker) = state.as_ref() else {
            return;
        };
        let (phase, in_slices) = (seeker.phase(), seeker.in_slices());
        drop(state);
        let looks = self.seek.look.borrow().is_some();
        if phase.works() != looks {
            let desk = Rc::clone(self);
            let look = move || desk.with_seeker(Seeker::look);
            *self.seek.look.borrow_mut() = phase.works().then(|| Interval::new(LOOK_MS, look));
        }
        if in_slices && self.seek.frame.borrow().is_none() {
            let desk = Rc::clone(self);
            let slice = move |_| {
                *desk.seek.frame.borrow_mut() = None;
                desk.with_seeker(Seeker::slice);
            };
            *self.seek.frame.borrow_mut() = Some(request_animation_frame(slice));
        }
        let turned = before != Some(phase);
        // A lesson is left only by who asks for it.
        if turned && phase == Phase::Found && self.tour.borrow().is_none() {
            self.open_found();
        }
        if turned || page::now_ms() - self.last_shot_ms.get() >= NEWS_MS {
            self.publish();
        }
    }

    /// Opens the story that was found, at the last step in which nothing is broken yet.
    fn open_found(self: &Rc<Self>) {
        let found = {
            let seeker = self.seek.seeker.borrow();
            let progress = seeker.as_ref().map(Seeker::progress);
            progress.and_then(|progress| {
                let found = progress.found?;
                let step = step_before(progress.quest.lab, &found);
                Some((found.story, step))
            })
        };
        if let Some((story, step)) = found {
            let run = page::new_id();
            let before = self.seek.opened.take();
            // What is found next, from the story before, still leads back to the lesson.
            let before = before.left.filter(|_| before.run == *self.run.borrow());
            *self.seek.opened.borrow_mut() = Opened {
                run: run.clone(),
                story: story.clone(),
                left: self.tour.borrow().clone().or(before),
            };
            self.open_at(&story, Then::Step(step), run, None);
            self.redraw();
        }
    }

    /// Back to the lesson that was left for a story, to the step at which that was.
    fn return_to_lesson(self: &Rc<Self>) {
        let Some(tour) = self.seek.opened.take().left else {
            return;
        };
        self.write_down(true);
        self.end_seek();
        let (page, step) = (tour.page, tour.reached);
        *self.tour.borrow_mut() = Some(tour);
        self.lead_to(step);
        self.turn_to(page, true);
    }

    /// Whether this is the run of the story that is being opened.
    pub(super) fn opens_found(&self, run: &str) -> bool {
        self.seek.opened.borrow().run == run
    }

    /// Another lab is opened, or none: the search is of this one.
    pub(super) fn leave_seek(&self, lab: Option<&str>) {
        let seeker = self.seek.seeker.borrow();
        let lab_of = |seeker: &Seeker| seeker.plugin().card().id;
        let other = seeker.as_ref().is_some_and(|s| Some(lab_of(s)) != lab);
        drop(seeker);
        if other {
            self.end_seek();
        }
    }

    /// A person goes elsewhere: the search is over.
    pub(super) fn end_seek(&self) {
        *self.seek.seeker.borrow_mut() = None;
        *self.seek.look.borrow_mut() = None;
        *self.seek.frame.borrow_mut() = None;
    }
}
