//! The panels: the queue, who was granted and who believes and whose write landed, the sessions by
//! two clocks, the wake-ups, the gate of the resource, and who waits for whom.

use super::super::checks::clients;
use super::super::client::Client;
use super::super::keeper::Keeper;
use super::super::message::NOTIFICATION;
use super::super::resource::Resource;
use super::super::rules::CHECK_THE_NUMBER;
use super::super::tree::{BOTH, Lock, SessionId, Znode};
use super::{node_name, servers};
use crate::engine::{NodeId, Time, engine_of};
use crate::lab::{Names, Phrase};
use crate::sim::{Status, World};
use crate::view::{
    BarRow, Bars, Gauge, GaugeRow, Graph, GraphArrow, GraphPoint, Panel, Queue, QueueEntry, Shape,
    SpanRow, Table, Tone,
};

/// All of them, the most important one first.
pub(super) fn all(world: &World, names: &Names) -> Vec<Panel> {
    let Some((server, keeper)) = best(world) else {
        return vec![gauge(world, names)];
    };
    let mut panels = vec![
        queue(world, names, keeper),
        three(world, names, keeper),
        sessions(world, names, (server, keeper)),
        wakes(world, keeper),
        gauge(world, names),
    ];
    let graph = waits(world, names, keeper);
    // With one lock nobody can wait in a circle, and the queue says it all.
    if BOTH.iter().filter(|lock| in_use(world, **lock)).count() > 1 {
        panels.insert(1, graph);
    }
    panels
}

/// The server whose tree is shown: of those that are up, the leader of the highest term, or else
/// the one that has applied most.
fn best(world: &World) -> Option<(NodeId, &Keeper)> {
    let up = servers(world).filter(|(id, _)| world.cell(*id).status() != Status::Down);
    up.max_by_key(|(_, keeper)| {
        let raft = keeper.raft();
        (raft.leads(), raft.term(), keeper.tree().zxid)
    })
}

/// Whether a client believes to hold a lock whose first node is not of its session: so says the server
/// that has applied most.
pub(super) fn mistaken(world: &World, client: &Client) -> bool {
    let up = servers(world).filter(|(id, _)| world.cell(*id).status() != Status::Down);
    let Some((_, furthest)) = up.max_by_key(|(_, keeper)| keeper.tree().zxid) else {
        return false;
    };
    let first = |lock: Lock| furthest.tree().below(lock).next().map(|node| node.owner);
    // A server that is behind the client's own node cannot tell.
    let mut claims = client.claims().iter().filter(|claim| {
        let known = claim.node.map(|(_, zxid)| zxid);
        client.believes(claim.lock) && known <= Some(furthest.tree().zxid)
    });
    claims.any(|claim| first(claim.lock) != client.session())
}

/// Whether anybody takes this lock in this run.
fn in_use(world: &World, lock: Lock) -> bool {
    clients(world).any(|(_, client)| client.locks().contains(&lock))
}

fn owner(keeper: &Keeper, node: &Znode) -> Option<NodeId> {
    Some(keeper.tree().sessions().get(node.owner)?.client)
}

fn client(world: &World, id: NodeId) -> Option<&Client> {
    let up = world.cell(id).status() != Status::Down;
    engine_of::<Client>(world.cell(id).node()).filter(|_| up)
}

fn queue(world: &World, names: &Names, keeper: &Keeper) -> Panel {
    let line = |lock: Lock| {
        let entries = keeper.tree().below(lock).enumerate();
        let entries = entries.filter_map(|(at, node)| entry(world, names, keeper, (at, node)));
        (format!("/{lock}"), entries.collect())
    };
    let shown = BOTH.into_iter().filter(|lock| in_use(world, *lock));
    Panel::Queue(Queue {
        id: "queue",
        lines: shown.map(line).collect(),
        number: ("z", "queue.number"),
        words: Queue::IN_LINE,
        caption: Phrase::new("panel.queue.caption"),
    })
}

