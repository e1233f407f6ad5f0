//! How it is compared with others: as Raft is.

use super::checks::leader;
use super::notes::CLIENT_DONE;
use crate::engine::NodeId;
use crate::lab::contest::{Contest, replicated};
use crate::sim::World;

fn in_charge(world: &World) -> Option<NodeId> {
    leader(world).map(|(id, _)| id)
}

pub(super) static CONTEST: Contest = replicated(in_charge, &[CLIENT_DONE]);
