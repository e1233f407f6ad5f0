//! What the queue promises, judged from outside: by what producers were told, by what the broker handed out
//! and heard, and by what is on the disks of broker and ledger.

use super::broker::Broker;
use super::lab::{BROKER, LEDGER};
use super::ledger::{Book, Ledger};
use super::message::{Hand, Packet, Quality, QueueMessage, TaskId};
use super::notes;
use super::producer::Producer;
use super::vault::{Entry, Vault};
use crate::engine::{Fingerprint, NodeId, Note, Renaming, Span, Time, disk_of, engine_of, typed};
use crate::lab::{CheckSpec, Checker, Mode, Verdicts};
use crate::sim::{FaultKind, FaultSet, Happened, Letter, Status, World};
use std::hash::Hash;

/// How soon after calm: twelve tasks, all of them poison, tried four times each by one slow worker alone.
const SOON: Span = Span::secs(90);
/// So many packets are remembered, of which no answer has come.
const PACKETS: usize = 256;

const NOT_LOST: usize = 0;
const STORED_ONCE: usize = 1;
const ONE_WORKER: usize = 2;
const ONE_EFFECT: usize = 3;
const WORKED_TWICE: usize = 4;
const DEAD_LETTER: usize = 5;
const STORED_TWICE: usize = 6;
const NEVER_STORED: usize = 7;
const DONE_OR_DEAD: usize = 8;

/// All faults but the loss of a disk: what is accepted is on one.
const DISKS_KEPT: FaultSet = FaultSet::all_but(&[FaultKind::DiskLost]);
const fn spec(id: &'static str, mode: Mode, assumes: FaultSet) -> CheckSpec {
    CheckSpec { id, mode, assumes }
}

/// In the order of the constants above.
pub(super) const CHECKS: &[CheckSpec] = &[
    spec("no-accepted-task-is-lost", Mode::Always, DISKS_KEPT),
    spec(
        "a-task-sent-at-quality-2-is-stored-once",
        Mode::Always,
        DISKS_KEPT,
    ),
    spec(
        "a-task-is-handed-to-one-worker-at-a-time",
        Mode::Always,
        DISKS_KEPT,
    ),
    spec("no-task-takes-effect-twice", Mode::Always, DISKS_KEPT),
    spec("a-task-is-worked-on-twice", Mode::Sometimes, FaultSet::ALL),
    spec("a-task-is-a-dead-letter", Mode::Sometimes, FaultSet::ALL),
    spec("a-task-is-stored-twice", Mode::Sometimes, FaultSet::ALL),
    spec("a-task-is-never-stored", Mode::Sometimes, FaultSet::ALL),
    spec(
        "after-calm-every-accepted-task-is-done-or-dead",
        Mode::Eventually(SOON),
        DISKS_KEPT,
    ),
];

/// What the broker holds; one that is down, on its disk.
pub(super) fn vault(world: &World) -> Option<&Vault> {
    let cell = world.cell(BROKER);
    if cell.status() == Status::Down {
        disk_of::<Broker>(cell.node())
    } else {
        engine_of::<Broker>(cell.node()).map(Broker::vault)
    }
}

/// What is on the ledger's disk.
pub(super) fn book(world: &World) -> &Book {
    static EMPTY: Book = Book::EMPTY;
    disk_of::<Ledger>(world.cell(LEDGER).node()).unwrap_or(&EMPTY)
}

/// A task that was handed out, as the worker was told.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
struct Out {
    worker: NodeId,
    hand: Hand,
}

/// Watches one run.
#[derive(Clone, Default, Hash)]
pub(super) struct Watcher {
    /// Which task a packet carries, as long as its producer has heard nothing.
    packets: Vec<(NodeId, Packet, TaskId)>,
    /// What was accepted, and is neither done nor dead on a disk.
    open: Vec<TaskId>,
    out: Vec<Out>,
    /// How many entries were ever on the broker's disk.
    stored: u64,
    /// How often a task was stored.
    times: Vec<(TaskId, u32)>,
    /// The step in which the last packet left that the broker had from each producer.
    latest: Vec<(NodeId, u64)>,
    /// Tasks of which a packet was overtaken on its way to the broker: the transport did not keep the order.
    overtaken: Vec<TaskId>,
    calm_at: Option<Time>,
    /// What was open when it became calm.
    due: Vec<TaskId>,
}

