//! What Paxos promises (Lamport 2001, section 1), judged from outside: by what acceptors have on their
//! disks and say, and by what proposers were asked for.

use super::message::{PaxosMessage, Proposal};
use super::notes;
use super::peer::{Config, Disk, Peer, Propose};
use super::proposer::own_value;
use super::rules::quorums;
use crate::engine::{
    Fingerprint, NodeId, Note, Renaming, Span, Word, disk_of, engine_of, sorting::sort, typed,
};
use crate::lab::{CheckSpec, Checker, Mode, Verdicts};
use crate::sim::{Action, FaultKind, FaultSet, Happened, Letter, Status, World};
use std::hash::Hash;

/// All faults but a lost disk: promises and acceptances are on it.
const PROMISED: FaultSet = FaultSet::all_but(&[FaultKind::DiskLost]);
/// How soon after calm a value is chosen. An attempt takes some 50 ms with the default times, and the
/// back-offs grow to 800 ms, so that each of four proposers makes about eight attempts in it; most of
/// them have that time for themselves.
const SOON: Span = Span::secs(3);

const ONE_VALUE: usize = 0;
const PROPOSED: usize = 1;
const LEARNED: usize = 2;
const CHOSEN: usize = 3;
const DUEL: usize = 4;
const CHOSEN_SOON: usize = 5;

const fn spec(id: &'static str, mode: Mode, assumes: FaultSet) -> CheckSpec {
    CheckSpec { id, mode, assumes }
}

/// In the order of the constants above.
pub(super) const CHECKS: &[CheckSpec] = &[
    spec("one-value-is-chosen", Mode::Always, PROMISED),
    spec("the-chosen-value-was-proposed", Mode::Always, FaultSet::ALL),
    spec("what-is-learned-is-chosen", Mode::Always, FaultSet::ALL),
    spec("a-value-is-chosen", Mode::Sometimes, FaultSet::ALL),
    spec("two-proposers-duel", Mode::Sometimes, FaultSet::ALL),
    spec(
        "after-calm-a-value-is-chosen",
        Mode::Eventually(SOON),
        PROMISED,
    ),
];

/// All nodes, whether they run or not.
pub(super) fn peers(world: &World) -> impl Iterator<Item = (NodeId, &Peer, &Disk)> {
    world.ids().filter_map(|id| {
        let node = world.cell(id).node();
        Some((id, engine_of::<Peer>(node)?, disk_of::<Peer>(node)?))
    })
}

/// Those that run.
fn running(world: &World) -> impl Iterator<Item = (NodeId, &Peer)> {
    let up = |(id, ..): &(NodeId, &Peer, &Disk)| world.cell(*id).status() != Status::Down;
    peers(world).filter(up).map(|(id, peer, _)| (id, peer))
}

/// What is fixed for the run.
pub(super) fn config(world: &World) -> Option<&Config> {
    peers(world).next().map(|(_, peer, _)| peer.config())
}

/// How many acceptances choose a value.
pub(super) fn enough(world: &World) -> usize {
    config(world).map_or(usize::MAX, |config| {
        quorums(config, |rule| world.rules().on(rule)).two
    })
}

/// The proposals that enough acceptors have on their disks, as far as these still show it.
pub(super) fn chosen_on_disk(world: &World) -> Vec<Proposal> {
    let needed = enough(world);
    let mut all: Vec<Proposal> = Vec::new();
    for (.., disk) in peers(world) {
        for deed in disk.deeds.iter() {
            let ballot = deed.ballot;
            let values = deed.accepted.iter();
            all.extend(values.map(|&value| Proposal { ballot, value }));
        }
    }
    sort(&mut all);
    let count = |proposal: &Proposal| all.iter().filter(|other| *other == proposal).count();
    let mut chosen: Vec<_> = all
        .iter()
        .filter(|one| count(one) >= needed)
        .copied()
        .collect();
    chosen.dedup();
    chosen
}

/// Whether two different values have a quorum.
pub(super) fn two_chosen(world: &World) -> bool {
    let chosen = chosen_on_disk(world);
    chosen.windows(2).any(|pair| pair[0].value != pair[1].value)
}

/// Whether every learner that runs knows.
pub(super) fn all_learned(world: &World) -> bool {
    let mut learners = running(world).filter_map(|(_, peer)| peer.learner.as_ref());
    learners.all(|learner| learner.learned.is_some())
}

/// Whether two proposers have each been overtaken, and nothing is chosen.
pub(super) fn duel(world: &World) -> bool {
    let hit = running(world).filter(|(_, peer)| {
        let proposer = peer.proposer.as_ref();
        proposer.is_some_and(|proposer| proposer.overtaken > 0)
    });
    hit.count() > 1 && chosen_on_disk(world).is_empty()
}

/// Who has accepted a proposal.
#[derive(Clone)]
struct Votes {
    proposal: Proposal,
    /// In order.
    voters: Vec<NodeId>,
}

/// Watches one run.
#[derive(Clone)]
pub(super) struct Watcher {
    /// All that was accepted anywhere, at any time.
    votes: Vec<Votes>,
    /// The values that were chosen, in that order.
    chosen: Vec<Word>,
    /// The values that somebody wanted.
    proposed: Vec<Word>,
    /// Who wants one, and has not crashed since it was asked.
    wants: Vec<NodeId>,
    /// Whether proposers begin by themselves.
    by_themselves: bool,
}

