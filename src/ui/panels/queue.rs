//! Those who stand in line, the first on top, each with the one that it watches. An entry keeps
//! its place in the document by its name, so a release is seen: all others move up.

use super::parts::{PanelProps, hidden, shape_sign, tone_class};
use crate::lab::Phrase;
use crate::ui::model::{Intent, Selection, Shot};
use crate::view::{Queue, QueueEntry};
use yew::prelude::*;

/// How high one entry is, in pixels, as in panels.css.
const ROW: usize = 38;
/// How wide the room for the arrows is.
const ROOM: usize = 46;

/// The lines below each other.
pub(super) fn queue(props: &PanelProps, queue: &Queue, key: &str) -> Html {
    let shot = &props.shot;
    let lines = queue.lines.iter().map(|line| one_line(props, queue, line));
    html! {
        <div key={key} class="queue">
            <div key="lines">{ for lines }</div>
            <p key="caption" class="cap">{ shot.words.say(&queue.caption) }</p>
        </div>
    }
}

fn one_line(
    props: &PanelProps,
    queue: &Queue,
    (name, entries): &(String, Vec<QueueEntry>),
) -> Html {
    let shot = &props.shot;
    let (count, nobody) = queue.words;
    let count = Phrase::new(count).with("n", entries.len());
    let rows = entries.iter().enumerate();
    let rows = rows.map(|(at, entry)| row(props, queue.number, at, entry));
    let arrows = entries.iter().enumerate().filter_map(|(at, entry)| {
        let watched = entry.watches.as_ref()?;
        let to = entries.iter().position(|other| other.name == *watched)?;
        Some(arrow(at, to))
    });
    let height = entries.len() * ROW;
    let empty = entries.is_empty().then(|| {
        html! { <p class="nobody">{ shot.words.text(nobody) }</p> }
    });
    html! {
        <section key={name.clone()}>
            <h4 key="head">{ name }<small>{ shot.words.say(&count) }</small></h4>
            <div key="empty">{ for empty }</div>
            <div key="line" class="standing" style={format!("height:{height}px")}>
                <svg key="arrows" width={ROOM.to_string()} height={height.to_string()} aria-hidden="true">
                    { for arrows }
                </svg>
                <ol key="entries">{ for rows }</ol>
            </div>
        </section>
    }
}

fn row(props: &PanelProps, (sign, key): (&str, &str), at: usize, entry: &QueueEntry) -> Html {
    let shot: &Shot = &props.shot;
    let select = Intent::Select(Selection::Node(entry.owner));
    let onclick = props.on.reform(move |_: MouseEvent| select.clone());
    let watches = entry.watches.as_ref().map(|name| {
        hidden(
            shot.words
                .say(&Phrase::new("queue.watches").with("name", name)),
        )
    });
    let number = entry.number.map(|number| {
        let says = shot.words.say(&Phrase::new(key).with("number", number));
        html! { <small title={says.clone()}>{ sign }{ number }{ hidden(says) }</small> }
    });
    html! {
        <li key={entry.name.clone()} class={tone_class(entry.tone)} style={format!("--at:{at}")}>
            <button type="button" class="bare" {onclick}>
                <i aria-hidden="true">{ shape_sign(entry.shape) }</i>
                <b>{ &entry.name }</b><span>{ &entry.who }</span>
            </button>
            <span class="state">{ shot.words.say(&entry.state) }</span>
            <span key="number">{ for number }</span>
            <span key="watches">{ for watches }</span>
        </li>
    }
}

/// From the entry that watches, round the left side, to the one that it watches.
fn arrow(from: usize, to: usize) -> Html {
    let middle = |at: usize| at * ROW + ROW / 2 - 3;
    let (begin, end) = (middle(from) - 4, middle(to) + 6);
    let out = ROOM - 6;
    let reach = ROOM - 16 - (from.abs_diff(to) * 6).min(ROOM - 20);
    let line = format!(
        "M{out} {begin}C{reach} {begin} {reach} {end} {} {end}",
        out - 3
    );
    let head = format!("M{} {}l7 4l-7 4z", out - 5, end - 4);
    html! {
        <g key={format!("{from}>{to}")}><path class="bow" d={line} /><path class="head" d={head} /></g>
    }
}
