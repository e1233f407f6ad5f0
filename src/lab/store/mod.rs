//! A replicated store as clients see it: keys with values, what may be asked of them, the sessions by
//! which a request takes effect once, and the client that asks. Labs whose servers keep such a store
//! share these, and so have the same clients: side by side they are asked for the same.

mod client;
mod machine;

pub use client::{Ask, Client, ClientConfig, Reply, StoreMessage, Told};
pub use machine::{Item, Machine, Session};

use super::spec::VerbSpec;
use crate::engine::{Call, Facts, NodeId, Verb, Word, engine_of};
use crate::sim::{NodeKind, Request, World};
use std::fmt;
use std::rc::Rc;

/// What a client asks of the replicated store.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Op {
    /// Sets a key.
    Put {
        /// The key.
        key: Word,
        /// Its new value.
        value: Word,
    },
    /// Sets a key if it has the expected value.
    Cas {
        /// The key.
        key: Word,
        /// The value that it must have.
        expected: Word,
        /// Its new value.
        value: Word,
    },
    /// Reads a key. It changes nothing, so it need not go through the log.
    Get {
        /// The key.
        key: Word,
    },
}

impl Op {
    /// The key that it is about.
    #[must_use]
    pub fn key(self) -> Word {
        match self {
            Op::Put { key, .. } | Op::Cas { key, .. } | Op::Get { key } => key,
        }
    }

    /// As a client's history has it.
    #[must_use]
    pub fn call(self) -> Call {
        let (verb, value, expected) = match self {
            Op::Put { value, .. } => (Verb::Put, Some(value), None),
            Op::Cas {
                expected, value, ..
            } => (Verb::Cas, Some(value), Some(expected)),
            Op::Get { .. } => (Verb::Get, None, None),
        };
        Call {
            verb,
            key: self.key(),
            value,
            expected,
        }
    }

    /// The fields of a message that carries it.
    pub fn facts(self, facts: &mut Facts) {
        match self {
            Op::Put { key, value } => {
                facts.say("put", key);
                facts.say("value", value);
            }
            Op::Cas {
                key,
                expected,
                value,
            } => {
                facts.say("cas", key);
                facts.say("expected", expected);
                facts.say("value", value);
            }
            Op::Get { key } => facts.say("get", key),
        }
    }

    /// Reads one as a person writes it: `put x=1`, `get x`, `cas x=1:2`.
    fn parse(words: &[&str]) -> Option<Op> {
        match words {
            ["put", pair] => {
                let (key, value) = pair.split_once('=')?;
                Some(Op::Put {
                    key: Word::new(key)?,
                    value: Word::new(value)?,
                })
            }
            ["get", key] => Some(Op::Get {
                key: Word::new(key)?,
            }),
            ["cas", pair] => {
                let (key, values) = pair.split_once('=')?;
                let (expected, value) = values.split_once(':')?;
                let (expected, value) = (Word::new(expected)?, Word::new(value)?);
                Some(Op::Cas {
                    key: Word::new(key)?,
                    expected,
                    value,
                })
            }
            _ => None,
        }
    }
}

impl fmt::Display for Op {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Op::Put { key, value } => write!(f, "{key}={value}"),
            Op::Cas {
                key,
                expected,
                value,
            } => write!(f, "{key}={expected}:{value}"),
            Op::Get { key } => write!(f, "{key}?"),
        }
    }
}

/// How a request ended.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Answer {
    /// Done; a read brings its value.
    Done(Option<Word>),
    /// A compare-and-swap found another value.
    Refused,
    /// This server does not lead; that one may.
    NotLeader(Option<NodeId>),
}

impl Answer {
    /// The field of a message that carries it.
    pub fn facts(self, facts: &mut Facts) {
        match self {
            Answer::Done(value) => facts.say("done", value),
            Answer::Refused => facts.say("done", false),
            Answer::NotLeader(hint) => facts.say("leader", hint),
        }
    }

    /// A few signs for it, on a message that moves.
    #[must_use]
    pub fn label(self) -> String {
        match self {
            Answer::Done(Some(value)) => format!("= {value}"),
            Answer::Done(None) => "ok".to_owned(),
            Answer::Refused => "\u{2260}".to_owned(),
            Answer::NotLeader(_) => "\u{2192}".to_owned(),
        }
    }
}

/// What clients can be asked for.
pub const VERBS: &[VerbSpec] = &[
    VerbSpec {
        verb: "put",
        form: "KEY=VALUE [to SERVER]",
        example: "put x=1",
    },
    VerbSpec {
        verb: "get",
        form: "KEY [to SERVER]",
        example: "get x",
    },
    VerbSpec {
        verb: "cas",
        form: "KEY=OLD:NEW [to SERVER]",
        example: "cas x=1:2",
    },
];

/// Reads what a client is asked for.
#[must_use]
pub fn request(world: &World, node: NodeId, words: &[&str]) -> Option<Request> {
    if world.spec(node).kind != NodeKind::Client {
        return None;
    }
    let (words, to) = match words {
        [op @ .., "to", server] => (op, Some(find_server(world, server)?)),
        all => (all, None),
    };
    let text = match to {
        Some(to) => format!("{} to {}", words.join(" "), world.spec(to).name),
        None => words.join(" "),
    };
    let op = Op::parse(words)?;
    Some(Request {
        text: text.into(),
        value: Rc::new(Ask { op, to }),
    })
}

/// A server by its name.
#[must_use]
pub fn find_server(world: &World, name: &str) -> Option<NodeId> {
    world
        .find(name)
        .filter(|id| world.spec(*id).kind == NodeKind::Server)
}

/// Whether no client waits for an answer.
#[must_use]
pub fn idle<M: StoreMessage>(world: &World) -> bool {
    let clients = world
        .ids()
        .filter(|id| world.spec(*id).kind == NodeKind::Client);
    let pending =
        |id: NodeId| engine_of::<Client<M>>(world.cell(id).node()).and_then(Client::pending);
    clients.map(pending).all(|op: Option<Op>| op.is_none())
}
