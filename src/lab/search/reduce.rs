//! What could be left out of a story, or said more simply: one candidate after the other.

use super::super::command::{Command, Until};
use super::super::names::Names;
use super::super::params::{ParamKind, Value};
use super::super::parse::LONGEST;
use super::super::spec::{Lab, Setup};
use super::super::story::Story;
use super::shrink::{Broke, Case};
use crate::engine::{NodeId, Span};
use crate::sim::{Action, World};
use std::rc::Rc;

/// One way to make a story simpler.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) enum Pass {
    /// Fewer nodes, under this seed or another.
    Counts,
    /// Many commands at once: halves, quarters, and so on.
    Chunks,
    /// One command.
    Singles,
    /// Several commands in a row.
    Rows,
    /// Two commands that stand apart: a fault and what takes it back.
    Pairs,
    /// Several commands in a row give way to the time that they took.
    Merges,
    /// Some commands less, under another seed.
    Reseeds,
    /// A parameter at its default, under this seed or another.
    Params,
    /// A wait for what happens instead of a time; a rounder or shorter time.
    Waits,
    /// An action that does less.
    Actions,
    /// A small seed.
    Seeds,
}

impl Pass {
    pub(super) const ALL: [Pass; 11] = [
        Pass::Chunks,
        Pass::Counts,
        Pass::Singles,
        Pass::Rows,
        Pass::Merges,
        Pass::Params,
        Pass::Pairs,
        Pass::Reseeds,
        Pass::Waits,
        Pass::Actions,
        Pass::Seeds,
    ];
}

/// The candidate of a pass at this place: `None` where the pass is over, `Some(None)` where this
/// place has none.
pub(super) fn candidate(
    lab: &'static dyn Lab,
    pass: Pass,
    at: usize,
    best: &Case,
    broke: &Broke,
) -> Option<Option<Case>> {
    let len = best.commands.len();
    match pass {
        Pass::Counts => fewer(lab, at, best),
        Pass::Chunks => {
            let (from, size) = chunk(len, at)?;
            Some(Some(without(best, |i| (from..from + size).contains(&i))))
        }
        Pass::Singles => {
            let gone = len.checked_sub(at + 1)?;
            Some(Some(without(best, |i| i == gone)))
        }
        Pass::Pairs => {
            if len > 40 {
                return None;
            }
            let (first, second) = pair(len, at)?;
            Some(Some(without(best, |i| i == first || i == second)))
        }
        Pass::Rows => {
            let (from, size) = window(len, at)?;
            Some(Some(without(best, |i| (from..from + size).contains(&i))))
        }
        Pass::Merges => {
            let (from, size) = window(len, at)?;
            Some(merged(best, broke, from, size))
        }
        Pass::Reseeds => {
            if len > 24 {
                return None;
            }
            // First rows of them, then each by itself.
            let (place, seed) = (at / SEEDS, (at % SEEDS) as u64 + 1);
            let rows = window(len, place);
            let (from, size) = match rows {
                Some(row) => row,
                None => {
                    let before = (0..).find(|at| window(len, *at).is_none())?;
                    (len.checked_sub(place - before + 1)?, 1)
                }
            };
            let mut case = without(best, |i| (from..from + size).contains(&i));
            case.setup.seed = seed;
            Some(Some(case))
        }
        Pass::Params => default_param(lab, at, best),
        Pass::Waits => replaced(best, at, |i, n| wait(&best.commands[i], broke, i, n)),
        Pass::Actions => replaced(best, at, |i, n| milder(&best.commands[i], n)),
        Pass::Seeds => (at < SEEDS).then(|| {
            let mut case = best.clone();
            case.setup.seed = at as u64 + 1;
            Some(case)
        }),
    }
}

fn without(best: &Case, gone: impl Fn(usize) -> bool) -> Case {
    let kept = best.commands.iter().enumerate();
    let kept = kept.filter(|(i, _)| !gone(*i));
    Case {
        setup: best.setup.clone(),
        commands: kept.map(|(_, command)| command.clone()).collect(),
    }
}

/// The chunk at this place: first the halves, then the quarters, down to two commands.
fn chunk(len: usize, mut at: usize) -> Option<(usize, usize)> {
    let mut size = len / 2;
    while size >= 2 {
        let count = len.div_ceil(size);
        if at < count {
            return Some((at * size, size));
        }
        at -= count;
        size /= 2;
    }
    None
}

/// Some commands in a row: long rows first.
fn window(len: usize, mut at: usize) -> Option<(usize, usize)> {
    for size in [8, 6, 4, 3, 2] {
        let count = (len + 1).saturating_sub(size);
        if at < count {
            return Some((at, size));
        }
        at -= count;
    }
    None
}

