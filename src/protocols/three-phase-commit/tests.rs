//! What is special about three-phase commit: what a transaction costs, how long anybody waits whoever dies, and that
//! what breaks the bound on delays breaks it.

use super::checks::{self, config, members};
use super::lab::ThreePhaseCommit;
use crate::engine::{NodeId, Span, disk_of};
use crate::lab::{Lab, Run};
use crate::protocols::testing::{self, act, ask, pass, storm, verdict};
use crate::sim::{Action, FaultSet, Status};

const LAB: &dyn Lab = &ThreePhaseCommit;
const ALIKE: &str = "all-decide-alike";
const CALM: &str = "after-calm-nobody-is-in-doubt";

/// The checks that hold always.
const ALWAYS: [&str; 6] = [
    ALIKE,
    "a-decision-stays",
    "no-commit-without-every-yes",
    "with-nobody-in-doubt-the-total-is-right",
    "no-account-is-overdrawn",
    "who-stays-up-is-soon-out-of-doubt",
];

/// Each message takes 10 ms and each write 1 ms.
const EXACT: [(&str, &str); 7] = [
    ("rate", "0"),
    ("opening", "1000"),
    ("latency_min", "10ms"),
    ("latency_max", "10ms"),
    ("disk_min", "1ms"),
    ("disk_max", "1ms"),
    ("send_gap", "0us"),
];

fn forced(run: &Run) -> u64 {
    let disks = members(run.world()).filter_map(|(node, _)| {
        let disk = disk_of::<super::Member>(run.world().cell(node).node())?;
        Some(u64::from(disk.forced))
    });
    disks.sum()
}

/// A transfer among `n` members, alone, whose coordinator is n1.
fn alone(n: u64, amount: &str) -> Run {
    let n = n.to_string();
    let mut params = EXACT.to_vec();
    params.push(("members", n.as_str()));
    let mut run = testing::run(LAB, 1, &params);
    pass(&mut run, Span::ms(5));
    ask(LAB, &mut run, NodeId(0), &["pay", "n2", amount]);
    run
}

fn sent(run: &Run) -> Vec<u64> {
    run.world().counters().sent[..12].to_vec()
}

/// The coordinator is one of the n: 5(n-1) messages until all know, 6(n-1) with the acknowledgements; and 3n-1 forced
/// writes: n-1 votes, n pre-commits and n decisions.
#[test]
fn a_commit_costs_what_the_books_say() {
    for n in 2..=8 {
        let mut run = alone(n, "10");
        pass(&mut run, Span::secs(1));
        let (sent, others) = (sent(&run), n - 1);
        let each = [others, others, 0, others, others, others, 0, others];
        assert_eq!(sent[..8], each);
        assert_eq!(sent[8..], [0; 4]);
        let to_decide: u64 = [0, 1, 3, 4, 5].into_iter().map(|kind| sent[kind]).sum();
        assert_eq!(to_decide, 5 * (n - 1));
        assert_eq!(sent.iter().sum::<u64>(), 6 * (n - 1));
        assert_eq!(forced(&run), 3 * n - 1, "{n}");
        assert_eq!(verdict(&run, "a-transfer-commits"), "seen");
    }
}

/// One says no: the others are told and acknowledge. What was never pre-committed costs no more than in two phases.
#[test]
fn an_abort_costs_no_third_phase() {
    for n in 3..=8 {
        let mut run = alone(n, "1000");
        pass(&mut run, Span::secs(1));
        let (others, yes) = (n - 1, n - 2);
        assert_eq!(sent(&run), [others, yes, 1, 0, 0, 0, yes, yes, 0, 0, 0, 0]);
        assert_eq!(forced(&run), 2 * yes, "{n}");
        assert_eq!(verdict(&run, "a-transfer-aborts"), "seen");
    }
}

/// Five delays and four writes until a participant knows.
#[test]
fn a_commit_takes_five_delays() {
    let mut run = alone(4, "10");
    pass(&mut run, Span::ms(53));
    assert!(checks::prepared(run.world()));
    pass(&mut run, Span::ms(1));
    assert!(checks::everywhere(
        run.world(),
        crate::lab::commit::Outcome::Commit
    ));
}

/// One member or two crash at every step of a transfer, and come back or not: whoever stays up knows the end within
/// the bound, and all come to the same.
#[test]
fn crashes_at_any_step_split_nothing_and_block_nobody() {
    let (mut commits, mut aborts, mut taken_over) = (0, 0, 0);
    for first in 0..4 {
        for second in 0..4 {
            for step in 0..45 {
                let mut run = testing::run(LAB, 1, &[("rate", "0"), ("send_gap", "4ms")]);
                pass(&mut run, Span::ms(5));
                ask(LAB, &mut run, NodeId(0), &["pay", "n2", "10"]);
                for _ in 0..step {
                    run.step();
                }
                act(&mut run, Action::Kill(NodeId(first)));
                pass(&mut run, Span::ms(1 + 37 * (step % 7)));
                if second != first {
                    act(&mut run, Action::Kill(NodeId(second)));
                }
                pass(&mut run, Span::secs(4));
                let waits = checks::prepared(run.world());
                let waits = waits || checks::backup(run.world());
                assert!(
                    !waits,
                    "{first} at {step}, {second}: somebody that is up waits"
                );
                taken_over += u32::from(verdict(&run, "a-backup-takes-over") == "seen");
                act(&mut run, Action::Calm);
                pass(&mut run, Span::secs(10));
                for check in ALWAYS.into_iter().chain([CALM]) {
                    let said = verdict(&run, check);
                    assert_eq!(said, "holds", "{first} at {step}, {second}: {check}");
                }
                commits += u32::from(verdict(&run, "a-transfer-commits") == "seen");
                aborts += u32::from(verdict(&run, "a-transfer-aborts") == "seen");
            }
        }
    }
    assert!(commits > 100 && aborts > 100, "{commits}, {aborts}");
    assert!(taken_over > 100, "{taken_over}");
}

