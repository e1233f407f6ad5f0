//! A server inside another engine: what that engine may ask of it. It proposes commands, applies
//! them itself once they are committed, and can have its leadership confirmed, as a read has.

use super::super::types::{Command, Entry, Index, Payload, Term};
use super::{Role, Server, ServerOut};
use crate::engine::{Log, NodeId};

impl Server {
    /// Whether it believes that it leads.
    #[must_use]
    pub fn leads(&self) -> bool {
        matches!(self.role, Role::Leader { .. })
    }

    /// Who leads, as far as it knows.
    #[must_use]
    pub fn leader(&self) -> Option<NodeId> {
        self.leader
    }

    /// Its term.
    #[must_use]
    pub fn term(&self) -> Term {
        self.term
    }

    /// How far it has committed.
    #[must_use]
    pub fn commit(&self) -> Index {
        self.commit
    }

    /// Its log.
    #[must_use]
    pub fn log(&self) -> &Log<Entry> {
        &self.log
    }

    /// Whether what it has committed is of its own term, so that it is all there is (section 8).
    #[must_use]
    pub fn knows_what_is_committed(&self) -> bool {
        self.term_at(self.commit) == Some(self.term)
    }

    /// A leader appends a command and replicates it.
    pub fn propose(&mut self, command: Command, out: &mut ServerOut<'_>) {
        if self.leads() {
            self.append_own(Payload::Command(command), out);
            self.replicate(out);
        }
    }

    /// Begins a round of messages, and returns its number: once [`Server::confirmed`] has reached
    /// it, this server led when the round began (dissertation, section 6.4).
    pub fn ask_all(&mut self, out: &mut ServerOut<'_>) -> u32 {
        self.begin_round(out);
        self.round
    }

    /// Numbers the messages that leave from now on as a new round, without sending any: of a leader
    /// whose next heartbeat is due at once.
    pub fn next_round(&mut self) -> u32 {
        self.round += 1;
        self.round
    }
}