/// The case with a wait in the place of some commands, if they took any time.
fn merged(best: &Case, broke: &Broke, from: usize, size: usize) -> Option<Case> {
    let took = *broke.ends.get(from + size - 1)? - broke.begin(from);
    if took == Span(0) || took > LONGEST {
        return None;
    }
    let mut case = best.clone();
    let wait = [Command::RunFor(took)];
    case.commands.splice(from..from + size, wait);
    Some(case)
}

/// Two commands with something between them.
fn pair(len: usize, mut at: usize) -> Option<(usize, usize)> {
    for first in 0..len {
        let seconds = len.saturating_sub(first + 2);
        if at < seconds {
            return Some((first, first + 2 + at));
        }
        at -= seconds;
    }
    None
}

/// How many values below the present one are tried for a count.
const FEWER: usize = 6;

fn fewer(lab: &'static dyn Lab, at: usize, best: &Case) -> Option<Option<Case>> {
    let specs = lab.info().params;
    let (at, seed) = (at / (SEEDS + 1), at % (SEEDS + 1));
    let (place, step) = (at / FEWER, at % FEWER);
    let spec = specs.get(place)?;
    let (ParamKind::Integer(_, min, _), Some((_, Value::Integer(now)))) =
        (spec.kind, best.setup.params.iter().nth(place))
    else {
        return Some(None);
    };
    let value = min + step as u64;
    if value >= now {
        return Some(None);
    }
    let mut setup = best.setup.clone();
    setup.params.put(place, Value::Integer(value));
    if seed > 0 {
        setup.seed = seed as u64;
    }
    Some(Some(moved(lab, best, setup)))
}

/// The same story for another setup: nodes by their names, without those that are not there.
fn moved(lab: &'static dyn Lab, best: &Case, setup: Setup) -> Case {
    let world = lab.world(&setup);
    let (old, new) = (Names::for_setup(lab, &best.setup), Names::of(lab, &world));
    if old.nodes().eq(new.nodes()) {
        let commands = best.commands.clone();
        return Case { setup, commands };
    }
    let commands = best.commands.iter();
    let commands = commands.filter_map(|command| renamed(command, (&old, &new), &world));
    Case {
        commands: commands.collect(),
        setup,
    }
}

fn renamed(command: &Command, (old, new): (&Names, &Names), world: &World) -> Option<Command> {
    if let Command::Act(action) = command
        && let Action::Partition(groups) = &**action
    {
        let id = |node: &NodeId| new.find_node(old.node(*node));
        let groups = groups
            .iter()
            .map(|group| group.iter().filter_map(id).collect());
        let groups: Vec<Vec<NodeId>> = groups.filter(|group: &Vec<_>| !group.is_empty()).collect();
        return (groups.len() > 1).then(|| Command::Act(Rc::new(Action::Partition(groups))));
    }
    Story::parse_command(&command.print(old), new, world).ok()
}

fn default_param(lab: &'static dyn Lab, at: usize, best: &Case) -> Option<Option<Case>> {
    let specs = lab.info().params;
    let (at, seed) = (at / (SEEDS + 1), at % (SEEDS + 1));
    // First all of them.
    let which = |place: usize| at == 0 || place == at - 1;
    if at > specs.len() {
        return None;
    }
    let mut setup = best.setup.clone();
    for (place, spec) in specs.iter().enumerate().filter(|(place, _)| which(*place)) {
        setup.params.put(place, spec.default_value());
    }
    if setup == best.setup {
        return Some(None);
    }
    if seed > 0 {
        setup.seed = seed as u64;
    }
    Some(Some(moved(lab, best, setup)))
}

/// How many small seeds are tried.
const SEEDS: usize = 9;

/// How many replacements of one command are tried.
const VARIANTS: usize = 20;

fn replaced(
    best: &Case,
    at: usize,
    variant: impl Fn(usize, usize) -> Option<Command>,
) -> Option<Option<Case>> {
    let (place, nth) = (at / VARIANTS, at % VARIANTS);
    if place >= best.commands.len() {
        return None;
    }
    Some(variant(place, nth).map(|command| {
        let mut case = best.clone();
        case.commands[place] = command;
        case
    }))
}

