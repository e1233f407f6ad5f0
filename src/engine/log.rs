//! A log that is cheap to clone: full chunks are shared, only the open tail is copied.
//!
//! A replicated log is copied at every snapshot of the world. As a plain `Vec` that decides the
//! speed of the whole simulator; here a clone costs one reference count and at most [`CHUNK`]
//! entries, and the first push after it the pointers to the full pages. What one log sends to
//! another brings its hashes with it ([`Part`]), and full chunks, which both then share.

use super::digest::Digest;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

/// Entries in a chunk, and chunks in a page.
const CHUNK: usize = 32;
const PAGE: usize = CHUNK * CHUNK;

type Chunk<T> = Rc<[(T, u64)]>;

/// A list that grows and is cut at its end, and can be let go of from its beginning: indices stay.
/// They are 0-based. With every entry stands a hash of the log up to it, so that two logs are
/// compared in constant time.
#[derive(Clone, Debug)]
pub struct Log<T> {
    sealed_part: Rc<Sealed<T>>,
    /// Where the tail begins: at the end of a chunk, or right behind what was let go.
    sealed: usize,
    tail: Vec<(T, u64)>,
    /// The hash of the whole log.
    end: u64,
}

/// What stands before the tail.
#[derive(Clone, Debug)]
struct Sealed<T> {
    /// Two levels: with one, every snapshot of a long log would keep a long list of its own. A chunk
    /// ends where its number says; one that lost its first entries is shorter, and may be empty.
    pages: Vec<Rc<Vec<Chunk<T>>>>,
    /// How many entries were let go, and the hash of the log up to there.
    gone: (usize, u64),
}

impl<T> Default for Log<T> {
    fn default() -> Self {
        let sealed_part = Sealed {
            pages: Vec::new(),
            gone: (0, 0),
        };
        Log {
            sealed_part: Rc::new(sealed_part),
            sealed: 0,
            tail: Vec::new(),
            end: 0,
        }
    }
}

/// The hash of a log with one more entry.
#[inline]
fn chained<T: Hash>(end: u64, entry: &T) -> u64 {
    let mut digest = Digest::default();
    digest.word(end);
    entry.hash(&mut digest);
    digest.value()
}

/// Where an index of the log is in the chunk that ends with its chunk's last index.
#[inline]
fn place_in<T>(chunk: &Chunk<T>, index: usize) -> usize {
    (index % CHUNK + chunk.len()).saturating_sub(CHUNK)
}

