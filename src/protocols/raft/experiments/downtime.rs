//! How long a cluster is without a leader after its leader crashed: figure 16 of Ongaro & Ousterhout (2014), measured with
//! this engine.

use super::election_time::{check_ranges, ms};
use super::{Trial, further, lab_params, leader, micros};
use crate::engine::{NodeId, Span, Time};
use crate::lab::experiment::{Column, Experiment, ExperimentSpec, Shown, Theory};
use crate::lab::{Complaint, ParamSpec, Params, Setup};
use crate::sim::{Action, World};
use std::fmt::Write;
use std::rc::Rc;

/// See the module.
pub(super) struct Downtime;

static SPEC: ExperimentSpec = ExperimentSpec {
    id: "downtime",
    params: &[
        ParamSpec::integer("nodes", (5, 3, 9), ""),
        ms("latency_ms_min", 1, (Span(0), Span::secs(2))),
        ms("latency_ms_max", 14, (Span(0), Span::secs(2))),
        ms("timeout_ms_min", 150, (Span::ms(10), Span::secs(10))),
        ms("timeout_ms_max", 300, (Span::ms(10), Span::secs(20))),
    ],
    varies: ("timeout_ms_max", "155,160,175,200,250,300"),
    columns: &[Column {
        name: "down_us",
        shown: Shown::Median,
    }],
    seeds: 200,
};

/// How many heartbeats the first leader sends before the one in which it crashes.
const HEARTBEATS: u64 = 5;

/// What the paper tells of its trials (section 9.3): the name here, the range of the timeouts in ms, and the downtime in
/// ms. Each is of a thousand trials with five servers.
const PUBLISHED: [(&str, (u64, u64), u64); 2] =
    [("median", (150, 155), 287), ("longest", (150, 200), 513)];

fn trial(params: &Params, seed: u64) -> Trial {
    let span = |name| params.span(name).to_string();
    let params_of_lab = lab_params(&[
        ("nodes", params.integer("nodes").to_string()),
        ("latency_min", span("latency_ms_min")),
        // The least that the lab takes.
        (
            "latency_max",
            params.span("latency_ms_max").max(Span(1)).to_string(),
        ),
        ("timeout_min", span("timeout_ms_min")),
        ("timeout_max", span("timeout_ms_max")),
        ("heartbeat", heartbeat(params).to_string()),
    ]);
    Trial {
        setup: Setup {
            seed,
            params: params_of_lab,
        },
        alive: params.integer("nodes"),
    }
}

/// Half of the least timeout, as in the paper.
fn heartbeat(params: &Params) -> Span {
    Span(params.span("timeout_ms_min").0 / 2)
}

/// How long the first leader leads: some heartbeats, and a part of one that is spread evenly over the seeds, since each
/// is a golden section of the whole further than the one before it.
fn reign(params: &Params, seed: u64) -> Span {
    let share = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
    let beat = heartbeat(params).0;
    Span(beat * HEARTBEATS + ((beat * share) >> 32))
}

/// A crash: the world in which somebody leads again, who crashed, and when.
struct Crash {
    world: World,
    leader: NodeId,
    at: Time,
}

/// `None` where nobody leads in time, before the crash or after it.
fn crash(trial: &Trial, reign: Span) -> Option<Crash> {
    let mut world = trial.until(|world| leader(world).is_some())?;
    let at = world.now() + reign;
    while world.next_time().is_some_and(|next| next <= at) {
        world.step();
    }
    world.advance_to(at);
    let dead = leader(&world)?;
    world.act(&Rc::new(Action::Kill(dead))).ok()?;
    let world = further(world, |world| leader(world).is_some())?;
    Some(Crash {
        world,
        leader: dead,
        at,
    })
}

impl Experiment for Downtime {
    fn spec(&self) -> &'static ExperimentSpec {
        &SPEC
    }

    fn check(&self, params: &Params) -> Result<(), Complaint> {
        check_ranges(params)
    }

    fn measure(&self, params: &Params, seed: u64) -> Vec<Option<f64>> {
        let end = crash(&trial(params, seed), reign(params, seed));
        vec![end.map(|end| micros(end.world.now()) - micros(end.at))]
    }

    fn story(&self, params: &Params, seed: u64, _column: usize) -> Option<String> {
        let (trial, reign) = (trial(params, seed), reign(params, seed));
        let mut text = trial.head();
        let first = trial.until(|world| leader(world).is_some());
        let Some(first) = first else {
            return Some(text + "run 10s\nexpect not leader\n");
        };
        // A text takes what is written to it.
        let within = |world: &World| world.now().0 / 1000 + 1;
        let _ = writeln!(text, "run until leader within {}ms", within(&first));
        let _ = writeln!(text, "run {reign}");
        match crash(&trial, reign) {
            Some(end) => {
                let _ = writeln!(text, "kill n{}", end.leader.0 + 1);
                let _ = writeln!(text, "run until leader within {}ms", within(&end.world));
                let _ = writeln!(text, "expect trace {:016x}", end.world.trace_hash());
            }
            None => text.push_str("kill leader\nrun 10s\nexpect not leader\n"),
        }
        Some(text)
    }

    /// Only what the paper measured: its text tells these two of its curves.
    fn theory(&self, params: &Params) -> Vec<Theory> {
        let range = ["timeout_ms_min", "timeout_ms_max"].map(|name| params.span(name));
        let same = |(min, max): (u64, u64)| {
            range == [min, max].map(Span::ms) && params.integer("nodes") == 5
        };
        let line = |(id, of, down): &(&'static str, (u64, u64), u64)| Theory {
            id,
            column: 0,
            value: same(*of).then_some(Span::ms(*down).0 as f64),
            formula: None,
        };
        PUBLISHED.iter().map(line).collect()
    }
}
