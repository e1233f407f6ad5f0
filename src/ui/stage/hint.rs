//! The line at the foot of the stage: what happened last, and why.

use crate::engine::Time;
use crate::lab::{happened_text, note_text};
use crate::ui::model::{Shot, ShotRef};
use crate::ui::page;
use crate::view::own_first;
use std::cell::RefCell;
use std::rc::Rc;
use yew::{Html, Properties, component, html, use_memo};

/// How long a line stays at the least while the run plays, so that it can be read.
const READING_MS: f64 = 900.0;
/// How far back a line is looked for.
const BACK: usize = 60;

/// What the line is given.
#[derive(Properties, PartialEq)]
pub(super) struct HintProps {
    pub(super) shot: ShotRef,
    /// The wall tool is chosen, and needs a word itself.
    pub(super) walling: bool,
}

/// The line.
#[component]
pub(super) fn Hint(props: &HintProps) -> Html {
    let shown = use_memo((), |()| RefCell::new((0.0, String::new())));
    let text = if props.walling {
        props.shot.words.text("stage.wall-hint")
    } else {
        steady(&shown, &props.shot)
    };
    let hidden = text.is_empty();
    html! { <p class="hint" {hidden} title={text.clone()}>{ text }</p> }
}

/// The last line, or the one before where that has not been there long enough.
fn steady(shown: &Rc<RefCell<(f64, String)>>, shot: &Shot) -> String {
    let now = page::now_ms();
    let mut shown = shown.borrow_mut();
    if !shot.playing || now - shown.0 >= READING_MS {
        let text = last_note(shot);
        if text != shown.1 {
            *shown = (now, text);
        }
    }
    shown.1.clone()
}

fn last_note(shot: &Shot) -> String {
    let world = shot.run.world();
    // No message, no timer and no write: time passes, and nothing will come of it.
    let last = shot.recent.last().map_or(Time(0), |record| record.time);
    if world.next_time().is_none() && shot.clock > last {
        return shot.words.text("stage.nothing");
    }
    let mut back = shot.recent.iter().rev().take(BACK);
    let noted = if shot.playing {
        back.find(|record| !record.notes.is_empty())
    } else {
        back.next()
    };
    let Some(record) = noted else {
        return String::new();
    };
    if record.notes.is_empty() {
        return happened_text(&record.what, &shot.names, &shot.words);
    }
    let notes = own_first(&record.notes, shot.names.lab.info().notes);
    let notes = notes
        .into_iter()
        .take(2)
        .map(|note| note_text(note, &shot.names, &shot.words));
    let text = notes.collect::<Vec<_>>().join(" \u{b7} ");
    match record.what.node() {
        Some(node) => format!("{}: {text}", shot.names.node(node)),
        None => text,
    }
}
