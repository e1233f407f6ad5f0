//! A run with its past: exact step back, and branches.
//!
//! The command log is the truth, snapshots are a cache: seeking is the nearest snapshot and a
//! replay. Touching the past forks it, and the old future is kept.

mod branch;
mod telling;

pub use branch::{Branch, BranchId, Entry, Logged};
use branch::{SNAPSHOT_EVERY, first_spacing, logged_acts_at, most_records};
pub(super) use branch::{action_at, nearest, step_on};

use super::chronicle::{Chronicle, Told};
use super::command::Command;
use super::names::Names;
use super::run::{Position, Run};
use super::series::Series;
use super::spec::{Lab, Setup};
use crate::engine::Time;
use crate::sim::{Action, Miss, Record};
use std::collections::VecDeque;
use std::rc::Rc;

/// All branches of one experiment, and the place that is looked at.
pub struct History {
    names: Names,
    setup: Setup,
    branches: Vec<Branch>,
    current: BranchId,
    run: Run,
    /// The last records up to the playhead, gap-free.
    recent: VecDeque<Record>,
    keep: usize,
    /// Whether there are a chronicle and counters.
    noted: bool,
    /// Whether snapshots are taken; without them the past is only reached from the beginning.
    snapshots: bool,
}

impl History {
    /// An experiment at time zero. `keep` is how many records are kept for display; in a crowd
    /// they are fewer.
    #[must_use]
    pub fn new(lab: &'static dyn Lab, setup: Setup, keep: usize) -> Self {
        let run = Run::new(lab, &setup);
        let names = Names::of(lab, run.world());
        let nodes = run.world().ids().count();
        let keep = most_records(nodes, keep);
        let first = Branch {
            parent: None,
            log: Vec::new(),
            end: Position::default(),
            whole: Position::default(),
            name: None,
            deleted: false,
            series: Rc::default(),
            chronicle: Chronicle::default(),
            snapshots: vec![Rc::new(run.clone())],
            spacing: first_spacing(nodes),
        };
        History {
            names,
            setup,
            branches: vec![first],
            current: 0,
            run,
            // Full it is turned without anything being moved.
            recent: VecDeque::with_capacity(keep),
            keep,
            noted: keep > 0,
            snapshots: true,
        }
    }

    /// An experiment that is only run onwards, however long: nothing is kept of its past but the
    /// commands.
    #[must_use]
    pub fn onwards(lab: &'static dyn Lab, setup: Setup) -> Self {
        History {
            snapshots: false,
            ..Self::new(lab, setup, 0)
        }
    }

    /// A history of its own that goes on from this branch, at its beginning; the two do not know
    /// of each other. `None` where there is no such branch.
    #[must_use]
    pub fn apart(&self, branch: BranchId) -> Option<Self> {
        let (_, found) = self.branches().find(|(id, _)| *id == branch)?;
        let only = Branch {
            parent: None,
            ..found.clone()
        };
        Some(History {
            names: self.names.clone(),
            setup: self.setup.clone(),
            run: Run::clone(&only.snapshots[0]),
            branches: vec![only],
            current: 0,
            recent: VecDeque::with_capacity(self.keep),
            keep: self.keep,
            noted: self.noted,
            snapshots: self.snapshots,
        })
    }

    /// The names of the lab as it is set up.
    #[must_use]
    pub fn names(&self) -> &Names {
        &self.names
    }

    /// What the run started from.
    #[must_use]
    pub fn setup(&self) -> &Setup {
        &self.setup
    }

    /// The run at the playhead.
    #[must_use]
    pub fn run(&self) -> &Run {
        &self.run
    }

    /// Where the playhead is.
    #[must_use]
    pub fn position(&self) -> Position {
        self.run.position()
    }

    /// The branch that is looked at.
    #[must_use]
    pub fn branch(&self) -> &Branch {
        &self.branches[self.current]
    }

    /// Its number.
    #[must_use]
    pub fn branch_id(&self) -> BranchId {
        self.current
    }

    /// All branches that were not deleted.
    pub fn branches(&self) -> impl Iterator<Item = (BranchId, &Branch)> {
        self.branches
            .iter()
            .enumerate()
            .filter(|(_, branch)| !branch.deleted)
    }

    /// The records of the last steps up to the playhead, oldest first.
    #[must_use]
    pub fn recent(&self) -> &VecDeque<Record> {
        &self.recent
    }

    /// The counters of this branch, up to its end; empty where no records are kept.
    #[must_use]
    pub fn series(&self) -> &Rc<Series> {
        &self.branch().series
    }

    /// What happened in the steps of this branch, up to its end; empty where no records are kept.
    #[must_use]
    pub fn chronicle(&self) -> &Chronicle {
        &self.branch().chronicle
    }

