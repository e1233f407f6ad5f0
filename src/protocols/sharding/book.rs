//! What a shard has on its disk: the map as it knows it, its data, what it is giving away and what
//! it is receiving. Each change is made in memory and written down as one and the same value.

use super::message::Transfer;
use super::space::{Key, Place};
use super::table::{Epoch, Piece, Table};
use crate::engine::{Fact, Facts, NodeId};
use std::collections::{BTreeMap, BTreeSet};

/// The last request of a client that was applied to a key, with its answer.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Applied {
    /// The client.
    pub client: NodeId,
    /// The number of the request.
    pub sequence: u32,
    /// What was answered.
    pub value: u64,
}

/// A key with all that belongs to it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Record {
    /// Its value.
    pub value: u64,
    /// The last request of each client, by clients.
    pub applied: Vec<Applied>,
}

impl Record {
    /// What is known of a client.
    #[must_use]
    pub fn last(&self, client: NodeId) -> Option<&Applied> {
        self.applied.iter().find(|applied| applied.client == client)
    }

    fn add(&mut self, client: NodeId, sequence: u32, by: u64) {
        self.value = self.value.saturating_add(by);
        let applied = Applied {
            client,
            sequence,
            value: self.value,
        };
        let place = |other: &Applied| other.client;
        match self.applied.binary_search_by_key(&client, place) {
            Ok(at) => self.applied[at] = applied,
            Err(at) => self.applied.insert(at, applied),
        }
    }

    pub(super) fn fact(&self, key: Key) -> Fact {
        let mut facts = Facts::default();
        facts.say("key", key.word());
        facts.say("value", self.value);
        facts.say("applied", self.applied.len());
        Fact::Group(facts)
    }
}

/// A piece that this shard gives away.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Leaving {
    /// Which move.
    pub transfer: Transfer,
    /// Where to.
    pub to: NodeId,
    /// How many chunks there were, once it has let go; it cannot take the piece back then.
    pub released: Option<u16>,
}

/// A piece that comes to this shard.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Coming {
    /// Which move.
    pub transfer: Transfer,
    /// Where from.
    pub from: NodeId,
    /// The chunks that are there.
    pub got: BTreeSet<u16>,
    /// Their records, each with the number of the chunk that it is from.
    pub staged: BTreeMap<(Place, Key), (u16, Record)>,
}

impl Coming {
    /// The first chunk that it lacks.
    #[must_use]
    pub fn missing(&self, chunks: u16) -> Option<u16> {
        (0..chunks).find(|index| !self.got.contains(index))
    }
}

/// All of it.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Book {
    /// The map, as far as this shard has heard. What it owns by it is its own.
    pub table: Table,
    /// The data.
    pub data: BTreeMap<(Place, Key), Record>,
    /// What it gives away.
    pub leaving: Vec<Leaving>,
    /// What comes.
    pub coming: Vec<Coming>,
}

/// One change.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Change {
    /// The first map.
    First(Table),
    /// A client's write.
    Add {
        /// The key and its place.
        at: (Place, Key),
        /// Who.
        client: NodeId,
        /// The number of the request.
        sequence: u32,
        /// How much.
        by: u64,
    },
    /// A move away begins, or begins anew.
    Leave(Leaving),
    /// It lets go: from now on the piece is the target's.
    Release {
        /// The piece as it is after that.
        piece: Piece,
        /// How many chunks there were.
        chunks: u16,
    },
    /// The target has it.
    Forget(Epoch),
    /// A move hither begins, or begins anew.
    Come {
        /// Which move.
        transfer: Transfer,
        /// Where from.
        from: NodeId,
    },
    /// A chunk has come.
    Stage {
        /// Of which move.
        epoch: Epoch,
        /// Its number.
        index: u16,
        /// What is in it.
        records: Vec<(Place, Key, Record)>,
    },
    /// What has come is this shard's own.
    TakeOver(Piece),
    /// Others own these, or it owns them since another epoch.
    Learn(Vec<Piece>),
    /// The same, whatever is known.
    Replace(Vec<Piece>),
}

impl Book {
    /// The move away with this epoch.
    #[must_use]
    pub fn leaving(&self, epoch: Epoch) -> Option<&Leaving> {
        self.leaving.iter().find(|all| all.transfer.epoch == epoch)
    }

