//! The flags, as `--help` tells them.

use clap::{ArgGroup, Parser, Subcommand, ValueEnum};

/// Break distributed systems without a page: the labs of Splitbrain, run from the command line.
///
/// Exit codes: 0 fine; 1 a check or an expectation failed; 2 bad input; 3 a fault of ours.
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
    #[arg(long, value_name = "N")]
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

    /// Print every event: for people, one line each, or for programs, one JSON object each
    #[arg(long, value_name = "FORM")]
    pub(super) trace: Option<TraceForm>,

    /// Print what came of the run as one JSON object
    #[arg(long, value_name = "FORM")]
    pub(super) summary: Option<SummaryForm>,

    /// Write the trace to this file; needed where a summary is printed, too
    #[arg(long, value_name = "FILE", requires = "trace")]
    pub(super) out: Option<String>,
}

#[derive(Copy, Clone, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum TraceForm {
    /// One line an event; the column is the node
    Text,
    /// One JSON object a line (docs/trace.md)
    Jsonl,
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
