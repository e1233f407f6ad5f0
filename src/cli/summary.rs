//! What came of a run: as one JSON object, or for people.

use super::complain::Bad;
use super::labs::{assumes, mode, title, value_json};
use super::output::Output;
use super::play::Played;
use crate::lab::{
    CheckSpec, Command, Complaint, Dictionary, Line, Outcome, Params, Verdict, miss_id, note_text,
};
use crate::sim::World;
use serde_json::{Map, Value, json};
use std::io::Write;

/// Where a story came from, so that complaints can point into it.
pub(super) struct Source {
    /// The name of the file; of the program where there is none.
    pub(super) name: String,
    /// The column of the first word of each line.
    columns: Option<Vec<usize>>,
}

impl Source {
    /// No story: the lab runs on its own.
    pub(super) fn none() -> Self {
        Source {
            name: "splitbrain".to_owned(),
            columns: None,
        }
    }

    pub(super) fn story(name: &str, text: &str) -> Self {
        let indent = |line: &str| line.chars().take_while(|c| c.is_whitespace()).count() + 1;
        Source {
            name: name.to_owned(),
            columns: Some(text.lines().map(indent).collect()),
        }
    }

    pub(super) fn is_story(&self) -> bool {
        self.columns.is_some()
    }

    /// A complaint about a line of it.
    pub(super) fn complaint(&self, line: &Line, complaint: Complaint) -> Bad {
        let columns = self.columns.as_deref().unwrap_or_default();
        let column = line.number.checked_sub(1).and_then(|at| columns.get(at));
        let column = column.copied().unwrap_or(1);
        Bad::at(&self.name, line.number, column, complaint)
    }
}

pub(super) fn print_json(played: &Played, source: &Source, words: &Dictionary) -> Result<(), Bad> {
    let summary = summary(played, source, words);
    let mut output = Output::stdout();
    output.with(|to| {
        serde_json::to_writer_pretty(&mut *to, &summary)?;
        writeln!(to)
    });
    output.end().map(|_| ())
}

fn summary(played: &Played, source: &Source, words: &Dictionary) -> Value {
    let history = &played.history;
    let (world, setup) = (history.run().world(), history.setup());
    let lab = history.names().lab;
    let verdicts = history.run().verdicts().iter().enumerate();
    let checks: Vec<Value> = verdicts
        .map(|(at, (spec, verdict))| check(played, at, spec, verdict, words))
        .collect();
    json!({
        "lab": lab.card().id,
        "title": title(words),
        "story": source.is_story().then_some(&source.name),
        "seed": setup.seed,
        "params": params(&setup.params),
        "rules_off": lab.rules_off(world.rules()),
        "faults": world.faults().iter().map(|kind| kind.id()).collect::<Vec<_>>(),
        "events": world.steps(),
        "virtual_time_us": world.now().0,
        "trace_hash": format!("{:016x}", world.trace_hash()),
        "messages": messages(world, lab.info().message_kinds),
        "checks": checks,
        "expectations": expectations(played, words),
        "missed": missed(played),
    })
}

fn params(params: &Params) -> Value {
    let pairs = params.iter();
    let named: Map<String, Value> = pairs
        .map(|(spec, value)| (spec.name.to_owned(), value_json(value)))
        .collect();
    named.into()
}

fn messages(world: &World, kinds: &[&str]) -> Value {
    let counters = world.counters();
    let of_kind = |kind: usize| {
        json!({
            "sent": counters.sent[kind],
            "delivered": counters.delivered[kind],
            "dropped": counters.dropped[kind],
        })
    };
    let by_type: Map<String, Value> = kinds
        .iter()
        .enumerate()
        .map(|(kind, name)| ((*name).to_owned(), of_kind(kind)))
        .collect();
    json!({
        "sent": counters.sent.iter().sum::<u64>(),
        "delivered": counters.delivered.iter().sum::<u64>(),
        "dropped": counters.dropped.iter().sum::<u64>(),
        "by_type": by_type,
    })
}

fn check(
    played: &Played,
    at: usize,
    spec: &CheckSpec,
    verdict: Verdict,
    words: &Dictionary,
) -> Value {
    let (failing, seen) = match verdict {
        Verdict::Violated { step, time, note } => (Some((step, time, note)), None),
        Verdict::Seen { step } => (None, Some(step)),
        Verdict::Holds | Verdict::NotSeen | Verdict::Pending => (None, None),
    };
    let names = played.history.names();
    let note = failing.and_then(|(_, _, note)| note);
    json!({
        "id": spec.id,
        "name": words.text(&format!("check.{}", spec.id)),
        "mode": mode(spec),
        "assumes": assumes(spec),
        "verdict": verdict.id(),
        "first_failing_step": failing.map(|(step, ..)| step),
        "first_failing_time_us": failing.map(|(_, time, _)| time.0),
        "first_seen_step": seen,
        "why": note.map(|note| note_text(&note, names, words)),
        "expected": failing.map(|_| played.story.expects_violated(at)),
        "promised": played.history.run().world().faults().within(spec.assumes),
    })
}

/// What the story expects or waits for, line by line.
fn expectations(played: &Played, words: &Dictionary) -> Vec<Value> {
    let names = played.history.names();
    let expects = |line: &Line| match line.command {
        Command::Expect(_) | Command::RunUntil(..) => true,
        Command::Act(_) | Command::RunFor(_) | Command::Step(_) | Command::Mark(_) => false,
    };
    let outcomes = played.outcomes.iter().filter(|(line, _)| expects(line));
    outcomes
        .map(|(line, outcome)| {
            let got = match outcome {
                Outcome::Unmet(got) => Some(words.say(got)),
                Outcome::Done | Outcome::Missed(_) => None,
            };
            let command = line.command.print(names);
            json!({"line": line.number, "command": command, "met": got.is_none(), "got": got})
        })
        .collect()
}

/// The commands whose targets were not there.
fn missed(played: &Played) -> Vec<Value> {
    let names = played.history.names();
    let id = |outcome: &Outcome| match outcome {
        Outcome::Missed(miss) => Some(miss_id(*miss)),
        Outcome::Done | Outcome::Unmet(_) => None,
    };
    played
        .missed()
        .map(|(line, outcome)| {
            let command = line.command.print(names);
            json!({"line": line.number, "command": command, "why": id(outcome)})
        })
        .collect()
}

/// The same for people.
pub(super) fn print_text(played: &Played, words: &Dictionary) -> Result<(), Bad> {
    let mut output = Output::stdout();
    output.with(|to| write_text(to, played, words));
    output.end().map(|_| ())
}

fn write_text(to: &mut dyn Write, played: &Played, words: &Dictionary) -> std::io::Result<()> {
    let world = played.history.run().world();
    let counters = world.counters();
    let total = |counts: &[u64]| counts.iter().sum::<u64>();
    writeln!(to, "{}", played.history.header())?;
    writeln!(
        to,
        "{} events in {} s of virtual time; trace {:016x}",
        world.steps(),
        world.now(),
        world.trace_hash()
    )?;
    writeln!(
        to,
        "{} messages sent, {} delivered, {} dropped",
        total(&counters.sent),
        total(&counters.delivered),
        total(&counters.dropped)
    )?;
    for (spec, verdict) in played.history.run().verdicts().iter() {
        let name = words.text(&format!("check.{}", spec.id));
        writeln!(to, "{:<9} {name}", verdict.id())?;
    }
    Ok(())
}
