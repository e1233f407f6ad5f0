//! The levers. A control carries the command that it gives; the page hands it back and never
//! builds one.

use crate::engine::{NodeId, RuleId, Span, Timer};
use crate::lab::{Command, Names, Phrase, Until};
use crate::sim::{Action, Flight, MessageName, Status, World};
use std::rc::Rc;

/// One lever.
#[derive(Clone, PartialEq, Debug)]
pub struct Control {
    /// What stands on it: a key of the page's locale file, `control.<verb>`.
    pub label: Phrase,
    /// What it gives, one after the other; what does not come about ends the row.
    pub commands: Vec<Command>,
    /// Whether it hurts, and is drawn so.
    pub harmful: bool,
    /// Whether it stands where the control stood that it undoes, so that the second click of a
    /// double click must not reach it.
    pub flips: bool,
}

pub(super) fn act(action: Action) -> Command {
    Command::Act(Rc::new(action))
}

pub(super) fn control(verb: &str, action: Action) -> Control {
    let gentle = matches!(
        action,
        Action::Restart(_) | Action::Pause(_) | Action::Fire(..) | Action::Skew(..)
    );
    let flips = matches!(
        action,
        Action::Restart(_) | Action::Resume(_) | Action::Kill(_) | Action::Pause(_)
    );
    Control {
        label: Phrase::new(format!("control.{verb}")),
        harmful: action.fault().is_some() && !gentle,
        commands: vec![act(action)],
        flips,
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
            mid_write(world, node),
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

/// A crash in the middle of a write: of the one that is under way, or of the next one.
fn mid_write(world: &World, node: NodeId) -> Control {
    let mut control = control("kill-mid-write", Action::Kill(node));
    if world.cell(node).writes_pending() == 0 {
        let wait = Command::RunUntil(Until::Writing(node), Until::WITHIN);
        control.commands.insert(0, wait);
    }
    control
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
        delay(name, Span::ms(20)),
        delay(name, Span::ms(200)),
        hold,
        control("duplicate", Action::Duplicate(name)),
    ]
}

fn delay(name: MessageName, span: Span) -> Control {
    let mut control = control("delay", Action::Delay(name, span));
    control.label = control.label.with("span", span);
    control
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

/// The lab's rules: each with the command that switches it over. A hidden one is among them only
/// while it is off, because a story said so: what is off must be seen, and can be switched on.
#[must_use]
pub fn rule_controls(world: &World, names: &Names) -> Vec<(&'static str, bool, Control)> {
    let info = names.lab.info();
    let rules = info.all_rules().enumerate().map(|(i, spec)| {
        let rule = RuleId(i as u8);
        let on = world.rules().on(rule);
        let verb = if on { "rule-off" } else { "rule-on" };
        (spec.id, on, control(verb, Action::Rule(rule, !on)))
    });
    let shown = rules.enumerate();
    let shown = shown.filter(|(i, (_, on, _))| *i < info.rules.len() || !*on);
    shown.map(|(_, rule)| rule).collect()
}

/// One working request for each verb of the lab, for the node that takes it, while that hears anything. A person may
/// type another: it is read by [`crate::lab::Story::parse_command`].
#[must_use]
pub fn request_controls(world: &World, names: &Names, node: NodeId) -> Vec<Control> {
    let hears = world.cell(node).status() != Status::Down;
    let verbs = names.lab.info().verbs.iter();
    verbs
        .filter(|verb| hears && names.lab.offers(world, verb))
        .filter_map(|verb| {
            let words: Vec<&str> = verb.example.split(' ').collect();
            let request = names.lab.request(world, node, &words)?;
            let mut control = control("request", Action::Ask(node, request));
            control.label = control.label.with("words", verb.example);
            Some(control)
        })
        .collect()
}
