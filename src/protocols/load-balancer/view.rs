//! The picture: clients on the left, the balancers beside them, the servers with their queues on the right.

use super::balancer::Balancer;
use super::client::Client;
use super::lab::{LoadBalancer, balancers, clients, layout_of, servers};
use super::layout::{Layout, Place};
use super::message::LoadMessage;
use super::server::Server;
use crate::engine::{AnyMessage, NodeId, Span, engine_of, typed};
use crate::lab::{Names, Phrase};
use crate::sim::{NodeKind, Status, World};
use crate::view::{
    Arc, BarRow, Bars, Chip, NodeCard, Panel, Plugin, Role, Scene, Shape, Table, Tone,
};

/// So many servers stand in one column; more stand in two, and many in a field of small cells.
const COLUMN: usize = 7;
const FEW: usize = 20;
/// More requests than this are not drawn one by one.
const CHIPS: usize = 20;
/// More servers than this have no rows of their own in a panel.
const ROWS: usize = 12;

impl Plugin for LoadBalancer {
    fn scene(&self, world: &World) -> Scene {
        let layout = layout(world);
        let of_servers = usize::from(layout.servers);
        let card = |id: NodeId| match (layout.place(id), layout.balancer_place(id)) {
            (Some(place), _) => server_card(world, id, place, of_servers),
            (None, Some(at)) => balancer_card(world, id, (at, layout)),
            (None, None) => client_card(world, id, layout),
        };
        let to_balancers = (0..layout.clients).flat_map(|client| {
            let all = layout.all_balancers();
            all.map(move |balancer| (NodeId(client), balancer))
        });
        let mut links: Vec<_> = to_balancers.collect();
        if of_servers <= FEW {
            for balancer in layout.all_balancers() {
                links.extend(layout.all_servers().map(|server| (balancer, server)));
            }
        }
        Scene {
            nodes: world.ids().map(card).collect(),
            links,
            queues_beside: of_servers <= FEW,
        }
    }

    fn panels(&self, world: &World, names: &Names) -> Vec<Panel> {
        let layout = layout(world);
        let mut panels = vec![Panel::Bars(queues(world, names, layout))];
        panels.push(Panel::Bars(shares(world, names, layout)));
        panels.push(Panel::Bars(times(world)));
        panels.push(Panel::Table(use_of(world, names, layout)));
        panels.push(Panel::Table(asked(world, names)));
        panels
    }

    fn message_label(&self, message: &dyn AnyMessage, _: &Names) -> String {
        match typed::<LoadMessage>(message) {
            Some(LoadMessage::Request(ask)) if ask.attempt > 1 => {
                format!("{} ×{}", ask.id.op(), ask.attempt)
            }
            Some(LoadMessage::Request(ask) | LoadMessage::Work { ask, .. }) => {
                format!("{}", ask.id.op())
            }
            Some(LoadMessage::Result { .. }) => "ok".to_owned(),
            Some(LoadMessage::Rejection { .. }) => "full".to_owned(),
            Some(LoadMessage::Answer { id }) => format!("{} ok", id.op()),
            Some(LoadMessage::Refusal { id, .. }) => format!("{} ✕", id.op()),
            Some(LoadMessage::Probe { .. }) => "?".to_owned(),
            Some(LoadMessage::Health { load, .. }) => format!("! {load}"),
            None => String::new(),
        }
    }

    fn message_tone(&self, kind: u8) -> Tone {
        match kind {
            0 => Tone::Guest,
            1 => Tone::Lead,
            2 | 4 => Tone::Good,
            3 | 5 => Tone::Bad,
            _ => Tone::Neutral,
        }
    }
}

fn layout(world: &World) -> Layout {
    layout_of(world).unwrap_or(Layout {
        clients: 0,
        balancers: 0,
        servers: 0,
    })
}

/// Evenly from top to bottom.
fn spread(at: usize, of: usize, most: f64) -> f64 {
    if of < 2 {
        return 0.0;
    }
    most * (2.0 * at as f64 / (of - 1) as f64 - 1.0)
}

/// Where a server stands: in a column, in two, or in a field that is a little wider than high.
fn server_place(at: usize, of: usize) -> (f64, f64) {
    if of <= COLUMN {
        return (0.95, spread(at, of, 0.9));
    }
    if of <= FEW {
        let rows = of.div_ceil(2);
        let shift = if at < rows { 0.0 } else { 0.55 };
        return (0.4 + shift, spread(at % rows, rows, 0.95));
    }
    let columns = (1..).find(|n| n * n * 9 >= of * 8).unwrap_or(1);
    let rows = of.div_ceil(columns);
    let x = 0.2 + 0.8 * spread(at % columns, columns, 1.0);
    (x, spread(at / columns, rows, 1.0))
}

