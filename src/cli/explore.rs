//! `explore`: runs at random until a promise breaks, on all cores; and `merge` of what several
//! machines did.
//!
//! What is reported does not depend on the number of threads: it is the violation of the first
//! run, by seed and number, and the runs up to it.

use super::Exit;
use super::args::ExploreArgs;
use super::complain::Bad;
use super::output::Output;
use super::run::{find_lab, read_switch, unknown};
use super::sum::{Found, Sum, print};
use crate::engine::RuleId;
use crate::lab::search::{Bounds, Finding, Goal, Search, Shrinker, Shrunk, Tally};
use crate::lab::{Complaint, Lab, Mode};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// How many runs a thread takes at once.
const BLOCK: u64 = 50;
/// What is done where nobody says how much: some seconds of it on two cores.
const RUNS: u64 = 20_000;
const WALL: Duration = Duration::from_secs(50);

/// All that is looked through: each run of each seed, in this order.
struct Field {
    lab: &'static dyn Lab,
    goal: Goal,
    bounds: Bounds,
    seeds: std::ops::Range<u64>,
    /// Runs of each seed.
    runs: u64,
    /// Which blocks are ours: of so many, the one of this number, from 0.
    shard: (u64, u64),
    until: Option<Instant>,
}

/// What one block of runs did, up to its first violation.
struct Done {
    block: u64,
    tally: Tally,
    found: Option<(u64, u64)>,
}

impl Field {
    fn read(args: &ExploreArgs) -> Result<Self, Bad> {
        let lab = find_lab(&args.lab, "LAB")?;
        let mut bounds = Bounds::new(lab, 1);
        for (i, set) in args.set.iter().enumerate() {
            let pinned = match set.split_once('=') {
                Some((name, value)) => bounds.pin(name, value),
                None => Err(Complaint::new("error-param-form").echo("word", set)),
            };
            pinned.map_err(|complaint| Bad::at("--set", i + 1, 1, complaint))?;
        }
        let mut off = Vec::new();
        for (i, text) in args.rule.iter().enumerate() {
            let (rule, on) = read_switch(lab, i, text)?;
            off.retain(|other| *other != rule);
            if !on {
                off.push(rule);
            }
        }
        off.sort_unstable();
        let wall = args.wall.or_else(|| args.runs.is_none().then_some(WALL));
        Ok(Field {
            lab,
            goal: goal(lab, &off, args)?,
            bounds,
            seeds: args.seeds.clone().unwrap_or(1..2),
            // With a bound of time alone, it is the time that ends it.
            runs: args
                .runs
                .unwrap_or(if args.wall.is_some() { u64::MAX } else { RUNS }),
            shard: args.shard.unwrap_or((0, 1)),
            until: wall.map(|wall| Instant::now() + wall),
        })
    }

    /// The seed and the runs of a block; `None` behind the last.
    fn block(&self, block: u64) -> Option<(u64, std::ops::Range<u64>)> {
        let per_seed = self.runs.div_ceil(BLOCK);
        let seed = self.seeds.start.checked_add(block / per_seed)?;
        let first = block % per_seed * BLOCK;
        let last = self.runs.min(first.saturating_add(BLOCK));
        self.seeds.contains(&seed).then_some((seed, first..last))
    }

    fn search(&self, seed: u64) -> Search {
        let mut bounds = self.bounds.clone();
        bounds.seed = seed;
        Search::new(self.lab, self.goal.clone(), bounds)
    }

