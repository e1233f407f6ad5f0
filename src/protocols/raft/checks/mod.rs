//! What Raft promises (figure 3), judged from the servers' own state after every step.
//!
//! The checker looks only at the nodes that a step changed, and compares logs by the hashes that
//! stand in them, so that it can be left on.

mod calm;
mod joining;
mod logs;
mod reads;
mod silence;

pub(super) use calm::{agreed, committed, leader, settled_logs};

use super::server::{Disk, Role, Server};
use super::types::{Index, Term};
use crate::engine::{Fingerprint, Log, NodeId, Renaming, Span, parts_of};
use crate::lab::linear::Watch;
use crate::lab::store::Machine;
use crate::lab::{CheckSpec, Checker, Mode, Verdicts, linear};
use crate::sim::{FaultKind, FaultSet, Happened, Status, World};
use calm::{alike, servers};
use joining::Joiners;
use logs::Known;
use reads::OpenRead;
use silence::Silence;
use std::hash::Hash;
use std::rc::Rc;

/// Raft stands all faults but the loss of a disk (section 5.1: state is on stable storage).
const PROMISED: FaultSet = FaultSet::all_but(&[FaultKind::DiskLost]);
/// How soon after calm there is progress, with the default times: 22 terms, each of which lasts a
/// longest timeout and the `w` of a vote's way (a write and a message) at the most.
///
/// That chance alone splits the votes of all of them is less likely than one in a billion. With `n`
/// timers armed together and drawn from a range of `r`, at most `m` of them run out within `w` of
/// the first with probability `P(m) = sum over j < m of C(n,j) x^j (1-x)^(n-j)`, `x = w/r`. One
/// candidate alone wins. So does one of two where `n` is odd; where it is even they tie with
/// `t = C(n-2, n/2-1) / 2^(n-2)` at the most. Three may always split. So a term is lost with `p <=
/// (P(2) - P(1)) t + 1 - P(2)`, and `p^22 < 10^-9` for each `n` from 2 to 9 (`tests.rs` does the
/// sum, and counts terms). With pre-vote a round trip comes before each term, and the moments at which
/// two servers are told that they may begin differ by up to two jitters of the links more: 20 terms, and
/// by the same sum less than one in ten thousand.
pub(super) const SOON: Span = Span::secs(7);

const fn always(id: &'static str) -> CheckSpec {
    CheckSpec {
        id,
        mode: Mode::Always,
        assumes: PROMISED,
    }
}

const fn sometimes(id: &'static str) -> CheckSpec {
    CheckSpec {
        id,
        mode: Mode::Sometimes,
        assumes: FaultSet::ALL,
    }
}

const fn eventually(id: &'static str) -> CheckSpec {
    CheckSpec {
        id,
        mode: Mode::Eventually(SOON),
        assumes: PROMISED,
    }
}

const ONE_LEADER: usize = 0;
const LOG_MATCHING: usize = 1;
const COMPLETENESS: usize = 2;
const MACHINE_SAFETY: usize = 3;
const ENTRIES_STAY: usize = 4;
const APPLIED_ONCE: usize = 5;
const FRESH_READS: usize = 6;
const LINEARIZABLE: usize = 7;
const ELECTED: usize = 8;
const COMMITS: usize = 9;
const OLD_STEPS_DOWN: usize = 10;
const LEADER_AFTER_CALM: usize = 11;
const ALIKE_AFTER_CALM: usize = 12;
const WAITS_FOR_SILENCE: usize = 13;
const STEPS_DOWN_UNASKED: usize = 14;
const SNAPSHOT_INSTALLED: usize = 15;
const LEASE_READS: usize = 16;
const CAUGHT_UP: usize = 17;
const MEMBERS_CHANGE: usize = 18;
const CHANGE_WAITS: usize = 19;
const MAJORITIES: usize = 20;
const KNOWS_MEMBERS: usize = 21;

