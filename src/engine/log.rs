//! A log that is cheap to clone: full chunks are shared, only the open tail is copied.
//!
//! A replicated log is copied at every snapshot of the world. As a plain `Vec` that decides the
//! speed of the whole simulator; here a clone costs one reference count and at most [`CHUNK`]
//! entries, and the first push after it the pointers to the full pages.

use super::digest::Digest;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

/// Entries in a chunk, and chunks in a page.
const CHUNK: usize = 32;
const PAGE: usize = CHUNK * CHUNK;

type Chunk<T> = Rc<[(T, u64)]>;

/// A list that grows and is cut at its end only. Indices are 0-based. With every entry stands a
/// hash of the log up to it, so that two logs are compared in constant time.
#[derive(Clone, Debug)]
pub struct Log<T> {
    /// Two levels: with one, every snapshot of a long log would keep a long list of its own.
    pages: Rc<Vec<Rc<Vec<Chunk<T>>>>>,
    /// How many entries the pages hold.
    sealed: usize,
    tail: Vec<(T, u64)>,
    /// The hash of the whole log.
    end: u64,
}

impl<T> Default for Log<T> {
    fn default() -> Self {
        Log {
            pages: Rc::new(Vec::new()),
            sealed: 0,
            tail: Vec::new(),
            end: 0,
        }
    }
}

impl<T: Clone + Hash> Log<T> {
    /// How many entries there are.
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
            None => Some(&self.pages[index / PAGE][index % PAGE / CHUNK][index % CHUNK]),
        }
    }

    /// The entry at a 0-based index.
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

    /// The hash of the first `len` entries; `None` where there are fewer.
    #[inline]
    #[must_use]
    pub fn digest(&self, len: usize) -> Option<u64> {
        match len.checked_sub(1) {
            None => Some(0),
            Some(index) => self.at(index).map(|(_, digest)| *digest),
        }
    }

    /// The hash of all entries.
    #[inline]
    #[must_use]
    pub fn end(&self) -> u64 {
        self.end
    }

    /// Adds one entry at the end.
    pub fn push(&mut self, entry: T) {
        let mut digest = Digest::default();
        digest.word(self.end);
        entry.hash(&mut digest);
        self.end = digest.value();
        self.tail.push((entry, self.end));
        if self.tail.len() == CHUNK {
            self.seal();
        }
    }

    /// Moves the full tail to the pages.
    fn seal(&mut self) {
        let chunk = self.tail.drain(..).collect();
        let pages = Rc::make_mut(&mut self.pages);
        if self.sealed.is_multiple_of(PAGE) {
            pages.push(Rc::default());
        }
        Rc::make_mut(&mut pages[self.sealed / PAGE]).push(chunk);
        self.sealed += CHUNK;
    }

    /// Cuts the log to its first `len` entries; does nothing where it is that short already.
    pub fn truncate(&mut self, len: usize) {
        if len >= self.len() {
            return;
        }
        self.end = self.digest(len).unwrap_or(0);
        if len >= self.sealed {
            self.tail.truncate(len - self.sealed);
            return;
        }
        let (page, chunk) = (len / PAGE, len % PAGE / CHUNK);
        let pages = Rc::make_mut(&mut self.pages);
        self.tail = pages[page][chunk][..len % CHUNK].to_vec();
        self.sealed = len - len % CHUNK;
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
    pub fn share(&self, from: usize, most: usize) -> Rc<[T]> {
        let to = self.len().min(from.saturating_add(most)).max(from);
        let entry = |i| match self.get(i) {
            Some(entry) => T::clone(entry),
            None => unreachable!("below the length"),
        };
        (from..to).map(entry).collect()
    }

    /// All entries.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.iter_from(0)
    }
}

impl<T: Clone + Hash + PartialEq> PartialEq for Log<T> {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().eq(other.iter())
    }
}

impl<T: Clone + Hash + Eq> Eq for Log<T> {}

impl<T: Clone + Hash> Hash for Log<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.len().hash(state);
        self.end.hash(state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn behaves_as_a_vec(ops in prop::collection::vec((any::<bool>(), 0usize..2500), 0..40)) {
            let (mut log, mut model) = (Log::default(), Vec::new());
            for (push, n) in ops {
                let before = (log.clone(), model.clone());
                if push {
                    for i in 0..n / 2 { log.push(i); model.push(i); }
                } else {
                    log.truncate(n);
                    model.truncate(n);
                }
                prop_assert_eq!(log.iter().copied().collect::<Vec<_>>(), model.clone());
                prop_assert_eq!(log.last(), model.last());
                prop_assert_eq!(log.len(), model.len());
                let from = n.min(model.len());
                let shared = log.share(from, 40);
                prop_assert_eq!(&*shared, &model[from..(from + 40).min(model.len())]);
                let mut anew = Log::default();
                model.iter().for_each(|i| anew.push(*i));
                prop_assert_eq!(log.digest(log.len()), anew.digest(model.len()));
                prop_assert_eq!(log.digest(log.len()), Some(log.end()));
                prop_assert_eq!(before.0.iter().copied().collect::<Vec<_>>(), before.1);
            }
        }
    }
}
