//! A member as a coordinator: it collects votes, decides, and tells what it decided until all know.

use super::member::{AGAIN, Desk, Member, VOTES};
use super::message::CommitMessage;
use super::notes;
use super::rules::{
    APPLY_AFTER_DECISION, EVERY_YES, FORCE_THE_DECISION, HOLD_LOCKS, REMEMBER, mistakes,
};
use crate::engine::NodeId;
use crate::lab::commit::{Disk, Entry};
use crate::lab::commit::{Objection, Order, Outcome, TxnId};
use std::collections::{BTreeMap, VecDeque};

/// The transaction whose votes are collected.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Ballot {
    /// Which.
    pub txn: TxnId,
    /// What it would do.
    pub order: Order,
    /// Who has voted yes, in the order in which they did; its coordinator is not among them.
    pub yes: Vec<NodeId>,
}

/// A decision that is not known to all yet.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Told {
    /// What was decided.
    pub outcome: Outcome,
    /// Who has to acknowledge it.
    pub to: Vec<NodeId>,
    /// Who has.
    pub by: Vec<NodeId>,
}

/// A coordinator's memory. What it has forgotten was aborted, or is known to all.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Coordinator {
    /// What it collects votes for.
    pub collecting: Option<Ballot>,
    /// What it decided, and remembers.
    pub telling: BTreeMap<TxnId, Told>,
    /// What it is to do next.
    pub queue: VecDeque<Order>,
}

impl Coordinator {
    /// What its log says: decisions without an end record.
    pub(super) fn boot(me: NodeId, disk: &Disk) -> Self {
        let mut telling = BTreeMap::new();
        for record in disk.log.iter().filter(|one| one.txn.coordinator == me) {
            let outcome = match record.entry {
                Entry::Commit(_) => Outcome::Commit,
                Entry::Abort if record.forced => Outcome::Abort,
                Entry::End => {
                    telling.remove(&record.txn);
                    continue;
                }
                Entry::Abort | Entry::Prepared(..) | Entry::PreCommitted(..) | Entry::Refused => {
                    continue;
                }
            };
            let (to, by) = (Vec::new(), Vec::new());
            telling.insert(record.txn, Told { outcome, to, by });
        }
        Coordinator {
            collecting: None,
            telling,
            queue: VecDeque::new(),
        }
    }
}

impl Member {
    pub(super) fn coordinator_started(&mut self, out: &mut Desk<'_>) {
        let others: Vec<NodeId> = self.others().collect();
        for (txn, told) in &mut self.coordinator.telling {
            out.note(notes::RECOVERS, [(*txn).into()]);
            told.to.clone_from(&others);
        }
        self.tell_again(out);
    }

    /// Somebody wants this done.
    pub(super) fn want(&mut self, order: Order, out: &mut Desk<'_>) {
        match &self.coordinator.collecting {
            Some(ballot) => {
                out.note(notes::WAITS, [ballot.txn.into()]);
                self.coordinator.queue.push_back(order);
            }
            None => self.begin(order, out),
        }
    }

    /// Phase one.
    fn begin(&mut self, order: Order, out: &mut Desk<'_>) {
        match self.books.vault.objection(&order) {
            Some(Objection::Locked(txn)) => {
                out.note(notes::DECLINES_LOCKED, [txn.into()]);
                return self.next(out);
            }
            Some(Objection::TooLittle(_)) => {
                out.note(notes::DECLINES_POOR, [order.payer.into()]);
                return self.next(out);
            }
            None => {}
        }
        let txn = if out.rule(mistakes::NEW_NUMBERS) {
            self.books.new_id(self.me, out)
        } else {
            let number = self.books.next;
            self.books.next += 1;
            let coordinator = self.me;
            TxnId {
                coordinator,
                number,
            }
        };
        if out.rule(HOLD_LOCKS) {
            self.books.vault.lock(txn, &order);
        }
        let needed = usize::from(self.config.members) - 1;
        let amount = u64::from(order.amount);
        out.note(
            notes::BEGINS,
            [txn.into(), order.payer.into(), amount.into(), needed.into()],
        );
        for node in self.others() {
            out.send_when_durable(node, CommitMessage::Prepare(txn, order));
        }
        let yes = Vec::new();
        self.coordinator.collecting = Some(Ballot { txn, order, yes });
        out.set_timer(VOTES, self.config.vote_timeout);
    }

    /// What stands in line.
    fn next(&mut self, out: &mut Desk<'_>) {
        if let Some(order) = self.coordinator.queue.pop_front() {
            self.begin(order, out);
        }
    }

    /// A member votes yes.
    pub(super) fn yes(&mut self, from: NodeId, txn: TxnId, out: &mut Desk<'_>) {
        let all = usize::from(self.config.members);
        let ballot = self.coordinator.collecting.as_mut();
        let Some(ballot) = ballot.filter(|ballot| ballot.txn == txn) else {
            // Its member is being told; and who hears nothing asks.
            out.note(notes::YES_LATE, [from.into(), txn.into()]);
            return;
        };
        if ballot.yes.contains(&from) {
            out.note(notes::YES_KNOWN, [from.into(), txn.into()]);
            if out.rule(mistakes::COUNT_A_VOTER_ONCE) {
                return;
            }
        }
        ballot.yes.push(from);
        let count = ballot.yes.len();
        let args = [from.into(), txn.into(), count.into(), (all - 1).into()];
        out.note(notes::YES_COUNTED, args);
        if out.rule(EVERY_YES) {
            if count + 1 >= all {
                self.decide_commit(out);
            }
        } else if (count + 1) * 2 > all {
            out.note(notes::COMMITS_BY_MOST, [txn.into(), (count + 1).into()]);
            self.decide_commit(out);
        }
    }

