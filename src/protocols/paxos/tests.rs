//! What is special about Paxos: how large quorums are, what an agreement costs, and that no storm
//! chooses twice.

use super::checks::peers;
use super::lab::Paxos;
use super::message::Ballot;
use super::peer::Config;
use super::rules::{MORE_THAN_HALF, QUORUMS_OVERLAP, Quorums, quorums};
use crate::engine::{NodeId, RuleId, Span};
use crate::lab::{Lab, Run};
use crate::protocols::testing::{self, act, ask, pass, storm, verdict};
use crate::sim::{Action, FaultKind, FaultSet};

const LAB: &dyn Lab = &Paxos;
const ONE_VALUE: &str = "one-value-is-chosen";
const SOON: &str = "after-calm-a-value-is-chosen";

fn config(acceptors: u16, quorums: [usize; 2]) -> Config {
    Config {
        proposers: vec![NodeId(0)],
        acceptors: (0..acceptors).map(NodeId).collect(),
        learners: Vec::new(),
        quorums,
        retry: Span::ms(1),
        back_off: Span::ms(1),
        start: None,
    }
}

fn without(off: &[RuleId], config: &Config) -> Quorums {
    quorums(config, |rule| !off.contains(&rule))
}

/// Whatever is asked for, whoever promises meets whoever accepted.
#[test]
fn quorums_of_the_two_phases_always_meet() {
    for n in 1..=9 {
        for one in 0..=9 {
            for two in 0..=9 {
                let Quorums { one, two } = without(&[], &config(n, [one, two]));
                let n = usize::from(n);
                assert!(one + two > n && one <= n && two <= n, "{one}, {two} of {n}");
            }
        }
    }
}

#[test]
fn half_is_a_majority_of_an_even_number_only_where_the_rule_is_off() {
    let sizes = |off: &[RuleId], n| without(off, &config(n, [0, 0])).two;
    let on: Vec<usize> = (1..=6).map(|n| sizes(&[], n)).collect();
    let off: Vec<usize> = (1..=6).map(|n| sizes(&[MORE_THAN_HALF], n)).collect();
    assert_eq!(on, [1, 2, 2, 3, 3, 4]);
    assert_eq!(off, [1, 1, 2, 2, 3, 3]);
    let apart = without(&[QUORUMS_OVERLAP], &config(5, [2, 3]));
    assert_eq!((apart.one, apart.two), (2, 3));
    assert_eq!(without(&[], &config(5, [2, 3])).one, 3);
}

/// Each message takes 10 ms, and writes take no time: nothing else is in the way of a ballot.
const EXACT: [(&str, &str); 5] = [
    ("by_themselves", "off"),
    ("latency_min", "10ms"),
    ("latency_max", "10ms"),
    ("disk_min", "0ms"),
    ("disk_max", "0ms"),
];

fn moment(run: &Run, id: &str) -> bool {
    let found = LAB.info().moments.iter().find(|moment| moment.id == id);
    (found.expect("a moment of the lab").holds)(run.world())
}

/// Two rounds: chosen after three delays, known after the fourth. Of n acceptors each hears twice, answers
/// the proposer twice, and tells each learner once.
#[test]
fn an_agreement_takes_four_delays() {
    for (acceptors, learners) in [("3", "1"), ("5", "3"), ("9", "2")] {
        let mut params = EXACT.to_vec();
        params.extend([("acceptors", acceptors), ("learners", learners)]);
        let mut run = testing::run(LAB, 1, &params);
        ask(LAB, &mut run, NodeId(0), &["propose", "x"]);
        pass(&mut run, Span::ms(29));
        assert!(!moment(&run, "chosen"));
        pass(&mut run, Span::ms(1));
        assert!(moment(&run, "chosen") && !moment(&run, "learned"));
        pass(&mut run, Span::ms(10));
        assert!(moment(&run, "learned"));
        let numbers = |text: &str| text.parse::<u64>().expect("a number");
        let (n, l) = (numbers(acceptors), numbers(learners));
        let sent = &run.world().counters().sent[..6];
        assert_eq!(sent, [n, n, n, n * (1 + l), 0, 0]);
    }
}

/// A proposer that crashes again and again never asks under a ballot twice.
#[test]
fn a_ballot_is_never_used_again_after_a_crash() {
    let mut run = testing::run(LAB, 4, &[("by_themselves", "off")]);
    let mut used: Vec<Ballot> = Vec::new();
    for crash in 0..20 {
        ask(LAB, &mut run, NodeId(0), &["propose", "x"]);
        pass(&mut run, Span::ms(crash));
        let ballot = peers(run.world())
            .find_map(|(_, peer, _)| peer.proposer.as_ref())
            .map(|proposer| proposer.ballot)
            .expect("p1 is the first node");
        let told = run.world().counters().sent[0] > 0;
        // What nobody was asked for may be asked for later.
        if told {
            assert!(used.iter().all(|before| *before < ballot), "{ballot}");
            used.push(ballot);
        }
        act(&mut run, Action::Kill(NodeId(0)));
        act(&mut run, Action::Restart(NodeId(0)));
    }
    assert!(used.len() > 10);
}

/// Every fault under which it is promised, in both casts and with quorums of several sizes; and after calm
/// a value is there.
#[test]
fn no_storm_chooses_two_values() {
    let faults = FaultSet::all_but(&[FaultKind::DiskLost]);
    let casts = [
        ("apart", "0", "0"),
        ("together", "0", "0"),
        ("apart", "4", "2"),
    ];
    let mut duels = 0;
    for seed in 1..=30 {
        for (roles, one, two) in casts {
            let params = [
                ("roles", roles),
                ("prepare_quorum", one),
                ("accept_quorum", two),
                ("proposers", "3"),
            ];
            let mut run = testing::run(LAB, seed, &params);
            storm(&mut run, faults, Span::secs(4));
            act(&mut run, Action::Calm);
            pass(&mut run, Span::secs(4));
            assert_eq!(verdict(&run, ONE_VALUE), "holds", "{roles}, seed {seed}");
            assert_eq!(verdict(&run, SOON), "holds", "{roles}, seed {seed}");
            duels += u32::from(verdict(&run, "two-proposers-duel") == "seen");
        }
    }
    assert!(duels > 0);
}

/// Equal latencies and no back-off: the two of them overtake each other for as long as anybody looks.
#[test]
fn a_duel_without_back_off_does_not_end() {
    for (back_off, chosen) in [(true, true), (false, false)] {
        let params = [
            ("latency_min", "10ms"),
            ("latency_max", "10ms"),
            ("disk_min", "2ms"),
            ("disk_max", "2ms"),
        ];
        let mut run = testing::run(LAB, 1, &params);
        if !back_off {
            let rule = LAB.rule("back-off").expect("a rule");
            act(&mut run, Action::Rule(rule, false));
        }
        pass(&mut run, Span::secs(60));
        assert_eq!(moment(&run, "chosen"), chosen);
        assert_eq!(verdict(&run, ONE_VALUE), "holds");
    }
}
