//! What an election on a ring promises, judged from outside: by who is up, who believes to lead, and where ids were delivered.
//! The algorithms are made for rings without failures; ours stands crashes, and needs links that lose nothing and keep
//! their bound.

use super::message::{Kind, RingMessage};
use super::notes;
use super::peer::{Config, Peer};
use crate::engine::{Fingerprint, NodeId, Note, Renaming, Span, Time, engine_of, typed};
use crate::lab::{CheckSpec, Checker, Mode, Verdicts};
use crate::sim::{Action, FaultKind, FaultSet, Happened, Letter, World};
use std::hash::Hash;

const CRASHES: FaultSet = FaultSet::of(&[FaultKind::Crash, FaultKind::Restart]);
/// How soon after calm the largest id leads: more than [`in_time`] for the longest waits on the longest ring.
const AFTER_CALM: Span = Span::secs(30);
/// How many ids that are under way are watched at once; the oldest are forgotten.
const WATCHED: usize = 96;

const ONE_LEADER: usize = 0;
const IN_TIME: usize = 1;
const ONCE: usize = 2;
const ELECTED: usize = 3;
const TWO_LEAD: usize = 4;
const PASSED_BY: usize = 5;
const OUTLIVED: usize = 6;
const LARGEST_LEADS: usize = 7;

const fn spec(id: &'static str, mode: Mode, assumes: FaultSet) -> CheckSpec {
    CheckSpec { id, mode, assumes }
}

/// In the order of the constants above.
pub(super) const CHECKS: &[CheckSpec] = &[
    spec("one-leader", Mode::Always, CRASHES),
    spec("the-largest-live-id-leads-in-time", Mode::Always, CRASHES),
    spec("no-id-goes-round-twice", Mode::Always, CRASHES),
    spec("a-leader-is-elected", Mode::Sometimes, FaultSet::ALL),
    spec("two-lead-at-once", Mode::Sometimes, FaultSet::ALL),
    spec("a-dead-node-is-passed-by", Mode::Sometimes, FaultSet::ALL),
    spec("an-id-outlives-its-node", Mode::Sometimes, FaultSet::ALL),
    spec(
        "after-calm-the-largest-id-leads",
        Mode::Eventually(AFTER_CALM),
        FaultSet::ALL,
    ),
];

/// A node, where it runs.
pub(super) fn live(world: &World, node: NodeId) -> Option<&Peer> {
    let cell = world.cell(node);
    cell.running::<Peer>()
}

/// What is fixed for the run.
pub(super) fn config(world: &World) -> Option<&Config> {
    let mut peers = world.ids().map(|id| world.cell(id).node());
    peers.find_map(engine_of::<Peer>).map(Peer::config)
}

/// Those that run and believe to lead.
pub(super) fn leaders(world: &World) -> impl Iterator<Item = NodeId> {
    world
        .ids()
        .filter(|id| live(world, *id).is_some_and(Peer::leads))
}

/// The node with the largest id that runs.
pub(super) fn largest(world: &World) -> Option<NodeId> {
    let running = world
        .ids()
        .filter_map(|id| Some((live(world, id)?.id(), id)));
    running.max().map(|(_, id)| id)
}

/// Whether the largest live id leads, and all others that run follow it.
pub(super) fn agreed(world: &World) -> bool {
    let Some(largest) = largest(world) else {
        return false;
    };
    let mut all = world.ids().filter_map(|id| Some((id, live(world, id)?)));
    all.all(|(id, peer)| peer.leader == Some(largest) && (peer.leads() == (id == largest)))
}

/// Whether an id is under way whose node is down.
pub(super) fn outlived(world: &World) -> bool {
    let tokens = world.flights().filter_map(|flight| {
        match typed::<RingMessage>(&*flight.letter.parcel)?.packet()? {
            (Kind::Token, packet) => Some(packet.travel.origin),
            (Kind::Reply | Kind::Announcement | Kind::Heartbeat, _) => None,
        }
    });
    let mut origins = tokens;
    origins.any(|origin| live(world, origin).is_none())
}

/// One id on its way: whose, from which try and phase, which way, and where it was delivered.
#[derive(Clone, Hash)]
struct Trip {
    of: (NodeId, Time, u8, bool),
    visited: Vec<NodeId>,
}

/// Watches one run.
#[derive(Clone, Hash)]
pub(super) struct Watcher {
    up: Vec<bool>,
    disturbed: Time,
    leaderless: Option<Time>,
    trips: Vec<Trip>,
}

