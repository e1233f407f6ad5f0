//! The space that is divided: keys in their order, or slots that keys are hashed to.

use super::table::{Piece, Table};
use crate::engine::{NodeId, Word};

/// A key, by its number: `k07`.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Key(pub u8);

/// A place of the space: a key's own number, or the slot that it is hashed to.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Place(pub u8);

impl Key {
    /// As clients write it.
    #[must_use]
    pub fn word(self) -> Word {
        Word::new(&format!("k{:02}", self.0)).unwrap_or_default()
    }
}

/// How the space is divided.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Layout {
    /// Ranges of keys, which can be split, as HBase and MongoDB have them.
    Ranges,
    /// A fixed number of hash slots, as Redis Cluster has them.
    Slots,
}

/// What is fixed for a run, and known to everybody.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Space {
    /// How it is divided.
    pub layout: Layout,
    /// The node that keeps the map.
    pub keeper: NodeId,
    /// Those that keep the data.
    pub shards: Vec<NodeId>,
    /// How many places there are.
    len: u8,
    /// The place of each key.
    places: Vec<Place>,
}

/// The checksum CRC-16/XMODEM, by which Redis Cluster hashes keys to slots.
#[must_use]
pub(super) fn crc16(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0, |crc, byte| {
        (0..8).fold(crc ^ u16::from(*byte) << 8, |crc, _| {
            let carry = crc & 0x8000 != 0;
            crc << 1 ^ if carry { 0x1021 } else { 0 }
        })
    })
}

impl Space {
    /// A space of so many keys, hashed to so many slots where the layout says so.
    #[must_use]
    pub fn new(
        layout: Layout,
        (keys, slots): (u8, u8),
        keeper: NodeId,
        shards: Vec<NodeId>,
    ) -> Self {
        let place = |key: u8| match layout {
            Layout::Ranges => Place(key),
            Layout::Slots => {
                let hash = crc16(Key(key).word().to_string().as_bytes());
                Place((hash % u16::from(slots.max(1))) as u8)
            }
        };
        Space {
            layout,
            keeper,
            shards,
            len: match layout {
                Layout::Ranges => keys,
                Layout::Slots => slots,
            },
            places: (0..keys).map(place).collect(),
        }
    }

    /// How many places there are, at most 64.
    #[must_use]
    pub fn len(&self) -> u8 {
        self.len
    }

    /// Whether there is nothing to divide.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// How many keys there are.
    #[must_use]
    pub fn keys(&self) -> u8 {
        self.places.len() as u8
    }

    /// Where a key is.
    #[must_use]
    pub fn place(&self, key: Key) -> Place {
        let place = self.places.get(usize::from(key.0));
        place.copied().unwrap_or(Place(0))
    }

    /// The keys of a place.
    pub fn keys_at(&self, place: Place) -> impl Iterator<Item = Key> {
        let keys = (0..).zip(&self.places);
        keys.filter(move |(_, at)| **at == place)
            .map(|(key, _)| Key(key))
    }

    /// The keys of a piece.
    pub fn keys_of(&self, piece: &Piece) -> impl Iterator<Item = Key> {
        let (lo, hi) = (piece.lo, piece.hi);
        let keys = (0..).zip(&self.places);
        keys.filter(move |(_, at)| (lo..hi).contains(&at.0))
            .map(|(key, _)| Key(key))
    }

    /// Reads a key as clients write it.
    #[must_use]
    pub fn read(&self, text: &str) -> Option<Key> {
        (0..self.keys())
            .map(Key)
            .find(|key| key.word().to_string() == text)
    }

    /// A piece as it is shown: `k00-k07`, `slot-5`.
    #[must_use]
    pub fn name(&self, (lo, hi): (u8, u8)) -> Word {
        let text = match self.layout {
            Layout::Slots if hi <= lo.saturating_add(1) => format!("slot-{lo}"),
            Layout::Slots => format!("s{lo}-s{}", hi - 1),
            Layout::Ranges if hi <= lo.saturating_add(1) => Key(lo).word().to_string(),
            Layout::Ranges => format!("{}-{}", Key(lo).word(), Key(hi - 1).word()),
        };
        Word::new(&text).unwrap_or_default()
    }

    /// The map before anything has moved: the places in equal parts. A range begins as one piece
    /// at each shard; a slot is always a piece of its own.
    #[must_use]
    pub fn first(&self) -> Table {
        let shards = self.shards.len().max(1);
        let owner = |place: u8| usize::from(place) * shards / usize::from(self.len.max(1));
        let cell = |place: u8| {
            let at = owner(place);
            let epoch = match self.layout {
                Layout::Ranges => at as u32 + 1,
                Layout::Slots => u32::from(place) + 1,
            };
            (self.shards.get(at).copied().unwrap_or(self.keeper), epoch)
        };
        Table::of((0..self.len).map(cell))
    }
}
