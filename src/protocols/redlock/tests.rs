//! The promises over many seeds, each under the faults that it names, and what lies beyond them.

use super::lab::Redlock;
use crate::engine::{NodeId, Span};
use crate::lab::{Lab, Run};
use crate::sim::{Action, FaultKind, FaultSet, StormPlan};
use std::rc::Rc;

const LAB: &dyn Lab = &Redlock;

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

fn stormy(seed: u64, params: &[(&str, &str)], kinds: FaultSet) -> Run {
    let mut run = run(seed, params);
    let every = Span::ms(150 + 50 * (seed % 7));
    act(&mut run, Action::Storm(StormPlan { every, kinds }));
    pass(&mut run, Span::secs(10));
    run
}

const ONE_GRANT: &str = "one-grant-at-a-time";
const ONE_BELIEVER: &str = "one-believer-at-a-time";

#[test]
fn two_majorities_share_an_instance_in_every_storm_with_right_clocks() {
    let kinds = FaultSet::all_but(&[FaultKind::ClockSkew]);
    let mut believers = 0;
    for seed in 1..=40 {
        let run = stormy(seed, &[("rate", "9")], kinds);
        assert_eq!(verdict(&run, ONE_GRANT), "holds", "seed {seed}");
        believers += usize::from(verdict(&run, ONE_BELIEVER) == "violated");
    }
    assert!(believers > 5, "the storms are too weak: {believers} of 40");
}

#[test]
fn without_pauses_and_wrong_clocks_one_believes_at_a_time() {
    let kinds = FaultSet::all_but(&[FaultKind::Pause, FaultKind::ClockSkew]);
    for seed in 1..=40 {
        let run = stormy(seed, &[("rate", "9"), ("work", "200ms")], kinds);
        assert_eq!(verdict(&run, ONE_BELIEVER), "holds", "seed {seed}");
        assert_eq!(verdict(&run, "the-lock-is-granted"), "seen", "seed {seed}");
    }
}

#[test]
fn an_even_number_of_instances_wants_more_than_half() {
    for instances in ["2", "4", "6"] {
        for seed in 1..=10 {
            let kinds = FaultSet::of(&[FaultKind::Loss, FaultKind::Partition]);
            let params = [("instances", instances), ("rate", "9")];
            let run = stormy(seed, &params, kinds);
            assert_eq!(verdict(&run, ONE_BELIEVER), "holds", "seed {seed}");
        }
    }
}

#[test]
fn a_minority_that_is_down_does_no_harm_and_a_majority_stops_all() {
    for (down, wanted) in [(2, "seen"), (3, "not-seen")] {
        let mut run = run(1, &[]);
        for id in 0..down {
            act(&mut run, Action::Kill(NodeId(id)));
        }
        pass(&mut run, Span::secs(5));
        assert_eq!(verdict(&run, "the-lock-is-granted"), wanted);
    }
}