/// All die, at every step: nobody decides before all are back, and then all alike.
#[test]
fn a_total_failure_is_decided_when_all_are_back() {
    let mut waited = 0;
    for step in 0..60 {
        let mut run = testing::run(LAB, 1, &[("rate", "0")]);
        pass(&mut run, Span::ms(5));
        ask(LAB, &mut run, NodeId(0), &["pay", "n2", "10"]);
        for _ in 0..step {
            run.step();
        }
        for node in 0..4 {
            act(&mut run, Action::Kill(NodeId(node)));
        }
        for node in (1..4).rev() {
            act(&mut run, Action::Restart(NodeId(node)));
        }
        pass(&mut run, Span::secs(2));
        waited += u32::from(checks::prepared(run.world()));
        act(&mut run, Action::Restart(NodeId(0)));
        pass(&mut run, Span::secs(2));
        assert!(!checks::prepared(run.world()), "step {step}");
        for check in ALWAYS {
            assert_eq!(verdict(&run, check), "holds", "{check}, step {step}");
        }
    }
    assert!(waited > 10, "{waited}");
}

/// Every fault under which it is promised, with several coordinators.
#[test]
fn no_storm_splits_a_transfer() {
    for seed in 1..=40 {
        let params = [("coordinators", "3"), ("rate", "5")];
        let mut run = testing::run(LAB, seed, &params);
        storm(&mut run, checks::PROMISED, Span::secs(4));
        act(&mut run, Action::Calm);
        pass(&mut run, Span::secs(11));
        for check in ALWAYS.into_iter().chain([CALM]) {
            assert_eq!(verdict(&run, check), "holds", "{check}, seed {seed}");
        }
    }
}

/// The bounds are what all waiting rests on: as much as may be asked of links and disks at once stays within them.
#[test]
fn no_more_writes_are_under_way_than_the_bounds_allow() {
    let mut most = 0;
    for seed in 1..=6 {
        let params = [
            ("coordinators", "8"),
            ("members", "8"),
            ("rate", "10"),
            ("disk_min", "50ms"),
            ("disk_max", "50ms"),
            ("latency_min", "0us"),
        ];
        let mut run = testing::run(LAB, seed, &params);
        storm(&mut run, checks::PROMISED, Span::secs(1));
        while run.world().now() < crate::engine::Time(6_000_000) && run.step() {
            let world = run.world();
            let up = world
                .ids()
                .filter(|id| world.cell(*id).status() == Status::Up);
            most = up
                .map(|id| world.cell(id).writes_pending())
                .max()
                .unwrap_or(0)
                .max(most);
        }
    }
    assert!((3..=7).contains(&most), "{most}");
}

/// A pause that is shorter than the bound does no harm; a longer one of the coordinator splits the others from it.
#[test]
fn a_pause_within_the_bound_is_no_fault() {
    for (pause, alike) in [(40, "holds"), (1500, "violated")] {
        let mut run = testing::run(LAB, 1, &[("rate", "0")]);
        pass(&mut run, Span::ms(5));
        ask(LAB, &mut run, NodeId(0), &["pay", "n2", "10"]);
        // The votes are on their way, and n1 is about to say that all are yes.
        pass(&mut run, Span::ms(18));
        act(&mut run, Action::Pause(NodeId(0)));
        pass(&mut run, Span::ms(pause));
        act(&mut run, Action::Resume(NodeId(0)));
        pass(&mut run, Span::secs(2));
        let silence = config(run.world()).map(|config| config.bounds.silence());
        assert!(silence.is_some_and(|silence| Span::ms(40) < silence));
        assert_eq!(verdict(&run, ALIKE), alike, "{pause} ms");
    }
}

/// Outside of what is promised it does split: over seeds, a wall and late messages do.
#[test]
fn storms_that_break_the_bound_split_it() {
    use crate::sim::FaultKind::{LateMessage, Partition, Pause};
    for kind in [Partition, Pause, LateMessage] {
        let split = |seed: &u64| {
            let params = [("members", "2"), ("coordinators", "2"), ("rate", "5")];
            let mut run = testing::run(LAB, *seed, &params);
            storm(&mut run, FaultSet::of(&[kind]), Span::secs(6));
            verdict(&run, ALIKE) == "violated"
        };
        let found = (1..=40).find(split);
        assert!(found.is_some(), "{kind:?} splits nothing");
    }
}
