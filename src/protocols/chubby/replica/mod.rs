//! A replica: a Raft server inside, and over it the database, which every replica applies from the
//! committed log. The master alone serves clients. What it keeps for them in memory, its *office*,
//! is lost with it.

mod lease;
mod office;
mod serve;
mod writes;

use super::database::{Change, Database, SessionId};
use super::message::ChubbyMessage;
use super::notes;
use super::rules;
use crate::engine::{Engine, Facts, Input, NodeId, Out, Span, Time, Timer};
use crate::protocols::raft::{self, RaftMessage};
pub use office::{Known, Office};
use std::rc::Rc;

/// Raft's timer for elections.
pub(super) const ELECTION: Timer = Timer(0);
/// Raft's timer for heartbeats.
const HEARTBEAT: Timer = Timer(1);
/// The timer for what the master has to do next, behind those of Raft.
pub(super) const MASTER: Timer = Timer(2);

/// What is fixed for a run.
#[derive(Clone, Debug)]
pub struct ReplicaConfig {
    /// The Raft inside.
    pub raft: Rc<raft::ServerConfig>,
    /// How long a session lasts if it is not extended.
    pub lease: Span,
    /// How long nobody gets a lock whose holder's session ended.
    pub lock_delay: Span,
    /// How long the replicas that heard the master elect no other.
    pub master_lease: Span,
}

/// One replica.
#[derive(Clone)]
pub struct Replica {
    me: NodeId,
    config: Rc<ReplicaConfig>,
    raft: raft::Server,
    database: Database,
    office: Option<Office>,
    /// The rounds that no majority has confirmed yet, and when each began.
    rounds: Vec<(u32, Time)>,
    /// The term in which it began its first round as leader.
    began_in: Option<raft::Term>,
    /// The master's own lease, by its clock; before the first it is over.
    lease_until: Time,
    /// Until when it votes for nobody, by its clock.
    promised: Time,
    /// What `promised` comes from: a master that it heard, or a restart.
    heard: bool,
    /// For when the timer is set.
    armed: Option<Time>,
}

/// By hand: what is fixed for the run is no part of the state.
impl std::hash::Hash for Replica {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        (&self.raft, &self.database, &self.office, &self.rounds).hash(state);
        self.began_in.hash(state);
        (self.lease_until, self.promised, self.heard, self.armed).hash(state);
    }
}

type ReplicaOut<'a> = Out<'a, Replica>;

impl Engine for Replica {
    type Message = ChubbyMessage;
    type Disk = raft::Disk;
    type Write = raft::Write;
    type Request = ();
    type Config = ReplicaConfig;

    const TIMERS: &'static [&'static str] = &["election", "heartbeat", "master"];

    fn boot(me: NodeId, config: &Rc<ReplicaConfig>, disk: &raft::Disk) -> Self {
        Replica {
            me,
            config: Rc::clone(config),
            raft: raft::Server::boot(me, &config.raft, disk),
            database: Database::default(),
            office: None,
            rounds: Vec::new(),
            began_in: None,
            lease_until: Time(0),
            promised: Time(0),
            heard: false,
            armed: None,
        }
    }

    fn write(disk: &mut raft::Disk, write: &raft::Write) {
        raft::Server::write(disk, write);
    }

    fn handle(&mut self, input: Input<'_, Self>, out: &mut ReplicaOut<'_>) {
        self.look_at_lease(out);
        match input {
            Input::Started => {
                // What it promised before a crash it does not know.
                self.promised = out.now() + self.config.master_lease;
                self.inside(Input::Started, out);
            }
            Input::TimerFired(MASTER) => {
                self.armed = None;
                self.due(out);
            }
            Input::TimerFired(ELECTION) if self.keeps_promise(self.me, out) => {
                out.set_timer(ELECTION, self.promised - out.now());
            }
            Input::TimerFired(timer) => {
                if timer == HEARTBEAT && self.raft.leads() {
                    let round = self.raft.next_round();
                    self.began(round, out);
                }
                self.inside(Input::TimerFired(timer), out);
            }
            Input::Written(write) => self.inside(Input::Written(write), out),
            Input::Received {
                from,
                message: ChubbyMessage::Raft(message),
            } => self.hear(from, message, out),
            Input::Received { from, message } => self.serve(from, message, out),
            Input::Asked(()) => {}
        }
        self.follow(out);
        self.arm(out);
    }

    fn facts(&self, facts: &mut Facts) {
        self.raft.facts(facts);
        facts.say("master", self.office.is_some());
        facts.say("master-lease", self.lease_until);
        let database = &self.database;
        facts.say("holder", database.holder().map(|session| session.client));
        facts.say("generation", database.lock.generation);
        facts.say("failed", database.lock.failed);
        facts.say("version", database.file.version);
        facts.say("contents", database.file.by);
        for session in database.sessions().all() {
            let mut known = Facts::default();
            known.say("id", session.id);
            known.say("client", session.client);
            known.say("until", self.deadline(session.id));
            facts.say("session", known);
        }
        if let Some(office) = &self.office {
            office.facts(facts);
        }
    }

    fn role(&self) -> &'static str {
        if self.office.is_some() {
            "master"
        } else {
            self.raft.role()
        }
    }

    fn disk_facts(disk: &raft::Disk, facts: &mut Facts) {
        raft::Server::disk_facts(disk, facts);
    }
}