fn server_card(world: &World, id: NodeId, place: Place, of: usize) -> NodeCard {
    let (cell, now) = (world.cell(id), world.now());
    let server = cell.running::<Server>();
    let all_out = |one: &Balancer| {
        let peer = one.peers().get(usize::from(place));
        peer.is_some_and(|peer| !peer.is_in)
    };
    let out = balancers(world).next().is_some() && balancers(world).all(all_out);
    let cold = server.is_some_and(|server| server.cold_until(now).is_some());
    let slow = server.is_some_and(|server| server.slow() > 1);
    let busy = server.is_some_and(|server| server.load() > 0);
    let (key, tone, shape) = match (out, slow, cold, busy) {
        (true, ..) => ("out", Tone::Bad, Shape::Diamond),
        (_, true, ..) => ("slow", Tone::Try, Shape::Diamond),
        (_, _, true, _) => ("cold", Tone::Try, Shape::Plain),
        (_, _, _, true) => ("busy", Tone::Lead, Shape::Plain),
        (_, _, _, false) => ("idle", Tone::Neutral, Shape::Plain),
    };
    let chips = server.into_iter().flat_map(|server| {
        let jobs = server.jobs().take(CHIPS).enumerate();
        jobs.map(|(at, id)| Chip {
            hue: id.op(),
            solid: at == 0,
            durable: true,
        })
    });
    let shape = if of > FEW { Shape::Cell } else { shape };
    NodeCard {
        id,
        at: server_place(usize::from(place), of),
        name: world.spec(id).name.clone(),
        kind: NodeKind::Server,
        role: Role { key, tone, shape },
        status: cell.status(),
        caption: server.map_or_else(String::new, |server| server.load().to_string()),
        arc: server
            .and_then(Server::in_service)
            .filter(|_| of <= FEW)
            .map(|(from, to)| Arc { from, to }),
        chips: chips.collect(),
        writes_pending: 0,
    }
}

fn balancer_card(world: &World, id: NodeId, (at, layout): (usize, Layout)) -> NodeCard {
    let cell = world.cell(id);
    let balancer = cell.running::<Balancer>();
    let far = if usize::from(layout.servers) <= FEW {
        -0.3
    } else {
        -0.85
    };
    NodeCard {
        id,
        at: (far, spread(at, usize::from(layout.balancers), 0.6)),
        name: world.spec(id).name.clone(),
        kind: NodeKind::Server,
        role: Role {
            key: "balancer",
            tone: Tone::Lead,
            shape: Shape::Star,
        },
        status: cell.status(),
        caption: balancer.map_or_else(String::new, |one| one.in_flight().to_string()),
        arc: None,
        chips: Vec::new(),
        writes_pending: 0,
    }
}

fn client_card(world: &World, id: NodeId, layout: Layout) -> NodeCard {
    let cell = world.cell(id);
    let client = cell.running::<Client>();
    NodeCard {
        id,
        at: (-1.35, spread(id.index(), usize::from(layout.clients), 0.85)),
        name: world.spec(id).name.clone(),
        kind: NodeKind::Client,
        role: Role {
            key: "client",
            tone: Tone::Guest,
            shape: Shape::Box,
        },
        status: cell.status(),
        caption: client.map_or_else(String::new, |client| format!("{} …", client.open())),
        arc: None,
        chips: Vec::new(),
        writes_pending: 0,
    }
}

fn up(world: &World, id: NodeId) -> Option<&Server> {
    let cell = world.cell(id);
    cell.running::<Server>()
}

/// Whether it is down, and a balancer still counts on it: it notices by probes alone.
fn unnoticed(world: &World, layout: Layout, id: NodeId) -> bool {
    let place = usize::from(layout.place(id).unwrap_or(0));
    up(world, id).is_none() && balancers(world).any(|one| one.peers()[place].is_in)
}

fn row(what: Phrase, value: u64, tone: Tone) -> BarRow {
    BarRow {
        what,
        value: value.cast_signed(),
        open: 0,
        tone,
    }
}

