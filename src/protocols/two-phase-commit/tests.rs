//! What is special about two-phase commit: what a transaction costs, and that no storm splits one.

use super::checks::members;
use super::lab::TwoPhaseCommit;
use crate::engine::{NodeId, Span, disk_of};
use crate::lab::{Lab, Run};
use crate::protocols::testing::{self, act, ask, pass, storm, verdict};
use crate::sim::{Action, FaultKind, FaultSet};

const LAB: &dyn Lab = &TwoPhaseCommit;
const CALM: &str = "after-calm-nobody-is-in-doubt";

/// The checks that hold always.
const ALWAYS: [&str; 5] = [
    "all-decide-alike",
    "a-decision-stays",
    "no-commit-without-every-yes",
    "with-nobody-in-doubt-the-total-is-right",
    "no-account-is-overdrawn",
];

/// Each message takes 10 ms and each write 1 ms.
const EXACT: [(&str, &str); 6] = [
    ("rate", "0"),
    ("opening", "1000"),
    ("latency_min", "10ms"),
    ("latency_max", "10ms"),
    ("disk_min", "1ms"),
    ("disk_max", "1ms"),
];

fn forced(run: &Run) -> u64 {
    let disks = members(run.world()).filter_map(|(node, _)| {
        let disk = disk_of::<super::Member>(run.world().cell(node).node())?;
        Some(u64::from(disk.forced))
    });
    disks.sum()
}

/// A transfer among `n` members, alone: what was sent of each kind, and the forced writes.
fn alone(n: u64, variant: &str, amount: &str) -> (Vec<u64>, u64, Run) {
    let n = n.to_string();
    let mut params = EXACT.to_vec();
    params.extend([("members", n.as_str()), ("variant", variant)]);
    let mut run = testing::run(LAB, 1, &params);
    pass(&mut run, Span::ms(5));
    ask(LAB, &mut run, NodeId(0), &["pay", "n2", amount]);
    pass(&mut run, Span::secs(1));
    let sent = run.world().counters().sent[..8].to_vec();
    (sent, forced(&run), run)
}

/// The coordinator is one of the n: 3(n-1) messages until all know, 4(n-1) with the acknowledgements, and 2n-1 forced
/// writes: n-1 votes, n-1 decisions, and the coordinator's own. Presumed abort changes nothing of that.
#[test]
fn a_commit_costs_what_the_books_say() {
    for variant in ["basic", "presumed-abort"] {
        for n in 2..=8 {
            let (sent, forced, run) = alone(n, variant, "10");
            let others = n - 1;
            assert_eq!(sent, [others, others, 0, others, 0, others, 0, 0]);
            let to_decide: u64 = [0, 1, 3].into_iter().map(|kind| sent[kind]).sum();
            assert_eq!(to_decide, 3 * (n - 1));
            assert_eq!(sent.iter().sum::<u64>(), 4 * (n - 1));
            assert_eq!(forced, 2 * n - 1, "{variant}, {n}");
            assert_eq!(verdict(&run, "a-transfer-commits"), "seen");
        }
    }
}

/// One says no. In the basic form everybody forces the abort, and those that had said yes acknowledge it. Where it is
/// presumed, only the yes votes are forced, and nobody acknowledges.
#[test]
fn presumed_abort_saves_the_cost_of_an_abort() {
    for n in 3..=8 {
        let (others, yes) = (n - 1, n - 2);
        let (sent, forced, run) = alone(n, "basic", "1000");
        assert_eq!(sent, [others, yes, 1, 0, yes, yes, 0, 0]);
        assert_eq!(forced, yes + 1 + 1 + yes, "{n}");
        assert_eq!(verdict(&run, "a-transfer-aborts"), "seen");
        let (sent, forced, run) = alone(n, "presumed-abort", "1000");
        assert_eq!(sent, [others, yes, 1, 0, yes, 0, 0, 0]);
        assert_eq!(forced, yes, "{n}");
        assert_eq!(verdict(&run, "a-transfer-aborts"), "seen");
    }
}

/// Three delays and two writes until a participant knows; the fourth delay tells the coordinator.
#[test]
fn a_commit_takes_three_delays() {
    let mut run = testing::run(LAB, 1, &EXACT);
    pass(&mut run, Span::ms(5));
    ask(LAB, &mut run, NodeId(0), &["pay", "n2", "10"]);
    let moment = |run: &Run, id: &str| {
        let found = LAB.info().moments.iter().find(|moment| moment.id == id);
        (found.expect("a moment of the lab").holds)(run.world())
    };
    pass(&mut run, Span::ms(31));
    assert!(moment(&run, "prepared") && !moment(&run, "committed"));
    pass(&mut run, Span::ms(1));
    assert!(moment(&run, "committed"));
}

/// Each member in turn crashes at every step of a transfer: whenever that is, all come to the same once it is back.
#[test]
fn a_crash_at_any_step_splits_nothing() {
    for variant in ["basic", "presumed-abort"] {
        let (mut commits, mut aborts) = (0, 0);
        for victim in 0..4 {
            for step in 0..40 {
                let mut params = EXACT.to_vec();
                params.push(("variant", variant));
                let mut run = testing::run(LAB, 1, &params);
                pass(&mut run, Span::ms(5));
                ask(LAB, &mut run, NodeId(0), &["pay", "n2", "10"]);
                for _ in 0..step {
                    run.step();
                }
                act(&mut run, Action::Kill(NodeId(victim)));
                pass(&mut run, Span::ms(700));
                act(&mut run, Action::Calm);
                pass(&mut run, Span::secs(5));
                for check in ALWAYS {
                    assert_eq!(verdict(&run, check), "holds", "{victim} at {step}: {check}");
                }
                assert_eq!(verdict(&run, CALM), "holds", "{victim} at {step}");
                commits += u32::from(verdict(&run, "a-transfer-commits") == "seen");
                aborts += u32::from(verdict(&run, "a-transfer-aborts") == "seen");
            }
        }
        assert!(commits > 10 && aborts > 10, "{commits}, {aborts}");
    }
}

/// Every fault under which it is promised, in each form and with several coordinators.
#[test]
fn no_storm_splits_a_transfer() {
    let faults = FaultSet::all_but(&[FaultKind::DiskLost]);
    for seed in 1..=12 {
        for variant in ["basic", "presumed-abort"] {
            for termination in ["coordinator", "cooperative"] {
                let params = [
                    ("variant", variant),
                    ("termination", termination),
                    ("coordinators", "3"),
                    ("rate", "5"),
                ];
                let mut run = testing::run(LAB, seed, &params);
                storm(&mut run, faults, Span::secs(4));
                act(&mut run, Action::Calm);
                pass(&mut run, Span::secs(6));
                for check in ALWAYS {
                    assert_eq!(verdict(&run, check), "holds", "{check}, seed {seed}");
                }
                assert_eq!(verdict(&run, CALM), "holds", "seed {seed}");
            }
        }
    }
}
