//! What Multi-Paxos promises, judged from outside: by what stands on disks, by what clients asked for and
//! were told, and by what servers have taken for chosen and applied.

use super::message::MultiMessage;
use super::notes;
use super::server::{Disk, Role, Server};
use super::slots::Slots;
use super::types::{Ballot, Command, Slot, Vote};
use crate::engine::{
    Call, Fingerprint, Log, NodeId, Note, NoteKey, Renaming, Report, Span, engine_of, parts_of,
    typed,
};
use crate::lab::linear::Watch;
use crate::lab::store::Machine;
use crate::lab::{CheckSpec, Checker, Mode, Verdicts, linear};
use crate::sim::{FaultKind, FaultSet, Happened, Status, World};
use std::hash::Hash;

/// All faults but the loss of a disk: promises and votes are on it.
const PROMISED: FaultSet = FaultSet::all_but(&[FaultKind::DiskLost]);
/// How soon after calm there is progress, with the default times: some twenty of the longest timeouts.
/// Of two that try at once the higher ballot wins, so that a try is in vain only where a third begins
/// within it.
const SOON: Span = Span::secs(7);

const ONE_VALUE: usize = 0;
const PROPOSED: usize = 1;
const ON_DISKS: usize = 2;
const MACHINE_SAFETY: usize = 3;
const APPLIED_ONCE: usize = 4;
const LINEARIZABLE: usize = 5;
const KEPT: usize = 6;
const NO_GAP: usize = 7;
const STABLE: usize = 8;
const CHOSEN: usize = 9;
const GAP_FILLED: usize = 10;
const CAUGHT_UP: usize = 11;
const LEADER_AFTER_CALM: usize = 12;
const ALIKE_AFTER_CALM: usize = 13;

const fn spec(id: &'static str, mode: Mode, assumes: FaultSet) -> CheckSpec {
    CheckSpec { id, mode, assumes }
}

/// In the order of the constants above.
pub(super) const CHECKS: &[CheckSpec] = &[
    spec("one-value-is-chosen-in-a-slot", Mode::Always, PROMISED),
    spec("what-is-chosen-was-proposed", Mode::Always, PROMISED),
    spec(
        "what-is-chosen-is-on-a-majority-of-disks",
        Mode::Always,
        PROMISED,
    ),
    spec("state-machine-safety", Mode::Always, PROMISED),
    spec("each-request-is-applied-once", Mode::Always, PROMISED),
    spec(linear::CHECK, Mode::Always, PROMISED),
    spec("promises-are-kept", Mode::Always, PROMISED),
    spec("a-leader-leaves-no-gap", Mode::Always, PROMISED),
    spec("a-leader-is-stable", Mode::Sometimes, FaultSet::ALL),
    spec("a-value-is-chosen", Mode::Sometimes, FaultSet::ALL),
    spec("a-gap-is-filled", Mode::Sometimes, FaultSet::ALL),
    spec("a-server-catches-up", Mode::Sometimes, FaultSet::ALL),
    spec(
        "after-calm-there-is-a-leader",
        Mode::Eventually(SOON),
        PROMISED,
    ),
    spec(
        "after-calm-all-live-logs-are-alike",
        Mode::Eventually(SOON),
        PROMISED,
    ),
];

/// All servers, whether they run or not.
pub(super) fn servers(world: &World) -> impl Iterator<Item = (NodeId, &Server, &Disk)> {
    world.ids().filter_map(|id| {
        let (server, disk) = parts_of::<Server>(world.cell(id).node())?;
        Some((id, server, disk))
    })
}

fn live(world: &World) -> impl Iterator<Item = (NodeId, &Server)> {
    let up = |(id, ..): &(NodeId, &Server, &Disk)| world.cell(*id).status() == Status::Up;
    servers(world)
        .filter(up)
        .map(|(id, server, _)| (id, server))
}

