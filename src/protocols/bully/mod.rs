//! Electing the highest live node: the bully algorithm (Garcia-Molina 1982). The lecture is in `README.md`.

mod checks;
mod contest;
mod experiments;
mod lab;
mod message;
mod notes;
mod peer;
mod rules;
#[cfg(test)]
mod tests;
mod view;

pub use lab::Bully;
pub use message::BullyMessage;
pub use peer::{Config, Disk, Peer, Phase};
