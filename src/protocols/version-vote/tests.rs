//! What is special about the register: what a request costs, what the votes come to, and that no storm makes
//! anybody read back in time, unless a rule is off.

use super::checks::{clients, replicas};
use super::lab::VersionVote;
use super::message::Version;
use super::rules::{MAJORITY, needed};
use crate::engine::{NodeId, Span};
use crate::lab::{Lab, Run};
use crate::protocols::testing::{self, act, ask, pass, storm, verdict};
use crate::sim::{Action, FaultKind, FaultSet};

const LAB: &dyn Lab = &VersionVote;
const LINEARIZABLE: &str = "clients-linearizable";
const SOON: &str = "after-calm-everybody-is-answered";

/// Each message takes 10 ms, and writes take no time.
const EXACT: [(&str, &str); 5] = [
    ("rate", "0"),
    ("latency_min", "10ms"),
    ("latency_max", "10ms"),
    ("disk_min", "0ms"),
    ("disk_max", "0ms"),
];

fn client(run: &Run, number: usize) -> NodeId {
    let mut all = clients(run.world()).map(|(id, _)| id);
    all.nth(number - 1).expect("a client")
}

fn rule_off(run: &mut Run, id: &str) {
    act(run, Action::Rule(LAB.rule(id).expect("a rule"), false));
}

#[test]
fn two_majorities_always_meet_and_single_answers_need_not() {
    for replicas in 1..=9 {
        let majority = needed(replicas, |_| true);
        assert!(2 * majority > replicas && majority <= replicas);
        assert_eq!(needed(replicas, |rule| rule != MAJORITY), 1);
    }
}

#[test]
fn versions_are_compared_by_number_and_then_by_writer() {
    let version = |number, writer| Version { number, writer };
    assert!(version(1, 2) > version(1, 1) && version(2, 1) > version(1, 2));
    assert!(version(1, 1) > Version::NONE);
}

/// README.md: 4n messages and four delays, in the same way for writes and reads.
#[test]
fn a_request_takes_four_delays_and_four_messages_a_replica() {
    for nodes in ["1", "3", "5", "9"] {
        let n: u64 = nodes.parse().expect("a number");
        let mut params = EXACT.to_vec();
        params.push(("nodes", nodes));
        let mut run = testing::run(LAB, 1, &params);
        for (number, words) in [(1, &["write", "a"][..]), (2, &["read"])] {
            let before: u64 = run.world().counters().sent.iter().sum();
            let node = client(&run, number);
            ask(LAB, &mut run, node, words);
            let done = |run: &Run| clients(run.world()).nth(number - 1).map(|(_, c)| c.done);
            pass(&mut run, Span::ms(39));
            assert_eq!(done(&run), Some(0), "{words:?}");
            pass(&mut run, Span::ms(1));
            assert_eq!(done(&run), Some(1), "{words:?}");
            let after: u64 = run.world().counters().sent.iter().sum();
            assert_eq!(after - before, 4 * n, "{words:?}");
        }
    }
}

/// The article's case: replicas at 3, 4 and 4. A third of the answers is at 3, two thirds are at 4.
#[test]
fn of_three_four_and_four_a_third_is_behind() {
    let params = [("nodes", "3"), ("clients", "1"), ("rate", "0")];
    for seed in 1..=5 {
        let mut run = testing::run(LAB, seed, &params);
        rule_off(&mut run, "ask-a-majority-first");
        rule_off(&mut run, "write-back-what-was-read");
        let c1 = client(&run, 1);
        for value in ["a", "b", "c"] {
            ask(LAB, &mut run, c1, &["write", value]);
            pass(&mut run, Span::ms(100));
        }
        let n1 = NodeId(0);
        let (from, to, both) = (c1, n1, true);
        act(&mut run, Action::Cut { from, to, both });
        ask(LAB, &mut run, c1, &["write", "d"]);
        pass(&mut run, Span::ms(100));
        act(&mut run, Action::Heal(None));
        let at: Vec<u32> = replicas(run.world())
            .map(|(_, replica, _)| replica.held.version.number)
            .collect();
        assert_eq!(at, [3, 4, 4]);
        for _ in 0..10 {
            ask(LAB, &mut run, c1, &["read"]);
            pass(&mut run, Span::ms(100));
        }
        let counted = clients(run.world()).map(|(_, client)| (client.behind, client.heard));
        assert_eq!(counted.collect::<Vec<_>>(), [(10, 30)]);
    }
}

/// Every fault under which it is promised; and after calm everybody is answered.
#[test]
fn no_storm_makes_anybody_read_back_in_time() {
    let faults = FaultSet::all_but(&[FaultKind::DiskLost]);
    let mut repaired = 0;
    for seed in 1..=30 {
        for nodes in ["3", "4", "5"] {
            let params = [("nodes", nodes), ("clients", "5"), ("rate", "10")];
            let mut run = testing::run(LAB, seed, &params);
            storm(&mut run, faults, Span::secs(4));
            act(&mut run, Action::Calm);
            pass(&mut run, Span::secs(3));
            for check in [
                LINEARIZABLE,
                "what-is-read-was-written",
                "a-version-has-one-value",
                "versions-never-go-back",
                SOON,
            ] {
                assert_eq!(verdict(&run, check), "holds", "{nodes}, seed {seed}");
            }
            let seen = verdict(&run, "a-read-repairs-a-replica") == "seen";
            repaired += u32::from(seen);
        }
    }
    assert!(repaired > 60, "{repaired}");
}

/// A client that crashes again and again in the middle of its writes never uses a version for two values.
#[test]
fn a_version_is_never_used_again_after_a_crash() {
    let mut run = testing::run(LAB, 4, &[("nodes", "3"), ("rate", "0")]);
    let c1 = client(&run, 1);
    for crash in 0..40 {
        ask(LAB, &mut run, c1, &["write", &format!("v{crash}")]);
        pass(&mut run, Span::ms(crash));
        act(&mut run, Action::Kill(c1));
        act(&mut run, Action::Restart(c1));
    }
    let node = client(&run, 2);
    ask(LAB, &mut run, node, &["read"]);
    pass(&mut run, Span::ms(200));
    assert_eq!(verdict(&run, "a-version-has-one-value"), "holds");
    assert_eq!(verdict(&run, LINEARIZABLE), "holds");
    let highest = replicas(run.world()).map(|(_, replica, _)| replica.held.version.number);
    assert!(highest.max() > Some(5));
}
