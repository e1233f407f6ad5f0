//! A register with version numbers (Attiya, Bar-Noy & Dolev 1995; Lynch & Shvartsman 1997). The lecture is in
//! `README.md`.

mod checks;
mod client;
mod contest;
mod lab;
mod message;
mod notes;
mod order;
mod replica;
mod rules;
#[cfg(test)]
mod tests;
mod view;

pub use client::Client;
pub use lab::VersionVote;
pub use message::{Stamped, Version, VersionMessage};
pub use order::{Config, Kept, Op, Phase, Shown};
pub use replica::{Disk, Past, Replica};