impl Watcher {
    pub(super) fn new(world: &World) -> Self {
        let config = config(world);
        let by_themselves = config.is_some_and(|config| config.start.is_some());
        let own = config.map_or(0, |config| config.proposers.len());
        let own = if by_themselves { own as u16 } else { 0 };
        Watcher {
            votes: Vec::new(),
            chosen: Vec::new(),
            proposed: (1..=own).map(own_value).collect(),
            wants: Vec::new(),
            by_themselves,
        }
    }

    fn vote(&mut self, who: NodeId, proposal: Proposal, world: &World, verdicts: &mut Verdicts) {
        let at = self
            .votes
            .partition_point(|votes| votes.proposal < proposal);
        if self
            .votes
            .get(at)
            .is_none_or(|votes| votes.proposal != proposal)
        {
            let voters = Vec::new();
            self.votes.insert(at, Votes { proposal, voters });
        }
        let voters = &mut self.votes[at].voters;
        let Err(place) = voters.binary_search(&who) else {
            return;
        };
        voters.insert(place, who);
        if voters.len() >= enough(world) && !self.chosen.contains(&proposal.value) {
            self.choose(proposal.value, verdicts);
        }
    }

    fn choose(&mut self, value: Word, verdicts: &mut Verdicts) {
        self.chosen.push(value);
        verdicts.see(CHOSEN);
        if let [first, _, ..] = self.chosen[..] {
            let note = Note::new(notes::TWO_VALUES, [first.into(), value.into()]);
            verdicts.violate(ONE_VALUE, Some(note));
        }
        if !self.proposed.contains(&value) {
            let note = Note::new(notes::NOT_PROPOSED, [value.into()]);
            verdicts.violate(PROPOSED, Some(note));
        }
    }

    fn asked(&mut self, action: &Action) {
        if let Action::Ask(node, request) = action
            && let Some(Propose(value)) = request.value.downcast_ref()
        {
            if !self.proposed.contains(value) {
                self.proposed.push(*value);
            }
            if !self.wants.contains(node) {
                self.wants.push(*node);
            }
        }
    }

    fn arrived(&mut self, letter: &Letter, world: &World, verdicts: &mut Verdicts) {
        if let Some(PaxosMessage::Accepted(proposal)) = typed(&*letter.parcel) {
            self.vote(letter.name.from, *proposal, world, verdicts);
        }
    }

    fn look_at(&mut self, node: NodeId, world: &World, verdicts: &mut Verdicts) {
        let cell = world.cell(node);
        if cell.status() == Status::Down {
            self.wants.retain(|other| *other != node);
        }
        if let Some(proposal) = disk_of::<Peer>(cell.node()).and_then(|disk| disk.accepted) {
            self.vote(node, proposal, world, verdicts);
        }
    }

    /// A belief is right where the value is chosen by now.
    fn hear(&self, node: NodeId, world: &World, verdicts: &mut Verdicts) {
        let Some(peer) = engine_of::<Peer>(world.cell(node).node()) else {
            return;
        };
        for value in peer.beliefs().filter(|value| !self.chosen.contains(value)) {
            let note = Note::new(notes::NOT_CHOSEN, [node.into(), value.into()]);
            verdicts.violate(LEARNED, Some(note));
        }
    }
}

impl Checker for Watcher {
    fn observe(&mut self, world: &World, verdicts: &mut Verdicts) {
        let record = world.record();
        match &record.what {
            Happened::Delivered(letter) => self.arrived(letter, world, verdicts),
            Happened::Commanded(action, None) | Happened::Struck(action, None) => {
                self.asked(action);
            }
            Happened::Commanded(_, Some(_))
            | Happened::Struck(_, Some(_))
            | Happened::Nothing
            | Happened::Started(_)
            | Happened::Lost(..)
            | Happened::TimerFired(..)
            | Happened::Written(..) => {}
        }
        for node in record.touched.iter() {
            self.look_at(*node, world, verdicts);
        }
        for node in record.touched.iter() {
            self.hear(*node, world, verdicts);
        }
        if !verdicts.seen(DUEL) && !record.notes.is_empty() && duel(world) {
            verdicts.see(DUEL);
        }
    }

    fn settled(&self, check: usize, _world: &World) -> bool {
        let wanted = self.by_themselves || !self.wants.is_empty();
        check == CHOSEN_SOON && (!self.chosen.is_empty() || !wanted)
    }

    fn dup(&self) -> Box<dyn Checker> {
        Box::new(self.clone())
    }

    fn print(&self, names: &Renaming, print: &mut Fingerprint) {
        let in_order = |nodes: &[NodeId]| {
            let mut nodes: Vec<_> = nodes.iter().map(|node| names.of(*node)).collect();
            sort(&mut nodes);
            nodes
        };
        for votes in &self.votes {
            (votes.proposal, in_order(&votes.voters)).hash(print);
        }
        // In which order values were proposed means nothing.
        let mut proposed = self.proposed.clone();
        sort(&mut proposed);
        (&self.chosen, proposed, in_order(&self.wants)).hash(print);
    }
}
