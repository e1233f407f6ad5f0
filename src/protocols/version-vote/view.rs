//! The picture: replicas below each other, each with what it holds, and clients on both sides; who answered which
//! request, one group below the other.

use super::checks::{clients, config, enough, held, replicas, split};
use super::client::{Client, RETRY};
use super::lab::VersionVote;
use super::message::{Stamped, Version, VersionMessage};
use super::order::{Op, Phase, Shown};
use super::replica::{Disk, Past, Replica};
use super::rules::WRITE_BACK;
use crate::engine::sorting::{sort, sort_by_key};
use crate::engine::{AnyMessage, NodeId, typed};
use crate::lab::{Names, Phrase};
use crate::sim::{NodeKind, Status, World};
use crate::view::{
    Arc, Chip, GridCell, GridRow, NodeCard, Panel, Plugin, Role, Scene, Shape, Table, TallyRow,
    Tone, Vote, circle,
};

/// How many versions have a column, and how many requests a pair of rows.
const COLUMNS: usize = 10;
const REQUESTS: usize = 3;

impl Plugin for VersionVote {
    fn scene(&self, world: &World) -> Scene {
        let Some(config) = config(world) else {
            return Scene::default();
        };
        let newest = newest(world);
        let servers = config.replicas.len();
        let cards = replicas(world).map(|replica| replica_card(world, replica, newest, servers));
        let guests = clients(world).enumerate();
        let guests = guests.map(|(i, client)| client_card(world, client, i, config.clients.len()));
        let ends = config.clients.iter();
        let links = ends.flat_map(|end| config.replicas.iter().map(|to| (*to, *end)));
        Scene {
            queues_beside: false,
            nodes: cards.chain(guests).collect(),
            links: links.collect(),
        }
    }

    fn panels(&self, world: &World, names: &Names) -> Vec<Panel> {
        vec![
            copies_panel(world, names),
            quorums_panel(world, names),
            clients_panel(world, names),
        ]
    }

    fn message_label(&self, message: &dyn AnyMessage, _: &Names) -> String {
        let label = |sign: &str, held: &Stamped| format!("{sign}{} {}", held.version, held.text());
        match typed::<VersionMessage>(message) {
            Some(VersionMessage::Query { .. }) => "?".to_owned(),
            Some(VersionMessage::Answer { held, .. }) => label("", held),
            Some(VersionMessage::Store { new, .. }) => label("= ", new),
            Some(VersionMessage::WriteBack { read, .. }) => label("↩ ", read),
            Some(VersionMessage::Stored { .. }) => "✓".to_owned(),
            None => String::new(),
        }
    }

    fn message_tone(&self, kind: u8) -> Tone {
        match kind {
            0 => Tone::Neutral,
            1 => Tone::Guest,
            2 => Tone::Lead,
            3 => Tone::Try,
            _ => Tone::Good,
        }
    }
}

/// The highest version that any replica holds.
fn newest(world: &World) -> Version {
    let all = replicas(world).map(|replica| held(world, replica).version);
    all.max().unwrap_or(Version::NONE)
}

/// How far a replica is.
fn role(world: &World, held: Stamped, newest: Version) -> Role {
    let other = |(id, replica, disk)| {
        let other = super::checks::held(world, (id, replica, disk));
        other.version == held.version && other.value != held.value
    };
    let (key, tone, shape) = if newest == Version::NONE {
        ("replica", Tone::Neutral, Shape::Plain)
    } else if held.version < newest {
        ("behind", Tone::Try, Shape::Diamond)
    } else if split(world) && replicas(world).any(other) {
        ("split", Tone::Bad, Shape::Plain)
    } else {
        ("current", Tone::Good, Shape::Plain)
    };
    Role { key, tone, shape }
}

fn hue(version: Version) -> u64 {
    u64::from(version.writer)
}

fn replica_card(
    world: &World,
    (id, replica, disk): (NodeId, &Replica, &Disk),
    newest: Version,
    servers: usize,
) -> NodeCard {
    let cell = world.cell(id);
    let holds = held(world, (id, replica, disk));
    let past = past(world, (id, replica, disk));
    let last: Vec<&Stamped> = past.iter().collect();
    let from = last.len().saturating_sub(4);
    let chips = last[from..].iter().map(|stamped| Chip {
        hue: hue(stamped.version),
        solid: settled(world, stamped.version),
        durable: disk.past.iter().any(|other| other == *stamped),
    });
    NodeCard {
        id,
        at: seat(id.index(), servers),
        name: world.spec(id).name.clone(),
        kind: NodeKind::Server,
        role: role(world, holds, newest),
        status: cell.status(),
        caption: if holds.value.is_some() {
            format!("{} {}", holds.version, holds.text())
        } else {
            "–".to_owned()
        },
        arc: None,
        chips: chips.collect(),
        writes_pending: cell.writes_pending(),
    }
}