impl Replica {
    /// The Raft server inside.
    #[must_use]
    pub fn raft(&self) -> &raft::Server {
        &self.raft
    }

    /// What is fixed for the run.
    #[must_use]
    pub fn config(&self) -> &ReplicaConfig {
        &self.config
    }

    /// What it has applied.
    #[must_use]
    pub fn database(&self) -> &Database {
        &self.database
    }

    /// What it keeps as master.
    #[must_use]
    pub fn office(&self) -> Option<&Office> {
        self.office.as_ref()
    }

    /// Until when it may serve as master, by its own clock.
    #[must_use]
    pub fn lease_until(&self) -> Time {
        self.lease_until
    }

    /// When a session's lease ends, by this replica's clock; a master alone knows.
    #[must_use]
    pub fn deadline(&self, session: SessionId) -> Option<Time> {
        Some(self.office.as_ref()?.known(session)?.deadline)
    }

    /// The change at a place of its log, from 1, with the term of its entry.
    #[must_use]
    pub fn change(&self, at: u32) -> Option<(raft::Term, Option<Change>)> {
        let entry = self.raft.log().get((at as usize).checked_sub(1)?)?;
        let change = match entry.payload {
            raft::Payload::Command(command) => Change::unpack(command),
            raft::Payload::Noop | raft::Payload::Client { .. } | raft::Payload::Members(_) => None,
        };
        Some((entry.term, change))
    }

    /// Runs the server inside.
    fn inside(&mut self, input: Input<'_, raft::Server>, out: &mut ReplicaOut<'_>) {
        self.raft.handle(input, &mut nested(out));
    }

    fn propose(&mut self, change: Change, out: &mut ReplicaOut<'_>) {
        self.raft.propose(change.pack(), &mut nested(out));
    }

    /// Whether it gave its word to elect nobody now.
    fn keeps_promise(&self, candidate: NodeId, out: &mut ReplicaOut<'_>) -> bool {
        let left = self.promised - out.now();
        let keeps = left > Span(0) && out.rule(rules::KEEP_THE_PROMISE);
        if keeps {
            let note = if self.heard {
                notes::VOTE_PROMISED
            } else {
                notes::VOTE_UNHEARD
            };
            out.note(note, [candidate.into(), left.into()]);
        }
        keeps
    }

    /// A message of another replica. A vote that would break the own promise is not heard at all.
    fn hear(&mut self, from: NodeId, message: &RaftMessage, out: &mut ReplicaOut<'_>) {
        match message {
            RaftMessage::VoteRequest { .. } => {
                if self.keeps_promise(from, out) {
                    return;
                }
            }
            RaftMessage::AppendEntries { term, .. } => {
                if *term >= self.raft.term() {
                    self.promised = out.now() + self.config.master_lease;
                    self.heard = true;
                }
            }
            // They come to a candidate and to a leader, which gave their word to themselves.
            RaftMessage::VoteReply { .. }
            | RaftMessage::AppendReply { .. }
            | RaftMessage::ClientRequest { .. }
            | RaftMessage::ClientReply { .. }
            | RaftMessage::PreVoteRequest { .. }
            | RaftMessage::PreVoteReply { .. }
            | RaftMessage::TimeoutNow { .. }
            | RaftMessage::InstallSnapshot { .. }
            | RaftMessage::InstallReply { .. }
            | RaftMessage::VoteRequestAsTold { .. } => {}
        }
        self.inside(Input::Received { from, message }, out);
    }

    /// After every input: what the server inside has come to.
    fn follow(&mut self, out: &mut ReplicaOut<'_>) {
        self.renew_lease(out);
        let term = self.raft.leads().then(|| self.raft.term());
        if let Some(office) = &self.office
            && term != Some(office.term)
        {
            out.note(notes::OUT_OF_OFFICE, [office.term.into()]);
            self.office = None;
        }
        while self.database.applied < self.raft.commit().0 {
            let change = self.change(self.database.applied + 1);
            let change = change.and_then(|(_, change)| change);
            let effect = self.database.apply(change);
            if self.office.is_some() {
                self.tell(change, effect, out);
            }
        }
        if let Some(term) = term
            && self.office.is_none()
            && self.raft.knows_what_is_committed()
            && self.has_lease(out)
        {
            self.take_office(term, out);
        }
    }
}

/// The outbox of the server inside: its messages are this lab's, its timers stand first, its notes
/// and rules behind the own ones.
fn nested<'a>(out: &'a mut Out<'_, Replica>) -> Out<'a, raft::Server> {
    out.nested::<raft::Server>(
        |message| Rc::new(ChubbyMessage::Raft(message)),
        |write| Rc::new(write),
        (0, notes::NOTES.len() as u16, rules::RAFT),
    )
}
