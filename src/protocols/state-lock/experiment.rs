//! The two shares of the chart over many runs, and for other dice: 19/27 and 19/28 are one point of two curves.

use super::lab::{StateLock, derived, formulas};
use super::notes;
use crate::engine::{Span, Time};
use crate::lab::experiment::{Column, Experiment, ExperimentSpec, Shown, Theory};
use crate::lab::{Complaint, Counts, Lab, Meter, ParamSpec, Params, Setup};
use crate::sim::World;
use std::fmt::Write;

/// What the lab offers.
pub(super) const ALL: &[&dyn Experiment] = &[&Shares];

struct Shares;

static SPEC: ExperimentSpec = ExperimentSpec {
    id: "shares",
    params: &[
        ParamSpec::integer("nodes", (3, 1, 9), ""),
        ParamSpec::integer("ask_one_in", (3, 1, 10), ""),
        ParamSpec::integer("release_one_in", (3, 1, 10), ""),
        ParamSpec::integer("steps", (300, 10, 5000), ""),
    ],
    varies: ("release_one_in", "1..10/10"),
    columns: &[
        Column {
            name: "taken",
            shown: Shown::Mean,
        },
        Column {
            name: "locked",
            shown: Shown::Mean,
        },
    ],
    seeds: 30,
};

/// The names that the experiment has from the lab.
const OF_LAB: [&str; 3] = ["nodes", "ask_one_in", "release_one_in"];

fn setup(params: &Params, seed: u64) -> Setup {
    let lab: &dyn Lab = &StateLock;
    let mut setup = lab.setup(seed);
    for name in OF_LAB {
        let set = setup.params.set(name, &params.integer(name).to_string());
        debug_assert!(set.is_ok(), "the bounds are those of the lab");
    }
    setup
}

/// When so many steps of the polled lock are over.
fn end(setup: &Setup, params: &Params) -> Time {
    Time(0) + Span(setup.params.span("step").0 * params.integer("steps"))
}

/// Runs to the end, and counts.
fn played(params: &Params, seed: u64) -> (World, Counts) {
    let setup = setup(params, seed);
    let end = end(&setup, params);
    let mut world = StateLock.world(&setup);
    let (mut counts, mut meter) = (Counts::default(), Meter::default());
    while world.next_time().is_some_and(|next| next <= end) && world.step() {
        meter.note(world.record(), &mut counts);
    }
    (world, counts)
}

impl Experiment for Shares {
    fn spec(&self) -> &'static ExperimentSpec {
        &SPEC
    }

    fn check(&self, _: &Params) -> Result<(), Complaint> {
        Ok(())
    }

    fn measure(&self, params: &Params, seed: u64) -> Vec<Option<f64>> {
        let (_, counts) = played(params, seed);
        let of = |keys: &[_]| counts.reasons(keys);
        let taken = of(&[notes::BECAME_LOCKED]);
        let free = taken + of(&[notes::STAYED_FREE]);
        let locked = taken + of(&[notes::STAYED_LOCKED]);
        let all = free + of(&[notes::STAYED_LOCKED, notes::BECAME_FREE]);
        let share = |of: u64, among: u64| (among > 0).then(|| of as f64 / among as f64);
        vec![share(taken, free), share(locked, all)]
    }

    fn story(&self, params: &Params, seed: u64, _column: usize) -> Option<String> {
        let setup = setup(params, seed);
        let mut text = format!("lab state-lock seed={seed}");
        for (spec, value) in setup.params.changed() {
            // A text takes what is written to it.
            let _ = write!(text, " {}={value}", spec.name);
        }
        let (world, _) = played(params, seed);
        let ms = end(&setup, params).0 / 1000;
        let hash = world.trace_hash();
        let _ = writeln!(text, "\nrun {ms}ms\nexpect trace {hash:016x}");
        Some(text)
    }

    fn theory(&self, params: &Params) -> Vec<Theory> {
        let (taken, locked) = derived(params);
        let [p, share] = formulas();
        let line = |id, column, value, formula| Theory {
            id,
            column,
            value: Some(value),
            formula: Some(formula),
        };
        vec![line("taken", 0, taken, p), line("locked", 1, locked, share)]
    }
}