/// How many requests are in each server; of many servers, how many have so many.
fn queues(world: &World, names: &Names, layout: Layout) -> Bars {
    let loads: Vec<usize> = layout
        .all_servers()
        .map(|id| up(world, id).map_or(0, Server::load))
        .collect();
    let all: usize = loads.iter().sum();
    let most = loads.iter().copied().max().unwrap_or(0);
    let tone = |load: usize| match load {
        0 | 1 => Tone::Good,
        2..10 => Tone::Lead,
        _ => Tone::Bad,
    };
    let rows = if loads.len() <= ROWS {
        let rows = layout.all_servers().zip(&loads).map(|(id, load)| {
            let (key, tone) = match up(world, id) {
                Some(_) => ("bar.server", tone(*load)),
                None if unnoticed(world, layout, id) => ("bar.server-unnoticed", Tone::Bad),
                None => ("bar.server-down", Tone::Bad),
            };
            let what = Phrase::new(key).with("name", names.node(id));
            row(what, *load as u64, tone)
        });
        rows.collect()
    } else {
        // The lengths in octaves: 0, 1, 2 and 3, 4 to 7, and so on.
        let octave = |load: usize| (usize::BITS - load.leading_zeros()) as usize;
        let octaves = (0..=octave(most)).map(|at| {
            let low = if at == 0 { 0 } else { 1 << (at - 1) };
            let high = (1usize << at).saturating_sub(1);
            let count = loads.iter().filter(|load| octave(**load) == at).count();
            let what = if high <= low {
                Phrase::new("bar.length").with("low", low)
            } else {
                Phrase::new("bar.lengths")
                    .with("low", low)
                    .with("high", high)
            };
            row(what, count as u64, tone(low))
        });
        octaves.collect()
    };
    let caption = Phrase::new(if loads.len() <= ROWS {
        "caption.queues"
    } else {
        "caption.lengths"
    });
    Bars {
        id: "queues",
        rows,
        caption: caption.with("all", all).with("most", most),
    }
}

/// How often each server was chosen, in thousandths of all; in the worked case of the article, its numbers beside.
fn shares(world: &World, names: &Names, layout: Layout) -> Bars {
    let chosen = |id: NodeId| {
        let place = usize::from(layout.place(id).unwrap_or(0));
        let of = balancers(world).map(|one| one.peers()[place].chosen);
        of.sum::<u64>()
    };
    let counts: Vec<(NodeId, u64)> = layout.all_servers().map(|id| (id, chosen(id))).collect();
    let all: u64 = counts.iter().map(|(_, count)| count).sum();
    let share = |count: u64| count * 1000 / all.max(1);
    let mut sorted = counts.clone();
    if counts.len() > ROWS {
        sorted.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let few: Vec<_> = sorted[..4]
            .iter()
            .chain(&sorted[sorted.len() - 4..])
            .collect();
        sorted = few.into_iter().copied().collect();
    }
    let even = 1000 / counts.len().max(1) as u64;
    let rows = sorted.iter().map(|(id, count)| {
        let what = Phrase::new("bar.share")
            .with("name", names.node(*id))
            .with("count", count)
            .with("all", all);
        let tone = if share(*count) > 2 * even + 1 {
            Tone::Try
        } else {
            Tone::Neutral
        };
        row(what, share(*count), tone)
    });
    let mut rows: Vec<BarRow> = rows.collect();
    if is_worked_case(world) {
        rows.extend(article());
    }
    let key = match (is_worked_case(world), counts.len() > ROWS) {
        (true, _) => "caption.article",
        (false, true) => "caption.shares-of-many",
        (false, false) => "caption.shares",
    };
    Bars {
        id: "shares",
        rows,
        caption: Phrase::new(key).with("all", all),
    }
}

/// Three servers with the weights of the article's case.
fn is_worked_case(world: &World) -> bool {
    let weights = |one: &Balancer| -> Vec<u32> { one.weights().to_vec() };
    balancers(world)
        .next()
        .is_some_and(|one| weights(one) == [40, 30, 30])
}

/// The three numbers that the article gives, and what its own formula comes to, in thousandths.
fn article() -> impl Iterator<Item = BarRow> {
    let given = [("given", 800), ("given", 200), ("given", 320)];
    let formula = [("formula", 400), ("formula", 600), ("formula", 440)];
    given
        .into_iter()
        .chain(formula)
        .zip([1, 2, 3].into_iter().cycle())
        .map(|((key, value), n)| {
            let what = Phrase::new(format!("bar.{key}")).with("n", n);
            row(what, value, Tone::Guest)
        })
}

