//! The panels: who holds the lock and who waits, what each client believes, was granted, wrote and
//! has in its cache, the leases by every clock that counts one, and the gate of the resource.

use super::super::client::Client;
use super::super::database::{SessionId, Version};
use super::super::lab::{clients, master, replicas, resource};
use super::super::replica::{Office, Replica};
use super::super::resource::Guarded;
use super::super::rules::CHECK_THE_SEQUENCER;
use crate::engine::{NodeId, Time, disk_of, engine_of};
use crate::lab::locks::Resource;
use crate::lab::{Names, Phrase};
use crate::sim::{Status, World};
use crate::view::locks::gauge_rows;
use crate::view::{Gauge, Panel, Queue, QueueEntry, Shape, SpanRow, Table, Tone};

/// All of them, the most important one first.
pub(super) fn all(world: &World, names: &Names) -> Vec<Panel> {
    vec![
        leases(world, names),
        Panel::Table(apart(world, names)),
        queue(world, names),
        Panel::Gauge(fence(world, names)),
    ]
}

/// The replica whose database is shown: the master that serves, or else of those that are up the one
/// that has applied most.
pub(super) fn best(world: &World) -> Option<(NodeId, &Replica)> {
    let serves = master(world);
    let up = replicas(world).filter_map(|(id, replica)| Some((id, replica?)));
    up.max_by_key(|(id, replica)| {
        let office = replica.office().map(Office::epoch);
        (Some(*id) == serves, office, replica.database().applied)
    })
}

/// What the resource has seen: its memory knows the refused writes, too.
pub(super) fn resource_of(world: &World) -> Option<&Resource> {
    let cell = world.cell(resource(world));
    let memory = cell.running::<Guarded>();
    match memory {
        Some(guarded) => Some(guarded.resource()),
        None => disk_of::<Guarded>(cell.node()),
    }
}

fn queue(world: &World, names: &Names) -> Panel {
    let mut entries = Vec::new();
    if let Some((_, replica)) = best(world) {
        let lock = replica.database().lock;
        let mut add = |id: NodeId, session: SessionId, number, tone, shape, key| {
            entries.push(QueueEntry {
                name: format!("s{}", session.0),
                owner: id,
                who: names.node(id).to_owned(),
                number,
                watches: None,
                tone,
                shape,
                state: Phrase::new(key),
            });
        };
        if let Some(holder) = replica.database().holder() {
            let client = engine_of::<Client>(world.cell(holder.client).node());
            let mine = client.filter(|client| client.session() == Some(holder.id));
            let (tone, shape, key) = match mine {
                Some(client) if client.believes() => (Tone::Lead, Shape::Star, "panel.queue.holds"),
                Some(_) => (Tone::Good, Shape::Plain, "panel.queue.unaware"),
                None => (Tone::Bad, Shape::Plain, "panel.queue.orphan"),
            };
            let number = Some(lock.generation.0.into());
            add(holder.client, holder.id, number, tone, shape, key);
        }
        for (client, session) in replica.office().into_iter().flat_map(Office::waiters) {
            let (tone, shape) = (Tone::Try, Shape::Diamond);
            add(client, session, None, tone, shape, "panel.queue.waits");
        }
    }
    Panel::Queue(Queue {
        id: "queue",
        number: ("#", "queue.number"),
        words: Queue::IN_LINE,
        lines: vec![("/ls/cell/lock".to_owned(), entries)],
        caption: Phrase::new("panel.queue.caption"),
    })
}

