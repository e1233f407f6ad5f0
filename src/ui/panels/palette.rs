//! The tools beside the stage: what can be done to what is selected, and to the whole world.

use super::choice::node_list;
use super::goals::Goals;
use super::link::LinkPicker;
use super::network::{network, sliders};
use super::parts::{PanelProps, buttons, selected_node};
use super::request::Requests;
use super::storm::Storm;
use super::wall::Wall;
use crate::engine::NodeId;
use crate::sim::Scope;
use crate::ui::model::{Intent, Selection};
use crate::view::{flight_controls, link_controls, node_controls, node_stops, weather_controls};
use yew::prelude::*;

/// The column of tools.
pub fn palette(props: &PanelProps) -> Html {
    let shot = &props.shot;
    let words = &shot.words;
    let world = shot.run.world();
    let choose = props.on.reform(|node: Option<NodeId>| {
        Intent::Select(node.map_or(Selection::Nothing, Selection::Node))
    });
    let label = ("palette-node", words.text("palette.node"));
    let none = Some(words.text("palette.nobody"));
    let controls = match shot.selection {
        Selection::Node(node) => node_controls(world, &shot.names, node),
        Selection::Flight(name) => {
            let flight = world.flights().find(|flight| flight.letter.name == name);
            flight.map(flight_controls).unwrap_or_default()
        }
        Selection::Link(a, b) => link_controls(world, a, b),
        Selection::Nothing | Selection::Event(_) => Vec::new(),
    };
    let about = match shot.selection {
        Selection::Node(_) => None,
        Selection::Flight(name) => Some(shot.names.message(name)),
        Selection::Link(a, b) => Some(format!("{} ↔ {}", shot.names.node(a), shot.names.node(b))),
        Selection::Nothing | Selection::Event(_) => Some(words.text("palette.hint")),
    };
    let weather = weather_controls(world);
    html! {
        <section class="palette card" aria-label={words.text("palette.title")}>
            <div key="selected" class="group selected">
                { node_list(&shot.names, label, selected_node(shot), none, &choose) }
                <p class="cap">{ about }</p>
                <div class="btns">{ buttons(props, controls) }</div>
            </div>
            <Requests key="request" ..props.clone() />
            <div key="weather" class="group" role="group" aria-label={words.text("palette.weather")}>
                <div class="btns">{ buttons(props, weather) }</div>
            </div>
            <details key="goals" class="group">
                <summary>{ words.text("palette.goals") }</summary><Goals ..props.clone() />
            </details>
            <details key="clock" class="group">
                <summary>{ words.text("palette.clock") }</summary>{ clock_and_disk(props) }
            </details>
            <details key="storm" class="group">
                <summary>{ words.text("palette.storm") }</summary><Storm ..props.clone() />
            </details>
            <details key="network" class="group">
                <summary>{ words.text("palette.network") }</summary>{ network(props, Scope::Net) }
            </details>
            <details key="link" class="group">
                <summary>{ words.text("palette.link") }</summary><LinkPicker ..props.clone() />
            </details>
            <details key="wall" class="group">
                <summary>{ words.text("palette.wall") }</summary><Wall ..props.clone() />
            </details>
        </section>
    }
}

/// The levers of the selected node's clock and disk.
fn clock_and_disk(props: &PanelProps) -> Html {
    let shot = &props.shot;
    match selected_node(shot) {
        Some(node) => sliders(props, node_stops(shot.run.world(), node)),
        None => html! { <p class="cap" key="none">{ shot.words.text("palette.clock-hint") }</p> },
    }
}
