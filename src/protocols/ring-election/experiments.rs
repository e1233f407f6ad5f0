//! How many messages an election on a ring takes, if all n nodes begin at once and nobody fails. Counted are the ids that
//! are handed on (and, both ways, the replies); announcements, acknowledgements and heartbeats are not: an announcement takes n more.
//!
//! One way round an id travels until it comes to a larger one. Clockwise in rising order each but the largest is
//! swallowed by its neighbour: n-1 + n = 2n-1. In falling order the k-th largest comes to a larger one after n-k+1 places,
//! so 1 + 2 + … + n = n(n+1)/2. In random order the chance that an id's first j neighbours are all smaller, and it so
//! travels more than j places, is that it is the largest of j+1: 1/(j+1). Summed over j from 0 to n-1, and over n ids:
//! n (1 + 1/2 + … + 1/n) = n·H(n).
//!
//! Both ways an id is in phase k if it is the largest within 2^(k-1) places on both sides, which at most n/(2^(k-1)+1) ids
//! are. Each costs at most four times 2^k messages, so a phase costs less than 8n. The last phase begins where 2^k is n or
//! more, and phase 0 costs 4n: with ⌈log₂ n⌉ + 1 phases, at most 8n(1 + ⌈log₂ n⌉). That bound no order reaches; what the
//! best and the worst cost is computed (`orders`).

use super::checks::agreed;
use super::lab::{ORDERS, RingElection, VARIANTS};
use super::orders::{best_cost_both_ways, worst_cost_both_ways};
use crate::engine::{Span, Time};
use crate::lab::experiment::{Column, Experiment, ExperimentSpec, Shown, Theory};
use crate::lab::{Complaint, Lab, ParamKind, ParamSpec, Params, Setup};
use crate::sim::World;

/// What the lab offers.
pub(super) static ALL: [&dyn Experiment; 1] = [&Messages];

pub(super) struct Messages;

static SPEC: ExperimentSpec = ExperimentSpec {
    id: "messages",
    params: &[
        ParamSpec::integer("nodes", (8, 2, 16), ""),
        ParamSpec {
            name: "order",
            kind: ParamKind::Choice("random", ORDERS),
            unit: "",
        },
        ParamSpec {
            name: "variant",
            kind: ParamKind::Choice("one-way", VARIANTS),
            unit: "",
        },
    ],
    varies: ("nodes", "2..16/15"),
    columns: &[Column {
        name: "messages",
        shown: Shown::Mean,
    }],
    seeds: 100,
};

/// All begin after 20 ms. Sixteen nodes both ways need 2·(1+2+4+8)+16 hops of at most 14 ms; nobody begins again before
/// three waits of 50 ms a node are over.
fn end(params: &Params) -> Span {
    let n = params.integer("nodes");
    Span(20_000 + (8 * n + 4) * 14_000)
}

fn setup(params: &Params, seed: u64) -> Setup {
    let lab: &dyn Lab = &RingElection;
    let mut setup = lab.setup(seed);
    let nodes = params.integer("nodes").to_string();
    let words = [
        ("nodes", nodes.as_str()),
        ("order", params.word("order")),
        ("variant", params.word("variant")),
    ];
    for (name, value) in words {
        let set = setup.params.set(name, value);
        debug_assert!(set.is_ok(), "within the bounds of the lab");
    }
    setup
}

/// The messages of one election, and the world behind it.
pub(super) fn measured(params: &Params, seed: u64) -> (Option<u64>, World) {
    let mut world = RingElection.world(&setup(params, seed));
    let end = Time(0) + end(params);
    while world.next_time().is_some_and(|next| next <= end) && world.step() {}
    world.advance_to(end);
    let sent = world.counters().sent;
    (agreed(&world).then_some(sent[0] + sent[1]), world)
}

/// The n-th harmonic number.
pub(super) fn harmonic(n: u64) -> f64 {
    (1..=n).map(|i| 1.0 / i as f64).sum()
}

/// The bound for both ways.
pub(super) fn most_both_ways(n: u64) -> u64 {
    8 * n * (1 + u64::from(n.next_power_of_two().trailing_zeros()))
}

