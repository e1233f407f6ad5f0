//! The stage: the cell in the middle, the resource below it, clients on both sides.

mod panels;

use super::client::{Client, GRACE, LAPSE};
use super::database::Done;
use super::lab::{Chubby, clients, replicas, resource};
use super::message::{Answer, ChubbyMessage, Event};
use super::replica::{ELECTION, MASTER, Replica};
use super::resource::Guarded;
use crate::engine::{AnyMessage, NodeId, disk_of, engine_of, typed};
use crate::lab::Names;
use crate::lab::locks::Resource;
use crate::protocols::raft;
use crate::sim::{Cell, NodeKind, World};
use crate::view::locks::{around_service, countdown, role};
use crate::view::{Arc, Chip, NodeCard, Panel, Plugin, Role, Scene, Shape, Tone};

impl Plugin for Chubby {
    fn scene(&self, world: &World) -> Scene {
        let servers = replicas(world).count() as u16;
        let guests: Vec<NodeId> = clients(world).map(|(id, _)| id).collect();
        let links = |a: u16| (a + 1..servers).map(move |b| (NodeId(a), NodeId(b)));
        Scene {
            nodes: world
                .ids()
                .map(|id| card(world, id, guests.len()))
                .collect(),
            links: (0..servers).flat_map(links).collect(),
            ..Scene::default()
        }
    }

    fn panels(&self, world: &World, names: &Names) -> Vec<Panel> {
        panels::all(world, names)
    }

    fn message_label(&self, message: &dyn AnyMessage, _names: &Names) -> String {
        typed::<ChubbyMessage>(message).map_or_else(String::new, label)
    }

    fn message_tone(&self, kind: u8) -> Tone {
        match kind {
            0 | 1 => Tone::Try,
            2 | 3 => Tone::Neutral,
            5 | 6 => Tone::Good,
            12 | 13 => Tone::Bad,
            _ => Tone::Guest,
        }
    }
}

fn card(world: &World, id: NodeId, guests: usize) -> NodeCard {
    let cell = world.cell(id);
    let servers = usize::from(resource(world).0);
    let client = engine_of::<Client>(cell.node());
    NodeCard {
        id,
        at: around_service(id.index(), (servers, guests)),
        name: world.spec(id).name.clone(),
        kind: if client.is_some() {
            NodeKind::Client
        } else {
            NodeKind::Server
        },
        role: role_of(world, cell, client),
        status: cell.status(),
        caption: caption(cell, client),
        arc: arc(cell),
        chips: chips(world, cell),
        writes_pending: cell.writes_pending(),
    }
}

/// Whether a client that believes to hold the lock is mistaken: no live replica that serves says so.
fn mistaken(world: &World, client: &Client) -> bool {
    let says = |replica: &Replica| {
        client.session().is_some() && replica.database().lock.holder == client.session()
    };
    let known = panels::best(world).map(|(_, replica)| says(replica));
    client.believes() && known == Some(false)
}

fn role_of(world: &World, cell: &Cell, client: Option<&Client>) -> Role {
    match client {
        Some(client) if client.newcomer() => return role("newcomer", Tone::Guest, Shape::Box),
        Some(client) if mistaken(world, client) => {
            return role("mistaken", Tone::Bad, Shape::Star);
        }
        Some(_) | None => {}
    }
    let key = cell.node().role();
    let (tone, shape) = match key {
        "master" => (Tone::Good, Shape::Star),
        "leader" => (Tone::Good, Shape::Plain),
        "candidate" => (Tone::Try, Shape::Diamond),
        "resource" => (Tone::Neutral, Shape::Eye),
        "holder" => (Tone::Lead, Shape::Star),
        "waiter" => (Tone::Try, Shape::Diamond),
        "jeopardy" | "away" => (Tone::Bad, Shape::Box),
        "idle" | "releasing" => (Tone::Guest, Shape::Box),
        _ => (Tone::Neutral, Shape::Plain),
    };
    role(key, tone, shape)
}

