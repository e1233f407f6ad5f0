//! The picture: the servers on a circle round the keeper, and beside it the ring with its keys.

use super::checks::{hot_spot, keeper, servers, walk};
use super::client::{Client, Wish};
use super::compare::compared;
use super::dial::dial;
use super::keeper::Keeper;
use super::lab::HashRing;
use super::layout::Layout;
use super::message::{Change, Entry, Reason, RingMessage};
use super::server::Server;
use crate::engine::{AnyMessage, Engine, NodeId, engine_of, typed};
use crate::lab::{Names, Phrase};
use crate::sim::{NodeKind, Status, World};
use crate::view::{
    BarRow, Bars, Dial, NodeCard, Panel, Plugin, Ring, RingNode, Role, Scene, Shape, Table, Tone,
    circle,
};

/// What is drawn: the layout that is or comes, and the one before.
fn layouts(keeper: &Keeper) -> (Option<&Layout>, &Layout) {
    let members = keeper.members();
    match &members.next {
        Some(next) => (Some(&members.now), next),
        None => (keeper.before(), &members.now),
    }
}

impl Plugin for HashRing {
    fn scene(&self, world: &World) -> Scene {
        let count = servers(world).count();
        let clients = world.ids().count() - count - 1;
        let hot = hot_spot(world);
        let card = |id: NodeId| match id.index().checked_sub(count + 1) {
            Some(at) => client_card(world, id, (at, clients)),
            None => server_card(world, id, count, hot),
        };
        let keeper = NodeId(count as u16);
        let spoke = |id: &NodeId| id.index() < count && count <= 24;
        let links = world.ids().filter(spoke).map(|id| (keeper, id));
        Scene {
            nodes: world.ids().map(card).collect(),
            links: links.collect(),
            ..Scene::default()
        }
    }

    fn panels(&self, world: &World, names: &Names) -> Vec<Panel> {
        let Some(keeper) = keeper(world) else {
            return Vec::new();
        };
        vec![
            Panel::Ring(ring_panel(world, names, keeper)),
            compare_panel(keeper),
            Panel::Bars(load(world, names)),
            node_panel(world, names, keeper),
        ]
    }

    fn message_label(&self, message: &dyn AnyMessage, names: &Names) -> String {
        match typed::<RingMessage>(message) {
            Some(message) => label(message, names),
            None => String::new(),
        }
    }

    fn message_tone(&self, kind: u8) -> Tone {
        match kind {
            0 | 5 => Tone::Neutral,
            1 | 7 => Tone::Lead,
            2 | 3 | 6 | 8 => Tone::Guest,
            4 | 9 => Tone::Bad,
            10 | 11 => Tone::Good,
            _ => Tone::Try,
        }
    }
}

/// What was put, or that nothing was.
fn value(entry: Option<Entry>) -> String {
    let put = entry.and_then(Entry::put);
    put.map_or_else(|| "–".to_owned(), |value| value.to_string())
}

fn label(message: &RingMessage, names: &Names) -> String {
    let number = |number: u32| format!("#{number}");
    match message {
        RingMessage::Get { key, .. } | RingMessage::Fetch { key, .. } => format!("{key} ?"),
        RingMessage::Put { key, entry, .. } | RingMessage::Store { key, entry, .. } => {
            format!("{key} = {}", value(Some(*entry)))
        }
        RingMessage::Value { entry, .. } | RingMessage::Fetched { entry, .. } => {
            format!("= {}", value(*entry))
        }
        RingMessage::Done { .. } | RingMessage::Stored { .. } => "ok".to_owned(),
        RingMessage::Failed { .. } => "?!".to_owned(),
        RingMessage::Stale { members } | RingMessage::Members(members) => number(members.number),
        RingMessage::Pull { members } => format!("{} ?", number(members.number)),
        RingMessage::Batch {
            reason, entries, ..
        } => match reason {
            Reason::Stream => format!("→ {}", entries.len()),
            Reason::Differs | Reason::Lacking => format!("≠ {}", entries.len()),
        },
        RingMessage::Compare { .. } => "Σ".to_owned(),
        RingMessage::Change(change) => match change {
            Change::Join(node) => format!("+ {}", names.node(*node)),
            Change::Leave(node) => format!("− {}", names.node(*node)),
            Change::Weight(node, weight) => format!("{} × {weight}", names.node(*node)),
        },
        RingMessage::Adopted { number: n, synced } => {
            format!("{}{}", number(*n), if *synced { " ✓" } else { "" })
        }
    }
}

