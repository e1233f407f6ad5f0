//! The orders in which ids may stand on the ring, and what an election costs in them if all begin at once.
//!
//! One way an id goes as far as the next larger one, so rising is best and falling worst. Both ways it has to be the largest
//! of those around it to come into the next phase. In phase 0 every pair of neighbours costs three messages whatever the
//! order, so that order is best in which all but the largest fall out at once, and rising is one. The worst order keeps as
//! many as can be. What an id costs depends on nothing but its distances to the next larger one on both sides. So the
//! largest of a stretch that lies between two larger ids costs the same whatever stands beside it, and parts the stretch
//! into two that have nothing to do with each other: the most that a stretch can cost is found from those that are shorter.

use crate::engine::Draws;

/// The ids 1 to n in the order of the ring: best, worst, or in an order that the seed decides.
pub(super) fn ids(order: &str, both_ways: bool, n: u16, seed: u64) -> Vec<u16> {
    let mut ids: Vec<u16> = (1..=n).collect();
    match order {
        "best" => {}
        "worst" if both_ways => return worst_both_ways(n),
        "worst" => ids.reverse(),
        _ => {
            for i in (1..ids.len()).rev() {
                let mut draws = Draws::at(seed, i as u64);
                ids.swap(i, draws.between(0, i as u64) as usize);
            }
        }
    }
    ids
}

/// What an id costs both ways whose next larger ones are so far on both sides: itself, n places, for the largest. On each
/// side it is swallowed, or comes to the end of its way, and a reply comes back; and so in each phase that it is in.
fn cost(apart: [u64; 2], n: u64) -> u64 {
    let mut messages = 0;
    let mut reach = 1;
    while reach < n {
        let side = |far: u64| if far <= reach { far } else { 2 * reach };
        messages += apart.map(side).iter().sum::<u64>();
        if apart.iter().any(|far| *far <= reach) {
            return messages;
        }
        reach *= 2;
    }
    messages + apart.iter().sum::<u64>()
}

/// The most that the ids of a stretch between two larger ones can cost, for each length below n, and where the largest of
/// it stands then.
fn stretches(n: u64) -> Vec<(u64, usize)> {
    let mut most: Vec<(u64, usize)> = vec![(0, 0)];
    for length in 1..n as usize {
        let parted = |at: usize| {
            let (before, after) = (at, length - 1 - at);
            let own = cost([before as u64 + 1, after as u64 + 1], n);
            own + most[before].0 + most[after].0
        };
        let worst = (0..length).fold((0, 0), |worst, at| {
            let messages = parted(at);
            if messages > worst.0 {
                (messages, at)
            } else {
                worst
            }
        });
        most.push(worst);
    }
    most
}

/// An order in which an election both ways costs the most.
fn worst_both_ways(n: u16) -> Vec<u16> {
    let most = stretches(u64::from(n));
    let mut ids = vec![n; usize::from(n)];
    let mut stretches = vec![(1, usize::from(n) - 1)];
    let mut at = 0;
    let mut next = n;
    // Broad before deep, so that each is smaller than both that it lies between.
    while let Some((from, length)) = stretches.get(at).copied() {
        at += 1;
        if length > 0 {
            let middle = most[length].1;
            next -= 1;
            ids[from + middle] = next;
            stretches.push((from, middle));
            stretches.push((from + middle + 1, length - 1 - middle));
        }
    }
    ids
}

/// What the worst order costs both ways; there is no closed form of it.
pub(super) fn worst_cost_both_ways(n: u64) -> u64 {
    let rest = stretches(n).last().map_or(0, |(messages, _)| *messages);
    cost([n, n], n) + rest
}

/// And the best: 3n in phase 0; then the largest alone, 4·2^k in phase k and 2n in the last.
pub(super) fn best_cost_both_ways(n: u64) -> u64 {
    5 * n + 4 * n.next_power_of_two() - 8
}

/// What this order costs both ways, if no node is so much slower than another that a larger id overtakes it.
#[cfg(test)]
pub(super) fn cost_both_ways(ids: &[u16]) -> u64 {
    let n = ids.len();
    let far = |at: usize, step: usize| {
        let larger = (1..n).find(|j| ids[(at + step * j) % n] > ids[at]);
        larger.unwrap_or(n) as u64
    };
    (0..n)
        .map(|at| cost([far(at, 1), far(at, n - 1)], n as u64))
        .sum()
}
