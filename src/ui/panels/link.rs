//! One link, chosen by its ends.

use super::choice::node_list;
use super::network::network;
use super::parts::{PanelProps, buttons};
use crate::engine::NodeId;
use crate::sim::Scope;
use crate::ui::model::Selection;
use crate::view::link_controls;
use yew::prelude::*;

/// Two lists of nodes, and what can be done to the link between.
#[component]
pub(super) fn LinkPicker(props: &PanelProps) -> Html {
    let shot = &props.shot;
    let words = &shot.words;
    let chosen = use_state(|| (NodeId(0), NodeId(1)));
    let nodes = shot.names.nodes().count();
    let (from, to) = match shot.selection {
        Selection::Link(from, to) => (from, to),
        Selection::Nothing | Selection::Node(_) | Selection::Flight(_) | Selection::Event(_) => {
            *chosen
        }
    };
    let pick = |end: fn((NodeId, NodeId), NodeId) -> (NodeId, NodeId)| {
        let (chosen, on) = (chosen.clone(), props.on.clone());
        Callback::from(move |node: Option<NodeId>| {
            let Some(node) = node else { return };
            let (from, to) = end((from, to), node);
            chosen.set((from, to));
            if from != to {
                on.emit(crate::ui::model::Intent::Select(Selection::Link(from, to)));
            }
        })
    };
    let one_way = use_state(|| false);
    let onchange = {
        let one_way = one_way.clone();
        Callback::from(move |_: Event| one_way.set(!*one_way))
    };
    let first = pick(|(_, to), node| (node, to));
    let second = pick(|(from, _), node| (from, node));
    let bad = from == to || from.index().max(to.index()) >= nodes;
    let scope = Scope::Link {
        from,
        to,
        both: !*one_way,
    };
    let levers = if bad {
        html! { <p class="cap" key="same">{ words.text("link.same") }</p> }
    } else {
        let controls = link_controls(shot.run.world(), from, to);
        html! {
            <div key="levers">
                <div class="btns">{ buttons(props, controls) }</div>
                <label class="onebox">
                    <input type="checkbox" checked={*one_way} {onchange} />{ words.text("link.one-way") }
                </label>
                { network(props, scope) }
            </div>
        }
    };
    let from_label = ("link-from", words.text("link.from"));
    let to_label = ("link-to", words.text("link.to"));
    html! {
        <div class="linkpick">
            { node_list(&shot.names, from_label, Some(from), None, &first) }
            { node_list(&shot.names, to_label, Some(to), None, &second) }
            { levers }
        </div>
    }
}
