//! How many messages an election takes, beside what can be derived. The convention: the highest node is dead, one
//! other notices it first and nobody else by itself; a node holds one election at a time; messages to the dead count
//! as sent, signs of life do not count.
//!
//! Number the nodes 1 to n, n being dead, and let k notice. Each of k to n-1 holds one election, and asks all above it:
//! the sum of n-j for j from k to n-1, which is (n-k)(n-k+1)/2 `Election`s. Those to n are not answered: (n-k)(n-k-1)/2
//! `Answer`s. Together that is (n-k)². Then n-1 tells the n-2 below it. So
//!
//! - (n-k)² + n - 2 in all;
//! - n - 1 at best, where the second highest notices (k = n-1);
//! - n² - n - 1 at worst, where the lowest does (k = 1);
//! - n(2n-1)/6 + n - 2 in the mean over k from 1 to n-1, for the sum of i² up to n-1 is (n-1)n(2n-1)/6.

use super::checks::{agreed, counted};
use super::lab::Bully;
use super::peer::Elect;
use crate::engine::{NodeId, Span};
use crate::lab::experiment::{Column, Experiment, ExperimentSpec, Shown, Theory};
use crate::lab::{Complaint, Lab, ParamKind, ParamSpec, Params, Setup};
use crate::sim::{Action, Request, World};
use std::rc::Rc;

/// What the lab offers.
pub(super) static ALL: [&dyn Experiment; 1] = [&Messages];

pub(super) struct Messages;

static SPEC: ExperimentSpec = ExperimentSpec {
    id: "messages",
    params: &[
        ParamSpec::integer("nodes", (5, 2, 12), ""),
        ParamSpec {
            name: "notices",
            kind: ParamKind::Choice("any", &["any", "lowest", "second-highest"]),
            unit: "",
        },
    ],
    varies: ("nodes", "2..12/11"),
    columns: &[
        Column {
            name: "messages",
            shown: Shown::Mean,
        },
        Column {
            name: "elected_ms",
            shown: Shown::Median,
        },
    ],
    seeds: 60,
};

/// So long all have agreed on the highest by far, and so long an election has ended by far.
const BEGUN: Span = Span::ms(300);
const OVER: Span = Span::ms(500);
/// What the dead one has sent arrives before anybody notices.
const GONE: Span = Span::ms(30);

/// Nobody notices by itself for two seconds: only who is asked to.
fn setup(params: &Params, seed: u64) -> Setup {
    let lab: &dyn Lab = &Bully;
    let mut setup = lab.setup(seed);
    let nodes = params.integer("nodes").to_string();
    for (name, value) in [("nodes", nodes.as_str()), ("leader_timeout", "2s")] {
        let set = setup.params.set(name, value);
        debug_assert!(set.is_ok(), "within the bounds of the lab");
    }
    setup
}

/// Who notices.
fn first(params: &Params, seed: u64) -> NodeId {
    let n = params.integer("nodes");
    let at = match params.word("notices") {
        "lowest" => 0,
        "second-highest" => n - 2,
        _ => seed % (n - 1),
    };
    NodeId(at as u16)
}

fn run_until(world: &mut World, span: Span) {
    let end = crate::engine::Time(0) + span;
    while world.next_time().is_some_and(|next| next <= end) && world.step() {}
    world.advance_to(end);
}

/// The messages of one election, how long it took, and the world behind it.
pub(super) fn measured(params: &Params, seed: u64) -> (Option<u64>, Option<Span>, World) {
    let setup = setup(params, seed);
    let mut world = Bully.world(&setup);
    run_until(&mut world, BEGUN);
    let leader = NodeId(params.integer("nodes") as u16 - 1);
    let killed = world.act(&Rc::new(Action::Kill(leader))).is_ok();
    run_until(&mut world, Span(BEGUN.0 + GONE.0));
    let (before, begun) = (counted(&world), world.now());
    let elect = Request {
        text: "elect".into(),
        value: Rc::new(Elect),
    };
    let asked = Action::Ask(first(params, seed), elect);
    let done = killed && world.act(&Rc::new(asked)).is_ok();
    let end = begun + OVER;
    let mut took = None;
    while world.next_time().is_some_and(|next| next <= end) && world.step() {
        if took.is_none() && agreed(&world) {
            took = Some(world.now() - begun);
        }
    }
    world.advance_to(end);
    let messages = (done && took.is_some()).then(|| counted(&world) - before);
    (messages, took, world)
}

/// What it comes to where `k` of 1 to n-1 notices.
pub(super) fn exact(n: u64, k: u64) -> u64 {
    (n - k) * (n - k) + n - 2
}

/// The mean over all k.
pub(super) fn mean(n: u64) -> f64 {
    let n = n as f64;
    n * (2.0 * n - 1.0) / 6.0 + n - 2.0
}

const ANY: &str = "<mrow><mfrac><mrow><mi>n</mi><mo>(</mo><mn>2</mn><mi>n</mi><mo>-</mo><mn>1</mn><mo>)</mo></mrow><mn>6</mn></mfrac><mo>+</mo><mi>n</mi><mo>-</mo><mn>2</mn></mrow>";
const WORST: &str =
    "<mrow><msup><mi>n</mi><mn>2</mn></msup><mo>-</mo><mi>n</mi><mo>-</mo><mn>1</mn></mrow>";
const BEST: &str = "<mrow><mi>n</mi><mo>-</mo><mn>1</mn></mrow>";

impl Experiment for Messages {
    fn spec(&self) -> &'static ExperimentSpec {
        &SPEC
    }

    fn check(&self, _: &Params) -> Result<(), Complaint> {
        Ok(())
    }

    fn measure(&self, params: &Params, seed: u64) -> Vec<Option<f64>> {
        let (messages, took, _) = measured(params, seed);
        vec![
            messages.map(|count| count as f64),
            took.map(|span| span.0 as f64 / 1000.0),
        ]
    }

    fn story(&self, params: &Params, seed: u64, _column: usize) -> Option<String> {
        let (_, _, world) = measured(params, seed);
        let n = params.integer("nodes");
        let (first, hash) = (first(params, seed).0 + 1, world.trace_hash());
        let set = if n == 5 {
            String::new()
        } else {
            format!(" nodes={n}")
        };
        Some(format!(
            "lab bully seed={seed}{set} leader_timeout=2s\nrun {BEGUN}\nkill n{n}\nrun {GONE}\nrequest n{first} elect\nrun {OVER}\nexpect trace {hash:016x}\n"
        ))
    }

    fn theory(&self, params: &Params) -> Vec<Theory> {
        let n = params.integer("nodes");
        // One line for each who may notice, so that all three are seen beside what was measured.
        let line = |id, value, formula: &str| Theory {
            id,
            column: 0,
            value: Some(value),
            formula: Some(formula.to_owned()),
        };
        vec![
            line("mean", mean(n), ANY),
            line("worst", exact(n, 1) as f64, WORST),
            line("best", exact(n, n - 1) as f64, BEST),
        ]
    }
}
