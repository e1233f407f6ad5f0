//! The picture: the ring as a ring, with the ids that travel on it; what became of each id at each node, what each
//! believes, and what the elections have cost.

use super::checks::{config, largest, leaders, live};
use super::lab::RingElection;
use super::message::{Kind, RingMessage};
use super::orders::{best_cost_both_ways, worst_cost_both_ways};
use super::peer::{Deed, Peer, Phase};
use crate::engine::{AnyMessage, Engine, NodeId, engine_of, typed};
use crate::lab::{Names, Phrase};
use crate::sim::{NodeKind, Status, World};
use crate::view::{
    Arc, BarRow, Bars, GridCell, GridRow, NodeCard, Panel, Plugin, Role, Scene, Shape, Table, Tone,
    circle,
};

impl Plugin for RingElection {
    fn scene(&self, world: &World) -> Scene {
        let ids: Vec<NodeId> = world.ids().collect();
        let n = ids.len();
        let link = |at: usize| {
            (
                ids[at].min(ids[(at + 1) % n]),
                ids[at].max(ids[(at + 1) % n]),
            )
        };
        // Two nodes are neighbours on both sides.
        let links = (0..if n == 2 { 1 } else { n }).map(link);
        Scene {
            links: links.collect(),
            nodes: ids.iter().filter_map(|id| card(world, *id)).collect(),
            ..Scene::default()
        }
    }

    fn panels(&self, world: &World, names: &Names) -> Vec<Panel> {
        vec![
            ids_panel(world, names),
            beliefs_panel(world, names),
            messages_panel(world),
        ]
    }

    fn message_label(&self, message: &dyn AnyMessage, _names: &Names) -> String {
        let packet = typed::<RingMessage>(message).and_then(RingMessage::packet);
        packet.map_or_else(
            || "✓".to_owned(),
            |(kind, packet)| {
                let id = packet.travel.id;
                match kind {
                    Kind::Token => id.to_string(),
                    Kind::Reply => format!("ok {id}"),
                    Kind::Announcement => format!("★ {id}"),
                    Kind::Heartbeat => format!("♥ {id}"),
                }
            },
        )
    }

    fn message_tone(&self, kind: u8) -> Tone {
        match kind {
            0 => Tone::Try,
            1 => Tone::Guest,
            2 => Tone::Lead,
            3 => Tone::Good,
            _ => Tone::Neutral,
        }
    }
}

fn role(peer: &Peer) -> Role {
    let (tone, shape) = match peer.phase {
        Phase::Idle => (Tone::Neutral, Shape::Plain),
        Phase::Running => (Tone::Try, Shape::Diamond),
        Phase::Relaying => (Tone::Guest, Shape::Plain),
        Phase::Following => (Tone::Good, Shape::Plain),
        Phase::Leading => (Tone::Lead, Shape::Star),
    };
    Role {
        key: peer.role(),
        tone,
        shape,
    }
}

fn card(world: &World, id: NodeId) -> Option<NodeCard> {
    let cell = world.cell(id);
    let peer = engine_of::<Peer>(cell.node())?;
    // What it waits for by itself, and not its neighbours' acknowledgements.
    let kinds = cell.node().timers().len() as u16;
    let own = |view: &crate::sim::TimerView| view.timer.split(kinds).1.is_none();
    let timer = cell.timers().find(own).filter(|_| !peer.leads());
    Some(NodeCard {
        id,
        at: circle(id.index(), world.ids().count(), 0.85),
        name: world.spec(id).name.clone(),
        kind: NodeKind::Server,
        role: role(peer),
        status: cell.status(),
        caption: format!("id {}", peer.id()),
        arc: timer.map(|view| Arc {
            from: view.set_at,
            to: view.deadline,
        }),
        chips: Vec::new(),
        writes_pending: 0,
    })
}

