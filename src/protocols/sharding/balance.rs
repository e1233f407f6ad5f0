//! What the keeper would change, by the requests that the shards counted.

use super::space::{Layout, Space};
use super::table::{Piece, Table};
use crate::engine::NodeId;

/// What one request counts. As some of the count is forgotten now and then, one alone would be gone
/// at once.
pub(super) const POINTS: u32 = 16;
/// With fewer requests in mind nothing is said of the load.
const FEWEST: u64 = 20;

/// What would be better.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) enum Advice {
    /// The load is as even as it is worth.
    Even,
    /// A range is hot, and too much for one move: it is to be split before this place.
    Split {
        /// The range.
        piece: Piece,
        /// The first place of its right half.
        at: u8,
    },
    /// A piece goes from the shard with the most to the one with the least.
    Move {
        /// The piece.
        piece: Piece,
        /// Where to.
        to: NodeId,
    },
    /// The load is uneven, and nothing can be done: it is that of one key, or of one slot.
    Stuck(Piece),
}

/// The requests of a piece, in points.
#[must_use]
pub(super) fn load(heat: &[u32], (lo, hi): (u8, u8)) -> u64 {
    let hi = usize::from(hi).min(heat.len());
    let lo = usize::from(lo).min(hi);
    heat[lo..hi].iter().map(|count| u64::from(*count)).sum()
}

/// The requests of a shard, in points.
fn load_of(shard: NodeId, table: &Table, heat: &[u32]) -> u64 {
    let own = table.pieces().filter(|piece| piece.owner == shard);
    own.map(|piece| load(heat, piece.ends())).sum()
}

/// What would be better: a move, if one helps much; else a split of the hottest range, so that a
/// move may help then; else a move that helps a little.
#[must_use]
pub(super) fn advise(space: &Space, table: &Table, heat: &[u32]) -> Advice {
    let loads = space.shards.iter();
    let loads = loads.map(|shard| (load_of(*shard, table, heat), *shard));
    let loads: Vec<(u64, NodeId)> = loads.collect();
    let total: u64 = loads.iter().map(|(load, _)| load).sum();
    // Of several with the same load the first counts.
    let hot = loads.iter().rev().max_by_key(|(load, _)| *load);
    let cold = loads.iter().min_by_key(|(load, _)| *load);
    let (Some((most, hot)), Some((least, cold))) = (hot.copied(), cold.copied()) else {
        return Advice::Even;
    };
    if total < FEWEST * u64::from(POINTS) || most * 2 < least * 3 {
        return Advice::Even;
    }
    let own = || table.pieces().filter(|piece| piece.owner == hot);
    let after = |piece: &Piece| {
        let load = load(heat, piece.ends());
        (load > 0).then(|| (most - load).max(least + load))
    };
    let moves = own().filter_map(|piece| Some((after(&piece)?, piece)));
    let best = moves.min_by_key(|(after, _)| *after);
    let to = cold;
    if let Some((after, piece)) = best
        && after * 4 <= most * 3
    {
        return Advice::Move { piece, to };
    }
    let hottest = own().max_by_key(|piece| load(heat, piece.ends()));
    if let Some(piece) = hottest
        && space.layout == Layout::Ranges
        && let Some(at) = middle(&piece, heat)
    {
        return Advice::Split { piece, at };
    }
    match (best, hottest) {
        (Some((after, piece)), _) if after * 8 <= most * 7 => Advice::Move { piece, to },
        (_, Some(piece)) => Advice::Stuck(piece),
        (_, None) => Advice::Even,
    }
}

/// The place that leaves about half of the requests on each side.
fn middle(piece: &Piece, heat: &[u32]) -> Option<u8> {
    let all = load(heat, piece.ends());
    let apart = |at: &u8| {
        let left = load(heat, (piece.lo, *at));
        (left * 2).abs_diff(all)
    };
    (piece.lo + 1..piece.hi).min_by_key(apart)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn space(layout: Layout) -> Space {
        let shards = (1..=3).map(NodeId).collect();
        Space::new(layout, (12, 12), NodeId(0), shards)
    }

    fn heat(hot: &[(u8, u32)]) -> Vec<u32> {
        let at = |place: u8| hot.iter().find(|(other, _)| *other == place);
        (0..12)
            .map(|place| at(place).map_or(2, |(_, n)| *n) * POINTS)
            .collect()
    }

    #[test]
    fn an_even_load_is_left_alone() {
        let space = space(Layout::Ranges);
        assert_eq!(advise(&space, &space.first(), &heat(&[])), Advice::Even);
        assert_eq!(advise(&space, &space.first(), &[0; 12]), Advice::Even);
    }

    #[test]
    fn a_hot_range_is_split_in_the_middle_of_its_load_and_a_half_moves() {
        let space = space(Layout::Ranges);
        let mut table = space.first();
        let hot = heat(&[(0, 20), (1, 20), (2, 20), (3, 20)]);
        let Advice::Split { piece, at } = advise(&space, &table, &hot) else {
            panic!("no split");
        };
        assert_eq!((piece.ends(), at), ((0, 4), 2));
        let half = |lo, hi, epoch| Piece {
            lo,
            hi,
            owner: NodeId(1),
            epoch: super::super::table::Epoch(epoch),
        };
        table.learn(&half(0, 2, 4));
        table.learn(&half(2, 4, 5));
        let advice = advise(&space, &table, &hot);
        let (piece, to) = (half(0, 2, 4), NodeId(2));
        assert_eq!(advice, Advice::Move { piece, to });
    }

    #[test]
    fn one_hot_key_cannot_be_divided() {
        let space = space(Layout::Ranges);
        let mut table = space.first();
        let alone = Piece {
            lo: 0,
            hi: 1,
            owner: NodeId(1),
            epoch: super::super::table::Epoch(9),
        };
        table.learn(&alone);
        let rest = Piece {
            lo: 1,
            hi: 4,
            owner: NodeId(2),
            epoch: super::super::table::Epoch(10),
        };
        table.learn(&rest);
        assert_eq!(
            advise(&space, &table, &heat(&[(0, 200)])),
            Advice::Stuck(alone)
        );
    }

    #[test]
    fn slots_are_moved_and_never_split() {
        let space = space(Layout::Slots);
        let advice = advise(&space, &space.first(), &heat(&[(1, 30), (2, 10)]));
        let Advice::Move { piece, to } = advice else {
            panic!("no move");
        };
        // The hottest slot would only carry the heat on.
        assert_eq!((piece.ends(), to), ((2, 3), NodeId(2)));
        let stuck = advise(&space, &space.first(), &heat(&[(1, 400)]));
        assert!(matches!(stuck, Advice::Stuck(piece) if piece.lo == 1));
    }
}
