//! Raft (Ongaro & Ousterhout 2014). README.md is the lecture.

mod checks;
mod client;
mod experiments;
mod lab;
mod machine;
mod message;
mod notes;
mod server;
#[cfg(test)]
mod tests;
mod types;
mod view;

pub use client::{Client, ClientConfig};
pub use lab::Raft;
pub use message::RaftMessage;
pub use server::{Disk, Role, Server, ServerConfig, Write};
pub use types::{Command, Entry, Index, Op, Payload, Term};

/// The notes of servers, for a lab whose engine has one inside: all before those of clients.
pub const SERVER_NOTES: &[crate::engine::NoteSpec] =
    notes::NOTES.split_at(notes::CLIENT_SENT.0 as usize).0;
