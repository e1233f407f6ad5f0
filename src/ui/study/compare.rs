//! Two sides compared: two branches at one time, two moments, or two nodes. Only what differs is
//! listed.

use super::StudyProps;
use super::branches::{moment, name_of};
use crate::engine::{Facts, NodeId};
use crate::lab::{BranchId, Contrast, Part, Parting, Phrase, contrasts, happened_text};
use crate::sim::{Cell, Status, World};
use crate::ui::model::{Against, Intent, Other, Selection, Shot};
use crate::ui::panels::{choice, fact};
use yew::{Callback, Html, MouseEvent, html};

/// The most rows that are listed.
const MOST: usize = 200;

/// Node, place, here, there.
type Row = (String, String, String, String);

/// The panel.
pub(super) fn compare(props: &StudyProps<'_>) -> Html {
    let (shot, words) = (props.shot, &props.shot.words);
    let pin = props.on.reform(|_: MouseEvent| Intent::Pin);
    let pinned = shot.pinned.map(|(branch, at)| {
        let place = format!("{}, {}", name_of(shot, branch), moment(at));
        words.say(&Phrase::new("study.pinned").with("place", place))
    });
    let body = match &shot.other {
        Some(other) => found(props, other),
        None => html! { <p class="cap" key="none">{ words.text("study.compare-hint") }</p> },
    };
    html! {
        <div key="compare" class="compare">
            { sides(props) }
            <div class="btns">
                <button type="button" class="pbtn" onclick={pin}>{ words.text("study.pin") }</button>
                <small>{ pinned }</small>
            </div>
            { body }
        </div>
    }
}

/// With what it can be compared.
fn all_sides(shot: &Shot) -> Vec<(Against, String)> {
    let say = |key: &str, name: &'static str, value: String| {
        shot.words.say(&Phrase::new(key).with(name, value))
    };
    let other = |id: &BranchId| *id != shot.branch;
    let branches = shot.branches.iter().map(|branch| branch.id).filter(other);
    let branches = branches.map(|id| {
        let text = say("study.with-branch", "branch", name_of(shot, id));
        (Against::Branch(id), text)
    });
    let pinned = shot.pinned.map(|(branch, at)| {
        let text = say("study.with-moment", "time", moment(at));
        (Against::Moment(branch, at), text)
    });
    let selected = selected(shot);
    let nodes = shot.names.nodes().filter(|(node, _)| *node != selected);
    let nodes = nodes.map(|(node, name)| {
        let phrase = Phrase::new("study.with-node").with("node", name);
        let phrase = phrase.with("selected", shot.names.node(selected));
        (Against::Node(node), shot.words.say(&phrase))
    });
    branches.chain(pinned).chain(nodes).collect()
}

/// The selected node, or the first one.
fn selected(shot: &Shot) -> NodeId {
    match shot.selection {
        Selection::Node(node) => node,
        Selection::Nothing | Selection::Flight(_) | Selection::Link(..) | Selection::Event(_) => {
            NodeId(0)
        }
    }
}

fn sides(props: &StudyProps<'_>) -> Html {
    let (shot, words) = (props.shot, &props.shot.words);
    let all = all_sides(shot);
    let now = shot.other.as_ref().map(|other| other.against);
    let at = now.and_then(|now| all.iter().position(|(against, _)| *against == now));
    let none = (String::new(), words.text("study.nothing"));
    let options = all.iter().enumerate();
    let options = options.map(|(i, (_, text))| (i.to_string(), text.clone()));
    let options: Vec<_> = std::iter::once(none).chain(options).collect();
    let on_choose = {
        let (on, all) = (props.on.clone(), all.clone());
        Callback::from(move |value: String| {
            let chosen = value.parse::<usize>().ok().and_then(|i| all.get(i));
            on.emit(Intent::Compare(chosen.map(|(against, _)| *against)));
        })
    };
    let label = words.text("study.with");
    choice(
        "study-with",
        label,
        options,
        at.map_or_else(String::new, |i| i.to_string()),
        on_choose,
    )
}

fn found(props: &StudyProps<'_>, other: &Other) -> Html {
    let (shot, words) = (props.shot, &props.shot.words);
    let rows = rows(shot, other);
    let more = rows.len().saturating_sub(MOST);
    let cells = |(i, (node, place, left, right)): (usize, &Row)| {
        html! {
            <tr key={i}>
                <th scope="row">{ node }<small>{ place }</small></th><td>{ left }</td><td>{ right }</td>
            </tr>
        }
    };
    let table = if rows.is_empty() {
        html! { <p key="alike" class="cap">{ words.text("study.alike") }</p> }
    } else {
        let head = words.text("study.where");
        let (here, there) = heads(shot, other);
        html! {
            <table key="table" class="plain contrast">
                <caption>{ words.say(&Phrase::new("study.differ").with("n", rows.len())) }</caption>
                <thead><tr>
                    <th scope="col">{ head }</th><th scope="col">{ here }</th><th scope="col">{ there }</th>
                </tr></thead>
                <tbody>{ for rows.iter().take(MOST).enumerate().map(cells) }</tbody>
            </table>
        }
    };
    let more = (more > 0).then(|| words.say(&Phrase::new("study.more").with("n", more)));
    html! {
        <div key="found">
            { parted(props, other) }
            { table }
            <p class="cap">{ more }</p>
        </div>
    }
}

