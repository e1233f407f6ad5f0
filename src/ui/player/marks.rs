//! Marks on the scrub bar: what was done, and what the checks found. A verdict is kept once it
//! was seen, so that its mark stays when the playhead goes back before it.

use super::Player;
use crate::lab::{BranchId, Command, Dictionary, Entry, Position, Verdict};
use crate::sim::Action;
use crate::ui::model::{BranchView, Mark, MarkKind};
use std::rc::Rc;

/// A verdict that was found on a branch.
#[derive(Clone)]
pub(super) struct Found {
    pub(super) branch: BranchId,
    pub(super) check: usize,
    pub(super) at: Position,
    pub(super) violated: bool,
    /// Whether the page has told of it.
    pub(super) told: bool,
}

impl Found {
    /// Whether it is the same finding.
    pub(super) fn same(&self, other: &Found) -> bool {
        (self.branch, self.check, self.at.step) == (other.branch, other.check, other.at.step)
    }
}

impl Player {
    /// What a verdict found, if it found anything.
    pub(super) fn found_by(
        &self,
        branch: BranchId,
        check: usize,
        verdict: Verdict,
    ) -> Option<Found> {
        let (at, violated) = match verdict {
            Verdict::Violated { step, time, .. } => (Position { step, time }, true),
            Verdict::Seen { step } => {
                let event = self.history.chronicle().event(step);
                let time = event.map_or(self.position().time, |event| event.time);
                (Position { step, time }, false)
            }
            Verdict::Holds | Verdict::NotSeen | Verdict::Pending => return None,
        };
        Some(Found {
            branch,
            check,
            at,
            violated,
            told: false,
        })
    }

    /// What was found is told again where the playhead comes to it.
    pub(super) fn tell_again(&mut self) {
        for found in &mut self.found {
            found.told = false;
        }
    }

    /// A branch forked: what was found before the fork is true of it, too.
    pub(super) fn inherit(&mut self, from: BranchId) {
        let here = self.position().step;
        let branch = self.history.branch_id();
        let past = |found: &&Found| found.branch == from && found.at.step <= here;
        let found: Vec<Found> = self.found.iter().filter(past).cloned().collect();
        for found in found {
            let found = Found { branch, ..found };
            if !self.found.iter().any(|known| known.same(&found)) {
                self.found.push(found);
            }
        }
    }

    /// The marks of the branch that is looked at, in order.
    pub(super) fn marks(&self, words: &Dictionary) -> Vec<Mark> {
        let given = self.history.branch().log.iter().filter_map(|logged| {
            let (kind, text) = match &logged.entry {
                Entry::Act(action) => (kind_of(action), self.text_of(action)),
                Entry::Annotation(Command::Mark(name)) => (MarkKind::Named, name.clone()),
                Entry::Annotation(_) => return None,
            };
            let at = logged.at;
            Some(Mark { at, kind, text })
        });
        let branch = self.history.branch_id();
        let found = self.found.iter().filter(|found| found.branch == branch);
        let found = found.map(|found| {
            let id = self.plugin.info().checks[found.check].id;
            Mark {
                at: found.at,
                kind: if found.violated {
                    MarkKind::Violated
                } else {
                    MarkKind::Seen
                },
                text: words.text(&format!("check.{id}")),
            }
        });
        // Both come nearly in order, so that each mark has its place near the end.
        let mut marks: Vec<Mark> = Vec::new();
        for mark in given.chain(found) {
            let at = marks.partition_point(|other| other.at <= mark.at);
            marks.insert(at, mark);
        }
        marks
    }

    fn text_of(&self, action: &Rc<Action>) -> String {
        Command::Act(Rc::clone(action)).print(&self.names)
    }

    /// The place of the mark after (or before) the playhead; the branch's end (or beginning)
    /// where there is none.
    pub(super) fn mark_beside(&self, forward: bool) -> Position {
        let here = self.position();
        let log = self.history.branch().log.iter().map(|logged| logged.at);
        let branch = self.history.branch_id();
        let found = self.found.iter().filter(|found| found.branch == branch);
        let places = log.chain(found.map(|found| found.at));
        let past = |at: &Position| at.step < here.step;
        if forward {
            let after = places.filter(|at| at.step > here.step).min();
            after.unwrap_or(self.history.branch().end)
        } else {
            places.filter(past).max().unwrap_or_default()
        }
    }

    /// The places of this branch that a person gave a name.
    fn named(&self) -> impl Iterator<Item = Position> {
        let log = self.history.branch().log.iter();
        log.filter_map(|logged| match &logged.entry {
            Entry::Annotation(Command::Mark(_)) => Some(logged.at),
            Entry::Annotation(_) | Entry::Act(_) => None,
        })
    }

    pub(super) fn has_named_marks(&self) -> bool {
        self.named().next().is_some()
    }

    /// The named place after (or before) the playhead; the branch's end (or beginning) where
    /// there is none.
    pub(super) fn named_beside(&self, forward: bool) -> Position {
        let here = self.position();
        if forward {
            let after = self.named().filter(|at| *at > here).min();
            after.unwrap_or(self.history.branch().end)
        } else {
            let before = self.named().filter(|at| *at < here).max();
            before.unwrap_or_default()
        }
    }

    /// All branches, for the list.
    pub(super) fn branch_views(&self) -> Vec<BranchView> {
        let view = |(id, branch): (BranchId, &crate::lab::Branch)| BranchView {
            id,
            parent: branch.parent,
            name: branch.name.clone(),
            end: branch.end,
        };
        self.history.branches().map(view).collect()
    }
}

fn kind_of(action: &Action) -> MarkKind {
    let heals = matches!(action, Action::Restart(_));
    if matches!(action, Action::Storm(_)) || (action.fault().is_some() && !heals) {
        MarkKind::Fault
    } else {
        MarkKind::Command
    }
}
