//! The picture: the instances above, the clients below them, and at the bottom what the lock protects.

use super::client::Client;
use super::instance::Instance;
use super::lab::{CHECK_THE_NUMBER, Redlock, clients, instances};
use super::message::RedlockMessage;
use super::resource::Guarded;
use crate::engine::{AnyMessage, NodeId, disk_of, engine_of, typed};
use crate::lab::locks::{Arrival, Resource};
use crate::lab::{Names, Phrase};
use crate::sim::{NodeKind, Status, World};
use crate::view::locks::{countdown, gauge_rows, role};
use crate::view::{
    Chip, Gauge, NodeCard, Panel, Plugin, Scene, Shape, SpanRow, Table, TallyRow, Tone, Vote,
};

/// The timers whose countdown is drawn: of an instance, and of a client.
const EXPIRY: u16 = 0;
const READY: u16 = 1;
const VALIDITY: u16 = 4;

fn instance(world: &World, id: NodeId) -> Option<&Instance> {
    let cell = world.cell(id);
    cell.running::<Instance>()
}

/// The instances at which a client's key stands.
fn key_places(world: &World, client: &Client) -> impl Iterator<Item = NodeId> {
    let token = client.trial().map(|trial| trial.token);
    instances(world).filter(move |id| {
        let key = instance(world, *id).and_then(Instance::key);
        key.is_some_and(|key| Some(key.token) == token)
    })
}

/// At how many instances a client's key stands.
fn keys(world: &World, client: &Client) -> usize {
    key_places(world, client).count()
}

/// Whether a majority of the instances still has what a client believes to hold.
fn stands(world: &World, client: &Client) -> bool {
    keys(world, client) * 2 > instances(world).count()
}

/// The last arrivals as they are shown: those of the memory, which has the refused ones, too.
fn arrivals(world: &World) -> &[Arrival] {
    let cell = world.cell(NodeId(instances(world).count() as u16));
    let memory = cell.running::<Guarded>();
    match memory {
        Some(guarded) => guarded.resource().recent(),
        None => disk_of::<Guarded>(cell.node()).map_or(&[], Resource::recent),
    }
}

/// What the resource saw, with fencing.
fn fence(world: &World, names: &Names) -> Gauge {
    let arrivals = gauge_rows(arrivals(world), names);
    let cell = world.cell(NodeId(instances(world).count() as u16));
    let disk = disk_of::<Guarded>(cell.node());
    let caption = if arrivals.is_empty() {
        "caption.fence-none"
    } else {
        "caption.fence"
    };
    Gauge {
        id: "fence",
        highest: disk.map_or(0, Resource::highest),
        checked: world.rules().on(CHECK_THE_NUMBER),
        arrivals,
        caption: Phrase::new(caption),
    }
}

fn row_place(i: usize, n: usize, y: f64, bend: f64) -> (f64, f64) {
    let share = (i as f64 + 0.5) / n as f64 * 2.0 - 1.0;
    (share * 0.96, y + bend * share * share)
}

fn place(world: &World, id: NodeId) -> (f64, f64) {
    let n = instances(world).count();
    let at = id.index();
    if at < n {
        row_place(at, n, -0.8, 0.14)
    } else if at == n {
        (0.0, 0.82)
    } else {
        row_place(at - n - 1, clients(world).count(), 0.26, -0.16)
    }
}

fn instance_card(world: &World, of: &Instance, card: NodeCard) -> NodeCard {
    let role = match (of.is_silent(), of.key()) {
        (true, _) => role("silent", Tone::Try, Shape::Eye),
        (false, Some(_)) => role("locked", Tone::Lead, Shape::Plain),
        (false, None) => role("free", Tone::Good, Shape::Plain),
    };
    let owner = of.key().map(|key| world.spec(key.owner).name.clone());
    NodeCard {
        role,
        caption: owner.unwrap_or_default(),
        arc: countdown(world.cell(card.id), &[EXPIRY, READY]),
        chips: of
            .key()
            .map(|key| Chip {
                hue: u64::from(key.owner.0),
                solid: true,
                durable: true,
            })
            .into_iter()
            .collect(),
        ..card
    }
}

fn client_card(world: &World, client: &Client, card: NodeCard) -> NodeCard {
    let role = match client.holding() {
        Some(_) if stands(world, client) => role("holder", Tone::Lead, Shape::Star),
        Some(_) => role("mistaken", Tone::Bad, Shape::Star),
        None if client.wants() => role("waiting", Tone::Try, Shape::Diamond),
        None => role("idle", Tone::Guest, Shape::Box),
    };
    let n = instances(world).count();
    NodeCard {
        role,
        caption: client.trial().map_or_else(String::new, |trial| {
            format!("{}/{n}", trial.yes.count_ones())
        }),
        arc: countdown(world.cell(card.id), &[VALIDITY]),
        ..card
    }
}

