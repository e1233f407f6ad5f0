//! What is special about the bully algorithm: what an election costs, how soon it is over, and that crashes alone
//! break nothing.

use super::checks::in_time;
use super::experiments::{Messages, exact, mean, measured};
use super::lab::Bully;
use super::peer::Config;
use crate::engine::{NodeId, Span};
use crate::lab::experiment::Experiment;
use crate::lab::{Lab, Params, Run};
use crate::protocols::testing::{self, act, pass, storm, verdict};
use crate::sim::{Action, FaultKind, FaultSet};

const LAB: &dyn Lab = &Bully;
const OVER: &str = "nobody-takes-the-lead-over-a-higher-live-node";
const ONE: &str = "two-lead-only-while-an-announcement-travels";
const WAIT: &str = "a-wait-for-a-coordinator-ends";
const IN_TIME: &str = "the-highest-live-node-leads-in-time";
const A_TERM: &str = "one-leader-a-term";
const CALM: &str = "after-calm-the-highest-leads";

fn params(nodes: u64, notices: &str) -> Params {
    let mut params = Params::defaults(Messages.spec().params);
    let set = params.set("nodes", &nodes.to_string());
    assert!(set.is_ok() && params.set("notices", notices).is_ok());
    params
}

/// For each size and each node that may notice, and whatever the latencies are.
#[test]
fn an_election_takes_as_many_messages_as_the_formula_says() {
    for n in 2..=12 {
        let mut all = 0;
        for k in 1..n {
            let any = params(n, "any");
            for seed in [k - 1, (k - 1) + 7 * (n - 1)] {
                let (messages, ..) = measured(&any, seed);
                assert_eq!(messages, Some(exact(n, k)), "{k} of {n}");
            }
            all += exact(n, k);
        }
        let measured_mean = all as f64 / (n - 1) as f64;
        assert!((measured_mean - mean(n)).abs() < 1e-9, "{n}");
    }
}

#[test]
fn the_best_and_the_worst_order_are_those_of_the_formulas() {
    for n in 2..=12 {
        let (best, ..) = measured(&params(n, "second-highest"), n);
        let (worst, ..) = measured(&params(n, "lowest"), n);
        assert_eq!((best, worst), (Some(n - 1), Some(n * n - n - 1)), "{n}");
    }
}

/// A point of the experiment opens as the run that was measured.
#[test]
fn a_measured_run_is_a_story() {
    use crate::lab::{History, Outcome, Player, Story};
    let any = params(6, "any");
    let text = Messages.story(&any, 9, 0).expect("it is a run");
    let story = Story::parse(&text, &[LAB], &mut |_| Ok(())).expect("a story");
    let mut history = History::new(LAB, story.setup.clone(), 0);
    let mut ended = |_: &_, outcome| assert_eq!(outcome, Outcome::Done);
    assert!(Player::new(&story).play(&mut history, 100_000, &mut |_| {}, &mut ended));
}

#[test]
fn no_storm_of_crashes_breaks_a_promise() {
    let faults = FaultSet::of(&[FaultKind::Crash, FaultKind::Restart]);
    let mut taken_over = 0;
    for seed in 1..=60 {
        for nodes in ["3", "5", "9"] {
            let mut run = testing::run(LAB, seed, &[("nodes", nodes)]);
            storm(&mut run, faults, Span::secs(8));
            for check in [OVER, ONE, IN_TIME, WAIT] {
                assert_eq!(verdict(&run, check), "holds", "{check}, seed {seed}");
            }
            taken_over += u32::from(verdict(&run, "a-higher-node-takes-over") == "seen");
        }
    }
    assert!(taken_over > 100, "{taken_over}");
}

#[test]
fn terms_hold_in_every_storm_but_one_that_loses_disks() {
    let faults = FaultSet::all_but(&[FaultKind::DiskLost]);
    for seed in 1..=60 {
        let mut run = testing::run(LAB, seed, &[("variant", "terms")]);
        storm(&mut run, faults, Span::secs(8));
        act(&mut run, Action::Calm);
        pass(&mut run, Span::secs(21));
        assert_eq!(verdict(&run, A_TERM), "holds", "seed {seed}");
        assert_eq!(verdict(&run, CALM), "holds", "seed {seed}");
    }
}

fn leads(run: &Run, node: NodeId) -> bool {
    super::checks::leaders(run.world()).any(|leader| leader == node)
}

/// The time from the crash of the leader to the next one: a silence, and a wait.
#[test]
fn the_next_leader_is_there_within_a_silence_and_a_wait() {
    let config = Config {
        nodes: 5,
        terms: false,
        answer_wait: Span::ms(50),
        heartbeat: Span::ms(50),
        leader_timeout: Span::ms(200),
    };
    let most = in_time(&config, Span::ms(14));
    assert_eq!(most, Span::ms(2 * 14 + 200 + 50));
    for seed in 1..=40 {
        let mut run = testing::run(LAB, seed, &[]);
        pass(&mut run, Span::ms(400 + seed));
        act(&mut run, Action::Kill(NodeId(4)));
        let killed = run.world().now();
        while !leads(&run, NodeId(3)) {
            assert!(run.step(), "nothing happens any more");
        }
        let took = run.world().now() - killed;
        assert!(took <= most && took >= Span::ms(200), "seed {seed}: {took}");
    }
}

#[test]
fn a_wall_breaks_the_plain_variant_and_not_the_terms() {
    for (variant, one, a_term) in [
        ("plain", "violated", "holds"),
        ("terms", "violated", "holds"),
    ] {
        let mut run = testing::run(LAB, 3, &[("variant", variant)]);
        pass(&mut run, Span::ms(500));
        let groups = vec![(0..3).map(NodeId).collect(), (3..5).map(NodeId).collect()];
        act(&mut run, Action::Partition(groups));
        pass(&mut run, Span::secs(2));
        // In both two believe to lead; with terms they do so in two of them.
        assert_eq!(verdict(&run, ONE), one, "{variant}");
        assert_eq!(verdict(&run, A_TERM), a_term, "{variant}");
    }
    // On the side of the few nobody is elected.
    let mut run = testing::run(LAB, 3, &[("variant", "terms")]);
    pass(&mut run, Span::ms(500));
    let groups = vec![(0..2).map(NodeId).collect(), (2..5).map(NodeId).collect()];
    act(&mut run, Action::Partition(groups));
    pass(&mut run, Span::secs(2));
    assert!(!leads(&run, NodeId(1)) && leads(&run, NodeId(4)));
}
