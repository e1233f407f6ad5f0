//! The whole sweep: every rule and every planted mistake off with several seeds, then all rules on for
//! a hundred times as many runs as the hardest of them took. It writes what it saw into
//! docs/checking.md, and a story of each mistake beside the tests.

use super::page::{self, LIMIT, SEEDS, TIMES};
use super::{guards, search, shrunk};
use splitbrain::lab::Lab;
use splitbrain::lab::search::Tally;
use splitbrain::protocols::labs;
use std::fmt::Write;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Instant;

/// How many runs with all rules on are made between two looks at how far it is.
const BLOCK: u64 = 500;

/// One rule off, under one seed of the search.
struct Job {
    lab: &'static dyn Lab,
    rule: &'static str,
    seed: u64,
}

/// What it took.
#[derive(Clone)]
struct Took {
    runs: u64,
    events: u64,
    commands: usize,
    story: String,
}

impl Job {
    fn run(&self) -> Took {
        let mut search = search(self.lab, Some(self.rule), self.seed);
        let finding = super::first(&mut search, LIMIT);
        let finding = finding.unwrap_or_else(|| {
            panic!("{}, seed {}: nothing in {LIMIT} runs", self.rule, self.seed)
        });
        let events = search.tally().events;
        let shrunk = shrunk(self.lab, &search, &finding);
        Took {
            runs: finding.number + 1,
            events,
            commands: shrunk.commands,
            story: shrunk.story.print(),
        }
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

/// All rules and mistakes of all labs with every seed, in order.
fn jobs() -> Vec<Job> {
    let rules = labs().into_iter().flat_map(|lab| {
        let rules = lab.info().all_rules().map(|rule| rule.id);
        rules.map(move |rule| (lab, rule))
    });
    let jobs = rules.flat_map(|(lab, rule)| SEEDS.map(move |seed| Job { lab, rule, seed }));
    jobs.collect()
}

fn all_found(jobs: &[Job]) -> Vec<Took> {
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::new());
    on_all_cores(|| {
        while let Some((at, job)) = {
            let at = next.fetch_add(1, Ordering::Relaxed);
            jobs.get(at).map(|job| (at, job))
        } {
            let took = job.run();
            let mut done = done.lock().expect("no other thread failed");
            eprintln!(
                "[{}/{}] {} off, seed {}: {} runs, {} commands",
                done.len() + 1,
                jobs.len(),
                job.rule,
                job.seed,
                took.runs,
                took.commands,
            );
            done.push((at, took));
        }
    });
    let mut done = done.into_inner().expect("no thread failed");
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, took)| took).collect()
}