fn resource_card(world: &World, card: NodeCard) -> NodeCard {
    let all = arrivals(world);
    let chip = |arrival: &Arrival| Chip {
        hue: u64::from(arrival.attempt.writer.0),
        solid: arrival.accepted,
        durable: arrival.accepted,
    };
    NodeCard {
        caption: all.last().map_or_else(String::new, |arrival| {
            world.spec(arrival.attempt.writer).name.clone()
        }),
        chips: all.iter().map(chip).collect(),
        ..card
    }
}

impl Plugin for Redlock {
    fn scene(&self, world: &World) -> Scene {
        let card = |id: NodeId| {
            let cell = world.cell(id);
            let bare = NodeCard {
                id,
                at: place(world, id),
                name: world.spec(id).name.clone(),
                kind: NodeKind::Server,
                role: role("resource", Tone::Neutral, Shape::Plain),
                status: cell.status(),
                caption: String::new(),
                arc: None,
                chips: Vec::new(),
                writes_pending: cell.writes_pending(),
            };
            if let Some(of) = engine_of::<Instance>(cell.node()) {
                instance_card(world, of, bare)
            } else if let Some(client) = engine_of::<Client>(cell.node()) {
                client_card(world, client, bare)
            } else {
                resource_card(world, bare)
            }
        };
        let users: Vec<NodeId> = clients(world).map(|(id, _)| id).collect();
        let resource = NodeId(instances(world).count() as u16);
        let asks = instances(world).flat_map(|id| users.iter().map(move |user| (id, *user)));
        let writes = users.iter().map(|user| (resource, *user));
        Scene {
            nodes: world.ids().map(card).collect(),
            links: asks.chain(writes).collect(),
            ..Scene::default()
        }
    }

    fn panels(&self, world: &World, names: &Names) -> Vec<Panel> {
        let mut panels = vec![
            votes(world, names),
            Panel::Table(reckoning(world, names)),
            leases(world, names),
            Panel::Table(apart(world, names)),
        ];
        let mut first = clients(world);
        if first.any(|(_, client)| client.is_some_and(|client| client.config().fencing)) {
            panels.push(Panel::Gauge(fence(world, names)));
        }
        panels
    }

    fn message_label(&self, message: &dyn AnyMessage, _names: &Names) -> String {
        let Some(message) = typed::<RedlockMessage>(message) else {
            return String::new();
        };
        match message {
            RedlockMessage::SetRequest { ttl, .. } => format!("SET NX PX {}", ttl.0 / 1000),
            RedlockMessage::SetReply { granted, .. } => {
                if *granted { "OK" } else { "nil" }.to_owned()
            }
            RedlockMessage::DeleteRequest { token } => format!("DEL if {}", token.word()),
            RedlockMessage::WriteRequest(attempt) => match attempt.number {
                Some(number) => format!("write #{number}"),
                None => "write".to_owned(),
            },
            RedlockMessage::WriteReply { .. } => "✓".to_owned(),
            RedlockMessage::WriteRefused { .. } => "✕".to_owned(),
            RedlockMessage::NumberRequest { number, .. } => format!("keep #{number}"),
            RedlockMessage::NumberReply { highest, kept, .. } => {
                format!("{} #{highest}", if *kept { "has" } else { "✕" })
            }
        }
    }

    fn message_tone(&self, kind: u8) -> Tone {
        match kind {
            0 | 5 => Tone::Try,
            1 | 6 => Tone::Lead,
            3 | 4 | 7 => Tone::Good,
            _ => Tone::Neutral,
        }
    }
}

/// Who said yes to whom.
fn votes(world: &World, names: &Names) -> Panel {
    let needed = instances(world).count() / 2 + 1;
    let rows = clients(world).filter_map(|(node, client)| {
        let client = client?;
        let trial = client.trial()?;
        let there: Vec<&str> = key_places(world, client).map(|id| names.node(id)).collect();
        let gone = trial.yes.count_ones() as usize >= needed && there.len() < needed;
        // By the client's own clock, though it need not have looked at it.
        let late = world.local(node) >= trial.at + client.config().ttl;
        let over = if late { "votes.expired" } else { "votes.lost" };
        let beside = match there.len() {
            0 => Phrase::new("votes.no-keys"),
            _ => Phrase::new("votes.keys")
                .with("instances", there.join(" "))
                .with("keys", there.len()),
        };
        let vote = |(place, id): (usize, NodeId)| {
            let vote = match (trial.yes >> place & 1, trial.no >> place & 1) {
                (1, _) => Vote::Yes,
                (_, 1) => Vote::No,
                _ => Vote::Waiting,
            };
            (names.node(id).to_owned(), vote)
        };
        Some(TallyRow {
            what: Phrase::new("votes.for")
                .with("client", names.node(node))
                .with("token", trial.token.word()),
            needed,
            votes: instances(world).enumerate().map(vote).collect(),
            over: gone.then(|| Phrase::new(over)),
            beside: Some(beside.with("all", instances(world).count())),
        })
    });
    let rows: Vec<TallyRow> = rows.collect();
    let caption = if rows.is_empty() {
        "caption.votes-none"
    } else {
        "caption.votes"
    };
    Panel::Tally {
        id: "votes",
        rows,
        caption: Phrase::new(caption),
    }
}

