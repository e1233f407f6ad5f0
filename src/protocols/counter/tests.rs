//! What is special about the counter: the laws of the merge, and each way of adding held against the
//! count that it must come to.

use super::checks::{count, told};
use super::crdt::PnCounter;
use super::lab::Counter;
use crate::engine::{Draws, Span};
use crate::lab::{Lab, Run};
use crate::protocols::testing::{self, act, pass, verdict};
use crate::sim::{Action, FaultKind, FaultSet, StormPlan};
use proptest::prelude::{ProptestConfig, any};
use proptest::{prop_assert, prop_assert_eq, proptest};

const LAB: &dyn Lab = &Counter;
const REPLICAS: usize = 4;

fn run(seed: u64, params: &[(&str, &str)]) -> Run {
    testing::run(LAB, seed, params)
}

/// A state that replicas can come to: each counted a little.
fn state(seed: u64, stream: u64) -> PnCounter {
    let mut draws = Draws::at(seed, stream);
    let mut counter = PnCounter::new(REPLICAS);
    for replica in 0..REPLICAS {
        for _ in 0..draws.between(0, 5) {
            counter.update(replica, draws.between(0, 2) > 0);
        }
    }
    counter
}

fn merged(a: &PnCounter, b: &PnCounter) -> PnCounter {
    let mut a = a.clone();
    a.merge(b);
    a
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(500) })]

    /// A join semilattice (Shapiro et al. 2011, section 2.2), and what each replica counts goes up in it.
    #[test]
    fn a_merge_commutes_associates_and_repeats(seed in any::<u64>()) {
        let [a, b, c] = [1, 2, 3].map(|stream| state(seed, stream));
        prop_assert_eq!(merged(&a, &b), merged(&b, &a));
        prop_assert_eq!(merged(&merged(&a, &b), &c), merged(&a, &merged(&b, &c)));
        prop_assert_eq!(merged(&a, &a), a.clone());
        let both = merged(&a, &b);
        prop_assert!(both.knows(&a) && both.knows(&b));
        // The least of all that know both.
        prop_assert!(merged(&merged(&both, &c), &both).knows(&both));
        let mut more = a.clone();
        more.update(0, false);
        prop_assert!(more.knows(&a) && !a.knows(&more));
    }

    /// Replicas count and tell each other in any order, and some of it is told twice: whoever has
    /// heard of all says what was counted.
    #[test]
    fn whatever_the_order_of_gossip_the_sum_is_right(seed in any::<u64>()) {
        let mut draws = Draws::at(seed, 0);
        let mut all = vec![PnCounter::new(REPLICAS); REPLICAS];
        let mut sum = 0;
        let mut late = Vec::new();
        for _ in 0..60 {
            let at = draws.between(0, REPLICAS as u64 - 1) as usize;
            match draws.between(0, 3) {
                0 => late.push(all[at].clone()),
                1 if !late.is_empty() => {
                    let which = draws.between(0, late.len() as u64 - 1) as usize;
                    all[at].merge(&late[which]);
                }
                kind => {
                    all[at].update(at, kind != 3);
                    sum += if kind != 3 { 1 } else { -1 };
                }
            }
        }
        let whole = all.iter().fold(PnCounter::new(REPLICAS), |whole, one| merged(&whole, one));
        prop_assert_eq!(whole.value(), sum);
        for one in &all {
            prop_assert!(whole.knows(one));
        }
    }
}

#[test]
fn every_way_counts_exactly_what_was_acknowledged() {
    for way in ["add", "cas", "lock", "g-counter", "pn-counter"] {
        for seed in 1..=5 {
            let mut run = run(seed, &[("way", way), ("rate", "20"), ("clients", "5")]);
            pass(&mut run, Span::secs(3));
            let client = run.world().find("c1").expect("a client");
            act(&mut run, Action::Pause(client));
            pass(&mut run, Span::secs(2));
            let (count, told) = (count(run.world()), told(run.world()));
            assert!(told.least() > 20, "{way}: {told:?}");
            assert!(
                (told.least()..=told.most()).contains(&count),
                "{way}: {count}, {told:?}"
            );
            // Each client has one request open at the most.
            assert!(told.most() - told.least() <= 5, "{way}: {told:?}");
            assert!(!run.verdicts().any_violated(), "{way}, seed {seed}");
        }
    }
}

#[test]
fn reading_and_then_setting_loses_more_the_more_there_are() {
    let lost = |clients: &str| -> i64 {
        let seeds = 1..=5;
        let lost = seeds.map(|seed| {
            let mut run = run(seed, &[("clients", clients), ("rate", "20")]);
            let rule = LAB.rule("one-atomic-step").expect("a rule");
            act(&mut run, Action::Rule(rule, false));
            pass(&mut run, Span::secs(5));
            told(run.world()).least() - count(run.world())
        });
        lost.sum()
    };
    assert!(lost("1") <= 0, "one client loses nothing");
    let (few, many) = (lost("2"), lost("8"));
    assert!(0 < few && few < many, "{few} and {many}");
}

#[test]
fn what_is_promised_for_after_calm_comes() {
    for (way, check) in [
        ("lock", "after-calm-every-add-is-answered"),
        ("g-counter", "after-calm-the-replicas-agree"),
    ] {
        let mut run = run(3, &[("way", way), ("rate", "5")]);
        let plan = StormPlan {
            every: Span::ms(300),
            kinds: FaultSet::all_but(&[FaultKind::DiskLost]),
        };
        act(&mut run, Action::Storm(plan));
        pass(&mut run, Span::secs(5));
        act(&mut run, Action::Calm);
        pass(&mut run, Span::secs(5));
        assert_eq!(verdict(&run, check), "holds", "{way}");
        assert!(!run.verdicts().any_violated(), "{way}");
    }
}
