//! How a vote is called, given and counted: once a term, on disk before it is given, and more than half.

use super::super::forms::{Form, State, best, falls_on};
use super::super::message::VoteMessage;
use super::super::notes;
use super::super::rules::{LOOK_AT_YOURSELF_AGAIN, ONE_VOTE_A_TERM, PERSIST_THE_VOTE, mistakes};
use super::{BALLOT, CHOICE, Disk, Outbox, Peer, Phase};
use crate::engine::{NodeId, WriteId};

impl Peer {
    /// All have answered, or the wait is over.
    pub(super) fn call_ballot(&mut self, out: Outbox<'_, '_>) {
        let (count, needed) = (self.polled.len(), self.needed(out));
        if count < needed {
            out.note(notes::TOO_FEW_ANSWER, [count.into(), needed.into()]);
            self.await_leader(out);
            return;
        }
        let mut slate = std::mem::take(&mut self.polled);
        let weights = self.config.form.weights(&slate, self.config.load_max);
        if weights.iter().sum::<u64>() == 0 {
            out.note(notes::NOBODY_FIT, [self.config.load_max.into()]);
            self.call_soon(out);
            return;
        }
        self.turn(Phase::Voting, out);
        self.begin(self.term + 1);
        if self.config.voters_decide {
            out.note(notes::PUTS_TO_VOTE, [count.into(), self.term.into()]);
        } else if let Some(place) = self.drawn(&weights, out) {
            self.nominate(slate[place], &weights, place, out);
            slate = vec![slate[place]];
        }
        let ballot = VoteMessage::Ballot {
            term: self.term,
            slate: slate.clone(),
        };
        self.tell_all(&ballot, out);
        out.set_timer(BALLOT, self.config.answer_wait);
        let me = self.me;
        self.cast(me, &slate, out);
    }

    /// A place, with its weight over the sum of all.
    fn drawn(&self, weights: &[u64], out: Outbox<'_, '_>) -> Option<usize> {
        let sum: u64 = weights.iter().sum();
        let last = sum.checked_sub(1)?;
        falls_on(weights, out.draw(CHOICE, 0..=last))
    }

    fn nominate(&self, state: State, weights: &[u64], place: usize, out: Outbox<'_, '_>) {
        let (node, term) = (state.node.into(), self.term.into());
        let (weight, sum) = (weights[place], weights.iter().sum::<u64>());
        match self.config.form {
            Form::Acceptance => {
                out.note(notes::NOMINATES_BEST, [node, state.priority.into(), term]);
            }
            Form::Product => {
                let args = [node, weight.into(), sum.into(), term];
                out.note(notes::NOMINATES_PRODUCT, args);
            }
            Form::Draw => {
                let args = [node, weight.into(), sum.into(), term];
                out.note(notes::NOMINATES_DRAW, args);
            }
            Form::Uniform => {
                out.note(notes::NOMINATES_UNIFORM, [node, sum.into(), term]);
            }
        }
    }

    /// Somebody calls for votes.
    pub(super) fn called_by(
        &mut self,
        caller: NodeId,
        term: u64,
        slate: &[State],
        out: Outbox<'_, '_>,
    ) {
        // After `learn` it is the newest, or an older one. A leader that does not learn has a term of its own.
        if term < self.term || self.leads() {
            let args = [caller.into(), term.into(), self.term.into()];
            out.note(notes::OLD_BALLOT, args);
            return;
        }
        self.cast(caller, slate, out);
    }

    /// It votes, if it has not voted in this term, and for whom it thinks right.
    fn cast(&mut self, caller: NodeId, slate: &[State], out: Outbox<'_, '_>) {
        if let Some(other) = self.voted
            && out.rule(ONE_VOTE_A_TERM)
        {
            let args = [caller.into(), other.into(), self.term.into()];
            out.note(notes::VOTED_ALREADY, args);
            return;
        }
        let Some(candidate) = self.choice(slate, out) else {
            return;
        };
        self.voted = Some(candidate);
        let args = [candidate.into(), self.term.into()];
        out.note(notes::VOTES, args);
        if self.phase != Phase::Voting {
            self.leader = None;
            self.await_leader(out);
        }
        self.give(candidate, out);
    }

    /// For whom: nobody, where none of them is acceptable.
    fn choice(&self, slate: &[State], out: Outbox<'_, '_>) -> Option<NodeId> {
        let limit = self.config.load_max;
        if self.accepts() {
            let first = slate.first()?.node;
            let Some(candidate) = best(slate, limit) else {
                out.note(notes::REFUSES_UNFIT, [first.into()]);
                return None;
            };
            let own = self.state();
            if own.fit(limit) && own.priority > candidate.priority {
                let args = [candidate.node.into(), own.priority.into()];
                out.note(notes::REFUSES_LESSER, args);
                return None;
            }
        }
        let weights = self.config.form.weights(slate, limit);
        let place = self.drawn(&weights, out)?;
        Some(slate[place].node)
    }

    /// A vote is on disk before anybody hears of it, and before it is counted at home.
    fn give(&mut self, candidate: NodeId, out: Outbox<'_, '_>) {
        let persists = out.rule(PERSIST_THE_VOTE);
        let write = persists.then(|| {
            out.persist(Disk {
                term: self.term,
                voted: self.voted,
            })
        });
        let waits = write.filter(|_| out.rule(mistakes::VOTE_WHEN_ON_DISK));
        match (candidate == self.me, waits) {
            (true, Some(write)) => self.own_vote = Some(write),
            (true, None) => self.count(candidate, out),
            (false, Some(_)) => out.send_when_durable(candidate, VoteMessage::Vote(self.term)),
            (false, None) => out.send(candidate, VoteMessage::Vote(self.term)),
        }
    }

    pub(super) fn written(&mut self, write: WriteId, out: Outbox<'_, '_>) {
        if self.own_vote.is_some_and(|own| own <= write) {
            self.own_vote = None;
            let me = self.me;
            self.count(me, out);
        }
    }

    pub(super) fn voted_for_by(&mut self, voter: NodeId, term: u64, out: Outbox<'_, '_>) {
        if term < self.term && out.rule(mistakes::VOTES_OF_THIS_TERM) {
            out.note(notes::VOTE_LATE, [voter.into(), term.into()]);
            return;
        }
        self.count(voter, out);
    }

    fn count(&mut self, voter: NodeId, out: Outbox<'_, '_>) {
        if self.resigned == self.term {
            out.note(notes::VOTE_LATE, [voter.into(), self.term.into()]);
            return;
        }
        let known = self.votes.contains(&voter);
        if !known || !out.rule(mistakes::COUNT_EACH_VOTER_ONCE) {
            self.votes.push(voter);
        }
        if self.leads() {
            out.note(notes::VOTE_MORE, [voter.into()]);
            return;
        }
        let (count, needed) = (self.votes.len(), self.needed(out));
        let args = [voter.into(), count.into(), needed.into()];
        out.note(notes::VOTE_COUNTED, args);
        if count >= needed {
            self.elected(out);
        }
    }

    /// Since it was asked how it is, that may have changed.
    fn elected(&mut self, out: Outbox<'_, '_>) {
        if self.accepts() && !self.fit() {
            if out.rule(LOOK_AT_YOURSELF_AGAIN) {
                out.note(notes::DECLINES, [self.term.into()]);
                self.resign(out);
                return;
            }
            out.note(notes::LEADS_UNFIT, [self.term.into()]);
        }
        self.lead(out);
    }
}
