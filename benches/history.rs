//! Speed of the judge of histories: `cargo bench --bench history`. What the numbers mean stands in
//! docs/performance.md.

use splitbrain_core::engine::Digest;
use splitbrain_core::lab::linear::{Act, Condition, Model, Operation, Val, Verdict, judge};
use std::time::Instant;

/// A number below `below`, by its place.
fn draw(place: &mut u64, below: u64) -> u64 {
    *place += 1;
    let mut digest = Digest::default();
    digest.word(*place);
    digest.value() % below
}

/// What clients saw of registers that are right: each operation takes effect at a moment of its
/// own, and lasts some time before and after it. A few are never answered, and their client goes
/// on as another.
fn history(count: u32, clients: u32, keys: u32, span: u64) -> Vec<Operation> {
    let place = &mut 1;
    let mut values = vec![0; keys as usize];
    let mut last: Vec<Option<usize>> = vec![None; clients as usize];
    let mut all: Vec<Operation> = Vec::new();
    for i in 1..=count {
        let (moment, client) = (1000 * i, draw(place, u64::from(clients)) as usize);
        let key = draw(place, u64::from(keys)) as u32;
        let value = &mut values[key as usize];
        let new = draw(place, 5) + 1;
        let act = match draw(place, 3) {
            0 => Act::Read(Val(*value)),
            1 => {
                *value = new;
                Act::Write(Val(new))
            }
            _ => {
                let expected = draw(place, 5) + 1;
                let done = expected == *value;
                *value = if done { new } else { *value };
                Act::Cas {
                    expected: Val(expected),
                    new: Val(new),
                    done,
                }
            }
        };
        let before = last[client].and_then(|at| {
            all[at].end = all[at].end.map(|end| end.min(moment - 500));
            all[at].end
        });
        let begin = moment.saturating_sub(draw(place, span) as u32);
        let end = moment + 1 + draw(place, span) as u32;
        let open = draw(place, 100) == 0;
        last[client] = (!open).then_some(all.len());
        all.push(Operation {
            process: if open { clients + i } else { client as u32 },
            key,
            act,
            begin: begin.max(before.map_or(0, |end| end + 1)),
            end: (!open).then_some(end),
        });
    }
    placed(all)
}

/// Moments as places, an end after the beginnings of the same moment.
fn placed(mut all: Vec<Operation>) -> Vec<Operation> {
    let mut places: Vec<(u32, bool, usize)> = Vec::new();
    for (at, operation) in all.iter().enumerate() {
        places.push((operation.begin, false, at));
        places.extend(operation.end.map(|end| (end, true, at)));
    }
    places.sort_unstable();
    for (place, (_, is_end, at)) in (1..).zip(places) {
        if is_end {
            all[at].end = Some(place);
        } else {
            all[at].begin = place;
        }
    }
    all
}

/// The same, with one read near the end that saw what nobody wrote.
fn broken(mut all: Vec<Operation>) -> Vec<Operation> {
    let read = |o: &&mut Operation| matches!(o.act, Act::Read(_)) && o.end.is_some();
    if let Some(operation) = all.iter_mut().rev().find(read) {
        operation.act = Act::Read(Val(9));
    }
    all
}

fn measure(name: &str, history: &[Operation], condition: Condition) {
    let mut best = f64::MAX;
    let mut verdict = "";
    for _ in 0..5 {
        let began = Instant::now();
        let mut go_on = || began.elapsed().as_secs() < 20;
        verdict = match judge(history, Model::Register, condition, &mut go_on) {
            Verdict::Holds(_) => "holds",
            Verdict::Fails(_) => "fails",
            Verdict::Undecided => "undecided",
        };
        best = best.min(began.elapsed().as_secs_f64() * 1000.0);
    }
    println!("  {name:44} {best:9.3} ms  {verdict}");
}

