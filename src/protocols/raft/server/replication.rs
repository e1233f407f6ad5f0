//! Log replication (section 5.3) and the commit rule (section 5.4.2).

use super::super::message::RaftMessage;
use super::super::notes;
use super::super::types::{Entries, Index, Term};
use super::{
    BACK_UP, CHECK_PREVIOUS, COMMIT_OWN_TERM, Flow, HEARTBEAT, Progress, Role, Server, ServerOut,
    mistakes,
};
use crate::engine::{Arg, NodeId};

/// The plain fields of an AppendEntries message.
#[derive(Copy, Clone)]
pub(super) struct Append {
    pub(super) term: Term,
    pub(super) prev: (Term, Index),
    pub(super) commit: Index,
}

/// The entries that were sent last, for the next follower that lacks the same.
#[derive(Default)]
pub(super) struct Shared {
    prev: Index,
    entries: Entries,
}

impl Server {
    /// The heartbeat timer of a leader: what was not answered is sent again.
    pub(super) fn heartbeat(&mut self, out: &mut ServerOut<'_>) {
        let Role::Leader { followers } = &mut self.role else {
            return;
        };
        for progress in followers {
            progress.flow = match progress.flow {
                Flow::Sent(end) => Flow::Overdue(end),
                Flow::Idle | Flow::Overdue(_) => Flow::Idle,
            };
        }
        out.set_timer(HEARTBEAT, self.config.heartbeat);
        if self.more.is_some() {
            self.give_up_transfer(out);
            self.give_up_learners(out);
        }
        // A round whose messages were lost holds up no reads but its own. A lease is of a round, too.
        if self.reads_wait(out) {
            self.begin_round(out);
        } else {
            if self.config.options.lease.is_some() {
                self.round += 1;
                self.date_round(out);
            }
            self.broadcast(out);
        }
    }

    /// Sends every follower what it lacks; a heartbeat where that is nothing, or is under way.
    pub(super) fn broadcast(&mut self, out: &mut ServerOut<'_>) {
        let mut shared = Shared::default();
        for at in 0..self.followers().len() {
            let idle = self.followers()[at].flow == Flow::Idle;
            self.send_append(at, idle, &mut shared, out);
        }
        // A cluster of one has nobody to wait for.
        if self.followers().is_empty() || (self.more.is_some() && self.is_enough_alone(out)) {
            self.advance_commit(out);
            self.confirm_reads(out);
        }
    }

    /// Sends new entries to the followers that are not still busy with earlier ones.
    pub(super) fn replicate(&mut self, out: &mut ServerOut<'_>) {
        let mut shared = Shared::default();
        for at in 0..self.followers().len() {
            if self.followers()[at].flow == Flow::Idle {
                self.send_append(at, true, &mut shared, out);
            }
        }
    }

    pub(in super::super) fn followers(&self) -> &[Progress] {
        if let Role::Leader { followers } = &self.role {
            followers
        } else {
            &[]
        }
    }

    pub(super) fn send_append(
        &mut self,
        at: usize,
        fresh: bool,
        shared: &mut Shared,
        out: &mut ServerOut<'_>,
    ) {
        let progress = self.followers()[at];
        let prev = Index(progress.next.0 - 1);
        let there = |_: &Term| prev.0 > 0 || self.log.begin() == 0;
        let Some(before) = self.term_at(prev).filter(there) else {
            self.send_snapshot(at, fresh, out);
            return;
        };
        let entries = if !fresh || prev.len() >= self.log.len() {
            Entries::default()
        } else if shared.prev == prev && !shared.entries.is_empty() {
            shared.entries.clone()
        } else {
            let entries = self.log.share(prev.len(), self.config.batch);
            (shared.prev, shared.entries) = (prev, entries.clone());
            entries
        };
        let end = (!entries.is_empty()).then(|| Index(prev.0 + entries.len() as u32));
        let message = RaftMessage::AppendEntries {
            term: self.term,
            prev: (before, prev),
            commit: self.commit,
            round: self.round,
            entries,
        };
        if let (Role::Leader { followers }, Some(end)) = (&mut self.role, end) {
            followers[at].flow = Flow::Sent(end);
        }
        out.send(progress.follower, message);
    }

