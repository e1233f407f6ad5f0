//! Two nodes that ask for one lock, in every order of events.

use splitbrain::lab::Lab;
use splitbrain::lab::exhaust::{End, Exploration, Plan};
use splitbrain::protocols;

fn explored(off: Option<&str>) -> Exploration {
    let lab: &'static dyn Lab = protocols::find("state-lock").expect("in the catalogue");
    let mut plan = Plan::of(lab).expect("it can be explored");
    plan.rules_off = off
        .map(|rule| lab.rule(rule).expect("a rule"))
        .into_iter()
        .collect();
    let Ok(mut exploration) = Exploration::new(lab, plan) else {
        panic!("the plan is refused");
    };
    while exploration.advance(1000) {}
    exploration
}

#[test]
fn with_all_rules_on_nobody_has_it_beside_another() {
    let exploration = explored(None);
    let explorer = exploration.explorer();
    assert_eq!(explorer.ended(), Some(End::Complete));
    assert!(explorer.violations().is_empty());
    let counts = (explorer.generated(), explorer.unique(), explorer.depth());
    assert_eq!(counts, (235, 122, 15));
}

#[test]
fn each_rule_that_is_off_is_found_to_matter() {
    for (rule, steps) in STEPS {
        let exploration = explored(Some(rule));
        let explorer = exploration.explorer();
        assert_eq!(explorer.ended(), Some(End::Broken), "{rule}");
        let (violation, _) = explorer.violations()[0];
        assert_eq!(explorer.path(violation).len(), steps, "{rule}");
        assert!(exploration.story(violation).is_some(), "{rule}");
    }
}

/// The fewest steps in which two have it. Where each looks at a state of its own, three nodes come up
/// and two ask, and that is all.
const STEPS: [(&str, usize); 3] = [
    ("test-and-set-in-one-step", 15),
    ("only-the-holder-releases", 14),
    ("one-place", 5),
];
