//! The session: opening it, keeping it alive, and noticing that it may be over.

use super::super::message::{Head, QueueMessage};
use super::super::notes;
use super::super::rules::{LOOK_WHEN_UNWATCHED, STOP_WHEN_CUT_OFF};
use super::super::tree::{SessionId, Zxid};
use super::{BEAT, Client, ClientOut, LAPSE, Pending, Phase, RETRY, What};
use crate::engine::{NodeId, Span, Time};
use crate::lab::sessions::next_server;

impl Client {
    pub(super) fn head(&self, number: u32) -> Head {
        Head {
            session: self.session.unwrap_or_default(),
            number,
            seen: self.seen,
        }
    }

    /// Asks for a new session.
    pub(super) fn open(&mut self, out: &mut ClientOut<'_>) {
        self.attempt += 1;
        out.persist(self.attempt);
        self.pending = Some(Pending {
            number: self.attempt,
            what: What::Open { since: out.now() },
        });
        let args = [self.server.into(), u64::from(self.attempt).into()];
        out.note(notes::SESSION_ASKED, args);
        self.send_pending(out);
    }

    pub(super) fn opened(&mut self, session: SessionId, since: Time, out: &mut ClientOut<'_>) {
        self.done_with_pending(out);
        self.session = Some(session);
        self.seen = self.seen.max(Zxid(session.0));
        self.number = 0;
        self.beats.clear();
        self.believe_since(since, out);
        out.set_timer(BEAT, self.share(3));
        if self.turn.is_some() {
            self.join(out);
        } else {
            self.begin(out);
        }
    }

    /// A share of the session's timeout.
    fn share(&self, of: u64) -> Span {
        Span((self.config.session_timeout.0 / of).max(1))
    }

    /// The session was open at a moment after `since`, so it is for a timeout from then on.
    fn believe_since(&mut self, since: Time, out: &mut ClientOut<'_>) {
        self.heard = since;
        let left = (self.heard + self.config.session_timeout) - out.now();
        let session = self.session.unwrap_or_default();
        out.note(notes::SESSION_STANDS, [session.into(), left.into()]);
        self.cut_off = left == Span(0) && out.rule(STOP_WHEN_CUT_OFF);
        if left == Span(0) {
            out.stop_timer(LAPSE);
        } else {
            out.set_timer(LAPSE, left);
        }
    }

    /// A third of the timeout has passed since it was answered, or a sixth and it was not: says
    /// that it lives, the second time to another server.
    pub(super) fn beat(&mut self, out: &mut ClientOut<'_>) {
        if self.session.is_none() {
            return;
        }
        if !self.beats.is_empty() {
            self.next_server(out);
        }
        self.send_beat(out);
    }

    fn send_beat(&mut self, out: &mut ClientOut<'_>) {
        self.number += 1;
        self.beats.sent(self.number, out.now());
        out.set_timer(BEAT, self.share(6));
        let message = QueueMessage::SessionHeartbeat(self.head(self.number));
        out.send(self.server, message);
    }

    fn next_server(&mut self, out: &mut ClientOut<'_>) {
        self.server = next_server(&self.config.servers, self.server);
        out.note(notes::SERVER_CHANGED, [self.server.into(), self.me.into()]);
    }

    /// A heartbeat was answered.
    pub(super) fn alive(
        &mut self,
        from: NodeId,
        number: u32,
        watching: bool,
        out: &mut ClientOut<'_>,
    ) {
        let Some(sent) = self.beats.answered(number) else {
            self.pass_over(from, number, out);
            return;
        };
        self.server = from;
        self.believe_since(sent, out);
        out.set_timer(BEAT, self.share(3));
        // A watch may be gone with its server, or its notification lost.
        if let Some(turn) = &self.turn
            && let Phase::Waits(_) = turn.phase
            && !watching
            && number > turn.watch_number
            && out.rule(LOOK_WHEN_UNWATCHED)
        {
            let claim = self.claim();
            if let Some((lock, (place, _))) =
                claim.and_then(|claim| Some((claim.lock, claim.node?)))
            {
                out.note(notes::WATCH_LOST, [lock.into(), place.into()]);
            }
            self.look(out);
        }
    }

    /// Nothing was heard for a whole timeout: the session may be over, and the lock another's.
    pub(super) fn lapse(&mut self, out: &mut ClientOut<'_>) {
        let Some(session) = self.session else { return };
        let args = [session.into(), (out.now() - self.heard).into()];
        if out.rule(STOP_WHEN_CUT_OFF) {
            self.cut_off = true;
            out.note(notes::CUT_OFF, args);
        } else {
            out.note(notes::BELIEVES_ON, args);
        }
    }

    /// The service says that the session is over. What it made is gone; another one is opened,
    /// and the turn begins anew.
    pub(super) fn lost(&mut self, session: SessionId, out: &mut ClientOut<'_>) {
        out.note(notes::SESSION_LOST, [session.into()]);
        self.session = None;
        self.cut_off = false;
        self.beats.clear();
        out.stop_timer(BEAT);
        out.stop_timer(LAPSE);
        out.stop_timer(super::WORK);
        if let Some(turn) = &mut self.turn {
            if turn.phase == Phase::Releases {
                self.turn = None;
                self.done += 1;
            } else {
                turn.begin_anew();
            }
        }
        self.open(out);
    }

    /// That server does not lead. Asks the one that it names at once.
    pub(super) fn sent_on(
        &mut self,
        from: NodeId,
        leader: Option<NodeId>,
        beat: bool,
        out: &mut ClientOut<'_>,
    ) {
        let Some(leader) = leader else {
            // Nobody is known to lead: the timers try again.
            self.pass_over(from, 0, out);
            return;
        };
        self.server = leader;
        out.note(notes::SERVER_CHANGED, [leader.into(), from.into()]);
        if beat {
            self.send_beat(out);
        } else {
            self.send_pending(out);
        }
    }

    /// No answer came: another server may know.
    pub(super) fn retry(&mut self, out: &mut ClientOut<'_>) {
        let Some(pending) = self.pending else { return };
        if pending.what != What::Write {
            self.next_server(out);
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

    /// Sends what waits for its answer, the first time or again.
    fn send_pending(&mut self, out: &mut ClientOut<'_>) {
        let Some(Pending { number, what }) = self.pending else {
            return;
        };
        out.set_timer(RETRY, self.config.request_timeout);
        if let What::Open { .. } = what {
            // A request that left before its number was on disk could be followed, after a crash,
            // by another of the same number.
            let message = QueueMessage::OpenSession { attempt: number };
            out.send_when_durable(self.server, message);
            return;
        }
        let head = self.head(number);
        let Some(claim) = self.claim() else { return };
        let (place, zxid) = claim.node.unwrap_or_default();
        let (to, message) = match what {
            What::Open { .. } => return,
            What::Create => (self.server, QueueMessage::Create(head, claim.lock)),
            What::Look => (self.server, QueueMessage::GetChildren(head, claim.lock)),
            What::Watch(before) => (self.server, QueueMessage::Exists(head, claim.lock, before)),
            What::Delete => {
                let place = self.to_delete(place, out);
                (self.server, QueueMessage::Delete(head, claim.lock, place))
            }
            // Who is cut off may not hold any more: it does not write.
            What::Write if self.cut_off => return,
            What::Write => (
                self.config.resource,
                QueueMessage::Write {
                    lock: claim.lock,
                    fence: zxid,
                    number,
                },
            ),
        };
        out.send(to, message);
    }
}
