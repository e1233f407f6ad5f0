//! What the lab promises, judged from outside: by the entries that are committed, by the messages
//! that pass, and by what each client believes. The queue is kept here once more, in the order in
//! which the nodes were made, whatever numbers the service gave them.

use super::client::Client;
use super::keeper::Keeper;
use super::message::{HEARTBEAT_REPLY, NOTIFICATION, QueueMessage};
use super::notes;
use super::resource::{Register, Resource};
use super::tree::{BOTH, Change, LOCKS, Lock, Place, SessionId, Zxid};
use crate::engine::{Fingerprint, NodeId, Note, Renaming, Span, Time, disk_of, engine_of, typed};
use crate::lab::locks::{Breach, Grant, LockJudge};
use crate::lab::{CheckSpec, Checker, Mode, Verdicts};
use crate::sim::{FaultKind, FaultSet, Happened, Status, World};
use std::hash::Hash;

/// How soon after calm everybody who waited has had the lock: eight clients hold it for a second
/// each at the most, after the sessions of the dead are over and a leader is elected.
pub(super) const SOON: Span = Span::secs(20);

/// A disk that is lost takes committed entries along, as in Raft.
const ON_DISK: FaultSet = FaultSet::all_but(&[FaultKind::DiskLost]);
/// The time of a session is counted by two clocks, the leader's and the client's.
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
const IN_TURN: usize = 3;
const ONE_WOKEN: usize = 4;
const NO_CIRCLE: usize = 5;
const CHANGES_HANDS: usize = 6;
const SESSION_EXPIRES: usize = 7;
const NOBODY_FORGOTTEN: usize = 8;

/// The checks, in the order of the constants above.
pub(super) const CHECKS: &[CheckSpec] = &[
    check("one-grant-at-a-time", Mode::Always, CLOCKS_RIGHT),
    check("one-believer-at-a-time", Mode::Always, AWAKE),
    check("no-older-write-is-accepted", Mode::Always, ON_DISK),
    check("first-come-first-served", Mode::Always, ON_DISK),
    check("one-event-wakes-at-most-one-client", Mode::Always, ON_DISK),
    check("nobody-waits-in-a-circle", Mode::Always, ON_DISK),
    check("a-lock-changes-hands", Mode::Sometimes, FaultSet::ALL),
    check("a-session-expires", Mode::Sometimes, FaultSet::ALL),
    check("no-waiter-is-forgotten", Mode::Eventually(SOON), ON_DISK),
];

/// A session as it is seen from outside.
#[derive(Clone, Hash)]
struct Known {
    id: SessionId,
    client: NodeId,
    attempt: u32,
    /// The last of its requests that changed something.
    last: u32,
    /// When the heartbeat came that was answered last, or the session was opened.
    heard: Time,
    /// The heartbeats that came, and when.
    came: Vec<(u32, Time)>,
}

/// A node in the queue.
#[derive(Copy, Clone, Hash)]
struct Row {
    lock: Lock,
    owner: SessionId,
    zxid: Zxid,
    place: Place,
}

/// Watches one run.
#[derive(Clone, Hash)]
pub(super) struct Watcher {
    timeout: Span,
    applied: Zxid,
    sessions: Vec<Known>,
    rows: Vec<Row>,
    judge: LockJudge,
    /// The client that was granted each lock last.
    holders: [Option<NodeId>; LOCKS],
    /// Who believes to hold which lock, by node.
    believes: Vec<[bool; LOCKS]>,
    /// The highest number that the resource took.
    written: [Zxid; LOCKS],
    /// The notifications of late: for which node, and whose.
    woken: Vec<(Lock, Place, NodeId)>,
    calm_at: Option<Time>,
    /// Who waited when calm began, with the turns it had done.
    waiting: Vec<Option<u32>>,
}

/// Notifications are remembered for so many clients.
const WOKEN: usize = 64;
/// And so many heartbeats of a session.
const CAME: usize = 16;

