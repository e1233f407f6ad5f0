//! What is measured, natively and in Wasm alike. The caller lends a clock in milliseconds.

mod bare;

use splitbrain_core::engine::{Digest, Fact, Facts, Time};
use splitbrain_core::lab::search::{Bounds, Goal, Search};
use splitbrain_core::lab::{History, Lab, Run, Setup};
use splitbrain_labs::protocols;

/// How many records the page keeps.
const KEEP: usize = 2000;

/// A clock in milliseconds.
pub(crate) type Clock = fn() -> f64;

/// A run that is measured: its name, its lab, its parameters, and how to read them.
pub(crate) struct Case {
    /// One word.
    pub(crate) name: &'static str,
    /// The lab's id.
    lab: &'static str,
    params: &'static [(&'static str, &'static str)],
}

/// The runs that are measured beside the bare loop.
pub(crate) const CASES: &[Case] = &[
    // What a lesson does: five nodes and one client with two requests a second.
    Case {
        name: "lesson",
        lab: "raft",
        params: &[],
    },
    // Two clients with twenty requests a second each.
    Case {
        name: "busy",
        lab: "raft",
        params: BUSY,
    },
    // As many clients as the lab takes, each nearly always waiting for an answer.
    Case {
        name: "crowd",
        lab: "raft",
        params: CROWD,
    },
    // A monitor and 99 watched nodes.
    Case {
        name: "heartbeat",
        lab: "heartbeat",
        params: &[("nodes", "99")],
    },
];

const BUSY: &[(&str, &str)] = &[("clients", "2"), ("rate", "20")];
const CROWD: &[(&str, &str)] = &[("clients", "64"), ("rate", "15"), ("batch", "64")];

fn lab(id: &str) -> &'static dyn Lab {
    protocols::find(id).expect("a lab of the catalogue")
}

/// A lab set up with these parameters.
fn setup(lab: &'static dyn Lab, params: &[(&str, &str)]) -> Setup {
    let mut setup = lab.setup(7);
    for (name, value) in params {
        setup
            .params
            .set(name, value)
            .expect("a parameter within its bounds");
    }
    setup
}

fn steps(run: &mut Run, steps: u64) {
    for _ in 0..steps {
        if !run.step() {
            break;
        }
    }
}

/// Events a second of the bare loop and of the sim with Raft, in turns, the best turn of each:
/// what else the machine does then weighs on both.
pub(crate) fn events(clock: Clock, case: &Case, turns: u32, events: u64) -> (f64, f64) {
    let lab = lab(case.lab);
    let mut best = (0.0f64, 0.0f64);
    let mut run = Run::new(lab, &setup(lab, case.params));
    for _ in 0..turns {
        let began = clock();
        std::hint::black_box(bare::run(events));
        best.0 = best.0.max(rate(events, clock() - began));
        let began = clock();
        steps(&mut run, events);
        best.1 = best.1.max(rate(events, clock() - began));
    }
    std::hint::black_box(run.world().trace_hash());
    best
}

fn rate(n: u64, ms: f64) -> f64 {
    n as f64 * 1000.0 / ms
}

/// Commits a second, and events for one commit: five nodes and a crowd of clients.
pub(crate) fn commits(clock: Clock, turns: u32, events: u64) -> (f64, f64) {
    let lab = lab("raft");
    let mut run = Run::new(lab, &setup(lab, CROWD));
    let mut best = (0.0f64, 0.0f64);
    for _ in 0..turns {
        let before = committed(&run);
        let began = clock();
        steps(&mut run, events);
        let took = clock() - began;
        let commits = committed(&run) - before;
        best = if rate(commits, took) > best.0 {
            (rate(commits, took), events as f64 / commits as f64)
        } else {
            best
        };
    }
    best
}

fn committed(run: &Run) -> u64 {
    let world = run.world();
    let commit = |id| {
        let mut facts = Facts::default();
        world.cell(id).node().facts(&mut facts);
        let found = facts.0.iter().find(|(name, _)| *name == "commit");
        match found {
            Some((_, Fact::Int(n))) => *n,
            _ => 0,
        }
    };
    world.ids().map(commit).max().unwrap_or(0)
}

