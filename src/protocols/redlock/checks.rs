//! What the lock promises, judged from outside: by the answers that left the instances, with the clock of
//! each beside them, by what clients believe, and by what is on the resource's disk.

use super::client::Client;
use super::instance::Instance;
use super::lab::{clients, instances};
use super::message::{RedlockMessage, Token};
use super::notes;
use super::resource::Guarded;
use crate::engine::{Fingerprint, NodeId, Note, Renaming, Span, Time, disk_of, typed};
use crate::lab::locks::{Breach, Grant, Landed, LockJudge};
use crate::lab::{CheckSpec, Checker, Mode, Verdicts};
use crate::sim::{FaultKind, FaultSet, Happened, World};
use std::hash::Hash;

/// How long after calm whoever waits has the lock: some times to live, and many tries.
const SOON: Span = Span::secs(20);
/// So many attempts are remembered.
const ATTEMPTS: usize = 64;

const ONE_GRANT: usize = 0;
const ONE_BELIEVER: usize = 1;
const NOTHING_LEFT: usize = 2;
const GRANTED_AGAIN: usize = 3;
const GRANTED: usize = 4;
const TWO_BELIEVE: usize = 5;
const OLDER_LANDS: usize = 6;
const NO_OLDER_WRITE: usize = 7;

/// Instances count time, each by its own clock.
const CLOCKS_RIGHT: FaultSet = FaultSet::all_but(&[FaultKind::ClockSkew]);
/// Fencing numbers are on disks.
const DISKS_KEPT: FaultSet = FaultSet::all_but(&[FaultKind::DiskLost]);
/// A holder that sleeps does not notice that its lock is over.
const NOBODY_SLEEPS: FaultSet = FaultSet::all_but(&[FaultKind::Pause, FaultKind::ClockSkew]);
/// Messages that arrive once, and in order.
const LINKS_GOOD: FaultSet = FaultSet::of(&[
    FaultKind::Crash,
    FaultKind::Restart,
    FaultKind::DiskLost,
    FaultKind::Pause,
    FaultKind::ClockSkew,
]);

const fn spec(id: &'static str, mode: Mode, assumes: FaultSet) -> CheckSpec {
    CheckSpec { id, mode, assumes }
}

pub(super) const CHECKS: &[CheckSpec] = &[
    spec("one-grant-at-a-time", Mode::Always, CLOCKS_RIGHT),
    spec("one-believer-at-a-time", Mode::Always, NOBODY_SLEEPS),
    spec("no-key-is-left-behind", Mode::Always, LINKS_GOOD),
    spec(
        "after-calm-the-lock-is-granted-again",
        Mode::Eventually(SOON),
        CLOCKS_RIGHT,
    ),
    spec("the-lock-is-granted", Mode::Sometimes, FaultSet::ALL),
    spec(
        "two-believe-to-hold-the-lock",
        Mode::Sometimes,
        FaultSet::ALL,
    ),
    spec("an-older-write-lands", Mode::Sometimes, FaultSet::ALL),
    spec("no-older-write-is-accepted", Mode::Always, DISKS_KEPT),
];

/// An attempt, as the instances saw it.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
struct Seen {
    token: Token,
    owner: NodeId,
    /// For each instance by when the key that it granted is over, by that instance's clock.
    yes: Vec<Option<Time>>,
    /// The instances to which a delete was sent.
    deleted: u16,
    /// Whether a majority stood at once.
    stands: bool,
    /// Its owner crashed since, and knows of nothing.
    orphan: bool,
}

/// A turn, by its token: when its client asked, and when it first believed.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
struct Turn {
    token: Token,
    asked: Time,
    believed: Option<Time>,
}

/// Watches one run.
#[derive(Clone, Hash)]
pub(super) struct Watcher {
    wanted: bool,
    /// Whether writes carry numbers: without them no older write can be told.
    fencing: bool,
    turns: Vec<Turn>,
    /// When the latest of those asked of whom a write was accepted.
    newest: Time,
    instances: Vec<NodeId>,
    judge: LockJudge,
    /// The attempts that are not over everywhere.
    seen: Vec<Seen>,
    /// Requests that came to an instance: the key that they ask for lives until then.
    came: Vec<(Token, NodeId, Time)>,
    landed: Landed,
    calm_at: Option<Time>,
    granted_since_calm: bool,
}

const LOCK: usize = 0;

impl Watcher {
    pub(super) fn new(world: &World) -> Self {
        let first = clients(world).find_map(|(_, client)| client);
        Watcher {
            wanted: first.is_some_and(|client| client.config().rate > 0),
            fencing: first.is_some_and(|client| client.config().fencing),
            turns: Vec::new(),
            newest: Time(0),
            instances: instances(world).collect(),
            judge: LockJudge::default(),
            seen: Vec::new(),
            came: Vec::new(),
            landed: Landed::default(),
            calm_at: None,
            granted_since_calm: false,
        }
    }

