//! The flags, as `--help` tells them.

use super::values::{fault, parse_hash, seed, seeds, shard, wall};
use crate::lab::Format;
use crate::lab::linear::Model;
use crate::sim::FaultKind;
use clap::{ArgGroup, Parser, Subcommand, ValueEnum};
use std::ops::Range;
use std::time::Duration;

/// Break distributed systems without a page: the labs of Splitbrain, run from the command line.
///
/// Exit codes: 0 fine; 1 a check or an expectation failed; 2 bad input; 3 a fault of ours;
/// 4 not found out in the time given.
#[derive(Parser, Debug)]
#[command(name = "splitbrain", version, arg_required_else_help = true)]
pub(super) struct Args {
    #[command(subcommand)]
    pub(super) chore: Chore,
}

#[derive(Subcommand, Debug)]
pub(super) enum Chore {
    /// List the labs with their parameters, rules, checks and stories
    Labs(LabsArgs),
    /// Play a story, or let a lab run for a while
    Run(RunArgs),
    /// Judge whether what the clients of a system saw can be put in one order
    CheckHistory(HistoryArgs),
    /// Look for a run that breaks a check, and print the shortest story of it
    Explore(ExploreArgs),
    /// Check a lesson against the engine, or what somebody handed in for one
    #[command(subcommand)]
    Lesson(LessonChore),
    /// Look at every order of what can happen in a small world without a clock
    Exhaust(ExhaustArgs),
    /// Measure many runs over a range of parameters, with theory beside them
    Experiment(ExperimentArgs),
    /// Set protocols side by side: what a unit of work costs, and which misfortunes are survived
    Compare(CompareArgs),
    /// Join what several `explore --shard … --json` found
    Merge(MergeArgs),
}

#[derive(Subcommand, Debug)]
pub(super) enum LessonChore {
    /// Play lessons through as their authors would: every step must come as the lesson says
    Check {
        /// Markdown files (docs/lessons.md); without any, all lessons that ship
        #[arg(value_name = "FILE")]
        files: Vec<String>,
    },
    /// Replay the answers of a completion code: it shows that they were given, not by whom
    Verify {
        /// The code; - reads it from standard input
        #[arg(value_name = "CODE")]
        code: String,

        /// The lesson, where it is none of those that ship
        #[arg(long, value_name = "FILE")]
        lesson: Option<String>,
    },
}

#[derive(clap::Args, Debug)]
pub(super) struct LabsArgs {
    /// Print one JSON array, for programs (docs/trace.md tells its fields)
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(clap::Args, Debug)]
#[command(group(ArgGroup::new("what").required(true).args(["file", "lab"])))]
#[command(after_help = "A story is a text, one command a line; docs/stories.md is its grammar.")]
pub(super) struct RunArgs {
    /// The story to play; - reads it from standard input
    #[arg(value_name = "FILE")]
    pub(super) file: Option<String>,

    /// Let this lab run without a story; only a violated `always` check then gives exit code 1
    #[arg(long, value_name = "ID")]
    pub(super) lab: Option<String>,

    /// Set a parameter of the lab, over the story's first line; may be given several times
    #[arg(long, value_name = "NAME=VALUE")]
    pub(super) set: Vec<String>,

    /// The seed of every draw, over the story's first line [default: 1]
    #[arg(long, value_name = "N", value_parser = seed)]
    pub(super) seed: Option<u64>,

    /// How long the lab runs, in virtual time, such as 300ms, 10s or 2min [default: 10s]
    #[arg(long = "for", value_name = "DURATION", conflicts_with = "file")]
    pub(super) run_for: Option<String>,

    /// Switch a safety rule before the first event; may be given several times
    #[arg(long, value_name = "ID=on|off")]
    pub(super) rule: Vec<String>,

    /// A command whose target is not there is an error (exit code 2), not just a note
    #[arg(long)]
    pub(super) strict: bool,

    /// Print the run event by event, in one of these forms
    #[arg(long, value_name = "FORM")]
    pub(super) trace: Option<TraceForm>,

