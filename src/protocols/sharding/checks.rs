//! What is promised, judged from outside: by who would accept a write, by what clients asked for and
//! were told, and by the values that those who serve a key have for it.

use super::client::{Client, Operation};
use super::keeper::Keeper;
use super::lab::{KEEPER, clients, shards};
use super::message::ShardingMessage;
use super::notes;
use super::shard::Shard;
use super::space::{Key, Space};
use super::table::Epoch;
use crate::engine::{
    Fingerprint, NodeId, Note, Outcome, Renaming, Report, Span, Time, Verb, Word, engine_of, typed,
};
use crate::lab::linear::Watch;
use crate::lab::{CheckSpec, Checker, Mode, Verdicts, linear};
use crate::sim::{FaultKind, FaultSet, Happened, Letter, Status, World};
use std::hash::Hash;

/// A move of many keys with a chunk now and then, and every message sent again once or twice.
const SOON: Span = Span::secs(3);

const ONE_OWNER: usize = 0;
const NONE_LOST: usize = 1;
const NONE_DOUBLED: usize = 2;
const LINEARIZABLE: usize = 3;
const MOVES_END: usize = 4;
const SERVED: usize = 5;
const REDIRECTED: usize = 6;
const SPLIT: usize = 7;
const MOVED: usize = 8;

/// A shard that loses its disk has lost its data, and forgotten what is its own: copies of the data
/// are the business of other labs.
const DISKS_KEPT: FaultSet = FaultSet::all_but(&[FaultKind::DiskLost]);

pub(super) const LOST: &str = "no-acknowledged-write-is-lost";
pub(super) const DOUBLED: &str = "no-write-is-doubled";
pub(super) const OWNER: &str = "one-owner-a-key-at-a-time";
pub(super) const SERVES: &str = "after-calm-every-key-is-served";

const fn spec(id: &'static str, mode: Mode, assumes: FaultSet) -> CheckSpec {
    CheckSpec { id, mode, assumes }
}

pub(super) const CHECKS: &[CheckSpec] = &[
    spec(OWNER, Mode::Always, DISKS_KEPT),
    spec(LOST, Mode::Always, DISKS_KEPT),
    spec(DOUBLED, Mode::Always, DISKS_KEPT),
    spec(linear::CHECK, Mode::Always, DISKS_KEPT),
    spec(
        "after-calm-moves-come-to-an-end",
        Mode::Eventually(SOON),
        DISKS_KEPT,
    ),
    spec(SERVES, Mode::Eventually(SOON), DISKS_KEPT),
    spec("a-client-is-redirected", Mode::Sometimes, FaultSet::ALL),
    spec("a-range-is-split", Mode::Sometimes, FaultSet::ALL),
    spec("a-piece-changes-its-owner", Mode::Sometimes, FaultSet::ALL),
];

/// What clients have to do with one key.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, Default)]
struct Told {
    /// So much they asked to add.
    asked: u64,
    /// So much they know to be added.
    acknowledged: u64,
}

/// An operation that its client waits for.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
struct Open {
    client: NodeId,
    op: u64,
    key: Key,
    /// How much it adds.
    by: u64,
    since: Time,
}

/// Watches one run.
#[derive(Clone, Hash)]
pub(super) struct Watcher {
    /// For each node the places that it accepts writes for, as bits.
    serving: Vec<u64>,
    /// For each key.
    told: Vec<Told>,
    open: Vec<Open>,
    clients: Watch,
    /// When it became calm, and the last epoch that was given out by then.
    calm: Option<(Time, Epoch)>,
}

/// What a shard accepts writes for; nothing while it is down.
fn serving(world: &World, node: NodeId) -> Option<(&Shard, u64)> {
    let cell = world.cell(node);
    let shard = engine_of::<Shard>(cell.node())?;
    let up = cell.status() != Status::Down;
    Some((shard, if up { shard.serving() } else { 0 }))
}

fn space(world: &World) -> Option<&Space> {
    engine_of::<Keeper>(world.cell(KEEPER).node()).map(Keeper::space)
}