    fn place(&self, instance: NodeId) -> Option<usize> {
        self.instances.iter().position(|id| *id == instance)
    }

    /// Something came to an instance.
    fn came(&mut self, world: &World, (from, to): (NodeId, NodeId), message: RedlockMessage) {
        let Some(place) = self.place(to) else { return };
        match message {
            RedlockMessage::SetRequest { token, ttl } => {
                let until = world.local(to) + ttl;
                self.came.retain(|(t, at, _)| (*t, *at) != (token, to));
                if self.came.len() == ATTEMPTS {
                    self.came.remove(0);
                }
                self.came.push((token, to, until));
            }
            RedlockMessage::DeleteRequest { token } => {
                for seen in &mut self.seen {
                    if seen.token == token && seen.owner == from {
                        seen.yes[place] = None;
                    }
                }
            }
            RedlockMessage::SetReply { .. }
            | RedlockMessage::WriteRequest(_)
            | RedlockMessage::WriteReply { .. }
            | RedlockMessage::NumberRequest { .. }
            | RedlockMessage::NumberReply { .. }
            | RedlockMessage::WriteRefused { .. } => {}
        }
    }

    /// What left in this step.
    fn left(&mut self, world: &World) {
        for sent in world
            .record()
            .sent
            .iter()
            .filter(|sent| sent.name.copy == 0)
        {
            let mut flights = world.flights();
            let flight = flights.find(|flight| flight.letter.name == sent.name);
            let parcel = flight.map(|flight| &*flight.letter.parcel);
            let message = parcel.and_then(typed::<RedlockMessage>);
            match message {
                Some(RedlockMessage::SetRequest { token, .. }) => {
                    self.began(*token, sent.name.from, world.now());
                }
                Some(RedlockMessage::SetReply {
                    token,
                    granted: true,
                }) => self.said_yes(*token, sent.name.from),
                Some(RedlockMessage::DeleteRequest { token }) => {
                    let place = self.place(sent.name.to).unwrap_or_default();
                    let mut all = self.seen.iter_mut();
                    if let Some(seen) = all.find(|seen| seen.token == *token) {
                        seen.deleted |= 1 << place;
                    }
                }
                Some(
                    RedlockMessage::SetReply { .. }
                    | RedlockMessage::WriteRequest(_)
                    | RedlockMessage::WriteReply { .. }
                    | RedlockMessage::NumberRequest { .. }
                    | RedlockMessage::NumberReply { .. }
                    | RedlockMessage::WriteRefused { .. },
                )
                | None => {}
            }
        }
    }

    /// A client asks with a new token.
    fn began(&mut self, token: Token, owner: NodeId, asked: Time) {
        if !self.turns.iter().any(|turn| turn.token == token) {
            if self.turns.len() == ATTEMPTS {
                self.turns.remove(0);
            }
            let believed = None;
            self.turns.push(Turn {
                token,
                asked,
                believed,
            });
        }
        if self.seen.iter().any(|seen| seen.token == token) {
            return;
        }
        if self.seen.len() == ATTEMPTS {
            self.seen.remove(0);
        }
        self.seen.push(Seen {
            token,
            owner,
            yes: vec![None; self.instances.len()],
            deleted: 0,
            stands: false,
            orphan: false,
        });
    }

    fn said_yes(&mut self, token: Token, instance: NodeId) {
        let Some(place) = self.place(instance) else {
            return;
        };
        let mut came = self.came.iter().rev();
        let until = came.find(|(t, at, _)| (*t, *at) == (token, instance));
        let until = until.map(|(.., until)| *until);
        if let Some(seen) = self.seen.iter_mut().find(|seen| seen.token == token) {
            seen.yes[place] = until;
        }
    }

    /// Forgets the attempts that are over everywhere.
    fn forget(&mut self, world: &World) {
        let all = (1u16 << self.instances.len()) - 1;
        self.seen.retain(|seen| {
            let mut owners = clients(world);
            let client = owners.find(|(node, _)| *node == seen.owner);
            let trial = client.and_then(|(_, client)| client?.trial().copied());
            let through = trial.is_none_or(|trial| trial.token != seen.token);
            let gone = seen.orphan || seen.deleted == all;
            !(through && gone && seen.yes.iter().all(Option::is_none))
        });
    }

    /// Which attempts have a majority of instances, by the clock of each.
    fn count(&mut self, world: &World, verdicts: &mut Verdicts) {
        let quorum = self.instances.len() / 2 + 1;
        for seen in &mut self.seen {
            for (instance, until) in self.instances.iter().zip(&mut seen.yes) {
                *until = until.filter(|until| world.local(*instance) < *until);
            }
            let stands = seen.yes.iter().flatten().count() >= quorum;
            if seen.stands && !stands {
                self.judge.released(LOCK, u64::from(seen.token.0));
            }
        }
        for at in 0..self.seen.len() {
            let seen = &mut self.seen[at];
            let stands = seen.yes.iter().flatten().count() >= quorum;
            let before = std::mem::replace(&mut seen.stands, stands);
            if before || !stands {
                continue;
            }
            let grant = Grant {
                owner: seen.owner,
                tag: u64::from(seen.token.0),
                until: None,
            };
            verdicts.see(GRANTED);
            self.granted_since_calm = true;
            if let Some(breach) = self.judge.granted(LOCK, grant) {
                verdicts.violate(ONE_GRANT, told(breach));
            }
        }
    }