    /// A member votes no.
    pub(super) fn no(&mut self, from: NodeId, txn: TxnId, out: &mut Desk<'_>) {
        let ballot = self.coordinator.collecting.as_ref();
        if ballot.is_none_or(|ballot| ballot.txn != txn) {
            out.note(notes::NO_LATE, [from.into(), txn.into()]);
            return;
        }
        out.note(notes::NO_HEARD, [from.into(), txn.into()]);
        self.decide_abort(Some(from), out);
    }

    /// The votes do not come.
    pub(super) fn no_votes(&mut self, out: &mut Desk<'_>) {
        if let Some(ballot) = &self.coordinator.collecting {
            out.note(notes::NO_VOTES, [ballot.txn.into()]);
            self.decide_abort(None, out);
        }
    }

    fn decide_commit(&mut self, out: &mut Desk<'_>) {
        let Some(Ballot { txn, order, yes }) = self.coordinator.collecting.take() else {
            return;
        };
        out.stop_timer(VOTES);
        self.books.decide(txn, &order, Outcome::Commit);
        out.note(notes::COMMITS, [txn.into(), yes.len().into()]);
        if out.rule(FORCE_THE_DECISION) {
            self.books.force(txn, Entry::Commit(order), out);
        } else {
            out.note(notes::COMMITS_IN_MEMORY, [txn.into()]);
            self.books.note_down(txn, Entry::Commit(order));
        }
        let others = self.others().collect();
        self.tell(txn, Outcome::Commit, others, out);
        self.next(out);
    }

    fn decide_abort(&mut self, refused: Option<NodeId>, out: &mut Desk<'_>) {
        let Some(Ballot { txn, order, .. }) = self.coordinator.collecting.take() else {
            return;
        };
        out.stop_timer(VOTES);
        self.books.decide(txn, &order, Outcome::Abort);
        out.note(notes::ABORTS, [txn.into()]);
        let to: Vec<NodeId> = self
            .others()
            .filter(|node| Some(*node) != refused)
            .collect();
        if self.config.presumed_abort {
            out.note(notes::PRESUMES, [txn.into()]);
            self.books.note_down(txn, Entry::Abort);
            if out.rule(APPLY_AFTER_DECISION) {
                for node in to {
                    out.send(node, CommitMessage::Abort(txn));
                }
            }
        } else {
            self.books.force(txn, Entry::Abort, out);
            self.tell(txn, Outcome::Abort, to, out);
        }
        self.next(out);
    }

    /// Phase two: everybody is told, and has to acknowledge.
    fn tell(&mut self, txn: TxnId, outcome: Outcome, to: Vec<NodeId>, out: &mut Desk<'_>) {
        if !out.rule(APPLY_AFTER_DECISION) {
            out.note(notes::SAYS_NOTHING, [txn.into()]);
            return;
        }
        for node in &to {
            let message = CommitMessage::decision(txn, outcome);
            if out.rule(FORCE_THE_DECISION) {
                out.send_when_durable(*node, message);
            } else {
                out.send(*node, message);
            }
        }
        if to.is_empty() || !out.rule(REMEMBER) {
            out.note(notes::FORGETS_EARLY, [txn.into()]);
            self.books.note_down(txn, Entry::End);
            return;
        }
        let by = Vec::new();
        self.coordinator
            .telling
            .insert(txn, Told { outcome, to, by });
        out.set_timer(AGAIN, self.config.retry);
    }

    /// Who has not acknowledged is told again.
    pub(super) fn tell_again(&mut self, out: &mut Desk<'_>) {
        for (txn, told) in &self.coordinator.telling {
            out.note(notes::TELLS_AGAIN, [(*txn).into()]);
            for node in told.to.iter().filter(|node| !told.by.contains(node)) {
                out.send_when_durable(*node, CommitMessage::decision(*txn, told.outcome));
            }
        }
        if !self.coordinator.telling.is_empty() {
            out.set_timer(AGAIN, self.config.retry);
        }
    }

    /// A member has the decision on its disk.
    pub(super) fn acknowledged(&mut self, from: NodeId, txn: TxnId, out: &mut Desk<'_>) {
        let Some(told) = self.coordinator.telling.get_mut(&txn) else {
            out.note(notes::ACK_LATE, [from.into(), txn.into()]);
            return;
        };
        if !told.by.contains(&from) {
            told.by.push(from);
        }
        let (count, needed) = (told.by.len(), told.to.len());
        let args = [from.into(), txn.into(), count.into(), needed.into()];
        out.note(notes::ACK_COUNTED, args);
        if count >= needed {
            out.note(notes::FORGETS, [txn.into()]);
            self.coordinator.telling.remove(&txn);
            self.books.note_down(txn, Entry::End);
            if self.coordinator.telling.is_empty() {
                out.stop_timer(AGAIN);
            }
        }
    }

    /// What the coordinator of a transaction answers to who asks; `None` where it is not decided.
    pub(super) fn own_decision(&self, txn: TxnId) -> Option<Outcome> {
        let ballot = self.coordinator.collecting.as_ref();
        if ballot.is_some_and(|ballot| ballot.txn == txn) {
            return None;
        }
        let told = self.coordinator.telling.get(&txn);
        Some(told.map_or(Outcome::Abort, |told| told.outcome))
    }
}
