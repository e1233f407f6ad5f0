//! The ring itself: the points of all nodes in order, and the way from a hash to the next point.

use crate::engine::sorting::sort_by_key;

/// A point of a node on the circle.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Point {
    /// Where: from 0 to 2^64, clockwise.
    pub at: u64,
    /// Whose, by the node's number.
    pub node: u16,
}

/// Up to so many points there are two to the power of [`MORE`] starts for each: most of them then stand before the very
/// point that is looked for, and the processor guesses that right. With many points the table would not fit into the
/// nearest cache any more.
const FEW: usize = 4096;
const MORE: u32 = 2;

/// All points, clockwise (Karger et al. 1997). A key belongs to the first point at or after its hash.
///
/// The points are spread evenly but for chance, so the leading bits of a hash tell where to
/// look: a lookup is one step into a table of starts and, on average, one comparison more.
#[derive(Clone, Debug)]
pub struct Ring {
    points: Vec<Point>,
    /// For each value of the leading bits, the first point that has them or more.
    starts: Vec<u32>,
    /// How far a hash is shifted so that its leading bits are left.
    shift: u32,
}

impl Ring {
    /// A ring of these points. Two at one place keep the order of their nodes' numbers.
    #[must_use]
    pub fn new(mut points: Vec<Point>) -> Self {
        sort_by_key(&mut points, |point| (point.at, point.node));
        let few = points.len() <= FEW;
        let more = if few { MORE } else { 0 };
        let bits = points.len().next_power_of_two().trailing_zeros().max(1) + more;
        let shift = 64 - bits;
        let mut starts = Vec::with_capacity(1 << bits);
        let mut next = 0;
        for bucket in 0..1u64 << bits {
            while points
                .get(next)
                .is_some_and(|point| point.at >> shift < bucket)
            {
                next += 1;
            }
            starts.push(next as u32);
        }
        Ring {
            points,
            starts,
            shift,
        }
    }

    /// The points, clockwise.
    #[must_use]
    pub fn points(&self) -> &[Point] {
        &self.points
    }

    /// The place in [`Ring::points`] of the first point at or after the hash; `None` on an empty ring.
    #[inline]
    #[must_use]
    pub fn first(&self, hash: u64) -> Option<usize> {
        let bucket = (hash >> self.shift) as usize;
        let mut at = self.starts.get(bucket).map_or(0, |start| *start as usize);
        while let Some(point) = self.points.get(at) {
            if point.at >= hash {
                return Some(at);
            }
            at += 1;
        }
        // Behind the last point comes the first one: it is a circle.
        (!self.points.is_empty()).then_some(0)
    }

    /// The node that a hash belongs to.
    #[inline]
    #[must_use]
    pub fn owner(&self, hash: u64) -> Option<u16> {
        self.first(hash).map(|at| self.points[at].node)
    }

    /// The nodes of the points from the hash on, once round.
    pub fn walk(&self, hash: u64) -> impl Iterator<Item = u16> + '_ {
        let (before, after) = self.points.split_at(self.first(hash).unwrap_or(0));
        after.iter().chain(before).map(|point| point.node)
    }

    /// How much of the circle belongs to each node, by its number, in parts of 2^64. With one
    /// point alone it is all but one part.
    #[must_use]
    pub fn arcs(&self, nodes: usize) -> Vec<u64> {
        let mut arcs = vec![0u64; nodes];
        let mut last = self.points.last().map_or(0, |point| point.at);
        for point in &self.points {
            let mut length = point.at.wrapping_sub(last);
            if self.points.len() == 1 {
                length = u64::MAX;
            }
            if let Some(arc) = arcs.get_mut(usize::from(point.node)) {
                *arc = arc.saturating_add(length);
            }
            last = point.at;
        }
        arcs
    }
}
