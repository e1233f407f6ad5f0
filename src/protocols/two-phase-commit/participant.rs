//! A member as a participant: it votes, and where it has voted yes it waits to be told, and asks.

use super::member::{ASK, Desk, Member};
use super::message::CommitMessage;
use super::notes;
use super::rules::{
    self, APPLY_AFTER_DECISION, FORCE_BEFORE_VOTING, HOLD_LOCKS, NOT_ALONE, mistakes,
};
use crate::engine::NodeId;
use crate::lab::commit::{Entry, Stamp, Standing};
use crate::lab::commit::{Objection, Order, Outcome, TxnId};

impl Member {
    pub(super) fn participant_started(&mut self, out: &mut Desk<'_>) {
        for (txn, ..) in self.books.in_doubt() {
            out.note(notes::IN_DOUBT, [txn.into()]);
        }
        self.ask(out);
    }

    /// Phase one: can it be done here?
    pub(super) fn prepare(&mut self, from: NodeId, txn: TxnId, order: Order, out: &mut Desk<'_>) {
        if let Some(standing) = self.books.standings.get(&txn)
            && out.rule(mistakes::KNOW_A_TRANSACTION)
        {
            match standing {
                Standing::Prepared(..) | Standing::PreCommitted(..) => {
                    out.note(notes::VOTES_AGAIN, [txn.into()]);
                    out.send_when_durable(from, CommitMessage::Yes(txn));
                }
                Standing::Refused => {
                    out.note(notes::VOTES_AGAIN, [txn.into()]);
                    out.send_when_durable(from, CommitMessage::No(txn));
                }
                Standing::Committed(_) | Standing::Aborted => out.note(notes::KNOWN, [txn.into()]),
            }
            return;
        }
        match self.books.vault.objection(&order) {
            Some(objection) => self.refuse(from, txn, objection, out),
            None if out.rule(APPLY_AFTER_DECISION) => self.agree(from, txn, order, out),
            None => {
                out.note(notes::EXECUTES_AT_ONCE, [txn.into()]);
                self.books.decide(txn, &order, Outcome::Commit);
                self.books.force(txn, Entry::Commit(order), out);
                out.send_when_durable(from, CommitMessage::Yes(txn));
            }
        }
    }

    fn refuse(&mut self, from: NodeId, txn: TxnId, objection: Objection, out: &mut Desk<'_>) {
        match objection {
            Objection::Locked(holder) => {
                out.note(notes::REFUSES_LOCKED, [txn.into(), holder.into()]);
            }
            Objection::TooLittle(_) => out.note(notes::REFUSES_POOR, [txn.into()]),
        }
        self.books.standings.insert(txn, Standing::Refused);
        if self.config.presumed_abort {
            self.books.note_down(txn, Entry::Refused);
            out.send(from, CommitMessage::No(txn));
        } else {
            self.books.force(txn, Entry::Refused, out);
            out.send_when_durable(from, CommitMessage::No(txn));
        }
    }

