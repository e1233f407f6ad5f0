//! What an election promises, judged from outside: by who is up and since when, and by who believes to lead. The
//! algorithm promises nothing without reliable links and bounded delay, so most checks are for crashes alone.

use super::message::COUNTED;
use super::notes;
use super::peer::{Config, Peer, Phase};
use crate::engine::{Fingerprint, NodeId, Note, Renaming, Span, Time};
use crate::lab::{CheckSpec, Checker, Mode, Verdicts};
use crate::sim::{Action, FaultKind, FaultSet, Happened, World};
use std::hash::Hash;

/// What the algorithm was made for: links lose nothing and keep their bound, and nobody sleeps.
const CRASHES: FaultSet = FaultSet::of(&[FaultKind::Crash, FaultKind::Restart]);
/// Votes are on disks.
const DISKS_KEPT: FaultSet = FaultSet::all_but(&[FaultKind::DiskLost]);
/// A wait is as long as the waiter's own clock says, while it is awake.
const CLOCKS_KEPT: FaultSet = FaultSet::all_but(&[FaultKind::Pause, FaultKind::ClockSkew]);
/// How soon after calm the highest leads: some elections with the longest waits, one after the other.
const AFTER_CALM: Span = Span::secs(20);

const OVER_A_HIGHER: usize = 0;
const ONE_LEADER: usize = 1;
const IN_TIME: usize = 2;
const ONE_A_TERM: usize = 3;
const ELECTED: usize = 4;
const TWO_LEAD: usize = 5;
const ANSWERED_BY_THE_DEAD: usize = 6;
const TAKEN_OVER: usize = 7;
const HIGHEST_LEADS: usize = 8;
const A_WAIT_ENDS: usize = 9;

const fn spec(id: &'static str, mode: Mode, assumes: FaultSet) -> CheckSpec {
    CheckSpec { id, mode, assumes }
}

/// In the order of the constants above.
pub(super) const CHECKS: &[CheckSpec] = &[
    spec(
        "nobody-takes-the-lead-over-a-higher-live-node",
        Mode::Always,
        CRASHES,
    ),
    spec(
        "two-lead-only-while-an-announcement-travels",
        Mode::Always,
        CRASHES,
    ),
    spec("the-highest-live-node-leads-in-time", Mode::Always, CRASHES),
    spec("one-leader-a-term", Mode::Always, DISKS_KEPT),
    spec("a-leader-is-elected", Mode::Sometimes, FaultSet::ALL),
    spec("two-lead-at-once", Mode::Sometimes, FaultSet::ALL),
    spec(
        "a-node-waits-for-one-that-is-dead",
        Mode::Sometimes,
        FaultSet::ALL,
    ),
    spec("a-higher-node-takes-over", Mode::Sometimes, FaultSet::ALL),
    spec(
        "after-calm-the-highest-leads",
        Mode::Eventually(AFTER_CALM),
        FaultSet::ALL,
    ),
    spec("a-wait-for-a-coordinator-ends", Mode::Always, CLOCKS_KEPT),
];

/// A node, where it runs.
pub(super) fn live(world: &World, node: NodeId) -> Option<&Peer> {
    let cell = world.cell(node);
    cell.running::<Peer>()
}

/// Those that run and believe to lead.
pub(super) fn leaders(world: &World) -> impl Iterator<Item = NodeId> {
    world
        .ids()
        .filter(|id| live(world, *id).is_some_and(Peer::leads))
}

/// The highest node that runs.
pub(super) fn highest(world: &World) -> Option<NodeId> {
    world.ids().filter(|id| live(world, *id).is_some()).last()
}

/// Whether the highest live node leads, and all others that run follow it.
pub(super) fn agreed(world: &World) -> bool {
    let Some(highest) = highest(world) else {
        return false;
    };
    let mut all = world.ids().filter_map(|id| Some((id, live(world, id)?)));
    all.all(|(id, peer)| peer.leader == Some(highest) && (peer.leads() == (id == highest)))
}

/// A node that waits for what comes of the elections of others, all of whom are dead.
pub(super) fn waits_for_the_dead(world: &World) -> bool {
    world.ids().filter_map(|id| live(world, id)).any(|peer| {
        let mut those = peer.answers.iter();
        peer.phase == Phase::Waiting
            && !peer.answers.is_empty()
            && those.all(|node| live(world, *node).is_none())
    })
}

