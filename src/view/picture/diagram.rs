//! The space-time diagram: what it remembers of the records, and how large it is drawn.

use super::EDGE;
use super::NARROWEST;
use super::bars::Bars;
use super::spans::Spans;
use crate::engine::{NodeId, Time};
use crate::lab::linear::Account;
use crate::lab::{Command, Names, Told};
use crate::sim::{Action, FaultKind, Happened, Letter, LossReason, Record, World};
use crate::view::{Plugin, Tone};
use std::rc::Rc;

/// A message that arrived or was lost.
pub(super) struct Arrow {
    pub(super) from: (Time, NodeId),
    pub(super) to: (Time, NodeId),
    pub(super) lost: Option<LossReason>,
    pub(super) tone: Tone,
}

/// What a person or the storm did.
pub(super) struct Deed {
    pub(super) at: Time,
    pub(super) node: Option<NodeId>,
    pub(super) text: String,
    pub(super) harm: bool,
}

/// What is drawn, in the order in which it happened.
pub(super) struct Diagram {
    pub(super) arrows: Vec<Arrow>,
    pub(super) deeds: Vec<Deed>,
    pub(super) timers: Vec<(Time, NodeId)>,
    pub(super) spans: Spans,
    pub(super) account: Account,
    first: Option<Time>,
    nodes: usize,
    events: u64,
}

/// How the diagram lies in the picture.
pub(super) struct View {
    pub(super) width: f64,
    pub(super) top: f64,
    pub(super) bottom: f64,
    /// Room below the lanes for what is told of the operations.
    below: f64,
    pub(super) left: f64,
    pub(super) right: f64,
    pub(super) lane: f64,
    pub(super) from: Time,
    pub(super) to: Time,
}

/// The room for the names of the lanes, and for the words above them.
const NAMES: f64 = 64.0;
const HEAD: f64 = 44.0;
const FOOT: f64 = 34.0;
/// How much room an event gets, until the picture is as wide as it may be.
const PER_EVENT: f64 = 2.5;
const WIDEST: f64 = 20_000.0;

impl View {
    pub(super) fn x(&self, time: Time) -> f64 {
        let whole = (self.to - self.from).0.max(1) as f64;
        let part = (time - self.from).0 as f64 / whole;
        self.left + part.min(1.0) * (self.right - self.left)
    }

    pub(super) fn y(&self, node: NodeId) -> f64 {
        self.top + HEAD + self.lane * (f64::from(node.0) + 0.5)
    }

    /// From the first lane to the last.
    pub(super) fn lanes(&self) -> (f64, f64) {
        (self.top + HEAD, self.bottom - FOOT - self.below)
    }
}

impl Diagram {
    pub(super) fn new(names: &Names) -> Self {
        Diagram {
            arrows: Vec::new(),
            deeds: Vec::new(),
            timers: Vec::new(),
            spans: Spans::default(),
            account: Account::default(),
            first: None,
            nodes: names.nodes().count(),
            events: 0,
        }
    }

    pub(super) fn events(&self) -> u64 {
        self.events
    }

    pub(super) fn event(&mut self, record: &Record, plugin: &dyn Plugin, names: &Names) {
        self.events += 1;
        if self.events > super::Picture::MOST_EVENTS {
            // There will be no picture; nothing more need be kept for it.
            return;
        }
        self.first.get_or_insert(record.time);
        Told::of(record).for_each(|told| self.account.note(&told));
        let tone = |letter: &Letter| plugin.message_tone(letter.name.kind);
        match &record.what {
            Happened::Delivered(letter) => self.arrow(letter, record.time, None, tone(letter)),
            Happened::Lost(letter, why) => {
                self.arrow(letter, record.time, Some(*why), tone(letter));
            }
            Happened::TimerFired(node, _) => self.timers.push((record.time, *node)),
            Happened::Commanded(action, None) | Happened::Struck(action, None) => {
                self.spans.deed(action, record.time, names);
                self.deed(action, record.time, names);
            }
            Happened::Nothing
            | Happened::Started(_)
            | Happened::Written(..)
            | Happened::Commanded(_, Some(_))
            | Happened::Struck(_, Some(_)) => {}
        }
    }

    fn arrow(&mut self, letter: &Letter, now: Time, lost: Option<LossReason>, tone: Tone) {
        self.arrows.push(Arrow {
            from: (letter.sent_at, letter.name.from),
            to: (now, letter.name.to),
            lost,
            tone,
        });
    }

    fn deed(&mut self, action: &Rc<Action>, now: Time, names: &Names) {
        self.deeds.push(Deed {
            at: now,
            node: action.node(),
            text: Command::Act(Rc::clone(action)).print(names),
            harm: action
                .fault()
                .is_some_and(|kind| kind != FaultKind::Restart),
        });
    }

    /// How large it is: time runs to the right, a lane for each node.
    pub(super) fn view(&self, world: &World, top: f64, bars: &Bars) -> View {
        let room = 2.0 * EDGE + NAMES + PER_EVENT * self.events as f64;
        let width = room.clamp(NARROWEST, WIDEST);
        let lane = match self.nodes {
            0..=12 => 34.0,
            13..=40 => 18.0,
            _ => 8.0,
        };
        let lanes = lane * self.nodes.max(1) as f64;
        let (left, right) = (EDGE + NAMES, width - EDGE - 20.0);
        let below = bars.height(right - left);
        View {
            width,
            top,
            bottom: top + HEAD + lanes + FOOT + below,
            below,
            left,
            right,
            lane,
            from: self.first.unwrap_or_default().min(world.now()),
            to: world.now(),
        }
    }
}
