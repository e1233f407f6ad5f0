//! How evenly a ring spreads, and how much a change moves: measured on the circle of this lab, beside theory. Each
//! seed salts the circle, and so do the runs that a point opens: they show what was measured.

use super::hashes::HashKind;
use super::lab::MOST_SALT;
use super::layout::{Layout, Member, Placement, Scheme, Walk};
use crate::engine::{NodeId, Span};
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

/// The salt of a seed's circle.
fn salt(seed: u64) -> u64 {
    1 + seed % MOST_SALT
}

/// How keys are placed on so many nodes, n1 and those behind it, in a run of this seed.
fn scheme(placement: Placement, params: &Params, seed: u64) -> Rc<Scheme> {
    let kind = (placement, HashKind::of(params.word("hash")));
    let points = params.integer("points") as u32;
    let keys = params.integer("keys") as usize;
    Rc::new(Scheme::new(kind, (points, 1), (keys, salt(seed))))
}

fn members(nodes: u64) -> Vec<Member> {
    let member = |at: u64| Member {
        node: NodeId(at as u16),
        weight: 1,
    };
    (0..nodes).map(member).collect()
}

/// The first node of a key.
fn first(layout: &Layout, key: u64) -> Option<NodeId> {
    layout.owners(key, Walk::RIGHT).list().first().copied()
}

/// The first line of a run with that circle, in which nobody asks for anything.
fn first_line(placement: Placement, params: &Params, seed: u64) -> String {
    let integer = |name| params.integer(name);
    format!(
        "lab hash-ring seed={seed} placement={} hash={} nodes={} spares=1 points={} replicas=1 keys={} clients=1 rate=0 salt={}",
        placement.word(),
        params.word("hash"),
        integer("nodes"),
        integer("points"),
        integer("keys"),
        salt(seed)
    )
}

/// How far the nodes' parts lie from an equal one.
pub(super) struct Spread;

static SPREAD_SPEC: ExperimentSpec = ExperimentSpec {
    id: "spread",
    params: &[
        ParamSpec::integer("nodes", (10, 2, 100), ""),
        ParamSpec::integer("points", (16, 1, 200), ""),
        ParamSpec::integer("keys", (10_000, 100, 10_000), ""),
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

    fn measure(&self, params: &Params, seed: u64) -> Vec<Option<f64>> {
        let scheme = scheme(Placement::Ring, params, seed);
        let nodes = params.integer("nodes");
        let layout = Layout::new(&scheme, members(nodes));
        let Some(ring) = layout.ring(Walk::RIGHT) else {
            return vec![None; SPREAD_SPEC.columns.len()];
        };
        let arcs = ring.arcs(nodes as usize);
        let arcs: Vec<f64> = arcs.into_iter().map(|arc| arc as f64).collect();
        let mut counts = vec![0.0; nodes as usize];
        for key in &scheme.keys {
            if let Some(node) = first(&layout, *key) {
                counts[node.index()] += 1.0;
            }
        }
        let (arcs, keys) = (squared(&arcs), squared(&counts));
        [libm::sqrt(arcs), arcs, libm::sqrt(keys), keys]
            .map(Some)
            .to_vec()
    }

    fn story(&self, params: &Params, seed: u64, _column: usize) -> Option<String> {
        let first = first_line(Placement::Ring, params, seed);
        Some(format!("{first}\nrun 1s\n"))
    }

    fn theory(&self, params: &Params) -> Vec<Theory> {
        let [n, v, k] = ["nodes", "points", "keys"].map(|name| params.integer(name) as f64);
        let arcs = (n - 1.0) / (n * v + 1.0);
        let keys = arcs + (n - 1.0) / k;
        let theory = |id, column, value: f64, formula| Theory {
            id,
            column,
            value: Some(value),
            formula: Some(formula),
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

/// So long it takes a run until all keys are where they belong, by far.
const SETTLED: Span = Span::secs(3);

fn leaves(params: &Params) -> bool {
    params.word("change") == "leave"
}

/// The number of the node that comes or goes.
fn changes(params: &Params, seed: u64) -> u64 {
    let nodes = params.integer("nodes");
    if leaves(params) { seed % nodes } else { nodes }
}

impl Experiment for Moved {
    fn spec(&self) -> &'static ExperimentSpec {
        &MOVED_SPEC
    }

    fn check(&self, _params: &Params) -> Result<(), Complaint> {
        Ok(())
    }

    fn measure(&self, params: &Params, seed: u64) -> Vec<Option<f64>> {
        let scheme = scheme(Placement::of(params.word("placement")), params, seed);
        let (nodes, keys) = (params.integer("nodes"), params.integer("keys"));
        // Who comes is the last in the order of joining; who goes is anybody.
        let one = NodeId(changes(params, seed) as u16);
        let few = members(nodes);
        let other = if leaves(params) {
            let mut others = few.clone();
            others.retain(|member| member.node != one);
            others
        } else {
            members(nodes + 1)
        };
        let [before, after] = [few, other].map(|members| Layout::new(&scheme, members));
        let (mut moved, mut needless) = (0u64, 0u64);
        for key in &scheme.keys {
            let [from, to] = [&before, &after].map(|layout| first(layout, *key));
            moved += u64::from(from != to);
            needless += u64::from(from != to && ![from, to].contains(&Some(one)));
        }
        let share = |count: u64| Some(count as f64 / keys as f64);
        vec![share(moved), share(needless)]
    }

    /// The picture says how many keys moved, and the table beside it which share.
    fn story(&self, params: &Params, seed: u64, _column: usize) -> Option<String> {
        let first = first_line(Placement::of(params.word("placement")), params, seed);
        let (one, does) = (changes(params, seed) + 1, params.word("change"));
        Some(format!(
            "{first}\nrun 1s\nrequest n{one} {does}\nrun {SETTLED}\n"
        ))
    }

    /// Jump has a theory where the last one comes, but not where any other goes; Maglev and bounded
    /// loads promise little and measure it.
    fn theory(&self, params: &Params) -> Vec<Theory> {
        let n = params.integer("nodes") as f64;
        let join = !leaves(params);
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
            formula: Some(format!("<mfrac>{numerator}{below}</mfrac>")),
        }]
    }
}
