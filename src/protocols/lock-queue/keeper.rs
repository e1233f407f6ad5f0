//! A server of the service: a Raft server inside, and over it the tree, which every server applies
//! from the committed log. The leader alone serves clients; it keeps their watches, and the time
//! that their sessions have left, in its memory.

mod serve;

use super::message::{Answer, QueueMessage};
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
        for session in self.tree.sessions().all() {
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
            raft::Payload::Noop | raft::Payload::Client { .. } | raft::Payload::Members(_) => None,
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
        let sessions = self.tree.sessions().all();
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
            if let Some(known) = self.tree.sessions().get(session) {
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
