//! Lease reads (dissertation, section 6.4.1): who has answered the leader elects nobody else for the least
//! election timeout, so until then the leader answers reads at once. It rests on clocks: it is safe while
//! no two of them differ in rate by more than is allowed for.

use super::super::message::{Answer, RaftMessage};
use super::super::notes;
use super::state::Read;
use super::{LEASE_ENDS_FIRST, Role, Server, ServerOut};
use crate::engine::{NodeId, Span, Time};
use std::collections::VecDeque;

/// What a leader knows of its lease.
#[derive(Clone, Hash, Default)]
pub(super) struct Lease {
    /// When the rounds began that are not confirmed yet.
    rounds: VecDeque<(u32, Time)>,
    /// When the last one began that is.
    from: Option<Time>,
    /// Whether a successor was told to begin an election, which may come at any time then.
    pub(super) spent: bool,
}

const MILLION: u64 = 1_000_000;

impl Server {
    /// For how long others elect nobody, by this clock; nothing where leases are off.
    #[must_use]
    pub fn lease_length(&self) -> Option<Span> {
        let drift = u64::from(self.config.options.lease?);
        let least = self.config.timeout_min.0;
        Some(Span(least * MILLION / (MILLION + drift)))
    }

    /// What is left of a leader's lease.
    #[must_use]
    pub fn lease_left(&self, now: Time) -> Option<Span> {
        let lease = &self.more.as_ref()?.lease;
        let until = lease.from? + self.lease_length()?;
        (now < until && !lease.spent).then(|| until - now)
    }

    /// A round begins: a lease counts from here, not from when it is answered.
    pub(super) fn date_round(&mut self, out: &ServerOut<'_>) {
        if self.config.options.lease.is_some()
            && let Some(more) = &mut self.more
        {
            more.lease.rounds.push_back((self.round, out.now()));
        }
    }

    /// A follower has answered: its promise may be the one that was lacking.
    pub(super) fn extend_lease(&mut self, out: &mut ServerOut<'_>) {
        if self.config.options.lease.is_none() || !matches!(self.role, Role::Leader { .. }) {
            return;
        }
        let confirmed = self.confirmed(out);
        let Some(more) = &mut self.more else { return };
        let done = more
            .lease
            .rounds
            .partition_point(|(round, _)| *round <= confirmed);
        let last = more.lease.rounds.drain(..done).next_back();
        if let Some((_, began)) = last {
            more.lease.from = Some(began);
            if let Some(left) = self.lease_left(out.now()) {
                out.note(notes::LEASE_EXTENDED, [left.into()]);
            }
        }
    }

    /// Answers a read at once where the lease holds. Whether it did.
    pub(super) fn read_by_lease(&mut self, read: &Read, out: &mut ServerOut<'_>) -> bool {
        let Some(lease) = self.more.as_ref().map(|more| &more.lease) else {
            return false;
        };
        let had_one = lease.from.is_some() && !lease.spent;
        let left = self.lease_left(out.now());
        let holds = left.is_some() || (had_one && !out.rule(LEASE_ENDS_FIRST));
        if self.config.options.lease.is_none() || !self.may_read(out) {
            return false;
        }
        if !holds {
            out.note(notes::LEASE_OVER, [read.client.into()]);
            return false;
        }
        let left = left.unwrap_or(Span(0)).into();
        out.note(
            notes::READ_BY_LEASE,
            [read.client.into(), self.applied.into(), left],
        );
        let value = self.machine.get(read.key);
        self.answer(read.client, read.sequence, Answer::Done(value), out);
        true
    }

    /// Whether this server has promised its leader to elect nobody yet, or is a leader itself whose lease
    /// holds. Then it passes a request for its vote over, and the term of it, too (section 4.2.3).
    pub(super) fn is_bound(&self, from: NodeId, out: &mut ServerOut<'_>) -> bool {
        if self.config.options.lease.is_none() {
            return false;
        }
        let (now, least) = (out.now(), self.config.timeout_min);
        let heard = self.more.as_ref().and_then(|more| more.heard);
        let lately = heard.is_some_and(|(_, at)| now < at || now - at < least);
        let leads = matches!(self.role, Role::Leader { .. }) && self.lease_left(now).is_some();
        let bound = lately || leads;
        if bound {
            out.note(notes::VOTE_REFUSED_LEASE, [from.into()]);
            let (term, granted) = (self.term, false);
            out.send_when_durable(from, RaftMessage::VoteReply { term, granted });
        }
        bound
    }
}
