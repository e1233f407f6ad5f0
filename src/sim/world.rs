//! The world and its one loop.

use super::act::Scratch;
use super::action::{Action, Miss};
use super::cell::{Cell, NodeSpec, Pending, Slot, Status, own};
use super::fault::FaultSet;
use super::net::{Net, Policy};
use super::queue::{Due, Entry};
use super::record::{Counters, Flight, Happened, LossReason, Record};
use super::storm::Storm;
use super::wire::Wire;
use crate::engine::{AnyNode, NodeId, RawInput, RawOutbox, RuleSet, Span, Time, Timer, WriteId};
use std::rc::Rc;

/// What a world is made of.
pub struct Setting {
    /// The seed of every draw.
    pub seed: u64,
    /// The nodes with their engines.
    pub nodes: Vec<(NodeSpec, Box<dyn AnyNode>)>,
    /// What every link does.
    pub net: Policy,
    /// How long a write to disk takes: least and most.
    pub disk: (Span, Span),
    /// The safety rules in force.
    pub rules: RuleSet,
}

/// What does not change during a run.
struct Fixed {
    seed: u64,
    specs: Vec<NodeSpec>,
    policy: Policy,
}

/// One deterministic world. A clone is a snapshot: nodes are shared until they are written to.
///
/// Invariant: the head of the queue is always an event that will happen (see [`World::settle`]),
/// so that looking at what comes next changes nothing.
#[derive(Clone)]
pub struct World {
    fixed: Rc<Fixed>,
    pub(super) cells: Vec<Rc<Cell>>,
    pub(super) wire: Wire,
    pub(super) rules: RuleSet,
    pub(super) storm: Storm,
    pub(super) calm_at: Option<Time>,
    pub(super) faults: FaultSet,
    scratch: Scratch,
}

impl World {
    /// A world at time zero, in which every node is about to come up.
    #[must_use]
    pub fn new(setting: Setting) -> Self {
        let seed = setting.seed;
        let (specs, nodes): (Vec<_>, Vec<_>) = setting.nodes.into_iter().unzip();
        let cells = nodes.into_iter().enumerate();
        let cells = cells
            .map(|(i, node)| Rc::new(Cell::new(seed, NodeId(i as u16), node)))
            .collect();
        let mut world = World {
            fixed: Rc::new(Fixed {
                seed,
                specs,
                policy: setting.net,
            }),
            cells,
            wire: Wire::new(seed, setting.disk, setting.net),
            rules: setting.rules,
            storm: Storm::default(),
            calm_at: None,
            faults: FaultSet::NONE,
            scratch: Scratch::default(),
        };
        for node in world.ids() {
            world.schedule(Span(0), Due::Start(node.0));
        }
        world
    }

    /// Takes the earliest event, moves the clock, applies it. False where nothing is due.
    pub fn step(&mut self) -> bool {
        let Some(Entry { time, due, .. }) = self.wire.queue.pop() else {
            return false;
        };
        self.wire.now = self.wire.now.max(time);
        self.wire.step += 1;
        match due {
            Due::Start(node) => {
                let node = NodeId(node);
                self.begin(0, Happened::Started(node));
                self.run(node, RawInput::Started);
            }
            Due::Arrive(slot) => self.arrive(slot),
            Due::Timer(node, timer) => self.fire(NodeId(node), Timer(timer)),
            Due::Write(node) => self.written(NodeId(node)),
            Due::Strike => match self.strike() {
                Some(action) => self.apply_struck(&action),
                None => self.begin(0, Happened::Nothing),
            },
            Due::Relief(ordinal) => {
                if let Some(action) = self.relief(ordinal) {
                    self.apply_struck(&action);
                }
            }
        }
        self.end();
        true
    }

    /// Does something to the world, now. A miss changes nothing but is a step, too.
    pub fn act(&mut self, action: &Rc<Action>) -> Result<(), Miss> {
        self.wire.step += 1;
        self.begin(0, Happened::Commanded(Rc::clone(action), None));
        let done = self.apply(action);
        if let (Err(miss), Happened::Commanded(_, missed)) = (done, &mut self.wire.record.what) {
            *missed = Some(miss);
        }
        self.end();
        done
    }

    #[cold]
    fn apply_struck(&mut self, action: &Rc<Action>) {
        self.begin(0, Happened::Struck(Rc::clone(action), None));
        let done = self.apply(action);
        if let (Err(miss), Happened::Struck(_, missed)) = (done, &mut self.wire.record.what) {
            *missed = Some(miss);
        }
    }

    /// Moves the clock on between events. Never back, and never past an event that is due.
    pub fn advance_to(&mut self, time: Time) {
        let limit = self.next_time().unwrap_or(time);
        self.wire.now = self.wire.now.max(time.min(limit));
    }

    /// When the next event is due.
    #[must_use]
    pub fn next_time(&self) -> Option<Time> {
        self.wire.queue.peek().map(|entry| entry.time)
    }

    /// Begins the record of a step.
    #[inline]
    fn begin(&mut self, cause: u64, what: Happened) {
        let wire = &mut self.wire;
        wire.record.begin(wire.step, wire.now, cause);
        wire.record.what = what;
    }

