//! The storm: random faults from the seed, each taken back after a while.

use super::action::{Action, Scope};
use super::cell::NodeKind;
use super::dice::{Purpose, dice, purpose_key};
use super::fault::{FaultKind, FaultSet};
use super::net::{Latency, Ratio};
use super::queue::Due;
use super::world::World;
use crate::engine::{Draws, NodeId, Span};
use std::rc::Rc;

/// What a person asks of a storm.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct StormPlan {
    /// The mean time between two faults.
    pub every: Span,
    /// Which kinds.
    pub kinds: FaultSet,
}

impl StormPlan {
    /// The kinds that a storm can bring about (a restart belongs to a crash).
    pub const KINDS: FaultSet = FaultSet::ALL;
}

/// The storm's state. Its ordinal outlives a calm, so that a second storm is another one.
#[derive(Clone, Debug, Default)]
pub(super) struct Storm {
    /// What was asked for, while it lasts.
    pub(super) plan: Option<StormPlan>,
    /// The queue entry of the next strike.
    pub(super) seq: u64,
    ordinal: u32,
    /// What takes its faults back, by the ordinal of the strike.
    reliefs: Vec<(u32, Rc<Action>)>,
}

impl Storm {
    /// Ends it, with nothing left to take back.
    pub(super) fn end(&mut self) {
        self.plan = None;
        self.reliefs.clear();
    }

    /// Whether this strike is still to be taken back.
    pub(super) fn owes(&self, ordinal: u32) -> bool {
        self.reliefs.iter().any(|(owed, _)| *owed == ordinal)
    }
}

impl World {
    /// Begins a storm; one that is under way goes on by the new plan.
    pub(super) fn begin_storm(&mut self, plan: StormPlan) {
        self.storm.plan = Some(plan);
        self.storm.seq = self.schedule(Span(plan.every.0 / 2), Due::Strike);
    }

    /// One strike: what it does, and when the next one comes, drawn by its ordinal.
    pub(super) fn strike(&mut self) -> Option<Rc<Action>> {
        let plan = self.storm.plan?;
        self.storm.ordinal += 1;
        let ordinal = self.storm.ordinal;
        let mut dice = dice(
            purpose_key(self.seed(), Purpose::Storm),
            0,
            u64::from(ordinal),
        );
        let gap = dice.between(plan.every.0 / 2, plan.every.0 + plan.every.0 / 2);
        let lasts = Span(dice.between(plan.every.0 / 2, plan.every.0 * 4));
        self.storm.seq = self.schedule(Span(gap.max(1)), Due::Strike);
        let (action, relief) = self.draw_fault(plan.kinds, &mut dice)?;
        if let Some(relief) = relief {
            self.storm.reliefs.push((ordinal, Rc::new(relief)));
            self.schedule(lasts, Due::Relief(ordinal));
        }
        Some(Rc::new(action))
    }

    /// What is due to be taken back. `None` where calm came first.
    pub(super) fn relief(&mut self, ordinal: u32) -> Option<Rc<Action>> {
        let at = self
            .storm
            .reliefs
            .iter()
            .position(|(owed, _)| *owed == ordinal)?;
        Some(self.storm.reliefs.remove(at).1)
    }

    /// A fault and what takes it back, or `None` where no kind is possible.
    fn draw_fault(&self, kinds: FaultSet, dice: &mut Draws) -> Option<(Action, Option<Action>)> {
        let servers: Vec<NodeId> = self
            .ids()
            .filter(|id| self.spec(*id).kind == NodeKind::Server)
            .collect();
        // A restart is what takes a crash back; it is no strike of its own.
        let kinds: Vec<FaultKind> = kinds
            .iter()
            .filter(|kind| *kind != FaultKind::Restart)
            .collect();
        if kinds.is_empty() || servers.is_empty() {
            return None;
        }
        let kind = kinds[dice.between(0, kinds.len() as u64 - 1) as usize];
        let node = servers[dice.between(0, servers.len() as u64 - 1) as usize];
        let amount = dice.between(1, 100) as u32;
        let base = self.calm_policy();
        Some(match kind {
            FaultKind::Crash | FaultKind::Restart => {
                (Action::Kill(node), Some(Action::Restart(node)))
            }
            FaultKind::DiskLost => (Action::Wipe(node), Some(Action::Restart(node))),
            FaultKind::Pause => (Action::Pause(node), Some(Action::Resume(node))),
            FaultKind::Partition => (split(&servers, dice)?, Some(Action::Heal(None))),
            FaultKind::Loss => (
                Action::Loss(Scope::Net, Ratio::percent(amount / 3 + 1)),
                Some(Action::Loss(Scope::Net, base.loss)),
            ),
            FaultKind::Duplication => (
                Action::Duplication(Scope::Net, Ratio::percent(amount / 3 + 1)),
                Some(Action::Duplication(Scope::Net, base.duplication)),
            ),
            FaultKind::LateMessage => {
                let bound = base.latency.bound().0;
                let max = Span(bound * u64::from(amount / 10 + 2));
                let late = Latency::Uniform { min: Span(0), max };
                let back = Action::Latency(Scope::Net, base.latency);
                (Action::Latency(Scope::Net, late), Some(back))
            }
            FaultKind::ClockSkew => {
                let ahead = (i64::from(amount) - 50) * 10_000;
                (Action::Skew(node, ahead), Some(Action::Skew(node, 0)))
            }
        })
    }
}

/// Two groups, each with at least one node.
fn split(servers: &[NodeId], dice: &mut Draws) -> Option<Action> {
    if servers.len() < 2 {
        return None;
    }
    let mut order = servers.to_vec();
    for i in (1..order.len()).rev() {
        order.swap(i, dice.between(0, i as u64) as usize);
    }
    let first = dice.between(1, order.len() as u64 - 1) as usize;
    let (left, right) = order.split_at(first);
    let sorted = |group: &[NodeId]| {
        let mut sorted = Vec::with_capacity(group.len());
        for node in group {
            sorted.insert(sorted.partition_point(|other| other < node), *node);
        }
        sorted
    };
    Some(Action::Partition(vec![sorted(left), sorted(right)]))
}
