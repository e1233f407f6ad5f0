//! What the lab promises, judged from outside: by the entries that are committed, by the messages
//! that pass, by what each client believes and reads, and by what is on the resource's disk.

use super::client::Client;
use super::database::{Change, Done, SessionId, Version};
use super::lab::{clients, replicas, resource};
use super::message::{Answer, ChubbyMessage, KEEP_ALIVE_REPLY, REPLY};
use super::notes;
use super::replica::{Office, Replica};
use super::resource::Guarded;
use crate::engine::{Fingerprint, NodeId, Note, Renaming, Span, Time, disk_of, engine_of, typed};
use crate::lab::locks::{Breach, Grant, Landed, LockJudge};
use crate::lab::{CheckSpec, Checker, Mode, Verdicts};
use crate::protocols::raft::Term;
use crate::sim::{FaultKind, FaultSet, Happened, Status, World};
use std::hash::Hash;

/// How soon after calm everybody who waited has had the lock: after the leases of the dead, a
/// lock-delay, and a turn of each of those who wait.
const SOON: Span = Span::secs(40);

/// A disk that is lost takes committed entries along, as in Raft.
const ON_DISK: FaultSet = FaultSet::all_but(&[FaultKind::DiskLost]);
/// Leases are counted by two clocks, the master's and the client's.
const CLOCKS_RIGHT: FaultSet = FaultSet::all_but(&[FaultKind::DiskLost, FaultKind::ClockSkew]);
/// Who is paused cannot stop believing.
const AWAKE: FaultSet =
    FaultSet::all_but(&[FaultKind::DiskLost, FaultKind::ClockSkew, FaultKind::Pause]);

const fn check(id: &'static str, mode: Mode, assumes: FaultSet) -> CheckSpec {
    CheckSpec { id, mode, assumes }
}

const ONE_GRANT: usize = 0;
const ONE_BELIEVER: usize = 1;
const NO_OLDER_WRITE: usize = 2;
const NO_HARM: usize = 3;
const SESSIONS_KEPT: usize = 4;
const NO_STALE_READ: usize = 5;
const ONE_MASTER: usize = 6;
const CHANGES_HANDS: usize = 7;
const SAFE_AGAIN: usize = 8;
const SURVIVED: usize = 9;
const OLDER_LANDS: usize = 10;
const WAITER_HAS_IT: usize = 11;

/// The checks, in the order of the constants above.
pub(super) const CHECKS: &[CheckSpec] = &[
    check("one-grant-at-a-time", Mode::Always, CLOCKS_RIGHT),
    check("one-believer-at-a-time", Mode::Always, AWAKE),
    check("no-older-write-is-accepted", Mode::Always, ON_DISK),
    check(
        "a-write-late-by-less-than-the-delay-does-no-harm",
        Mode::Always,
        CLOCKS_RIGHT,
    ),
    check(
        "a-session-within-its-lease-or-grace-keeps-its-lock",
        Mode::Always,
        CLOCKS_RIGHT,
    ),
    check("no-cache-is-read-stale", Mode::Always, CLOCKS_RIGHT),
    check("one-master-at-a-time", Mode::Always, CLOCKS_RIGHT),
    check("the-lock-changes-hands", Mode::Sometimes, FaultSet::ALL),
    check(
        "a-session-in-jeopardy-is-safe-again",
        Mode::Sometimes,
        FaultSet::ALL,
    ),
    check(
        "sessions-survive-a-fail-over",
        Mode::Sometimes,
        FaultSet::ALL,
    ),
    check("an-older-write-lands", Mode::Sometimes, FaultSet::ALL),
    check(
        "after-calm-a-waiter-gets-the-lock",
        Mode::Eventually(SOON),
        ON_DISK,
    ),
];

/// A session as it is seen from outside.
#[derive(Copy, Clone, Hash)]
struct Known {
    id: SessionId,
    client: NodeId,
    attempt: u32,
    /// Its last request that changed something.
    last: u32,
    /// A master extended it, or took office, at this time at the latest.
    extended: Time,
}

