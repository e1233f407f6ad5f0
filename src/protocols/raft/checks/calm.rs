//! What is so of a world at rest, and the moments of the lab.

use super::super::client::Client;
use super::super::server::{Role, Server};
use super::super::types::{Index, Op};
use super::end_of;
use crate::engine::{NodeId, engine_of};
use crate::sim::{NodeKind, Status, World};

fn live_servers(world: &World) -> impl Iterator<Item = (NodeId, &Server)> {
    let live = world
        .ids()
        .filter(|id| world.cell(*id).status() == Status::Up);
    live.filter_map(|id| Some((id, engine_of::<Server>(world.cell(id).node())?)))
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
    current
        && some
        && live_servers(world)
            .all(|(_, server)| server.log.digest(commit.len()) == leader.log.digest(commit.len()))
}

/// Whether any server has committed anything.
pub(in super::super) fn committed(world: &World) -> bool {
    live_servers(world).any(|(_, server)| server.commit > Index(0))
}

/// Whether all live logs end alike and are committed.
pub(in super::super) fn settled_logs(world: &World) -> bool {
    let mut ends = live_servers(world).map(|(_, server)| (end_of(&server.log), server.commit));
    let Some(first) = ends.next() else {
        return false;
    };
    first.0.0 == first.1.len() && ends.all(|end| end == first)
}

/// Whether no client waits for an answer.
pub(in super::super) fn idle(world: &World) -> bool {
    let clients = world
        .ids()
        .filter(|id| world.spec(*id).kind == NodeKind::Client);
    let pending = |id: NodeId| engine_of::<Client>(world.cell(id).node()).and_then(Client::pending);
    clients.map(pending).all(|op: Option<Op>| op.is_none())
}
