//! What clients and replicas say to each other.

use crate::engine::{Arg, Fact, Facts, Message, Word};
use std::fmt;

/// A version: the tag of Lynch & Shvartsman, a number and who wrote. Compared by the number first.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Version {
    /// Compared first.
    pub number: u32,
    /// The writer's own number, from 1; 0 where the rule `break-ties-by-writer` is off.
    pub writer: u16,
}

impl Version {
    /// Nothing was written yet.
    pub const NONE: Version = Version {
        number: 0,
        writer: 0,
    };
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.number, self.writer)
    }
}

impl From<Version> for Arg {
    fn from(version: Version) -> Self {
        Arg::Place(version.number, u32::from(version.writer))
    }
}

impl From<Version> for Fact {
    fn from(version: Version) -> Self {
        if version == Version::NONE {
            return Fact::Nothing;
        }
        Fact::Place(u64::from(version.number), u64::from(version.writer))
    }
}

/// A value with its version.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Stamped {
    /// The version.
    pub version: Version,
    /// The value; `None` before the first write.
    pub value: Option<Word>,
}

impl Stamped {
    /// The value as it is shown.
    #[must_use]
    pub fn text(&self) -> String {
        self.value
            .map_or_else(|| "–".to_owned(), |value| value.to_string())
    }
}

/// A message of this lab. Each carries the number of the request at its client.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum VersionMessage {
    /// What do you hold?
    Query {
        /// The request.
        op: u32,
    },
    /// This.
    Answer {
        /// The request.
        op: u32,
        /// What the replica holds.
        held: Stamped,
    },
    /// Store this, unless you hold something newer.
    Store {
        /// The request.
        op: u32,
        /// What is written.
        new: Stamped,
    },
    /// The same, from a reader: this is what it is about to answer.
    WriteBack {
        /// The request.
        op: u32,
        /// What was read.
        read: Stamped,
    },
    /// It is stored, or something newer was there.
    Stored {
        /// The request.
        op: u32,
    },
}

impl Message for VersionMessage {
    const KINDS: &'static [&'static str] = &["Query", "Answer", "Store", "WriteBack", "Stored"];

    fn kind(&self) -> u8 {
        match self {
            VersionMessage::Query { .. } => 0,
            VersionMessage::Answer { .. } => 1,
            VersionMessage::Store { .. } => 2,
            VersionMessage::WriteBack { .. } => 3,
            VersionMessage::Stored { .. } => 4,
        }
    }

    fn facts(&self, facts: &mut Facts) {
        let (VersionMessage::Query { op }
        | VersionMessage::Answer { op, .. }
        | VersionMessage::Store { op, .. }
        | VersionMessage::WriteBack { op, .. }
        | VersionMessage::Stored { op }) = self;
        facts.say("request", *op);
        match self {
            VersionMessage::Answer { held: stamped, .. }
            | VersionMessage::Store { new: stamped, .. }
            | VersionMessage::WriteBack { read: stamped, .. } => {
                facts.say("version", stamped.version);
                facts.say("value", stamped.value);
            }
            VersionMessage::Query { .. } | VersionMessage::Stored { .. } => {}
        }
    }
}
