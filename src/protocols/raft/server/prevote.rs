//! Pre-vote (dissertation, section 9.6): who would not be elected does not disturb the others with
//! a new term. A server asks around first, and takes the next term only when a majority would vote
//! for it.

use super::super::message::RaftMessage;
use super::super::notes;
use super::super::types::{Index, Term};
use super::election::place;
use super::{COMPARE_LOGS, Role, Server, ServerOut, WAIT_FOR_SILENCE};
use crate::engine::{NodeId, Span};

impl Server {
    /// The election timer ran out: of a leader, too, which counts who has answered.
    pub(super) fn out_of_patience(&mut self, out: &mut ServerOut<'_>) {
        let options = self.config.options;
        if options.check_quorum && matches!(self.role, Role::Leader { .. }) {
            self.check_quorum(out);
        } else if self.more.is_some() && self.stands_aside(out) {
            // It is not armed again before a leader is heard.
        } else if options.pre_vote {
            self.ask_around(out);
        } else {
            self.start_election(out);
        }
    }

    /// For how long it backs nobody after it heard a leader, if it asks around before an election.
    #[must_use]
    pub fn asks_around_after(&self) -> Option<Span> {
        let options = self.config.options;
        options.pre_vote.then_some(self.config.timeout_min)
    }

    fn ask_around(&mut self, out: &mut ServerOut<'_>) {
        let next = Term(self.term.0 + 1);
        self.leader = None;
        self.reads.clear();
        self.role = Role::PreCandidate {
            granted: vec![self.me],
            refused: Vec::new(),
        };
        out.note(notes::PRE_VOTE_ASKED, [next.into(), self.patience.into()]);
        self.set_election_timer(out);
        let last = self.last();
        for peer in self.peers(out) {
            out.send(peer, RaftMessage::PreVoteRequest { next, last });
        }
        if self.are_enough(&[self.me], out) {
            self.start_election(out);
        }
    }

    /// Whether this server leads, or has heard its leader within the least election timeout.
    fn hears_a_leader(&self, out: &ServerOut<'_>) -> bool {
        let least = self.config.timeout_min;
        let heard = self.more.as_ref().and_then(|more| more.heard);
        let lately = heard.is_some_and(|(term, at)| {
            let now = out.now();
            term == self.term && (now < at || now - at < least)
        });
        lately || matches!(self.role, Role::Leader { .. })
    }

    /// Somebody asks whether it would get the vote. Nothing is promised by the answer.
    pub(super) fn pre_vote(
        &mut self,
        from: NodeId,
        (next, last): (Term, (Term, Index)),
        out: &mut ServerOut<'_>,
    ) {
        let granted = if next <= self.term {
            let args = [from.into(), next.into(), self.term.into()];
            out.note(notes::PRE_VOTE_REFUSED_TERM, args);
            false
        } else if last < self.last() && out.rule(COMPARE_LOGS) {
            let args = [from.into(), place(last), place(self.last())];
            out.note(notes::PRE_VOTE_REFUSED_LOG, args);
            false
        } else if self.hears_a_leader(out) && out.rule(WAIT_FOR_SILENCE) {
            let leader = self.leader.unwrap_or(self.me);
            out.note(notes::PRE_VOTE_REFUSED_HEARD, [from.into(), leader.into()]);
            false
        } else {
            out.note(notes::PRE_VOTE_GRANTED, [from.into(), next.into()]);
            true
        };
        let term = self.term;
        let reply = RaftMessage::PreVoteReply {
            term,
            next,
            granted,
        };
        out.send_when_durable(from, reply);
    }

    /// Who was asked answered.
    pub(super) fn count_pre_vote(
        &mut self,
        from: NodeId,
        next: Term,
        yes: bool,
        out: &mut ServerOut<'_>,
    ) {
        let needed = self.majority(out);
        let asked = next == Term(self.term.0 + 1);
        let Role::PreCandidate { granted, refused } = &mut self.role else {
            out.note(notes::PRE_VOTE_LATE, [from.into(), next.into()]);
            return;
        };
        if !asked {
            out.note(notes::PRE_VOTE_LATE, [from.into(), next.into()]);
            return;
        }
        let voters = if yes { granted } else { refused };
        if let Err(place) = voters.binary_search(&from) {
            voters.insert(place, from);
        }
        if !yes {
            out.note(notes::PRE_VOTE_DENIED, [from.into(), next.into()]);
            return;
        }
        let votes = voters.len();
        let args = [from.into(), votes.into(), needed.into()];
        out.note(notes::PRE_VOTE_COUNTED, args);
        let backed = matches!(&self.role, Role::PreCandidate { granted, .. }
            if self.are_enough(granted, out));
        if backed {
            self.start_election(out);
        }
    }
}
