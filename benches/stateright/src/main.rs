//! Two-phase commit with eight resource managers, all states, one thread: by `stateright`, depth
//! first and breadth first, and by our explorer, in turns. Twice: packed into a word, as ours is, and
//! as a person would write it down.

mod plain;
#[path = "../../../tests/support/two_phase.rs"]
mod two_phase;

use plain::Plain;
use splitbrain_core::lab::exhaust::{Explorer, Limits, Model as _};
use stateright::{Checker, Model, Property};
use std::fmt::Debug;
use std::hash::Hash;
use std::time::Instant;
use two_phase::{Action, State, TwoPhase};

const MANAGERS: u8 = 8;
const TURNS: usize = 3;

/// The packed model in the form that stateright takes.
#[derive(Clone)]
struct Packed(TwoPhase);

impl Model for Packed {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        vec![State(0)]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Action>) {
        self.0.clone().actions(state, actions);
    }

    fn next_state(&self, state: &State, action: Action) -> Option<State> {
        self.0.clone().next(state, action, &mut Vec::new())
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![Property::always("consistent", |model: &Packed, state| {
            model.0.broken(state).is_none()
        })]
    }
}

/// The processor time that this process took, all its threads together, in seconds: what else the
/// machine does weighs less on that than on the clock on the wall. The latter, where the system
/// does not tell.
fn clock(began: Instant) -> f64 {
    let ticks = || {
        let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
        // Behind the name, which stands in brackets: the 12th and the 13th field from there.
        let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
        let mut field = || fields.next()?.parse::<f64>().ok();
        Some(field()? + field()?)
    };
    ticks().map_or_else(|| began.elapsed().as_secs_f64(), |ticks| ticks / 100.0)
}

/// The least time of several turns, in seconds, and the different states found.
fn least(turn: impl Fn() -> usize) -> (f64, usize) {
    let turns = (0..TURNS).map(|_| {
        let (began, before) = (Instant::now(), clock(Instant::now()));
        let unique = turn();
        (clock(began) - before, unique)
    });
    turns.min_by(|a, b| a.0.total_cmp(&b.0)).expect("a turn")
}

fn report(name: &str, (seconds, unique): (f64, usize)) -> f64 {
    let rate = unique as f64 / seconds / 1e6;
    println!("  {name:36} {unique} different states, {rate:.2} M/s of processor time");
    rate
}

fn stateright<M>(name: &str, model: M) -> f64
where
    M: Model + Clone + Send + Sync + 'static,
    M::State: Clone + Debug + Hash + PartialEq + Send + Sync,
    M::Action: Clone + Debug + PartialEq + Send + Sync,
{
    let deep = least(|| {
        let checker = model.clone().checker().threads(1).spawn_dfs().join();
        checker.assert_properties();
        checker.unique_state_count()
    });
    let broad = least(|| {
        let checker = model.clone().checker().threads(1).spawn_bfs().join();
        checker.unique_state_count()
    });
    report(&format!("stateright, {name}, breadth first"), broad);
    report(&format!("stateright, {name}, depth first"), deep)
}

fn ours() -> (f64, usize) {
    least(|| {
        let mut explorer = Explorer::new(TwoPhase::of(MANAGERS), Limits::default());
        explorer.run();
        explorer.unique() as usize
    })
}

fn main() {
    println!("Two-phase commit, {MANAGERS} managers, one thread, natively:");
    let packed = stateright("packed", Packed(TwoPhase::of(MANAGERS)));
    let plain = stateright("plain", Plain { managers: MANAGERS });
    let rate = report("Splitbrain, packed", ours());
    println!(
        "  {:.1} of stateright's depth-first rate packed, {:.1} plain",
        rate / packed,
        rate / plain
    );
}