    /// Draw the stage at the end of the run, and the space-time diagram of all of it
    #[arg(long, value_name = "FORM")]
    pub(super) picture: Option<PictureForm>,

    /// Print what came of the run as one JSON object
    #[arg(long, value_name = "FORM")]
    pub(super) summary: Option<SummaryForm>,

    /// Print the hash of the trace, or with a hash behind `=` only compare: another one is exit code 1
    #[arg(long, value_name = "HASH", num_args = 0..=1, require_equals = true, value_parser = parse_hash)]
    pub(super) trace_hash: Option<Option<u64>>,

    /// Write the trace to this file; needed where a summary is printed, too
    #[arg(long, value_name = "FILE", requires = "trace")]
    pub(super) out: Option<String>,

    /// Write the picture to this file; needed where another document is printed, too
    #[arg(long, value_name = "FILE", requires = "picture")]
    pub(super) picture_out: Option<String>,

    /// Write the stage as it is at the end to this file, as SVG: the poster of an embedded run
    #[arg(long, value_name = "FILE")]
    pub(super) poster: Option<String>,
}

#[derive(clap::Args, Debug)]
#[command(
    after_help = "A history is JSON lines {process, type, f, key, value, time} in real-time \
                        order; docs/checking.md tells more.\n\nExit codes: 0 it holds; 1 it does \
                        not; 2 bad input; 4 undecided in the time."
)]
pub(super) struct HistoryArgs {
    /// The history to judge; - reads it from standard input
    #[arg(value_name = "FILE")]
    pub(super) file: String,

    /// What the objects are
    #[arg(long, value_name = "MODEL")]
    pub(super) model: HistoryModel,

    /// What the order has to respect
    #[arg(long, value_name = "CONDITION", default_value = "linearizable")]
    pub(super) condition: HistoryCondition,

    /// How long to think at the most, such as 500ms, 20s or 2min
    #[arg(long, value_name = "DURATION", default_value = "20s")]
    pub(super) wall: String,

    /// Print one JSON object (docs/checking.md)
    #[arg(long)]
    pub(super) json: bool,
}

/// Makes runs at random: parameters, faults that the checks are promised under, requests and their
/// order. Exit code 1: one broke a check, and its story is on stdout. 0: none did.
#[derive(clap::Args, Debug)]
pub(super) struct ExploreArgs {
    /// The lab
    #[arg(value_name = "LAB")]
    pub(super) lab: String,

    /// Switch a safety rule; the check that it guards is then looked for. May be given several times
    #[arg(long, value_name = "ID=on|off")]
    pub(super) rule: Vec<String>,

    /// Look for a run that breaks this check alone; may be given several times
    #[arg(long, value_name = "ID")]
    pub(super) check: Vec<String>,

    /// Bring about these faults, too, although the checks are not promised under them; several, with commas between
    #[arg(long, value_name = "FAULT", value_delimiter = ',', value_parser = fault())]
    pub(super) beyond: Vec<FaultKind>,

    /// Fix a parameter that would be drawn; may be given several times
    #[arg(long, value_name = "NAME=VALUE")]
    pub(super) set: Vec<String>,

    /// The seeds of the search, the second not included [default: 1..2]
    #[arg(long, value_name = "A..B", value_parser = seeds)]
    pub(super) seeds: Option<Range<u64>>,

    /// How many runs each seed makes [default: 20000]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(super) runs: Option<u64>,

    /// Stop after this time by the clock on the wall [default: 50s, where no runs are given]
    #[arg(long, value_name = "DURATION", value_parser = wall)]
    pub(super) wall: Option<Duration>,

    /// Print what came of it as one JSON object
    #[arg(long)]
    pub(super) json: bool,

    /// Write the story to this file, too
    #[arg(long, value_name = "FILE")]
    pub(super) out: Option<String>,

    /// Do the I-th of N parts, from 1; `merge` joins them
    #[arg(long, value_name = "I/N", value_parser = shard)]
    pub(super) shard: Option<(u64, u64)>,

    /// How many threads; what is found does not depend on it [default: one for each core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..))]
    pub(super) threads: Option<u8>,
}

