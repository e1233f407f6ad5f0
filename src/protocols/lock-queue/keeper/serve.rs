//! What a server does for clients: only while it leads, and as far as it has applied what they know
//! of.

use super::super::message::{Answer, Head, QueueMessage};
use super::super::notes;
use super::super::rules;
use super::super::tree::{Change, Done, Lock, Place, SessionId, Zxid};
use super::{Beat, Keeper, KeeperOut, Watch, nested};
use crate::engine::NodeId;

impl Keeper {
    /// A client asks.
    pub(super) fn serve(&mut self, from: NodeId, message: &QueueMessage, out: &mut KeeperOut<'_>) {
        match message {
            QueueMessage::OpenSession { attempt } => {
                let head = Head {
                    session: SessionId(0),
                    number: *attempt,
                    seen: Zxid(0),
                };
                if !self.leads_for(from, head, out) {
                    return;
                }
                match self.tree.sessions().opened(from, *attempt).copied() {
                    Some(session) => {
                        let answer = Answer::Done(Done::Opened);
                        self.reply((from, session.id), *attempt, answer, out);
                    }
                    None => {
                        let attempt = *attempt;
                        self.propose(
                            Change::Open {
                                client: from,
                                attempt,
                            },
                            out,
                        );
                    }
                }
            }
            QueueMessage::SessionHeartbeat(head) => {
                if self.knows(from, *head, out) {
                    self.heartbeat(from, *head, out);
                }
            }
            QueueMessage::Create(head, lock) => {
                let Head {
                    session, number, ..
                } = *head;
                let lock = *lock;
                self.change_for(
                    from,
                    *head,
                    Change::Create {
                        session,
                        number,
                        lock,
                    },
                    out,
                );
            }
            QueueMessage::Delete(head, lock, place) => {
                let change = Change::Delete {
                    session: head.session,
                    number: head.number,
                    lock: *lock,
                    place: *place,
                };
                self.change_for(from, *head, change, out);
            }
            QueueMessage::GetChildren(head, lock) => {
                if self.knows(from, *head, out) {
                    let places = self.tree.below(*lock).map(|node| node.place).collect();
                    let answer = Answer::Children(places);
                    self.reply((from, head.session), head.number, answer, out);
                }
            }
            QueueMessage::Exists(head, lock, place) => {
                if self.knows(from, *head, out) {
                    self.watch(from, *head, (*lock, *place), out);
                }
            }
            // Those are not for servers, or are Raft's.
            QueueMessage::Raft(_)
            | QueueMessage::HeartbeatReply { .. }
            | QueueMessage::Reply { .. }
            | QueueMessage::Notification { .. }
            | QueueMessage::Write { .. }
            | QueueMessage::WriteReply { .. } => {}
        }
    }

    /// Whether it leads; if not, the client is told who may.
    fn leads_for(&self, from: NodeId, head: Head, out: &mut KeeperOut<'_>) -> bool {
        if self.serves.is_some() {
            return true;
        }
        let leader = self.raft.leader().filter(|leader| *leader != self.me);
        match leader {
            Some(leader) => out.note(notes::SENT_ON, [from.into(), leader.into()]),
            None => out.note(notes::NOBODY_LEADS, [from.into()]),
        }
        let answer = Answer::NotLeader(leader);
        self.reply((from, head.session), head.number, answer, out);
        false
    }

    /// Whether it leads, is not behind what the client knows, and the session is open.
    fn knows(&self, from: NodeId, head: Head, out: &mut KeeperOut<'_>) -> bool {
        if !self.leads_for(from, head, out) {
            return false;
        }
        if self.tree.zxid < head.seen {
            let args = [from.into(), head.seen.into(), self.tree.zxid.into()];
            out.note(notes::BEHIND, args);
            return false;
        }
        if self.tree.sessions().get(head.session).is_none() {
            out.note(notes::SESSION_UNKNOWN, [from.into(), head.session.into()]);
            self.reply((from, head.session), head.number, Answer::Expired, out);
            return false;
        }
        true
    }

