//! The one hasher of traces and states: the same numbers natively and in Wasm.

/// A 64-bit running hash. Not cryptographic: it tells runs apart, it keeps nobody out.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Digest(u64);

impl Default for Digest {
    fn default() -> Self {
        Digest(0x5b1a_7b2a_1d3c_9e55)
    }
}

impl Digest {
    /// Takes one word in.
    #[inline]
    pub fn word(&mut self, word: u64) {
        let mixed = (self.0 ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = mixed ^ (mixed >> 29);
    }

    /// The hash so far.
    #[must_use]
    pub fn value(self) -> u64 {
        self.0
    }
}

/// Makes a `Hasher` of a type that takes in words (`word`): every integer goes in as one 64-bit word, so
/// that `usize` is alike on 32 and 64 bits.
macro_rules! hash_by_words {
    ($name:ty, $finish:expr) => {
        impl std::hash::Hasher for $name {
            fn finish(&self) -> u64 {
                $finish(self)
            }

            fn write(&mut self, bytes: &[u8]) {
                for chunk in bytes.chunks(8) {
                    let mut word = [0; 8];
                    word[..chunk.len()].copy_from_slice(chunk);
                    self.word(u64::from_le_bytes(word));
                }
            }

            #[inline]
            fn write_u8(&mut self, n: u8) {
                self.word(u64::from(n));
            }

            #[inline]
            fn write_u16(&mut self, n: u16) {
                self.word(u64::from(n));
            }

            #[inline]
            fn write_u32(&mut self, n: u32) {
                self.word(u64::from(n));
            }

            #[inline]
            fn write_u64(&mut self, n: u64) {
                self.word(n);
            }

            #[inline]
            fn write_usize(&mut self, n: usize) {
                self.word(n as u64);
            }

            #[inline]
            fn write_isize(&mut self, n: isize) {
                self.word(n as i64 as u64);
            }
        }
    };
}
pub(super) use hash_by_words;

hash_by_words!(Digest, |digest: &Digest| digest.0);
