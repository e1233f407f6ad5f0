//! A log that is cheap to clone: full chunks are shared, only the open tail is copied.
//!
//! A replicated log is copied at every snapshot of the world. As a plain `Vec` that decides the
//! speed of the whole simulator; here a clone costs one reference count and at most [`CHUNK`]
//! entries.

use super::digest::Digest;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

const CHUNK: usize = 32;

/// A list that grows and is cut at its end only. Indices are 0-based. With every entry stands a
/// hash of the log up to it, so that two logs are compared in constant time.
#[derive(Clone, Debug)]
pub struct Log<T> {
    full: Rc<Vec<Rc<[(T, u64)]>>>,
    tail: Vec<(T, u64)>,
}

impl<T> Default for Log<T> {
    fn default() -> Self {
        Log {
            full: Rc::new(Vec::new()),
            tail: Vec::new(),
        }
    }
}

impl<T: Clone + Hash> Log<T> {
    /// How many entries there are.
    #[inline]
    #[must_use]
    pub fn len(&self) -> usize {
        self.full.len() * CHUNK + self.tail.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    #[inline]
    fn at(&self, index: usize) -> Option<&(T, u64)> {
        let sealed = self.full.len() * CHUNK;
        match index.checked_sub(sealed) {
            Some(in_tail) => self.tail.get(in_tail),
            None => Some(&self.full[index / CHUNK][index % CHUNK]),
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

    /// Adds one entry at the end.
    pub fn push(&mut self, entry: T) {
        let before = self.tail.last().map_or_else(
            || self.full.last().map_or(0, |chunk| chunk[CHUNK - 1].1),
            |(_, digest)| *digest,
        );
        let mut digest = Digest::default();
        digest.word(before);
        entry.hash(&mut digest);
        self.tail.push((entry, digest.value()));
        if self.tail.len() == CHUNK {
            let chunk = self.tail.drain(..).collect();
            Rc::make_mut(&mut self.full).push(chunk);
        }
    }

    /// Cuts the log to its first `len` entries; does nothing where it is that short already.
    pub fn truncate(&mut self, len: usize) {
        let sealed = self.full.len() * CHUNK;
        if len >= sealed {
            self.tail.truncate(len - sealed);
            return;
        }
        let kept = self.full[len / CHUNK][..len % CHUNK].to_vec();
        Rc::make_mut(&mut self.full).truncate(len / CHUNK);
        self.tail = kept;
    }

    /// The entries from a 0-based index on.
    pub fn iter_from(&self, index: usize) -> impl Iterator<Item = &T> {
        (index..self.len()).filter_map(|i| self.get(i))
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
        self.digest(self.len()).hash(state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn behaves_as_a_vec(ops in prop::collection::vec((any::<bool>(), 0usize..200), 0..200)) {
            let (mut log, mut model) = (Log::default(), Vec::new());
            for (push, n) in ops {
                let before = (log.clone(), model.clone());
                if push {
                    for i in 0..n { log.push(i); model.push(i); }
                } else {
                    log.truncate(n);
                    model.truncate(n);
                }
                prop_assert_eq!(log.iter().copied().collect::<Vec<_>>(), model.clone());
                prop_assert_eq!(log.last(), model.last());
                prop_assert_eq!(log.len(), model.len());
                let mut anew = Log::default();
                model.iter().for_each(|i| anew.push(*i));
                prop_assert_eq!(log.digest(log.len()), anew.digest(model.len()));
                prop_assert_eq!(before.0.iter().copied().collect::<Vec<_>>(), before.1);
            }
        }
    }
}
