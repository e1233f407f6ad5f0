//! The rule and its check as a pair over many seeds, and proof that each promise can be broken.

use super::engine::{MONITOR, Monitor};
use super::lab::HeartbeatLab;
use crate::engine::{NodeId, RuleSet, Span};
use crate::lab::{Card, Checker, Lab, LabInfo, Lang, Run, Setup, Verdict};
use crate::protocols::testing::{self, act, pass, storm, verdict};
use crate::sim::{Action, FaultKind, FaultSet, Policy, Ratio, Request, Setting, World};

const LAB: &dyn Lab = &HeartbeatLab;
const N1: NodeId = NodeId(1);

fn run(seed: u64, params: &[(&str, &str)]) -> Run {
    testing::run(LAB, seed, params)
}

const NOT_TOO_EARLY: &str = "a-node-is-suspected-only-after-a-full-timeout-without-a-heartbeat";
const DEAD_NOTICED: &str = "a-dead-node-is-suspected";
const TRUSTED_AGAIN: &str = "a-live-node-is-trusted-again";

/// All faults that the check is promised under, for a while.
fn stormy(seed: u64, rule: bool) -> Run {
    let mut run = run(seed, &[]);
    let off = LAB.rule("restart-on-arrival").expect("a rule of this lab");
    act(&mut run, Action::Rule(off, rule));
    let kinds = FaultSet::all_but(&[FaultKind::ClockSkew]);
    storm(&mut run, kinds, Span::secs(10));
    run
}

#[test]
fn with_the_rule_the_promise_holds_in_every_storm() {
    let mut false_alarms = 0;
    for seed in 1..=100 {
        let run = stormy(seed, true);
        assert_eq!(verdict(&run, NOT_TOO_EARLY), "holds", "seed {seed}");
        assert_eq!(verdict(&run, DEAD_NOTICED), "holds", "seed {seed}");
        false_alarms += usize::from(verdict(&run, "a-false-alarm") == "seen");
    }
    assert!(
        false_alarms > 50,
        "storms too weak: {false_alarms} of 100 with a false alarm"
    );
}

#[test]
fn without_the_rule_the_promise_breaks_in_every_storm() {
    for seed in 1..=100 {
        let run = stormy(seed, false);
        assert_eq!(verdict(&run, NOT_TOO_EARLY), "violated", "seed {seed}");
        // The rule guards accuracy; completeness does not need it.
        assert_eq!(verdict(&run, DEAD_NOTICED), "holds", "seed {seed}");
    }
}

#[test]
fn a_timer_that_is_fired_by_hand_breaks_the_first_promise() {
    let mut run = run(1, &[]);
    pass(&mut run, Span::ms(500));
    act(&mut run, Action::Fire(MONITOR, Monitor::silence(N1)));
    assert_eq!(verdict(&run, NOT_TOO_EARLY), "violated");
}

#[test]
fn a_slow_clock_breaks_the_second_promise() {
    let mut run = run(1, &[]);
    act(&mut run, Action::Drift(MONITOR, -500_000));
    pass(&mut run, Span::ms(500));
    act(&mut run, Action::Kill(N1));
    pass(&mut run, Span::secs(1));
    assert_eq!(verdict(&run, DEAD_NOTICED), "violated");
    assert_eq!(verdict(&run, NOT_TOO_EARLY), "holds");
}

/// The lab on a network that delivers nothing, even when all is calm.
struct Deaf;

impl Lab for Deaf {
    fn info(&self) -> &'static LabInfo {
        LAB.info()
    }

    fn card(&self) -> &'static Card {
        LAB.card()
    }

    fn locale(&self, lang: Lang) -> &'static str {
        LAB.locale(lang)
    }

    fn world(&self, setup: &Setup) -> World {
        let net = Policy {
            loss: Ratio::ONE,
            ..setup.net()
        };
        World::new(Setting {
            seed: setup.seed,
            nodes: super::lab::nodes(&setup.params),
            net,
            disk: (Span(0), Span(0)),
            rules: RuleSet::default(),
        })
    }

    fn checker(&self, world: &World) -> Box<dyn Checker> {
        LAB.checker(world)
    }

    fn request(&self, world: &World, node: NodeId, words: &[&str]) -> Option<Request> {
        LAB.request(world, node, words)
    }
}

#[test]
fn a_deaf_network_breaks_the_third_promise() {
    for (lab, wanted) in [(LAB, "holds"), (&Deaf as &dyn Lab, "violated")] {
        let mut run = Run::new(lab, &LAB.setup(1));
        act(&mut run, Action::Calm);
        pass(&mut run, Span::secs(31));
        assert_eq!(verdict(&run, TRUSTED_AGAIN), wanted);
    }
}

#[test]
fn a_perfect_network_and_a_long_timeout_make_a_perfect_detector() {
    for seed in 1..=20 {
        // 100 ms between heartbeats, and 15 ms between the fastest and the slowest.
        let mut run = run(seed, &[("timeout", "116ms")]);
        pass(&mut run, Span::secs(20));
        assert_eq!(
            verdict(&run, "a-node-is-suspected"),
            "not-seen",
            "seed {seed}"
        );
    }
    let mut short = run(1, &[("timeout", "99ms")]);
    pass(&mut short, Span::secs(1));
    assert_eq!(verdict(&short, "a-false-alarm"), "seen");
}

#[test]
fn a_crash_is_noticed_between_one_timeout_less_an_interval_and_one_timeout() {
    for seed in 1..=50 {
        let mut run = run(seed, &[]);
        pass(&mut run, Span::ms(1000 + seed * 7));
        let killed = run.world().now();
        act(&mut run, Action::Kill(N1));
        let at = LAB
            .check("a-node-is-suspected")
            .expect("a check of this lab");
        while matches!(run.verdicts().get(at), Verdict::NotSeen) {
            assert!(run.step(), "nothing happens any more");
            let waited = run.world().now() - killed;
            assert!(
                waited < Span::secs(1),
                "seed {seed}: not noticed for {waited}"
            );
        }
        let took = run.world().now() - killed;
        // The last heartbeat left at most one interval before the crash, and took 5 to 20 ms.
        let bounds = Span::ms(350 - 100 + 5)..=Span::ms(350 + 20);
        assert!(bounds.contains(&took), "seed {seed}: {took}");
    }
}

#[test]
fn a_hundred_nodes_with_two_thousand_heartbeats_under_way() {
    let params = [
        ("nodes", "99"),
        ("interval", "45ms"),
        ("latency_min", "1s"),
        ("latency_max", "1s"),
        ("timeout", "2s"),
    ];
    let mut run = run(1, &params);
    pass(&mut run, Span::secs(3));
    assert_eq!(run.world().ids().count(), 100);
    assert!(run.world().flights().count() > 2000);
    assert_eq!(verdict(&run, "a-node-is-suspected"), "not-seen");
}