    /// Figure 2, AppendEntries, receiver.
    pub(super) fn append(
        &mut self,
        from: NodeId,
        append: Append,
        entries: &Entries,
        round: u32,
        out: &mut ServerOut<'_>,
    ) {
        let Append { term, prev, commit } = append;
        if term < self.term {
            let args = [from.into(), term.into(), self.term.into()];
            out.note(notes::APPEND_REFUSED_TERM, args);
            self.reply(from, (false, Index(0), round), out);
            return;
        }
        if !matches!(self.role, Role::Follower) {
            out.note(notes::GAVE_UP, [from.into(), term.into()]);
            self.become_follower();
        }
        self.heard(from, out);
        // What is in a snapshot was committed, and every leader has it.
        if self.term_at(prev.1) != Some(prev.0)
            && prev.1.len() >= self.log.begin()
            && out.rule(CHECK_PREVIOUS)
        {
            let retry = self.disagree(from, prev, out);
            self.reply(from, (false, retry, round), out);
            return;
        }
        if entries.is_empty() {
            out.note(notes::HEARTBEAT, [from.into(), term.into()]);
        } else {
            self.take_entries(prev.1, entries, out);
        }
        let agreed = Index(prev.1.0 + entries.len() as u32);
        let follow = if out.rule(mistakes::FOLLOW_NO_FURTHER_THAN_AGREED) {
            commit.min(agreed)
        } else {
            commit.min(self.last().1)
        };
        if follow > self.commit {
            self.commit = follow;
            out.note(notes::COMMIT_FOLLOWED, [follow.into()]);
            self.apply(out);
        }
        self.reply(from, (true, agreed, round), out);
    }

    /// Section 5.3, fast back-up: where the leader should try next. After a gap, right behind
    /// the end; in a conflict, the first entry of the conflicting term.
    fn disagree(&self, from: NodeId, prev: (Term, Index), out: &mut ServerOut<'_>) -> Index {
        let theirs = Arg::Place(prev.0.0, prev.1.0);
        let last = self.last();
        let Some(conflicting) = self.term_at(prev.1) else {
            let mine = Arg::Place(last.0.0, last.1.0);
            out.note(notes::APPEND_REFUSED_GAP, [from.into(), theirs, mine]);
            return last.1.next();
        };
        let mine = Arg::Place(conflicting.0, prev.1.0);
        out.note(notes::APPEND_REFUSED_CONFLICT, [from.into(), theirs, mine]);
        let mut first = prev.1;
        while first.0 > 1 && self.term_at(Index(first.0 - 1)) == Some(conflicting) {
            first = Index(first.0 - 1);
        }
        first
    }

    /// Receiver 3 and 4: only a conflict removes entries; what is there already stays.
    fn take_entries(&mut self, prev: Index, entries: &Entries, out: &mut ServerOut<'_>) {
        let gone = self.log.begin().saturating_sub(prev.len());
        if gone > 0 {
            if gone < entries.len() {
                let behind = entries.without_first(gone);
                self.take_entries(Index(prev.0 + gone as u32), &behind, out);
            }
            return;
        }
        let known = entries.iter().enumerate().take_while(|(i, entry)| {
            self.term_at(Index(prev.0 + *i as u32 + 1)) == Some(entry.term)
        });
        let known = known.count();
        if known == entries.len() && out.rule(mistakes::KEEP_WHAT_AGREES) {
            return;
        }
        // A gap can only be met with the check of the entry before switched off.
        let keep = (prev.len() + known).min(self.log.len());
        let removed = self.log.len().saturating_sub(keep);
        if removed > 0 {
            out.note(notes::ENTRIES_REMOVED, [(keep + 1).into(), removed.into()]);
        }
        let fresh = entries.without_first(known);
        let fresh = if removed == 0 || out.rule(mistakes::REMOVE_WHAT_CONFLICTS) {
            fresh
        } else {
            let behind = self.log.iter_from(keep + fresh.len());
            fresh.iter().chain(behind).copied().collect()
        };
        out.note(
            notes::ENTRIES_APPENDED,
            [(keep + 1).into(), fresh.len().into()],
        );
        self.change_log(keep, &fresh, out);
    }

    /// The answer leaves when term and entries are on disk.
    fn reply(
        &self,
        to: NodeId,
        (success, index, round): (bool, Index, u32),
        out: &mut ServerOut<'_>,
    ) {
        let reply = RaftMessage::AppendReply {
            term: self.term,
            success,
            index,
            round,
        };
        if out.rule(mistakes::ANSWER_WHAT_IS_ON_DISK) {
            out.send_when_durable(to, reply);
        } else {
            out.send(to, reply);
        }
    }

