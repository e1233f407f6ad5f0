//! Lessons that do not ship, kept for as long as the tab is open, so that Reload, Back and Forward find those from files
//! again, and what was answered in any. What is kept is the Markdown: it is read anew each time, by the one parser that
//! lets nothing through that acts. One from an address is fetched anew; its answers are those of the same Markdown.
//! Storage may be denied, or full; then a lesson is forgotten with the page.

use super::keep::{Kept, kept_of};
use super::tour::Tour;
use crate::ui::page;

/// The ids of those that are kept, the last one first.
const KEY: &str = "splitbrain.own";
/// How many are kept: each may be as long as a lesson may.
const MOST: usize = 4;

fn text_key(id: &str) -> String {
    format!("{KEY}.{id}")
}

fn done_key(id: &str) -> String {
    format!("{KEY}.{id}.done")
}

fn ids() -> Vec<String> {
    let all = page::recall_in_tab(KEY).unwrap_or_default();
    all.split_whitespace().map(str::to_owned).collect()
}

/// Keeps the Markdown of a lesson under a number. Where another one was kept under it, what was answered there is
/// forgotten. False where the browser refuses.
pub(in crate::ui) fn keep(id: &str, markdown: &str) -> bool {
    if find(id).as_deref() != Some(markdown) {
        page::forget_in_tab(&done_key(id));
    }
    let mut all = ids();
    all.retain(|known| known != id);
    all.insert(0, id.to_owned());
    for old in all.split_off(all.len().min(MOST)) {
        page::forget_in_tab(&text_key(&old));
        page::forget_in_tab(&done_key(&old));
    }
    page::remember_in_tab(KEY, &all.join(" ")) && page::remember_in_tab(&text_key(id), markdown)
}

/// The Markdown of a lesson.
pub(in crate::ui) fn find(id: &str) -> Option<String> {
    page::recall_in_tab(&text_key(id))
}

/// Keeps how far the learner has come with it.
pub(in crate::ui) fn keep_progress(id: &str, tour: &Tour) {
    page::remember_in_tab(&done_key(id), &kept_of(tour).print());
}

/// How far the learner has come with it.
pub(in crate::ui) fn progress(id: &str) -> Option<Kept> {
    Kept::read(page::recall_in_tab(&done_key(id))?.trim_end())
}

/// Whether this tab lets a lesson be kept.
pub(in crate::ui) fn keeps() -> bool {
    page::remember_in_tab("splitbrain.probe", "1")
}