fn past<'a>(world: &World, (id, replica, disk): (NodeId, &'a Replica, &'a Disk)) -> &'a Past {
    match world.cell(id).status() {
        Status::Down => &disk.past,
        Status::Up | Status::Paused => &replica.past,
    }
}

/// The place of the `i`-th of so many below each other.
fn below(i: usize, all: usize) -> f64 {
    let step = 1.7 / all.max(1) as f64;
    -0.85 + step * (i as f64 + 0.5)
}

/// Replicas stand below each other, so that groups of them are seen: four and five to the left and the right in
/// turn, or they would touch. More stand in a circle.
fn seat(i: usize, servers: usize) -> (f64, f64) {
    let beside = if i.is_multiple_of(2) { -0.28 } else { 0.28 };
    match servers {
        0..=3 => (0.0, below(i, servers)),
        4 | 5 => (beside, below(i, servers)),
        6.. => circle(i, servers, 0.62),
    }
}

/// Clients stand left and right of the replicas in turn, top first.
fn place(i: usize, clients: usize) -> (f64, f64) {
    let left = i.is_multiple_of(2);
    let beside = if left {
        clients.div_ceil(2)
    } else {
        clients / 2
    };
    (if left { -1.1 } else { 1.1 }, below(i / 2, beside))
}

/// What a client does, in a few signs.
fn doing(client: &Client) -> String {
    match client.pending() {
        None => String::new(),
        Some((Op::Read, Phase::Asking(_))) => "?".to_owned(),
        Some((Op::Write(value), Phase::Asking(_))) => format!("{value} ?"),
        Some((Op::Read, Phase::Storing(new, _))) => format!("↩ {} {}", new.version, new.text()),
        Some((Op::Write(_), Phase::Storing(new, _))) => format!("{} {}", new.version, new.text()),
    }
}

fn client_card(
    world: &World,
    (id, client): (NodeId, &Client),
    i: usize,
    clients: usize,
) -> NodeCard {
    let cell = world.cell(id);
    let retry = cell.timers().find(|view| view.timer == RETRY);
    NodeCard {
        id,
        at: place(i, clients),
        name: world.spec(id).name.clone(),
        kind: NodeKind::Client,
        role: Role {
            key: client.doing(),
            tone: Tone::Guest,
            shape: Shape::Box,
        },
        status: cell.status(),
        caption: doing(client),
        arc: retry.map(|view| Arc {
            from: view.set_at,
            to: view.deadline,
        }),
        chips: Vec::new(),
        writes_pending: cell.writes_pending(),
    }
}

/// A row for each replica, a column for each version.
fn copies_panel(world: &World, names: &Names) -> Panel {
    let mut versions: Vec<Version> = Vec::new();
    for replica in replicas(world) {
        versions.extend(past(world, replica).iter().map(|stamped| stamped.version));
    }
    sort(&mut versions);
    versions.dedup();
    let versions = versions.split_off(versions.len().saturating_sub(COLUMNS));
    let newest = newest(world);
    let row = |replica: (NodeId, &Replica, &Disk)| {
        let (id, status) = (replica.0, world.cell(replica.0).status());
        let role = role(world, held(world, replica), newest);
        let cells = versions
            .iter()
            .map(|version| cell(world, replica, *version));
        GridRow {
            node: id,
            head: names.node(id).to_owned(),
            shape: role.shape,
            tone: if status == Status::Down {
                Tone::Neutral
            } else {
                role.tone
            },
            faint: status != Status::Up,
            cells: cells.collect(),
        }
    };
    let key = if versions.is_empty() {
        "panel.copies.none"
    } else if split(world) {
        "panel.copies.split"
    } else {
        "panel.copies.caption"
    };
    Panel::Grid {
        id: "copies",
        legend: true,
        columns: versions.iter().map(ToString::to_string).collect(),
        rows: replicas(world).map(row).collect(),
        caption: Phrase::new(key),
        alarm: false,
    }
}