fn entry(
    world: &World,
    names: &Names,
    keeper: &Keeper,
    (at, node): (usize, &Znode),
) -> Option<QueueEntry> {
    let id = owner(keeper, node)?;
    let mine = client(world, id).filter(|client| client.session() == Some(node.owner));
    let believes = mine.is_some_and(|client| client.believes(node.lock));
    let (key, tone, shape) = match (mine, at, believes) {
        (None, ..) => ("panel.queue.orphan", Tone::Bad, Shape::Plain),
        (Some(_), 0, true) => ("panel.queue.holds", Tone::Lead, Shape::Star),
        (Some(_), 0, false) => ("panel.queue.first", Tone::Good, Shape::Plain),
        (Some(_), _, true) => ("panel.queue.wrongly", Tone::Bad, Shape::Star),
        (Some(_), _, false) => ("panel.queue.waits", Tone::Try, Shape::Diamond),
    };
    let mut watches = keeper.watches().iter();
    let watched = watches.find(|watch| watch.session == node.owner && watch.lock == node.lock);
    Some(QueueEntry {
        name: node_name(node.lock, node.place),
        owner: id,
        who: names.node(id).to_owned(),
        number: Some(node.zxid.0.into()),
        watches: watched.map(|watch| node_name(watch.lock, watch.place)),
        tone,
        shape,
        state: Phrase::new(key),
    })
}

/// Three things that are not the same: granted, believed, written.
fn three(world: &World, names: &Names, keeper: &Keeper) -> Panel {
    let none = || "–".to_owned();
    let resource = world
        .ids()
        .find_map(|id| engine_of::<Resource>(world.cell(id).node()));
    let row = |lock: Lock| {
        let granted = keeper.tree().below(lock).next();
        let granted = granted.and_then(|node| Some((owner(keeper, node)?, node.zxid)));
        let believers = clients(world)
            .filter(|(id, _)| client(world, *id).is_some_and(|client| client.believes(lock)));
        let believers: Vec<&str> = believers.map(|(id, _)| names.node(id)).collect();
        let written = resource.map(|resource| resource.register(lock));
        let written = written.and_then(|register| Some((register.by?, register.fence)));
        let with_number = |(id, zxid): (NodeId, super::super::tree::Zxid)| {
            format!("{} z{}", names.node(id), zxid.0)
        };
        let tone = if believers.len() > 1 {
            Tone::Bad
        } else {
            Tone::Neutral
        };
        let cells = vec![
            lock.to_string(),
            granted.map_or_else(none, with_number),
            if believers.is_empty() {
                none()
            } else {
                believers.join(" ")
            },
            written.map_or_else(none, with_number),
        ];
        (tone, cells)
    };
    let columns = ["lock", "granted", "believes", "written"];
    Panel::Table(Table {
        id: "three",
        columns: columns
            .map(|column| Phrase::new(format!("panel.three.{column}")))
            .to_vec(),
        rows: BOTH
            .into_iter()
            .filter(|lock| in_use(world, *lock))
            .map(row)
            .collect(),
        caption: Phrase::new("panel.three.caption"),
    })
}

/// Each session as the leader counts it, and as its client does.
fn sessions(world: &World, names: &Names, (server, keeper): (NodeId, &Keeper)) -> Panel {
    let local = |id: NodeId| world.cell(id).clock().local(world.now());
    let timeout = keeper.timeout();
    let mut rows = Vec::new();
    for session in keeper.tree().sessions().all() {
        let head = format!("{} #{}", names.node(session.client), session.id.0);
        if let Some(until) = keeper.deadline(session.id) {
            rows.push(SpanRow {
                node: session.client,
                head: head.clone(),
                what: Phrase::new("panel.sessions.service"),
                clock: names.node(server).to_owned(),
                tone: Tone::Good,
                from: Time(until.0.saturating_sub(timeout.0)),
                to: Some(until),
                now: local(server),
                faint: false,
            });
        }
        let own = client(world, session.client);
        if let Some(own) = own.filter(|own| own.session() == Some(session.id)) {
            rows.push(SpanRow {
                node: session.client,
                head,
                what: Phrase::new("panel.sessions.client"),
                clock: names.node(session.client).to_owned(),
                tone: if own.cut_off() { Tone::Bad } else { Tone::Lead },
                from: own.heard(),
                to: Some(own.heard() + timeout),
                now: local(session.client),
                faint: own.cut_off(),
            });
        }
    }
    // Who sleeps, or is cut off, counts a session on that the service has ended.
    for (node, _) in clients(world) {
        let own = client(world, node);
        let ended = own.and_then(Client::session);
        // One that this server has not heard of yet is not over.
        let known = |id: &SessionId| id.0 <= keeper.tree().zxid.0;
        let ended = ended.filter(|id| known(id) && keeper.tree().sessions().get(*id).is_none());
        if let (Some(own), Some(id)) = (own, ended) {
            rows.push(SpanRow {
                node,
                head: format!("{} #{}", names.node(node), id.0),
                what: Phrase::new("panel.sessions.ended"),
                clock: names.node(node).to_owned(),
                tone: Tone::Bad,
                from: own.heard(),
                to: Some(own.heard() + timeout),
                now: local(node),
                faint: true,
            });
        }
    }
    let key = if rows.is_empty() {
        "panel.sessions.none"
    } else {
        "panel.sessions.caption"
    };
    Panel::Spans {
        id: "sessions",
        rows,
        caption: Phrase::new(key).with("timeout", timeout),
    }
}

