//! What a master keeps in memory: how long each session lasts, which calls it holds back, who waits
//! for the lock, who has the file in its cache. A new master knows the sessions and the lock alone,
//! from the database.

use super::super::database::{Change, Done, Effect, Session, SessionId, Version};
use super::super::message::{Answer, ChubbyMessage, Event};
use super::super::notes;
use super::super::rules;
use super::writes::PendingWrite;
use super::{MASTER, Replica, ReplicaOut};
use crate::engine::{Fact, Facts, NodeId, Span, Time};
use crate::protocols::raft::Term;
use std::rc::Rc;

/// What a master knows of a session.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Known {
    /// Which.
    pub session: SessionId,
    /// Its client.
    pub client: NodeId,
    /// When its lease ends, by the master's clock.
    pub deadline: Time,
    /// It was there before this master was.
    pub inherited: bool,
    /// It has confirmed that it knows of this master.
    pub confirmed: bool,
    /// It was given the contents of the file to keep, and was not told to drop them since.
    pub caches: bool,
    /// Its end is in the log.
    pub ending: bool,
    /// The events that it has not confirmed, oldest first.
    pub events: Vec<Event>,
    /// The number of the last event.
    pub last: u32,
    /// The number of the last KeepAlive.
    pub(super) call: u32,
}

/// A KeepAlive that is held back.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub(super) struct Call {
    pub(super) session: SessionId,
    pub(super) number: u32,
    pub(super) arrived: Time,
}

/// A request that waits.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub(super) struct Waiting {
    pub(super) session: SessionId,
    pub(super) client: NodeId,
    pub(super) number: u32,
}

/// A master's memory.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Office {
    /// The term in which it is master: the epoch.
    pub(super) term: Term,
    pub(super) known: Vec<Known>,
    pub(super) calls: Vec<Call>,
    pub(super) waiting: Vec<Waiting>,
    pub(super) writes: Vec<PendingWrite>,
    /// A grant is in the log.
    pub(super) granting: bool,
    /// Until when nobody gets the lock.
    pub(super) delay_until: Option<Time>,
    /// Its own lease ran out.
    pub(super) lapsed: bool,
}

impl Office {
    /// Its epoch.
    #[must_use]
    pub fn epoch(&self) -> u32 {
        self.term.0
    }

    /// What it knows of a session.
    #[must_use]
    pub fn known(&self, session: SessionId) -> Option<&Known> {
        self.known.iter().find(|known| known.session == session)
    }

    /// All sessions that it knows.
    #[must_use]
    pub fn sessions(&self) -> &[Known] {
        &self.known
    }

    /// The sessions whose KeepAlive it keeps, to answer it later.
    pub fn kept_calls(&self) -> impl Iterator<Item = SessionId> {
        self.calls.iter().map(|call| call.session)
    }

    /// The clients that wait for the lock, the first one first.
    pub fn waiters(&self) -> impl Iterator<Item = (NodeId, SessionId)> {
        self.waiting.iter().map(|wait| (wait.client, wait.session))
    }

    /// Until when nobody gets the lock.
    #[must_use]
    pub fn delay_until(&self) -> Option<Time> {
        self.delay_until
    }

    /// Whether a write of the file waits for caches.
    #[must_use]
    pub fn writing(&self) -> bool {
        !self.writes.is_empty()
    }

    pub(super) fn known_mut(&mut self, session: SessionId) -> Option<&mut Known> {
        self.known.iter_mut().find(|known| known.session == session)
    }

    pub(super) fn facts(&self, facts: &mut Facts) {
        let waiting = self.waiting.iter().map(|wait| Fact::from(wait.client));
        facts.say("waiting", Fact::List(waiting.collect()));
        let caches = self.known.iter().filter(|known| known.caches);
        let caches = caches.map(|known| Fact::from(known.client));
        facts.say("caches", Fact::List(caches.collect()));
        facts.say("delay-until", self.delay_until);
        facts.say("writing", self.writing());
        let unconfirmed = self.known.iter().filter(|known| !known.confirmed);
        facts.say("unconfirmed", unconfirmed.count());
    }
}

