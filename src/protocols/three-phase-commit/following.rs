//! A member as a participant: it votes, goes along from state to state, and where nobody leads any more it sees to it
//! that somebody does.

use super::member::{Desk, Member, Wait};
use super::message::{PhaseMessage, State};
use super::notes;
use super::rules::{ASK_STATES, FORCE_BEFORE_VOTING, HOLD_LOCKS, TAKE_OVER, mistakes};
use crate::engine::{NodeId, Time};
use crate::lab::commit::{Entry, Objection, Order, Outcome, Stamp, Standing, TxnId};

impl Member {
    /// Phase one: can it be done here?
    pub(super) fn prepare(&mut self, from: NodeId, txn: TxnId, order: Order, out: &mut Desk<'_>) {
        if let Some(standing) = self.books.standings.get(&txn)
            && out.rule(mistakes::KNOW_A_TRANSACTION)
        {
            match standing {
                Standing::Prepared(..) => {
                    out.note(notes::VOTES_AGAIN, [txn.into()]);
                    out.send_when_durable(from, PhaseMessage::Yes(txn));
                }
                Standing::Refused => {
                    out.note(notes::VOTES_AGAIN, [txn.into()]);
                    out.send_when_durable(from, PhaseMessage::No(txn));
                }
                Standing::PreCommitted(..) | Standing::Committed(_) | Standing::Aborted => {
                    out.note(notes::KNOWN, [txn.into()]);
                }
            }
            return;
        }
        if self.busy() {
            out.note(notes::REFUSES_BUSY, [txn.into()]);
            return self.refuse(from, txn, out);
        }
        match self.books.vault.objection(&order) {
            None => return self.agree(from, txn, order, out),
            Some(Objection::Locked(holder)) => {
                out.note(notes::REFUSES_LOCKED, [txn.into(), holder.into()]);
            }
            Some(Objection::TooLittle(_)) => out.note(notes::REFUSES_POOR, [txn.into()]),
        }
        self.refuse(from, txn, out);
    }

    /// Of what its log does not know it will answer abort, so nothing has to be on the disk for a no.
    fn refuse(&mut self, from: NodeId, txn: TxnId, out: &mut Desk<'_>) {
        self.books.standings.insert(txn, Standing::Refused);
        self.books.note_down(txn, Entry::Refused);
        out.send(from, PhaseMessage::No(txn));
    }

    fn agree(&mut self, from: NodeId, txn: TxnId, order: Order, out: &mut Desk<'_>) {
        let since = Stamp(out.now());
        if out.rule(HOLD_LOCKS) {
            self.books.vault.lock(txn, &order);
        } else {
            out.note(notes::UNLOCKS_EARLY, [txn.into()]);
        }
        let standing = Standing::Prepared(order, since);
        self.books.standings.insert(txn, standing);
        let entry = Entry::Prepared(order, since);
        if out.rule(FORCE_BEFORE_VOTING) {
            out.note(notes::PREPARES, [txn.into()]);
            self.force(txn, entry, out);
            out.send_when_durable(from, PhaseMessage::Yes(txn));
        } else {
            out.note(notes::PREPARES_IN_MEMORY, [txn.into()]);
            self.books.note_down(txn, entry);
            out.send(from, PhaseMessage::Yes(txn));
        }
        self.wait_for(txn, from, out);
    }

    /// Who leads has been heard: it has its time again.
    pub(super) fn wait_for(&mut self, txn: TxnId, leader: NodeId, out: &Desk<'_>) {
        if self.rounds.contains_key(&txn) {
            return;
        }
        let deadline = self.after(self.config.bounds.silence(), out);
        let wait = self.waits.entry(txn).or_insert(Wait {
            deadline,
            leader,
            gone: Vec::new(),
        });
        (wait.deadline, wait.leader) = (deadline, leader);
    }