    fn end(&mut self) {
        self.wire.record.digest(&mut self.wire.digest);
        self.settle();
    }

    /// Puts something on the queue that comes after all that is due at the same moment.
    pub(super) fn schedule(&mut self, after: Span, due: Due) -> u64 {
        let seq = self.wire.queue.ticket();
        self.wire.queue.push(self.wire.now + after, seq, due);
        seq
    }

    /// Takes away what stands at the head of the queue but will not happen: messages that were
    /// dropped or moved, timers set anew (re-armed lazily: the old entry is put back with the
    /// deadline and the ticket of the new setting), and what a paused node lets wait.
    fn settle(&mut self) {
        while let Some(entry) = self.wire.queue.peek() {
            let real = match entry.due {
                // One that was killed before it came up comes up when it is restarted.
                Due::Start(node) => self.cells[usize::from(node)].status() != Status::Down,
                Due::Arrive(slot) => self.settle_arrival(slot, entry.seq),
                Due::Timer(node, timer) => self.settle_timer(NodeId(node), Timer(timer), entry),
                Due::Write(node) => self.settle_write(NodeId(node), entry.seq),
                Due::Strike => self.storm.plan.is_some() && self.storm.seq == entry.seq,
                Due::Relief(ordinal) => self.storm.owes(ordinal),
            };
            if real {
                return;
            }
            self.take_away();
        }
    }

    #[cold]
    fn take_away(&mut self) {
        if let Some(entry) = self.wire.queue.pop() {
            self.requeue_timer(entry);
        }
    }

    #[cold]
    fn park(&mut self, slot: u32, seq: u64, node: NodeId) {
        let parked = &mut own(&mut self.cells[node.index()]).parked;
        parked.push((slot, seq));
    }

    #[inline]
    fn settle_arrival(&mut self, slot: u32, seq: u64) -> bool {
        let Some(flight) = &self.wire.flights[slot as usize] else {
            return false;
        };
        if flight.held || flight.seq != seq {
            return false;
        }
        let to = flight.letter.name.to;
        let waits = flight.fate.is_none() && self.cells[to.index()].status == Status::Paused;
        if waits {
            self.park(slot, seq, to);
        }
        !waits
    }

    #[inline]
    fn settle_timer(&self, node: NodeId, timer: Timer, entry: Entry) -> bool {
        let cell = &self.cells[node.index()];
        let Some(slot) = cell.timers.get(usize::from(timer.0)) else {
            return false;
        };
        cell.status == Status::Up
            && slot.armed
            && slot.queued == Some((entry.time, entry.seq))
            && (slot.deadline, slot.seq) <= (entry.time, entry.seq)
    }

    /// After a timer's entry was taken off the queue without firing.
    fn requeue_timer(&mut self, entry: Entry) {
        let Due::Timer(node, timer) = entry.due else {
            return;
        };
        let shared = &self.cells[usize::from(node)];
        let slot = shared
            .timers
            .get(usize::from(timer))
            .copied()
            .unwrap_or_default();
        if slot.queued != Some((entry.time, entry.seq)) {
            return;
        }
        let again = slot.armed && shared.status == Status::Up;
        let queued = again.then_some((slot.deadline, slot.seq));
        own(&mut self.cells[usize::from(node)])
            .slot(Timer(timer))
            .queued = queued;
        if let Some((time, seq)) = queued {
            self.wire.queue.push(time, seq, entry.due);
        }
    }

    /// A paused machine's disk stands still, too; its writes are put back when it goes on.
    fn settle_write(&self, node: NodeId, seq: u64) -> bool {
        let cell = &self.cells[node.index()];
        cell.status == Status::Up && cell.writes.front().is_some_and(|w| w.seq == seq)
    }

    fn arrive(&mut self, slot: u32) {
        let Some(flight) = &self.wire.flights[slot as usize] else {
            return;
        };
        let (name, message) = (flight.letter.name, &*flight.letter.parcel);
        let lost = if flight.fate.is_some() {
            flight.fate
        } else if self.wire.net.is_cut(name.from, name.to) {
            Some(LossReason::Cut)
        } else if self.cells[name.to.index()].status == Status::Down {
            Some(LossReason::Down)
        } else {
            None
        };
        if let Some(why) = lost {
            return self.lose(slot, why);
        }
        let nodes = self.cells.len();
        let cell = own(&mut self.cells[name.to.index()]);
        let out = &mut self.scratch.0;
        lend(cell, (&self.wire, self.rules), out);
        // The engine reads the letter where it lies, before the record takes it over.
        cell.node.receive(name.from, message, out);
        self.wire.counters.delivered[usize::from(name.kind)] += 1;
        self.wire.begin_delivered(slot);
        self.wire.carry_out((name.to, cell), nodes, out);
    }

    #[cold]
    fn lose(&mut self, slot: u32, why: LossReason) {
        if let Some(Flight { letter, .. }) = self.wire.take_flight(slot) {
            self.wire.counters.dropped[usize::from(letter.name.kind)] += 1;
            self.begin(letter.sent_step, Happened::Lost(letter, why));
        }
    }

