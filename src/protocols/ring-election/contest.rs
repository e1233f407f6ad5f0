//! How it is compared with others ([`Contest`]): a node that asks who leads, and learns it, is its unit of work.

use super::checks::{agreed, leaders, live};
use super::notes::{FOLLOWS, LEADS};
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

/// All begin by themselves.
fn all_at_once(_: &World) -> Vec<String> {
    Vec::new()
}

const fn order(
    id: &'static str,
    params: &'static [(&'static str, &'static str)],
    formulas: &'static [Formula],
) -> Case {
    Case {
        id,
        params,
        begin: all_at_once,
        until: Some(agreed),
        formulas,
    }
}

/// Announcements, acknowledgements and heartbeats are not what these count.
const ONE_WAY: About = About::Kinds(&["Token"]);
const BOTH_WAYS: Formula = Formula {
    text: "8n(1 + ⌈log₂ n⌉)",
    of: |n| 8 * n * (1 + u64::from(n.next_power_of_two().ilog2())),
    about: About::Kinds(&["Token", "Reply"]),
    at_most: true,
};

pub(super) static CONTEST: Contest = Contest {
    size: Some("nodes"),
    params: &[],
    variants: &[
        Variant {
            id: "one-way",
            params: &[("variant", "one-way")],
            without: &[],
            judged: &["one-leader"],
            cases: &[
                order(
                    "rising",
                    &[("order", "best")],
                    &[Formula {
                        text: "2n - 1",
                        of: |n| 2 * n - 1,
                        about: ONE_WAY,
                        at_most: false,
                    }],
                ),
                order(
                    "falling",
                    &[("order", "worst")],
                    &[Formula {
                        text: "n(n + 1)/2",
                        of: |n| n * (n + 1) / 2,
                        about: ONE_WAY,
                        at_most: false,
                    }],
                ),
            ],
        },
        Variant {
            id: "both-ways",
            params: &[("variant", "both-ways")],
            without: &[],
            judged: &["one-leader"],
            cases: &[
                order("rising", &[("order", "best")], &[BOTH_WAYS]),
                order("falling", &[("order", "worst")], &[BOTH_WAYS]),
            ],
        },
    ],
    pulses: &["heartbeat"],
    in_charge: |world| leaders(world).last(),
    ask,
    finished: Finished::Led {
        elected: &[LEADS],
        told: &[FOLLOWS],
    },
    once: None,
    in_doubt: None,
};
