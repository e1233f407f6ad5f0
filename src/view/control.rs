//! The levers. A control carries the command that it gives; the page hands it back and never
//! builds one.

use crate::engine::{NodeId, RuleId, Span, Timer};
use crate::lab::{Command, Names, Phrase};
use crate::sim::{Action, FaultSet, Flight, Latency, Ratio, Scope, Status, StormPlan, World};
use std::rc::Rc;

/// One lever.
#[derive(Clone, PartialEq, Debug)]
pub struct Control {
    /// What stands on it: a key of the page's locale file, `control.<verb>`.
    pub label: Phrase,
    /// What it gives.
    pub command: Command,
    /// Whether it hurts, and is drawn so.
    pub harmful: bool,
}

/// A slider or list: some values, each with its command, and which of them is so now.
#[derive(Clone, PartialEq, Debug)]
pub struct Stops {
    /// What it sets: a key of the page's locale file, `control.<what>`.
    pub label: Phrase,
    /// The values.
    pub stops: Vec<(String, Command)>,
    /// The place of the value that is so now; the nearest one below where none is.
    pub now: usize,
}

fn act(action: Action) -> Command {
    Command::Act(Rc::new(action))
}

fn control(verb: &str, action: Action) -> Control {
    let harmful = action.fault().is_some() && !matches!(action, Action::Restart(_));
    Control {
        label: Phrase::new(format!("control.{verb}")),
        command: act(action),
        harmful,
    }
}

/// What can be done to a node now.
#[must_use]
pub fn node_controls(world: &World, names: &Names, node: NodeId) -> Vec<Control> {
    let cell = world.cell(node);
    let mut controls = match cell.status() {
        Status::Up => vec![
            control("kill", Action::Kill(node)),
            control("pause", Action::Pause(node)),
            control("wipe", Action::Wipe(node)),
        ],
        Status::Paused => {
            vec![
                control("resume", Action::Resume(node)),
                control("kill", Action::Kill(node)),
            ]
        }
        Status::Down => {
            vec![
                control("restart", Action::Restart(node)),
                control("wipe", Action::Wipe(node)),
            ]
        }
    };
    if cell.status() == Status::Up {
        let timers: Vec<Timer> = cell.timers().map(|view| view.timer).take(3).collect();
        controls.extend(timers.into_iter().map(|timer| {
            let mut control = control("fire", Action::Fire(node, timer));
            control.label = control.label.with("timer", names.timer(node, timer));
            control
        }));
    }
    controls
}

/// What can be done to a message under way.
#[must_use]
pub fn flight_controls(flight: &Flight) -> Vec<Control> {
    let name = flight.letter.name;
    if flight.fate.is_some() {
        return Vec::new();
    }
    let hold = if flight.held {
        control("release", Action::Release(name))
    } else {
        control("hold", Action::Hold(name))
    };
    vec![
        control("drop", Action::Drop(name)),
        control("deliver", Action::Deliver(name)),
        control("delay", Action::Delay(name, Span::ms(100))),
        hold,
        control("duplicate", Action::Duplicate(name)),
    ]
}

/// What can be done to a link.
#[must_use]
pub fn link_controls(world: &World, from: NodeId, to: NodeId) -> Vec<Control> {
    let net = world.net();
    let (there, back) = (net.is_cut(from, to), net.is_cut(to, from));
    let mut controls = Vec::new();
    if !(there && back) {
        controls.push(control(
            "cut",
            Action::Cut {
                from,
                to,
                both: true,
            },
        ));
    }
    if !there {
        controls.push(control(
            "cut-one-way",
            Action::Cut {
                from,
                to,
                both: false,
            },
        ));
    }
    if there || back {
        controls.push(control("heal-link", Action::Heal(Some((from, to)))));
    }
    controls
}

/// A wall between groups of nodes.
#[must_use]
pub fn partition(groups: Vec<Vec<NodeId>>) -> Control {
    control("partition", Action::Partition(groups))
}

/// Loss, duplication and latency of the whole network, as stops.
#[must_use]
pub fn net_stops(world: &World) -> Vec<Stops> {
    let base = world.net().base;
    let share = |label: &str, now: Ratio, make: fn(Scope, Ratio) -> Action| {
        let shares = [0, 1, 2, 5, 10, 20, 30, 50, 80, 100].map(Ratio::percent);
        let stop = |ratio: Ratio| (ratio.to_string(), act(make(Scope::Net, ratio)));
        Stops {
            label: Phrase::new(format!("control.{label}")),
            stops: shares.map(stop).to_vec(),
            now: shares.iter().rposition(|ratio| *ratio <= now).unwrap_or(0),
        }
    };
    let calm = world.calm_policy().latency;
    let factors = [1, 2, 4, 8, 16];
    let slower = |factor: u64| match calm {
        Latency::Uniform { min, max } => Latency::Uniform {
            min,
            max: Span(max.0.max(1) * factor),
        },
        Latency::LongTail { min, typical } => Latency::LongTail {
            min,
            typical: Span(typical.0.max(1) * factor),
        },
    };
    let latency_stop = |factor: u64| {
        let latency = slower(factor);
        (
            latency.bound().to_string(),
            act(Action::Latency(Scope::Net, latency)),
        )
    };
    let now = factors
        .iter()
        .rposition(|f| slower(*f).bound() <= base.latency.bound());
    vec![
        share("loss", base.loss, Action::Loss),
        share("duplication", base.duplication, Action::Duplication),
        Stops {
            label: Phrase::new("control.latency"),
            stops: factors.map(latency_stop).to_vec(),
            now: now.unwrap_or(0),
        },
    ]
}

/// Storm, calm and healing.
#[must_use]
pub fn weather_controls(world: &World) -> Vec<Control> {
    let kinds = FaultSet::all_but(&[
        crate::sim::FaultKind::DiskLost,
        crate::sim::FaultKind::ClockSkew,
    ]);
    let storm = StormPlan {
        every: Span::ms(500),
        kinds,
    };
    let mut controls = Vec::new();
    if world.storm().is_none() {
        let mut control = control("storm", Action::Storm(storm));
        control.harmful = true;
        controls.push(control);
    }
    controls.push(control("calm", Action::Calm));
    if !world.net().cuts().is_empty() {
        controls.push(control("heal", Action::Heal(None)));
    }
    controls
}

/// The lab's rules: each with the command that switches it over.
#[must_use]
pub fn rule_controls(world: &World, names: &Names) -> Vec<(&'static str, bool, Control)> {
    let rules = names.lab.info().rules.iter().enumerate();
    rules
        .map(|(i, spec)| {
            let rule = RuleId(i as u8);
            let on = world.rules().on(rule);
            let verb = if on { "rule-off" } else { "rule-on" };
            (spec.id, on, control(verb, Action::Rule(rule, !on)))
        })
        .collect()
}

/// One working request for each verb of the lab, for the node that takes it. A person may type
/// another: it is read by [`crate::lab::Story::parse_command`].
#[must_use]
pub fn request_controls(world: &World, names: &Names, node: NodeId) -> Vec<Control> {
    let verbs = names.lab.info().verbs.iter();
    verbs
        .filter_map(|verb| {
            let words: Vec<&str> = verb.example.split(' ').collect();
            let request = names.lab.request(world, node, &words)?;
            let mut control = control("request", Action::Ask(node, request));
            control.label = control.label.with("words", verb.example);
            Some(control)
        })
        .collect()
}
