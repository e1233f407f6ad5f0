//! The checks of the saga, and what the lab looks for in a world.

use super::course::{Phase, Saga};
use super::event::Disk;
use super::order::{ORDERS, Outcome};
use super::orders::Orders;
use super::service::Service;
use crate::engine::{NodeId, Span, parts_of};
use crate::lab::{CheckSpec, Mode};
use crate::sim::{FaultKind, FaultSet, World};

/// All faults but a lost disk: the logs are all that there is.
pub(super) const PROMISED: FaultSet = FaultSet::all_but(&[FaultKind::DiskLost]);
/// How soon after calm what was open then is over: with the longest time-outs, lost messages and a bank that often
/// fails.
const SOON: Span = Span::secs(15);

/// The places of the checks.
pub(super) const ALWAYS_STOCK: usize = 0;
pub(super) const ALWAYS_MONEY: usize = 1;
pub(super) const ALWAYS_SENT_PAID: usize = 2;
pub(super) const ALWAYS_WITH_GOODS: usize = 3;
pub(super) const ALWAYS_HOLDS_NOTHING: usize = 4;
pub(super) const ALWAYS_WHOLE: usize = 5;
pub(super) const ALWAYS_ONCE: usize = 6;
pub(super) const ALWAYS_REPLAY: usize = 7;
pub(super) const SEEN_DONE: usize = 8;
pub(super) const SEEN_COMPENSATED: usize = 9;
pub(super) const SEEN_INTERMEDIATE: usize = 10;
pub(super) const CALM: usize = 11;

const fn spec(id: &'static str, mode: Mode, assumes: FaultSet) -> CheckSpec {
    CheckSpec { id, mode, assumes }
}

/// In the order of the constants.
pub(super) const CHECKS: &[CheckSpec] = &[
    spec(
        "stock-plus-reserved-plus-sold-never-changes",
        Mode::Always,
        PROMISED,
    ),
    spec("money-is-neither-made-nor-lost", Mode::Always, PROMISED),
    spec("nothing-is-sent-that-is-not-paid", Mode::Always, PROMISED),
    spec("money-is-held-only-with-goods", Mode::Always, PROMISED),
    spec("a-compensated-order-holds-nothing", Mode::Always, PROMISED),
    spec("a-done-order-is-sent-and-paid", Mode::Always, PROMISED),
    spec("an-order-ends-once", Mode::Always, PROMISED),
    spec("memory-is-what-the-log-says", Mode::Always, FaultSet::ALL),
    spec("an-order-is-done", Mode::Sometimes, FaultSet::ALL),
    spec("an-order-is-compensated", Mode::Sometimes, FaultSet::ALL),
    spec(
        "an-order-is-refused-for-what-comes-back",
        Mode::Sometimes,
        FaultSet::ALL,
    ),
    spec(
        "after-calm-each-order-is-done-or-compensated",
        Mode::Eventually(SOON),
        PROMISED,
    ),
];

/// The service at a node, and its disk.
pub(super) fn service_at(world: &World, node: NodeId) -> Option<(&Service, &Disk)> {
    parts_of::<Service>(world.cell(node).node())
}

/// The order service, where it runs.
fn orders(world: &World) -> Option<&Orders> {
    let cell = world.cell(ORDERS);
    cell.running::<Orders>()
}

fn any(world: &World, so: impl Fn(&Saga) -> bool) -> bool {
    orders(world).is_some_and(|orders| orders.sagas().iter().any(|(_, saga)| so(saga)))
}

/// Whether a saga goes backwards.
pub(super) fn turning(world: &World) -> bool {
    any(world, |saga| matches!(saga.phase, Phase::Backward(_)))
}

/// Whether a saga has charged a customer, and is not over.
pub(super) fn halfway(world: &World) -> bool {
    any(world, |saga| saga.is_open() && !saga.done.is_empty())
}

/// Whether a saga has ended so.
pub(super) fn ended(world: &World, outcome: Outcome) -> bool {
    any(world, |saga| saga.phase == Phase::Closed(outcome))
}