/// A row for each node, a column for each id, both in the order of the ring.
fn ids_panel(world: &World, names: &Names) -> Panel {
    let ids: Vec<u16> = config(world).map_or_else(Vec::new, |config| config.ids.clone());
    let row = |id: NodeId| {
        let peer = live(world, id);
        let role = peer.map(role);
        let cells = ids.iter().zip(world.ids()).map(|(number, origin)| {
            let deed = peer.and_then(|peer| *peer.deeds.get(origin.index())?);
            cell(deed, *number, names.node(id))
        });
        GridRow {
            node: id,
            head: names.node(id).to_owned(),
            shape: role.map_or(Shape::Plain, |role| role.shape),
            tone: role.map_or(Tone::Neutral, |role| role.tone),
            faint: world.cell(id).status() != Status::Up,
            cells: cells.collect(),
        }
    };
    let rows: Vec<GridRow> = world.ids().map(row).collect();
    let key = if leaders(world).count() > 1 {
        "panel.ids.two"
    } else {
        "panel.ids.caption"
    };
    Panel::Grid {
        id: "ids",
        legend: false,
        columns: ids.iter().map(ToString::to_string).collect(),
        rows,
        caption: Phrase::new(key),
        alarm: false,
    }
}

fn cell(deed: Option<Deed>, number: u16, node: &str) -> GridCell {
    let (text, key) = match deed {
        None => return GridCell::default(),
        Some(Deed::Passed) => ("→", "panel.ids.passed"),
        Some(Deed::Swallowed) => ("×", "panel.ids.swallowed"),
        Some(Deed::Home) => ("★", "panel.ids.home"),
    };
    GridCell {
        text: text.to_owned(),
        // What was done is done, and stands in it: neither a colour nor a stroke would say more.
        hue: 1,
        solid: true,
        durable: true,
        mark: "",
        title: Phrase::new(key).with("node", node).with("id", number),
    }
}

fn beliefs_panel(world: &World, names: &Names) -> Panel {
    let largest = largest(world);
    let rows = world.ids().map(|id| {
        let peer = live(world, id);
        let leader = peer.and_then(|peer| peer.leader);
        let number = engine_of::<Peer>(world.cell(id).node()).map_or(0, Peer::id);
        let row = vec![
            names.node(id).to_owned(),
            number.to_string(),
            leader.map_or_else(|| "–".to_owned(), |leader| names.node(leader).to_owned()),
            leader
                .filter(|leader| live(world, *leader).is_none())
                .map_or_else(String::new, |_| "●".to_owned()),
        ];
        let tone = match (peer, leader) {
            (None, _) => Tone::Neutral,
            (Some(_), None) => Tone::Try,
            (Some(_), leader) if leader == largest => Tone::Good,
            (Some(_), _) => Tone::Bad,
        };
        (tone, row)
    });
    let columns = ["node", "id", "leader", "dead"];
    Panel::Table(Table {
        id: "beliefs",
        columns: columns
            .map(|column| Phrase::new(format!("column.{column}")))
            .to_vec(),
        rows: rows.collect(),
        caption: Phrase::new("panel.beliefs.caption")
            .with("largest", largest.map_or("–", |id| names.node(id))),
    })
}

fn messages_panel(world: &World) -> Panel {
    let sent = world.counters().sent;
    let both = config(world).is_some_and(|config| config.both_ways);
    let kinds = [
        ("panel.messages.token", 0, Tone::Try),
        ("panel.messages.reply", 1, Tone::Guest),
        ("panel.messages.announcement", 2, Tone::Lead),
    ];
    let shown = kinds.into_iter().filter(|(_, kind, _)| both || *kind != 1);
    let rows = shown.map(|(key, kind, tone)| BarRow {
        what: Phrase::new(key),
        value: sent[kind] as i64,
        open: 0,
        tone,
    });
    let n = world.ids().count() as u64;
    let (key, best, worst) = if both {
        let ends = (best_cost_both_ways(n), worst_cost_both_ways(n));
        ("panel.messages.both-ways", ends.0, ends.1)
    } else {
        ("panel.messages.one-way", 2 * n - 1, n * (n + 1) / 2)
    };
    Panel::Bars(Bars {
        id: "messages",
        rows: rows.collect(),
        caption: Phrase::new(key).with("best", best).with("worst", worst),
    })
}
