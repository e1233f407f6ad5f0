//! The exhaustive exploration: on a model whose number of states is public, and on the labs.

mod counter;
mod labs;
mod paxos;
mod raft;
mod state_lock;
#[path = "../support/two_phase.rs"]
mod two_phase;
mod version_vote;

use splitbrain::engine::Draws;
use splitbrain::lab::exhaust::{End, Explorer, Limits, Model};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use two_phase::{Action, State, TwoPhase};

/// What an exploration counts: generated, unique, depth.
fn counts<M: Model>(model: M, limits: Limits) -> (End, u64, u64, u32) {
    let mut explorer = Explorer::new(model, limits);
    let end = explorer.run();
    (
        end,
        explorer.generated(),
        explorer.unique(),
        explorer.depth(),
    )
}

/// All states of a model, by a plain set: what the explorer is held against. For each, after how
/// many steps.
fn by_hand(mut model: TwoPhase) -> BTreeMap<State, u32> {
    let first = model.initial();
    let mut found = BTreeMap::from([(first, 0)]);
    let mut queue = VecDeque::from([first]);
    while let Some(state) = queue.pop_front() {
        let depth = found[&state];
        let mut actions = Vec::new();
        model.actions(&state, &mut actions);
        for action in actions {
            let Some(next) = model.next(&state, action, &mut Vec::new()) else {
                continue;
            };
            found.entry(next).or_insert_with(|| {
                queue.push_back(next);
                depth + 1
            });
        }
    }
    found
}

#[test]
fn two_phase_commit_has_the_states_that_are_public() {
    for (managers, unique) in [(3, 288), (5, 8832)] {
        let model = TwoPhase::of(managers);
        let (end, generated, found, depth) = counts(model, Limits::default());
        assert_eq!((end, found), (End::Complete, unique));
        assert!(generated > found);
        let known = by_hand(model);
        assert_eq!(known.len() as u64, unique);
        assert_eq!(known.values().max(), Some(&depth));
    }
    // As many as TLC generates.
    assert_eq!(counts(TwoPhase::of(3), Limits::default()).1, 1146);
}

/// All states that differ from this one by the managers' names only.
fn orbit(state: State, managers: u8) -> Vec<State> {
    let mut orders: Vec<Vec<u8>> = vec![Vec::new()];
    for manager in 0..managers {
        let longer = orders.into_iter().flat_map(|order| {
            (0..=order.len()).map(move |at| {
                let mut order = order.clone();
                order.insert(at, manager);
                order
            })
        });
        orders = longer.collect();
    }
    let mask = (1 << (4 * managers)) - 1;
    let renamed = |order: &Vec<u8>| {
        let nibbles = (0..managers).zip(order);
        let moved = nibbles.map(|(to, from)| TwoPhase::nibble(state, *from) << (4 * to));
        State(state.0 & !mask | moved.sum::<u64>())
    };
    orders.iter().map(renamed).collect()
}

#[test]
fn with_symmetry_there_is_one_state_for_each_orbit() {
    for managers in 1..=5 {
        let all = by_hand(TwoPhase::of(managers));
        let least = |state: &State| orbit(*state, managers).into_iter().min();
        let orbits: BTreeSet<_> = all.keys().map(least).collect();
        let model = TwoPhase {
            symmetry: true,
            ..TwoPhase::of(managers)
        };
        let (end, _, unique, depth) = counts(model, Limits::default());
        assert_eq!((end, unique), (End::Complete, orbits.len() as u64));
        assert_eq!(all.values().max(), Some(&depth));
    }
}

