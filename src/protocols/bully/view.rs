//! The picture: the nodes in a circle, the higher the further round; who has asked and answered whom, what each
//! believes, and what the elections have cost.

use super::checks::{counts, leaders, live};
use super::lab::Bully;
use super::message::BullyMessage;
use super::peer::{Config, Peer, Phase};
use crate::engine::{AnyMessage, Engine, NodeId, engine_of, typed};
use crate::lab::{Names, Phrase};
use crate::sim::{NodeKind, Status, World};
use crate::view::{
    Arc, BarRow, Bars, GridCell, GridRow, NodeCard, Panel, Plugin, Role, Scene, Shape, Table,
    TallyRow, Tone, Vote, circle,
};

impl Plugin for Bully {
    fn scene(&self, world: &World) -> Scene {
        let ids: Vec<NodeId> = world.ids().collect();
        let links = ids.iter().flat_map(|a| {
            let above = ids.iter().filter(move |b| a < b);
            above.map(move |b| (*a, *b))
        });
        Scene {
            nodes: ids.iter().filter_map(|id| card(world, *id)).collect(),
            links: links.collect(),
            ..Scene::default()
        }
    }

    fn panels(&self, world: &World, names: &Names) -> Vec<Panel> {
        let Some(config) = world
            .ids()
            .find_map(|id| engine_of::<Peer>(world.cell(id).node()))
            .map(Peer::config)
        else {
            return Vec::new();
        };
        let mut panels = vec![asked_panel(world, names)];
        if config.terms {
            panels.push(assents_panel(world, config, names));
        }
        panels.push(beliefs_panel(world, config, names));
        panels.push(messages_panel(world));
        panels
    }

    fn message_label(&self, message: &dyn AnyMessage, _names: &Names) -> String {
        let Some(message) = typed::<BullyMessage>(message) else {
            return String::new();
        };
        let sign = match message {
            BullyMessage::Election(_) => "?",
            BullyMessage::Answer(_) => "ok",
            BullyMessage::Coordinator(_) => "★",
            BullyMessage::Heartbeat(_) => "♥",
            BullyMessage::Proposal(_) => "★?",
            BullyMessage::Assent { granted: true, .. } => "✓",
            BullyMessage::Assent { granted: false, .. } => "✗",
        };
        match message.term() {
            0 => sign.to_owned(),
            term => format!("{sign} t{term}"),
        }
    }

    fn message_tone(&self, kind: u8) -> Tone {
        match kind {
            0 | 4 => Tone::Try,
            1 | 5 => Tone::Bad,
            2 => Tone::Lead,
            _ => Tone::Good,
        }
    }
}

fn role(peer: &Peer) -> Role {
    let key = peer.role();
    let (tone, shape) = match peer.phase {
        Phase::Following if peer.leader.is_some() => (Tone::Good, Shape::Plain),
        Phase::Following => (Tone::Neutral, Shape::Plain),
        Phase::Electing | Phase::Proposing => (Tone::Try, Shape::Diamond),
        Phase::Waiting => (Tone::Guest, Shape::Plain),
        Phase::Leading => (Tone::Lead, Shape::Star),
    };
    Role { key, tone, shape }
}

/// The lowest stands at the lower left, and the highest next to it, at the lower right: the way up is clockwise.
fn place(id: NodeId, n: usize) -> (f64, f64) {
    let (x, y) = circle(2 * id.index() + n + 1, 2 * n, 0.8);
    (x, y)
}

fn card(world: &World, id: NodeId) -> Option<NodeCard> {
    let cell = world.cell(id);
    let peer = engine_of::<Peer>(cell.node())?;
    let caption = match (cell.status(), peer.phase, peer.leader) {
        (Status::Down, ..) => String::new(),
        (_, Phase::Leading | Phase::Proposing, _) if peer.config().terms => {
            format!("t {}", peer.term)
        }
        (_, Phase::Following, Some(leader)) => format!("→ {}", world.spec(leader).name),
        (_, Phase::Electing, _) => "?".to_owned(),
        (_, Phase::Waiting, _) => "…".to_owned(),
        (_, Phase::Leading | Phase::Proposing | Phase::Following, _) => String::new(),
    };
    // A leader's signs of life are no countdown to anything.
    let timer = cell.timers().find(|_| peer.phase != Phase::Leading);
    Some(NodeCard {
        id,
        at: place(id, world.ids().count()),
        name: world.spec(id).name.clone(),
        kind: NodeKind::Server,
        role: role(peer),
        status: cell.status(),
        caption,
        arc: timer.map(|view| Arc {
            from: view.set_at,
            to: view.deadline,
        }),
        chips: Vec::new(),
        writes_pending: cell.writes_pending(),
    })
}

