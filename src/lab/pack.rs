//! Packs a story into few bytes, so that a link to it stays short.
//!
//! A model guesses the next bit from the characters before it, and an arithmetic coder spends the
//! less on it, the surer the guess was. The model has read `primer.txt` before it begins, so that
//! the words of stories cost little from the first line on. It is made of whole numbers only, and
//! packs and unpacks to the same bytes everywhere.
//!
//! The bytes are a format: links that were shared depend on every number below and on the primer.
//! A change needs a new name in the link (`docs/links.md`).

use super::story::Story;

/// What the model has read before it begins.
const PRIMER: &str = include_str!("primer.txt");

/// The length (3 bytes) and the check sum (2 bytes) before what is packed.
const HEAD: usize = 5;
/// How far the decoder may read behind the end before the bytes count as cut short.
const SLACK: usize = 4;

/// Why bytes could not be unpacked.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum PackError {
    /// They end too early, or are not what was packed.
    Garbled,
    /// They would be a text longer than [`Story::MAX_BYTES`].
    TooLong,
}

/// A text in few bytes. It may be at most [`Story::MAX_BYTES`] long.
#[must_use]
pub fn pack(text: &str) -> Vec<u8> {
    let length = (text.len() as u32).to_be_bytes();
    let mut packed = length[1..].to_vec();
    packed.extend(check_sum(text.as_bytes()).to_be_bytes());
    let mut coder = Coder::new(packed);
    let mut model = Model::primed();
    for byte in text.bytes() {
        for place in (0..8).rev() {
            let bit = byte >> place & 1 == 1;
            coder.write(bit, model.guess());
            model.learn(bit);
        }
    }
    coder.finish()
}

/// The text that was packed.
///
/// # Errors
/// Where the bytes are not what [`pack`] made.
pub fn unpack(packed: &[u8]) -> Result<String, PackError> {
    let Some((head, body)) = packed.split_at_checked(HEAD) else {
        return Err(PackError::Garbled);
    };
    let length = u32::from_be_bytes([0, head[0], head[1], head[2]]) as usize;
    if length > Story::MAX_BYTES {
        return Err(PackError::TooLong);
    }
    let mut decoder = Decoder::new(body);
    let mut model = Model::primed();
    let mut text = Vec::new();
    while text.len() < length {
        let mut byte = 0;
        for _ in 0..8 {
            let bit = decoder.read(model.guess());
            model.learn(bit);
            byte = byte << 1 | u8::from(bit);
        }
        // Few bytes may claim to be a long text; work ends where they do.
        if decoder.at > body.len() + SLACK {
            return Err(PackError::Garbled);
        }
        text.push(byte);
    }
    if check_sum(&text).to_be_bytes() != head[3..] {
        return Err(PackError::Garbled);
    }
    String::from_utf8(text).map_err(|_| PackError::Garbled)
}

/// FNV-1a, folded: what is changed on its way is noticed, but for one case in 65,536.
fn check_sum(bytes: &[u8]) -> u16 {
    let sum = bytes.iter().fold(0x811c_9dc5u32, |sum, byte| {
        (sum ^ u32::from(*byte)).wrapping_mul(0x0100_0193)
    });
    (sum >> 16 ^ sum) as u16
}

/// How likely a one is, in 65,536ths.
type Guess = u32;

/// The interval of the arithmetic coder, from `low` to `high`.
struct Interval {
    low: u32,
    high: u32,
}

impl Interval {
    const ALL: Interval = Interval {
        low: 0,
        high: u32::MAX,
    };

    /// Where the part for a one ends.
    fn split(&self, guess: Guess) -> u32 {
        let width = u64::from(self.high - self.low);
        self.low + ((width * u64::from(guess)) >> 16) as u32
    }

    fn take(&mut self, bit: bool, split: u32) {
        if bit {
            self.high = split;
        } else {
            self.low = split + 1;
        }
    }

    /// The first byte, where both ends agree in it: it is settled.
    fn settled(&mut self) -> Option<u8> {
        if (self.low ^ self.high) >> 24 != 0 {
            return None;
        }
        let byte = (self.low >> 24) as u8;
        self.low <<= 8;
        self.high = self.high << 8 | 0xff;
        Some(byte)
    }
}

struct Coder {
    interval: Interval,
    packed: Vec<u8>,
}

impl Coder {
    fn new(packed: Vec<u8>) -> Self {
        Coder {
            interval: Interval::ALL,
            packed,
        }
    }

    fn write(&mut self, bit: bool, guess: Guess) {
        let split = self.interval.split(guess);
        self.interval.take(bit, split);
        while let Some(byte) = self.interval.settled() {
            self.packed.push(byte);
        }
    }

