//! What the ring promises: by the layouts that follow each other, by what clients were told, and by what is
//! on the servers.

use super::keeper::Keeper;
use super::layout::{Layout, Scheme, Walk};
use super::message::Stamp;
use super::notes;
use super::server::Server;
use crate::engine::{
    Arg, Fingerprint, NodeId, Note, NoteKey, Renaming, Report, Span, Time, Word, engine_of,
};
use crate::lab::linear::Watch;
use crate::lab::{CheckSpec, Checker, Mode, Verdicts, linear};
use crate::sim::{Action, FaultKind, FaultSet, Happened, Status, World};
use std::hash::Hash;

/// All faults but the loss of a disk: what is acknowledged is on more than half of a key's disks, and a
/// disk that is lost may have been one of them.
const PROMISED: FaultSet = FaultSet::all_but(&[FaultKind::DiskLost]);
/// How soon after calm: a change that was under way has to end, and each node compares itself with
/// every other one in turn.
const SOON: Span = Span::secs(30);
/// So many keys are looked at when a layout changes.
const LOOKED_AT: usize = 2000;
/// So many at least: where there are none at the start, what would become of some.
const AT_LEAST: usize = 64;

const OWNERS: usize = 0;
const GAINS: usize = 1;
const LOSES: usize = 2;
const LINEARIZABLE: usize = 3;
const MOVES: usize = 4;
const REPLICA: usize = 5;
const BETWEEN: usize = 6;
const HOT: usize = 7;
const ON_ALL: usize = 8;
const ANSWERED: usize = 9;

const fn spec(id: &'static str, mode: Mode, assumes: FaultSet) -> CheckSpec {
    CheckSpec { id, mode, assumes }
}

/// In the order of the constants above.
pub(super) const CHECKS: &[CheckSpec] = &[
    spec("each-key-has-its-owners", Mode::Always, FaultSet::ALL),
    spec(
        "on-join-only-the-new-node-gains",
        Mode::Always,
        FaultSet::ALL,
    ),
    spec(
        "on-leave-only-the-leaver-loses",
        Mode::Always,
        FaultSet::ALL,
    ),
    spec(linear::CHECK, Mode::Always, PROMISED),
    spec("keys-move", Mode::Sometimes, FaultSet::ALL),
    spec(
        "a-read-is-served-by-replicas",
        Mode::Sometimes,
        FaultSet::ALL,
    ),
    spec(
        "keys-move-between-nodes-that-stay",
        Mode::Sometimes,
        FaultSet::ALL,
    ),
    spec(
        "one-node-has-far-more-than-its-share",
        Mode::Sometimes,
        FaultSet::ALL,
    ),
    spec(
        "after-calm-every-key-is-on-all-its-nodes",
        Mode::Eventually(SOON),
        PROMISED,
    ),
    spec(
        "after-calm-every-request-is-answered",
        Mode::Eventually(SOON),
        PROMISED,
    ),
];

/// The keeper, whatever its status: what it holds in memory is what it last said.
pub(super) fn keeper(world: &World) -> Option<&Keeper> {
    world
        .ids()
        .find_map(|id| engine_of::<Keeper>(world.cell(id).node()))
}

/// The servers.
pub(super) fn servers(world: &World) -> impl Iterator<Item = (NodeId, &Server)> {
    let server = |id: NodeId| Some((id, engine_of::<Server>(world.cell(id).node())?));
    world.ids().filter_map(server)
}

/// The rules of a lookup that are in force.
pub(super) fn walk(world: &World) -> Walk {
    let rules = world.rules();
    Walk::of(|rule| rules.on(rule))
}

/// How many keys the member with the most has as the first owner, and how many they have on
/// average; `None` without keys.
pub(super) fn keys_of_each(world: &World) -> Option<(u64, u64)> {
    let layout = &keeper(world)?.members().now;
    let (keys, walk) = (&layout.scheme().keys, walk(world));
    let mut counts = vec![0u64; world.ids().count()];
    for key in keys {
        if let Some(node) = layout.owners(*key, walk).list().first() {
            counts[node.index()] += 1;
        }
    }
    let most = counts.into_iter().max().filter(|most| *most > 0)?;
    Some((most, (keys.len() / layout.members().len().max(1)) as u64))
}