    /// Replays a chunk that the chronicle forgot, so that it is kept again.
    pub fn recall(&mut self, chunk: u64) {
        let first = chunk * Chronicle::CHUNK;
        let (mut events, mut told) = (Vec::new(), Vec::new());
        self.replay(first + 1, first + Chronicle::CHUNK, &mut |record| {
            events.push(Chronicle::event_of(record));
            told.extend(Told::of(record));
        });
        let chronicle = &mut self.branches[self.current].chronicle;
        chronicle.restore(chunk, &events, &told);
    }

    /// The records of the last steps up to this one of this branch, at most `most`, replayed.
    #[must_use]
    pub fn records_to(&self, step: u64, most: usize) -> Vec<Record> {
        let first = step.saturating_sub(most as u64) + 1;
        let mut records = Vec::new();
        self.replay(first, step, &mut |record| records.push(record.clone()));
        records
    }

    /// Shows the records of these steps of this branch. The history stays where it is.
    fn replay(&self, first: u64, last: u64, watch: &mut dyn FnMut(&Record)) {
        let branch = self.branch();
        let mut run = Run::clone(nearest(&branch.snapshots, first.saturating_sub(1)));
        let last = last.min(branch.end.step);
        while run.world().steps() < last && step_on(&mut run, &branch.log) {
            if run.world().steps() >= first {
                watch(run.world().record());
            }
        }
    }

    /// Whether the playhead is at the end of its branch.
    #[must_use]
    pub fn at_end(&self) -> bool {
        self.position() >= self.branch().end
    }

    /// The next step of this branch: the command that was given here, or the next event. False
    /// where nothing is due.
    pub fn step(&mut self) -> bool {
        let moved = step_on(&mut self.run, &self.branches[self.current].log);
        if moved {
            self.arrived();
        }
        moved
    }

    /// Every step up to a time, and the clock to that time.
    pub fn run_to(&mut self, time: Time) {
        while self.next_time().is_some_and(|due| due <= time) {
            self.step();
        }
        self.run.advance_to(time);
        self.extend();
    }

    /// When the next step is due.
    #[must_use]
    pub fn next_time(&self) -> Option<Time> {
        let given = self
            .action_at(self.run.world().steps())
            .map(|(time, _)| time);
        given.or_else(|| self.run.world().next_time())
    }

    /// Does something to the world, here and now. In the past that forks the branch.
    pub fn act(&mut self, action: &Rc<Action>) -> Result<(), Miss> {
        self.fork_if_past();
        let at = self.position();
        let entry = Entry::Act(Rc::clone(action));
        self.branches[self.current].log.push(Logged {
            at,
            whole: self.run.whole(),
            entry,
        });
        let done = self.run.act(action);
        self.arrived();
        done
    }

    /// Notes an expectation or a mark, here and now. It changes nothing, and so forks nothing.
    pub fn annotate(&mut self, command: Command) {
        let at = self.position();
        let log = &mut self.branches[self.current].log;
        // An action at this place comes after what is noted here: it is the step that follows.
        let place = log.partition_point(|logged| {
            logged.at < at || (logged.at == at && matches!(logged.entry, Entry::Annotation(_)))
        });
        log.insert(
            place,
            Logged {
                at,
                whole: self.run.whole(),
                entry: Entry::Annotation(command),
            },
        );
    }

    /// Goes to a step of this branch, exactly; past its end the run goes on.
    pub fn seek(&mut self, step: u64) {
        let here = self.run.world().steps();
        if step < here || nearest(&self.branch().snapshots, step).world().steps() > here {
            self.rewind(step);
        }
        self.skip_to(step.saturating_sub(self.keep as u64));
        while self.run.world().steps() < step && self.step() {}
    }

    /// Goes to a place of this branch: the step, and the clock between events.
    pub fn seek_to(&mut self, position: Position) {
        self.seek(position.step);
        self.run.advance_to(position.time);
    }

    /// Goes to where the clock showed this time: after the last step that is not later.
    pub fn seek_time(&mut self, time: Time) {
        let snapshots = &self.branch().snapshots;
        let at = snapshots.partition_point(|run| run.world().now() <= time);
        // Of several steps at one moment, a snapshot may hold but the first ones.
        let from = snapshots[at.max(1) - 1].world().steps();
        if time < self.run.world().now() || from > self.run.world().steps() {
            self.rewind(from);
        }
        self.run_to(time);
    }

