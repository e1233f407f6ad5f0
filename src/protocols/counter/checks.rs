//! What a counter promises, judged from outside: by what clients were told, and by what the store
//! or the replicas hold.

use super::client::Client;
use super::crdt::PnCounter;
use super::notes;
use super::replica::{Kept, Replica};
use super::store::Store;
use super::vault::Vault;
use crate::engine::{
    Arg, Fingerprint, NodeId, Note, Outcome, Renaming, Report, Span, Time, Verb, Word, disk_of,
    engine_of,
};
use crate::lab::linear::Watch;
use crate::lab::{CheckSpec, Checker, Mode, Verdicts, linear};
use crate::sim::{Action, FaultKind, FaultSet, Happened, NodeKind, Status, World};
use std::hash::Hash;

/// All faults but the loss of a disk: what is acknowledged is on one.
const PROMISED: FaultSet = FaultSet::all_but(&[FaultKind::DiskLost]);
/// How soon after calm: with a tenth of all messages lost, eight clients that queue for the lock
/// with four requests each need a few seconds, and a state has to come by way of six replicas.
const SOON: Span = Span::secs(30);

const NOT_LOST: usize = 0;
const NOT_TWICE: usize = 1;
const LINEARIZABLE: usize = 2;
const ACKNOWLEDGED: usize = 3;
const IN_THE_WAY: usize = 4;
const DIFFER: usize = 5;
const ALL_ANSWERED: usize = 6;
const ALL_AGREE: usize = 7;

const fn spec(id: &'static str, mode: Mode, assumes: FaultSet) -> CheckSpec {
    CheckSpec { id, mode, assumes }
}

/// In the order of the constants above.
pub(super) const CHECKS: &[CheckSpec] = &[
    spec("no-acknowledged-add-is-lost", Mode::Always, PROMISED),
    spec("no-add-is-counted-twice", Mode::Always, PROMISED),
    spec(linear::CHECK, Mode::Always, PROMISED),
    spec("an-add-is-acknowledged", Mode::Sometimes, FaultSet::ALL),
    spec("an-add-meets-another", Mode::Sometimes, FaultSet::ALL),
    spec("the-replicas-differ", Mode::Sometimes, FaultSet::ALL),
    spec(
        "after-calm-every-add-is-answered",
        Mode::Eventually(SOON),
        PROMISED,
    ),
    spec(
        "after-calm-the-replicas-agree",
        Mode::Eventually(SOON),
        PROMISED,
    ),
];

/// How much was asked for and acknowledged, up and down.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, Default)]
pub(super) struct Sums {
    asked: [i64; 2],
    acknowledged: [i64; 2],
}

impl Sums {
    /// The least that the count may be: all that was acknowledged, and every decrement that may
    /// have happened.
    pub(super) fn least(self) -> i64 {
        self.acknowledged[0] - self.asked[1]
    }

    /// The most that it may be.
    pub(super) fn most(self) -> i64 {
        self.asked[0] - self.acknowledged[1]
    }
}

/// What clients know of it themselves, for a picture: of one that is down, what is on its disk.
pub(super) fn told(world: &World) -> Sums {
    let mut sums = Sums::default();
    for id in world.ids() {
        let cell = world.cell(id);
        let book = if cell.status() == Status::Down {
            disk_of::<Client>(cell.node()).copied()
        } else {
            engine_of::<Client>(cell.node()).map(Client::book)
        };
        let Some(book) = book else { continue };
        for (sum, entry) in [
            (&mut sums.asked, book.asked),
            (&mut sums.acknowledged, book.acknowledged),
        ] {
            sum[0] += i64::from(entry.plus);
            sum[1] += i64::from(entry.minus);
        }
    }
    sums
}

/// What the store holds; one that is down, on its disk.
pub(super) fn vault(world: &World) -> Option<&Vault> {
    let cell = world.cell(NodeId(0));
    if cell.status() == Status::Down {
        disk_of::<Store>(cell.node())
    } else {
        engine_of::<Store>(cell.node()).map(Store::vault)
    }
}

/// The replicas, each with what it knows; one that is down, what is on its disk.
pub(super) fn replicas(world: &World) -> impl Iterator<Item = (NodeId, PnCounter)> {
    let servers = world
        .ids()
        .filter(|id| world.spec(*id).kind == NodeKind::Server);
    servers.filter_map(|id| {
        let cell = world.cell(id);
        let counter = engine_of::<Replica>(cell.node())?.counter();
        if cell.status() != Status::Down {
            return Some((id, counter.clone()));
        }
        let kept: &Kept = disk_of::<Replica>(cell.node())?;
        let mut on_disk = PnCounter::new(counter.entries().len());
        on_disk.set(id.index(), kept.own);
        Some((id, on_disk))
    })
}

/// All that any replica knows.
fn all_known(world: &World) -> Option<PnCounter> {
    let known = replicas(world).map(|(_, counter)| counter);
    known.reduce(|mut all, one| {
        all.merge(&one);
        all
    })
}

/// The number that is: the greatest under any key of the store, or what all replicas together know.
pub(super) fn count(world: &World) -> i64 {
    if let Some(vault) = vault(world) {
        let counts = vault.counts().iter().map(|(_, count)| *count);
        return counts.max().unwrap_or(0);
    }
    all_known(world).map_or(0, |counter| counter.value())
}

