//! What the desk hands out: itself, the news, and the measures.

use super::Desk;
use crate::lab::{Dictionary, Lang};
use crate::ui::experiment::Progress as Measured;
use crate::ui::lesson::{Place, Tour};
use crate::ui::model::{Partner, ShotRef, Theme};
use crate::ui::player::Tick;
use crate::ui::seek::Progress;
use std::rc::Rc;

/// The desk as a property of a component.
#[derive(Clone)]
pub(in crate::ui) struct DeskRef(pub(in crate::ui) Rc<Desk>);

impl PartialEq for DeskRef {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// What the page is to show.
#[derive(Clone, PartialEq)]
pub(in crate::ui) enum View {
    /// The front page.
    Front,
    /// A lab.
    Lab(ShotRef),
}

/// What is to be shown of a run beside the first one.
#[derive(Clone, PartialEq)]
pub(in crate::ui) struct Second {
    pub(in crate::ui) shot: ShotRef,
    pub(in crate::ui) partner: Partner,
    /// How many commands of the first one it does not know.
    pub(in crate::ui) unknown: usize,
}

/// What is to be shown of a lesson.
#[derive(Clone)]
pub(in crate::ui) struct Taught {
    pub(in crate::ui) revision: u64,
    pub(in crate::ui) tour: Tour,
    /// How far each of the goals is.
    pub(in crate::ui) ticks: Vec<Tick>,
}

/// Told to the page whenever something that it shows is new.
#[derive(Clone)]
pub(in crate::ui) struct News {
    pub(in crate::ui) view: View,
    pub(in crate::ui) lang: Lang,
    pub(in crate::ui) theme: Theme,
    pub(in crate::ui) words: Rc<Dictionary>,
    /// Where there is no shot to carry it.
    pub(in crate::ui) notice: Option<String>,
    /// What the last single step did, for the screen reader.
    pub(in crate::ui) spoken: Option<String>,
    /// Which page, where there is no run.
    pub(in crate::ui) place: Place,
    /// The lesson that is open.
    pub(in crate::ui) lesson: Option<Taught>,
    /// How often another run or page was opened.
    pub(in crate::ui) visits: u32,
    /// A long way is being worked through.
    pub(in crate::ui) works: bool,
    /// The run beside.
    pub(in crate::ui) beside: Option<Second>,
    /// The search.
    pub(in crate::ui) seek: Option<Rc<Progress>>,
    /// The experiment.
    pub(in crate::ui) experiment: Option<Rc<Measured>>,
}

impl PartialEq for News {
    fn eq(&self, other: &Self) -> bool {
        let (words, texts) = (
            Rc::ptr_eq(&self.words, &other.words),
            self.notice == other.notice,
        );
        let page = (self.lang, self.theme, self.works) == (other.lang, other.theme, other.works);
        words
            && texts
            && page
            && self.view == other.view
            && self.spoken == other.spoken
            && self.beside == other.beside
            && self.seek.as_ref().map(Rc::as_ptr) == other.seek.as_ref().map(Rc::as_ptr)
            && self.experiment.as_ref().map(Rc::as_ptr) == other.experiment.as_ref().map(Rc::as_ptr)
            && self.place == other.place
            && self.visits == other.visits
            && self.lesson.as_ref().map(|lesson| lesson.revision)
                == other.lesson.as_ref().map(|lesson| lesson.revision)
    }
}

/// How long the frames' work took, for the measures.
#[derive(Copy, Clone, Default)]
pub(in crate::ui) struct Measure {
    pub(in crate::ui) frames: u32,
    pub(in crate::ui) work_ms: f64,
    pub(in crate::ui) worst_ms: f64,
    pub(in crate::ui) draw_ms: f64,
}
