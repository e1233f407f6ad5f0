//! How labs of atomic commitment are compared: asked for the same, and looked at alike. A lab adds what it costs.

use super::{AccountId, Books, Outcome};
use crate::engine::{NodeId, Time};
use crate::lab::contest::{About, Case, Formula};
use crate::sim::{NodeKind, Status, World};

/// How a lab lends its members to what is measured.
pub trait Bank {
    /// The books of the member at this node, whether it runs or not.
    fn books(world: &World, node: NodeId) -> Option<&Books>;
    /// Since when this member waits for decisions that it does not make itself.
    fn doubts(world: &World, node: NodeId) -> Vec<Time>;
}

/// The checks by which these labs are judged. How long a member waits is measured beside them.
pub const JUDGED: &[&str] = &[
    "all-decide-alike",
    "a-decision-stays",
    "no-commit-without-every-yes",
    "with-nobody-in-doubt-the-total-is-right",
    "no-account-is-overdrawn",
];

fn running<B: Bank>(world: &World) -> impl Iterator<Item = (NodeId, &Books)> {
    let up = world
        .ids()
        .filter(|id| world.cell(*id).status() != Status::Down);
    up.filter_map(|id| Some((id, B::books(world, id)?)))
}

/// Who coordinates: the first that runs.
pub fn coordinator<B: Bank>(world: &World) -> Option<NodeId> {
    running::<B>(world).next().map(|(id, _)| id)
}

/// The next that runs pays a little to each of the others.
fn pay<B: Bank>(world: &World, amount: u64, account: u64) -> Option<String> {
    let mut names = running::<B>(world).map(|(id, _)| world.spec(id).name.as_str());
    let (first, payer) = (names.next()?, names.next()?);
    let account = AccountId::at(account);
    Some(format!("request {first} pay {payer} {amount} {account}"))
}

/// A transfer of which there is enough.
pub fn ask<B: Bank>(world: &World, k: u64) -> Option<String> {
    pay::<B>(world, 1, k)
}

/// Who waits for a decision that it does not make itself, and since when, of those that run.
pub fn in_doubt<B: Bank>(world: &World) -> Vec<(NodeId, Time)> {
    let of = |(id, _)| {
        B::doubts(world, id)
            .into_iter()
            .map(move |since| (id, since))
    };
    running::<B>(world).flat_map(of).collect()
}

/// How many transfers all members have committed, and all of them run.
pub fn committed<B: Bank>(world: &World) -> u64 {
    let servers = world
        .ids()
        .filter(|id| world.spec(*id).kind == NodeKind::Server);
    let needed = servers.count();
    let mut first = running::<B>(world).map(|(_, books)| books);
    let known = first.next().into_iter();
    let known = known.flat_map(|books| books.standings.keys());
    let everywhere = known.filter(|txn| {
        let so = |(_, books): &(NodeId, &Books)| {
            let standing = books.standings.get(txn);
            standing.and_then(|standing| standing.outcome()) == Some(Outcome::Commit)
        };
        running::<B>(world).filter(so).count() == needed
    });
    everywhere.count() as u64
}

/// The coordinator has aborted one, and nobody waits for a decision.
fn aborted<B: Bank>(world: &World) -> bool {
    let first = running::<B>(world).next();
    let mut standings = first
        .into_iter()
        .flat_map(|(_, books)| books.standings.values());
    standings.any(|standing| standing.outcome() == Some(Outcome::Abort))
        && in_doubt::<B>(world).is_empty()
}

/// What the lecture says, exactly.
pub const fn term(text: &'static str, of: fn(u64) -> u64, about: About) -> Formula {
    Formula {
        text,
        of,
        about,
        at_most: false,
    }
}

/// A transfer that all commit.
pub const fn a_commit<B: Bank>(
    params: &'static [(&'static str, &'static str)],
    formulas: &'static [Formula],
) -> Case {
    Case {
        id: "a-commit",
        params,
        begin: |world| ask::<B>(world, 2).into_iter().collect(),
        until: None,
        formulas,
    }
}

/// The payer has too little, and votes no.
pub const fn an_abort<B: Bank>(
    params: &'static [(&'static str, &'static str)],
    formulas: &'static [Formula],
) -> Case {
    Case {
        id: "an-abort",
        params,
        begin: |world| pay::<B>(world, 1000, 2).into_iter().collect(),
        until: Some(aborted::<B>),
        formulas,
    }
}
