//! What lasts for a while: nodes that are down or paused, links that are cut. For the picture and
//! for the diagram of the page.

use crate::engine::{NodeId, Time};
use crate::lab::{Command, Names};
use crate::sim::{Action, Status};
use std::rc::Rc;

/// From when to when, and what; an end that is not there is after the picture.
pub struct Lasting<T> {
    /// Its beginning.
    pub from: Time,
    /// Its end.
    pub to: Option<Time>,
    /// What lasts.
    pub what: T,
}

/// All that lasts, as far as the deeds tell that it was told of.
#[derive(Default)]
pub struct Spans {
    /// Nodes that do not run, and how they do not.
    pub still: Vec<Lasting<(NodeId, Status)>>,
    /// Cut links: the command that cut them.
    pub cuts: Vec<Lasting<String>>,
    /// The directed links that are cut now.
    cut_now: Vec<(NodeId, NodeId)>,
}

impl Spans {
    /// An action that took effect, by a person or the storm.
    pub fn deed(&mut self, action: &Rc<Action>, now: Time, names: &Names) {
        match &**action {
            Action::Kill(node) | Action::Wipe(node) => self.stand(*node, Some(Status::Down), now),
            Action::Pause(node) => self.stand(*node, Some(Status::Paused), now),
            Action::Restart(node) | Action::Resume(node) => self.stand(*node, None, now),
            Action::Calm => {
                for (node, _) in names.nodes() {
                    self.stand(node, None, now);
                }
                self.cut_now.clear();
                self.cut_changed(None, now);
            }
            Action::Partition(_) | Action::Cut { .. } | Action::Heal(_) => {
                let before = self.cut_now.clone();
                self.change_cuts(action);
                if before != self.cut_now {
                    let text = Command::Act(Rc::clone(action)).print(names);
                    self.cut_changed(Some(text), now);
                }
            }
            Action::Latency(..)
            | Action::Loss(..)
            | Action::Duplication(..)
            | Action::Reorder(..)
            | Action::Drop(_)
            | Action::Deliver(_)
            | Action::Delay(..)
            | Action::Hold(_)
            | Action::Release(_)
            | Action::Duplicate(_)
            | Action::Fire(..)
            | Action::Skew(..)
            | Action::Drift(..)
            | Action::SlowDisk(..)
            | Action::Finish(_)
            | Action::Ask(..)
            | Action::Rule(..)
            | Action::Storm(_) => {}
        }
    }

    /// A node stands still from now on, or runs again.
    fn stand(&mut self, node: NodeId, how: Option<Status>, now: Time) {
        for span in &mut self.still {
            if span.what.0 == node && span.to.is_none() {
                span.to = Some(now);
            }
        }
        if let Some(status) = how {
            self.still.push(Lasting {
                from: now,
                to: None,
                what: (node, status),
            });
        }
    }

    /// The cuts are others from now on; with none left, no span begins.
    fn cut_changed(&mut self, text: Option<String>, now: Time) {
        if let Some(last) = self.cuts.last_mut().filter(|span| span.to.is_none()) {
            last.to = Some(now);
        }
        if let Some(what) = text.filter(|_| !self.cut_now.is_empty()) {
            self.cuts.push(Lasting {
                from: now,
                to: None,
                what,
            });
        }
    }

    fn change_cuts(&mut self, action: &Action) {
        match action {
            Action::Partition(groups) => {
                for (i, a) in groups.iter().enumerate() {
                    for (j, b) in groups.iter().enumerate() {
                        for (from, to) in a.iter().flat_map(|a| b.iter().map(move |b| (*a, *b))) {
                            self.set(from, to, i != j);
                        }
                    }
                }
            }
            Action::Cut { from, to, both } => {
                self.set(*from, *to, true);
                if *both {
                    self.set(*to, *from, true);
                }
            }
            Action::Heal(None) => self.cut_now.clear(),
            Action::Heal(Some((a, b))) => {
                self.set(*a, *b, false);
                self.set(*b, *a, false);
            }
            _ => {}
        }
    }

    fn set(&mut self, from: NodeId, to: NodeId, cut: bool) {
        match (self.cut_now.binary_search(&(from, to)), cut) {
            (Ok(at), false) => drop(self.cut_now.remove(at)),
            (Err(at), true) => self.cut_now.insert(at, (from, to)),
            (Ok(_), true) | (Err(_), false) => {}
        }
    }
}
