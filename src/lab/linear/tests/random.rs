//! Histories at random, against the judge that tries every order.

use super::super::{Act, Condition, Model, Operation, Val, Verdict, Watch};
use super::{Simple, brute, cas, holds, judged};
use crate::engine::{Call, Digest, NodeId, Outcome, Report, Verb, Word};
use Condition::{Linearizable, Sequential};
use proptest::prelude::{ProptestConfig, any, prop_assert, prop_assert_eq, proptest};

/// Draws, each by its number.
struct Dice(u64, u64);

impl Dice {
    fn draw(&mut self, below: u64) -> u64 {
        let mut digest = Digest::default();
        self.1 += 1;
        digest.word(self.0);
        digest.word(self.1);
        digest.value() % below
    }
}

const MODELS: [Model; 4] = [Model::Register, Model::Counter, Model::Queue, Model::Lock];

/// What some operation does, with what it sees in this state.
fn acted(model: Model, process: u32, state: &mut Simple, dice: &mut Dice) -> Act {
    let value = Val(dice.draw(3));
    let seen = Val(state.value);
    let act = match (model, dice.draw(4)) {
        (Model::Register, 0) => cas(value.0, 7, seen == value),
        (Model::Register | Model::Counter, 1 | 2) => Act::Read(seen),
        (Model::Register, _) => Act::Write(value),
        (Model::Counter, _) => Act::Add(dice.draw(4) as i64 - 1),
        (Model::Queue, 0 | 1) => Act::Enqueue(Val(value.0 + 1)),
        (Model::Queue, _) => Act::Dequeue(Val(state.line.front().copied().unwrap_or(0))),
        (Model::Lock, _) if state.value == 0 => Act::Acquire,
        (Model::Lock, _) if state.value == u64::from(process) + 1 => Act::Release,
        // It waits: nobody asks anything of a lock that another holds. A read is no matter to it.
        (Model::Lock, _) => return Act::Add(0),
    };
    let done = Operation {
        process,
        key: 0,
        act,
        begin: 0,
        end: Some(0),
    };
    assert!(state.act(&done));
    act
}

/// What some processes saw of a run in which one thing came after the other: each operation takes
/// effect at a moment of its own, begins before and ends after it. Some are never answered.
fn generated(
    model: Model,
    count: u32,
    processes: u32,
    keys: u32,
    dice: &mut Dice,
) -> Vec<Operation> {
    const GAP: u32 = 1000;
    let mut objects = vec![Simple::default(); keys as usize];
    let mut all: Vec<Operation> = Vec::new();
    let mut names: Vec<u32> = (0..processes).collect();
    for i in 1..=count {
        let moment = i * GAP;
        let lane = dice.draw(u64::from(processes)) as usize;
        let (process, key) = (names[lane], dice.draw(u64::from(keys)) as u32);
        let act = acted(model, process, &mut objects[key as usize], dice);
        if act == Act::Add(0) && model == Model::Lock {
            continue;
        }
        let mut free_from = 0;
        if let Some(last) = all.iter_mut().rev().find(|o| o.process == process) {
            // The last one of this process ends before this one takes effect.
            last.end = last.end.map(|end| end.min(moment - 2));
            free_from = last.end.unwrap_or(0) + 1;
        }
        let begin = moment.saturating_sub(dice.draw(5000) as u32).max(free_from);
        let open = dice.draw(8) == 0;
        let end = moment + 1 + dice.draw(5000) as u32;
        all.push(Operation {
            process,
            key,
            act,
            begin,
            end: (!open).then_some(end),
        });
        if open {
            names[lane] = processes + i;
        }
    }
    // Moments as places; an end that is as early as a beginning comes after it.
    let mut places: Vec<(u32, bool, usize)> = Vec::new();
    for (at, operation) in all.iter().enumerate() {
        places.push((operation.begin, false, at));
        places.extend(operation.end.map(|end| (end, true, at)));
    }
    places.sort_unstable();
    for (place, (_, is_end, at)) in places.into_iter().enumerate() {
        let place = place as u32 + 1;
        match is_end {
            true => all[at].end = Some(place),
            false => all[at].begin = place,
        }
    }
    all
}