    /// Whether some instance has a key whose owner is through with it, and never said so there.
    fn left_behind(&mut self, world: &World, verdicts: &mut Verdicts) {
        for (node, client) in clients(world) {
            let now = client.and_then(|client| client.trial().map(|trial| trial.token));
            for seen in self.seen.iter_mut().filter(|seen| seen.owner == node) {
                seen.orphan |= client.is_none();
                if seen.orphan || now == Some(seen.token) {
                    continue;
                }
                for (place, instance) in self.instances.iter().enumerate() {
                    let has = has_key(world, *instance, seen.token);
                    if has && seen.deleted >> place & 1 == 0 {
                        let note = Note::new(notes::LEFT_BEHIND, [node.into(), (*instance).into()]);
                        verdicts.violate(NOTHING_LEFT, Some(note));
                    }
                }
            }
        }
    }

    fn beliefs(&mut self, world: &World, verdicts: &mut Verdicts) {
        for (_, client) in clients(world) {
            let holds = client.filter(|client| client.holding().is_some());
            if let Some(trial) = holds.and_then(Client::trial)
                && let Some(turn) = self.turns.iter_mut().find(|turn| turn.token == trial.token)
            {
                turn.believed.get_or_insert(world.now());
            }
        }
        let believers =
            clients(world).filter(|(_, client)| client.is_some_and(|c| c.holding().is_some()));
        let breach = self.judge.believed(LOCK, believers.map(|(node, _)| node));
        if let Some(breach) = breach {
            verdicts.see(TWO_BELIEVE);
            verdicts.violate(ONE_BELIEVER, told(breach));
        }
    }

    /// A write is on the resource's disk.
    fn landed(&mut self, world: &World, node: NodeId, verdicts: &mut Verdicts) {
        let Some(disk) = disk_of::<Guarded>(world.cell(node).node()) else {
            return;
        };
        let Some(attempt) = self.landed.new_on(disk) else {
            return;
        };
        if self.judge.wrote(LOCK, attempt.tag).is_some() {
            verdicts.see(OLDER_LANDS);
        }
        let mut turns = self.turns.iter();
        let Some(turn) = turns.find(|turn| u64::from(turn.token.0) == attempt.tag) else {
            return;
        };
        // A number is its owner's before it believes, and so known to all who ask after that.
        let older = turn.believed.is_some_and(|believed| believed < self.newest);
        self.newest = self.newest.max(turn.asked);
        if self.fencing && older {
            let note = Note::new(notes::OLDER_WRITE, [attempt.writer.into()]);
            verdicts.violate(NO_OLDER_WRITE, Some(note));
        }
    }
}

fn has_key(world: &World, instance: NodeId, token: Token) -> bool {
    let cell = world.cell(instance);
    let there = cell.running::<Instance>();
    let key = there.and_then(Instance::key);
    key.is_some_and(|key| key.token == token)
}

fn told(breach: Breach) -> Option<Note> {
    let (note, first, second) = match breach {
        Breach::TwoGrants { first, second } => (notes::TWO_GRANTS, first, second),
        Breach::TwoBelievers { first, second } => (notes::TWO_BELIEVERS, first, second),
        // Nobody promises anything of writes here.
        Breach::OlderWrite { .. } => return None,
    };
    Some(Note::new(note, [first.into(), second.into()]))
}

impl Checker for Watcher {
    fn observe(&mut self, world: &World, verdicts: &mut Verdicts) {
        if self.calm_at != world.calm_at() {
            self.calm_at = world.calm_at();
            self.granted_since_calm = false;
        }
        let record = world.record();
        match &record.what {
            Happened::Delivered(letter) => {
                if let Some(message) = typed::<RedlockMessage>(&*letter.parcel) {
                    self.came(world, (letter.name.from, letter.name.to), *message);
                }
            }
            Happened::Written(node, _) => self.landed(world, *node, verdicts),
            Happened::Nothing
            | Happened::Started(_)
            | Happened::Lost(..)
            | Happened::TimerFired(..)
            | Happened::Commanded(..)
            | Happened::Struck(..) => {}
        }
        if !record.sent.is_empty() {
            self.left(world);
        }
        if !record.touched.is_empty() {
            self.count(world, verdicts);
            self.left_behind(world, verdicts);
            self.beliefs(world, verdicts);
            self.forget(world);
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
