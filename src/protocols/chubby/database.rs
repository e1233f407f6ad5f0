//! What is replicated: sessions, one lock, and the contents of its file. Every replica has the same,
//! for it changes only by committed entries, in their order.

use crate::engine::NodeId;
pub use crate::lab::sessions::SessionId;
use crate::lab::sessions::{self, Answered, Sessions};
use crate::protocols::raft::Command;

/// How often the lock went from free to held: what a sequencer carries.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Generation(pub u32);

/// How often the file was written.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Version(pub u32);

crate::shown_as_numbers!(Generation, Version);

/// The answer to a change.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Done {
    /// The session is open.
    Opened,
    /// The lock is granted.
    Granted(Generation),
    /// The lock is released, if it was the session's.
    Released,
    /// The file is written.
    Written(Version),
}

/// An open session.
pub type Session = sessions::Session<Done>;

/// The lock.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Lock {
    /// The session that holds it.
    pub holder: Option<SessionId>,
    /// How often it was granted.
    pub generation: Generation,
    /// It is free because its holder's session ended, and was not granted since.
    pub failed: bool,
}

/// The contents of the file: who wrote it last.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct File {
    /// How often it was written.
    pub version: Version,
    /// What stands in it: the name of a client.
    pub by: Option<NodeId>,
}

/// One change.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Change {
    /// Opens a session.
    Open {
        /// For whom.
        client: NodeId,
        /// Which attempt of that client.
        attempt: u32,
    },
    /// Grants the lock.
    Grant {
        /// To which session.
        session: SessionId,
        /// Which request of that session.
        number: u32,
    },
    /// Gives the lock back.
    Release {
        /// Whose.
        session: SessionId,
        /// Which request of that session.
        number: u32,
    },
    /// Writes the file.
    Write {
        /// Which session.
        session: SessionId,
        /// Which request of that session.
        number: u32,
    },
    /// Ends a session, and with it its hold on the lock.
    Expire {
        /// Which.
        session: SessionId,
    },
}

impl Change {
    /// As the log carries it.
    #[must_use]
    pub fn pack(self) -> Command {
        Command(match self {
            Change::Open { client, attempt } => [0, u32::from(client.0), attempt, 0],
            Change::Grant { session, number } => [1, session.0, number, 0],
            Change::Release { session, number } => [2, session.0, number, 0],
            Change::Write { session, number } => [3, session.0, number, 0],
            Change::Expire { session } => [4, session.0, 0, 0],
        })
    }

    /// The inverse of [`Change::pack`].
    #[must_use]
    pub fn unpack(Command([kind, first, number, _]): Command) -> Option<Self> {
        let session = SessionId(first);
        match kind {
            0 => Some(Change::Open {
                client: NodeId(u16::try_from(first).ok()?),
                attempt: number,
            }),
            1 => Some(Change::Grant { session, number }),
            2 => Some(Change::Release { session, number }),
            3 => Some(Change::Write { session, number }),
            4 => Some(Change::Expire { session }),
            _ => None,
        }
    }
}

/// What a change did.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default)]
pub struct Effect {
    /// Who is answered, with the number of its request.
    pub answer: Option<Answered<Done>>,
    /// The session that is over.
    pub over: Option<Session>,
    /// The lock was held before, and is free now.
    pub freed: bool,
}

/// The database of the cell.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Database {
    /// How many entries were applied.
    pub applied: u32,
    /// The lock.
    pub lock: Lock,
    /// The file.
    pub file: File,
    sessions: Sessions<Done>,
}

impl Database {
    /// The open sessions.
    #[must_use]
    pub fn sessions(&self) -> &Sessions<Done> {
        &self.sessions
    }

    /// The client that holds the lock, by the session that does.
    #[must_use]
    pub fn holder(&self) -> Option<&Session> {
        self.sessions.get(self.lock.holder?)
    }

    /// Applies the next entry; one without a change counts, too.
    pub fn apply(&mut self, change: Option<Change>) -> Effect {
        self.applied += 1;
        let held = self.lock.holder.is_some();
        let mut effect = match change {
            None => Effect::default(),
            Some(Change::Open { client, attempt }) => self.open(client, attempt),
            Some(Change::Grant { session, number }) => self.once(session, number, Self::grant),
            Some(Change::Release { session, number }) => self.once(session, number, Self::release),
            Some(Change::Write { session, number }) => self.once(session, number, Self::write),
            Some(Change::Expire { session }) => self.expire(session),
        };
        effect.freed = held && self.lock.holder.is_none();
        effect
    }

    fn open(&mut self, client: NodeId, attempt: u32) -> Effect {
        let at = self.applied;
        let answer = self.sessions.open(at, (client, attempt), Done::Opened);
        Effect {
            answer: Some(answer),
            ..Effect::default()
        }
    }

    fn once(
        &mut self,
        id: SessionId,
        number: u32,
        make: impl FnOnce(&mut Self, Session) -> Option<Done>,
    ) -> Effect {
        if let Some(session) = self.sessions.asks(id, number)
            && let Some(done) = make(self, session)
        {
            self.sessions.did(id, number, done);
        }
        Effect {
            answer: self.sessions.answer(id, number),
            ..Effect::default()
        }
    }

    /// A held lock is granted to nobody: the request waits on.
    fn grant(&mut self, session: Session) -> Option<Done> {
        if self.lock.holder.is_some() {
            return None;
        }
        let generation = Generation(self.lock.generation.0 + 1);
        self.lock = Lock {
            holder: Some(session.id),
            generation,
            failed: false,
        };
        Some(Done::Granted(generation))
    }

    fn release(&mut self, session: Session) -> Option<Done> {
        if self.lock.holder == Some(session.id) {
            self.lock.holder = None;
        }
        Some(Done::Released)
    }

    fn write(&mut self, session: Session) -> Option<Done> {
        let version = Version(self.file.version.0 + 1);
        self.file = File {
            version,
            by: Some(session.client),
        };
        Some(Done::Written(version))
    }

    fn expire(&mut self, id: SessionId) -> Effect {
        if self.lock.holder == Some(id) {
            self.lock.holder = None;
            self.lock.failed = true;
        }
        Effect {
            over: self.sessions.end(id),
            ..Effect::default()
        }
    }
}