impl<T: Clone + Hash> Log<T> {
    /// How many entries there are, those that were let go among them.
    #[inline]
    #[must_use]
    pub fn len(&self) -> usize {
        self.sealed + self.tail.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    #[inline]
    fn at(&self, index: usize) -> Option<&(T, u64)> {
        match index.checked_sub(self.sealed) {
            Some(in_tail) => self.tail.get(in_tail),
            None => self.in_pages(index),
        }
    }

    /// An entry that is not in the tail, where most of them are that are asked for.
    #[inline(never)]
    fn in_pages(&self, index: usize) -> Option<&(T, u64)> {
        if index < self.begin() {
            return None;
        }
        let chunk = self.chunk(index);
        chunk.get(place_in(chunk, index))
    }

    #[inline]
    fn chunk(&self, index: usize) -> &Chunk<T> {
        &self.sealed_part.pages[index / PAGE][index % PAGE / CHUNK]
    }

    /// The first index that is still there: how many entries were let go.
    #[inline]
    #[must_use]
    pub fn begin(&self) -> usize {
        self.sealed_part.gone.0
    }

    /// The entry at a 0-based index, if it is there.
    #[inline]
    #[must_use]
    pub fn get(&self, index: usize) -> Option<&T> {
        self.at(index).map(|(entry, _)| entry)
    }

    /// The last entry.
    #[inline]
    #[must_use]
    pub fn last(&self) -> Option<&T> {
        self.len().checked_sub(1).and_then(|index| self.get(index))
    }

    /// The hash of the first `len` entries; `None` where there are fewer, or where these and more
    /// were let go.
    #[inline]
    #[must_use]
    pub fn digest(&self, len: usize) -> Option<u64> {
        match len.checked_sub(1) {
            None => Some(0),
            Some(index) => match self.at(index) {
                Some((_, digest)) => Some(*digest),
                None => self.digest_at_begin(len),
            },
        }
    }

    #[cold]
    fn digest_at_begin(&self, len: usize) -> Option<u64> {
        let (gone, digest) = self.sealed_part.gone;
        (gone == len).then_some(digest)
    }

    /// The hash of all entries.
    #[inline]
    #[must_use]
    pub fn end(&self) -> u64 {
        self.end
    }

    /// Adds one entry at the end.
    pub fn push(&mut self, entry: T) {
        self.end = chained(self.end, &entry);
        self.tail.push((entry, self.end));
        if self.tail_is_full() {
            self.seal(None);
        }
    }

    #[inline]
    fn tail_is_full(&self) -> bool {
        !self.tail.is_empty() && self.len().is_multiple_of(CHUNK)
    }

    /// Adds these entries at the end. Behind the same entries as in the log that they come from
    /// they have the same hashes, and these are taken over; so is a chunk that they fill.
    pub fn append(&mut self, part: &Part<T>) {
        let Some(shared) = part.0.as_deref() else {
            return;
        };
        if self.end != shared.base {
            part.iter().for_each(|entry| self.push(entry.clone()));
            return;
        }
        let mut rest = &*shared.pairs;
        while !rest.is_empty() {
            let room = CHUNK - self.len() % CHUNK;
            let (now, later) = rest.split_at(rest.len().min(room));
            self.tail.extend_from_slice(now);
            self.end = now.last().map_or(self.end, |(_, end)| *end);
            rest = later;
            if self.tail_is_full() {
                let full = shared.full.as_ref();
                // The same hash as at the end of this one: all in it is the same.
                let same = full.filter(|full| full.last().is_some_and(|last| last.1 == self.end));
                let same = same.filter(|full| full.len() == self.tail.len());
                self.seal(same.cloned());
            }
        }
    }

    /// Moves the full tail to the pages, or, in its place, a chunk like it that exists already.
    #[cold]
    fn seal(&mut self, like_it: Option<Chunk<T>>) {
        let chunk = like_it.unwrap_or_else(|| self.tail.as_slice().into());
        let at = self.len() - CHUNK;
        self.tail.clear();
        let pages = &mut Rc::make_mut(&mut self.sealed_part).pages;
        if at.is_multiple_of(PAGE) {
            pages.push(Rc::default());
        }
        Rc::make_mut(&mut pages[at / PAGE]).push(chunk);
        self.sealed = at + CHUNK;
    }

    /// Lets go of the first `len` entries. Indices, length and hashes stay as they were; what is gone
    /// is found no more. Does nothing where they are gone already, or where there are fewer.
    pub fn let_go(&mut self, len: usize) {
        let Some(digest) = self.digest(len).filter(|_| len > self.begin()) else {
            return;
        };
        let rest = self.share(len, usize::MAX);
        self.begin_at(len, digest);
        self.append(&rest);
    }

    /// Becomes a log of which the first `len` entries, with this hash, were let go, and nothing else.
    pub fn begin_at(&mut self, len: usize, digest: u64) {
        let chunks = len / CHUNK;
        let empty: Chunk<T> = Rc::new([]);
        let page = |at: usize| Rc::new(vec![Rc::clone(&empty); (chunks - at).min(PAGE / CHUNK)]);
        self.sealed_part = Rc::new(Sealed {
            pages: (0..chunks).step_by(PAGE / CHUNK).map(page).collect(),
            gone: (len, digest),
        });
        self.tail.clear();
        (self.sealed, self.end) = (len, digest);
    }

    /// Cuts the log to its first `len` entries; does nothing where it is that short already. What
    /// was let go cannot be cut.
    pub fn truncate(&mut self, len: usize) {
        let len = len.max(self.begin());
        if len >= self.len() {
            return;
        }
        self.end = self.digest(len).unwrap_or(0);
        if len >= self.sealed {
            self.tail.truncate(len - self.sealed);
            return;
        }
        let (page, chunk) = (len / PAGE, len % PAGE / CHUNK);
        let begin = self.begin();
        let pages = &mut Rc::make_mut(&mut self.sealed_part).pages;
        let cut = &pages[page][chunk];
        self.tail = cut[..place_in(cut, len)].to_vec();
        self.sealed = begin.max(len - len % CHUNK);
        pages.truncate(page + 1);
        if chunk == 0 {
            pages.truncate(page);
        } else {
            Rc::make_mut(&mut pages[page]).truncate(chunk);
        }
    }

    /// The entries from a 0-based index on.
    pub fn iter_from(&self, index: usize) -> impl Iterator<Item = &T> {
        (index..self.len()).filter_map(|i| self.get(i))
    }

    /// At most so many entries from a 0-based index on, to be shared by messages and writes.
    #[must_use]
    pub fn share(&self, from: usize, most: usize) -> Part<T> {
        let to = self.len().min(from.saturating_add(most));
        let there = from < to && (from >= self.sealed || from >= self.begin());
        let Some(base) = self.digest(from).filter(|_| there) else {
            return Part::default();
        };
        let mut pairs = Vec::with_capacity(to - from);
        let mut at = from;
        while at < to.min(self.sealed) {
            let chunk = self.chunk(at);
            let place = place_in(chunk, at);
            let until = chunk.len().min(place + to - at);
            pairs.extend_from_slice(&chunk[place..until]);
            at += until - place;
        }
        if at < to {
            pairs.extend_from_slice(&self.tail[at - self.sealed..to - self.sealed]);
        }
        let boundary = to - to % CHUNK;
        let fills = boundary > from && boundary <= self.sealed && boundary > self.begin();
        let full = fills.then(|| Rc::clone(self.chunk(boundary - 1)));
        Part(Some(Rc::new(Shared { base, pairs, full })))
    }

    /// All entries.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.iter_from(0)
    }
}

