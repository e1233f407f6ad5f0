//! The sweep, lab by lab: every rule and every planted mistake off with several seeds, then all rules on for
//! a hundred times as many runs as the hardest of them took. It writes what it saw into
//! docs/checking.md, and a story of each mistake beside the tests.

use super::page::{self, Clean, LIMIT, SEEDS, Sheet, TIMES};
use super::{guards, search, shrunk};
use splitbrain::lab::Lab;
use splitbrain::lab::search::Tally;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

/// How many runs with all rules on are made between two looks at how far it is.
const BLOCK: u64 = 500;

/// One rule off, under one seed of the search.
struct Job {
    lab: &'static dyn Lab,
    rule: &'static str,
    seed: u64,
}

/// What it took.
struct Took {
    runs: u64,
    events: u64,
    commands: usize,
    story: String,
}

impl Job {
    /// `None` where nothing was found.
    fn run(&self) -> Option<Took> {
        let mut search = search(self.lab, Some(self.rule), self.seed);
        let finding = super::first(&mut search, LIMIT)?;
        let events = search.tally().events;
        let shrunk = shrunk(self.lab, &search, &finding);
        Some(Took {
            runs: finding.number + 1,
            events,
            commands: shrunk.commands,
            story: shrunk.story.print(),
        })
    }
}

/// The same on every core.
fn on_all_cores(work: impl Fn() + Sync) {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    std::thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(&work);
        }
    });
}

/// All rules and mistakes of a lab with every seed, in order.
fn jobs(lab: &'static dyn Lab) -> Vec<Job> {
    let rules = lab.info().all_rules().map(|rule| rule.id);
    let jobs = rules.flat_map(|rule| SEEDS.map(move |seed| Job { lab, rule, seed }));
    jobs.collect()
}

/// What each took, or those that found nothing, in a sentence.
fn all_found(jobs: &[Job]) -> Result<Vec<Took>, String> {
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::new());
    on_all_cores(|| {
        while let Some((at, job)) = {
            let at = next.fetch_add(1, Ordering::Relaxed);
            jobs.get(at).map(|job| (at, job))
        } {
            let took = job.run();
            let what = took.as_ref().map_or("nothing".to_owned(), |took| {
                format!("{} runs, {} commands", took.runs, took.commands)
            });
            let mut done = done.lock().expect("no other thread failed");
            let (count, all, id) = (done.len() + 1, jobs.len(), job.lab.info().id);
            let (rule, seed) = (job.rule, job.seed);
            eprintln!("{id} [{count}/{all}] {rule} off, seed {seed}: {what}");
            done.push((at, took));
        }
    });
    let mut done = done.into_inner().expect("no thread failed");
    done.sort_by_key(|(at, _)| *at);
    let missed = jobs.iter().zip(&done);
    let missed = missed.filter(|(_, (_, took))| took.is_none());
    let missed = missed.map(|(job, _)| format!("{} with seed {}", job.rule, job.seed));
    let missed: Vec<String> = missed.collect();
    if missed.is_empty() {
        return Ok(done.into_iter().filter_map(|(_, took)| took).collect());
    }
    Err(format!("nothing in {LIMIT} runs: {}", missed.join(", ")))
}

/// So many runs with all rules on; where one breaks something, its story.
fn clean(lab: &'static dyn Lab, runs: u64) -> Result<Tally, String> {
    let next = AtomicU64::new(0);
    let failed = AtomicBool::new(false);
    let whole = Mutex::new(Ok(Tally::new(lab.info())));
    on_all_cores(|| {
        let mut search = search(lab, None, 1);
        while !failed.load(Ordering::Relaxed) {
            let first = next.fetch_add(BLOCK, Ordering::Relaxed);
            if first >= runs {
                return;
            }
            for number in first..runs.min(first + BLOCK) {
                if let Some(finding) = search.run_one(number) {
                    failed.store(true, Ordering::Relaxed);
                    let story = shrunk(lab, &search, &finding).story.print();
                    let said = format!("all rules are on, run {number}:\n{story}");
                    *whole.lock().expect("no other thread failed") = Err(said);
                    return;
                }
            }
            let mut whole = whole.lock().expect("no other thread failed");
            let Ok(whole) = &mut *whole else { return };
            let before = whole.runs * 20 / runs;
            whole.add(&search.take_tally());
            if whole.runs * 20 / runs > before {
                let id = lab.info().id;
                eprintln!("{id}, all rules on: {} of {runs} runs", whole.runs);
            }
        }
    });
    whole.into_inner().expect("no thread failed")
}