/// The checks, in the order of the constants above.
pub(super) const CHECKS: &[CheckSpec] = &[
    always("one-leader-per-term"),
    always("log-matching"),
    always("leader-completeness"),
    always("state-machine-safety"),
    always("committed-entries-stay"),
    always("each-request-is-applied-once"),
    always("a-read-sees-the-latest-write"),
    always(linear::CHECK),
    sometimes("a-leader-is-elected"),
    sometimes("an-entry-commits"),
    sometimes("an-old-leader-steps-down"),
    eventually("after-calm-there-is-a-leader"),
    eventually("after-calm-all-live-logs-are-alike"),
    CheckSpec {
        id: "a-pre-vote-waits-for-silence",
        mode: Mode::Always,
        assumes: FaultSet::all_but(&[FaultKind::DiskLost, FaultKind::ClockSkew]),
    },
    sometimes("a-leader-without-a-majority-steps-down"),
    sometimes("a-follower-takes-over-a-snapshot"),
    CheckSpec {
        id: "a-lease-read-sees-the-latest-write",
        mode: Mode::Always,
        assumes: FaultSet::all_but(&[FaultKind::DiskLost, FaultKind::ClockSkew]),
    },
    always("a-new-member-has-caught-up"),
    sometimes("a-change-of-members-commits"),
    always("a-change-waits-for-the-one-before"),
    always("a-commit-has-its-majorities"),
    always("a-server-knows-the-members"),
];

/// What was last seen of one server.
#[derive(Copy, Clone, Hash, Default)]
struct Seen {
    /// Length and hash of its log in memory, and of that on disk.
    log: (usize, u64),
    disk: (usize, u64),
    commit: Index,
    applied: Index,
    /// The term that it leads.
    leads: Option<Term>,
    /// How many committed entries were seen on its disk.
    kept: usize,
}

/// The state of all checks over one run.
#[derive(Clone)]
pub(super) struct RaftChecker {
    seen: Vec<Seen>,
    /// Who led which term.
    leaders: Vec<(Term, NodeId)>,
    /// For each index, the hashes of the logs that had an entry there; shared by snapshots.
    known: Rc<Vec<Rc<Known>>>,
    /// The hash of the log up to each committed entry.
    committed: Log<u64>,
    /// How far was committed in each term that committed anything.
    marks: Vec<(Term, usize)>,
    /// The store as it should be after each committed entry.
    reference: Machine,
    stores: Log<u64>,
    reads: Vec<OpenRead>,
    /// What clients saw, and nothing else: no log, no state of a server.
    clients: Watch,
    /// Who heard a leader when, where servers ask for pre-votes.
    silence: Option<Box<Silence>>,
    /// What was asked of the members, where they can change.
    joining: Option<Box<Joiners>>,
    /// Whether leaders answer reads by lease.
    leases: bool,
}

impl RaftChecker {
    pub(super) fn new(world: &World) -> Self {
        RaftChecker {
            seen: world.ids().map(|_| Seen::default()).collect(),
            leaders: Vec::new(),
            known: Rc::default(),
            committed: Log::default(),
            marks: Vec::new(),
            reference: Machine::default(),
            stores: Log::default(),
            reads: Vec::new(),
            clients: Watch::default(),
            silence: Silence::of(world),
            joining: Joiners::of(world),
            leases: servers(world).any(|(_, server)| server.lease_length().is_some()),
        }
    }

    #[inline(always)]
    fn look_at(&mut self, node: NodeId, world: &World, verdicts: &mut Verdicts) {
        let cell = world.cell(node);
        let Some((server, disk)) = parts_of::<Server>(cell.node()) else {
            return;
        };
        let seen = &self.seen[node.index()];
        let up = cell.status() != Status::Down;
        let leads = up && matches!(server.role, Role::Leader { .. });
        // The hash is of all entries, so another length has another one.
        let same = up
            && server.log.end() == seen.log.1
            && (seen.commit, seen.applied) == (server.commit, server.applied)
            && seen.leads == leads.then_some(server.term);
        let kept =
            disk.log.end() == seen.disk.1 && seen.kept >= disk.log.len().min(self.committed.len());
        // After most steps nothing is other than it was, and this is all that a check costs.
        if !(same && kept) {
            self.look_closer((node, up), (server, disk), world, verdicts);
        }
    }

    #[cold]
    #[inline(never)]
    fn look_at_all(&mut self, nodes: &[NodeId], world: &World, verdicts: &mut Verdicts) {
        for node in nodes {
            self.look_at(*node, world, verdicts);
        }
    }

