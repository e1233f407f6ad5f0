//! The picture: servers in a circle, what they have accepted slot by slot, and the quorums of both phases.

use super::checks::{leader, servers};
use super::lab::MultiPaxos;
use super::message::MultiMessage;
use super::rules::{MORE_THAN_HALF, majority};
use super::server::{Disk, ELECTION, Role, Server};
use super::slots::Slots;
use super::types::{Ballot, Command, Slot};
use crate::engine::{AnyMessage, Engine, NodeId, parts_of, typed};
use crate::lab::{Names, Phrase};
use crate::sim::{NodeKind, Status, World};
use crate::view::{
    Arc, Chip, GridCell, GridRow, NodeCard, Panel, Plugin, Role as Mask, Scene, Shape, Store,
    TallyRow, Tone, Vote, client_card, seat, store_panel,
};

/// How many slots have a column, how many stand under a node, and how many have a row with their votes.
const COLUMNS: u32 = 12;
const CHIPS: u32 = 6;
const VOTED: usize = 4;

impl Plugin for MultiPaxos {
    fn scene(&self, world: &World) -> Scene {
        let count = servers(world).count();
        let clients = world.ids().count() - count;
        let node = |id: NodeId| match parts_of::<Server>(world.cell(id).node()) {
            Some((server, disk)) => server_card(world, id, (server, disk), count),
            None => client_card::<MultiMessage>(world, id, id.index() - count, clients),
        };
        let links = |a: u16| (a + 1..count as u16).map(move |b| (NodeId(a), NodeId(b)));
        Scene {
            nodes: world.ids().map(node).collect(),
            links: (0..count as u16).flat_map(links).collect(),
            ..Scene::default()
        }
    }

    fn panels(&self, world: &World, names: &Names) -> Vec<Panel> {
        let stores: Vec<Store<'_>> = servers(world)
            .map(|(id, server, _)| (id, server.applied.len(), &server.machine))
            .collect();
        vec![
            slots_panel(world, names),
            quorums_panel(world, names),
            store_panel(world, names, &stores),
        ]
    }

    fn message_label(&self, message: &dyn AnyMessage, _: &Names) -> String {
        let Some(message) = typed::<MultiMessage>(message) else {
            return String::new();
        };
        match message {
            MultiMessage::Prepare { ballot, .. } => format!("{ballot}?"),
            MultiMessage::Promise { ballot, votes } if votes.is_empty() => format!("ok {ballot}"),
            MultiMessage::Promise { ballot, votes } => format!("ok {ballot} +{}", votes.len()),
            MultiMessage::Accept { slot, command, .. } => format!("#{} {command}", slot.0),
            MultiMessage::Accepted { slot, .. } => format!("✓ #{}", slot.0),
            MultiMessage::Refused { ballot, promised } => format!("✗ {ballot} < {promised}"),
            MultiMessage::Heartbeat { ballot, .. } => format!("♥ {ballot}"),
            MultiMessage::HeartbeatReply { .. } => "♥ ok".to_owned(),
            MultiMessage::CatchUp { first } => format!("#{}…?", first.0),
            MultiMessage::Chosen { first, votes } => {
                format!("= #{}–{}", first.0, first.0 + votes.len() as u32 - 1)
            }
            MultiMessage::ClientRequest { op, .. } => op.to_string(),
            MultiMessage::ClientReply { answer, .. } => answer.label(),
        }
    }

    fn message_tone(&self, kind: u8) -> Tone {
        match kind {
            0 | 1 => Tone::Try,
            2 | 5 => Tone::Lead,
            3 | 6 => Tone::Neutral,
            4 => Tone::Bad,
            7 | 8 => Tone::Good,
            _ => Tone::Guest,
        }
    }
}

fn mask(server: &Server) -> Mask {
    let (tone, shape) = match server.role {
        Role::Follower => (Tone::Neutral, Shape::Plain),
        Role::Candidate(_) => (Tone::Try, Shape::Diamond),
        Role::Leader(_) => (Tone::Lead, Shape::Star),
    };
    let key = server.role();
    Mask { key, tone, shape }
}

/// Each server has its colour, and so what it proposed.
fn hue(ballot: Ballot) -> u64 {
    u64::from(ballot.server)
}

/// What a server has accepted: a dead one what is on its disk, and nothing else.
fn held<'a>(server: &'a Server, disk: &'a Disk, down: bool) -> (&'a Slots, Slot, &'a [Slot]) {
    if down {
        (&disk.slots, disk.chosen, &[])
    } else {
        (&server.slots, server.chosen, &server.beyond)
    }
}

fn server_card(
    world: &World,
    id: NodeId,
    (server, disk): (&Server, &Disk),
    count: usize,
) -> NodeCard {
    let cell = world.cell(id);
    let down = cell.status() == Status::Down;
    let (slots, chosen, beyond) = held(server, disk, down);
    let last = slots.last();
    let shown = (last.0.saturating_sub(CHIPS - 1).max(1)..=last.0).map(Slot);
    let chips = shown.filter_map(|slot| {
        let vote = slots.get(slot)?;
        Some(Chip {
            hue: hue(vote.ballot),
            solid: slot <= chosen || beyond.contains(&slot),
            durable: disk.slots.get(slot) == Some(vote),
        })
    });
    let promised = if down { disk.promised } else { server.promised };
    let election = cell.timers().find(|view| view.timer == ELECTION);
    NodeCard {
        id,
        at: seat(id.index(), count),
        name: world.spec(id).name.clone(),
        kind: NodeKind::Server,
        role: mask(server),
        status: cell.status(),
        caption: format!("b {promised}"),
        arc: election.map(|view| Arc {
            from: view.set_at,
            to: view.deadline,
        }),
        chips: chips.collect(),
        writes_pending: cell.writes_pending(),
    }
}

