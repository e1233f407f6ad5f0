//! A client: it keeps a session with the service, stands in the queue, works while it holds, and
//! writes to the resource. What it believes is what it says of itself; the checks say what is so.

mod queue;
mod session;

use super::message::{Answer, QueueMessage};
use super::notes;
use super::rules::ONE_ORDER;
use super::tree::{Done, Lock, Place, SessionId, Zxid};
use crate::engine::{Engine, Fact, Facts, Input, NodeId, Out, Span, Time, Timer};
use crate::lab::sessions::Calls;
use std::rc::Rc;

const THINK: Timer = Timer(0);
/// Before [`LAPSE`]: of two timers that ran out while the client was paused, the first in the list
/// comes first, and a client that goes on after a pause goes on with its work.
const WORK: Timer = Timer(1);
const BEAT: Timer = Timer(2);
/// The moment from which the session may be over.
pub(super) const LAPSE: Timer = Timer(3);
const RETRY: Timer = Timer(4);
const DRAW_THINK: u8 = 0;

/// What is fixed for a run.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct ClientConfig {
    /// The servers.
    pub servers: Vec<NodeId>,
    /// What the locks protect.
    pub resource: NodeId,
    /// How many locks a client takes, one after the other.
    pub locks: u8,
    /// How long the work under the lock takes.
    pub hold: Span,
    /// How long it rests between two turns; zero: it waits to be asked.
    pub rest: Span,
    /// How long nobody hears from a client before its session is over.
    pub session_timeout: Span,
    /// How long it waits for an answer.
    pub request_timeout: Span,
}

/// What a person asks of a client: to take the lock once, work, and release it.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct TakeTurn;

/// A request that waits for its answer.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
struct Pending {
    number: u32,
    what: What,
}

#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
enum What {
    Open { since: Time },
    Create,
    Look,
    Watch(Place),
    Write,
    Delete,
}

/// What a client is at, for the lock that its turn has come to.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
enum Phase {
    /// It makes its node.
    Joins,
    /// It asks who is in the queue.
    Looks,
    /// It asks for a watch.
    Watches(Place),
    /// It waits for a notification.
    Waits(Place),
    /// It holds all it wanted, and works.
    Works,
    /// It writes to the resource of the lock at `at`.
    Writes,
    /// It releases the lock at `at`.
    Releases,
}

/// One lock of a turn.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Claim {
    /// Which.
    pub lock: Lock,
    /// The node that it made, with the change that made it.
    pub node: Option<(Place, Zxid)>,
    /// Whether it took itself for the holder when it last looked.
    pub held: bool,
}

/// One turn: take every lock, work, write, release.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
struct Turn {
    claims: Vec<Claim>,
    at: usize,
    phase: Phase,
    /// The number of the request for the watch that it relies on.
    watch_number: u32,
}

/// One client. In a crash it forgets all but how often it has asked for a session.
#[derive(Clone, Hash)]
pub struct Client {
    me: NodeId,
    config: Rc<ClientConfig>,
    attempt: u32,
    session: Option<SessionId>,
    server: NodeId,
    seen: Zxid,
    number: u32,
    pending: Option<Pending>,
    /// The heartbeats that were not answered yet.
    beats: Calls,
    /// The heartbeat that was answered last was sent then.
    heard: Time,
    /// Nothing was heard of the session for its whole timeout.
    cut_off: bool,
    turn: Option<Turn>,
    wanted: u32,
    done: u32,
}

type ClientOut<'a> = Out<'a, Client>;

impl Engine for Client {
    type Message = QueueMessage;
    /// How often it has asked for a session: a repeated request is known by it.
    type Disk = u32;
    type Write = u32;
    type Request = TakeTurn;
    type Config = ClientConfig;

