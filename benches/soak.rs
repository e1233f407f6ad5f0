//! A long run as the page keeps it: Raft under requests through a history with snapshots and
//! the last records, up to a million events, and what memory that takes.
//!
//! `cargo bench --bench soak` prints a line at 100,000, 300,000 and 1,000,000 events and fails
//! where the run took more than the bound. What grows: a snapshot for each 4096 events (nodes
//! are shared between them, unless they changed), and the logs themselves, for there is no
//! compaction. What does not: the records, of which the last are kept.

use splitbrain::engine::Span;
use splitbrain::lab::{Format, History, export_branch};
use splitbrain::protocols;
use splitbrain::view::dictionary;
use std::time::Instant;

/// How many records the page keeps.
const KEEP: usize = 2000;
/// The bound: so many bytes for each 100,000 events, over what the first ones took.
const MOST_PER_100K: usize = 12 << 20;
/// Where memory is looked at.
const STOPS: [u64; 3] = [100_000, 300_000, 1_000_000];

/// Bytes of this process that are in memory; 0 where the system does not tell.
fn resident() -> usize {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages = statm
        .split(' ')
        .nth(1)
        .and_then(|pages| pages.parse::<usize>().ok());
    pages.unwrap_or(0) * 4096
}

fn soak(id: &str, params: &[(&str, &str)]) {
    let lab = protocols::labs()
        .into_iter()
        .find(|lab| lab.info().id == id)
        .expect("a lab");
    let mut setup = lab.setup(7);
    for (name, value) in params {
        setup.params.set(name, value).expect("a parameter");
    }
    let at_start = resident();
    let mut history = History::new(lab, setup, KEEP);
    let begin = Instant::now();
    let mut first = None;
    println!("{}", history.header());
    for stop in STOPS {
        while history.position().step < stop && history.step() {}
        let grown = resident().saturating_sub(at_start);
        let (at_first, first_stop) = *first.get_or_insert((grown, stop));
        let more = (stop - first_stop) as usize / 100_000;
        let each = grown.saturating_sub(at_first) / more.max(1);
        println!(
            "{stop:>9} events, {:>5} s of virtual time: {:>6.1} MB, {:.2} MB for each further 100,000; {:.2} s",
            history.position().time.0 / 1_000_000,
            mb(grown),
            mb(each),
            begin.elapsed().as_secs_f64(),
        );
        assert!(
            each <= MOST_PER_100K,
            "more than the bound of {:.0} MB",
            mb(MOST_PER_100K)
        );
    }
    seek(&mut history);
    let words = dictionary(lab, splitbrain::lab::Lang::En);
    let begin = Instant::now();
    let csv = export_branch(&history, &words, Format::Csv).expect("any length");
    let (rows, took) = (csv.lines().count(), begin.elapsed().as_secs_f64());
    println!("          the counters as CSV: {rows} rows in {took:.2} s");
}

/// Back to the middle and forth again, as a person would scrub.
fn seek(history: &mut History) {
    let (end, hash) = (history.position(), history.run().world().trace_hash());
    let begin = Instant::now();
    for part in 1..=20 {
        history.seek(end.step * part / 21);
    }
    let each = begin.elapsed().as_secs_f64() * 1000.0 / 20.0;
    history.seek_to(end);
    assert_eq!(
        history.run().world().trace_hash(),
        hash,
        "back where it was"
    );
    println!(
        "          a seek: {each:.1} ms on the average, {:.1} MB resident",
        mb(resident())
    );
}

fn mb(bytes: usize) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}

fn main() {
    // Cargo passes --bench; with --test nothing is measured.
    if std::env::args().any(|arg| arg == "--test") {
        return;
    }
    let think = Span::ms(100);
    println!("records kept: {KEEP}; a client asks every {think} on the average");
    // The leaner one first: what a run gave back is not given back to the system.
    soak("heartbeat", &[]);
    soak("raft", &[("clients", "2"), ("rate", "10")]);
}
