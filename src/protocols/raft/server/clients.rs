//! Clients: requests through the log, reads by read index (section 8; dissertation, chapter 6).

use super::super::message::{Answer, RaftMessage};
use super::super::notes;
use super::super::types::{Index, Op, Payload};
use super::{APPLY_ONCE, CONFIRM_LEADERSHIP, Read, Role, Server, ServerOut, mistakes};
use crate::engine::NodeId;

impl Server {
    /// A client asks. Only a leader does anything about it.
    pub(super) fn client_request(
        &mut self,
        client: NodeId,
        sequence: u32,
        op: Op,
        out: &mut ServerOut<'_>,
    ) {
        if !matches!(self.role, Role::Leader { .. }) {
            match self.leader {
                Some(leader) => {
                    out.note(notes::REQUEST_REDIRECTED, [client.into(), leader.into()]);
                }
                None => out.note(notes::REQUEST_NO_LEADER, [client.into()]),
            }
            self.answer(client, sequence, Answer::NotLeader(self.leader), out);
            return;
        }
        if let Op::Get { key } = op {
            self.read(
                Read {
                    client,
                    sequence,
                    key,
                    index: Index(0),
                    round: None,
                },
                out,
            );
            return;
        }
        if self.more.is_some() && self.held_for_transfer(client, out) {
            self.answer(client, sequence, Answer::NotLeader(None), out);
            return;
        }
        let known = if out.rule(mistakes::ANSWER_EACH_REQUEST_ONCE) {
            sequence
        } else {
            sequence - 1
        };
        if out.rule(APPLY_ONCE)
            && let Some(answer) = self.machine.answered(client, known)
        {
            let args = [client.into(), u64::from(sequence).into()];
            out.note(notes::REQUEST_REPEATED, args);
            self.answer(client, sequence, answer, out);
            return;
        }
        let payload = Payload::Client {
            client,
            sequence,
            op,
        };
        let index = Index(self.log.len() as u32).next();
        out.note(notes::REQUEST_APPENDED, [client.into(), index.into()]);
        self.append_own(payload, out);
        if matches!(op, Op::Put { .. }) && !out.rule(mistakes::ANSWER_WHEN_COMMITTED) {
            self.answer(client, sequence, Answer::Done(None), out);
        }
        self.replicate(out);
    }

    pub(super) fn answer(
        &self,
        to: NodeId,
        sequence: u32,
        answer: Answer,
        out: &mut ServerOut<'_>,
    ) {
        out.send(to, RaftMessage::ClientReply { sequence, answer });
    }

    /// Dissertation, section 6.4: note the commit index, confirm the leadership, wait until that
    /// index is applied, answer.
    fn read(&mut self, read: Read, out: &mut ServerOut<'_>) {
        if !out.rule(CONFIRM_LEADERSHIP) {
            out.note(
                notes::READ_UNCONFIRMED,
                [read.client.into(), self.applied.into()],
            );
            let value = self.machine.get(read.key);
            self.answer(read.client, read.sequence, Answer::Done(value), out);
            return;
        }
        if self.more.is_some() && self.read_by_lease(&read, out) {
            return;
        }
        self.reads.push(read);
        let client = read.client.into();
        if !self.may_read(out) {
            out.note(notes::READ_WAITS_TERM, [client, self.term.into()]);
        } else if self.round_under_way(out) {
            let round = u64::from(self.round).into();
            out.note(notes::READ_WAITS_ROUND, [client, round]);
        } else {
            self.begin_round(out);
        }
    }

    /// Section 8: a leader knows what is committed once an entry of its own term is.
    pub(super) fn may_read(&self, out: &ServerOut<'_>) -> bool {
        self.term_at(self.commit) == Some(self.term)
            || !out.rule(mistakes::READ_AFTER_AN_OWN_COMMIT)
    }

    /// Whether reads wait that no round was begun for, and could have one.
    pub(super) fn reads_wait(&self, out: &ServerOut<'_>) -> bool {
        self.reads.iter().any(|read| read.round.is_none()) && self.may_read(out)
    }

    /// The last round that enough servers have answered, the leader itself counted.
    #[must_use]
    pub fn confirmed(&self, out: &ServerOut<'_>) -> u32 {
        if self.more.is_some() && self.acting(out).is_some() {
            return self.confirmed_by_members(out);
        }
        let needed = self.majority(out);
        let others = self.followers().iter().map(|progress| progress.round);
        let rounds = others.chain([self.round]);
        let reached = |round: u32| rounds.clone().filter(|other| *other >= round).count();
        let enough = rounds.clone().filter(|round| reached(*round) >= needed);
        enough.max().unwrap_or(0)
    }

    fn round_under_way(&self, out: &ServerOut<'_>) -> bool {
        self.confirmed(out) < self.round
    }

    /// A round of heartbeats for every read that has none yet (dissertation, section 6.4: reads
    /// that gathered meanwhile are confirmed together). It leaves after they came, so its answers
    /// say that this was the leader then; those to a round before would not.
    pub(super) fn begin_round(&mut self, out: &mut ServerOut<'_>) {
        self.round += 1;
        if self.more.is_some() {
            self.date_round(out);
        }
        let (round, index) = (self.round, self.commit);
        for read in self.reads.iter_mut().filter(|read| read.round.is_none()) {
            (read.round, read.index) = (Some(round), index);
            let args = [read.client.into(), index.into(), u64::from(round).into()];
            out.note(notes::READ_WAITS, args);
        }
        self.broadcast(out);
    }

    /// Answers the reads whose round a majority has confirmed. Those that gathered meanwhile
    /// have theirs now.
    #[inline]
    pub(super) fn confirm_reads(&mut self, out: &mut ServerOut<'_>) {
        if !self.reads.is_empty() {
            self.answer_reads(out);
        }
    }

    #[inline(never)]
    fn answer_reads(&mut self, out: &mut ServerOut<'_>) {
        let (confirmed, applied) = (self.confirmed(out), self.applied);
        let ready = |read: &mut Read| {
            read.round.is_some_and(|round| round <= confirmed) && read.index <= applied
        };
        let mut reads = std::mem::take(&mut self.reads);
        for read in reads.extract_if(.., ready) {
            out.note(
                notes::READ_ANSWERED,
                [read.client.into(), read.index.into()],
            );
            let value = self.machine.get(read.key);
            self.answer(read.client, read.sequence, Answer::Done(value), out);
        }
        self.reads = reads;
        if confirmed == self.round && self.reads_wait(out) {
            self.begin_round(out);
        }
    }

    /// Figure 2, All servers 1: what is committed is applied, in order. A leader answers.
    pub(super) fn apply(&mut self, out: &mut ServerOut<'_>) {
        let once = out.rule(APPLY_ONCE);
        while self.applied < self.commit {
            let Some(entry) = self.log.get(self.applied.len()).copied() else {
                break;
            };
            self.applied = self.applied.next();
            let Payload::Client {
                client,
                sequence,
                op,
            } = entry.payload
            else {
                continue;
            };
            let answer = self.machine.apply((client, sequence), op, once);
            if matches!(self.role, Role::Leader { .. }) {
                self.answer(client, sequence, answer, out);
            }
        }
        out.note(notes::APPLIED, [self.applied.into()]);
        if self.more.is_some() {
            self.compact(out);
            self.after_commit(out);
        }
        if self.reads_wait(out) && !self.round_under_way(out) {
            self.begin_round(out);
        }
    }
}