/// The epoch of a master and how many calls it keeps, the highest sequencer that the resource took, the copy that a client has.
fn caption(cell: &Cell, client: Option<&Client>) -> String {
    if let Some(client) = client {
        let held = client.sequencer().map(|held| format!("#{}", held.0));
        let kept = client.cache().map(|file| format!("v{}", file.version.0));
        let both = [held, kept].into_iter().flatten().collect::<Vec<_>>();
        return both.join(" ");
    }
    if let Some(replica) = engine_of::<Replica>(cell.node()) {
        let Some(office) = replica.office() else {
            return String::new();
        };
        // The calls that it keeps, in the word that stands at these messages.
        let kept = office.kept_calls().count();
        return format!("e{} keep\u{d7}{kept}", office.epoch());
    }
    let disk = disk_of::<Guarded>(cell.node());
    disk.map_or_else(String::new, |disk| format!("≥ #{}", disk.highest()))
}

/// A client's lease or what is left of its grace period, what a master has to do next, and how long
/// a replica waits before it wants to lead.
fn arc(cell: &Cell) -> Option<Arc> {
    if let Some(client) = engine_of::<Client>(cell.node()) {
        let grace = client.jeopardy().is_some();
        return countdown(cell, &[if grace { GRACE.0 } else { LAPSE.0 }]);
    }
    let replica = engine_of::<Replica>(cell.node())?;
    let shown = if replica.office().is_some() {
        MASTER
    } else {
        ELECTION
    };
    countdown(cell, &[shown.0])
}

/// The last entries of the log inside, or what came to the resource of late.
fn chips(world: &World, cell: &Cell) -> Vec<Chip> {
    if let Some(replica) = engine_of::<Replica>(cell.node()) {
        return raft::log_chips(cell, replica.raft(), disk_of::<Replica>(cell.node()));
    }
    if engine_of::<Guarded>(cell.node()).is_none() {
        return Vec::new();
    }
    let chip = |arrival: &crate::lab::locks::Arrival| Chip {
        hue: u64::from(arrival.attempt.writer.0),
        solid: arrival.accepted,
        durable: arrival.accepted,
    };
    panels::resource_of(world).map_or_else(Vec::new, |resource: &Resource| {
        resource.recent().iter().map(chip).collect()
    })
}

fn label(message: &ChubbyMessage) -> String {
    match message {
        ChubbyMessage::Raft(message) => raft::inside_label(message),
        ChubbyMessage::OpenSession { .. } => "open".to_owned(),
        ChubbyMessage::KeepAlive { .. } => "keep".to_owned(),
        ChubbyMessage::KeepAliveReply { events, .. } => {
            let all = events.iter().map(|event| match event {
                Event::FailOver => "fail-over".to_owned(),
                Event::Invalidate(version) => format!("✕ v{}", version.0),
            });
            let all: Vec<String> = all.collect();
            if all.is_empty() {
                "lease".to_owned()
            } else {
                format!("lease, {}", all.join(", "))
            }
        }
        ChubbyMessage::Acquire(_) => "acquire".to_owned(),
        ChubbyMessage::Release(_) => "release".to_owned(),
        ChubbyMessage::GetContents(_) => "read".to_owned(),
        ChubbyMessage::SetContents(_) => "set".to_owned(),
        ChubbyMessage::Reply { answer, .. } => answer_label(*answer),
        ChubbyMessage::Write(attempt) => format!("write #{}", attempt.tag),
        ChubbyMessage::WriteReply { accepted: true, .. } => "ok".to_owned(),
        ChubbyMessage::WriteReply { highest, .. } => format!("✗ #{highest}"),
    }
}

fn answer_label(answer: Answer) -> String {
    match answer {
        Answer::Done(Done::Opened) => "session".to_owned(),
        Answer::Done(Done::Granted(generation)) => format!("yours #{}", generation.0),
        Answer::Done(Done::Released) => "ok".to_owned(),
        Answer::Done(Done::Written(version)) => format!("ok v{}", version.0),
        Answer::Contents(file, true) => format!("v{}", file.version.0),
        Answer::Contents(file, false) => format!("v{}, do not keep", file.version.0),
        Answer::Expired => "✗".to_owned(),
        Answer::OldEpoch => "epoch?".to_owned(),
        Answer::NotMaster(_) => "→".to_owned(),
    }
}
