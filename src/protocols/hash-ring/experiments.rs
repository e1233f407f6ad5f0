//! How evenly a ring spreads, and how much a change moves: measured on the ring of this lab, beside theory.

use super::hashes::HashKind;
use super::layout::{Layout, Member, Placement, Scheme, Walk};
use super::ring::{Point, Ring};
use crate::engine::NodeId;
use crate::lab::{
    Column, Complaint, Experiment, ExperimentSpec, ParamKind, ParamSpec, Params, Shown, Theory,
};
use std::rc::Rc;

/// Both.
pub(super) static ALL: [&dyn Experiment; 2] = [&Spread, &Moved];

const HASH: ParamSpec = ParamSpec {
    name: "hash",
    kind: ParamKind::Choice("xxh3", HashKind::WORDS),
    unit: "",
};

const fn column(name: &'static str) -> Column {
    Column {
        name,
        shown: Shown::Mean,
    }
}

/// How far the nodes' parts lie from an equal one.
pub(super) struct Spread;

static SPREAD_SPEC: ExperimentSpec = ExperimentSpec {
    id: "spread",
    params: &[
        ParamSpec::integer("nodes", (10, 2, 100), ""),
        ParamSpec::integer("points", (16, 1, 200), ""),
        ParamSpec::integer("keys", (10_000, 100, 100_000), ""),
        HASH,
    ],
    varies: ("points", "1,2,4,8,16,32,64,128,200"),
    columns: &[
        column("arc_spread"),
        column("arc_spread_squared"),
        column("key_spread"),
        column("key_spread_squared"),
    ],
    seeds: 40,
};

/// The mean square of how far each part is from an equal one, as a share of that.
fn squared(parts: &[f64]) -> f64 {
    let (n, sum) = (parts.len() as f64, parts.iter().sum::<f64>());
    let each = parts.iter().map(|part| {
        let off = part * n / sum - 1.0;
        off * off
    });
    each.sum::<f64>() / n
}

/// What stands inside `math`: the root of a fraction, and of a second one beside it.
fn root(second: bool, rooted: bool) -> String {
    let minus = "<mrow><mi>n</mi><mo>-</mo><mn>1</mn></mrow>";
    let first =
        format!("<mfrac>{minus}<mrow><mi>n</mi><mi>v</mi><mo>+</mo><mn>1</mn></mrow></mfrac>");
    let more = if second {
        format!("<mo>+</mo><mfrac>{minus}<mi>K</mi></mfrac>")
    } else {
        String::new()
    };
    if rooted {
        format!("<msqrt>{first}{more}</msqrt>")
    } else {
        format!("<mrow>{first}{more}</mrow>")
    }
}

impl Experiment for Spread {
    fn spec(&self) -> &'static ExperimentSpec {
        &SPREAD_SPEC
    }

    fn check(&self, _params: &Params) -> Result<(), Complaint> {
        Ok(())
    }

    /// Each seed has nodes and keys of its own: what it mixes into their hashes.
    fn measure(&self, params: &Params, seed: u64) -> Vec<Option<f64>> {
        let hash = HashKind::of(params.word("hash"));
        let (nodes, points) = (params.integer("nodes") as u16, params.integer("points"));
        let of = |node: u16| {
            (0..points as u32).map(move |index| Point {
                at: hash.pair(seed, hash.point(node, index)),
                node,
            })
        };
        let ring = Ring::new((0..nodes).flat_map(of).collect());
        let arcs = ring.arcs(usize::from(nodes));
        let arcs: Vec<f64> = arcs.into_iter().map(|arc| arc as f64).collect();
        let mut counts = vec![0.0; usize::from(nodes)];
        for key in 0..params.integer("keys") {
            // Not the hash of a point: those are pairs the other way round.
            if let Some(node) = ring.owner(hash.pair(hash.pair(key, seed), key)) {
                counts[usize::from(node)] += 1.0;
            }
        }
        let (arcs, keys) = (squared(&arcs), squared(&counts));
        [libm::sqrt(arcs), arcs, libm::sqrt(keys), keys]
            .map(Some)
            .to_vec()
    }

    fn story(&self, _params: &Params, _seed: u64) -> Option<String> {
        None
    }

    fn theory(&self, params: &Params) -> Vec<Theory> {
        let [n, v, k] = ["nodes", "points", "keys"].map(|name| params.integer(name) as f64);
        let arcs = (n - 1.0) / (n * v + 1.0);
        let keys = arcs + (n - 1.0) / k;
        let theory = |id, column, value: f64, formula| Theory {
            id,
            column,
            value: Some(value),
            formula,
        };
        vec![
            theory("arc", 0, libm::sqrt(arcs), root(false, true)),
            theory("arc-squared", 1, arcs, root(false, false)),
            theory("key", 2, libm::sqrt(keys), root(true, true)),
            theory("key-squared", 3, keys, root(true, false)),
        ]
    }
}

