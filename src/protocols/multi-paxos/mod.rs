//! Multi-Paxos (Lamport 2001, section 3). README.md is the lecture.

mod checks;
mod contest;
mod lab;
mod message;
mod notes;
mod rules;
mod server;
mod slots;
#[cfg(test)]
mod tests;
mod types;
mod view;

pub use lab::MultiPaxos;
pub use message::MultiMessage;
pub use server::{Candidacy, Disk, Leading, Open, Role, Server, ServerConfig, Write};
pub use slots::Slots;
pub use types::{Ballot, Command, Slot, Vote};

/// A client of the store: the same as Raft's.
pub type Client = crate::lab::store::Client<MultiMessage>;
