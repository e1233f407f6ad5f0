//! The picture: the store above, the clients below it, and at the bottom what the lock protects.
//! Who believes to hold the lock, who was granted it and whose writes landed are drawn apart.

use super::client::{Client, Holding};
use super::lab::{CHECK_THE_NUMBER, LeaseLock, RESOURCE, STORE, clients, replica};
use super::message::{LockMessage, Token};
use super::resource::Guarded;
use super::store::{Lock, Store};
use crate::engine::{AnyMessage, NodeId, disk_of, engine_of, typed};
use crate::lab::locks::{Arrival, Resource};
use crate::lab::{Names, Phrase};
use crate::sim::{NodeKind, Status, World};
use crate::view::locks::{countdown, gauge_rows, role};
use crate::view::{Chip, Gauge, NodeCard, Panel, Plugin, Scene, Shape, SpanRow, Table, Tone};

/// The timer of a store, and the one of a client, whose countdown is drawn.
const EXPIRY: u16 = 0;
const LEASE: u16 = 3;

/// The store that serves, or would, if it is up.
fn serving(world: &World) -> (NodeId, Option<&Store>) {
    let store = |id: NodeId| {
        let cell = world.cell(id);
        cell.running::<Store>()
    };
    let took_over = replica(world).and_then(|id| Some((id, store(id)?)));
    match took_over.filter(|(_, store)| store.shelf().took_over) {
        Some((id, store)) => (id, Some(store)),
        None => (STORE, store(STORE)),
    }
}

fn locks(world: &World) -> (NodeId, &[(super::message::Key, Lock)]) {
    let (id, store) = serving(world);
    (id, store.map_or(&[], |store| &store.shelf().locks[..]))
}

/// Whether the store still has the lock that a client believes to hold.
fn stands(world: &World, holding: &Holding) -> bool {
    let (id, locks) = locks(world);
    let now = world.local(id);
    let same =
        |lock: &Lock| lock.token == holding.token && lock.until.is_none_or(|until| now < until);
    locks.iter().any(|(_, lock)| same(lock))
}

/// Why the store has no lock that its holder still counts: somebody deleted it, or nobody can tell.
fn gone_key(world: &World, holding: &Holding) -> &'static str {
    let (_, store) = serving(world);
    match store.and_then(Store::deleted) {
        Some(number) if number == holding.number => "span.deleted",
        Some(_) | None => "span.unknown",
    }
}

fn resource(world: &World) -> Option<&Resource> {
    disk_of::<Guarded>(world.cell(RESOURCE).node())
}

/// The last arrivals as they are shown: those of the memory, which has the refused ones, too.
fn arrivals(world: &World) -> &[Arrival] {
    let cell = world.cell(RESOURCE);
    let memory = cell.running::<Guarded>();
    match memory {
        Some(guarded) => guarded.resource().recent(),
        None => resource(world).map_or(&[], Resource::recent),
    }
}

fn place(world: &World, id: NodeId) -> (f64, f64) {
    let copied = replica(world);
    if id == STORE {
        return (if copied.is_some() { -0.42 } else { 0.0 }, -0.82);
    }
    if id == RESOURCE {
        return (0.0, 0.82);
    }
    if Some(id) == copied {
        return (0.42, -0.82);
    }
    let n = clients(world).count();
    let at = f64::from(id.0 - 2);
    let share = (at + 0.5) / n as f64 * 2.0 - 1.0;
    // A little bent, so that no two links lie on each other.
    (share, 0.12 - 0.22 * share * share)
}

fn store_card(
    world: &World,
    store: &Store,
    card: NodeCard,
    names: &dyn Fn(NodeId) -> String,
) -> NodeCard {
    let lock = store.shelf().locks.first().map(|(_, lock)| lock);
    let role = match (store.is_primary(), lock.is_some()) {
        (true, true) => role("granting", Tone::Lead, Shape::Plain),
        (true, false) => role("free", Tone::Good, Shape::Plain),
        (false, _) => role("replica", Tone::Neutral, Shape::Eye),
    };
    let cell = world.cell(card.id);
    NodeCard {
        role,
        caption: lock.map_or_else(String::new, |lock| {
            format!("{} #{}", names(lock.owner), lock.number)
        }),
        arc: countdown(cell, &[EXPIRY]),
        ..card
    }
}

