//! The picture: the store in the middle with its clients round it, or the replicas, each with its own.

use super::checks::{self, count, told, vault};
use super::client::Client;
use super::lab::Counter;
use super::message::{Answer, CounterMessage, Query};
use super::replica::Replica;
use super::store::Store;
use crate::engine::{AnyMessage, NodeId, Timer, engine_of, typed};
use crate::lab::{Names, Phrase};
use crate::sim::{NodeKind, Status, World};
use crate::view::{
    Arc, BarRow, Bars, NodeCard, Panel, Plugin, Role, Scene, Shape, Table, Tone, circle,
};

/// How far apart the clients of one replica stand, in thousandths of a turn.
const BESIDE: usize = 60;

impl Plugin for Counter {
    fn scene(&self, world: &World) -> Scene {
        let servers = servers(world);
        let clients = world.ids().count() - servers;
        let card = |id: NodeId| match id.index().checked_sub(servers) {
            None => server_card(world, id, servers),
            Some(at) => client_card(world, id, client_place(at, clients, servers)),
        };
        let between = |a: u16| (a + 1..servers as u16).map(move |b| (NodeId(a), NodeId(b)));
        let home = |at: usize| (NodeId((at % servers) as u16), NodeId((servers + at) as u16));
        let links = (0..servers as u16).flat_map(between);
        Scene {
            nodes: world.ids().map(card).collect(),
            links: links.chain((0..clients).map(home)).collect(),
            ..Scene::default()
        }
    }

    fn panels(&self, world: &World, names: &Names) -> Vec<Panel> {
        let mut panels = vec![Panel::Bars(bars(world, names))];
        if vault(world).is_some() {
            panels.push(store_panel(world, names));
        } else {
            panels.push(replica_panel(world, names));
        }
        panels.push(client_panel(world, names));
        panels
    }

    fn message_label(&self, message: &dyn AnyMessage, _: &Names) -> String {
        match typed::<CounterMessage>(message) {
            Some(CounterMessage::Request { query, .. }) => query_text(*query),
            Some(CounterMessage::Reply { answer, .. }) => match answer {
                Answer::Done => "ok".to_owned(),
                Answer::Value(value) => format!("= {}", value.unwrap_or(0)),
                Answer::Differs(value) => format!("≠ {value}"),
            },
            Some(CounterMessage::State(counter)) => {
                let each = counter.entries().iter().map(|entry| match entry.minus {
                    0 => entry.plus.to_string(),
                    minus => format!("{}-{minus}", entry.plus),
                });
                format!("⟨{}⟩", each.collect::<Vec<_>>().join(" "))
            }
            None => String::new(),
        }
    }

    fn message_tone(&self, kind: u8) -> Tone {
        match kind {
            0 => Tone::Neutral,
            1..=3 => Tone::Lead,
            4 | 5 => Tone::Try,
            6 => Tone::Guest,
            _ => Tone::Good,
        }
    }
}

/// A request in a few characters.
fn query_text(query: Query) -> String {
    match query {
        Query::Get(_) => "?".to_owned(),
        Query::Put(_, value) => format!("= {value}"),
        Query::CompareAndSwap {
            expected, value, ..
        } => format!("{expected}→{value}"),
        Query::Add(_, by) => format!("{by:+}"),
        Query::Lock => "lock".to_owned(),
        Query::Unlock => "unlock".to_owned(),
    }
}

fn servers(world: &World) -> usize {
    let servers = world
        .ids()
        .filter(|id| world.spec(*id).kind == NodeKind::Server);
    servers.count()
}

/// Round the store; or outside its replica, beside the others of that one.
fn client_place(at: usize, clients: usize, servers: usize) -> (f64, f64) {
    if servers == 1 {
        let (x, y) = circle(at, clients, 0.85);
        return (x * 1.2, y);
    }
    let (home, row) = (at % servers, at / servers);
    let rows = (clients - home).div_ceil(servers);
    let turn = 1000 * (servers + home) / servers + row * BESIDE;
    let (x, y) = circle(turn - (rows - 1) * BESIDE / 2, 1000, 0.92);
    (x * 1.2, y)
}

