//! The catalogue: one folder a protocol. Only this file imports them.

pub mod bully;
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
#[path = "multi-paxos/mod.rs"]
pub mod multi_paxos;
pub mod paxos;
#[path = "priority-vote/mod.rs"]
pub mod priority_vote;
pub mod redlock;
#[path = "ring-election/mod.rs"]
pub mod ring_election;
pub mod saga;
pub mod sharding;
#[path = "state-lock/mod.rs"]
pub mod state_lock;
#[path = "task-queue/mod.rs"]
pub mod task_queue;
#[cfg(test)]
mod testing;
#[path = "three-phase-commit/mod.rs"]
pub mod three_phase_commit;
#[path = "two-phase-commit/mod.rs"]
pub mod two_phase_commit;
#[path = "version-vote/mod.rs"]
pub mod version_vote;

pub use splitbrain_core::protocols::{load_balancer, raft};

use crate::lab::Lab;
use crate::view::Plugin;

/// Every lab, in the order of the menu.
pub const CATALOGUE: &[&'static dyn Plugin] = &[
    &raft::Raft,
    &paxos::Paxos,
    &multi_paxos::MultiPaxos,
    &version_vote::VersionVote,
    &two_phase_commit::TwoPhaseCommit,
    &three_phase_commit::ThreePhaseCommit,
    &saga::SagaLab,
    &bully::Bully,
    &ring_election::RingElection,
    &priority_vote::PriorityVote,
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
        .find(|plugin| plugin.card().id == id)
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
