//! How long things took, counted in stretches of lengths, so that quantiles of any many of them need
//! little room: up to 16 us each length has a place of its own, above that each octave has sixteen.

use crate::engine::Span;

/// Lengths by their counts.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Histogram {
    /// By place; as many as the longest needs.
    counts: Vec<u32>,
    all: u64,
}

/// Places in an octave, and the power of two that is.
const PARTS: u64 = 16;
const POWER: u32 = 4;

/// The place of a length.
fn place(us: u64) -> usize {
    if us < PARTS {
        return us as usize;
    }
    let octave = us.ilog2() - POWER;
    (u64::from(octave) * PARTS + (us >> octave)) as usize
}

/// The middle of the lengths that have this place.
fn middle(place: usize) -> u64 {
    let place = place as u64;
    if place < 2 * PARTS {
        return place;
    }
    let octave = place / PARTS - 1;
    let low = (place - octave * PARTS) << octave;
    low + (1 << octave) / 2
}

impl Histogram {
    /// Counts one.
    pub fn note(&mut self, took: Span) {
        let place = place(took.0);
        if self.counts.len() <= place {
            self.counts.resize(place + 1, 0);
        }
        self.counts[place] += 1;
        self.all += 1;
    }

    /// Adds what was counted elsewhere.
    pub fn add(&mut self, other: &Histogram) {
        if self.counts.len() < other.counts.len() {
            self.counts.resize(other.counts.len(), 0);
        }
        let counts = self.counts.iter_mut().zip(&other.counts);
        counts.for_each(|(mine, theirs)| *mine += theirs);
        self.all += other.all;
    }

    /// What so many in a thousand did not exceed: the nearest rank, to one part in thirty-two. `None` where
    /// nothing was counted.
    #[must_use]
    pub fn quantile(&self, thousandths: u64) -> Option<Span> {
        let rank = (self.all * thousandths).div_ceil(1000).max(1);
        let mut before = 0;
        let reached = |count: &u32| {
            before += u64::from(*count);
            before >= rank
        };
        let place = self.counts.iter().position(reached)?;
        Some(Span(middle(place)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Beside the sorted list.
        #[test]
        fn quantiles_are_those_of_the_list(
            mut all in prop::collection::vec((0u32..40, 0u64..1 << 40), 1..300),
            thousandths in 1u64..=1000,
        ) {
            let mut histogram = Histogram::default();
            let mut all: Vec<u64> = all.drain(..).map(|(shift, us)| us >> shift).collect();
            all.iter().for_each(|us| histogram.note(Span(*us)));
            all.sort_unstable();
            let rank = (all.len() as u64 * thousandths).div_ceil(1000).max(1);
            let exact = all[rank as usize - 1];
            let found = histogram.quantile(thousandths).map(|span| span.0);
            prop_assert!(found.is_some_and(|found| found.abs_diff(exact) <= exact / 32 + 1), "{exact} {found:?}");
        }

        #[test]
        fn two_together_count_as_one(all in prop::collection::vec(0u64..1 << 30, 2..100), at in 1usize..99) {
            let at = at % all.len();
            let of = |part: &[u64]| {
                let mut histogram = Histogram::default();
                part.iter().for_each(|us| histogram.note(Span(*us)));
                histogram
            };
            let mut both = of(&all[..at]);
            both.add(&of(&all[at..]));
            let whole = of(&all);
            prop_assert!([10, 500, 990, 1000].iter().all(|n| both.quantile(*n) == whole.quantile(*n)));
        }
    }

    #[test]
    fn of_nothing_there_is_no_quantile() {
        assert_eq!(Histogram::default().quantile(500), None);
        assert_eq!(place(u64::MAX), 975);
    }
}