fn server_card(world: &World, id: NodeId, servers: usize) -> NodeCard {
    let cell = world.cell(id);
    let replica = engine_of::<Replica>(cell.node());
    let known = checks::replicas(world).find(|(other, _)| *other == id);
    let (key, value) = match (replica, known) {
        (Some(_), Some((_, counter))) => ("replica", counter.value()),
        _ => ("store", count(world)),
    };
    let expiry = cell.timers().find(|view| view.timer == Timer(0));
    let expiry = expiry.filter(|_| engine_of::<Store>(cell.node()).is_some());
    NodeCard {
        id,
        at: if servers == 1 {
            (0.0, 0.0)
        } else {
            circle(id.index(), servers, 0.45)
        },
        name: world.spec(id).name.clone(),
        kind: NodeKind::Server,
        role: Role {
            key,
            tone: Tone::Lead,
            shape: Shape::Plain,
        },
        status: cell.status(),
        caption: value.to_string(),
        arc: expiry.map(|view| Arc {
            from: view.set_at,
            to: view.deadline,
        }),
        chips: Vec::new(),
        writes_pending: cell.writes_pending(),
    }
}

/// What a client is at the moment: it has the lock, waits for it, asks for something else, or rests.
fn client_role(client: Option<&Client>) -> Role {
    let query = client.and_then(Client::query);
    let (key, tone) = match query {
        _ if client.is_some_and(Client::holds) => ("holder", Tone::Good),
        Some(Query::Lock) => ("waiting", Tone::Try),
        Some(_) => ("asking", Tone::Guest),
        None => ("idle", Tone::Guest),
    };
    Role {
        key,
        tone,
        shape: Shape::Box,
    }
}

fn client_card(world: &World, id: NodeId, at: (f64, f64)) -> NodeCard {
    let cell = world.cell(id);
    let client = cell.running::<Client>();
    let query = client.and_then(Client::query);
    NodeCard {
        id,
        at,
        name: world.spec(id).name.clone(),
        kind: NodeKind::Client,
        role: client_role(client),
        status: cell.status(),
        caption: query.map_or_else(String::new, |query| format!("{} …", query_text(query))),
        arc: None,
        chips: Vec::new(),
        writes_pending: 0,
    }
}

/// The number that should be and the number that is; and the parts that a reader may take for it.
fn bars(world: &World, names: &Names) -> Bars {
    let (told, is) = (told(world), count(world));
    let wrong = is < told.least() || is > told.most();
    let row = |what: Phrase, value: i64, open: i64, tone: Tone| BarRow {
        what,
        value,
        open: open.unsigned_abs(),
        tone,
    };
    let open = told.most() - told.least();
    let mut rows = vec![
        row(Phrase::new("bar.should"), told.least(), open, Tone::Neutral),
        row(
            Phrase::new("bar.is"),
            is,
            0,
            if wrong { Tone::Bad } else { Tone::Good },
        ),
    ];
    let part = |name: String, value: i64| {
        let what = Phrase::new("bar.part").with("name", name);
        row(what, value, 0, Tone::Guest)
    };
    if let Some(vault) = vault(world).filter(|vault| vault.counts().len() > 1) {
        rows.extend(
            vault
                .counts()
                .iter()
                .map(|(key, count)| part(key.to_string(), *count)),
        );
    }
    rows.extend(
        checks::replicas(world)
            .map(|(id, counter)| part(names.node(id).to_owned(), counter.value())),
    );
    let key = match (is < told.least(), wrong) {
        (true, _) if told.least() - is == 1 => "bar.too-few-one",
        (true, _) => "bar.too-few",
        (false, true) => "bar.too-many",
        (false, false) if open == 0 => "bar.exact",
        (false, false) => "bar.right",
    };
    let by = if is < told.least() {
        told.least() - is
    } else {
        is - told.most()
    };
    Bars {
        id: "count",
        rows,
        caption: Phrase::new(key).with("n", by).with("open", open),
    }
}