const MEAN: &str = "<mrow><mi>n</mi><msub><mi>H</mi><mi>n</mi></msub></mrow>";
const WORST: &str = "<mfrac><mrow><mi>n</mi><mo>(</mo><mi>n</mi><mo>+</mo><mn>1</mn><mo>)</mo></mrow><mn>2</mn></mfrac>";
const BEST: &str = "<mrow><mn>2</mn><mi>n</mi><mo>-</mo><mn>1</mn></mrow>";
const BOTH: &str = "<mrow><mn>8</mn><mi>n</mi><mo>(</mo><mn>1</mn><mo>+</mo><mo>⌈</mo><msub><mi>log</mi><mn>2</mn></msub><mi>n</mi><mo>⌉</mo><mo>)</mo></mrow>";

const BOTH_BEST: &str = "<mrow><mn>5</mn><mi>n</mi><mo>+</mo><mn>4</mn><mo>·</mo><msup><mn>2</mn><mrow><mo>⌈</mo><msub><mi>log</mi><mn>2</mn></msub><mi>n</mi><mo>⌉</mo></mrow></msup><mo>-</mo><mn>8</mn></mrow>";
/// The largest, and the rest, which is a stretch between it and itself; c is what an id costs.
const BOTH_WORST: &str = "<mrow><mi>c</mi><mo>(</mo><mi>n</mi><mo>,</mo><mi>n</mi><mo>)</mo><mo>+</mo><mi>W</mi><mo>(</mo><mi>n</mi><mo>-</mo><mn>1</mn><mo>)</mo><mo>;</mo>\
     <mi>W</mi><mo>(</mo><mi>l</mi><mo>)</mo><mo>=</mo><munder><mi>max</mi><mrow><mi>a</mi><mo>+</mo><mi>b</mi><mo>=</mo><mi>l</mi><mo>-</mo><mn>1</mn></mrow></munder>\
     <mo>(</mo><mi>c</mi><mo>(</mo><mi>a</mi><mo>+</mo><mn>1</mn><mo>,</mo><mi>b</mi><mo>+</mo><mn>1</mn><mo>)</mo><mo>+</mo><mi>W</mi><mo>(</mo><mi>a</mi><mo>)</mo><mo>+</mo><mi>W</mi><mo>(</mo><mi>b</mi><mo>)</mo><mo>)</mo></mrow>";

impl Experiment for Messages {
    fn spec(&self) -> &'static ExperimentSpec {
        &SPEC
    }

    fn check(&self, _: &Params) -> Result<(), Complaint> {
        Ok(())
    }

    fn measure(&self, params: &Params, seed: u64) -> Vec<Option<f64>> {
        vec![measured(params, seed).0.map(|count| count as f64)]
    }

    fn story(&self, params: &Params, seed: u64, _column: usize) -> Option<String> {
        let (_, world) = measured(params, seed);
        let mut first = format!("lab ring-election seed={seed}");
        for (spec, value) in setup(params, seed).params.changed() {
            first.push_str(&format!(" {}={value}", spec.name));
        }
        let (end, hash) = (end(params), world.trace_hash());
        Some(format!("{first}\nrun {end}\nexpect trace {hash:016x}\n"))
    }

    fn theory(&self, params: &Params) -> Vec<Theory> {
        let n = params.integer("nodes");
        let one_way = params.word("variant") == "one-way";
        let line = |id, value: f64, formula: &str, said: bool| Theory {
            id,
            column: 0,
            value: said.then_some(value),
            formula: Some(formula.to_owned()),
        };
        vec![
            line("mean", n as f64 * harmonic(n), MEAN, one_way),
            line("worst", (n * (n + 1) / 2) as f64, WORST, one_way),
            line("best", (2 * n - 1) as f64, BEST, one_way),
            line("both-ways", most_both_ways(n) as f64, BOTH, !one_way),
            line(
                "both-worst",
                worst_cost_both_ways(n) as f64,
                BOTH_WORST,
                !one_way,
            ),
            line(
                "both-best",
                best_cost_both_ways(n) as f64,
                BOTH_BEST,
                !one_way,
            ),
        ]
    }
}