    const TIMERS: &'static [&'static str] = &["think", "work", "beat", "lapse", "retry"];

    fn boot(me: NodeId, config: &Rc<ClientConfig>, disk: &u32) -> Self {
        let server = config.servers.first().copied().unwrap_or(NodeId(0));
        Client {
            me,
            config: Rc::clone(config),
            attempt: *disk,
            session: None,
            server,
            seen: Zxid(0),
            number: 0,
            pending: None,
            beats: Calls::default(),
            heard: Time(0),
            cut_off: false,
            turn: None,
            wanted: 0,
            done: 0,
        }
    }

    fn write(disk: &mut u32, write: &u32) {
        *disk = *write;
    }

    fn handle(&mut self, input: Input<'_, Self>, out: &mut ClientOut<'_>) {
        match input {
            Input::Started => {
                self.rest(out);
                self.open(out);
            }
            Input::TimerFired(THINK) => {
                self.rest(out);
                // One that is in the middle of a turn begins no other of its own accord.
                if self.turn.is_none() && self.wanted == 0 {
                    self.wanted = 1;
                    self.begin(out);
                }
            }
            Input::TimerFired(WORK) => self.worked(out),
            Input::TimerFired(BEAT) => self.beat(out),
            Input::TimerFired(LAPSE) => self.lapse(out),
            Input::TimerFired(_) => self.retry(out),
            Input::Asked(TakeTurn) => {
                self.wanted += 1;
                if self.turn.is_none() {
                    self.begin(out);
                }
            }
            Input::Received { from, message } => self.receive(from, message, out),
            Input::Written(_) => {}
        }
    }

    fn facts(&self, facts: &mut Facts) {
        facts.say("state", Fact::Key(Engine::role(self)));
        facts.say("session", self.session);
        facts.say("server", self.server);
        facts.say("seen", self.seen);
        facts.say("cut-off", self.cut_off);
        for claim in self.claims() {
            let mut known = Facts::default();
            known.say("lock", claim.lock);
            known.say("node", claim.node.map(|(place, _)| place));
            known.say("fence", claim.node.map(|(_, zxid)| zxid));
            known.say("believes", self.believes(claim.lock));
            facts.say("claim", known);
        }
        facts.say("watches", self.waits_for());
        facts.say("queued", self.wanted);
        facts.say("done", self.done);
    }

    fn role(&self) -> &'static str {
        if self.session.is_none() {
            "away"
        } else if self.cut_off {
            "cut-off"
        } else {
            match self.turn.as_ref().map(|turn| turn.phase) {
                None => "idle",
                Some(Phase::Joins | Phase::Looks | Phase::Watches(_) | Phase::Waits(_)) => "waiter",
                Some(Phase::Works | Phase::Writes) => "holder",
                Some(Phase::Releases) => "releasing",
            }
        }
    }

    fn disk_facts(disk: &u32, facts: &mut Facts) {
        facts.say("attempt", *disk);
    }
}

impl Client {
    /// The locks of its turn, in the order in which it takes them.
    #[must_use]
    pub fn claims(&self) -> &[Claim] {
        self.turn.as_ref().map_or(&[], |turn| &turn.claims)
    }

    /// Whether it believes that it holds the lock.
    #[must_use]
    pub fn believes(&self, lock: Lock) -> bool {
        let held = |claim: &Claim| claim.lock == lock && claim.held;
        self.session.is_some() && !self.cut_off && self.claims().iter().any(held)
    }

    /// The locks that a turn takes.
    #[must_use]
    pub fn locks(&self) -> Vec<Lock> {
        (0..self.config.locks).map(Lock).collect()
    }

    /// Its session, as far as it knows.
    #[must_use]
    pub fn session(&self) -> Option<SessionId> {
        self.session
    }

    /// Whether it asks for a session for the first time.
    #[must_use]
    pub fn newcomer(&self) -> bool {
        self.session.is_none() && self.attempt <= 1
    }

    /// Whether it has something to do that waits for a lock.
    #[must_use]
    pub fn wants(&self) -> bool {
        self.wanted > 0 || self.claims().iter().any(|claim| !claim.held)
    }

    /// Whether it has nothing to do.
    #[must_use]
    pub fn idle(&self) -> bool {
        self.session.is_some() && self.turn.is_none() && self.wanted == 0
    }

    /// How many turns it has done.
    #[must_use]
    pub fn done(&self) -> u32 {
        self.done
    }

    /// When the heartbeat was sent that was answered last, by its own clock.
    #[must_use]
    pub fn heard(&self) -> Time {
        self.heard
    }

    /// Whether it has not heard of its session for a whole timeout.
    #[must_use]
    pub fn cut_off(&self) -> bool {
        self.cut_off
    }

    /// The node that it waits for.
    #[must_use]
    pub fn waits_for(&self) -> Option<Place> {
        match self.turn.as_ref()?.phase {
            Phase::Waits(place) | Phase::Watches(place) => Some(place),
            Phase::Joins | Phase::Looks | Phase::Works | Phase::Writes | Phase::Releases => None,
        }
    }

    /// The claim that its turn is at.
    #[must_use]
    pub fn claim(&self) -> Option<Claim> {
        let turn = self.turn.as_ref()?;
        turn.claims.get(turn.at).copied()
    }

