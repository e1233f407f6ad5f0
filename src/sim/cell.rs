//! One node of the world: the engine in its shell of timers, writes, clock and links.

use super::dice;
use super::net::LinkOut;
use crate::engine::{AnyNode, Dice, Engine, NodeId, Parcel, Span, Time, Timer, WriteId, engine_of};
use std::any::Any;
use std::collections::VecDeque;
use std::rc::Rc;

/// What a node is in its lab: the storm strikes servers, and a screen sets clients apart.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum NodeKind {
    /// Takes part in the protocol.
    Server,
    /// Uses it.
    Client,
}

/// What is fixed about a node.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NodeSpec {
    /// Its name on the screen and in stories: `n1`, `c1`.
    pub name: String,
    /// What it is.
    pub kind: NodeKind,
}

/// Whether a node takes part.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Status {
    /// It runs.
    Up,
    /// It does nothing; what comes in waits.
    Paused,
    /// It crashed.
    Down,
}

/// A node's own clock, against the world's.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Clock {
    /// How far it is ahead (or behind), in microseconds.
    pub skew_us: i64,
    /// How much too fast (or slow) it runs, in millionths.
    pub drift_ppm: i32,
    /// When the drift began, in world time.
    pub since: Time,
}

impl Clock {
    /// What the clock shows at a moment of world time; never below zero.
    #[inline]
    #[must_use]
    pub fn local(self, now: Time) -> Time {
        if self.skew_us == 0 && self.drift_ppm == 0 {
            return now;
        }
        let elapsed = i128::from((now - self.since).0);
        let drifted = elapsed * i128::from(self.drift_ppm) / 1_000_000;
        let local = i128::from(now.0) + i128::from(self.skew_us) + drifted;
        Time(u64::try_from(local.max(0)).unwrap_or(u64::MAX))
    }

    /// How much world time passes while the clock counts `span`, to its end: less, and an engine that
    /// is woken would find that its time has not come, and wait for no time again and again.
    #[must_use]
    pub fn world_span(self, span: Span) -> Span {
        if self.drift_ppm == 0 {
            return span;
        }
        let rate = u128::try_from(1_000_000 + i64::from(self.drift_ppm))
            .unwrap_or(1)
            .max(1);
        Span(u64::try_from((u128::from(span.0) * 1_000_000).div_ceil(rate)).unwrap_or(u64::MAX))
    }

    /// How far the clock is ahead at a moment of world time, in microseconds.
    #[must_use]
    pub fn ahead_us(self, now: Time) -> i64 {
        self.local(now).0.cast_signed() - now.0.cast_signed()
    }

    /// Changes skew or drift now, without a jump by the drift so far.
    pub(super) fn change(&mut self, now: Time, skew_us: i64, drift_ppm: i32) {
        *self = Clock {
            skew_us,
            drift_ppm,
            since: now,
        };
    }
}

/// A timer's setting. The queue may hold an older entry for it; see `World::settle`.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Slot {
    pub(super) armed: bool,
    pub(super) set_at: Time,
    pub(super) deadline: Time,
    pub(super) seq: u64,
    pub(super) set_step: u64,
    pub(super) queued: Option<(Time, u64)>,
}

/// A timer as a screen shows it.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct TimerView {
    /// Which.
    pub timer: Timer,
    /// When it was set.
    pub set_at: Time,
    /// When it runs out.
    pub deadline: Time,
}

/// A write on its way to the disk.
#[derive(Clone)]
pub(super) struct Pending {
    pub(super) id: WriteId,
    pub(super) done_at: Time,
    pub(super) seq: u64,
    pub(super) step: u64,
    pub(super) write: Rc<dyn Any>,
}

/// A message that is to leave.
#[derive(Clone)]
pub(super) struct Outgoing {
    pub(super) to: NodeId,
    /// Known to who made it; asking the parcel takes a call.
    pub(super) kind: u8,
    pub(super) parcel: Parcel,
    /// The step in which it was decided to send it.
    pub(super) step: u64,
}

/// A message that waits for a write.
#[derive(Clone)]
pub(super) struct Held {
    pub(super) after: WriteId,
    pub(super) message: Outgoing,
}

/// One node. Shared between snapshots, and cloned when written to.
pub struct Cell {
    pub(super) node: Box<dyn AnyNode>,
    pub(super) status: Status,
    pub(super) clock: Clock,
    pub(super) timers: Vec<Slot>,
    pub(super) writes: VecDeque<Pending>,
    pub(super) held: VecDeque<Held>,
    /// The messages that wait while it is paused: their places among the flights, and the
    /// tickets with which they came. One that was moved by hand since has another ticket.
    pub(super) parked: Vec<(u32, u64)>,
    pub(super) last_write: WriteId,
    pub(super) disk_slowdown: Span,
    pub(super) dice: Dice,
    pub(super) links: Vec<LinkOut>,
    pub(super) touched: u64,
}

