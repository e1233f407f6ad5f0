//! How it is compared with others ([`Contest`]): a write or a read that is answered is its unit of work. Nobody leads: who is in
//! charge is the client that asks.

use super::checks::clients;
use super::notes::{READ_DONE, READ_NOTHING, WRITE_DONE};
use crate::engine::NodeId;
use crate::lab::contest::{About, Case, Contest, Finished, Formula, Variant};
use crate::lab::linear;
use crate::sim::{Status, World};

/// The first client that runs. The second one asks where the first one is dead.
fn client(world: &World) -> Option<NodeId> {
    let mut running = clients(world).filter(|(id, _)| world.cell(*id).status() != Status::Down);
    running.next().map(|(id, _)| id)
}

/// Writes and reads in turn.
fn ask(world: &World, k: u64) -> Option<String> {
    let client = &world.spec(client(world)?).name;
    let what = if k.is_multiple_of(2) {
        format!("write v{k}")
    } else {
        "read".to_owned()
    };
    Some(format!("request {client} {what}"))
}

const WRITE: fn(&World) -> Vec<String> = |world| ask(world, 8).into_iter().collect();
const READ: fn(&World) -> Vec<String> = |world| ask(world, 9).into_iter().collect();

const BOTH_PHASES: &[Formula] = &[each("4n", |n| 4 * n)];

const fn each(text: &'static str, of: fn(u64) -> u64) -> Formula {
    Formula {
        text,
        of,
        about: About::InAll,
        at_most: false,
    }
}

/// The article's client stores at once, or reads the nearest: all are asked, and one answer is enough.
const ONE_PHASE: &[Formula] = &[each("2n", |n| 2 * n)];

/// What clients see; that versions never go back is how it is kept.
const JUDGED: &[&str] = &[linear::CHECK, "what-is-read-was-written"];

pub(super) static CONTEST: Contest = Contest {
    size: Some("nodes"),
    params: &[("clients", "2"), ("rate", "0")],
    variants: &[
        Variant {
            id: "majorities",
            params: &[],
            without: &[],
            judged: JUDGED,
            cases: &[
                Case::new("a-write", WRITE, BOTH_PHASES),
                Case::new("a-read", READ, BOTH_PHASES),
            ],
        },
        // As in the story `the-articles-register`.
        Variant {
            id: "article",
            params: &[],
            without: &[
                "ask-a-majority-first",
                "break-ties-by-writer",
                "wait-for-a-majority",
                "write-back-what-was-read",
            ],
            judged: JUDGED,
            cases: &[
                Case::new("a-write", WRITE, ONE_PHASE),
                Case::new("a-read", READ, ONE_PHASE),
            ],
        },
    ],
    pulses: &[],
    in_charge: client,
    ask,
    finished: Finished::Noted(&[WRITE_DONE, READ_DONE, READ_NOTHING]),
    once: None,
    in_doubt: None,
};
