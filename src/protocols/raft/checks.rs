//! What Raft promises (figure 3), judged from the servers' own state after every step.
//!
//! The checker looks only at the nodes that a step changed, and compares logs by the hashes that
//! stand in them, so that it can be left on.

use super::client::Client;
use super::machine::Machine;
use super::notes;
use super::server::{Disk, Role, Server};
use super::types::{Index, Op, Term};
use crate::engine::{
    Call, Fingerprint, Log, NodeId, Note, Outcome, Renaming, Report, Span, Verb, Word, engine_of,
    parts_of,
};
use crate::lab::linear::Watch;
use crate::lab::{CheckSpec, Checker, Mode, Verdicts, linear};
use crate::sim::{Action, FaultKind, FaultSet, Happened, NodeKind, Status, World};
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
/// sum, and counts terms).
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

/// A hash that some log had at an index, by the term of the entry there.
type Known = Vec<(u32, Term, u64)>;

const CHUNK: usize = 64;

/// As many values as a key has in the time of a read, even in a crowd.
const FEW_VALUES: usize = 16;

/// A read under way: the values that its key had since it began.
#[derive(Clone, Hash)]
struct OpenRead {
    client: NodeId,
    key: Word,
    values: Vec<Option<Word>>,
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
            }
            if now.log != seen.log {
                self.look_at_log(server, verdicts);
            }
            if (now.commit, now.applied) != (seen.commit, seen.applied) {
                self.look_at_commit(&seen, server, verdicts);
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

    /// Log Matching: logs that have an entry of the same index and term are alike up to it.
    fn look_at_log(&mut self, server: &Server, verdicts: &mut Verdicts) {
        for index in (1..=server.log.len()).rev() {
            let (Some(entry), Some(digest)) = (server.log.get(index - 1), server.log.digest(index))
            else {
                return;
            };
            match self.learn(index, entry.term, digest) {
                None => {}
                // From here on down it was compared before.
                Some(known) if known == digest => return,
                Some(_) => {
                    verdicts.violate(LOG_MATCHING, None);
                    return;
                }
            }
        }
    }

    /// What was known for this index and term; notes it where nothing was.
    fn learn(&mut self, index: usize, term: Term, digest: u64) -> Option<u64> {
        let place = index as u32;
        let chunks = Rc::make_mut(&mut self.known);
        if chunks.len() <= index / CHUNK {
            chunks.resize_with(index / CHUNK + 1, || Rc::new(Vec::with_capacity(CHUNK)));
        }
        let chunk = &mut chunks[index / CHUNK];
        // Nearly always one entry was seen at each index, and the place is known.
        let first = chunk.first().map_or(place, |(first, ..)| *first);
        let guess = place.wrapping_sub(first) as usize;
        let at = match chunk.get(guess) {
            Some((i, t, known)) if (*i, *t) == (place, term) => return Some(*known),
            None if chunk.last().is_none_or(|(i, ..)| *i < place) => chunk.len(),
            Some(_) | None => chunk.partition_point(|(i, t, _)| (*i, *t) < (place, term)),
        };
        match chunk.get(at).filter(|(i, t, _)| (*i, *t) == (place, term)) {
            Some((_, _, known)) => Some(*known),
            None => {
                Rc::make_mut(chunk).insert(at, (place, term, digest));
                None
            }
        }
    }

    /// State Machine Safety: no two servers commit or apply different entries at one index.
    fn look_at_commit(&mut self, seen: &Seen, server: &Server, verdicts: &mut Verdicts) {
        if server.commit != seen.commit {
            self.compare_commit(server, verdicts);
        }
        if server.applied == seen.applied {
            return;
        }
        let applied = server.applied.len();
        if server.log.digest(applied) != self.committed_digest(applied) {
            verdicts.violate(MACHINE_SAFETY, None);
        } else if self.stores.get(applied.wrapping_sub(1)) != Some(&server.machine.digest()) {
            verdicts.violate(APPLIED_ONCE, None);
        }
    }

    fn committed_digest(&self, len: usize) -> Option<u64> {
        len.checked_sub(1)
            .map_or(Some(0), |at| self.committed.get(at).copied())
    }

    fn compare_commit(&mut self, server: &Server, verdicts: &mut Verdicts) {
        let (commit, known) = (server.commit.len(), self.committed.len());
        let common = commit.min(known);
        if server.log.digest(common) != self.committed_digest(common) {
            verdicts.violate(MACHINE_SAFETY, None);
            return;
        }
        if commit <= known {
            return;
        }
        verdicts.see(COMMITS);
        for index in known + 1..=commit {
            let (Some(entry), Some(digest)) = (server.log.get(index - 1), server.log.digest(index))
            else {
                return;
            };
            self.committed.push(digest);
            self.reference.apply(entry.payload, true);
            self.stores.push(self.reference.digest());
            let key = entry.payload.key();
            for read in self.reads.iter_mut().filter(|read| key == Some(read.key)) {
                let value = self.reference.get(read.key);
                if read.values.last() != Some(&value) {
                    read.values.push(value);
                }
            }
        }
        match self
            .marks
            .binary_search_by_key(&server.term, |(term, _)| *term)
        {
            Ok(at) => self.marks[at].1 = commit,
            Err(at) => self.marks.insert(at, (server.term, commit)),
        }
    }

    /// Election Safety and Leader Completeness, where a server has just become leader.
    fn look_at_role(&mut self, node: NodeId, server: &Server, verdicts: &mut Verdicts) {
        verdicts.see(ELECTED);
        match self
            .leaders
            .iter()
            .rev()
            .find(|(term, _)| *term == server.term)
        {
            Some((_, other)) if *other != node => verdicts.violate(ONE_LEADER, None),
            Some(_) => {}
            None => self.leaders.push((server.term, node)),
        }
        let earlier = self.marks.partition_point(|(term, _)| *term < server.term);
        let must = self.marks[..earlier]
            .iter()
            .map(|(_, len)| *len)
            .max()
            .unwrap_or(0);
        if server.log.digest(must) != self.committed_digest(must) {
            verdicts.violate(COMPLETENESS, None);
        }
    }

    /// A committed entry that was seen on a disk stays there, unless the disk is lost.
    fn look_at_disk(
        &self,
        seen: &mut Seen,
        node: NodeId,
        disk: &Disk,
        world: &World,
        verdicts: &mut Verdicts,
    ) {
        let wiped = match &world.record().what {
            Happened::Commanded(action, _) | Happened::Struck(action, _) => {
                **action == Action::Wipe(node)
            }
            Happened::Nothing
            | Happened::Started(_)
            | Happened::Delivered(_)
            | Happened::Lost(..)
            | Happened::TimerFired(..)
            | Happened::Written(..) => false,
        };
        let end = end_of(&disk.log);
        if wiped {
            seen.kept = 0;
        } else if seen.disk != end && disk.log.digest(seen.kept) != self.committed_digest(seen.kept)
        {
            verdicts.violate(ENTRIES_STAY, None);
            return;
        }
        seen.disk = end;
        let both = end.0.min(self.committed.len());
        if both > seen.kept && disk.log.digest(both) == self.committed_digest(both) {
            seen.kept = both;
        }
    }

    /// A read returns a value that its key had, by the committed log, while the read was under
    /// way.
    #[inline(never)]
    fn look_at_reports(&mut self, node: NodeId, world: &World, verdicts: &mut Verdicts) {
        for report in &world.record().reports {
            if let Some(broken) = self.clients.note(node, report) {
                let arguments = [broken.client.into(), broken.op.into(), broken.key.into()];
                verdicts.violate(LINEARIZABLE, Some(Note::new(notes::NO_ORDER, arguments)));
            }
            match report {
                Report::Invoked {
                    call:
                        Call {
                            verb: Verb::Get,
                            key,
                            ..
                        },
                    ..
                } => {
                    self.reads.retain(|read| read.client != node);
                    let mut values = Vec::with_capacity(FEW_VALUES);
                    values.push(self.reference.get(*key));
                    self.reads.push(OpenRead {
                        client: node,
                        key: *key,
                        values,
                    });
                }
                Report::Invoked {
                    call:
                        Call {
                            verb: Verb::Put | Verb::Cas | Verb::Add,
                            ..
                        },
                    ..
                } => {
                    self.reads.retain(|read| read.client != node);
                }
                Report::Returned { outcome, .. } => {
                    let open = self.reads.iter().position(|read| read.client == node);
                    let Some(read) = open.map(|at| self.reads.remove(at)) else {
                        continue;
                    };
                    if let Outcome::Done(value) = outcome
                        && !read.values.contains(value)
                    {
                        verdicts.violate(FRESH_READS, None);
                    }
                }
            }
        }
    }
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
    }
}

