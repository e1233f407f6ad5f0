//! Ranges, plans and their parts, statistics, and runs for somebody who shares no memory.

use proptest::prelude::*;
use splitbrain::lab::experiment::{
    Experiment, Measurer, Plan, Table, csv_head, csv_line, read_answer, stats, write_order,
};
use splitbrain::lab::search::Batch;
use splitbrain::lab::{Lab, Value};
use splitbrain::protocols::labs;
use statrs::distribution::{ContinuousCDF, Normal, StudentsT};
use statrs::statistics::{Data, OrderStatistics, Statistics};

fn raft() -> &'static dyn Lab {
    *labs()
        .iter()
        .find(|lab| lab.info().id == "raft")
        .expect("raft")
}

fn experiment(id: &str) -> &'static dyn Experiment {
    let all = raft().experiments().iter();
    *all.clone()
        .find(|one| one.spec().id == id)
        .expect("an experiment")
}

fn plan(
    id: &str,
    sets: &[&str],
    seeds: std::ops::Range<u64>,
) -> Result<Plan, (Option<usize>, usize, String)> {
    let sets: Vec<String> = sets.iter().map(|set| (*set).to_owned()).collect();
    Plan::new(raft(), experiment(id), &sets, Some(seeds))
        .map_err(|misfit| (misfit.set, misfit.column, misfit.complaint.key))
}

fn values(id: &str, set: &str) -> Vec<String> {
    let name = set.split('=').next().unwrap_or_default();
    let plan = plan(id, &[set], 1..2).expect("a plan");
    let axis = plan
        .axes
        .iter()
        .find(|axis| axis.spec.name == name)
        .expect("its axis");
    axis.values.iter().map(Value::to_string).collect()
}

#[test]
fn ranges_have_both_ends_and_lists_their_values() {
    let share = |set| values("split-vote", set);
    assert_eq!(
        share("latency_share=10%..50%/5"),
        ["10%", "20%", "30%", "40%", "50%"]
    );
    assert_eq!(share("latency_share=0.1,0.25,10%"), ["10%", "25%"]);
    assert_eq!(share("latency_share=0..0.1/2,0.3"), ["0%", "10%", "30%"]);
    let time = |set| values("election-time", set);
    // A number without a unit is in the unit of the name.
    assert_eq!(
        time("timeout_ms_max=200..400/3"),
        ["200ms", "300ms", "400ms"]
    );
    assert_eq!(
        time("timeout_ms_max=200ms..0.4s/3"),
        ["200ms", "300ms", "400ms"]
    );
    assert_eq!(
        time("latency_ms_min=0..15/4"),
        ["0ms", "5ms", "10ms", "15ms"]
    );
    // Whole numbers are rounded, and none stands there twice.
    assert_eq!(values("split-vote", "alive=3..5/9"), ["3", "4", "5"]);
}

#[test]
fn what_cannot_be_is_refused_at_its_place() {
    let wrong = |sets: &[&str]| plan("split-vote", sets, 1..11).err();
    let at = |set: usize, column, key: &str| Some((Some(set), column, key.to_owned()));
    assert_eq!(wrong(&["nodes"]), at(0, 1, "error-param-form"));
    assert_eq!(
        wrong(&["alive=5", "knot=3"]),
        at(1, 1, "error-param-unknown")
    );
    assert_eq!(wrong(&["nodes=5,,5"]), at(0, 9, "error-param-integer"));
    assert_eq!(wrong(&["nodes=5..9"]), at(0, 7, "error-range-form"));
    assert_eq!(wrong(&["nodes=9..5/3"]), at(0, 7, "error-range-form"));
    assert_eq!(wrong(&["nodes=5..9/1"]), at(0, 7, "error-range-form"));
    assert_eq!(wrong(&["nodes=5..9/-3"]), at(0, 7, "error-range-form"));
    assert_eq!(
        wrong(&["latency_share=0.1,0.2..0.9/3"]),
        at(0, 19, "error-param-value")
    );
    assert_eq!(
        wrong(&["latency_share=0..0.5/10001"]),
        at(0, 15, "error-range-many")
    );
    assert_eq!(
        wrong(&["nodes=9", "alive=2"]),
        at(1, 7, "error-param-value")
    );
    let many = ["latency_share=0..0.5/9999", "alive=3,4"];
    assert_eq!(
        wrong(&many),
        Some((None, 1, "error-points-many".to_owned()))
    );
    let runs = plan("split-vote", &["latency_share=0.1"], 1..10_000_002).err();
    assert_eq!(runs, Some((None, 1, "error-runs-many".to_owned())));
}

