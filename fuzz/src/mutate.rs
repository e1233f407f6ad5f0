//! Makes a new input of old ones: bytes, words, numbers, lines.

use crate::words::LabWords;
use rand::{Rng, RngExt};
use rand_pcg::Pcg64;
use splitbrain::protocols;
use std::rc::Rc;

/// Numbers that stand at the edge of something.
const NUMBERS: [&str; 24] = [
    "0",
    "1",
    "2",
    "-1",
    "7",
    "127",
    "128",
    "255",
    "256",
    "65535",
    "65536",
    "4294967295",
    "4294967296",
    "9223372036854775807",
    "18446744073709551615",
    "18446744073709551616",
    "0.5",
    "0.000001",
    "0.0000001",
    "999999",
    "1000000",
    "10000000",
    "3600",
    "99999999999999999999999",
];

/// Characters that are more or less than they seem.
const SIGNS: [&str; 20] = [
    "\u{0}",
    "\t",
    "\r",
    "\n",
    "\u{b}",
    "\u{85}",
    "\u{a0}",
    "\u{feff}",
    "\u{200b}",
    "\u{202e}",
    "\u{2028}",
    "\u{301}",
    "\u{10ffff}",
    "\u{fffd}",
    "一",
    "🦀",
    "ſ",
    "١",
    "\"",
    "#",
];

/// Longer than any story may be, and no longer.
const MOST_BYTES: usize = 600_000;

const WORDS: &str = "lab run for until within note message violated step kill restart wipe pause \
resume partition | cut > heal latency tail loss duplication reorder on off drop deliver delay by \
hold release duplicate fire skew drift slow-disk finish request rule storm every calm expect not disk \
trace mark seed= nodes= clients= 0ms 1us 1ms 3600s 60min 100% 0% 50% 500000ppm -500000ppm -3600s \
#1 #1.1 #2 #4294967295 #0 #1.255 holds violated seen pending status up down";

/// Makes inputs, all from one seed.
pub(crate) struct Mutator {
    dice: Pcg64,
    words: Vec<String>,
    labs: Vec<Rc<LabWords>>,
}

impl Mutator {
    pub(crate) fn new(seed: u64) -> Self {
        let mut words: Vec<String> = WORDS.split_whitespace().map(str::to_owned).collect();
        for lab in protocols::labs() {
            let (info, world) = (lab.info(), lab.world(&lab.setup(1)));
            words.push(info.id.to_owned());
            words.extend(world.ids().map(|id| world.spec(id).name.clone()));
            let ids = info.rules.iter().map(|rule| rule.id);
            let ids = ids.chain(info.checks.iter().map(|check| check.id));
            let ids = ids.chain(info.moments.iter().map(|moment| moment.id));
            let ids = ids.chain(info.notes.iter().map(|note| note.id));
            let ids = ids.chain(info.message_kinds.iter().copied());
            words.extend(ids.map(str::to_owned));
            words.extend(info.params.iter().map(|param| format!("{}=", param.name)));
            words.extend(info.verbs.iter().map(|verb| verb.example.to_owned()));
        }
        let labs = protocols::labs().into_iter().map(LabWords::of);
        Mutator {
            labs: labs.map(Rc::new).collect(),
            dice: Pcg64::new(u128::from(seed), 0xa02_bdbf_7bb3_c0a7),
            words,
        }
    }

    fn below(&mut self, n: usize) -> usize {
        self.dice.random_range(0..n.max(1) as u64) as usize
    }

