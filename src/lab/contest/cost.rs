//! What a unit of work costs where nothing goes wrong: every message takes the same time, and the disk none.

use super::sheet::{Cost, Term};
use super::trial::{Trial, Wake, known};
use super::{About, Case, Contest, SERVERS, Variant, setup};
use crate::engine::{Span, Time};
use crate::lab::{Complaint, Lab};

/// How long each message takes.
const DELAY: Span = Span::ms(10);
/// Laid over a lab's parameters, as far as it has them.
const CALM: [(&str, &str); 5] = [
    ("latency_min", "10ms"),
    ("latency_max", "10ms"),
    ("disk_min", "0ms"),
    ("disk_max", "0ms"),
    ("loss", "0"),
];
/// So long all is calm before a unit begins; who leads by then leads.
const BEFORE: Span = Span::secs(1);
/// By then a unit has ended, with what comes behind it.
const OVER: Span = Span::secs(2);
const SEED: u64 = 1;

/// What each case of a variant costs.
///
/// # Errors
/// A parameter that the contest names, and the lab does not take.
pub fn costs(
    lab: &'static dyn Lab,
    contest: &Contest,
    variant: &Variant,
) -> Result<Vec<Cost>, Complaint> {
    let cases = variant.cases.iter();
    cases
        .map(|case| cost(lab, contest, variant, case))
        .collect()
}

fn cost(
    lab: &'static dyn Lab,
    contest: &Contest,
    variant: &Variant,
    case: &Case,
) -> Result<Cost, Complaint> {
    let calm: Vec<_> = CALM
        .into_iter()
        .filter(|(name, _)| known(lab, name))
        .collect();
    let setup = setup(lab, contest, &[&calm, variant.params, case.params], SEED)?;
    let mut trial = Trial::new(lab, contest, variant, &setup);
    let from_the_start = (case.begin)(trial.world()).is_empty();
    if !from_the_start {
        trial.pass(BEFORE);
        if contest.once.is_none() {
            // The first units find out who leads, and open what is opened once.
            for _ in 0..2 {
                trial.ask();
                trial.pass(BEFORE);
            }
        }
    }
    trial.wake = Some(Wake {
        whole: from_the_start,
        ..Wake::default()
    });
    let before = trial.finished();
    let at = trial.run.position();
    for line in (case.begin)(trial.world()) {
        trial.say(&line);
    }
    let end = trial.world().now() + OVER;
    let (mut first, mut done) = (None, None);
    if sent(&trial) > 0 {
        first = Some(trial.world().now());
    }
    while trial.step(end) {
        if first.is_none() && sent(&trial) > 0 {
            first = Some(trial.world().now());
        }
        let is_done = case.until.map_or_else(
            || trial.finished() > before,
            |until| first.is_some() && until(trial.world()),
        );
        if done.is_none() && is_done {
            let kinds = trial.wake.as_ref().map(|wake| wake.messages.clone());
            done = Some(Done {
                at: trial.world().now(),
                kinds: kinds.unwrap_or_default(),
            });
        }
    }
    let rest = end - trial.world().now();
    trial.pass(rest);
    Ok(told(lab, case, &trial, at, first, done.as_ref()))
}

/// When it was done, and what was sent until then, by kinds.
struct Done {
    at: Time,
    kinds: Vec<u64>,
}

fn sent(trial: &Trial) -> u64 {
    trial.wake.as_ref().map_or(0, Wake::all)
}

fn told(
    lab: &dyn Lab,
    case: &Case,
    trial: &Trial,
    at: crate::lab::Position,
    first: Option<Time>,
    done: Option<&Done>,
) -> Cost {
    let none = Wake::default();
    let wake = trial.wake.as_ref().unwrap_or(&none);
    let kinds = lab.info().message_kinds;
    let of_kind = |kind: &&str| {
        let place = kinds.iter().position(|known| known == kind)?;
        wake.messages.get(place).copied()
    };
    let until_done = done.map(|done| done.kinds.iter().sum());
    let terms = case.formulas.iter().map(|formula| Term {
        formula: formula.text.to_owned(),
        value: (formula.of)(SERVERS),
        measured: match formula.about {
            About::UntilDone => until_done.unwrap_or(0),
            About::InAll => wake.all(),
            About::Kinds(kinds) => kinds.iter().filter_map(of_kind).sum(),
            About::Writes => wake.writes,
        },
        about: match formula.about {
            About::UntilDone => "until-done".to_owned(),
            About::InAll => "in-all".to_owned(),
            About::Kinds(kinds) => kinds.join("+"),
            About::Writes => "writes".to_owned(),
        },
        at_most: formula.at_most,
    });
    let took = done.zip(first);
    let took = took.map(|(done, first)| done.at - first);
    let by_kind = done.iter().flat_map(|done| kinds.iter().zip(&done.kinds));
    let by_kind = by_kind.filter(|(_, count)| **count > 0);
    Cost {
        case: case.id.to_owned(),
        until_done,
        kinds: by_kind
            .map(|(kind, count)| ((*kind).to_owned(), *count))
            .collect(),
        messages: wake.all(),
        delays_tenths: took.map(|took| took.0 * 10 / DELAY.0),
        writes: wake.writes,
        terms: terms.collect(),
        address: trial.address(at, &[]),
    }
}
