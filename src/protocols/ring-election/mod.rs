//! Electing on a ring: Chang and Roberts (1979), Hirschberg and Sinclair (1980). The lecture is in `README.md`.

mod checks;
mod contest;
mod experiments;
mod lab;
mod message;
mod notes;
mod orders;
mod peer;
mod rules;
#[cfg(test)]
mod tests;
mod view;

pub use lab::RingElection;
pub use message::{Packet, RingMessage, Travel};
pub use peer::{Config, Peer, Phase};
