//! The picture, from left to right: producers, the broker with what it keeps, the workers, the ledger.

use super::broker::{Broker, VISIBLE};
use super::checks::{book, vault};
use super::lab::{BROKER, LEDGER, TaskQueue, producers, workers};
use super::message::{QueueMessage, Task, TaskId};
use super::producer::Producer;
use super::vault::Entry;
use super::worker::{WORK, Worker};
use crate::engine::{AnyMessage, NodeId, Timer, engine_of, typed};
use crate::lab::{Names, Phrase};
use crate::sim::{Cell, NodeKind, Status, World};
use crate::view::{
    Arc, Chip, NodeCard, Panel, Plugin, Queue, QueueEntry, Role, Scene, Shape, SpanRow, Table, Tone,
};

/// So many dead letters are shown, the latest.
const DEAD_SHOWN: usize = 4;

impl Plugin for TaskQueue {
    fn scene(&self, world: &World) -> Scene {
        let card = |id: NodeId| card(world, id);
        let lines = |from: NodeId, to: Vec<NodeId>| to.into_iter().map(move |to| (from, to));
        let all: Vec<NodeId> = workers(world).map(|(id, _)| id).collect();
        let sources = producers(world).map(|(id, _)| id).collect();
        let links = lines(BROKER, sources)
            .chain(lines(BROKER, all.clone()))
            .chain(lines(LEDGER, all));
        Scene {
            nodes: world.ids().map(card).collect(),
            links: links.collect(),
            ..Scene::default()
        }
    }

    fn panels(&self, world: &World, names: &Names) -> Vec<Panel> {
        vec![
            Panel::Queue(queue(world, names)),
            timeouts(world, names),
            Panel::Table(qualities(world, names)),
            Panel::Table(hands(world, names)),
        ]
    }

    fn message_label(&self, message: &dyn AnyMessage, _: &Names) -> String {
        let Some(message) = typed::<QueueMessage>(message) else {
            return String::new();
        };
        match message {
            QueueMessage::Publish {
                task,
                quality,
                again,
                ..
            } => {
                let again = if *again { " DUP" } else { "" };
                format!("PUBLISH{} {}{again}", quality.number(), name(*task))
            }
            QueueMessage::PubAck(packet) => format!("PUBACK {}", packet.0),
            QueueMessage::PubRec(packet) => format!("PUBREC {}", packet.0),
            QueueMessage::PubRel(packet) => format!("PUBREL {}", packet.0),
            QueueMessage::PubComp(packet) => format!("PUBCOMP {}", packet.0),
            QueueMessage::Ready => "ready".to_owned(),
            QueueMessage::Deliver(hand) => format!("{} ×{}", name(hand.task), hand.tries),
            QueueMessage::Ack { delivery, .. } => format!("ack {delivery}"),
            QueueMessage::Reject { delivery, .. } => format!("reject {delivery}"),
            QueueMessage::Steal => "steal".to_owned(),
            QueueMessage::Handed(hand) => format!("{} →", name(hand.task)),
            QueueMessage::Apply { task, .. } => format!("do {}", task.word()),
            QueueMessage::Applied { .. } => "ok".to_owned(),
        }
    }

    fn message_tone(&self, kind: u8) -> Tone {
        match kind {
            0 | 3 => Tone::Guest,
            1 | 2 | 4 | 7 => Tone::Good,
            6 => Tone::Lead,
            8 => Tone::Bad,
            9 | 10 => Tone::Try,
            _ => Tone::Neutral,
        }
    }
}

/// A task in a few characters; poison is marked.
fn name(task: Task) -> String {
    format!("{}{}", task.id.word(), if task.poison { " ☠" } else { "" })
}

/// Place `i` of `n` in a column, from -1 to 1.
fn row(i: u16, n: usize) -> f64 {
    ((f64::from(i) + 0.5) / n.max(1) as f64 * 2.0 - 1.0) * 0.85
}

fn place(world: &World, id: NodeId) -> (f64, f64) {
    let n = workers(world).count();
    if id == BROKER {
        return (-0.3, 0.0);
    }
    if id == LEDGER {
        return (1.0, 0.0);
    }
    match usize::from(id.0 - 2).checked_sub(n) {
        None if n > 3 => {
            // Two columns, one a little lower, so that no two links lie on each other.
            let (at, column) = ((id.0 - 2) / 2, f64::from(id.0 % 2));
            let y = row(at, n.div_ceil(2)) - 0.07 + 0.14 * column;
            (0.15 + 0.45 * column, y)
        }
        None => (0.35, row(id.0 - 2, n)),
        Some(at) => (-1.0, row(at as u16, producers(world).count())),
    }
}