    /// Figure 2, Leaders 3.
    pub(super) fn append_answered(
        &mut self,
        from: NodeId,
        term: Term,
        (success, index, round): (bool, Index, u32),
        out: &mut ServerOut<'_>,
    ) {
        let (mine, last) = (self.term, Index(self.log.len() as u32));
        let Role::Leader { followers } = &mut self.role else {
            out.note(notes::REPLY_STALE, [from.into(), term.into(), mine.into()]);
            return;
        };
        let at = followers
            .iter()
            .position(|progress| progress.follower == from);
        let Some(at) = at.filter(|_| term == mine) else {
            out.note(notes::REPLY_STALE, [from.into(), term.into(), mine.into()]);
            return;
        };
        let progress = &mut followers[at];
        progress.round = progress.round.max(round);
        let index = match progress.flow {
            Flow::Sent(end) | Flow::Overdue(end)
                if success && !out.rule(mistakes::MATCH_ONLY_WHAT_WAS_ANSWERED) =>
            {
                end
            }
            Flow::Sent(_) | Flow::Overdue(_) | Flow::Idle => index,
        };
        // The answer to a heartbeat is none to the entries under way: these would go out again
        // with every one, and be answered again, without end.
        progress.flow = match progress.flow {
            Flow::Sent(end) | Flow::Overdue(end) if success && index < end => progress.flow,
            Flow::Sent(_) | Flow::Overdue(_) | Flow::Idle => Flow::Idle,
        };
        let mut again = false;
        if success {
            if index > progress.matched {
                out.note(notes::MATCHED, [from.into(), index.into()]);
            }
            progress.matched = progress.matched.max(index);
            progress.next = progress.next.max(progress.matched.next());
        } else {
            // It refuses what it had agreed to: its disk was lost. An old answer that says so costs a message.
            if index <= progress.matched && progress.next == progress.matched.next() {
                progress.matched = Index(index.0.saturating_sub(1));
            }
            let retry = index.min(progress.next).max(progress.matched.next());
            again = retry < progress.next && out.rule(BACK_UP);
            if out.rule(BACK_UP) {
                progress.next = retry;
            }
            out.note(notes::BACKED_UP, [from.into(), retry.into()]);
        }
        if again || (success && progress.flow == Flow::Idle && progress.next <= last) {
            self.send_append(at, true, &mut Shared::default(), out);
        }
        self.advance_commit(out);
        self.confirm_reads(out);
        if self.more.is_some() {
            self.answered_leader(from, out);
        }
    }

    /// Figure 2, Leaders 4: the highest entry that a majority has on disk, if it is of this term.
    #[inline]
    pub(super) fn advance_commit(&mut self, out: &mut ServerOut<'_>) {
        // Most of the time all is committed: no log is longer than the leader's own.
        if self.commit.len() < self.log.len() {
            self.count_copies(out);
        }
    }

    #[inline(never)]
    fn count_copies(&mut self, out: &mut ServerOut<'_>) {
        if self.more.is_some() && self.acting(out).is_some() {
            self.count_copies_of_members(out);
            return;
        }
        let Role::Leader { followers } = &self.role else {
            return;
        };
        let needed = self.majority(out);
        // Where fewer logs than that go on behind what is committed, nothing more can be.
        let ahead = |end: Index| usize::from(end > self.commit);
        let others = followers.iter().map(|progress| ahead(progress.matched));
        if others.sum::<usize>() + ahead(self.durable) < needed {
            return;
        }
        let copies = |index: Index| {
            let others = followers
                .iter()
                .filter(|progress| progress.matched >= index)
                .count();
            others + usize::from(self.durable >= index)
        };
        // Only where some log ends can the answer change.
        let ends = followers
            .iter()
            .map(|progress| progress.matched)
            .chain([self.durable]);
        let further = |reached, end| {
            if end > reached && copies(end) >= needed {
                end
            } else {
                reached
            }
        };
        let index = ends.fold(self.commit, further);
        if index > self.commit {
            let counted = (copies(index), self.config.servers.len());
            self.commit_counted(index, counted, out);
        }
    }

    /// Takes an entry as committed that enough servers have, if it is of this term.
    pub(super) fn commit_counted(
        &mut self,
        index: Index,
        (copies, servers): (usize, usize),
        out: &mut ServerOut<'_>,
    ) {
        let old = self.term_at(index).unwrap_or_default();
        if old != self.term && out.rule(COMMIT_OWN_TERM) {
            let args = [index.into(), old.into(), self.term.into()];
            out.note(notes::COMMIT_HELD_TERM, args);
            return;
        }
        out.note(
            notes::COMMITTED,
            [index.into(), copies.into(), servers.into()],
        );
        self.commit = if out.rule(mistakes::COMMIT_NO_FURTHER_THAN_COUNTED) {
            index
        } else {
            index.next().min(self.last().1)
        };
        self.apply(out);
    }
}
