//! What is special about sagas: what an order costs, and that no crash and no storm leaves one half done.

use super::checks::service_at;
use super::lab::SagaLab;
use super::order::{ORDERS, PAYMENT, STOCK};
use super::orders::Orders;
use crate::engine::{NodeId, Span, disk_of};
use crate::lab::{Lab, Run};
use crate::protocols::testing::{self, act, ask, pass, storm, verdict};
use crate::sim::{Action, FaultKind, FaultSet};

const LAB: &dyn Lab = &SagaLab;
const CALM: &str = "after-calm-each-order-is-done-or-compensated";
const C1: NodeId = NodeId(3);

/// The checks that hold always.
const ALWAYS: [&str; 8] = [
    "stock-plus-reserved-plus-sold-never-changes",
    "money-is-neither-made-nor-lost",
    "nothing-is-sent-that-is-not-paid",
    "money-is-held-only-with-goods",
    "a-compensated-order-holds-nothing",
    "a-done-order-is-sent-and-paid",
    "an-order-ends-once",
    "memory-is-what-the-log-says",
];

/// Each message takes 10 ms and each write 1 ms.
const EXACT: [(&str, &str); 5] = [
    ("rate", "0"),
    ("latency_min", "10ms"),
    ("latency_max", "10ms"),
    ("disk_min", "1ms"),
    ("disk_max", "1ms"),
];

fn forced(run: &Run) -> u32 {
    let world = run.world();
    let orders = disk_of::<Orders>(world.cell(ORDERS).node()).map(|disk| disk.forced);
    let services =
        [STOCK, PAYMENT].map(|node| service_at(world, node).map(|(_, disk)| disk.forced));
    services.into_iter().chain([orders]).flatten().sum()
}

/// One order, alone.
fn alone(no_courier: &str) -> Run {
    let mut params = EXACT.to_vec();
    params.push(("no_courier", no_courier));
    let mut run = testing::run(LAB, 1, &params);
    ask(LAB, &mut run, C1, &["order", "2"]);
    run
}

/// A message and an answer for each step and each compensation, and three between customer and order service; each event
/// is written before anybody hears of it.
#[test]
fn an_order_costs_what_the_lecture_says() {
    let mut run = alone("0%");
    pass(&mut run, Span::secs(1));
    let sent = run.world().counters().sent[..12].to_vec();
    assert_eq!(sent, [1, 1, 1, 1, 1, 1, 0, 0, 3, 0, 0, 0]);
    assert_eq!(forced(&run), 4 + 3);
    assert_eq!(verdict(&run, "an-order-is-done"), "seen");
    let mut run = alone("100%");
    pass(&mut run, Span::secs(1));
    let sent = run.world().counters().sent[..12].to_vec();
    assert_eq!(sent, [1, 1, 1, 1, 1, 1, 1, 1, 2, 1, 2, 0]);
    assert_eq!(forced(&run), 6 + 5);
    assert_eq!(verdict(&run, "an-order-is-compensated"), "seen");
}

/// From the order to its end: a write and a message each time, seven times over, and the last write.
#[test]
fn an_order_takes_seven_messages_one_after_the_other() {
    let mut run = alone("0%");
    pass(&mut run, Span::ms(77));
    assert_eq!(verdict(&run, "an-order-is-done"), "not-seen");
    pass(&mut run, Span::ms(1));
    assert_eq!(verdict(&run, "an-order-is-done"), "seen");
}

/// Each service in turn crashes at every step of an order: it ends one way or the other, and nothing is left over.
#[test]
fn a_crash_at_any_step_leaves_nothing_half_done() {
    let (mut done, mut compensated) = (0, 0);
    for courier in ["0%", "100%"] {
        for victim in [ORDERS, STOCK, PAYMENT] {
            for step in 0..40 {
                let mut run = alone(courier);
                for _ in 0..step {
                    run.step();
                }
                act(&mut run, Action::Kill(victim));
                pass(&mut run, Span::ms(700));
                act(&mut run, Action::Calm);
                pass(&mut run, Span::secs(15));
                for check in ALWAYS {
                    assert_eq!(
                        verdict(&run, check),
                        "holds",
                        "{victim:?} at {step}: {check}"
                    );
                }
                assert_eq!(verdict(&run, CALM), "holds", "{victim:?} at {step}");
                done += u32::from(verdict(&run, "an-order-is-done") == "seen");
                compensated += u32::from(verdict(&run, "an-order-is-compensated") == "seen");
            }
        }
    }
    assert!(done > 20 && compensated > 20, "{done}, {compensated}");
}

/// Every fault under which it is promised, with little of everything.
#[test]
fn no_storm_leaves_an_order_half_done() {
    let faults = FaultSet::all_but(&[FaultKind::DiskLost]);
    for seed in 1..=8 {
        for recovery in ["backward", "forward"] {
            let params = [
                ("recovery", recovery),
                ("rate", "3"),
                ("stock", "20"),
                ("money", "150"),
                ("tries", "2"),
                ("failed_refunds", "2"),
            ];
            let mut run = testing::run(LAB, seed, &params);
            storm(&mut run, faults, Span::secs(4));
            act(&mut run, Action::Calm);
            pass(&mut run, Span::secs(15));
            for check in ALWAYS {
                assert_eq!(verdict(&run, check), "holds", "{check}, seed {seed}");
            }
            assert_eq!(verdict(&run, CALM), "holds", "seed {seed}");
        }
    }
}
