//! The library: the session with its lease, jeopardy and grace period, and the cache.

use super::super::database::{File, SessionId, Version};
use super::super::message::{ChubbyMessage, Event};
use super::super::notes;
use super::super::rules::{ASK_AGAIN, COUNT_FROM_THE_CALL, FLUSH_ON_FAIL_OVER, STOP_IN_JEOPARDY};
use super::{Client, ClientOut, GRACE, KEEP, LAPSE, Look, Pending, RETRY, WORK, What};
use crate::engine::{NodeId, Span, Time};
use crate::lab::sessions::{Calls, next_server};

impl Client {
    /// Asks for a new session.
    pub(super) fn open(&mut self, out: &mut ClientOut<'_>) {
        self.attempt += 1;
        out.persist(self.attempt);
        self.pending = Some(Pending {
            number: self.attempt,
            what: What::Open {
                since: out.now(),
                refused: false,
            },
        });
        let args = [self.server.into(), u64::from(self.attempt).into()];
        out.note(notes::SESSION_ASKED, args);
        self.send_pending(out);
    }

    pub(super) fn opened(
        &mut self,
        (from, session, epoch): (NodeId, SessionId, u32),
        since: Time,
        out: &mut ClientOut<'_>,
    ) {
        self.done_with_pending(out);
        self.server = from;
        self.session = Some(session);
        (self.epoch, self.seen, self.number) = (epoch, 0, 0);
        self.floor = Version(0);
        self.calls = (0, Calls::default());
        self.take_lease(since, out);
        self.call(out);
        self.go_on(out);
    }

    /// The session was extended at a moment not before `since`, so it lasts a lease from then on.
    fn take_lease(&mut self, since: Time, out: &mut ClientOut<'_>) {
        let since = if out.rule(COUNT_FROM_THE_CALL) {
            since
        } else {
            out.now()
        };
        self.lease_until = self.lease_until.max(since + self.config.lease);
        let left = self.lease_until - out.now();
        let session = self.session.unwrap_or_default();
        if left == Span(0) {
            // Too late. Not here and now: who wakes from a pause goes on with its work first.
            if self.jeopardy.is_none() {
                out.set_timer(LAPSE, Span(0));
            }
            return;
        }
        out.set_timer(LAPSE, left);
        out.stop_timer(GRACE);
        if self.jeopardy.take().is_some() {
            out.note(notes::SAFE, [session.into(), left.into()]);
        } else {
            out.note(notes::LEASE_STANDS, [session.into(), left.into()]);
        }
    }

    /// Sends a KeepAlive, so that the master has one to answer.
    pub(super) fn call(&mut self, out: &mut ClientOut<'_>) {
        let (number, sent) = &mut self.calls;
        *number += 1;
        sent.sent(*number, out.now());
        let share = Span((self.config.lease.0 / 6).max(1));
        let left = self.lease_until - out.now();
        out.set_timer(KEEP, Span(left.0.saturating_sub(share.0)).max(share));
        let message = ChubbyMessage::KeepAlive {
            head: self.head(self.calls.0),
            seen: self.seen,
        };
        out.send(self.server, message);
    }

    /// The lease is nearly over, and the call was not answered: another replica may know.
    pub(super) fn keep(&mut self, out: &mut ClientOut<'_>) {
        if self.session.is_some() {
            self.next_server(out);
            self.call(out);
        }
    }

    fn next_server(&mut self, out: &mut ClientOut<'_>) {
        self.server = next_server(&self.config.replicas, self.server);
        out.note(notes::SERVER_CHANGED, [self.server.into(), self.me.into()]);
    }

    /// A KeepAlive was answered.
    pub(super) fn kept(
        &mut self,
        (from, number): (NodeId, u32),
        (epoch, held): (u32, Span),
        (events, last): (&[Event], u32),
        out: &mut ClientOut<'_>,
    ) {
        // It came to the master after it was sent, and the lease began when it was answered.
        let Some(since) = self.calls.1.answered(number) else {
            self.pass_over(from, number, out);
            return;
        };
        self.server = from;
        let new = epoch > self.epoch;
        if new {
            (self.epoch, self.seen) = (epoch, 0);
            let args = [from.into(), u64::from(epoch).into()];
            if out.rule(FLUSH_ON_FAIL_OVER) {
                self.cache = None;
                out.note(notes::EPOCH_CHANGED, args);
            } else {
                out.note(notes::CACHE_KEPT_ON, args);
            }
        }
        let first = last - events.len() as u32;
        let unseen = self.seen.saturating_sub(first) as usize;
        for event in events.iter().skip(unseen) {
            self.take_event(*event, out);
        }
        self.seen = self.seen.max(last);
        let was = self.jeopardy.is_some();
        self.take_lease(since + held, out);
        self.call(out);
        if new {
            self.send_pending(out);
        }
        if was && self.jeopardy.is_none() {
            self.go_on(out);
        }
    }

