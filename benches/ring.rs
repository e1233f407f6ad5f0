//! Lookups a second of the ring beside those of the crate `hashring`, in turns: `cargo bench --bench ring`.
//!
//! Both hash a key of eight bytes by SipHash-1-3 and look for the next point; the points are the same many. What
//! the numbers mean stands in docs/performance.md.

use hashring::HashRing;
use splitbrain::protocols::hash_ring::{HashKind, Point, Ring};
use std::hash::{BuildHasherDefault, DefaultHasher};
use std::hint::black_box;
use std::time::Instant;

/// Points of each node.
const POINTS: u32 = 100;
/// Lookups in a turn, and turns of each.
const LOOKUPS: u64 = 400_000;
const TURNS: usize = 15;

#[derive(Copy, Clone, Hash)]
struct Theirs {
    node: u16,
    index: u32,
}

/// Millions of lookups a second in one turn.
fn turn(first: u64, lookup: impl Fn(u64) -> u16) -> f64 {
    let start = Instant::now();
    let sum = (first..first + LOOKUPS).fold(0u64, |sum, key| {
        sum + u64::from(lookup(key.wrapping_mul(0x9e37_79b9_7f4a_7c15)))
    });
    black_box(sum);
    LOOKUPS as f64 / start.elapsed().as_secs_f64() / 1e6
}

fn main() {
    println!("nodes  ours M/s  hashring M/s  times  ours with xxh3 M/s");
    for nodes in [10u16, 100, 1000] {
        let hash = HashKind::SipHash;
        let build = BuildHasherDefault::<DefaultHasher>::default();
        let mut theirs = HashRing::with_hasher(build);
        let all = (0..nodes).flat_map(|node| (0..POINTS).map(move |index| (node, index)));
        let points = all.clone().map(|(node, index)| Point {
            at: hash.point(node, index),
            node,
        });
        let ours = Ring::new(points.collect());
        theirs.batch_add(all.map(|(node, index)| Theirs { node, index }).collect());
        let mut best = [0f64; 3];
        for round in 0..TURNS as u64 {
            let first = round * LOOKUPS;
            let by = |kind: HashKind| {
                let ours = &ours;
                move |key: u64| ours.owner(kind.hash(&key.to_ne_bytes())).unwrap_or(0)
            };
            let rates = [
                turn(first, by(HashKind::SipHash)),
                turn(first, |key| {
                    theirs.get(&key).map_or(0, |theirs| theirs.node)
                }),
                turn(first, by(HashKind::Xxh3)),
            ];
            for (best, rate) in best.iter_mut().zip(rates) {
                *best = best.max(rate);
            }
        }
        let [ours, theirs, xxh3] = best;
        println!(
            "{nodes:>5}  {ours:>8.1}  {theirs:>12.1}  {:>5.2}  {xxh3:>18.1}",
            ours / theirs
        );
    }
}