/// The hash of what has no order.
fn sum(prints: impl Iterator<Item = u128>) -> u128 {
    prints.fold(0, u128::wrapping_add)
}

fn live_servers(world: &World) -> impl Iterator<Item = (NodeId, &Server)> {
    let live = world
        .ids()
        .filter(|id| world.cell(*id).status() == Status::Up);
    live.filter_map(|id| Some((id, engine_of::<Server>(world.cell(id).node())?)))
}

/// The live leader of the highest term, if there is one.
pub(super) fn leader(world: &World) -> Option<NodeId> {
    let leaders = live_servers(world).filter(|(_, s)| matches!(s.role, Role::Leader { .. }));
    leaders
        .max_by_key(|(_, server)| server.term)
        .map(|(id, _)| id)
}

/// Whether there is a leader and every live log is the same as far as it has committed, in its
/// own term. (Without the empty entry at its beginning, a leader that nobody asks for anything
/// commits nothing, and leaves what stands behind its own last entry: figure 7.)
fn alike(world: &World) -> bool {
    let Some(lead) = leader(world) else {
        return false;
    };
    let Some(leader) = engine_of::<Server>(world.cell(lead).node()) else {
        return false;
    };
    let commit = leader.commit;
    let current = leader.term_at(commit) == Some(leader.term) || !leader.begins_with_noop();
    // Without the empty entry, and with nothing asked for, there is nothing to commit.
    let some = commit > Index(0) || !leader.begins_with_noop();
    current
        && some
        && live_servers(world)
            .all(|(_, server)| server.log.digest(commit.len()) == leader.log.digest(commit.len()))
}

/// Whether any server has committed anything.
pub(super) fn committed(world: &World) -> bool {
    live_servers(world).any(|(_, server)| server.commit > Index(0))
}

/// Whether all live logs end alike and are committed.
pub(super) fn settled_logs(world: &World) -> bool {
    let mut ends = live_servers(world).map(|(_, server)| (end_of(&server.log), server.commit));
    let Some(first) = ends.next() else {
        return false;
    };
    first.0.0 == first.1.len() && ends.all(|end| end == first)
}

/// Whether no client waits for an answer.
pub(super) fn idle(world: &World) -> bool {
    let clients = world
        .ids()
        .filter(|id| world.spec(*id).kind == NodeKind::Client);
    let pending = |id: NodeId| engine_of::<Client>(world.cell(id).node()).and_then(Client::pending);
    clients.map(pending).all(|op: Option<Op>| op.is_none())
}