fn client_card(world: &World, client: &Client, card: NodeCard) -> NodeCard {
    let role = match client.holding() {
        Some(holding) if stands(world, holding) => role("holder", Tone::Lead, Shape::Star),
        Some(_) => role("mistaken", Tone::Bad, Shape::Star),
        None if client.wants() => role("waiting", Tone::Try, Shape::Diamond),
        None => role("idle", Tone::Guest, Shape::Box),
    };
    NodeCard {
        role,
        caption: client
            .holding()
            .map_or_else(String::new, |holding| format!("#{}", holding.number)),
        arc: countdown(world.cell(card.id), &[LEASE]),
        ..card
    }
}

fn resource_card(world: &World, card: NodeCard) -> NodeCard {
    let chip = |arrival: &Arrival| Chip {
        hue: u64::from(arrival.attempt.writer.0),
        solid: arrival.accepted,
        durable: arrival.accepted,
    };
    NodeCard {
        role: role("resource", Tone::Neutral, Shape::Plain),
        caption: resource(world).map_or_else(String::new, |all| all.accepted().to_string()),
        chips: arrivals(world).iter().map(chip).collect(),
        ..card
    }
}

impl Plugin for LeaseLock {
    fn scene(&self, world: &World) -> Scene {
        let name = |id: NodeId| world.spec(id).name.clone();
        let card = |id: NodeId| {
            let cell = world.cell(id);
            let bare = NodeCard {
                id,
                at: place(world, id),
                name: name(id),
                kind: NodeKind::Server,
                role: role("resource", Tone::Neutral, Shape::Plain),
                status: cell.status(),
                caption: String::new(),
                arc: None,
                chips: Vec::new(),
                writes_pending: cell.writes_pending(),
            };
            let node = cell.node();
            if let Some(store) = engine_of::<Store>(node) {
                store_card(world, store, bare, &name)
            } else if let Some(client) = engine_of::<Client>(node) {
                client_card(world, client, bare)
            } else {
                resource_card(world, bare)
            }
        };
        let users = || clients(world).map(|(id, _)| id);
        let stores = users().map(|id| (STORE, id));
        let writes = users().map(|id| (RESOURCE, id));
        let copies = replica(world).map(|id| (STORE, id));
        Scene {
            nodes: world.ids().map(card).collect(),
            links: stores.chain(writes).chain(copies).collect(),
            ..Scene::default()
        }
    }

    fn panels(&self, world: &World, names: &Names) -> Vec<Panel> {
        vec![
            leases(world, names),
            Panel::Table(apart(world, names)),
            Panel::Gauge(fence(world, names)),
        ]
    }

    fn message_label(&self, message: &dyn AnyMessage, names: &Names) -> String {
        let Some(message) = typed::<LockMessage>(message) else {
            return String::new();
        };
        match message {
            LockMessage::SetRequest { ttl, deadline, .. } => match (ttl, deadline) {
                (_, Some(deadline)) => format!("SET NX PXAT {deadline}"),
                (Some(ttl), None) => format!("SET NX PX {}", ttl.0 / 1000),
                (None, None) => "SET NX".to_owned(),
            },
            LockMessage::SetReply {
                granted: Some(number),
                ..
            } => format!("OK #{number}"),
            LockMessage::SetReply { granted: None, .. } => "nil".to_owned(),
            LockMessage::DeleteRequest { token, .. } => match token {
                Some(token) => format!("DEL if {}", token.word()),
                None => "DEL".to_owned(),
            },
            LockMessage::DeleteReply { deleted } => u8::from(*deleted).to_string(),
            LockMessage::WriteRequest(attempt) => match attempt.number {
                Some(number) => format!("write #{number}"),
                None => "write".to_owned(),
            },
            LockMessage::WriteReply { accepted, .. } => {
                if *accepted { "✓" } else { "✕" }.to_owned()
            }
            LockMessage::CopyRequest(shelf) => match shelf.locks.first() {
                Some((_, lock)) => format!("copy {}", names.node(lock.owner)),
                None => "copy –".to_owned(),
            },
            LockMessage::CopyReply { version, .. } => format!("has v{version}"),
        }
    }

    fn message_tone(&self, kind: u8) -> Tone {
        match kind {
            0 => Tone::Try,
            1 => Tone::Lead,
            4 | 5 => Tone::Good,
            6 | 7 => Tone::Guest,
            _ => Tone::Neutral,
        }
    }
}

