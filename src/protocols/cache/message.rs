//! What clients, the cache and the store say to each other.

use crate::engine::{Arg, Fact, Facts, Message, NodeId, Word};

/// A key, by its place in the order of popularity: `k1` is asked for most.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Key(pub u16);

impl Key {
    /// A word for it: `k7`.
    #[must_use]
    pub fn word(self) -> Word {
        Word::new(&format!("k{}", self.0)).unwrap_or_default()
    }

    /// The inverse of [`Key::word`].
    #[must_use]
    pub fn parse(text: &str) -> Option<Key> {
        let digits = text.strip_prefix('k')?;
        let plain = !digits.starts_with('0') && digits.bytes().all(|b| b.is_ascii_digit());
        digits.parse().ok().filter(|_| plain).map(Key)
    }
}

impl From<Key> for Arg {
    fn from(key: Key) -> Self {
        Arg::Word(key.word())
    }
}

impl From<Key> for Fact {
    fn from(key: Key) -> Self {
        Fact::Word(key.word())
    }
}

/// How many writes there were, up to this one: whoever puts the writes in order counts them. The store
/// does; with write-back it is the cache.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Version(pub u32);

crate::shown_as_numbers!(Version);

/// What stands under a key. Version 0 and no value: it was never written.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Row {
    /// The value.
    pub value: Option<Word>,
    /// Which write it is of.
    pub version: Version,
}

impl Row {
    /// In a few characters: `1-17 v5`; `∅` is the value of a key that nobody has written.
    #[must_use]
    pub fn text(self) -> String {
        match self.value {
            Some(value) => format!("{value} v{}", self.version.0),
            None => "∅".to_owned(),
        }
    }
}

/// What names one fill for good: a lease token, where the rule is in force. A cache that comes up
/// again draws another first half, so that none is ever given twice.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Ticket {
    /// Drawn when the cache came up; 0: it is a client's own reading.
    pub boot: u32,
    /// Which of its fills, or of its operations.
    pub number: u32,
}

/// Who wrote, and which of its operations it was: the same in a retry.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct By {
    /// The client; with write-back, the cache.
    pub node: NodeId,
    /// Its operation.
    pub op: u32,
}

/// A message of this lab.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum CacheMessage {
    /// A client asks the cache for a key.
    Get {
        /// The client's operation.
        op: u32,
        /// The key.
        key: Key,
    },
    /// A client asks the cache to write.
    Put {
        /// The client's operation.
        op: u32,
        /// The key.
        key: Key,
        /// The new value.
        value: Word,
    },
    /// Look-aside: a client brings what it found in the store.
    Set {
        /// The client's operation.
        op: u32,
        /// The key.
        key: Key,
        /// What it found.
        row: Row,
        /// The lease that it got with the miss.
        lease: Option<Ticket>,
    },
    /// Look-aside: what the cache has of this key is old.
    Delete {
        /// The client's operation.
        op: u32,
        /// The key.
        key: Key,
    },
    /// The cache answers a `Get`.
    Hit {
        /// The client's operation.
        op: u32,
        /// What stands under the key.
        row: Row,
    },
    /// Look-aside: it is not here, the client is to fetch it.
    Miss {
        /// The client's operation.
        op: u32,
        /// The key.
        key: Key,
        /// With this it may bring it.
        lease: Option<Ticket>,
    },
    /// Look-aside: somebody is fetching it, ask again soon.
    Wait {
        /// The client's operation.
        op: u32,
    },
    /// The cache answers a `Put`.
    Stored {
        /// The client's operation.
        op: u32,
        /// Its version.
        version: Version,
    },
    /// The cache answers a `Delete`.
    Deleted {
        /// The client's operation.
        op: u32,
    },
    /// The store is asked for a key.
    Read {
        /// What for.
        ticket: Ticket,
        /// The key.
        key: Key,
    },
    /// It answers.
    Value {
        /// What for.
        ticket: Ticket,
        /// The key.
        key: Key,
        /// What stands under it.
        row: Row,
    },
    /// The store is to write.
    Write {
        /// Whose it is.
        by: By,
        /// The key.
        key: Key,
        /// The new value.
        value: Word,
        /// Its version, where the cache gives it.
        version: Option<Version>,
    },
    /// It has written.
    Written {
        /// Whose it is.
        by: By,
        /// The key.
        key: Key,
        /// What was written.
        row: Row,
    },
}

/// The kind of [`CacheMessage::Hit`].
pub(super) const HIT: u8 = 4;

impl Message for CacheMessage {
    const KINDS: &'static [&'static str] = &[
        "Get", "Put", "Set", "Delete", "Hit", "Miss", "Wait", "Stored", "Deleted", "Read", "Value",
        "Write", "Written",
    ];

    fn kind(&self) -> u8 {
        match self {
            CacheMessage::Get { .. } => 0,
            CacheMessage::Put { .. } => 1,
            CacheMessage::Set { .. } => 2,
            CacheMessage::Delete { .. } => 3,
            CacheMessage::Hit { .. } => HIT,
            CacheMessage::Miss { .. } => 5,
            CacheMessage::Wait { .. } => 6,
            CacheMessage::Stored { .. } => 7,
            CacheMessage::Deleted { .. } => 8,
            CacheMessage::Read { .. } => 9,
            CacheMessage::Value { .. } => 10,
            CacheMessage::Write { .. } => 11,
            CacheMessage::Written { .. } => 12,
        }
    }

    fn facts(&self, facts: &mut Facts) {
        match self {
            CacheMessage::Get { op, key } | CacheMessage::Delete { op, key } => {
                facts.say("op", *op);
                facts.say("key", *key);
            }
            CacheMessage::Put { op, key, value } => {
                facts.say("op", *op);
                facts.say("key", *key);
                facts.say("value", *value);
            }
            CacheMessage::Set {
                op,
                key,
                row,
                lease,
            } => {
                facts.say("op", *op);
                facts.say("key", *key);
                row_facts(*row, facts);
                facts.say("lease", lease.map(|lease| lease.number));
            }
            CacheMessage::Hit { op, row } => {
                facts.say("op", *op);
                row_facts(*row, facts);
            }
            CacheMessage::Miss { op, key, lease } => {
                facts.say("op", *op);
                facts.say("key", *key);
                facts.say("lease", lease.map(|lease| lease.number));
            }
            CacheMessage::Wait { op } | CacheMessage::Deleted { op } => facts.say("op", *op),
            CacheMessage::Stored { op, version } => {
                facts.say("op", *op);
                facts.say("version", *version);
            }
            CacheMessage::Read { ticket, key } => {
                facts.say("fill", ticket.number);
                facts.say("key", *key);
            }
            CacheMessage::Value { ticket, key, row } => {
                facts.say("fill", ticket.number);
                facts.say("key", *key);
                row_facts(*row, facts);
            }
            CacheMessage::Write {
                by,
                key,
                value,
                version,
            } => {
                by_facts(*by, *key, facts);
                facts.say("value", *value);
                facts.say("version", *version);
            }
            CacheMessage::Written { by, key, row } => {
                by_facts(*by, *key, facts);
                row_facts(*row, facts);
            }
        }
    }
}

fn by_facts(by: By, key: Key, facts: &mut Facts) {
    facts.say("by", by.node);
    facts.say("op", by.op);
    facts.say("key", key);
}

pub(super) fn row_facts(row: Row, facts: &mut Facts) {
    facts.say("value", row.value);
    facts.say("version", row.version);
}
