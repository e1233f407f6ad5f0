//! What the lock promises, judged from outside: by what came to the store and left it, by what
//! clients believe, and by what is on the resource's disk.

use super::client::Client;
use super::lab::{RESOURCE, STORE, clients, replica};
use super::message::{LockMessage, Token};
use super::notes;
use super::resource::Guarded;
use super::store::Store;
use crate::engine::{
    Fingerprint, NodeId, Note, Renaming, Span, Time, disk_of, engine_of, parts_of, typed,
};
use crate::lab::locks::{Breach, Grant, Landed, LockJudge};
use crate::lab::{CheckSpec, Checker, Mode, Verdicts};
use crate::sim::{FaultKind, FaultSet, Happened, World};
use std::hash::Hash;

/// How long after calm whoever waits has the lock: a time to live, and many tries.
const SOON: Span = Span::secs(10);
/// So many requests are remembered.
const REQUESTS: usize = 256;

const ONE_GRANT: usize = 0;
const ONE_BELIEVER: usize = 1;
const NO_OLDER_WRITE: usize = 2;
const GRANTED_AGAIN: usize = 3;
const GRANTED: usize = 4;
const TWO_BELIEVE: usize = 5;
const OLDER_LANDS: usize = 6;

/// A store that loses its disk has forgotten who holds the lock.
const DISKS_KEPT: FaultSet = FaultSet::all_but(&[FaultKind::DiskLost]);
/// A holder that sleeps, or whose clock is slow, does not notice that its lease is over.
const NOBODY_SLEEPS: FaultSet =
    FaultSet::all_but(&[FaultKind::DiskLost, FaultKind::Pause, FaultKind::ClockSkew]);
/// A lock that was set by a clock that was far ahead lives long once the clock is right, and a replica
/// that lost its disk does not know that it took over.
const DISKS_AND_CLOCKS: FaultSet = FaultSet::all_but(&[FaultKind::DiskLost, FaultKind::ClockSkew]);

const fn spec(id: &'static str, mode: Mode, assumes: FaultSet) -> CheckSpec {
    CheckSpec { id, mode, assumes }
}

pub(super) const CHECKS: &[CheckSpec] = &[
    spec("one-grant-at-a-time", Mode::Always, DISKS_KEPT),
    spec("one-believer-at-a-time", Mode::Always, NOBODY_SLEEPS),
    spec("no-older-write-is-accepted", Mode::Always, DISKS_KEPT),
    spec(
        "after-calm-the-lock-is-granted-again",
        Mode::Eventually(SOON),
        DISKS_AND_CLOCKS,
    ),
    spec("the-lock-is-granted", Mode::Sometimes, FaultSet::ALL),
    spec(
        "two-believe-to-hold-the-lock",
        Mode::Sometimes,
        FaultSet::ALL,
    ),
    spec("an-older-write-lands", Mode::Sometimes, FaultSet::ALL),
];

/// A request as it came to a store.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
struct Came {
    token: Token,
    store: NodeId,
    /// When the lock expires by that store's clock, if it is set now.
    until: Option<Time>,
}

/// Watches one run.
#[derive(Clone, Hash)]
pub(super) struct Watcher {
    /// Whether writes carry numbers: without them no older write can be told.
    fencing: bool,
    /// Whether clients want the lock of their own accord.
    wanted: bool,
    judge: LockJudge,
    came: Vec<Came>,
    landed: Landed,
    calm_at: Option<Time>,
    granted_since_calm: bool,
}

/// All clients contend for one lock, whatever key they ask for.
const LOCK: usize = 0;

impl Watcher {
    pub(super) fn new(world: &World) -> Self {
        let first = clients(world).next();
        let config = first.and_then(|(_, client)| client.map(Client::config));
        Watcher {
            fencing: config.is_some_and(|config| config.fencing),
            wanted: config.is_some_and(|config| config.rate > 0),
            judge: LockJudge::default(),
            came: Vec::new(),
            landed: Landed::default(),
            calm_at: None,
            granted_since_calm: false,
        }
    }

    /// Something came to a store that serves clients.
    fn came(&mut self, world: &World, (from, store): (NodeId, NodeId), message: &LockMessage) {
        let serves = engine_of::<Store>(world.cell(store).node()).is_some_and(Store::is_primary);
        match message {
            LockMessage::SetRequest { token, ttl, .. } if serves => {
                let now = world.local(store);
                let until = ttl.map(|ttl| now + ttl);
                // Of a request that comes twice the first counts: the other finds the lock set.
                let known = |came: &Came| came.token == *token && came.store == store;
                if self.came.iter().any(known) {
                    return;
                }
                if self.came.len() == REQUESTS {
                    self.came.remove(0);
                }
                self.came.push(Came {
                    token: *token,
                    store,
                    until,
                });
            }
            LockMessage::DeleteRequest { token, .. } if serves => {
                let stands: Vec<Grant> =
                    self.judge.standing(LOCK).map(|(_, grant)| grant).collect();
                for grant in stands {
                    let its = token.is_none_or(|token| u64::from(token.0) == grant.tag);
                    if grant.owner == from && its {
                        self.judge.released(LOCK, grant.tag);
                    }
                }
            }
            LockMessage::SetRequest { .. }
            | LockMessage::DeleteRequest { .. }
            | LockMessage::SetReply { .. }
            | LockMessage::DeleteReply { .. }
            | LockMessage::WriteRequest(_)
            | LockMessage::WriteReply { .. }
            | LockMessage::CopyRequest(_)
            | LockMessage::CopyReply { .. } => {}
        }
    }

