//! The promises over many seeds, each under the faults that it names, and what lies beyond them.

use super::lab::{LeaseLock, RESOURCE, STORE};
use crate::engine::{NodeId, Span};
use crate::lab::{Lab, Run};
use crate::sim::{Action, FaultKind, FaultSet, StormPlan};
use std::rc::Rc;

const LAB: &dyn Lab = &LeaseLock;
const C1: NodeId = NodeId(2);

fn run(seed: u64, params: &[(&str, &str)]) -> Run {
    let mut setup = LAB.setup(seed);
    for (name, value) in params {
        setup.params.set(name, value).expect("within bounds");
    }
    Run::new(LAB, &setup)
}

fn act(run: &mut Run, action: Action) {
    run.act(&Rc::new(action)).expect("the action has an effect");
}

fn ask(run: &mut Run, node: NodeId) {
    let request = LAB.request(run.world(), node, &["acquire"]);
    let request = request.expect("a client takes it");
    act(run, Action::Ask(node, request));
}

fn pass(run: &mut Run, span: Span) {
    let until = run.world().now() + span;
    while run.world().next_time().is_some_and(|due| due <= until) {
        run.step();
    }
    run.advance_to(until);
}

fn verdict(run: &Run, id: &str) -> &'static str {
    let at = LAB.check(id).expect("a check of this lab");
    run.verdicts().get(at).id()
}

const ONE_GRANT: &str = "one-grant-at-a-time";
const ONE_BELIEVER: &str = "one-believer-at-a-time";
const NO_OLDER: &str = "no-older-write-is-accepted";
const OLDER_LANDS: &str = "an-older-write-lands";

fn storm(seed: u64, params: &[(&str, &str)], kinds: FaultSet) -> Run {
    let mut run = run(seed, params);
    let every = Span::ms(150 + 50 * (seed % 7));
    act(&mut run, Action::Storm(StormPlan { every, kinds }));
    pass(&mut run, Span::secs(12));
    run
}

#[test]
fn grants_and_fenced_writes_stand_every_storm_that_leaves_the_disks() {
    let kinds = FaultSet::all_but(&[FaultKind::DiskLost]);
    let mut believers = 0;
    for seed in 1..=60 {
        let replica = if seed % 2 == 0 { "on" } else { "off" };
        let params = [("fencing", "on"), ("replica", replica), ("rate", "9")];
        let run = storm(seed, &params, kinds);
        assert_eq!(verdict(&run, ONE_GRANT), "holds", "seed {seed}");
        assert_eq!(verdict(&run, NO_OLDER), "holds", "seed {seed}");
        assert_eq!(verdict(&run, OLDER_LANDS), "not-seen", "seed {seed}");
        believers += usize::from(verdict(&run, ONE_BELIEVER) == "violated");
    }
    // The storms are strong enough: what is promised under less than that breaks in many of them.
    assert!(believers > 15, "{believers} of 60");
}

#[test]
fn without_pauses_and_wrong_clocks_one_believes_at_a_time() {
    let kinds = FaultSet::all_but(&[FaultKind::DiskLost, FaultKind::Pause, FaultKind::ClockSkew]);
    for seed in 1..=60 {
        let run = storm(seed, &[("rate", "9"), ("work", "200ms")], kinds);
        assert_eq!(verdict(&run, ONE_BELIEVER), "holds", "seed {seed}");
    }
}

#[test]
fn without_fencing_an_older_write_lands_in_some_storm() {
    let kinds = FaultSet::of(&[FaultKind::Pause, FaultKind::LateMessage]);
    let lands = |seed: &u64| {
        let run = storm(*seed, &[("rate", "20"), ("work", "200ms")], kinds);
        assert_eq!(verdict(&run, NO_OLDER), "holds", "it is not promised");
        verdict(&run, OLDER_LANDS) == "seen"
    };
    assert!((1..=60).filter(lands).count() > 5);
}

#[test]
fn a_lost_disk_is_outside_the_promise() {
    let mut run = run(1, &[("rate", "0"), ("clients", "2")]);
    ask(&mut run, C1);
    pass(&mut run, Span::ms(40));
    act(&mut run, Action::Wipe(STORE));
    act(&mut run, Action::Restart(STORE));
    ask(&mut run, NodeId(3));
    pass(&mut run, Span::ms(40));
    assert_eq!(verdict(&run, ONE_GRANT), "violated");
}

#[test]
fn after_the_holder_dies_the_next_one_waits_for_no_more_than_the_lease() {
    for seed in 1..=40 {
        let mut run = run(seed, &[("rate", "0"), ("clients", "2"), ("ttl", "500ms")]);
        ask(&mut run, C1);
        pass(&mut run, Span::ms(100));
        act(&mut run, Action::Kill(C1));
        ask(&mut run, NodeId(3));
        let moment = LAB.info().moments.iter().find(|moment| moment.id == "held");
        let held = moment.expect("a moment of this lab").holds;
        while !held(run.world()) {
            assert!(run.step(), "nothing happens any more");
        }
        let took = run.world().now() - crate::engine::Time(0);
        // The lease, one wait of up to 60 ms, two messages of up to 10 ms each way, and the disk.
        assert!(took > Span::ms(500), "seed {seed}: {took}");
        assert!(took < Span::ms(500 + 60 + 60 + 4), "seed {seed}: {took}");
    }
}

#[test]
fn the_resource_takes_what_comes_after_its_crash() {
    let mut run = run(1, &[("fencing", "on")]);
    pass(&mut run, Span::secs(2));
    act(&mut run, Action::Kill(RESOURCE));
    act(&mut run, Action::Restart(RESOURCE));
    pass(&mut run, Span::secs(2));
    assert_eq!(verdict(&run, NO_OLDER), "holds");
}
