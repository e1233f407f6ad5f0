//! Raft (Ongaro & Ousterhout 2014). README.md is the lecture.

mod checks;
mod contest;
mod experiments;
mod haunts;
mod lab;
mod label;
mod message;
mod notes;
mod server;
#[cfg(test)]
mod tests;
mod types;
mod view;

/// A client of Raft's store.
pub type Client = crate::lab::store::Client<RaftMessage>;

pub use lab::Raft;
pub use label::inside_label;
pub use message::RaftMessage;
pub use server::{Disk, Options, Role, Server, ServerConfig, Snapshot, Write};
pub use types::{Command, Entry, Index, Members, NodeSet, Op, Payload, Term};
pub use view::log_chips;

/// The notes of servers, for a lab whose engine has one inside: all before those of clients.
pub const SERVER_NOTES: &[crate::engine::NoteSpec] =
    notes::NOTES.split_at(notes::CLIENT_SENT.0 as usize).0;

/// The own notes of a lab whose engine has a server inside, and behind them those of the server: `N`
/// of both together.
#[must_use]
pub const fn with_server_notes<const N: usize>(
    own: &[crate::engine::NoteSpec],
) -> [crate::engine::NoteSpec; N] {
    let mut all = [SERVER_NOTES[0]; N];
    let mut at = 0;
    while at < N {
        all[at] = if at < own.len() {
            own[at]
        } else {
            crate::engine::NoteSpec {
                inner: true,
                ..SERVER_NOTES[at - own.len()]
            }
        };
        at += 1;
    }
    all
}