/// Whether more than half have it, or something newer, on their disks.
fn settled(world: &World, version: Version) -> bool {
    let there = replicas(world).filter(|(.., disk)| disk.held.version >= version);
    there.count() * 2 > replicas(world).count()
}

fn cell(world: &World, replica: (NodeId, &Replica, &Disk), version: Version) -> GridCell {
    let Some(stamped) = past(world, replica).of(version) else {
        return GridCell::default();
    };
    let holds = held(world, replica).version == version;
    let durable = replica.2.past.iter().any(|other| other == stamped);
    let solid = settled(world, version);
    let key = match (durable, solid) {
        (false, _) => "panel.copies.in-memory",
        (true, false) => "panel.copies.few",
        (true, true) => "panel.copies.many",
    };
    GridCell {
        title: Phrase::new(key)
            .with("version", version)
            .with("value", stamped.text()),
        text: stamped.text(),
        hue: hue(version),
        solid,
        durable,
        mark: if holds { "▸" } else { "" },
    }
}

/// Who has answered the last few requests, phase by phase, one group below the other.
fn quorums_panel(world: &World, names: &Names) -> Panel {
    let mut last: Vec<(NodeId, &Shown)> = Vec::new();
    for (id, client) in clients(world) {
        last.extend(client.shown.iter().map(|shown| (id, shown)));
    }
    sort_by_key(&mut last, |(id, shown)| (shown.began, *id));
    let last = last.split_off(last.len().saturating_sub(REQUESTS));
    let (needed, all) = (enough(world), replicas(world).count());
    let mut rows = Vec::new();
    for (id, shown) in last {
        let phrase = |key: String| {
            let new = shown.new.unwrap_or_default();
            let value = match shown.op {
                Op::Write(value) => value.to_string(),
                Op::Read => new.text(),
            };
            Phrase::new(key)
                .with("client", names.node(id))
                .with("value", value)
                .with("version", new.version)
        };
        let verb = match shown.op {
            Op::Write(_) => "write",
            Op::Read => "read",
        };
        let mut row = |phase: &str, said: &[NodeId]| {
            let vote = |(node, ..): (NodeId, &Replica, &Disk)| {
                let vote = if said.contains(&node) {
                    Vote::Yes
                } else {
                    Vote::Waiting
                };
                (names.node(node).to_owned(), vote)
            };
            rows.push(TallyRow {
                what: phrase(format!("panel.quorums.{verb}-{phase}")),
                needed,
                votes: replicas(world).map(vote).collect(),
                over: None,
                beside: None,
            });
        };
        if !shown.asked.is_empty() || shown.new.is_none() {
            row("asked", &shown.asked);
        }
        if shown.new.is_some() {
            row("stored", &shown.stored);
        }
    }
    let key = if 2 * needed > all {
        "panel.quorums.caption"
    } else {
        "panel.quorums.apart"
    };
    Panel::Tally {
        id: "quorums",
        rows,
        caption: Phrase::new(key)
            .with("needed", needed)
            .with("all", all)
            .with("common", (2 * needed).saturating_sub(all)),
    }
}

/// What clients do, know and last read.
fn clients_panel(world: &World, names: &Names) -> Panel {
    let rows = clients(world).map(|(id, client)| {
        let down = world.cell(id).status() == Status::Down;
        let or_dash = |text: Option<String>| {
            let text = text.filter(|text| !down && !text.is_empty());
            text.unwrap_or_else(|| "–".to_owned())
        };
        let row = vec![
            names.node(id).to_owned(),
            or_dash(Some(doing(client))),
            or_dash(Some(client.known.to_string())),
            or_dash(client.read.map(|value| value.to_string())),
            or_dash(Some(client.done.to_string())),
        ];
        let tone = match (down, client.pending().is_some()) {
            (true, _) => Tone::Bad,
            (false, true) => Tone::Try,
            (false, false) => Tone::Neutral,
        };
        (tone, row)
    });
    let columns = ["client", "does", "known", "read", "done"];
    let key = if world.rules().on(WRITE_BACK) {
        "panel.clients.caption"
    } else {
        "panel.clients.no-write-back"
    };
    Panel::Table(Table {
        id: "clients",
        columns: columns
            .map(|column| Phrase::new(format!("column.{column}")))
            .to_vec(),
        rows: rows.collect(),
        caption: Phrase::new(key),
    })
}
