//! What a run of the search starts from: a seed and parameters, small clusters first.

use super::super::params::{ParamKind, Value};
use super::super::spec::{Lab, Setup};
use super::Bounds;
use super::draw::Draw;
use crate::engine::Span;
use crate::sim::{Ratio, World};

/// What a parameter is about.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
enum About {
    /// The links and the disks.
    Environment,
    /// The protocol and those who use it.
    Protocol,
}

/// Which parameters are about what, found out by setting each of them once.
pub(super) struct Knobs(Vec<About>);

impl Knobs {
    pub(super) fn probe(lab: &dyn Lab) -> Self {
        let base = lab.setup(1);
        let surroundings = |world: &World| (world.calm_policy(), world.disk_times());
        let before = surroundings(&lab.world(&base));
        let about = |at: usize, kind: ParamKind| {
            let changed = [least(kind), most(kind)].into_iter().any(|value| {
                let mut setup = base.clone();
                setup.params.put(at, value);
                surroundings(&lab.world(&setup)) != before
            });
            match (kind, changed) {
                (ParamKind::Duration(..) | ParamKind::Ratio(..) | ParamKind::Flag(_), true) => {
                    About::Environment
                }
                (
                    ParamKind::Duration(..)
                    | ParamKind::Ratio(..)
                    | ParamKind::Flag(_)
                    | ParamKind::Integer(..)
                    | ParamKind::Choice(..),
                    _,
                ) => About::Protocol,
            }
        };
        let specs = lab.info().params.iter().enumerate();
        Knobs(specs.map(|(at, spec)| about(at, spec.kind)).collect())
    }
}

fn least(kind: ParamKind) -> Value {
    match kind {
        ParamKind::Integer(_, min, _) => Value::Integer(min),
        ParamKind::Duration(_, min, _) => Value::Duration(min),
        ParamKind::Ratio(_, min, _) => Value::Ratio(min),
        ParamKind::Choice(word, words) => Value::Choice(words.first().unwrap_or(&word)),
        ParamKind::Flag(_) => Value::Flag(false),
    }
}

fn most(kind: ParamKind) -> Value {
    match kind {
        ParamKind::Integer(_, _, max) => Value::Integer(max),
        ParamKind::Duration(_, _, max) => Value::Duration(max),
        ParamKind::Ratio(_, _, max) => Value::Ratio(max),
        ParamKind::Choice(word, words) => Value::Choice(words.last().unwrap_or(&word)),
        ParamKind::Flag(_) => Value::Flag(true),
    }
}

/// How far the parameters may leave their defaults.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) enum Freedom {
    /// Anywhere: what is promised after every step holds for all of them.
    Wide {
        /// Whether timers can be made to run out by hand, so that the protocol's own may be
        /// left to rest.
        by_hand: bool,
    },
    /// Times as they are: what is promised for soon after calm is promised for these.
    Near,
}

/// A setup for one run.
pub(super) fn draw(
    lab: &dyn Lab,
    (knobs, bounds): (&Knobs, &Bounds),
    freedom: Freedom,
    draw: &mut Draw,
) -> Setup {
    let mut setup = Setup {
        seed: draw.between(1, 999),
        params: bounds.params.clone(),
    };
    let fixed_times = draw.one_in(2);
    let at_rest = matches!(freedom, Freedom::Wide { by_hand: true }) && draw.one_in(2);
    let specs = lab.info().params;
    for (at, spec) in specs.iter().enumerate() {
        let value = match spec.kind {
            ParamKind::Integer(default, min, max) => {
                integer((default, min, max), spec.unit, freedom, draw)
            }
            ParamKind::Duration(default, min, max) => match knobs.0[at] {
                About::Environment if fixed_times => {
                    let other = partner(spec.name).and_then(|name| {
                        let found = specs.iter().find(|other| other.name == name)?;
                        match found.kind {
                            ParamKind::Duration(least, ..) => Some(least),
                            ParamKind::Integer(..)
                            | ParamKind::Ratio(..)
                            | ParamKind::Choice(..)
                            | ParamKind::Flag(_) => None,
                        }
                    });
                    Value::Duration(other.unwrap_or(default).clamp(min, max))
                }
                About::Environment => Value::Duration(default),
                About::Protocol => {
                    Value::Duration(rest((default, min, max), freedom, at_rest, draw))
                }
            },
            ParamKind::Ratio(default, min, max) => Value::Ratio(match freedom {
                Freedom::Wide { .. } if draw.one_in(8) => {
                    Ratio(draw.between(u64::from(min.0), u64::from(max.0) / 3) as u32)
                }
                Freedom::Wide { .. } | Freedom::Near => default,
            }),
            ParamKind::Choice(word, words) => Value::Choice(draw.pick(words).unwrap_or(&word)),
            ParamKind::Flag(_) => Value::Flag(draw.one_in(2)),
        };
        if !bounds.pinned[at] {
            setup.params.put(at, value);
        }
    }
    setup
}

/// The least of a pair: with both at its default, every message takes the same time.
fn partner(name: &str) -> Option<String> {
    Some(format!("{}_min", name.strip_suffix("_max")?))
}

/// Counts: few nodes, few clients, short batches.
fn integer(
    (default, min, max): (u64, u64, u64),
    unit: &str,
    freedom: Freedom,
    draw: &mut Draw,
) -> Value {
    let few = (min + 3).min(max);
    Value::Integer(match (draw.between(0, 7), unit, freedom) {
        (0..4, "", _) => draw.between(min, few),
        (4..6, "", _) => draw.between((min + 1).min(default), default),
        (0..4, _, _) => min,
        (4..6, _, Freedom::Wide { .. }) => draw.between(default, (default * 20).min(max)),
        (_, _, _) => default,
    })
}

/// A time of the protocol's own.
fn rest(
    (default, min, max): (Span, Span, Span),
    freedom: Freedom,
    at_rest: bool,
    draw: &mut Draw,
) -> Span {
    match freedom {
        Freedom::Near => default,
        Freedom::Wide { .. } if at_rest => [default, max][draw.place(2)],
        Freedom::Wide { .. } => {
            let around = [
                default,
                default,
                default,
                Span(default.0 / 3),
                Span(default.0 * 3),
            ];
            around[draw.place(around.len())].clamp(min, max)
        }
    }
}
