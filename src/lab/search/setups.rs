//! What a run of the search starts from: a seed and parameters, small clusters first.

use super::super::params::{ParamKind, ParamSpec, Value};
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
pub(super) struct Knobs {
    about: Vec<About>,
    /// How slow links and disks may get so that the protocol still does something: twice the
    /// shortest of its own times.
    room: Span,
}

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
        let about: Vec<About> = specs.map(|(at, spec)| about(at, spec.kind)).collect();
        let own = lab.info().params.iter().zip(&about);
        let own = own.filter_map(|(spec, about)| match (spec.kind, about) {
            (ParamKind::Duration(default, ..), About::Protocol) => Some(default.0),
            (
                ParamKind::Integer(..)
                | ParamKind::Duration(..)
                | ParamKind::Ratio(..)
                | ParamKind::Choice(..)
                | ParamKind::Flag(_),
                _,
            ) => None,
        });
        let room = Span(own.min().unwrap_or(0) * 2);
        Knobs { about, room }
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

/// How the times of one run are drawn.
#[derive(Copy, Clone, Debug)]
struct Times {
    /// Every message takes the same time, and every write.
    fixed: bool,
    /// Links or disks are slow, which makes much of a little.
    slow: bool,
    own: Own,
}

/// The protocol's own times.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
enum Own {
    Usual,
    /// The least and the most of a pair close to each other: a race.
    Close,
    /// So long that nothing happens by itself.
    AtRest,
    Odd,
}

impl Times {
    fn draw(freedom: Freedom, draw: &mut Draw) -> Self {
        let (wide, by_hand) = match freedom {
            Freedom::Wide { by_hand } => (true, by_hand),
            Freedom::Near => (false, false),
        };
        let own = match draw.between(0, 7) {
            _ if !wide => Own::Usual,
            0..3 => Own::Usual,
            3 | 4 => Own::Close,
            5 if by_hand => Own::AtRest,
            _ => Own::Odd,
        };
        Times {
            fixed: draw.one_in(2),
            slow: wide && draw.one_in(2),
            own,
        }
    }
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
    let times = Times::draw(freedom, draw);
    let specs = lab.info().params;
    let mut slow = 1;
    for (at, spec) in specs.iter().enumerate() {
        let value = match spec.kind {
            ParamKind::Integer(default, min, max) => {
                integer((default, min, max), spec.unit, freedom, draw)
            }
            ParamKind::Duration(default, min, max) => match knobs.about[at] {
                About::Environment if times.fixed && !times.slow => {
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
                About::Environment => {
                    // The least and the most of a pair grow together.
                    if times.slow && partner(spec.name).is_none() {
                        slow = [1, 3, 10, 30][draw.place(4)];
                        slow = slow.min((knobs.room.0 / longest(specs, spec.name).0.max(1)).max(1));
                    }
                    Value::Duration(Span(default.0 * slow).clamp(min, max))
                }
                About::Protocol => {
                    let least = partner(spec.name).map(|name| setup.params.span(&name));
                    let span = match (least, times.own) {
                        (Some(least), Own::Close) => Span(least.0 + least.0 / 8),
                        (_, Own::Usual | Own::Close) => default,
                        (_, Own::AtRest) => [default, max][draw.place(2)],
                        (_, Own::Odd) => odd(default, draw),
                    };
                    Value::Duration(span.clamp(min, max))
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

/// Every other run is in one of the lab's own settings, if it has some: what they name is as they say.
pub(super) fn haunt(
    (lab, bounds): (&dyn Lab, &Bounds),
    freedom: Freedom,
    setup: &mut Setup,
    aside: &mut Draw,
) {
    let all = lab.haunts();
    let chosen = all.get(aside.place(all.len() * 2));
    let Some(chosen) = chosen.filter(|_| freedom != Freedom::Near) else {
        return;
    };
    let specs = lab.info().params.iter().zip(&bounds.pinned);
    for (spec, _) in specs.filter(|(_, pinned)| !**pinned) {
        if let Some((name, text)) = chosen.iter().find(|(name, _)| *name == spec.name) {
            // One that the parameter does not take stays as it was drawn; a test looks for such.
            let _ = setup.params.set(name, text);
        }
    }
}

/// The default of the most of a pair, where this is the least; its own otherwise.
fn longest(specs: &[ParamSpec], name: &str) -> Span {
    let most = name.strip_suffix("_min").map(|stem| format!("{stem}_max"));
    let most = most.as_deref().unwrap_or(name);
    let found = specs.iter().find(|spec| spec.name == most);
    match found.map(ParamSpec::default_value) {
        Some(Value::Duration(span)) => span,
        Some(Value::Integer(_) | Value::Ratio(_) | Value::Choice(_) | Value::Flag(_)) | None => {
            Span(0)
        }
    }
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
    let few = (min + 4).min(max);
    // The least of a size, such as that of a batch, is another thing than a little of it.
    let size = default > 9;
    Value::Integer(match (draw.between(0, 7), unit, freedom) {
        (0..4, "", _) if size => min,
        (0..4, "", _) => draw.between(min, few),
        (4..6, "", _) => draw.between((min + 1).min(default), default),
        (0..4, _, _) => min,
        (4..6, _, Freedom::Wide { .. }) => draw.between(default, (default * 20).min(max)),
        (_, _, _) => default,
    })
}

/// A time that is not the usual one, more often than not.
fn odd(default: Span, draw: &mut Draw) -> Span {
    let around = [
        default,
        default,
        Span(default.0 / 10),
        Span(default.0 / 3),
        Span(default.0 * 3),
    ];
    around[draw.place(around.len())]
}
