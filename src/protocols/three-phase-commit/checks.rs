//! The checks of three-phase commit: what the judge of atomic commitment looks at, and that nobody who stays up waits
//! for somebody who is down.

use super::member::{Config, Member};
use super::message::PhaseMessage;
use super::notes;
use crate::engine::{
    Engine, Fingerprint, NodeId, Note, Renaming, Span, Time, disk_of, engine_of, typed,
};
use crate::lab::commit::{self as judge, ALIKE, CALM, Judge, Lens, Outcome, Reasons, TxnId};
use crate::lab::{CheckSpec, Checker, Mode, Verdicts};
use crate::sim::{FaultKind, FaultSet, Happened, Letter, Status, World};
use std::collections::BTreeMap;
use std::hash::Hash;

/// What breaks no bound on delays, and leaves the disks whole. Clocks run right: waiting is all there is.
pub(super) const PROMISED: FaultSet =
    FaultSet::of(&[FaultKind::Crash, FaultKind::Restart, FaultKind::Duplication]);
/// How soon after calm everybody knows.
const SOON: Span = Span::secs(10);

const fn spec(id: &'static str, mode: Mode, assumes: FaultSet) -> CheckSpec {
    CheckSpec { id, mode, assumes }
}

/// Those of the judge, in its order; and three of this lab.
pub(super) const CHECKS: &[CheckSpec] = &[
    spec("all-decide-alike", Mode::Always, PROMISED),
    spec("a-decision-stays", Mode::Always, PROMISED),
    spec("no-commit-without-every-yes", Mode::Always, PROMISED),
    spec(
        "with-nobody-in-doubt-the-total-is-right",
        Mode::Always,
        PROMISED,
    ),
    spec("no-account-is-overdrawn", Mode::Always, PROMISED),
    spec("a-transfer-commits", Mode::Sometimes, FaultSet::ALL),
    spec("a-transfer-aborts", Mode::Sometimes, FaultSet::ALL),
    spec(
        "a-member-that-was-down-has-to-ask",
        Mode::Sometimes,
        FaultSet::ALL,
    ),
    spec(
        "after-calm-nobody-is-in-doubt",
        Mode::Eventually(SOON),
        PROMISED,
    ),
    spec("who-stays-up-is-soon-out-of-doubt", Mode::Always, PROMISED),
    spec("a-backup-takes-over", Mode::Sometimes, FaultSet::ALL),
    spec("a-backup-commits", Mode::Sometimes, FaultSet::ALL),
    spec("two-decide-otherwise", Mode::Sometimes, FaultSet::ALL),
];

/// The places of those three, and of a split that is only seen.
const BLOCKS: usize = CALM + 1;
const TAKEN_OVER: usize = CALM + 2;
const BACKUP_COMMITS: usize = CALM + 3;
const SPLIT: usize = CALM + 4;

const LENS: Lens = Lens {
    member: look,
    vote,
    reasons: Reasons {
        not_alike: notes::NOT_ALIKE,
        reversed: notes::REVERSED,
        without_a_yes: notes::WITHOUT_A_YES,
        total_wrong: notes::TOTAL_WRONG,
        overdrawn: notes::OVERDRAWN,
    },
};

/// Watches one run.
#[derive(Clone)]
pub(super) struct Watcher {
    judge: Judge,
    /// Who is in doubt of what, and has been up ever since; with the latest time at which that ends.
    doubts: BTreeMap<(NodeId, TxnId), Time>,
    /// Who is down.
    resting: Vec<NodeId>,
    /// What a member did not know the end of when it came up: it may wait.
    down: Vec<(NodeId, TxnId)>,
    bound: Span,
}

impl Watcher {
    /// At the beginning of a run.
    pub(super) fn new(world: &World) -> Self {
        let bound = config(world).map(|config| config.bounds.in_doubt(config.members));
        Watcher {
            judge: Judge::new(world, LENS),
            doubts: BTreeMap::new(),
            resting: Vec::new(),
            down: Vec::new(),
            bound: bound.unwrap_or(Span(0)),
        }
    }

    /// Who is in doubt, since when; who goes down has a reason to be so longer.
    fn look_at(&mut self, node: NodeId, world: &World) {
        let rests = self.resting.contains(&node);
        if world.cell(node).status() == Status::Down {
            if !rests {
                self.resting.push(node);
            }
            self.doubts.retain(|(of, _), _| *of != node);
            return;
        }
        let Some(member) = engine_of::<Member>(world.cell(node).node()) else {
            return;
        };
        let open: Vec<TxnId> = member.books.in_doubt().map(|(txn, ..)| txn).collect();
        if rests {
            self.resting.retain(|other| *other != node);
            self.down.extend(open.iter().map(|txn| (node, *txn)));
        }
        self.doubts
            .retain(|(of, txn), _| *of != node || open.contains(txn));
        for txn in open {
            if !self.down.contains(&(node, txn)) {
                let until = world.now() + self.bound;
                self.doubts.entry((node, txn)).or_insert(until);
            }
        }
    }

    fn overdue(&self, world: &World, verdicts: &mut Verdicts) {
        let mut doubts = self.doubts.iter();
        if let Some(((node, txn), _)) = doubts.find(|(_, until)| **until < world.now()) {
            let args = [(*node).into(), (*txn).into()];
            verdicts.violate(BLOCKS, Some(Note::new(notes::TOO_LONG, args)));
        }
    }

