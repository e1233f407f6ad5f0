//! Which key is asked for how often: Zipf's law, in whole numbers, so that a draw comes out the same everywhere.

use super::message::Key;

/// The weight of the most popular key.
const MOST: f64 = (1u64 << 40) as f64;

/// How popular each key is.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Popularity {
    /// The weight of each key and of all before it.
    sums: Vec<u64>,
}

impl Popularity {
    /// The key in the i-th place is asked for in proportion to `i^-s`, where `s` is given in hundredths.
    #[must_use]
    pub fn zipf(keys: u64, hundredths: u64) -> Self {
        let exponent = hundredths as f64 / 100.0;
        let weight = |place: u64| (MOST * libm::pow(place as f64, -exponent)) as u64;
        let sums = (1..=keys).scan(0, |sum, place| {
            *sum += weight(place).max(1);
            Some(*sum)
        });
        Popularity {
            sums: sums.collect(),
        }
    }

    /// The weights of all keys together.
    #[must_use]
    pub fn whole(&self) -> u64 {
        self.sums.last().copied().unwrap_or(0)
    }

    /// The key of a number from 0 up to, and without, the whole.
    #[must_use]
    pub fn key(&self, drawn: u64) -> Key {
        let before = self.sums.partition_point(|sum| *sum <= drawn);
        Key(before.min(self.sums.len().saturating_sub(1)) as u16 + 1)
    }

    /// The share of each key in all that is asked for, the most popular first.
    #[must_use]
    pub fn shares(&self) -> Vec<f64> {
        let whole = self.whole() as f64;
        let before = [0].into_iter().chain(self.sums.iter().copied());
        let weights = self
            .sums
            .iter()
            .zip(before)
            .map(|(sum, before)| sum - before);
        weights.map(|weight| weight as f64 / whole).collect()
    }
}
