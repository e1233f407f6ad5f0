//! A member that comes up again, prepared for something that it does not know the end of. The others may have gone on
//! without it, so it takes no part: it asks. Only if all have been down is there nobody to ask; then they decide
//! together, and not before the last one is back.

use super::member::{AGAIN, Desk, Member};
use super::message::{PhaseMessage, State};
use super::notes;
use super::rules::{ASK_AFTER_RESTART, STAND_BACK, mistakes};
use crate::engine::NodeId;
use crate::lab::commit::{Entry, Outcome, Standing, TxnId};
use std::collections::BTreeMap;

/// What a member that was down has heard from the others.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Recovery {
    /// In which state they are.
    pub heard: BTreeMap<NodeId, State>,
    /// How often it has asked.
    pub asked: u32,
}

impl Member {
    pub(super) fn came_up(&mut self, out: &mut Desk<'_>) {
        let open: Vec<TxnId> = self.books.in_doubt().map(|(txn, ..)| txn).collect();
        for txn in open {
            out.note(notes::IN_DOUBT, [txn.into()]);
            if out.rule(STAND_BACK) {
                self.recovering.insert(txn, Recovery::default());
            } else {
                out.note(notes::GOES_ON_AS_BEFORE, [txn.into()]);
                self.wait_for(txn, txn.coordinator, out);
            }
        }
        self.again(out);
    }

    /// Asks again what it does not know, and tells again what others may not.
    pub(super) fn again(&mut self, out: &mut Desk<'_>) {
        self.tell_again(out);
        let open: Vec<TxnId> = self.recovering.keys().copied().collect();
        for txn in open {
            self.ask(txn, out);
        }
        if !self.telling.is_empty() || !self.recovering.is_empty() {
            out.set_timer(AGAIN, self.config.retry);
        }
    }

    fn ask(&mut self, txn: TxnId, out: &mut Desk<'_>) {
        let others: Vec<NodeId> = self.others().collect();
        let Some(recovery) = self.recovering.get_mut(&txn) else {
            return;
        };
        recovery.asked += 1;
        let lonely = |state: &State| matches!(state, State::Recovering(_));
        if recovery.asked > 1
            && recovery.heard.values().all(lonely)
            && !out.rule(mistakes::WAIT_FOR_ALL)
        {
            return self.decide_together(txn, out);
        }
        if !out.rule(ASK_AFTER_RESTART) {
            out.note(notes::DOES_NOT_ASK, [txn.into()]);
            return;
        }
        out.note(notes::ASKS, [txn.into()]);
        for node in others {
            out.send_when_durable(node, PhaseMessage::Ask(txn));
        }
    }

    /// Nobody that is asked knows the decision: have all been down?
    pub(super) fn hear_while_recovering(
        &mut self,
        from: NodeId,
        txn: TxnId,
        state: State,
        out: &mut Desk<'_>,
    ) {
        let Some(recovery) = self.recovering.get_mut(&txn) else {
            return;
        };
        recovery.heard.insert(from, state);
        let down = recovery.heard.values();
        let down = down.filter(|state| matches!(state, State::Recovering(_)));
        let all = down.count() + 1 == usize::from(self.config.members);
        if !all {
            out.note(notes::NO_HELP, [from.into(), txn.into()]);
        } else if self.me == NodeId(0) {
            self.decide_together(txn, out);
        } else {
            out.note(notes::LEAVES_IT_TO_THE_FIRST, [txn.into()]);
        }
    }

    /// After a total failure: all are back, and none of them has decided.
    fn decide_together(&mut self, txn: TxnId, out: &mut Desk<'_>) {
        let standing = self.books.standings.get(&txn).copied();
        let open = standing.and_then(Standing::open);
        let (Some((order, _)), Some(recovery)) = (open, self.recovering.get(&txn)) else {
            return;
        };
        let mut heard = recovery.heard.values();
        let ready = matches!(standing, Some(Standing::PreCommitted(..)))
            || heard.any(|state| *state == State::Recovering(true));
        let outcome = if ready {
            Outcome::Commit
        } else {
            Outcome::Abort
        };
        out.note(notes::ALL_WERE_DOWN, [txn.into()]);
        self.books.decide(txn, &order, outcome);
        self.recovering.remove(&txn);
        let entry = match outcome {
            Outcome::Commit => Entry::Commit(order),
            Outcome::Abort => Entry::Abort,
        };
        self.force(txn, entry, out);
        let others = self.others().collect();
        self.tell(txn, outcome, others, out);
    }
}
