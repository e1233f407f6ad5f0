//! What is special about elections on a ring: what they cost in each order, and that crashes alone break nothing.

use super::experiments::{Messages, harmonic, measured, most_both_ways};
use super::lab::RingElection;
use super::orders::{best_cost_both_ways, cost_both_ways, ids, worst_cost_both_ways};
use crate::engine::Span;
use crate::lab::experiment::Experiment;
use crate::lab::{Lab, Params};
use crate::protocols::testing::{self, act, pass, storm, verdict};
use crate::sim::{Action, FaultKind, FaultSet};

const LAB: &dyn Lab = &RingElection;

fn params(nodes: u64, order: &str, variant: &str) -> Params {
    let mut params = Params::defaults(Messages.spec().params);
    let nodes = nodes.to_string();
    for (name, value) in [
        ("nodes", nodes.as_str()),
        ("order", order),
        ("variant", variant),
    ] {
        assert!(params.set(name, value).is_ok());
    }
    params
}

#[test]
fn the_best_and_the_worst_order_are_those_of_the_formulas() {
    for n in 2..=16 {
        for seed in 1..=3 {
            let [best, worst] = ["best", "worst"].map(|order| {
                let (messages, world) = measured(&params(n, order, "one-way"), seed);
                // The announcement goes once round, and once more where a late id comes to the leader.
                let told = world.counters().sent[2];
                assert!(told >= n && told.is_multiple_of(n), "{n}, {order}: {told}");
                messages
            });
            assert_eq!(best, Some(2 * n - 1), "{n}");
            assert_eq!(worst, Some(n * (n + 1) / 2), "{n}");
        }
    }
}

/// An id travels as far as the next larger one, by whatever latencies.
#[test]
fn each_order_costs_what_its_distances_add_up_to() {
    for n in 2..=16u64 {
        for seed in 1..=20 {
            let ids = ids("random", false, n as u16, seed);
            let distance = |at: usize| {
                let mut way = (1..ids.len()).map(|j| ids[(at + j) % ids.len()]);
                way.position(|other| other > ids[at])
                    .map_or(ids.len(), |j| j + 1)
            };
            let all: usize = (0..ids.len()).map(distance).sum();
            let (messages, _) = measured(&params(n, "random", "one-way"), seed);
            assert_eq!(messages, Some(all as u64), "{ids:?}");
        }
    }
}

/// Over all orders of five ids the mean is exactly n·H(n), and over many of eight that were drawn it is close.
#[test]
fn the_mean_is_n_times_the_harmonic_number() {
    let mut orders: Vec<Vec<u64>> = vec![Vec::new()];
    for id in 1..=5 {
        let longer = orders.iter().flat_map(|order| {
            (0..=order.len()).map(move |at| {
                let mut longer = order.clone();
                longer.insert(at, id);
                longer
            })
        });
        orders = longer.collect();
    }
    let cost = |order: &Vec<u64>| -> usize {
        let n = order.len();
        let far = |at: usize| {
            (1..n)
                .find(|j| order[(at + j) % n] > order[at])
                .unwrap_or(n)
        };
        (0..n).map(far).sum()
    };
    let sum: usize = orders.iter().map(cost).sum();
    let mean = sum as f64 / orders.len() as f64;
    assert!((mean - 5.0 * harmonic(5)).abs() < 1e-9, "{mean}");
    let runs = 400;
    let of = |seed| measured(&params(8, "random", "one-way"), seed).0;
    let drawn: u64 = (1..=runs).filter_map(of).sum();
    let mean = drawn as f64 / runs as f64;
    let expected = 8.0 * harmonic(8);
    // The standard error is about 0.2.
    assert!((mean - expected).abs() < 0.8, "{mean} beside {expected}");
}

#[test]
fn both_ways_no_order_costs_more_than_the_bound() {
    for n in 2..=16 {
        for order in ["random", "best", "worst"] {
            for seed in 1..=10 {
                let (messages, _) = measured(&params(n, order, "both-ways"), seed);
                let messages = messages.expect("a leader");
                assert!(messages <= most_both_ways(n), "{n}, {order}: {messages}");
                assert!(messages >= 2 * n, "{n}, {order}: {messages}");
            }
        }
    }
    // In the worst order it is no better at sixteen, but it grows more slowly.
    let of = |n, variant| {
        measured(&params(n, "worst", variant), 1)
            .0
            .expect("a leader")
    };
    let [one, both] = ["one-way", "both-ways"].map(|variant| (of(8, variant), of(16, variant)));
    assert!(both.1 * one.0 < one.1 * both.0, "{both:?} against {one:?}");
}

