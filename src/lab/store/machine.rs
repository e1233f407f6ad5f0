//! The replicated state machine: keys and values, and the sessions that make a retried request
//! apply once (Ongaro's dissertation, section 6.3).

use super::{Answer, Op};
use crate::engine::{Digest, NodeId, Word};

/// What a client last had applied.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Session {
    client: NodeId,
    sequence: u32,
    answer: Answer,
}

impl Session {
    /// The answer, if the request of that number was applied.
    fn answer_to(self, sequence: u32) -> Option<Answer> {
        (self.sequence >= sequence).then_some(self.answer)
    }
}

/// One item of a snapshot: what is sent in pieces.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Item {
    /// A key with its value.
    Value(Word, Word),
    /// A client's session.
    Session(Session),
}

/// The store. Small sorted vectors: a lab has few keys and few clients.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Machine {
    values: Vec<(Word, Word)>,
    sessions: Vec<Session>,
    /// A hash of `values`, kept as they change, so that two stores are compared at once.
    digest: u64,
}

impl Machine {
    /// The value of a key.
    #[must_use]
    pub fn get(&self, key: Word) -> Option<Word> {
        let at = self
            .values
            .binary_search_by_key(&key, |(key, _)| *key)
            .ok()?;
        Some(self.values[at].1)
    }

    /// All keys with their values.
    #[must_use]
    pub fn values(&self) -> &[(Word, Word)] {
        &self.values
    }

    /// All that is stored, as a snapshot is sent.
    #[must_use]
    pub fn items(&self) -> Vec<Item> {
        let values = self.values.iter();
        let values = values.map(|(key, value)| Item::Value(*key, *value));
        let sessions = self.sessions.iter().copied().map(Item::Session);
        values.chain(sessions).collect()
    }

    /// The store that these items make.
    #[must_use]
    pub fn of(items: &[Item]) -> Self {
        let mut machine = Machine::default();
        for item in items {
            match *item {
                Item::Value(key, value) => machine.set(key, value),
                Item::Session(session) => machine.sessions.push(session),
            }
        }
        machine
    }

    /// The same store, which has forgotten what each client had applied.
    #[must_use]
    pub fn without_sessions(&self) -> Self {
        Machine {
            sessions: Vec::new(),
            ..self.clone()
        }
    }

    /// The hash of what is stored.
    #[must_use]
    pub fn digest(&self) -> u64 {
        self.digest
    }

    /// The answer to a request that was applied before; a later one of the same client makes an
    /// earlier one done.
    #[must_use]
    pub fn answered(&self, client: NodeId, sequence: u32) -> Option<Answer> {
        self.session(client).ok()?.1.answer_to(sequence)
    }

    /// The place of a client's session with the session, or the place that it would have.
    fn session(&self, client: NodeId) -> Result<(usize, Session), usize> {
        // The clients' numbers follow on each other, so once all have one the place is known.
        let first = self.sessions.first().map_or(0, |first| first.client.0);
        let guess = usize::from(client.0.wrapping_sub(first));
        if let Some(session) = self.sessions.get(guess)
            && session.client == client
        {
            return Ok((guess, *session));
        }
        let key = |session: &Session| session.client;
        let at = self.sessions.binary_search_by_key(&client, key)?;
        Ok((at, self.sessions[at]))
    }

    /// Applies a client's request, by its number there. With `once`, one that was applied before is
    /// not applied again.
    pub fn apply(&mut self, (client, sequence): (NodeId, u32), op: Op, once: bool) -> Answer {
        let known = self.session(client);
        if once
            && let Ok((_, session)) = known
            && let Some(answer) = session.answer_to(sequence)
        {
            return answer;
        }
        let answer = match op {
            Op::Put { key, value } => {
                self.set(key, value);
                Answer::Done(None)
            }
            Op::Cas {
                key,
                expected,
                value,
            } => {
                if self.get(key) == Some(expected) {
                    self.set(key, value);
                    Answer::Done(None)
                } else {
                    Answer::Refused
                }
            }
            Op::Get { key } => Answer::Done(self.get(key)),
        };
        let session = Session {
            client,
            sequence,
            answer,
        };
        match known {
            Ok((at, _)) => self.sessions[at] = session,
            Err(at) => self.sessions.insert(at, session),
        }
        answer
    }

    fn set(&mut self, key: Word, value: Word) {
        self.digest ^= pair_digest(key, value);
        match self.values.binary_search_by_key(&key, |(key, _)| *key) {
            Ok(at) => {
                self.digest ^= pair_digest(key, self.values[at].1);
                self.values[at].1 = value;
            }
            Err(at) => self.values.insert(at, (key, value)),
        }
    }
}

fn pair_digest(key: Word, value: Word) -> u64 {
    let mut digest = Digest::default();
    digest.word(key.bits());
    digest.word(value.bits());
    digest.value()
}
