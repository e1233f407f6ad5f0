//! What is so of a world at rest, and the moments of the lab.

use super::super::server::{Role, Server};
use super::super::types::{Index, Payload};
use super::end_of;
use crate::engine::{NodeId, engine_of};
use crate::sim::{Status, World};

pub(super) fn servers(world: &World) -> impl Iterator<Item = (NodeId, &Server)> {
    let all = world.ids();
    all.filter_map(|id| Some((id, engine_of::<Server>(world.cell(id).node())?)))
}

fn live_servers(world: &World) -> impl Iterator<Item = (NodeId, &Server)> {
    servers(world).filter(|(id, _)| world.cell(*id).status() == Status::Up)
}

/// The live servers that are members by the one that has committed most; all, where members never change.
fn live_members(world: &World) -> impl Iterator<Item = (NodeId, &Server)> {
    let ahead = live_servers(world).max_by_key(|(_, server)| (server.commit, server.term));
    let members = ahead.and_then(|(_, server)| server.members());
    live_servers(world).filter(move |(id, _)| members.is_none_or(|members| members.all().has(*id)))
}

/// The live leader of the highest term, if there is one.
pub(in super::super) fn leader(world: &World) -> Option<NodeId> {
    let leaders = live_servers(world).filter(|(_, s)| matches!(s.role, Role::Leader { .. }));
    leaders
        .max_by_key(|(_, server)| server.term)
        .map(|(id, _)| id)
}

/// Whether there is a leader and every live log is the same as far as it has committed, in its
/// own term. (Without the empty entry at its beginning, a leader that nobody asks for anything
/// commits nothing, and leaves what stands behind its own last entry: figure 7.)
pub(super) fn alike(world: &World) -> bool {
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
    current && some && live_members(world).all(|(_, server)| same_up_to(commit, server, leader))
}

/// Whether two logs are alike up to an entry, or from where one of them begins.
fn same_up_to(index: Index, one: &Server, other: &Server) -> bool {
    let at = index.len().max(one.log.begin()).max(other.log.begin());
    one.log.digest(at).is_some() && one.log.digest(at) == other.log.digest(at)
}

/// How many committed entries hold something that a client asked for.
pub(in super::super) fn agreed(world: &World) -> u64 {
    let ahead = live_servers(world).max_by_key(|(_, server)| server.commit);
    let entries = ahead.map_or(0, |(_, server)| {
        // What a snapshot has taken in counts whole.
        let begin = server.log.begin();
        let kept = server.log.iter().take(server.commit.len() - begin);
        let asked = kept
            .filter(|entry| matches!(entry.payload, Payload::Client { .. } | Payload::Command(_)));
        begin + asked.count()
    });
    entries as u64
}

/// Whether any server has committed anything.
pub(in super::super) fn committed(world: &World) -> bool {
    live_servers(world).any(|(_, server)| server.commit > Index(0))
}

/// Whether all live logs end alike and are committed.
pub(in super::super) fn settled_logs(world: &World) -> bool {
    let mut ends = live_members(world).map(|(_, server)| (end_of(&server.log), server.commit));
    let Some(first) = ends.next() else {
        return false;
    };
    first.0.0 == first.1.len() && ends.all(|end| end == first)
}
