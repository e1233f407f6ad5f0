//! A table by 128-bit fingerprints that only grows: what was met before, and its number.

/// Values by fingerprint, in open addressing. Nothing is taken out, and nobody walks through it.
pub struct Table<V> {
    /// 0 where nothing stands.
    keys: Vec<u128>,
    values: Vec<V>,
    len: usize,
}

/// The fewest places.
const FEWEST: usize = 1 << 10;

impl<V: Copy + Default> Default for Table<V> {
    fn default() -> Self {
        Table {
            keys: vec![0; FEWEST],
            values: vec![V::default(); FEWEST],
            len: 0,
        }
    }
}

/// No key is the one that stands for nothing.
#[inline]
fn key_of(print: u128) -> u128 {
    if print == 0 { 1 } else { print }
}

impl<V: Copy + Default> Table<V> {
    /// How many stand in it.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether none does.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// How many bytes it takes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.keys.len() * (size_of::<u128>() + size_of::<V>())
    }

    /// The place of a key, or the one that it would have.
    #[inline]
    fn place(&self, key: u128) -> usize {
        let mask = self.keys.len() - 1;
        let mut at = key as u64 as usize & mask;
        while self.keys[at] != key && self.keys[at] != 0 {
            at = (at + 1) & mask;
        }
        at
    }

    /// The value of a fingerprint.
    #[inline]
    #[must_use]
    pub fn get(&self, print: u128) -> Option<V> {
        let at = self.place(key_of(print));
        (self.keys[at] != 0).then(|| self.values[at])
    }

    /// Brings the places of these fingerprints near, all at the same time: looking at one after the
    /// other, each look would wait for the memory.
    #[inline]
    pub fn warm(&self, prints: impl Iterator<Item = u128>) {
        let mask = self.keys.len() - 1;
        let keys = prints.map(|print| self.keys[key_of(print) as u64 as usize & mask]);
        std::hint::black_box(keys.fold(0, |all, key| all ^ key as u64));
    }

    /// Puts a value there, unless there is one. Whether it was put.
    #[inline]
    pub fn insert(&mut self, print: u128, value: V) -> bool {
        let key = key_of(print);
        let at = self.place(key);
        if self.keys[at] != 0 {
            return false;
        }
        (self.keys[at], self.values[at]) = (key, value);
        self.len += 1;
        if self.len * 4 > self.keys.len() * 3 {
            self.grow();
        }
        true
    }

    #[cold]
    fn grow(&mut self) {
        let places = self.keys.len() * 2;
        let keys = std::mem::replace(&mut self.keys, vec![0; places]);
        let values = std::mem::replace(&mut self.values, vec![V::default(); places]);
        for (key, value) in keys.into_iter().zip(values) {
            if key != 0 {
                let at = self.place(key);
                (self.keys[at], self.values[at]) = (key, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Fingerprint;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        #[test]
        fn behaves_as_a_map(keys in prop::collection::vec(0u64..3000, 0..6000)) {
            let (mut table, mut model) = (Table::default(), BTreeMap::new());
            for (value, key) in keys.into_iter().enumerate() {
                // Some that differ in their high half only, and the one that stands for nothing.
                let print = match key % 3 {
                    0 => u128::from(key / 3) << 64,
                    _ => Fingerprint::of(&key),
                };
                prop_assert_eq!(table.get(print), model.get(&key).copied());
                let new = !model.contains_key(&key);
                prop_assert_eq!(table.insert(print, value), new);
                model.entry(key).or_insert(value);
            }
            prop_assert_eq!(table.len(), model.len());
        }
    }
}
