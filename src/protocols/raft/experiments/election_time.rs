//! How long it takes until somebody leads, from the moment when all live servers arm a fresh timer.

use super::{ALIVE, NODES, Trial, check_alive, lab_params, leader, micros, split_probability};
use crate::engine::Span;
use crate::lab::experiment::{Column, Experiment, ExperimentSpec, Shown, Theory};
use crate::lab::{Complaint, ParamSpec, Params, Setup};

/// See the module.
pub(super) struct ElectionTime;

pub(super) const fn ms(name: &'static str, default: u64, (least, most): (Span, Span)) -> ParamSpec {
    ParamSpec::duration_in(name, (Span::ms(default), least, most), "ms")
}

static SPEC: ExperimentSpec = ExperimentSpec {
    id: "election-time",
    params: &[
        NODES,
        ALIVE,
        ms("latency_ms_min", 15, (Span(0), Span::secs(2))),
        ms("latency_ms_max", 15, (Span(0), Span::secs(2))),
        ms("timeout_ms_min", 150, (Span::ms(10), Span::secs(10))),
        ms("timeout_ms_max", 300, (Span::ms(10), Span::secs(20))),
    ],
    varies: ("timeout_ms_max", "175..450/12"),
    columns: &[Column {
        name: "elected_us",
        shown: Shown::Mean,
    }],
    seeds: 200,
};

/// No range ends before it begins.
pub(super) fn check_ranges(params: &Params) -> Result<(), Complaint> {
    for (min, max) in [
        ("latency_ms_min", "latency_ms_max"),
        ("timeout_ms_min", "timeout_ms_max"),
    ] {
        let (least, value) = (params.span(min), params.span(max));
        if value < least {
            return Err(Complaint::new("error-param-value")
                .with("name", max)
                .with("value", value)
                .with("bounds", format!("{least}.. ({min}={least})")));
        }
    }
    Ok(())
}

fn trial(params: &Params, seed: u64) -> Trial {
    let span = |name| params.span(name).to_string();
    // The least that the lab takes: with no latency at all two timers rarely run out at once anyway.
    let latency_max = params.span("latency_ms_max").max(Span(1));
    let params_of_lab = lab_params(&[
        ("nodes", params.integer("nodes").to_string()),
        ("latency_min", span("latency_ms_min")),
        ("latency_max", latency_max.to_string()),
        ("timeout_min", span("timeout_ms_min")),
        ("timeout_max", span("timeout_ms_max")),
    ]);
    Trial {
        setup: Setup {
            seed,
            params: params_of_lab,
        },
        alive: params.integer("alive"),
    }
}

impl Experiment for ElectionTime {
    fn spec(&self) -> &'static ExperimentSpec {
        &SPEC
    }

    fn check(&self, params: &Params) -> Result<(), Complaint> {
        check_alive(params)?;
        check_ranges(params)
    }

    fn measure(&self, params: &Params, seed: u64) -> Vec<Option<f64>> {
        let end = trial(params, seed).until(|world| leader(world).is_some());
        vec![end.map(|world| micros(world.now()))]
    }

    fn story(&self, params: &Params, seed: u64, _column: usize) -> Option<String> {
        let trial = trial(params, seed);
        let end = trial.until(|world| leader(world).is_some());
        Some(trial.story(end.as_ref()))
    }

    /// As chapter 9 counts, every message takes as long as the mean. The first of `s` timers that are spread evenly
    /// over the range from `a` to `b` runs out after `a + (b - a) / (s + 1)` on the average; a request and an answer
    /// later somebody leads, if the vote was not split. Where it was, which has the probability `p` of
    /// `split_probability`, all timers are taken to be armed anew when the first ran out, so that the number of
    /// rounds is geometric, `1 / (1 - p)` on the average. (They are armed up to one latency later, so that the
    /// second is a little too short where votes are often split.)
    fn theory(&self, params: &Params) -> Vec<Theory> {
        let number = |name| params.span(name).0 as f64;
        let (a, b) = (number("timeout_ms_min"), number("timeout_ms_max"));
        let latency = f64::midpoint(number("latency_ms_min"), number("latency_ms_max"));
        let (nodes, alive) = (params.integer("nodes"), params.integer("alive"));
        let first = a + (b - a) / (alive + 1) as f64;
        let asks = if nodes > 1 { 2.0 * latency } else { 0.0 };
        // It is about timeouts that outlast a round trip, and that differ.
        let stands = b > a && a >= asks;
        let split = if b > a {
            split_probability(nodes, alive, latency / (b - a))
        } else {
            1.0
        };
        let mean = "<mi>a</mi><mo>+</mo><mfrac><mrow><mi>b</mi><mo>−</mo><mi>a</mi></mrow>\
                    <mrow><mi>s</mi><mo>+</mo><mn>1</mn></mrow></mfrac>";
        let round_trip = "<mo>+</mo><mn>2</mn><mi>l</mi>";
        let line = |id, value, formula| Theory {
            id,
            column: 0,
            value,
            formula: Some(formula),
        };
        let again = format!(
            "<mfrac><mn>1</mn><mrow><mn>1</mn><mo>−</mo><mi>p</mi></mrow></mfrac>\
             <mrow><mo>(</mo>{mean}<mo>)</mo></mrow>{round_trip}"
        );
        vec![
            line(
                "one-round",
                stands.then_some(first + asks),
                format!("{mean}{round_trip}"),
            ),
            line(
                "with-splits",
                (stands && split < 1.0).then(|| first / (1.0 - split) + asks),
                again,
            ),
        ]
    }
}