/// The arithmetic of the last attempt that had a majority.
fn reckoning(world: &World, names: &Names) -> Table {
    let uncounted = clients(world).any(|(_, client)| {
        let reckoning = client.and_then(Client::reckoning);
        reckoning.is_some_and(|reckoning| !reckoning.counted)
    });
    let rows = clients(world).map(|(node, client)| {
        let reckoning = client.and_then(Client::reckoning);
        let config = client.map(Client::config);
        let text = |value: Option<String>| value.unwrap_or_else(|| "–".to_owned());
        let cells = vec![
            names.node(node).to_owned(),
            text(config.map(|config| config.ttl.to_string())),
            text(reckoning.map(|all| match all.counted {
                true => format!("− {}", all.elapsed),
                false => format!("({})", all.elapsed),
            })),
            text(config.map(|config| format!("− {}", config.drift))),
            text(reckoning.map(|all| format!("= {}", all.validity))),
        ];
        let holds = client.is_some_and(|client| client.holding().is_some());
        (if holds { Tone::Lead } else { Tone::Neutral }, cells)
    });
    let elapsed = if uncounted { "uncounted" } else { "elapsed" };
    let columns = ["client", "ttl", elapsed, "drift", "validity"];
    Table {
        id: "reckoning",
        columns: columns
            .map(|column| Phrase::new(format!("column.{column}")))
            .to_vec(),
        rows: rows.collect(),
        caption: Phrase::new(if uncounted {
            "caption.uncounted"
        } else {
            "caption.reckoning"
        }),
    }
}

/// The lease at each instance, and the validity at each believer.
fn leases(world: &World, names: &Names) -> Panel {
    let held = instances(world).filter_map(|id| {
        let of = instance(world, id)?;
        let key = of.key()?;
        let ahead = key.since.max(world.local(id)) - world.local(id);
        Some(SpanRow {
            node: id,
            head: names.node(id).to_owned(),
            what: Phrase::new("span.granted").with("owner", names.node(key.owner)),
            clock: names.node(id).to_owned(),
            tone: Tone::Good,
            from: key.since,
            to: Some(key.until),
            now: world.local(id) + ahead,
            faint: false,
        })
    });
    let believed = clients(world).filter_map(|(node, client)| {
        let client = client?;
        let (from, until) = client.holding()?;
        let stands = stands(world, client);
        let key = if stands {
            "span.believed"
        } else {
            "span.mistaken"
        };
        Some(SpanRow {
            node,
            head: names.node(node).to_owned(),
            what: Phrase::new(key),
            clock: names.node(node).to_owned(),
            tone: if stands { Tone::Lead } else { Tone::Bad },
            from,
            to: Some(until),
            now: world.local(node),
            faint: world.cell(node).status() == Status::Paused,
        })
    });
    let rows: Vec<SpanRow> = held.chain(believed).collect();
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
    let landed = arrivals(world);
    let n = instances(world).count();
    let rows = clients(world).map(|(node, client)| {
        let holds = client.is_some_and(|client| client.holding().is_some());
        let keys = client.map_or(0, |client| keys(world, client));
        let writes = landed
            .iter()
            .filter(|arrival| arrival.attempt.writer == node);
        let newest = landed
            .last()
            .is_some_and(|arrival| arrival.attempt.writer == node);
        let tone = match (holds, keys * 2 > n) {
            (true, false) => Tone::Bad,
            (true, true) => Tone::Lead,
            (false, true) => Tone::Try,
            (false, false) => Tone::Neutral,
        };
        let cells = vec![
            names.node(node).to_owned(),
            if holds { "●" } else { "" }.to_owned(),
            format!("{keys}/{n}"),
            format!("{}{}", writes.count(), if newest { " ←" } else { "" }),
        ];
        (tone, cells)
    });
    let columns = ["client", "believes", "granted", "landed"];
    Table {
        id: "apart",
        columns: columns
            .map(|column| Phrase::new(format!("column.{column}")))
            .to_vec(),
        rows: rows.collect(),
        caption: Phrase::new("caption.apart"),
    }
}