/// What is so of one node.
#[derive(Copy, Clone, Hash, Default)]
struct Truth {
    up_since: Option<Time>,
    leads_since: Option<Time>,
    waits_since: Option<Time>,
}

/// Watches one run.
#[derive(Clone, Hash)]
pub(super) struct Watcher {
    truths: Vec<Truth>,
    /// Who was first seen to lead in each term.
    terms: Vec<(u64, NodeId)>,
    /// The last crash, restart, or switch of a rule.
    disturbed: Time,
    /// Since when the highest live node does not lead.
    leaderless: Option<Time>,
}

impl Watcher {
    pub(super) fn new(world: &World) -> Self {
        let truth = Truth {
            up_since: Some(Time(0)),
            leads_since: None,
            waits_since: None,
        };
        Watcher {
            truths: vec![truth; world.ids().count()],
            terms: Vec::new(),
            disturbed: Time(0),
            leaderless: Some(Time(0)),
        }
    }

    /// Somebody acted: who is up now?
    fn note_status(&mut self, world: &World) {
        let now = world.now();
        for (id, truth) in world.ids().zip(&mut self.truths) {
            let up = live(world, id).is_some();
            if up != truth.up_since.is_some() {
                self.disturbed = now;
                *truth = Truth {
                    up_since: up.then_some(now),
                    leads_since: None,
                    waits_since: None,
                };
            }
        }
    }

    /// Who waits now that did not before? With terms a wait may begin anew before it has ended: not looked at.
    fn note_waits(&mut self, world: &World) {
        for (id, truth) in world.ids().zip(&mut self.truths) {
            let waiting = live(world, id)
                .is_some_and(|peer| peer.phase == Phase::Waiting && !peer.config().terms);
            let since = truth.waits_since.unwrap_or(world.now());
            truth.waits_since = waiting.then_some(since);
        }
    }

    /// Who was answered waits no longer than it has set out to, whatever became of whom it waits for.
    fn judge_waits(&self, world: &World, verdicts: &mut Verdicts) {
        for (id, truth) in world.ids().zip(&self.truths) {
            let (Some(peer), Some(since)) = (live(world, id), truth.waits_since) else {
                continue;
            };
            let span = world.now() - since;
            if span > peer.config().coordinator_wait() {
                let args = [id.into(), span.into()];
                verdicts.violate(A_WAIT_ENDS, Some(Note::new(notes::WAITS_TOO_LONG, args)));
            }
        }
    }

    /// Who leads now that did not before, and in which term?
    fn note_leaders(&mut self, world: &World, verdicts: &mut Verdicts) {
        let now = world.now();
        for id in world.ids() {
            let Some(peer) = live(world, id) else {
                continue;
            };
            let since = &mut self.truths[id.index()].leads_since;
            match (peer.leads(), *since) {
                (true, None) => {
                    *since = Some(now);
                    verdicts.see(ELECTED);
                    self.took_the_lead(id, peer, world, verdicts);
                }
                (false, Some(_)) => *since = None,
                (true, Some(_)) | (false, None) => {}
            }
        }
    }

    fn took_the_lead(&mut self, id: NodeId, peer: &Peer, world: &World, verdicts: &mut Verdicts) {
        let (now, config) = (world.now(), peer.config());
        // Whoever was up all the while that it asked and waited has heard it, and answered in time.
        let waited = if config.terms {
            config.answer_wait.0 + config.coordinator_wait().0
        } else {
            config.answer_wait.0
        };
        let above = world.ids().skip(id.index() + 1);
        let known = above.filter(|other| {
            let since = self.truths[other.index()].up_since;
            since.is_some_and(|since| (now - since).0 >= waited)
        });
        if let Some(higher) = known.last() {
            let note = Note::new(notes::OVER_A_HIGHER, [id.into(), higher.into()]);
            verdicts.violate(OVER_A_HIGHER, Some(note));
        }
        if leaders(world).any(|other| other < id) {
            verdicts.see(TAKEN_OVER);
        }
        if !config.terms {
            return;
        }
        match self
            .terms
            .binary_search_by_key(&peer.term, |(term, _)| *term)
        {
            Ok(at) if self.terms[at].1 != id => {
                let first = self.terms[at].1;
                let args = [first.into(), id.into(), peer.term.into()];
                verdicts.violate(ONE_A_TERM, Some(Note::new(notes::TWO_IN_A_TERM, args)));
            }
            Ok(_) => {}
            Err(at) => self.terms.insert(at, (peer.term, id)),
        }
    }