    /// What left in this step: a grant is a grant when its answer leaves the store.
    fn left(&mut self, world: &World, verdicts: &mut Verdicts) {
        for sent in &world.record().sent {
            let is_copy = sent.name.copy > 0;
            if is_copy || !stores(world).any(|store| store == sent.name.from) {
                continue;
            }
            let flight = world
                .flights()
                .find(|flight| flight.letter.name == sent.name);
            let message = flight.and_then(|flight| typed::<LockMessage>(&*flight.letter.parcel));
            let Some(token) = message.and_then(LockMessage::grants) else {
                continue;
            };
            let store = sent.name.from;
            let asked = |came: &Came| came.token == token && came.store == store;
            // One that nobody asked for, as far as is remembered, stands for no time.
            let until = self
                .came
                .iter()
                .position(asked)
                .map_or(Some(Time(0)), |at| self.came.remove(at).until);
            let grant = Grant {
                owner: sent.name.to,
                tag: u64::from(token.0),
                until,
            };
            verdicts.see(GRANTED);
            self.granted_since_calm = true;
            if let Some(breach) = self.judge.granted(LOCK, grant) {
                verdicts.violate(ONE_GRANT, Some(told(breach)));
            }
            self.judge.clock(LOCK, world.local(store));
        }
    }

    fn beliefs(&mut self, world: &World, verdicts: &mut Verdicts) {
        let believers = clients(world)
            .filter(|(_, client)| client.is_some_and(|client| client.holding().is_some()));
        let breach = self.judge.believed(LOCK, believers.map(|(node, _)| node));
        if let Some(breach) = breach {
            verdicts.see(TWO_BELIEVE);
            verdicts.violate(ONE_BELIEVER, Some(told(breach)));
        }
    }

    /// A write is on the resource's disk.
    fn landed(&mut self, world: &World, verdicts: &mut Verdicts) {
        let Some(disk) = disk_of::<Guarded>(world.cell(RESOURCE).node()) else {
            return;
        };
        let Some(attempt) = self.landed.new_on(disk) else {
            return;
        };
        if let Some(breach) = self.judge.wrote(LOCK, attempt.tag) {
            verdicts.see(OLDER_LANDS);
            if self.fencing {
                verdicts.violate(NO_OLDER_WRITE, Some(told(breach)));
            }
        }
    }
}

/// The primary, and the replica where there is one.
fn stores(world: &World) -> impl Iterator<Item = NodeId> + use<> {
    [Some(STORE), replica(world)].into_iter().flatten()
}

/// The store whose clock counts: the replica's, once it took over.
fn serving(world: &World) -> NodeId {
    let took_over = |node: &NodeId| {
        let parts = parts_of::<Store>(world.cell(*node).node());
        parts.is_some_and(|(store, _)| store.shelf().took_over)
    };
    replica(world).filter(took_over).unwrap_or(STORE)
}

fn told(breach: Breach) -> Note {
    breach.note(notes::TWO_GRANTS, notes::TWO_BELIEVERS, notes::OLDER_WRITE)
}

impl Checker for Watcher {
    fn observe(&mut self, world: &World, verdicts: &mut Verdicts) {
        if self.calm_at != world.calm_at() {
            self.calm_at = world.calm_at();
            self.granted_since_calm = false;
        }
        let record = world.record();
        let store = serving(world);
        if record.touched.contains(&store) {
            self.judge.clock(LOCK, world.local(store));
        }
        match &record.what {
            Happened::Delivered(letter) => {
                if let Some(message) = typed::<LockMessage>(&*letter.parcel) {
                    let (from, to) = (letter.name.from, letter.name.to);
                    self.came(world, (from, to), message);
                }
            }
            Happened::Written(RESOURCE, _) => self.landed(world, verdicts),
            Happened::Nothing
            | Happened::Started(_)
            | Happened::Lost(..)
            | Happened::TimerFired(..)
            | Happened::Written(..)
            | Happened::Commanded(..)
            | Happened::Struck(..) => {}
        }
        if !record.sent.is_empty() {
            self.left(world, verdicts);
        }
        let is_client = |node: &NodeId| engine_of::<Client>(world.cell(*node).node()).is_some();
        if record.touched.iter().any(is_client) {
            self.beliefs(world, verdicts);
        }
    }

    fn settled(&self, check: usize, world: &World) -> bool {
        let waits = |(_, client): (NodeId, Option<&Client>)| client.is_some_and(Client::wants);
        check == GRANTED_AGAIN
            && (self.granted_since_calm || (!self.wanted && !clients(world).any(waits)))
    }

    fn dup(&self) -> Box<dyn Checker> {
        Box::new(self.clone())
    }

    fn print(&self, _names: &Renaming, print: &mut Fingerprint) {
        self.hash(print);
    }
}
