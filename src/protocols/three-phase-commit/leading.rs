//! A member that leads a transaction: as its coordinator, from the votes to the decision; or as a backup coordinator,
//! which first asks in which state the others are.

use super::member::{AGAIN, Desk, Member, SEND};
use super::message::{PhaseMessage, State};
use super::notes;
use super::rules::{EVERY_YES, HOLD_LOCKS, PRE_COMMIT, mistakes};
use crate::engine::{NodeId, Time};
use crate::lab::commit::{Entry, Objection, Order, Outcome, Stamp, Standing, TxnId};
use std::collections::{BTreeMap, VecDeque};

/// What is waited for.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Phase {
    /// Votes; these were yes.
    Votes(Vec<NodeId>),
    /// In which state the others are.
    States {
        /// Who is waited for.
        of: Vec<NodeId>,
        /// What they said.
        heard: BTreeMap<NodeId, State>,
    },
    /// That all know that all have voted yes.
    Acks {
        /// Who is waited for.
        of: Vec<NodeId>,
        /// Who knows.
        by: Vec<NodeId>,
    },
}

/// A transaction that is led.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Round {
    /// What it would do.
    pub order: Order,
    /// What is waited for.
    pub phase: Phase,
    /// How long.
    pub deadline: Time,
}

impl Round {
    /// Whether this member is told how it ends: who is taken for dead is not, and asks when it is back.
    fn hears(&self, node: NodeId, outcome: Outcome, refused: Option<NodeId>) -> bool {
        match (&self.phase, outcome) {
            // One has said no: the others may be about to say yes.
            (Phase::Votes(_), _) if refused.is_some() => refused != Some(node),
            (Phase::Votes(yes), _) => yes.contains(&node),
            (Phase::States { heard, .. }, _) => heard.contains_key(&node),
            (Phase::Acks { by, .. }, Outcome::Commit) => by.contains(&node),
            (Phase::Acks { of, .. }, Outcome::Abort) => of.contains(&node),
        }
    }
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

/// Several messages that say the same: who leads sends one after another, and may die in between.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Announcement {
    /// To whom, the next one first.
    pub to: VecDeque<NodeId>,
    /// What.
    pub message: PhaseMessage,
    /// Not before so many writes are done.
    pub after: u32,
}

impl Member {
    /// Tells these, one after another, as soon as what was asked of the disk is there; not always the same one last.
    fn announce(&mut self, to: &[NodeId], message: PhaseMessage, out: &mut Desk<'_>) {
        if to.is_empty() {
            return;
        }
        let mut to: VecDeque<NodeId> = to.iter().copied().collect();
        to.rotate_left((message.txn().number.max(1) - 1) as usize % to.len());
        self.line.push(Announcement {
            to,
            message,
            after: self.writes.0,
        });
        self.send_next(out);
    }

    /// What an announcement waited for is on the disk. It goes out a gap later: in between this member knows what
    /// nobody else does.
    pub(super) fn begin_to_send(&mut self, out: &mut Desk<'_>) {
        if self.config.send_gap.0 == 0 {
            self.send_next(out);
        } else if !self.sending && self.line.iter().any(|next| next.after <= self.writes.1) {
            self.sending = true;
            out.set_timer(SEND, self.config.send_gap);
        }
    }

    /// Sends one message of each announcement that may go out.
    pub(super) fn send_next(&mut self, out: &mut Desk<'_>) {
        let done = self.writes.1;
        while !self.sending && self.line.iter().any(|next| next.after <= done) {
            for next in self.line.iter_mut().filter(|next| next.after <= done) {
                if let Some(to) = next.to.pop_front() {
                    out.send(to, next.message);
                }
            }
            self.line.retain(|next| !next.to.is_empty());
            if self.config.send_gap.0 > 0 {
                self.sending = true;
                out.set_timer(SEND, self.config.send_gap);
            }
        }
    }