/// How long the last answers took: what half of them, nineteen of twenty, and all but one in a hundred did not exceed.
fn times(world: &World) -> Bars {
    let mut took: Vec<u32> = clients(world).flat_map(Client::took).collect();
    took.sort_unstable();
    let rows = [("half", 50), ("most", 95), ("nearly-all", 99), ("all", 100)];
    let rows = rows.into_iter().filter_map(|(key, percent)| {
        // The nearest rank: the least that so many percent do not exceed.
        let rank = (took.len() * percent).div_ceil(100);
        let us = took.get(rank.checked_sub(1)?)?;
        let tone = if percent < 95 { Tone::Good } else { Tone::Try };
        Some(row(
            Phrase::new(format!("bar.{key}")),
            u64::from(*us) / 1000,
            tone,
        ))
    });
    Bars {
        id: "times",
        rows: rows.collect(),
        caption: Phrase::new("caption.times").with("n", took.len()),
    }
}

/// Each server: what it does, how much of the time, and what the balancers think of it. Of many, the
/// busiest.
fn use_of(world: &World, names: &Names, layout: Layout) -> Table {
    let mut all: Vec<NodeId> = layout.all_servers().collect();
    let many = all.len() > ROWS;
    if many {
        all.sort_by_key(|id| std::cmp::Reverse(up(world, *id).map_or(0, Server::load)));
        all.truncate(8);
    }
    let columns = ["server", "line", "use", "speed", "weight", "in"]
        .map(|column| Phrase::new(format!("column.{column}")));
    let rows = all.into_iter().map(|id| {
        let server = up(world, id);
        let place = usize::from(layout.place(id).unwrap_or(0));
        let dash = || "–".to_owned();
        let of_balancers = |say: &dyn Fn(&Balancer) -> String| -> String {
            let said: Vec<String> = balancers(world).map(say).collect();
            if said.is_empty() {
                dash()
            } else {
                said.join(" ")
            }
        };
        let speed = server.map(|server| {
            let cold = server.cold_until(world.now()).is_some();
            let slow = match server.slow() {
                1 => "1".to_owned(),
                times => format!("1/{times}"),
            };
            format!("{slow}{}", if cold { " ❄" } else { "" })
        });
        let row = vec![
            names.node(id).to_owned(),
            server.map_or_else(dash, |server| server.load().to_string()),
            server.map_or_else(dash, |server| {
                let thousandths = server.utilisation(world.now());
                format!("{} %", (thousandths + 5) / 10)
            }),
            speed.unwrap_or_else(dash),
            of_balancers(&|one| one.weights()[place].to_string()),
            of_balancers(&|one| {
                if one.peers()[place].is_in {
                    "✓"
                } else {
                    "✕"
                }
                .to_owned()
            }),
        ];
        let tone = match server {
            None => Tone::Bad,
            Some(server) if server.slow() > 1 => Tone::Try,
            Some(_) => Tone::Neutral,
        };
        (tone, row)
    });
    let mean: u64 = servers(world)
        .map(|server| server.utilisation(world.now()))
        .sum();
    let mean = mean / (servers(world).count().max(1) as u64);
    let still = layout
        .all_servers()
        .filter(|id| unnoticed(world, layout, *id));
    let still: Vec<&str> = still.map(|id| names.node(id)).collect();
    let caption = if !still.is_empty() {
        Phrase::new("caption.unnoticed").with("names", still.join(", "))
    } else if many {
        Phrase::new("caption.busiest")
    } else {
        Phrase::new("caption.use")
    };
    Table {
        id: "use",
        columns: columns.to_vec(),
        rows: rows.collect(),
        caption: caption.with("mean", format!("{} %", (mean + 5) / 10)),
    }
}

fn asked(world: &World, names: &Names) -> Table {
    let columns = [
        "client", "rate", "asked", "answered", "mean", "failed", "retried", "open",
    ]
    .map(|column| Phrase::new(format!("column.{column}")));
    let ids = world.ids();
    let rows = ids.filter_map(|id| {
        let cell = world.cell(id);
        let client = engine_of::<Client>(cell.node())?;
        let tally = client.tally();
        let mean = tally.took_us.checked_div(tally.answered);
        let row = vec![
            names.node(id).to_owned(),
            client.rate().to_string(),
            tally.asked.to_string(),
            tally.answered.to_string(),
            mean.map_or_else(|| "–".to_owned(), |us| Span(us / 1000 * 1000).to_string()),
            tally.failed.to_string(),
            tally.retried.to_string(),
            client.open().to_string(),
        ];
        let tone = match (cell.status(), tally.failed) {
            (Status::Down, _) => Tone::Bad,
            (_, 0) => Tone::Neutral,
            (_, _) => Tone::Try,
        };
        Some((tone, row))
    });
    Table {
        id: "clients",
        columns: columns.to_vec(),
        rows: rows.collect(),
        caption: Phrase::new("caption.clients"),
    }
}