/// The plain search of Wing & Gong for one register: it remembers nothing of where it was, and
/// gives up after so many steps.
fn plain(history: &[Operation]) -> Option<bool> {
    fn go(all: &[Operation], done: &mut [bool], value: u64, steps: &mut u64) -> Option<bool> {
        let left = |at: &usize| !done[*at];
        let ended = |at: &usize| all[*at].end.is_some();
        let first = (0..all.len())
            .filter(left)
            .filter_map(|at| all[at].end)
            .min();
        let Some(first) = first else {
            return Some(true);
        };
        *steps = steps.checked_sub(1)?;
        let next: Vec<usize> = (0..all.len())
            .filter(left)
            .filter(|at| all[*at].begin < first)
            .collect();
        for at in next {
            let then = match all[at].act {
                Act::Read(seen) => (seen.0 == value || !ended(&at)).then_some(value),
                Act::Write(new) => Some(new.0),
                Act::Cas {
                    expected,
                    new,
                    done,
                } if done || !ended(&at) => (expected.0 == value).then_some(new.0),
                Act::Cas { expected, .. } => (expected.0 != value).then_some(value),
                _ => None,
            };
            let Some(then) = then else {
                continue;
            };
            done[at] = true;
            if go(all, done, then, steps)? {
                return Some(true);
            }
            done[at] = false;
        }
        Some(false)
    }
    let mut steps = 3_000_000;
    go(history, &mut vec![false; history.len()], 0, &mut steps)
}

/// The same beside the judge, in the same run.
fn measure_plain(history: &[Operation]) {
    let began = Instant::now();
    let verdict = match plain(history) {
        Some(true) => "holds",
        Some(false) => "fails",
        None => "gave up",
    };
    let took = began.elapsed().as_secs_f64() * 1000.0;
    println!("  {:44} {took:9.3} ms  {verdict}", "  plain Wing & Gong");
}

/// The same with one read near the end of what a write near the beginning wrote, and no other.
fn stale(mut all: Vec<Operation>) -> Vec<Operation> {
    let once = Act::Write(Val(8));
    all.insert(
        0,
        Operation {
            process: u32::MAX,
            key: all[0].key,
            act: once,
            begin: 0,
            end: Some(0),
        },
    );
    for operation in &mut all[1..] {
        operation.begin += 2;
        operation.end = operation.end.map(|end| end + 2);
    }
    all[0].end = Some(1);
    let key = all[0].key;
    let read =
        |o: &&mut Operation| matches!(o.act, Act::Read(_)) && o.end.is_some() && o.key == key;
    if let Some(operation) = all.iter_mut().rev().find(read) {
        operation.act = Act::Read(Val(8));
    }
    all
}

fn main() {
    use Condition::{Linearizable, Sequential};
    println!("Histories:");
    let jepsen = history(100, 5, 1, 5000);
    measure("100 operations, 5 clients, 1 key", &jepsen, Linearizable);
    measure("  with a wrong read", &broken(jepsen.clone()), Linearizable);
    measure("  with a stale read", &stale(jepsen.clone()), Linearizable);
    measure("  sequentially", &jepsen, Sequential);
    measure_plain(&jepsen);
    measure_plain(&broken(jepsen.clone()));
    let crowd = history(1700, 50, 10, 50_000);
    measure(
        "1,700 operations, 50 clients, 10 keys",
        &crowd,
        Linearizable,
    );
    measure("  with a wrong read", &broken(crowd.clone()), Linearizable);
    measure("  with a stale read", &stale(crowd.clone()), Linearizable);
    let hard = history(1700, 50, 1, 50_000);
    measure("1,700 operations, 50 clients, 1 key", &hard, Linearizable);
    measure("  with a wrong read", &broken(hard.clone()), Linearizable);
    measure("  with a stale read", &stale(hard.clone()), Linearizable);
    let long = history(100_000, 10, 5, 8000);
    measure(
        "100,000 operations, 10 clients, 5 keys",
        &long,
        Linearizable,
    );
}
