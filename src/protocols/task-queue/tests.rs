//! What is special about this lab: the three qualities, the timeouts, and who gets a task.

use super::checks::{book, vault};
use super::lab::{TaskQueue, producers, workers};
use super::message::Quality;
use crate::engine::{NodeId, Span};
use crate::lab::{Lab, Run};
use crate::protocols::testing::{self, act, ask, pass, verdict};
use crate::sim::{Action, FaultKind, FaultSet};

const LAB: &dyn Lab = &TaskQueue;

fn run(seed: u64, params: &[(&str, &str)]) -> Run {
    testing::run(LAB, seed, params)
}

/// Sent and stored, by quality.
fn sums(run: &Run) -> Vec<(Quality, u32, u32, u32)> {
    let vault = vault(run.world()).expect("there is a broker");
    let of = |(_, producer): (NodeId, &super::Producer)| {
        let session = producer.session();
        let stored = vault.stored_of(producer.place());
        (producer.quality(), session.sent, session.accepted, stored)
    };
    producers(run.world()).map(of).collect()
}

#[test]
fn a_bad_network_shows_what_each_quality_is_worth() {
    let (mut fewer, mut more) = (0, 0);
    for seed in 1..=8 {
        let mut run = run(
            seed,
            &[
                ("rate", "4"),
                ("loss", "10%"),
                ("poison_every", "0"),
                // So that there is always room in the queue.
                ("work", "20ms"),
                ("visibility", "200ms"),
            ],
        );
        pass(&mut run, Span::secs(20));
        for (quality, sent, accepted, stored) in sums(&run) {
            assert!(sent > 40, "seed {seed}: {quality:?} sent {sent}");
            match quality {
                Quality::AtMostOnce => {
                    assert!(stored <= sent, "seed {seed}");
                    fewer += sent - stored;
                }
                Quality::AtLeastOnce => {
                    assert!(stored >= accepted, "seed {seed}");
                    more += stored - accepted;
                }
                // One may be stored whose PUBREC is not there yet.
                Quality::ExactlyOnce => {
                    assert!((accepted..=accepted + 1).contains(&stored), "seed {seed}");
                }
            }
        }
        assert!(!run.verdicts().any_violated(), "seed {seed}");
    }
    // Some 600 at each quality, a tenth of the messages lost: of the tasks themselves, or of the answers.
    assert!((30..130).contains(&fewer), "{fewer} were not stored");
    assert!((30..130).contains(&more), "{more} were stored once more");
}

#[test]
fn without_faults_each_task_is_worked_on_once_whoever_gives_it_to_whom() {
    for dispatch in ["round-robin", "load", "pull", "steal"] {
        let params = [
            ("dispatch", dispatch),
            ("poison_every", "0"),
            ("rate", "4"),
            ("qos", "1"),
            ("visibility", "2s"),
        ];
        let mut run = run(5, &params);
        pass(&mut run, Span::secs(20));
        let rows = book(run.world()).rows();
        assert!(rows.len() > 150, "{dispatch}: {} done", rows.len());
        assert!(
            rows.iter().all(|row| (row.works, row.effects) == (1, 1)),
            "{dispatch}"
        );
    }
}

#[test]
fn what_a_dead_worker_had_comes_back_when_the_timeout_is_over_and_not_before() {
    let mut run = run(
        1,
        &[
            ("producers", "1"),
            ("qos", "1"),
            ("rate", "0"),
            ("poison_every", "0"),
        ],
    );
    let producer = run.world().find("p1").expect("a producer");
    ask(LAB, &mut run, producer, &["send"]);
    while workers(run.world()).all(|(_, worker)| worker.hands().is_empty()) {
        assert!(run.step());
    }
    let (holder, _) = workers(run.world())
        .find(|(_, worker)| !worker.hands().is_empty())
        .expect("somebody has it");
    act(&mut run, Action::Kill(holder));
    let deliveries = |run: &Run| vault(run.world()).map_or(0, super::Vault::deliveries);
    // It was handed out 13 ms ago at the most: a write and a message.
    pass(&mut run, Span::ms(780));
    assert_eq!(deliveries(&run), 1);
    pass(&mut run, Span::ms(30));
    assert_eq!(deliveries(&run), 2);
}

#[test]
fn by_load_nobody_has_more_in_hand_than_the_prefetch() {
    let params = [
        ("rate", "20"),
        ("prefetch", "3"),
        ("slow", "4"),
        ("visibility", "2s"),
    ];
    let mut run = run(2, &params);
    let mut most = 0;
    for _ in 0..8_000 {
        run.step();
        let vault = vault(run.world()).expect("there is a broker");
        for (id, _) in workers(run.world()) {
            let lent = vault.entries().iter().filter_map(|entry| entry.lent);
            most = most.max(lent.filter(|lent| lent.worker == id).count());
        }
    }
    assert_eq!(most, 3);
}

/// Every rule with the check that it guards, in the same storms with the rule on and off.
#[test]
fn in_storms_everything_holds_and_without_a_rule_it_does_not() {
    let storm = |seed: u64, rule: Option<&str>| {
        let mut run = run(seed, &[("rate", "4"), ("visibility", "300ms")]);
        if let Some(rule) = rule {
            let rule = LAB.rule(rule).expect("a rule of this lab");
            act(&mut run, Action::Rule(rule, false));
        }
        let kinds = [
            FaultKind::Crash,
            FaultKind::Pause,
            FaultKind::Loss,
            FaultKind::Partition,
        ];
        testing::storm(&mut run, FaultSet::of(&kinds), Span::secs(10));
        run
    };
    for (rule, check) in [
        ("acknowledge-after-the-work", "no-accepted-task-is-lost"),
        ("durable-queue", "no-accepted-task-is-lost"),
        ("dedup-by-id", "no-task-takes-effect-twice"),
    ] {
        let found = (1..=6).any(|seed| verdict(&storm(seed, Some(rule)), check) == "violated");
        assert!(found, "{rule} off breaks nothing");
    }
    for seed in 1..=6 {
        assert!(!storm(seed, None).verdicts().any_violated(), "seed {seed}");
    }
}
