//! A server of the service: a Raft server inside, and over it the tree, which every server applies
//! from the committed log. The leader alone serves clients; it keeps their watches, and the time
//! that their sessions have left, in its memory.

use super::message::{Answer, Head, QueueMessage};
use super::notes;
use super::rules;
use super::tree::{BOTH, Change, Done, Effect, Lock, Place, Session, SessionId, Tree, Zxid};
use crate::engine::{Engine, Facts, Input, NodeId, Out, Span, Time, Timer};
use crate::protocols::raft;
use std::rc::Rc;

/// The timer of the session that runs out first, behind those of Raft.
pub(super) const SESSION: Timer = Timer(2);

/// What is fixed for a run.
#[derive(Clone, Debug)]
pub struct KeeperConfig {
    /// The Raft inside.
    pub raft: Rc<raft::ServerConfig>,
    /// How long nobody hears from a client before its session is over.
    pub session_timeout: Span,
}

/// A client that is to be told when a node is gone.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Watch {
    /// Whose.
    pub session: SessionId,
    /// Where the notification goes.
    pub client: NodeId,
    /// Below which lock.
    pub lock: Lock,
    /// Which node.
    pub place: Place,
}

/// A heartbeat that is answered once this server knows that it still led when it came.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
struct Beat {
    client: NodeId,
    session: SessionId,
    number: u32,
    /// The round that must be confirmed; `None` while one that began before is under way.
    round: Option<u32>,
    /// What must be applied then.
    at_least: Zxid,
}

/// One server.
#[derive(Clone, Hash)]
pub struct Keeper {
    me: NodeId,
    timeout: Span,
    raft: raft::Server,
    tree: Tree,
    /// The term that it serves in as leader.
    serves: Option<raft::Term>,
    watches: Vec<Watch>,
    beats: Vec<Beat>,
    /// When each session runs out, by the own clock.
    deadlines: Vec<(SessionId, Time)>,
    /// The sessions whose end is in the log.
    ending: Vec<SessionId>,
}

type KeeperOut<'a> = Out<'a, Keeper>;

impl Engine for Keeper {
    type Message = QueueMessage;
    type Disk = raft::Disk;
    type Write = raft::Write;
    type Request = ();
    type Config = KeeperConfig;

    const TIMERS: &'static [&'static str] = &["election", "heartbeat", "session"];

    fn boot(me: NodeId, config: &Rc<KeeperConfig>, disk: &raft::Disk) -> Self {
        Keeper {
            me,
            timeout: config.session_timeout,
            raft: raft::Server::boot(me, &config.raft, disk),
            tree: Tree::default(),
            serves: None,
            watches: Vec::new(),
            beats: Vec::new(),
            deadlines: Vec::new(),
            ending: Vec::new(),
        }
    }

    fn write(disk: &mut raft::Disk, write: &raft::Write) {
        raft::Server::write(disk, write);
    }

    fn handle(&mut self, input: Input<'_, Self>, out: &mut KeeperOut<'_>) {
        match input {
            Input::Started => self.inside(Input::Started, out),
            Input::TimerFired(SESSION) => self.run_out(out),
            Input::TimerFired(timer) => self.inside(Input::TimerFired(timer), out),
            Input::Written(write) => self.inside(Input::Written(write), out),
            Input::Received {
                from,
                message: QueueMessage::Raft(message),
            } => self.inside(Input::Received { from, message }, out),
            Input::Received { from, message } => self.serve(from, message, out),
            Input::Asked(()) => {}
        }
        self.follow(out);
    }

    fn facts(&self, facts: &mut Facts) {
        self.raft.facts(facts);
        facts.say("zxid", self.tree.zxid);
        for session in self.tree.sessions() {
            let mut known = Facts::default();
            known.say("id", session.id);
            known.say("client", session.client);
            known.say("until", self.deadline(session.id));
            facts.say("session", known);
        }
        for node in BOTH.into_iter().flat_map(|lock| self.tree.below(lock)) {
            let mut known = Facts::default();
            known.say("lock", node.lock);
            known.say("number", node.place);
            known.say("session", node.owner);
            known.say("zxid", node.zxid);
            facts.say("node", known);
        }
        for watch in &self.watches {
            let mut known = Facts::default();
            known.say("client", watch.client);
            known.say("lock", watch.lock);
            known.say("number", watch.place);
            facts.say("watch", known);
        }
    }

    fn role(&self) -> &'static str {
        self.raft.role()
    }

    fn disk_facts(disk: &raft::Disk, facts: &mut Facts) {
        raft::Server::disk_facts(disk, facts);
    }
}

