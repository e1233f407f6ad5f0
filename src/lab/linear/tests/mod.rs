//! Known histories, and the judge against one that tries every order.

mod random;

use super::{Act, Condition, Failure, Model, Operation, Val, Verdict, judge};
use Condition::{Linearizable, Sequential};
use std::collections::VecDeque;

/// Operations of one key: process, what it did, when it began and ended (0: never).
fn history(lines: &[(u32, Act, u32, u32)]) -> Vec<Operation> {
    let one = |&(process, act, begin, end): &(u32, Act, u32, u32)| Operation {
        process,
        key: 0,
        act,
        begin,
        end: (end > 0).then_some(end),
    };
    lines.iter().map(one).collect()
}

fn judged(history: &[Operation], model: Model, condition: Condition) -> Verdict {
    judge(history, model, condition, &mut || true)
}

fn holds(history: &[Operation], model: Model, condition: Condition) -> bool {
    match judged(history, model, condition) {
        Verdict::Holds(order) => {
            explains(history, condition, &order);
            true
        }
        Verdict::Fails(_) => false,
        Verdict::Undecided => panic!("there was time"),
    }
}

fn failure(history: &[Operation], model: Model) -> Failure {
    match judged(history, model, Linearizable) {
        Verdict::Fails(failure) => failure,
        other => panic!("{other:?}"),
    }
}

/// The state of one object, written a second time and simply.
#[derive(Clone, Default)]
struct Simple {
    value: u64,
    line: VecDeque<u64>,
}

impl Simple {
    /// Whether the operation could see what it saw; an open one may have seen anything.
    fn act(&mut self, operation: &Operation) -> bool {
        let open = operation.end.is_none();
        let holder = u64::from(operation.process) + 1;
        let (could, then) = match operation.act {
            Act::Read(seen) => (open || self.value == seen.0, self.value),
            Act::Write(new) => (true, new.0),
            Act::Cas {
                expected,
                new,
                done,
            } => {
                let finds = self.value == expected.0;
                let then = if finds { new.0 } else { self.value };
                (open || finds == done, then)
            }
            Act::Add(by) => (true, self.value.wrapping_add_signed(by)),
            Act::Acquire => (self.value == 0, holder),
            Act::Release => (self.value == holder, 0),
            Act::Enqueue(new) => {
                self.line.push_back(new.0);
                (true, 0)
            }
            Act::Dequeue(_) | Act::DequeueAny if open => {
                self.line.pop_front();
                (true, 0)
            }
            Act::Dequeue(seen) => (self.line.pop_front().unwrap_or(0) == seen.0, 0),
            Act::DequeueAny => (true, 0),
        };
        self.value = then;
        could
    }
}

/// Whether `a` has to come before `b`.
fn before(a: &Operation, b: &Operation, condition: Condition) -> bool {
    a.end.is_some_and(|end| end < b.begin) && (condition == Linearizable || a.process == b.process)
}

fn explains(history: &[Operation], condition: Condition, order: &[usize]) {
    let mut objects = vec![Simple::default(); 8];
    for (place, at) in order.iter().enumerate() {
        let operation = &history[*at];
        assert!(objects[operation.key as usize].act(operation));
        for later in &order[place + 1..] {
            assert!(later != at && !before(&history[*later], operation, condition));
        }
    }
    let all = (0..history.len()).filter(|at| history[*at].end.is_some());
    assert!(
        all.into_iter().all(|at| order.contains(&at)),
        "all that ended is in it"
    );
}

/// Tries every order.
fn brute(history: &[Operation], condition: Condition) -> bool {
    fn go(h: &[Operation], condition: Condition, left: u32, objects: &[Simple]) -> bool {
        let is_left = |at: &usize| left & 1 << at != 0;
        if (0..h.len()).filter(is_left).all(|at| h[at].end.is_none()) {
            return true;
        }
        (0..h.len()).filter(is_left).any(|at| {
            let mut rest = (0..h.len()).filter(is_left);
            if rest.any(|other| before(&h[other], &h[at], condition)) {
                return false;
            }
            let mut then = objects.to_vec();
            then[h[at].key as usize].act(&h[at]) && go(h, condition, left & !(1 << at), &then)
        })
    }
    go(
        history,
        condition,
        (1 << history.len()) - 1,
        &vec![Simple::default(); 8],
    )
}

const W1: Act = Act::Write(Val(1));
const W2: Act = Act::Write(Val(2));
const R0: Act = Act::Read(Val(0));
const R1: Act = Act::Read(Val(1));
const R2: Act = Act::Read(Val(2));

fn cas(expected: u64, new: u64, done: bool) -> Act {
    Act::Cas {
        expected: Val(expected),
        new: Val(new),
        done,
    }
}

#[test]
fn a_register_read_during_a_write_may_see_either() {
    let during = |seen| history(&[(0, W1, 1, 4), (1, seen, 2, 3)]);
    assert!(holds(&during(R0), Model::Register, Linearizable));
    assert!(holds(&during(R1), Model::Register, Linearizable));
    assert!(!holds(&during(R2), Model::Register, Linearizable));
}