#[test]
fn the_default_range_gives_way_to_one_that_is_set() {
    let points = |sets: &[&str]| plan("split-vote", sets, 1..2).expect("a plan").points();
    assert_eq!(points(&[]), 25);
    assert_eq!(points(&["nodes=5"]), 25);
    assert_eq!(points(&["alive=3,4"]), 2);
    assert_eq!(points(&["latency_share=0.3"]), 1);
    assert_eq!(points(&["latency_share=0.3,0.4", "alive=3..5/3"]), 6);
    // What is varied has a column, and so has what the experiment always tells.
    let head = |id, sets: &[&str]| csv_head(&plan(id, sets, 1..2).expect("a plan"));
    assert_eq!(
        head("split-vote", &["latency_share=0.3"]),
        "point,latency_share,seed,split\n"
    );
    assert_eq!(
        head("split-vote", &["alive=3,4"]),
        "point,alive,latency_share,seed,split\n"
    );
    assert_eq!(
        head("election-time", &["timeout_ms_max=300"]),
        "point,seed,elected_us\n"
    );
    assert_eq!(
        head("election-time", &["timeout_ms_max=200,300"]),
        "point,timeout_ms_max,seed,elected_us\n"
    );
}

#[test]
fn a_line_has_numbers_in_the_units_of_their_names_and_nothing_where_nothing_was_measured() {
    let plan = plan("election-time", &["timeout_ms_max=200,300.5"], 7..9).expect("a plan");
    let line = |run, values: &[Option<f64>]| {
        let mut text = String::new();
        csv_line(&plan, run, values, &mut text);
        text
    };
    assert_eq!(line(0, &[Some(123_456.0)]), "0,200,7,123456\n");
    assert_eq!(line(3, &[None]), "1,300.5,8,\n");
}

proptest! {
    /// A range has so many values or fewer, none twice, both ends, each within one of where it lies exactly.
    #[test]
    fn a_range_lies_evenly_between_its_ends(from in 0u64..400_000, width in 1u64..100_000, steps in 2u64..200) {
        let to = (from + width).min(500_000);
        let set = format!("latency_share={}..{}/{steps}", from as f64 / 1e6, to as f64 / 1e6);
        let plan = plan("split-vote", &[&set], 1..2).expect("a plan");
        let axis = plan.axes.iter().find(|axis| axis.spec.name == "latency_share").expect("its axis");
        let all: Vec<u64> = axis.values.iter().map(|value| match value {
            Value::Ratio(ratio) => u64::from(ratio.0),
            _ => unreachable!("a share"),
        }).collect();
        prop_assert_eq!((all.first(), all.last()), (Some(&from), Some(&to)));
        prop_assert!(all.windows(2).all(|two| two[0] < two[1]));
        prop_assert!(all.len() as u64 <= steps);
        if to - from >= steps - 1 {
            prop_assert_eq!(all.len() as u64, steps);
            for (i, value) in all.iter().enumerate() {
                let exact = from as f64 + (to - from) as f64 * i as f64 / (steps - 1) as f64;
                prop_assert!((*value as f64 - exact).abs() <= 0.5 + 1e-9);
            }
        }
    }

    /// Parts one behind the other are the whole, each run once, however many parts there are.
    #[test]
    fn parts_are_the_whole(seeds in 1u64..60, points in 2u64..30, parts in 1u64..400) {
        let set = format!("latency_share=0..0.5/{points}");
        let plan = plan("split-vote", &[&set], 5..5 + seeds).expect("a plan");
        let joined: Vec<u64> = (0..parts).flat_map(|part| plan.shard((part, parts))).collect();
        prop_assert_eq!(joined, (0..plan.runs()).collect::<Vec<_>>());
        let sizes: Vec<u64> = (0..parts).map(|part| plan.shard((part, parts)))
            .map(|part| part.end - part.start).collect();
        let (most, least) = (sizes.iter().max(), sizes.iter().min());
        prop_assert!(most.zip(least).is_some_and(|(most, least)| most - least <= 1));
        // Each run is of one point and one seed, in order, and no two are the same.
        let runs: Vec<_> = (0..plan.runs()).map(|run| plan.run(run)).collect();
        prop_assert!(runs.windows(2).all(|two| two[0] < two[1]));
        prop_assert!(runs.iter().all(|(point, seed)| *point < plan.points() && plan.seeds.contains(seed)));
    }

    /// A plan is a line of text that says the same plan again.
    #[test]
    fn a_plan_reads_back(alive in 3u64..6, seeds in 1u64..100, steps in 2u64..20) {
        let sets = [format!("alive={alive}"), format!("latency_share=1%..50%/{steps}")];
        let plan = Plan::new(raft(), experiment("split-vote"), &sets, Some(1..1 + seeds)).expect("a plan");
        let again = Plan::read(&plan.print(), &labs()).expect("the same");
        prop_assert!(plan == again && plan.axes == again.axes && plan.seeds == again.seeds);
    }

    /// Our statistics are those of the crate.
    #[test]
    fn statistics_are_those_of_a_crate(values in prop::collection::vec(-1e6f64..1e6, 2..60), share in 0.0f64..1.0) {
        let mut sorted = values.clone();
        sorted.sort_unstable_by(f64::total_cmp);
        let near = |a: f64, b: f64| (a - b).abs() <= 1e-9 * (1.0 + a.abs().max(b.abs()));
        let (mean, deviation) = ((&values).mean(), (&values).std_dev());
        prop_assert!(stats::mean(&values).is_some_and(|ours| near(ours, mean)));
        prop_assert!(stats::deviation(&values).is_some_and(|ours| near(ours, deviation)));
        let theirs = Data::new(sorted.clone()).quantile(share);
        prop_assert!(stats::quantile(&sorted, share).is_some_and(|ours| near(ours, theirs)));
        let t = StudentsT::new(0.0, 1.0, (values.len() - 1) as f64).expect("degrees");
        let half = t.inverse_cdf(0.975) * deviation / (values.len() as f64).sqrt();
        let ours = stats::mean_interval(&values).expect("two at the least");
        prop_assert!((ours.high - ours.low - 2.0 * half).abs() <= 1e-4 * half.max(1e-9), "{ours:?} {half}");
    }

    /// Wilson's ends are the shares at which what was seen is just 1.96 deviations off.
    #[test]
    fn the_interval_of_a_share_is_that_of_wilson(of in 1u64..5000, part in 0.0f64..=1.0) {
        let yes = (of as f64 * part) as u64;
        let z = Normal::new(0.0, 1.0).expect("the normal").inverse_cdf(0.975);
        let (seen, interval) = (yes as f64 / of as f64, stats::share_interval(yes, of).expect("some"));
        prop_assert!(interval.low <= seen && seen <= interval.high);
        for end in [interval.low, interval.high] {
            if end > 0.0 && end < 1.0 {
                let off = (seen - end).abs() / (end * (1.0 - end) / of as f64).sqrt();
                prop_assert!((off - z).abs() < 1e-6, "{off}");
            }
        }
    }
}

