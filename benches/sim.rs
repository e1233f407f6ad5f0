//! Speed of the simulator, beside a bare event loop in the same run. `cargo bench`.

mod measures;

use measures::{BUSY, CROWD, LESSON};
use std::sync::OnceLock;
use std::time::Instant;

fn clock() -> f64 {
    static BEGAN: OnceLock<Instant> = OnceLock::new();
    BEGAN.get_or_init(Instant::now).elapsed().as_secs_f64() * 1000.0
}

fn main() {
    for (name, params) in [("lesson", LESSON), ("busy", BUSY), ("crowd", CROWD)] {
        let (bare, sim) = measures::events(clock, params, 5, 500_000);
        println!(
            "{name:8} bare {:.2} sim {:.2} M/s ratio {:.2}",
            bare / 1e6,
            sim / 1e6,
            sim / bare
        );
    }
    let (commits, per) = measures::commits(clock, 4, 500_000);
    println!("commits/s {commits:.0}, events per commit {per:.1}");
    let long = measures::long_run(clock, 1_000_000, 200);
    println!(
        "history {:.2} M/s, seek median {:.2} worst {:.2} ms, snapshot {:.2} us, story {:.2} ms",
        long.rate / 1e6,
        long.seek.0,
        long.seek.1,
        long.snapshot,
        long.story
    );
}