fn countdown(cell: &Cell, timer: Timer) -> Option<Arc> {
    let view = cell.timers().find(|view| view.timer == timer)?;
    Some(Arc {
        from: view.set_at,
        to: view.deadline,
    })
}

const fn role(key: &'static str, tone: Tone, shape: Shape) -> Role {
    Role { key, tone, shape }
}

fn card(world: &World, id: NodeId) -> NodeCard {
    let cell = world.cell(id);
    let bare = NodeCard {
        id,
        at: place(world, id),
        name: world.spec(id).name.clone(),
        kind: world.spec(id).kind,
        role: role("ledger", Tone::Good, Shape::Plain),
        status: cell.status(),
        caption: String::new(),
        arc: None,
        chips: Vec::new(),
        writes_pending: cell.writes_pending(),
    };
    if let Some(producer) = engine_of::<Producer>(cell.node()) {
        return producer_card(producer, bare);
    }
    if let Some(worker) = engine_of::<Worker>(cell.node()) {
        return worker_card(cell, worker, bare);
    }
    if id == BROKER {
        return broker_card(world, bare);
    }
    NodeCard {
        caption: book(world).rows().len().to_string(),
        ..bare
    }
}

fn producer_card(producer: &Producer, card: NodeCard) -> NodeCard {
    let pending = producer.session().pending;
    let (key, tone) = match pending {
        Some(pending) if pending.releasing => ("releasing", Tone::Try),
        Some(_) => ("publishing", Tone::Try),
        None => ("producer", Tone::Guest),
    };
    NodeCard {
        role: role(key, tone, Shape::Box),
        caption: format!("QoS {}", producer.quality().number()),
        kind: NodeKind::Client,
        ..card
    }
}

fn worker_card(cell: &Cell, worker: &Worker, card: NodeCard) -> NodeCard {
    let up = cell.status() != Status::Down;
    let hands = if up { worker.hands() } else { &[] };
    let (key, tone) = match hands.first() {
        Some(first) if first.task.poison => ("failing", Tone::Bad),
        Some(_) => ("working", Tone::Lead),
        None => ("idle", Tone::Neutral),
    };
    let caption = match hands {
        [] => String::new(),
        [only] => name(only.task),
        [first, rest @ ..] => format!("{} +{}", name(first.task), rest.len()),
    };
    NodeCard {
        role: role(key, tone, Shape::Plain),
        caption,
        arc: countdown(cell, WORK),
        ..card
    }
}

fn broker_card(world: &World, card: NodeCard) -> NodeCard {
    let entries = vault(world).map_or(&[][..], |vault| vault.entries());
    let chip = |entry: &Entry| Chip {
        hue: u64::from(entry.task.id.producer),
        solid: entry.lent.is_some(),
        durable: true,
    };
    NodeCard {
        role: role("broker", Tone::Lead, Shape::Star),
        caption: entries.len().to_string(),
        arc: countdown(world.cell(BROKER), VISIBLE),
        chips: entries.iter().map(chip).collect(),
        ..card
    }
}

/// The tasks that the broker keeps, the oldest in front, and behind them the latest dead letters.
fn queue(world: &World, names: &Names) -> Queue {
    let vault = vault(world);
    let live = vault.map_or(&[][..], |vault| vault.entries());
    let dead = vault.map_or(&[][..], |vault| vault.dead());
    let shown = dead.len().saturating_sub(DEAD_SHOWN);
    let entry = |entry: &Entry, dead: bool| {
        let (key, tone, shape) = match (dead, entry.lent) {
            (true, _) => ("queue.dead", Tone::Bad, Shape::Box),
            (false, Some(_)) => ("queue.lent", Tone::Lead, Shape::Star),
            (false, None) if entry.tries > 0 => ("queue.again", Tone::Try, Shape::Diamond),
            (false, None) => ("queue.waits", Tone::Neutral, Shape::Plain),
        };
        let owner = entry.lent.map_or(BROKER, |lent| lent.worker);
        QueueEntry {
            name: format!("#{}", entry.number),
            owner,
            who: name(entry.task),
            number: Some(entry.tries.into()),
            watches: None,
            tone,
            shape,
            state: Phrase::new(key).with("worker", names.node(owner)),
        }
    };
    let entries = live.iter().map(|one| entry(one, false));
    let entries = entries.chain(dead[shown..].iter().map(|one| entry(one, true)));
    Queue {
        id: "queue",
        lines: vec![(names.node(BROKER).to_owned(), entries.collect())],
        number: ("×", "queue.tries"),
        words: Queue::IN_LINE,
        caption: Phrase::new("caption.queue").with("dead", dead.len()),
    }
}

