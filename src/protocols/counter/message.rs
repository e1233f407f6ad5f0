//! What clients, the store and the replicas say to each other.

use super::crdt::{Entry, PnCounter};
use crate::engine::{Arg, Fact, Facts, Message, Word};

/// A count as a fact; one below zero is a word.
pub(super) fn count_fact(count: i64) -> Fact {
    match u64::try_from(count) {
        Ok(count) => Fact::Int(count),
        Err(_) => Fact::Word(Word::signed(count)),
    }
}

/// What names a request: which of the client's operations it belongs to, and which request of
/// that operation it is. The same in a retry; a later one is greater.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Id {
    /// The operation, from 1 at each client.
    pub op: u32,
    /// The request of that operation, from 1.
    pub part: u32,
}

impl From<Id> for Fact {
    fn from(id: Id) -> Self {
        Fact::Place(u64::from(id.op), u64::from(id.part))
    }
}

impl From<Id> for Arg {
    fn from(id: Id) -> Self {
        Arg::Place(id.op, id.part)
    }
}

/// What is asked of the store, or of a replica.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Query {
    /// The value of a key.
    Get(Word),
    /// Sets a key.
    Put(Word, i64),
    /// Sets a key if it has the expected value.
    CompareAndSwap {
        /// The key.
        key: Word,
        /// What it must have; an absent one has 0.
        expected: i64,
        /// Its new value.
        value: i64,
    },
    /// Adds to a key, in one step.
    Add(Word, i64),
    /// The lock, as soon as it is free.
    Lock,
    /// The lock is given back.
    Unlock,
}

/// How it ended.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Answer {
    /// It was done.
    Done,
    /// This is the value; of a counter that was never counted, none.
    Value(Option<i64>),
    /// A compare-and-swap found this value, and changed nothing.
    Differs(i64),
}

/// A message of this lab.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum CounterMessage {
    /// A client asks.
    Request {
        /// Which of that client's.
        id: Id,
        /// What.
        query: Query,
    },
    /// It is answered.
    Reply {
        /// Which of the client's.
        id: Id,
        /// How it ended.
        answer: Answer,
    },
    /// A replica tells another all that it knows.
    State(PnCounter),
}

impl Message for CounterMessage {
    const KINDS: &'static [&'static str] = &[
        "Get",
        "Put",
        "CompareAndSwap",
        "Add",
        "Lock",
        "Unlock",
        "Reply",
        "State",
    ];

    fn kind(&self) -> u8 {
        match self {
            CounterMessage::Request { query, .. } => match query {
                Query::Get(_) => 0,
                Query::Put(..) => 1,
                Query::CompareAndSwap { .. } => 2,
                Query::Add(..) => 3,
                Query::Lock => 4,
                Query::Unlock => 5,
            },
            CounterMessage::Reply { .. } => 6,
            CounterMessage::State(_) => 7,
        }
    }

    fn facts(&self, facts: &mut Facts) {
        match self {
            CounterMessage::Request { id, query } => {
                facts.say("id", *id);
                query_facts(*query, facts);
            }
            CounterMessage::Reply { id, answer } => {
                facts.say("id", *id);
                match answer {
                    Answer::Done => facts.say("done", true),
                    Answer::Value(value) => {
                        facts.say("value", value.map_or(Fact::Nothing, count_fact));
                    }
                    Answer::Differs(value) => {
                        facts.say("done", false);
                        facts.say("value", count_fact(*value));
                    }
                }
            }
            CounterMessage::State(counter) => {
                let side =
                    |of: fn(&Entry) -> u32| counter.entries().iter().map(of).collect::<Vec<u32>>();
                facts.say("plus", side(|entry| entry.plus));
                facts.say("minus", side(|entry| entry.minus));
            }
        }
    }
}

fn query_facts(query: Query, facts: &mut Facts) {
    match query {
        Query::Get(key) => facts.say("key", key),
        Query::Put(key, value) => {
            facts.say("key", key);
            facts.say("value", count_fact(value));
        }
        Query::CompareAndSwap {
            key,
            expected,
            value,
        } => {
            facts.say("key", key);
            facts.say("expected", count_fact(expected));
            facts.say("value", count_fact(value));
        }
        Query::Add(key, by) => {
            facts.say("key", key);
            facts.say("by", count_fact(by));
        }
        Query::Lock | Query::Unlock => {}
    }
}