    /// Who is not the coordinator of a transaction, and leads it.
    fn hear(&self, letter: &Letter, verdicts: &mut Verdicts) {
        let Some(message) = typed::<PhaseMessage>(&*letter.parcel) else {
            return;
        };
        let backup = letter.name.from != message.txn().coordinator;
        match message {
            PhaseMessage::StateRequest(_) => verdicts.see(TAKEN_OVER),
            PhaseMessage::Commit(_) if backup => verdicts.see(BACKUP_COMMITS),
            PhaseMessage::Prepare(..)
            | PhaseMessage::Yes(_)
            | PhaseMessage::No(_)
            | PhaseMessage::PreCommit(_)
            | PhaseMessage::PreAck(_)
            | PhaseMessage::Commit(_)
            | PhaseMessage::Abort(_)
            | PhaseMessage::Ack(_)
            | PhaseMessage::Elect(_)
            | PhaseMessage::State(..)
            | PhaseMessage::Ask(_) => {}
        }
    }
}

impl Checker for Watcher {
    fn observe(&mut self, world: &World, verdicts: &mut Verdicts) {
        self.judge.observe(world, verdicts);
        let record = world.record();
        if let Happened::Delivered(letter) = &record.what {
            self.hear(letter, verdicts);
        }
        for node in record.touched.iter() {
            self.look_at(*node, world);
        }
        self.overdue(world, verdicts);
        if verdicts.get(ALIKE).id() == "violated" {
            verdicts.see(SPLIT);
        }
    }

    fn settled(&self, check: usize, world: &World) -> bool {
        self.judge.settled(check, world)
    }

    fn dup(&self) -> Box<dyn Checker> {
        Box::new(self.clone())
    }

    fn print(&self, names: &Renaming, print: &mut Fingerprint) {
        self.judge.print(names, print);
        (&self.doubts, &self.resting, &self.down).hash(print);
    }
}

fn look(world: &World, node: NodeId) -> Option<judge::Member<'_>> {
    let node = world.cell(node).node();
    let (member, disk) = (engine_of::<Member>(node)?, disk_of::<Member>(node)?);
    Some(judge::Member {
        books: member.books(),
        disk,
        asks: member.recovering.values().any(|one| one.asked > 0),
        opening: member.config().opening,
    })
}

fn vote(letter: &Letter) -> Option<TxnId> {
    match typed::<PhaseMessage>(&*letter.parcel)? {
        PhaseMessage::Yes(txn) => Some(*txn),
        PhaseMessage::Prepare(..)
        | PhaseMessage::No(_)
        | PhaseMessage::PreCommit(_)
        | PhaseMessage::PreAck(_)
        | PhaseMessage::Commit(_)
        | PhaseMessage::Abort(_)
        | PhaseMessage::Ack(_)
        | PhaseMessage::Elect(_)
        | PhaseMessage::StateRequest(_)
        | PhaseMessage::State(..)
        | PhaseMessage::Ask(_) => None,
    }
}

/// The members.
pub(super) fn members(world: &World) -> impl Iterator<Item = (NodeId, &Member)> {
    world
        .ids()
        .filter_map(|id| Some((id, engine_of::<Member>(world.cell(id).node())?)))
}

/// Those that run.
pub(super) fn running(world: &World) -> impl Iterator<Item = (NodeId, &Member)> {
    members(world).filter(|(id, _)| world.cell(*id).status() != Status::Down)
}

/// What is fixed for the run.
pub(super) fn config(world: &World) -> Option<&Config> {
    members(world).next().map(|(_, member)| member.config())
}

/// Since when a member waits for a decision that it does not make itself.
pub(super) fn doubts(member: &Member) -> impl Iterator<Item = (TxnId, Time)> {
    let open = member.books.in_doubt();
    let open = open.filter(|(txn, ..)| !member.rounds.contains_key(txn));
    open.map(|(txn, _, since)| (txn, since))
}

/// Whether somebody is prepared, and does not know what comes of it.
pub(super) fn prepared(world: &World) -> bool {
    running(world).any(|(_, member)| doubts(member).next().is_some())
}

/// Whether some participant knows that all have voted yes.
pub(super) fn pre_committed(world: &World) -> bool {
    running(world).any(|(_, member)| member.role() == "pre-committed")
}

/// Whether a backup coordinator leads.
pub(super) fn backup(world: &World) -> bool {
    running(world).any(|(_, member)| member.role() == "backup")
}

/// Whether some transaction has this outcome with every member.
pub(super) fn everywhere(world: &World, outcome: Outcome) -> bool {
    alike(world, outcome).next().is_some()
}

/// The transactions that have this outcome with every member, all of whom run.
fn alike(world: &World, outcome: Outcome) -> impl Iterator<Item = TxnId> {
    let needed = config(world).map_or(usize::MAX, |config| usize::from(config.members));
    let first = members(world).next().into_iter();
    let known = first.flat_map(|(_, first)| first.books.standings.keys().copied());
    known.filter(move |txn| {
        let so = |(_, member): &(NodeId, &Member)| {
            let standing = member.books.standings.get(txn);
            standing.and_then(|standing| standing.outcome()) == Some(outcome)
        };
        running(world).filter(so).count() == needed
    })
}

/// How many transactions some member that runs knows the outcome of.
pub(super) fn decided(world: &World) -> u64 {
    let known = running(world).map(|(_, member)| member.books.decided());
    known.max().unwrap_or(0) as u64
}
