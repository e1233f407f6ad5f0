//! What the page shows.

use super::keeper::Keeper;
use super::lab::LockQueue;
use super::message::{Answer, QueueMessage};
use super::tree::{Done, Lock, Place};
use crate::engine::{AnyMessage, NodeId, engine_of, typed};
use crate::lab::Names;
use crate::protocols::raft::RaftMessage;
use crate::sim::World;
use crate::view::{NodeCard, Panel, Plugin, Role, Scene, Shape, Tone, circle};

impl Plugin for LockQueue {
    fn scene(&self, world: &World) -> Scene {
        let servers = servers(world).count();
        let n = world.ids().count();
        let card = |id: NodeId| NodeCard {
            id,
            at: circle(id.index(), n, 0.9),
            name: world.spec(id).name.clone(),
            kind: world.spec(id).kind,
            role: role(world, id),
            status: world.cell(id).status(),
            caption: String::new(),
            arc: None,
            chips: Vec::new(),
            writes_pending: world.cell(id).writes_pending(),
        };
        let links = |a: NodeId| (a.0 + 1..servers as u16).map(move |b| (a, NodeId(b)));
        Scene {
            nodes: world.ids().map(card).collect(),
            links: (0..servers as u16).map(NodeId).flat_map(links).collect(),
        }
    }

    fn panels(&self, _world: &World, _names: &Names) -> Vec<Panel> {
        Vec::new()
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

fn role(world: &World, id: NodeId) -> Role {
    let key = world.cell(id).node().role();
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

/// A node of the queue as the pictures name it: `a-3`.
fn node_name(lock: Lock, place: Place) -> String {
    format!("{lock}-{}", place.0)
}

fn label(message: &QueueMessage) -> String {
    match message {
        QueueMessage::Raft(message) => raft_label(message),
        QueueMessage::OpenSession { .. } => "open".to_owned(),
        QueueMessage::SessionHeartbeat(head) => format!("♥ {}", head.session.0),
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
