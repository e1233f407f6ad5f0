//! What is under way between the nodes: the queue, the messages on their links, and the record of
//! the step that is being taken. Apart from the nodes, so that one can be written to meanwhile.

use super::cell::{Cell, Held, Outgoing, Pending, Slot};
use super::dice::{Purpose, dice, purpose_key};
use super::net::{Net, Policy};
use super::queue::{Due, Queue};
use super::record::{Counters, Flight, Happened, Letter, LossReason, MessageName, Record, Sent};
use crate::engine::{Digest, Draws, Effect, NodeId, RawOutbox, Span, Time, Timer, WriteId, append};
use std::any::Any;
use std::rc::Rc;

#[derive(Clone)]
pub(super) struct Wire {
    /// The keys of all that is drawn for links and for disks.
    keys: (u64, u64),
    pub(super) disk: (Span, Span),
    pub(super) now: Time,
    pub(super) step: u64,
    pub(super) queue: Queue,
    pub(super) flights: Vec<Option<Flight>>,
    free: Vec<u32>,
    pub(super) net: Rc<Net>,
    pub(super) counters: Counters,
    pub(super) digest: Digest,
    pub(super) record: Record,
}

/// Whether a message is lost, and how long its duplicate takes if it has one.
#[cold]
fn mishaps(policy: &Policy, dice: &mut Draws) -> (bool, Option<Span>) {
    let lost = dice.between(1, 1_000_000) <= u64::from(policy.loss.0);
    let twice = dice.between(1, 1_000_000) <= u64::from(policy.duplication.0);
    (lost, twice.then(|| policy.latency.draw(dice)))
}

impl Wire {
    pub(super) fn new(seed: u64, disk: (Span, Span), policy: Policy) -> Self {
        Wire {
            keys: (
                purpose_key(seed, Purpose::Link),
                purpose_key(seed, Purpose::Disk),
            ),
            disk,
            now: Time(0),
            step: 0,
            queue: Queue::default(),
            flights: Vec::new(),
            free: Vec::new(),
            net: Rc::new(Net::new(policy)),
            counters: Counters::default(),
            digest: Digest::default(),
            record: Record::default(),
        }
    }

    /// Begins the record of a step in which a message came. Nearly always one did in the step
    /// before, too, and the letter takes the place of that one, without a detour.
    #[inline]
    pub(super) fn begin_delivered(&mut self, slot: u32) {
        let Some(Flight { letter, .. }) = self.flights[slot as usize].take() else {
            return;
        };
        let cause = letter.sent_step;
        if let Happened::Delivered(before) = &mut self.record.what {
            *before = letter;
        } else {
            self.record.what = Happened::Delivered(letter);
        }
        self.record.begin(self.step, self.now, cause);
        self.free.push(slot);
    }

    /// Carries out the work that the engine of a node (one of so many) left.
    pub(super) fn carry_out(
        &mut self,
        (node, cell): (NodeId, &mut Cell),
        nodes: usize,
        out: &mut RawOutbox,
    ) {
        let mut next_write = std::mem::replace(&mut cell.last_write, out.last_write);
        cell.dice = out.dice;
        self.record.touched.push(node);
        self.record.take(&mut out.notes, &mut out.reports);
        if out.effects.is_empty() {
            return;
        }
        for effect in out.effects.drain(..) {
            match effect {
                Effect::Send {
                    to,
                    parcel,
                    kind,
                    durable,
                } => {
                    if to.index() < nodes {
                        let message = Outgoing {
                            to,
                            kind,
                            parcel,
                            step: self.step,
                        };
                        self.post((node, cell), message, durable, next_write);
                    }
                }
                Effect::SetTimer { timer, after } => self.set_timer((node, cell), timer, after),
                Effect::StopTimer { timer } => cell.slot(timer).armed = false,
                Effect::Persist { write } => {
                    next_write = WriteId(next_write.0 + 1);
                    self.persist((node, cell), next_write, write);
                }
            }
        }
    }

    /// Sends a message now, or keeps it until the writes before it are done.
    #[inline(always)]
    fn post(
        &mut self,
        (from, cell): (NodeId, &mut Cell),
        message: Outgoing,
        durable: bool,
        after: WriteId,
    ) {
        if durable && !cell.writes.is_empty() {
            cell.held.push_back(Held { after, message });
        } else {
            self.transmit((from, cell), message);
        }
    }

