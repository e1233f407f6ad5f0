//! The small bar at the foot of the stage, with what can be done to what is selected. It stays
//! in one place, so that it covers no node and a hand finds it again.

use crate::ui::model::{Intent, Selection, Shot};
use crate::ui::page;
use crate::ui::panels::give;
use crate::view::{Control, flight_controls, link_controls, node_controls, request_controls};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, Node, NodeList};
use yew::{Callback, Html, classes, html};

/// What can be done to what is selected.
pub(in crate::ui) fn controls(shot: &Shot) -> Vec<Control> {
    let world = shot.run.world();
    match shot.selection {
        Selection::Nothing | Selection::Event(_) => Vec::new(),
        Selection::Node(node) => {
            let mut controls = node_controls(world, &shot.names, node);
            controls.extend(request_controls(world, &shot.names, node));
            controls
        }
        Selection::Flight(name) => {
            let mut flights = world.flights();
            let flight = flights.find(|flight| flight.letter.name == name);
            flight.map(flight_controls).unwrap_or_default()
        }
        Selection::Link(a, b) => link_controls(world, a, b),
    }
}

/// What is selected, by name.
fn title(shot: &Shot) -> String {
    match shot.selection {
        Selection::Nothing | Selection::Event(_) => String::new(),
        Selection::Node(node) => shot.names.node(node).to_owned(),
        Selection::Flight(name) => shot.names.message(name),
        Selection::Link(a, b) => {
            format!("{} \u{2013} {}", shot.names.node(a), shot.names.node(b))
        }
    }
}

/// The controls of the bar, in their order.
fn buttons() -> Option<NodeList> {
    page::document().query_selector_all(".actions .act").ok()
}

/// Which control of the bar has the focus.
pub(super) fn held() -> Option<u32> {
    let active = page::document()
        .active_element()
        .filter(|active| active.matches(".actions .act") == Ok(true))?;
    let buttons = buttons()?;
    (0..buttons.length()).find(|at| buttons.item(*at).as_ref() == Some(active.as_ref()))
}

/// Who pressed a control that went with what it did goes on from the one in its place, or from the node.
pub(super) fn hold(at: u32) {
    let body = page::document().body().map(Element::from);
    if page::document().active_element() != body {
        return;
    }
    let there =
        buttons().and_then(|buttons| buttons.item(at.min(buttons.length().checked_sub(1)?)));
    let node = || {
        let chosen = page::document().query_selector(".field .node[aria-pressed=true]");
        chosen.ok().flatten().map(Node::from)
    };
    for element in there.into_iter().chain(node()) {
        if let Ok(element) = element.dyn_into::<HtmlElement>()
            && !element.has_attribute("disabled")
        {
            // An element that cannot take the focus leaves it where it is.
            let _ = element.focus();
            return;
        }
    }
}

/// The bar; empty and unseen where nothing is selected.
pub(super) fn actions(shot: &Shot, on: &Callback<Intent>) -> Html {
    let controls = controls(shot);
    let button = |(i, control): (usize, Control)| {
        let onclick = give(on, &control);
        let why = shot.why_closed(&control.commands);
        html! {
            <button key={format!("{i}{}", control.label.key)} type="button" {onclick}
                disabled={why.is_some()} title={why.clone()}
                class={classes!("act", control.harmful.then_some("harmful"))}>
                { shot.words.say(&control.label) }
            </button>
        }
    };
    let hidden = controls.is_empty();
    let buttons = controls.into_iter().enumerate().map(button);
    html! {
        <div key="actions" class="actions" role="toolbar" aria-label={shot.words.text("stage.actions")} {hidden}>
            <span class="about">{ title(shot) }</span>
            { for buttons }
        </div>
    }
}
