#[path = "../../benches/measures/bare.rs"]
mod bare;
use splitbrain_core::lab::*;
use std::time::Instant;
fn main() {
    let n: u64 = std::env::args().nth(1).unwrap().parse().unwrap();
    let turns: u64 = std::env::args().nth(2).unwrap().parse().unwrap();
    let lab: &dyn Lab = splitbrain_core::protocols::find("raft").unwrap();
    let mut s = lab.setup(7);
    for a in std::env::args().skip(3) {
        let (k, v) = a.split_once('=').unwrap();
        s.params.set(k, v).unwrap();
    }
    let mut r = Run::new(lab, &s);
    let (mut b, mut m) = (0.0f64, 0.0f64);
    for _ in 0..turns {
        if turns > 1 {
            let t = Instant::now();
            std::hint::black_box(bare::run(n));
            b = b.max(n as f64 / t.elapsed().as_secs_f64() / 1e6);
        }
        let t = Instant::now();
        for _ in 0..n {
            r.step();
        }
        m = m.max(n as f64 / t.elapsed().as_secs_f64() / 1e6);
    }
    println!(
        "{:016x} {} bare {b:.2} sim {m:.2} ratio {:.3}",
        r.world().trace_hash(),
        r.world().now(),
        m / b
    );
}