/// How many were woken, beside how many had to be.
fn wakes(world: &World, keeper: &Keeper) -> Panel {
    let woken = world.counters().sent[usize::from(NOTIFICATION)];
    let needed = u64::from(keeper.tree().moved_up());
    let row = |key: &str, value: u64, tone| BarRow {
        what: Phrase::new(key),
        value: i64::try_from(value).unwrap_or(i64::MAX),
        open: 0,
        tone,
    };
    let tone = if woken > needed {
        Tone::Bad
    } else {
        Tone::Lead
    };
    let all = clients(world).count();
    Panel::Bars(Bars {
        id: "wakes",
        rows: vec![
            row("panel.wakes.woken", woken, tone),
            row("panel.wakes.needed", needed, Tone::Neutral),
        ],
        caption: Phrase::new("panel.wakes.caption")
            .with("all", all)
            .with("one", all.saturating_sub(1))
            .with("herd", all * all.saturating_sub(1) / 2),
    })
}

/// What came to the resource, and the highest number that it took.
fn gauge(world: &World, names: &Names) -> Panel {
    let resource = world
        .ids()
        .find_map(|id| engine_of::<Resource>(world.cell(id).node()));
    let recent = resource.map_or(&[][..], Resource::recent);
    let mut highest = [0; BOTH.len()];
    let rows = recent.iter().map(|(lock, arrival)| {
        let number = arrival.attempt.number.unwrap_or(0);
        let known = &mut highest[lock.index()];
        let older = number < *known;
        if arrival.accepted {
            *known = number.max(*known);
        }
        GaugeRow {
            who: format!("{} {lock}", names.node(arrival.attempt.writer)),
            number: arrival.attempt.number,
            passed: arrival.accepted,
            wrong: arrival.accepted && older,
        }
    });
    let arrivals: Vec<GaugeRow> = rows.collect();
    let highest = BOTH.map(|lock| resource.map_or(0, |resource| resource.register(lock).highest.0));
    let key = if arrivals.is_empty() {
        "panel.fence.none"
    } else {
        "panel.fence.caption"
    };
    Panel::Gauge(Gauge {
        id: "fence",
        highest: highest.into_iter().max().unwrap_or(0).into(),
        checked: world.rules().on(CHECK_THE_NUMBER),
        arrivals,
        caption: Phrase::new(key),
    })
}

/// From each that is behind in a queue to the one right before it.
fn waits(world: &World, names: &Names, keeper: &Keeper) -> Panel {
    let ids: Vec<NodeId> = clients(world).map(|(id, _)| id).collect();
    let place = |id: NodeId| ids.iter().position(|other| *other == id);
    let mut arrows = Vec::new();
    for lock in BOTH {
        let line: Vec<&Znode> = keeper.tree().below(lock).collect();
        for pair in line.windows(2) {
            let ends = (owner(keeper, pair[1]), owner(keeper, pair[0]));
            let (Some(behind), Some(before)) = ends else {
                continue;
            };
            if let (Some(from), Some(to)) = (place(behind), place(before)) {
                arrows.push(GraphArrow {
                    from,
                    to,
                    label: lock.to_string(),
                    circle: false,
                    says: Phrase::new("panel.waits.arrow")
                        .with("behind", names.node(behind))
                        .with("before", names.node(before))
                        .with("lock", lock),
                });
            }
        }
    }
    let point = |id: &NodeId| {
        let holds = client(world, *id)
            .is_some_and(|client| BOTH.into_iter().any(|lock| client.believes(lock)));
        GraphPoint {
            node: *id,
            name: names.node(*id).to_owned(),
            tone: if holds { Tone::Lead } else { Tone::Guest },
        }
    };
    let mut graph = Graph {
        id: "waits",
        points: ids.iter().map(point).collect(),
        arrows,
        caption: Phrase::new("panel.waits.none"),
    };
    if graph.mark_circles() {
        graph.caption = Phrase::new("panel.waits.circle");
    } else if !graph.arrows.is_empty() {
        graph.caption = Phrase::new("panel.waits.caption");
    }
    Panel::Graph(graph)
}
