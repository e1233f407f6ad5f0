//! The stage: the service in the middle, the resource below it, clients on both sides.

mod panels;

use super::client::{Client, LAPSE};
use super::keeper::{Keeper, SESSION};
use super::lab::LockQueue;
use super::message::{Answer, QueueMessage};
use super::resource::Resource;
use super::tree::{BOTH, Done, Lock, Place};
use crate::engine::{AnyMessage, NodeId, Timer, disk_of, engine_of, typed};
use crate::lab::Names;
use crate::protocols::raft::{self, RaftMessage};
use crate::sim::{Cell, NodeKind, Status, World};
use crate::view::{Arc, Chip, NodeCard, Panel, Plugin, Role, Scene, Shape, Tone, circle};

/// How many entries of its log stand under a server.
const CHIPS: usize = 6;

impl Plugin for LockQueue {
    fn scene(&self, world: &World) -> Scene {
        let servers = servers(world).count();
        let clients = world.ids().count() - servers - 1;
        let card = |id: NodeId| card(world, id, (servers, clients));
        let links = |a: NodeId| (a.0 + 1..servers as u16).map(move |b| (a, NodeId(b)));
        Scene {
            nodes: world.ids().map(card).collect(),
            links: (0..servers as u16).map(NodeId).flat_map(links).collect(),
        }
    }

    fn panels(&self, world: &World, names: &Names) -> Vec<Panel> {
        panels::all(world, names)
    }

    fn message_label(&self, message: &dyn AnyMessage, _names: &Names) -> String {
        typed::<QueueMessage>(message).map_or_else(String::new, label)
    }

    fn message_tone(&self, kind: u8) -> Tone {
        match kind {
            0 | 1 => Tone::Try,
            2 | 3 => Tone::Neutral,
            5 | 6 => Tone::Good,
            12 => Tone::Lead,
            13 | 14 => Tone::Bad,
            _ => Tone::Guest,
        }
    }
}

/// The servers of the service, in order.
fn servers(world: &World) -> impl Iterator<Item = (NodeId, &Keeper)> {
    world
        .ids()
        .filter_map(|id| Some((id, engine_of::<Keeper>(world.cell(id).node())?)))
}

fn role(cell: &Cell) -> Role {
    let key = cell.node().role();
    let (tone, shape) = match key {
        "leader" => (Tone::Good, Shape::Star),
        "candidate" => (Tone::Try, Shape::Diamond),
        "resource" => (Tone::Neutral, Shape::Eye),
        "holder" => (Tone::Lead, Shape::Box),
        "waiter" => (Tone::Try, Shape::Box),
        "cut-off" | "away" => (Tone::Bad, Shape::Box),
        "idle" | "releasing" => (Tone::Guest, Shape::Box),
        _ => (Tone::Neutral, Shape::Plain),
    };
    Role { key, tone, shape }
}

/// Servers on a small circle, the resource under them, clients right and left from top down.
fn place(i: usize, (servers, clients): (usize, usize)) -> (f64, f64) {
    if i < servers {
        let (x, y) = circle(i, servers, 0.5);
        return (x * 1.1, y - 0.28);
    }
    if i == servers {
        return (0.0, 0.82);
    }
    let client = i - servers - 1;
    let side = if client.is_multiple_of(2) { 1.0 } else { -1.0 };
    let rows = clients.div_ceil(2).max(1) as f64;
    let row = (client / 2) as f64;
    let y = if rows > 1.0 {
        -0.8 + 1.6 * row / (rows - 1.0)
    } else {
        -0.3
    };
    (side * 1.3, y)
}

fn card(world: &World, id: NodeId, counts: (usize, usize)) -> NodeCard {
    let cell = world.cell(id);
    let node = cell.node();
    let client = engine_of::<Client>(node);
    let caption = if let Some(client) = client {
        let nodes = client.claims().iter().filter_map(|claim| {
            let (place, _) = claim.node?;
            Some(node_name(claim.lock, place))
        });
        nodes.collect::<Vec<_>>().join(" ")
    } else if let Some(keeper) = engine_of::<Keeper>(node) {
        format!("z {}", keeper.tree().zxid.0)
    } else {
        let resource = engine_of::<Resource>(node);
        let highest = |lock| resource.map_or(0, |resource| resource.register(lock).highest.0);
        let highest = BOTH.map(highest).into_iter().max().unwrap_or(0);
        format!("≥ z{highest}")
    };
    NodeCard {
        id,
        at: place(id.index(), counts),
        name: world.spec(id).name.clone(),
        kind: if client.is_some() {
            NodeKind::Client
        } else {
            NodeKind::Server
        },
        role: role(cell),
        status: cell.status(),
        caption,
        arc: arc(cell, client.is_some()),
        chips: chips(cell),
        writes_pending: cell.writes_pending(),
    }
}

