//! A second look at a branch: a run of its own that goes through the branch while the history
//! stays where it is. And where two branches part.

use super::command::Until;
use super::history::{Branch, BranchId, Entry, History, Logged, action_at, nearest, step_on};
use super::run::Run;
use crate::engine::{NodeId, Span, Time};
use crate::sim::{Cell, Record};

/// See the module.
pub struct Cursor<'a> {
    run: Run,
    branch: &'a Branch,
}

impl History {
    /// Another look at a branch, after so many of its steps, or at its end where it is shorter.
    /// `None` where there is no such branch.
    #[must_use]
    pub fn cursor(&self, branch: BranchId, step: u64) -> Option<Cursor<'_>> {
        let (_, branch) = self.branches().find(|(id, _)| *id == branch)?;
        let mut cursor = Cursor {
            run: Run::clone(nearest(branch.snapshots(), step)),
            branch,
        };
        while cursor.run.world().steps() < step && cursor.step() {}
        Some(cursor)
    }

    /// A branch as it was at a time, or at its end where that was before. `None` where there is no
    /// such branch.
    #[must_use]
    pub fn run_at(&self, branch: BranchId, time: Time) -> Option<Run> {
        let (_, found) = self.branches().find(|(id, _)| *id == branch)?;
        let snapshots = found.snapshots();
        let at = snapshots.partition_point(|run| run.world().now() <= time);
        let step = snapshots[at.max(1) - 1].world().steps();
        let mut cursor = self.cursor(branch, step)?;
        cursor.run_to(time);
        Some(cursor.run)
    }
}

impl History {
    /// Whether this comes about from here on if nobody does more than the branch has, in that time: looked at on a
    /// copy, so that nothing moves. What would take very long to say may come about.
    #[must_use]
    pub fn foresees(&self, until: &Until, within: Span) -> bool {
        const MOST_EVENTS: u64 = 200_000;
        let here = self.position();
        let Some(mut cursor) = self.cursor(self.branch_id(), here.step) else {
            return true;
        };
        for _ in 0..MOST_EVENTS {
            if until.reached(&cursor.run, self.names()) {
                return true;
            }
            if cursor.due().is_none_or(|due| due > here.time + within) {
                return false;
            }
            if !cursor.step() {
                cursor.run.step();
            }
        }
        true
    }
}

impl Cursor<'_> {
    /// The run as it is there.
    #[must_use]
    pub fn run(&self) -> &Run {
        &self.run
    }

    /// The next step of the branch; false at its end.
    pub fn step(&mut self) -> bool {
        self.run.world().steps() < self.branch.end.step && step_on(&mut self.run, &self.branch.log)
    }

    /// Every step up to a time, and the clock to that time; not past the branch's end.
    pub fn run_to(&mut self, time: Time) {
        let time = time.min(self.branch.end.time);
        while self.due().is_some_and(|due| due <= time) && self.step() {}
        self.run.advance_to(time);
    }

    /// When the next step is due, be it a command or an event.
    fn due(&self) -> Option<Time> {
        let given = action_at(&self.branch.log, self.run.world().steps());
        let given = given.map(|(time, _)| time);
        given.or_else(|| self.run.world().next_time())
    }
}

/// How many steps are replayed at once to look for a change.
const WINDOW: u64 = 2048;

/// The last step up to the playhead in which something that is read from one node became what it
/// is now. `None` where it was so from the beginning, or from before `most` steps ago.
#[must_use]
pub fn last_change(
    history: &History,
    node: NodeId,
    most: u64,
    read: &dyn Fn(&Cell) -> Option<String>,
) -> Option<u64> {
    let here = history.position().step;
    let mut to = here;
    while to > 0 && here - to < most {
        let from = to.saturating_sub(WINDOW);
        let mut cursor = history.cursor(history.branch_id(), from)?;
        let (mut value, mut found) = (read(cursor.run().world().cell(node)), None);
        while cursor.run().world().steps() < to && cursor.step() {
            let world = cursor.run().world();
            // What was not touched is as it was.
            if !world.record().touched.contains(&node) {
                continue;
            }
            let next = read(world.cell(node));
            if next != value {
                (value, found) = (next, Some(world.steps()));
            }
        }
        if found.is_some() {
            return found;
        }
        to = from;
    }
    None
}

/// The first step in which two branches are not alike.
#[derive(Clone)]
pub struct Parting {
    /// The step, counted from 1.
    pub step: u64,
    /// What happened there on the one branch.
    pub left: Record,
    /// What happened there on the other.
    pub right: Record,
}

/// Where two branches of a history part: the first step with another trace. `None` where they
/// are alike as far as both were run, or one of them is not there.
#[must_use]
pub fn parting(history: &History, left: BranchId, right: BranchId) -> Option<Parting> {
    let alike = shared_steps(history, left, right)?;
    let mut one = history.cursor(left, alike)?;
    let mut other = history.cursor(right, alike)?;
    while one.step() && other.step() {
        let (a, b) = (one.run().world(), other.run().world());
        if a.trace_hash() != b.trace_hash() {
            return Some(Parting {
                step: a.steps(),
                left: a.record().clone(),
                right: b.record().clone(),
            });
        }
    }
    None
}

/// So many steps are surely alike: up to the first command that only one of them has.
fn shared_steps(history: &History, left: BranchId, right: BranchId) -> Option<u64> {
    let log = |id| {
        let (_, branch) = history.branches().find(|(other, _)| *other == id)?;
        Some(&branch.log)
    };
    let acts = |logged: &&Logged| matches!(logged.entry, Entry::Act(_));
    let mut one = log(left)?.iter().filter(acts);
    let mut other = log(right)?.iter().filter(acts);
    loop {
        let (a, b) = (one.next(), other.next());
        if let (Some(a), Some(b)) = (a, b)
            && a.at == b.at
            && same(a, b)
        {
            continue;
        }
        let steps = [a, b].into_iter().flatten().map(|logged| logged.at.step);
        let end = |id| history.branches().find(|(other, _)| *other == id);
        let ends = [end(left)?.1.end.step, end(right)?.1.end.step];
        return steps.chain(ends).min();
    }
}

fn same(a: &Logged, b: &Logged) -> bool {
    match (&a.entry, &b.entry) {
        (Entry::Act(a), Entry::Act(b)) => a == b,
        (Entry::Annotation(a), Entry::Annotation(b)) => a == b,
        (Entry::Act(_), Entry::Annotation(_)) | (Entry::Annotation(_), Entry::Act(_)) => false,
    }
}
