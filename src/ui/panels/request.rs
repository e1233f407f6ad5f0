//! What a client can ask for: working examples, and a field for any command of a story.

use super::parts::{PanelProps, buttons, selected_node, typed};
use crate::engine::NodeId;
use crate::sim::NodeKind;
use crate::ui::model::{Intent, Shot};
use crate::view::request_controls;
use yew::prelude::*;

/// The node that is asked: the selected one if it takes requests, else the first client, else
/// the first node that takes any.
fn asked(shot: &Shot) -> Option<NodeId> {
    let takes = |node: &NodeId| !request_controls(shot.run.world(), &shot.names, *node).is_empty();
    let client = |node: &NodeId| shot.names.kind(*node) == NodeKind::Client;
    let all = || shot.run.world().ids();
    let clients = all().filter(client);
    selected_node(shot)
        .into_iter()
        .chain(clients)
        .find(takes)
        .or_else(|| all().find(takes))
}

/// The box.
#[component]
pub(super) fn Requests(props: &PanelProps) -> Html {
    let shot = &props.shot;
    let words = &shot.words;
    let node = asked(shot);
    let verb = shot.plugin.info().verbs.first();
    let example = match (node, verb) {
        (Some(node), Some(verb)) => {
            format!("request {} {}", shot.names.node(node), verb.example)
        }
        _ => "run 300ms".to_owned(),
    };
    // Nothing typed yet: the field shows an example that works.
    let text = use_state(|| None::<String>);
    let value = (*text).clone().unwrap_or_else(|| example.clone());
    let oninput = {
        let text = text.clone();
        Callback::from(move |event: InputEvent| text.set(Some(typed(&event))))
    };
    let onsubmit = {
        let (on, value) = (props.on.clone(), value.trim().to_owned());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if !value.is_empty() {
                on.emit(Intent::Type(value.clone()));
            }
        })
    };
    let examples = node.map(|node| {
        let title = crate::lab::Phrase::new("palette.request").with("node", shot.names.node(node));
        let controls = request_controls(shot.run.world(), &shot.names, node);
        html! {
            <div key="examples" role="group" aria-label={words.say(&title)}>
                <p class="cap">{ words.say(&title) }</p>
                <div class="btns">{ buttons(props, controls) }</div>
            </div>
        }
    });
    html! {
        <div class="group request">
            <div key="examples">{ for examples }</div>
            <form key="typed" {onsubmit}>
                <label for="palette-typed">{ words.text("palette.typed") }</label>
                <input id="palette-typed" type="text" autocomplete="off" spellcheck="false"
                    {value} {oninput} />
                <button type="submit" class="pbtn">{ words.text("palette.send") }</button>
            </form>
        </div>
    }
}
