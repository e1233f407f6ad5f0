//! A wall between two groups, chosen node by node.

use super::choice::Choice;
use super::parts::{PanelProps, hidden};
use crate::engine::NodeId;
use crate::ui::model::Intent;
use crate::view::partition;
use yew::prelude::*;

/// Where a node stands: on one side, on the other, or where it keeps all its links.
#[derive(Copy, Clone, PartialEq, Eq)]
enum Group {
    A,
    B,
    None,
}

const GROUPS: [(Group, &str, &str); 3] = [
    (Group::A, "a", "wall.a"),
    (Group::B, "b", "wall.b"),
    (Group::None, "-", "wall.none"),
];

/// A list for each node, and the button that draws the wall.
#[component]
pub(super) fn Wall(props: &PanelProps) -> Html {
    let shot = &props.shot;
    let words = &shot.words;
    let groups = use_state(Vec::<Group>::new);
    let of = |node: NodeId| groups.get(node.index()).copied().unwrap_or(Group::None);
    let nodes = shot.names.nodes().count();
    let row = |(node, name): (NodeId, &str)| {
        let on_choose = {
            let groups = groups.clone();
            Callback::from(move |value: String| {
                let group = GROUPS.iter().find(|(_, id, _)| *id == value);
                let mut next = (*groups).clone();
                next.resize(nodes, Group::None);
                next[node.index()] = group.map_or(Group::None, |(group, ..)| *group);
                groups.set(next);
            })
        };
        let option = |(_, id, key): &(Group, &str, &str)| ((*id).to_owned(), words.text(key));
        let now = GROUPS.iter().find(|(group, ..)| *group == of(node));
        html! {
            <Choice key={node.0} id={format!("wall-{}", node.0)} label={name.to_owned()}
                all={GROUPS.iter().map(option).collect::<Vec<_>>()}
                now={now.map_or_else(String::new, |(_, id, _)| (*id).to_owned())} {on_choose} />
        }
    };
    let side = |group| {
        let all = shot.names.nodes().map(|(node, _)| node);
        all.filter(|node| of(*node) == group).collect::<Vec<_>>()
    };
    let (a, b) = (side(Group::A), side(Group::B));
    let empty = a.is_empty() || b.is_empty();
    let control = partition(vec![a, b]);
    let label = words.say(&control.label);
    let onclick = props.want::<MouseEvent>(Intent::Give(control.command));
    html! {
        <div class="wall">
            <p class="cap">{ words.text("wall.hint") }</p>
            <div class="sides">{ for shot.names.nodes().map(row) }</div>
            <button type="button" class="pbtn harmful" {onclick} disabled={empty}>{ label }</button>
            <span>{ if empty { hidden(words.text("wall.empty")) } else { html! {} } }</span>
        </div>
    }
}
