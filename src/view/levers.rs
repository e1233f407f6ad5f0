//! Levers with values: the network, a node's clock and disk, storms, and how far a run goes on.

use super::control::{Control, act, control};
use crate::engine::{NodeId, Span};
use crate::lab::{Command, Names, Phrase, Run, Until};
use crate::sim::{
    Action, FaultKind, FaultSet, Latency, NodeKind, Policy, Ratio, Scope, Status, StormPlan, World,
};

/// A slider or list: some values, each with its command, and which of them is so now.
#[derive(Clone, PartialEq, Debug)]
pub struct Stops {
    /// What it sets: a key of the page's locale file, `control.<what>`.
    pub label: Phrase,
    /// The values.
    pub stops: Vec<(Phrase, Command)>,
    /// The place of the value that is so now; the nearest one below where none is.
    pub now: usize,
}

/// A value that reads the same in every language.
fn plain(value: impl ToString) -> Phrase {
    Phrase::new("control.value").with("value", value)
}

fn stops<T: Copy + PartialOrd>(
    label: &str,
    values: &[T],
    now: T,
    text: impl Fn(T) -> Phrase,
    action: impl Fn(T) -> Action,
) -> Stops {
    let stop = |value: &T| (text(*value), act(action(*value)));
    Stops {
        label: Phrase::new(format!("control.{label}")),
        stops: values.iter().map(stop).collect(),
        now: values.iter().rposition(|value| *value <= now).unwrap_or(0),
    }
}

/// What the whole network, or a link, does to a message, as stops.
#[must_use]
pub fn net_stops(world: &World, scope: Scope) -> Vec<Stops> {
    let now = match scope {
        Scope::Net => world.net().base,
        Scope::Link { from, to, .. } => *world.net().policy(from, to),
    };
    let shares = [0, 1, 2, 5, 10, 20, 30, 50, 80, 100].map(Ratio::percent);
    let (form, usual) = form_of(now.latency);
    let calm = form_of(world.calm_policy().latency).1;
    let spans = [1, 2, 4, 8, 16, 32, 64, 128, 256].map(|n| Span((calm.0 / 4).max(250) * n));
    let shape = |form| move |usual| Action::Latency(scope, shaped(world, form, usual));
    vec![
        stops("latency", &spans, usual, plain, shape(form)),
        stops(
            "latency-form",
            &FORMS.map(|(form, _)| form),
            form,
            |form| Phrase::new(format!("control.form-{}", FORMS[form as usize].1)),
            |form| Action::Latency(scope, shaped(world, form, usual)),
        ),
        stops("loss", &shares, now.loss, plain, |share| {
            Action::Loss(scope, share)
        }),
        stops("duplication", &shares, now.duplication, plain, |share| {
            Action::Duplication(scope, share)
        }),
        stops("reorder", &[false, true], now.reorder, on_off, |on| {
            Action::Reorder(scope, on)
        }),
    ]
}

fn on_off(on: bool) -> Phrase {
    Phrase::new(if on { "control.on" } else { "control.off" })
}

/// How latencies are spread.
#[derive(Copy, Clone, PartialEq, PartialOrd, Debug)]
enum Form {
    /// All alike.
    Fixed,
    /// Anything up to a bound.
    Even,
    /// Mostly short, now and then very long.
    Tail,
}

const FORMS: [(Form, &str); 3] = [
    (Form::Fixed, "fixed"),
    (Form::Even, "even"),
    (Form::Tail, "tail"),
];

/// The form of a latency, and what it usually stays below.
fn form_of(latency: Latency) -> (Form, Span) {
    match latency {
        Latency::Uniform { min, max } if min == max => (Form::Fixed, max),
        Latency::Uniform { max, .. } => (Form::Even, max),
        Latency::LongTail { min, typical } => (Form::Tail, Span(min.0 + typical.0)),
    }
}

/// A latency of this form that usually stays below a bound; it begins where the calm one does.
fn shaped(world: &World, form: Form, usual: Span) -> Latency {
    let (Latency::Uniform { min, .. } | Latency::LongTail { min, .. }) =
        world.calm_policy().latency;
    let min = min.min(Span(usual.0 / 2));
    match form {
        Form::Fixed => Latency::Uniform {
            min: usual,
            max: usual,
        },
        Form::Even => Latency::Uniform { min, max: usual },
        Form::Tail => Latency::LongTail {
            min,
            typical: Span(usual.0 - min.0),
        },
    }
}

/// Networks as they are found, from the best to the worst.
#[must_use]
pub fn net_presets(scope: Scope) -> Vec<Control> {
    let preset = |name: &str, latency, (loss, duplication): (u32, u32), reorder| {
        let policy = Policy {
            latency,
            loss: Ratio(loss),
            duplication: Ratio(duplication),
            reorder,
        };
        Control {
            label: Phrase::new(format!("control.net-{name}")),
            commands: policy_commands(scope, policy),
            harmful: false,
            flips: false,
        }
    };
    let tail = |min_ms, typical_ms| Latency::LongTail {
        min: Span::ms(min_ms),
        typical: Span::ms(typical_ms),
    };
    let still = Latency::Uniform {
        min: Span::ms(1),
        max: Span::ms(1),
    };
    let office = Latency::Uniform {
        min: Span(300),
        max: Span::ms(2),
    };
    vec![
        preset("perfect", still, (0, 0), false),
        preset("office", office, (100, 0), true),
        preset("continents", tail(60, 40), (5_000, 100), true),
        preset("awful", tail(20, 120), (150_000, 50_000), true),
    ]
}