    /// Somebody wants this done.
    pub(super) fn want(&mut self, order: Order, out: &mut Desk<'_>) {
        let mut own = self.rounds.keys();
        match own.find(|txn| txn.coordinator == self.me) {
            Some(txn) => {
                out.note(notes::WAITS, [(*txn).into()]);
                self.queue.push_back(order);
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
        let txn = self.new_id(out);
        if out.rule(HOLD_LOCKS) {
            self.books.vault.lock(txn, &order);
        }
        let others: Vec<NodeId> = self.others().collect();
        let amount = u64::from(order.amount);
        let args = [
            txn.into(),
            order.payer.into(),
            amount.into(),
            others.len().into(),
        ];
        out.note(notes::BEGINS, args);
        self.lead(txn, order, Phase::Votes(Vec::new()), out);
        self.announce(&others, PhaseMessage::Prepare(txn, order), out);
    }

    fn new_id(&mut self, out: &mut Desk<'_>) -> TxnId {
        if out.rule(mistakes::NEW_NUMBERS) {
            let reserved = self.books.reserved;
            let txn = self.books.new_id(self.me, out);
            self.writes.0 += u32::from(self.books.reserved != reserved);
            return txn;
        }
        let number = self.books.next;
        self.books.next += 1;
        let coordinator = self.me;
        TxnId {
            coordinator,
            number,
        }
    }

    /// What stands in line.
    pub(super) fn next(&mut self, out: &mut Desk<'_>) {
        if let Some(order) = self.queue.pop_front() {
            self.begin(order, out);
        }
    }

    fn lead(&mut self, txn: TxnId, order: Order, phase: Phase, out: &Desk<'_>) {
        let bound = self.config.bounds.round_trip();
        // To give up on votes is always safe.
        let deadline = match phase {
            Phase::Votes(_) => out.now() + bound,
            Phase::States { .. } | Phase::Acks { .. } => self.after(bound, out),
        };
        let round = Round {
            order,
            phase,
            deadline,
        };
        self.rounds.insert(txn, round);
    }

    /// A member votes yes.
    pub(super) fn yes(&mut self, from: NodeId, txn: TxnId, out: &mut Desk<'_>) {
        let all = usize::from(self.config.members);
        let phase = self.rounds.get_mut(&txn).map(|round| &mut round.phase);
        let Some(Phase::Votes(yes)) = phase else {
            out.note(notes::YES_LATE, [from.into(), txn.into()]);
            return;
        };
        if yes.contains(&from) {
            out.note(notes::YES_KNOWN, [from.into(), txn.into()]);
            if out.rule(mistakes::COUNT_A_VOTER_ONCE) {
                return;
            }
        }
        yes.push(from);
        let count = yes.len();
        let args = [from.into(), txn.into(), count.into(), (all - 1).into()];
        out.note(notes::YES_COUNTED, args);
        if out.rule(EVERY_YES) {
            if count + 1 >= all {
                self.all_yes(txn, out);
            }
        } else if (count + 1) * 2 > all {
            out.note(notes::GOES_ON_WITH_MOST, [txn.into(), (count + 1).into()]);
            self.all_yes(txn, out);
        }
    }

    /// A member votes no.
    pub(super) fn no(&mut self, from: NodeId, txn: TxnId, out: &mut Desk<'_>) {
        let phase = self.rounds.get(&txn).map(|round| &round.phase);
        if !matches!(phase, Some(Phase::Votes(_))) {
            out.note(notes::NO_LATE, [from.into(), txn.into()]);
            return;
        }
        out.note(notes::NO_HEARD, [from.into(), txn.into()]);
        self.decide(txn, Outcome::Abort, Some(from), out);
    }

    /// Phase two: all learn that all have voted yes, before anybody commits.
    fn all_yes(&mut self, txn: TxnId, out: &mut Desk<'_>) {
        if out.rule(PRE_COMMIT) {
            out.note(notes::PRE_COMMITS_ALL, [txn.into()]);
            let others = self.others().collect();
            self.move_all(txn, others, out);
        } else {
            out.note(notes::SKIPS_A_PHASE, [txn.into()]);
            self.decide(txn, Outcome::Commit, None, out);
        }
    }

    /// All that take part go to the state pre-committed, who leads first.
    fn move_all(&mut self, txn: TxnId, of: Vec<NodeId>, out: &mut Desk<'_>) {
        let Some(order) = self.rounds.get(&txn).map(|round| round.order) else {
            return;
        };
        let standing = self.books.standings.get(&txn).copied();
        if !matches!(standing, Some(Standing::PreCommitted(..))) {
            let open = standing.and_then(Standing::open);
            let since = Stamp(open.map_or(out.now(), |(_, since)| since));
            let standing = Standing::PreCommitted(order, since);
            self.books.standings.insert(txn, standing);
            self.force(txn, Entry::PreCommitted(order, since), out);
        }
        if of.is_empty() {
            return self.decide(txn, Outcome::Commit, None, out);
        }
        self.announce(&of, PhaseMessage::PreCommit(txn), out);
        let by = Vec::new();
        self.lead(txn, order, Phase::Acks { of, by }, out);
    }

    /// A member knows that all have voted yes.
    pub(super) fn pre_acknowledged(&mut self, from: NodeId, txn: TxnId, out: &mut Desk<'_>) {
        let phase = self.rounds.get_mut(&txn).map(|round| &mut round.phase);
        let Some(Phase::Acks { of, by }) = phase else {
            out.note(notes::PRE_ACK_LATE, [from.into(), txn.into()]);
            return;
        };
        if of.contains(&from) && !by.contains(&from) {
            by.push(from);
        }
        let (count, needed) = (by.len(), of.len());
        let args = [from.into(), txn.into(), count.into(), needed.into()];
        out.note(notes::PRE_ACK_COUNTED, args);
        if count >= needed {
            self.decide(txn, Outcome::Commit, None, out);
        }
    }

    /// Answers do not come: with bounded delay, who does not answer is down.
    pub(super) fn answers_missing(&mut self, now: Time, out: &mut Desk<'_>) {
        let due = self.rounds.iter();
        let due = due.filter(|(_, round)| round.deadline <= now);
        let due: Vec<TxnId> = due.map(|(txn, _)| *txn).collect();
        for txn in due {
            match self.rounds.get(&txn).map(|round| &round.phase) {
                Some(Phase::Votes(_)) => {
                    out.note(notes::NO_VOTES, [txn.into()]);
                    self.decide(txn, Outcome::Abort, None, out);
                }
                Some(Phase::Acks { of, by }) => {
                    let missing = of.len() - by.len();
                    out.note(notes::GOES_ON_WITHOUT, [txn.into(), missing.into()]);
                    self.decide(txn, Outcome::Commit, None, out);
                }
                Some(Phase::States { .. }) => self.judge_states(txn, out),
                None => {}
            }
        }
    }

    /// It is the backup coordinator from now on.
    pub(super) fn take_over(&mut self, txn: TxnId, gone: &[NodeId], out: &mut Desk<'_>) {
        let standing = self.books.standings.get(&txn).copied();
        let Some((order, _)) = standing.and_then(Standing::open) else {
            return;
        };
        out.note(notes::TAKES_OVER, [txn.into()]);
        let here = self.others().filter(|node| !gone.contains(node));
        let of: Vec<NodeId> = here.collect();
        self.announce(&of, PhaseMessage::StateRequest(txn), out);
        let (alone, heard) = (of.is_empty(), BTreeMap::new());
        self.lead(txn, order, Phase::States { of, heard }, out);
        if alone {
            self.judge_states(txn, out);
        }
    }

    /// A member says in which state it is; whether a backup coordinator waited for that.
    pub(super) fn count_state(
        &mut self,
        from: NodeId,
        txn: TxnId,
        state: State,
        out: &mut Desk<'_>,
    ) -> bool {
        let phase = self.rounds.get_mut(&txn).map(|round| &mut round.phase);
        let Some(Phase::States { of, heard }) = phase else {
            return false;
        };
        heard.insert(from, state);
        let waits = of.iter().any(|node| !heard.contains_key(node));
        if state.outcome().is_some() || !waits {
            self.judge_states(txn, out);
        }
        true
    }

    /// The termination rules.
    fn judge_states(&mut self, txn: TxnId, out: &mut Desk<'_>) {
        let phase = self.rounds.get(&txn).map(|round| &round.phase);
        let Some(Phase::States { heard, .. }) = phase else {
            return;
        };
        if let Some(outcome) = heard.values().find_map(|state| state.outcome()) {
            out.note(notes::FOLLOWS_A_DECISION, [txn.into()]);
            return self.decide(txn, outcome, None, out);
        }
        // Who was down in between is told in the end, and does not count.
        let takes_part = |state: &State| matches!(state, State::Uncertain | State::PreCommitted);
        let here = heard.iter().filter(|(_, state)| takes_part(state));
        let here: Vec<NodeId> = here.map(|(node, _)| *node).collect();
        let ready = heard.values().any(|state| *state == State::PreCommitted)
            || self.state_of(txn) == Some(State::PreCommitted);
        if !ready {
            out.note(notes::NOBODY_PRE_COMMITTED, [txn.into()]);
            return self.decide(txn, Outcome::Abort, None, out);
        }
        out.note(notes::SOMEBODY_PRE_COMMITTED, [txn.into()]);
        self.move_all(txn, here, out);
    }

    /// It is decided here: on the disk first, and then all are told.
    fn decide(
        &mut self,
        txn: TxnId,
        outcome: Outcome,
        refused: Option<NodeId>,
        out: &mut Desk<'_>,
    ) {
        let Some(round) = self.rounds.remove(&txn) else {
            return;
        };
        let known = self.books.standings.contains_key(&txn);
        self.books.decide(txn, &round.order, outcome);
        self.waits.remove(&txn);
        match outcome {
            Outcome::Commit => {
                out.note(notes::COMMITS, [txn.into()]);
                self.force(txn, Entry::Commit(round.order), out);
            }
            Outcome::Abort => {
                out.note(notes::ABORTS, [txn.into()]);
                if known {
                    self.force(txn, Entry::Abort, out);
                } else {
                    // Nobody is pre-committed, and of what its log does not know it will answer abort.
                    self.books.note_down(txn, Entry::Abort);
                }
            }
        }
        let to = self.others();
        let to = to.filter(|node| round.hears(*node, outcome, refused));
        let to: Vec<NodeId> = to.collect();
        self.tell(txn, outcome, to, out);
        if txn.coordinator == self.me {
            self.next(out);
        }
    }

    /// Phase three: everybody is told, and has to acknowledge.
    pub(super) fn tell(
        &mut self,
        txn: TxnId,
        outcome: Outcome,
        to: Vec<NodeId>,
        out: &mut Desk<'_>,
    ) {
        self.announce(&to, PhaseMessage::decision(txn, outcome), out);
        if to.is_empty() {
            return;
        }
        let by = Vec::new();
        self.telling.insert(txn, Told { outcome, to, by });
        out.set_timer(AGAIN, self.config.retry);
    }

    /// Who has not acknowledged is told again.
    pub(super) fn tell_again(&mut self, out: &mut Desk<'_>) {
        for (txn, told) in &self.telling {
            out.note(notes::TELLS_AGAIN, [(*txn).into()]);
            for node in told.to.iter().filter(|node| !told.by.contains(node)) {
                out.send_when_durable(*node, PhaseMessage::decision(*txn, told.outcome));
            }
        }
    }

    /// A member has the decision on its disk.
    pub(super) fn acknowledged(&mut self, from: NodeId, txn: TxnId, out: &mut Desk<'_>) {
        let Some(told) = self.telling.get_mut(&txn) else {
            out.note(notes::ACK_LATE, [from.into(), txn.into()]);
            return;
        };
        if told.to.contains(&from) && !told.by.contains(&from) {
            told.by.push(from);
        }
        let (count, needed) = (told.by.len(), told.to.len());
        let args = [from.into(), txn.into(), count.into(), needed.into()];
        out.note(notes::ACK_COUNTED, args);
        if count >= needed {
            out.note(notes::FORGETS, [txn.into()]);
            self.telling.remove(&txn);
            self.books.note_down(txn, Entry::End);
        }
    }
}