/// A client's session, a follower's patience, and on the leader the session that runs out first.
fn arc(cell: &Cell, client: bool) -> Option<Arc> {
    let leads = engine_of::<Keeper>(cell.node()).is_some_and(|keeper| keeper.raft().leads());
    let shown = match (client, leads) {
        (true, _) => LAPSE,
        (false, true) => SESSION,
        (false, false) => Timer(0),
    };
    let view = cell.timers().find(|view| view.timer == shown)?;
    Some(Arc {
        from: view.set_at,
        to: view.deadline,
    })
}

/// The last entries of the log inside: what a lab on Raft has under it.
fn chips(cell: &Cell) -> Vec<Chip> {
    let Some(keeper) = engine_of::<Keeper>(cell.node()) else {
        return Vec::new();
    };
    let down = cell.status() == Status::Down;
    let on_disk = disk_of::<Keeper>(cell.node()).map(|disk: &raft::Disk| &disk.log);
    let log = match on_disk {
        Some(log) if down => log,
        Some(_) | None => keeper.raft().log(),
    };
    let commit = keeper.raft().commit().len();
    let from = log.len().saturating_sub(CHIPS);
    let chip = |i: usize| {
        let entry = log.get(i)?;
        Some(Chip {
            hue: u64::from(entry.term.0),
            solid: !down && i < commit,
            durable: on_disk.is_some_and(|disk| disk.digest(i + 1) == log.digest(i + 1)),
        })
    };
    (from..log.len()).filter_map(chip).collect()
}

/// A node of the queue as the pictures name it: `a-3`.
fn node_name(lock: Lock, place: Place) -> String {
    format!("{lock}-{}", place.0)
}

fn label(message: &QueueMessage) -> String {
    match message {
        QueueMessage::Raft(message) => raft_label(message),
        QueueMessage::OpenSession { .. } => "open".to_owned(),
        QueueMessage::SessionHeartbeat(_) => "♥".to_owned(),
        QueueMessage::HeartbeatReply { .. } => "♥ ok".to_owned(),
        QueueMessage::Create(_, lock) => format!("create {lock}-"),
        QueueMessage::GetChildren(_, lock) => format!("{lock}?"),
        QueueMessage::Exists(_, lock, place) => format!("{}?", node_name(*lock, *place)),
        QueueMessage::Delete(_, lock, place) => format!("delete {}", node_name(*lock, *place)),
        QueueMessage::Reply { answer, .. } => answer_label(answer),
        QueueMessage::Notification { lock, place, .. } => {
            format!("! {}", node_name(*lock, *place))
        }
        QueueMessage::Write { fence, .. } => format!("write z{}", fence.0),
        QueueMessage::WriteReply { accepted: true, .. } => "ok".to_owned(),
        QueueMessage::WriteReply { highest, .. } => format!("✗ z{}", highest.0),
    }
}

fn answer_label(answer: &Answer) -> String {
    match answer {
        Answer::Done(Done::Opened) => "session".to_owned(),
        Answer::Done(Done::Created(place, zxid)) => format!("= {} z{}", place.0, zxid.0),
        Answer::Done(Done::Deleted(true)) | Answer::Exists(true) => "ok".to_owned(),
        Answer::Done(Done::Deleted(false)) | Answer::Exists(false) => "–".to_owned(),
        Answer::Children(places) => {
            let places: Vec<String> = places.iter().map(|place| place.0.to_string()).collect();
            format!("[{}]", places.join(" "))
        }
        Answer::Expired => "✗".to_owned(),
        Answer::NotLeader(_) => "→".to_owned(),
    }
}

fn raft_label(message: &RaftMessage) -> String {
    match message {
        RaftMessage::VoteRequest { term, .. } => format!("vote? t{}", term.0),
        RaftMessage::VoteReply { term, granted } => {
            format!("{} t{}", if *granted { "yes" } else { "no" }, term.0)
        }
        RaftMessage::AppendEntries { entries, .. } if entries.is_empty() => "♥".to_owned(),
        RaftMessage::AppendEntries { entries, .. } => format!("+{}", entries.len()),
        RaftMessage::AppendReply { success, index, .. } => {
            format!("{} {}", if *success { "ok" } else { "✗" }, index.0)
        }
        // Raft's own clients are not here.
        RaftMessage::ClientRequest { .. } | RaftMessage::ClientReply { .. } => String::new(),
    }
}
