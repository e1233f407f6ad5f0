//! What an election promises, judged from outside: by who believes to lead and in which term, and by the votes that
//! have arrived.

use super::message::VoteMessage;
use super::notes;
use super::peer::Peer;
use crate::engine::{Fingerprint, NodeId, Note, Renaming, Span, typed};
use crate::lab::{CheckSpec, Checker, Mode, Verdicts};
use crate::sim::{FaultKind, FaultSet, Happened, Letter, LossReason, World};
use std::hash::Hash;

/// Votes are on disks.
const DISKS_KEPT: FaultSet = FaultSet::all_but(&[FaultKind::DiskLost]);
/// How soon after calm all follow one: a sickness, a silence, and elections of less than a quarter of a second each. Where
/// all voters draw for themselves, four of five of those may elect nobody; that forty in a row do is left to chance.
const AFTER_CALM: Span = Span::secs(15);

const ONE_A_TERM: usize = 0;
const HAS_THE_VOTES: usize = 1;
const FIT: usize = 2;
const ELECTED: usize = 3;
const NOT_THE_HIGHEST: usize = 4;
const SPLIT: usize = 5;
const FOR_THE_DEAD: usize = 6;
const SICK_LEADS: usize = 7;
const ALL_FOLLOW: usize = 8;

const fn spec(id: &'static str, mode: Mode, assumes: FaultSet) -> CheckSpec {
    CheckSpec { id, mode, assumes }
}

/// In the order of the constants above.
pub(super) const CHECKS: &[CheckSpec] = &[
    spec("one-leader-a-term", Mode::Always, DISKS_KEPT),
    spec(
        "a-leader-has-the-votes-of-more-than-half",
        Mode::Always,
        FaultSet::ALL,
    ),
    spec(
        "whoever-is-accepted-is-fit-when-it-takes-the-lead",
        Mode::Always,
        FaultSet::ALL,
    ),
    spec("a-leader-is-elected", Mode::Sometimes, FaultSet::ALL),
    spec("a-higher-priority-follows", Mode::Sometimes, FaultSet::ALL),
    spec("the-votes-are-split", Mode::Sometimes, FaultSet::ALL),
    spec("a-vote-comes-to-the-dead", Mode::Sometimes, FaultSet::ALL),
    spec("a-sick-node-leads", Mode::Sometimes, FaultSet::ALL),
    spec(
        "after-calm-all-follow-one-leader",
        Mode::Eventually(AFTER_CALM),
        FaultSet::ALL,
    ),
];

/// A node, where it runs.
pub(super) fn live(world: &World, node: NodeId) -> Option<&Peer> {
    let cell = world.cell(node);
    cell.running::<Peer>()
}

/// All that run.
pub(super) fn running(world: &World) -> impl Iterator<Item = (NodeId, &Peer)> {
    world.ids().filter_map(|id| Some((id, live(world, id)?)))
}

/// Those that run and believe to lead.
pub(super) fn leaders(world: &World) -> impl Iterator<Item = (NodeId, &Peer)> {
    running(world).filter(|(_, peer)| peer.leads())
}

/// Whether one leads, and all others that run follow it.
pub(super) fn agreed(world: &World) -> bool {
    let mut leading = leaders(world);
    let (Some((leader, _)), None) = (leading.next(), leading.next()) else {
        return false;
    };
    running(world).all(|(_, peer)| peer.leader == Some(leader))
}

/// Whether one leads though a node that is as fit, and has a higher priority, follows it.
pub(super) fn not_the_highest(world: &World) -> bool {
    leaders(world).any(|(leader, peer)| {
        let own = peer.state().priority;
        running(world).any(|(_, other)| {
            other.leader == Some(leader) && other.fit() && other.state().priority > own
        })
    })
}

/// Who led in a term, and whose votes came to whom.
#[derive(Clone, Hash)]
struct Term {
    number: u64,
    leader: Option<NodeId>,
    /// The candidate, and a bit for each voter.
    votes: Vec<(NodeId, u32)>,
}

/// Watches one run.
#[derive(Clone, Hash)]
pub(super) struct Watcher {
    /// By their numbers.
    terms: Vec<Term>,
    /// Who led before this step, and in which term.
    leading: Vec<Option<u64>>,
}

