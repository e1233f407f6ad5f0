//! The catalogue: one folder a protocol. Only this file imports them.

pub mod cache;
pub mod chubby;
pub mod counter;
#[path = "hash-ring/mod.rs"]
pub mod hash_ring;
pub mod heartbeat;
#[path = "lease-lock/mod.rs"]
pub mod lease_lock;
#[path = "lock-queue/mod.rs"]
pub mod lock_queue;
pub mod paxos;
pub mod redlock;
pub mod sharding;
#[path = "state-lock/mod.rs"]
pub mod state_lock;
#[path = "task-queue/mod.rs"]
pub mod task_queue;
#[cfg(test)]
mod testing;

pub use splitbrain_core::protocols::{load_balancer, raft};

use crate::lab::Lab;
use crate::view::Plugin;

/// Every lab, in the order of the menu.
pub const CATALOGUE: &[&'static dyn Plugin] = &[
    &raft::Raft,
    &paxos::Paxos,
    &lock_queue::LockQueue,
    &lease_lock::LeaseLock,
    &state_lock::StateLock,
    &redlock::Redlock,
    &chubby::Chubby,
    &counter::Counter,
    &hash_ring::HashRing,
    &sharding::Sharding,
    &load_balancer::LoadBalancer,
    &cache::CacheLab,
    &task_queue::TaskQueue,
    &heartbeat::HeartbeatLab,
];

/// The lab of this id.
#[must_use]
pub fn find(id: &str) -> Option<&'static dyn Plugin> {
    CATALOGUE
        .iter()
        .find(|plugin| plugin.info().id == id)
        .copied()
}

/// The labs without their pictures, as stories are read with.
#[must_use]
pub fn labs() -> Vec<&'static dyn Lab> {
    CATALOGUE
        .iter()
        .map(|plugin| *plugin as &'static dyn Lab)
        .collect()
}