    /// The move hither with this epoch.
    #[must_use]
    pub fn coming(&self, epoch: Epoch) -> Option<&Coming> {
        self.coming.iter().find(|all| all.transfer.epoch == epoch)
    }

    /// Makes a change.
    pub fn apply(&mut self, change: &Change) {
        match change {
            Change::First(table) => self.table = table.clone(),
            Change::Add {
                at,
                client,
                sequence,
                by,
            } => {
                let record = self.data.entry(*at).or_default();
                record.add(*client, *sequence, *by);
            }
            Change::Leave(leaving) => {
                let epoch = leaving.transfer.epoch;
                self.leaving.retain(|all| all.transfer.epoch != epoch);
                self.leaving.push(*leaving);
            }
            Change::Release { piece, chunks } => {
                self.table.learn(piece);
                for leaving in &mut self.leaving {
                    if leaving.transfer.epoch == piece.epoch {
                        leaving.released = Some(*chunks);
                    }
                }
            }
            Change::Forget(epoch) => {
                if let Some(leaving) = self.leaving(*epoch).copied() {
                    self.clear(leaving.transfer.ends);
                    self.leaving.retain(|all| all.transfer.epoch != *epoch);
                }
            }
            Change::Come { transfer, from } => {
                self.coming
                    .retain(|all| all.transfer.epoch != transfer.epoch);
                self.coming.push(Coming {
                    transfer: *transfer,
                    from: *from,
                    got: BTreeSet::new(),
                    staged: BTreeMap::new(),
                });
            }
            Change::Stage {
                epoch,
                index,
                records,
            } => self.stage(*epoch, *index, records),
            Change::TakeOver(piece) => self.take_over(piece),
            Change::Learn(pieces) => {
                for piece in pieces {
                    self.table.learn(piece);
                }
            }
            Change::Replace(pieces) => pieces.iter().for_each(|piece| self.table.replace(piece)),
        }
    }

    /// Of a key that came more than once the later chunk counts, whichever came first.
    fn stage(&mut self, epoch: Epoch, index: u16, records: &[(Place, Key, Record)]) {
        let mut coming = self.coming.iter_mut();
        let Some(coming) = coming.find(|all| all.transfer.epoch == epoch) else {
            return;
        };
        coming.got.insert(index);
        for (place, key, record) in records {
            let known = coming.staged.get(&(*place, *key));
            if known.is_none_or(|(other, _)| *other <= index) {
                let staged = (index, record.clone());
                coming.staged.insert((*place, *key), staged);
            }
        }
    }

    fn take_over(&mut self, piece: &Piece) {
        self.clear(piece.ends());
        let here = |ends: (u8, u8)| ends.0 < piece.hi && piece.lo < ends.1;
        // What it once gave away has come back: there is nothing left to be forgotten.
        self.leaving.retain(|all| !here(all.transfer.ends));
        if let Some(coming) = self.coming(piece.epoch) {
            let records = coming.staged.iter();
            let records: Vec<_> = records.map(|(at, (_, r))| (*at, r.clone())).collect();
            self.data.extend(records);
        }
        self.coming
            .retain(|all| all.transfer.epoch > piece.epoch || !here(all.transfer.ends));
        self.table.learn(piece);
    }

    fn clear(&mut self, (lo, hi): (u8, u8)) {
        self.data
            .retain(|(place, _), _| !(lo..hi).contains(&place.0));
    }

    pub(super) fn facts(&self, facts: &mut Facts) {
        let records = self.data.iter();
        let records = records.map(|((_, key), record)| record.fact(*key));
        facts.say("records", Fact::List(records.collect()));
        let leaving = self.leaving.iter().map(|leaving| {
            let mut facts = Facts::default();
            leaving.transfer.say(&mut facts);
            facts.say("target", leaving.to);
            facts.say("released", leaving.released.is_some());
            Fact::Group(facts)
        });
        facts.say("leaving", Fact::List(leaving.collect()));
        let coming = self.coming.iter().map(|coming| {
            let mut facts = Facts::default();
            coming.transfer.say(&mut facts);
            facts.say("source", coming.from);
            facts.say("chunks", coming.got.len());
            Fact::Group(facts)
        });
        facts.say("coming", Fact::List(coming.collect()));
    }
}
