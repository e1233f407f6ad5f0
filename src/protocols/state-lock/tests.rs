//! What is special about the polled lock: its numbers.

use super::lab::{StateLock, derived};
use super::notes;
use super::view::{model, numbers};
use crate::engine::{Span, Time};
use crate::lab::{Counts, History, Lab, Meter, Params};
use crate::protocols::testing::{self, setup};

const LAB: &dyn Lab = &StateLock;

/// What was counted in runs of so many steps, one for each seed.
fn counted(params: &[(&str, &str)], seeds: u64, steps: u64) -> Counts {
    let mut counts = Counts::default();
    for seed in 1..=seeds {
        let mut run = testing::run(LAB, seed, params);
        let mut meter = Meter::default();
        let end = Time(0) + Span(Span::ms(100).0 * steps);
        while run.world().now() < end && run.step() {
            meter.note(run.world().record(), &mut counts);
        }
        assert!(!run.verdicts().any_violated(), "seed {seed}");
    }
    counts
}

/// Steps that began free and in which it was taken, of those that began free; and those that ended
/// locked, of all.
fn shares(counts: &Counts) -> ((u64, u64), (u64, u64)) {
    let of = |keys: &[_]| counts.reasons(keys);
    let free = of(&[notes::STAYED_FREE, notes::BECAME_LOCKED]);
    let locked = of(&[notes::STAYED_LOCKED, notes::BECAME_LOCKED]);
    let all = free + of(&[notes::STAYED_LOCKED, notes::BECAME_FREE]);
    ((of(&[notes::BECAME_LOCKED]), free), (locked, all))
}

fn share((of, among): (u64, u64)) -> f64 {
    of as f64 / among as f64
}

/// The deviation of a share of `p` among so many draws. Those of a chain of two states hang on each
/// other by `1 - p(leave) - p(return)`, which makes it smaller where that is below zero.
fn deviation(p: f64, among: u64, hang: f64) -> f64 {
    (p * (1.0 - p) / among as f64 * (1.0 + hang) / (1.0 - hang)).sqrt()
}

/// A hundred thousand steps. By luck alone a share is further than four and a half deviations off less
/// than once in a hundred thousand such tests.
#[test]
fn the_numbers_are_those_of_the_chain_and_not_those_of_the_article() {
    let counts = counted(&[], 50, 2000);
    let (taken, locked) = shares(&counts);
    assert!(locked.1 > 99_000, "{locked:?}");
    let (p, q): (f64, f64) = (19.0 / 27.0, 1.0 / 3.0);
    let near =
        |measured: f64, value: f64, deviation: f64| (measured - value).abs() < 4.5 * deviation;
    let of_taken = deviation(p, taken.1, 0.0);
    let of_locked = deviation(19.0 / 28.0, locked.1, 1.0 - p - q);
    assert!(near(share(taken), p, of_taken), "{taken:?}");
    assert!(near(share(locked), 19.0 / 28.0, of_locked), "{locked:?}");
    for article in [2.0 / 3.0, 1.0 / 3.0, 1.0 / 9.0] {
        assert!(
            !near(share(taken), article, of_taken),
            "{article}: {taken:?}"
        );
        assert!(
            !near(share(locked), article, of_locked),
            "{article}: {locked:?}"
        );
    }
}

#[test]
fn the_formula_holds_for_other_dice_too() {
    for (nodes, ask, release) in [("1", "2", "2"), ("5", "4", "10"), ("2", "1", "3")] {
        let params = [
            ("nodes", nodes),
            ("ask_one_in", ask),
            ("release_one_in", release),
        ];
        let counts = counted(&params, 5, 2000);
        let (taken, locked) = shares(&counts);
        let (p, l) = derived(&setup(LAB, 1, &params).params);
        let hang = 1.0 - p - p * (1.0 - l) / l;
        let wide = |p: f64, among, hang| 4.5 * deviation(p, among, hang) + 1e-9;
        assert!(
            (share(taken) - p).abs() < wide(p, taken.1, 0.0),
            "{params:?}: {taken:?}, {p}"
        );
        let far = (share(locked) - l).abs();
        // The first step begins free.
        assert!(
            far < wide(l, locked.1, hang) + 1e-3,
            "{params:?}: {locked:?}, {l}"
        );
    }
}

#[test]
fn the_derived_numbers_are_19_of_27_and_19_of_28() {
    let (taken, locked) = derived(&Params::defaults(LAB.info().params));
    assert!((taken - 19.0 / 27.0).abs() < 1e-12);
    assert!((locked - 19.0 / 28.0).abs() < 1e-12);
}

/// The panel has the same numbers as fractions, for other dice, too.
#[test]
fn the_fractions_are_the_derived_numbers() {
    let fractions = model(3, (3, 3)).map(|share| (share.of, share.among));
    assert_eq!(fractions, [(19, 27), (19, 28)]);
    for (nodes, ask, release) in [("1", "2", "2"), ("5", "4", "10"), ("9", "10", "10")] {
        let params = [
            ("nodes", nodes),
            ("ask_one_in", ask),
            ("release_one_in", release),
        ];
        let (taken, locked) = derived(&setup(LAB, 1, &params).params);
        let number = |text: &str| text.parse::<u32>().expect("a number");
        let dice = (number(ask).into(), number(release).into());
        let shares = model(number(nodes), dice);
        for (share, value) in shares.into_iter().zip([taken, locked]) {
            assert!((share.of as f64 / share.among as f64 - value).abs() < 1e-12);
        }
    }
}

/// What the panel says of a run is what the keeper noted.
#[test]
fn the_panel_has_what_was_counted() {
    let mut run = testing::run(LAB, 3, &[]);
    let (mut meter, mut counts) = (Meter::default(), Counts::default());
    while run.world().now() < Time(20_000_000) && run.step() {
        meter.note(run.world().record(), &mut counts);
    }
    let (taken, locked) = shares(&counts);
    assert!(locked.1 > 190, "{locked:?}");
    let values = numbers(run.world()).rows.into_iter().map(|row| row.value);
    let thousandths = |counted| (share(counted) * 1000.0).round() as i64;
    let wanted = [
        704,
        thousandths(taken),
        679,
        thousandths(locked),
        667,
        333,
        111,
    ];
    assert_eq!(values.collect::<Vec<_>>(), wanted);
}

/// What the page draws is what was counted.
#[test]
fn the_chart_ends_at_what_was_counted() {
    let mut history = History::new(LAB, setup(LAB, 3, &[]), 100);
    history.run_to(Time(60_000_000));
    let series = history.series();
    let all = series
        .buckets()
        .iter()
        .fold(Counts::default(), |mut all, bucket| {
            all.add(&bucket.counts);
            all
        });
    let (taken, locked) = shares(&all);
    let params = &history.setup().params;
    let charts = crate::view::charts(series, history.names(), params, Time(60_000_000)).charts;
    let chart = charts.first().expect("the lab's own");
    let last = |at: usize| chart.lines[at].values.last().copied().flatten();
    assert_eq!(chart.id, "chances");
    assert_eq!(
        (last(0), last(1)),
        (Some(share(taken)), Some(share(locked)))
    );
    assert!(locked.1 > 590, "{locked:?}");
    let values: Vec<f64> = chart.references.iter().map(|level| level.value).collect();
    assert_eq!(values.len(), 5);
    assert!(
        chart
            .references
            .iter()
            .all(|level| level.formula.contains("<mn>"))
    );
}
