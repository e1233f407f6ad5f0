//! How it is compared with others ([`Contest`]): a node that calls an election, and learns who leads, is its unit of work.

use super::checks::{agreed, leaders, running};
use super::notes::{A_LEADS, B_LEADS, C_LEADS, FOLLOWS, OTHER_LEADS};
use crate::engine::NodeId;
use crate::lab::contest::{About, Case, Contest, Finished, Formula, Variant};
use crate::sim::World;

/// Nodes call in turn. A leader has nothing to call for, and a node that does already neither.
fn ask(world: &World, k: u64) -> Option<String> {
    let others = running(world).filter(|(_, peer)| !peer.leads());
    let others: Vec<NodeId> = others.map(|(id, _)| id).collect();
    let node = others.get(k as usize % others.len().max(1))?;
    Some(format!("request {} call", world.spec(*node).name))
}

/// The leader is dead, nothing of it is under way any more, and the first of the others calls.
fn calls(world: &World) -> Vec<String> {
    let name = |id: NodeId| world.spec(id).name.as_str();
    let leader = leaders(world).last().map_or("", |(id, _)| name(id));
    let mut others = running(world).filter(|(_, peer)| !peer.leads());
    let other = others.next().map_or("", |(id, _)| name(id));
    vec![
        format!("kill {leader}"),
        "run 30ms".to_owned(),
        format!("request {other} call"),
    ]
}

/// A poll and a ballot to all others; an answer, and a vote, of all that live but one.
const CASE: Case = Case {
    id: "a-follower-calls",
    // Nobody else calls by itself.
    params: &[("leader_timeout", "1s")],
    begin: calls,
    until: Some(agreed),
    formulas: &[Formula {
        text: "2(n - 1) + 2(n - 2)",
        of: |n| 2 * (n - 1) + 2 * (n - 2),
        about: About::Kinds(&["Poll", "Answer", "Ballot", "Vote"]),
        at_most: false,
    }],
};

const fn form(id: &'static str, params: &'static [(&'static str, &'static str)]) -> Variant {
    Variant {
        id,
        params,
        without: &[],
        judged: &["one-leader-a-term"],
        cases: &[CASE],
    }
}

pub(super) static CONTEST: Contest = Contest {
    size: Some("nodes"),
    // All are fit: what a busy one costs is chance.
    params: &[("load_max", "100")],
    variants: &[
        form("acceptance", &[("form", "acceptance")]),
        form("draw", &[("form", "draw")]),
    ],
    pulses: &["heartbeat"],
    in_charge: |world| leaders(world).last().map(|(id, _)| id),
    ask,
    finished: Finished::Led {
        elected: &[A_LEADS, B_LEADS, C_LEADS, OTHER_LEADS],
        told: &[FOLLOWS],
    },
    once: None,
    in_doubt: None,
};
