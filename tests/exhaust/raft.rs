//! The labs explored: a small Raft is clean and complete, and each rule that a few steps can show
//! to matter is found to, by a story that plays.

use super::shuffled;
use splitbrain::engine::Draws;
use splitbrain::lab::exhaust::{
    Asynchronous, End, Exploration, Explorer, Limits, Model, Plan, State,
};
use splitbrain::lab::{History, Lab, Outcome, Player, Story};
use splitbrain::protocols;
use splitbrain::sim::{Choice, Move};
use std::collections::{BTreeMap, BTreeSet};

fn raft() -> &'static dyn Lab {
    protocols::find("raft").expect("in the catalogue")
}

/// The small world of Raft, with this changed.
fn plan(params: &[(&str, &str)], requests: &[&str], (crashes, timeouts): (u8, u8)) -> Plan {
    let mut plan = Plan::of(raft()).expect("it can be explored");
    for (name, value) in params {
        plan.setup.params.set(name, value).expect("within bounds");
    }
    plan.requests = requests.iter().map(|words| (*words).to_owned()).collect();
    plan.allowance.crashes = crashes;
    plan.allowance.timeouts = timeouts;
    plan
}

/// Three servers that hold elections, and no client.
fn elections(timeouts: u8) -> Plan {
    plan(&[("clients", "0")], &[], (0, timeouts))
}

fn without(rule: &str, mut plan: Plan) -> Plan {
    plan.rules_off = vec![raft().rule(rule).expect("a rule")];
    plan
}

fn explored(plan: &Plan) -> Exploration {
    let explored = Exploration::new(raft(), plan.clone());
    let mut explored = explored.unwrap_or_else(|wrong| panic!("{}", wrong.key));
    while explored.advance(1000) {}
    assert!(explored.sound());
    explored
}

fn model_of(plan: &Plan) -> Asynchronous {
    let model = Exploration::model(raft(), plan);
    model.unwrap_or_else(|wrong| panic!("{}", wrong.key))
}

/// Whether a story, read anew from its text, plays without a miss and meets what it expects.
fn plays(text: &str) {
    let story = Story::parse(text, &protocols::labs(), &mut |_| Ok(()));
    let story =
        story.unwrap_or_else(|wrong| panic!("{}: {}\n{text}", wrong.line, wrong.complaint.key));
    let mut history = History::new(raft(), story.setup.clone(), 0);
    let mut player = Player::new(&story);
    let mut ended = |line: &splitbrain::lab::Line, outcome| {
        assert_eq!(outcome, Outcome::Done, "line {}\n{text}", line.number);
    };
    assert!(player.play(&mut history, u64::MAX, &mut |_| {}, &mut ended));
    assert_eq!(history.run().world().now().0, 0, "time stood still");
}

/// The rules that few steps show to matter, in which small world, and the fewest steps.
#[test]
fn a_rule_that_is_off_is_found_to_matter_in_the_fewest_steps() {
    let two = &[("nodes", "2"), ("clients", "0")][..];
    let one = &[("nodes", "1")][..];
    let puts = &["c1 put x=1", "c1 put x=2"][..];
    let cases = [
        (
            "more-than-half",
            "one-leader-per-term",
            plan(two, &[], (0, 2)),
            6,
        ),
        (
            "persist-vote",
            "one-leader-per-term",
            plan(&[("clients", "0")], &[], (1, 2)),
            11,
        ),
        ("compare-logs", "leader-completeness", elections(2), 18),
        (
            "apply-once",
            "each-request-is-applied-once",
            plan(one, puts, (0, 2)),
            17,
        ),
    ];
    for (rule, check, plan, steps) in cases {
        let mut off = without(rule, plan.clone());
        let explored_off = explored(&off);
        assert_eq!(explored_off.explorer().ended(), Some(End::Broken), "{rule}");
        let (violation, _) = explored_off.explorer().violations()[0];
        assert_eq!(raft().info().checks[violation.check].id, check);
        let path = explored_off.explorer().path(violation);
        assert_eq!(
            path.len(),
            steps,
            "{rule}: {:?}",
            explored_off.lines(violation)
        );
        let story = explored_off.story(violation).expect("a story");
        plays(&story.print());
        // With the rule on, as many steps break nothing.
        let limits = Limits {
            depth: steps as u32,
            ..Limits::default()
        };
        let on = explored(&Plan { limits, ..plan });
        assert!(on.explorer().violations().is_empty(), "{rule}");
        // Symmetry finds the same, as early.
        if off.requests.is_empty() {
            off.symmetry = true;
            let alike = explored(&off);
            let (found, _) = alike.explorer().violations()[0];
            assert_eq!(
                (found.check, alike.explorer().path(found).len()),
                (violation.check, steps)
            );
            assert!(alike.explorer().unique() < explored_off.explorer().unique());
        }
    }
}