    #[inline(never)]
    fn look_closer(
        &mut self,
        (node, up): (NodeId, bool),
        (server, disk): (&Server, &Disk),
        world: &World,
        verdicts: &mut Verdicts,
    ) {
        let seen = self.seen[node.index()];
        let mut now = seen;
        if up {
            let leads = matches!(server.role, Role::Leader { .. });
            now.leads = leads.then_some(server.term);
            now.log = end_of(&server.log);
            (now.commit, now.applied) = (server.commit, server.applied);
            if seen.leads.is_some() && !leads {
                verdicts.see(OLD_STEPS_DOWN);
                if seen.leads == Some(server.term) && !server.is_outside() {
                    verdicts.see(STEPS_DOWN_UNASKED);
                }
            }
            if server.log.begin() > seen.commit.len() && delivered(world) {
                verdicts.see(SNAPSHOT_INSTALLED);
            }
            if now.log != seen.log {
                self.look_at_log(node, server, verdicts);
            }
            if (now.commit, now.applied) != (seen.commit, seen.applied) {
                self.look_at_commit(node, &seen, server, verdicts);
            }
            if leads && now.leads != seen.leads {
                self.look_at_role(node, server, verdicts);
            }
        } else {
            (now.commit, now.applied, now.leads) = (Index(0), Index(0), None);
        }
        self.look_at_disk(&mut now, node, disk, world, verdicts);
        self.seen[node.index()] = now;
    }
}

/// Whether a message was handled in this step.
fn delivered(world: &World) -> bool {
    matches!(world.record().what, Happened::Delivered(_))
}

#[inline]
fn end_of<T: Clone + std::hash::Hash>(log: &Log<T>) -> (usize, u64) {
    (log.len(), log.end())
}

impl Checker for RaftChecker {
    fn observe(&mut self, world: &World, verdicts: &mut Verdicts) {
        let record = world.record();
        match &*record.touched {
            // Nearly always it is one, and what is needed stays in registers.
            [node] => self.look_at(*node, world, verdicts),
            touched => self.look_at_all(touched, world, verdicts),
        }
        if !record.reports.is_empty()
            && let Some(node) = record.what.node()
        {
            self.look_at_reports(node, world, verdicts);
        }
        if let Some(silence) = &mut self.silence {
            silence.observe(world, verdicts);
        }
        if let Some(joining) = &mut self.joining {
            joining.observe(world, verdicts);
        }
    }

    fn settled(&self, check: usize, world: &World) -> bool {
        match check {
            LEADER_AFTER_CALM => leader(world).is_some(),
            ALIKE_AFTER_CALM => alike(world),
            _ => false,
        }
    }

    fn dup(&self) -> Box<dyn Checker> {
        Box::new(self.clone())
    }

    /// What is kept by node, by term or by client goes in as a sum. Clients keep their names.
    fn print(&self, names: &Renaming, print: &mut Fingerprint) {
        let seen = (0..).map(|n| names.of(NodeId(n))).zip(&self.seen);
        let leaders = self.leaders.iter();
        let leaders = leaders.map(|(term, node)| Fingerprint::of(&(*term, names.of(*node))));
        let sums = [
            sum(seen.map(|seen| Fingerprint::of(&seen))),
            sum(leaders),
            sum(self.reads.iter().map(Fingerprint::of)),
        ];
        for half in sums
            .map(|sum| [sum as u64, (sum >> 64) as u64])
            .as_flattened()
        {
            print.word(*half);
        }
        let known = self.known.iter().flat_map(|chunk| chunk.iter());
        known.for_each(|known| known.hash(print));
        self.committed.hash(print);
        self.marks.hash(print);
        self.reference.hash(print);
        self.stores.hash(print);
        self.clients.hash(print);
        if let Some(silence) = &self.silence {
            let heard = silence.by_node(names);
            print.word(heard as u64);
            print.word((heard >> 64) as u64);
        }
        if let Some(joining) = &self.joining {
            joining.hash(print);
        }
    }
}

/// The hash of what has no order.
fn sum(prints: impl Iterator<Item = u128>) -> u128 {
    prints.fold(0, u128::wrapping_add)
}