impl Replica {
    /// Becomes master: from the database it knows which sessions there are, and who holds the lock.
    pub(super) fn take_office(&mut self, term: Term, out: &mut ReplicaOut<'_>) {
        let until = out.now() + self.config.lease;
        let honours = out.rule(rules::HONOUR_OLD_SESSIONS);
        let sessions = self.database.sessions().all();
        let known = |session: &Session| Known {
            session: session.id,
            client: session.client,
            deadline: until,
            inherited: true,
            confirmed: false,
            caches: false,
            ending: !honours,
            events: vec![Event::FailOver],
            last: 1,
            call: 0,
        };
        let known: Vec<Known> = sessions.iter().map(known).collect();
        let args = [term.into(), known.len().into()];
        let lock = self.database.lock;
        let delayed = lock.failed && lock.holder.is_none();
        let gone: Vec<SessionId> = known.iter().map(|known| known.session).collect();
        self.office = Some(Office {
            term,
            known,
            calls: Vec::new(),
            waiting: Vec::new(),
            writes: Vec::new(),
            granting: false,
            delay_until: None,
            lapsed: false,
        });
        out.note(notes::IN_OFFICE, args);
        if delayed {
            // How much of it is over nobody knows.
            self.delay(out);
        }
        if !honours {
            out.note(notes::SESSIONS_FORGOTTEN, args);
            for session in gone {
                self.propose(Change::Expire { session }, out);
            }
        }
    }

    /// Its lease is renewed after it had run out: nobody could be answered meanwhile.
    pub(super) fn back_with_lease(&mut self, out: &mut ReplicaOut<'_>) {
        let until = out.now() + self.config.lease;
        if let Some(office) = &mut self.office
            && office.lapsed
            && out.now() < self.lease_until
        {
            office.lapsed = false;
            for known in &mut office.known {
                known.deadline = known.deadline.max(until);
            }
            let args = [office.term.into(), office.known.len().into()];
            out.note(notes::MASTER_LEASE_BACK, args);
        }
    }

    /// From now on nobody gets the lock for a while.
    fn delay(&mut self, out: &mut ReplicaOut<'_>) {
        let Some(office) = &mut self.office else {
            return;
        };
        if out.rule(rules::LOCK_DELAY) {
            office.delay_until = Some(out.now() + self.config.lock_delay);
            out.note(notes::LOCK_DELAYED, [self.config.lock_delay.into()]);
        } else {
            out.note(notes::NO_LOCK_DELAY, []);
        }
    }

    /// How long before the end of a lease a call that was held back is answered.
    fn margin(&self) -> Span {
        Span(self.config.lease.0 / 3)
    }

    /// Sets the timer for what is due first.
    pub(super) fn arm(&mut self, out: &mut ReplicaOut<'_>) {
        let next = self.office.as_ref().filter(|office| !office.lapsed);
        let next = next.and_then(|office| {
            let alive = office.known.iter().filter(|known| !known.ending);
            let margin = self.margin();
            let ends = alive.map(|known| {
                let held = office
                    .calls
                    .iter()
                    .any(|call| call.session == known.session);
                if held {
                    Time(known.deadline.0.saturating_sub(margin.0))
                } else {
                    known.deadline
                }
            });
            ends.chain(office.delay_until).min()
        });
        if next == self.armed {
            return;
        }
        self.armed = next;
        match next {
            Some(next) => out.set_timer(MASTER, next - out.now()),
            None => out.stop_timer(MASTER),
        }
    }

    /// Something is due: a session ends, a call is answered, a lock-delay is over.
    pub(super) fn due(&mut self, out: &mut ReplicaOut<'_>) {
        let (now, margin) = (out.now(), self.margin());
        let Some(office) = self.office.as_mut().filter(|office| !office.lapsed) else {
            return;
        };
        let mut ended = Vec::new();
        let mut calls = Vec::new();
        for known in office.known.iter_mut().filter(|known| !known.ending) {
            let soon = Time(known.deadline.0.saturating_sub(margin.0)) <= now;
            if soon && let Some(call) = take_call(&mut office.calls, known.session) {
                calls.push(call);
            } else if known.deadline <= now {
                known.ending = true;
                ended.push((known.client, known.session));
            }
        }
        if office.delay_until.is_some_and(|until| until <= now) {
            office.delay_until = None;
            out.note(notes::LOCK_DELAY_OVER, []);
        }
        for call in calls {
            self.extend(call, out);
        }
        for (client, session) in ended {
            out.note(notes::SESSION_RAN_OUT, [client.into(), session.into()]);
            self.propose(Change::Expire { session }, out);
        }
        self.grant(out);
    }