impl Keeper {
    /// The Raft server inside.
    #[must_use]
    pub fn raft(&self) -> &raft::Server {
        &self.raft
    }

    /// How long a session lasts without a heartbeat.
    #[must_use]
    pub fn timeout(&self) -> Span {
        self.timeout
    }

    /// What it has applied.
    #[must_use]
    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    /// The watches that it keeps, the oldest first.
    #[must_use]
    pub fn watches(&self) -> &[Watch] {
        &self.watches
    }

    /// When a session runs out, by this server's clock; a leader alone knows.
    #[must_use]
    pub fn deadline(&self, session: SessionId) -> Option<Time> {
        let mut all = self.deadlines.iter();
        all.find(|(id, _)| *id == session).map(|(_, until)| *until)
    }

    /// The change at a place of its log.
    #[must_use]
    pub fn change(&self, at: Zxid) -> Option<Change> {
        let entry = self.raft.log().get((at.0 as usize).checked_sub(1)?)?;
        match entry.payload {
            raft::Payload::Command(command) => Change::unpack(command),
            raft::Payload::Noop | raft::Payload::Client { .. } => None,
        }
    }

    /// Runs the server inside.
    fn inside(&mut self, input: Input<'_, raft::Server>, out: &mut KeeperOut<'_>) {
        self.raft.handle(input, &mut nested(out));
    }

    fn propose(&mut self, change: Change, out: &mut KeeperOut<'_>) {
        self.raft.propose(change.pack(), &mut nested(out));
    }

    /// After every input: what the server inside has come to.
    fn follow(&mut self, out: &mut KeeperOut<'_>) {
        let serves = self.raft.leads().then(|| self.raft.term());
        if serves != self.serves {
            self.serves = serves;
            self.begin_or_end(out);
        }
        while self.tree.zxid.0 < self.raft.commit().0 {
            let zxid = Zxid(self.tree.zxid.0 + 1);
            let change = self.change(zxid);
            let effect = self
                .tree
                .apply(zxid, change, out.rule(rules::NUMBERS_GO_UP));
            if self.serves.is_some() {
                self.tell(change, effect, out);
            }
        }
        if !self.beats.is_empty() {
            self.answer_beats(out);
        }
    }

    /// It leads a new term, or none any more. What it kept in memory for clients was for the old
    /// one.
    fn begin_or_end(&mut self, out: &mut KeeperOut<'_>) {
        let watches = self.watches.len();
        self.watches.clear();
        self.beats.clear();
        self.ending.clear();
        self.deadlines.clear();
        let Some(term) = self.serves else {
            out.stop_timer(SESSION);
            out.note(notes::SERVES_NO_MORE, [watches.into()]);
            return;
        };
        let sessions = self.tree.sessions();
        out.note(
            notes::SESSIONS_RENEWED,
            [term.into(), sessions.len().into()],
        );
        let left = if out.rule(rules::RENEW_ON_ELECTION) {
            self.timeout
        } else {
            Span(0)
        };
        let until = out.now() + left;
        self.deadlines = sessions.iter().map(|session| (session.id, until)).collect();
        self.set_timer(out);
    }

    fn set_timer(&self, out: &mut KeeperOut<'_>) {
        let waiting = self.deadlines.iter().filter(|(id, _)| !self.ends(*id));
        match waiting.map(|(_, until)| *until).min() {
            Some(first) => out.set_timer(SESSION, first - out.now()),
            None => out.stop_timer(SESSION),
        }
    }

    /// Whether the end of the session is in the log already.
    fn ends(&self, session: SessionId) -> bool {
        self.ending.contains(&session)
    }

    /// The session has its whole timeout again.
    fn renew(&mut self, session: SessionId, out: &mut KeeperOut<'_>) {
        let until = out.now() + self.timeout;
        match self.deadlines.iter_mut().find(|(id, _)| *id == session) {
            Some((_, deadline)) => *deadline = until,
            None => self.deadlines.push((session, until)),
        }
        self.set_timer(out);
    }

