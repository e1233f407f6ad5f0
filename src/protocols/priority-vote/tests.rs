//! What is special about this lab: the shares of the four forms, and that votes hold under everything but a lost disk.

use super::experiments::{Case, elected};
use super::forms::{Form, State, accepted, falls_on};
use super::lab::PriorityVote;
use crate::engine::{NodeId, Span};
use crate::lab::experiment::Experiment;
use crate::lab::{Lab, Params};
use crate::protocols::testing::{self, act, ask, pass, storm, verdict};
use crate::sim::{Action, FaultKind, FaultSet};

const LAB: &dyn Lab = &PriorityVote;
const A_TERM: &str = "one-leader-a-term";
const VOTES: &str = "a-leader-has-the-votes-of-more-than-half";
const FIT: &str = "whoever-is-accepted-is-fit-when-it-takes-the-lead";
const CALM: &str = "after-calm-all-follow-one-leader";

fn params(decides: &str) -> Params {
    let experiment: &dyn Experiment = LAB.experiments()[0];
    let mut params = Params::defaults(experiment.spec().params);
    params.set("decides", decides).expect("a word of it");
    params
}

fn state(node: u16, priority: u64, load: u64, sick: bool) -> State {
    State {
        node: NodeId(node),
        priority,
        load,
        sick,
    }
}

/// The worked case of the article: 10, 8 and 9.
#[test]
fn the_four_forms_weigh_the_worked_case_as_the_article_says() {
    let slate = [
        state(0, 10, 50, false),
        state(1, 8, 50, false),
        state(2, 9, 50, false),
    ];
    let of = |form: Form| form.weights(&slate, 80);
    assert_eq!(of(Form::Acceptance), [1, 0, 0]);
    assert_eq!(of(Form::Product), [720, 720, 720]);
    assert_eq!(of(Form::Draw), [10, 8, 9]);
    assert_eq!(of(Form::Uniform), [1, 1, 1]);
    let all = (0..27).map(|number| falls_on(&[10, 8, 9], number));
    let mut hits = [0; 3];
    for place in all.flatten() {
        hits[place] += 1;
    }
    assert_eq!(hits, [10, 8, 9]);
    assert_eq!(falls_on(&[10, 8, 9], 27), None);
}

#[test]
fn acceptance_looks_at_load_and_health_and_at_nothing_before_priority() {
    let busy = [
        state(0, 10, 81, false),
        state(1, 8, 80, false),
        state(2, 9, 80, false),
    ];
    assert_eq!(Form::Acceptance.weights(&busy, 80), [0, 0, 1]);
    let sick = [
        state(0, 10, 81, false),
        state(1, 8, 1, false),
        state(2, 9, 1, true),
    ];
    assert_eq!(Form::Acceptance.weights(&sick, 80), [0, 1, 0]);
    let none = [state(0, 10, 81, false), state(1, 8, 1, true)];
    assert_eq!(Form::Acceptance.weights(&none, 80), [0, 0]);
    // Of equal priorities the first.
    let equal = [
        state(0, 8, 90, false),
        state(1, 8, 9, false),
        state(2, 8, 9, false),
    ];
    assert_eq!(Form::Acceptance.weights(&equal, 80), [0, 1, 0]);
    // The other three would take a sick one.
    assert_eq!(Form::Draw.weights(&sick, 80), [10, 8, 9]);
}

/// What the panel says of loads that are drawn anew is what the experiment's formula says, while all three are well; and who
/// is sick has no part in it.
#[test]
fn with_loads_drawn_anew_acceptance_comes_to_its_formula() {
    let case = Case::of(&params("caller"));
    // The loads of the last poll have no say.
    let well = [
        state(0, 10, 99, false),
        state(1, 8, 1, false),
        state(2, 9, 1, false),
    ];
    for (node, share) in accepted(&well, 80).into_iter().enumerate() {
        assert!((share - case.share(Form::Acceptance, node)).abs() < 1e-12);
    }
    let sick = [
        state(0, 10, 1, true),
        state(1, 8, 1, false),
        state(2, 9, 1, false),
    ];
    let shares = accepted(&sick, 80);
    assert!((shares[0], shares[2] > 0.83, shares[2] < 0.84) == (0.0, true, true));
    assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-12);
}

