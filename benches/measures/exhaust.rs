//! The exhaustive exploration, natively and in Wasm alike: two-phase commit, and our own Raft. The
//! caller lends a clock in milliseconds.

#[path = "../../tests/support/two_phase.rs"]
pub(crate) mod two_phase;

use splitbrain_core::lab::Lab;
use splitbrain_core::lab::exhaust::{Exploration, Explorer, Limits, Model, Plan};
use splitbrain_labs::protocols;
use two_phase::TwoPhase;

/// A clock in milliseconds.
pub(crate) type Clock = fn() -> f64;

/// What an exploration found, and how long that took.
#[derive(Copy, Clone)]
pub(crate) struct Explored {
    /// States that the steps taken led to.
    pub(crate) generated: u64,
    /// Different ones.
    pub(crate) unique: u64,
    /// How many steps deep.
    pub(crate) depth: u32,
    /// In milliseconds, the least of several turns.
    pub(crate) ms: f64,
    /// The most that it held.
    pub(crate) bytes: usize,
}

fn explored<M: Model>(clock: Clock, turns: u32, make: impl Fn() -> Explorer<M>) -> Explored {
    let turn = |_| {
        let mut explorer = make();
        let began = clock();
        explorer.run();
        Explored {
            ms: clock() - began,
            generated: explorer.generated(),
            unique: explorer.unique(),
            depth: explorer.depth(),
            bytes: explorer.most_bytes(),
        }
    };
    let all = (0..turns.max(1)).map(turn);
    all.min_by(|a, b| a.ms.total_cmp(&b.ms)).expect("one turn")
}

/// All states of two-phase commit with so many resource managers.
pub(crate) fn commit(clock: Clock, managers: u8, turns: u32) -> Explored {
    explored(clock, turns, || {
        Explorer::new(TwoPhase::of(managers), Limits::default())
    })
}

/// Raft in its small world, with so many servers, requests, timeouts and crashes.
pub(crate) fn raft(
    clock: Clock,
    (timeouts, crashes): (u8, u8),
    small: bool,
    turns: u32,
) -> Explored {
    let lab: &'static dyn Lab = protocols::find("raft").expect("in the catalogue");
    let mut plan = Plan::of(lab).expect("Raft can be explored");
    (plan.allowance.timeouts, plan.allowance.crashes) = (timeouts, crashes);
    if small {
        plan.setup.params.set("nodes", "2").expect("within bounds");
        plan.requests = vec!["c1 put x=1".to_owned(), "c1 get x".to_owned()];
    }
    explored(clock, turns, || {
        let model = Exploration::model(lab, &plan);
        let model = model.unwrap_or_else(|wrong| panic!("{}", wrong.key));
        Explorer::new(model, plan.limits)
    })
}
