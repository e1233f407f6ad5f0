//! What the run is compared with: another branch, another moment, another node.

use super::{Notice, Player};
use crate::engine::NodeId;
use crate::lab::{BranchId, Parting, Phrase, Position, Run, last_change, parting};
use crate::sim::Cell;
use crate::ui::model::{Against, Other, Selection};
use crate::ui::panels::value_at;
use std::cell::RefCell;
use std::rc::Rc;

/// How many steps back the change of a value is looked for.
const MOST_LOOKED_AT: u64 = 20_480;

/// Two branches and how far each was run: what a parting depends on.
type Pair = [(BranchId, u64); 2];

/// See the module.
#[derive(Default)]
pub(super) struct Study {
    pub(super) pinned: Option<(BranchId, Position)>,
    pub(super) against: Option<Against>,
    /// The parting that was found last.
    parted: RefCell<Option<(Pair, Option<Rc<Parting>>)>>,
}

impl Player {
    /// The other side of the comparison, as it is now.
    pub(super) fn other(&self) -> Option<Other> {
        let against = self.study.against?;
        let history = &self.history;
        let (run, parting) = match against {
            Against::Node(_) => (history.run().clone(), None),
            Against::Branch(branch) => {
                let run = history.run_at(branch, self.position().time)?;
                (run, self.parting_from(branch))
            }
            Against::Moment(branch, at) => (self.run_there(branch, at)?, None),
        };
        Some(Other {
            against,
            run: Rc::new(run),
            parting,
        })
    }

    fn run_there(&self, branch: BranchId, at: Position) -> Option<Run> {
        let cursor = self.history.cursor(branch, at.step)?;
        let mut run = cursor.run().clone();
        run.advance_to(at.time);
        Some(run)
    }

    /// Where this branch and another part. It is looked for anew only while nothing moves,
    /// because branches that are alike for long take long to compare.
    fn parting_from(&self, branch: BranchId) -> Option<Rc<Parting>> {
        let history = &self.history;
        let end = |id| {
            let (_, branch) = history.branches().find(|(other, _)| *other == id)?;
            Some((id, branch.end.step))
        };
        let here = history.branch_id();
        let pair = [end(here)?, end(branch)?];
        let mut parted = self.study.parted.borrow_mut();
        match &*parted {
            Some((known, found)) if *known == pair || self.moves() => found.clone(),
            Some(_) | None => {
                let found = parting(history, here, branch).map(Rc::new);
                *parted = Some((pair, found.clone()));
                found
            }
        }
    }

    /// Selects the step in which a value of a node's state became what it is now.
    pub(super) fn why_value(&mut self, node: NodeId, path: &str) {
        let read = |cell: &Cell| value_at(cell, &self.names, path);
        match last_change(&self.history, node, MOST_LOOKED_AT, &read) {
            Some(step) => self.selection = Selection::Event(step),
            None => self.tell(Some(Notice::plain(Phrase::new("app.never-changed")))),
        }
    }

    /// Deletes a branch. What was compared with it is compared with nothing.
    pub(super) fn delete(&mut self, branch: BranchId) {
        self.history.delete(branch);
        let gone = |id: BranchId| id == branch && id != self.history.branch_id();
        if self.study.pinned.is_some_and(|(id, _)| gone(id)) {
            self.study.pinned = None;
        }
        let about = match self.study.against {
            Some(Against::Branch(id) | Against::Moment(id, _)) => gone(id),
            Some(Against::Node(_)) | None => false,
        };
        if about {
            self.study.against = None;
        }
    }
}
