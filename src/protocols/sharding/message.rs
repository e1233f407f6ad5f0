//! What clients, shards and the keeper of the map say to each other.

use super::book::Record;
use super::client::Operation;
use super::space::Key;
use super::table::{Epoch, Piece, pieces_fact};
use crate::engine::{Fact, Facts, Message, NodeId};

/// The number of one attempt at copying a piece.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Pass(pub u32);

/// A move of a piece, as the messages between its source and its target name it.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Transfer {
    /// The first place, and the place behind the last one.
    pub ends: (u8, u8),
    /// The epoch of the ownership that the target is to have.
    pub epoch: Epoch,
    /// Which attempt it is.
    pub pass: Pass,
}

/// A message of the lab.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum ShardingMessage {
    /// A client wants something done to a key.
    Request {
        /// The number of the request at its client.
        sequence: u32,
        /// The key.
        key: Key,
        /// What is to be done.
        operation: Operation,
        /// Whether an `Ask` sent it here.
        asking: bool,
    },
    /// It is done.
    Reply {
        /// The number of the request.
        sequence: u32,
        /// What the key has now.
        value: u64,
    },
    /// The key is somebody else's.
    Moved {
        /// The number of the request.
        sequence: u32,
        /// The piece with its owner, where the shard tells that.
        piece: Option<Piece>,
    },
    /// Ask there, this once.
    Ask {
        /// The number of the request.
        sequence: u32,
        /// Whom.
        to: NodeId,
    },
    /// The key is just being handed over.
    TryAgain {
        /// The number of the request.
        sequence: u32,
    },
    /// A client wants the map.
    TableRequest,
    /// The map: to a client that asked, and to all shards when it has changed.
    TableReply(Vec<Piece>),
    /// The keeper wants a piece moved.
    MoveOrder {
        /// The piece as the keeper knows it.
        piece: Piece,
        /// Where to.
        to: NodeId,
        /// The epoch of the new ownership.
        epoch: Epoch,
    },
    /// The keeper wants a range split.
    SplitOrder {
        /// The range as the keeper knows it.
        piece: Piece,
        /// The first place of the right half.
        at: u8,
        /// The epoch of the left half; the right one has the next.
        epoch: Epoch,
    },
    /// Some of the data of a piece that moves.
    Chunk {
        /// Which move.
        transfer: Transfer,
        /// The number of the chunk.
        index: u16,
        /// Keys with all that belongs to them.
        records: Vec<(Key, Record)>,
    },
    /// So many chunks there were: does the target have all of them?
    Seal {
        /// Which move.
        transfer: Transfer,
        /// How many.
        chunks: u16,
    },
    /// The target's answer.
    SealReply {
        /// Which move.
        transfer: Transfer,
        /// The first chunk that it lacks; it is whole where there is none.
        missing: Option<u16>,
    },
    /// The source has let go: the piece is the target's.
    HandOver {
        /// Which move.
        transfer: Transfer,
        /// How many chunks there were.
        chunks: u16,
    },
    /// The target has taken it.
    HandOverReply {
        /// The epoch of the ownership.
        epoch: Epoch,
    },
    /// What a shard owns, and how much is asked of it.
    LoadReport {
        /// Its pieces.
        pieces: Vec<Piece>,
        /// The requests that it counted, by places; those that have none are left out.
        heat: Vec<(u8, u32)>,
    },
}

impl Message for ShardingMessage {
    const KINDS: &'static [&'static str] = &[
        "Request",
        "Reply",
        "Moved",
        "Ask",
        "TryAgain",
        "TableRequest",
        "TableReply",
        "MoveOrder",
        "SplitOrder",
        "Chunk",
        "Seal",
        "SealReply",
        "HandOver",
        "HandOverReply",
        "LoadReport",
    ];

    fn kind(&self) -> u8 {
        match self {
            ShardingMessage::Request { .. } => 0,
            ShardingMessage::Reply { .. } => 1,
            ShardingMessage::Moved { .. } => 2,
            ShardingMessage::Ask { .. } => 3,
            ShardingMessage::TryAgain { .. } => 4,
            ShardingMessage::TableRequest => 5,
            ShardingMessage::TableReply(_) => 6,
            ShardingMessage::MoveOrder { .. } => 7,
            ShardingMessage::SplitOrder { .. } => 8,
            ShardingMessage::Chunk { .. } => 9,
            ShardingMessage::Seal { .. } => 10,
            ShardingMessage::SealReply { .. } => 11,
            ShardingMessage::HandOver { .. } => 12,
            ShardingMessage::HandOverReply { .. } => 13,
            ShardingMessage::LoadReport { .. } => 14,
        }
    }

    fn facts(&self, facts: &mut Facts) {
        match self {
            ShardingMessage::Request {
                sequence,
                key,
                operation,
                asking,
            } => {
                facts.say("sequence", *sequence);
                facts.say("key", key.word());
                facts.say("operation", Fact::Key(operation.id()));
                facts.say("asking", *asking);
            }
            ShardingMessage::Reply { sequence, value } => {
                facts.say("sequence", *sequence);
                facts.say("value", *value);
            }
            ShardingMessage::Moved { sequence, piece } => {
                facts.say("sequence", *sequence);
                if let Some(piece) = piece {
                    piece.say(facts);
                }
            }
            ShardingMessage::Ask { sequence, to } => {
                facts.say("sequence", *sequence);
                facts.say("target", *to);
            }
            ShardingMessage::TryAgain { sequence } => facts.say("sequence", *sequence),
            ShardingMessage::TableRequest => {}
            ShardingMessage::TableReply(pieces) => {
                facts.say("pieces", pieces_fact(pieces.iter().copied()));
            }
            ShardingMessage::MoveOrder { piece, to, epoch } => {
                piece.say(facts);
                facts.say("target", *to);
                facts.say("new-epoch", epoch.0);
            }
            ShardingMessage::SplitOrder { piece, at, epoch } => {
                piece.say(facts);
                facts.say("at", u64::from(*at));
                facts.say("new-epoch", epoch.0);
            }
            ShardingMessage::Chunk {
                transfer,
                index,
                records,
            } => {
                transfer.say(facts);
                facts.say("chunk", u64::from(*index));
                let fact = |(key, record): &(Key, Record)| record.fact(*key);
                facts.say("records", Fact::List(records.iter().map(fact).collect()));
            }
            ShardingMessage::Seal { transfer, chunks }
            | ShardingMessage::HandOver { transfer, chunks } => {
                transfer.say(facts);
                facts.say("chunks", u64::from(*chunks));
            }
            ShardingMessage::SealReply { transfer, missing } => {
                transfer.say(facts);
                facts.say("missing", missing.map(u64::from));
            }
            ShardingMessage::HandOverReply { epoch } => facts.say("epoch", epoch.0),
            ShardingMessage::LoadReport { pieces, heat } => {
                facts.say("pieces", pieces_fact(pieces.iter().copied()));
                let requests: u64 = heat.iter().map(|(_, count)| u64::from(*count)).sum();
                facts.say("requests", requests);
            }
        }
    }
}

impl Transfer {
    pub(super) fn say(&self, facts: &mut Facts) {
        facts.say("from", u64::from(self.ends.0));
        facts.say("to", u64::from(self.ends.1.saturating_sub(1)));
        facts.say("epoch", self.epoch.0);
        facts.say("pass", self.pass.0);
    }
}