/// Every order of deliveries, timeouts, writes, crashes and requests, each state once, in the lab's
/// small world (docs/checking.md). Exit code 1: a check broke, and the story with the fewest steps is
/// on stdout. 0: none did, in all that was looked at; the answer says whether that was all.
#[derive(clap::Args, Debug)]
pub(super) struct ExhaustArgs {
    /// The lab
    #[arg(value_name = "LAB")]
    pub(super) lab: String,

    /// Switch a safety rule; may be given several times
    #[arg(long, value_name = "ID=on|off")]
    pub(super) rule: Vec<String>,

    /// Set a parameter, over that of the small world; may be given several times
    #[arg(long, value_name = "NAME=VALUE")]
    pub(super) set: Vec<String>,

    /// What a node is asked for at any time, such as "c1 put x=1"; in the place of the small
    /// world's requests. May be given several times: those of one node come in this order
    #[arg(long, value_name = "NODE WORDS")]
    pub(super) request: Vec<String>,

    /// The most steps from the beginning [default: as many as there are]
    #[arg(long, value_name = "N")]
    pub(super) depth: Option<u32>,

    /// How many messages may be lost. One that never arrives is among what is looked at anyway
    #[arg(long, value_name = "N")]
    pub(super) drops: Option<u8>,

    /// How many crashes of servers there may be; each may come up again
    #[arg(long, value_name = "N")]
    pub(super) crashes: Option<u8>,

    /// How many timers may run out
    #[arg(long, value_name = "N")]
    pub(super) timeouts: Option<u8>,

    /// Take states that differ by the names of servers only for one
    #[arg(long)]
    pub(super) symmetry: bool,

    /// The most different states to keep [default: 3000000, which takes a gigabyte or so]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(super) states: Option<u32>,

    /// Print what came of it as one JSON object
    #[arg(long)]
    pub(super) json: bool,

    /// Write the story to this file, too
    #[arg(long, value_name = "FILE")]
    pub(super) out: Option<String>,
}

/// A run is a function of the parameters and a seed, so that what is printed depends on nothing else.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "VALUES are one, several with commas between them (1,2,5), or a range of so many at equal \
                        distances, both ends among them (50ms..500ms/10). docs/experiments.md tells more."
)]
pub(super) struct ExperimentArgs {
    /// The lab
    #[arg(value_name = "LAB")]
    pub(super) lab: String,

    /// The experiment; `labs --json` lists them
    #[arg(value_name = "NAME")]
    pub(super) name: String,

    /// Set or vary a parameter; may be given several times: the points are the product of all values. Without
    /// any that varies, the experiment varies what it declares
    #[arg(long, value_name = "NAME=VALUES")]
    pub(super) set: Vec<String>,

    /// The seeds of each point, the second not included [default: as many as the experiment declares, from 1]
    #[arg(long, value_name = "A..B", value_parser = seeds)]
    pub(super) seeds: Option<Range<u64>>,

    /// Print one line for each run
    #[arg(long, conflicts_with = "json")]
    pub(super) csv: bool,

    /// Print one JSON object (docs/experiments.md)
    #[arg(long)]
    pub(super) json: bool,

    /// Make the I-th of N parts, from 1; the parts, one behind the other, are the whole
    #[arg(long, value_name = "I/N", value_parser = shard, requires = "csv")]
    pub(super) shard: Option<(u64, u64)>,

    /// How many threads; what is printed does not depend on it [default: one for each core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..))]
    pub(super) threads: Option<u8>,
}

/// The runs are fixed, so that what is printed depends on nothing. The exit code is 1 where a promise is broken.
#[derive(clap::Args, Debug)]
#[command(after_help = "docs/comparison.md tells how it is measured, and the fields of the JSON.")]
pub(super) struct CompareArgs {
    /// These labs; without any, all that are compared
    #[arg(value_name = "LAB")]
    pub(super) labs: Vec<String>,

