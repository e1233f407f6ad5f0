//! The state of the selected node: what it holds in memory apart from what is on its disk.

use super::choice::node_list;
use super::facts::{Row, rows, table};
use super::parts::{PanelProps, about, clock_text, selected_node, status_key};
use crate::engine::{Facts, NodeId};
use crate::lab::Phrase;
use crate::sim::Status;
use crate::ui::model::{Intent, Selection, Shot};
use yew::prelude::*;

/// What the panel showed before, so that it can mark what is new.
#[derive(Default)]
struct Seen {
    /// Node, branch and step.
    at: Option<(NodeId, usize, u64)>,
    /// The values by their paths, in the order of the rows.
    values: Vec<(String, String)>,
    /// The paths of those that are new.
    changed: Vec<String>,
}

impl Seen {
    /// Compares with what was seen before, unless it is the same moment.
    fn look(&mut self, at: (NodeId, usize, u64), rows: &[&[Row]]) {
        if self.at == Some(at) {
            return;
        }
        let same = self.at.is_some_and(|(n, b, _)| (n, b) == (at.0, at.1));
        let mut values = Vec::new();
        self.changed.clear();
        for row in rows.iter().copied().flatten() {
            let entry = (row.path.clone(), row.value.clone().unwrap_or_default());
            if same && !self.values.contains(&entry) {
                self.changed.push(entry.0.clone());
            }
            values.push(entry);
        }
        self.values = values;
        self.at = Some(at);
    }
}

/// The panel.
#[component]
pub(super) fn State(props: &PanelProps) -> Html {
    let shot = &props.shot;
    let seen = use_mut_ref(Seen::default);
    let Some(node) = selected_node(shot) else {
        return html! { <div class="state" key="none">{ nobody(props) }</div> };
    };
    let cell = shot.run.world().cell(node);
    let facts_of = |root: &str| {
        let mut facts = Facts::default();
        match root {
            "disk" => cell.node().disk_facts(&mut facts),
            _ => cell.node().facts(&mut facts),
        }
        rows(&facts, &shot.names, &shot.words, root)
    };
    let down = cell.status() == Status::Down;
    let memory = if down { Vec::new() } else { facts_of("memory") };
    let disk = facts_of("disk");
    let mut seen = seen.borrow_mut();
    let at = (node, shot.branch, shot.position.step);
    seen.look(at, &[&memory, &disk]);
    let why = |path: &str| props.want::<MouseEvent>(Intent::WhyValue(node, path.to_owned()));
    let text = |key: &str| shot.words.text(key);
    let caption = |name: &str, hint: &str| {
        html! { <>{ text(name) }<small>{ text(hint) }</small></> }
    };
    let memory = if down {
        html! { <p class="lost" key="memory">{ text("state.memory-lost") }</p> }
    } else {
        let caption = caption("state.memory", "state.memory-hint");
        html! {
            <div key="memory">{ table(caption, "memory", &memory, &seen.changed, &shot.words, Some(&why)) }</div>
        }
    };
    html! {
        <div class="state" key="node">
            { shell(shot, node) }
            { memory }
            <div key="disk">
                { table(caption("state.disk", "state.disk-hint"), "disk", &disk,
                    &seen.changed, &shot.words, Some(&why)) }
            </div>
        </div>
    }
}

/// Nothing is selected: a list to select from.
fn nobody(props: &PanelProps) -> Html {
    let shot = &props.shot;
    let choose = props.on.reform(|node: Option<NodeId>| {
        Intent::Select(node.map_or(Selection::Nothing, Selection::Node))
    });
    let label = ("state-node", shot.words.text("state.choose"));
    let none = Some(shot.words.text("state.none"));
    node_list(&shot.names, label, None, none, &choose)
}

/// What the world knows of the node: status, clock, timers, writes.
fn shell(shot: &Shot, node: NodeId) -> Html {
    let cell = shot.run.world().cell(node);
    let say = |phrase: Phrase| shot.words.say(&phrase);
    let text = |key: &str| shot.words.text(key);
    let ahead = cell.clock().ahead_us(shot.clock);
    let clock = clock_text(cell.clock().local(shot.clock));
    let skew = (ahead != 0).then(|| {
        let key = if ahead > 0 {
            "state.ahead"
        } else {
            "state.behind"
        };
        let span = crate::engine::Span(ahead.unsigned_abs());
        say(Phrase::new(key).with("span", about(span)))
    });
    let timer = |timer: crate::sim::TimerView| {
        let name = shot.words.timer(&shot.names.timer(node, timer.timer));
        let left = say(Phrase::new("state.in").with("span", about(timer.deadline - shot.clock)));
        let exact = format!("{} s", timer.deadline);
        html! { <li key={timer.timer.0} title={exact}><b>{ name }</b>{ " " }{ left }</li> }
    };
    let timers: Vec<Html> = match cell.status() {
        Status::Up => cell.timers().map(timer).collect(),
        Status::Paused | Status::Down => Vec::new(),
    };
    let timers = if timers.is_empty() {
        html! { <span key="none">{ text("state.no-timer") }</span> }
    } else {
        html! { <ul key="some">{ for timers }</ul> }
    };
    let parked = (cell.parked() > 0).then(|| {
        html! {
            <div key="parked"><dt>{ text("state.parked") }</dt><dd>{ cell.parked() }</dd></div>
        }
    });
    let key = status_key(cell.status());
    html! {
        <dl class="nodeinfo">
            <div key="status">
                <dt>{ text("state.status") }</dt>
                <dd class={key.replace('.', "-")}>{ text(key) }</dd>
            </div>
            <div key="clock"><dt>{ text("state.clock") }</dt><dd>{ clock }{ " " }{ skew }</dd></div>
            <div key="timers"><dt>{ text("state.timers") }</dt><dd>{ timers }</dd></div>
            <div key="writes">
                <dt>{ text("state.writes") }</dt><dd>{ cell.writes_pending() }</dd>
            </div>
            { for parked }
        </dl>
    }
}
