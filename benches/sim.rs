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
    // With a word, only what it names: `cargo bench --bench sim balancer`.
    let word = std::env::args().skip(1).find(|arg| !arg.starts_with('-'));
    let wanted = |name: &str| word.as_ref().is_none_or(|word| name.contains(word));
    println!("Natively:");
    if wanted("history") {
        history();
    }
    for case in CASES.iter().filter(|case| wanted(case.name)) {
        let (bare, sim) = measures::events(clock, case, 8, 400_000);
        let ratio = sim / bare;
        let (bare, sim) = (bare / 1e6, sim / 1e6);
        let name = case.name;
        println!("  {name:9} bare loop {bare:.2} M/s   sim {sim:.2} M/s   ratio {ratio:.2}");
    }
    if wanted("commits") {
        let (rate, each) = measures::commits(clock, 6, 400_000);
        println!("  commits   {rate:.0} a second, {each:.1} events each");
    }
    if wanted("balancer") {
        balancer();
    }
    if wanted("search") {
        let (runs, events) = measures::search(clock, 8, 1000);
        let events = events / 1e6;
        println!("  search    {runs:.0} runs a second, {events:.2} M events/s");
    }
}

fn history() {
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
}

fn balancer() {
    for policy in measures::POLICIES {
        let before = resident_mb();
        let (seconds, events) = measures::balancer(clock, policy, 20);
        let more = before
            .zip(resident_mb())
            .map_or(0.0, |(before, after)| after - before);
        println!(
            "  balancer  {policy}: {seconds:.2} s of virtual time a second, {events:.2} M/s, {more:.0} MB more at the most"
        );
    }
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