/// Every order of so many ids with the largest first: turning the ring changes nothing.
fn orders(n: u16) -> Vec<Vec<u16>> {
    let mut orders = vec![vec![n]];
    for id in 1..n {
        let longer = orders.iter().flat_map(|order| {
            (1..=order.len()).map(move |at| {
                let mut longer = order.clone();
                longer.insert(at, id);
                longer
            })
        });
        orders = longer.collect();
    }
    orders
}

#[test]
fn both_ways_every_order_lies_between_the_best_and_the_worst() {
    for n in 2..=7 {
        let [best, worst] = ["best", "worst"].map(|order| cost_both_ways(&ids(order, true, n, 1)));
        let all = orders(n);
        let costs = || all.iter().map(|order| cost_both_ways(order));
        assert_eq!(
            (costs().min(), costs().max()),
            (Some(best), Some(worst)),
            "{n}"
        );
    }
    // One way's worst order is the best both ways.
    for n in 2..=16 {
        let costs = [("best", true), ("worst", false), ("worst", true)];
        let costs = costs.map(|(order, both)| cost_both_ways(&ids(order, both, n, 1)));
        let n = u64::from(n);
        let best = best_cost_both_ways(n);
        assert_eq!(costs, [best, best, worst_cost_both_ways(n)], "{n}");
        assert!(worst_cost_both_ways(n) < most_both_ways(n), "{n}");
    }
    let worst = [4, 8, 16].map(worst_cost_both_ways);
    assert_eq!((worst, best_cost_both_ways(8)), ([32, 89, 242], 64));
}

/// What is run is what is computed; or a little less, where a larger id overtakes a slow node.
#[test]
fn both_ways_an_election_costs_what_is_computed() {
    let (mut same, mut all) = (0, 0);
    for n in 2..=16u64 {
        for order in ["random", "best", "worst"] {
            for seed in 1..=10 {
                let expected = cost_both_ways(&ids(order, true, n as u16, seed));
                let messages = measured(&params(n, order, "both-ways"), seed).0;
                let messages = messages.expect("a leader");
                assert!(messages <= expected, "{n}, {order}: {messages}");
                assert!(order != "best" || messages == expected, "{n}: {messages}");
                same += u32::from(messages == expected);
                all += 1;
            }
        }
    }
    assert!(same * 10 > all * 9, "{same} of {all}");
}

#[test]
fn no_storm_of_crashes_breaks_a_promise() {
    let faults = FaultSet::of(&[FaultKind::Crash, FaultKind::Restart]);
    let (mut passed, mut outlived) = (0, 0);
    for seed in 1..=60 {
        for variant in ["one-way", "both-ways"] {
            for nodes in ["3", "6", "11"] {
                let set = [("nodes", nodes), ("variant", variant)];
                let mut run = testing::run(LAB, seed, &set);
                storm(&mut run, faults, Span::secs(10));
                act(&mut run, Action::Calm);
                pass(&mut run, Span::secs(10));
                for check in [
                    "one-leader",
                    "the-largest-live-id-leads-in-time",
                    "no-id-goes-round-twice",
                    "after-calm-the-largest-id-leads",
                ] {
                    let said = verdict(&run, check);
                    assert_eq!(said, "holds", "{check}, {set:?}, seed {seed}");
                }
                passed += u32::from(verdict(&run, "a-dead-node-is-passed-by") == "seen");
                outlived += u32::from(verdict(&run, "an-id-outlives-its-node") == "seen");
            }
        }
    }
    assert!(passed > 200 && outlived > 20, "{passed}, {outlived}");
}

#[test]
fn after_any_storm_the_largest_id_leads() {
    for seed in 1..=40 {
        let mut run = testing::run(LAB, seed, &[]);
        storm(&mut run, FaultSet::ALL, Span::secs(8));
        act(&mut run, Action::Calm);
        pass(&mut run, Span::secs(31));
        let said = verdict(&run, "after-calm-the-largest-id-leads");
        assert_eq!(said, "holds", "seed {seed}");
    }
}