    /// Print one JSON object (docs/comparison.md)
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(clap::Args, Debug)]
pub(super) struct MergeArgs {
    /// What `explore --json` printed, one file for each part; - is standard input
    #[arg(value_name = "FILE", required = true)]
    pub(super) files: Vec<String>,

    /// Print one JSON object again
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Copy, Clone, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum HistoryModel {
    /// Written and read; null at first
    Register,
    /// Written, read and swapped; null at first
    CasRegister,
    /// A cas-register for each key
    Kv,
    /// Added to and read; 0 at first
    Counter,
    /// First in, first out; null from an empty one
    Queue,
    /// Held by one process at most
    Lock,
}

impl HistoryModel {
    pub(super) fn model(self) -> Model {
        match self {
            HistoryModel::Register | HistoryModel::CasRegister | HistoryModel::Kv => {
                Model::Register
            }
            HistoryModel::Counter => Model::Counter,
            HistoryModel::Queue => Model::Queue,
            HistoryModel::Lock => Model::Lock,
        }
    }

    pub(super) fn id(self) -> &'static str {
        match self {
            HistoryModel::Register => "register",
            HistoryModel::CasRegister => "cas-register",
            HistoryModel::Kv => "kv",
            HistoryModel::Counter => "counter",
            HistoryModel::Queue => "queue",
            HistoryModel::Lock => "lock",
        }
    }

    /// What can be asked of it.
    pub(super) fn functions(self) -> &'static [&'static str] {
        match self {
            HistoryModel::Register => &["read", "write", "get", "put"],
            HistoryModel::CasRegister | HistoryModel::Kv => &["read", "write", "cas", "get", "put"],
            HistoryModel::Counter => &["add", "read", "get"],
            HistoryModel::Queue => &["enqueue", "dequeue"],
            HistoryModel::Lock => &["acquire", "release"],
        }
    }
}

#[derive(Copy, Clone, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum HistoryCondition {
    /// Real time
    Linearizable,
    /// The order of each process
    Sequential,
}

impl HistoryCondition {
    pub(super) fn id(self) -> &'static str {
        match self {
            HistoryCondition::Linearizable => "linearizable",
            HistoryCondition::Sequential => "sequential",
        }
    }
}

#[derive(Copy, Clone, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum TraceForm {
    /// One line an event; the column is the node
    Text,
    /// One JSON object a line (docs/trace.md)
    Jsonl,
    /// A log with vector clocks for ShiViz (at most 200,000 events)
    Shiviz,
    /// A Mermaid sequence diagram (at most 20,000 events)
    Mermaid,
    /// Counters over time, a row for each tenth of a second
    Csv,
}

impl TraceForm {
    pub(super) fn format(self) -> Format {
        match self {
            TraceForm::Text => Format::Text,
            TraceForm::Jsonl => Format::Jsonl,
            TraceForm::Shiviz => Format::Shiviz,
            TraceForm::Mermaid => Format::Mermaid,
            TraceForm::Csv => Format::Csv,
        }
    }
}

#[derive(Copy, Clone, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum PictureForm {
    /// A standalone SVG (at most 100,000 events)
    Svg,
}

#[derive(Copy, Clone, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum SummaryForm {
    /// One JSON object (docs/trace.md)
    Json,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_flags_do_not_contradict_each_other() {
        Args::command().debug_assert();
    }

    #[test]
    fn every_form_of_a_document_is_a_form_of_the_trace_by_its_id() {
        let forms = TraceForm::value_variants().iter();
        let names = forms.map(|form| {
            let value = form.to_possible_value().expect("a value");
            assert_eq!(value.get_name(), form.format().id());
            form.format()
        });
        assert_eq!(names.collect::<Vec<_>>(), Format::ALL);
    }

    #[test]
    fn every_flag_says_what_it_does() {
        for chore in Args::command().get_subcommands() {
            let mute: Vec<_> = chore
                .get_arguments()
                .filter(|arg| arg.get_help().is_none())
                .map(|arg| arg.get_id().as_str())
                .collect();
            assert_eq!(mute, Vec::<&str>::new(), "of {}", chore.get_name());
        }
    }
}
