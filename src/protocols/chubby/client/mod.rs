//! A client: the library that keeps a session and a cache, and an application that wants the lock,
//! puts its name into the lock's file, works, writes to the resource, and reads the file now and then.

mod session;
mod turn;

use super::database::{File, Generation, SessionId, Version};
use super::message::{Answer, ChubbyMessage, Event, Head};
use super::notes;
use crate::engine::{Engine, Fact, Facts, Input, NodeId, Out, Span, Time, Timer};
use crate::lab::sessions::Calls;
use std::rc::Rc;

const THINK: Timer = Timer(0);
/// Before [`LAPSE`]: of two timers that ran out while the client was paused, the first in the list
/// comes first, and an application that goes on after a pause goes on with its work.
const WORK: Timer = Timer(1);
const READ: Timer = Timer(2);
const KEEP: Timer = Timer(3);
/// The moment from which the lease may be over.
pub(super) const LAPSE: Timer = Timer(4);
/// The end of the grace period.
pub(super) const GRACE: Timer = Timer(5);
const RETRY: Timer = Timer(6);
const DRAW_THINK: u8 = 0;

/// What is fixed for a run.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct ClientConfig {
    /// The replicas.
    pub replicas: Vec<NodeId>,
    /// What the lock protects.
    pub resource: NodeId,
    /// How long the work before each write takes.
    pub hold: Span,
    /// How many writes there are in a turn.
    pub writes: u64,
    /// How long it rests between two turns; zero: it waits to be asked.
    pub rest: Span,
    /// How long it is between two looks at the file; zero: it does not look by itself.
    pub read: Span,
    /// How long a session lasts if it is not extended.
    pub lease: Span,
    /// How long a client waits in jeopardy.
    pub grace: Span,
    /// How long it waits for an answer.
    pub request_timeout: Span,
}

/// What a person asks of a client.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Ask {
    /// To take the lock once, work, and release it.
    Lock,
    /// To look at the file.
    Read,
}

/// A request that waits for its answer.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
struct Pending {
    number: u32,
    what: What,
}

#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
enum What {
    /// A session: since when some replica may have opened it, and whether one said that it did not.
    Open {
        since: Time,
        refused: bool,
    },
    Acquire,
    Advertise,
    Write,
    Release,
}

/// What a turn is at.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
enum Phase {
    Waits,
    Advertises,
    Works,
    Writes,
    Releases,
}

/// One turn: take the lock, advertise, work and write, release.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
struct Turn {
    phase: Phase,
    generation: Option<Generation>,
    written: u64,
    /// Its work was done in jeopardy: it waits until the session is safe.
    halted: bool,
}

/// A look at the file.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Look {
    /// How many looks there were, this one among them.
    pub count: u32,
    /// What was read.
    pub file: File,
    /// Whether it came from the own cache.
    pub cached: bool,
}

/// One client. In a crash it forgets all but how often it has asked for a session.
#[derive(Clone, Hash)]
pub struct Client {
    me: NodeId,
    config: Rc<ClientConfig>,
    attempt: u32,
    session: Option<SessionId>,
    server: NodeId,
    epoch: u32,
    /// The last event that it dealt with.
    seen: u32,
    number: u32,
    pending: Option<Pending>,
    /// The number of the last KeepAlive, and those that were not answered yet.
    calls: (u32, Calls),
    /// When its lease ends, by its own clock.
    lease_until: Time,
    /// Since when it is in jeopardy.
    jeopardy: Option<Time>,
    cache: Option<File>,
    /// Contents older than this one are not to be kept.
    floor: Version,
    /// The number of the last request for the contents.
    fetch: u32,
    looked: Option<Look>,
    turn: Option<Turn>,
    wanted: u32,
    done: u32,
}

type ClientOut<'a> = Out<'a, Client>;

impl Engine for Client {
    type Message = ChubbyMessage;
    /// How often it has asked for a session: a repeated request is known by it.
    type Disk = u32;
    type Write = u32;
    type Request = Ask;
    type Config = ClientConfig;

