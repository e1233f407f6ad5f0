//! The variant with terms: who is unopposed asks all for their assent, and leads with that of a majority.

use super::super::message::BullyMessage;
use super::super::notes;
use super::super::rules::{A_HIGHER_NODE_TAKES_OVER, A_MAJORITY_ASSENTS, mistakes};
use super::{ASSENT, COORDINATOR, Disk, LEADER, Outbox, Peer, Phase};
use crate::engine::NodeId;

impl Peer {
    pub(super) fn propose(&mut self, out: Outbox<'_, '_>) {
        self.turn(Phase::Proposing, out);
        out.set_timer(ASSENT, self.config.coordinator_wait());
        self.propose_higher(out);
    }

    /// With the next term, within the time that the election has left.
    fn propose_higher(&mut self, out: Outbox<'_, '_>) {
        self.term += 1;
        self.assented = Some(self.me);
        self.assents = vec![self.me];
        out.persist(self.on_disk());
        for node in self.others() {
            out.send_when_durable(node, BullyMessage::Proposal(self.term));
        }
        let needed = self.config.majority();
        out.note(notes::PROPOSES, [self.term.into(), needed.into()]);
        if !out.rule(A_MAJORITY_ASSENTS) {
            out.note(notes::NO_MAJORITY_ASKED, [self.term.into()]);
            self.lead(out);
        }
    }

    fn on_disk(&self) -> Disk {
        Disk {
            term: self.term,
            assented: self.assented,
        }
    }

    /// A term that is higher than all that it knew: whoever leads in an older one leads no more.
    pub(super) fn learn(&mut self, term: u64, out: Outbox<'_, '_>) {
        if term <= self.term {
            return;
        }
        self.term = term;
        self.assented = None;
        self.assents.clear();
        if self.leads() {
            out.note(notes::NEWER_TERM, [term.into()]);
            self.leader = None;
            self.turn(Phase::Following, out);
            out.set_timer(LEADER, self.config.leader_timeout);
        }
    }

    /// Somebody asks for its assent.
    pub(super) fn proposed_by(&mut self, candidate: NodeId, term: u64, out: Outbox<'_, '_>) {
        let above = candidate > self.me;
        if term >= self.term {
            self.learn(term, out);
            if !above && out.rule(A_HIGHER_NODE_TAKES_OVER) {
                self.asked_by(candidate, out);
                return;
            }
        }
        let once = !out.rule(mistakes::ASSENT_ONCE_A_TERM)
            || self.assented.is_none_or(|other| other == candidate);
        let granted = term == self.term && once;
        let reply = BullyMessage::Assent {
            term: self.term,
            granted,
        };
        if !granted {
            out.send(candidate, reply);
            out.note(notes::REFUSES, [candidate.into(), term.into()]);
            return;
        }
        self.assented = Some(candidate);
        out.persist(self.on_disk());
        if out.rule(mistakes::ASSENT_WHEN_ON_DISK) {
            out.send_when_durable(candidate, reply);
        } else {
            out.send(candidate, reply);
        }
        out.note(notes::ASSENTS, [candidate.into(), term.into()]);
        self.leader = None;
        self.turn(Phase::Waiting, out);
        out.set_timer(COORDINATOR, self.config.coordinator_wait());
    }

    pub(super) fn assent_of(
        &mut self,
        voter: NodeId,
        term: u64,
        granted: bool,
        out: Outbox<'_, '_>,
    ) {
        let current = self.phase == Phase::Proposing && term >= self.term;
        if !current {
            out.note(notes::ASSENT_LATE, [voter.into()]);
            self.learn(term, out);
            return;
        }
        if !granted {
            out.note(notes::REFUSED, [voter.into(), term.into()]);
            self.term = term;
            self.propose_higher(out);
            return;
        }
        if !self.assents.contains(&voter) {
            self.assents.push(voter);
        }
        let (count, needed) = (self.assents.len(), self.config.majority());
        let args = [voter.into(), count.into(), needed.into()];
        out.note(notes::ASSENT_COUNTED, args);
        if count >= needed {
            let args = [self.term.into(), count.into(), needed.into()];
            out.note(notes::LEADS_TERM, args);
            self.lead(out);
        }
    }
}
