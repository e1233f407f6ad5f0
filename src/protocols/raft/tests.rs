//! What the bound of the checks for after calm rests on: how often chance alone splits the votes.

use super::checks::{SOON, leader, settled_logs};
use super::lab::Raft;
use super::server::Server;
use crate::engine::{NodeId, Span, Time, engine_of};
use crate::lab::{Lab, Run, Setup};
use crate::sim::Action;
use crate::view::request_controls;

/// A setup with the default times, so many servers and nobody who asks.
fn setup(seed: u64, nodes: u64) -> Setup {
    let mut setup = (&Raft as &dyn Lab).setup(seed);
    for (name, value) in [("nodes", nodes.to_string()), ("clients", "0".to_owned())] {
        setup.params.set(name, &value).expect("within its bounds");
    }
    setup
}

/// The longest way of a vote: the candidate's write, and the message.
fn way(setup: &Setup) -> Span {
    Span(setup.params.span("disk_max").0 + setup.params.span("latency_max").0)
}

/// How many terms fit into the time of the checks.
fn terms(setup: &Setup) -> i32 {
    (SOON.0 / (setup.params.span("timeout_max").0 + way(setup).0)) as i32
}

fn choose(n: i32, k: i32) -> f64 {
    (0..k).fold(1.0, |product, i| {
        product * f64::from(n - i) / f64::from(i + 1)
    })
}

/// At most how likely a term is lost, as the comment at `SOON` says.
fn lost(setup: &Setup) -> f64 {
    let n = setup.params.integer("nodes") as i32;
    let range = setup.params.span("timeout_max").0 - setup.params.span("timeout_min").0;
    let x = way(setup).0 as f64 / range as f64;
    let at_most = |m: i32| -> f64 {
        let terms = (0..m).map(|j| choose(n, j) * x.powi(j) * (1.0 - x).powi(n - j));
        terms.sum()
    };
    let tie = if n % 2 == 0 {
        choose(n - 2, n / 2 - 1) / 2_f64.powi(n - 2)
    } else {
        0.0
    };
    (at_most(2) - at_most(1)) * tie + 1.0 - at_most(2)
}

#[test]
fn chance_alone_breaks_no_promise_for_after_calm() {
    for nodes in 2..=9 {
        let setup = setup(1, nodes);
        let chance = lost(&setup).powi(terms(&setup));
        assert!(chance < 1e-9, "{nodes} servers: {chance:e}");
    }
}

/// The term in which there is a leader first, all timers being armed together at the start.
fn first_led(setup: &Setup) -> u32 {
    let mut run = Run::new(&Raft, setup);
    loop {
        if let Some(lead) = leader(run.world()) {
            let server = engine_of::<Server>(run.world().cell(lead).node());
            return server.expect("a server leads").term.0;
        }
        assert!(run.step(), "nothing is due");
    }
}

#[test]
fn the_formula_is_not_too_bold() {
    const SEEDS: u32 = 400;
    for nodes in [2, 4, 5, 8] {
        let led = (1..=u64::from(SEEDS)).map(|seed| first_led(&setup(seed, nodes)));
        let led: Vec<u32> = led.collect();
        let most = led.iter().max().copied().unwrap_or(0);
        assert!(
            most.cast_signed() <= terms(&setup(1, nodes)),
            "{nodes}: term {most}"
        );
        // Each term before that one was lost.
        let all: u32 = led.iter().sum();
        let share = f64::from(all - SEEDS) / f64::from(all);
        let bound = lost(&setup(1, nodes));
        // Four standard deviations of so many draws.
        let slack = 4.0 * (bound * (1.0 - bound) / f64::from(all)).sqrt();
        assert!(share <= bound + slack, "{nodes} servers: {share} > {bound}");
    }
}

