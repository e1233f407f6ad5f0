//! The search, which goes on beside the run until it has found something or is stopped.

use super::Desk;
use crate::lab::Lab;
use crate::lab::search::Goal;
use crate::ui::model::Seek;
use crate::ui::page;
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
    /// The number of the run that is the story which was found.
    opened: RefCell<String>,
}

impl Desk {
    /// What the page shows of the search.
    pub(super) fn news_seek(&self) -> Option<Rc<Progress>> {
        let seeker = self.seek.seeker.borrow();
        let open = *self.run.borrow() == *self.seek.opened.borrow();
        seeker.as_ref().map(|seeker| Rc::new(seeker.progress(open)))
    }

    /// Does what a person wants of the search.
    pub(super) fn seek(self: &Rc<Self>, wish: Seek) {
        match wish {
            Seek::Begin => self.seek_here(false),
            Seek::Again => self.seek_here(true),
            Seek::GoOn => self.with_seeker(Seeker::go_on),
            Seek::Stop | Seek::Close => self.with_seeker(Seeker::stop),
            Seek::Open => {
                self.with_seeker(Seeker::stop);
                self.open_found();
            }
        }
    }

    /// Searches with the rules that are on here.
    fn seek_here(self: &Rc<Self>, again: bool) {
        let here = self.with_player(|player| {
            let rules = player.history().run().world().rules();
            (player.plugin(), rules.off().collect::<Vec<_>>())
        });
        let Some((plugin, off)) = here else {
            return;
        };
        let lab: &'static dyn Lab = plugin;
        let goal = Goal::without(lab, &off);
        let known = self.seek.seeker.borrow().as_ref().and_then(|seeker| {
            let same = seeker.quest().goal == goal && seeker.plugin().info().id == lab.info().id;
            same.then(|| seeker.quest().seed)
        });
        match known {
            // Of what was found there is no more; it is only shown again.
            Some(_) if !again => self.with_seeker(Seeker::go_on),
            known => {
                let seed = known.map_or(1, |seed| seed + 1);
                // The workers of the last one are ended before the new ones begin.
                *self.seek.seeker.borrow_mut() = None;
                *self.seek.seeker.borrow_mut() = Some(Seeker::new(plugin, &off, seed));
                self.after_seek(None);
            }
        }
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
        if turned && phase == Phase::Found {
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
            let progress = seeker.as_ref().map(|seeker| seeker.progress(false));
            progress.and_then(|progress| {
                let found = progress.found?;
                let step = step_before(progress.quest.lab, &found);
                Some((found.story, step))
            })
        };
        if let Some((story, step)) = found {
            let run = page::new_id();
            (*self.seek.opened.borrow_mut()).clone_from(&run);
            self.open_at(&story, step, run);
            self.redraw();
        }
    }

    /// Another lab is opened, or none: the search is of this one.
    pub(super) fn leave_seek(&self, lab: Option<&str>) {
        let mut seeker = self.seek.seeker.borrow_mut();
        let other = seeker
            .as_ref()
            .is_some_and(|seeker| Some(seeker.plugin().info().id) != lab);
        if other {
            *seeker = None;
            *self.seek.look.borrow_mut() = None;
        }
    }
}