    fn rest(&self, out: &mut ClientOut<'_>) {
        let rest = self.config.rest.0;
        if rest > 0 {
            let gap = out.draw(DRAW_THINK, rest / 2..=rest + rest / 2);
            out.set_timer(THINK, Span(gap.max(1)));
        }
    }

    /// The next turn, if one is wanted and there is a session.
    fn begin(&mut self, out: &mut ClientOut<'_>) {
        if self.wanted == 0 || self.turn.is_some() || self.session.is_none() {
            return;
        }
        self.wanted -= 1;
        let mut locks = self.locks();
        if !out.rule(ONE_ORDER) && self.me.0.is_multiple_of(2) {
            locks.reverse();
        }
        let claim = |lock| Claim {
            lock,
            node: None,
            held: false,
        };
        self.turn = Some(Turn {
            claims: locks.into_iter().map(claim).collect(),
            at: 0,
            phase: Phase::Joins,
            watch_number: 0,
        });
        self.join(out);
    }

    fn receive(&mut self, from: NodeId, message: &QueueMessage, out: &mut ClientOut<'_>) {
        match message {
            QueueMessage::HeartbeatReply {
                session,
                number,
                watching,
            } => {
                if self.session == Some(*session) {
                    self.alive(from, *number, *watching, out);
                } else {
                    self.pass_over(from, *number, out);
                }
            }
            QueueMessage::Reply {
                session,
                number,
                seen,
                answer,
            } => {
                if self.session == Some(*session) || self.opens(*number) {
                    self.seen = self.seen.max(*seen);
                    self.replied(from, (*session, *number), answer, out);
                } else {
                    self.pass_over(from, *number, out);
                }
            }
            QueueMessage::Notification {
                session,
                lock,
                place,
            } => {
                if self.session == Some(*session) {
                    self.woken(*lock, *place, out);
                } else {
                    self.pass_over(from, 0, out);
                }
            }
            QueueMessage::WriteReply {
                lock,
                number,
                accepted,
                highest,
            } => {
                let pending = self.pending.filter(|pending| pending.what == What::Write);
                if pending.is_some_and(|pending| pending.number == *number) {
                    self.written(*lock, *accepted, *highest, out);
                } else {
                    self.pass_over(from, *number, out);
                }
            }
            // Those are for servers and the resource.
            QueueMessage::Raft(_)
            | QueueMessage::OpenSession { .. }
            | QueueMessage::SessionHeartbeat(_)
            | QueueMessage::Create(..)
            | QueueMessage::GetChildren(..)
            | QueueMessage::Exists(..)
            | QueueMessage::Delete(..)
            | QueueMessage::Write { .. } => {}
        }
    }

    fn pass_over(&self, from: NodeId, number: u32, out: &mut ClientOut<'_>) {
        out.note(notes::PASSED_OVER, [from.into(), u64::from(number).into()]);
    }

    /// Whether it waits for the answer to this attempt to open a session.
    fn opens(&self, number: u32) -> bool {
        self.pending.is_some_and(|pending| {
            matches!(pending.what, What::Open { .. }) && pending.number == number
        })
    }

    /// A server answered a request, or a heartbeat that it could not serve.
    fn replied(
        &mut self,
        from: NodeId,
        (session, number): (SessionId, u32),
        answer: &Answer,
        out: &mut ClientOut<'_>,
    ) {
        let beat = self.beats.has(number);
        let pending = self.pending.filter(|pending| pending.number == number);
        match (answer, pending.map(|pending| pending.what)) {
            (Answer::Expired, _) if self.session == Some(session) => self.lost(session, out),
            (Answer::NotLeader(leader), Some(_)) => self.sent_on(from, *leader, false, out),
            (Answer::NotLeader(leader), None) if beat => self.sent_on(from, *leader, true, out),
            (Answer::Done(Done::Opened), Some(What::Open { since })) => {
                self.opened(session, since, out);
            }
            (Answer::Done(Done::Created(place, zxid)), Some(What::Create)) => {
                self.joined((*place, *zxid), out);
            }
            (Answer::Children(places), Some(What::Look)) => self.looked(places, out),
            (Answer::Exists(exists), Some(What::Watch(place))) => {
                self.watched(place, *exists, out);
            }
            (Answer::Done(Done::Deleted(_)), Some(What::Delete)) => self.released(out),
            // An answer to what is over, or of another kind than what was asked.
            (
                Answer::Expired
                | Answer::NotLeader(_)
                | Answer::Done(_)
                | Answer::Children(_)
                | Answer::Exists(_),
                _,
            ) => self.pass_over(from, number, out),
        }
    }
}