/// A grant, and how it ended.
#[derive(Copy, Clone, Hash)]
struct Turn {
    generation: u64,
    /// When the session ended while it held the lock.
    failed: Option<Time>,
}

/// So many grants are remembered.
const TURNS: usize = 64;

/// Watches one run.
#[derive(Clone, Hash)]
pub(super) struct Watcher {
    lease: Span,
    lock_delay: Span,
    /// Whether the resource looks at sequencers.
    looks: bool,
    applied: u32,
    sessions: Vec<Known>,
    holder: Option<SessionId>,
    generation: u64,
    turns: Vec<Turn>,
    /// The client that was granted the lock last.
    before: Option<NodeId>,
    judge: LockJudge,
    landed: Landed,
    /// The term of the last master that took office.
    office: Option<Term>,
    /// The newest contents that a master acknowledged.
    acknowledged: Version,
    /// By node: the looks at the file so far, and whether it was in jeopardy.
    looks_of: Vec<(u32, bool)>,
    calm_at: Option<Time>,
    /// Who waited when calm began, with the turns it had done.
    waiting: Vec<Option<u32>>,
}

/// There is one lock.
const LOCK: usize = 0;

impl Watcher {
    pub(super) fn new(world: &World) -> Self {
        let nodes = world.ids().count();
        let replica = engine_of::<Replica>(world.cell(NodeId(0)).node());
        let config = replica.map(Replica::config);
        let guarded = engine_of::<Guarded>(world.cell(resource(world)).node());
        Watcher {
            lease: config.map_or(Span(0), |config| config.lease),
            lock_delay: config.map_or(Span(0), |config| config.lock_delay),
            looks: guarded.is_some_and(Guarded::looks),
            applied: 0,
            sessions: Vec::new(),
            holder: None,
            generation: 0,
            turns: Vec::new(),
            before: None,
            judge: LockJudge::default(),
            landed: Landed::default(),
            office: None,
            acknowledged: Version(0),
            looks_of: vec![(0, false); nodes],
            calm_at: None,
            waiting: vec![None; nodes],
        }
    }

    fn known(&mut self, id: SessionId) -> Option<&mut Known> {
        self.sessions.iter_mut().find(|known| known.id == id)
    }

    /// A replica has committed more than anybody before it, or has become master.
    fn follow(&mut self, replica: &Replica, now: Time, verdicts: &mut Verdicts) {
        while self.applied < replica.database().applied {
            self.applied += 1;
            if let Some((_, Some(change))) = replica.change(self.applied) {
                self.take(change, now, verdicts);
            }
        }
        let term = replica.office().map(|_| replica.raft().term());
        if term > self.office {
            self.office = term;
            for known in &mut self.sessions {
                known.extended = now;
            }
        }
    }

    fn take(&mut self, change: Change, now: Time, verdicts: &mut Verdicts) {
        match change {
            Change::Open { client, attempt } => {
                let is = |known: &Known| (known.client, known.attempt) == (client, attempt);
                if !self.sessions.iter().any(is) {
                    self.sessions.push(Known {
                        id: SessionId(self.applied),
                        client,
                        attempt,
                        last: 0,
                        extended: now,
                    });
                }
            }
            Change::Grant { session, number } => {
                if self.holder.is_none() && self.first_time(session, number) {
                    self.grant(session, verdicts);
                }
            }
            Change::Release { session, number } => {
                if self.first_time(session, number) && self.holder == Some(session) {
                    self.holder = None;
                    self.judge.released(LOCK, self.generation);
                }
            }
            Change::Write { session, number } => {
                self.first_time(session, number);
            }
            Change::Expire { session } => self.expire(session, now, verdicts),
        }
    }

    /// Whether this request of the session changes something; a repeated one does not.
    fn first_time(&mut self, session: SessionId, number: u32) -> bool {
        match self.known(session) {
            Some(known) if known.last < number => {
                known.last = number;
                true
            }
            Some(_) | None => false,
        }
    }

