//! What is replicated: sessions, and under each lock the nodes that they made. Every server has
//! the same, for it changes only by committed entries, in their order.

use crate::engine::{Arg, Fact, NodeId};
pub use crate::lab::sessions::SessionId;
use crate::lab::sessions::{self, Answered, Sessions};
use crate::protocols::raft::Command;
use std::fmt;

/// The number of a change: its place in the replicated log. Later changes have higher ones.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Zxid(pub u32);

/// A lock: a node of the tree below which clients make theirs.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Lock(pub u8);

/// How many locks there can be.
pub(super) const LOCKS: usize = 2;

/// All of them.
pub(super) const BOTH: [Lock; LOCKS] = [Lock(0), Lock(1)];

impl Lock {
    /// Its place in a table.
    #[must_use]
    pub fn index(self) -> usize {
        usize::from(self.0) % LOCKS
    }
}

impl fmt::Display for Lock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0 == 0 { "a" } else { "b" })
    }
}

/// The number at the end of a node's name. The service gives it, and it goes up; 0 is none.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Place(pub u32);

/// An ephemeral sequential node: it goes with its session.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Znode {
    /// Below which lock.
    pub lock: Lock,
    /// The number in its name.
    pub place: Place,
    /// Whose.
    pub owner: SessionId,
    /// The change that made it: the fencing number.
    pub zxid: Zxid,
}

/// The answer to a change.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Done {
    /// The session is open.
    Opened,
    /// The node is made.
    Created(Place, Zxid),
    /// The node is deleted, or there was none.
    Deleted(bool),
}

/// An open session.
pub type Session = sessions::Session<Done>;

/// One change of the tree.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Change {
    /// Opens a session.
    Open {
        /// For whom.
        client: NodeId,
        /// Which attempt of that client.
        attempt: u32,
    },
    /// Makes a node.
    Create {
        /// Whose.
        session: SessionId,
        /// Which request of that session.
        number: u32,
        /// Below which lock.
        lock: Lock,
    },
    /// Deletes a node.
    Delete {
        /// Who asks.
        session: SessionId,
        /// Which request of that session.
        number: u32,
        /// Below which lock.
        lock: Lock,
        /// Which.
        place: Place,
    },
    /// Ends a session, and with it all that it made.
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
            Change::Create {
                session,
                number,
                lock,
            } => [1, session.0, number, u32::from(lock.0)],
            Change::Delete {
                session,
                number,
                lock,
                place,
            } => [2 + u32::from(lock.0), session.0, number, place.0],
            Change::Expire { session } => [4, session.0, 0, 0],
        })
    }

    /// The inverse of [`Change::pack`].
    #[must_use]
    pub fn unpack(Command([kind, first, second, third]): Command) -> Option<Self> {
        let session = SessionId(first);
        match kind {
            0 => Some(Change::Open {
                client: NodeId(u16::try_from(first).ok()?),
                attempt: second,
            }),
            1 => Some(Change::Create {
                session,
                number: second,
                lock: Lock(u8::try_from(third).ok()?),
            }),
            2 | 3 => Some(Change::Delete {
                session,
                number: second,
                lock: Lock(u8::try_from(kind - 2).ok()?),
                place: Place(third),
            }),
            4 => Some(Change::Expire { session }),
            _ => None,
        }
    }
}

/// What a change did.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Effect {
    /// Who is answered, with the number of its request.
    pub answer: Option<Answered<Done>>,
    /// The nodes that are gone.
    pub gone: Vec<Znode>,
    /// The session that is over.
    pub over: Option<Session>,
}

/// The tree with its sessions.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Tree {
    /// The last change.
    pub zxid: Zxid,
    counters: [u32; LOCKS],
    /// How many nodes were made behind others.
    behind: [u32; LOCKS],
    nodes: Vec<Znode>,
    sessions: Sessions<Done>,
}

impl Tree {
    /// The nodes below a lock, lowest first.
    pub fn below(&self, lock: Lock) -> impl Iterator<Item = &Znode> {
        self.nodes.iter().filter(move |node| node.lock == lock)
    }

    /// How many nodes stood behind others and do not any more: each had to be woken once, and not oftener.
    #[must_use]
    pub fn moved_up(&self) -> u32 {
        let of = |lock: Lock| {
            let waiting = self.below(lock).count().saturating_sub(1) as u32;
            self.behind[lock.index()].saturating_sub(waiting)
        };
        BOTH.into_iter().map(of).sum()
    }

    /// The open sessions.
    #[must_use]
    pub fn sessions(&self) -> &Sessions<Done> {
        &self.sessions
    }

    /// Whether there is such a node.
    #[must_use]
    pub fn has(&self, lock: Lock, place: Place) -> bool {
        self.below(lock).any(|node| node.place == place)
    }

    /// Applies the entry at `zxid`; one without a change counts, too. `up`: numbers go up.
    pub fn apply(&mut self, zxid: Zxid, change: Option<Change>, up: bool) -> Effect {
        self.zxid = zxid;
        match change {
            None => Effect::default(),
            Some(Change::Open { client, attempt }) => self.open(client, attempt),
            Some(Change::Create {
                session,
                number,
                lock,
            }) => self.once(session, number, |tree, _| tree.create(session, lock, up)),
            Some(Change::Delete {
                session,
                number,
                lock,
                place,
            }) => self.once(session, number, |tree, gone| {
                let is = |node: &mut Znode| node.lock == lock && node.place == place;
                gone.extend(tree.nodes.extract_if(.., is));
                Done::Deleted(!gone.is_empty())
            }),
            Some(Change::Expire { session }) => self.expire(session),
        }
    }

    fn open(&mut self, client: NodeId, attempt: u32) -> Effect {
        let at = self.zxid.0;
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
        make: impl FnOnce(&mut Self, &mut Vec<Znode>) -> Done,
    ) -> Effect {
        let mut effect = Effect::default();
        if self.sessions.asks(id, number).is_some() {
            let done = make(self, &mut effect.gone);
            self.sessions.did(id, number, done);
        }
        effect.answer = self.sessions.answer(id, number);
        effect
    }

    fn create(&mut self, owner: SessionId, lock: Lock, up: bool) -> Done {
        let counter = self.counters[lock.index()] + 1;
        self.counters[lock.index()] = counter;
        let behind = self.below(lock).next().is_some();
        self.behind[lock.index()] += u32::from(behind);
        let place = if up {
            Place(counter)
        } else {
            Place(self.below(lock).count() as u32 + 1)
        };
        let node = Znode {
            lock,
            place,
            owner,
            zxid: self.zxid,
        };
        let at = self.nodes.partition_point(|other| other.place <= place);
        self.nodes.insert(at, node);
        Done::Created(place, self.zxid)
    }

    fn expire(&mut self, id: SessionId) -> Effect {
        Effect {
            answer: None,
            over: self.sessions.end(id),
            gone: self.nodes.extract_if(.., |node| node.owner == id).collect(),
        }
    }
}

crate::shown_as_numbers!(Zxid, Place);

impl From<Lock> for Arg {
    fn from(lock: Lock) -> Self {
        Arg::Word(lock.word())
    }
}

impl From<Lock> for Fact {
    fn from(lock: Lock) -> Self {
        Fact::Word(lock.word())
    }
}

impl Lock {
    fn word(self) -> crate::engine::Word {
        crate::engine::Word::new(if self.0 == 0 { "a" } else { "b" }).unwrap_or_default()
    }
}
