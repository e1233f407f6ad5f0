//! The checks of two-phase commit, and what the judge looks at.

use super::member::{Config, Member};
use super::message::CommitMessage;
use super::notes;
use crate::engine::{NodeId, Span, disk_of, engine_of, typed};
use crate::lab::commit::{self as judge, Judge, Lens, Reasons};
use crate::lab::commit::{Outcome, TxnId};
use crate::lab::{CheckSpec, Mode};
use crate::sim::{FaultKind, FaultSet, Letter, Status, World};

/// All faults but a lost disk: votes and decisions are on it.
pub(super) const PROMISED: FaultSet = FaultSet::all_but(&[FaultKind::DiskLost]);
/// How soon after calm everybody knows. With the longest time-outs a member asks after a second and is told
/// within a fraction of the next.
const SOON: Span = Span::secs(5);

const fn spec(id: &'static str, mode: Mode, assumes: FaultSet) -> CheckSpec {
    CheckSpec { id, mode, assumes }
}

/// In the order of the constants in `judge`.
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
        "a-member-in-doubt-has-to-ask",
        Mode::Sometimes,
        FaultSet::ALL,
    ),
    spec(
        "after-calm-nobody-is-in-doubt",
        Mode::Eventually(SOON),
        PROMISED,
    ),
];

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

/// The judge of a run.
pub(super) fn judge(world: &World) -> Judge {
    Judge::new(world, LENS)
}

fn look(world: &World, node: NodeId) -> Option<judge::Member<'_>> {
    let node = world.cell(node).node();
    let (member, disk) = (engine_of::<Member>(node)?, disk_of::<Member>(node)?);
    Some(judge::Member {
        books: member.books(),
        disk,
        asks: !member.asked.is_empty(),
        opening: member.config().opening,
    })
}

fn vote(letter: &Letter) -> Option<TxnId> {
    match typed::<CommitMessage>(&*letter.parcel)? {
        CommitMessage::Yes(txn) => Some(*txn),
        CommitMessage::Prepare(..)
        | CommitMessage::No(_)
        | CommitMessage::Commit(_)
        | CommitMessage::Abort(_)
        | CommitMessage::Ack(_)
        | CommitMessage::Ask(_)
        | CommitMessage::Undecided(_) => None,
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

/// Whether somebody is prepared, and does not know what comes of it.
pub(super) fn prepared(world: &World) -> bool {
    running(world).any(|(_, member)| member.books.in_doubt().next().is_some())
}

/// Whether somebody has had to ask, and still does not know.
pub(super) fn in_doubt(world: &World) -> bool {
    running(world).any(|(_, member)| !member.asked.is_empty())
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
