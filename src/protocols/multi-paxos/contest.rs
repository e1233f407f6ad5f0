//! How it is compared with others ([`Contest`]): a client's write or read that is answered is its unit of work, as it is in
//! Raft.

use super::checks::leader;
use super::notes::CLIENT_DONE;
use crate::lab::contest::{About, Case, Contest, Finished, Formula, Variant};
use crate::lab::linear;
use crate::sim::World;

/// Writes of one client, and reads of what it wrote: first two writes, the second of which a misfortune meets, and then a read, that
/// sees whether they are there yet. They go to the leader that the client knows.
fn ask(_: &World, k: u64) -> Option<String> {
    let reads = k > 0 && k.is_multiple_of(2);
    let line = if reads {
        READ.to_owned()
    } else {
        format!("{WRITE}{k}")
    };
    Some(line)
}

const WRITE: &str = "request c1 put x=";
const READ: &str = "request c1 get x";

/// What clients see of the log; that promises are kept is how it is.
const JUDGED: &[&str] = &[
    "state-machine-safety",
    "each-request-is-applied-once",
    linear::CHECK,
];

const fn case(
    id: &'static str,
    begin: fn(&World) -> Vec<String>,
    formulas: &'static [Formula],
) -> Case {
    Case {
        id,
        params: &[],
        begin,
        until: None,
        formulas,
    }
}

/// The request and its answer, and a round of the leader with all others.
const ROUND: Formula = Formula {
    text: "2 + 2(n - 1)",
    of: |n| 2 + 2 * (n - 1),
    about: About::InAll,
    at_most: false,
};

pub(super) static CONTEST: Contest = Contest {
    size: Some("nodes"),
    params: &[("clients", "1"), ("rate", "0")],
    variants: &[Variant {
        id: "",
        params: &[],
        without: &[],
        judged: JUDGED,
        cases: &[
            case(
                "a-write",
                |_| vec![format!("{WRITE}9")],
                &[
                    ROUND,
                    Formula {
                        text: "n",
                        of: |n| n,
                        about: About::Writes,
                        at_most: false,
                    },
                ],
            ),
            case("a-read", |_| vec![READ.to_owned()], &[ROUND]),
        ],
    }],
    pulses: &["heartbeat"],
    in_charge: |world| leader(world).map(|(id, _)| id),
    ask,
    finished: Finished::Noted(&[CLIENT_DONE]),
    once: None,
    in_doubt: None,
};
