//! What lies under the pointer, and what comes next to an event.

use super::{Diagram, LEFT, View};
use crate::engine::{NodeId, Time};
use crate::lab::What;
use crate::sim::MessageName;
use crate::ui::model::Selection;
use crate::ui::player::Player;
use crate::ui::stage::distance_to_line;

/// How near a sign has to be.
const NEAR: f64 = 9.0;
/// How near an arrow has to be.
const BESIDE: f64 = 6.0;

/// What was found.
#[derive(Copy, Clone, PartialEq, Debug)]
pub(in crate::ui) enum Found {
    /// Something that can be selected.
    Thing(Selection),
    /// Nothing: the moment there.
    Moment(Time),
}

impl Diagram {
    /// What a click means: a message, an event, a node; else the moment.
    pub(in crate::ui) fn pick(&self, at: (f64, f64), player: &Player) -> Found {
        let view = self.view(player);
        let (along, across) = if self.columns { (at.1, at.0) } else { at };
        if along < LEFT {
            let lane = ((across - view.top) / view.lane).round().max(0.0) as usize;
            if let Some((node, _)) = player.names().nodes().nth(lane) {
                return Found::Thing(Selection::Node(node));
            }
        }
        if let Some(name) = flight_at(&view, at, player) {
            return Found::Thing(Selection::Flight(name));
        }
        let (sign, arrow) = events_at(&view, at, player);
        let bar = || self.bar_at(&view, at, player);
        if let Some(step) = sign.or_else(bar).or(arrow) {
            return Found::Thing(Selection::Event(step));
        }
        Found::Moment(Time(view.time(along).max(0.0) as u64))
    }

    /// The event after the selected one, or the one before; without one, the last there is.
    pub(in crate::ui) fn next_event(&self, forward: bool, player: &Player) -> Selection {
        let here = player.position().step;
        let step = match player.selection() {
            Selection::Event(step) if forward => step + 1,
            Selection::Event(step) => step.saturating_sub(1),
            Selection::Nothing
            | Selection::Node(_)
            | Selection::Flight(_)
            | Selection::Link(..) => here,
        };
        Selection::Event(step.clamp(1, here.max(1)))
    }

    /// The operation after what is selected, or the one before.
    pub(in crate::ui) fn next_bar(&self, forward: bool, player: &Player) -> Option<Selection> {
        let here = player.position().step;
        let from = match player.selection() {
            Selection::Event(step) => step,
            Selection::Nothing
            | Selection::Node(_)
            | Selection::Flight(_)
            | Selection::Link(..) => here + 1,
        };
        let step = self.next_operation(forward, from, here);
        step.map(Selection::Event)
    }

    /// Moves the view so that a step is in it.
    pub(in crate::ui) fn reveal(&mut self, step: u64, player: &Player) {
        let view = self.view(player);
        let Some(event) = player.history().chronicle().event(step) else {
            return;
        };
        let time = event.time.0 as f64;
        if time < view.from_us || time > view.until_us() {
            self.from_us = Some((time - (view.until_us() - view.from_us) / 2.0).max(0.0));
            self.stale = true;
        }
    }
}

fn flight_at(view: &View, at: (f64, f64), player: &Player) -> Option<MessageName> {
    let world = player.history().run().world();
    let clock = player.clock_us();
    let flights = world.flights().map(|flight| {
        let name = flight.letter.name;
        let due = if flight.held {
            clock
        } else {
            flight.due.0 as f64
        };
        let from = view.point(flight.letter.sent_at, name.from);
        let to = view.at((view.x(due), view.y(name.to)));
        (distance_to_line(at, from, to), name)
    });
    let nearest = flights.min_by(|a, b| a.0.total_cmp(&b.0));
    nearest
        .filter(|(away, _)| *away < BESIDE + 1.0)
        .map(|(_, name)| name)
}

/// The nearest sign, and the nearest arrow.
fn events_at(view: &View, at: (f64, f64), player: &Player) -> (Option<u64>, Option<u64>) {
    let (from, to) = view.window();
    let here = player.position().step;
    let chronicle = player.history().chronicle();
    let (mut sign, mut arrow) = ((NEAR, None), (BESIDE, None));
    for (step, event) in chronicle.between(from, to, here) {
        let Some(node) = event.node() else {
            continue;
        };
        let end = super::draw::end_of(view, event, node);
        let away = (end.0 - at.0).hypot(end.1 - at.1);
        if away <= sign.0 {
            sign = (away, Some(step));
        }
        if let (What::Delivered | What::Lost(_), Some(name)) = (event.what, event.message()) {
            let start = view.point(event.since, NodeId(name.from.0));
            let away = distance_to_line(at, start, end);
            if away < arrow.0 {
                arrow = (away, Some(step));
            }
        }
    }
    (sign.1, arrow.1)
}