/// So many runs with all rules on; none may break anything.
fn clean(lab: &'static dyn Lab, runs: u64) -> Tally {
    let next = AtomicU64::new(0);
    let whole = Mutex::new(Tally::new(lab.info()));
    on_all_cores(|| {
        let mut search = search(lab, None, 1);
        loop {
            let first = next.fetch_add(BLOCK, Ordering::Relaxed);
            if first >= runs {
                return;
            }
            for number in first..runs.min(first + BLOCK) {
                if let Some(finding) = search.run_one(number) {
                    let story = shrunk(lab, &search, &finding).story.print();
                    panic!("all rules are on, run {number}:\n{story}");
                }
            }
            let mut whole = whole.lock().expect("no other thread failed");
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

/// A table of the rules or of the mistakes.
fn table(what: &str, rows: &[(&Job, &[Took])]) -> String {
    let mut table = format!(
        "| lab | {what} | check that breaks | runs needed, by seed | events in them, thousands | commands of the story |\n\
         |---|---|---|---|---|---|\n",
    );
    for (job, took) in rows {
        let list = |of: &dyn Fn(&Took) -> String| -> String {
            took.iter().map(of).collect::<Vec<_>>().join(", ")
        };
        let runs = list(&|took| took.runs.to_string());
        let events = list(&|took| took.events.div_ceil(1000).to_string());
        let commands = list(&|took| took.commands.to_string());
        let (id, rule, guards) = (job.lab.info().id, job.rule, guards(job.lab, job.rule));
        let row = format!("| {id} | {rule} | {guards} | {runs} | {events} | {commands} |");
        writeln!(table, "{row}").expect("a text");
    }
    table
}

/// What was met with all rules on, and what was not.
fn coverage(lab: &dyn Lab, tally: &Tally) -> String {
    let info = lab.info();
    let notes = info.notes.iter().zip(&tally.notes);
    let unseen = notes.filter(|(_, count)| **count == 0);
    let unseen: Vec<&str> = unseen.map(|(note, _)| note.id).collect();
    let turns = Tally::all_turns(info).into_iter();
    let never = turns.filter(|turn| !tally.turns.contains_key(turn));
    let never: Vec<String> = never.map(|(from, to)| format!("{from} to {to}")).collect();
    let or_none = |list: &[String]| match list {
        [] => "none".to_owned(),
        some => some.join(", "),
    };
    let unseen: Vec<String> = unseen.into_iter().map(str::to_owned).collect();
    format!(
        "In {}, not seen: notes {}; turns {}.\n",
        info.id,
        or_none(&unseen),
        or_none(&never)
    )
}

/// The most runs that any of these took, and which it was.
fn hardest<'a>(jobs: &'a [Job], took: &[Took], of: &dyn Fn(&Job) -> bool) -> (u64, &'a Job) {
    let both = jobs.iter().zip(took).filter(|(job, _)| of(job));
    let most = both.max_by_key(|(_, took)| took.runs);
    let (job, took) = most.expect("a lab has rules");
    (took.runs, job)
}

fn keep_stories(rows: &[(&Job, &[Took])]) {
    for (job, took) in rows {
        let plainest = took.iter().min_by_key(|took| took.commands);
        let story = &plainest.expect("there are seeds").story;
        let file = page::kept(job.lab.info().id, job.rule);
        let folder = file.parent().expect("a folder");
        std::fs::create_dir_all(folder).expect("a folder for the stories");
        std::fs::write(file, story).expect("a story can be written");
    }
}

pub(super) fn sweep() {
    let began = Instant::now();
    let jobs = jobs();
    let took = all_found(&jobs);
    let seeds = SEEDS.count();
    let rows = jobs.chunks(seeds).zip(took.chunks(seeds));
    let rows: Vec<(&Job, &[Took])> = rows.map(|(jobs, took)| (&jobs[0], took)).collect();
    let planted = |job: &Job| {
        let mut mistakes = job.lab.info().mistakes.iter();
        mistakes.any(|mistake| mistake.id == job.rule)
    };
    let (mistakes, rules): (Vec<_>, Vec<_>) = rows.into_iter().partition(|(job, _)| planted(job));
    let mut text = table("rule off", &rules) + "\n" + &table("planted mistake", &mistakes);
    text.push_str(
        "\n| lab, all rules on | seed | runs | events | notes seen | turns seen | violations |\n",
    );
    text.push_str("|---|---|---|---|---|---|---|\n");
    let (mut runs, mut unseen) = (0, String::new());
    for lab in labs() {
        let id = lab.info().id;
        let (most, _) = hardest(&jobs, &took, &|job| job.lab.info().id == id);
        let tally = clean(lab, most * TIMES);
        let (notes, turns) = (lab.info().notes.len(), Tally::all_turns(lab.info()).len());
        let row = format!(
            "| {id} | 1 | {} | {} | {} of {notes} | {} of {turns} | 0 |",
            tally.runs,
            tally.events,
            tally.notes_seen(),
            tally.turns.len(),
        );
        writeln!(text, "{row}").expect("a text");
        runs += tally.runs;
        unseen.push_str(&coverage(lab, &tally));
    }
    let (most, hard) = hardest(&jobs, &took, &|_| true);
    let minutes = began.elapsed().as_secs().div_ceil(60);
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    writeln!(
        text,
        "\nThe sweep ran to its end, in {minutes} min on {cores} cores. Each of the {} rules and {} mistakes was found\n\
         with every one of the {seeds} seeds; the hardest was {}, {most} runs with seed {}. With all rules on, {runs} runs broke\n\
         nothing.\n\n{unseen}",
        rules.len(),
        mistakes.len(),
        hard.rule,
        hard.seed,
    )
    .expect("a text");
    keep_stories(&mistakes);
    page::write(&text);
}