    pub(super) fn fire(&mut self, node: NodeId, timer: Timer) {
        let slot = own(&mut self.cells[node.index()]).slot(timer);
        let cause = slot.set_step;
        *slot = Slot {
            queued: None,
            armed: false,
            ..*slot
        };
        self.begin(cause, Happened::TimerFired(node, timer));
        self.run(node, RawInput::TimerFired(timer));
    }

    fn written(&mut self, node: NodeId) {
        let Some(done) = self.take_write(node) else {
            return;
        };
        self.begin(done.step, Happened::Written(node, done.id));
        self.after_write(node, done.id);
    }

    /// The oldest write reaches the disk.
    #[inline]
    pub(super) fn take_write(&mut self, node: NodeId) -> Option<Pending> {
        let cell = &self.cells[node.index()];
        if cell.writes.is_empty() {
            return None;
        }
        let cell = own(&mut self.cells[node.index()]);
        let done = cell.writes.pop_front()?;
        cell.node.write(&*done.write);
        Some(done)
    }

    /// What waited for the write leaves, and the engine is told.
    #[inline]
    pub(super) fn after_write(&mut self, node: NodeId, done: WriteId) {
        let cell = own(&mut self.cells[node.index()]);
        while let Some(held) = cell.held.pop_front_if(|held| held.after <= done) {
            self.wire.transmit_held((node, cell), held.message);
        }
        self.run(node, RawInput::Written(done));
    }

    /// Runs a node's engine on one input, and carries out the work that it leaves.
    pub(super) fn run(&mut self, node: NodeId, input: RawInput<'_>) {
        let nodes = self.cells.len();
        let cell = own(&mut self.cells[node.index()]);
        let (wire, out) = (&mut self.wire, &mut self.scratch.0);
        lend(cell, (wire, self.rules), out);
        cell.node.handle(input, out);
        wire.carry_out((node, cell), nodes, out);
    }
}

/// Lends a node what it needs to handle an input. What it drew is given back with its work.
#[inline]
fn lend(cell: &mut Cell, (wire, rules): (&Wire, RuleSet), out: &mut RawOutbox) {
    out.now = cell.clock.local(wire.now);
    out.rules = rules;
    out.last_write = cell.last_write;
    out.dice = cell.dice;
    cell.touched = wire.step;
}

/// Looking at a world.
impl World {
    /// The moment.
    #[must_use]
    pub fn now(&self) -> Time {
        self.wire.now
    }

    /// How many steps were taken.
    #[must_use]
    pub fn steps(&self) -> u64 {
        self.wire.step
    }

    /// The seed.
    #[must_use]
    pub fn seed(&self) -> u64 {
        self.fixed.seed
    }

    /// The hash of the trace so far.
    #[must_use]
    pub fn trace_hash(&self) -> u64 {
        self.wire.digest.value()
    }

    /// What happened in the last step.
    #[must_use]
    pub fn record(&self) -> &Record {
        &self.wire.record
    }

    /// All nodes.
    pub fn ids(&self) -> impl Iterator<Item = NodeId> + use<> {
        (0..self.cells.len() as u16).map(NodeId)
    }

    /// What is fixed about a node.
    #[must_use]
    pub fn spec(&self, node: NodeId) -> &NodeSpec {
        &self.fixed.specs[node.index()]
    }

    /// The node with this name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<NodeId> {
        self.ids().find(|id| self.spec(*id).name == name)
    }

    /// One node.
    #[must_use]
    pub fn cell(&self, node: NodeId) -> &Cell {
        &self.cells[node.index()]
    }

    /// What a node's own clock shows.
    #[must_use]
    pub fn local(&self, node: NodeId) -> Time {
        self.cell(node).clock().local(self.now())
    }

    /// The messages under way.
    pub fn flights(&self) -> impl Iterator<Item = &Flight> {
        self.wire.flights.iter().flatten()
    }

    /// The network.
    #[must_use]
    pub fn net(&self) -> &Net {
        &self.wire.net
    }

    /// What every link did at the start, and does again after a calm.
    #[must_use]
    pub fn calm_policy(&self) -> Policy {
        self.fixed.policy
    }

    /// How long a write to disk takes: least and most.
    #[must_use]
    pub fn disk_times(&self) -> (Span, Span) {
        self.wire.disk
    }

    /// The rules in force.
    #[must_use]
    pub fn rules(&self) -> RuleSet {
        self.rules
    }

    /// The storm that rages, if one does.
    #[must_use]
    pub fn storm(&self) -> Option<super::StormPlan> {
        self.storm.plan
    }

    /// When the last calm came, if nothing was broken since.
    #[must_use]
    pub fn calm_at(&self) -> Option<Time> {
        self.calm_at
    }

    /// The kinds of faults that this run has had.
    #[must_use]
    pub fn faults(&self) -> FaultSet {
        self.faults
    }

    /// How many messages were sent, delivered and lost.
    #[must_use]
    pub fn counters(&self) -> &Counters {
        &self.wire.counters
    }
}