    /// A change goes through the log, once: a repeated request has the answer of the first.
    fn change_for(&mut self, from: NodeId, head: Head, change: Change, out: &mut KeeperOut<'_>) {
        if !self.knows(from, head, out) {
            return;
        }
        match self
            .tree
            .sessions()
            .get(head.session)
            .map(|session| session.last)
        {
            Some((last, done)) if last == head.number => {
                self.reply((from, head.session), last, Answer::Done(done), out);
            }
            Some((last, _)) if last > head.number => {
                out.note(
                    notes::PASSED_OVER,
                    [from.into(), u64::from(head.number).into()],
                );
            }
            Some(_) | None => self.propose(change, out),
        }
    }

    /// Whether the node is there, and if so a watch.
    fn watch(
        &mut self,
        client: NodeId,
        head: Head,
        (lock, place): (Lock, Place),
        out: &mut KeeperOut<'_>,
    ) {
        let exists = self.tree.has(lock, place);
        let args = [client.into(), lock.into(), place.into()];
        if exists {
            let watch = Watch {
                session: head.session,
                client,
                lock,
                place,
            };
            if !self.watches.contains(&watch) {
                self.watches.push(watch);
            }
            out.note(notes::WATCH_SET, args);
        } else {
            out.note(notes::WATCH_TOO_LATE, args);
        }
        let answer = Answer::Exists(exists);
        self.reply((client, head.session), head.number, answer, out);
    }

    /// The client lives. Its session has the whole timeout again, and it is told so once it is
    /// certain that no other leader counts that session's time.
    fn heartbeat(&mut self, client: NodeId, head: Head, out: &mut KeeperOut<'_>) {
        let session = head.session;
        if self.ends(session) {
            out.note(notes::SESSION_RAN_OUT, [client.into(), session.into()]);
            return;
        }
        out.note(notes::SESSION_TOUCHED, [client.into(), session.into()]);
        if out.rule(rules::RENEW_ON_HEARTBEAT) {
            self.renew(session, out);
        }
        self.beats.push(Beat {
            client,
            session,
            number: head.number,
            round: None,
            at_least: Zxid(self.raft.commit().0),
        });
    }

    /// Answers the heartbeats whose round a majority has confirmed, and begins a round for those
    /// that came meanwhile.
    pub(super) fn answer_beats(&mut self, out: &mut KeeperOut<'_>) {
        let confirm = out.rule(rules::CONFIRM_BEFORE_ANSWER);
        let mut rounds = self.raft.confirmed(&nested(out));
        if self.beats.iter().any(|beat| beat.round.is_none())
            && (confirm && self.raft.knows_what_is_committed() && rounds >= self.asked())
        {
            let round = self.raft.ask_all(&mut nested(out));
            let committed = Zxid(self.raft.commit().0);
            for beat in self.beats.iter_mut().filter(|beat| beat.round.is_none()) {
                (beat.round, beat.at_least) = (Some(round), committed);
            }
            rounds = self.raft.confirmed(&nested(out));
        }
        let applied = self.tree.zxid;
        let ready = |beat: &mut Beat| {
            !confirm
                || (beat.round.is_some_and(|round| round <= rounds) && beat.at_least <= applied)
        };
        for beat in self.beats.extract_if(.., ready) {
            let round = u64::from(beat.round.unwrap_or(0)).into();
            out.note(notes::HEARTBEAT_CONFIRMED, [beat.client.into(), round]);
            let watches = |watch: &Watch| watch.session == beat.session;
            let message = QueueMessage::HeartbeatReply {
                session: beat.session,
                number: beat.number,
                watching: self.watches.iter().any(watches),
            };
            out.send(beat.client, message);
        }
    }

    /// The last round that a heartbeat waits for.
    fn asked(&self) -> u32 {
        let rounds = self.beats.iter().filter_map(|beat| beat.round);
        rounds.max().unwrap_or(0)
    }
}