    fn any<'a, T: ?Sized>(&mut self, of: &[&'a T]) -> &'a T {
        let at = self.below(of.len());
        of[at]
    }

    /// A new input of those in the pool.
    pub(crate) fn make(&mut self, stories: &[String], others: &[String]) -> String {
        let pool = match self.below(4) {
            0 if !others.is_empty() => others,
            _ => stories,
        };
        let at = self.below(pool.len());
        let mut text = pool[at].clone();
        // Mostly a few changes: an input that is wrong everywhere is refused at its first word.
        let changes = 1 + self.below(8).saturating_sub(3);
        for _ in 0..changes {
            let other = self.below(pool.len());
            text = self.change(&text, &pool[other]);
            let mut end = MOST_BYTES.min(text.len());
            while !text.is_char_boundary(end) {
                end -= 1;
            }
            text.truncate(end);
        }
        text
    }

    fn change(&mut self, text: &str, other: &str) -> String {
        match self.below(18) {
            0 => self.bytes(text),
            1 | 2 => self.number(text),
            3 | 4 => self.word(text),
            5 | 6 => self.lines_of(text, other),
            7 => self.repeat_line(text),
            8 => self.sign(text),
            9 => self.splice(text, other),
            10 => self.swap_lines(text),
            _ => self.command(text),
        }
    }

    /// Flips, cuts out, doubles.
    fn bytes(&mut self, text: &str) -> String {
        let mut bytes = text.as_bytes().to_vec();
        for _ in 0..=self.below(4) {
            let at = self.below(bytes.len());
            if at >= bytes.len() {
                break;
            }
            match self.below(4) {
                0 => bytes[at] ^= 1 << self.below(8),
                1 => bytes[at] = self.dice.next_u64() as u8,
                2 => bytes.truncate(at),
                _ => {
                    let end = (at + self.below(40)).min(bytes.len());
                    let part = bytes[at..end].to_vec();
                    let copies = [0, 1, 2, 50][self.below(4)];
                    bytes.splice(at..end, part.repeat(copies));
                }
            }
        }
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// One number becomes another.
    fn number(&mut self, text: &str) -> String {
        let digit = |c: char| c.is_ascii_digit();
        let starts: Vec<usize> = text
            .match_indices(digit)
            .map(|(at, _)| at)
            .filter(|at| !text[..*at].ends_with(digit))
            .collect();
        if starts.is_empty() {
            return text.to_owned();
        }
        let start = starts[self.below(starts.len())];
        let rest = &text[start..];
        let end = rest.find(|c| !digit(c)).map_or(text.len(), |at| start + at);
        let new = self.any(&NUMBERS);
        format!("{}{new}{}", &text[..start], &text[end..])
    }

    /// One word becomes another, or comes in before it.
    fn word(&mut self, text: &str) -> String {
        let places: Vec<(usize, &str)> = text
            .split_whitespace()
            .map(|word| (word.as_ptr() as usize - text.as_ptr() as usize, word))
            .collect();
        if places.is_empty() {
            return text.to_owned();
        }
        let (at, old) = places[self.below(places.len())];
        let which = self.below(self.words.len());
        let new = &self.words[which];
        let end = at + old.len();
        let (before, after) = (&text[..at], &text[end..]);
        match self.dice.next_u64() % 3 {
            0 => format!("{before}{new} {old}{after}"),
            _ => format!("{before}{new}{after}"),
        }
    }

    /// Some lines of another input, most often one of the same lab.
    fn lines_of(&mut self, text: &str, other: &str) -> String {
        let theirs: Vec<&str> = other.lines().skip(1).collect();
        let mut lines: Vec<&str> = text.lines().collect();
        let from = self.below(theirs.len());
        let count = 1 + self.below(5);
        let at = 1 + self.below(lines.len());
        let at = at.min(lines.len());
        lines.splice(at..at, theirs.into_iter().skip(from).take(count));
        lines.join("\n")
    }

    fn repeat_line(&mut self, text: &str) -> String {
        let mut lines: Vec<&str> = text.lines().collect();
        let at = self.below(lines.len());
        let Some(line) = lines.get(at).copied() else {
            return text.to_owned();
        };
        // The last is more than a story may have.
        let times = match self.below(40) {
            0 => 10_001,
            1 | 2 => 300,
            n => [1, 2, 5, 30][n % 4],
        };
        lines.splice(at..at, std::iter::repeat_n(line, times));
        lines.join("\n")
    }

    fn sign(&mut self, text: &str) -> String {
        let sign = self.any(&SIGNS);
        // The last is longer than a story may be.
        let times = match self.below(60) {
            0 => 300_000,
            1 | 2 => 1000,
            n => [1, 1, 1, 3][n % 4],
        };
        let mut at = self.below(text.len() + 1);
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        format!("{}{}{}", &text[..at], sign.repeat(times), &text[at..])
    }

    fn splice(&mut self, text: &str, other: &str) -> String {
        let (mut a, mut b) = (self.below(text.len() + 1), self.below(other.len() + 1));
        while !text.is_char_boundary(a) {
            a -= 1;
        }
        while !other.is_char_boundary(b) {
            b -= 1;
        }
        format!("{}{}", &text[..a], &other[b..])
    }

    fn swap_lines(&mut self, text: &str) -> String {
        let mut lines: Vec<&str> = text.lines().collect();
        if lines.len() > 2 {
            let (a, b) = (self.below(lines.len()), 1 + self.below(lines.len() - 1));
            lines.swap(a.max(1), b);
        }
        lines.join("\n")
    }

    /// A new line of words that go together.
    fn command(&mut self, text: &str) -> String {
        let lab = self.labs.iter().position(|lab| text.contains(&lab.begin));
        let line = self.labs[lab.unwrap_or(0)]
            .clone()
            .line(&mut |n| self.below(n));
        let mut lines: Vec<&str> = text.lines().collect();
        let place = (1 + self.below(lines.len())).min(lines.len());
        lines.insert(place, &line);
        lines.join("\n")
    }
}