/// What stands over the two columns.
fn heads(shot: &Shot, other: &Other) -> (String, String) {
    let here = || name_of(shot, shot.branch);
    match other.against {
        Against::Node(node) => {
            let name = |node| shot.names.node(node).to_owned();
            (name(selected(shot)), name(node))
        }
        Against::Branch(branch) => (here(), name_of(shot, branch)),
        Against::Moment(_, at) => (moment(shot.position), moment(at)),
    }
}

/// Where two branches part, and a button that goes there.
fn parted(props: &StudyProps<'_>, other: &Other) -> Html {
    let (shot, words) = (props.shot, &props.shot.words);
    let (Against::Branch(branch), Some(parting)) = (other.against, &other.parting) else {
        let alike = matches!(other.against, Against::Branch(_));
        let text = alike.then(|| words.text("study.never-part"));
        return html! { <p key="parted" class="cap">{ text }</p> };
    };
    let side = |name: String, what: &crate::sim::Happened| {
        let what = happened_text(what, &shot.names, words);
        html! { <li key={name.clone()}><b>{ name }</b>{ ": " }{ what }</li> }
    };
    let parting: &Parting = parting;
    let title = Phrase::new("study.part").with("step", parting.step);
    let onclick = {
        let step = parting.step;
        props.on.reform(move |_: MouseEvent| Intent::SeekStep(step))
    };
    html! {
        <div key="parted" class="parted">
            <b>{ words.say(&title) }</b>
            <ul>
                { side(name_of(shot, shot.branch), &parting.left.what) }
                { side(name_of(shot, branch), &parting.right.what) }
            </ul>
            <button type="button" class="pbtn" {onclick}>{ words.text("study.go-there") }</button>
        </div>
    }
}

/// What differs.
fn rows(shot: &Shot, other: &Other) -> Vec<Row> {
    let (here, there) = (shot.run.world(), other.run.world());
    let pairs: Vec<(NodeId, NodeId)> = match other.against {
        Against::Node(node) => vec![(selected(shot), node)],
        Against::Branch(_) | Against::Moment(..) => here.ids().map(|node| (node, node)).collect(),
    };
    let mut rows = Vec::new();
    for (left, right) in pairs {
        let name = shot.names.node(left).to_owned();
        let status = |world: &World, node| match world.cell(node).status() {
            Status::Up => shot.words.text("status.up"),
            Status::Paused => shot.words.text("status.paused"),
            Status::Down => shot.words.text("status.down"),
        };
        let (a, b) = (status(here, left), status(there, right));
        if a != b {
            rows.push((name.clone(), shot.words.text("state.status"), a, b));
        }
        let (a, b) = (here.cell(left), there.cell(right));
        for disk in [false, true] {
            for contrast in contrasts(&facts(a, disk), &facts(b, disk)) {
                rows.push(row(shot, &name, disk, &contrast));
            }
        }
    }
    rows
}

/// What a node holds; what is down holds nothing in memory.
fn facts(cell: &Cell, disk: bool) -> Facts {
    let mut facts = Facts::default();
    match (disk, cell.status()) {
        (true, _) => cell.node().disk_facts(&mut facts),
        (false, Status::Down) => {}
        (false, Status::Up | Status::Paused) => cell.node().facts(&mut facts),
    }
    facts
}

fn row(shot: &Shot, name: &str, disk: bool, contrast: &Contrast) -> Row {
    let words = &shot.words;
    let part = |part: &Part| match part {
        Part::Name(name) => words
            .get(&format!("fact.{name}"))
            .unwrap_or(name)
            .to_owned(),
        Part::At(at) => at.to_string(),
    };
    let path: Vec<String> = contrast.path.iter().map(part).collect();
    let root = words.text(if disk { "state.disk" } else { "state.memory" });
    let text = |value: &Option<crate::engine::Fact>| {
        value.as_ref().map_or_else(
            || "\u{2013}".to_owned(),
            |value| fact(value, &shot.names, words),
        )
    };
    let place = format!("{root} \u{203a} {}", path.join(" \u{203a} "));
    (
        name.to_owned(),
        place,
        text(&contrast.left),
        text(&contrast.right),
    )
}