    /// The session that had least time left, and whichever has none, is to end: by an entry, so
    /// that it ends on every server.
    fn run_out(&mut self, out: &mut KeeperOut<'_>) {
        let waiting = self.deadlines.iter().filter(|(id, _)| !self.ends(*id));
        let Some(first) = waiting.clone().map(|(_, until)| *until).min() else {
            return;
        };
        let limit = first.max(out.now());
        let over: Vec<SessionId> = waiting
            .filter(|(_, until)| *until <= limit)
            .map(|(id, _)| *id)
            .collect();
        for session in over {
            if let Some(known) = self.tree.session(session) {
                out.note(
                    notes::SESSION_RAN_OUT,
                    [known.client.into(), session.into()],
                );
            }
            self.ending.push(session);
            self.propose(Change::Expire { session }, out);
        }
        self.set_timer(out);
    }

    /// What a committed change means for clients.
    fn tell(&mut self, change: Option<Change>, effect: Effect, out: &mut KeeperOut<'_>) {
        if let Some((session, number, done)) = effect.answer {
            self.note_done(change, &session, done, out);
            if done == Done::Opened && self.deadline(session.id).is_none() {
                self.renew(session.id, out);
            }
            self.reply(
                (session.client, session.id),
                number,
                Answer::Done(done),
                out,
            );
        }
        if let Some(over) = effect.over {
            let args = [over.client.into(), over.id.into(), effect.gone.len().into()];
            out.note(notes::SESSION_OVER, args);
            self.watches.retain(|watch| watch.session != over.id);
            self.deadlines.retain(|(id, _)| *id != over.id);
            self.ending.retain(|id| *id != over.id);
            self.beats.retain(|beat| beat.session != over.id);
            self.set_timer(out);
        }
        for node in effect.gone {
            self.fire(node.lock, node.place, out);
        }
    }

    fn note_done(
        &self,
        change: Option<Change>,
        session: &Session,
        done: Done,
        out: &mut KeeperOut<'_>,
    ) {
        let client = session.client.into();
        match (change, done) {
            (_, Done::Opened) => {
                let args = [client, session.id.into(), self.timeout.into()];
                out.note(notes::SESSION_OPENED, args);
            }
            (Some(Change::Create { lock, .. }), Done::Created(place, zxid)) => {
                let args = [client, lock.into(), place.into(), zxid.into()];
                out.note(notes::NODE_MADE, args);
            }
            (Some(Change::Delete { lock, place, .. }), Done::Deleted(deleted)) => {
                let note = if deleted {
                    notes::NODE_DELETED
                } else {
                    notes::NOTHING_TO_DELETE
                };
                out.note(note, [client, lock.into(), place.into()]);
            }
            // An answer is of its request's kind.
            (_, Done::Created(..) | Done::Deleted(_)) => {}
        }
    }

    /// A node is gone: who watched it is told, and watches no more.
    fn fire(&mut self, lock: Lock, place: Place, out: &mut KeeperOut<'_>) {
        let is = |watch: &mut Watch| (watch.lock, watch.place) == (lock, place);
        for watch in self.watches.extract_if(.., is) {
            out.note(
                notes::WATCH_FIRED,
                [watch.client.into(), lock.into(), place.into()],
            );
            let message = QueueMessage::Notification {
                session: watch.session,
                lock,
                place,
            };
            out.send(watch.client, message);
        }
    }

    fn reply(
        &self,
        (to, session): (NodeId, SessionId),
        number: u32,
        answer: Answer,
        out: &mut KeeperOut<'_>,
    ) {
        let message = QueueMessage::Reply {
            session,
            number,
            seen: self.tree.zxid,
            answer,
        };
        out.send(to, message);
    }

    /// A client asks.
    fn serve(&mut self, from: NodeId, message: &QueueMessage, out: &mut KeeperOut<'_>) {
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
                match self.tree.opened(from, *attempt).copied() {
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
        if self.tree.session(head.session).is_none() {
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
        match self.tree.session(head.session).map(|session| session.last) {
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
    fn answer_beats(&mut self, out: &mut KeeperOut<'_>) {
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

/// The outbox of the server inside: its messages are this lab's, its timers stand first, its notes
/// and rules behind the own ones.
fn nested<'a>(out: &'a mut Out<'_, Keeper>) -> Out<'a, raft::Server> {
    out.nested::<raft::Server>(
        |message| Rc::new(QueueMessage::Raft(message)),
        |write| Rc::new(write),
        (0, notes::NOTES.len() as u16, rules::RAFT),
    )
}
