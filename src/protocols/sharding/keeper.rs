//! The keeper of the map: it hears from the shards what they own and how much is asked of them,
//! tells the map to whoever wants it, and has ranges split and pieces moved, one at a time. It
//! decides where a piece goes; whose it is, the shards decide between them.

use super::balance::{self, Advice, POINTS};
use super::message::ShardingMessage;
use super::notes;
use super::space::{Layout, Space};
use super::table::{Epoch, Piece, Table, pieces_fact};
use crate::engine::{Engine, Facts, Input, NodeId, Out, Span, Timer};
use std::rc::Rc;

/// When it next looks at the load, or sends an order again.
const LOOK: Timer = Timer(0);
/// After a change the load is counted anew before it is judged: so many looks.
const REST: u32 = 2;

/// What is fixed for a run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeeperConfig {
    /// What is divided.
    pub space: Rc<Space>,
    /// Whether it balances the load by itself.
    pub balance: bool,
    /// How often it looks.
    pub look: Span,
}

/// A change that it has ordered.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Plan {
    /// The piece as it was then.
    pub piece: Piece,
    /// The first epoch of what comes of it.
    pub epoch: Epoch,
    /// What is to become of it.
    pub aim: Aim,
}

/// What is to become of a piece.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Aim {
    /// It goes there.
    Move(NodeId),
    /// It is split before this place.
    Split(u8),
}

/// What is on its disk.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Map {
    /// Who owns what, as far as it has heard.
    pub table: Table,
    /// The last epoch that it gave out.
    pub last: Epoch,
    /// The change that is under way.
    pub plan: Option<Plan>,
}

/// What a person asks of it.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Order {
    /// The piece with this place goes there.
    Move(u8, NodeId),
    /// The range with this place is split before it.
    Split(u8),
}

/// The keeper.
#[derive(Clone)]
pub struct Keeper {
    config: Rc<KeeperConfig>,
    map: Map,
    /// The requests that were counted, in points, by places.
    heat: Vec<u32>,
    rest: u32,
}

/// What is fixed does not count.
impl std::hash::Hash for Keeper {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.map.hash(state);
        self.heat.hash(state);
        self.rest.hash(state);
    }
}

impl Keeper {
    /// What it has in memory.
    #[must_use]
    pub fn map(&self) -> &Map {
        &self.map
    }

    /// The requests that it has heard of, in points, by places.
    #[must_use]
    pub fn heat(&self) -> &[u32] {
        &self.heat
    }

    /// What is divided.
    #[must_use]
    pub fn space(&self) -> &Space {
        &self.config.space
    }

    fn name(&self, piece: &Piece) -> crate::engine::Word {
        self.config.space.name(piece.ends())
    }

    /// The requests that a piece had of late.
    fn requests(&self, piece: &Piece) -> u64 {
        balance::load(&self.heat, piece.ends()) / u64::from(POINTS)
    }

    fn table_reply(&self) -> ShardingMessage {
        ShardingMessage::TableReply(self.map.table.pieces().collect())
    }

    /// A shard tells what it owns.
    fn reported(
        &mut self,
        from: NodeId,
        (pieces, heat): (&[Piece], &[(u8, u32)]),
        out: &mut Out<'_, Self>,
    ) {
        let mut newer = false;
        for piece in pieces.iter().filter(|piece| piece.owner == from) {
            if self.map.table.learn(piece) {
                newer = true;
                let args = [
                    self.name(piece).into(),
                    from.into(),
                    u64::from(piece.epoch.0).into(),
                ];
                out.note(notes::ENTERED, args);
            }
        }
        for place in (0..).take(self.heat.len()) {
            if self.map.table.owner(place) == Some(from) {
                let count = heat.iter().find(|(other, _)| *other == place);
                self.heat[usize::from(place)] = count.map_or(0, |(_, count)| *count);
            }
        }
        if newer {
            self.finish(out);
            out.persist(self.map.clone());
            self.tell_all(out);
        }
    }

    /// All shards hear how the map is.
    fn tell_all(&self, out: &mut Out<'_, Self>) {
        for shard in &self.config.space.shards {
            out.send_when_durable(*shard, self.table_reply());
        }
    }

    /// Whether what was ordered has come about.
    fn finish(&mut self, out: &mut Out<'_, Self>) {
        let Some(plan) = &self.map.plan else {
            return;
        };
        // Epochs of the piece change by this plan alone, as there is one at a time.
        if self.map.table.newest(plan.piece.ends()) >= plan.epoch {
            let name = self.name(&plan.piece);
            out.note(notes::CAME_ABOUT, [name.into()]);
            self.map.plan = None;
            self.rest = REST;
        }
    }

    fn look(&mut self, out: &mut Out<'_, Self>) {
        out.set_timer(LOOK, self.config.look);
        // What was told before may have been lost.
        self.tell_all(out);
        if let Some(plan) = self.map.plan {
            out.note(notes::ORDERS_AGAIN, [self.name(&plan.piece).into()]);
            self.order(&plan, out);
            return;
        }
        if !self.config.balance {
            return;
        }
        if self.rest > 0 {
            self.rest -= 1;
            return;
        }
        let space = &self.config.space;
        match balance::advise(space, &self.map.table, &self.heat) {
            Advice::Even => {}
            Advice::Stuck(piece) => {
                let load = self.requests(&piece);
                let args = [self.name(&piece).into(), piece.owner.into(), load.into()];
                out.note(notes::CANNOT_BE_DIVIDED, args);
                self.rest = REST;
            }
            Advice::Split { piece, at } => {
                let load = self.requests(&piece);
                let args = [self.name(&piece).into(), piece.owner.into(), load.into()];
                out.note(notes::FOUND_HOT, args);
                self.plan(piece, Aim::Split(at), out);
            }
            Advice::Move { piece, to } => {
                let load = self.requests(&piece);
                let args = [self.name(&piece).into(), piece.owner.into(), load.into()];
                out.note(notes::TOO_MUCH, args);
                self.plan(piece, Aim::Move(to), out);
            }
        }
    }

