//! The places that a search has been at, packed end to end: a few words each, and no allocation of
//! its own for any.

use crate::engine::Digest;

/// Beyond so many words the cache takes nothing more: the search goes on without, only slower.
const MOST_WORDS: usize = 1 << 27;

/// A set of lists of numbers.
#[derive(Default)]
pub(super) struct Cache {
    words: Vec<u32>,
    /// Where each list begins in `words`; the next one begins where it ends.
    begins: Vec<u32>,
    /// By hash, the number of a list with one added; 0 is free. A power of two of them.
    table: Vec<u32>,
}

impl Cache {
    /// Adds a list; false where it was there.
    pub(super) fn insert(&mut self, list: &[u32]) -> bool {
        if self.words.len() + list.len() > MOST_WORDS {
            return true;
        }
        if self.table.len() < 2 * (self.begins.len() + 1) {
            self.grow();
        }
        let mask = self.table.len() - 1;
        let mut at = hash(list) & mask;
        loop {
            match self.table[at] {
                0 => break,
                number if self.list(number as usize - 1) == list => return false,
                _ => at = (at + 1) & mask,
            }
        }
        self.begins.push(self.words.len() as u32);
        self.words.extend_from_slice(list);
        self.table[at] = self.begins.len() as u32;
        true
    }

    fn list(&self, number: usize) -> &[u32] {
        let end = self.begins.get(number + 1).map(|end| *end as usize);
        &self.words[self.begins[number] as usize..end.unwrap_or(self.words.len())]
    }

    fn grow(&mut self) {
        let len = (2 * self.table.len()).max(64);
        let mut table = vec![0; len];
        for number in 0..self.begins.len() {
            let mut at = hash(self.list(number)) & (len - 1);
            while table[at] != 0 {
                at = (at + 1) & (len - 1);
            }
            table[at] = number as u32 + 1;
        }
        self.table = table;
    }
}

fn hash(list: &[u32]) -> usize {
    let mut digest = Digest::default();
    digest.word(list.len() as u64);
    for pair in list.chunks(2) {
        let high = pair.get(1).copied().unwrap_or(0);
        digest.word(u64::from(pair[0]) | u64::from(high) << 32);
    }
    let value = digest.value();
    (value ^ value >> 32) as usize
}
