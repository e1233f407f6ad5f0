//! The messages under way; the selected one with its content and its levers.

use super::facts::{rows, table};
use super::parts::{PanelProps, about, buttons, clock_text, tone_class, what_text};
use crate::engine::Facts;
use crate::engine::sorting::sort_by_key;
use crate::lab::Phrase;
use crate::sim::{Flight, LossReason, MessageName};
use crate::ui::model::{Intent, Selection, Shot};
use crate::view::flight_controls;
use yew::prelude::*;

/// How many messages are listed.
const MOST: usize = 60;

/// The panel.
pub(super) fn messages(props: &PanelProps) -> Html {
    let shot = &props.shot;
    let mut flights: Vec<&Flight> = shot.run.world().flights().collect();
    let selected = match shot.selection {
        Selection::Flight(name) => Some(name),
        Selection::Nothing | Selection::Node(_) | Selection::Link(..) | Selection::Event(_) => None,
    };
    sort_by_key(&mut flights, |flight| (flight.due, flight.letter.name));
    let more = flights.len().saturating_sub(MOST);
    let open = selected.map(|name| {
        let flight = flights.iter().find(|flight| flight.letter.name == name);
        match flight {
            Some(flight) => open(props, flight),
            None => gone(props, name),
        }
    });
    let list = flights.iter().take(MOST).map(|flight| {
        let chosen = selected == Some(flight.letter.name);
        row(props, flight, chosen)
    });
    let more = match more {
        0 if flights.is_empty() => shot.words.text("messages.none"),
        0 => String::new(),
        n => shot.words.say(&Phrase::new("messages.more").with("n", n)),
    };
    html! {
        <div key="messages" class="messages">
            <div key="open">{ for open }</div>
            <ul key="list" class="rows">{ for list }</ul>
            <p key="more" class="cap">{ more }</p>
        </div>
    }
}

/// What stands beside a message: how long it still takes, or what becomes of it.
fn fate(shot: &Shot, flight: &Flight) -> String {
    let key = match flight.fate {
        Some(LossReason::Loss) => "messages.lost",
        Some(LossReason::Cut) => "messages.cut",
        Some(LossReason::Down) => "messages.down",
        Some(LossReason::Dropped) => "messages.dropped",
        None if flight.held => "messages.held",
        None => return about(flight.due - shot.clock),
    };
    shot.words.text(key)
}

fn row(props: &PanelProps, flight: &Flight, chosen: bool) -> Html {
    let shot = &props.shot;
    let name = flight.letter.name;
    let onclick = props.want::<MouseEvent>(Intent::Select(Selection::Flight(name)));
    let label = shot
        .plugin
        .message_label(&*flight.letter.parcel, &shot.names);
    let (from, to) = (shot.names.node(name.from), shot.names.node(name.to));
    let tone = tone_class(shot.plugin.message_tone(name.kind));
    let lost = flight.fate.is_some().then_some("lost");
    html! {
        <li key={shot.names.message(name)}>
            <button type="button" {onclick} class={classes!("line", tone, lost)}
                title={shot.names.message(name)} aria-pressed={if chosen { "true" } else { "false" }}>
                <span class="link">{ from }{ " → " }{ to }</span>
                <span class="what">{ label }</span>
                <span class="left">{ fate(shot, flight) }</span>
            </button>
        </li>
    }
}

fn open(props: &PanelProps, flight: &Flight) -> Html {
    let shot = &props.shot;
    let mut facts = Facts::default();
    flight.letter.parcel.facts(&mut facts);
    let rows = rows(&facts, &shot.names, &shot.words, "message");
    let name = shot.names.message(flight.letter.name);
    let sent = Phrase::new("messages.sent").with("step", flight.letter.sent_step);
    let seek = props.want::<MouseEvent>(Intent::SeekStep(flight.letter.sent_step));
    let caption = html! { <><code>{ name }</code><small>{ fate(shot, flight) }</small></> };
    html! {
        <div class="openmsg" key="open">
            { table(caption, "message", &rows, &[], &shot.words, None) }
            <div class="btns">
                { buttons(props, flight_controls(flight)) }
            </div>
            <button type="button" class="bare seek" onclick={seek}>{ shot.words.say(&sent) }</button>
        </div>
    }
}

/// A message that is no longer under way: what became of it, and a way there.
fn gone(props: &PanelProps, name: MessageName) -> Html {
    let shot = &props.shot;
    let end = shot.leading.last().filter(|_| shot.over.is_some());
    if let Some(record) = end {
        let seek = props.want::<MouseEvent>(Intent::SeekStep(record.step));
        let at = Phrase::new("messages.ended").with("time", clock_text(record.time));
        return html! {
            <div class="openmsg" key="gone">
                <p class="cap">{ what_text(shot, record) }</p>
                <button type="button" class="bare seek" onclick={seek}>{ shot.words.say(&at) }</button>
            </div>
        };
    }
    let gone = Phrase::new("messages.gone").with("message", shot.names.message(name));
    html! { <p class="cap" key="gone">{ shot.words.say(&gone) }</p> }
}
