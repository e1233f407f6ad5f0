//! What a replica answers to clients: only as master, and only while its own lease lasts.

use super::super::database::{Change, Session};
use super::super::message::{Answer, ChubbyMessage, Head};
use super::super::notes;
use super::super::rules;
use super::office::{Call, Waiting, take_call};
use super::writes::PendingWrite;
use super::{Replica, ReplicaOut};
use crate::engine::{NodeId, Span, Time};

impl Replica {
    /// A client asks.
    pub(super) fn serve(
        &mut self,
        from: NodeId,
        message: &ChubbyMessage,
        out: &mut ReplicaOut<'_>,
    ) {
        match message {
            ChubbyMessage::OpenSession { attempt } => self.open(from, *attempt, out),
            ChubbyMessage::KeepAlive { head, seen } => {
                if self.is_master(from, *head, out) && self.knows(from, *head, out) {
                    self.keep_alive(from, *head, *seen, out);
                }
            }
            ChubbyMessage::Acquire(head) => {
                if let Some(session) = self.admits(from, *head, out)
                    && self.is_new(&session, *head, out)
                {
                    self.wait(from, *head, out);
                }
            }
            ChubbyMessage::Release(head) => {
                if let Some(session) = self.admits(from, *head, out)
                    && self.is_new(&session, *head, out)
                {
                    let Head {
                        session, number, ..
                    } = *head;
                    self.propose(Change::Release { session, number }, out);
                }
            }
            ChubbyMessage::SetContents(head) => {
                if let Some(session) = self.admits(from, *head, out)
                    && self.is_new(&session, *head, out)
                {
                    self.set_contents(from, *head, out);
                }
            }
            ChubbyMessage::GetContents(head) => {
                if self.admits(from, *head, out).is_some() {
                    self.get_contents(from, *head, out);
                }
            }
            // Those are not for replicas, or are Raft's.
            ChubbyMessage::Raft(_)
            | ChubbyMessage::KeepAliveReply { .. }
            | ChubbyMessage::Reply { .. }
            | ChubbyMessage::Write(_)
            | ChubbyMessage::WriteReply { .. } => {}
        }
    }

    /// Whether it is master, and its own lease lasts; if it is not, the client is told who may be.
    fn is_master(&self, from: NodeId, head: Head, out: &mut ReplicaOut<'_>) -> bool {
        if self.office.as_ref().is_some_and(|office| !office.lapsed) {
            return true;
        }
        let master = self.raft.leader().filter(|leader| *leader != self.me);
        match master {
            Some(master) => out.note(notes::SENT_ON, [from.into(), master.into()]),
            None => out.note(notes::NOBODY_LEADS, [from.into()]),
        }
        self.reply(
            (from, head.session),
            head.number,
            Answer::NotMaster(master),
            out,
        );
        false
    }

    /// Whether the session is open.
    fn knows(&self, from: NodeId, head: Head, out: &mut ReplicaOut<'_>) -> bool {
        let open = self.database.sessions().get(head.session).is_some();
        if !open {
            out.note(notes::SESSION_UNKNOWN, [from.into(), head.session.into()]);
            self.reply((from, head.session), head.number, Answer::Expired, out);
        }
        open
    }

    /// Whether every session of the master before has confirmed that there is a new one.
    fn all_confirmed(&self, from: NodeId, out: &mut ReplicaOut<'_>) -> bool {
        let known = self.office.iter().flat_map(|office| &office.known);
        let waits = known.filter(|known| !known.confirmed).count();
        if waits > 0 {
            out.note(notes::NOT_YET, [from.into(), waits.into()]);
        }
        waits == 0 || !out.rule(rules::WAIT_FOR_EVERY_SESSION)
    }

    /// Whether a request other than a KeepAlive is served now; if so, its session.
    fn admits(&self, from: NodeId, head: Head, out: &mut ReplicaOut<'_>) -> Option<Session> {
        if !self.is_master(from, head, out) || !self.knows(from, head, out) {
            return None;
        }
        let epoch = self.office.as_ref()?.epoch();
        if head.epoch != epoch {
            let (theirs, mine) = (u64::from(head.epoch), u64::from(epoch));
            out.note(notes::OLD_EPOCH, [from.into(), theirs.into(), mine.into()]);
            self.reply((from, head.session), head.number, Answer::OldEpoch, out);
            return None;
        }
        if !self.all_confirmed(from, out) {
            return None;
        }
        self.database.sessions().get(head.session).copied()
    }

    /// Whether a change was not made before; a repeated request has the answer of the first.
    fn is_new(&self, session: &Session, head: Head, out: &mut ReplicaOut<'_>) -> bool {
        let (last, done) = session.last;
        if last == head.number {
            self.reply((session.client, session.id), last, Answer::Done(done), out);
        } else if last > head.number {
            let number = u64::from(head.number).into();
            out.note(notes::PASSED_OVER, [session.client.into(), number]);
        }
        last < head.number
    }