impl Clone for Cell {
    fn clone(&self) -> Self {
        Cell {
            node: self.node.dup(),
            status: self.status,
            clock: self.clock,
            timers: self.timers.clone(),
            writes: self.writes.clone(),
            held: self.held.clone(),
            parked: self.parked.clone(),
            last_write: self.last_write,
            disk_slowdown: self.disk_slowdown,
            dice: self.dice,
            links: self.links.clone(),
            touched: self.touched,
        }
    }
}

/// A snapshot holds the cell, too: from now on there are two.
#[cold]
fn part(cell: &mut Rc<Cell>) {
    *cell = Rc::new(Cell::clone(cell));
}

#[cold]
#[inline(never)]
fn lengthen<T: Clone + Default>(list: &mut Vec<T>, len: usize) {
    list.resize(len, T::default());
}

/// A cell to write to. As `Rc::make_mut`, but in the common case without a call.
#[inline]
pub(super) fn own(cell: &mut Rc<Cell>) -> &mut Cell {
    if Rc::get_mut(cell).is_none() {
        part(cell);
    }
    match Rc::get_mut(cell) {
        Some(cell) => cell,
        None => unreachable!("nobody else holds it, and cells have no weak references"),
    }
}

impl Cell {
    /// The most kinds of messages that a lab can have.
    pub const MAX_KINDS: usize = 16;

    pub(super) fn new(seed: u64, id: NodeId, node: Box<dyn AnyNode>) -> Self {
        Cell {
            node,
            status: Status::Up,
            clock: Clock::default(),
            timers: Vec::new(),
            writes: VecDeque::new(),
            held: VecDeque::new(),
            parked: Vec::new(),
            last_write: WriteId(0),
            disk_slowdown: Span(0),
            dice: Dice {
                key: dice::node_key(seed, id),
                ordinals: Default::default(),
            },
            links: Vec::new(),
            touched: 0,
        }
    }

    /// The engine and its disk.
    #[must_use]
    pub fn node(&self) -> &dyn AnyNode {
        &*self.node
    }

    /// The engine, if it is of this type, where it runs or is paused; not where it is down, and has lost what it knew.
    #[must_use]
    pub fn running<E: Engine>(&self) -> Option<&E> {
        if self.status == Status::Down {
            return None;
        }
        engine_of(self.node())
    }

    /// Whether it takes part.
    #[must_use]
    pub fn status(&self) -> Status {
        self.status
    }

    /// Its clock against the world's.
    #[must_use]
    pub fn clock(&self) -> Clock {
        self.clock
    }

    /// The step that last changed it.
    #[must_use]
    pub fn touched(&self) -> u64 {
        self.touched
    }

    /// The timers that are set.
    pub fn timers(&self) -> impl Iterator<Item = TimerView> {
        self.timers
            .iter()
            .enumerate()
            .filter(|(_, slot)| slot.armed)
            .map(|(i, slot)| TimerView {
                timer: Timer(i as u16),
                set_at: slot.set_at,
                deadline: slot.deadline,
            })
    }

    /// How many writes are on their way to the disk.
    #[must_use]
    pub fn writes_pending(&self) -> usize {
        self.writes.len()
    }

    /// How much longer than usual its writes take.
    #[must_use]
    pub fn disk_slowdown(&self) -> Span {
        self.disk_slowdown
    }

    /// How many inputs wait for a paused node.
    #[must_use]
    pub fn parked(&self) -> usize {
        self.parked.len()
    }

    #[inline]
    pub(super) fn slot(&mut self, timer: Timer) -> &mut Slot {
        let at = usize::from(timer.0);
        if self.timers.len() <= at {
            lengthen(&mut self.timers, at + 1);
        }
        &mut self.timers[at]
    }

    #[inline]
    pub(super) fn link(&mut self, to: NodeId) -> &mut LinkOut {
        if self.links.len() <= to.index() {
            lengthen(&mut self.links, to.index() + 1);
        }
        &mut self.links[to.index()]
    }

    /// Loses all that is not on disk.
    pub(super) fn crash(&mut self) {
        self.status = Status::Down;
        self.timers.clear();
        self.writes.clear();
        self.held.clear();
        self.parked.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fast_clock_is_ahead_and_its_timers_are_short() {
        let clock = Clock {
            skew_us: 500,
            drift_ppm: 100_000,
            since: Time(1000),
        };
        assert_eq!(clock.local(Time(2000)), Time(2600));
        assert_eq!(clock.world_span(Span(1100)), Span(1000));
        for drift_ppm in [-200_000, -75_331, -1, 1, 75_331, 200_000] {
            let clock = Clock { drift_ppm, ..clock };
            for (at, span) in (1000..1400).zip(1..) {
                let then = Time(at) + clock.world_span(Span(span));
                let counted = clock.local(then) - clock.local(Time(at));
                assert!(counted >= Span(span), "{drift_ppm} {at} {span}");
            }
        }
        let behind = Clock {
            skew_us: -5000,
            ..Clock::default()
        };
        assert_eq!(behind.local(Time(2000)), Time(0));
    }
}