/// Over many elections each form comes to its formula: within four standard deviations, and for the draw nearer to
/// 10/27 than to the third of the uniform one.
#[test]
fn each_form_elects_as_often_as_its_formula_says() {
    const RUNS: u64 = 3000;
    for decides in ["caller", "voters"] {
        let params = params(decides);
        let case = Case::of(&params);
        for form in Form::ALL {
            let mut won = [0_u64; 3];
            for seed in 0..RUNS {
                let (leader, _) = elected(&params, form, seed);
                won[leader.expect("somebody is elected").index()] += 1;
            }
            for (node, times) in won.into_iter().enumerate() {
                let (share, measured) = (case.share(form, node), times as f64 / RUNS as f64);
                let off = (measured - share).abs();
                let deviation = (share * (1.0 - share) / RUNS as f64).sqrt();
                assert!(
                    off < 4.0 * deviation,
                    "{form:?}, {decides}, {node}: {measured} for {share}"
                );
            }
            if form == Form::Draw {
                let spread = won[0] as f64 - won[1] as f64;
                let expected = case.share(form, 0) - case.share(form, 1);
                assert!(spread / RUNS as f64 > expected / 2.0, "{won:?}");
            }
        }
    }
}

/// The shares are those of a lottery, whatever the priorities.
#[test]
fn shares_add_up() {
    for decides in ["caller", "voters"] {
        let mut params = params(decides);
        for priorities in [["10", "8", "9"], ["1", "1", "20"], ["5", "5", "5"]] {
            for (name, value) in ["priority_a", "priority_b", "priority_c"]
                .iter()
                .zip(priorities)
            {
                params.set(name, value).expect("within bounds");
            }
            let case = Case::of(&params);
            for form in Form::ALL {
                let sum: f64 = (0..3).map(|node| case.share(form, node)).sum();
                assert!((sum - 1.0).abs() < 1e-12, "{form:?}: {sum}");
            }
        }
    }
    // What the lesson and the README say of voters that draw for themselves.
    let case = Case::of(&params("voters"));
    let shares = [0, 1, 2].map(|node| (case.share(Form::Draw, node) * 1000.0).round());
    assert_eq!(shares, [397.0, 271.0, 332.0]);
    // And of the product: the same for each, and together a ninth of a certainty.
    let product: f64 = (0..3).map(|node| case.part(node)).product();
    assert!((product - 720.0 / 19683.0).abs() < 1e-12);
}

#[test]
fn no_storm_but_one_that_loses_disks_gives_a_term_two_leaders() {
    let faults = FaultSet::all_but(&[FaultKind::DiskLost]);
    let mut split = 0;
    for seed in 1..=30 {
        for form in Form::WORDS {
            for decides in ["caller", "voters"] {
                let set = [
                    ("form", *form),
                    ("decides", decides),
                    ("nodes", "4"),
                    ("reign", "150ms"),
                ];
                let mut run = testing::run(LAB, seed, &set);
                storm(&mut run, faults, Span::secs(6));
                act(&mut run, Action::Calm);
                pass(&mut run, Span::secs(61));
                for check in [A_TERM, VOTES, FIT, CALM] {
                    assert_eq!(
                        verdict(&run, check),
                        "holds",
                        "{check}, {set:?}, seed {seed}"
                    );
                }
                split += u32::from(verdict(&run, "the-votes-are-split") == "seen");
            }
        }
    }
    assert!(split > 30, "{split}");
}

/// With the disk a node loses its vote: the promise does not stand under that.
#[test]
fn a_lost_disk_is_a_lost_vote() {
    let mut broken = 0;
    for seed in 1..=20 {
        let mut run = testing::run(LAB, seed, &[("form", "uniform")]);
        let [a, b, c] = [0, 1, 2].map(NodeId);
        pass(&mut run, Span::ms(20));
        act(&mut run, Action::Partition(vec![vec![a, b], vec![c]]));
        ask(LAB, &mut run, a, &["call"]);
        pass(&mut run, Span::ms(140));
        act(&mut run, Action::Wipe(b));
        act(&mut run, Action::Partition(vec![vec![a], vec![b, c]]));
        act(&mut run, Action::Restart(b));
        pass(&mut run, Span::secs(3));
        broken += u32::from(verdict(&run, A_TERM) == "violated");
    }
    assert!(broken > 3, "{broken}");
}

/// A leader of less priority keeps the lead: that is not the bully.
#[test]
fn a_higher_priority_takes_nothing_from_who_leads() {
    for seed in 1..=30 {
        let mut run = testing::run(LAB, seed, &[("load_max", "100")]);
        act(&mut run, Action::Kill(NodeId(0)));
        pass(&mut run, Span::secs(2));
        let leads = |run: &crate::lab::Run| {
            super::checks::leaders(run.world())
                .map(|(id, _)| id)
                .collect::<Vec<_>>()
        };
        assert_eq!(leads(&run), [NodeId(2)], "seed {seed}");
        act(&mut run, Action::Restart(NodeId(0)));
        pass(&mut run, Span::secs(2));
        assert_eq!(leads(&run), [NodeId(2)], "seed {seed}");
        assert_eq!(verdict(&run, "a-higher-priority-follows"), "seen");
    }
}
