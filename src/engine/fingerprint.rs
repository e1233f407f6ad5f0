//! The hasher of an exhaustive exploration: what has the same fingerprint counts as the same
//! state, so it is twice as wide as that of traces.

use super::digest::hash_by_words;

/// A 128-bit running hash: two different mixtures of the same words. With a thousand million
/// states the chance that any two share one is about one in 10^21.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Fingerprint(u64, u64);

impl Default for Fingerprint {
    fn default() -> Self {
        Fingerprint(0x8f1b_bcdc_5be0_cd19, 0x6a09_e667_bb67_ae85)
    }
}

impl Fingerprint {
    /// Takes one word in.
    #[inline]
    pub fn word(&mut self, word: u64) {
        let first = (self.0 ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = first ^ (first >> 29);
        let second = self.1.rotate_left(25).wrapping_add(word);
        self.1 = second.wrapping_mul(0xd134_2543_de82_ef95);
    }

    /// The hash so far. Every bit of it depends on every word, so that sums of such hashes stand
    /// for bags, and any part of the bits for a place in a table.
    #[inline]
    #[must_use]
    pub fn value(self) -> u128 {
        let high = stir(self.0 ^ self.1.rotate_left(32));
        let low = stir(self.1.wrapping_add(high));
        u128::from(high) << 64 | u128::from(low)
    }

    /// The fingerprint of a state that is one word: no two share one.
    #[inline]
    #[must_use]
    pub fn of_word(word: u64) -> u128 {
        u128::from(word) << 64 | u128::from(stir(word ^ 0x9e37_79b9_7f4a_7c15))
    }

    /// The hash of one value.
    #[inline]
    #[must_use]
    pub fn of(value: &(impl std::hash::Hash + ?Sized)) -> u128 {
        let mut print = Fingerprint::default();
        value.hash(&mut print);
        print.value()
    }
}

/// The end of MurmurHash3 (Appleby): every bit of the word reaches every other.
#[inline]
fn stir(word: u64) -> u64 {
    let word = (word ^ (word >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    let word = (word ^ (word >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    word ^ (word >> 33)
}

hash_by_words!(Fingerprint, |print: &Fingerprint| print.value() as u64);

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// Small numbers in several places: what states are made of.
    #[test]
    fn neither_half_mixes_up_small_words() {
        let (mut high, mut low) = (BTreeSet::new(), BTreeSet::new());
        for n in 0..1u64 << 18 {
            let print = Fingerprint::of(&[n & 7, n >> 3 & 7, n >> 6 & 7, n >> 9]);
            high.insert((print >> 64) as u64);
            low.insert(print as u64);
        }
        assert_eq!((high.len(), low.len()), (1 << 18, 1 << 18));
    }

    /// Chi-squared over 64 boxes of the lowest bits, by which tables are entered.
    #[test]
    fn the_lowest_bits_are_even() {
        let mut boxes = [0f64; 64];
        for n in 0..64_000u64 {
            boxes[(Fingerprint::of(&[n % 40, n / 40]) & 63) as usize] += 1.0;
        }
        let chi: f64 = boxes.iter().map(|n| (n - 1000.0).powi(2) / 1000.0).sum();
        // 63 degrees of freedom: fewer than one in a hundred thousand lies outside.
        assert!((25.0..125.0).contains(&chi), "{chi}");
    }
}
