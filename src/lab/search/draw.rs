//! What one run of the search draws from: a key of its own, so that any run can be made anew alone.

use crate::engine::{Digest, Draws};

/// The draws of one run.
pub(super) struct Draw(Draws);

impl Draw {
    /// Of run `number` of the search with this seed.
    pub(super) fn of(seed: u64, number: u64) -> Self {
        let mut digest = Digest::default();
        digest.word(seed);
        digest.word(number);
        Draw(Draws::at(digest.value(), 0))
    }

    /// Draws of the same run for something else, which take nothing from the first.
    pub(super) fn aside(seed: u64, number: u64, what: u64) -> Self {
        let mut digest = Digest::default();
        digest.word(seed);
        digest.word(number);
        digest.word(what);
        Draw(Draws::at(digest.value(), 0))
    }

    /// A whole number, both ends included.
    pub(super) fn between(&mut self, least: u64, most: u64) -> u64 {
        self.0.between(least, most)
    }

    /// A place in a list of this length, which is not 0.
    pub(super) fn place(&mut self, len: usize) -> usize {
        self.between(0, len.max(1) as u64 - 1) as usize
    }

    /// One of these, if there is any.
    pub(super) fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        (!from.is_empty()).then(|| &from[self.place(from.len())])
    }

    /// True once in so many times.
    pub(super) fn one_in(&mut self, times: u64) -> bool {
        self.between(1, times) == 1
    }
}