fn server_card(world: &World, id: NodeId, servers: usize, hot: Option<NodeId>) -> NodeCard {
    let cell = world.cell(id);
    let server = engine_of::<Server>(cell.node());
    let key = server.map_or("keeper", Engine::role);
    let (tone, shape) = match key {
        "keeper" => (Tone::Neutral, Shape::Eye),
        "joining" | "leaving" => (Tone::Try, Shape::Diamond),
        "outside" => (Tone::Guest, Shape::Plain),
        _ if hot == Some(id) => (Tone::Bad, Shape::Star),
        _ => (Tone::Lead, Shape::Plain),
    };
    let keeper = engine_of::<Keeper>(cell.node());
    let caption = match (server, keeper) {
        (Some(server), _) => server.store().entries().len().to_string(),
        (None, Some(keeper)) => format!("#{}", keeper.members().number),
        (None, None) => String::new(),
    };
    NodeCard {
        id,
        at: match server {
            Some(_) => circle(id.index(), servers, 0.9),
            None => (0.0, 0.0),
        },
        name: world.spec(id).name.clone(),
        kind: NodeKind::Server,
        role: Role { key, tone, shape },
        status: cell.status(),
        caption,
        arc: None,
        chips: Vec::new(),
        writes_pending: cell.writes_pending(),
    }
}

fn client_card(world: &World, id: NodeId, (at, clients): (usize, usize)) -> NodeCard {
    let cell = world.cell(id);
    let client = cell.running::<Client>();
    let wish = client.and_then(Client::wish);
    let caption = wish.map_or_else(String::new, |wish| match wish {
        Wish::Get(key) => format!("{key} ?"),
        Wish::Put(key, value) => format!("{key} = {value}"),
    });
    // Down both sides of the circle, left and right in turn.
    let side = if at % 2 == 0 { -1.45 } else { 1.45 };
    let rows = clients.div_ceil(2).max(1);
    let y = ((at / 2) as f64 + 0.5) / rows as f64 * 1.6 - 0.8;
    NodeCard {
        id,
        at: (side, y),
        name: world.spec(id).name.clone(),
        kind: NodeKind::Client,
        role: Role {
            key: if wish.is_some() { "asking" } else { "idle" },
            tone: Tone::Guest,
            shape: Shape::Box,
        },
        status: cell.status(),
        caption,
        arc: None,
        chips: Vec::new(),
        writes_pending: 0,
    }
}

/// How many keys each node has as the first, and in all.
fn counts(dial: &Dial, nodes: usize) -> Vec<(usize, usize)> {
    let mut counts = vec![(0, 0); nodes];
    for key in &dial.keys {
        for (at, node) in key.owners.iter().enumerate() {
            if let Some(count) = counts.get_mut(usize::from(*node)) {
                count.0 += usize::from(at == 0);
                count.1 += 1;
            }
        }
    }
    counts
}

fn ring_panel(world: &World, names: &Names, keeper: &Keeper) -> Ring {
    let (before, layout) = layouts(keeper);
    let walk = walk(world);
    let dial = dial(before, layout, walk);
    let count = servers(world).count();
    let counts = counts(&dial, count);
    let arcs = layout.ring(walk).map(|ring| ring.arcs(count));
    let keeper_name = names.node(NodeId(count as u16));
    let node = |(id, server): (NodeId, &Server)| {
        let name = names.node(id).to_owned();
        let (status, on) = (world.cell(id).status(), layout.has(id));
        let turn = match (on, status) {
            (true, Status::Up) => format!("request {name} leave"),
            (true, Status::Paused | Status::Down) => format!("request {keeper_name} remove {name}"),
            (false, _) => format!("request {name} join"),
        };
        let weight = layout.weight(id);
        let heavier = (
            Phrase::new("ring.heavier"),
            format!("request {name} weight 2"),
        );
        let lighter = (
            Phrase::new("ring.lighter"),
            format!("request {name} weight 1"),
        );
        let mut more = vec![match status {
            Status::Up => (Phrase::new("ring.kill"), format!("kill {name}")),
            Status::Paused => (Phrase::new("ring.resume"), format!("resume {name}")),
            Status::Down => (Phrase::new("ring.restart"), format!("restart {name}")),
        }];
        if on && status == Status::Up {
            more.push(if weight == 1 { heavier } else { lighter });
        }
        RingNode {
            node: id,
            state: Phrase::new(format!("role.{}", server.role())),
            on,
            faint: status != Status::Up,
            share: arcs.as_ref().map(|arcs| {
                let parts = u128::from(arcs[id.index()]) * 1_000_000;
                (parts >> 64) as u32
            }),
            keys: counts[id.index()].0,
            copies: counts[id.index()].1,
            weight,
            turn,
            more,
            name,
        }
    };
    let nodes = servers(world).map(node).collect();
    let key = asked_key(world, &dial);
    let caption = ring_caption(keeper, &dial);
    Ring {
        id: "ring",
        dial,
        nodes,
        key,
        caption,
    }
}