#[test]
fn students_quantile_is_that_of_the_crate() {
    for freedom in 1..2000usize {
        let t = StudentsT::new(0.0, 1.0, freedom as f64).expect("degrees");
        let (ours, theirs) = (stats::student(freedom), t.inverse_cdf(0.975));
        assert!(
            (ours - theirs).abs() < 1e-5 * theirs,
            "{freedom}: {ours}, not {theirs}"
        );
    }
}

/// Measurers who share runs out, one of whom is late each time, come to what one comes to.
#[test]
fn orders_as_text_are_the_runs_themselves() {
    let plan = plan("split-vote", &["latency_share=0.1..0.5/3"], 1..21).expect("a plan");
    let mut whole = Table::new(&plan, 0..plan.runs());
    for run in 0..plan.runs() {
        let (point, seed) = plan.run(run);
        whole.put(run, &plan.experiment.measure(&plan.point(point), seed));
    }
    let mut shared = Table::new(&plan, 0..plan.runs());
    let (mut next, mut measurers) = (0, [Measurer::default(), Measurer::default()]);
    while next < plan.runs() {
        let batch = Batch {
            from: next,
            to: plan.runs().min(next + 7),
        };
        let late = next % 2 == 0;
        let order = write_order(&plan, batch);
        assert!(Measurer::is_meant(&order));
        let answer = measurers[(next % 2) as usize].obey(&order, &labs(), &|| late);
        let (to, values) =
            read_answer(&answer.expect("an answer"), &plan, batch).expect("an answer");
        assert_eq!(to, if late { next + 1 } else { batch.to });
        for (run, values) in (next..).zip(&values) {
            shared.put(run, values);
        }
        next = to;
    }
    assert_eq!(shared.made(), plan.runs());
    for run in 0..plan.runs() {
        assert_eq!(shared.get(run), whole.get(run));
    }
    for order in [
        "",
        "measure ",
        "measure raft split-vote 1..3\n",
        "measure raft nothing 1..3\n0 1",
        "measure raft split-vote 1..3\n5 5",
        "measure raft split-vote 1..3\n0 9999",
    ] {
        assert_eq!(
            Measurer::default().obey(order, &labs(), &|| false),
            None,
            "{order:?}"
        );
    }
    let batch = Batch { from: 0, to: 2 };
    for answer in [
        "",
        "measured 2\n-\n",
        "measured 3\n-\n-\n-\n",
        "measured 1\n- -\n",
        "measured 1\nx\n",
    ] {
        assert_eq!(read_answer(answer, &plan, batch), None, "{answer:?}");
    }
    assert_eq!(
        read_answer("measured 1\n-\n", &plan, batch),
        Some((1, vec![vec![None]]))
    );
}