    /// The lease may be over: the session is in jeopardy. Nothing is read from the cache, and the
    /// grace period begins.
    pub(super) fn lapse(&mut self, out: &mut ClientOut<'_>) {
        let Some(session) = self.session.filter(|_| self.lease_until <= out.now()) else {
            return;
        };
        self.cache = None;
        if !out.rule(STOP_IN_JEOPARDY) {
            out.note(notes::BELIEVES_ON, [session.into()]);
            out.set_timer(GRACE, self.config.grace);
            return;
        }
        if self.jeopardy.is_none() {
            self.jeopardy = Some(out.now());
            out.set_timer(GRACE, self.config.grace);
            out.note(notes::JEOPARDY, [session.into(), self.config.grace.into()]);
        }
    }

    /// The grace period is over, and no master was found.
    pub(super) fn give_up(&mut self, out: &mut ClientOut<'_>) {
        let Some(session) = self.session else { return };
        out.note(notes::GRACE_OVER, [session.into()]);
        self.lost(out);
    }

    /// The session is over, and with it the lock. Another one is opened.
    pub(super) fn lost(&mut self, out: &mut ClientOut<'_>) {
        let session = self.session.take().unwrap_or_default();
        out.note(notes::SESSION_LOST, [session.into()]);
        (self.jeopardy, self.cache) = (None, None);
        self.lease_until = Time(0);
        self.calls.1.clear();
        for timer in [WORK, KEEP, LAPSE, GRACE] {
            out.stop_timer(timer);
        }
        self.turn_lost();
        self.open(out);
    }

    /// That replica is not the master. Asks the one that it names at once.
    pub(super) fn sent_on(
        &mut self,
        from: NodeId,
        number: u32,
        master: Option<NodeId>,
        out: &mut ClientOut<'_>,
    ) {
        let call = self.calls.1.has(number);
        if from != self.server {
            self.pass_over(from, number, out);
            return;
        }
        let Some(master) = master else {
            // The timers try again.
            out.note(notes::NO_MASTER, [from.into()]);
            self.refused(number);
            return;
        };
        self.server = master;
        out.note(notes::SERVER_CHANGED, [master.into(), from.into()]);
        if call && self.session.is_some() {
            self.call(out);
        } else {
            self.send_pending(out);
        }
    }

    /// A replica knows no master, and has opened no session.
    fn refused(&mut self, request: u32) {
        let pending = self.pending.as_mut();
        let pending = pending.filter(|pending| pending.number == request);
        if let Some(What::Open { refused, .. }) = pending.map(|pending| &mut pending.what) {
            *refused = true;
        }
    }

    /// No answer came: to a request for a session another replica may have one. Where one was refused another attempt
    /// begins, so that the lease counts from a call that can have opened the session, and not from one that did not.
    pub(super) fn retry(&mut self, out: &mut ClientOut<'_>) {
        let Some(pending) = self.pending.filter(|_| out.rule(ASK_AGAIN)) else {
            return;
        };
        if let What::Open { refused, .. } = pending.what {
            self.next_server(out);
            if refused {
                self.open(out);
                return;
            }
        }
        let args = [self.server.into(), u64::from(pending.number).into()];
        out.note(notes::ASKED_AGAIN, args);
        self.send_pending(out);
    }

    pub(super) fn ask(&mut self, what: What, out: &mut ClientOut<'_>) {
        self.number += 1;
        self.pending = Some(Pending {
            number: self.number,
            what,
        });
        self.send_pending(out);
    }

    pub(super) fn done_with_pending(&mut self, out: &mut ClientOut<'_>) {
        self.pending = None;
        out.stop_timer(RETRY);
    }

    /// Looks at the file: in the cache if it has it and its lease lasts, at the master else.
    pub(super) fn look(&mut self, out: &mut ClientOut<'_>) {
        if self.session.is_none() || self.jeopardy.is_some() {
            return;
        }
        match self.cache.filter(|_| out.now() < self.lease_until) {
            Some(file) => {
                out.note(notes::READ_HERE, [file.version.into()]);
                self.note_look(file, true);
            }
            None => {
                self.fetch += 1;
                let message = ChubbyMessage::GetContents(self.head(self.fetch));
                out.send(self.server, message);
            }
        }
    }

    pub(super) fn fetched(&mut self, file: File, may_keep: bool, out: &mut ClientOut<'_>) {
        out.note(notes::READ_THERE, [file.version.into()]);
        if may_keep && file.version >= self.floor && self.jeopardy.is_none() {
            self.cache = Some(file);
        }
        self.note_look(file, false);
    }

    fn note_look(&mut self, file: File, cached: bool) {
        let count = self.looked.map_or(0, |look| look.count) + 1;
        self.looked = Some(Look {
            count,
            file,
            cached,
        });
    }
}