#[test]
fn a_small_world_is_explored_to_its_end_and_is_clean() {
    let explored = explored(&plan(&[], &["c1 put x=1"], (0, 1)));
    assert!(explored.complete());
    assert!(explored.explorer().violations().is_empty());
    // Green is not empty: somebody led, and something was committed.
    let info = raft().info();
    let seen: BTreeMap<_, _> = explored.seen().into_iter().collect();
    let seen = |id| seen[&raft().check(id).expect("a check")];
    assert!(seen("a-leader-is-elected") && seen("an-entry-commits"));
    let (judged, left_out) = explored.judged();
    let ids = |places: &[usize]| {
        places
            .iter()
            .map(|at| info.checks[*at].id)
            .collect::<Vec<_>>()
    };
    assert!(ids(&judged).contains(&"clients-linearizable"));
    assert_eq!(
        ids(&left_out),
        [
            "after-calm-there-is-a-leader",
            "after-calm-all-live-logs-are-alike",
            // Silence is a matter of time.
            "a-pre-vote-waits-for-silence",
            // And so is a lease.
            "a-lease-read-sees-the-latest-write",
        ]
    );
}

#[test]
fn counts_do_not_depend_on_the_order_of_actions_nor_on_a_bound_that_is_not_reached() {
    let small = plan(&[("nodes", "2")], &["c1 put x=1", "c1 get x"], (1, 1));
    let model = || model_of(&small);
    let plain = super::counts(model(), Limits::default());
    assert_eq!(plain.0, End::Complete);
    for seed in 0..3 {
        assert_eq!(
            super::counts(shuffled(model(), seed), Limits::default()),
            plain
        );
    }
    let bounded = |depth| Limits {
        depth,
        ..Limits::default()
    };
    assert_eq!(super::counts(model(), bounded(plain.3 + 1)), plain);
    // A bound that is reached counts what is that near, in any order.
    let near = super::counts(model(), bounded(12));
    assert_eq!(near.0, End::Depth);
    assert_eq!(super::counts(shuffled(model(), 7), bounded(12)), near);
    // The same natively and in Wasm: tests/browser/exhaust.test.mjs holds the other end.
    assert_eq!((plain.1, plain.2), SMALL_RAFT);
}

/// States that the steps taken lead to, and different ones.
const SMALL_RAFT: (u64, u64) = (6_868, 2_764);

/// What is drawn from a small range branches: a client that tries again asks any server.
#[test]
fn a_draw_is_a_choice() {
    let plan = plan(&[], &["c1 get x"], (0, 1));
    let mut model = model_of(&plan);
    let mut asked = BTreeSet::new();
    // It may be sent only when the number of the request is on disk, some steps after the draw.
    walk(&mut model, 200, &mut |model, _, _, _| {
        let world = model.still().world();
        let sent = world.record().sent.iter().map(|sent| sent.name);
        let own = sent.filter(|name| world.spec(name.from).name == "c1");
        asked.extend(own.map(|name| name.to.0));
    });
    assert_eq!(asked, BTreeSet::from([0, 1, 2]));
}

/// Walks about in a model at random, from the beginning again and again, and shows each step: the
/// state before it, the step, and the state after it.
fn walk(
    model: &mut Asynchronous,
    walks: u64,
    show: &mut dyn FnMut(&mut Asynchronous, &State, Move, &State),
) {
    for number in 0..walks {
        let mut state = model.initial();
        for step in 0..40 {
            let mut choices = Vec::new();
            model.actions(&state, &mut choices);
            let mut draws = Draws::at(number, step);
            let mut chosen = None;
            // A draw adds the other ways that it can go.
            while !choices.is_empty() {
                let at = draws.between(0, choices.len() as u64 - 1) as usize;
                let step = choices.swap_remove(at);
                let before = choices.len();
                let next = model.next(&state, step, &mut choices);
                chosen = next.map(|next| (step, next));
                if choices.len() == before || draws.between(0, 1) == 0 {
                    break;
                }
                choices.drain(..before);
            }
            let Some((step, next)) = chosen else { break };
            show(model, &state, step, &next);
            state = next;
        }
    }
}