    /// Blocks of runs, as long as there are any before the first violation.
    fn work(&self, next: &AtomicU64, first: &AtomicU64, done: &Mutex<Vec<Done>>) {
        let mut search: Option<(u64, Search)> = None;
        loop {
            let turn = next.fetch_add(1, Ordering::Relaxed);
            let block = turn * self.shard.1 + self.shard.0;
            let over = self.until.is_some_and(|until| Instant::now() >= until);
            if over || block > first.load(Ordering::Relaxed) {
                return;
            }
            let Some((seed, runs)) = self.block(block) else {
                return;
            };
            let known = search.take().filter(|(of, _)| *of == seed);
            let (_, searching) = search.insert(known.unwrap_or_else(|| (seed, self.search(seed))));
            let mut found = None;
            for run in runs {
                if searching.run_one(run).is_some() {
                    found = Some((seed, run));
                    first.fetch_min(block, Ordering::Relaxed);
                    break;
                }
            }
            let tally = searching.take_tally();
            let mut done = done
                .lock()
                .unwrap_or_else(std::sync::PoisonError::into_inner);
            done.push(Done {
                block,
                tally,
                found,
            });
        }
    }

    /// All blocks, by so many threads; in order, up to the first violation.
    fn all(&self, threads: usize) -> Vec<Done> {
        let (next, first) = (AtomicU64::new(0), AtomicU64::new(u64::MAX));
        let done = Mutex::new(Vec::new());
        std::thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| self.work(&next, &first, &done));
            }
        });
        let mut done = done
            .into_inner()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        done.sort_by_key(|done| done.block);
        let first = first.into_inner();
        done.retain(|done| done.block <= first);
        done
    }

    fn finding(&self, (seed, run): (u64, u64)) -> Result<Shrunk, Bad> {
        let finding: Option<Finding> = self.search(seed).run_one(run);
        let shrinker = finding.and_then(|found| Shrinker::new(self.lab, &self.goal, &found));
        // One run is the same each time, or the fault is ours. It is not passed over in silence.
        let mut shrinker = shrinker.ok_or_else(|| {
            let complaint = Complaint::new("error-not-again")
                .with("run", run)
                .with("seed", seed);
            Bad::at("explore", 1, 1, complaint)
        })?;
        while shrinker.step() {}
        Ok(shrinker.story())
    }
}

/// What is looked for: what the rules that are off guard, or the checks that are named.
fn goal(lab: &dyn Lab, off: &[RuleId], args: &ExploreArgs) -> Result<Goal, Bad> {
    let mut goal = Goal::without(lab, off);
    let specs = lab.info().checks;
    let named = args.check.iter().enumerate().map(|(i, id)| {
        let check = lab
            .check(id)
            .filter(|at| specs[*at].mode != Mode::Sometimes);
        check.ok_or_else(|| {
            let broken = specs.iter().filter(|check| check.mode != Mode::Sometimes);
            let known: Vec<_> = broken.map(|check| check.id).collect();
            Bad::at("--check", i + 1, 1, unknown(id, "check", &known))
        })
    });
    let named = named.collect::<Result<Vec<_>, _>>()?;
    if !named.is_empty() {
        goal.checks = named;
    }
    args.beyond
        .iter()
        .for_each(|kind| goal.beyond.insert(*kind));
    Ok(goal)
}

pub(super) fn explore(args: &ExploreArgs) -> Result<Exit, Bad> {
    let began = Instant::now();
    let field = Field::read(args)?;
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let done = field.all(args.threads.map_or(cores, usize::from));
    let mut sum = Sum::new(&field.goal, field.lab, args);
    for done in &done {
        sum.tally.add(&done.tally);
        if let Some((seed, run)) = done.found {
            let shrunk = field.finding((seed, run))?;
            sum.found = Some(Found::new(field.lab, (seed, run), &shrunk));
        }
    }
    sum.seconds = began.elapsed().as_secs_f64();
    write_story(&sum, args.out.as_deref())?;
    print(&sum, args.json)
}

fn write_story(sum: &Sum, out: Option<&str>) -> Result<(), Bad> {
    if let (Some(out), Some(found)) = (out, &sum.found) {
        let mut output = Output::file(out)?;
        output.with(|to| to.write_all(found.story.as_bytes()));
        output.end()?;
    }
    Ok(())
}
