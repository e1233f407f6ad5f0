//! The world and its one loop.

use super::act::Scratch;
use super::action::{Action, Miss};
use super::cell::{Cell, Held, NodeSpec, Pending, Slot, Status};
use super::dice::{Purpose, dice};
use super::fault::FaultSet;
use super::net::{Net, Policy};
use super::queue::{Due, Entry, Queue};
use super::record::{Counters, Flight, Happened, Letter, LossReason, MessageName, Record, Sent};
use super::storm::Storm;
use crate::engine::{
    AnyNode, Digest, Effect, NodeId, Parcel, RawInput, RuleSet, Span, Time, Timer, WriteId,
};
use rand::RngExt;
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
    disk: (Span, Span),
    policy: Policy,
}

/// One deterministic world. A clone is a snapshot: nodes are shared until they are written to.
///
/// Invariant: the head of the queue is always an event that will happen (see [`World::settle`]),
/// so that looking at what comes next changes nothing.
#[derive(Clone)]
pub struct World {
    fixed: Rc<Fixed>,
    pub(super) now: Time,
    step: u64,
    pub(super) cells: Vec<Rc<Cell>>,
    pub(super) queue: Queue,
    pub(super) flights: Vec<Option<Flight>>,
    free: Vec<u32>,
    pub(super) net: Rc<Net>,
    pub(super) rules: RuleSet,
    pub(super) storm: Storm,
    pub(super) calm_at: Option<Time>,
    pub(super) faults: FaultSet,
    counters: Counters,
    digest: Digest,
    pub(super) record: Record,
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
                disk: setting.disk,
                policy: setting.net,
            }),
            now: Time(0),
            step: 0,
            cells,
            queue: Queue::default(),
            flights: Vec::new(),
            free: Vec::new(),
            net: Rc::new(Net::new(setting.net)),
            rules: setting.rules,
            storm: Storm::default(),
            calm_at: None,
            faults: FaultSet::NONE,
            counters: Counters::default(),
            digest: Digest::default(),
            record: Record::default(),
            scratch: Scratch::default(),
        };
        for node in world.ids() {
            world.schedule(Span(0), Due::Start(node.0));
        }
        world
    }

    /// Takes the earliest event, moves the clock, applies it. False where nothing is due.
    pub fn step(&mut self) -> bool {
        let Some(Entry { time, due, .. }) = self.queue.pop() else {
            return false;
        };
        self.now = self.now.max(time);
        self.step += 1;
        match due {
            Due::Start(node) => {
                let node = NodeId(node);
                self.begin(0, Happened::Started(node));
                self.run(node, RawInput::Started);
            }
            Due::Arrive(slot) => self.arrive(slot),
            Due::Timer(node, timer) => self.fire(NodeId(node), Timer(timer)),
            Due::Write(node) => self.written(NodeId(node)),
            Due::Strike => {
                if let Some(action) = self.strike() {
                    self.apply_struck(action);
                } else {
                    self.begin(0, Happened::Nothing);
                }
            }
            Due::Relief(ordinal) => {
                if let Some(action) = self.relief(ordinal) {
                    self.apply_struck(action);
                }
            }
        }
        self.end();
        true
    }

    /// Does something to the world, now. A miss changes nothing but is a step, too.
    pub fn act(&mut self, action: &Rc<Action>) -> Result<(), Miss> {
        self.step += 1;
        self.begin(0, Happened::Commanded(Rc::clone(action), None));
        let done = self.apply(action);
        if let (Err(miss), Happened::Commanded(_, missed)) = (done, &mut self.record.what) {
            *missed = Some(miss);
        }
        self.end();
        done
    }

    fn apply_struck(&mut self, action: Rc<Action>) {
        self.begin(0, Happened::Struck(Rc::clone(&action), None));
        let done = self.apply(&action);
        if let (Err(miss), Happened::Struck(_, missed)) = (done, &mut self.record.what) {
            *missed = Some(miss);
        }
    }

    /// Moves the clock on between events. Never back, and never past an event that is due.
    pub fn advance_to(&mut self, time: Time) {
        let limit = self.next_time().unwrap_or(time);
        self.now = self.now.max(time.min(limit));
    }

    /// When the next event is due.
    #[must_use]
    pub fn next_time(&self) -> Option<Time> {
        self.queue.peek().map(|entry| entry.time)
    }

    pub(super) fn begin(&mut self, cause: u64, what: Happened) {
        self.record.begin(self.step, self.now, cause, what);
    }

    fn end(&mut self) {
        self.record.digest(&mut self.digest);
        self.settle();
    }

    /// Puts something on the queue that comes after all that is due at the same moment.
    pub(super) fn schedule(&mut self, after: Span, due: Due) -> u64 {
        let seq = self.queue.ticket();
        self.queue.push(self.now + after, seq, due);
        seq
    }

    /// Takes away what stands at the head of the queue but will not happen: messages that were
    /// dropped or moved, timers set anew (re-armed lazily: the old entry is put back with the
    /// deadline and the ticket of the new setting), and what a paused node lets wait.
    fn settle(&mut self) {
        while let Some(entry) = self.queue.peek() {
            let real = match entry.due {
                Due::Start(_) => true,
                Due::Arrive(slot) => self.settle_arrival(slot, entry),
                Due::Timer(node, timer) => self.settle_timer(NodeId(node), Timer(timer), entry),
                Due::Write(node) => self.settle_write(NodeId(node), entry),
                Due::Strike => self.storm.plan.is_some() && self.storm.seq == entry.seq,
                Due::Relief(ordinal) => self.storm.owes(ordinal),
            };
            if real {
                return;
            }
            self.queue.pop();
            self.requeue_timer(entry);
        }
    }

    fn settle_arrival(&mut self, slot: u32, entry: Entry) -> bool {
        let Some(flight) = &self.flights[slot as usize] else {
            return false;
        };
        if flight.held || flight.seq != entry.seq {
            return false;
        }
        let to = flight.letter.name.to;
        let waits = flight.fate.is_none() && self.cells[to.index()].status == Status::Paused;
        if waits {
            let parked = &mut Rc::make_mut(&mut self.cells[to.index()]).parked;
            parked.push((slot, entry.seq));
        }
        !waits
    }

    fn settle_timer(&self, node: NodeId, timer: Timer, entry: Entry) -> bool {
        let cell = &self.cells[node.index()];
        let slot = cell
            .timers
            .get(usize::from(timer.0))
            .copied()
            .unwrap_or_default();
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
        Rc::make_mut(&mut self.cells[usize::from(node)])
            .slot(Timer(timer))
            .queued = queued;
        if let Some((time, seq)) = queued {
            self.queue.push(time, seq, entry.due);
        }
    }

    /// A paused machine's disk stands still, too; its writes are put back when it goes on.
    fn settle_write(&self, node: NodeId, entry: Entry) -> bool {
        let cell = &self.cells[node.index()];
        cell.status == Status::Up && cell.writes.front().is_some_and(|w| w.seq == entry.seq)
    }

    fn arrive(&mut self, slot: u32) {
        let Some(flight) = self.take_flight(slot) else {
            return;
        };
        let (name, cause) = (flight.letter.name, flight.letter.sent_step);
        let lost = if flight.fate.is_some() {
            flight.fate
        } else if self.net.is_cut(name.from, name.to) {
            Some(LossReason::Cut)
        } else if self.cells[name.to.index()].status == Status::Down {
            Some(LossReason::Down)
        } else {
            None
        };
        if let Some(why) = lost {
            self.counters.dropped[usize::from(name.kind)] += 1;
            self.begin(cause, Happened::Lost(flight.letter, why));
            return;
        }
        self.counters.delivered[usize::from(name.kind)] += 1;
        let parcel = Rc::clone(&flight.letter.parcel);
        self.begin(cause, Happened::Delivered(flight.letter));
        self.run(
            name.to,
            RawInput::Received {
                from: name.from,
                message: &*parcel,
            },
        );
    }

    pub(super) fn fire(&mut self, node: NodeId, timer: Timer) {
        let slot = Rc::make_mut(&mut self.cells[node.index()]).slot(timer);
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
        let cell = Rc::make_mut(&mut self.cells[node.index()]);
        let Some(done) = cell.writes.pop_front() else {
            return;
        };
        cell.node.write(&*done.write);
        let ready = cell
            .held
            .iter()
            .take_while(|held| held.after <= done.id)
            .count();
        let held: Vec<Held> = cell.held.drain(..ready).collect();
        self.begin(done.step, Happened::Written(node, done.id));
        for Held {
            to, parcel, step, ..
        } in held
        {
            self.transmit(node, to, parcel, step);
        }
        self.run(node, RawInput::Written(done.id));
    }

    /// Runs a node's engine on one input, and carries out the work that it leaves.
    pub(super) fn run(&mut self, node: NodeId, input: RawInput<'_>) {
        let cell = Rc::make_mut(&mut self.cells[node.index()]);
        let out = &mut self.scratch.0;
        out.now = cell.clock.local(self.now);
        out.rules = self.rules;
        out.last_write = cell.last_write;
        out.dice = cell.dice;
        cell.touched = self.step;
        let mut next_write = cell.last_write;
        cell.node.handle(input, out);
        cell.last_write = out.last_write;
        cell.dice = out.dice;
        self.record.touched.push(node);
        self.record.notes.append(&mut out.notes);
        self.record.reports.append(&mut out.reports);
        let mut effects = std::mem::take(&mut out.effects);
        for effect in effects.drain(..) {
            match effect {
                Effect::Send {
                    to,
                    parcel,
                    durable,
                } => {
                    self.post(node, to, parcel, durable, next_write);
                }
                Effect::SetTimer { timer, after } => self.set_timer(node, timer, after),
                Effect::StopTimer { timer } => {
                    Rc::make_mut(&mut self.cells[node.index()])
                        .slot(timer)
                        .armed = false;
                }
                Effect::Persist { write } => {
                    next_write = WriteId(next_write.0 + 1);
                    self.persist(node, next_write, write);
                }
            }
        }
        self.scratch.0.effects = effects;
    }

    fn post(&mut self, from: NodeId, to: NodeId, parcel: Parcel, durable: bool, after: WriteId) {
        if to.index() >= self.cells.len() {
            return;
        }
        let step = self.step;
        if durable && !self.cells[from.index()].writes.is_empty() {
            let cell = Rc::make_mut(&mut self.cells[from.index()]);
            cell.held.push(Held {
                after,
                to,
                parcel,
                step,
            });
        } else {
            self.transmit(from, to, parcel, step);
        }
    }

    fn set_timer(&mut self, node: NodeId, timer: Timer, after: Span) {
        let (now, step, seq) = (self.now, self.step, self.queue.ticket());
        let cell = Rc::make_mut(&mut self.cells[node.index()]);
        let deadline = now + cell.clock.world_span(after);
        let slot = cell.slot(timer);
        let queued = slot.queued.filter(|(time, _)| *time <= deadline);
        *slot = Slot {
            armed: true,
            set_at: now,
            deadline,
            seq,
            set_step: step,
            queued: queued.or(Some((deadline, seq))),
        };
        if queued.is_none() {
            self.queue.push(deadline, seq, Due::Timer(node.0, timer.0));
        }
    }

    fn persist(&mut self, node: NodeId, id: WriteId, write: Rc<dyn std::any::Any>) {
        let (least, most) = self.fixed.disk;
        let mut dice = dice(
            self.fixed.seed,
            u64::from(node.0),
            Purpose::Disk,
            u64::from(id.0),
        );
        let takes = dice.random_range(least.0..=most.0.max(least.0));
        let (now, step, seq) = (self.now, self.step, self.queue.ticket());
        let cell = Rc::make_mut(&mut self.cells[node.index()]);
        let ready = now + Span(takes + cell.disk_slowdown.0);
        // A disk keeps the order: a write is never done before the ones that were asked before.
        let done_at = cell
            .writes
            .back()
            .map_or(ready, |before| before.done_at.max(ready));
        cell.writes.push_back(Pending {
            id,
            done_at,
            seq,
            step,
            write,
        });
        self.queue.push(done_at, seq, Due::Write(node.0));
        self.record.writes += 1;
    }

    /// Puts a message on its link. What the link does to it is drawn by the link and the ordinal
    /// of the message there; always the same draws in the same order, so that a change of one
    /// share leaves the others' draws as they were.
    fn transmit(&mut self, from: NodeId, to: NodeId, parcel: Parcel, sent_step: u64) {
        let kind = parcel.kind();
        let (now, policy) = (self.now, self.net.policy(from, to));
        let link = Rc::make_mut(&mut self.cells[from.index()]).link(to);
        link.sent += 1;
        let of_kind = &mut link.by_kind[usize::from(kind) % Cell::MAX_KINDS];
        *of_kind += 1;
        let name = MessageName {
            kind,
            from,
            to,
            ordinal: *of_kind,
            copy: 0,
        };
        let key = u64::from(from.0) << 16 | u64::from(to.0);
        let mut dice = dice(self.fixed.seed, key, Purpose::Link, u64::from(link.sent));
        let latency = policy.latency.draw(&mut dice);
        let (mut due, mut fate, mut again) = (now + latency, None, None);
        if policy.loss.0 > 0 || policy.duplication.0 > 0 {
            let lost = dice.random_range(1..=1_000_000u32) <= policy.loss.0;
            let twice = dice.random_range(1..=1_000_000u32) <= policy.duplication.0;
            fate = lost.then_some(LossReason::Loss);
            again = twice.then(|| now + policy.latency.draw(&mut dice));
        }
        if !policy.reorder {
            due = due.max(link.last_arrival);
        }
        link.last_arrival = link.last_arrival.max(due);
        if self.net.is_cut(from, to) {
            fate = Some(LossReason::Cut);
        }
        if fate.is_some() {
            // A message that is lost is seen to be lost half-way.
            due = now + Span((due - now).0 / 2);
        }
        self.counters.sent[usize::from(kind)] += 1;
        name.hash_into(&mut self.digest);
        parcel.digest(&mut self.digest);
        self.record.sent.push(Sent {
            name,
            due,
            lost: fate,
        });
        let letter = Letter {
            name,
            parcel,
            sent_at: now,
            sent_step,
        };
        if let Some(due) = again.filter(|_| fate.is_none()) {
            let copy = MessageName { copy: 1, ..name };
            self.launch(
                Letter {
                    name: copy,
                    ..letter.clone()
                },
                due,
                None,
            );
        }
        self.launch(letter, due, fate);
    }

    /// Gives a message a place among the flights, and its arrival one in the queue.
    pub(super) fn launch(&mut self, letter: Letter, due: Time, fate: Option<LossReason>) {
        let slot = self.free.pop().unwrap_or_else(|| {
            self.flights.push(None);
            (self.flights.len() - 1) as u32
        });
        let seq = self.queue.ticket();
        self.flights[slot as usize] = Some(Flight {
            letter,
            due,
            fate,
            held: false,
            seq,
        });
        self.queue.push(due, seq, Due::Arrive(slot));
    }

    /// Takes a message off its link.
    pub(super) fn take_flight(&mut self, slot: u32) -> Option<Flight> {
        let flight = self.flights[slot as usize].take()?;
        self.free.push(slot);
        Some(flight)
    }
}

/// Looking at a world.
impl World {
    /// The moment.
    #[must_use]
    pub fn now(&self) -> Time {
        self.now
    }

    /// How many steps were taken.
    #[must_use]
    pub fn steps(&self) -> u64 {
        self.step
    }

    /// The seed.
    #[must_use]
    pub fn seed(&self) -> u64 {
        self.fixed.seed
    }

    /// The hash of the trace so far.
    #[must_use]
    pub fn trace_hash(&self) -> u64 {
        self.digest.value()
    }

    /// What happened in the last step.
    #[must_use]
    pub fn record(&self) -> &Record {
        &self.record
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

    /// The messages under way.
    pub fn flights(&self) -> impl Iterator<Item = &Flight> {
        self.flights.iter().flatten()
    }

    /// The network.
    #[must_use]
    pub fn net(&self) -> &Net {
        &self.net
    }

    /// What every link did at the start, and does again after a calm.
    #[must_use]
    pub fn calm_policy(&self) -> Policy {
        self.fixed.policy
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
        &self.counters
    }
}