/// The live leader of the highest ballot, if there is one.
pub(super) fn leader(world: &World) -> Option<(NodeId, &Server)> {
    let leaders = live(world).filter(|(_, server)| server.leads());
    leaders.max_by_key(|(_, server)| server.promised)
}

/// Whether all live servers follow one leader, and have promised nothing higher.
pub(super) fn stable(world: &World) -> bool {
    let Some((lead, leader)) = leader(world) else {
        return false;
    };
    live(world).all(|(_, server)| server.leader == Some(lead) && server.promised <= leader.promised)
}

/// Whether any server takes anything for chosen.
pub(super) fn any_chosen(world: &World) -> bool {
    live(world).any(|(_, server)| server.chosen > Slot(0))
}

/// How many slots are known to be chosen, and hold something that a client asked for.
pub(super) fn agreed(world: &World) -> u64 {
    let ahead = live(world).max_by_key(|(_, server)| server.applied.len());
    let commands = ahead.map_or(0, |(_, server)| {
        let asked = |(_, command): &&(Slot, Command)| *command != Command::Noop;
        server.applied.iter().filter(asked).count()
    });
    commands as u64
}

/// Whether a leader is stable, all that it found or proposed is chosen, and all live servers have
/// applied the same.
pub(super) fn settled(world: &World) -> bool {
    let Some((_, leader)) = leader(world).filter(|_| stable(world)) else {
        return false;
    };
    let Role::Leader(leading) = &leader.role else {
        return false;
    };
    let ends = |server: &Server| (server.applied.len(), server.applied.end());
    leading.open.is_empty()
        && leading.waiting.is_empty()
        && live(world).all(|(_, server)| ends(server) == ends(leader))
}

/// Whether a leader is stable, has chosen what it found in phase 1, and no live server lacks what
/// that leader said is chosen. (What is asked for meanwhile is under way all the time.)
fn alike(world: &World) -> bool {
    let Some((_, leader)) = leader(world).filter(|_| stable(world)) else {
        return false;
    };
    let Role::Leader(leading) = &leader.role else {
        return false;
    };
    let lacks = |server: &Server| (server.applied.len() as u32) < server.told.0;
    let same = |server: &Server| {
        let both = server.applied.len().min(leader.applied.len());
        server.applied.digest(both) == leader.applied.digest(both)
    };
    leader.applied.len() as u32 >= leading.recovered.0
        && live(world).all(|(_, server)| !lacks(server) && same(server))
}

/// Whether a slot that was proposed is not chosen, and one behind it is accepted somewhere: what a
/// crash of the leader leaves as a gap.
pub(super) fn gap(world: &World) -> bool {
    live(world).any(|(_, server)| {
        let last = server.slots.last();
        let slots = (server.chosen.next().0..last.0).map(Slot);
        let mut empty = slots.filter(|slot| server.slots.get(*slot).is_none());
        empty.next().is_some()
    })
}

/// What was last seen of one server.
#[derive(Clone, Hash, Default)]
struct Seen {
    chosen: Slot,
    beyond: Vec<Slot>,
    applied: (usize, u64),
    leads: Option<Ballot>,
}

/// Watches one run.
#[derive(Clone)]
pub(super) struct Watcher {
    seen: Vec<Seen>,
    /// What was first taken for chosen, slot by slot.
    chosen: Slots,
    /// What was applied, by whoever was first, and the store as it should be after each.
    applied: Log<(Slot, Command)>,
    reference: Machine,
    stores: Log<u64>,
    /// The highest ballot that each server promised, as somebody heard.
    promised: Vec<Ballot>,
    /// What each client asked for, by its number.
    asked: Vec<Log<(u64, Call)>>,
    /// What clients saw, and nothing else.
    clients: Watch,
}

