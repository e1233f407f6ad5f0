//! The master's own lease: for how long the others elect nobody else.

use super::super::notes;
use super::{Replica, ReplicaOut, nested};

/// More rounds without an answer are not remembered.
const MOST_ROUNDS: usize = 16;

impl Replica {
    /// A round of messages to the other replicas begins now.
    pub(super) fn began(&mut self, round: u32, out: &ReplicaOut<'_>) {
        if self.rounds.len() == MOST_ROUNDS {
            self.rounds.remove(0);
        }
        self.rounds.push((round, out.now()));
    }

    pub(super) fn has_lease(&self, out: &ReplicaOut<'_>) -> bool {
        out.now() < self.lease_until
    }

    /// A majority has answered a round: each of them heard it after it began, and elects nobody
    /// for the time of the lease from then on.
    pub(super) fn renew_lease(&mut self, out: &mut ReplicaOut<'_>) {
        if !self.raft.leads() {
            self.rounds.clear();
            return;
        }
        if self.began_in != Some(self.raft.term()) {
            // A new leader does not wait for its first heartbeat.
            self.began_in = Some(self.raft.term());
            let round = self.raft.ask_all(&mut nested(out));
            self.began(round, out);
        }
        let confirmed = self.raft.confirmed(&nested(out));
        let ours = |round: &&(u32, _)| round.0 <= confirmed;
        if let Some((round, began)) = self.rounds.iter().rev().find(ours).copied() {
            self.rounds.retain(|(other, _)| *other > round);
            let until = began + self.config.master_lease;
            self.lease_until = self.lease_until.max(until);
            // It is one of those who promise.
            self.promised = self.promised.max(until);
            self.heard = true;
            self.back_with_lease(out);
        }
    }

    /// Before anything else is done: whether the lease ran out meanwhile.
    pub(super) fn look_at_lease(&mut self, out: &mut ReplicaOut<'_>) {
        let over = !self.has_lease(out);
        if let Some(office) = &mut self.office
            && over
            && !office.lapsed
        {
            office.lapsed = true;
            out.note(notes::MASTER_LEASE_OVER, [office.term.into()]);
        }
    }
}
