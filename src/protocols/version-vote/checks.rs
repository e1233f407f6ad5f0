//! What the register promises, judged from outside: by what clients asked for and were answered, and by what
//! replicas hold.

use super::client::Client;
use super::message::{Stamped, Version};
use super::notes;
use super::order::Config;
use super::replica::{Disk, Replica};
use super::rules::needed;
use crate::engine::{
    Fingerprint, NodeId, Note, Outcome, Renaming, Report, Span, Time, Verb, Word, disk_of,
    engine_of,
};
use crate::lab::linear::Watch;
use crate::lab::{CheckSpec, Checker, Mode, Verdicts, linear};
use crate::sim::{FaultKind, FaultSet, Status, World};
use std::hash::Hash;

/// All faults but a lost disk: what a majority has stored is on its disks.
const PROMISED: FaultSet = FaultSet::all_but(&[FaultKind::DiskLost]);
/// How soon after calm whoever waited is answered: with the default times some ten times what a client waits
/// before it sends again.
const SOON: Span = Span::secs(2);

const LINEARIZABLE: usize = 0;
const WRITTEN: usize = 1;
const ONE_VALUE: usize = 2;
const NEVER_BACK: usize = 3;
const TWO_WRITERS: usize = 4;
const BEHIND: usize = 5;
const REPAIRED: usize = 6;
const ANSWERED_SOON: usize = 7;

const fn spec(id: &'static str, mode: Mode, assumes: FaultSet) -> CheckSpec {
    CheckSpec { id, mode, assumes }
}

/// In the order of the constants above.
pub(super) const CHECKS: &[CheckSpec] = &[
    spec(linear::CHECK, Mode::Always, PROMISED),
    spec("what-is-read-was-written", Mode::Always, FaultSet::ALL),
    // A writer whose disk is lost has forgotten which numbers it has used.
    spec("a-version-has-one-value", Mode::Always, PROMISED),
    spec("versions-never-go-back", Mode::Always, PROMISED),
    spec("two-write-at-once", Mode::Sometimes, FaultSet::ALL),
    spec("an-answer-is-behind", Mode::Sometimes, FaultSet::ALL),
    spec("a-read-repairs-a-replica", Mode::Sometimes, FaultSet::ALL),
    spec(
        "after-calm-everybody-is-answered",
        Mode::Eventually(SOON),
        FaultSet::ALL,
    ),
];

/// All replicas, whether they run or not.
pub(super) fn replicas(world: &World) -> impl Iterator<Item = (NodeId, &Replica, &Disk)> {
    world.ids().filter_map(|id| {
        let node = world.cell(id).node();
        Some((id, engine_of::<Replica>(node)?, disk_of::<Replica>(node)?))
    })
}

/// All clients, whether they run or not.
pub(super) fn clients(world: &World) -> impl Iterator<Item = (NodeId, &Client)> {
    world
        .ids()
        .filter_map(|id| Some((id, engine_of::<Client>(world.cell(id).node())?)))
}

/// What is fixed for the run.
pub(super) fn config(world: &World) -> Option<&Config> {
    replicas(world)
        .next()
        .map(|(_, replica, _)| replica.config())
}

/// What a replica holds: in memory, or on the disk of one that is down.
pub(super) fn held(world: &World, (id, replica, disk): (NodeId, &Replica, &Disk)) -> Stamped {
    match world.cell(id).status() {
        Status::Down => disk.held,
        Status::Up | Status::Paused => replica.held,
    }
}

/// How many replicas have to answer.
pub(super) fn enough(world: &World) -> usize {
    needed(replicas(world).count(), |rule| world.rules().on(rule))
}

/// Whether all replicas hold the same.
pub(super) fn alike(world: &World) -> bool {
    let mut all = replicas(world).map(|replica| held(world, replica));
    all.next()
        .is_none_or(|first| all.all(|other| other == first))
}

/// Whether two replicas hold different values under one version.
pub(super) fn split(world: &World) -> bool {
    let all: Vec<Stamped> = replicas(world)
        .map(|replica| held(world, replica))
        .collect();
    let differs = |one: &Stamped| {
        let mut others = all.iter();
        others.any(|other| other.version == one.version && other.value != one.value)
    };
    all.iter().any(differs)
}

/// Whether no client that runs waits for an answer.
pub(super) fn idle(world: &World) -> bool {
    let running = |(id, _): &(NodeId, &Client)| world.cell(*id).status() != Status::Down;
    let mut waiting = clients(world).filter(running);
    waiting.all(|(_, client)| client.pending().is_none())
}

/// A request that was not answered.
#[derive(Clone, Hash)]
struct Open {
    client: NodeId,
    began: Time,
    writes: bool,
}

