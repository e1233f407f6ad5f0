//! Labs that are there to be held beside each other.

use splitbrain::engine::{NodeId, Span};
use splitbrain::lab::{Lab, ParamSpec, Run};
use splitbrain::protocols::find;
use splitbrain::sim::{Action, World};
use std::rc::Rc;

fn lab(id: &str) -> &'static dyn Lab {
    find(id).expect("a lab of the catalogue")
}

/// What Multi-Paxos is asked for can be asked of Raft: parameters with the same bounds, verbs, and nodes of the same
/// names. Of its own it has but the window; Raft has options besides.
#[test]
fn multi_paxos_runs_beside_raft_under_the_same_weather() {
    let (paxos, raft) = (lab("multi-paxos"), lab("raft"));
    let (mine, theirs) = (paxos.info().params, raft.info().params);
    let own = mine.iter().filter(|spec| !theirs.contains(spec));
    let own: Vec<&str> = own.map(|spec| spec.name).collect();
    assert_eq!(own, ["window"]);
    let verbs = |lab: &dyn Lab| -> Vec<&str> {
        let verbs = lab.info().verbs.iter();
        verbs.map(|verb| verb.verb).collect()
    };
    let known = verbs(raft);
    assert!(verbs(paxos).iter().all(|verb| known.contains(verb)));
    let names = |world: &World| -> Vec<String> {
        let nodes = world.ids().map(|id| world.spec(id).name.to_string());
        nodes.collect()
    };
    assert_eq!(
        names(&paxos.world(&paxos.setup(7))),
        names(&raft.world(&raft.setup(7)))
    );
}

/// What two-phase commit is asked for can be asked of three-phase commit; it has no time-outs of its own, which follow
/// from what links and disks take, and no links that lose messages.
#[test]
fn three_phase_commit_runs_beside_two_phase_commit() {
    let (three, two) = (lab("three-phase-commit"), lab("two-phase-commit"));
    let (mine, theirs) = (three.info().params, two.info().params);
    let without = |all: &[ParamSpec], others: &[ParamSpec]| -> Vec<&str> {
        let own = all.iter().filter(|spec| !others.contains(spec));
        own.map(|spec| spec.name).collect()
    };
    assert_eq!(without(mine, theirs), ["send_gap"]);
    assert_eq!(
        without(theirs, mine),
        [
            "variant",
            "termination",
            "vote_timeout",
            "ask_timeout",
            "loss"
        ]
    );
    let verbs = |lab: &dyn Lab| -> Vec<&str> {
        let verbs = lab.info().verbs.iter();
        verbs.map(|verb| verb.verb).collect()
    };
    assert_eq!(verbs(three), verbs(two));
    let gauges = |lab: &dyn Lab| -> Vec<&str> {
        let gauges = lab.gauges(&lab.setup(1).params).into_iter();
        gauges.map(|chart| chart.id).collect()
    };
    assert_eq!(gauges(three), gauges(two));
}

/// One transfer; the coordinator is killed so and so many milliseconds after it was asked, and comes back five seconds
/// later. The longest that anybody was in doubt until then, in milliseconds, and how many transactions were decided.
fn in_doubt(id: &str, killed: Option<u64>) -> (u32, u64) {
    let lab = lab(id);
    let mut setup = lab.setup(1);
    setup.params.set("rate", "0").expect("within bounds");
    let mut run = Run::new(lab, &setup);
    let mut longest = 0;
    let mut pass = |run: &mut Run, span: Span| {
        let until = run.world().now() + span;
        while run.world().next_time().is_some_and(|due| due <= until) {
            run.step();
            let said = lab.read(run.world())[1];
            longest = said.unwrap_or(0).max(longest);
        }
        run.advance_to(until);
    };
    let act = |run: &mut Run, action: Action| {
        run.act(&Rc::new(action)).expect("the action has an effect");
    };
    pass(&mut run, Span::ms(10));
    let request = lab.request(run.world(), NodeId(0), &["pay", "n2", "20"]);
    let request = request.expect("the node takes it");
    act(&mut run, Action::Ask(NodeId(0), request));
    if let Some(after) = killed {
        pass(&mut run, Span::ms(after));
        act(&mut run, Action::Kill(NodeId(0)));
        pass(&mut run, Span::secs(5));
        act(&mut run, Action::Restart(NodeId(0)));
        let until = run.world().now() + Span::secs(2);
        while run.world().next_time().is_some_and(|due| due <= until) {
            run.step();
        }
    } else {
        pass(&mut run, Span::secs(2));
    }
    (longest, lab.agreed(run.world()).expect("both say so"))
}

/// The time in doubt, which is what the third phase is for: longer by two delays where nothing fails, and bounded where
/// the coordinator does.
#[test]
fn in_three_phases_nobody_waits_for_the_coordinator() {
    let (two, three) = ("two-phase-commit", "three-phase-commit");
    assert_eq!((in_doubt(two, None).1, in_doubt(three, None).1), (1, 1));
    let (short, long) = (in_doubt(two, None).0, in_doubt(three, None).0);
    assert!(short < long && long < 3 * short, "{short}, {long}");
    let mut blocked = 0;
    for after in (2..80).step_by(3) {
        let (two, three) = (in_doubt(two, Some(after)), in_doubt(three, Some(after)));
        blocked += u32::from(two.0 > 4800);
        assert!(three.0 < 330, "killed after {after} ms: {} ms", three.0);
    }
    assert!(blocked > 3, "{blocked}");
}
