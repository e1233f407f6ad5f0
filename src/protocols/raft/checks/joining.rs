//! What is promised where the members change: judged by logs and by what is on disks.

use super::super::notes;
use super::super::server::{Disk, Server};
use super::super::types::{Index, Members, NodeSet, Term};
use super::{CAUGHT_UP, CHANGE_WAITS, KNOWS_MEMBERS, MAJORITIES, MEMBERS_CHANGE};
use crate::engine::{NodeId, Note, disk_of, engine_of};
use crate::lab::Verdicts;
use crate::sim::{Action, Happened, Status, World};

/// How far was committed when somebody asked a leader for other members, and who was a member then.
#[derive(Copy, Clone, Hash)]
struct Asked {
    leader: NodeId,
    commit: Index,
}

/// What was asked, and what came of it.
#[derive(Clone, Hash)]
pub(super) struct Joiners {
    asked: Vec<Asked>,
    /// The configuration that each server had last, and its place.
    known: Vec<Option<(Index, Members)>>,
    /// How far each leader had committed.
    led: Vec<Option<(Term, Index)>>,
    /// Where the configurations stand that are committed.
    committed: Vec<Index>,
}

impl Joiners {
    /// Nothing where the members never change.
    pub(super) fn of(world: &World) -> Option<Box<Self>> {
        let known = world.ids().map(|id| configuration(world, id));
        let known: Vec<Option<(Index, Members)>> = known.collect();
        known.iter().any(Option::is_some).then(|| {
            Box::new(Joiners {
                asked: Vec::new(),
                led: known.iter().map(|_| None).collect(),
                committed: Vec::new(),
                known,
            })
        })
    }

    pub(super) fn observe(&mut self, world: &World, verdicts: &mut Verdicts) {
        let record = world.record();
        let begins = [
            notes::LEARNER_BEGINS,
            notes::MEMBERS_IN_EFFECT,
            notes::MEMBERS_JOINT,
        ];
        let begun = record.notes.iter().any(|note| begins.contains(&note.key));
        if let Happened::Commanded(action, _) | Happened::Struck(action, _) = &record.what
            && let Action::Ask(node, _) = &**action
            && let Some(server) = engine_of::<Server>(world.cell(*node).node())
            && begun
        {
            let leader = *node;
            self.asked.retain(|asked| asked.leader != leader);
            let commit = server.commit;
            self.asked.push(Asked { leader, commit });
        }
        for node in &record.touched {
            self.look_at(*node, world, verdicts);
        }
    }

    fn look_at(&mut self, node: NodeId, world: &World, verdicts: &mut Verdicts) {
        let (now, before) = (configuration(world, node), self.known[node.index()]);
        let (Some(server), Some((at, members))) =
            (engine_of::<Server>(world.cell(node).node()), now)
        else {
            return;
        };
        let up = world.cell(node).status() != Status::Down;
        let led = std::mem::replace(
            &mut self.led[node.index()],
            (up && server.leads()).then_some((server.term, server.commit)),
        );
        if up {
            self.look_at_members((node, server), at, verdicts);
            // One that is removed by what it commits leads no more, and its term is the same.
            if let (Some((term, commit)), Some(by)) = (led, before)
                && (term, true) == (server.term, server.commit > commit)
            {
                look_at_commit((node, server), by, commit, world, verdicts);
            }
        }
        if now == before {
            return;
        }
        self.known[node.index()] = now;
        let old = before.map_or(NodeSet::NONE, |(_, members)| members.all());
        let asked = self.asked.iter().find(|asked| asked.leader == node);
        let (Some(asked), true) = (asked, up && server.leads()) else {
            return;
        };
        let early = server.members_before() > server.commit
            || server.term_at(server.commit) != Some(server.term);
        if early && at > before.map_or(Index(0), |(at, _)| at) {
            let args = [node.into(), at.into()];
            verdicts.violate(CHANGE_WAITS, Some(Note::new(notes::CHANGED_EARLY, args)));
        }
        for joiner in members.all().without(old).nodes() {
            let disk = disk_of::<Server>(world.cell(joiner).node());
            let has = disk.map_or(0, |disk: &Disk| disk.log.len());
            if has < asked.commit.len() {
                let numbers = [has as u64, u64::from(asked.commit.0)];
                let args = [joiner.into(), numbers[0].into(), numbers[1].into()];
                let why = Note::new(notes::NOT_CAUGHT_UP, args);
                verdicts.violate(CAUGHT_UP, Some(why));
            }
        }
    }
}

impl Joiners {
    /// What a server has committed it knows, and so who the members were there.
    fn look_at_members(
        &mut self,
        (node, server): (NodeId, &Server),
        since: Index,
        verdicts: &mut Verdicts,
    ) {
        let committed = server.commit >= since && since > Index(0);
        if let (true, Err(place)) = (committed, self.committed.binary_search(&since)) {
            verdicts.see(MEMBERS_CHANGE);
            self.committed.insert(place, since);
        }
        let mut must = self.committed.iter().rev();
        if let Some(must) = must.find(|at| **at <= server.commit)
            && since < *must
        {
            let args = [node.into(), since.into(), (*must).into()];
            verdicts.violate(KNOWS_MEMBERS, Some(Note::new(notes::MEMBERS_UNKNOWN, args)));
        }
    }
}

/// A leader has committed more: most members have that on their disks, of the old as of the new. Where the members
/// changed in the same step, what stands behind the configuration of before may have the majorities of the next.
fn look_at_commit(
    (node, server): (NodeId, &Server),
    (since, members): (Index, Members),
    committed: Index,
    world: &World,
    verdicts: &mut Verdicts,
) {
    let few = |members: Members, end: Index| {
        let copies = |voters: NodeSet| {
            let nodes = voters.nodes();
            nodes.filter(|node| has(*node, end, server, world)).count()
        };
        let all = [members.old, members.new].into_iter();
        let mut all = all.filter(|voters| *voters != NodeSet::NONE);
        all.find_map(|voters| Some(copies(voters)).filter(|have| have * 2 <= voters.count()))
    };
    let end = server.commit;
    let next = configuration(world, node).filter(|(at, _)| *at > since);
    let by_next = next.is_some_and(|(_, next)| few(next, end).is_none());
    let own = if by_next && since <= end { since } else { end };
    if own > committed
        && let Some(copies) = few(members, own)
    {
        let args = [node.into(), own.into(), (copies as u64).into()];
        verdicts.violate(MAJORITIES, Some(Note::new(notes::COMMITTED_BY_FEW, args)));
    }
}

/// Whether a server has what another has in its log up to there on its disk.
fn has(node: NodeId, end: Index, other: &Server, world: &World) -> bool {
    let (Some(disk), end): (Option<&Disk>, _) =
        (disk_of::<Server>(world.cell(node).node()), end.len())
    else {
        return false;
    };
    match (disk.log.digest(end), other.log.digest(end)) {
        _ if disk.log.begin() >= end => true,
        // What the other has put into a snapshot since cannot be compared any more.
        (_, None) => disk.log.len() >= end,
        (there, mine) => there == mine,
    }
}

/// The configuration by which a server acts, and its place.
fn configuration(world: &World, id: NodeId) -> Option<(Index, Members)> {
    let server = engine_of::<Server>(world.cell(id).node())?;
    Some((server.members_since(), server.members()?))
}
