//! The operations of the clients as a table: what the bars of the diagram show, in words.

use super::parts::{PanelProps, clock_text, hidden};
use crate::lab::Phrase;
use crate::lab::linear::{Judged, Opinion};
use crate::ui::model::{Intent, Shot};
use crate::ui::player::Told;
use crate::view::{Operation, operations, opinion_text};
use yew::prelude::*;

/// How many operations are listed, the last ones; those that no order explains are always.
const MOST: usize = 60;

/// The panel.
pub(super) fn operations_panel(props: &PanelProps, told: &Told) -> Html {
    let shot = &props.shot;
    let words = &shot.words;
    let account = told.account.borrow();
    let whole = (crate::engine::Time(0), crate::engine::Time(u64::MAX));
    let all = operations(&account, &told.judged, whole, shot.position.step, words);
    let from = all.len().saturating_sub(MOST);
    let shown = all.iter().enumerate();
    let shown = shown.filter(|(i, one)| *i >= from || one.marked);
    let rows = shown.map(|(_, one)| row(props, &told.judged, one));
    let text = opinion_text(&account, &told.judged, &shot.names, words);
    let fails = told.judged.reason().is_some();
    let more = (from > 0).then(|| {
        let text = Phrase::new("operations.last")
            .with("shown", MOST)
            .with("all", all.len());
        html! { <p key="more" class="cap">{ words.say(&text) }</p> }
    });
    let head = ["operation", "client", "from", "to", "place"].map(|column| {
        html! { <th key={column} scope="col">{ words.text(&format!("operations.{column}")) }</th> }
    });
    html! {
        <div key="operations" class="operations">
            <p key="opinion" class={classes!("said", fails.then_some("fails"))}>{ text }</p>
            <div key="more">{ for more }</div>
            <table key="table" class="plain">
                <caption class="hidden">{ words.text("side.operations") }</caption>
                <thead><tr>{ for head }</tr></thead>
                <tbody>{ for rows }</tbody>
            </table>
        </div>
    }
}

fn row(props: &PanelProps, judged: &Judged, one: &Operation) -> Html {
    let shot = &props.shot;
    let words = &shot.words;
    let to = match one.to {
        Some(to) => clock_text(to),
        None => words.text("operations.unknown"),
    };
    let place = match (one.place, one.marked, &judged.opinion) {
        (Some((place, _)), ..) => place.to_string(),
        (None, true, _) if one.stuck => words.text("operations.stuck"),
        (None, true, _) => words.text("operations.marked"),
        (None, false, Opinion::Holds) => words.text("operations.not"),
        (None, false, _) => String::new(),
    };
    let onclick = props.want::<MouseEvent>(Intent::SeekStep(one.step));
    let sign = one.marked.then(|| {
        html! { <i key="sign" aria-hidden="true">{ if one.stuck { "✕ " } else { "! " } }</i> }
    });
    html! {
        <tr key={one.at} class={classes!(one.marked.then_some("marked"), one.stuck.then_some("stuck"))}>
            <th scope="row">
                <button type="button" class="bare" {onclick}>
                    <span key="sign">{ for sign }</span>{ &one.text }
                    { hidden(words.text("operations.go")) }
                </button>
            </th>
            <td>{ shot.names.node(one.client) }</td>
            <td>{ clock_text(one.from) }</td>
            <td>{ to }</td>
            <td>{ place }</td>
        </tr>
    }
}

/// What the clients have told by now, where they have.
pub(super) fn told(shot: &Shot) -> Option<&Told> {
    let told = shot.told.as_ref()?;
    let some = !told.account.borrow().until(shot.position.step).is_empty();
    some.then_some(told)
}
