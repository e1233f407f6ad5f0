//! States a second of the exhaustive exploration, natively: `cargo bench --bench exhaust`. The same
//! in Wasm is in benches/run.mjs, and the crate `stateright` beside it in benches/stateright.

#[path = "measures/exhaust.rs"]
mod measures;

use measures::{Explored, commit, raft};
use std::sync::OnceLock;
use std::time::Instant;

fn clock() -> f64 {
    static BEGAN: OnceLock<Instant> = OnceLock::new();
    BEGAN.get_or_init(Instant::now).elapsed().as_secs_f64() * 1000.0
}

fn print(name: &str, explored: Explored) {
    let rate = |n: u64| n as f64 / explored.ms / 1000.0;
    println!(
        "  {name:24} {} states, {} different, {} deep: {:.2} M/s, {:.2} M different/s, {:.0} MB",
        explored.generated,
        explored.unique,
        explored.depth,
        rate(explored.generated),
        rate(explored.unique),
        explored.bytes as f64 / 1e6,
    );
}

fn main() {
    println!("Natively:");
    print("two-phase commit, 8", commit(clock, 8, 3));
    print("raft, 1 timeout", raft(clock, (1, 0), false, 5));
    print("raft, 1 and a crash", raft(clock, (1, 1), false, 3));
}
