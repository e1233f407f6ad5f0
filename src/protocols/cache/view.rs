//! The picture: clients on the left, the cache with its shelf, the store. Beside the store stands a cache that
//! clients look aside at; one that they talk through stands in front of it.

use super::checks::{cache, clients, stored, table};
use super::client::{Client, Pending, Stage};
use super::lab::{CACHE, CacheLab, STORE};
use super::message::{CacheMessage, Key, Row};
use super::node::{Cache, FLUSH, Mode, Tally};
use super::shelf::{Shelf, Slot};
use super::store::{READ, Store};
use crate::engine::{AnyMessage, NodeId, Timer, engine_of, typed};
use crate::lab::{Names, Phrase};
use crate::sim::{NodeKind, Status, World};
use crate::view::{
    Arc, BarRow, Bars, Chip, NodeCard, Panel, Plugin, Queue, QueueEntry, Role, Scene, Shape, Table,
    Tone,
};

/// So many slots are shown, those that have to go first.
const SHOWN: usize = 12;
/// So many chips stand under the cache.
const CHIPS: usize = 8;

impl Plugin for CacheLab {
    fn scene(&self, world: &World) -> Scene {
        let of_clients = |to: NodeId| clients(world).map(move |(id, _)| (to, id));
        let mut links: Vec<(NodeId, NodeId)> = of_clients(CACHE).collect();
        if mode(world) == Mode::LookAside {
            links.extend(of_clients(STORE));
        } else {
            links.push((STORE, CACHE));
        }
        Scene {
            queues_beside: false,
            nodes: world.ids().map(|id| card(world, id)).collect(),
            links,
        }
    }

    fn panels(&self, world: &World, names: &Names) -> Vec<Panel> {
        vec![
            Panel::Queue(shelf(world, names)),
            Panel::Bars(ratio(world)),
            Panel::Queue(at_the_store(world, names)),
            Panel::Table(beside(world)),
            Panel::Table(clients_table(world, names)),
        ]
    }

    fn message_label(&self, message: &dyn AnyMessage, _: &Names) -> String {
        let Some(message) = typed::<CacheMessage>(message) else {
            return String::new();
        };
        let lease = |lease: &Option<super::Ticket>| {
            lease.map_or_else(String::new, |lease| format!(" #{}", lease.number))
        };
        match message {
            CacheMessage::Get { key, .. } => format!("get {}", key.word()),
            CacheMessage::Put { key, value, .. } => format!("put {}={value}", key.word()),
            CacheMessage::Set {
                key,
                row,
                lease: of,
                ..
            } => format!("set {} {}{}", key.word(), row.text(), lease(of)),
            CacheMessage::Delete { key, .. } => format!("delete {}", key.word()),
            CacheMessage::Hit { row, .. } => format!("= {}", row.text()),
            CacheMessage::Miss { key, lease: of, .. } => {
                format!("miss {}{}", key.word(), lease(of))
            }
            CacheMessage::Wait { .. } => "wait".to_owned(),
            CacheMessage::Stored { version, .. } => format!("ok v{}", version.0),
            CacheMessage::Deleted { .. } => "ok".to_owned(),
            CacheMessage::Read { key, .. } => format!("read {}", key.word()),
            CacheMessage::Value { key, row, .. } => format!("{} = {}", key.word(), row.text()),
            CacheMessage::Write { key, value, .. } => format!("write {}={value}", key.word()),
            CacheMessage::Written { key, row, .. } => format!("{} v{}", key.word(), row.version.0),
        }
    }

    fn message_tone(&self, kind: u8) -> Tone {
        match kind {
            1 | 3 | 11 => Tone::Lead,
            2 => Tone::Good,
            4 => Tone::Good,
            5 | 6 => Tone::Bad,
            9 | 10 => Tone::Try,
            0 => Tone::Guest,
            _ => Tone::Neutral,
        }
    }
}

fn mode(world: &World) -> Mode {
    engine_of::<Cache>(world.cell(CACHE).node()).map_or(Mode::LookAside, Cache::mode)
}

