//! How it is compared with others ([`Contest`]): that one value is chosen is its unit of work, and there is one in a run.

use super::checks::{chosen_on_disk, peers, two_chosen};
use super::proposer::Phase;
use crate::engine::NodeId;
use crate::lab::contest::{About, Case, Contest, Finished, Formula, Variant};
use crate::sim::{Status, World};

/// The proposers that run.
fn proposers(world: &World) -> Vec<NodeId> {
    let live = peers(world).filter(|(id, ..)| world.cell(*id).status() != Status::Down);
    live.filter(|(_, peer, _)| peer.proposer.is_some())
        .map(|(id, ..)| id)
        .collect()
}

/// The proposers are asked in turn, each for a value of its own.
fn ask(world: &World, k: u64) -> Option<String> {
    let all = proposers(world);
    let id = all.get(k as usize % all.len().max(1))?;
    let name = &world.spec(*id).name;
    Some(format!("request {name} propose v{}", id.0 + 1))
}

/// A proposer that wants something.
fn in_charge(world: &World) -> Option<NodeId> {
    let mut wanting = peers(world).filter(|(_, peer, _)| {
        let phase = peer.proposer.as_ref().map(|proposer| &proposer.phase);
        phase.is_some_and(|phase| *phase != Phase::Idle)
    });
    wanting.next().map(|(id, ..)| id)
}

/// How many running learners know what is chosen; none where two values are.
fn learned(world: &World) -> u64 {
    if two_chosen(world) {
        return 0;
    }
    let live = peers(world).filter(|(id, ..)| world.cell(*id).status() != Status::Down);
    let learners = live.filter_map(|(_, peer, _)| peer.learner.as_ref());
    learners.filter(|one| one.learned.is_some()).count() as u64
}

pub(super) static CONTEST: Contest = Contest {
    size: Some("acceptors"),
    params: &[
        ("roles", "together"),
        ("by_themselves", "off"),
        ("proposers", "4"),
        ("learners", "3"),
    ],
    variants: &[Variant {
        id: "",
        params: &[],
        without: &[],
        judged: &[
            "one-value-is-chosen",
            "the-chosen-value-was-proposed",
            "what-is-learned-is-chosen",
        ],
        cases: &[Case {
            id: "a-value",
            params: &[("learners", "1")],
            begin: |world| ask(world, 0).into_iter().collect(),
            until: None,
            formulas: &[Formula {
                text: "4(n - 1)",
                of: |n| 4 * (n - 1),
                about: About::InAll,
                at_most: false,
            }],
        }],
    }],
    pulses: &[],
    in_charge,
    ask,
    finished: Finished::Counted(learned),
    once: Some(|world| !chosen_on_disk(world).is_empty()),
    in_doubt: None,
};
