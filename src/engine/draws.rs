//! Randomness as a function: a place in the run gives its draws, whatever was drawn elsewhere.

/// The draws of one place: SplitMix64 (Steele, Lea and Flood, 2014), begun where the key and the
/// ordinal say. Two multiplications a draw, and no state to set up: a draw is made at every message.
#[derive(Clone, Debug)]
pub struct Draws {
    state: u64,
}

/// How far one draw lies from the next, and one ordinal from the next: not the same, or the
/// second draw of one place would be the first of another.
const BETWEEN_DRAWS: u64 = 0x9e37_79b9_7f4a_7c15;
const BETWEEN_ORDINALS: u64 = 0xd134_2543_de82_ef95;

impl Draws {
    /// The draws for one ordinal of what `key` stands for.
    #[inline]
    #[must_use]
    pub fn at(key: u64, ordinal: u64) -> Self {
        let state = key.wrapping_add(ordinal.wrapping_mul(BETWEEN_ORDINALS));
        Draws { state }
    }

    /// All 64 bits.
    #[inline]
    pub fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(BETWEEN_DRAWS);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A whole number, both ends included; `least` where `most` is below it. No number is
    /// favoured by more than the share of the range in 2^32 (in 2^64 where the range is longer).
    #[inline]
    pub fn between(&mut self, least: u64, most: u64) -> u64 {
        let bits = self.bits();
        let last = most.saturating_sub(least);
        if last < u64::from(u32::MAX) {
            return least + (((bits >> 32) * (last + 1)) >> 32);
        }
        least + ((u128::from(bits) * (u128::from(last) + 1)) >> 64) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_keep_within_their_range_and_reach_its_ends() {
        for (least, most) in [(0, 0), (3, 5), (7, 2), (0, u64::MAX), (1, 1 << 40)] {
            let drawn: Vec<u64> = (0..1000)
                .map(|ordinal| Draws::at(9, ordinal).between(least, most))
                .collect();
            assert!(drawn.iter().all(|n| (least..=most.max(least)).contains(n)));
            if most < 10 {
                assert!(drawn.contains(&least) && drawn.contains(&most.max(least)));
            }
        }
    }

    /// Chi-squared over 64 boxes: of neighbouring ordinals, of neighbouring keys, and of the
    /// second draw beside the first.
    #[test]
    fn draws_are_even() {
        let even = |draw: &dyn Fn(u64) -> u64| {
            let mut boxes = [0f64; 64];
            (0..64_000).for_each(|i| boxes[draw(i) as usize] += 1.0);
            let chi: f64 = boxes.iter().map(|n| (n - 1000.0).powi(2) / 1000.0).sum();
            // 63 degrees of freedom: fewer than one in a hundred thousand lies outside.
            assert!((25.0..125.0).contains(&chi), "{chi}");
        };
        even(&|i| Draws::at(7, i).between(0, 63));
        even(&|i| Draws::at(i, 7).between(0, 63));
        even(&|i| {
            let mut draws = Draws::at(7, i);
            draws.between(0, 7) << 3 | draws.between(0, 7)
        });
        even(&|i| Draws::at(7, i).between(0, 7) << 3 | Draws::at(7, i + 1).between(0, 7));
    }
}
