//! What a client can ask for: working examples, and a field for any command of a story.

use super::parts::{PanelProps, buttons, selected_node, typed};
use crate::engine::NodeId;
use crate::sim::NodeKind;
use crate::ui::model::{Intent, Shot};
use crate::view::request_controls;
use yew::prelude::*;

/// The first example of a request that this node takes.
fn example(shot: &Shot, node: NodeId) -> Option<&'static str> {
    let verbs = shot.plugin.info().verbs.iter();
    let takes = |words: &&str| {
        let words: Vec<&str> = words.split(' ').collect();
        let world = shot.run.world();
        shot.plugin.request(world, node, &words).is_some()
    };
    verbs.map(|verb| verb.example).find(takes)
}

/// The node that is asked: the selected one if it takes requests, else the first client, else the
/// first node that takes what the lab's first verb asks, else the first that takes any.
fn asked(shot: &Shot) -> Option<NodeId> {
    let client = |node: &NodeId| shot.names.kind(*node) == NodeKind::Client;
    let all = || shot.run.world().ids();
    let first = shot.plugin.info().verbs.first().map(|verb| verb.example);
    let clients = all().filter(client);
    selected_node(shot)
        .into_iter()
        .chain(clients)
        .find(|node| example(shot, *node).is_some())
        .or_else(|| all().find(|node| first.is_some() && example(shot, *node) == first))
        .or_else(|| all().find(|node| example(shot, *node).is_some()))
}

/// The box.
#[component]
pub(super) fn Requests(props: &PanelProps) -> Html {
    let shot = &props.shot;
    let words = &shot.words;
    let node = asked(shot);
    let example = node.and_then(|node| Some((node, example(shot, node)?)));
    let example = match example {
        Some((node, words)) => format!("request {} {words}", shot.names.node(node)),
        None => "run 300ms".to_owned(),
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
        // Who is down is asked for nothing.
        let none = controls.is_empty();
        html! {
            <div key="examples" role="group" hidden={none} aria-label={words.say(&title)}>
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
