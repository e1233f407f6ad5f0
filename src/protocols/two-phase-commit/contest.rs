//! How it is compared with others ([`Contest`]): a transfer that all members have committed is its unit of work.

use super::checks::{everywhere_count, prepared, running};
use crate::engine::NodeId;
use crate::lab::commit::{AccountId, Outcome};
use crate::lab::contest::{About, Case, Contest, Finished, Formula, Variant};
use crate::sim::World;

/// Who coordinates: the first that runs.
fn coordinator(world: &World) -> Option<NodeId> {
    running(world).next().map(|(id, _)| id)
}

/// The next that runs pays a little to each of the others.
fn pay(world: &World, amount: u64, account: u64) -> Option<String> {
    let mut names = running(world).map(|(id, _)| world.spec(id).name.as_str());
    let (first, payer) = (names.next()?, names.next()?);
    let account = AccountId::at(account);
    Some(format!("request {first} pay {payer} {amount} {account}"))
}

fn ask(world: &World, k: u64) -> Option<String> {
    pay(world, 1, k)
}

/// The payer has too little, and votes no.
fn too_much(world: &World) -> Vec<String> {
    pay(world, 1000, 2).into_iter().collect()
}

const fn term(text: &'static str, of: fn(u64) -> u64, about: About) -> Formula {
    Formula {
        text,
        of,
        about,
        at_most: false,
    }
}

const COMMIT: Case = Case {
    id: "a-commit",
    params: &[],
    begin: |world| ask(world, 2).into_iter().collect(),
    until: None,
    formulas: &[
        term("3(n - 1)", |n| 3 * (n - 1), About::UntilDone),
        term("4(n - 1)", |n| 4 * (n - 1), About::InAll),
        term("2n - 1", |n| 2 * n - 1, About::Writes),
    ],
};

/// The coordinator has aborted one, and nobody waits for a decision.
fn aborted(world: &World) -> bool {
    let mut standings = running(world)
        .take(1)
        .flat_map(|(_, member)| member.books().standings.values());
    standings.any(|standing| standing.outcome() == Some(Outcome::Abort)) && !prepared(world)
}

const fn an_abort(formulas: &'static [Formula]) -> Case {
    Case {
        id: "an-abort",
        params: &[],
        begin: too_much,
        until: Some(aborted),
        formulas,
    }
}

pub(super) static CONTEST: Contest = Contest {
    size: Some("members"),
    params: &[("rate", "0")],
    variants: &[
        Variant {
            id: "basic",
            params: &[("variant", "basic")],
            without: &[],
            cases: &[
                COMMIT,
                an_abort(&[
                    term(
                        "2(n - 1) + 2(n - 2)",
                        |n| 2 * (n - 1) + 2 * (n - 2),
                        About::InAll,
                    ),
                    term("2(n - 2) + 2", |n| 2 * (n - 2) + 2, About::Writes),
                ]),
            ],
        },
        Variant {
            id: "presumed-abort",
            params: &[("variant", "presumed-abort")],
            without: &[],
            cases: &[
                COMMIT,
                an_abort(&[
                    term("2(n - 1) + (n - 2)", |n| 2 * (n - 1) + n - 2, About::InAll),
                    term("n - 2", |n| n - 2, About::Writes),
                ]),
            ],
        },
    ],
    pulses: &[],
    in_charge: coordinator,
    ask,
    finished: Finished::Counted(|world| everywhere_count(world, Outcome::Commit)),
    once: false,
};