/// Whether two replicas that run know different things.
pub(super) fn differ(world: &World) -> bool {
    let mut all = replicas(world).filter(|(id, _)| world.cell(*id).status() != Status::Down);
    let first = all.next();
    first.is_some_and(|(_, first)| all.any(|(_, other)| other != first))
}

/// An operation that was asked for and is not answered.
#[derive(Copy, Clone, Hash)]
struct Open {
    client: NodeId,
    op: u64,
    since: Time,
    /// What it adds; a read adds nothing.
    by: i64,
}

/// Watches one run.
#[derive(Clone)]
pub(super) struct Watcher {
    sums: Sums,
    open: Vec<Open>,
    clients: Watch,
    calm_at: Option<Time>,
    /// What was known when it became calm.
    then: Option<PnCounter>,
}

impl Watcher {
    pub(super) fn new() -> Self {
        Watcher {
            sums: Sums::default(),
            open: Vec::new(),
            clients: Watch::default(),
            calm_at: None,
            then: None,
        }
    }

    fn hear(&mut self, client: NodeId, report: &Report, now: Time, verdicts: &mut Verdicts) {
        if let Some(broken) = self.clients.note(client, report) {
            let arguments = [broken.client.into(), broken.op.into(), broken.key.into()];
            verdicts.violate(LINEARIZABLE, Some(Note::new(notes::NO_ORDER, arguments)));
        }
        match report {
            Report::Invoked { op, call } => {
                let by = match call.verb {
                    Verb::Add => call.value.and_then(Word::as_signed).unwrap_or(0),
                    Verb::Get | Verb::Put | Verb::Cas => 0,
                };
                add(&mut self.sums.asked, by);
                let open = Open {
                    client,
                    op: *op,
                    since: now,
                    by,
                };
                self.open.push(open);
            }
            Report::Returned { op, outcome } => {
                let of = |open: &Open| (open.client, open.op) == (client, *op);
                let Some(at) = self.open.iter().position(of) else {
                    return;
                };
                let open = self.open.remove(at);
                if matches!(outcome, Outcome::Done(_)) {
                    add(&mut self.sums.acknowledged, open.by);
                    if open.by != 0 {
                        verdicts.see(ACKNOWLEDGED);
                    }
                }
            }
        }
    }

    /// A client that crashed asks no more for what it asked.
    fn forget(&mut self, world: &World) {
        if let Happened::Commanded(action, None) | Happened::Struck(action, None) =
            &world.record().what
            && let Action::Kill(node) | Action::Wipe(node) = **action
        {
            self.open.retain(|open| open.client != node);
        }
    }
}

/// Adds to the sum of what goes up, or of what goes down.
fn add(sums: &mut [i64; 2], by: i64) {
    if by >= 0 {
        sums[0] += by;
    } else {
        sums[1] -= by;
    }
}

fn note(key: crate::engine::NoteKey, bound: i64, count: i64) -> Option<Note> {
    let number = |n: i64| Arg::Word(Word::signed(n));
    Some(Note::new(key, [number(bound), number(count)]))
}

impl Checker for Watcher {
    fn observe(&mut self, world: &World, verdicts: &mut Verdicts) {
        let record = world.record();
        self.forget(world);
        if let Some(client) = record.what.node().or(record.touched.first().copied()) {
            for report in &record.reports {
                self.hear(client, report, record.time, verdicts);
            }
        }
        if self.calm_at != world.calm_at() {
            self.calm_at = world.calm_at();
            self.then = all_known(world);
        }
        let server = |node: &NodeId| world.spec(*node).kind == NodeKind::Server;
        if record.reports.is_empty() && !record.touched.iter().any(server) {
            return;
        }
        let count = count(world);
        let (least, most) = (self.sums.least(), self.sums.most());
        if count < least {
            verdicts.violate(NOT_LOST, note(notes::LOST, least, count));
        }
        if count > most {
            verdicts.violate(NOT_TWICE, note(notes::TWICE, most, count));
        }
        if !verdicts.seen(DIFFER) && differ(world) {
            verdicts.see(DIFFER);
        }
        let in_the_way = [notes::DIFFERS, notes::WAITS];
        if record
            .notes
            .iter()
            .any(|note| in_the_way.contains(&note.key))
        {
            verdicts.see(IN_THE_WAY);
        }
    }

    fn settled(&self, check: usize, world: &World) -> bool {
        let Some(calm) = world.calm_at() else {
            return false;
        };
        match check {
            ALL_ANSWERED => self.open.iter().all(|open| open.since > calm),
            ALL_AGREE => self
                .then
                .as_ref()
                .is_none_or(|then| replicas(world).all(|(_, counter)| counter.knows(then))),
            _ => false,
        }
    }

    fn dup(&self) -> Box<dyn Checker> {
        Box::new(self.clone())
    }

    /// When an operation began matters only for what is promised for after calm, and there is no
    /// time in an exploration.
    fn print(&self, _names: &Renaming, print: &mut Fingerprint) {
        self.sums.hash(print);
        let mut open: Vec<_> = self
            .open
            .iter()
            .map(|open| (open.client, open.op))
            .collect();
        open.sort_unstable();
        open.hash(print);
        self.clients.hash(print);
    }
}