#[test]
fn a_register_does_not_go_back() {
    // New, then old, by two readers during one write.
    let h = history(&[(0, W1, 1, 8), (1, R1, 2, 3), (2, R0, 4, 5)]);
    assert!(!holds(&h, Model::Register, Linearizable));
    let overlapping = history(&[(0, W1, 1, 8), (1, R1, 2, 5), (2, R0, 4, 6)]);
    assert!(holds(&overlapping, Model::Register, Linearizable));
}

#[test]
fn a_stale_read_is_sequentially_consistent_and_not_linearizable() {
    let h = history(&[(0, W1, 1, 2), (0, W2, 3, 4), (1, R1, 5, 6)]);
    assert!(!holds(&h, Model::Register, Linearizable));
    assert!(holds(&h, Model::Register, Sequential));
    let own = history(&[(0, W1, 1, 2), (0, W2, 3, 4), (0, R1, 5, 6)]);
    assert!(!holds(&own, Model::Register, Sequential));
}

/// Each register by itself is sequentially consistent; both together are not. So keys must not be
/// judged apart there.
#[test]
fn sequential_consistency_does_not_compose() {
    let mut h = history(&[(0, W1, 1, 2), (0, R0, 3, 4), (1, W1, 5, 6), (1, R0, 7, 8)]);
    (h[1].key, h[2].key) = (1, 1);
    for key in [0, 1] {
        let part: Vec<Operation> = h.iter().filter(|o| o.key == key).copied().collect();
        assert!(holds(&part, Model::Register, Sequential));
    }
    assert!(!holds(&h, Model::Register, Sequential));
    assert!(!brute(&h, Sequential));
}

#[test]
fn an_open_write_may_take_effect_at_any_time_after_it_began_or_never() {
    for (seen, then) in [(R0, R1), (R0, R0), (R1, R1)] {
        let h = history(&[(0, W1, 1, 0), (1, seen, 2, 3), (1, then, 4, 5)]);
        assert!(
            holds(&h, Model::Register, Linearizable),
            "{seen:?} {then:?}"
        );
    }
    let back = history(&[(0, W1, 1, 0), (1, R1, 2, 3), (1, R0, 4, 5)]);
    assert!(!holds(&back, Model::Register, Linearizable));
    let too_early = history(&[(1, R1, 1, 2), (0, W1, 3, 0)]);
    assert!(!holds(&too_early, Model::Register, Linearizable));
    let once = history(&[(0, W1, 1, 0), (1, R1, 2, 3), (1, W2, 4, 5), (1, R1, 6, 7)]);
    assert!(!holds(&once, Model::Register, Linearizable));
}

#[test]
fn swaps_are_refused_only_where_there_is_another_value() {
    let h = |done| history(&[(0, W1, 1, 2), (1, cas(1, 2, done), 3, 4)]);
    assert!(holds(&h(true), Model::Register, Linearizable));
    assert!(!holds(&h(false), Model::Register, Linearizable));
    let both = history(&[
        (0, W1, 1, 2),
        (1, cas(1, 2, true), 3, 5),
        (2, cas(1, 3, true), 4, 6),
    ]);
    assert!(!holds(&both, Model::Register, Linearizable));
    // Only a value that nobody ever saw explains the refusal: an open write of it must count.
    let unseen = history(&[(0, W1, 1, 2), (1, W2, 3, 0), (0, cas(1, 3, false), 4, 5)]);
    assert!(holds(&unseen, Model::Register, Linearizable));
}

#[test]
fn a_counter_counts_what_was_added() {
    let count = |n: i64| Act::Read(Val(n as u64));
    let h = |n| {
        history(&[
            (0, Act::Add(3), 1, 4),
            (1, Act::Add(-5), 2, 0),
            (2, count(n), 5, 6),
        ])
    };
    for n in [3, -2] {
        assert!(holds(&h(n), Model::Counter, Linearizable), "{n}");
    }
    for n in [0, -5, 1] {
        assert!(!holds(&h(n), Model::Counter, Linearizable), "{n}");
    }
}

#[test]
fn a_queue_gives_what_came_first_and_each_once() {
    let (one, two) = (Act::Enqueue(Val(1)), Act::Enqueue(Val(2)));
    let take = |n| Act::Dequeue(Val(n));
    let h = |first, second| {
        history(&[
            (0, one, 1, 2),
            (0, two, 3, 4),
            (1, take(first), 5, 6),
            (1, take(second), 7, 8),
        ])
    };
    assert!(holds(&h(1, 2), Model::Queue, Linearizable));
    assert!(!holds(&h(2, 1), Model::Queue, Linearizable));
    assert!(!holds(&h(1, 1), Model::Queue, Linearizable));
    assert!(!holds(&h(1, 0), Model::Queue, Linearizable));
    let together = history(&[
        (0, one, 1, 4),
        (2, two, 2, 3),
        (1, take(2), 5, 6),
        (1, take(1), 7, 8),
    ]);
    assert!(holds(&together, Model::Queue, Linearizable));
    // One that nobody saw the answer of took the first.
    let taken = history(&[
        (0, one, 1, 2),
        (0, two, 3, 4),
        (2, take(0), 5, 0),
        (1, take(2), 6, 7),
    ]);
    assert!(holds(&taken, Model::Queue, Linearizable));
}