    /// Looks at another branch, at its place nearest to this one.
    pub fn switch(&mut self, branch: BranchId) {
        if self
            .branches
            .get(branch)
            .is_some_and(|branch| !branch.deleted)
        {
            self.current = branch;
            let end = self.branch().end;
            self.rewind(end.step);
            self.seek_to(end);
        }
    }

    /// Names a branch.
    pub fn rename(&mut self, branch: BranchId, name: Option<String>) {
        if let Some(branch) = self.branches.get_mut(branch) {
            branch.name = name;
        }
    }

    /// Deletes a branch that is not looked at.
    pub fn delete(&mut self, branch: BranchId) {
        if branch != self.current
            && let Some(branch) = self.branches.get_mut(branch)
        {
            branch.deleted = true;
            branch.snapshots.clear();
        }
    }

    /// The command given after so many steps, if one was.
    fn action_at(&self, step: u64) -> Option<(Time, Rc<Action>)> {
        action_at(&self.branch().log, step)
    }

    fn fork_if_past(&mut self) {
        let here = self.position();
        let branch = &self.branches[self.current];
        let acts_later = branch
            .log
            .iter()
            .any(|logged| matches!(logged.entry, Entry::Act(_)) && logged.at.step >= here.step);
        if here.step >= branch.end.step && !acts_later {
            return;
        }
        let chronicle = self.chronicle_here(here.step);
        let branch = &self.branches[self.current];
        let past = |logged: &&Logged| logged.at <= here && !logged_acts_at(logged, here.step);
        let fork = Branch {
            parent: Some((self.current, here)),
            log: branch.log.iter().filter(past).cloned().collect(),
            end: here,
            whole: self.run.whole(),
            name: None,
            deleted: false,
            series: Rc::new(self.series_to(here.step)),
            chronicle,
            snapshots: branch
                .snapshots
                .iter()
                .filter(|run| run.world().steps() <= here.step)
                .cloned()
                .collect(),
            spacing: branch.spacing,
        };
        self.branches.push(fork);
        self.current = self.branches.len() - 1;
    }

    /// The chronicle up to this step.
    fn chronicle_here(&mut self, step: u64) -> Chronicle {
        if !self.noted {
            return Chronicle::default();
        }
        if self.chronicle().event(step).is_none() && step > 0 {
            // The chunk in which the fork goes on must be there.
            self.recall((step - 1) / Chronicle::CHUNK);
        }
        self.chronicle().until(step)
    }

    /// After every step: the record is kept, the branch may have grown, a snapshot may be due.
    fn arrived(&mut self) {
        if self.keep > 0 {
            // The oldest is written over in its place, and not moved out and in again.
            if self.recent.len() >= self.keep {
                self.recent.rotate_left(1);
            } else {
                self.recent.push_back(Record::default());
            }
            if let Some(newest) = self.recent.back_mut() {
                newest.clone_from(self.run.world().record());
            }
        }
        let step = self.run.world().steps();
        let branch = &mut self.branches[self.current];
        if self.noted && step > branch.series.last() {
            let (lab, world) = (self.names.lab, self.run.world());
            Rc::make_mut(&mut branch.series).note(world.record(), &mut || lab.read(world));
        }
        if self.noted {
            branch.chronicle.note(self.run.world().record());
        }
        if self.snapshots && step.is_multiple_of(branch.spacing) {
            branch.take_snapshot(&self.run);
        }
        self.extend();
    }

    /// The counters of this branch up to a step.
    fn series_to(&self, step: u64) -> Series {
        let mut series = self.branch().series.before(step);
        let mut cursor = self.cursor(self.current, series.last());
        while series.last() < step
            && self.noted
            && let Some(cursor) = &mut cursor
            && cursor.step()
        {
            let world = cursor.run().world();
            series.note(world.record(), &mut || self.names.lab.read(world));
        }
        series
    }

    fn extend(&mut self) {
        let here = self.position();
        let branch = &mut self.branches[self.current];
        if here > branch.end {
            (branch.end, branch.whole) = (here, self.run.whole());
        }
    }

    /// Back to a step, with the records that lead to it.
    fn rewind(&mut self, step: u64) {
        let wanted = (self.keep as u64).min(SNAPSHOT_EVERY / 4).min(step);
        let branch = &self.branches[self.current];
        self.run = Run::clone(nearest(&branch.snapshots, step - wanted));
        self.recent.clear();
        self.skip_to(step - wanted);
        while self.run.world().steps() < step && self.step() {}
    }

    /// On to a step from which on records are wanted, without those before it.
    fn skip_to(&mut self, step: u64) {
        if self.run.world().steps() < step {
            self.recent.clear();
            let keep = std::mem::take(&mut self.keep);
            while self.run.world().steps() < step && self.step() {}
            self.keep = keep;
        }
    }
}