    /// Phase two: all have voted yes.
    pub(super) fn pre_commit(&mut self, from: NodeId, txn: TxnId, out: &mut Desk<'_>) {
        if self.recovering.contains_key(&txn) {
            out.note(notes::STANDS_BACK, [txn.into()]);
            return;
        }
        match self.books.standings.get(&txn).copied() {
            Some(Standing::Prepared(order, since)) => {
                out.note(notes::PRE_COMMITTED, [txn.into()]);
                let standing = Standing::PreCommitted(order, since);
                self.books.standings.insert(txn, standing);
                self.force(txn, Entry::PreCommitted(order, since), out);
            }
            Some(Standing::PreCommitted(..)) => {
                out.note(notes::PRE_COMMITTED_ALREADY, [txn.into()]);
            }
            Some(Standing::Committed(_) | Standing::Aborted) => {
                out.note(notes::HEARS_AGAIN, [txn.into()]);
                return;
            }
            Some(Standing::Refused) | None => {
                out.note(notes::CANNOT_COMMIT, [txn.into()]);
                return;
            }
        }
        out.send_when_durable(from, PhaseMessage::PreAck(txn));
        self.wait_for(txn, from, out);
    }

    /// It is committed.
    pub(super) fn hear_commit(&mut self, from: NodeId, txn: TxnId, out: &mut Desk<'_>) {
        match self.books.standings.get(&txn).copied() {
            Some(Standing::Prepared(order, _) | Standing::PreCommitted(order, _)) => {
                out.note(notes::HEARS_COMMIT, [txn.into()]);
                self.follow(txn, &order, Outcome::Commit, out);
            }
            Some(Standing::Committed(order)) => {
                out.note(notes::HEARS_AGAIN, [txn.into()]);
                if !out.rule(mistakes::APPLY_ONCE) {
                    out.note(notes::APPLIES_AGAIN, [txn.into()]);
                    self.books.vault.apply(&order);
                }
            }
            Some(Standing::Aborted) => out.note(notes::HEARS_OTHERWISE, [txn.into()]),
            Some(Standing::Refused) | None => out.note(notes::CANNOT_COMMIT, [txn.into()]),
        }
        out.send_when_durable(from, PhaseMessage::Ack(txn));
    }

    /// It is aborted.
    pub(super) fn hear_abort(&mut self, from: NodeId, txn: TxnId, out: &mut Desk<'_>) {
        match self.books.standings.get(&txn).copied() {
            Some(Standing::Prepared(order, _) | Standing::PreCommitted(order, _)) => {
                out.note(notes::HEARS_ABORT, [txn.into()]);
                self.follow(txn, &order, Outcome::Abort, out);
            }
            Some(Standing::Committed(_)) => out.note(notes::HEARS_OTHERWISE, [txn.into()]),
            Some(Standing::Aborted) => out.note(notes::HEARS_AGAIN, [txn.into()]),
            Some(Standing::Refused) | None => out.note(notes::NOTHING_TO_ABORT, [txn.into()]),
        }
        out.send_when_durable(from, PhaseMessage::Ack(txn));
    }

    /// What was decided is done here, too.
    pub(super) fn follow(
        &mut self,
        txn: TxnId,
        order: &Order,
        outcome: Outcome,
        out: &mut Desk<'_>,
    ) {
        self.books.decide(txn, order, outcome);
        self.waits.remove(&txn);
        self.recovering.remove(&txn);
        let led = self.rounds.remove(&txn).is_some();
        let entry = match outcome {
            Outcome::Commit => Entry::Commit(*order),
            Outcome::Abort => Entry::Abort,
        };
        self.force(txn, entry, out);
        if led && txn.coordinator == self.me {
            self.next(out);
        }
    }

    /// Nobody has led for too long: with bounded delay, who should have is down.
    pub(super) fn leader_silent(&mut self, now: Time, out: &mut Desk<'_>) {
        let due = self.waits.iter();
        let due = due.filter(|(_, wait)| wait.deadline <= now);
        let due: Vec<(TxnId, NodeId)> = due.map(|(txn, wait)| (*txn, wait.leader)).collect();
        for (txn, leader) in due {
            out.note(notes::SILENT, [leader.into(), txn.into()]);
            if !out.rule(ASK_STATES) {
                self.decide_alone(txn, out);
            } else if out.rule(TAKE_OVER) {
                self.elect_next(txn, out);
            } else {
                out.note(notes::WAITS_FOR_THE_COORDINATOR, [txn.into()]);
                out.send_when_durable(txn.coordinator, PhaseMessage::Ask(txn));
                self.wait_for(txn, txn.coordinator, out);
            }
        }
    }