impl Watcher {
    pub(super) fn new(world: &World) -> Self {
        Watcher {
            up: world.ids().map(|_| true).collect(),
            disturbed: Time(0),
            leaderless: Some(Time(0)),
            trips: Vec::new(),
        }
    }

    fn note_status(&mut self, world: &World) {
        for (id, up) in world.ids().zip(&mut self.up) {
            let now = live(world, id).is_some();
            if now != *up {
                *up = now;
                self.disturbed = world.now();
            }
        }
    }

    fn judge_leaders(world: &World, verdicts: &mut Verdicts) {
        let mut leading = leaders(world);
        let Some(first) = leading.next() else {
            return;
        };
        verdicts.see(ELECTED);
        if let Some(second) = leading.next() {
            verdicts.see(TWO_LEAD);
            let note = Note::new(notes::TWO_LEAD, [first.into(), second.into()]);
            verdicts.violate(ONE_LEADER, Some(note));
        }
    }

    /// An id was delivered: was it there before, on the same way round?
    fn judge_trip(&mut self, letter: &Letter, world: &World, verdicts: &mut Verdicts) {
        let Some((Kind::Token, packet)) =
            typed::<RingMessage>(&*letter.parcel).and_then(RingMessage::packet)
        else {
            return;
        };
        let travel = packet.travel;
        if live(world, travel.origin).is_none() {
            verdicts.see(OUTLIVED);
        }
        let of = (travel.origin, travel.begun, travel.phase, travel.back);
        let to = letter.name.to;
        match self.trips.iter_mut().find(|trip| trip.of == of) {
            Some(trip) if trip.visited.contains(&to) => {
                let args = [u64::from(travel.id).into(), to.into()];
                verdicts.violate(ONCE, Some(Note::new(notes::TWICE_ROUND, args)));
            }
            Some(trip) => trip.visited.push(to),
            None => {
                if self.trips.len() == WATCHED {
                    self.trips.remove(0);
                }
                let visited = vec![to];
                self.trips.push(Trip { of, visited });
            }
        }
    }

    /// After the last crash or restart the largest live id leads within a bound that follows from the waits.
    fn judge_time(&mut self, world: &World, verdicts: &mut Verdicts) {
        let leading = largest(world).and_then(|id| Some((id, live(world, id)?)));
        let Some((largest, peer)) = leading.filter(|(_, peer)| !peer.leads()) else {
            self.leaderless = None;
            return;
        };
        let since = *self.leaderless.get_or_insert(world.now());
        let span = world.now() - since.max(self.disturbed);
        if span > in_time(peer.config(), world.calm_policy().latency.bound()) {
            let args = [largest.into(), span.into()];
            verdicts.violate(IN_TIME, Some(Note::new(notes::LATE_LEADER, args)));
        }
    }
}

/// What the dead have sent is off the ring after one trip, and may have set a node waiting: for the silence of a leader, or
/// for something to come of an election. Then its own id goes round. Or it came up just now, and begins a little later.
pub(super) fn in_time(config: &Config, message: Span) -> Span {
    let wait = config.silence().max(config.again()).max(config.start);
    Span(config.trip().0 + wait.0 + config.election().0 + message.0)
}

impl Checker for Watcher {
    fn observe(&mut self, world: &World, verdicts: &mut Verdicts) {
        let record = world.record();
        match &record.what {
            Happened::Commanded(action, _) | Happened::Struck(action, _) => {
                if matches!(**action, Action::Rule(..)) {
                    self.disturbed = world.now();
                }
                self.note_status(world);
            }
            Happened::Delivered(letter) => self.judge_trip(letter, world, verdicts),
            Happened::Nothing
            | Happened::Started(_)
            | Happened::Lost(..)
            | Happened::TimerFired(..)
            | Happened::Written(..) => {}
        }
        if !record.touched.is_empty() {
            Self::judge_leaders(world, verdicts);
        }
        if record.notes.iter().any(|note| note.key == notes::PASSED_BY) {
            verdicts.see(PASSED_BY);
        }
        self.judge_time(world, verdicts);
    }

    fn settled(&self, check: usize, world: &World) -> bool {
        check == LARGEST_LEADS && agreed(world)
    }

    fn dup(&self) -> Box<dyn Checker> {
        Box::new(self.clone())
    }

    fn print(&self, _names: &Renaming, print: &mut Fingerprint) {
        self.hash(print);
    }
}
