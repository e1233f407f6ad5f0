//! What is special about Multi-Paxos: what a request costs, and that no storm chooses two values in a slot.

use super::lab::MultiPaxos;
use super::message::MultiMessage;
use super::rules::majority;
use crate::engine::{Message, Span};
use crate::lab::{Lab, Run};
use crate::protocols::testing::{ask, pass, run, storm, verdict};
use crate::sim::{FaultKind, FaultSet};

const LAB: &dyn Lab = &MultiPaxos;

fn moment(run: &Run, id: &str) -> bool {
    let found = LAB.info().moments.iter().find(|moment| moment.id == id);
    (found.expect("a moment of the lab").holds)(run.world())
}

fn sent(run: &Run, kind: &str) -> u64 {
    let at = MultiMessage::KINDS.iter().position(|name| *name == kind);
    run.world().counters().sent[at.expect("a kind")]
}

#[test]
fn half_is_a_majority_of_an_even_number_only_where_the_rule_is_off() {
    let on: Vec<usize> = (1..=6).map(|n| majority(n, true)).collect();
    let off: Vec<usize> = (1..=6).map(|n| majority(n, false)).collect();
    assert_eq!(on, [1, 2, 2, 3, 3, 4]);
    assert_eq!(off, [1, 1, 2, 2, 3, 3]);
}

/// Phase 1 once: n - 1 messages to ask, and as many answers. Then 2(n - 1) messages for each request.
#[test]
fn a_request_takes_one_round_once_there_is_a_leader() {
    for nodes in [3_u64, 5, 9] {
        let text = nodes.to_string();
        let mut run = run(LAB, 7, &[("rate", "0"), ("nodes", &text)]);
        while !moment(&run, "stable") && run.step() {}
        let asked = sent(&run, "Prepare");
        for value in 1..=10_u64 {
            let client = run.world().find("c1").expect("a client");
            ask(LAB, &mut run, client, &["put", &format!("x={value}")]);
            while !moment(&run, "answered") && run.step() {}
        }
        pass(&mut run, Span::ms(100));
        let others = nodes - 1;
        assert_eq!(sent(&run, "Prepare"), asked, "{nodes} servers");
        assert_eq!(sent(&run, "Accept"), 10 * others, "{nodes} servers");
        assert_eq!(sent(&run, "Accepted"), 10 * others, "{nodes} servers");
    }
}

#[test]
fn no_storm_chooses_two_values_in_a_slot() {
    let faults = FaultSet::all_but(&[FaultKind::DiskLost]);
    for seed in 1..=6 {
        let params = [("nodes", "3"), ("clients", "4"), ("rate", "20")];
        let mut run = run(LAB, seed, &params);
        storm(&mut run, faults, Span::secs(20));
        assert!(!run.verdicts().any_violated(), "seed {seed}");
        assert_eq!(verdict(&run, "a-value-is-chosen"), "seen", "seed {seed}");
    }
}
