//! `check-history`: a history of any system, judged. docs/checking.md tells the format.

mod read;

use super::Exit;
use super::args::{HistoryArgs, HistoryCondition};
use super::complain::Bad;
use super::output::Output;
use crate::lab::linear::{Condition, Failure, Verdict, judge};
use crate::lab::{Phrase, parse_duration};
use read::{History, read};
use serde_json::{Value, json};
use std::io::{Read as _, Write};
use std::time::{Duration, Instant};

/// More than this is not read.
const MAX_BYTES: u64 = 256 << 20;

pub(super) fn check(args: &HistoryArgs) -> Result<Exit, Bad> {
    let wall = parse_duration(&args.wall).ok_or_else(|| {
        let complaint = Phrase::new("error-duration-free").echo("word", &args.wall);
        Bad::at("--wall", 1, 1, complaint)
    })?;
    let name = if args.file == "-" {
        "<stdin>"
    } else {
        &args.file
    };
    let history = read(name, &text(&args.file, name)?, args.model)?;
    let condition = match args.condition {
        HistoryCondition::Linearizable => Condition::Linearizable,
        HistoryCondition::Sequential => Condition::Sequential,
    };
    let began = Instant::now();
    let mut in_time = || began.elapsed() < Duration::from_micros(wall.0);
    let verdict = judge(
        &history.operations,
        args.model.model(),
        condition,
        &mut in_time,
    );
    let mut output = Output::stdout();
    if args.json {
        let document = document(args, &history, &verdict);
        output.with(|to| {
            serde_json::to_writer_pretty(&mut *to, &document)?;
            writeln!(to)
        });
    } else {
        output.with(|to| tell(to, args, &history, &verdict));
    }
    output.end()?;
    Ok(match verdict {
        Verdict::Holds(_) => Exit::Fine,
        Verdict::Fails(_) => Exit::Failed,
        Verdict::Undecided => Exit::Undecided,
    })
}

fn text(file: &str, name: &str) -> Result<String, Bad> {
    let unreadable = |error: std::io::Error| Bad::io(name, "error-file", &error);
    let mut bytes = Vec::new();
    if file == "-" {
        let stdin = std::io::stdin().lock();
        stdin.take(MAX_BYTES + 1).read_to_end(&mut bytes)
    } else {
        let file = std::fs::File::open(file).map_err(unreadable)?;
        file.take(MAX_BYTES + 1).read_to_end(&mut bytes)
    }
    .map_err(unreadable)?;
    if bytes.len() as u64 > MAX_BYTES {
        let bound = Phrase::new("error-history-long").with("bound", MAX_BYTES);
        return Err(Bad::at(name, 1, 1, bound));
    }
    String::from_utf8(bytes).map_err(|error| {
        let good = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = good.iter().filter(|byte| **byte == b'\n').count() + 1;
        let tail = good.rsplit(|byte| *byte == b'\n').next().unwrap_or(good);
        let column = String::from_utf8_lossy(tail).chars().count() + 1;
        Bad::at(name, line, column, Phrase::new("error-utf8"))
    })
}

fn word(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Holds(_) => "holds",
        Verdict::Fails(_) => "fails",
        Verdict::Undecided => "undecided",
    }
}

fn document(args: &HistoryArgs, history: &History, verdict: &Verdict) -> Value {
    let list = |all: &[usize]| all.iter().map(|at| history.json(*at)).collect::<Vec<_>>();
    let (order, failure) = match verdict {
        Verdict::Holds(order) => (Some(list(order)), None),
        Verdict::Fails(failure) => (None, Some(failure)),
        Verdict::Undecided => (None, None),
    };
    let failure = failure.map(|failure| {
        let states = failure.states.iter().map(|state| history.state(state));
        json!({
            "operations": list(&failure.operations),
            "stuck": failure.stuck.map(|at| history.json(at)),
            "states": states.collect::<Vec<_>>(),
        })
    });
    json!({
        "verdict": word(verdict),
        "model": args.model.id(),
        "condition": args.condition.id(),
        "operations": history.operations.len(),
        "order": order,
        "failure": failure,
    })
}

fn tell(
    to: &mut dyn Write,
    args: &HistoryArgs,
    history: &History,
    verdict: &Verdict,
) -> std::io::Result<()> {
    let count = history.operations.len();
    let (model, condition) = (args.model.id(), args.condition.id());
    match verdict {
        Verdict::Holds(order) => {
            let without = count - order.len();
            write!(
                to,
                "holds: {count} operations on a {model} have a {condition} order"
            )?;
            if without > 0 {
                let s = if without == 1 { "" } else { "s" };
                write!(to, ", in which {without} without answer{s} did not happen")?;
            }
            writeln!(to)
        }
        Verdict::Fails(failure) => tell_failure(to, args, history, failure),
        Verdict::Undecided => writeln!(
            to,
            "undecided: {} did not suffice for {count} operations on a {model} ({condition})",
            args.wall
        ),
    }
}

fn tell_failure(
    to: &mut dyn Write,
    args: &HistoryArgs,
    history: &History,
    failure: &Failure,
) -> std::io::Result<()> {
    writeln!(
        to,
        "fails: these {} of {} operations on a {} have no {} order",
        failure.operations.len(),
        history.operations.len(),
        args.model.id(),
        args.condition.id()
    )?;
    for at in &failure.operations {
        writeln!(to, "  {}", history.sentence(*at))?;
    }
    let Some(stuck) = failure.stuck else {
        return Ok(());
    };
    let states: Vec<String> = failure
        .states
        .iter()
        .map(|state| history.state(state).to_string())
        .collect();
    writeln!(
        to,
        "until line {} the state could only be {}, which does not allow {}",
        history.end_line(stuck),
        states.join(" or "),
        history.brief(stuck)
    )
}