/// A slot that a leader has passed over: it knows of none that is chosen, and proposes none.
fn left_out(server: &Server) -> Option<Slot> {
    let Role::Leader(leading) = &server.role else {
        return None;
    };
    let mut slots = (server.chosen.next().0..leading.next.0).map(Slot);
    slots.find(|slot| {
        let open = leading.open.iter().any(|open| open.slot == *slot);
        let waits = leading.waiting.iter().any(|(waiting, _)| waiting == slot);
        !open && !waits && !server.beyond.contains(slot)
    })
}

/// What is wrong with a server at a slot or a count.
fn about(key: NoteKey, node: NodeId, at: usize) -> Option<Note> {
    Some(Note::new(key, [node.into(), at.into()]))
}

impl Watcher {
    pub(super) fn new(world: &World) -> Self {
        Watcher {
            seen: world.ids().map(|_| Seen::default()).collect(),
            chosen: Slots::default(),
            applied: Log::default(),
            reference: Machine::default(),
            stores: Log::default(),
            promised: world.ids().map(|_| Ballot::default()).collect(),
            asked: world.ids().map(|_| Log::default()).collect(),
            clients: Watch::default(),
        }
    }

    fn look_at(&mut self, node: NodeId, world: &World, verdicts: &mut Verdicts) {
        let cell = world.cell(node);
        let Some(server) = engine_of::<Server>(cell.node()) else {
            return;
        };
        if cell.status() == Status::Down {
            self.seen[node.index()] = Seen::default();
            return;
        }
        if server.promised < self.promised[node.index()] {
            let args = [
                node.into(),
                self.promised[node.index()].into(),
                server.promised.into(),
            ];
            verdicts.violate(KEPT, Some(Note::new(notes::PROMISE_FORGOTTEN, args)));
        }
        let seen = &self.seen[node.index()];
        let leads = server.leads().then_some(server.promised);
        let applied = (server.applied.len(), server.applied.end());
        if (seen.chosen, seen.applied, seen.leads) == (server.chosen, applied, leads)
            && seen.beyond == server.beyond
        {
            return;
        }
        let seen = std::mem::replace(
            &mut self.seen[node.index()],
            Seen {
                chosen: server.chosen,
                beyond: server.beyond.clone(),
                applied,
                leads,
            },
        );
        if seen.leads != leads
            && let Some(slot) = left_out(server)
        {
            let why = about(notes::LEFT_OUT, node, slot.0 as usize);
            verdicts.violate(NO_GAP, why);
        }
        for slot in (seen.chosen.next().0..=server.chosen.0).map(Slot) {
            self.look_at_slot((node, slot), server, world, verdicts);
        }
        for slot in server.beyond.iter() {
            if !seen.beyond.contains(slot) {
                self.look_at_slot((node, *slot), server, world, verdicts);
            }
        }
        if applied != seen.applied {
            self.look_at_applied(node, server, verdicts);
        }
    }

    /// A server takes what it holds in a slot for chosen.
    fn look_at_slot(
        &mut self,
        (node, slot): (NodeId, Slot),
        server: &Server,
        world: &World,
        verdicts: &mut Verdicts,
    ) {
        let Some(vote) = server.slots.get(slot) else {
            return;
        };
        verdicts.see(CHOSEN);
        match self.chosen.get(slot) {
            Some(known) if known.command == vote.command => {}
            Some(_) => {
                let why = about(notes::TWO_VALUES, node, slot.0 as usize);
                verdicts.violate(ONE_VALUE, why);
            }
            None => {
                self.chosen.set(slot, vote);
                self.look_at_value(slot, vote, verdicts);
                let on_disk = |(.., disk): &(NodeId, &Server, &Disk)| {
                    let there = disk.slots.get(slot);
                    there.is_some_and(|there| there.command == vote.command)
                };
                let (copies, all) = (
                    servers(world).filter(on_disk).count(),
                    servers(world).count(),
                );
                if copies * 2 <= all {
                    let args = [node.into(), u64::from(slot.0).into(), copies.into()];
                    verdicts.violate(ON_DISKS, Some(Note::new(notes::NOT_ON_DISKS, args)));
                }
            }
        }
    }

