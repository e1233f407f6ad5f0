//! What is measured against what is derived.

use super::*;
use crate::lab::experiment::Experiment;

fn params(experiment: &dyn Experiment, sets: &[(&str, &str)]) -> Params {
    let mut params = Params::defaults(experiment.spec().params);
    for (name, value) in sets {
        params.set(name, value).expect("within its bounds");
    }
    experiment.check(&params).expect("they go together");
    params
}

fn measured(experiment: &dyn Experiment, params: &Params, seeds: u64) -> Vec<f64> {
    let one = |seed| experiment.measure(params, seed)[0].expect("it ends");
    (1..=seeds).map(one).collect()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// By luck alone a share is further than four and a half deviations off less than once in a hundred thousand
/// such tests. What a careless derivation forgets is far outside: that the candidate votes, too; that a majority
/// is of all servers, not of the live ones; that it is the first that counts.
#[test]
fn votes_are_split_as_often_as_derived() {
    const SEEDS: u64 = 3000;
    for (nodes, alive, share) in [
        ("5", "5", "0.1"),
        ("5", "4", "0.2"),
        ("5", "3", "0.05"),
        ("3", "3", "0.3"),
        ("3", "2", "0.25"),
        ("4", "4", "0.2"),
        ("9", "7", "0.4"),
        ("2", "2", "0.5"),
        ("5", "5", "0.5"),
    ] {
        let sets = [("nodes", nodes), ("alive", alive), ("latency_share", share)];
        let experiment = &split_vote::SplitVote;
        let params = params(experiment, &sets);
        let p = experiment.theory(&params)[0].value.expect("a number");
        let got = mean(&measured(experiment, &params, SEEDS));
        let deviation = (p * (1.0 - p) / SEEDS as f64).sqrt();
        assert!(
            (got - p).abs() < 4.5 * deviation,
            "{sets:?}: {got}, not {p}"
        );
    }
}

#[test]
fn nobody_splits_the_vote_of_one_and_hardly_anybody_without_latency() {
    let experiment = &split_vote::SplitVote;
    for sets in [
        [("nodes", "1"), ("alive", "1"), ("latency_share", "0.5")],
        [("nodes", "5"), ("alive", "5"), ("latency_share", "0")],
    ] {
        let params = params(experiment, &sets);
        assert_eq!(experiment.theory(&params)[0].value, Some(0.0));
        assert!(
            measured(experiment, &params, 300)
                .iter()
                .all(|split| *split == 0.0),
            "{sets:?}"
        );
    }
}

/// Known by hand: of three live of three the others both run out within `l` of the first with probability
/// `3 l² - 2 l³`; of two of three the other one does with `2 l - l²`.
#[test]
fn the_probability_is_the_one_that_is_known_by_hand() {
    for l in [0.0, 0.1, 0.37, 1.0] {
        let three = 3.0 * l * l - 2.0 * l * l * l;
        assert!((split_probability(3, 3, l) - three).abs() < 1e-12, "{l}");
        let two = 2.0 * l - l * l;
        assert!((split_probability(3, 2, l) - two).abs() < 1e-12, "{l}");
    }
    assert!((split_probability(5, 5, 1.0) - 1.0).abs() < 1e-12);
}

/// The mean within four and a half of its deviations, where splits are rare; else up to a latency a split
/// round more, as the timers are armed that much later.
#[test]
fn elections_take_as_long_as_derived() {
    const SEEDS: u64 = 2000;
    for (nodes, alive, latency, max) in [
        ("5", "5", "15", "300"),
        ("5", "4", "15", "300"),
        ("3", "2", "10", "400"),
        ("1", "1", "15", "300"),
        ("9", "9", "5", "450"),
    ] {
        let sets = [
            ("nodes", nodes),
            ("alive", alive),
            ("latency_ms_min", latency),
            ("latency_ms_max", latency),
            ("timeout_ms_max", max),
        ];
        let experiment = &election_time::ElectionTime;
        let params = params(experiment, &sets);
        let all = measured(experiment, &params, SEEDS);
        let theory = experiment.theory(&params);
        let [one, split] = [0, 1].map(|at| theory[at].value.expect("a number"));
        let rounds = split_probability(
            params.integer("nodes"),
            params.integer("alive"),
            params.span("latency_ms_max").0 as f64
                / (params.span("timeout_ms_max").0 - params.span("timeout_ms_min").0) as f64,
        );
        let got = mean(&all);
        let squares: f64 = all.iter().map(|value| (value - got).powi(2)).sum();
        let deviation = (squares / (SEEDS - 1) as f64 / SEEDS as f64).sqrt();
        let later = rounds / (1.0 - rounds) * params.span("latency_ms_max").0 as f64;
        assert!(
            got > split - 4.5 * deviation && got < split + later + 4.5 * deviation,
            "{sets:?}: {got}, not {split} (with one round {one})"
        );
        assert!(one <= split);
    }
}

/// A run that elects nobody is not measured, and says so.
#[test]
fn equal_timeouts_elect_nobody() {
    let experiment = &election_time::ElectionTime;
    let sets = [("timeout_ms_max", "150"), ("nodes", "3"), ("alive", "3")];
    let params = params(experiment, &sets);
    assert_eq!(experiment.measure(&params, 1), [None]);
    assert!(
        experiment
            .theory(&params)
            .iter()
            .all(|line| line.value.is_none())
    );
}

/// The bounds of the experiments are within those of the lab: `lab_params` sets every end.
#[test]
fn every_bound_is_one_that_the_lab_takes() {
    use crate::lab::ParamKind;
    for experiment in ALL {
        for spec in experiment.spec().params {
            let ends = match spec.kind {
                ParamKind::Duration(_, min, max) => [min.to_string(), max.to_string()],
                ParamKind::Integer(_, min, max) => [min.to_string(), max.to_string()],
                ParamKind::Ratio(_, min, max) => [min.to_string(), max.to_string()],
                ParamKind::Choice(..) | ParamKind::Flag(_) => continue,
            };
            for end in ends {
                let mut params = Params::defaults(experiment.spec().params);
                params.set(spec.name, &end).expect("its own bound");
                // Setting up alone asserts; whether it elects anybody is another question.
                assert!(
                    experiment.story(&params, 1, 0).is_some(),
                    "{} {end}",
                    spec.name
                );
            }
        }
    }
}

/// With timers that are hardly apart votes are split more often, so that it takes longer; the time begins at the crash, at
/// the earliest a heartbeat after the timers were armed.
#[test]
fn nobody_leads_for_longer_where_timers_are_alike() {
    let experiment = &downtime::Downtime;
    let median = |max: &str| {
        let params = params(experiment, &[("timeout_ms_max", max)]);
        let mut all = measured(experiment, &params, 400);
        all.sort_by(f64::total_cmp);
        assert!(
            all[0] > 75_000.0,
            "{max}: {} us after the crash, which is at most 75 ms after a heartbeat",
            all[0]
        );
        all[200]
    };
    let (alike, apart) = (median("155"), median("200"));
    assert!(alike > 1.5 * apart, "{alike} and {apart}");
}

/// The paper's numbers stand at its own timeouts, with five servers, and nowhere else.
#[test]
fn the_papers_downtimes_stand_where_it_measured() {
    let experiment = &downtime::Downtime;
    let said = |sets: &[(&str, &str)]| {
        let all = experiment.theory(&params(experiment, sets));
        all.into_iter().map(|line| line.value).collect::<Vec<_>>()
    };
    assert_eq!(said(&[("timeout_ms_max", "155")]), [Some(287e3), None]);
    assert_eq!(said(&[("timeout_ms_max", "200")]), [None, Some(513e3)]);
    assert_eq!(said(&[("timeout_ms_max", "160")]), [None, None]);
    assert_eq!(
        said(&[("timeout_ms_max", "155"), ("nodes", "3")]),
        [None, None]
    );
}