    /// The time-outs of the textbook, without a termination protocol.
    fn decide_alone(&mut self, txn: TxnId, out: &mut Desk<'_>) {
        let standing = self.books.standings.get(&txn).copied();
        let Some((order, _)) = standing.and_then(Standing::open) else {
            return;
        };
        let outcome = match self.state_of(txn) {
            Some(State::PreCommitted) => Outcome::Commit,
            Some(State::Uncertain | State::Committed | State::Aborted | State::Recovering(_))
            | None => Outcome::Abort,
        };
        out.note(notes::DECIDES_BY_ITS_OWN_STATE, [txn.into()]);
        self.follow(txn, &order, outcome, out);
    }

    /// The highest that is left takes over.
    fn elect_next(&mut self, txn: TxnId, out: &mut Desk<'_>) {
        let deadline = self.after(self.config.bounds.elected(), out);
        let members = self.config.members;
        let Some(wait) = self.waits.get_mut(&txn) else {
            return;
        };
        wait.gone.push(wait.leader);
        let mut left = (0..members).rev().map(NodeId);
        let highest = left.find(|node| !wait.gone.contains(node));
        let highest = highest.unwrap_or(self.me);
        if highest == self.me {
            let gone = std::mem::take(&mut wait.gone);
            self.waits.remove(&txn);
            return self.take_over(txn, &gone, out);
        }
        (wait.leader, wait.deadline) = (highest, deadline);
        out.note(notes::ELECTS, [highest.into(), txn.into()]);
        out.send(highest, PhaseMessage::Elect(txn));
    }

    /// It is asked to take over.
    pub(super) fn elected(&mut self, from: NodeId, txn: TxnId, out: &mut Desk<'_>) {
        if self.rounds.contains_key(&txn) {
            out.note(notes::LEADS_ALREADY, [txn.into()]);
            return;
        }
        match self.state_of(txn) {
            Some(State::Uncertain | State::PreCommitted) => {
                let wait = self.waits.remove(&txn);
                let mut gone = wait.map_or_else(Vec::new, |wait| wait.gone);
                if !gone.contains(&txn.coordinator) {
                    gone.push(txn.coordinator);
                }
                self.take_over(txn, &gone, out);
            }
            // It cannot lead, or need not: what it knows is the answer.
            Some(State::Committed | State::Aborted | State::Recovering(_)) | None => {
                self.answer(from, txn, out);
            }
        }
    }

    /// A backup coordinator asks in which state it is.
    pub(super) fn report_state(&mut self, from: NodeId, txn: TxnId, out: &mut Desk<'_>) {
        self.answer(from, txn, out);
        if self.waits.contains_key(&txn) {
            self.wait_for(txn, from, out);
        }
    }

    /// Says in which state it is.
    pub(super) fn answer(&mut self, from: NodeId, txn: TxnId, out: &mut Desk<'_>) {
        match self.state_of(txn) {
            Some(state) => {
                out.note(notes::REPORTS, [from.into(), txn.into()]);
                out.send_when_durable(from, PhaseMessage::State(txn, state));
            }
            None => self.refuse_for(from, txn, out),
        }
    }

    /// Who has not voted yes may see to it that it will never commit; and must remember that.
    fn refuse_for(&mut self, from: NodeId, txn: TxnId, out: &mut Desk<'_>) {
        out.note(notes::REFUSES_ON_BEHALF, [from.into(), txn.into()]);
        self.books.standings.insert(txn, Standing::Refused);
        self.force(txn, Entry::Refused, out);
        out.send_when_durable(from, PhaseMessage::State(txn, State::Aborted));
    }

    /// A member says in which state it is.
    pub(super) fn hear_state(
        &mut self,
        from: NodeId,
        txn: TxnId,
        state: State,
        out: &mut Desk<'_>,
    ) {
        out.note(notes::STATE_HEARD, [from.into(), txn.into()]);
        if self.count_state(from, txn, state, out) {
            return;
        }
        let standing = self.books.standings.get(&txn).copied();
        let Some((order, _)) = standing.and_then(Standing::open) else {
            return;
        };
        if let Some(outcome) = state.outcome() {
            out.note(notes::LEARNS, [from.into(), txn.into()]);
            self.follow(txn, &order, outcome, out);
        } else if self.recovering.contains_key(&txn) {
            self.hear_while_recovering(from, txn, state, out);
        } else if matches!(state, State::Recovering(_))
            && self.waits.get(&txn).is_some_and(|wait| wait.leader == from)
        {
            out.note(notes::CANNOT_LEAD, [from.into(), txn.into()]);
            self.elect_next(txn, out);
        }
    }
}
