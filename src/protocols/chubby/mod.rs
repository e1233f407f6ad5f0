//! A lock service with sessions, leases and a master (Burrows 2006), on our own Raft. README.md is
//! the lecture.

mod checks;
mod client;
mod database;
mod lab;
mod message;
mod notes;
mod replica;
mod resource;
mod rules;
#[cfg(test)]
mod tests;
mod view;

pub use client::{Client, ClientConfig};
pub use database::{Change, Database, Done, Generation, Session, SessionId, Version};
pub use lab::Chubby;
pub use message::{Answer, ChubbyMessage, Event, Head};
pub use replica::{Known, Office, Replica, ReplicaConfig};
pub use resource::{Guarded, Sequencers};
