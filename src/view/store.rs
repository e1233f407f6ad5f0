//! What labs of a replicated store have in common on the screen: servers round an ellipse, clients in
//! the corners, and what each server has stored.

use super::circle;
use super::panel::{Panel, Table};
use super::scene::{NodeCard, Role, Shape, Tone};
use crate::engine::{NodeId, engine_of};
use crate::lab::store::{Client, Machine, StoreMessage};
use crate::lab::{Names, Phrase};
use crate::sim::{NodeKind, Status, World};

/// Servers sit round an ellipse that leaves room for clients on both sides.
#[must_use]
pub fn seat(i: usize, servers: usize) -> (f64, f64) {
    let (x, y) = circle(i, servers, 0.8);
    (x * 0.8, y)
}

/// Clients stand in the corners right and left of the circle, top first.
fn guest_place(i: usize, clients: usize) -> (f64, f64) {
    let side = if i.is_multiple_of(2) { 1.0 } else { -1.0 };
    let rows = clients.div_ceil(2).max(1) as f64;
    let row = (i / 2) as f64;
    let y = if rows > 1.0 {
        -0.85 + 1.7 * row / (rows - 1.0)
    } else {
        -0.85
    };
    (side, y)
}

/// A client, the `i`-th of so many, with what it waits for.
#[must_use]
pub fn client_card<M: StoreMessage>(
    world: &World,
    id: NodeId,
    i: usize,
    clients: usize,
) -> NodeCard {
    let cell = world.cell(id);
    let pending = engine_of::<Client<M>>(cell.node()).and_then(Client::pending);
    NodeCard {
        id,
        at: guest_place(i, clients),
        name: world.spec(id).name.clone(),
        kind: NodeKind::Client,
        role: Role {
            key: "client",
            tone: Tone::Guest,
            shape: Shape::Box,
        },
        status: cell.status(),
        caption: pending.map_or_else(String::new, |op| format!("{op} …")),
        arc: None,
        chips: Vec::new(),
        writes_pending: 0,
    }
}

/// A server, how much it has applied, and its store.
pub type Store<'a> = (NodeId, usize, &'a Machine);

/// What each server has applied, key by key: the panel `store`.
#[must_use]
pub fn store_panel(world: &World, names: &Names, stores: &[Store<'_>]) -> Panel {
    let mut keys = Vec::new();
    for (.., machine) in stores {
        for (key, _) in machine.values() {
            if let Err(at) = keys.binary_search(key) {
                keys.insert(at, *key);
            }
        }
    }
    let head = |word: String| Phrase::new("panel.store.key").with("key", word);
    let mut columns = vec![
        Phrase::new("panel.store.node"),
        Phrase::new("panel.store.applied"),
    ];
    columns.extend(keys.iter().map(|key| head(key.to_string())));
    let rows = stores.iter().map(|(id, applied, machine)| {
        let id = *id;
        let down = world.cell(id).status() == Status::Down;
        let applied = if down {
            "–".to_owned()
        } else {
            applied.to_string()
        };
        let mut row = vec![names.node(id).to_owned(), applied];
        row.extend(keys.iter().map(|key| {
            let value = machine.get(*key).filter(|_| !down);
            value.map_or_else(|| "–".to_owned(), |value| value.to_string())
        }));
        (if down { Tone::Bad } else { Tone::Neutral }, row)
    });
    Panel::Table(Table {
        id: "store",
        columns,
        rows: rows.collect(),
        caption: Phrase::new("panel.store.caption"),
    })
}
