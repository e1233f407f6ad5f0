//! A learner: it counts who has accepted what, and learns what is chosen.

use super::message::{PaxosMessage, Proposal};
use super::notes;
use super::peer::{ASK, Desk};
use super::rules::mistakes;
use crate::engine::{NodeId, Span};

/// A learner's memory.
#[derive(Clone, Hash, Default)]
pub struct Learner {
    /// Who has accepted what, in order.
    pub(super) heard: Vec<(Proposal, NodeId)>,
    /// What is chosen.
    pub(super) learned: Option<Proposal>,
}

impl Learner {
    pub(super) fn started(&mut self, desk: &mut Desk<'_, '_>) {
        // Much later than a proposer would send again.
        desk.out.set_timer(ASK, Span(desk.config.retry.0 * 5));
    }

    /// It asks until it knows.
    pub(super) fn ask(&mut self, desk: &mut Desk<'_, '_>) {
        if self.learned.is_some() {
            return;
        }
        desk.note(notes::ASKS, []);
        desk.send_to_acceptors(PaxosMessage::Ask);
        self.started(desk);
    }

    /// An acceptor says what it has accepted.
    pub(super) fn hear(&mut self, from: NodeId, proposal: Proposal, desk: &mut Desk<'_, '_>) {
        if let Some(learned) = self.learned {
            desk.note(notes::KNOWS, [learned.value.into()]);
            return;
        }
        let ballot = proposal.ballot.into();
        let Err(at) = self.heard.binary_search(&(proposal, from)) else {
            desk.note(notes::HEARD_BEFORE, [from.into(), ballot]);
            return;
        };
        self.heard.insert(at, (proposal, from));
        let count = if desk.rule(mistakes::COUNT_BALLOTS_APART) {
            let same = |(heard, _): &&(Proposal, NodeId)| *heard == proposal;
            self.heard.iter().filter(same).count()
        } else {
            let said = |acceptor: &&NodeId| self.heard.iter().any(|(_, who)| who == *acceptor);
            desk.config.acceptors.iter().filter(said).count()
        };
        let needed = desk.quorums().two;
        let args = [from.into(), ballot, count.into(), needed.into()];
        desk.note(notes::HEARD, args);
        if count >= needed {
            self.learned = Some(proposal);
            desk.note(notes::LEARNS, [ballot, proposal.value.into()]);
            desk.out.stop_timer(ASK);
        }
    }
}
