//! The small values that every layer speaks of: who, when, how long, and short words.

use std::fmt;
use std::ops::{Add, Sub};

/// One virtual node, by its place in the world (0-based). Its name on the screen is the lab's.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct NodeId(pub u16);

impl NodeId {
    /// The place of this node in any per-node table.
    #[must_use]
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

/// A moment of virtual time, in microseconds since the run began.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Time(pub u64);

/// A length of virtual time, in microseconds.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Span(pub u64);

impl Span {
    /// A span of whole milliseconds.
    #[must_use]
    pub const fn ms(ms: u64) -> Self {
        Span(ms * 1000)
    }

    /// A span of whole seconds.
    #[must_use]
    pub const fn secs(secs: u64) -> Self {
        Span(secs * 1_000_000)
    }
}

impl Add<Span> for Time {
    type Output = Time;
    fn add(self, span: Span) -> Time {
        Time(self.0.saturating_add(span.0))
    }
}

impl Sub for Time {
    type Output = Span;
    fn sub(self, earlier: Time) -> Span {
        Span(self.0.saturating_sub(earlier.0))
    }
}

/// Seconds with the digits that are needed, three at the least: `1.842 s`.
impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (secs, micros) = (self.0 / 1_000_000, self.0 % 1_000_000);
        if micros.is_multiple_of(1000) {
            write!(f, "{secs}.{:03}", micros / 1000)
        } else {
            write!(f, "{secs}.{micros:06}")
        }
    }
}

/// The shortest exact form with a unit: `2s`, `300ms`, `1.5ms`, `250us`.
impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (unit, scale) = match self.0 {
            0 => return f.write_str("0ms"),
            us if us >= 1_000_000 && us.is_multiple_of(1000) => ("s", 1_000_000),
            us if us >= 1000 => ("ms", 1000),
            _ => ("us", 1),
        };
        let (whole, rest) = (self.0 / scale, self.0 % scale);
        if rest == 0 {
            return write!(f, "{whole}{unit}");
        }
        let width = if scale == 1_000_000 { 6 } else { 3 };
        let digits = format!("{rest:0width$}");
        write!(f, "{whole}.{}{unit}", digits.trim_end_matches('0'))
    }
}

/// A short word of at most eight ASCII letters, digits, `-` or `_`: the keys and values that
/// clients use. Packed, so that an operation is copied rather than allocated.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Word(u64);

impl Word {
    /// The most bytes a word can hold.
    pub const MAX: usize = 8;

    /// Packs `text`, or `None` where it is empty, longer than [`Word::MAX`] or has other characters.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let fits = (1..=Self::MAX).contains(&text.len());
        let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
        (fits && text.bytes().all(plain))
            .then(|| Word(text.bytes().fold(0, |word, b| word << 8 | u64::from(b))))
    }

    /// The word for a number; numbers of more than eight digits keep their last eight.
    #[must_use]
    pub fn number(n: u64) -> Self {
        let mut rest = n % 100_000_000;
        let mut word = 0;
        for place in 0..Self::MAX {
            word |= (u64::from(b'0') + rest % 10) << (8 * place);
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        Word(word)
    }

    /// The word for a number that may be below zero: seven digits are kept then.
    #[must_use]
    pub fn signed(n: i64) -> Self {
        if n >= 0 {
            return Word::number(n.unsigned_abs());
        }
        let digits = n.unsigned_abs() % 10_000_000;
        Word::new(&format!("-{digits}")).unwrap_or_default()
    }

    /// The number that it is, if it is one.
    #[must_use]
    pub fn as_signed(self) -> Option<i64> {
        let bytes = self.0.to_be_bytes();
        let bytes = &bytes[bytes.iter().position(|b| *b != 0)?..];
        let (below, digits) = match bytes {
            [b'-', digits @ ..] => (true, digits),
            digits => (false, digits),
        };
        let digit = |b: &u8| b.is_ascii_digit().then(|| i64::from(b - b'0'));
        let first = digit(digits.first()?)?;
        let rest = digits[1..].iter().map(digit);
        let number = rest.into_iter().try_fold(first, |n, d| Some(n * 10 + d?))?;
        Some(if below { -number } else { number })
    }

    /// The inverse of [`Word::bits`].
    pub(super) fn from_bits(bits: u64) -> Self {
        Word(bits)
    }

    /// The packed bytes, for hashing and ordering.
    #[must_use]
    pub fn bits(self) -> u64 {
        self.0
    }
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = self.0.to_be_bytes();
        bytes
            .iter()
            .filter(|b| **b != 0)
            .try_for_each(|b| write!(f, "{}", char::from(*b)))
    }
}

impl fmt::Debug for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_print_shortest_and_exact() {
        let shown = |us| Span(us).to_string();
        assert_eq!(shown(0), "0ms");
        assert_eq!(shown(250), "250us");
        assert_eq!(shown(1500), "1.5ms");
        assert_eq!(shown(300_000), "300ms");
        assert_eq!(shown(2_000_000), "2s");
        assert_eq!(shown(1_842_000), "1.842s");
        assert_eq!(shown(1_842_113), "1842.113ms");
    }

    #[test]
    fn words_hold_eight_plain_characters() {
        assert_eq!(Word::new("x").unwrap().to_string(), "x");
        assert_eq!(Word::new("colour-1").unwrap().to_string(), "colour-1");
        assert_eq!(Word::new("ninechars"), None);
        assert_eq!(Word::new(""), None);
        assert_eq!(Word::new("a b"), None);
        assert_eq!(Word::number(0), Word::new("0").unwrap());
        assert_eq!(Word::number(1203), Word::new("1203").unwrap());
        for n in [0, 7, 1203, -1, -42] {
            assert_eq!(Word::signed(n).as_signed(), Some(n));
        }
        assert_eq!(Word::signed(-42), Word::new("-42").unwrap());
        for text in ["x", "-", "1a", "--1"] {
            assert_eq!(Word::new(text).unwrap().as_signed(), None);
        }
    }
}