/// Some entries of a log, shared by messages and writes, with the hashes that stand beside them
/// there: ten logs take an entry in, and one of them hashes it. Where there are none, nothing is
/// allocated. The hashes are no part of the value.
#[derive(Clone, Debug)]
pub struct Part<T>(Option<Rc<Shared<T>>>);

#[derive(Debug)]
struct Shared<T> {
    /// The hash of the log before them.
    base: u64,
    pairs: Vec<(T, u64)>,
    /// The last chunk that is full with them, if one is: logs that are alike share it, or a long
    /// run would be made of copies.
    full: Option<Chunk<T>>,
}

impl<T> Default for Part<T> {
    fn default() -> Self {
        Part(None)
    }
}

impl<T> Part<T> {
    #[inline]
    fn pairs(&self) -> &[(T, u64)] {
        match &self.0 {
            Some(shared) => &shared.pairs,
            None => &[],
        }
    }

    /// How many there are.
    #[inline]
    #[must_use]
    pub fn len(&self) -> usize {
        self.pairs().len()
    }

    /// Whether there are none.
    #[inline]
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.pairs().iter().map(|(entry, _)| entry)
    }

    /// None is empty.
    fn of(shared: Shared<T>) -> Self {
        Part((!shared.pairs.is_empty()).then(|| Rc::new(shared)))
    }
}

impl<T: Clone> Part<T> {
    /// All but the first ones.
    #[must_use]
    pub fn without_first(&self, count: usize) -> Self {
        let Some(shared) = self.0.as_deref().filter(|_| count > 0) else {
            return self.clone();
        };
        let count = count.min(shared.pairs.len());
        Part::of(Shared {
            base: shared.pairs[count - 1].1,
            pairs: shared.pairs[count..].to_vec(),
            full: shared.full.clone(),
        })
    }
}

/// Entries from anywhere, hashed as those of a new log.
impl<T: Clone + Hash> FromIterator<T> for Part<T> {
    fn from_iter<I: IntoIterator<Item = T>>(entries: I) -> Self {
        let mut end = 0;
        let pairs = entries.into_iter().map(|entry| {
            end = chained(end, &entry);
            (entry, end)
        });
        Part::of(Shared {
            base: 0,
            pairs: pairs.collect(),
            full: None,
        })
    }
}

impl<T: PartialEq> PartialEq for Part<T> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl<T: Eq> Eq for Part<T> {}

impl<T: Hash> Hash for Part<T> {
    /// Whether there are any, and how many, as an optional list would say it.
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_isize(isize::from(self.0.is_some()));
        if let Some(shared) = &self.0 {
            state.write_usize(shared.pairs.len());
            shared.pairs.iter().for_each(|(entry, _)| entry.hash(state));
        }
    }
}

impl<T: Clone + Hash + PartialEq> PartialEq for Log<T> {
    fn eq(&self, other: &Self) -> bool {
        let gone = self.sealed_part.gone == other.sealed_part.gone;
        gone && self.len() == other.len() && self.iter().eq(other.iter())
    }
}

impl<T: Clone + Hash + Eq> Eq for Log<T> {}

impl<T: Clone + Hash> Hash for Log<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.len().hash(state);
        self.end.hash(state);
        // Nearly always nothing was let go, and that is not said.
        if self.begin() > 0 {
            self.begin().hash(state);
        }
    }
}

#[cfg(test)]
mod tests;
