//! The map of the space: who owns which piece, with the epoch of that ownership.

use crate::engine::{Fact, Facts, NodeId};

/// The number of an ownership. Each is given once, by the keeper; a newer one is greater.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Epoch(pub u32);

/// A piece of the space with its owner: places that have one epoch.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Piece {
    /// Its first place.
    pub lo: u8,
    /// The place behind its last one.
    pub hi: u8,
    /// Who owns it.
    pub owner: NodeId,
    /// Since which epoch.
    pub epoch: Epoch,
}

impl Piece {
    /// Its ends.
    #[must_use]
    pub fn ends(&self) -> (u8, u8) {
        (self.lo, self.hi)
    }

    pub(super) fn say(&self, facts: &mut Facts) {
        facts.say("from", u64::from(self.lo));
        facts.say("to", u64::from(self.hi.saturating_sub(1)));
        facts.say("owner", self.owner);
        facts.say("epoch", self.epoch.0);
    }
}

/// Pieces as a list of facts.
pub(super) fn pieces_fact(pieces: impl Iterator<Item = Piece>) -> Fact {
    let fact = |piece: Piece| {
        let mut facts = Facts::default();
        piece.say(&mut facts);
        Fact::Group(facts)
    };
    Fact::List(pieces.map(fact).collect())
}

/// One place of the map.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
struct Cell {
    owner: NodeId,
    epoch: Epoch,
}

/// A map, as the keeper has it, or a shard, or a client. Epochs are unique, so places of one epoch
/// are one piece.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Table {
    cells: Vec<Cell>,
}

impl Table {
    /// The map with these owners and epochs, one a place.
    pub fn of(cells: impl Iterator<Item = (NodeId, u32)>) -> Self {
        let cell = |(owner, epoch): (NodeId, u32)| Cell {
            owner,
            epoch: Epoch(epoch),
        };
        Table {
            cells: cells.map(cell).collect(),
        }
    }

    /// Whether nothing was ever written down.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// The piece that a place is part of.
    #[must_use]
    pub fn at(&self, place: u8) -> Option<Piece> {
        self.pieces().find(|piece| place < piece.hi)
    }

    /// Who owns a place.
    #[must_use]
    pub fn owner(&self, place: u8) -> Option<NodeId> {
        self.cells.get(usize::from(place)).map(|cell| cell.owner)
    }

    /// Since which epoch.
    #[must_use]
    pub fn epoch(&self, place: u8) -> Epoch {
        let cell = self.cells.get(usize::from(place));
        cell.map_or(Epoch(0), |cell| cell.epoch)
    }

    /// The newest epoch within these ends.
    #[must_use]
    pub fn newest(&self, (lo, hi): (u8, u8)) -> Epoch {
        let epochs = (lo..hi).map(|place| self.epoch(place));
        epochs.max().unwrap_or_default()
    }

    /// All pieces, in the order of their places.
    pub fn pieces(&self) -> impl Iterator<Item = Piece> {
        let mut at = 0;
        self.cells
            .chunk_by(|a, b| a.epoch == b.epoch)
            .map(move |run| {
                let lo = at;
                at += run.len() as u8;
                Piece {
                    lo,
                    hi: at,
                    owner: run[0].owner,
                    epoch: run[0].epoch,
                }
            })
    }

    /// Takes a piece in where it is newer than what is known. Whether anything was.
    pub fn learn(&mut self, piece: &Piece) -> bool {
        let mut newer = false;
        for cell in self.within(piece.ends()) {
            if cell.epoch < piece.epoch {
                (cell.owner, cell.epoch) = (piece.owner, piece.epoch);
                newer = true;
            }
        }
        newer
    }

    /// Takes a piece in, whatever is known.
    pub fn replace(&mut self, piece: &Piece) {
        for cell in self.within(piece.ends()) {
            (cell.owner, cell.epoch) = (piece.owner, piece.epoch);
        }
    }

    /// Whether a piece says anything newer than what is known.
    #[must_use]
    pub fn is_older_than(&self, piece: &Piece) -> bool {
        (piece.lo..piece.hi).any(|place| self.epoch(place) < piece.epoch)
    }

    fn within(&mut self, (lo, hi): (u8, u8)) -> &mut [Cell] {
        let hi = usize::from(hi).min(self.cells.len());
        let lo = usize::from(lo).min(hi);
        &mut self.cells[lo..hi]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(lo: u8, hi: u8, owner: u16, epoch: u32) -> Piece {
        Piece {
            lo,
            hi,
            owner: NodeId(owner),
            epoch: Epoch(epoch),
        }
    }

    #[test]
    fn what_is_newer_is_learned_and_what_is_older_is_not() {
        let mut table =
            Table::of((0..6).map(|place| (NodeId(place / 3), u32::from(place / 3) + 1)));
        assert!(table.learn(&piece(1, 3, 1, 5)));
        let all: Vec<Piece> = table.pieces().collect();
        let expected = [piece(0, 1, 0, 1), piece(1, 3, 1, 5), piece(3, 6, 1, 2)];
        assert_eq!(all, expected);
        assert!(!table.learn(&piece(0, 3, 0, 1)));
        assert!(!table.learn(&piece(1, 2, 0, 4)));
        assert_eq!(table.pieces().collect::<Vec<_>>(), expected);
        assert_eq!(table.at(2), Some(piece(1, 3, 1, 5)));
        assert_eq!(table.newest((0, 6)), Epoch(5));
        // A piece that is newer in part is learned in that part.
        assert!(table.learn(&piece(0, 6, 2, 3)));
        assert_eq!(table.owner(0), Some(NodeId(2)));
        assert_eq!(table.owner(1), Some(NodeId(1)));
        table.replace(&piece(1, 2, 0, 1));
        assert_eq!(table.epoch(1), Epoch(1));
    }
}