/// Renaming and then taking a step is the same as taking it and then renaming.
#[test]
fn raft_does_the_same_under_other_names() {
    let mut many = plan(&[], &["c1 put x=1", "c1 get x"], (1, 3));
    many.symmetry = true;
    let mut model = model_of(&many);
    let renamings = model.still().renamings().len();
    assert_eq!(renamings, 6);
    let mut compared = 0;
    walk(&mut model, 400, &mut |model, state, step, next| {
        if matches!(step.choice, Choice::Start(_)) {
            return;
        }
        for renaming in 0..renamings {
            let (other, same) = model
                .renamed(state, step, renaming)
                .expect("it offers that");
            assert_eq!(
                model.world_print(&other, 0),
                model.world_print(state, renaming)
            );
            let wanted = model.world_print(next, renaming);
            // What is drawn is a place in a list of servers, so another draw may be the same.
            let mut ways = vec![same];
            let mut met = false;
            while let Some(way) = ways.pop() {
                let came = model.next(&other, way, &mut ways).expect("a step");
                met |= model.world_print(&came, 0) == wanted;
                compared += 1;
            }
            if step.answers == 0 {
                assert!(met, "{step:?} under renaming {renaming}");
            }
        }
    });
    assert!(compared > 10_000);
    assert!(model.still().renames());
}

/// Explored without symmetry, but showing the orbit of each state that is found.
struct Orbits {
    model: Asynchronous,
    /// For each orbit, by its least print, the prints of its states.
    orbits: BTreeMap<u128, BTreeSet<u128>>,
}

impl Model for Orbits {
    type State = State;
    type Action = Move;

    fn initial(&mut self) -> State {
        self.model.initial()
    }

    fn actions(&mut self, state: &State, into: &mut Vec<Self::Action>) {
        self.model.actions(state, into);
        let all = 0..self.model.still().renamings().len();
        let prints: BTreeSet<u128> = all.map(|at| self.model.print(state, at)).collect();
        let least = prints.first().copied().expect("at least one");
        self.orbits.entry(least).or_default().extend(prints);
    }

    fn next(
        &mut self,
        state: &State,
        action: Self::Action,
        more: &mut Vec<Self::Action>,
    ) -> Option<State> {
        self.model.next(state, action, more)
    }

    fn fingerprint(&self, state: &State) -> u128 {
        self.model.print(state, 0)
    }

    fn broken(&self, state: &State) -> Option<usize> {
        self.model.broken(state)
    }
}

#[test]
fn with_symmetry_there_is_one_state_for_each_orbit_of_raft() {
    let depth = |depth| Limits {
        depth,
        ..Limits::default()
    };
    let elections = Plan {
        limits: depth(16),
        ..elections(2)
    };
    let client = plan(&[("nodes", "2")], &["c1 put x=1"], (1, 1));
    // Whether the first state is the same under all names: a client begins with the first server.
    for (plan, same) in [(elections, true), (client, false)] {
        let alike = Plan {
            symmetry: true,
            ..plan.clone()
        };
        let model = model_of(&alike);
        let orbits = Orbits {
            model,
            orbits: BTreeMap::new(),
        };
        let mut explorer = Explorer::new(orbits, plan.limits);
        explorer.run();
        let orbits = &explorer.model().orbits;
        let with = explored(&alike);
        // The frontier is not looked at, so it is not among the orbits; nor is it here.
        let looked_at = with.explorer().unique() - with.explorer().waiting() as u64;
        assert_eq!(orbits.len() as u64, looked_at);
        if same {
            // Every state of an orbit is reached, once all servers are up.
            let found = explorer.unique() - explorer.waiting() as u64;
            let members: usize = orbits.values().map(BTreeSet::len).sum();
            let starting = 3 * orbits.values().map(BTreeSet::len).max().unwrap_or(0);
            assert!(members as u64 >= found && members as u64 - found <= starting as u64);
        }
    }
}
