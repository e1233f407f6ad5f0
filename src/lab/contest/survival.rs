//! What each survives: the same misfortunes, over some seeds. With each seed a misfortune strikes a little later in a
//! unit of work.

use super::sheet::{Cell, Doubt, Promise};
use super::trial::Trial;
use super::{Contest, MISFORTUNES, Misfortune, Variant, setup};
use crate::engine::Span;
use crate::lab::{CheckSpec, Complaint, Lab, Position, Verdict};
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
    /// Whether each check by which it is judged was promised under what happened.
    all_promised: bool,
    /// Whether the one unit of a run was done before.
    before: bool,
    during: bool,
    after: bool,
    /// The longest that anybody in doubt waited, and whether somebody waited all along.
    longest_doubt: Span,
    waits: bool,
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
    let (befores, waits) = (count(&|one| one.before), count(&|one| one.waits));
    let promised_broken = |one: &&Trace| one.broken.is_some_and(|(_, promised, _)| promised);
    let usual =
        |one: &&Trace| one.during == (2 * during >= RUNS) && one.after == (2 * after >= RUNS);
    // The run that is shown: one that breaks what was promised, one that breaks anything, one in which somebody waits all along,
    // one as most are, and best one that had everything to do yet.
    let shown = traces.iter().find(promised_broken);
    let shown = shown.or_else(|| traces.iter().find(|one| one.broken.is_some()));
    let shown = shown.or_else(|| traces.iter().find(|one| one.waits && usual(one)));
    let shown = shown.or_else(|| traces.iter().find(|one| !one.before && usual(one)));
    let shown = shown.or_else(|| traces.iter().find(usual));
    let shown = shown.or(traces.first());
    let promise = match shown.and_then(|one| one.broken) {
        Some((_, true, _)) => Promise::Broken,
        Some((_, false, _)) => Promise::NotGiven,
        None if traces.iter().all(|one| one.all_promised) => Promise::Kept,
        None => Promise::Held,
    };
    let longest = traces.iter().map(|one| one.longest_doubt).max();
    Ok(Cell {
        misfortune: misfortune.id.to_owned(),
        promise,
        broken,
        check: shown
            .and_then(|one| one.broken)
            .map(|(check, ..)| check.to_owned()),
        before: contest.once.map(|_| befores),
        during,
        after,
        doubt: contest.in_doubt.map(|_| Doubt {
            longest_ms: longest.map_or(0, |span| span.0 / 1000),
            waits,
        }),
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
    if contest.once.is_none() {
        trial.ask();
        trial.pass(BETWEEN);
    }
    trial.ask();
    trial.pass(Span(LATER.0 * seed));
    let struck_at = trial.run.position();
    let mut deeds = (misfortune.strike)(&trial.cast(misfortune.servers_only));
    deeds.sort_by_key(|(after, _)| *after);
    let before = contest.once.is_some_and(|done| done(trial.world()));
    trial.strike();
    let during = work(&mut trial, deeds, LASTS, contest.once.is_some());
    // In doubt before what happened was noticed, and still.
    let waits = trial.in_doubt_for(Span(LASTS.0 - NOTICE.0));
    let longest_doubt = trial.longest_doubt;
    let faults = trial.world().faults();
    if misfortune.calms {
        trial.say("calm");
    }
    let after = work(&mut trial, Vec::new(), BEHIND, contest.once.is_some());
    // Without its rules a lab promises nothing.
    let whole = variant.without.is_empty();
    let broken = broken(&trial, faults, variant.judged);
    let broken = broken.map(|(check, promised, at)| (check, promised && whole, at));
    let mut judged = judged(lab, variant);
    Ok(Trace {
        broken,
        all_promised: whole && judged.all(|check| faults.within(check.assumes)),
        before,
        during: during && !before,
        after,
        longest_doubt,
        waits,
        struck_at,
        trial,
    })
}

/// The checks by which a variant is judged.
fn judged(lab: &dyn Lab, variant: &Variant) -> impl Iterator<Item = &'static CheckSpec> {
    let judged = variant.judged;
    let checks = lab.info().checks.iter();
    checks.filter(move |check| judged.contains(&check.id))
}

/// The first check that is broken, of those by which it is judged; one that was promised before all that were not.
fn broken(
    trial: &Trial,
    faults: FaultSet,
    judged: &[&str],
) -> Option<(&'static str, bool, Position)> {
    let verdicts = trial.run.verdicts().iter();
    let verdicts = verdicts.filter(|(check, _)| judged.contains(&check.id));
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
            before.get_or_insert_with(|| {
                trial.look_anew();
                trial.finished()
            });
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
