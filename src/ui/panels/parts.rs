//! What the panels share: their properties, buttons for controls, words for times and roles.

use crate::engine::{NodeId, Note, Span, Time};
use crate::lab::{happened_text, note_text};
use crate::sim::{Happened, Record, Status};
use crate::ui::model::{Intent, Selection, Shot, ShotRef};
use crate::ui::number::fixed;
use crate::view::{Control, Shape, Tone, own_first, reference};
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// What nearly every panel is given.
#[derive(Properties, PartialEq, Clone)]
pub struct PanelProps {
    /// What is so.
    pub shot: ShotRef,
    /// Takes what a person wants.
    pub on: Callback<Intent>,
}

impl PanelProps {
    /// A callback that wants the same whatever the event was.
    pub(super) fn want<E: 'static>(&self, intent: Intent) -> Callback<E> {
        self.on.reform(move |_| intent.clone())
    }
}

/// The class for a tone.
pub(in crate::ui) fn tone_class(tone: Tone) -> &'static str {
    match tone {
        Tone::Neutral => "tone-neutral",
        Tone::Lead => "tone-lead",
        Tone::Try => "tone-try",
        Tone::Good => "tone-good",
        Tone::Bad => "tone-bad",
        Tone::Guest => "tone-guest",
    }
}

/// The sign that goes with a role.
pub(super) fn shape_sign(shape: Shape) -> &'static str {
    match shape {
        Shape::Plain => "",
        Shape::Star => "★",
        Shape::Diamond => "◇",
        Shape::Box => "▢",
        Shape::Eye => "◉",
        Shape::Cell => "",
    }
}

/// The key of the word for a node's status.
pub(super) fn status_key(status: Status) -> &'static str {
    match status {
        Status::Up => "status.up",
        Status::Paused => "status.paused",
        Status::Down => "status.down",
    }
}

/// A button for each control.
pub(super) fn buttons(props: &PanelProps, controls: Vec<Control>) -> Html {
    let button = |control: Control| {
        let label = props.shot.words.say(&control.label);
        let class = classes!("pbtn", control.harmful.then_some("harmful"));
        let args = control.label.args.iter().map(|(_, value)| value.as_str());
        let key = std::iter::once(control.label.key.as_str()).chain(args);
        let key = key.collect::<Vec<_>>().join("\n");
        let onclick = give(&props.on, &control);
        let why = props.shot.why_closed(&control.commands);
        html! { <button {key} type="button" {class} disabled={why.is_some()} {onclick} title={why.clone()}>{ label }</button> }
    };
    controls.into_iter().map(button).collect()
}

/// What a click on a control gives.
pub(in crate::ui) fn give(on: &Callback<Intent>, control: &Control) -> Callback<MouseEvent> {
    let (on, flips, commands) = (on.clone(), control.flips, control.commands.clone());
    Callback::from(move |event: MouseEvent| {
        // The second click of a double click is no wish to take back what the first one did.
        if !(flips && event.detail() > 1) {
            on.emit(Intent::Give(commands.clone()));
        }
    })
}

/// Words for a screen reader only.
pub(super) fn hidden(text: impl Into<AttrValue>) -> Html {
    html! { <span class="sr">{ text.into() }</span> }
}

/// A moment as people read it: seconds, to the millisecond. The exact one goes in a title.
pub(super) fn clock_text(time: Time) -> String {
    let ms = time.0 / 1000;
    format!("{}.{:03}\u{a0}s", ms / 1000, ms % 1000)
}

/// A length of time as people read it: three digits or so.
pub(super) fn about(span: Span) -> String {
    match span.0 {
        us if us >= 10_000_000 => fixed(us as f64 / 1e6, 1) + "\u{a0}s",
        us if us >= 1_000_000 => fixed(us as f64 / 1e6, 2) + "\u{a0}s",
        us if us >= 10_000 => fixed(us as f64 / 1e3, 0) + "\u{a0}ms",
        us => fixed(us as f64 / 1e3, 1) + "\u{a0}ms",
    }
}

/// What happened in a step, in the words of the page.
pub(super) fn what_text(shot: &Shot, record: &Record) -> String {
    happened_text(&record.what, &shot.names, &shot.words)
}

/// Who brought a step about, as a class: a person, the storm, or the protocol itself.
pub(super) fn hand_class(what: &Happened) -> &'static str {
    match what {
        Happened::Commanded(..) => "you",
        Happened::Struck(..) => "storm",
        Happened::Lost(..) => "lost",
        Happened::Nothing
        | Happened::Started(_)
        | Happened::Delivered(_)
        | Happened::TimerFired(..)
        | Happened::Written(..) => "own",
    }
}

/// A note in words, with the rule of the paper that was applied.
pub(super) fn note(shot: &Shot, note: &Note) -> Html {
    let text = note_text(note, &shot.names, &shot.words);
    let notes = shot.names.lab.info().notes;
    let cites = notes.get(usize::from(note.key.0)).map_or("", |n| n.cites);
    let cites = reference(cites, &shot.words, shot.lang);
    let cites = (!cites.is_empty()).then(|| html! { <cite>{ cites }</cite> });
    html! { <>{ text }{ for cites }</> }
}

/// The notes of a step, one a line.
pub(super) fn notes(shot: &Shot, record: &Record) -> Html {
    let line = |(i, one): (usize, &Note)| {
        html! { <span class="note" key={i}>{ note(shot, one) }</span> }
    };
    let all = own_first(&record.notes, shot.names.lab.info().notes);
    all.into_iter().enumerate().map(line).collect()
}

/// What stands in the field in which something happened.
pub(super) fn typed(event: &impl AsRef<Event>) -> String {
    use wasm_bindgen::JsCast;
    let target = event.as_ref().target();
    target
        .and_then(|t| t.dyn_into::<HtmlInputElement>().ok())
        .map(|input| input.value())
        .unwrap_or_default()
}

/// The node that is selected, or at which the selected step happened.
pub(super) fn selected_node(shot: &Shot) -> Option<NodeId> {
    match shot.selection {
        Selection::Node(node) => Some(node),
        Selection::Event(_) => shot.leading.last().and_then(|record| record.what.node()),
        Selection::Nothing | Selection::Flight(_) | Selection::Link(..) => None,
    }
}