    /// What is chosen is a no-op, or what that client did ask for.
    fn look_at_value(&self, slot: Slot, vote: Vote, verdicts: &mut Verdicts) {
        let Command::Request {
            client,
            sequence,
            op,
        } = vote.command
        else {
            return;
        };
        let wanted = (u64::from(sequence), op.call());
        let asked = self.asked.get(client.index());
        let found = asked.is_some_and(|asked| {
            let mut last_first = (0..asked.len()).rev();
            last_first.any(|at| asked.get(at) == Some(&wanted))
        });
        if !found {
            let args = [slot.into(), client.into(), u64::from(sequence).into()];
            verdicts.violate(PROPOSED, Some(Note::new(notes::NOT_PROPOSED, args)));
        }
    }

    /// All servers apply the same, in the same order.
    fn look_at_applied(&mut self, node: NodeId, server: &Server, verdicts: &mut Verdicts) {
        let (len, known) = (server.applied.len(), self.applied.len());
        let both = len.min(known);
        if server.applied.digest(both) != self.applied.digest(both) {
            verdicts.violate(MACHINE_SAFETY, about(notes::APPLIED_OTHER, node, both));
            return;
        }
        for at in known..len {
            let Some((slot, command)) = server.applied.get(at).copied() else {
                break;
            };
            self.applied.push((slot, command));
            if let Command::Request {
                client,
                sequence,
                op,
            } = command
            {
                self.reference.apply((client, sequence), op, true);
            }
            self.stores.push(self.reference.digest());
        }
        let store = len.checked_sub(1).and_then(|at| self.stores.get(at));
        if store.is_some_and(|store| *store != server.machine.digest()) {
            verdicts.violate(APPLIED_ONCE, about(notes::STORE_OTHER, node, len));
        }
    }

    fn look_at_reports(&mut self, node: NodeId, world: &World, verdicts: &mut Verdicts) {
        for report in &world.record().reports {
            if let Report::Invoked { op, call } = report {
                self.asked[node.index()].push((*op, *call));
            }
            if let Some(broken) = self.clients.note(node, report) {
                let arguments = [broken.client.into(), broken.op.into(), broken.key.into()];
                verdicts.violate(LINEARIZABLE, Some(Note::new(notes::NO_ORDER, arguments)));
            }
        }
    }
}

impl Checker for Watcher {
    fn observe(&mut self, world: &World, verdicts: &mut Verdicts) {
        let record = world.record();
        if let Happened::Delivered(letter) = &record.what
            && let Some(MultiMessage::Promise { ballot, .. }) = typed(&*letter.parcel)
        {
            let promised = &mut self.promised[letter.name.from.index()];
            *promised = (*promised).max(*ballot);
        }
        for node in record.touched.iter() {
            self.look_at(*node, world, verdicts);
        }
        if !record.reports.is_empty()
            && let Some(node) = record.what.node()
        {
            self.look_at_reports(node, world, verdicts);
        }
        for note in &record.notes {
            if note.key == notes::GAP_FILLED {
                verdicts.see(GAP_FILLED);
            } else if note.key == notes::CAUGHT_UP {
                verdicts.see(CAUGHT_UP);
            }
        }
        if !verdicts.seen(STABLE) && stable(world) {
            verdicts.see(STABLE);
        }
    }

    fn settled(&self, check: usize, world: &World) -> bool {
        match check {
            LEADER_AFTER_CALM => stable(world),
            ALIKE_AFTER_CALM => alike(world),
            _ => false,
        }
    }

    fn dup(&self) -> Box<dyn Checker> {
        Box::new(self.clone())
    }

    fn print(&self, _: &Renaming, print: &mut Fingerprint) {
        (&self.seen, &self.chosen, &self.promised, &self.asked).hash(print);
        (&self.applied, &self.reference, &self.stores).hash(print);
        self.clients.hash(print);
    }
}