/// Place `i` of `n` in a column, from -1 to 1.
fn row(i: usize, n: usize) -> f64 {
    ((i as f64 + 0.5) / n.max(1) as f64 * 2.0 - 1.0) * 0.9
}

fn place(world: &World, id: NodeId) -> (f64, f64) {
    let aside = mode(world) == Mode::LookAside;
    match (id, aside) {
        (CACHE, true) => (0.6, -0.6),
        (STORE, true) => (0.6, 0.6),
        (CACHE, false) => (0.0, 0.0),
        (STORE, false) => (1.0, 0.0),
        (client, _) => {
            let (at, all) = (client.index() - 2, clients(world).count());
            if all <= 4 {
                return (-1.0, row(at, all));
            }
            // Two columns, so that no two links lie on each other.
            let x = if at.is_multiple_of(2) { -1.2 } else { -0.85 };
            (x, row(at, all))
        }
    }
}

const fn role(key: &'static str, tone: Tone, shape: Shape) -> Role {
    Role { key, tone, shape }
}

fn card(world: &World, id: NodeId) -> NodeCard {
    let cell = world.cell(id);
    let countdown = |timer: Timer| {
        let view = cell.timers().find(|view| view.timer == timer)?;
        Some(Arc {
            from: view.set_at,
            to: view.deadline,
        })
    };
    let bare = NodeCard {
        id,
        at: place(world, id),
        name: world.spec(id).name.clone(),
        kind: NodeKind::Server,
        role: role("store", Tone::Neutral, Shape::Plain),
        status: cell.status(),
        caption: String::new(),
        arc: None,
        chips: Vec::new(),
        writes_pending: cell.writes_pending(),
    };
    if let Some(store) = engine_of::<Store>(cell.node()) {
        let waiting = store.queue().count();
        return NodeCard {
            caption: if waiting > 0 {
                waiting.to_string()
            } else {
                String::new()
            },
            arc: countdown(READ),
            ..bare
        };
    }
    if let Some(engine) = engine_of::<Cache>(cell.node()) {
        let chips = cache(world).map(chips).unwrap_or_default();
        return NodeCard {
            role: role("cache", Tone::Lead, Shape::Star),
            caption: percent(engine.tally()),
            arc: countdown(FLUSH),
            chips,
            ..bare
        };
    }
    let client = cell.running::<Client>();
    let pending = client.and_then(Client::pending);
    let (key, tone) = pending.map_or(("idle", Tone::Guest), |pending| doing(&pending));
    NodeCard {
        role: role(key, tone, Shape::Box),
        caption: pending.map_or_else(String::new, |pending| pending.key.word().to_string()),
        kind: NodeKind::Client,
        writes_pending: 0,
        ..bare
    }
}

/// What is on the shelf, the next that has to go first. What the store does not know is dashed.
fn chips(cache: &Cache) -> Vec<Chip> {
    let chip = |slot: &Slot| Chip {
        hue: u64::from(slot.key.0),
        solid: cache.book().row(slot.key).is_none(),
        durable: cache.book().row(slot.key).is_some(),
    };
    cache
        .shelf()
        .in_order()
        .iter()
        .take(CHIPS)
        .map(chip)
        .collect()
}

fn doing(pending: &Pending) -> (&'static str, Tone) {
    match pending.stage {
        Stage::Asking => ("asking", Tone::Guest),
        Stage::Waiting => ("waiting", Tone::Neutral),
        Stage::Reading => ("reading", Tone::Try),
        Stage::Writing => ("writing", Tone::Lead),
        Stage::Deleting => ("deleting", Tone::Lead),
        Stage::Putting => ("putting", Tone::Lead),
    }
}

fn asked(tally: Tally) -> u32 {
    tally.hits + tally.misses
}

fn percent(tally: Tally) -> String {
    let asked = asked(tally);
    if asked == 0 {
        return String::new();
    }
    format!("{} %", (tally.hits * 100 + asked / 2) / asked)
}