    /// The end: a byte that with noughts behind it lies in the interval; none at all, where
    /// noughts do.
    fn finish(mut self) -> Vec<u8> {
        if self.interval.low > 0 {
            self.packed.push((self.interval.low >> 24) as u8 + 1);
        }
        self.packed
    }
}

struct Decoder<'a> {
    interval: Interval,
    value: u32,
    packed: &'a [u8],
    at: usize,
}

impl<'a> Decoder<'a> {
    fn new(packed: &'a [u8]) -> Self {
        let mut decoder = Decoder {
            interval: Interval::ALL,
            value: 0,
            packed,
            at: 0,
        };
        for _ in 0..4 {
            decoder.next();
        }
        decoder
    }

    /// Noughts follow the end.
    fn next(&mut self) {
        let byte = self.packed.get(self.at).copied().unwrap_or(0);
        self.value = self.value << 8 | u32::from(byte);
        self.at += 1;
    }

    fn read(&mut self, guess: Guess) -> bool {
        let split = self.interval.split(guess);
        let bit = self.value <= split;
        self.interval.take(bit, split);
        while self.interval.settled().is_some() {
            self.next();
        }
        bit
    }
}

/// How many contexts are asked for each bit.
const CONTEXTS: usize = 7;
/// The places for the counts of one context, a power of two.
const PLACES_LOG: u32 = 16;
/// How many observations a count remembers.
const MEMORY: u32 = 60;
/// How fast the weights follow.
const RATE: i32 = 6;

/// What a context has seen: the share of ones in 4,194,304ths, and how often it was asked (the
/// lowest ten bits).
type Count = u32;

/// Guesses the next bit.
struct Model {
    counts: Vec<Count>,
    /// One set of weights for each beginning of a byte.
    weights: Vec<[i32; CONTEXTS]>,
    /// The contexts of this byte, as hashes.
    contexts: [u32; CONTEXTS],
    /// The counts that were asked, and what each said.
    asked: [usize; CONTEXTS],
    said: [i32; CONTEXTS],
    guess: Guess,
    /// The bits of this byte so far, behind a one.
    partial: u32,
    /// The last eight characters.
    last: u64,
    /// This word, the one before, and this line, as hashes; how many words this line has.
    word: u32,
    before: u32,
    line: u32,
    first: u32,
    stretch: Vec<i16>,
}

impl Model {
    /// A model that has read the primer.
    fn primed() -> Self {
        let mut model = Model {
            counts: vec![1 << 31; CONTEXTS << PLACES_LOG],
            weights: vec![[(1 << 16) * 2 / 5; CONTEXTS]; 256],
            contexts: [0; CONTEXTS],
            asked: [0; CONTEXTS],
            said: [0; CONTEXTS],
            guess: 1 << 15,
            partial: 1,
            last: 0,
            word: 0,
            before: 0,
            line: 0,
            first: 0,
            stretch: stretches(),
        };
        model.enter();
        for byte in PRIMER.bytes() {
            for place in (0..8).rev() {
                model.learn(byte >> place & 1 == 1);
            }
        }
        model
    }

    fn guess(&self) -> Guess {
        self.guess
    }

    /// Takes in what the bit was, and guesses the next one.
    fn learn(&mut self, bit: bool) {
        let wrong = (i32::from(bit) << 12) - (self.guess >> 4) as i32;
        let weights = &mut self.weights[self.partial as usize & 255];
        for ((weight, said), at) in weights.iter_mut().zip(self.said).zip(self.asked) {
            *weight += (said * wrong * RATE + (1 << 9)) >> 10;
            let count = &mut self.counts[at];
            let (share, times) = (*count >> 10, *count & 1023);
            let goal = if bit { (1 << 22) - 1 } else { 0 };
            let step = (goal - share as i32) * 2 / (2 * times as i32 + 3);
            let share = (share as i32 + step) as u32;
            *count = share << 10 | (times + 1).min(MEMORY);
        }
        self.partial = self.partial << 1 | u32::from(bit);
        if self.partial > 255 {
            self.read(self.partial as u8);
            self.partial = 1;
            self.enter();
        } else {
            self.ask();
        }
    }

    /// A character is whole.
    fn read(&mut self, byte: u8) {
        self.last = self.last << 8 | u64::from(byte);
        let letter = byte.is_ascii_alphanumeric() || byte >= 128;
        if letter {
            self.word = hash(self.word, u32::from(byte) + 1);
        } else if self.word != 0 {
            (self.before, self.word) = (self.word, 0);
        }
        self.line = hash(self.line, u32::from(byte) + 1);
        if byte == b' ' && self.first == 0 {
            self.first = self.line;
        }
        if byte == b'\n' {
            (self.line, self.first) = (0, 0);
        }
    }

