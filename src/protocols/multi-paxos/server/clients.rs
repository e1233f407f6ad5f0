//! Clients: requests through slots, reads by the leader once it knows that it leads.

use super::super::message::MultiMessage;
use super::super::notes;
use super::super::rules::{APPLY_ONCE, CONFIRM_LEADERSHIP, mistakes};
use super::super::types::Command;
use super::{Read, Role, Server, ServerOut};
use crate::engine::NodeId;
use crate::lab::store::{Answer, Op};

impl Server {
    /// A client asks. Only a leader does anything about it.
    pub(super) fn client_request(
        &mut self,
        client: NodeId,
        sequence: u32,
        op: Op,
        out: &mut ServerOut<'_>,
    ) {
        if !self.leads() {
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
            let round = None;
            let read = Read {
                client,
                sequence,
                key,
                round,
            };
            self.read(read, out);
            return;
        }
        if out.rule(APPLY_ONCE)
            && let Some(answer) = self.machine.answered(client, sequence)
        {
            let args = [client.into(), u64::from(sequence).into()];
            out.note(notes::REQUEST_REPEATED, args);
            self.answer(client, sequence, answer, out);
            return;
        }
        let command = Command::Request {
            client,
            sequence,
            op,
        };
        self.take_slot(command, out);
        if matches!(op, Op::Put { .. }) && !out.rule(mistakes::ANSWER_WHEN_APPLIED) {
            self.answer(client, sequence, Answer::Done(None), out);
        }
    }

    pub(super) fn answer(
        &self,
        to: NodeId,
        sequence: u32,
        answer: Answer,
        out: &mut ServerOut<'_>,
    ) {
        out.send(to, MultiMessage::ClientReply { sequence, answer });
    }

    /// A read changes nothing, so it needs no slot; but who answers it must lead.
    fn read(&mut self, read: Read, out: &mut ServerOut<'_>) {
        let client = read.client.into();
        if !out.rule(CONFIRM_LEADERSHIP) {
            out.note(notes::READ_UNCONFIRMED, [client, self.chosen.into()]);
            let value = self.machine.get(read.key);
            self.answer(read.client, read.sequence, Answer::Done(value), out);
            return;
        }
        let may_read = self.may_read(out);
        let confirmed = self.confirmed(out);
        let Some(leading) = self.leading() else {
            return;
        };
        leading.reads.push(read);
        let (round, recovered) = (leading.round, leading.recovered);
        if !may_read {
            out.note(notes::READ_WAITS_RECOVERY, [client, recovered.into()]);
        } else if confirmed < round {
            out.note(notes::READ_WAITS_ROUND, [client, u64::from(round).into()]);
        } else {
            self.begin_round(out);
        }
    }

    /// A leader knows what is chosen once all that it found in phase 1 is.
    fn may_read(&self, out: &ServerOut<'_>) -> bool {
        let Role::Leader(leading) = &self.role else {
            return false;
        };
        self.chosen >= leading.recovered || !out.rule(mistakes::READ_AFTER_RECOVERY)
    }

    /// Whether reads wait that no round was begun for, and could have one.
    pub(super) fn reads_wait(&self, out: &ServerOut<'_>) -> bool {
        let Role::Leader(leading) = &self.role else {
            return false;
        };
        leading.reads.iter().any(|read| read.round.is_none()) && self.may_read(out)
    }

    /// The last round that enough servers have answered, the leader itself counted.
    fn confirmed(&self, out: &ServerOut<'_>) -> u32 {
        let Role::Leader(leading) = &self.role else {
            return 0;
        };
        let needed = self.majority(out);
        let others = leading.rounds.iter().map(|(_, round)| *round);
        let rounds = others.chain([leading.round]);
        let reached = |round: u32| rounds.clone().filter(|other| *other >= round).count();
        let enough = rounds.clone().filter(|round| reached(*round) >= needed);
        enough.max().unwrap_or(0)
    }

    /// A round of heartbeats for every read that has none yet.
    pub(super) fn begin_round(&mut self, out: &mut ServerOut<'_>) {
        let Some(leading) = self.leading() else {
            return;
        };
        leading.round += 1;
        let round = leading.round;
        for read in leading.reads.iter_mut().filter(|read| read.round.is_none()) {
            read.round = Some(round);
            let args = [read.client.into(), u64::from(round).into()];
            out.note(notes::READ_WAITS, args);
        }
        self.send_heartbeats(out);
        // A cluster of one has nobody to wait for.
        self.answer_reads(out);
    }

    /// Answers the reads whose round a majority has confirmed. Those that gathered meanwhile have
    /// theirs now.
    pub(super) fn answer_reads(&mut self, out: &mut ServerOut<'_>) {
        let confirmed = self.confirmed(out);
        let Some(leading) = self.leading() else {
            return;
        };
        let ready = |read: &mut Read| read.round.is_some_and(|round| round <= confirmed);
        let answered: Vec<Read> = leading.reads.extract_if(.., ready).collect();
        let over = confirmed == leading.round;
        for read in answered {
            out.note(
                notes::READ_ANSWERED,
                [read.client.into(), self.chosen.into()],
            );
            let value = self.machine.get(read.key);
            self.answer(read.client, read.sequence, Answer::Done(value), out);
        }
        if over && self.reads_wait(out) {
            self.begin_round(out);
        }
    }

    /// What phase 1 found may be chosen by now: reads that waited for that get their round.
    pub(super) fn read_if_recovered(&mut self, out: &mut ServerOut<'_>) {
        let Role::Leader(leading) = &self.role else {
            return;
        };
        if self.confirmed(out) >= leading.round && self.reads_wait(out) {
            self.begin_round(out);
        }
    }
}
