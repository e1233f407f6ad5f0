//! Walls between groups, chosen node by node.

use super::choice::Choice;
use super::parts::PanelProps;
use crate::engine::NodeId;
use crate::ui::model::Intent;
use crate::view::partition;
use yew::prelude::*;

/// In which group a node stands; in none it keeps all its links, and so reaches every group.
type Group = Option<u8>;

/// The groups by their names.
const GROUPS: [(Group, &str, &str); 5] = [
    (Some(0), "a", "wall.a"),
    (Some(1), "b", "wall.b"),
    (Some(2), "c", "wall.c"),
    (Some(3), "d", "wall.d"),
    (None, "-", "wall.none"),
];

/// A list for each node, and the button that draws the wall.
#[component]
pub(super) fn Wall(props: &PanelProps) -> Html {
    let shot = &props.shot;
    let words = &shot.words;
    let groups = use_state(Vec::<Group>::new);
    let of = |node: NodeId| groups.get(node.index()).copied().unwrap_or(None);
    let nodes = shot.names.nodes().count();
    let row = |(node, name): (NodeId, &str)| {
        let on_choose = {
            let groups = groups.clone();
            Callback::from(move |value: String| {
                let group = GROUPS.iter().find(|(_, id, _)| *id == value);
                let mut next = (*groups).clone();
                next.resize(nodes, None);
                next[node.index()] = group.and_then(|(group, ..)| *group);
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
    let members = |(group, ..): &(Group, &str, &str)| {
        let all = shot.names.nodes().map(|(node, _)| node);
        all.filter(|node| group.is_some() && of(*node) == *group)
            .collect::<Vec<_>>()
    };
    let groups: Vec<_> = GROUPS.iter().map(members).collect();
    let groups: Vec<_> = groups
        .into_iter()
        .filter(|group| !group.is_empty())
        .collect();
    let empty = groups.len() < 2;
    let control = partition(groups);
    let label = words.say(&control.label);
    let closed = shot.why_closed(&control.commands);
    let onclick = props.want::<MouseEvent>(Intent::Give(control.commands));
    html! {
        <div class="wall">
            <p class="cap">{ words.text("wall.hint") }</p>
            <div class="sides">{ for shot.names.nodes().map(row) }</div>
            <button type="button" class="pbtn harmful" {onclick} disabled={empty || closed.is_some()}
                title={closed.clone()} aria-describedby={empty.then_some("wall-empty")}>{ label }</button>
            <p id="wall-empty" class="cap" hidden={!empty}>{ words.text("wall.empty") }</p>
        </div>
    }
}