fn store_panel(world: &World, names: &Names) -> Panel {
    let vault = vault(world);
    let list = |nodes: &mut dyn Iterator<Item = NodeId>| {
        let names: Vec<&str> = nodes.map(|node| names.node(node)).collect();
        if names.is_empty() {
            "–".to_owned()
        } else {
            names.join(" ")
        }
    };
    let counts = vault.map(|vault| {
        let pairs = vault
            .counts()
            .iter()
            .map(|(key, count)| format!("{key} = {count}"));
        pairs.collect::<Vec<_>>().join(", ")
    });
    let holder = list(&mut vault.into_iter().filter_map(|vault| vault.holder()));
    let waiting = list(&mut vault.into_iter().flat_map(|vault| vault.waiting()));
    let counts = counts
        .filter(|text| !text.is_empty())
        .unwrap_or_else(|| "–".to_owned());
    let status = world.cell(NodeId(0)).status();
    let (key, tone) = if status == Status::Down {
        ("store.on-disk", Tone::Bad)
    } else {
        ("store.in-memory", Tone::Neutral)
    };
    Panel::Table(Table {
        id: "store",
        columns: ["node", "counts", "holder", "queue"]
            .map(|column| Phrase::new(format!("column.{column}")))
            .to_vec(),
        rows: vec![(
            tone,
            vec![names.node(NodeId(0)).to_owned(), counts, holder, waiting],
        )],
        caption: Phrase::new(key),
    })
}

fn replica_panel(world: &World, names: &Names) -> Panel {
    let all: Vec<_> = checks::replicas(world).collect();
    let mut columns = vec![Phrase::new("column.node")];
    let entry = |(id, _): &(NodeId, _)| Phrase::new("column.entry").with("node", names.node(*id));
    columns.extend(all.iter().map(entry));
    columns.push(Phrase::new("column.value"));
    let rows = all.iter().map(|(id, counter)| {
        let mut row = vec![names.node(*id).to_owned()];
        row.extend(counter.entries().iter().map(|entry| match entry.minus {
            0 => entry.plus.to_string(),
            minus => format!("{} − {minus}", entry.plus),
        }));
        row.push(counter.value().to_string());
        let down = world.cell(*id).status() == Status::Down;
        (if down { Tone::Bad } else { Tone::Neutral }, row)
    });
    Panel::Table(Table {
        id: "replicas",
        columns,
        rows: rows.collect(),
        caption: Phrase::new("caption.replicas"),
    })
}

fn client_panel(world: &World, names: &Names) -> Panel {
    let columns = ["client", "asked", "acknowledged", "now", "read"]
        .map(|column| Phrase::new(format!("column.{column}")));
    let clients = world.ids().filter_map(|id| {
        let cell = world.cell(id);
        let client = engine_of::<Client>(cell.node())?;
        let down = cell.status() == Status::Down;
        let book = client.book();
        let sum = |entry: super::crdt::Entry| {
            (i64::from(entry.plus) - i64::from(entry.minus)).to_string()
        };
        let dash = || "–".to_owned();
        let now = client.query().filter(|_| !down).map(query_text);
        let row = vec![
            names.node(id).to_owned(),
            sum(book.asked),
            sum(book.acknowledged),
            now.unwrap_or_else(dash),
            client.read().map_or_else(dash, |value| value.to_string()),
        ];
        let tone = match (down, client.holds()) {
            (true, _) => Tone::Bad,
            (false, true) => Tone::Good,
            (false, false) => Tone::Neutral,
        };
        Some((tone, row))
    });
    Panel::Table(Table {
        id: "clients",
        columns: columns.to_vec(),
        rows: clients.collect(),
        caption: Phrase::new("caption.clients"),
    })
}