/// Until when each task that was handed out is nobody else's, by the broker's clock.
fn timeouts(world: &World, names: &Names) -> Panel {
    let now = world.cell(BROKER).clock().local(world.now());
    let down = world.cell(BROKER).status() != Status::Up;
    let entries = vault(world).map_or(&[][..], |vault| vault.entries());
    let rows = entries.iter().filter_map(|entry| {
        let lent = entry.lent?;
        let worker = world.cell(lent.worker);
        let engine = engine_of::<Worker>(worker.node());
        let up = worker.status() != Status::Down;
        let has = |worker: &Worker| worker.hands().iter().any(|hand| hand.entry == entry.number);
        // The task may be on its way, or stolen; then it is not with the one that it was handed to.
        let there = up && engine.is_some_and(has);
        let phrase = Phrase::new("span.lent").with("task", name(entry.task));
        Some(SpanRow {
            node: lent.worker,
            head: names.node(lent.worker).to_owned(),
            what: phrase.with("tries", entry.tries),
            clock: names.node(BROKER).to_owned(),
            tone: match (up, there) {
                (false, _) => Tone::Bad,
                (true, false) => Tone::Try,
                (true, true) => Tone::Lead,
            },
            from: lent.until.map_or(lent.since, |until| lent.since.min(until)),
            to: lent.until,
            now,
            faint: down,
        })
    });
    let rows: Vec<SpanRow> = rows.collect();
    let caption = if rows.is_empty() {
        "caption.timeouts-none"
    } else {
        "caption.timeouts"
    };
    Panel::Spans {
        id: "timeouts",
        rows,
        caption: Phrase::new(caption),
    }
}

/// What became of the tasks of each producer: the three qualities, side by side.
fn qualities(world: &World, names: &Names) -> Table {
    let columns = [
        "producer", "quality", "sent", "accepted", "stored", "worked", "effects", "dead",
    ];
    let vault = vault(world);
    let rows = producers(world).map(|(id, producer)| {
        let mine = |task: TaskId| task.producer == producer.place();
        let rows = || book(world).rows().iter().filter(|row| mine(row.task));
        let dead = vault.map_or(&[][..], |vault| vault.dead());
        let dead = dead.iter().filter(|entry| mine(entry.task.id)).count();
        let session = producer.session();
        let stored = vault.map_or(0, |vault| vault.stored_of(producer.place()));
        let worked: u32 = rows().map(|row| row.works).sum();
        let effects: u32 = rows().map(|row| row.effects).sum();
        let wrong = rows().any(|row| row.effects > 1);
        let tone = match (wrong, stored > session.sent || dead > 0) {
            (true, _) => Tone::Bad,
            (false, true) => Tone::Try,
            (false, false) => Tone::Neutral,
        };
        let accepted = match producer.quality() {
            super::Quality::AtMostOnce => "–".to_owned(),
            super::Quality::AtLeastOnce | super::Quality::ExactlyOnce => {
                session.accepted.to_string()
            }
        };
        let cells = vec![
            names.node(id).to_owned(),
            producer.quality().number().to_string(),
            session.sent.to_string(),
            accepted,
            stored.to_string(),
            worked.to_string(),
            effects.to_string(),
            dead.to_string(),
        ];
        (tone, cells)
    });
    Table {
        id: "qualities",
        columns: columns
            .map(|column| Phrase::new(format!("column.{column}")))
            .to_vec(),
        rows: rows.collect(),
        caption: Phrase::new("caption.qualities"),
    }
}

/// What each worker has in hand.
fn hands(world: &World, names: &Names) -> Table {
    let silent = engine_of::<Broker>(world.cell(BROKER).node()).map_or(&[][..], Broker::silent);
    let rows = workers(world).map(|(id, worker)| {
        let down = world.cell(id).status() == Status::Down;
        let hands = if down { &[] } else { worker.hands() };
        let tasks: Vec<String> = hands.iter().skip(1).map(|hand| name(hand.task)).collect();
        let dash = || "–".to_owned();
        let cells = vec![
            names.node(id).to_owned(),
            hands.first().map_or_else(dash, |hand| name(hand.task)),
            if tasks.is_empty() {
                dash()
            } else {
                tasks.join(" ")
            },
            if silent.contains(&id) {
                "●".to_owned()
            } else {
                dash()
            },
        ];
        let tone = match (down, hands.is_empty()) {
            (true, _) => Tone::Bad,
            (false, false) => Tone::Lead,
            (false, true) => Tone::Neutral,
        };
        (tone, cells)
    });
    Table {
        id: "hands",
        columns: ["worker", "now", "next", "silent"]
            .map(|column| Phrase::new(format!("column.{column}")))
            .to_vec(),
        rows: rows.collect(),
        caption: Phrase::new("caption.hands"),
    }
}
