//! One line of history: what was done in it, and the snapshots from which it is reached.

use super::super::chronicle::Chronicle;
use super::super::command::Command;
use super::super::run::{Position, Run};
use super::super::series::Series;
use crate::engine::Time;
use crate::sim::Action;
use std::rc::Rc;

/// How many steps lie between two snapshots at first: a seek replays at most so many.
pub(super) const SNAPSHOT_EVERY: u64 = 2048;
/// The most snapshots of a branch. Then every second one goes, and the next ones are as far apart
/// as those that are left, so that a run without end needs no memory without end.
const SNAPSHOTS_MOST: usize = 1024;
/// A snapshot shares the nodes that did nothing since the one before. In a world of so many nodes some did
/// nothing; in one that is larger, snapshots are larger, and there are fewer.
const SMALL: usize = 64;
/// But never fewer than this.
const SNAPSHOTS_LEAST: usize = 48;
/// In a world of twice as many nodes as this, and more, snapshots are farther apart from the beginning: nearly every node
/// did something since the last one, and to copy a thousand of them takes as long as a thousand steps.
const CROWD: usize = 128;

/// The most snapshots of a branch in a world of so many nodes.
fn most_snapshots(nodes: usize) -> usize {
    (SNAPSHOTS_MOST * SMALL / nodes.max(SMALL)).max(SNAPSHOTS_LEAST)
}

/// How many records are kept for display in a world of so many nodes: in a crowd as many as a jump replays. There they are old
/// after a moment, and what is at hand while it runs has to stay in the processor's cache.
pub(super) fn most_records(nodes: usize, keep: usize) -> usize {
    if nodes > CROWD {
        keep.min(SNAPSHOT_EVERY as usize / 4)
    } else {
        keep
    }
}

/// How many steps lie between two snapshots at first in a world of so many nodes.
pub(super) fn first_spacing(nodes: usize) -> u64 {
    SNAPSHOT_EVERY * (nodes / CROWD).next_power_of_two() as u64
}

/// One command that was given, and where.
#[derive(Clone, Debug)]
pub struct Logged {
    /// Where; a command that acts is itself the step after it.
    pub at: Position,
    /// [`Run::whole`] there: how a story leads to that place.
    pub whole: Position,
    /// What.
    pub entry: Entry,
}

/// What can stand in the log of a branch.
#[derive(Clone, Debug)]
pub enum Entry {
    /// Something done to the world; it takes a step.
    Act(Rc<Action>),
    /// An expectation or a mark; it takes none.
    Annotation(Command),
}

/// The number of a branch; 0 is the first.
pub type BranchId = usize;

/// One line of history from its beginning.
#[derive(Clone)]
pub struct Branch {
    /// From which branch it forked, and where.
    pub parent: Option<(BranchId, Position)>,
    /// Every command, the parent's up to the fork included.
    pub log: Vec<Logged>,
    /// How far it was run.
    pub end: Position,
    /// [`Run::whole`] there.
    pub whole: Position,
    /// The name that a person gave it.
    pub name: Option<String>,
    /// Whether it was deleted; its number is not used again.
    pub deleted: bool,
    /// What was counted in its steps; empty where no records are kept.
    pub(super) series: Rc<Series>,
    /// What happened in its steps; empty where no records are kept.
    pub(super) chronicle: Chronicle,
    pub(super) snapshots: Vec<Rc<Run>>,
    /// How many steps lie between two of them.
    pub(super) spacing: u64,
}

impl Branch {
    /// Its snapshots, in order; the first is the run's beginning.
    pub(in crate::lab) fn snapshots(&self) -> &[Rc<Run>] {
        &self.snapshots
    }

    pub(super) fn take_snapshot(&mut self, run: &Run) {
        let step = run.world().steps();
        let last = self.snapshots.last();
        if last.is_some_and(|last| last.world().steps() >= step) {
            return;
        }
        self.snapshots.push(Rc::new(run.clone()));
        if self.snapshots.len() > most_snapshots(run.world().ids().count()) {
            self.spacing *= 2;
            let spacing = self.spacing;
            self.snapshots
                .retain(|run| run.world().steps().is_multiple_of(spacing));
        }
    }
}

pub(super) fn logged_acts_at(logged: &Logged, step: u64) -> bool {
    matches!(logged.entry, Entry::Act(_)) && logged.at.step >= step
}

pub(in crate::lab) fn nearest(snapshots: &[Rc<Run>], step: u64) -> &Rc<Run> {
    let at = snapshots.partition_point(|run| run.world().steps() <= step);
    &snapshots[at.max(1) - 1]
}

/// The next step of a run: the command that was given there, or the next event.
pub(in crate::lab) fn step_on(run: &mut Run, log: &[Logged]) -> bool {
    let Some((time, action)) = action_at(log, run.world().steps()) else {
        return run.step();
    };
    run.advance_to(time);
    // A miss was a miss before; it is in the record.
    let _ = run.act(&action);
    true
}

pub(in crate::lab) fn action_at(log: &[Logged], step: u64) -> Option<(Time, Rc<Action>)> {
    let from = log.partition_point(|logged| logged.at.step < step);
    log[from..]
        .iter()
        .take_while(|logged| logged.at.step == step)
        .find_map(|logged| match &logged.entry {
            Entry::Act(action) => Some((logged.at.time, Rc::clone(action))),
            Entry::Annotation(_) => None,
        })
}
