//! The picture: the keeper in the middle, the nodes round it, each with what the lock is to it.

use super::checks::{KEEPER, lock};
use super::keeper::{Keeper, ONE_PLACE};
use super::lab::StateLock;
use super::message::{Ask, LockMessage};
use super::taker::{State, Taker};
use crate::engine::{AnyMessage, NodeId, Timer, engine_of, typed};
use crate::lab::{Names, Phrase};
use crate::sim::{NodeKind, Status, World};
use crate::view::{
    Arc, BarRow, Bars, NodeCard, Panel, Plugin, Role, Scene, Shape, Table, Tone, circle,
};

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
        vec![nodes_panel(world, names), Panel::Bars(numbers(world))]
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

/// A share as a fraction in its lowest terms.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) struct Share {
    /// Over the line.
    pub(super) of: u64,
    /// Under it.
    pub(super) among: u64,
}

impl Share {
    fn new(of: u64, among: u64) -> Self {
        let (mut a, mut b) = (of.max(1), among.max(1));
        while b > 0 {
            (a, b) = (b, a % b);
        }
        Share {
            of: of / a,
            among: among.max(1) / a,
        }
    }

    /// To the nearest thousandth.
    pub(super) fn thousandths(self) -> i64 {
        ((self.of * 2000 + self.among) / (self.among * 2)) as i64
    }
}

/// What follows from the model: the chance that a free lock is taken in a step, and the share of the
/// steps in which it is locked. README.md derives both.
pub(super) fn model(nodes: u32, (ask, release): (u64, u64)) -> [Share; 2] {
    let all = ask.saturating_pow(nodes);
    let taken = all - (ask - 1).saturating_pow(nodes);
    let locked = release * taken;
    [Share::new(taken, all), Share::new(locked, locked + all)]
}

/// The numbers of the model, of this run and of the article, in thousandths beside each other.
pub(super) fn numbers(world: &World) -> Bars {
    let mut takers = world
        .ids()
        .filter_map(|id| engine_of::<Taker>(world.cell(id).node()));
    let dice = takers.next().map_or((1, 1), Taker::dice);
    let nodes = takers.count() as u32 + 1;
    let keeper = engine_of::<Keeper>(world.cell(KEEPER).node());
    let steps = keeper.map(Keeper::steps).unwrap_or_default();
    let counted = |of: u32, among: u32| (among > 0).then(|| Share::new(of.into(), among.into()));
    let measured = [
        counted(steps.taken, steps.free),
        counted(steps.locked, steps.all),
    ];
    let row = |key: &str, share: Share, tone| BarRow {
        // A long fraction says less than its value, which stands beside it.
        what: Phrase::new(key).with(
            "share",
            match share.among {
                0..1000 => format!("{}/{}", share.of, share.among),
                _ => "\u{2248}".to_owned(),
            },
        ),
        value: share.thousandths(),
        open: 0,
        tone,
    };
    let mut rows = Vec::new();
    let questions = ["taken", "locked"].into_iter().zip(model(nodes, dice));
    for ((id, share), measured) in questions.zip(measured) {
        rows.push(row(&format!("number.{id}"), share, Tone::Good));
        let key = format!("number.{id}-here");
        rows.extend(measured.map(|share| row(&key, share, Tone::Lead)));
    }
    let article = [(2, 3), (1, 3), (1, 9)].map(|(of, among)| Share::new(of, among));
    rows.extend(article.map(|share| row("number.article", share, Tone::Guest)));
    Bars {
        id: "numbers",
        rows,
        caption: Phrase::new("caption.numbers")
            .with("free", steps.free)
            .with("all", steps.all),
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
