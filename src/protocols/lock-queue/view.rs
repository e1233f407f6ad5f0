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
use crate::protocols::raft;
use crate::sim::{Cell, NodeKind, World};
use crate::view::locks::{around_service, role};
use crate::view::{Arc, Chip, NodeCard, Panel, Plugin, Role, Scene, Shape, Tone};

impl Plugin for LockQueue {
    fn scene(&self, world: &World) -> Scene {
        let servers = servers(world).count();
        let clients = world.ids().count() - servers - 1;
        let card = |id: NodeId| card(world, id, (servers, clients));
        let links = |a: NodeId| (a.0 + 1..servers as u16).map(move |b| (a, NodeId(b)));
        Scene {
            nodes: world.ids().map(card).collect(),
            links: (0..servers as u16).map(NodeId).flat_map(links).collect(),
            ..Scene::default()
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

fn role_of(world: &World, cell: &Cell, client: Option<&Client>) -> Role {
    match client {
        Some(client) if client.newcomer() => return role("newcomer", Tone::Guest, Shape::Box),
        Some(client) if panels::mistaken(world, client) => {
            return role("mistaken", Tone::Bad, Shape::Star);
        }
        Some(_) | None => {}
    }
    let key = cell.node().role();
    let (tone, shape) = match key {
        "leader" => (Tone::Good, Shape::Star),
        "candidate" => (Tone::Try, Shape::Diamond),
        "resource" => (Tone::Neutral, Shape::Eye),
        "holder" => (Tone::Lead, Shape::Star),
        "waiter" => (Tone::Try, Shape::Box),
        "cut-off" | "away" => (Tone::Bad, Shape::Box),
        "idle" | "releasing" => (Tone::Guest, Shape::Box),
        _ => (Tone::Neutral, Shape::Plain),
    };
    role(key, tone, shape)
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
        at: around_service(id.index(), counts),
        name: world.spec(id).name.clone(),
        kind: if client.is_some() {
            NodeKind::Client
        } else {
            NodeKind::Server
        },
        role: role_of(world, cell, client),
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
    let disk = disk_of::<Keeper>(cell.node());
    let keeper = engine_of::<Keeper>(cell.node());
    let server = keeper.map(Keeper::raft);
    server.map_or_else(Vec::new, |server| raft::log_chips(cell, server, disk))
}

/// A node of the queue as the pictures name it: `a-3`.
fn node_name(lock: Lock, place: Place) -> String {
    format!("{lock}-{}", place.0)
}

fn label(message: &QueueMessage) -> String {
    match message {
        QueueMessage::Raft(message) => raft::inside_label(message),
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