/// One operation saw something else.
fn mutate(history: &mut [Operation], dice: &mut Dice) {
    let at = dice.draw(history.len() as u64) as usize;
    let other = Val(dice.draw(4));
    history[at].act = match history[at].act {
        Act::Read(_) => Act::Read(other),
        Act::Dequeue(_) => Act::Dequeue(other),
        Act::Write(_) => Act::Write(other),
        Act::Cas {
            expected,
            new,
            done,
        } => cas(expected.0, new.0, !done),
        Act::Add(by) => Act::Add(by + 1),
        Act::Enqueue(_) => Act::Enqueue(Val(other.0 + 1)),
        act @ (Act::DequeueAny | Act::Acquire | Act::Release) => act,
    };
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2000) })]

    #[test]
    fn what_happened_in_an_order_holds(seed in any::<u64>()) {
        let mut dice = Dice(seed, 0);
        for model in MODELS {
            let h = generated(model, 60, 5, 3, &mut dice);
            prop_assert!(holds(&h, model, Linearizable));
        }
    }

    #[test]
    fn the_judge_says_what_every_order_says(seed in any::<u64>()) {
        let mut dice = Dice(seed, 0);
        for model in MODELS {
            let mut h = generated(model, 7, 3, 2, &mut dice);
            for _ in 0..3 {
                if h.is_empty() {
                    continue;
                }
                mutate(&mut h, &mut dice);
                for condition in [Linearizable, Sequential] {
                    prop_assert_eq!(holds(&h, model, condition), brute(&h, condition), "{:?}", h);
                }
                if let Verdict::Fails(failure) = judged(&h, model, Linearizable) {
                    let part: Vec<_> = failure.operations.iter().map(|at| h[*at]).collect();
                    prop_assert!(!brute(&part, Linearizable), "{:?} of {:?}", failure, h);
                }
            }
        }
    }

    /// Many at once on one register, where hidden writes matter most.
    #[test]
    fn crowds_are_judged_as_every_order_says(seed in any::<u64>()) {
        let mut dice = Dice(seed, 0);
        let mut h = generated(Model::Register, 8, 6, 1, &mut dice);
        for _ in 0..4 {
            mutate(&mut h, &mut dice);
            prop_assert_eq!(holds(&h, Model::Register, Linearizable), brute(&h, Linearizable), "{:?}", h);
        }
    }

    /// What was found is as small as it is said to be: with any one of its operations taken out,
    /// and what it wrote to be had at any time, the others can be put in order.
    #[test]
    fn what_fails_needs_all_of_its_operations(seed in any::<u64>()) {
        let mut dice = Dice(seed, 0);
        let mut h = generated(Model::Register, 7, 4, 1, &mut dice);
        mutate(&mut h, &mut dice);
        let Verdict::Fails(failure) = judged(&h, Model::Register, Linearizable) else {
            return Ok(());
        };
        let kept: Vec<Operation> = failure.operations.iter().map(|at| h[*at]).collect();
        let last = failure.stuck.and_then(|at| h[at].end).expect("it ended");
        for at in 0..kept.len() {
            let mut others = kept.clone();
            let free = others.remove(at);
            let freed = (0..h.len()).filter(|at| !failure.operations.contains(at) && h[*at].begin < last);
            let freed = freed.map(|at| h[at]).chain([free]);
            for (name, value) in (100..).zip(freed.filter_map(|o| o.act.leaves())) {
                for copy in 0..4 {
                    others.push(Operation { process: name * 10 + copy, key: 0, act: Act::Write(Val(value)), begin: 0, end: None });
                }
            }
            for operation in &mut others {
                operation.end = operation.end.filter(|end| *end <= last);
            }
            prop_assert!(holds(&others, Model::Register, Linearizable), "{:?} of {:?}: {:?}", at, failure, h);
        }
    }

    #[test]
    fn the_watch_says_what_the_judge_says(seed in any::<u64>()) {
        let mut dice = Dice(seed, 0);
        let mut h = generated(Model::Register, 14, 4, 2, &mut dice);
        if dice.draw(3) > 0 {
            mutate(&mut h, &mut dice);
        }
        prop_assert_eq!(watched(&h), holds(&h, Model::Register, Linearizable), "{:?}", h);
    }

    #[test]
    fn the_watch_counts_as_the_judge_does(seed in any::<u64>()) {
        let mut dice = Dice(seed, 0);
        let mut h = generated(Model::Counter, 14, 4, 2, &mut dice);
        if dice.draw(3) > 0 {
            mutate(&mut h, &mut dice);
        }
        // Each open addition doubles the states of its key: of more than these not all are kept, and
        // then it may miss what is wrong, but says nothing of what is right.
        let (watched, holds) = (watched(&h), holds(&h, Model::Counter, Linearizable));
        prop_assert!(watched || !holds, "{:?}", h);
        if most_open_additions(&h) <= 7 {
            prop_assert_eq!(watched, holds, "{:?}", h);
        }
    }

    /// The line at which the watch speaks is the first by which the judge finds no order either.
    #[test]
    fn the_watch_speaks_at_the_first_line_that_fails(seed in any::<u64>()) {
        let mut dice = Dice(seed, 0);
        let mut h = generated(Model::Register, 14, 4, 2, &mut dice);
        mutate(&mut h, &mut dice);
        let until = |end: u32| -> Vec<Operation> {
            let begun = h.iter().filter(|o| o.begin <= end).copied();
            begun.map(|o| Operation { end: o.end.filter(|e| *e <= end), ..o }).collect()
        };
        let mut ends: Vec<u32> = h.iter().filter_map(|o| o.end).collect();
        ends.sort_unstable();
        let first = ends.into_iter().find(|end| !holds(&until(*end), Model::Register, Linearizable));
        prop_assert_eq!(first_broken(&h), first, "{:?}", h);
    }
}

