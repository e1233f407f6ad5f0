//! `experiment`: many runs over a range of parameters, on all cores. What is printed does not depend on the
//! number of threads.

mod json;
mod table;

pub(super) use json::catalogue;

use super::Exit;
use super::args::ExperimentArgs;
use super::complain::Bad;
use super::output::Output;
use super::progress::Progress;
use super::run::find_lab;
use crate::lab::experiment::{Misfit, Plan, Table, csv_head, csv_line};
use crate::lab::{Complaint, Lab};
use crate::protocols;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc;

/// How many runs a thread takes at once.
const BLOCK: u64 = 16;

/// What one thread measured: the first run, and what each measured.
type Block = (u64, Vec<Vec<Option<f64>>>);

fn read(args: &ExperimentArgs) -> Result<Plan, Bad> {
    let lab = find_lab(&args.lab, "LAB")?;
    let all = lab.experiments();
    let experiment = all.iter().find(|one| one.spec().id == args.name);
    let experiment = experiment.ok_or_else(|| Bad::at("NAME", 1, 1, unknown(lab, &args.name)))?;
    Plan::new(lab, *experiment, &args.set, args.seeds.clone()).map_err(|misfit| {
        let Misfit {
            set,
            column,
            complaint,
        } = misfit;
        match set {
            Some(set) => Bad::at("--set", set + 1, column, complaint),
            None => Bad::at("experiment", 1, column, complaint),
        }
    })
}

/// There is none of this name: those that there are, or the labs that have any.
fn unknown(lab: &dyn Lab, name: &str) -> Complaint {
    let own: Vec<_> = lab.experiments().iter().map(|one| one.spec().id).collect();
    if own.is_empty() {
        let labs = protocols::labs();
        let others = labs.iter().flat_map(|lab| {
            let ids = lab.experiments().iter().map(|one| one.spec().id);
            ids.map(|id| format!("{} {id}", lab.card().id))
        });
        let known: Vec<_> = others.collect();
        let none = Complaint::new("error-experiment-none");
        return none
            .with("lab", lab.card().id)
            .with("known", known.join(", "));
    }
    Complaint::new("error-experiment")
        .with("lab", lab.card().id)
        .echo("name", name)
        .with("known", own.join(", "))
}

/// Blocks of runs, as long as there are any and somebody takes them.
fn work(plan: &Plan, runs: &Range<u64>, next: &AtomicU64, to: &mpsc::Sender<Block>) {
    loop {
        let turn = next.fetch_add(1, Ordering::Relaxed);
        let first = runs.start.saturating_add(turn.saturating_mul(BLOCK));
        if first >= runs.end {
            return;
        }
        let block = first..runs.end.min(first + BLOCK);
        let measured = block.map(|run| {
            let (point, seed) = plan.run(run);
            plan.experiment.measure(&plan.point(point), seed)
        });
        if to.send((first, measured.collect())).is_err() {
            return;
        }
    }
}

/// Makes the runs, by so many threads.
fn measured(plan: &Plan, runs: &Range<u64>, threads: usize) -> Table {
    let mut table = Table::new(plan, runs.clone());
    let mut progress = Progress::new();
    let next = AtomicU64::new(0);
    let all = runs.end - runs.start;
    std::thread::scope(|scope| {
        let (send, receive) = mpsc::channel();
        for _ in 0..threads {
            let (send, next) = (send.clone(), &next);
            scope.spawn(move || work(plan, runs, next, &send));
        }
        drop(send);
        for (first, values) in receive {
            for (run, values) in (first..).zip(&values) {
                table.put(run, values);
            }
            progress.say(|| format!("{} of {all} runs", table.made()));
        }
    });
    progress.done();
    table
}

pub(super) fn experiment(args: &ExperimentArgs) -> Result<Exit, Bad> {
    let plan = read(args)?;
    let shard = args.shard.unwrap_or((0, 1));
    let runs = plan.shard(shard);
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let table = measured(&plan, &runs, args.threads.map_or(cores, usize::from));
    let mut output = Output::stdout();
    if args.csv {
        // The first part has the head, so that the parts one behind the other are the whole.
        if shard.0 == 0 {
            output.with(|to| to.write_all(csv_head(&plan).as_bytes()));
        }
        let mut line = String::new();
        for run in runs {
            line.clear();
            csv_line(&plan, run, &table.get(run).unwrap_or_default(), &mut line);
            output.with(|to| to.write_all(line.as_bytes()));
        }
    } else if args.json {
        let document = json::document(&plan, &table);
        output.with(|to| {
            serde_json::to_writer_pretty(&mut *to, &document)?;
            writeln!(to)
        });
    } else {
        output.with(|to| table::write(to, &plan, &table));
    }
    output.end()?;
    Ok(Exit::Fine)
}