/// What a slot is: dirty, older than the store, over, or good; and how long it has.
fn state(world: &World, cache: &Cache, slot: &Slot) -> (Phrase, Tone, Shape) {
    let now = world.local(CACHE);
    let truth = stored(world, slot.key).version;
    let left = cache.shelf().ends(slot).map(|end| end - now);
    if cache.book().row(slot.key).is_some() {
        (Phrase::new("slot.dirty"), Tone::Try, Shape::Diamond)
    } else if truth > slot.row.version {
        let phrase = Phrase::new("slot.behind").with("version", truth.0);
        (phrase, Tone::Bad, Shape::Diamond)
    } else if left.is_some_and(|left| left.0 == 0) {
        (Phrase::new("slot.over"), Tone::Neutral, Shape::Plain)
    } else {
        let phrase = match left {
            Some(left) => Phrase::new("slot.good").with("left", seconds(left.0)),
            None => Phrase::new("slot.good-for-ever"),
        };
        (phrase, Tone::Good, Shape::Plain)
    }
}

/// Seconds with one digit, rounded up: what is left is never 0 before it is over.
fn seconds(us: u64) -> String {
    let tenths = us.div_ceil(100_000);
    format!("{}.{} s", tenths / 10, tenths % 10)
}

/// The slots, the next that has to go in front.
fn shelf(world: &World, names: &Names) -> Queue {
    let engine = cache(world);
    let entries: Vec<QueueEntry> = engine.map_or_else(Vec::new, |engine| {
        let all = engine.shelf().in_order();
        all.iter()
            .take(SHOWN)
            .map(|slot| slot_entry(world, engine, slot))
            .collect()
    });
    let (kept, capacity) = engine.map_or((0, 0), |engine| {
        let shelf: &Shelf = engine.shelf();
        (shelf.slots().len(), shelf.capacity())
    });
    let key = match engine {
        None => "caption.shelf-down",
        Some(_) if kept > SHOWN => "caption.shelf-more",
        Some(_) => "caption.shelf",
    };
    Queue {
        id: "shelf",
        lines: vec![(names.node(CACHE).to_owned(), entries)],
        number: ("×", "slot.uses"),
        words: ("slot.count", "slot.none"),
        caption: Phrase::new(key)
            .with("kept", kept)
            .with("capacity", capacity)
            .with("shown", SHOWN),
    }
}

fn slot_entry(world: &World, cache: &Cache, slot: &Slot) -> QueueEntry {
    let (state, tone, shape) = state(world, cache, slot);
    QueueEntry {
        name: slot.key.word().to_string(),
        owner: CACHE,
        who: slot.row.text(),
        number: Some(slot.uses.into()),
        watches: None,
        tone,
        shape,
        state,
    }
}

/// What became of the questions.
fn ratio(world: &World) -> Bars {
    let tally = cache(world).map(Cache::tally).unwrap_or_default();
    let row = |key: &str, value: u32, tone: Tone| BarRow {
        what: Phrase::new(key),
        value: value.into(),
        open: 0,
        tone,
    };
    let key = if asked(tally) == 0 {
        "caption.ratio-none"
    } else {
        "caption.ratio"
    };
    Bars {
        id: "ratio",
        rows: vec![
            row("bar.hits", tally.hits, Tone::Good),
            row("bar.misses", tally.misses, Tone::Bad),
            row("bar.waits", tally.waits, Tone::Neutral),
            row("bar.evicted", tally.evicted, Tone::Try),
            row("bar.expired", tally.expired, Tone::Try),
            row("bar.refused", tally.refused, Tone::Lead),
        ],
        caption: Phrase::new(key)
            .with("percent", percent(tally))
            .with("hits", tally.hits)
            .with("asked", asked(tally)),
    }
}

