//! What the store keeps: counts, what it last answered each client, and who has the lock. The same
//! in memory and on its disk.

use super::message::{Answer, Id};
use crate::engine::{NodeId, Word};

/// What was last done for a client.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub(super) struct Session {
    pub(super) client: NodeId,
    pub(super) id: Id,
    /// `None` while it waits for the lock.
    pub(super) answer: Option<Answer>,
}

/// One durable change.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Change {
    /// A client's request was carried out.
    Did {
        /// The client, and the number of its request.
        by: (NodeId, Id),
        /// The key that it set, with the new value.
        set: Option<(Word, i64)>,
        /// What it was told.
        answer: Answer,
    },
    /// A client has the lock, or waits for it.
    Lock(NodeId, Id),
    /// A client has the lock no more.
    Unlock {
        /// The client, and the number of its request.
        by: (NodeId, Id),
        /// Whether the first who waits has it now.
        hand_on: bool,
    },
    /// All counts are forgotten.
    Expire,
}

/// The whole of it. Small sorted vectors: a lab has few keys and few clients.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Vault {
    counts: Vec<(Word, i64)>,
    sessions: Vec<Session>,
    holder: Option<NodeId>,
    waiting: Vec<(NodeId, Id)>,
}

impl Vault {
    /// The count under a key.
    #[must_use]
    pub fn count(&self, key: Word) -> Option<i64> {
        let at = self
            .counts
            .binary_search_by_key(&key, |(key, _)| *key)
            .ok()?;
        Some(self.counts[at].1)
    }

    /// All keys with their counts.
    #[must_use]
    pub fn counts(&self) -> &[(Word, i64)] {
        &self.counts
    }

    /// Who has the lock.
    #[must_use]
    pub fn holder(&self) -> Option<NodeId> {
        self.holder
    }

    /// Who waits for it, first come first.
    pub fn waiting(&self) -> impl Iterator<Item = NodeId> {
        self.waiting.iter().map(|(client, _)| *client)
    }

    /// What was last done for a client.
    pub(super) fn session(&self, client: NodeId) -> Option<Session> {
        let at = self.session_at(client).ok()?;
        Some(self.sessions[at])
    }

    fn session_at(&self, client: NodeId) -> Result<usize, usize> {
        self.sessions
            .binary_search_by_key(&client, |session| session.client)
    }

    fn remember(&mut self, (client, id): (NodeId, Id), answer: Option<Answer>) {
        let session = Session { client, id, answer };
        match self.session_at(client) {
            Ok(at) => self.sessions[at] = session,
            Err(at) => self.sessions.insert(at, session),
        }
    }

    /// Carries a change out.
    pub(super) fn apply(&mut self, change: Change) {
        match change {
            Change::Did { by, set, answer } => {
                self.remember(by, Some(answer));
                if let Some((key, value)) = set {
                    match self.counts.binary_search_by_key(&key, |(key, _)| *key) {
                        Ok(at) => self.counts[at].1 = value,
                        Err(at) => self.counts.insert(at, (key, value)),
                    }
                }
            }
            Change::Lock(client, id) => {
                self.waiting.retain(|(other, _)| *other != client);
                if self.holder.is_none_or(|holder| holder == client) {
                    self.holder = Some(client);
                    self.remember((client, id), Some(Answer::Done));
                } else {
                    self.waiting.push((client, id));
                    self.remember((client, id), None);
                }
            }
            Change::Unlock { by, hand_on } => {
                let (client, _) = by;
                self.remember(by, Some(Answer::Done));
                self.waiting.retain(|(other, _)| *other != client);
                if self.holder == Some(client) {
                    self.holder = None;
                    if hand_on && !self.waiting.is_empty() {
                        let next = self.waiting.remove(0);
                        self.holder = Some(next.0);
                        self.remember(next, Some(Answer::Done));
                    }
                }
            }
            Change::Expire => self.counts.clear(),
        }
    }
}
