//! How it is compared with others ([`Contest`]): a node that asks who leads, and learns it, is its unit of work.

use super::checks::{agreed, leaders, live};
use super::notes::{FOLLOWS, LEADS, LEADS_TERM};
use crate::engine::NodeId;
use crate::lab::contest::{About, Case, Contest, Finished, Formula, Variant};
use crate::sim::World;

/// The nodes that run.
fn running(world: &World) -> impl Iterator<Item = NodeId> {
    world.ids().filter(|id| live(world, *id).is_some())
}

/// Nodes begin an election in turn.
fn ask(world: &World, k: u64) -> Option<String> {
    let all: Vec<NodeId> = running(world).collect();
    let node = all.get(k as usize % all.len().max(1))?;
    Some(format!("request {} elect", world.spec(*node).name))
}

/// The leader is dead, nothing of it is under way any more, and one node notices it.
fn notices(world: &World, from_above: usize) -> Vec<String> {
    let all: Vec<NodeId> = running(world).collect();
    let name = |back: usize| {
        let node = all.len().checked_sub(back).and_then(|at| all.get(at));
        node.map_or("", |node| world.spec(*node).name.as_str())
    };
    vec![
        format!("kill {}", name(1)),
        "run 30ms".to_owned(),
        format!("request {} elect", name(from_above)),
    ]
}

const KINDS: About = About::Kinds(&["Election", "Answer", "Coordinator"]);
const WITH_ASSENTS: About =
    About::Kinds(&["Election", "Answer", "Coordinator", "Proposal", "Assent"]);

const fn case(
    id: &'static str,
    begin: fn(&World) -> Vec<String>,
    formulas: &'static [Formula],
) -> Case {
    Case {
        // Nobody else notices by itself.
        params: &[("leader_timeout", "2s")],
        until: Some(agreed),
        ..Case::new(id, begin, formulas)
    }
}

const BEST: fn(&World) -> Vec<String> = |world| notices(world, 2);
const WORST: fn(&World) -> Vec<String> = |world| notices(world, 5);

pub(super) static CONTEST: Contest = Contest {
    size: Some("nodes"),
    params: &[],
    variants: &[
        Variant {
            id: "plain",
            params: &[("variant", "plain")],
            without: &[],
            judged: &["two-lead-only-while-an-announcement-travels"],
            cases: &[
                case(
                    "noticed-by-the-second-highest",
                    BEST,
                    &[Formula {
                        text: "n - 1",
                        of: |n| n - 1,
                        about: KINDS,
                        at_most: false,
                    }],
                ),
                case(
                    "noticed-by-the-lowest",
                    WORST,
                    &[Formula {
                        text: "n² - n - 1",
                        of: |n| n * n - n - 1,
                        about: KINDS,
                        at_most: false,
                    }],
                ),
            ],
        },
        Variant {
            id: "terms",
            params: &[("variant", "terms")],
            without: &[],
            judged: &["one-leader-a-term"],
            cases: &[
                case(
                    "noticed-by-the-second-highest",
                    BEST,
                    &[Formula {
                        text: "n - 1 + 2(n - 1)",
                        of: |n| 3 * (n - 1),
                        about: WITH_ASSENTS,
                        at_most: false,
                    }],
                ),
                case(
                    "noticed-by-the-lowest",
                    WORST,
                    &[Formula {
                        text: "n² - n - 1 + 2(n - 1)",
                        of: |n| n * n - n - 1 + 2 * (n - 1),
                        about: WITH_ASSENTS,
                        at_most: false,
                    }],
                ),
            ],
        },
    ],
    pulses: &["heartbeat"],
    in_charge: |world| leaders(world).last(),
    ask,
    finished: Finished::Led {
        elected: &[LEADS, LEADS_TERM],
        told: &[FOLLOWS],
    },
    once: None,
    in_doubt: None,
};