    fn agree(&mut self, from: NodeId, txn: TxnId, order: Order, out: &mut Desk<'_>) {
        let since = Stamp(out.now());
        if out.rule(HOLD_LOCKS) {
            self.books.vault.lock(txn, &order);
        } else {
            out.note(notes::UNLOCKS_EARLY, [txn.into()]);
        }
        let first = self.books.in_doubt().next().is_none();
        let standing = Standing::Prepared(order, since);
        self.books.standings.insert(txn, standing);
        let entry = Entry::Prepared(order, since);
        if out.rule(FORCE_BEFORE_VOTING) {
            out.note(notes::PREPARES, [txn.into()]);
            self.books.force(txn, entry, out);
            out.send_when_durable(from, CommitMessage::Yes(txn));
        } else {
            out.note(notes::PREPARES_IN_MEMORY, [txn.into()]);
            self.books.note_down(txn, entry);
            out.send(from, CommitMessage::Yes(txn));
        }
        if first {
            out.set_timer(ASK, self.config.ask_timeout);
        }
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
            Some(Standing::Aborted) => out.note(notes::HEARS_AGAIN, [txn.into()]),
            Some(Standing::Refused) | None => out.note(notes::CANNOT_COMMIT, [txn.into()]),
        }
        self.acknowledge(from, txn, out);
    }

    /// It is aborted.
    pub(super) fn hear_abort(&mut self, from: NodeId, txn: TxnId, out: &mut Desk<'_>) {
        match self.books.standings.get(&txn).copied() {
            Some(Standing::Prepared(order, _) | Standing::PreCommitted(order, _)) => {
                out.note(notes::HEARS_ABORT, [txn.into()]);
                self.follow(txn, &order, Outcome::Abort, out);
            }
            Some(Standing::Committed(_) | Standing::Aborted) => {
                out.note(notes::HEARS_AGAIN, [txn.into()]);
            }
            Some(Standing::Refused) | None => out.note(notes::NOTHING_TO_ABORT, [txn.into()]),
        }
        if !self.config.presumed_abort {
            self.acknowledge(from, txn, out);
        }
    }

    /// What was decided is done here, too.
    fn follow(&mut self, txn: TxnId, order: &Order, outcome: Outcome, out: &mut Desk<'_>) {
        self.books.decide(txn, order, outcome);
        self.asked.retain(|asked| *asked != txn);
        match outcome {
            Outcome::Commit => self.books.force(txn, Entry::Commit(*order), out),
            Outcome::Abort if self.config.presumed_abort => {
                self.books.note_down(txn, Entry::Abort);
            }
            Outcome::Abort => self.books.force(txn, Entry::Abort, out),
        }
        if self.books.in_doubt().next().is_none() {
            out.stop_timer(ASK);
        }
    }

    /// Only its coordinator waits for that.
    fn acknowledge(&mut self, from: NodeId, txn: TxnId, out: &mut Desk<'_>) {
        if from != txn.coordinator {
            return;
        }
        let ack = CommitMessage::Ack(txn);
        if out.rule(mistakes::ACKNOWLEDGE_WHAT_IS_ON_DISK) {
            out.send_when_durable(from, ack);
        } else {
            out.send(from, ack);
        }
    }

    /// No decision has come for too long.
    pub(super) fn ask(&mut self, out: &mut Desk<'_>) {
        let open: Vec<(TxnId, Order)> = self
            .books
            .in_doubt()
            .map(|(txn, order, _)| (txn, order))
            .collect();
        for (txn, order) in &open {
            if !out.rule(NOT_ALONE) {
                out.note(notes::DECIDES_ALONE, [(*txn).into()]);
                self.follow(*txn, order, Outcome::Abort, out);
                continue;
            }
            if !self.asked.contains(txn) {
                self.asked.push(*txn);
            }
            if !out.rule(rules::ASK) {
                out.note(notes::DOES_NOT_ASK, [(*txn).into()]);
                continue;
            }
            out.note(notes::ASKS, [(*txn).into()]);
            if self.config.cooperative {
                for node in self.others() {
                    out.send_when_durable(node, CommitMessage::Ask(*txn));
                }
            } else {
                out.send_when_durable(txn.coordinator, CommitMessage::Ask(*txn));
            }
        }
        if self.books.in_doubt().next().is_some() {
            out.set_timer(ASK, self.config.ask_timeout);
        }
    }

    /// Somebody asks what became of a transaction.
    pub(super) fn answer(&mut self, from: NodeId, txn: TxnId, out: &mut Desk<'_>) {
        let args = [from.into(), txn.into()];
        if txn.coordinator == self.me {
            let Some(outcome) = self.own_decision(txn) else {
                out.note(notes::NOT_YET, args);
                out.send_when_durable(from, CommitMessage::Undecided(txn));
                return;
            };
            let known = self.coordinator.telling.contains_key(&txn);
            let note = if known {
                notes::TELLS
            } else {
                notes::NO_INFORMATION
            };
            out.note(note, args);
            out.send_when_durable(from, CommitMessage::decision(txn, outcome));
            return;
        }
        let standing = self.books.standings.get(&txn).copied();
        if let Some(outcome) = standing.and_then(Standing::outcome) {
            out.note(notes::TELLS, args);
            out.send_when_durable(from, CommitMessage::decision(txn, outcome));
        } else if standing.and_then(Standing::open).is_some() {
            out.note(notes::IN_DOUBT_TOO, args);
            out.send_when_durable(from, CommitMessage::Undecided(txn));
        } else {
            self.refuse_for(from, txn, out);
        }
    }

    /// Who has not voted yes may see to it that it will never commit; and must remember that.
    fn refuse_for(&mut self, from: NodeId, txn: TxnId, out: &mut Desk<'_>) {
        out.note(notes::REFUSES_ON_BEHALF, [from.into(), txn.into()]);
        let abort = CommitMessage::Abort(txn);
        let known = self.books.standings.insert(txn, Standing::Refused);
        if known.is_none() {
            self.books.force(txn, Entry::Refused, out);
        } else {
            self.books.flush(out);
        }
        out.send_when_durable(from, abort);
    }
}