#[test]
fn a_transaction_manager_that_misses_one_is_found_out_in_the_fewest_steps() {
    for symmetry in [false, true] {
        let model = TwoPhase {
            missing: 1,
            symmetry,
            ..TwoPhase::of(3)
        };
        let mut explorer = Explorer::new(model, Limits::default());
        assert_eq!(explorer.run(), End::Broken);
        let (violation, _) = explorer.violations()[0];
        assert_eq!(violation.check, 0);
        let path = explorer.path(violation);
        // Two prepare and are heard of, it commits, one commits, and the third aborts: any order
        // has as many steps, and no violation has fewer.
        assert_eq!((path.len(), explorer.depth()), (7, 7));
        let model = explorer.model_mut();
        let mut state = model.initial();
        for (at, action) in path.iter().enumerate() {
            assert_eq!(model.broken(&state), None, "before step {at}");
            let mut actions = Vec::new();
            model.actions(&state, &mut actions);
            assert!(actions.contains(action));
            state = model.next(&state, *action, &mut actions).expect("a step");
        }
        assert_eq!(model.broken(&state), Some(0));
        assert!(path.contains(&Action::Commit));
        let shorter = Limits {
            depth: 6,
            ..Limits::default()
        };
        assert_eq!(counts(*model, shorter).0, End::Depth);
    }
}

/// A model whose actions come in another order each time.
struct Shuffled<M: Model> {
    model: M,
    seed: u64,
    turn: u64,
}

impl<M: Model> Model for Shuffled<M> {
    type State = M::State;
    type Action = M::Action;

    fn initial(&mut self) -> M::State {
        self.model.initial()
    }

    fn actions(&mut self, state: &M::State, into: &mut Vec<M::Action>) {
        self.model.actions(state, into);
        self.turn += 1;
        let mut draws = Draws::at(self.seed, self.turn);
        for at in (1..into.len()).rev() {
            into.swap(at, draws.between(0, at as u64) as usize);
        }
    }

    fn next(
        &mut self,
        state: &M::State,
        action: M::Action,
        more: &mut Vec<M::Action>,
    ) -> Option<M::State> {
        self.model.next(state, action, more)
    }

    fn fingerprint(&self, state: &M::State) -> u128 {
        self.model.fingerprint(state)
    }

    fn broken(&self, state: &M::State) -> Option<usize> {
        self.model.broken(state)
    }
}

fn shuffled<M: Model>(model: M, seed: u64) -> Shuffled<M> {
    Shuffled {
        model,
        seed,
        turn: 0,
    }
}

#[test]
fn counts_depend_neither_on_the_order_of_actions_nor_on_the_slices() {
    for missing in [0, 1] {
        for depth in [0, 3, 7, 9, u32::MAX] {
            let limits = Limits {
                depth,
                ..Limits::default()
            };
            let model = TwoPhase {
                missing,
                ..TwoPhase::of(4)
            };
            let plain = counts(model, limits);
            for seed in 0..4 {
                assert_eq!(counts(shuffled(model, seed), limits), plain);
            }
            let mut explorer = Explorer::new(model, limits);
            let mut slice = 1;
            while explorer.advance(slice) {
                slice = slice % 7 + 1;
            }
            assert_eq!(explorer.generated(), plain.1);
            assert_eq!(explorer.unique(), plain.2);
        }
    }
}

#[test]
fn a_bound_on_depth_counts_what_is_that_near() {
    let model = TwoPhase::of(4);
    let known = by_hand(model);
    for depth in 0..=14 {
        let limits = Limits {
            depth,
            ..Limits::default()
        };
        let near = known.values().filter(|steps| **steps <= depth).count();
        let (end, _, unique, _) = counts(model, limits);
        assert_eq!(unique, near as u64);
        let last = known.values().max().copied().unwrap_or(0);
        assert_eq!(end == End::Complete, depth > last);
    }
}

#[test]
fn a_bound_on_states_is_kept_and_said() {
    for unique in [1, 2, 100, 287] {
        let limits = Limits {
            unique,
            ..Limits::default()
        };
        let (end, _, found, _) = counts(TwoPhase::of(3), limits);
        assert_eq!((end, found), (End::Full, u64::from(unique)));
    }
}