#[test]
fn a_lock_has_one_holder() {
    use Act::{Acquire, Release};
    let h = history(&[(0, Acquire, 1, 2), (0, Release, 3, 6), (1, Acquire, 4, 5)]);
    assert!(holds(&h, Model::Lock, Linearizable));
    let two = history(&[(0, Acquire, 1, 2), (1, Acquire, 3, 4)]);
    assert!(!holds(&two, Model::Lock, Linearizable));
    assert!(!holds(&two, Model::Lock, Sequential));
    let foreign = history(&[(0, Acquire, 1, 2), (1, Release, 3, 4)]);
    assert!(!holds(&foreign, Model::Lock, Linearizable));
    // A release that was never answered may have set it free.
    let maybe = history(&[(0, Acquire, 1, 2), (0, Release, 3, 0), (1, Acquire, 4, 5)]);
    assert!(holds(&maybe, Model::Lock, Linearizable));
}

#[test]
fn what_fails_is_shown_without_what_does_not_matter() {
    // Among many harmless operations, three that make a stale read.
    let mut lines = Vec::new();
    for i in 0..40 {
        lines.push((
            i % 3,
            Act::Write(Val(u64::from(100 + i))),
            10 * i + 1,
            10 * i + 4,
        ));
        lines.push((
            3,
            Act::Read(Val(u64::from(100 + i))),
            10 * i + 5,
            10 * i + 6,
        ));
    }
    lines.extend([(0, W1, 401, 402), (1, W2, 403, 404), (2, R1, 405, 406)]);
    lines.extend([(0, W1, 407, 408), (2, R1, 409, 410)]);
    let failure = failure(&history(&lines), Model::Register);
    assert_eq!(failure.operations, [80, 81, 82]);
    assert_eq!(failure.stuck, Some(82));
    assert_eq!(failure.states, [[2]]);
}

#[test]
fn a_value_from_nowhere_needs_no_company() {
    let h = history(&[(0, W1, 1, 2), (1, R2, 3, 4), (0, W2, 5, 6)]);
    let failure = failure(&h, Model::Register);
    // What began after it ended cannot have given it the value.
    assert_eq!(failure.operations, [1]);
    assert_eq!(failure.states, [[0]]);
}

/// The write of 3 has its place before the swap, if only something else stands between the two: what
/// was set free may, and so the write that could stand there may not be set free.
#[test]
fn a_swap_may_hide_a_write_where_what_it_swapped_is_free() {
    let h = history(&[
        (2, Act::Write(Val(3)), 1, 6),
        (3, cas(0, 7, true), 2, 5),
        (0, Act::Read(Val(7)), 4, 9),
        (2, Act::Read(Val(7)), 7, 11),
        (0, Act::Write(Val(0)), 10, 13),
    ]);
    let failure = failure(&h, Model::Register);
    assert_eq!(failure.operations, [0, 1, 3, 4]);
    assert_eq!(failure.stuck, Some(3));
}

/// Forty writes that all overlap, and then two reads: the orders of the writes are not tried.
#[test]
fn writes_that_nobody_sees_are_no_trouble() {
    let lines = (0..40).map(|i| (i, Act::Write(Val(u64::from(i) + 1)), i + 1, 100 + i));
    let mut lines: Vec<_> = lines.collect();
    lines.push((50, Act::Read(Val(7)), 200, 201));
    lines.push((50, Act::Read(Val(8)), 202, 203));
    let mut asked = 0;
    let mut go_on = || {
        asked += 1;
        asked < 20
    };
    let verdict = judge(&history(&lines), Model::Register, Linearizable, &mut go_on);
    let Verdict::Fails(failure) = verdict else {
        panic!("{verdict:?}");
    };
    // The second value was written before the first read began, which saw another one.
    assert_eq!(failure.operations, [7, 40, 41]);
    assert_eq!((failure.stuck, failure.states), (Some(41), vec![vec![7]]));
    lines.pop();
    assert!(holds(&history(&lines), Model::Register, Linearizable));
}

#[test]
fn time_that_is_up_gives_no_verdict() {
    let lines = (0..40).map(|i| (i, Act::Enqueue(Val(u64::from(i) + 1)), i + 1, 100 + i));
    let mut lines: Vec<_> = lines.collect();
    lines.push((50, Act::Dequeue(Val(99)), 200, 201));
    let mut asked = 0;
    let mut go_on = || {
        asked += 1;
        asked < 50
    };
    let verdict = judge(&history(&lines), Model::Queue, Linearizable, &mut go_on);
    assert_eq!(verdict, Verdict::Undecided);
}