/// A node that serves more than twice its share, of a few hundred at the least.
pub(super) fn hot_spot(world: &World) -> Option<NodeId> {
    let members = &keeper(world)?.members().now;
    let all = || servers(world).filter(|(id, _)| members.has(*id));
    let sum: u64 = all().map(|(_, server)| server.served()).sum();
    let (node, most) = all()
        .map(|(id, server)| (id, server.served()))
        .max_by_key(|(_, served)| *served)?;
    let count = all().count() as u64;
    (sum >= 200 && count > 2 && most * count > 2 * sum).then_some(node)
}

/// An operation that was asked for and is not answered.
#[derive(Copy, Clone, Hash)]
struct Open {
    client: NodeId,
    op: u64,
    since: Time,
}

/// Watches one run.
#[derive(Clone, Default)]
pub(super) struct Watcher {
    clients: Watch,
    open: Vec<Open>,
    /// The membership and the rules that were judged last.
    judged: Option<(u32, Walk)>,
    calm_at: Option<Time>,
    /// The latest version of each key when it became calm.
    then: Vec<(Word, Stamp)>,
}

impl Watcher {
    fn hear(&mut self, client: NodeId, report: &Report, now: Time, verdicts: &mut Verdicts) {
        if let Some(broken) = self.clients.note(client, report) {
            let arguments = [broken.client.into(), broken.op.into(), broken.key.into()];
            verdicts.violate(LINEARIZABLE, Some(Note::new(notes::NO_ORDER, arguments)));
        }
        match report {
            Report::Invoked { op, .. } => self.open.push(Open {
                client,
                op: *op,
                since: now,
            }),
            Report::Returned { op, .. } => {
                self.open
                    .retain(|open| (open.client, open.op) != (client, *op));
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

    /// A membership or a rule is new: looks at all keys, and at what has changed for them.
    fn judge(&mut self, world: &World, verdicts: &mut Verdicts) {
        let Some(members) = keeper(world).map(Keeper::members) else {
            return;
        };
        let now = (members.number, walk(world));
        if self.judged == Some(now) {
            return;
        }
        self.judged = Some(now);
        for layout in members.layouts() {
            have_owners(layout, now.1, verdicts);
        }
        if let Some(next) = &members.next {
            compare(&members.now, next, now.1, verdicts);
        }
    }
}

/// The keys that are looked at, each with its hash.
fn keys(scheme: &Scheme) -> impl Iterator<Item = (Word, u64)> + '_ {
    let count = scheme.keys.len().clamp(AT_LEAST, LOOKED_AT);
    (0..count).map(|at| {
        let key = Scheme::key(at);
        (key, scheme.place(key))
    })
}

/// Whether each key has as many different nodes as it should.
fn have_owners(layout: &Layout, walk: Walk, verdicts: &mut Verdicts) {
    for (key, hash) in keys(layout.scheme()) {
        let (found, wanted) = (layout.owners(hash, walk).different(), layout.copies());
        if found != wanted {
            let note = Note::new(notes::NO_OWNERS, [key.into(), found.into(), wanted.into()]);
            verdicts.violate(OWNERS, Some(note));
            return;
        }
    }
}

/// Who gains and who loses keys by a change.
fn compare(before: &Layout, after: &Layout, walk: Walk, verdicts: &mut Verdicts) {
    let changed: Vec<(NodeId, bool)> = before
        .members()
        .iter()
        .chain(after.members())
        .map(|member| member.node)
        .filter(|node| before.weight(*node) != after.weight(*node))
        .map(|node| (node, after.weight(node) > before.weight(node)))
        .collect();
    let Some((one, grows)) = changed.first().copied() else {
        return;
    };
    let promised = before.scheme().placement.moves_least();
    for (key, hash) in keys(before.scheme()) {
        let (old, new) = (before.owners(hash, walk), after.owners(hash, walk));
        let gains = new.list().iter().filter(|node| !old.has(**node));
        let loses = old.list().iter().filter(|node| !new.has(**node));
        if old.list().first() != new.list().first() {
            verdicts.see(MOVES);
            let ends = [old.list().first(), new.list().first()];
            if !ends.contains(&Some(&one)) {
                verdicts.see(BETWEEN);
            }
        }
        let (wrong, check, note) = if grows {
            (
                gains.copied().find(|node| *node != one),
                GAINS,
                notes::GAINED,
            )
        } else {
            (loses.copied().find(|node| *node != one), LOSES, notes::LOST)
        };
        if let Some(node) = wrong.filter(|_| promised) {
            verdicts.violate(check, why(note, key, node, one));
            return;
        }
    }
}

fn why(note: NoteKey, key: Word, node: NodeId, changed: NodeId) -> Option<Note> {
    Some(Note::new(
        note,
        [Arg::Word(key), node.into(), changed.into()],
    ))
}

/// The latest version of each key on any server, as it is in memory.
fn latest(world: &World) -> Vec<(Word, Stamp)> {
    let mut all: Vec<(Word, Stamp)> = Vec::new();
    for (id, server) in servers(world) {
        if world.cell(id).status() != Status::Down {
            let entries = server.store().entries().iter();
            all.extend(entries.map(|(key, entry)| (*key, entry.stamp)));
        }
    }
    crate::engine::sorting::sort(&mut all);
    // Of each key the last, which is the latest.
    let mut last: Vec<(Word, Stamp)> = Vec::new();
    for (key, stamp) in all {
        match last.last_mut().filter(|(other, _)| *other == key) {
            Some(same) => same.1 = stamp,
            None => last.push((key, stamp)),
        }
    }
    last
}

/// Whether each of these is on all its nodes, in this version or a later one.
fn on_all(world: &World, wanted: &[(Word, Stamp)]) -> bool {
    let Some(members) = keeper(world).map(Keeper::members) else {
        return false;
    };
    if members.next.is_some() {
        return false;
    }
    let (layout, walk) = (&members.now, walk(world));
    let stores: Vec<Option<&Server>> = world
        .ids()
        .map(|id| engine_of::<Server>(world.cell(id).node()))
        .collect();
    wanted.iter().all(|(key, stamp)| {
        let owners = layout.owners(layout.scheme().place(*key), walk);
        owners.list().iter().all(|node| {
            let server = stores.get(node.index()).copied().flatten();
            let entry = server.and_then(|server| server.store().get(*key));
            entry.is_some_and(|entry| entry.stamp >= *stamp)
        })
    })
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
        self.judge(world, verdicts);
        if self.calm_at != world.calm_at() {
            self.calm_at = world.calm_at();
            self.then = latest(world);
        }
        let served = |note: &Note| note.key == notes::FROM_A_REPLICA;
        if record.notes.iter().any(served) {
            verdicts.see(REPLICA);
        }
        if !verdicts.seen(HOT) && !record.reports.is_empty() && hot_spot(world).is_some() {
            verdicts.see(HOT);
        }
    }

    fn settled(&self, check: usize, world: &World) -> bool {
        let Some(calm) = world.calm_at() else {
            return false;
        };
        match check {
            ON_ALL => on_all(world, &self.then),
            ANSWERED => self.open.iter().all(|open| open.since > calm),
            _ => false,
        }
    }

    fn dup(&self) -> Box<dyn Checker> {
        Box::new(self.clone())
    }

    /// When an operation began matters only for what is promised for after calm, and there is no
    /// time in an exploration.
    fn print(&self, _names: &Renaming, print: &mut Fingerprint) {
        self.clients.hash(print);
        let mut open: Vec<_> = self.open.iter().map(|o| (o.client, o.op)).collect();
        open.sort_unstable();
        open.hash(print);
        self.judged.hash(print);
    }
}