/// The key that somebody waits for, where it lies on the circle.
fn asked_key(world: &World, dial: &Dial) -> Option<usize> {
    let wishes = world.ids().filter_map(|id| {
        let client: &Client = engine_of(world.cell(id).node())?;
        client.wish()
    });
    let mut keys = wishes.map(|wish| match wish {
        Wish::Get(key) | Wish::Put(key, _) => key,
    });
    let place = |name| dial.keys.iter().position(|key| key.name == name);
    keys.find_map(place)
        .or((!dial.keys.is_empty()).then_some(0))
}

/// What the last change moved, or moves.
fn ring_caption(keeper: &Keeper, dial: &Dial) -> Phrase {
    let (before, layout) = layouts(keeper);
    let moved = dial.keys.iter().filter(|key| key.was.is_some()).count();
    let all = dial.keys.len();
    let key = match (before, keeper.members().next.is_some()) {
        (None, _) => "ring.first",
        (Some(_), true) => "ring.moving",
        (Some(_), false) => "ring.moved",
    };
    Phrase::new(key)
        .with("n", moved)
        .with("all", all)
        .with("share", percent(moved, all))
        .with("nodes", layout.members().len())
        .with("fair", percent(1, layout.members().len()))
}

/// A share with one digit behind the point.
fn percent(part: usize, whole: usize) -> String {
    let tenths = (part * 1000 + whole / 2) / whole.max(1);
    format!("{}.{} %", tenths / 10, tenths % 10)
}

fn compare_panel(keeper: &Keeper) -> Panel {
    let (before, layout) = layouts(keeper);
    let rows = compared(before, layout);
    let columns = ["placement", "moved", "share", "needless", "most"];
    let mine = layout.scheme().placement;
    let cells = rows.iter().map(|row| {
        let tone = match row.placement {
            placement if placement == mine => Tone::Lead,
            _ if row.needless > 0 => Tone::Bad,
            _ => Tone::Neutral,
        };
        let cells = vec![
            row.placement.word().to_owned(),
            row.moved.to_string(),
            percent(row.moved, row.keys),
            row.needless.to_string(),
            format!("{}.{:02} ×", row.most / 100, row.most % 100),
        ];
        (tone, cells)
    });
    let key = match before {
        Some(_) => "caption.compared",
        None => "caption.supposed",
    };
    let keys = rows.first().map_or(0, |row| row.keys);
    Panel::Table(Table {
        id: "placements",
        columns: columns
            .map(|column| Phrase::new(format!("column.{column}")))
            .to_vec(),
        rows: cells.collect(),
        caption: Phrase::new(key).with("keys", keys),
    })
}

/// How much each node has served, the busiest first.
fn load(world: &World, names: &Names) -> Bars {
    let mut all: Vec<(NodeId, u64)> = servers(world)
        .map(|(id, server)| (id, server.served()))
        .collect();
    crate::engine::sorting::sort_by_key(&mut all, |(id, served)| (u64::MAX - served, *id));
    let sum: u64 = all.iter().map(|(_, served)| served).sum();
    let hot = hot_spot(world);
    let row = |(id, served): &(NodeId, u64)| BarRow {
        what: Phrase::new("bar.node").with("node", names.node(*id)),
        value: served.cast_signed(),
        open: 0,
        tone: if hot == Some(*id) {
            Tone::Bad
        } else {
            Tone::Lead
        },
    };
    let caption = match hot {
        Some(node) => Phrase::new("bar.hot").with("node", names.node(node)),
        None => Phrase::new("bar.served"),
    };
    Bars {
        id: "load",
        rows: all.iter().take(12).map(row).collect(),
        caption: caption.with("sum", sum),
    }
}

fn node_panel(world: &World, names: &Names, keeper: &Keeper) -> Panel {
    let columns = ["node", "number", "stored", "on-disk", "served"]
        .map(|column| Phrase::new(format!("column.{column}")));
    let newest = keeper.members().number;
    let row = |(id, server): (NodeId, &Server)| {
        let cell = world.cell(id);
        let disk = crate::engine::disk_of::<Server>(cell.node());
        let number = server.members().number;
        let tone = match cell.status() {
            Status::Down => Tone::Bad,
            _ if number < newest => Tone::Try,
            Status::Up | Status::Paused => Tone::Neutral,
        };
        let row = vec![
            names.node(id).to_owned(),
            format!("#{number}"),
            server.store().entries().len().to_string(),
            disk.map_or(0, |disk| disk.store.entries().len())
                .to_string(),
            server.served().to_string(),
        ];
        (tone, row)
    };
    Panel::Table(Table {
        id: "servers",
        columns: columns.to_vec(),
        rows: servers(world).map(row).collect(),
        caption: Phrase::new("caption.servers").with("number", newest),
    })
}