/// The row of a rule or of a mistake.
fn row(job: &Job, took: &[Took]) -> String {
    let list = |of: &dyn Fn(&Took) -> String| -> String {
        took.iter().map(of).collect::<Vec<_>>().join(", ")
    };
    let runs = list(&|took| took.runs.to_string());
    let events = list(&|took| took.events.div_ceil(1000).to_string());
    let commands = list(&|took| took.commands.to_string());
    let (id, rule, guards) = (job.lab.info().id, job.rule, guards(job.lab, job.rule));
    format!("| {id} | {rule} | {guards} | {runs} | {events} | {commands} |")
}

/// What was met with all rules on, and what was not.
fn coverage(lab: &dyn Lab, tally: &Tally) -> Clean {
    let info = lab.info();
    let (notes, turns) = (info.notes.len(), Tally::all_turns(info));
    let row = format!(
        "| {} | 1 | {} | {} | {} of {notes} | {} of {} | 0 |",
        info.id,
        tally.runs,
        tally.events,
        tally.notes_seen(),
        tally.turns.len(),
        turns.len(),
    );
    let notes = info.notes.iter().zip(&tally.notes);
    let unseen = notes.filter(|(_, count)| **count == 0);
    let unseen: Vec<String> = unseen.map(|(note, _)| note.id.to_owned()).collect();
    let never = turns.iter().filter(|turn| !tally.turns.contains_key(turn));
    let never: Vec<String> = never.map(|(from, to)| format!("{from} to {to}")).collect();
    let or_none = |list: &[String]| match list {
        [] => "none".to_owned(),
        some => some.join(", "),
    };
    let (unseen, never) = (or_none(&unseen), or_none(&never));
    let rest = format!("notes {unseen}; turns {never}.");
    Clean { row, rest }
}

/// Keeps the plainest story of a mistake.
fn keep_story(job: &Job, took: &[Took]) {
    let plainest = took.iter().min_by_key(|took| took.commands);
    let story = &plainest.expect("there are seeds").story;
    let file = page::kept(job.lab.info().id, job.rule);
    let folder = file.parent().expect("a folder");
    std::fs::create_dir_all(folder).expect("a folder for the stories");
    std::fs::write(file, story).expect("a story can be written");
}

/// One lab, whole.
fn swept(lab: &'static dyn Lab) -> Result<Sheet, String> {
    let jobs = jobs(lab);
    let took = all_found(&jobs)?;
    let most = took.iter().map(|took| took.runs).max().unwrap_or(0);
    let tally = clean(lab, most * TIMES)?;
    let seeds = SEEDS.count();
    let rows: Vec<_> = jobs.chunks(seeds).zip(took.chunks(seeds)).collect();
    for (jobs, took) in &rows[lab.info().rules.len()..] {
        keep_story(&jobs[0], took);
    }
    Ok(Sheet {
        rows: rows
            .iter()
            .map(|(jobs, took)| row(&jobs[0], took))
            .collect(),
        clean: coverage(lab, &tally),
    })
}

/// Sweeps these labs, one after the other; the page keeps what it says of the others. Where something fails,
/// the page keeps what it says of that lab, too.
pub(super) fn sweep(labs: &[&'static dyn Lab]) {
    let mut failed = String::new();
    for lab in labs {
        match swept(*lab) {
            Ok(sheet) => page::enter(lab.info().id, sheet),
            Err(said) => {
                let said = format!("{}: {said}\n", lab.info().id);
                eprintln!("{said}");
                failed += &said;
            }
        }
    }
    assert!(failed.is_empty(), "{failed}");
}
