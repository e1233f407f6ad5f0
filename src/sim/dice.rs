//! Randomness by key, not by order: (seed, who, purpose, ordinal) is the draw.
//!
//! A draw does not depend on how many others were made before it. Dropping one message leaves
//! every other draw as it was, and two branches can be run under the same weather.

use crate::engine::{Digest, Draws, NodeId};

/// What a world draws for. Each counts on its own.
#[derive(Copy, Clone, Debug)]
pub(super) enum Purpose {
    /// The key of a node's own draws. The numbers mean nothing; by this one the stories of seed 7
    /// have the leader that they speak of.
    Node = 5,
    /// What happens to one message on one link.
    Link = 2,
    /// How long one write takes.
    Disk = 3,
    /// What the storm does next.
    Storm = 4,
}

/// The key of all draws for one purpose.
pub(super) fn purpose_key(seed: u64, purpose: Purpose) -> u64 {
    let mut digest = Digest::default();
    digest.word(seed);
    digest.word(purpose as u64);
    digest.value()
}

/// The key of one of those that draw for the same purpose.
#[inline]
fn key_of(purpose_key: u64, who: u64) -> u64 {
    purpose_key.wrapping_add(who.wrapping_mul(0xa3b1_9535_4a39_b70d))
}

/// The key from which a node draws for itself.
pub(super) fn node_key(seed: u64, node: NodeId) -> u64 {
    let mut digest = Digest::default();
    digest.word(purpose_key(seed, Purpose::Node));
    digest.word(u64::from(node.0));
    digest.value()
}

/// What is drawn for the `ordinal`-th time for `who`.
#[inline]
pub(super) fn dice(purpose_key: u64, who: u64, ordinal: u64) -> Draws {
    Draws::at(key_of(purpose_key, who), ordinal)
}