impl Watcher {
    pub(super) fn new(world: &World) -> Self {
        let keys = space(world).map_or(0, Space::keys);
        Watcher {
            serving: world.ids().map(|_| 0).collect(),
            told: vec![Told::default(); usize::from(keys)],
            open: Vec::new(),
            clients: Watch::default(),
            calm: None,
        }
    }

    /// Whether a shard accepts writes for other places than before.
    fn look_at(&mut self, node: NodeId, world: &World, verdicts: &mut Verdicts) -> bool {
        let Some((shard, now)) = serving(world, node) else {
            return false;
        };
        let before = std::mem::replace(&mut self.serving[node.index()], now);
        let gained = now & !before;
        if gained == 0 {
            return false;
        }
        for (other, places) in self.serving.iter().enumerate() {
            let both = places & now;
            if other != node.index() && both != 0 {
                let first = both.trailing_zeros() as u8;
                let name = shard.space().name((first, first + 1));
                let args = [NodeId(other as u16).into(), node.into(), name.into()];
                verdicts.violate(ONE_OWNER, Some(Note::new(notes::TWO_OWNERS, args)));
            }
        }
        for key in (0..shard.space().keys()).map(Key) {
            if gained >> shard.space().place(key).0 & 1 == 1 {
                self.judge((node, shard), key, verdicts);
            }
        }
        true
    }

    /// Who serves a key has all that was acknowledged, and no more than was asked for.
    fn judge(&self, (node, shard): (NodeId, &Shard), key: Key, verdicts: &mut Verdicts) {
        let Some(told) = self.told.get(usize::from(key.0)) else {
            return;
        };
        let value = shard.value(key);
        let note = |note, other: u64| {
            let args = [key.word().into(), node.into(), value.into(), other.into()];
            Some(Note::new(note, args))
        };
        if value < told.acknowledged {
            verdicts.violate(NONE_LOST, note(notes::WRITE_LOST, told.acknowledged));
        }
        if value > told.asked {
            verdicts.violate(NONE_DOUBLED, note(notes::WRITE_DOUBLED, told.asked));
        }
    }

    /// The key at all that serve it.
    fn judge_everywhere(&self, key: Key, world: &World, verdicts: &mut Verdicts) {
        for node in shards(world) {
            if let Some((shard, places)) = serving(world, node)
                && places >> shard.space().place(key).0 & 1 == 1
            {
                self.judge((node, shard), key, verdicts);
            }
        }
    }

    fn delivered(&self, letter: &Letter, gained: bool, world: &World, verdicts: &mut Verdicts) {
        let Some(message) = typed::<ShardingMessage>(&*letter.parcel) else {
            return;
        };
        let to = letter.name.to;
        match message {
            ShardingMessage::Request { key, .. } => self.judge_everywhere(*key, world, verdicts),
            ShardingMessage::Moved { .. } | ShardingMessage::Ask { .. } => {
                verdicts.see(REDIRECTED);
            }
            ShardingMessage::SplitOrder { piece, at, .. } => {
                let left = serving(world, to);
                let left = left.and_then(|(shard, _)| shard.book().table.at(piece.lo));
                if left.is_some_and(|left| left.hi == *at) {
                    verdicts.see(SPLIT);
                }
            }
            ShardingMessage::HandOver { .. } if gained => verdicts.see(MOVED),
            ShardingMessage::HandOver { .. }
            | ShardingMessage::Reply { .. }
            | ShardingMessage::TryAgain { .. }
            | ShardingMessage::TableRequest
            | ShardingMessage::TableReply(_)
            | ShardingMessage::MoveOrder { .. }
            | ShardingMessage::Chunk { .. }
            | ShardingMessage::Seal { .. }
            | ShardingMessage::SealReply { .. }
            | ShardingMessage::HandOverReply { .. }
            | ShardingMessage::LoadReport { .. } => {}
        }
    }