    /// The contexts of the next character.
    fn enter(&mut self) {
        let order = |n: u32| {
            let kept = self.last & (u64::MAX >> (64 - 8 * n));
            hash(hash(n, kept as u32), (kept >> 32) as u32)
        };
        self.contexts = [
            order(1),
            order(2),
            order(3),
            order(5),
            hash(hash(self.word, self.before), 6),
            hash(self.line, 7),
            hash(hash(self.first, self.word), self.last as u32 & 0xff),
        ];
        self.ask();
    }

    fn ask(&mut self) {
        let weights = &self.weights[self.partial as usize];
        let mut sum = 0i64;
        for (i, context) in self.contexts.iter().enumerate() {
            let place = hash(*context, self.partial) >> (32 - PLACES_LOG);
            let at = (i << PLACES_LOG) + place as usize;
            let said = i32::from(self.stretch[(self.counts[at] >> 20) as usize]);
            self.asked[i] = at;
            self.said[i] = said;
            sum += i64::from(said) * i64::from(weights[i]);
        }
        self.guess = squash((sum >> 16) as i32).clamp(16, (1 << 16) - 16);
    }
}

/// Mixes two numbers.
fn hash(a: u32, b: u32) -> u32 {
    let mixed = (a ^ b.wrapping_mul(0x9e37_79b1)).wrapping_mul(0x85eb_ca6b);
    mixed ^ mixed >> 15
}

/// The logistic function, 1 / (1 + e^-x), of x in 256ths, in 65,536ths: a line between whole
/// numbers for x from -8 to 8.
fn squash(x: i32) -> u32 {
    const AT: [i32; 17] = [
        22, 60, 162, 439, 1179, 3108, 7812, 17625, 32768, 47911, 57724, 62428, 64357, 65097, 65374,
        65476, 65514,
    ];
    let x = x.clamp(-2047, 2047) + 2048;
    let (whole, part) = ((x >> 8) as usize, x & 255);
    ((AT[whole] * (256 - part) + AT[whole + 1] * part) >> 8) as u32
}

/// Its inverse, for each share in 4,096ths.
fn stretches() -> Vec<i16> {
    let mut x = -2047;
    let stretch = |share: u32| {
        while x < 2047 && squash(x) >> 4 < share {
            x += 1;
        }
        x as i16
    };
    (0..4096).map(stretch).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_text_comes_back() {
        let long = "drop AppendEntries n1>n3 #4\n".repeat(3000);
        let texts = ["", "x", "\0", PRIMER, "一二三\u{10ffff}", &long];
        for text in texts {
            assert_eq!(unpack(&pack(text)).as_deref(), Ok(text));
        }
        let nothing_alike: String = (0..3000u32).map(|n| char::from(hash(n, 9) as u8)).collect();
        let packed = pack(&nothing_alike);
        assert_eq!(unpack(&packed), Ok(nothing_alike.clone()));
        assert!(
            packed.len() < nothing_alike.len() * 5 / 4,
            "{}",
            packed.len()
        );
    }

    #[test]
    fn the_words_of_stories_cost_little() {
        let text = "lab raft seed=9\nrun until leader\nkill n2\nrun 250ms\nrestart n2\n";
        let packed = pack(text).len();
        assert!(packed * 3 < text.len(), "{packed} of {}", text.len());
    }

    #[test]
    fn what_is_cut_or_changed_is_refused() {
        let packed = pack("lab raft seed=7\nrun until leader\nkill n1\nrun 300ms\n");
        for end in 0..packed.len() {
            assert_eq!(
                unpack(&packed[..end]),
                Err(PackError::Garbled),
                "cut at {end}"
            );
        }
        for at in 3..packed.len() {
            let mut changed = packed.clone();
            changed[at] ^= 16;
            assert_eq!(unpack(&changed), Err(PackError::Garbled), "changed at {at}");
        }
    }

    #[test]
    fn a_few_bytes_cannot_claim_to_be_a_long_text() {
        let bound = u32::try_from(Story::MAX_BYTES).expect("a small number");
        let claim = |length: u32| [&length.to_be_bytes()[1..], &[0; 20]].concat();
        assert_eq!(unpack(&claim(bound + 1)), Err(PackError::TooLong));
        assert_eq!(unpack(&claim(bound)), Err(PackError::Garbled));
    }

    #[test]
    fn stretch_is_the_inverse_of_squash() {
        let stretch = stretches();
        for share in (64..4032).step_by(16) {
            let back = squash(i32::from(stretch[share])) >> 4;
            assert!(back.abs_diff(share as u32) < 20, "{share}: {back}");
        }
    }
}