    const TIMERS: &'static [&'static str] =
        &["think", "work", "read", "keep", "lapse", "grace", "retry"];

    fn boot(me: NodeId, config: &Rc<ClientConfig>, disk: &u32) -> Self {
        let server = config.replicas.first().copied().unwrap_or(NodeId(0));
        Client {
            me,
            config: Rc::clone(config),
            attempt: *disk,
            session: None,
            server,
            epoch: 0,
            seen: 0,
            number: 0,
            pending: None,
            calls: (0, Calls::default()),
            lease_until: Time(0),
            jeopardy: None,
            cache: None,
            floor: Version(0),
            fetch: 0,
            looked: None,
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
                self.look_later(out);
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
            Input::TimerFired(READ) => {
                self.look_later(out);
                self.look(out);
            }
            Input::TimerFired(KEEP) => self.keep(out),
            Input::TimerFired(LAPSE) => self.lapse(out),
            Input::TimerFired(GRACE) => self.give_up(out),
            Input::TimerFired(_) => self.retry(out),
            Input::Asked(Ask::Lock) => {
                self.wanted += 1;
                self.begin(out);
            }
            Input::Asked(Ask::Read) => self.look(out),
            Input::Received { from, message } => self.receive(from, message, out),
            Input::Written(_) => {}
        }
    }

    fn facts(&self, facts: &mut Facts) {
        facts.say("state", Fact::Key(Engine::role(self)));
        facts.say("session", self.session);
        facts.say("server", self.server);
        facts.say("epoch", u64::from(self.epoch));
        facts.say("lease-until", self.session.map(|_| self.lease_until));
        facts.say("jeopardy", self.jeopardy.is_some());
        facts.say("believes", self.believes());
        facts.say("sequencer", self.sequencer());
        facts.say("cache", self.cache.map(|file| file.version));
        facts.say("read", self.looked.map(|look| look.file.version));
        facts.say("queued", self.wanted);
        facts.say("done", self.done);
    }

    fn role(&self) -> &'static str {
        if self.session.is_none() {
            return "away";
        }
        if self.jeopardy.is_some() {
            return "jeopardy";
        }
        match self.turn.map(|turn| turn.phase) {
            None => "idle",
            Some(Phase::Waits) => "waiter",
            Some(Phase::Advertises | Phase::Works | Phase::Writes) => "holder",
            Some(Phase::Releases) => "releasing",
        }
    }

    fn disk_facts(disk: &u32, facts: &mut Facts) {
        facts.say("attempt", *disk);
    }
}

impl Client {
    /// What is fixed for the run.
    #[must_use]
    pub fn config(&self) -> &ClientConfig {
        &self.config
    }

    /// Whether it believes that it holds the lock.
    #[must_use]
    pub fn believes(&self) -> bool {
        let held = self
            .turn
            .is_some_and(|turn| turn.generation.is_some() && turn.phase != Phase::Releases);
        held && self.session.is_some() && self.jeopardy.is_none()
    }