fn policy_commands(scope: Scope, policy: Policy) -> Vec<Command> {
    let actions = [
        Action::Latency(scope, policy.latency),
        Action::Loss(scope, policy.loss),
        Action::Duplication(scope, policy.duplication),
        Action::Reorder(scope, policy.reorder),
    ];
    actions.map(act).to_vec()
}

/// A node's clock and disk, as stops.
#[must_use]
pub fn node_stops(world: &World, node: NodeId) -> Vec<Stops> {
    let cell = world.cell(node);
    let clock = cell.clock();
    let ahead = [-1_000_000, -200_000, -50_000, 0, 50_000, 200_000, 1_000_000];
    let rates = [-500_000, -100_000, -10_000, 0, 10_000, 100_000, 500_000];
    let slow = [0, 5, 20, 100, 500].map(Span::ms);
    let signed = |us: i64| {
        let sign = if us < 0 { "\u{2212}" } else { "+" };
        plain(format!("{sign}{}", Span(us.unsigned_abs())))
    };
    let percent = |ppm: i32| {
        let sign = if ppm < 0 { "\u{2212}" } else { "+" };
        plain(format!("{sign}{}", Ratio(ppm.unsigned_abs())))
    };
    vec![
        stops("skew", &ahead, clock.skew_us, signed, |us| {
            Action::Skew(node, us)
        }),
        stops("drift", &rates, clock.drift_ppm, percent, |ppm| {
            Action::Drift(node, ppm)
        }),
        stops("slow-disk", &slow, cell.disk_slowdown(), plain, |span| {
            Action::SlowDisk(node, span)
        }),
    ]
}

/// The kinds of faults that a storm has where nobody chose others.
pub const STORM_KINDS: FaultSet = FaultSet::all_but(&[FaultKind::DiskLost, FaultKind::ClockSkew]);

/// The mean times between two faults of a storm that a person can choose.
pub const STORM_RATES: [Span; 5] = [
    Span::ms(100),
    Span::ms(200),
    Span::ms(500),
    Span::ms(1000),
    Span::ms(3000),
];

/// Begins a storm, or changes the one that rages.
#[must_use]
pub fn storm_control(every: Span, kinds: FaultSet) -> Control {
    let mut control = control("storm", Action::Storm(StormPlan { every, kinds }));
    control.harmful = true;
    control
}

/// Storm, calm and healing.
#[must_use]
pub fn weather_controls(world: &World) -> Vec<Control> {
    let mut controls = Vec::new();
    if world.storm().is_none() {
        controls.push(storm_control(Span::ms(500), STORM_KINDS));
    }
    let mut calm = control("calm", Action::Calm);
    calm.flips = true;
    controls.push(calm);
    if !world.net().cuts().is_empty() {
        controls.push(control("heal", Action::Heal(None)));
    }
    controls
}

/// Something that a run can go on until.
#[derive(Clone, PartialEq, Debug)]
pub struct Goal {
    /// What kind of thing it is: a key of the page's locale file, `until.<kind>`.
    pub kind: &'static str,
    /// Its name.
    pub name: Phrase,
    /// The thing.
    pub until: Until,
}

/// The nodes whose writes are listed as goals, at the most.
const MOST_WRITERS: usize = 20;

/// What a run can go on until: the lab's moments, its checks going red, its messages, its nodes'
/// writes, its reasons.
#[must_use]
pub fn goals(world: &World, names: &Names) -> Vec<Goal> {
    let info = names.lab.info();
    let goal = |kind, name, until| Goal { kind, name, until };
    let moments = info.moments.iter().enumerate().map(|(i, moment)| {
        let name = Phrase::new(format!("moment.{}", moment.id));
        goal("moment", name, Until::Moment(i))
    });
    let checks = info.checks.iter().enumerate().map(|(i, check)| {
        let name = Phrase::new(format!("check.{}", check.id));
        goal("violated", name, Until::Violated(i))
    });
    let messages = info.message_kinds.iter().enumerate();
    let messages = messages.map(|(i, kind)| goal("message", plain(kind), Until::Message(i as u8)));
    let servers = world
        .ids()
        .filter(|id| world.spec(*id).kind == NodeKind::Server);
    let writes = servers
        .take(MOST_WRITERS)
        .map(|node| goal("writing", plain(names.node(node)), Until::Writing(node)));
    let notes = info.notes.iter().enumerate();
    let notes = notes.map(|(i, note)| goal("note", plain(note.id), Until::Note(i)));
    moments
        .chain(checks)
        .chain(messages)
        .chain(writes)
        .chain(notes)
        .collect()
}

/// Lets the run go on until something is so. A message or a reason is of one event, and the next
/// one is waited for; what lasts and is so now needs no waiting, and has no control.
#[must_use]
pub fn until_control(until: &Until, run: &Run, names: &Names) -> Option<Control> {
    let fleeting = matches!(until, Until::Message(_) | Until::Note(_));
    let mut commands = vec![Command::RunUntil(until.clone(), Until::WITHIN)];
    if until.reached(run, names) {
        if !fleeting {
            return None;
        }
        commands.insert(0, Command::Step(1));
    }
    Some(Control {
        label: Phrase::new("control.until"),
        commands,
        harmful: false,
        flips: false,
    })
}

/// Whether what is done to a node can be seen on its clock.
#[must_use]
pub fn clock_is_off(world: &World, node: NodeId) -> bool {
    let cell = world.cell(node);
    cell.status() != Status::Down && cell.clock().ahead_us(world.now()) != 0
}
