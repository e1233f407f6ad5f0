//! How it is compared with others ([`Contest`]): a client's write is its unit of work, as it is in Multi-Paxos.

use super::checks::{agreed, leader};
use crate::lab::contest::{Case, Contest, Finished, Variant};
use crate::sim::World;

/// A write of one client. It goes to the leader that the client knows.
fn ask(_: &World, k: u64) -> Option<String> {
    Some(format!("request c1 put x={k}"))
}

pub(super) static CONTEST: Contest = Contest {
    size: Some("nodes"),
    params: &[("clients", "1"), ("rate", "0")],
    variants: &[Variant {
        id: "",
        params: &[],
        without: &[],
        cases: &[Case {
            id: "an-entry",
            params: &[],
            begin: |world| ask(world, 9).into_iter().collect(),
            until: None,
            formulas: &[],
        }],
    }],
    pulses: &["heartbeat"],
    in_charge: leader,
    ask,
    finished: Finished::Counted(agreed),
    once: false,
};