/// What a wait could be instead: a wait for what happened in it, the last of that first; then
/// shorter and rounder times.
fn wait(command: &Command, broke: &Broke, at: usize, nth: usize) -> Option<Command> {
    let met = broke.met.get(at)?;
    let until = |until| Some(Command::RunUntil(until, Until::WITHIN));
    match command {
        Command::RunFor(_) | Command::Step(2..) if nth < 8 => {
            let note = met.notes.len().checked_sub(nth + 1)?;
            until(Until::Note(met.notes[note]))
        }
        Command::RunFor(_) | Command::Step(2..) if nth < 12 => {
            until(Until::Message(*met.messages.get(nth - 8)?))
        }
        Command::RunFor(span) => {
            let round = |unit: u64| Span((span.0 / unit * unit).max(unit).min(LONGEST.0));
            let span = match nth {
                12 => round(1_000_000),
                13 => round(500_000),
                14 => round(100_000),
                15 => round(50_000),
                16 => round(10_000),
                17 => Span(span.0 / 2),
                18 => round(1000),
                _ => return Some(Command::Step(1)),
            };
            Some(Command::RunFor(span))
        }
        Command::Step(count) if *count > 1 => match nth {
            12 => Some(Command::Step(1)),
            13 => Some(Command::Step(count / 2)),
            14 => Some(Command::Step(count - 1)),
            15 => Some(Command::RunFor(Span::ms(1))),
            16 => Some(Command::RunFor(Span::ms(10))),
            _ => None,
        },
        Command::RunUntil(..)
        | Command::Step(_)
        | Command::Act(_)
        | Command::Expect(_)
        | Command::Mark(_) => None,
    }
}

/// What an action could be instead.
fn milder(command: &Command, nth: usize) -> Option<Command> {
    let Command::Act(action) = command else {
        return None;
    };
    let act = |action: Action| Some(Command::Act(Rc::new(action)));
    let round = |span: Span, unit: u64| Span((span.0 / unit * unit).max(unit));
    let units = [1_000_000, 100_000, 10_000];
    match &**action {
        Action::Delay(name, span) => act(Action::Delay(*name, round(*span, *units.get(nth)?))),
        Action::SlowDisk(node, span) => {
            act(Action::SlowDisk(*node, round(*span, *units.get(nth)?)))
        }
        Action::Cut {
            from,
            to,
            both: true,
        } => match nth {
            0 => act(Action::Cut {
                from: *from,
                to: *to,
                both: false,
            }),
            1 => act(Action::Cut {
                from: *to,
                to: *from,
                both: false,
            }),
            _ => None,
        },
        // Two nodes of a partition are a cut.
        Action::Partition(groups) => match &groups[..] {
            [left, right] if nth < left.len() * right.len() => act(Action::Cut {
                from: left[nth / right.len()],
                to: right[nth % right.len()],
                both: true,
            }),
            _ => None,
        },
        // A message that never comes is a message lost.
        Action::Hold(name) => (nth == 0).then(|| Command::Act(Rc::new(Action::Drop(*name)))),
        Action::Wipe(node) => (nth == 0).then(|| Command::Act(Rc::new(Action::Kill(*node)))),
        Action::Kill(_)
        | Action::Restart(_)
        | Action::Pause(_)
        | Action::Resume(_)
        | Action::Cut { .. }
        | Action::Heal(_)
        | Action::Latency(..)
        | Action::Loss(..)
        | Action::Duplication(..)
        | Action::Reorder(..)
        | Action::Drop(_)
        | Action::Deliver(_)
        | Action::Release(_)
        | Action::Duplicate(_)
        | Action::Fire(..)
        | Action::Finish(_)
        | Action::Skew(..)
        | Action::Drift(..)
        | Action::Ask(..)
        | Action::Rule(..)
        | Action::Storm(_)
        | Action::Calm => None,
    }
}

/// How much a reader has to take on trust in a command: numbers that mean nothing are worse than
/// words, and one message is harder to follow than a whole link.
pub(super) fn plainness(command: &Command) -> u64 {
    match command {
        Command::RunUntil(Until::Message(_), _) => 2,
        Command::RunUntil(..) => 1,
        Command::RunFor(span) => match span.0 {
            us if us.is_multiple_of(100_000) => 3,
            us if us.is_multiple_of(10_000) => 4,
            us if us.is_multiple_of(1000) => 5,
            _ => 6,
        },
        Command::Step(count) => 5 + count,
        Command::Act(action) => match &**action {
            Action::Wipe(_) => 3,
            Action::Partition(_) | Action::Cut { both: true, .. } => 1,
            Action::Hold(_) => 3,
            Action::Delay(_, span) | Action::SlowDisk(_, span) => {
                if span.0.is_multiple_of(100_000) { 3 } else { 4 }
            }
            Action::Drop(_) | Action::Deliver(_) | Action::Release(_) | Action::Duplicate(_) => 2,
            Action::Kill(_)
            | Action::Restart(_)
            | Action::Pause(_)
            | Action::Resume(_)
            | Action::Cut { both: false, .. }
            | Action::Heal(_)
            | Action::Latency(..)
            | Action::Loss(..)
            | Action::Duplication(..)
            | Action::Reorder(..)
            | Action::Fire(..)
            | Action::Finish(_)
            | Action::Skew(..)
            | Action::Drift(..)
            | Action::Ask(..)
            | Action::Rule(..)
            | Action::Storm(_)
            | Action::Calm => 0,
        },
        Command::Expect(_) | Command::Mark(_) => 0,
    }
}