    /// A change is on the disk before it is ordered, and so is the last epoch: none is given twice.
    fn plan(&mut self, piece: Piece, aim: Aim, out: &mut Out<'_, Self>) {
        let epoch = Epoch(self.map.last.0 + 1);
        self.map.last = match aim {
            Aim::Move(_) => epoch,
            Aim::Split(_) => Epoch(epoch.0 + 1),
        };
        let plan = Plan { piece, epoch, aim };
        self.map.plan = Some(plan);
        out.persist(self.map.clone());
        let name = self.name(&piece);
        match aim {
            Aim::Move(to) => {
                let args = [name.into(), piece.owner.into(), to.into()];
                out.note(notes::ORDERS_MOVE, args);
            }
            Aim::Split(at) => {
                let right = self.config.space.name((at, piece.hi));
                let args = [name.into(), piece.owner.into(), right.into()];
                out.note(notes::ORDERS_SPLIT, args);
            }
        }
        self.order(&plan, out);
    }

    fn order(&self, plan: &Plan, out: &mut Out<'_, Self>) {
        let Plan { piece, epoch, aim } = *plan;
        let order = match aim {
            Aim::Move(to) => ShardingMessage::MoveOrder { piece, to, epoch },
            Aim::Split(at) => ShardingMessage::SplitOrder { piece, at, epoch },
        };
        out.send_when_durable(piece.owner, order);
    }

    /// A person wants a change.
    fn asked(&mut self, order: Order, out: &mut Out<'_, Self>) {
        if let Some(plan) = &self.map.plan {
            out.note(notes::BUSY, [self.name(&plan.piece).into()]);
            return;
        }
        let place = match order {
            Order::Move(place, _) | Order::Split(place) => place,
        };
        let Some(piece) = self.map.table.at(place) else {
            return;
        };
        let ranges = self.config.space.layout == Layout::Ranges;
        match order {
            Order::Move(_, to) if to != piece.owner => self.plan(piece, Aim::Move(to), out),
            Order::Split(at) if ranges && at > piece.lo => self.plan(piece, Aim::Split(at), out),
            Order::Move(..) | Order::Split(_) => {
                out.note(notes::NOTHING_TO_DO, [self.name(&piece).into()]);
            }
        }
    }
}

impl Engine for Keeper {
    type Message = ShardingMessage;
    type Disk = Map;
    type Write = Map;
    type Request = Order;
    type Config = KeeperConfig;

    const TIMERS: &'static [&'static str] = &["look"];

    fn boot(_: NodeId, config: &Rc<KeeperConfig>, disk: &Map) -> Self {
        let mut map = disk.clone();
        if map.table.is_empty() {
            map.table = config.space.first();
            map.last = map.table.newest((0, config.space.len()));
        }
        Keeper {
            config: Rc::clone(config),
            map,
            heat: vec![0; usize::from(config.space.len())],
            rest: REST,
        }
    }

    fn write(disk: &mut Map, write: &Map) {
        disk.clone_from(write);
    }

    fn handle(&mut self, input: Input<'_, Self>, out: &mut Out<'_, Self>) {
        match input {
            Input::Started | Input::TimerFired(_) => self.look(out),
            Input::Asked(order) => self.asked(*order, out),
            Input::Received { from, message } => match message {
                ShardingMessage::TableRequest => out.send_when_durable(from, self.table_reply()),
                ShardingMessage::LoadReport { pieces, heat } => {
                    self.reported(from, (pieces, heat), out);
                }
                // These go to shards or to clients.
                ShardingMessage::Request { .. }
                | ShardingMessage::Reply { .. }
                | ShardingMessage::Moved { .. }
                | ShardingMessage::Ask { .. }
                | ShardingMessage::TryAgain { .. }
                | ShardingMessage::TableReply(_)
                | ShardingMessage::MoveOrder { .. }
                | ShardingMessage::SplitOrder { .. }
                | ShardingMessage::Chunk { .. }
                | ShardingMessage::Seal { .. }
                | ShardingMessage::SealReply { .. }
                | ShardingMessage::HandOver { .. }
                | ShardingMessage::HandOverReply { .. } => {}
            },
            // Orders that wait for the disk leave by themselves.
            Input::Written(_) => {}
        }
    }

    fn facts(&self, facts: &mut Facts) {
        self.map.say(facts);
        let heat: u64 = self.heat.iter().map(|count| u64::from(*count)).sum();
        facts.say("heat", heat);
    }

    fn role(&self) -> &'static str {
        if self.map.plan.is_some() {
            "ordering"
        } else {
            "keeper"
        }
    }

    fn disk_facts(disk: &Map, facts: &mut Facts) {
        disk.say(facts);
    }
}

impl Map {
    fn say(&self, facts: &mut Facts) {
        facts.say("pieces", pieces_fact(self.table.pieces()));
        facts.say("last-epoch", self.last.0);
        facts.say("plan", self.plan.map(|plan| u64::from(plan.epoch.0)));
    }
}
