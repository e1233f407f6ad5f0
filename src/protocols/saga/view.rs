//! The picture: customers on the left, the order service in the middle, the services that do the steps on the right;
//! and beside it sagas, logs, what a log comes to, and what it costs.

use super::checks::service_at;
use super::course::{Phase, Sagas};
use super::event::Event;
use super::lab::SagaLab;
use super::message::{Reply, SagaMessage};
use super::order::{FIRST_CUSTOMER, ORDERS, Outcome, PAYMENT, STOCK};
use super::orders::{AGAIN, Orders};
use super::panels::{self, Row};
use crate::engine::{AnyMessage, Message, NodeId, engine_of, parts_of, typed};
use crate::lab::{GaugeChart, Names, Phrase, Readings};
use crate::sim::{NodeKind, Status, World};
use crate::view::{Arc, NodeCard, Panel, Plugin, Role, Scene, Shape, Tone, commit};

impl Plugin for SagaLab {
    fn scene(&self, world: &World) -> Scene {
        let customers = world.ids().filter(|id| *id >= FIRST_CUSTOMER);
        let links = customers.map(|id| (ORDERS, id));
        Scene {
            nodes: world.ids().map(|id| card(world, id)).collect(),
            links: [(ORDERS, STOCK), (ORDERS, PAYMENT)]
                .into_iter()
                .chain(links)
                .collect(),
            queues_beside: false,
        }
    }

    fn panels(&self, world: &World, names: &Names) -> Vec<Panel> {
        let Some((orders, _)) = parts_of::<Orders>(world.cell(ORDERS).node()) else {
            return Vec::new();
        };
        let rows = rows(world);
        let sagas = sagas(world);
        let forced = rows.iter().map(|row| u64::from(row.disk.forced)).sum();
        vec![
            panels::sagas(&sagas),
            panels::logs(&rows, names),
            panels::replay(&rows, orders.config()),
            panels::known(&sagas, &rows, names),
            panels::books(&rows, orders.config(), names),
            commit::costs(world, SagaMessage::KINDS, tone_of, forced),
        ]
    }

    fn message_label(&self, message: &dyn AnyMessage, _names: &Names) -> String {
        let Some(message) = typed::<SagaMessage>(message) else {
            return String::new();
        };
        let saga = message.saga();
        match message {
            SagaMessage::Place(_, order) => format!("{saga}: {}", order.pieces),
            SagaMessage::Accepted(_) => format!("{saga} ok"),
            SagaMessage::Ended(_, Outcome::Done) => format!("{saga} ✓"),
            SagaMessage::Ended(_, Outcome::Compensated) => format!("{saga} ↩"),
            SagaMessage::Do(step, ..) => format!("T{} {saga}", *step as u8 + 1),
            SagaMessage::Undo(step, ..) => format!("C{} {saga}", *step as u8 + 1),
            SagaMessage::Answer(step, _, reply) => {
                let (kind, sign) = match reply {
                    Reply::Done => ('T', '✓'),
                    Reply::Refused => ('T', '✗'),
                    Reply::Undone => ('C', '✓'),
                    Reply::NotUndone => ('C', '✗'),
                };
                format!("{kind}{} {saga} {sign}", *step as u8 + 1)
            }
        }
    }

    fn message_tone(&self, kind: u8) -> Tone {
        tone_of(kind)
    }
}

fn tone_of(kind: u8) -> Tone {
    match kind {
        0..=2 => Tone::Guest,
        3..=5 => Tone::Lead,
        6 | 7 => Tone::Try,
        8 | 10 => Tone::Good,
        _ => Tone::Bad,
    }
}

/// The sagas: those in the memory of the order service, or where it is down what its log comes to.
fn sagas(world: &World) -> Sagas {
    let cell = world.cell(ORDERS);
    let Some((orders, disk)) = parts_of::<Orders>(cell.node()) else {
        return Sagas::default();
    };
    if cell.status() == Status::Down {
        Sagas::replay(disk)
    } else {
        orders.sagas().clone()
    }
}

/// The three services.
fn rows(world: &World) -> Vec<Row<'_>> {
    [ORDERS, STOCK, PAYMENT]
        .into_iter()
        .filter_map(|node| row(world, node))
        .collect()
}