    fn grant(&mut self, session: SessionId, verdicts: &mut Verdicts) {
        self.generation += 1;
        self.holder = Some(session);
        let owner = self.known(session).map_or(NodeId(0), |known| known.client);
        if self.turns.len() == TURNS {
            self.turns.remove(0);
        }
        self.turns.push(Turn {
            generation: self.generation,
            failed: None,
        });
        let grant = Grant {
            owner,
            tag: self.generation,
            until: None,
        };
        if let Some(breach) = self.judge.granted(LOCK, grant) {
            verdicts.violate(ONE_GRANT, Some(told(breach)));
        }
        let before = self.before.replace(owner);
        if before.is_some_and(|before| before != owner) {
            verdicts.see(CHANGES_HANDS);
        }
    }

    /// A master took office: nobody else may serve, by its own clock, whoever it takes itself for.
    fn look_at_masters(&self, world: &World, new: NodeId, verdicts: &mut Verdicts) {
        let serves = |(id, replica): &(NodeId, Option<&Replica>)| {
            let lease = replica.filter(|replica| replica.office().is_some());
            *id != new && lease.is_some_and(|lease| world.local(*id) < lease.lease_until())
        };
        if let Some((other, _)) = replicas(world).find(serves) {
            let note = Note::new(notes::TWO_MASTERS, [other.into(), new.into()]);
            verdicts.violate(ONE_MASTER, Some(note));
        }
    }

    /// A session ends. It may, once a whole lease is over since a master extended it or took
    /// office; a grant that ends before that still stands.
    fn expire(&mut self, session: SessionId, now: Time, verdicts: &mut Verdicts) {
        let Some(known) = self.known(session).copied() else {
            return;
        };
        self.sessions.retain(|known| known.id != session);
        let after = now - known.extended;
        let held = self.holder == Some(session);
        if held {
            self.holder = None;
            // Of the turns of this session, those before were over in due form.
            let generation = self.generation;
            let mut turns = self.turns.iter_mut();
            if let Some(turn) = turns.find(|turn| turn.generation == generation) {
                turn.failed = Some(now);
            }
        }
        if after >= self.lease {
            if held {
                self.judge.released(LOCK, self.generation);
            }
        } else {
            let args = [known.client.into(), session.into(), after.into()];
            let note = Note::new(notes::ENDED_EARLY, args);
            verdicts.violate(SESSIONS_KEPT, Some(note));
        }
    }

    /// What left in this step: a session is extended, a write of the file acknowledged.
    fn look_at_messages(&mut self, world: &World) {
        for sent in &world.record().sent {
            if sent.name.kind != KEEP_ALIVE_REPLY && sent.name.kind != REPLY {
                continue;
            }
            let mut flights = world.flights();
            let flight = flights.find(|flight| flight.letter.name == sent.name);
            let parcel = flight.map(|flight| &*flight.letter.parcel);
            match parcel.and_then(typed::<ChubbyMessage>) {
                Some(ChubbyMessage::KeepAliveReply { session, .. }) => {
                    if let Some(known) = self.known(*session) {
                        known.extended = known.extended.max(world.now());
                    }
                }
                Some(ChubbyMessage::Reply {
                    answer: Answer::Done(Done::Written(version)),
                    ..
                }) => self.acknowledged = self.acknowledged.max(*version),
                Some(_) | None => {}
            }
        }
    }

    /// A client did something, or something was done to it.
    fn look_at_client(
        &mut self,
        node: NodeId,
        (client, status): (&Client, Status),
        verdicts: &mut Verdicts,
    ) {
        let up = status != Status::Down;
        let (looks, jeopardy) = self.looks_of[node.index()];
        let looked = client.looked().filter(|_| up);
        let count = looked.map_or(0, |look| look.count);
        if let Some(look) = looked.filter(|look| look.count != looks && look.cached)
            && look.file.version < self.acknowledged
        {
            let (version, newer) = (look.file.version.into(), self.acknowledged.into());
            let note = Note::new(notes::STALE_READ, [node.into(), version, newer]);
            verdicts.violate(NO_STALE_READ, Some(note));
        }
        let in_jeopardy = up && client.jeopardy().is_some();
        if jeopardy && !in_jeopardy && up && client.session().is_some() {
            verdicts.see(SAFE_AGAIN);
        }
        self.looks_of[node.index()] = (count, in_jeopardy);
        if let Some(done) = self.waiting[node.index()]
            && (!up || !client.wants() || client.done() > done)
        {
            self.waiting[node.index()] = None;
        }
    }

