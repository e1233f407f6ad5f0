//! What the lock promises, judged from outside: by the grants and the releases that arrive.

use super::keeper::{Keeper, Lock};
use super::message::LockMessage;
use super::notes;
use super::taker::{State, Taker};
use crate::engine::{Fingerprint, NodeId, Note, Renaming, Span, engine_of, typed};
use crate::lab::locks::{Breach, Grant, LockJudge};
use crate::lab::{CheckSpec, Checker, Mode, Verdicts};
use crate::sim::{FaultKind, FaultSet, Happened, Letter, Status, World};
use std::hash::Hash;

/// All faults but the loss of the keeper's disk: the state of the lock is on it.
const PROMISED: FaultSet = FaultSet::all_but(&[FaultKind::DiskLost]);
/// How soon after calm the lock is granted, with the default length of a step: 300 steps. A node alone
/// that releases and asks in one of ten steps needs more with a chance of less than one in 10^12.
const SOON: Span = Span::secs(30);

/// The keeper is the first node.
pub(super) const KEEPER: NodeId = NodeId(0);

const ONE_GRANT: usize = 0;
const HELD: usize = 1;
const OVERTAKEN: usize = 2;
const GRANTED_AGAIN: usize = 3;

const fn spec(id: &'static str, mode: Mode, assumes: FaultSet) -> CheckSpec {
    CheckSpec { id, mode, assumes }
}

/// In the order of the constants above.
pub(super) const CHECKS: &[CheckSpec] = &[
    spec("one-grant-at-a-time", Mode::Always, PROMISED),
    spec("a-node-has-the-lock", Mode::Sometimes, FaultSet::ALL),
    spec("a-waiter-is-overtaken", Mode::Sometimes, FaultSet::ALL),
    spec(
        "after-calm-the-lock-is-granted",
        Mode::Eventually(SOON),
        PROMISED,
    ),
];

/// The keeper's lock.
pub(super) fn lock(world: &World) -> Lock {
    let keeper = engine_of::<Keeper>(world.cell(KEEPER).node());
    keeper.map(Keeper::lock).unwrap_or_default()
}

/// The nodes that run, each with its engine.
pub(super) fn takers(world: &World) -> impl Iterator<Item = (NodeId, &Taker)> {
    let up = world
        .ids()
        .filter(|id| world.cell(*id).status() != Status::Down);
    up.filter_map(|id| Some((id, engine_of::<Taker>(world.cell(id).node())?)))
}

/// Watches one run.
#[derive(Clone)]
pub(super) struct Watcher {
    judge: LockJudge,
    /// The highest number of the keeper's that was judged: an answer may arrive twice.
    highest: u32,
    /// For each node the state of its own that was last seen.
    own: Vec<Lock>,
    /// Who was refused and still waits, in the order in which they began to.
    waiting: Vec<NodeId>,
    /// How many grants there were at the last calm.
    before: u64,
    calm: bool,
}

impl Watcher {
    pub(super) fn new(world: &World) -> Self {
        Watcher {
            judge: LockJudge::default(),
            highest: 0,
            own: world.ids().map(|_| Lock::default()).collect(),
            waiting: Vec::new(),
            before: 0,
            calm: false,
        }
    }

    fn granted(&mut self, owner: NodeId, tag: u64, world: &World, verdicts: &mut Verdicts) {
        verdicts.see(HELD);
        let until = None;
        let breach = self.judge.granted(0, Grant { owner, tag, until });
        if let Some(Breach::TwoGrants { first, second }) = breach {
            let note = Note::new(notes::TWO_GRANTS, [first.into(), second.into()]);
            verdicts.violate(ONE_GRANT, Some(note));
        }
        // Who crashed waits no more.
        let waits = |node: &NodeId| {
            let mut all = takers(world);
            all.any(|(id, taker)| id == *node && taker.state() == State::Waiting)
        };
        self.waiting.retain(waits);
        if self.waiting.first().is_some_and(|first| *first != owner) {
            verdicts.see(OVERTAKEN);
        }
        self.waiting.retain(|node| *node != owner);
    }

    fn arrived(&mut self, letter: &Letter, world: &World, verdicts: &mut Verdicts) {
        let node = letter.name.to;
        match typed::<LockMessage>(&*letter.parcel) {
            Some(LockMessage::Granted(number)) if *number > self.highest => {
                self.highest = *number;
                self.granted(node, u64::from(*number), world, verdicts);
            }
            Some(LockMessage::Release(number)) if node == KEEPER => {
                // Only of a grant that is its own.
                let mine = |(_, grant): &(u64, Grant)| grant.owner == letter.name.from;
                let tag = u64::from(*number);
                if self
                    .judge
                    .standing(0)
                    .filter(mine)
                    .any(|(_, grant)| grant.tag == tag)
                {
                    self.judge.released(0, tag);
                }
            }
            Some(LockMessage::State(Some(holder))) if *holder != node => {
                if !self.waiting.contains(&node) {
                    self.waiting.push(node);
                }
            }
            Some(
                LockMessage::Granted(_)
                | LockMessage::Release(_)
                | LockMessage::State(_)
                | LockMessage::Released(_)
                | LockMessage::Request(_),
            )
            | None => {}
        }
    }

    /// A node that looks at a state of its own grants to itself.
    fn look_at(&mut self, node: NodeId, world: &World, verdicts: &mut Verdicts) {
        let Some(taker) = engine_of::<Taker>(world.cell(node).node()) else {
            return;
        };
        let (was, is) = (self.own[node.index()], taker.own());
        if was == is {
            return;
        }
        self.own[node.index()] = is;
        let tag = |lock: Lock| u64::from(node.0) << 32 | u64::from(lock.number);
        if was.holder.is_some() && (is.holder.is_none() || is.number != was.number) {
            self.judge.released(0, tag(was));
        }
        if is.holder.is_some() {
            self.granted(node, tag(is), world, verdicts);
        }
    }
}

impl Checker for Watcher {
    fn observe(&mut self, world: &World, verdicts: &mut Verdicts) {
        let record = world.record();
        if let Happened::Delivered(letter) = &record.what {
            self.arrived(letter, world, verdicts);
        }
        for node in record.touched.iter() {
            self.look_at(*node, world, verdicts);
        }
        let calm = world.calm_at().is_some();
        if calm != self.calm {
            (self.calm, self.before) = (calm, self.judge.latest(0));
        }
    }

    fn settled(&self, check: usize, _world: &World) -> bool {
        check == GRANTED_AGAIN && self.calm && self.judge.latest(0) > self.before
    }

    fn dup(&self) -> Box<dyn Checker> {
        Box::new(self.clone())
    }

    fn print(&self, _names: &Renaming, print: &mut Fingerprint) {
        self.judge.hash(print);
        self.highest.hash(print);
        self.own.hash(print);
        self.waiting.hash(print);
    }
}