/// Watches one run.
#[derive(Clone)]
pub(super) struct Watcher {
    /// What clients saw, and nothing else.
    watch: Watch,
    open: Vec<Open>,
    /// What was asked to be written, in order.
    written: Vec<Word>,
    /// The value that was first seen under each version, by the versions.
    values: Vec<Stamped>,
    /// The highest version that each replica had on its disk.
    highest: Vec<Version>,
}

impl Watcher {
    pub(super) fn new(world: &World) -> Self {
        Watcher {
            watch: Watch::default(),
            open: Vec::new(),
            written: Vec::new(),
            values: Vec::new(),
            highest: world.ids().map(|_| Version::NONE).collect(),
        }
    }

    fn look_at(&mut self, node: NodeId, world: &World, verdicts: &mut Verdicts) {
        let cell = world.cell(node);
        if cell.status() == Status::Down {
            // Whoever crashed waits no more.
            self.open.retain(|open| open.client != node);
        }
        let (Some(replica), Some(disk)) = (
            engine_of::<Replica>(cell.node()),
            disk_of::<Replica>(cell.node()),
        ) else {
            return;
        };
        self.compare(held(world, (node, replica, disk)), verdicts);
        let before = &mut self.highest[node.index()];
        if disk.held.version < *before {
            let args = [node.into(), disk.held.version.into(), (*before).into()];
            verdicts.violate(NEVER_BACK, Some(Note::new(notes::WENT_BACK, args)));
        }
        *before = (*before).max(disk.held.version);
    }

    /// A version stands for one value, wherever it is.
    fn compare(&mut self, held: Stamped, verdicts: &mut Verdicts) {
        let Some(value) = held.value else { return };
        let at = self
            .values
            .partition_point(|known| known.version < held.version);
        match self
            .values
            .get(at)
            .filter(|known| known.version == held.version)
        {
            None => self.values.insert(at, held),
            Some(Stamped {
                value: Some(first), ..
            }) if *first != value => {
                let args = [held.version.into(), (*first).into(), value.into()];
                verdicts.violate(ONE_VALUE, Some(Note::new(notes::TWO_VALUES, args)));
            }
            Some(_) => {}
        }
    }

    fn look_at_report(
        &mut self,
        (client, report): (NodeId, &Report),
        world: &World,
        verdicts: &mut Verdicts,
    ) {
        match report {
            Report::Invoked { call, .. } => {
                if let Some(value) = call.value
                    && let Err(at) = self.written.binary_search(&value)
                {
                    self.written.insert(at, value);
                }
                self.open.push(Open {
                    client,
                    began: world.now(),
                    writes: call.verb == Verb::Put,
                });
                if self.open.iter().filter(|open| open.writes).count() > 1 {
                    verdicts.see(TWO_WRITERS);
                }
            }
            Report::Returned { outcome, .. } => {
                self.open.retain(|open| open.client != client);
                if let Outcome::Done(Some(value)) = outcome
                    && self.written.binary_search(value).is_err()
                {
                    let args = [client.into(), (*value).into()];
                    verdicts.violate(WRITTEN, Some(Note::new(notes::NOT_WRITTEN, args)));
                }
            }
        }
        if let Some(broken) = self.watch.note(client, report) {
            let args = [broken.client.into(), broken.op.into(), broken.key.into()];
            verdicts.violate(LINEARIZABLE, Some(Note::new(notes::NO_ORDER, args)));
        }
    }
}

impl Checker for Watcher {
    fn observe(&mut self, world: &World, verdicts: &mut Verdicts) {
        let record = world.record();
        for node in record.touched.iter() {
            self.look_at(*node, world, verdicts);
        }
        if let Some(client) = record.what.node() {
            for report in &record.reports {
                self.look_at_report((client, report), world, verdicts);
            }
        }
        for note in &record.notes {
            if note.key == notes::HEARD_BEHIND {
                verdicts.see(BEHIND);
            } else if note.key == notes::REPAIRED {
                verdicts.see(REPAIRED);
            }
        }
    }

    fn settled(&self, check: usize, world: &World) -> bool {
        let calm = world.calm_at();
        let waits = |open: &Open| calm.is_none_or(|calm| open.began <= calm);
        check == ANSWERED_SOON && !self.open.iter().any(waits)
    }

    fn dup(&self) -> Box<dyn Checker> {
        Box::new(self.clone())
    }

    fn print(&self, _: &Renaming, print: &mut Fingerprint) {
        self.watch.hash(print);
        (&self.open, &self.written, &self.values, &self.highest).hash(print);
    }
}