/// Who waits for the store to read.
fn at_the_store(world: &World, names: &Names) -> Queue {
    let store = engine_of::<Store>(world.cell(STORE).node());
    let store = store.filter(|_| world.cell(STORE).status() != Status::Down);
    let readers = store.into_iter().flat_map(Store::queue).enumerate();
    let entries = readers.map(|(at, reader)| QueueEntry {
        // One node may wait for several keys, and for one key twice.
        name: format!("{} #{}", reader.key.word(), reader.ticket.number),
        owner: reader.node,
        who: names.node(reader.node).to_owned(),
        number: None,
        watches: None,
        tone: if at == 0 { Tone::Lead } else { Tone::Neutral },
        shape: if at == 0 { Shape::Star } else { Shape::Plain },
        state: Phrase::new(if at == 0 {
            "reader.now"
        } else {
            "reader.waits"
        }),
    });
    let mut seen: Vec<QueueEntry> = Vec::new();
    for mut entry in entries {
        if seen.iter().any(|other| other.name == entry.name) {
            entry.name = format!("{} {}", entry.name, entry.who);
        }
        seen.push(entry);
    }
    Queue {
        id: "at-the-store",
        lines: vec![(names.node(STORE).to_owned(), seen)],
        number: ("", "slot.uses"),
        words: Queue::IN_LINE,
        caption: Phrase::new("caption.store").with("reads", store.map_or(0, Store::reads)),
    }
}

/// The keys that were written or are kept: what the store has, and what the cache has.
fn beside(world: &World) -> Table {
    let engine = cache(world);
    let slots = engine.map_or(&[][..], |engine| engine.shelf().slots());
    let mut keys: Vec<Key> = slots.iter().map(|slot| slot.key).collect();
    let rows = table(world).map_or(&[][..], |table| table.rows());
    for (key, _) in rows {
        if let Err(at) = keys.binary_search(key) {
            keys.insert(at, *key);
        }
    }
    keys.truncate(2 * SHOWN);
    let dash = || "–".to_owned();
    let line = |key: Key| {
        let truth = stored(world, key);
        let slot = engine.and_then(|engine| engine.shelf().slot(key));
        let unflushed = engine.and_then(|engine| engine.book().row(key));
        let kept: Option<Row> = slot.map(|slot| slot.row).or(unflushed);
        let fetched = engine.map_or(&[][..], Cache::fills).iter();
        let fetched = fetched.filter(|fill| fill.key == key).count();
        let tone = match kept {
            Some(kept) if kept.version < truth.version => Tone::Bad,
            Some(_) if unflushed.is_some() => Tone::Try,
            Some(_) => Tone::Good,
            None => Tone::Neutral,
        };
        let cells = vec![
            key.word().to_string(),
            truth.text(),
            kept.map_or_else(dash, Row::text),
            if fetched > 0 {
                fetched.to_string()
            } else {
                dash()
            },
        ];
        (tone, cells)
    };
    Table {
        id: "beside",
        columns: columns(&["key", "store", "cache", "fetched"]),
        rows: keys.into_iter().map(line).collect(),
        caption: Phrase::new("caption.beside"),
    }
}

fn columns(names: &[&str]) -> Vec<Phrase> {
    let phrase = |name: &&str| Phrase::new(format!("column.{name}"));
    names.iter().map(phrase).collect()
}

fn clients_table(world: &World, names: &Names) -> Table {
    let rows = clients(world).map(|(id, client)| {
        let down = world.cell(id).status() == Status::Down;
        let pending = client.pending().filter(|_| !down);
        let dash = || "–".to_owned();
        let wish = pending.map_or_else(dash, |pending| match pending.value {
            Some(value) => format!("{}={value}", pending.key.word()),
            None => pending.key.word().to_string(),
        });
        let read = client.read().filter(|_| !down);
        let read = read.map_or_else(dash, |(key, row)| {
            format!("{} = {}", key.word(), row.text())
        });
        let tone = match (down, pending) {
            (true, _) => Tone::Bad,
            (false, Some(pending)) => doing(&pending).1,
            (false, None) => Tone::Neutral,
        };
        let cells = vec![
            names.node(id).to_owned(),
            wish,
            read,
            client.answered().to_string(),
            client.wishes().to_string(),
        ];
        (tone, cells)
    });
    Table {
        id: "clients",
        columns: columns(&["client", "now", "read", "answered", "queued"]),
        rows: rows.collect(),
        caption: Phrase::new("caption.clients"),
    }
}
