//! Two proposers and three acceptors: every order of events chooses one value at the most, and each rule
//! that is off has an order with the fewest steps that chooses two.

use splitbrain::lab::Lab;
use splitbrain::lab::exhaust::{End, Exploration, Plan};
use splitbrain::protocols;

fn paxos() -> &'static dyn Lab {
    protocols::find("paxos").expect("in the catalogue")
}

fn plan(params: &[(&str, &str)], crashes: u8) -> Plan {
    let mut plan = Plan::of(paxos()).expect("it can be explored");
    for (name, value) in params {
        plan.setup.params.set(name, value).expect("within bounds");
    }
    plan.allowance.crashes = crashes;
    plan
}

fn explored(plan: Plan) -> Exploration {
    let explored = Exploration::new(paxos(), plan);
    let mut explored = explored.unwrap_or_else(|wrong| panic!("{}", wrong.key));
    while explored.advance(10_000) {}
    explored
}

#[test]
fn no_order_of_events_chooses_two_values() {
    let explored = explored(plan(&[], 0));
    let explorer = explored.explorer();
    assert_eq!(explorer.ended(), Some(End::Complete));
    assert!(explorer.violations().is_empty());
    let counts = (explorer.generated(), explorer.unique(), explorer.depth());
    assert_eq!(counts, THREE_ACCEPTORS);
    let seen = paxos().check("a-value-is-chosen").expect("a check");
    assert!(explored.seen().contains(&(seen, true)));
}

/// States that the steps taken lead to, different ones, and the most steps that one needs.
const THREE_ACCEPTORS: (u64, u64, u32) = (5_835_829, 1_179_215, 36);

/// A rule, in which world, with how many crashes, and the fewest steps to two values.
type Case = (
    &'static str,
    &'static [(&'static str, &'static str)],
    u8,
    usize,
);

#[test]
fn each_rule_that_is_off_is_found_to_matter_in_the_fewest_steps() {
    let cases: [Case; 6] = [
        ("prepare-before-accept", &[], 0, 13),
        ("adopt-the-highest", &[], 0, 21),
        ("unique-ballots", &[], 0, 19),
        ("more-than-half", &[("acceptors", "2")], 0, 10),
        (
            "quorums-overlap",
            &[("prepare_quorum", "1"), ("accept_quorum", "2")],
            0,
            15,
        ),
        ("remember-promises", &[("acceptors", "1")], 1, 13),
    ];
    for (rule, params, crashes, steps) in cases {
        let mut off = plan(params, crashes);
        off.rules_off = vec![paxos().rule(rule).expect("a rule")];
        let found = explored(off);
        let explorer = found.explorer();
        assert_eq!(explorer.ended(), Some(End::Broken), "{rule}");
        let (violation, _) = explorer.violations()[0];
        assert_eq!(
            paxos().info().checks[violation.check].id,
            "one-value-is-chosen"
        );
        assert_eq!(explorer.path(violation).len(), steps, "{rule}");
        assert!(found.story(violation).is_some(), "{rule}");
        // With the rule on, as many steps break nothing.
        let mut on = plan(params, crashes);
        on.limits.depth = steps as u32;
        assert!(explored(on).explorer().violations().is_empty(), "{rule}");
    }
}
