//! Speed of the simulator, beside a bare event loop in the same run: `cargo bench`, and with the
//! same in Wasm `cargo xtask bench`. What the numbers mean stands in docs/performance.md.

mod measures;

use measures::CASES;
use std::sync::OnceLock;
use std::time::Instant;

fn clock() -> f64 {
    static BEGAN: OnceLock<Instant> = OnceLock::new();
    BEGAN.get_or_init(Instant::now).elapsed().as_secs_f64() * 1000.0
}

fn main() {
    println!("Natively:");
    let before = resident_mb();
    let long = measures::long_run(clock, 1_000_000, 200);
    let rate = long.rate / 1e6;
    println!("  history   {rate:.2} M/s over a million events");
    let [median, most, worst] = long.seek;
    println!("  seek      median {median:.2} ms, 99 % {most:.2} ms, worst of 200 {worst:.2} ms");
    println!(
        "  snapshot  {:.2} us, story {:.2} ms",
        long.snapshot, long.story
    );
    if let (Some(before), Some(after)) = (before, resident_mb()) {
        println!("  memory    {:.0} MB more at the most", after - before);
    }
    for case in CASES {
        let (bare, sim) = measures::events(clock, case, 8, 400_000);
        let ratio = sim / bare;
        let (bare, sim) = (bare / 1e6, sim / 1e6);
        let name = case.name;
        println!("  {name:9} bare loop {bare:.2} M/s   sim {sim:.2} M/s   ratio {ratio:.2}");
    }
    let (rate, each) = measures::commits(clock, 6, 400_000);
    println!("  commits   {rate:.0} a second, {each:.1} events each");
    let (seconds, events) = measures::balancer(clock, 20);
    println!("  balancer  {seconds:.2} s of virtual time a second, {events:.2} M/s");
    let (runs, events) = measures::search(clock, 8, 1000);
    let events = events / 1e6;
    println!("  search    {runs:.0} runs a second, {events:.2} M events/s");
}

/// The most memory that this process ever had, where the system tells.
fn resident_mb() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kb: f64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kb / 1024.0)
}
