//! A register at three replicas: every order of events of a write while somebody reads is as it should be, and of
//! each rule that is off the fewest steps to what clients must not see.

use splitbrain::lab::Lab;
use splitbrain::lab::exhaust::{End, Exploration, Plan};
use splitbrain::protocols;

fn lab() -> &'static dyn Lab {
    protocols::find("version-vote").expect("in the catalogue")
}

fn plan(requests: &[&str], params: &[(&str, &str)], crashes: u8) -> Plan {
    let mut plan = Plan::of(lab()).expect("it can be explored");
    for (name, value) in params {
        plan.setup.params.set(name, value).expect("within bounds");
    }
    if !requests.is_empty() {
        plan.requests = requests.iter().map(ToString::to_string).collect();
    }
    plan.allowance.crashes = crashes;
    plan
}

fn explored(plan: Plan) -> Exploration {
    let explored = Exploration::new(lab(), plan);
    let mut explored = explored.unwrap_or_else(|wrong| panic!("{}", wrong.key));
    while explored.advance(10_000) {}
    explored
}

/// States that the steps taken lead to, different ones, and the most steps that one needs.
const A_WRITE_AND_A_READ: (u64, u64, u32) = (4_483_787, 810_347, 37);

#[test]
fn in_no_order_of_events_a_read_sees_what_it_should_not() {
    let explored = explored(plan(&[], &[], 0));
    let explorer = explored.explorer();
    assert_eq!(explorer.ended(), Some(End::Complete));
    assert!(explorer.violations().is_empty());
    let counts = (explorer.generated(), explorer.unique(), explorer.depth());
    assert_eq!(counts, A_WRITE_AND_A_READ);
    let seen = lab().check("a-read-repairs-a-replica").expect("a check");
    assert!(explored.seen().contains(&(seen, true)));
}

/// A rule, what is asked for, in which world, with how many crashes, and the fewest steps to the break.
type Case = (
    &'static str,
    &'static [&'static str],
    &'static [(&'static str, &'static str)],
    u8,
    usize,
);

#[test]
fn each_rule_that_is_off_is_found_to_matter_in_the_fewest_steps() {
    let write_read: &[&str] = &["c1 write 1", "c1 read"];
    let two_write: &[&str] = &["c2 write 2", "c1 write 1", "c1 read"];
    let one_reads_twice: &[&str] = &["c1 write 1", "c2 read", "c2 read"];
    let cases: [Case; 6] = [
        ("ask-a-majority-first", two_write, &[], 0, 31),
        ("break-ties-by-writer", two_write, &[], 0, 21),
        ("write-back-what-was-read", one_reads_twice, &[], 0, 26),
        ("version-apart-from-value", write_read, &[], 0, 24),
        ("wait-for-a-majority", write_read, &[], 0, 19),
        (
            "answer-what-is-on-disk",
            write_read,
            &[("nodes", "1")],
            1,
            18,
        ),
    ];
    for (rule, requests, params, crashes, steps) in cases {
        let mut off = plan(requests, params, crashes);
        off.rules_off = vec![lab().rule(rule).expect("a rule")];
        let found = explored(off);
        let explorer = found.explorer();
        assert_eq!(explorer.ended(), Some(End::Broken), "{rule}");
        let (violation, _) = explorer.violations()[0];
        // Two values of one version are there before anybody can have read both.
        let first = match rule {
            "break-ties-by-writer" => "a-version-has-one-value",
            _ => "clients-linearizable",
        };
        let broken = lab().info().checks[violation.check].id;
        assert_eq!(broken, first, "{rule}");
        assert_eq!(explorer.path(violation).len(), steps, "{rule}");
        assert!(found.story(violation).is_some(), "{rule}");
        // With the rule on, as many steps break nothing; of more than these the orders take a minute.
        let mut on = plan(requests, params, crashes);
        on.limits.depth = steps.min(26) as u32;
        assert!(explored(on).explorer().violations().is_empty(), "{rule}");
    }
}