impl Watcher {
    /// A message arrived.
    fn came(&mut self, world: &World, letter: &Letter, verdicts: &mut Verdicts) {
        let Some(message) = typed::<QueueMessage>(&*letter.parcel) else {
            return;
        };
        match message {
            QueueMessage::PubAck(packet) | QueueMessage::PubRec(packet) => {
                let of =
                    |one: &(NodeId, Packet, TaskId)| (one.0, one.1) == (letter.name.to, *packet);
                if let Some(at) = self.packets.iter().position(of) {
                    let (_, _, task) = self.packets.remove(at);
                    self.open.push(task);
                }
            }
            QueueMessage::Ack { delivery, .. } | QueueMessage::Reject { delivery, .. } => {
                self.out.retain(|out| out.hand.delivery != *delivery);
            }
            QueueMessage::Apply { task, .. } => applied(world, *task, verdicts),
            QueueMessage::Publish { task, .. } => {
                if self.is_overtaken(letter) && !self.overtaken.contains(&task.id) {
                    self.overtaken.push(task.id);
                }
            }
            // One that comes late does no harm; but it may have overtaken others.
            QueueMessage::PubRel(_) => {
                self.is_overtaken(letter);
            }
            QueueMessage::PubComp(_)
            | QueueMessage::Ready
            | QueueMessage::Deliver(_)
            | QueueMessage::Steal
            | QueueMessage::Handed(_)
            | QueueMessage::Applied { .. } => {}
        }
    }

    /// Whether a packet that left later came before this one.
    fn is_overtaken(&mut self, letter: &Letter) -> bool {
        let from = letter.name.from;
        let at = match self.latest.binary_search_by_key(&from, |(node, _)| *node) {
            Ok(at) => at,
            Err(at) => {
                self.latest.insert(at, (from, 0));
                at
            }
        };
        let before = self.latest[at].1;
        self.latest[at].1 = before.max(letter.left_step);
        letter.left_step < before
    }

    /// What left in this step.
    fn left(&mut self, world: &World, verdicts: &mut Verdicts) {
        for sent in &world.record().sent {
            let flight = world
                .flights()
                .find(|flight| flight.letter.name == sent.name);
            let message = flight.and_then(|flight| typed::<QueueMessage>(&*flight.letter.parcel));
            if let Some(QueueMessage::Publish {
                packet,
                task,
                quality,
                ..
            }) = message
                && *quality != Quality::AtMostOnce
            {
                self.published((sent.name.from, *packet, task.id));
            }
            if let Some(QueueMessage::Deliver(hand)) = message
                && sent.name.copy == 0
            {
                let out = Out {
                    worker: sent.name.to,
                    hand: *hand,
                };
                self.handed_out(out, verdicts);
            }
        }
    }

    /// A packet left, for the first time or again.
    fn published(&mut self, packet: (NodeId, Packet, TaskId)) {
        if !self.packets.contains(&packet) {
            self.packets.push(packet);
        }
        if self.packets.len() > PACKETS {
            self.packets.remove(0);
        }
    }

    /// The broker keeps its word: while it is out for one worker, nobody else gets it.
    fn handed_out(&mut self, new: Out, verdicts: &mut Verdicts) {
        let same = |out: &&Out| out.hand.entry == new.hand.entry;
        if let Some(old) = self.out.iter().find(same) {
            let task = new.hand.task.id.word().into();
            let args = [task, old.worker.into(), new.worker.into()];
            verdicts.violate(ONE_WORKER, Some(Note::new(notes::TWO_HANDS, args)));
        }
        self.out.retain(|out| out.hand.entry != new.hand.entry);
        self.out.push(new);
    }

    /// Something is on the broker's disk: if it is a task, how often is it there by now?
    fn written(&mut self, world: &World, verdicts: &mut Verdicts) {
        let Some(vault) = disk_of::<Broker>(world.cell(BROKER).node()) else {
            return;
        };
        let before = std::mem::replace(&mut self.stored, vault.stored());
        let new = |entry: &&Entry| entry.number > before;
        for entry in vault.entries().iter().filter(new) {
            let id = entry.task.id;
            let at = match self.times.binary_search_by_key(&id, |(task, _)| *task) {
                Ok(at) => at,
                Err(at) => {
                    self.times.insert(at, (id, 0));
                    at
                }
            };
            self.times[at].1 += 1;
            let times = self.times[at].1;
            if times > 1 {
                verdicts.see(STORED_TWICE);
                let exactly = quality(world, id) == Some(Quality::ExactlyOnce);
                if exactly && !self.overtaken.contains(&id) {
                    let args = [id.word().into(), u64::from(times).into()];
                    verdicts.violate(STORED_ONCE, Some(Note::new(notes::STORED_TWICE, args)));
                }
            }
        }
    }