impl Watcher {
    pub(super) fn new(world: &World, timeout: Span) -> Self {
        let nodes = world.ids().count();
        Watcher {
            timeout,
            applied: Zxid(0),
            sessions: Vec::new(),
            rows: Vec::new(),
            judge: LockJudge::default(),
            holders: [None; LOCKS],
            believes: vec![[false; LOCKS]; nodes],
            written: [Zxid(0); LOCKS],
            woken: Vec::new(),
            calm_at: None,
            waiting: vec![None; nodes],
        }
    }

    fn known(&mut self, id: SessionId) -> Option<&mut Known> {
        self.sessions.iter_mut().find(|known| known.id == id)
    }

    fn client_of(&self, id: SessionId) -> NodeId {
        let known = self.sessions.iter().find(|known| known.id == id);
        known.map_or(NodeId(0), |known| known.client)
    }

    /// The first row of a lock, in the order of creation.
    fn front(&self, lock: Lock) -> Option<Row> {
        self.rows.iter().find(|row| row.lock == lock).copied()
    }

    /// A server has committed more than anybody before it.
    fn follow(&mut self, keeper: &Keeper, now: Time, verdicts: &mut Verdicts) {
        while self.applied < keeper.tree().zxid {
            self.applied = Zxid(self.applied.0 + 1);
            if let Some(change) = keeper.change(self.applied) {
                self.take(change, keeper, now, verdicts);
            }
        }
    }

    fn take(&mut self, change: Change, keeper: &Keeper, now: Time, verdicts: &mut Verdicts) {
        let zxid = self.applied;
        match change {
            Change::Open { client, attempt } => self.open(client, attempt, now),
            Change::Create {
                session,
                number,
                lock,
            } => {
                if !self.first_time(session, number) {
                    return;
                }
                let found = keeper.tree().below(lock).find(|node| node.zxid == zxid);
                self.rows.push(Row {
                    lock,
                    owner: session,
                    zxid,
                    place: found.map_or(Place(0), |node| node.place),
                });
                if self.rows.iter().filter(|row| row.lock == lock).count() == 1 {
                    self.grant(lock, verdicts);
                }
                self.look_for_circle(verdicts);
            }
            Change::Delete {
                session,
                number,
                lock,
                place,
            } => {
                if self.first_time(session, number) {
                    let is = |row: &Row| row.lock == lock && row.place == place;
                    self.remove(is, |row| row.owner == session, verdicts);
                }
            }
            Change::Expire { session } => {
                let Some(known) = self.known(session) else {
                    return;
                };
                let heard = known.heard;
                verdicts.see(SESSION_EXPIRES);
                let due = now - heard >= self.timeout;
                self.remove(|row| row.owner == session, |_| due, verdicts);
                self.sessions.retain(|known| known.id != session);
            }
        }
    }