    /// The generation of the lock that it was granted, and has not given back.
    #[must_use]
    pub fn sequencer(&self) -> Option<Generation> {
        self.turn?.generation
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

    /// When its lease ends, by its own clock.
    #[must_use]
    pub fn lease_until(&self) -> Time {
        self.lease_until
    }

    /// Since when it is in jeopardy, by its own clock.
    #[must_use]
    pub fn jeopardy(&self) -> Option<Time> {
        self.jeopardy
    }

    /// What is in its cache.
    #[must_use]
    pub fn cache(&self) -> Option<File> {
        self.cache
    }

    /// Its last look at the file.
    #[must_use]
    pub fn looked(&self) -> Option<Look> {
        self.looked
    }

    /// Whether it has something to do that waits for the lock.
    #[must_use]
    pub fn wants(&self) -> bool {
        self.wanted > 0 || self.turn.is_some_and(|turn| turn.generation.is_none())
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

    fn rest(&self, out: &mut ClientOut<'_>) {
        let rest = self.config.rest.0;
        if rest > 0 {
            let gap = out.draw(DRAW_THINK, rest / 2..=rest + rest / 2);
            out.set_timer(THINK, Span(gap.max(1)));
        }
    }

    fn look_later(&self, out: &mut ClientOut<'_>) {
        if self.config.read > Span(0) {
            out.set_timer(READ, self.config.read);
        }
    }

    fn pass_over(&self, from: NodeId, number: u32, out: &mut ClientOut<'_>) {
        out.note(notes::PASSED_OVER, [from.into(), u64::from(number).into()]);
    }

    fn receive(&mut self, from: NodeId, message: &ChubbyMessage, out: &mut ClientOut<'_>) {
        match message {
            ChubbyMessage::KeepAliveReply {
                session,
                number,
                epoch,
                held,
                events,
                last,
            } => {
                if self.session == Some(*session) && *epoch >= self.epoch {
                    self.kept((from, *number), (*epoch, *held), (events, *last), out);
                } else {
                    self.pass_over(from, *number, out);
                }
            }
            ChubbyMessage::Reply {
                session,
                number,
                epoch,
                answer,
            } => self.replied(from, (*session, *number, *epoch), *answer, out),
            ChubbyMessage::WriteReply {
                tag,
                accepted,
                highest,
            } => {
                let mine = self.sequencer().map(|generation| u64::from(generation.0));
                let waits = self
                    .pending
                    .is_some_and(|pending| pending.what == What::Write);
                if waits && mine == Some(*tag) {
                    self.written(*accepted, *highest, out);
                } else {
                    self.pass_over(from, *tag as u32, out);
                }
            }
            // Those are for replicas and the resource.
            ChubbyMessage::Raft(_)
            | ChubbyMessage::OpenSession { .. }
            | ChubbyMessage::KeepAlive { .. }
            | ChubbyMessage::Acquire(_)
            | ChubbyMessage::Release(_)
            | ChubbyMessage::GetContents(_)
            | ChubbyMessage::SetContents(_)
            | ChubbyMessage::Write(_) => {}
        }
    }

    /// A replica answered a request.
    fn replied(
        &mut self,
        from: NodeId,
        (session, number, epoch): (SessionId, u32, u32),
        answer: Answer,
        out: &mut ClientOut<'_>,
    ) {
        use super::database::Done;
        let pending = self.pending.filter(|pending| pending.number == number);
        let what = pending.map(|pending| pending.what);
        let mine = self.session == Some(session);
        match (answer, what) {
            (Answer::Done(Done::Opened), Some(What::Open { since, .. })) => {
                self.opened((from, session, epoch), since, out);
            }
            (Answer::NotMaster(master), _) if mine || matches!(what, Some(What::Open { .. })) => {
                self.sent_on(from, number, master, out);
            }
            (Answer::Expired, _) if mine => self.lost(out),
            (Answer::OldEpoch, _) if mine => {
                // The KeepAlive brings the new epoch, and with it what was missed.
                self.server = from;
                self.call(out);
            }
            (Answer::Contents(file, may_keep), _) if mine && number == self.fetch => {
                self.fetched(file, may_keep && epoch == self.epoch, out);
            }
            (Answer::Done(Done::Granted(generation)), Some(What::Acquire)) if mine => {
                self.granted(generation, out);
            }
            (Answer::Done(Done::Written(_)), Some(What::Advertise)) if mine => self.work(out),
            (Answer::Done(Done::Released), Some(What::Release)) if mine => self.released(out),
            // An answer to what is over, or of another kind than what was asked.
            (
                Answer::Done(_)
                | Answer::Contents(..)
                | Answer::Expired
                | Answer::OldEpoch
                | Answer::NotMaster(_),
                _,
            ) => self.pass_over(from, number, out),
        }
    }

    fn head(&self, number: u32) -> Head {
        Head {
            session: self.session.unwrap_or_default(),
            number,
            epoch: self.epoch,
        }
    }

    /// What the master tells behind an answer.
    fn take_event(&mut self, event: Event, out: &mut ClientOut<'_>) {
        match event {
            // The epoch of the answer says it, too.
            Event::FailOver => {}
            Event::Invalidate(version) => {
                self.floor = self.floor.max(Version(version.0 + 1));
                self.cache = self.cache.filter(|file| file.version > version);
                out.note(notes::INVALIDATED, [version.into()]);
            }
        }
    }
}
