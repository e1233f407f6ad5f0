//! Learners (dissertation, section 4.2.1): who is to be a member gets the log first, and has no vote
//! meanwhile. It catches up in rounds, each with what came during the one before; it is a member when a
//! round takes less than an election timeout.

use super::super::notes;
use super::super::types::{Index, Members, NodeSet};
use super::replication::Shared;
use super::{Flow, Role, Server, ServerOut, mistakes};
use crate::engine::{NodeId, Span, Time};

/// After so many rounds the new server is too slow.
const ROUNDS: u8 = 10;

/// Servers that catch up, and what they are to be members of.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub(super) struct Joining {
    target: Members,
    pub(super) learners: NodeSet,
    /// How far the log went when the round began.
    goal: Index,
    began: Time,
    round: u8,
}

impl Server {
    /// Who catches up with this leader.
    #[must_use]
    pub fn learners(&self) -> NodeSet {
        let joining = self.more.as_ref().and_then(|more| more.joining);
        joining.map_or(NodeSet::NONE, |joining| joining.learners)
    }

    /// A leader begins to send its log to servers that are to be members.
    pub(super) fn let_catch_up(
        &mut self,
        target: Members,
        learners: NodeSet,
        out: &mut ServerOut<'_>,
    ) {
        let goal = Index(self.log.len() as u32);
        let joining = Joining {
            target,
            learners,
            goal,
            began: out.now(),
            round: 1,
        };
        self.more.get_or_insert_default().joining = Some(joining);
        self.look_after_members(out);
        for node in learners.nodes() {
            out.note(notes::LEARNER_BEGINS, [node.into(), goal.into()]);
            self.send_to(node, out);
        }
    }

    fn send_to(&mut self, node: NodeId, out: &mut ServerOut<'_>) {
        let mut known = self.followers().iter();
        if let Some(at) = known.position(|known| known.follower == node) {
            self.send_append(at, true, &mut Shared::default(), out);
        }
    }

    /// A follower has answered: whoever has all that it was to get is a member now, or gets the next round.
    pub(super) fn let_in_who_has_caught_up(&mut self, out: &mut ServerOut<'_>) {
        let joining = self.more.as_ref().and_then(|more| more.joining);
        let (Some(joining), Role::Leader { followers }) = (joining, &self.role) else {
            return;
        };
        let counted = out.rule(mistakes::COUNT_WHAT_A_LEARNER_HAS);
        let behind = followers.iter().any(|known| {
            let has = match known.flow {
                Flow::Sent(end) | Flow::Overdue(end) if !counted => end,
                Flow::Sent(_) | Flow::Overdue(_) | Flow::Idle => known.matched,
            };
            joining.learners.has(known.follower) && has < joining.goal
        });
        if behind {
            return;
        }
        let took = out.now() - joining.began;
        let round = u64::from(joining.round).into();
        if took < self.config.timeout_min {
            for node in joining.learners.nodes() {
                out.note(notes::LEARNER_READY, [node.into(), round, took.into()]);
            }
            if let Some(more) = &mut self.more {
                more.joining = None;
            }
            self.append_members(joining.target, out);
            return;
        }
        if joining.round >= ROUNDS {
            self.end_joining(out);
            return;
        }
        let goal = Index(self.log.len() as u32);
        out.note(notes::LEARNER_ROUND, [round, took.into(), goal.into()]);
        if let Some(more) = &mut self.more {
            more.joining = Some(Joining {
                goal,
                began: out.now(),
                round: joining.round + 1,
                ..joining
            });
        }
    }

    /// Who does not answer at all is given up, too.
    pub(super) fn give_up_learners(&mut self, out: &mut ServerOut<'_>) {
        let joining = self.more.as_ref().and_then(|more| more.joining);
        let long = Span(self.config.timeout_max.0 * u64::from(ROUNDS));
        if joining.is_some_and(|joining| out.now() - joining.began > long) {
            self.end_joining(out);
        }
    }

    fn end_joining(&mut self, out: &mut ServerOut<'_>) {
        for node in self.learners().nodes() {
            out.note(notes::LEARNER_GIVEN_UP, [node.into()]);
        }
        if let Some(more) = &mut self.more {
            more.joining = None;
        }
        self.look_after_members(out);
    }
}
