//! How it is compared with others ([`Contest`]): a transfer that all members have committed is its unit of work, as it is
//! in three-phase commit.

use super::member::Member;
use crate::engine::{NodeId, Time, engine_of};
use crate::lab::commit::Books;
use crate::lab::commit::contest::{
    Bank, JUDGED, a_commit, an_abort, ask, committed, coordinator, in_doubt, term,
};
use crate::lab::contest::{About, Case, Contest, Finished, Formula, Variant};
use crate::sim::World;

struct Members;

impl Bank for Members {
    fn books(world: &World, node: NodeId) -> Option<&Books> {
        let member = engine_of::<Member>(world.cell(node).node());
        member.map(Member::books)
    }

    fn doubts(world: &World, node: NodeId) -> Vec<Time> {
        let books = Self::books(world, node).into_iter();
        books
            .flat_map(|books| books.in_doubt().map(|(.., since)| since))
            .collect()
    }
}

const COMMIT: Case = a_commit::<Members>(
    &[],
    &[
        term("3(n - 1)", |n| 3 * (n - 1), About::UntilDone),
        term("4(n - 1)", |n| 4 * (n - 1), About::InAll),
        term("2n - 1", |n| 2 * n - 1, About::Writes),
    ],
);

const BASIC_ABORT: &[Formula] = &[
    term(
        "2(n - 1) + 2(n - 2)",
        |n| 2 * (n - 1) + 2 * (n - 2),
        About::InAll,
    ),
    term("2(n - 2) + 2", |n| 2 * (n - 2) + 2, About::Writes),
];

const PRESUMED_ABORT: &[Formula] = &[
    term("2(n - 1) + (n - 2)", |n| 2 * (n - 1) + n - 2, About::InAll),
    term("n - 2", |n| n - 2, About::Writes),
];

pub(super) static CONTEST: Contest = Contest {
    size: Some("members"),
    params: &[("rate", "0")],
    variants: &[
        Variant {
            id: "basic",
            params: &[("variant", "basic")],
            without: &[],
            judged: JUDGED,
            cases: &[COMMIT, an_abort::<Members>(&[], BASIC_ABORT)],
        },
        Variant {
            id: "presumed-abort",
            params: &[("variant", "presumed-abort")],
            without: &[],
            judged: JUDGED,
            cases: &[COMMIT, an_abort::<Members>(&[], PRESUMED_ABORT)],
        },
    ],
    pulses: &[],
    in_charge: coordinator::<Members>,
    ask: ask::<Members>,
    finished: Finished::Counted(committed::<Members>),
    once: None,
    in_doubt: Some(in_doubt::<Members>),
};