    fn set_timer(&mut self, (node, cell): (NodeId, &mut Cell), timer: Timer, after: Span) {
        let seq = self.queue.ticket();
        let deadline = self.now + cell.clock.world_span(after);
        let slot = cell.slot(timer);
        let queued = slot.queued.filter(|(time, _)| *time <= deadline);
        *slot = Slot {
            armed: true,
            set_at: self.now,
            deadline,
            seq,
            set_step: self.step,
            queued: queued.or(Some((deadline, seq))),
        };
        if queued.is_none() {
            self.queue.push(deadline, seq, Due::Timer(node.0, timer.0));
        }
    }

    fn persist(&mut self, (node, cell): (NodeId, &mut Cell), id: WriteId, write: Rc<dyn Any>) {
        let (least, most) = self.disk;
        let mut dice = dice(self.keys.1, u64::from(node.0), u64::from(id.0));
        let takes = dice.between(least.0, most.0);
        let seq = self.queue.ticket();
        let ready = self.now + Span(takes + cell.disk_slowdown.0);
        // A disk keeps the order: a write is never done before the ones that were asked before.
        let done_at = cell
            .writes
            .back()
            .map_or(ready, |before| before.done_at.max(ready));
        cell.writes.push_back(Pending {
            id,
            done_at,
            seq,
            step: self.step,
            write,
        });
        self.queue.push(done_at, seq, Due::Write(node.0));
        self.record.writes += 1;
    }

    /// As [`Wire::transmit`], for a message that waited.
    #[inline(never)]
    pub(super) fn transmit_held(&mut self, from: (NodeId, &mut Cell), message: Outgoing) {
        self.transmit(from, message);
    }

    /// Puts a message on its link. What the link does to it is drawn by the link and the ordinal
    /// of the message there; always the same draws in the same order, so that a change of one
    /// share leaves the others' draws as they were.
    #[inline(always)]
    fn transmit(&mut self, (from, cell): (NodeId, &mut Cell), message: Outgoing) {
        let Outgoing {
            to,
            kind,
            parcel,
            step,
        } = message;
        let (now, policy) = (self.now, self.net.policy(from, to));
        let link = cell.link(to);
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
        let mut dice = dice(self.keys.0, key, u64::from(link.sent));
        let latency = policy.latency.draw(&mut dice);
        let (mut due, mut fate, mut again) = (now + latency, None, None);
        if policy.loss.0 > 0 || policy.duplication.0 > 0 {
            let (lost, late) = mishaps(policy, &mut dice);
            fate = lost.then_some(LossReason::Loss);
            again = late.map(|latency| now + latency);
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
        // The kind is in the content, and the copy is none.
        self.digest.word(u64::from(name.ordinal) << 32 | key);
        parcel.digest(&mut self.digest);
        append(&mut self.record.sent, || Sent {
            name,
            due,
            lost: fate,
        });
        let letter = Letter {
            name,
            parcel,
            sent_at: now,
            sent_step: step,
            left_step: self.step,
        };
        if let Some(due) = again.filter(|_| fate.is_none()) {
            self.launch_twin(letter.clone(), due);
        }
        self.launch(letter, due, fate);
    }

    /// The letter comes as a copy: one that is referred to would have to be made in memory first.
    #[cold]
    #[inline(never)]
    fn launch_twin(&mut self, mut twin: Letter, due: Time) {
        twin.name.copy = 1;
        self.launch(twin, due, None);
    }

    /// Gives a message a place among the flights, and its arrival one in the queue. Always within
    /// its caller, so that the flight is written once, where it stays.
    #[inline(always)]
    pub(super) fn launch(&mut self, letter: Letter, due: Time, fate: Option<LossReason>) {
        let seq = self.queue.ticket();
        let flight = Some(Flight {
            letter,
            due,
            fate,
            held: false,
            seq,
        });
        let slot = match self.free.pop() {
            Some(slot) => {
                self.flights[slot as usize] = flight;
                slot
            }
            None => {
                self.flights.push(flight);
                (self.flights.len() - 1) as u32
            }
        };
        self.queue.push(due, seq, Due::Arrive(slot));
    }

    /// Takes a message off its link.
    #[inline]
    pub(super) fn take_flight(&mut self, slot: u32) -> Option<Flight> {
        let flight = self.flights[slot as usize].take()?;
        self.free.push(slot);
        Some(flight)
    }
}