/// A row for each server, a column for each slot.
fn slots_panel(world: &World, names: &Names) -> Panel {
    let last = servers(world)
        .map(|(_, server, disk)| server.slots.last().max(disk.slots.last()))
        .max()
        .unwrap_or_default();
    let first = last.0.saturating_sub(COLUMNS - 2).max(1);
    let columns = first..first + COLUMNS;
    let row = |(id, server, disk): (NodeId, &Server, &Disk)| {
        let status = world.cell(id).status();
        let down = status == Status::Down;
        let mask = mask(server);
        let cells = columns
            .clone()
            .map(|slot| slot_cell(server, disk, Slot(slot), down));
        GridRow {
            node: id,
            head: names.node(id).to_owned(),
            shape: if down { Shape::Plain } else { mask.shape },
            tone: if down { Tone::Neutral } else { mask.tone },
            faint: status != Status::Up,
            cells: cells.collect(),
        }
    };
    Panel::Grid {
        id: "slots",
        legend: true,
        columns: columns.clone().map(|slot| slot.to_string()).collect(),
        rows: servers(world).map(row).collect(),
        caption: Phrase::new("panel.slots.caption"),
        alarm: false,
    }
}

fn slot_cell(server: &Server, disk: &Disk, slot: Slot, down: bool) -> GridCell {
    let (slots, chosen, beyond) = held(server, disk, down);
    let Some(vote) = slots.get(slot) else {
        let gap = slot < slots.last();
        return GridCell {
            mark: if gap { "?" } else { "" },
            title: Phrase::new(if gap {
                "panel.slots.gap"
            } else {
                "panel.slots.free"
            })
            .with("slot", slot.0),
            ..GridCell::default()
        };
    };
    let solid = slot <= chosen || beyond.contains(&slot);
    let durable = disk.slots.get(slot) == Some(vote);
    let key = match (solid, durable) {
        (true, _) => "panel.slots.chosen",
        (false, true) => "panel.slots.on-disk",
        (false, false) => "panel.slots.in-memory",
    };
    GridCell {
        text: match vote.command {
            Command::Noop => "·".to_owned(),
            Command::Request { op, .. } => op.to_string(),
        },
        hue: hue(vote.ballot),
        solid,
        durable,
        // Chosen, and waiting for a slot before it.
        mark: if slot > chosen && solid { "▸" } else { "" },
        title: Phrase::new(key)
            .with("slot", slot.0)
            .with("ballot", vote.ballot)
            .with("command", vote.command),
    }
}

/// Who has promised the ballot of whoever leads or wants to, and who has accepted its last slots: each
/// majority below the other.
fn quorums_panel(world: &World, names: &Names) -> Panel {
    let all = servers(world).count();
    let needed = majority(all, world.rules().on(MORE_THAN_HALF));
    let up = |id: NodeId| world.cell(id).status() != Status::Down;
    let candidates = servers(world)
        .filter(|(id, server, _)| up(*id) && matches!(server.role, Role::Candidate(_)));
    let lead = leader(world).and_then(|(lead, _)| servers(world).find(|(id, ..)| *id == lead));
    let tally = |what: Phrase, said: &dyn Fn(&Server, &Disk) -> Vote| {
        let vote = |(id, server, disk): (NodeId, &Server, &Disk)| {
            (names.node(id).to_owned(), said(server, disk))
        };
        TallyRow {
            what,
            needed,
            votes: servers(world).map(vote).collect(),
            over: None,
            beside: None,
        }
    };
    let mut rows = Vec::new();
    for (id, server, _) in candidates.chain(lead) {
        let ballot = server.promised;
        let what = Phrase::new("panel.quorums.promises")
            .with("node", names.node(id))
            .with("ballot", ballot);
        rows.push(tally(what, &|server, disk| match (
            disk.promised == ballot,
            server.promised > ballot,
        ) {
            (true, _) => Vote::Yes,
            (false, true) => Vote::No,
            (false, false) => Vote::Waiting,
        }));
    }
    if let Some((_, server, _)) = lead {
        let ballot = server.promised;
        let last = server.slots.last().0;
        let shown = (last.saturating_sub(VOTED as u32 - 1).max(1)..=last).map(Slot);
        let mine = |slot: &Slot| {
            server
                .slots
                .get(*slot)
                .is_some_and(|vote| vote.ballot == ballot)
        };
        for slot in shown.filter(mine) {
            let what = Phrase::new("panel.quorums.accepts").with("slot", slot.0);
            rows.push(tally(what, &|server, disk| {
                let accepted = disk.slots.get(slot).map(|vote| vote.ballot);
                match (accepted == Some(ballot), server.promised > ballot) {
                    (true, _) => Vote::Yes,
                    (false, true) => Vote::No,
                    (false, false) => Vote::Waiting,
                }
            }));
        }
    }
    let key = if rows.is_empty() {
        "panel.quorums.none"
    } else if needed * 2 > all {
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