/// By client: four things that are not the same.
fn apart(world: &World, names: &Names) -> Table {
    let best = best(world).map(|(_, replica)| replica);
    let newest = best.map_or(Version(0), |replica| replica.database().file.version);
    let landed = resource_of(world).map_or(&[][..], Resource::recent);
    let last = landed.iter().rev().find(|arrival| arrival.accepted);
    let rows = clients(world).map(|(node, client)| {
        let holder = best.and_then(|replica| replica.database().holder());
        let granted = holder.filter(|session| session.client == node);
        let generation = best.map_or(0, |replica| replica.database().lock.generation.0);
        let believes = client.filter(|client| client.believes());
        let held = believes.and_then(Client::sequencer);
        let mark = |number: Option<u32>| number.map_or_else(String::new, |n| format!("● #{n}"));
        let wrote = last.filter(|arrival| arrival.attempt.writer == node);
        let copy = client.and_then(Client::cache);
        let right = granted.map(|session| session.id) == client.and_then(Client::session);
        let tone = match (believes, granted) {
            (Some(_), Some(_)) if right => Tone::Lead,
            (Some(_), _) => Tone::Bad,
            (None, Some(_)) => Tone::Try,
            (None, None) => Tone::Neutral,
        };
        let cells = vec![
            names.node(node).to_owned(),
            mark(granted.map(|_| generation)),
            mark(held.map(|held| held.0)),
            mark(wrote.map(|arrival| arrival.attempt.tag as u32)),
            copy.map_or_else(
                || "–".to_owned(),
                |file| {
                    let old = if file.version < newest { " ✕" } else { "" };
                    let by = file.by.map_or("–", |by| names.node(by));
                    format!("v{} {by}{old}", file.version.0)
                },
            ),
        ];
        (tone, cells)
    });
    let rows = rows.collect();
    let columns = ["client", "granted", "believes", "written", "cached"];
    Table {
        id: "apart",
        columns: columns
            .map(|column| Phrase::new(format!("column.{column}")))
            .to_vec(),
        rows,
        caption: Phrase::new("panel.apart.caption").with("version", u64::from(newest.0)),
    }
}

/// The leases, by every clock that counts one: the master's own, each session's at the master and
/// at its client, what is left of a grace period, and the lock-delay.
fn leases(world: &World, names: &Names) -> Panel {
    let mut rows = Vec::new();
    let served = best(world).and_then(|(id, replica)| Some((id, replica, replica.office()?)));
    if let Some((id, replica, office)) = served {
        let now = world.local(id);
        let before = |until: Time, span: crate::engine::Span| Time(until.0.saturating_sub(span.0));
        let row = |what: Phrase, tone, (from, to): (Time, Time)| SpanRow {
            node: id,
            head: names.node(id).to_owned(),
            what,
            clock: names.node(id).to_owned(),
            tone,
            from,
            to: Some(to),
            now,
            faint: to <= now,
        };
        let config = replica.config();
        let until = replica.lease_until();
        let from = before(until, config.master_lease);
        rows.push(row(
            Phrase::new("span.master"),
            Tone::Neutral,
            (from, until),
        ));
        if let Some(until) = office.delay_until() {
            let from = before(until, config.lock_delay);
            rows.push(row(Phrase::new("span.delay"), Tone::Try, (from, until)));
        }
        for known in office.sessions() {
            let from = before(known.deadline, config.lease);
            let key = if office.kept_calls().any(|session| session == known.session) {
                "span.session-kept"
            } else {
                "span.session"
            };
            let what = Phrase::new(key).with("client", names.node(known.client));
            rows.push(row(what, Tone::Good, (from, known.deadline)));
        }
    }
    rows.extend(clients(world).filter_map(|(node, client)| {
        let client = client?;
        client.session()?;
        let config = client.config();
        let until = client.lease_until();
        let (key, tone, from, to) = match client.jeopardy() {
            Some(since) => ("span.grace", Tone::Bad, since, since + config.grace),
            None => {
                let from = Time(until.0.saturating_sub(config.lease.0));
                ("span.lease", Tone::Lead, from, until)
            }
        };
        Some(SpanRow {
            node,
            head: names.node(node).to_owned(),
            what: Phrase::new(key),
            clock: names.node(node).to_owned(),
            tone,
            from,
            to: Some(to),
            now: world.local(node),
            faint: world.cell(node).status() == Status::Paused,
        })
    }));
    let key = if rows.is_empty() {
        "panel.leases.none"
    } else {
        "panel.leases.caption"
    };
    Panel::Spans {
        id: "leases",
        rows,
        caption: Phrase::new(key),
    }
}

/// What came to the resource, and the highest sequencer that it took.
fn fence(world: &World, names: &Names) -> Gauge {
    let seen = resource_of(world);
    let arrivals = gauge_rows(seen.map_or(&[][..], Resource::recent), names);
    let guarded = engine_of::<Guarded>(world.cell(resource(world)).node());
    let checked = guarded.is_some_and(Guarded::looks) && world.rules().on(CHECK_THE_SEQUENCER);
    let key = match (arrivals.is_empty(), checked) {
        (true, _) => "panel.fence.none",
        (false, true) => "panel.fence.caption",
        (false, false) => "panel.fence.off",
    };
    Gauge {
        id: "fence",
        highest: seen.map_or(0, Resource::highest),
        checked,
        arrivals,
        caption: Phrase::new(key),
    }
}