    fn beliefs(&mut self, world: &World, verdicts: &mut Verdicts) {
        let believers = clients(world).filter(|(_, client)| client.is_some_and(Client::believes));
        let breach = self.judge.believed(LOCK, believers.map(|(node, _)| node));
        if let Some(breach) = breach {
            verdicts.violate(ONE_BELIEVER, Some(told(breach)));
        }
    }

    /// A write is on the resource's disk.
    fn look_at_resource(&mut self, world: &World, node: NodeId, verdicts: &mut Verdicts) {
        let disk = disk_of::<Guarded>(world.cell(node).node());
        let Some(attempt) = disk.and_then(|disk| self.landed.new_on(disk)) else {
            return;
        };
        if let Some(breach) = self.judge.wrote(LOCK, attempt.tag) {
            verdicts.see(OLDER_LANDS);
            if self.looks {
                verdicts.violate(NO_OLDER_WRITE, Some(told(breach)));
            }
        }
        if self.looks || attempt.tag == self.generation {
            return;
        }
        // The lock is another's already, or was.
        let mut turns = self.turns.iter();
        let turn = turns.find(|turn| turn.generation == attempt.tag);
        let late = turn.and_then(|turn| Some(world.now() - turn.failed?));
        if let Some(late) = late.filter(|late| *late < self.lock_delay) {
            let note = Note::new(notes::HARM_DONE, [attempt.writer.into(), late.into()]);
            verdicts.violate(NO_HARM, Some(note));
        }
    }

    /// Calm began: who waits now is to have the lock.
    fn look_at_calm(&mut self, world: &World) {
        self.calm_at = world.calm_at();
        for (id, client) in clients(world) {
            let waits = client.filter(|client| self.calm_at.is_some() && client.wants());
            self.waiting[id.index()] = waits.map(Client::done);
        }
    }
}

fn told(breach: Breach) -> Note {
    breach.note(notes::TWO_GRANTS, notes::TWO_BELIEVERS, notes::OLDER_WRITE)
}

impl Checker for Watcher {
    fn observe(&mut self, world: &World, verdicts: &mut Verdicts) {
        let record = world.record();
        let mut client_touched = false;
        for node in &record.touched {
            let cell = world.cell(*node);
            if let Some(replica) = engine_of::<Replica>(cell.node()) {
                if cell.status() != Status::Down {
                    if replica.office().map(|_| replica.raft().term()) > self.office {
                        self.look_at_masters(world, *node, verdicts);
                    }
                    self.follow(replica, world.now(), verdicts);
                    let sessions = replica.office().map_or(&[][..], Office::sessions);
                    if sessions
                        .iter()
                        .any(|known| known.inherited && known.confirmed)
                    {
                        verdicts.see(SURVIVED);
                    }
                }
            } else if let Some(client) = engine_of::<Client>(cell.node()) {
                client_touched = true;
                self.look_at_client(*node, (client, cell.status()), verdicts);
            }
        }
        if !record.sent.is_empty() {
            self.look_at_messages(world);
        }
        if client_touched {
            self.beliefs(world, verdicts);
        }
        if let Happened::Written(node, _) = &record.what {
            self.look_at_resource(world, *node, verdicts);
        }
        if self.calm_at != world.calm_at() {
            self.look_at_calm(world);
        }
    }

    fn settled(&self, check: usize, _world: &World) -> bool {
        check == WAITER_HAS_IT && self.waiting.iter().all(Option::is_none)
    }

    fn dup(&self) -> Box<dyn Checker> {
        Box::new(self.clone())
    }

    fn print(&self, _names: &Renaming, print: &mut Fingerprint) {
        self.hash(print);
    }
}