    /// Whether each task that was accepted is somewhere.
    fn look(&mut self, world: &World, verdicts: &mut Verdicts) {
        let (Some(vault), book) = (vault(world), book(world)) else {
            return;
        };
        let on_disk = disk_of::<Broker>(world.cell(BROKER).node());
        let is = |task: TaskId| move |entry: &Entry| entry.task.id == task;
        let settled = |task: &TaskId| {
            book.row(*task).is_some_and(|row| row.effects > 0)
                || on_disk.is_some_and(|disk| disk.dead().iter().any(is(*task)))
        };
        self.open.retain(|task| !settled(task));
        let here = |task: TaskId| {
            vault.entries().iter().any(is(task)) || vault.dead().iter().any(is(task))
        };
        if let Some(task) = self.open.iter().find(|task| !here(**task)) {
            let note = Note::new(notes::LOST, [task.word().into()]);
            verdicts.violate(NOT_LOST, Some(note));
        }
        if !verdicts.seen(DEAD_LETTER) && !vault.dead().is_empty() {
            verdicts.see(DEAD_LETTER);
        }
    }
}

/// At which quality a task was sent.
fn quality(world: &World, task: TaskId) -> Option<Quality> {
    let producers = world.ids();
    let mut producers = producers.filter_map(|id| engine_of::<Producer>(world.cell(id).node()));
    let found = producers.find(|producer| producer.place() == task.producer);
    found.map(Producer::quality)
}

/// A worker asked the ledger for the effect of a task.
fn applied(world: &World, task: TaskId, verdicts: &mut Verdicts) {
    let ledger = engine_of::<Ledger>(world.cell(LEDGER).node());
    let Some(row) = ledger.and_then(|ledger| ledger.book().row(task)) else {
        return;
    };
    if row.works > 1 {
        verdicts.see(WORKED_TWICE);
    }
    if row.effects > 1 {
        let args = [task.word().into(), u64::from(row.effects).into()];
        verdicts.violate(ONE_EFFECT, Some(Note::new(notes::TWO_EFFECTS, args)));
    }
}

impl Checker for Watcher {
    fn observe(&mut self, world: &World, verdicts: &mut Verdicts) {
        let record = world.record();
        if self.calm_at != world.calm_at() {
            self.calm_at = world.calm_at();
            self.due.clone_from(&self.open);
        }
        if record.touched.contains(&BROKER) {
            let now = world.cell(BROKER).clock().local(world.now());
            self.out
                .retain(|out| out.hand.until.is_none_or(|until| until > now));
        }
        match &record.what {
            Happened::Delivered(letter) => self.came(world, letter, verdicts),
            Happened::Written(BROKER, _) => self.written(world, verdicts),
            Happened::Lost(letter, _) => {
                if let Some(QueueMessage::Publish {
                    quality: Quality::AtMostOnce,
                    ..
                }) = typed::<QueueMessage>(&*letter.parcel)
                {
                    verdicts.see(NEVER_STORED);
                }
            }
            // A `finish` by hand writes, too.
            Happened::Commanded(..) | Happened::Struck(..) => self.written(world, verdicts),
            Happened::Nothing
            | Happened::Started(_)
            | Happened::TimerFired(..)
            | Happened::Written(..) => {}
        }
        if !record.sent.is_empty() {
            self.left(world, verdicts);
        }
        if !self.open.is_empty() || record.touched.contains(&BROKER) {
            self.look(world, verdicts);
        }
    }

    fn settled(&self, check: usize, _world: &World) -> bool {
        check == DONE_OR_DEAD && !self.due.iter().any(|task| self.open.contains(task))
    }

    fn dup(&self) -> Box<dyn Checker> {
        Box::new(self.clone())
    }

    fn print(&self, _names: &Renaming, print: &mut Fingerprint) {
        self.hash(print);
    }
}