/// What a long run costs.
pub(crate) struct Long {
    /// Events a second through the history, which takes the snapshots.
    pub(crate) rate: f64,
    /// Time of a seek to a random step, in ms, the least of three turns: the median, what 99 of 100
    /// stay below, the worst.
    pub(crate) seek: [f64; 3],
    /// One snapshot, in microseconds.
    pub(crate) snapshot: f64,
    /// The story of the whole run, in ms.
    pub(crate) story: f64,
}

/// A run of so many events, and random seeks in it.
pub(crate) fn long_run(clock: Clock, events: u64, seeks: u32) -> Long {
    let lab = lab("raft");
    let mut history = History::new(lab, setup(lab, BUSY), KEEP);
    let began = clock();
    history.seek(events);
    let rate = rate(events, clock() - began);
    let mut seek = |i: u32| {
        let mut digest = Digest::default();
        digest.word(u64::from(i));
        let to = digest.value() % events;
        let began = clock();
        history.seek(to);
        clock() - began
    };
    // All of them in turns, and the least of each: what another program took is not ours.
    let mut took = vec![f64::MAX; seeks as usize];
    for _ in 0..3 {
        for (i, least) in (0..seeks).zip(&mut took) {
            *least = least.min(seek(i));
        }
    }
    took.sort_unstable_by(f64::total_cmp);
    let part = |percent| took[(took.len() - 1) * percent / 100];
    let seek = [part(50), part(99), part(100)];
    history.seek(events);
    let began = clock();
    let copies: Vec<Run> = (0..1000).map(|_| history.run().clone()).collect();
    let snapshot = clock() - began;
    drop(copies);
    let began = clock();
    std::hint::black_box(history.story().lines.len());
    let story = clock() - began;
    Long {
        rate,
        seek,
        snapshot,
        story,
    }
}

/// The random search of Raft with all rules on, one thread: runs a second and events a second, the
/// best of several turns, each over other runs.
pub(crate) fn search(clock: Clock, turns: u32, runs: u64) -> (f64, f64) {
    let lab = lab("raft");
    let goal = Goal::without(lab, &[]);
    let mut search = Search::new(lab, goal, Bounds::new(lab, 1));
    let mut best = (0.0f64, 0.0f64);
    for turn in 0..u64::from(turns) {
        let began = clock();
        for run in turn * runs..(turn + 1) * runs {
            std::hint::black_box(search.run_one(run).is_none());
        }
        let took = clock() - began;
        let tally = search.take_tally();
        if rate(tally.runs, took) > best.0 {
            best = (rate(tally.runs, took), rate(tally.events, took));
        }
    }
    best
}

/// A thousand servers that take fifty thousand requests a second, at work for three quarters of the time.
const MANY: &[(&str, &str)] = &[
    ("servers", "1000"),
    ("rate", "50000"),
    ("service", "15ms"),
    ("latency_min", "1ms"),
    ("latency_max", "2ms"),
];

/// The policies that are measured: the cheapest, and those that look at every server for each request.
pub(crate) const POLICIES: [&str; 4] = [
    "two-choices",
    "least-connections",
    "smooth-weighted",
    "consistent-hashing",
];

/// Seconds of virtual time in a second, of a whole history as the page has it, the best of as many
/// stretches of half a second of virtual time; and millions of events a second.
pub(crate) fn balancer(clock: Clock, policy: &str, stretches: u64) -> (f64, f64) {
    let lab = lab("load-balancer");
    let params = [MANY, &[("policy", policy)]].concat();
    let mut history = History::new(lab, setup(lab, &params), KEEP);
    let (mut best, mut events) = (0.0, 0.0);
    for stretch in 1..=stretches {
        let (began, steps) = (clock(), history.run().world().steps());
        history.run_to(Time(stretch * 500_000));
        let ms = clock() - began;
        let rate = 500.0 / ms;
        if rate > best {
            let made = history.run().world().steps() - steps;
            (best, events) = (rate, made as f64 / ms / 1000.0);
        }
    }
    (best, events)
}
