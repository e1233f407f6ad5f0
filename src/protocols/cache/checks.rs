//! What a cache promises, and what is read off a world for it and for the picture.

use super::client::Client;
use super::lab::{CACHE, STORE};
use super::message::{Key, Row, Version};
use super::node::Cache;
use super::store::Store;
use super::table::Table;
use crate::engine::{NodeId, Span, disk_of, engine_of};
use crate::lab::{CheckSpec, Mode, linear};
use crate::sim::{FaultKind, FaultSet, Status, World};

/// How soon after calm: eight clients, one key, a tenth of all messages lost, and leases of clients that died.
const SOON: Span = Span::secs(30);

pub(super) const KEPT: usize = 0;
pub(super) const ONE_FILL: usize = 1;
pub(super) const IN_TIME: usize = 2;
pub(super) const NOT_LOST: usize = 3;
pub(super) const LINEARIZABLE: usize = 4;
pub(super) const ANSWERED_AT_ONCE: usize = 5;
pub(super) const EVICTED: usize = 6;
pub(super) const REFUSED: usize = 7;
pub(super) const BEHIND: usize = 8;
pub(super) const OLDER_LATER: usize = 9;
pub(super) const ALL_ANSWERED: usize = 10;
pub(super) const ALL_STORED: usize = 11;

/// All faults but the loss of a disk: what is acknowledged is on one.
const DISKS_KEPT: FaultSet = FaultSet::all_but(&[FaultKind::DiskLost]);

const fn spec(id: &'static str, mode: Mode, assumes: FaultSet) -> CheckSpec {
    CheckSpec { id, mode, assumes }
}

/// In the order of the constants above.
pub(super) const CHECKS: &[CheckSpec] = &[
    spec(
        "the-cache-keeps-nothing-older-than-an-acknowledged-write",
        Mode::Always,
        DISKS_KEPT,
    ),
    spec("one-at-a-time-fetches-a-key", Mode::Always, DISKS_KEPT),
    spec(
        "no-hit-is-older-than-the-time-to-live",
        Mode::Always,
        DISKS_KEPT,
    ),
    spec("no-acknowledged-write-is-lost", Mode::Always, DISKS_KEPT),
    spec(linear::CHECK, Mode::Always, DISKS_KEPT),
    spec("a-read-hits", Mode::Sometimes, FaultSet::ALL),
    spec("a-key-has-to-go", Mode::Sometimes, FaultSet::ALL),
    spec("a-value-comes-too-late", Mode::Sometimes, FaultSet::ALL),
    spec(
        "the-cache-is-behind-the-store",
        Mode::Sometimes,
        FaultSet::ALL,
    ),
    spec("a-later-read-is-older", Mode::Sometimes, FaultSet::ALL),
    spec(
        "after-calm-every-request-is-answered",
        Mode::Eventually(SOON),
        DISKS_KEPT,
    ),
    spec(
        "after-calm-the-store-has-what-was-acknowledged",
        Mode::Eventually(SOON),
        DISKS_KEPT,
    ),
];

/// The cache, if it is up.
pub(super) fn cache(world: &World) -> Option<&Cache> {
    let cell = world.cell(CACHE);
    let engine = engine_of::<Cache>(cell.node());
    engine.filter(|_| cell.status() != Status::Down)
}

/// What the store holds; one that is down, on its disk.
pub(super) fn table(world: &World) -> Option<&Table> {
    let cell = world.cell(STORE);
    if cell.status() == Status::Down {
        disk_of::<Store>(cell.node())
    } else {
        engine_of::<Store>(cell.node()).map(Store::table)
    }
}

/// What stands in the store under a key.
pub(super) fn stored(world: &World, key: Key) -> Row {
    table(world).map_or_else(Row::default, |table| table.row(key))
}

/// The latest write of a key that somebody is answerable for: the store, or a cache that writes back.
pub(super) fn held(world: &World, key: Key) -> Version {
    let cell = world.cell(CACHE);
    let book = match cache(world) {
        Some(cache) => Some(cache.book()),
        None => disk_of::<Cache>(cell.node()),
    };
    let unflushed = book.and_then(|book| book.row(key)).unwrap_or_default();
    stored(world, key).version.max(unflushed.version)
}

/// The clients.
pub(super) fn clients(world: &World) -> impl Iterator<Item = (NodeId, &Client)> {
    let of = |id: NodeId| Some((id, engine_of::<Client>(world.cell(id).node())?));
    world.ids().filter_map(of)
}

/// Whether something on the shelf is older than what the store has.
pub(super) fn behind(world: &World) -> bool {
    let slots = cache(world).map_or(&[][..], |cache| cache.shelf().slots());
    let old = |slot: &super::Slot| slot.row.version < stored(world, slot.key).version;
    slots.iter().any(old)
}
