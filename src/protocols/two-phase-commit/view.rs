//! The picture: the members in a circle, each with the end of its log; and what they know, have and cost.

use super::checks::{config, members, running};
use super::lab::TwoPhaseCommit;
use super::member::{ASK, Member, VOTES};
use super::message::CommitMessage;
use super::rules::FORCE_THE_DECISION;
use crate::engine::{AnyMessage, Engine, Message, NodeId, disk_of, typed};
use crate::lab::commit::{Books, Outcome, whole};
use crate::lab::{Names, Readings};
use crate::sim::{NodeKind, Status, World};
use crate::view::commit::{self as panels, Row};
use crate::view::{Arc, NodeCard, Panel, Plugin, Role, Scene, Shape, Tone, circle};

impl Plugin for TwoPhaseCommit {
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
            panels::doubts(&rows, names, config.ask_timeout),
            panels::accounts(&rows, names, should),
            panels::costs(world, CommitMessage::KINDS, tone_of, panels::forced(&rows)),
        ]
    }

    fn message_label(&self, message: &dyn AnyMessage, _names: &Names) -> String {
        let Some(message) = typed::<CommitMessage>(message) else {
            return String::new();
        };
        let txn = message.txn();
        match message {
            CommitMessage::Prepare(_, order) => format!("{txn}? {order}"),
            CommitMessage::Yes(_) => format!("{txn} yes"),
            CommitMessage::No(_) => format!("{txn} no"),
            CommitMessage::Commit(_) => format!("{txn} ✓"),
            CommitMessage::Abort(_) => format!("{txn} ✗"),
            CommitMessage::Ack(_) => format!("{txn} ack"),
            CommitMessage::Ask(_) => format!("{txn} ??"),
            CommitMessage::Undecided(_) => format!("{txn} …"),
        }
    }

    fn message_tone(&self, kind: u8) -> Tone {
        tone_of(kind)
    }
}

fn tone_of(kind: u8) -> Tone {
    match kind {
        0 => Tone::Lead,
        1 | 3 => Tone::Good,
        2 | 4 => Tone::Bad,
        6 => Tone::Try,
        7 => Tone::Guest,
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
    let ballot = member.coordinator().collecting.as_ref();
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
        collecting: ballot.filter(|_| !down).map(|ballot| ballot.txn),
        deciding: Vec::new(),
    };
    // Nobody waits for an abort that is presumed, nor for a commit without the rule.
    let forced = world.rules().on(FORCE_THE_DECISION);
    let presumed = config.presumed_abort;
    Some(row.undecided(|outcome| match outcome {
        Outcome::Commit => forced,
        Outcome::Abort => !presumed,
    }))
}

fn role(member: &Member) -> Role {
    let key = member.role();
    let (tone, shape) = match key {
        "coordinator" | "collecting" => (Tone::Lead, Shape::Star),
        "telling" => (Tone::Good, Shape::Star),
        "prepared" => (Tone::Try, Shape::Diamond),
        "in-doubt" => (Tone::Bad, Shape::Diamond),
        _ => (Tone::Neutral, Shape::Plain),
    };
    Role { key, tone, shape }
}

/// What stands in a node where something is open: the votes that it has, or what it is in doubt of.
fn caption(member: &Member, row: &Row<'_>) -> Option<String> {
    if row.status != Status::Down
        && let Some(ballot) = &member.coordinator().collecting
    {
        let needed = usize::from(member.config().members) - 1;
        return Some(format!("{} {}/{needed}", ballot.txn, ballot.yes.len()));
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
    let timer = timers.find(|view| view.timer == VOTES || view.timer == ASK);
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
        member
            .books()
            .in_doubt()
            .map(|(.., since)| now - since)
            .max()
    }))
}