/// How many keys a change moves.
pub(super) struct Moved;

static MOVED_SPEC: ExperimentSpec = ExperimentSpec {
    id: "moved",
    params: &[
        ParamSpec {
            name: "placement",
            kind: ParamKind::Choice("ring", Placement::WORDS),
            unit: "",
        },
        ParamSpec {
            name: "change",
            kind: ParamKind::Choice("join", &["join", "leave"]),
            unit: "",
        },
        ParamSpec::integer("nodes", (10, 2, 100), ""),
        ParamSpec::integer("points", (64, 1, 200), ""),
        ParamSpec::integer("keys", (2000, 100, 10_000), ""),
        HASH,
    ],
    varies: ("nodes", "2,3,5,8,12,20,30,50"),
    columns: &[column("moved_share"), column("needless_share")],
    seeds: 20,
};

/// So many seeds have nodes with names of their own.
const NAMES: u64 = 600;

impl Experiment for Moved {
    fn spec(&self) -> &'static ExperimentSpec {
        &MOVED_SPEC
    }

    fn check(&self, _params: &Params) -> Result<(), Complaint> {
        Ok(())
    }

    fn measure(&self, params: &Params, seed: u64) -> Vec<Option<f64>> {
        let hash = HashKind::of(params.word("hash"));
        let kind = (Placement::of(params.word("placement")), hash);
        let points = params.integer("points") as u32;
        let mut scheme = Scheme::new(kind, (points, 1), 0);
        let keys = params.integer("keys");
        scheme.keys = (0..keys)
            .map(|key| hash.pair(hash.pair(key, seed), key))
            .collect();
        let scheme = Rc::new(scheme);
        let (nodes, first) = (params.integer("nodes"), seed % NAMES * 101);
        let member = |at: u64| Member {
            node: NodeId((first + at) as u16),
            weight: 1,
        };
        // Who comes is the last in the order of joining; who goes is anybody.
        let few: Vec<Member> = (0..nodes).map(member).collect();
        let mut other = few.clone();
        let one = if params.word("change") == "leave" {
            other.remove((seed % nodes) as usize).node
        } else {
            other.push(member(nodes));
            member(nodes).node
        };
        let [before, after] = [few, other].map(|members| Layout::new(&scheme, members));
        let (mut moved, mut needless) = (0u64, 0u64);
        for key in &scheme.keys {
            let [from, to] = [&before, &after].map(|layout| {
                let owners = layout.owners(*key, Walk::RIGHT);
                owners.list().first().copied()
            });
            moved += u64::from(from != to);
            needless += u64::from(from != to && ![from, to].contains(&Some(one)));
        }
        let share = |count: u64| Some(count as f64 / keys as f64);
        vec![share(moved), share(needless)]
    }

    fn story(&self, _params: &Params, _seed: u64) -> Option<String> {
        None
    }

    /// Jump has a theory where the last one comes, but not where any other goes; Maglev and bounded
    /// loads promise little and measure it.
    fn theory(&self, params: &Params) -> Vec<Theory> {
        let n = params.integer("nodes") as f64;
        let join = params.word("change") == "join";
        let (numerator, value) = match (Placement::of(params.word("placement")), join) {
            (Placement::Modulo, true) => ("<mi>n</mi>", Some(n / (n + 1.0))),
            (Placement::Modulo, false) => (
                "<mrow><mi>n</mi><mo>-</mo><mn>1</mn></mrow>",
                Some((n - 1.0) / n),
            ),
            (Placement::Ring | Placement::Rendezvous | Placement::Jump, true) => {
                ("<mn>1</mn>", Some(1.0 / (n + 1.0)))
            }
            (Placement::Ring | Placement::Rendezvous, false) => ("<mn>1</mn>", Some(1.0 / n)),
            (Placement::Jump | Placement::Maglev | Placement::Bounded, _) => ("<mn>1</mn>", None),
        };
        let below = if join {
            "<mrow><mi>n</mi><mo>+</mo><mn>1</mn></mrow>"
        } else {
            "<mi>n</mi>"
        };
        vec![Theory {
            id: "moved",
            column: 0,
            value,
            formula: format!("<mfrac>{numerator}{below}</mfrac>"),
        }]
    }
}
