//! How it is compared with others ([`Contest`]): a transfer that all members have committed is its unit of work, as it is
//! in two-phase commit.

use super::checks;
use super::member::Member;
use crate::engine::{NodeId, Time, engine_of};
use crate::lab::commit::Books;
use crate::lab::commit::contest::{
    Bank, JUDGED, a_commit, an_abort, ask, committed, coordinator, in_doubt, term,
};
use crate::lab::contest::{About, Contest, Finished, Variant};
use crate::sim::World;

struct Members;

fn member(world: &World, node: NodeId) -> Option<&Member> {
    engine_of::<Member>(world.cell(node).node())
}

impl Bank for Members {
    fn books(world: &World, node: NodeId) -> Option<&Books> {
        member(world, node).map(Member::books)
    }

    fn doubts(world: &World, node: NodeId) -> Vec<Time> {
        let member = member(world, node).into_iter();
        let doubts = member.flat_map(checks::doubts);
        doubts.map(|(_, since)| since).collect()
    }
}

/// All messages of an announcement leave at once, as they do in two-phase commit.
const AT_ONCE: &[(&str, &str)] = &[("send_gap", "0ms")];

pub(super) static CONTEST: Contest = Contest {
    size: Some("members"),
    params: &[("rate", "0")],
    variants: &[Variant {
        id: "",
        params: &[],
        without: &[],
        judged: JUDGED,
        cases: &[
            a_commit::<Members>(
                AT_ONCE,
                &[
                    term("5(n - 1)", |n| 5 * (n - 1), About::UntilDone),
                    term("6(n - 1)", |n| 6 * (n - 1), About::InAll),
                    term("3n - 1", |n| 3 * n - 1, About::Writes),
                ],
            ),
            // It costs no third phase.
            an_abort::<Members>(
                AT_ONCE,
                &[
                    term(
                        "2(n - 1) + 2(n - 2)",
                        |n| 2 * (n - 1) + 2 * (n - 2),
                        About::InAll,
                    ),
                    term("2(n - 2)", |n| 2 * (n - 2), About::Writes),
                ],
            ),
        ],
    }],
    pulses: &[],
    in_charge: coordinator::<Members>,
    ask: ask::<Members>,
    finished: Finished::Counted(committed::<Members>),
    once: None,
    in_doubt: Some(in_doubt::<Members>),
};