impl Watcher {
    pub(super) fn new(world: &World) -> Self {
        Watcher {
            terms: Vec::new(),
            leading: vec![None; world.ids().count()],
        }
    }

    fn term(&mut self, number: u64) -> &mut Term {
        let found = self.terms.binary_search_by_key(&number, |term| term.number);
        let at = found.unwrap_or_else(|at| {
            let term = Term {
                number,
                leader: None,
                votes: Vec::new(),
            };
            self.terms.insert(at, term);
            at
        });
        &mut self.terms[at]
    }

    /// A vote has arrived, at a node that runs.
    fn note_vote(&mut self, letter: &Letter, verdicts: &mut Verdicts) {
        let Some(VoteMessage::Vote(number)) = typed::<VoteMessage>(&*letter.parcel) else {
            return;
        };
        let (voter, candidate) = (letter.name.from, letter.name.to);
        let votes = &mut self.term(*number).votes;
        let bit = 1 << voter.0;
        match votes.iter_mut().find(|(node, _)| *node == candidate) {
            Some((_, voters)) => *voters |= bit,
            None => votes.push((candidate, bit)),
        }
        if votes.len() > 1 {
            verdicts.see(SPLIT);
        }
    }

    /// Who leads now that did not before, or not in this term?
    fn note_leaders(&mut self, world: &World, verdicts: &mut Verdicts) {
        for id in world.ids() {
            let peer = live(world, id);
            let now = peer.filter(|peer| peer.leads()).map(|peer| peer.term);
            let before = std::mem::replace(&mut self.leading[id.index()], now);
            if let (Some(peer), Some(term)) = (peer, now)
                && now != before
            {
                verdicts.see(ELECTED);
                self.took_the_lead(id, peer, term, verdicts);
            }
        }
    }

    fn took_the_lead(&mut self, id: NodeId, peer: &Peer, number: u64, verdicts: &mut Verdicts) {
        let all = peer.config().priorities.len();
        let majority = peer.config().majority();
        let term = self.term(number);
        let first = *term.leader.get_or_insert(id);
        if first != id {
            let args = [first.into(), id.into(), number.into()];
            verdicts.violate(ONE_A_TERM, Some(Note::new(notes::TWO_IN_A_TERM, args)));
        }
        let came = term.votes.iter().find(|(node, _)| *node == id);
        // Its own goes by no link.
        let own = 1 << id.0;
        let of_others = came.map_or(0, |(_, voters)| (*voters & !own).count_ones());
        let count = of_others as usize + usize::from(peer.voted == Some(id));
        if count < majority {
            let args = [id.into(), number.into(), count.into(), all.into()];
            let note = Note::new(notes::TOO_FEW_VOTES, args);
            verdicts.violate(HAS_THE_VOTES, Some(note));
        }
        if peer.config().form == super::Form::Acceptance && !peer.fit() {
            let note = Note::new(notes::UNFIT_LEADER, [id.into()]);
            verdicts.violate(FIT, Some(note));
        }
    }
}

impl Checker for Watcher {
    fn observe(&mut self, world: &World, verdicts: &mut Verdicts) {
        let record = world.record();
        match &record.what {
            Happened::Delivered(letter) => self.note_vote(letter, verdicts),
            Happened::Lost(letter, LossReason::Down) => {
                let message = typed::<VoteMessage>(&*letter.parcel);
                if matches!(message, Some(VoteMessage::Vote(_))) {
                    verdicts.see(FOR_THE_DEAD);
                }
            }
            Happened::Nothing
            | Happened::Started(_)
            | Happened::Lost(..)
            | Happened::TimerFired(..)
            | Happened::Written(..)
            | Happened::Commanded(..)
            | Happened::Struck(..) => {}
        }
        if record.touched.is_empty() {
            return;
        }
        self.note_leaders(world, verdicts);
        if not_the_highest(world) {
            verdicts.see(NOT_THE_HIGHEST);
        }
        if leaders(world).any(|(_, peer)| peer.sick) {
            verdicts.see(SICK_LEADS);
        }
    }

    fn settled(&self, check: usize, world: &World) -> bool {
        check == ALL_FOLLOW && agreed(world)
    }

    fn dup(&self) -> Box<dyn Checker> {
        Box::new(self.clone())
    }

    fn print(&self, _names: &Renaming, print: &mut Fingerprint) {
        self.hash(print);
    }
}