/// The other half: with equal fixed latencies and timers armed together, and the timeouts not
/// drawn, each of these terms is lost for certain, for as long as anybody watches.
#[test]
fn equal_timeouts_split_the_votes_of_every_term() {
    let lab: &dyn Lab = &Raft;
    let mut setup = setup(1, 5);
    for (name, value) in [
        ("latency_min", "8ms"),
        ("latency_max", "8ms"),
        ("disk_min", "1ms"),
        ("disk_max", "1ms"),
    ] {
        setup.params.set(name, value).expect("within its bounds");
    }
    let mut run = Run::new(lab, &setup);
    let rule = lab.rule("randomise-timeout").expect("a rule of the lab");
    let off = std::rc::Rc::new(crate::sim::Action::Rule(rule, false));
    run.act(&off).expect("a rule can be switched");
    let end = crate::engine::Time(2 * SOON.0);
    while run.world().now() < end && run.step() {
        assert_eq!(leader(run.world()), None);
    }
    let server = engine_of::<Server>(run.world().cell(NodeId(0)).node());
    let term = server.expect("a server").term.0.cast_signed();
    assert!(term > terms(&setup), "only {term} terms");
}

fn server(run: &Run, id: NodeId) -> &Server {
    engine_of::<Server>(run.world().cell(id).node()).expect("a server")
}

fn step_until(run: &mut Run, wanted: impl Fn(&Run) -> bool) {
    while !wanted(run) {
        assert!(run.world().now() < Time(60_000_000), "it does not come");
        assert!(run.step(), "nothing is due");
    }
}

/// Section 3.10 of the dissertation: a transfer takes a round trip or two, no election timeout.
#[test]
fn a_transfer_does_not_wait_for_a_timeout() {
    let lab: &dyn Lab = &Raft;
    for seed in 1..=20 {
        let mut setup = setup(seed, 5);
        setup.params.set("pre_vote", "on").expect("a flag");
        let mut run = Run::new(lab, &setup);
        step_until(&mut run, |run| {
            settled_logs(run.world()) && leader(run.world()).is_some()
        });
        let old = leader(run.world()).expect("a leader");
        let term = server(&run, old).term;
        let words = ["transfer"];
        let request = lab.request(run.world(), old, &words).expect("its form");
        let began = run.world().now();
        run.act(&std::rc::Rc::new(crate::sim::Action::Ask(old, request)))
            .expect("it is up");
        step_until(&mut run, |run| {
            leader(run.world()).is_some_and(|new| new != old)
        });
        let new = leader(run.world()).expect("a leader");
        assert_eq!(server(&run, new).term.0, term.0 + 1, "seed {seed}");
        let took = run.world().now() - began;
        assert!(
            took < setup.params.span("timeout_min"),
            "seed {seed}: {took}"
        );
    }
}

/// Section 7: the log stays short, however much is asked for, and so does what is on disk.
#[test]
fn with_snapshots_the_log_stays_short() {
    let lab: &dyn Lab = &Raft;
    let mut setup = lab.setup(3);
    for (name, value) in [("clients", "3"), ("rate", "20"), ("compact", "8")] {
        setup.params.set(name, value).expect("within its bounds");
    }
    let mut run = Run::new(lab, &setup);
    let mut longest = 0;
    while run.world().now() < Time(10_000_000) && run.step() {
        for id in (0..5).map(NodeId) {
            let log = &server(&run, id).log;
            longest = longest.max(log.len() - log.begin());
        }
    }
    let all = server(&run, NodeId(0)).commit.len();
    assert!(all > 300, "only {all} entries");
    // Those that come while the snapshot is written, too.
    assert!((8..24).contains(&longest), "{longest} entries at once");
    assert!(!run.verdicts().any_violated());
}

/// What a server of a fresh run can be asked for, by the bar of a chosen node.
fn offered(spare: &str, dead: bool) -> Vec<String> {
    let mut setup = setup(7, 3);
    setup.params.set("spare", spare).expect("within its bounds");
    let mut run = Run::new(&Raft, &setup);
    if dead {
        run.act(&Action::Kill(NodeId(0)).into()).expect("it lives");
    }
    let names = crate::lab::Names::of(&Raft, run.world());
    let controls = request_controls(run.world(), &names, NodeId(0));
    let words = |control: crate::view::Control| control.label.args[0].1.clone();
    controls.into_iter().map(words).collect()
}

#[test]
fn what_cannot_be_done_is_not_offered() {
    assert_eq!(offered("0", false), ["transfer"]);
    let all = ["transfer", "add", "remove", "reconfigure n1"];
    assert_eq!(offered("1", false), all);
    assert!(offered("1", true).is_empty());
}
