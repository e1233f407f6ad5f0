//! What each survives: the same misfortunes, over some seeds. With each seed a misfortune strikes a little later in a
//! unit of work.

use super::sheet::{Cell, Promise};
use super::trial::Trial;
use super::{Contest, MISFORTUNES, Misfortune, Variant, setup};
use crate::engine::Span;
use crate::lab::{Complaint, Lab, Mode, Position, Verdict};
use crate::sim::FaultSet;

/// How many runs are made for each misfortune.
pub const RUNS: u64 = 20;
/// Before the first unit is asked for, and between two.
const FIRST: Span = Span::secs(1);
const BETWEEN: Span = Span::ms(500);
/// So much later in a unit of work it strikes with each seed.
const LATER: Span = Span::ms(3);
/// How long it lasts, and how long is looked at what comes behind it. Work that is finished in the first part of each
/// does not count: it may have been almost done, or wait until somebody notices.
const LASTS: Span = Span::secs(4);
const BEHIND: Span = Span::secs(4);
const NOTICE: Span = Span::secs(1);

/// What one run came to.
struct Trace {
    /// The check that broke first, whether it was promised, and where.
    broken: Option<(&'static str, bool, Position)>,
    /// Whether each check that is to hold at any time was promised under what happened.
    all_promised: bool,
    during: bool,
    after: bool,
    struck_at: Position,
    trial: Trial,
}

/// What comes of each misfortune.
///
/// # Errors
/// A parameter that the contest names, and the lab does not take.
pub fn survival(
    lab: &'static dyn Lab,
    contest: &Contest,
    variant: &Variant,
) -> Result<Vec<Cell>, Complaint> {
    let cells = MISFORTUNES.iter();
    cells
        .map(|misfortune| cell(lab, contest, variant, misfortune))
        .collect()
}

fn cell(
    lab: &'static dyn Lab,
    contest: &Contest,
    variant: &Variant,
    misfortune: &Misfortune,
) -> Result<Cell, Complaint> {
    let mut traces = Vec::new();
    for seed in 1..=RUNS {
        traces.push(trace(lab, contest, variant, misfortune, seed)?);
    }
    let count = |so: &dyn Fn(&Trace) -> bool| traces.iter().filter(|one| so(one)).count() as u64;
    let broken = count(&|one| one.broken.is_some());
    let (during, after) = (count(&|one| one.during), count(&|one| one.after));
    let promised_broken = |one: &&Trace| one.broken.is_some_and(|(_, promised, _)| promised);
    let usual =
        |one: &&Trace| one.during == (2 * during >= RUNS) && one.after == (2 * after >= RUNS);
    // The run that is shown: one that breaks what was promised, one that breaks anything, one as most are.
    let shown = traces.iter().find(promised_broken);
    let shown = shown.or_else(|| traces.iter().find(|one| one.broken.is_some()));
    let shown = shown.or_else(|| traces.iter().find(usual));
    let shown = shown.or(traces.first());
    let promise = match shown.and_then(|one| one.broken) {
        Some((_, true, _)) => Promise::Broken,
        Some((_, false, _)) => Promise::NotGiven,
        None if traces.iter().all(|one| one.all_promised) => Promise::Kept,
        None => Promise::Held,
    };
    Ok(Cell {
        misfortune: misfortune.id.to_owned(),
        promise,
        broken,
        check: shown
            .and_then(|one| one.broken)
            .map(|(check, ..)| check.to_owned()),
        during,
        after,
        address: shown.map(address).unwrap_or_default(),
    })
}

/// The address of a run, which opens where a check broke, or where the misfortune struck.
fn address(trace: &Trace) -> String {
    match trace.broken {
        Some((check, _, at)) => {
            let expects = [format!("expect {check} violated")];
            trace.trial.address(at, &expects)
        }
        None => trace.trial.address(trace.struck_at, &[]),
    }
}

fn trace(
    lab: &'static dyn Lab,
    contest: &Contest,
    variant: &Variant,
    misfortune: &Misfortune,
    seed: u64,
) -> Result<Trace, Complaint> {
    let setup = setup(lab, contest, &[variant.params], seed)?;
    let mut trial = Trial::new(lab, contest, variant, &setup);
    trial.pass(FIRST);
    if !contest.once {
        trial.ask();
        trial.pass(BETWEEN);
    }
    trial.ask();
    trial.pass(Span(LATER.0 * seed));
    let struck_at = trial.run.position();
    let mut deeds = (misfortune.strike)(&trial.cast());
    deeds.sort_by_key(|(after, _)| *after);
    let during = work(&mut trial, deeds, LASTS, contest.once);
    let faults = trial.world().faults();
    if misfortune.calms {
        trial.say("calm");
    }
    let after = work(&mut trial, Vec::new(), BEHIND, contest.once);
    // Without its rules a lab promises nothing.
    let whole = variant.without.is_empty();
    let broken = broken(&trial, faults).map(|(check, promised, at)| (check, promised && whole, at));
    let checks = lab.info().checks.iter();
    let mut always = checks.filter(|check| check.mode == Mode::Always);
    Ok(Trace {
        broken,
        all_promised: whole && always.all(|check| faults.within(check.assumes)),
        during,
        after,
        struck_at,
        trial,
    })
}

/// The first check that is broken; one that was promised before all that were not.
fn broken(trial: &Trial, faults: FaultSet) -> Option<(&'static str, bool, Position)> {
    let verdicts = trial.run.verdicts().iter();
    let broken = verdicts.filter_map(|(check, verdict)| match verdict {
        Verdict::Violated { step, time, .. } => {
            let at = Position { step, time };
            Some((check.id, faults.within(check.assumes), at))
        }
        Verdict::Holds | Verdict::Seen { .. } | Verdict::NotSeen | Verdict::Pending => None,
    });
    broken.min_by_key(|(_, promised, at)| (!promised, at.step))
}

/// Asks for work for so long, while this happens; whether any was finished behind the time to notice.
fn work(trial: &mut Trial, deeds: Vec<(u64, String)>, lasts: Span, once: bool) -> bool {
    let begun = trial.world().now();
    let end = begun + lasts;
    let mut deeds = deeds.into_iter().peekable();
    let mut before = None;
    let mut next = begun;
    while next < end {
        let passed = next - begun;
        while let Some((_, line)) = deeds.next_if(|(after, _)| Span::ms(*after) <= passed) {
            trial.say(&line);
        }
        if passed >= NOTICE {
            before.get_or_insert_with(|| trial.finished());
        }
        if passed.0 > 0 && passed.0.is_multiple_of(BETWEEN.0) {
            trial.ask();
        }
        let deed = deeds.peek().map(|(after, _)| begun + Span::ms(*after));
        let ask = begun + Span((passed.0 / BETWEEN.0 + 1) * BETWEEN.0);
        let then = deed.map_or(ask, |deed| deed.min(ask)).min(end);
        trial.pass(then - next);
        next = then;
    }
    let before = if once { 0 } else { before.unwrap_or(0) };
    trial.finished() > before
}