    fn reported(&mut self, client: NodeId, world: &World, verdicts: &mut Verdicts) {
        for report in &world.record().reports {
            if let Some(broken) = self.clients.note(client, report) {
                let args = [broken.client.into(), broken.key.into()];
                verdicts.violate(LINEARIZABLE, Some(Note::new(notes::NO_ORDER, args)));
            }
            match report {
                Report::Invoked { op, call } => {
                    let by = match call.verb {
                        Verb::Add => call.value.and_then(Word::as_signed).unwrap_or(0),
                        Verb::Get | Verb::Put | Verb::Cas => 0,
                    };
                    self.begins(client, *op, (call.key, by.unsigned_abs()), world);
                }
                Report::Returned { op, outcome } => {
                    let of = |open: &Open| (open.client, open.op) == (client, *op);
                    let open = self.open.iter().position(of);
                    let open = open.map(|at| self.open.remove(at));
                    if let (Some(open), Outcome::Done(_)) = (open, outcome) {
                        self.told[usize::from(open.key.0)].acknowledged += open.by;
                        self.judge_everywhere(open.key, world, verdicts);
                    }
                }
            }
        }
    }

    fn begins(&mut self, client: NodeId, op: u64, (key, by): (Word, u64), world: &World) {
        let known = space(world).and_then(|space| space.read(&key.to_string()));
        let Some(key) = known else {
            return;
        };
        // A client has one at a time: what it left open when it crashed nobody waits for.
        self.open.retain(|open| open.client != client);
        self.told[usize::from(key.0)].asked += by;
        self.open.push(Open {
            client,
            op,
            key,
            by,
            since: world.now(),
        });
    }

    fn waits(&self, world: &World, until: Time) -> bool {
        self.open.iter().any(|open| {
            let client = engine_of::<Client>(world.cell(open.client).node());
            let asks = |client: &Client| {
                client.pending().is_some() && u64::from(client.sequence()) == open.op
            };
            open.since <= until && client.is_some_and(asks)
        })
    }
}

impl Checker for Watcher {
    fn observe(&mut self, world: &World, verdicts: &mut Verdicts) {
        let record = world.record();
        let mut gained = false;
        for node in record.touched.iter() {
            gained |= self.look_at(*node, world, verdicts);
        }
        if !record.reports.is_empty()
            && let Some(node) = record.what.node()
        {
            self.reported(node, world, verdicts);
        }
        if let Happened::Delivered(letter) = &record.what {
            self.delivered(letter, gained, world, verdicts);
        }
        if self.calm.map(|(at, _)| at) != world.calm_at() {
            let keeper = engine_of::<Keeper>(world.cell(KEEPER).node());
            let last = keeper.map_or(Epoch(0), |keeper| keeper.map().last);
            self.calm = world.calm_at().map(|at| (at, last));
        }
    }

    fn settled(&self, check: usize, world: &World) -> bool {
        let Some((calm, last)) = self.calm else {
            return false;
        };
        match check {
            MOVES_END => {
                let keeper = engine_of::<Keeper>(world.cell(KEEPER).node());
                let plan = keeper.and_then(|keeper| keeper.map().plan);
                let moves = |node: NodeId| {
                    let shard = engine_of::<Shard>(world.cell(node).node());
                    shard.is_some_and(|shard| {
                        let mut leaving = shard.book().leaving.iter();
                        leaving.any(|all| all.transfer.epoch <= last)
                    })
                };
                plan.is_none_or(|plan| plan.epoch > last) && !shards(world).any(moves)
            }
            SERVED => {
                let places = space(world).map_or(0, Space::len);
                let all = self.serving.iter().fold(0, |all, places| all | places);
                all.count_ones() == u32::from(places) && !self.waits(world, calm)
            }
            _ => false,
        }
    }

    fn dup(&self) -> Box<dyn Checker> {
        Box::new(self.clone())
    }

    fn print(&self, _names: &Renaming, print: &mut Fingerprint) {
        self.hash(print);
    }
}

/// Whether every client that runs has its answers.
pub(super) fn answered(world: &World) -> bool {
    clients(world).all(|(_, client)| client.is_none_or(|client| client.pending().is_none()))
}

/// Whether a client waits for a write.
pub(super) fn writes(world: &World) -> bool {
    clients(world).any(|(_, client)| {
        let wish = client.and_then(|client| client.pending().map(|all| all.wish));
        wish.is_some_and(|wish| matches!(wish.operation, Operation::Add(_)))
    })
}
