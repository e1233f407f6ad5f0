//! The picture: the members in a circle, each with the end of its log; and what they know, have and cost.

use super::checks::{config, doubts, members, running};
use super::lab::ThreePhaseCommit;
use super::leading::Phase;
use super::member::{LEAD, Member, WAIT};
use super::message::PhaseMessage;
use crate::engine::{AnyMessage, Engine, Message, NodeId, disk_of, typed};
use crate::lab::commit::{Books, Outcome, Standing, whole};
use crate::lab::{Names, Readings};
use crate::sim::{NodeKind, Status, World};
use crate::view::commit::{self as panels, Row};
use crate::view::{Arc, NodeCard, Panel, Plugin, Role, Scene, Shape, Tone, circle};

impl Plugin for ThreePhaseCommit {
    fn scene(&self, world: &World) -> Scene {
        let rows = rows(world);
        let all = rows.len();
        let settled = panels::settled(&rows);
        let cards = rows.iter().zip(settled);
        let cards = cards.filter_map(|(row, settled)| card(world, row, all, settled));
        let coordinators = config(world).map_or(1, |config| config.coordinators);
        let ends = (0..coordinators.min(all as u16)).map(NodeId);
        let links = ends.flat_map(|from| {
            let later = world.ids().filter(move |to| *to > from);
            later.map(move |to| (from, to))
        });
        Scene {
            nodes: cards.collect(),
            links: links.collect(),
            queues_beside: false,
        }
    }

    fn panels(&self, world: &World, names: &Names) -> Vec<Panel> {
        let Some(config) = config(world) else {
            return Vec::new();
        };
        let rows = rows(world);
        let should = whole(config.members, config.opening);
        vec![
            panels::states(&rows, names),
            panels::logs(&rows, names),
            panels::doubts(&rows, names, config.bounds.silence()),
            panels::accounts(&rows, names, should),
            panels::costs(world, PhaseMessage::KINDS, tone_of, panels::forced(&rows)),
        ]
    }

    fn message_label(&self, message: &dyn AnyMessage, _names: &Names) -> String {
        let Some(message) = typed::<PhaseMessage>(message) else {
            return String::new();
        };
        let txn = message.txn();
        match message {
            PhaseMessage::Prepare(_, order) => format!("{txn}? {order}"),
            PhaseMessage::Yes(_) => format!("{txn} yes"),
            PhaseMessage::No(_) => format!("{txn} no"),
            PhaseMessage::PreCommit(_) => format!("{txn} ✓?"),
            PhaseMessage::PreAck(_) => format!("{txn} pre-ack"),
            PhaseMessage::Commit(_) => format!("{txn} ✓"),
            PhaseMessage::Abort(_) => format!("{txn} ✗"),
            PhaseMessage::Ack(_) => format!("{txn} ack"),
            PhaseMessage::Elect(_) => format!("{txn} ★"),
            PhaseMessage::StateRequest(_) => format!("{txn} state?"),
            PhaseMessage::State(_, state) => format!("{txn} = {}", state.sign()),
            PhaseMessage::Ask(_) => format!("{txn} ??"),
        }
    }

    fn message_tone(&self, kind: u8) -> Tone {
        tone_of(kind)
    }
}

fn tone_of(kind: u8) -> Tone {
    match kind {
        0 | 3 => Tone::Lead,
        1 | 4 | 5 => Tone::Good,
        2 | 6 => Tone::Bad,
        8 | 9 => Tone::Try,
        10 | 11 => Tone::Guest,
        _ => Tone::Neutral,
    }
}

/// All members.
fn rows(world: &World) -> Vec<Row<'_>> {
    members(world)
        .filter_map(|(node, member)| row(world, node, member))
        .collect()
}

fn row<'a>(world: &'a World, node: NodeId, member: &Member) -> Option<Row<'a>> {
    let cell = world.cell(node);
    let disk = disk_of::<Member>(cell.node())?;
    let config = member.config();
    let down = cell.status() == Status::Down;
    let mut votes = member.rounds().iter();
    let ballot = votes.find(|(_, round)| matches!(round.phase, Phase::Votes(_)));
    let row = Row {
        node,
        role: role(member),
        status: cell.status(),
        books: if down {
            Books::replay(node, config.members, config.opening, disk)
        } else {
            member.books().clone()
        },
        disk,
        now: world.local(node),
        collecting: ballot.filter(|_| !down).map(|(txn, _)| *txn),
        deciding: Vec::new(),
    };
    // Nobody waits for an abort that its log does not know the beginning of.
    Some(row.undecided(|outcome| outcome == Outcome::Commit))
}

fn role(member: &Member) -> Role {
    let key = member.role();
    let (tone, shape) = match key {
        "coordinator" | "collecting" | "pre-committing" => (Tone::Lead, Shape::Star),
        "backup" => (Tone::Try, Shape::Star),
        "telling" => (Tone::Good, Shape::Star),
        "prepared" => (Tone::Try, Shape::Diamond),
        "pre-committed" => (Tone::Good, Shape::Diamond),
        "recovering" => (Tone::Bad, Shape::Diamond),
        _ => (Tone::Neutral, Shape::Plain),
    };
    Role { key, tone, shape }
}

/// What stands in a node where something is open: what it waits for as a leader, or what it is in doubt of.
fn caption(member: &Member, row: &Row<'_>) -> Option<String> {
    let round = member.rounds().iter().next();
    if let Some((txn, round)) = round.filter(|_| row.status != Status::Down) {
        let (sign, have, of) = match &round.phase {
            Phase::Votes(yes) => ("", yes.len(), usize::from(member.config().members) - 1),
            Phase::States { of, heard } => {
                let have = of.iter().filter(|node| heard.contains_key(node));
                ("? ", have.count(), of.len())
            }
            Phase::Acks { of, by } => ("✓? ", by.len(), of.len()),
        };
        return Some(format!("{txn} {sign}{have}/{of}"));
    }
    let ready = row.books.standings.iter();
    let mut ready = ready.filter(|(_, at)| matches!(at, Standing::PreCommitted(..)));
    if let Some((txn, _)) = ready.next() {
        return Some(format!("{txn} ✓?"));
    }
    let doubted = row.books.in_doubt().next();
    let doubted = doubted.map(|(txn, ..)| format!("{txn} ?"));
    doubted.or_else(|| row.deciding.first().map(|txn| format!("{txn} …")))
}

fn card(
    world: &World,
    row: &Row<'_>,
    all: usize,
    (role, settled): (Role, String),
) -> Option<NodeCard> {
    let cell = world.cell(row.node);
    let (_, member) = members(world).find(|(node, _)| *node == row.node)?;
    let mut timers = cell.timers();
    let timer = timers.find(|view| view.timer == LEAD || view.timer == WAIT);
    Some(NodeCard {
        id: row.node,
        at: circle(row.node.index(), all, 0.78),
        name: world.spec(row.node).name.clone(),
        kind: NodeKind::Server,
        role,
        status: row.status,
        caption: caption(member, row).unwrap_or(settled),
        arc: timer.map(|view| Arc {
            from: view.set_at,
            to: view.deadline,
        }),
        chips: panels::chips(row),
        writes_pending: cell.writes_pending(),
    })
}

/// What is drawn over time, read.
pub(super) fn read(world: &World) -> Readings {
    panels::doubt_readings(running(world).map(|(node, member)| {
        let now = world.local(node);
        doubts(member).map(|(_, since)| now - since).max()
    }))
}
