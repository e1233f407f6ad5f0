//! What nodes and the keeper of the lock say to each other.

use crate::engine::{Facts, Message, NodeId};

/// What a node asks of the keeper.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Ask {
    /// The lock, if it is free: test and set, in one step.
    TakeIfFree,
    /// Whether it is free: the test alone.
    Look,
    /// The lock: the set alone.
    Set,
}

/// A message of this lab.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum LockMessage {
    /// A node asks.
    Request(Ask),
    /// A node gives the lock back that it was granted under this number.
    Release(u32),
    /// The lock is granted, under this number.
    Granted(u32),
    /// This is its state: who has it, if anybody does.
    State(Option<NodeId>),
    /// What was granted under this number is over.
    Released(u32),
}

impl Message for LockMessage {
    const KINDS: &'static [&'static str] = &["Request", "Release", "Granted", "State", "Released"];

    fn kind(&self) -> u8 {
        match self {
            LockMessage::Request(_) => 0,
            LockMessage::Release(_) => 1,
            LockMessage::Granted(_) => 2,
            LockMessage::State(_) => 3,
            LockMessage::Released(_) => 4,
        }
    }

    fn facts(&self, facts: &mut Facts) {
        match self {
            LockMessage::Request(ask) => {
                facts.say("test", *ask != Ask::Set);
                facts.say("set", *ask != Ask::Look);
            }
            LockMessage::Release(number)
            | LockMessage::Granted(number)
            | LockMessage::Released(number) => facts.say("number", *number),
            LockMessage::State(holder) => facts.say("holder", *holder),
        }
    }
}
