//! How a log that is replicated for clients is compared: a client's write or read that is answered is the unit of work, in
//! Raft as in Multi-Paxos.

use super::{About, Case, Contest, Finished, Formula, Variant};
use crate::engine::{NodeId, NoteKey};
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

/// What clients see of the log. How it is kept, that there is one leader a term or that promises hold, is each lab's own affair.
const JUDGED: &[&str] = &[
    "state-machine-safety",
    "each-request-is-applied-once",
    linear::CHECK,
];

/// The request and its answer, and a round of the leader with all others.
const ROUND: Formula = Formula {
    text: "2 + 2(n - 1)",
    of: |n| 2 + 2 * (n - 1),
    about: About::InAll,
    at_most: false,
};

const VARIANTS: &[Variant] = &[Variant {
    id: "",
    params: &[],
    without: &[],
    judged: JUDGED,
    cases: &[
        Case::new(
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
        Case::new("a-read", |_| vec![READ.to_owned()], &[ROUND]),
    ],
}];

/// A lab of such a log, by who leads it, and by the note of a client that is answered.
#[must_use]
pub const fn replicated(
    in_charge: fn(&World) -> Option<NodeId>,
    answered: &'static [NoteKey],
) -> Contest {
    Contest {
        size: Some("nodes"),
        params: &[("clients", "1"), ("rate", "0")],
        variants: VARIANTS,
        pulses: &["heartbeat"],
        in_charge,
        ask,
        finished: Finished::Noted(answered),
        once: None,
        in_doubt: None,
    }
}
