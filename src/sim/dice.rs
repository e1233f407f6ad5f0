//! Randomness by key, not by order: (seed, who, purpose, ordinal) is the draw.
//!
//! A draw does not depend on how many others were made before it. Dropping one message leaves
//! every other draw as it was, and two branches can be run under the same weather.

use crate::engine::{Digest, NodeId};
use rand_pcg::Pcg32;

/// What a world draws for. Each counts on its own.
#[derive(Copy, Clone, Debug)]
pub(super) enum Purpose {
    /// The key of a node's own draws.
    Node = 1,
    /// What happens to one message on one link.
    Link = 2,
    /// How long one write takes.
    Disk = 3,
    /// What the storm does next.
    Storm = 4,
}

fn mix(seed: u64, who: u64, purpose: Purpose) -> u64 {
    let mut digest = Digest::default();
    digest.word(seed);
    digest.word(who);
    digest.word(purpose as u64);
    digest.value()
}

/// The key from which a node draws for itself.
pub(super) fn node_key(seed: u64, node: NodeId) -> u64 {
    mix(seed, u64::from(node.0), Purpose::Node)
}

/// The generator of one draw.
pub(super) fn dice(seed: u64, who: u64, purpose: Purpose, ordinal: u64) -> Pcg32 {
    Pcg32::new(
        mix(seed, who, purpose) ^ ordinal.wrapping_mul(0x9e37_79b9_7f4a_7c15),
        ordinal,
    )
}