    /// Two may lead for as long as the announcement of the later one is under way.
    fn judge_two(&self, world: &World, verdicts: &mut Verdicts) {
        let leading = world
            .ids()
            .filter_map(|id| Some((self.truths[id.index()].leads_since?, id)));
        let mut leading: Vec<(Time, NodeId)> = leading.collect();
        if leading.len() < 2 {
            return;
        }
        verdicts.see(TWO_LEAD);
        crate::engine::sorting::sort(&mut leading);
        let ((_, first), (since, second)) = (leading[0], leading[1]);
        let span = world.now() - since;
        if span > bound(world) {
            let args = [first.into(), second.into(), span.into()];
            verdicts.violate(ONE_LEADER, Some(Note::new(notes::TWO_LEAD, args)));
        }
    }

    /// After the last crash or restart the highest live node leads within a bound that follows from the waits. Not
    /// promised in the variant with terms: there it needs a majority, and their disks.
    fn judge_time(&mut self, world: &World, verdicts: &mut Verdicts) {
        let Some((highest, peer)) = highest(world).and_then(|id| Some((id, live(world, id)?)))
        else {
            self.leaderless = None;
            return;
        };
        if peer.leads() || peer.config().terms {
            self.leaderless = None;
            return;
        }
        let since = *self.leaderless.get_or_insert(world.now());
        let span = world.now() - since.max(self.disturbed);
        if span > in_time(peer.config(), bound(world)) {
            let args = [highest.into(), span.into()];
            verdicts.violate(IN_TIME, Some(Note::new(notes::LATE_LEADER, args)));
        }
    }
}

/// The longest time that a message takes.
fn bound(world: &World) -> Span {
    world.calm_policy().latency.bound()
}

/// What was under way when somebody died has arrived after one message time. It may have set a node waiting for a
/// coordinator, or for the silence of a leader; then it asks, and waits for an answer that does not come.
pub(super) fn in_time(config: &Config, message: Span) -> Span {
    let wait = config.leader_timeout.max(config.coordinator_wait());
    Span(2 * message.0 + wait.0 + config.answer_wait.0)
}

impl Checker for Watcher {
    fn observe(&mut self, world: &World, verdicts: &mut Verdicts) {
        // First what should have happened before this step, then the step itself.
        self.judge_two(world, verdicts);
        self.judge_waits(world, verdicts);
        let record = world.record();
        match &record.what {
            Happened::Commanded(action, _) | Happened::Struck(action, _) => {
                if matches!(**action, Action::Rule(..)) {
                    self.disturbed = world.now();
                    self.truths
                        .iter_mut()
                        .for_each(|truth| truth.waits_since = None);
                }
                self.note_status(world);
            }
            Happened::Nothing
            | Happened::Started(_)
            | Happened::Delivered(_)
            | Happened::Lost(..)
            | Happened::TimerFired(..)
            | Happened::Written(..) => {}
        }
        if !record.touched.is_empty() {
            self.note_leaders(world, verdicts);
            self.note_waits(world);
            self.judge_two(world, verdicts);
            if waits_for_the_dead(world) {
                verdicts.see(ANSWERED_BY_THE_DEAD);
            }
        }
        self.judge_time(world, verdicts);
    }

    fn settled(&self, check: usize, world: &World) -> bool {
        check == HIGHEST_LEADS && agreed(world)
    }

    fn dup(&self) -> Box<dyn Checker> {
        Box::new(self.clone())
    }

    fn print(&self, _names: &Renaming, print: &mut Fingerprint) {
        self.hash(print);
    }
}

/// How many messages the elections of a run have taken so far, announcements among them.
pub(super) fn counted(world: &World) -> u64 {
    let sent = world.counters().sent;
    COUNTED.iter().map(|kind| sent[*kind]).sum()
}

/// Of each of the three kinds.
pub(super) fn counts(world: &World) -> [u64; 3] {
    COUNTED.map(|kind| world.counters().sent[kind])
}
