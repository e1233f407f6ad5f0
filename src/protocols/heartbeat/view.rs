//! The picture: the monitor in the middle, the nodes round it, each with the time it has left.

use super::engine::{Heartbeat, MONITOR, Monitor, Watch, Watched};
use super::lab::HeartbeatLab;
use crate::engine::{AnyMessage, NodeId, engine_of, typed};
use crate::lab::{Names, Phrase};
use crate::sim::{NodeKind, Status, TimerView, World};
use crate::view::{Arc, NodeCard, Panel, Plugin, Role, Scene, Shape, Table, Tone, circle};

/// Up to so many nodes stand on one circle; more stand on three.
const ONE_CIRCLE: usize = 20;

/// Where node `i` of `n` stands. Three circles take nodes by their length, so that a hundred
/// nodes are spread evenly.
fn place(i: usize, n: usize) -> (f64, f64) {
    if n <= ONE_CIRCLE {
        return circle(i, n, 0.82);
    }
    let outer = n * 43 / 99;
    let middle = n * 33 / 99;
    if i < outer {
        circle(i, outer, 0.95)
    } else if i < outer + middle {
        circle(i - outer, middle, 0.72)
    } else {
        circle(i - outer - middle, n - outer - middle, 0.49)
    }
}

const MONITOR_ROLE: Role = Role {
    key: "monitor",
    tone: Tone::Lead,
    shape: Shape::Eye,
};

/// What the monitor thinks of a node, and whether it is wrong. `None`: it is down itself.
fn role(opinion: Option<&Watch>, status: Status) -> Role {
    let (key, tone, shape) = match (opinion, status) {
        (None, _) => ("unwatched", Tone::Neutral, Shape::Plain),
        (Some(watch), Status::Up | Status::Paused) if watch.suspected => {
            ("falsely-suspected", Tone::Try, Shape::Diamond)
        }
        (Some(watch), Status::Down) if watch.suspected => ("suspected", Tone::Bad, Shape::Diamond),
        (Some(watch), _) if watch.last.is_none() => ("unheard", Tone::Neutral, Shape::Plain),
        (Some(_), Status::Up | Status::Paused) => ("trusted", Tone::Good, Shape::Plain),
        (Some(_), Status::Down) => ("dead-but-trusted", Tone::Try, Shape::Plain),
    };
    Role { key, tone, shape }
}

/// The monitor's memory; a monitor that is down has none.
fn monitor(world: &World) -> Option<&Monitor> {
    let cell = world.cell(MONITOR);
    cell.running::<Monitor>()
}

/// For each node the countdown to its suspicion, by its place in the world.
fn countdowns(world: &World) -> Vec<Option<TimerView>> {
    let mut all = vec![None; world.ids().count()];
    let kinds = world.cell(MONITOR).node().timers().len() as u16;
    for view in world.cell(MONITOR).timers() {
        let (_, about) = view.timer.split(kinds);
        if let Some(slot) = about.and_then(|node| all.get_mut(node.index())) {
            *slot = Some(view);
        }
    }
    all
}

impl Plugin for HeartbeatLab {
    fn scene(&self, world: &World) -> Scene {
        let monitor = monitor(world);
        let countdowns = countdowns(world);
        let n = world.ids().count() - 1;
        let card = |id: NodeId| {
            let cell = world.cell(id);
            let watched = engine_of::<Watched>(cell.node());
            let (at, role, caption) = match (watched, monitor) {
                (Some(watched), _) => {
                    let opinion = monitor.and_then(|monitor| monitor.watch(id));
                    let caption = format!("♥ {}", watched.sent());
                    (
                        place(id.index() - 1, n),
                        role(opinion, cell.status()),
                        caption,
                    )
                }
                (None, Some(monitor)) => {
                    let suspected = monitor.watches().filter(|(_, watch)| watch.suspected);
                    (
                        (0.0, 0.0),
                        MONITOR_ROLE,
                        format!("{}/{n}", suspected.count()),
                    )
                }
                (None, None) => ((0.0, 0.0), MONITOR_ROLE, String::new()),
            };
            NodeCard {
                id,
                at,
                name: world.spec(id).name.clone(),
                kind: NodeKind::Server,
                role,
                status: cell.status(),
                caption,
                arc: countdowns[id.index()].map(|view| Arc {
                    from: view.set_at,
                    to: view.deadline,
                }),
                chips: Vec::new(),
                writes_pending: 0,
            }
        };
        Scene {
            nodes: world.ids().map(card).collect(),
            links: world.ids().skip(1).map(|id| (MONITOR, id)).collect(),
            ..Scene::default()
        }
    }

    fn panels(&self, world: &World, names: &Names) -> Vec<Panel> {
        vec![Panel::Table(watch_table(world, names))]
    }

    fn message_label(&self, message: &dyn AnyMessage, _names: &Names) -> String {
        let heartbeat = typed::<Heartbeat>(message);
        heartbeat.map_or_else(String::new, |heartbeat| format!("♥ {}", heartbeat.number))
    }

    fn message_tone(&self, _kind: u8) -> Tone {
        Tone::Good
    }
}

/// What the monitor knows of each node, beside what is so. The words stand over the columns;
/// a dot says in which one a node is.
fn watch_table(world: &World, names: &Names) -> Table {
    let monitor = monitor(world);
    let dot = |here: bool| if here { "●" } else { "" }.to_owned();
    let rows = world.ids().skip(1).map(|id| {
        let status = world.cell(id).status();
        let watch = monitor.and_then(|monitor| monitor.watch(id));
        let last = watch.and_then(|watch| watch.last);
        let cells = vec![
            names.node(id).to_owned(),
            dot(status == Status::Down),
            dot(watch.is_some_and(|watch| !watch.suspected)),
            dot(watch.is_some_and(|watch| watch.suspected)),
            last.map_or_else(|| "–".to_owned(), |(_, at)| at.to_string()),
            last.map_or_else(
                || "–".to_owned(),
                |(heartbeat, _)| heartbeat.number.to_string(),
            ),
            watch.map_or_else(|| "–".to_owned(), |watch| watch.false_alarms.to_string()),
        ];
        (role(watch, status).tone, cells)
    });
    let columns = [
        "node",
        "down",
        "trusted",
        "suspected",
        "last-at",
        "last-number",
        "false-alarms",
    ];
    Table {
        id: "watch",
        columns: columns
            .map(|column| Phrase::new(format!("column.{column}")))
            .to_vec(),
        rows: rows.collect(),
        caption: match monitor {
            Some(monitor) => Phrase::new("caption.watch").with("timeout", monitor.timeout()),
            None => Phrase::new("caption.watch-down"),
        },
    }
}
