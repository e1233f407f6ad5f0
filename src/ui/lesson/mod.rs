//! Lessons on the page: the panel that leads through one, what a learner did, and the glossary.

mod compare;
mod ending;
mod glossary;
mod keep;
mod lists;
pub(super) mod own;
mod panel;
mod prose;
mod steps;
mod tour;

use crate::lab::Link;
use crate::protocols;
use crate::view::Plugin;

pub(super) use compare::compare;
pub(super) use glossary::{Shown, glossary, shown};
pub(super) use keep::{clear as forget_progress, keep, recall, replace as take_progress};
pub(super) use lists::{articles, ask, lessons, lessons_of, link_to};
pub(super) use panel::{LessonProps, focus_title, panel, show_told};
pub(super) use tour::{Begun, Left, Phase, Source, Stage, Tour};

/// What a person wants of a lesson.
#[derive(Clone, PartialEq, Debug)]
pub enum Wish {
    /// Open one that ships with a lab, by the ids of both, at a page from 0.
    Open(&'static str, String, usize),
    /// Another page, from 0.
    Page(usize),
    /// A step is to begin: a run, or what a question is about.
    Begin(usize),
    /// An option of a question.
    Choose(usize, usize),
    /// One hint more.
    Hint(usize),
    /// It cannot be done.
    Cannot(usize),
    /// A step once more.
    Again(usize),
    /// What is played is to come to its end at once.
    Finish,
    /// The completion code, with this name in it.
    Code(String),
    /// What is typed as the name.
    Name(String),
    /// The words folded away, or unfolded.
    Fold,
    /// Leave the lesson; the run stays.
    Leave,
    /// Read a lesson that somebody wrote, as Markdown.
    Read(String),
    /// Fetch one from an address, as the person agreed, and open this page of it, from 0.
    Fetch(String, usize),
    /// Take the progress that a file holds.
    Import(String),
    /// Forget all progress.
    Forget,
}

/// The pages that are not about a run.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum Place {
    /// The gallery of labs.
    #[default]
    Labs,
    /// All lessons.
    Lessons,
    /// The reading paths through the articles.
    Articles,
    /// Protocols side by side.
    Compare,
    /// The question whether a lesson may be fetched from an address, to open this page of it, from 0.
    Ask(String, usize),
    /// The experiments of a lab: which, and what is asked of it, as `ui::experiment` reads it.
    Experiment(&'static str, String),
}

impl Place {
    /// The parts of the program that it needs besides the rest.
    #[must_use]
    pub fn parts(&self) -> &'static [&'static str] {
        match self {
            Place::Labs => &[],
            Place::Lessons | Place::Articles | Place::Compare | Place::Ask(..) => &["lesson"],
            Place::Experiment(..) => &["experiment"],
        }
    }

    /// What stands in an address.
    #[must_use]
    pub fn fragment(&self) -> &'static str {
        match self {
            Place::Labs => "#/",
            Place::Lessons => "#/lessons",
            Place::Articles => "#/articles",
            Place::Compare => "#/compare",
            Place::Ask(..) => "#/lesson",
            Place::Experiment(..) => "#/",
        }
    }

    /// The lab whose words it needs.
    pub(in crate::ui) fn lab(&self) -> Option<&'static dyn Plugin> {
        match self {
            Place::Experiment(lab, _) => protocols::find(lab),
            Place::Labs | Place::Lessons | Place::Articles | Place::Compare | Place::Ask(..) => {
                None
            }
        }
    }

    /// The whole of it, with what is asked about.
    pub(in crate::ui) fn address(&self) -> String {
        match self {
            Place::Ask(address, page) => Link {
                lab: "lesson".to_owned(),
                from: Some(address.clone()),
                page: (*page > 0).then_some(*page as u64 + 1),
                ..Link::default()
            }
            .write(),
            Place::Experiment(lab, asked) => Link {
                lab: (*lab).to_owned(),
                experiment: Some(asked.clone()),
                ..Link::default()
            }
            .write(),
            Place::Labs | Place::Lessons | Place::Articles | Place::Compare => {
                self.fragment().to_owned()
            }
        }
    }
}