/// The lease on both sides: as the store counts it, and as each client that believes in one does.
fn leases(world: &World, names: &Names) -> Panel {
    let (id, held) = locks(world);
    let granted = held.iter().map(|(_, lock)| SpanRow {
        node: id,
        head: names.node(id).to_owned(),
        what: Phrase::new("span.granted")
            .with("number", lock.number)
            .with("owner", names.node(lock.owner)),
        clock: names.node(id).to_owned(),
        tone: Tone::Good,
        // A deadline by a clock that is behind may be over before it began.
        from: lock.until.map_or(lock.since, |until| lock.since.min(until)),
        to: lock.until,
        now: world.local(id),
        faint: false,
    });
    let believed = clients(world).filter_map(|(node, client)| {
        let holding = client?.holding()?;
        let stands = stands(world, holding);
        let lasts = holding.until.is_none_or(|until| world.local(node) < until);
        let key = match (stands, lasts) {
            (true, _) => "span.believed",
            (false, true) => gone_key(world, holding),
            (false, false) => "span.mistaken",
        };
        Some(SpanRow {
            node,
            head: names.node(node).to_owned(),
            what: Phrase::new(key).with("number", holding.number),
            clock: names.node(node).to_owned(),
            tone: if stands { Tone::Lead } else { Tone::Bad },
            from: holding.since,
            to: holding.until,
            now: world.local(node),
            faint: !stands || world.cell(node).status() == Status::Paused,
        })
    });
    let rows: Vec<SpanRow> = granted.chain(believed).collect();
    let caption = if rows.is_empty() {
        "caption.leases-none"
    } else {
        "caption.leases"
    };
    Panel::Spans {
        id: "leases",
        rows,
        caption: Phrase::new(caption),
    }
}

/// Three things that are easily taken for one.
fn apart(world: &World, names: &Names) -> Table {
    let (_, held) = locks(world);
    let landed = arrivals(world);
    let last = landed.iter().rev().find(|arrival| arrival.accepted);
    let rows = clients(world).map(|(node, client)| {
        let holding = client.and_then(Client::holding);
        let granted = held.iter().find(|(_, lock)| lock.owner == node);
        let number = |number: Option<u64>| number.map_or_else(String::new, |n| format!("● #{n}"));
        let writes = landed
            .iter()
            .filter(|arrival| arrival.attempt.writer == node && arrival.accepted);
        let newest = last.is_some_and(|arrival| arrival.attempt.writer == node);
        let tone = match (holding, granted) {
            (Some(holding), _) if !stands(world, holding) => Tone::Bad,
            (Some(_), _) => Tone::Lead,
            (None, Some(_)) => Tone::Try,
            (None, None) => Tone::Neutral,
        };
        let token = holding.map(|holding| holding.token);
        let token = token.or(granted.map(|(_, lock)| lock.token));
        let cells = vec![
            names.node(node).to_owned(),
            number(holding.map(|holding| holding.number)),
            number(granted.map(|(_, lock)| lock.number)),
            format!("{}{}", writes.count(), if newest { " ←" } else { "" }),
            token.map_or_else(|| "–".to_owned(), |token: Token| token.word().to_string()),
        ];
        (tone, cells)
    });
    let columns = ["client", "believes", "granted", "landed", "token"];
    Table {
        id: "apart",
        columns: columns
            .map(|column| Phrase::new(format!("column.{column}")))
            .to_vec(),
        rows: rows.collect(),
        caption: Phrase::new("caption.apart"),
    }
}

/// What the resource saw.
fn fence(world: &World, names: &Names) -> Gauge {
    let all = arrivals(world);
    let numbered = all.iter().any(|arrival| arrival.attempt.number.is_some());
    let arrivals = gauge_rows(all, names);
    let caption = match (arrivals.is_empty(), numbered) {
        (true, _) => "caption.fence-none",
        (false, true) => "caption.fence",
        (false, false) => "caption.fence-off",
    };
    Gauge {
        id: "fence",
        highest: resource(world).map_or(0, Resource::highest),
        checked: numbered && world.rules().on(CHECK_THE_NUMBER),
        arrivals,
        caption: Phrase::new(caption),
    }
}