/// A row for each node, a column for each that it may have asked.
fn asked_panel(world: &World, names: &Names) -> Panel {
    let row = |id: NodeId| {
        let peer = live(world, id);
        let role = peer.map(role);
        let cells = world.ids().map(|other| asked(peer, id, other, names));
        GridRow {
            node: id,
            head: names.node(id).to_owned(),
            shape: role.map_or(Shape::Plain, |role| role.shape),
            tone: role.map_or(Tone::Neutral, |role| role.tone),
            faint: world.cell(id).status() != Status::Up,
            cells: cells.collect(),
        }
    };
    let asking = world.ids().filter_map(|id| live(world, id));
    let any = asking.filter(|peer| matches!(peer.phase, Phase::Electing | Phase::Waiting));
    let key = match (leaders(world).count(), any.count()) {
        (0, 0) => "panel.asked.none",
        (0 | 1, 1..) => "panel.asked.caption",
        (1, 0) => "panel.asked.over",
        (_, _) => "panel.asked.two",
    };
    Panel::Grid {
        id: "asked",
        legend: false,
        columns: world.ids().map(|id| names.node(id).to_owned()).collect(),
        rows: world.ids().map(row).collect(),
        caption: Phrase::new(key),
        alarm: false,
    }
}

fn asked(peer: Option<&Peer>, id: NodeId, other: NodeId, names: &Names) -> GridCell {
    let Some(peer) = peer else {
        return GridCell::default();
    };
    let answered = peer.answers.contains(&other);
    let asks = matches!(peer.phase, Phase::Electing | Phase::Waiting);
    let told = peer.leads() && other < id;
    let (text, key) = match (answered, asks && other > id, told) {
        (true, ..) => ("ok", "panel.asked.answered"),
        (false, true, _) => ("?", "panel.asked.asked"),
        (false, false, true) => ("★", "panel.asked.told"),
        (false, false, false) => return GridCell::default(),
    };
    GridCell {
        text: text.to_owned(),
        // What it says stands in it; a colour would say nothing more.
        hue: 1,
        solid: answered || told,
        durable: true,
        mark: "",
        title: Phrase::new(key)
            .with("node", names.node(id))
            .with("other", names.node(other)),
    }
}

/// Who has assented to whom, and in which term.
fn assents_panel(world: &World, config: &Config, names: &Names) -> Panel {
    let running = world.ids().filter_map(|id| Some((id, live(world, id)?)));
    let rows = running.filter(|(_, peer)| !peer.assents.is_empty());
    let rows = rows.map(|(id, candidate)| {
        let vote = |voter: NodeId| {
            let other = live(world, voter).filter(|other| other.term == candidate.term);
            let vote = if candidate.assents.contains(&voter) {
                Vote::Yes
            } else if other.is_some_and(|other| other.assented.is_some_and(|to| to != id)) {
                Vote::No
            } else {
                Vote::Waiting
            };
            (names.node(voter).to_owned(), vote)
        };
        TallyRow {
            what: Phrase::new("panel.assents.row")
                .with("node", names.node(id))
                .with("term", candidate.term),
            needed: config.majority(),
            votes: config.all().map(vote).collect(),
            over: None,
            beside: None,
        }
    });
    let rows: Vec<TallyRow> = rows.collect();
    let key = if rows.is_empty() {
        "panel.assents.none"
    } else {
        "panel.assents.caption"
    };
    Panel::Tally {
        id: "assents",
        rows,
        caption: Phrase::new(key).with("needed", config.majority()),
    }
}

/// What each node believes, beside what is so.
fn beliefs_panel(world: &World, config: &Config, names: &Names) -> Panel {
    let highest = super::checks::highest(world);
    let rows = world.ids().map(|id| {
        let peer = live(world, id);
        let leader = peer.and_then(|peer| peer.leader);
        let dash = || "–".to_owned();
        let mut row = vec![
            names.node(id).to_owned(),
            leader.map_or_else(dash, |leader| names.node(leader).to_owned()),
            leader
                .filter(|leader| live(world, *leader).is_none())
                .map_or_else(String::new, |_| "●".to_owned()),
        ];
        if config.terms {
            row.push(peer.map_or_else(dash, |peer| peer.term.to_string()));
        }
        let tone = match (peer, leader) {
            (None, _) => Tone::Neutral,
            (Some(_), None) => Tone::Try,
            (Some(_), leader) if leader == highest => Tone::Good,
            (Some(_), _) => Tone::Bad,
        };
        (tone, row)
    });
    let mut columns = vec!["node", "leader", "dead"];
    if config.terms {
        columns.push("term");
    }
    Panel::Table(Table {
        id: "beliefs",
        columns: columns
            .iter()
            .map(|column| Phrase::new(format!("column.{column}")))
            .collect(),
        rows: rows.collect(),
        caption: Phrase::new("panel.beliefs.caption")
            .with("highest", highest.map_or("–", |id| names.node(id))),
    })
}

/// What the elections of this run have cost.
fn messages_panel(world: &World) -> Panel {
    let counts = counts(world);
    let kinds = [
        ("panel.messages.election", Tone::Try),
        ("panel.messages.answer", Tone::Bad),
        ("panel.messages.coordinator", Tone::Lead),
    ];
    let rows = kinds.iter().zip(counts).map(|((key, tone), value)| BarRow {
        what: Phrase::new(*key),
        value: value as i64,
        open: 0,
        tone: *tone,
    });
    let n = world.ids().count() as u64;
    Panel::Bars(Bars {
        id: "messages",
        rows: rows.collect(),
        caption: Phrase::new("panel.messages.caption")
            .with("all", counts.iter().sum::<u64>())
            .with("best", n - 1)
            .with("worst", n * n - n - 1),
    })
}