fn row(world: &World, node: NodeId) -> Option<Row<'_>> {
    let cell = world.cell(node);
    let (role, status) = (role(world, node), cell.status());
    let unwritten = |all: &mut dyn Iterator<Item = &Event>| -> Vec<Event> {
        if status == Status::Down {
            Vec::new()
        } else {
            all.copied().collect()
        }
    };
    if node == ORDERS {
        let (orders, disk) = parts_of::<Orders>(cell.node())?;
        return Some(Row {
            node,
            role,
            status,
            disk,
            unwritten: unwritten(&mut orders.journal().iter()),
            ledger: None,
        });
    }
    let (service, disk) = service_at(world, node)?;
    let ledger = if status == Status::Down {
        let orders = engine_of::<Orders>(world.cell(ORDERS).node())?;
        orders.config().ledger(service.ledger().trade).replay(disk)
    } else {
        service.ledger().clone()
    };
    Some(Row {
        node,
        role,
        status,
        disk,
        unwritten: unwritten(&mut service.journal().iter()),
        ledger: Some(ledger),
    })
}

fn role(world: &World, node: NodeId) -> Role {
    let key = world.cell(node).node().role();
    let (tone, shape) = match key {
        "working" => (Tone::Lead, Shape::Star),
        "compensating" => (Tone::Try, Shape::Star),
        "orders" => (Tone::Neutral, Shape::Star),
        "customer" => (Tone::Neutral, Shape::Box),
        "ordering" => (Tone::Guest, Shape::Box),
        _ => (Tone::Good, Shape::Plain),
    };
    Role { key, tone, shape }
}

/// Customers in one or two columns on the left.
fn place(world: &World, node: NodeId) -> (f64, f64) {
    match node {
        ORDERS => (0.1, 0.0),
        STOCK => (0.95, -0.6),
        PAYMENT => (0.95, 0.6),
        _ => {
            let all = world.ids().filter(|id| *id >= FIRST_CUSTOMER).count();
            let at = usize::from(node.0 - FIRST_CUSTOMER.0);
            let y = if all == 1 {
                0.0
            } else {
                1.5 * at as f64 / (all - 1) as f64 - 0.75
            };
            let x = if all > 3 && at % 2 == 1 { -0.55 } else { -0.95 };
            (x, y)
        }
    }
}

/// What stands in a node: how many sagas are open; what is free, held and sold; what was taken; what a customer has.
fn caption(world: &World, node: NodeId) -> String {
    if node == ORDERS {
        return format!("… {}", sagas(world).open().count());
    }
    if node >= FIRST_CUSTOMER {
        let bank = row(world, PAYMENT).and_then(|row| row.ledger);
        let place = usize::from(node.0 - FIRST_CUSTOMER.0);
        let has = bank.and_then(|bank| bank.free.get(place).copied());
        return format!("¤{}", has.unwrap_or(0));
    }
    let Some(ledger) = row(world, node).and_then(|row| row.ledger) else {
        return String::new();
    };
    let (free, held, gone) = ledger.sums();
    if node == STOCK {
        format!("{free}+{held}+{gone}")
    } else {
        format!("¤{held}")
    }
}

fn card(world: &World, id: NodeId) -> NodeCard {
    let cell = world.cell(id);
    let timer = cell
        .timers()
        .find(|view| id == ORDERS && view.timer == AGAIN);
    NodeCard {
        id,
        at: place(world, id),
        name: world.spec(id).name.clone(),
        kind: if id < FIRST_CUSTOMER {
            NodeKind::Server
        } else {
            NodeKind::Client
        },
        role: role(world, id),
        status: cell.status(),
        caption: caption(world, id),
        arc: timer.map(|view| Arc {
            from: view.set_at,
            to: view.deadline,
        }),
        chips: row(world, id).map_or_else(Vec::new, |row| panels::chips(&row)),
        writes_pending: cell.writes_pending(),
    }
}

/// What is drawn over time: sagas that are open, and those of them that go backwards; and what is held for them.
pub(super) fn charts() -> Vec<GaugeChart> {
    let chart = |id: &'static str, lines: &[&'static str]| GaugeChart {
        id,
        lines: lines.iter().map(|line| Phrase::new(*line)).collect(),
        parts: 1,
        most: None,
    };
    vec![
        chart("open", &["gauge.open.all", "gauge.open.back"]),
        chart("reserved", &["gauge.reserved.pieces"]),
    ]
}

/// Reads them.
pub(super) fn read(world: &World) -> Readings {
    let cell = world.cell(ORDERS);
    let orders = cell.running::<Orders>();
    let count = |so: &dyn Fn(Phase) -> bool| {
        let open = orders?.sagas().open();
        u32::try_from(open.filter(|(_, saga)| so(saga.phase)).count()).ok()
    };
    let stock = world.cell(STOCK);
    let held = service_at(world, STOCK).filter(|_| stock.status() != Status::Down);
    vec![
        count(&|_| true),
        count(&|phase| matches!(phase, Phase::Backward(_))),
        held.and_then(|(service, _)| u32::try_from(service.ledger().sums().1).ok()),
    ]
}