/// How many additions to one key are open at once, at the most.
fn most_open_additions(history: &[Operation]) -> usize {
    let adds = || history.iter().filter(|o| matches!(o.act, Act::Add(_)));
    let open_with = |one: &Operation| {
        let open = adds().filter(|o| o.key == one.key && o.begin <= one.begin);
        open.filter(|o| o.end.is_none_or(|end| end > one.begin))
            .count()
    };
    adds().map(open_with).max().unwrap_or(0)
}

/// Whether the watch finds nothing in a history of registers.
fn watched(history: &[Operation]) -> bool {
    first_broken(history).is_none()
}

/// The place of the line at which the watch finds the first thing that no order explains.
fn first_broken(history: &[Operation]) -> Option<u32> {
    let word = |value: Val| (value != Val::NULL).then(|| Word::signed(value.0.cast_signed()));
    let mut events: Vec<(u32, NodeId, Report)> = Vec::new();
    for (at, operation) in history.iter().enumerate() {
        let key = Word::number(u64::from(operation.key));
        let (verb, value, expected, outcome) = match operation.act {
            Act::Read(seen) => (Verb::Get, None, None, Outcome::Done(word(seen))),
            Act::Write(new) => (Verb::Put, word(new), None, Outcome::Done(None)),
            Act::Cas {
                expected,
                new,
                done: true,
            } => (Verb::Cas, word(new), word(expected), Outcome::Done(None)),
            Act::Cas { expected, new, .. } => {
                (Verb::Cas, word(new), word(expected), Outcome::Refused)
            }
            Act::Add(by) => (Verb::Add, Some(Word::signed(by)), None, Outcome::Done(None)),
            other => panic!("{other:?} is nothing that the watch follows"),
        };
        let (client, op) = (NodeId(operation.process as u16), at as u64 + 1);
        let call = Call {
            verb,
            key,
            value,
            expected,
        };
        events.push((operation.begin, client, Report::Invoked { op, call }));
        let returned = |end| (end, client, Report::Returned { op, outcome });
        events.extend(operation.end.map(returned));
    }
    events.sort_by_key(|(place, ..)| *place);
    let mut watch = Watch::default();
    let broken = events
        .iter()
        .find(|(_, client, report)| watch.note(*client, report).is_some());
    broken.map(|(place, ..)| *place)
}

#[test]
fn a_crowd_is_not_followed_and_then_again() {
    let call = |verb, value: Option<u64>| Call {
        verb,
        key: Word::number(1),
        value: value.map(Word::number),
        expected: None,
    };
    let mut watch = Watch::default();
    let mut say = |client, report| watch.note(NodeId(client), &report);
    let put = |client: u64| Report::Invoked {
        op: 1,
        call: call(Verb::Put, Some(client)),
    };
    let done = |op, value: Option<u64>| Report::Returned {
        op,
        outcome: Outcome::Done(value.map(Word::number)),
    };
    for client in 0..70 {
        assert_eq!(say(client, put(u64::from(client))), None);
    }
    for client in 0..70 {
        assert_eq!(say(client, done(1, None)), None);
    }
    // Nothing is open, so it is judged anew: what the first read sees is so from now on.
    let get = |op| Report::Invoked {
        op,
        call: call(Verb::Get, None),
    };
    for op in [2, 3] {
        assert_eq!(say(0, get(op)), None);
        assert_eq!(say(0, done(op, Some(5))), None);
    }
    assert_eq!(say(0, get(4)), None);
    assert!(say(0, done(4, Some(6))).is_some());
}
