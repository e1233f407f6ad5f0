//! A run of a lab in the hands of its tests.

use crate::engine::{NodeId, Span};
use crate::lab::{Lab, Run, Setup};
use crate::sim::{Action, FaultSet, StormPlan};
use std::rc::Rc;

/// What a run starts from, with these parameters.
pub(super) fn setup(lab: &dyn Lab, seed: u64, params: &[(&str, &str)]) -> Setup {
    let mut setup = lab.setup(seed);
    for (name, value) in params {
        setup.params.set(name, value).expect("within bounds");
    }
    setup
}

/// A run at its beginning.
pub(super) fn run(lab: &dyn Lab, seed: u64, params: &[(&str, &str)]) -> Run {
    Run::new(lab, &setup(lab, seed, params))
}

/// Does something, which must have an effect.
pub(super) fn act(run: &mut Run, action: Action) {
    run.act(&Rc::new(action)).expect("the action has an effect");
}

/// Asks a node for something, in the words of a story.
pub(super) fn ask(lab: &dyn Lab, run: &mut Run, node: NodeId, words: &[&str]) {
    let request = lab.request(run.world(), node, words);
    act(run, Action::Ask(node, request.expect("the node takes it")));
}

/// Lets time pass.
pub(super) fn pass(run: &mut Run, span: Span) {
    let until = run.world().now() + span;
    while run.world().next_time().is_some_and(|due| due <= until) {
        run.step();
    }
    run.advance_to(until);
}

/// A storm of these faults for so long, whose pace is another for each seed.
pub(super) fn storm(run: &mut Run, kinds: FaultSet, span: Span) {
    let every = Span::ms(150 + 50 * (run.world().seed() % 7));
    act(run, Action::Storm(StormPlan { every, kinds }));
    pass(run, span);
}

/// What a check says so far.
pub(super) fn verdict(run: &Run, id: &str) -> &'static str {
    let found = run.verdicts().iter().find(|(check, _)| check.id == id);
    found.expect("a check of the lab").1.id()
}
