//! The picture: the keeper in the middle, the nodes round it, each with what the lock is to it.

use super::checks::{KEEPER, lock};
use super::keeper::ONE_PLACE;
use super::lab::StateLock;
use super::message::{Ask, LockMessage};
use super::taker::{State, Taker};
use crate::engine::{AnyMessage, NodeId, Timer, engine_of, typed};
use crate::lab::{Names, Phrase};
use crate::sim::{NodeKind, Status, World};
use crate::view::{Arc, NodeCard, Panel, Plugin, Role, Scene, Shape, Table, Tone, circle};

impl Plugin for StateLock {
    fn scene(&self, world: &World) -> Scene {
        let nodes = world.ids().count() - 1;
        let links = (1..=nodes as u16).map(|n| (KEEPER, NodeId(n)));
        Scene {
            nodes: world.ids().map(|id| card(world, id, nodes)).collect(),
            links: links.collect(),
            ..Scene::default()
        }
    }

    fn panels(&self, world: &World, names: &Names) -> Vec<Panel> {
        vec![nodes_panel(world, names)]
    }

    fn message_label(&self, message: &dyn AnyMessage, names: &Names) -> String {
        match typed::<LockMessage>(message) {
            Some(LockMessage::Request(Ask::TakeIfFree)) => "take?".to_owned(),
            Some(LockMessage::Request(Ask::Look)) => "free?".to_owned(),
            Some(LockMessage::Request(Ask::Set)) => "set!".to_owned(),
            Some(LockMessage::Release(number)) => format!("release #{number}"),
            Some(LockMessage::Granted(number)) => format!("#{number}"),
            Some(LockMessage::State(Some(holder))) => format!("{} …", names.node(*holder)),
            Some(LockMessage::State(None)) => "free".to_owned(),
            Some(LockMessage::Released(number)) => format!("ok #{number}"),
            None => String::new(),
        }
    }

    fn message_tone(&self, kind: u8) -> Tone {
        match kind {
            0 => Tone::Try,
            1 | 4 => Tone::Neutral,
            2 => Tone::Good,
            _ => Tone::Guest,
        }
    }
}

fn role(world: &World, taker: Option<&Taker>) -> Role {
    let (key, tone, shape) = match taker.map(Taker::state) {
        None if lock(world).holder.is_some() => ("locked", Tone::Lead, Shape::Eye),
        None => ("free", Tone::Neutral, Shape::Eye),
        Some(State::Unlocked) => ("unlocked", Tone::Neutral, Shape::Plain),
        Some(State::Waiting) => ("waiting", Tone::Try, Shape::Diamond),
        Some(State::Locked { .. }) => ("holder", Tone::Good, Shape::Star),
        Some(State::Releasing(_)) => ("releasing", Tone::Neutral, Shape::Plain),
    };
    Role { key, tone, shape }
}

fn card(world: &World, id: NodeId, nodes: usize) -> NodeCard {
    let cell = world.cell(id);
    let taker = engine_of::<Taker>(cell.node());
    let caption = match taker.map(Taker::state) {
        None => match lock(world).holder {
            Some(holder) => world.spec(holder).name.clone(),
            None => String::new(),
        },
        Some(State::Locked { number, .. } | State::Releasing(number)) => format!("#{number}"),
        Some(State::Unlocked | State::Waiting) => String::new(),
    };
    let poll = cell.timers().find(|view| view.timer == Timer(0));
    NodeCard {
        id,
        at: if id == KEEPER {
            (0.0, 0.0)
        } else {
            circle(id.index() - 1, nodes, 0.82)
        },
        name: world.spec(id).name.clone(),
        kind: NodeKind::Server,
        role: role(world, taker),
        status: cell.status(),
        caption,
        arc: poll.filter(|_| taker.is_some()).map(|view| Arc {
            from: view.set_at,
            to: view.deadline,
        }),
        chips: Vec::new(),
        writes_pending: cell.writes_pending(),
    }
}

/// What each node believes, beside what the keeper says.
fn nodes_panel(world: &World, names: &Names) -> Panel {
    let truth = lock(world);
    let one_place = world.rules().on(ONE_PLACE);
    let rows = world.ids().filter_map(|id| {
        let cell = world.cell(id);
        let taker = engine_of::<Taker>(cell.node())?;
        let down = cell.status() == Status::Down;
        let sign = |yes: bool| if yes { "✓" } else { "–" }.to_owned();
        let holds = taker.holds() && !down;
        let row = vec![
            names.node(id).to_owned(),
            sign(holds),
            sign(taker.state() == State::Waiting && !down),
            sign(truth.holder == Some(id)),
            sign(taker.own().holder.is_some() && !down),
        ];
        let tone = match (down, holds, truth.holder == Some(id) || !one_place) {
            (true, ..) | (false, true, false) => Tone::Bad,
            (false, true, true) => Tone::Good,
            (false, false, _) => Tone::Neutral,
        };
        Some((tone, row))
    });
    let columns = ["node", "holds", "waits", "keeper", "own"];
    Panel::Table(Table {
        id: "nodes",
        columns: columns
            .map(|column| Phrase::new(format!("column.{column}")))
            .to_vec(),
        rows: rows.collect(),
        caption: Phrase::new(if one_place {
            "caption.one"
        } else {
            "caption.own"
        }),
    })
}