    fn open(&mut self, from: NodeId, attempt: u32, out: &mut ReplicaOut<'_>) {
        let head = Head {
            session: super::SessionId(0),
            number: attempt,
            epoch: 0,
        };
        if !self.is_master(from, head, out) || !self.all_confirmed(from, out) {
            return;
        }
        match self.database.sessions().opened(from, attempt).copied() {
            Some(session) => {
                // The lease began when it was opened, which the client asked for before that.
                let answer = Answer::Done(super::super::database::Done::Opened);
                self.reply((from, session.id), attempt, answer, out);
            }
            None => {
                let client = from;
                self.propose(Change::Open { client, attempt }, out);
            }
        }
    }

    fn keep_alive(&mut self, from: NodeId, head: Head, seen: u32, out: &mut ReplicaOut<'_>) {
        let now = out.now();
        let margin = Span(self.config.lease.0 / 3);
        let Some(office) = &mut self.office else {
            return;
        };
        let epoch = office.epoch();
        let Some(known) = office.known_mut(head.session) else {
            return;
        };
        if known.ending || head.number <= known.call {
            let number = u64::from(head.number).into();
            out.note(notes::PASSED_OVER, [from.into(), number]);
            return;
        }
        known.call = head.number;
        if head.epoch == epoch {
            if !known.confirmed {
                known.confirmed = true;
                let left = office.known.iter().filter(|known| !known.confirmed).count();
                let args = [from.into(), head.session.into(), left.into()];
                out.note(notes::FAIL_OVER_SEEN, args);
            }
        } else {
            let (theirs, mine) = (u64::from(head.epoch), u64::from(epoch));
            out.note(notes::OLD_EPOCH, [from.into(), theirs.into(), mine.into()]);
        }
        let Some(known) = office.known_mut(head.session) else {
            return;
        };
        if head.epoch == epoch && !known.events.is_empty() {
            let unseen = known.last.saturating_sub(seen) as usize;
            let done = known.events.len().saturating_sub(unseen);
            known.events.drain(..done);
            if done > 0 {
                out.note(notes::EVENTS_SEEN, [from.into(), head.session.into()]);
            }
        }
        let early = !known.events.is_empty();
        let hold_until = Time(known.deadline.0.saturating_sub(margin.0));
        let call = Call {
            session: head.session,
            number: head.number,
            arrived: now,
        };
        take_call(&mut office.calls, head.session);
        if early || hold_until <= now {
            self.extend(call, out);
        } else {
            office.calls.push(call);
            let args = [from.into(), head.session.into(), (hold_until - now).into()];
            out.note(notes::CALL_HELD, args);
        }
        self.write_on(out);
    }

    fn wait(&mut self, client: NodeId, head: Head, out: &mut ReplicaOut<'_>) {
        let holder = self.database.holder().map(|session| session.client);
        let Some(office) = &mut self.office else {
            return;
        };
        let wait = Waiting {
            session: head.session,
            client,
            number: head.number,
        };
        if office.waiting.contains(&wait) {
            return;
        }
        office.waiting.retain(|other| other.session != head.session);
        office.waiting.push(wait);
        if let Some(until) = office.delay_until {
            out.note(notes::LOCK_DELAYED, [(until - out.now()).into()]);
        } else if let Some(holder) = holder {
            out.note(notes::WAITS, [client.into(), holder.into()]);
        }
        self.grant(out);
    }

    fn set_contents(&mut self, client: NodeId, head: Head, out: &mut ReplicaOut<'_>) {
        let Some(office) = &mut self.office else {
            return;
        };
        let from = Waiting {
            session: head.session,
            client,
            number: head.number,
        };
        if office.writes.iter().any(|write| write.from == from) {
            return;
        }
        office.writes.push(PendingWrite {
            from,
            caches: Vec::new(),
            told: false,
            proposed: false,
        });
        self.write_on(out);
    }

    fn get_contents(&mut self, client: NodeId, head: Head, out: &mut ReplicaOut<'_>) {
        let file = self.database.file;
        let Some(office) = &mut self.office else {
            return;
        };
        // While a write is under way nobody is to keep what it is about to change; with the rule
        // off nothing waits, so that nobody is told, either.
        let may_keep = !office.writing() || !out.rule(rules::INVALIDATE_FIRST);
        if let Some(known) = office.known_mut(head.session) {
            known.caches |= may_keep;
        }
        let note = if may_keep {
            notes::CONTENTS_TOLD
        } else {
            notes::CONTENTS_UNKEPT
        };
        out.note(note, [client.into(), file.version.into()]);
        let answer = Answer::Contents(file, may_keep);
        self.reply((client, head.session), head.number, answer, out);
    }
}
