//! How far the learner has come with each lesson, on this device: one line each. Storage may be
//! denied; then it is forgotten with the page.

use super::tour::Tour;
use crate::lab::lesson::{Answers, Given};
use crate::ui::page;

const KEY: &str = "splitbrain.lessons";
/// The longest file of progress that is taken.
pub(in crate::ui) const MAX_BYTES: usize = 1 << 20;

/// What is kept of one lesson.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::ui) struct Kept {
    /// `raft/elections`.
    pub(in crate::ui) name: String,
    /// The pages that are done, as `1` and `0`.
    pub(in crate::ui) pages: String,
    /// The answers, as a completion code without a name.
    code: String,
}

impl Kept {
    pub(super) fn read(line: &str) -> Option<Self> {
        let mut parts = line.split('\t').map(str::to_owned);
        let kept = Kept {
            name: parts.next()?,
            pages: parts.next()?,
            code: parts.next()?,
        };
        let fine = kept.pages.bytes().all(|sign| matches!(sign, b'0' | b'1'));
        (fine && kept.name.len() < 200).then_some(kept)
    }

    pub(super) fn print(&self) -> String {
        format!("{}\t{}\t{}\n", self.name, self.pages, self.code)
    }

    /// How many pages are done, and of how many.
    pub(in crate::ui) fn share(&self) -> (usize, usize) {
        let done = self.pages.bytes().filter(|sign| *sign == b'1').count();
        (done, self.pages.len())
    }

    /// The answers that were given.
    pub(in crate::ui) fn given(&self) -> Vec<Given> {
        Answers::read(&self.code)
            .map(|answers| answers.given)
            .unwrap_or_default()
    }
}

fn parse(text: &str) -> Vec<Kept> {
    text.lines().filter_map(Kept::read).collect()
}

fn print(all: &[Kept]) -> String {
    all.iter().map(Kept::print).collect()
}

/// All lessons that were begun.
pub(in crate::ui) fn all() -> Vec<Kept> {
    parse(&page::recall(KEY).unwrap_or_default())
}

/// What is kept of a lesson.
pub(in crate::ui) fn recall(name: &str) -> Option<Kept> {
    all().into_iter().find(|kept| kept.name == name)
}

/// How far a lesson is, as it is kept.
pub(super) fn kept_of(tour: &Tour) -> Kept {
    let sign = |done: &bool| if *done { '1' } else { '0' };
    Kept {
        name: tour.lesson.name(),
        pages: tour.done.iter().map(sign).collect(),
        code: tour.answers("").write(),
    }
}

/// Keeps how far a lesson is.
pub(in crate::ui) fn keep(tour: &Tour) {
    let own = kept_of(tour);
    let mut lessons = all();
    lessons.retain(|kept| kept.name != own.name);
    lessons.push(own);
    page::remember(KEY, &print(&lessons));
}

/// Everything, as a file.
pub(in crate::ui) fn write() -> String {
    print(&all())
}

/// Takes what a file holds, beside what is here; of two for one lesson that of the file counts. False
/// where it holds nothing.
pub(in crate::ui) fn replace(text: &str) -> bool {
    let new = if text.len() > MAX_BYTES {
        Vec::new()
    } else {
        parse(text)
    };
    let mut lessons = all();
    lessons.retain(|kept| new.iter().all(|other| other.name != kept.name));
    let any = !new.is_empty();
    lessons.extend(new);
    any && page::remember(KEY, &print(&lessons))
}

/// Forgets everything.
pub(in crate::ui) fn clear() {
    page::remember(KEY, "");
}
