//! How often the first term elects nobody.

use super::{
    ALIVE, NODES, SPLIT_FORMULA, Trial, check_alive, lab_params, leader, split_probability,
};
use crate::engine::{Span, engine_of};
use crate::lab::experiment::{Column, Experiment, ExperimentSpec, Shown, Theory};
use crate::lab::{Complaint, ParamSpec, Params, Setup};
use crate::protocols::raft::{Server, Term};
use crate::sim::{Ratio, World};

/// See the module.
pub(super) struct SplitVote;

/// The range of the timeouts. Only what share of it a message takes matters; a second has a million places for a
/// timer.
const RANGE: Span = Span::secs(1);

static SPEC: ExperimentSpec = ExperimentSpec {
    id: "split-vote",
    params: &[
        NODES,
        ALIVE,
        // A round trip is then no longer than the shortest timeout, so that a second term cannot begin before
        // the first is decided.
        ParamSpec::ratio(
            "latency_share",
            (Ratio::percent(10), Ratio(0), Ratio::percent(50)),
        ),
    ],
    varies: ("latency_share", "2%..50%/25"),
    columns: &[Column {
        name: "split",
        shown: Shown::Share,
    }],
    seeds: 200,
};

fn trial(params: &Params, seed: u64) -> Trial {
    // Millionths of a second are microseconds; the lab takes no less than one.
    let latency = Span(u64::from(params.ratio("latency_share").0));
    let params_of_lab = lab_params(&[
        ("nodes", params.integer("nodes").to_string()),
        ("latency_min", latency.to_string()),
        ("latency_max", latency.max(Span(1)).to_string()),
        ("timeout_min", RANGE.to_string()),
        ("timeout_max", Span(2 * RANGE.0).to_string()),
    ]);
    Trial {
        setup: Setup {
            seed,
            params: params_of_lab,
        },
        alive: params.integer("alive"),
    }
}

/// Whether the first term is over, in whatever way.
fn decided(world: &World) -> bool {
    leader(world).is_some() || later(world)
}

/// Whether somebody is in a later term than the first.
fn later(world: &World) -> bool {
    let terms = world.ids().filter_map(|id| {
        let server = engine_of::<Server>(world.cell(id).node());
        server.map(|server| server.term)
    });
    terms.max().is_some_and(|term| term > Term(1))
}

impl Experiment for SplitVote {
    fn spec(&self) -> &'static ExperimentSpec {
        &SPEC
    }

    fn always(&self) -> &'static [&'static str] {
        &["latency_share"]
    }

    fn check(&self, params: &Params) -> Result<(), Complaint> {
        check_alive(params)
    }

    fn measure(&self, params: &Params, seed: u64) -> Vec<Option<f64>> {
        let end = trial(params, seed).until(decided);
        vec![end.map(|world| if later(&world) { 1.0 } else { 0.0 })]
    }

    fn story(&self, params: &Params, seed: u64, _column: usize) -> Option<String> {
        let trial = trial(params, seed);
        let end = trial.until(decided);
        Some(trial.story(end.as_ref()))
    }

    fn theory(&self, params: &Params) -> Vec<Theory> {
        let (nodes, alive) = (params.integer("nodes"), params.integer("alive"));
        let share = f64::from(params.ratio("latency_share").0) / 1e6;
        vec![Theory {
            id: "exact",
            column: 0,
            value: Some(split_probability(nodes, alive, share)),
            formula: Some(SPLIT_FORMULA.to_owned()),
        }]
    }
}