    /// Answers a KeepAlive: the session has a whole lease from now on.
    pub(super) fn extend(&mut self, call: Call, out: &mut ReplicaOut<'_>) {
        let lease = self.config.lease;
        let Some(office) = &mut self.office else {
            return;
        };
        let epoch = office.epoch();
        let Some(known) = office.known_mut(call.session) else {
            return;
        };
        known.deadline = out.now() + lease;
        let args = [known.client.into(), call.session.into(), lease.into()];
        out.note(notes::LEASE_EXTENDED, args);
        if !known.events.is_empty() {
            let args = [
                known.client.into(),
                call.session.into(),
                known.events.len().into(),
            ];
            out.note(notes::EVENTS_TOLD, args);
        }
        let message = ChubbyMessage::KeepAliveReply {
            session: call.session,
            number: call.number,
            epoch,
            held: out.now() - call.arrived,
            events: Rc::from(&known.events[..]),
            last: known.last,
        };
        out.send(known.client, message);
    }

    /// Gives the free lock to the first who waits, unless a lock-delay runs.
    pub(super) fn grant(&mut self, out: &mut ReplicaOut<'_>) {
        let Some(office) = &mut self.office else {
            return;
        };
        let free = self.database.lock.holder.is_none() && !office.granting;
        if !free || office.delay_until.is_some() || office.lapsed {
            return;
        }
        let known = &office.known;
        let alive = |wait: &&Waiting| {
            let mut known = known.iter();
            known.any(|known| known.session == wait.session && !known.ending)
        };
        if let Some(first) = office.waiting.iter().find(alive).copied() {
            office.granting = true;
            let Waiting {
                session, number, ..
            } = first;
            self.propose(Change::Grant { session, number }, out);
        }
    }

    /// What a committed change means for clients.
    pub(super) fn tell(
        &mut self,
        change: Option<Change>,
        effect: Effect,
        out: &mut ReplicaOut<'_>,
    ) {
        if let Some((session, number, done)) = effect.answer {
            self.take_in(&session, done, out);
            let to = (session.client, session.id);
            self.reply(to, number, Answer::Done(done), out);
        }
        let Some(office) = &mut self.office else {
            return;
        };
        if let Some(over) = effect.over {
            out.note(notes::SESSION_OVER, [over.client.into(), over.id.into()]);
            office.known.retain(|known| known.session != over.id);
            office.calls.retain(|call| call.session != over.id);
            office.waiting.retain(|wait| wait.session != over.id);
            office.writes.retain(|write| write.from.session != over.id);
        }
        match change {
            Some(Change::Grant { session, number }) => {
                office.granting = false;
                let granted = effect.answer.is_some();
                let same = |wait: &Waiting| wait.session == session && wait.number == number;
                office.waiting.retain(|wait| !(granted && same(wait)));
            }
            Some(Change::Write { session, number }) => {
                let same = |from: &Waiting| from.session == session && from.number == number;
                office.writes.retain(|write| !same(&write.from));
            }
            Some(Change::Expire { .. }) if effect.freed => self.delay(out),
            Some(Change::Open { .. } | Change::Release { .. } | Change::Expire { .. }) | None => {}
        }
        self.grant(out);
        self.write_on(out);
    }

    /// Remembers and notes what was done for a session.
    fn take_in(&mut self, session: &Session, done: Done, out: &mut ReplicaOut<'_>) {
        let client = session.client.into();
        match done {
            Done::Opened => {
                let lease = self.config.lease;
                let until = out.now() + lease;
                if let Some(office) = &mut self.office
                    && office.known(session.id).is_none()
                {
                    office.known.push(Known {
                        session: session.id,
                        client: session.client,
                        deadline: until,
                        inherited: false,
                        confirmed: true,
                        caches: false,
                        ending: false,
                        events: Vec::new(),
                        last: 0,
                        call: 0,
                    });
                }
                let args = [client, session.id.into(), lease.into()];
                out.note(notes::SESSION_OPENED, args);
            }
            Done::Granted(generation) => out.note(notes::GRANTED, [client, generation.into()]),
            Done::Released => out.note(notes::FREED, [client]),
            Done::Written(Version(_)) => {
                let version = self.database.file.version;
                out.note(notes::FILE_WRITTEN, [client, version.into()]);
            }
        }
    }

    pub(super) fn reply(
        &self,
        (to, session): (NodeId, SessionId),
        number: u32,
        answer: Answer,
        out: &mut ReplicaOut<'_>,
    ) {
        let message = ChubbyMessage::Reply {
            session,
            number,
            epoch: self.office.as_ref().map_or(0, Office::epoch),
            answer,
        };
        out.send(to, message);
    }
}

/// The call of a session that is held back, if there is one.
pub(super) fn take_call(calls: &mut Vec<Call>, session: SessionId) -> Option<Call> {
    let at = calls.iter().position(|call| call.session == session)?;
    Some(calls.remove(at))
}
