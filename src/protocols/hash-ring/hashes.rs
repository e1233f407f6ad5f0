//! The hash functions: each a well-known one, from a crate of its own.

use sha1::{Digest, Sha1};
use siphasher::sip::SipHasher13;

/// Which hash function places nodes and keys.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum HashKind {
    /// XXH3, its 64 bits.
    Xxh3,
    /// MurmurHash3 x64 128, its first 64 bits.
    Murmur3,
    /// SHA-1, its first 64 bits.
    Sha1,
    /// SipHash-1-3 with a key of zeros.
    SipHash,
}

impl HashKind {
    /// The words of the parameter, in the order of the variants.
    pub const WORDS: &'static [&'static str] = &["xxh3", "murmur3", "sha1", "siphash"];

    /// The function of this name; the first one where there is none.
    #[must_use]
    pub fn of(word: &str) -> Self {
        match word {
            "murmur3" => HashKind::Murmur3,
            "sha1" => HashKind::Sha1,
            "siphash" => HashKind::SipHash,
            _ => HashKind::Xxh3,
        }
    }

    /// A place on the circle of 2^64.
    #[inline]
    #[must_use]
    pub fn hash(self, bytes: &[u8]) -> u64 {
        match self {
            HashKind::Xxh3 => xxhash_rust::xxh3::xxh3_64(bytes),
            HashKind::Murmur3 => mur3::murmurhash3_x64_128(bytes, 0).0,
            HashKind::Sha1 => {
                let digest = Sha1::digest(bytes);
                let first = digest.iter().take(8);
                first.fold(0, |bits, byte| bits << 8 | u64::from(*byte))
            }
            HashKind::SipHash => SipHasher13::new_with_keys(0, 0).hash(bytes),
        }
    }

    /// The hash of two hashes.
    #[must_use]
    pub fn pair(self, a: u64, b: u64) -> u64 {
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&a.to_be_bytes());
        bytes[8..].copy_from_slice(&b.to_be_bytes());
        self.hash(&bytes)
    }

    /// The hash of the name of a node's point, or of a node alone: `n3-17`.
    #[must_use]
    pub fn point(self, node: u16, index: u32) -> u64 {
        let mut name = Name::default();
        name.push(b"n");
        name.number(u32::from(node) + 1);
        name.push(b"-");
        name.number(index);
        self.hash(name.bytes())
    }
}

/// A short name without an allocation: a ring has thousands.
#[derive(Default)]
struct Name {
    bytes: [u8; 20],
    len: usize,
}

impl Name {
    fn push(&mut self, bytes: &[u8]) {
        for byte in bytes {
            if let Some(place) = self.bytes.get_mut(self.len) {
                *place = *byte;
                self.len += 1;
            }
        }
    }

    fn number(&mut self, n: u32) {
        let mut digits = [0; 10];
        let (mut rest, mut at) = (n, digits.len());
        loop {
            at -= 1;
            digits[at] = b'0' + (rest % 10) as u8;
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        self.push(&digits[at..]);
    }

    fn bytes(&self) -> &[u8] {
        &self.bytes[..self.len]
    }
}
