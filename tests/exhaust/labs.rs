//! What every lab of the catalogue has to be, so that it can be explored, or say why not.

use splitbrain::lab::exhaust::{Asynchronous, End, Exploration, Explorer, Limits, Plan};
use splitbrain::lab::{Asynchrony, Lab};
use splitbrain::protocols;

/// As many states as a test has time for.
const SOME: Limits = Limits {
    depth: u32::MAX,
    unique: 20_000,
};

fn explored(lab: &'static dyn Lab, plan: &Plan) -> Explorer<Asynchronous> {
    let model = Exploration::model(lab, plan);
    let model = model.unwrap_or_else(|wrong| panic!("{}: {}", lab.info().id, wrong.key));
    let mut explorer = Explorer::new(model, SOME);
    explorer.run();
    explorer
}

/// Small worlds that are looked at as a whole, beside those of `paxos` and `version_vote`.
const WHOLE: [&str; 4] = ["two-phase-commit", "saga", "multi-paxos", "priority-vote"];

#[test]
fn the_small_worlds_that_are_said_to_be_looked_at_as_a_whole_are() {
    for id in WHOLE {
        let lab = protocols::find(id).expect(id);
        let plan = Plan::of(lab).unwrap_or_else(|wrong| panic!("{id}: {}", wrong.key));
        let mut exploration =
            Exploration::new(lab, plan).unwrap_or_else(|wrong| panic!("{id}: {}", wrong.key));
        while exploration.advance(10_000) {}
        let explorer = exploration.explorer();
        assert_eq!(explorer.ended(), Some(End::Complete), "{id}");
        assert!(explorer.violations().is_empty(), "{id}");
        // As its README says.
        assert!(id != "priority-vote" || explorer.unique() == 1_660_292);
    }
}

#[test]
fn every_lab_is_explored_or_says_that_it_rests_on_time() {
    for lab in protocols::labs() {
        let id = lab.info().id;
        let small = match lab.info().asynchrony {
            Asynchrony::RestsOnTime => {
                let refused = Plan::of(lab).expect_err(id);
                assert_eq!(refused.key, "error-rests-on-time");
                continue;
            }
            Asynchrony::Any(small) => small,
        };
        let mut plan = Plan::of(lab).unwrap_or_else(|wrong| panic!("{id}: {}", wrong.key));
        let plain = explored(lab, &plan);
        assert!(plain.violations().is_empty(), "{id}");
        assert!(plain.generated() > plain.unique(), "{id}");
        plan.symmetry = small.alike;
        plan.limits = SOME;
        let mut exploration =
            Exploration::new(lab, plan).unwrap_or_else(|wrong| panic!("{id}: {}", wrong.key));
        while exploration.advance(1000) {}
        assert!(
            exploration.sound(),
            "{id} cannot rename what it says is alike"
        );
        assert!(exploration.explorer().violations().is_empty(), "{id}");
        let ended = exploration.explorer().ended();
        assert!(matches!(ended, Some(End::Complete | End::Full)), "{id}");
    }
}
