//! The headless runner: the same catalogue without a page.
//!
//! `labs` lists it, `run` plays a story or lets a lab run, `explore` looks for a broken promise,
//! `exhaust` looks at all that can happen in a small world, `experiment` measures many runs, `compare` sets labs side by side, `lesson` plays lessons through and replays what was
//! handed in, `check-history` judges what clients of any system saw. Exit codes: 0 fine, 1 a check or an
//! expectation failed, 2 bad input, 3 a fault of ours, 4 not found out in the time given. Only
//! documents go to stdout; every
//! complaint is one sentence on stderr.

mod args;
mod compare;
mod complain;
mod exhaust;
mod experiment;
mod explore;
mod fault;
mod hint;
mod history;
mod labs;
mod lesson;
mod output;
mod play;
mod progress;
mod run;
mod sum;
mod summary;
mod values;

use args::{Args, Chore};
use clap::Parser;
use std::process::ExitCode;

/// How a call ended.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
enum Exit {
    /// Fine.
    Fine = 0,
    /// A check or an expectation failed.
    Failed = 1,
    /// Bad input; clap uses the same number for wrong flags.
    BadInput = 2,
    /// A fault of ours that was noticed; the others end the program where they are.
    Fault = 3,
    /// Not found out in the time given.
    Undecided = 4,
}

impl Exit {
    /// The one of two that is more to be told of: bad input before what failed.
    fn worse(self, other: Exit) -> Exit {
        match (self, other) {
            (Exit::Fault, _) | (_, Exit::Fault) => Exit::Fault,
            (Exit::BadInput, _) | (_, Exit::BadInput) => Exit::BadInput,
            (Exit::Failed, _) | (_, Exit::Failed) => Exit::Failed,
            (Exit::Undecided, _) | (_, Exit::Undecided) => Exit::Undecided,
            (Exit::Fine, Exit::Fine) => Exit::Fine,
        }
    }
}

/// The command line.
#[must_use]
pub fn main() -> ExitCode {
    fault::catch();
    let args = Args::try_parse().unwrap_or_else(|error| hint::with(error).exit());
    let ended = match &args.chore {
        Chore::Labs(labs) => labs::list(labs),
        Chore::Run(run) => run::run(run),
        Chore::CheckHistory(history) => history::check(history),
        Chore::Explore(explore) => explore::explore(explore),
        Chore::Lesson(chore) => lesson::lesson(chore),
        Chore::Exhaust(exhaust) => exhaust::exhaust(exhaust),
        Chore::Experiment(one) => experiment::experiment(one),
        Chore::Compare(labs) => compare::compare(labs),
        Chore::Merge(merge) => sum::merge(merge),
    };
    let exit = ended.unwrap_or_else(|bad| {
        bad.tell();
        Exit::BadInput
    });
    ExitCode::from(exit as u8)
}