    fn open(&mut self, client: NodeId, attempt: u32, now: Time) {
        let is = |known: &Known| (known.client, known.attempt) == (client, attempt);
        if !self.sessions.iter().any(is) {
            self.sessions.push(Known {
                id: SessionId(self.applied.0),
                client,
                attempt,
                last: 0,
                heard: now,
                came: Vec::new(),
            });
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

    /// Nodes are gone. A grant that ended in due form is over; another one still stands.
    fn remove(
        &mut self,
        is: impl Fn(&Row) -> bool,
        duly: impl Fn(&Row) -> bool,
        verdicts: &mut Verdicts,
    ) {
        let fronts = BOTH.map(|lock| self.front(lock));
        for row in self.rows.iter().filter(|row| is(row) && duly(row)) {
            self.judge.released(row.lock.index(), u64::from(row.zxid.0));
        }
        self.rows.retain(|row| !is(row));
        for front in fronts.into_iter().flatten() {
            if self.front(front.lock).map(|row| row.zxid) != Some(front.zxid) {
                self.grant(front.lock, verdicts);
            }
        }
    }

    /// Whoever is first now is granted the lock.
    fn grant(&mut self, lock: Lock, verdicts: &mut Verdicts) {
        let Some(row) = self.front(lock) else { return };
        let owner = self.client_of(row.owner);
        let grant = Grant {
            owner,
            tag: u64::from(row.zxid.0),
            until: None,
        };
        if let Some(Breach::TwoGrants { first, second }) = self.judge.granted(lock.index(), grant) {
            let args = [lock.into(), first.into(), second.into()];
            verdicts.violate(ONE_GRANT, Some(Note::new(notes::TWO_GRANTED, args)));
        }
        let before = self.holders[lock.index()].replace(owner);
        if before.is_some_and(|before| before != owner) {
            verdicts.see(CHANGES_HANDS);
        }
    }

    /// Sessions that wait for each other: from each that is behind in a queue to the one in front.
    fn look_for_circle(&self, verdicts: &mut Verdicts) {
        let [Some(a), Some(b)] = BOTH.map(|lock| self.front(lock)) else {
            return;
        };
        let behind = |owner: SessionId, lock: Lock| {
            let mut rows = self.rows.iter();
            rows.any(|row| row.lock == lock && row.owner == owner)
        };
        if a.owner != b.owner && behind(a.owner, b.lock) && behind(b.owner, a.lock) {
            let args = [a, b].map(|row| self.client_of(row.owner).into());
            verdicts.violate(NO_CIRCLE, Some(Note::new(notes::WAIT_IN_A_CIRCLE, args)));
        }
    }

    /// What passed in this step: heartbeats that came, their answers, notifications.
    fn look_at_messages(&mut self, world: &World, verdicts: &mut Verdicts) {
        let record = world.record();
        if let Happened::Delivered(letter) = &record.what
            && let Some(QueueMessage::SessionHeartbeat(head)) = typed(&*letter.parcel)
            && let Some(known) = self.known(head.session)
            && !known.came.iter().any(|(number, _)| *number == head.number)
        {
            if known.came.len() == CAME {
                known.came.remove(0);
            }
            known.came.push((head.number, world.now()));
        }
        let mut herd = None;
        for sent in &record.sent {
            if sent.name.kind != NOTIFICATION && sent.name.kind != HEARTBEAT_REPLY {
                continue;
            }
            let mut flights = world.flights();
            let Some(flight) = flights.find(|flight| flight.letter.name == sent.name) else {
                continue;
            };
            match typed(&*flight.letter.parcel) {
                Some(QueueMessage::HeartbeatReply {
                    session, number, ..
                }) => self.answered(*session, *number),
                Some(QueueMessage::Notification { lock, place, .. }) => {
                    if self.notified((*lock, *place), sent.name.to) {
                        herd.get_or_insert((*lock, *place));
                    }
                }
                Some(_) | None => {}
            }
        }
        // All that left in this step are counted first: the whole herd is to be named.
        if let Some((lock, place)) = herd {
            let clients = self.woken_by((lock, place)).count();
            let args = [lock.into(), place.into(), clients.into()];
            verdicts.violate(ONE_WOKEN, Some(Note::new(notes::HERD_WOKEN, args)));
        }
    }

    fn answered(&mut self, session: SessionId, number: u32) {
        if let Some(known) = self.known(session)
            && let Some((_, came)) = known.came.iter().find(|(beat, _)| *beat == number)
        {
            known.heard = known.heard.max(*came);
        }
    }

    /// Who was told that this node is gone.
    fn woken_by(&self, node: (Lock, Place)) -> impl Iterator<Item = NodeId> {
        let woken = self.woken.iter();
        let woken = woken.filter(move |(lock, place, _)| (*lock, *place) == node);
        woken.map(|(.., client)| *client)
    }

    /// A client is told that a node is gone. Whether another one was, too.
    fn notified(&mut self, node: (Lock, Place), to: NodeId) -> bool {
        if self.woken_by(node).any(|client| client == to) {
            return false;
        }
        let another = self.woken_by(node).next().is_some();
        if self.woken.len() == WOKEN {
            self.woken.remove(0);
        }
        self.woken.push((node.0, node.1, to));
        another
    }

    /// A client did something, or something was done to it.
    fn look_at_client(
        &mut self,
        node: NodeId,
        (client, status): (&Client, Status),
        verdicts: &mut Verdicts,
    ) {
        let up = status != Status::Down;
        let now = BOTH.map(|lock| up && client.believes(lock));
        let before = std::mem::replace(&mut self.believes[node.index()], now);
        for lock in BOTH {
            let at = lock.index();
            if now[at] == before[at] {
                continue;
            }
            if now[at] {
                self.look_at_turn(node, client, lock, verdicts);
            }
            let believers = (0..).map(NodeId).zip(&self.believes);
            let believers = believers.filter(|(_, held)| held[at]).map(|(node, _)| node);
            let breach = self.judge.believed(at, believers);
            if let Some(Breach::TwoBelievers { first, second }) = breach {
                let args = [lock.into(), first.into(), second.into()];
                verdicts.violate(ONE_BELIEVER, Some(Note::new(notes::TWO_BELIEVE, args)));
            }
        }
        if let Some(done) = self.waiting[node.index()]
            && (!up || !client.wants() || client.done() > done)
        {
            self.waiting[node.index()] = None;
        }
    }

    /// Somebody begins to believe: everybody who came before must have gone.
    fn look_at_turn(&self, node: NodeId, client: &Client, lock: Lock, verdicts: &mut Verdicts) {
        let claim = client.claims().iter().find(|claim| claim.lock == lock);
        let Some((_, zxid)) = claim.and_then(|claim| claim.node) else {
            return;
        };
        if let Some(front) = self.front(lock).filter(|front| front.zxid < zxid) {
            let args = [lock.into(), node.into(), self.client_of(front.owner).into()];
            verdicts.violate(IN_TURN, Some(Note::new(notes::OUT_OF_TURN, args)));
        }
    }

    /// What is on the disk of the resource was accepted.
    fn look_at_resource(&mut self, disk: &[Register; LOCKS], verdicts: &mut Verdicts) {
        for lock in BOTH {
            let fence = disk[lock.index()].fence;
            let highest = &mut self.written[lock.index()];
            if fence < *highest {
                let args = [lock.into(), fence.into(), (*highest).into()];
                verdicts.violate(NO_OLDER_WRITE, Some(Note::new(notes::OLDER_TAKEN, args)));
            }
            *highest = fence.max(*highest);
        }
    }

    /// Calm began: who waits now is not to be forgotten.
    fn look_at_calm(&mut self, world: &World) {
        self.calm_at = world.calm_at();
        for (id, client) in clients(world) {
            let waits = self.calm_at.is_some() && client.wants();
            self.waiting[id.index()] = waits.then(|| client.done());
        }
    }
}

/// The clients, in order.
pub(super) fn clients(world: &World) -> impl Iterator<Item = (NodeId, &Client)> {
    world
        .ids()
        .filter_map(|id| Some((id, engine_of::<Client>(world.cell(id).node())?)))
}

impl Checker for Watcher {
    fn observe(&mut self, world: &World, verdicts: &mut Verdicts) {
        self.look_at_messages(world, verdicts);
        for node in &world.record().touched {
            let cell = world.cell(*node);
            if let Some(keeper) = engine_of::<Keeper>(cell.node()) {
                if cell.status() != Status::Down {
                    self.follow(keeper, world.now(), verdicts);
                }
            } else if let Some(client) = engine_of::<Client>(cell.node()) {
                self.look_at_client(*node, (client, cell.status()), verdicts);
            } else if let Some(disk) = disk_of::<Resource>(cell.node()) {
                self.look_at_resource(disk, verdicts);
            }
        }
        if self.calm_at != world.calm_at() {
            self.look_at_calm(world);
        }
    }

    fn settled(&self, check: usize, _world: &World) -> bool {
        check == NOBODY_FORGOTTEN && self.waiting.iter().all(Option::is_none)
    }

    fn dup(&self) -> Box<dyn Checker> {
        Box::new(self.clone())
    }

    fn print(&self, _names: &Renaming, print: &mut Fingerprint) {
        self.hash(print);
    }
}
