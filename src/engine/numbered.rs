//! What is kept under numbers that are given out one after the other: requests that are open, say.

use std::collections::VecDeque;
use std::hash::{Hash, Hasher};

/// The list of places may have so many more that are empty, and so many times as many as are taken.
const EMPTY_LEAST: usize = 256;
/// A number may be so many greater than the last one, too.
const EMPTY_TIMES: usize = 16;
const NONE: u32 = u32::MAX;

/// A map whose keys nearly always come in order, each one more than the last, and mostly go in that order, too. Such a one is
/// found at once by its number; the few that stay behind are searched for.
///
/// Invariants: all that stayed behind have numbers below `first`, where there is any from there on; the first place is taken.
#[derive(Clone, Debug)]
pub struct Numbered<T> {
    /// In order of their numbers.
    behind: Vec<(u64, T)>,
    /// The number of the first place.
    first: u64,
    /// For each number from there on, where among `values` it is.
    places: VecDeque<u32>,
    values: Vec<Option<T>>,
    free: Vec<u32>,
    taken: usize,
}

impl<T> Default for Numbered<T> {
    fn default() -> Self {
        Numbered {
            behind: Vec::new(),
            first: 0,
            places: VecDeque::new(),
            values: Vec::new(),
            free: Vec::new(),
            taken: 0,
        }
    }
}

impl<T> Numbered<T> {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.taken
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.taken == 0
    }

    /// The place of a number, which may lie after the last one.
    #[inline]
    fn place(&self, number: u64) -> Option<usize> {
        usize::try_from(number.checked_sub(self.first)?).ok()
    }

    /// Where the value of a number is, unless it stayed behind.
    #[inline]
    fn at(&self, number: u64) -> Option<usize> {
        let at = *self.places.get(self.place(number)?)?;
        (at != NONE).then_some(at as usize)
    }

    fn search(&self, number: u64) -> Result<usize, usize> {
        self.behind.binary_search_by_key(&number, |one| one.0)
    }

    /// What has this number.
    #[inline]
    #[must_use]
    pub fn get(&self, number: u64) -> Option<&T> {
        match self.at(number) {
            Some(at) => self.values[at].as_ref(),
            None => Some(&self.behind[self.search(number).ok()?].1),
        }
    }

    /// The same, to be changed.
    #[inline]
    pub fn get_mut(&mut self, number: u64) -> Option<&mut T> {
        match self.at(number) {
            Some(at) => self.values[at].as_mut(),
            None => {
                let at = self.search(number).ok()?;
                Some(&mut self.behind[at].1)
            }
        }
    }

    /// Puts something under a number, in the place of what had it before.
    pub fn insert(&mut self, number: u64, value: T) {
        if self.places.is_empty() {
            self.first = number;
        }
        let early = self.places.is_empty() && self.behind.last().is_some_and(|one| one.0 >= number);
        let place = self.place(number).filter(|_| !early);
        let Some(place) = place else {
            return self.insert_behind(number, value);
        };
        if place > self.places.len() + EMPTY_TIMES {
            // A jump: all that was before stays behind.
            while self.leave() {}
            self.first = number;
            return self.add(0, value);
        }
        self.add(place, value);
    }

    fn add(&mut self, place: usize, value: T) {
        if self.places.len() <= place {
            self.places.resize(place + 1, NONE);
        }
        let at = &mut self.places[place];
        if *at != NONE {
            self.values[*at as usize] = Some(value);
            return;
        }
        self.taken += 1;
        if let Some(free) = self.free.pop() {
            *at = free;
            self.values[free as usize] = Some(value);
        } else {
            *at = self.values.len() as u32;
            self.values.push(Some(value));
        }
    }

    #[cold]
    fn insert_behind(&mut self, number: u64, value: T) {
        match self.search(number) {
            Ok(at) => self.behind[at].1 = value,
            Err(at) => {
                self.behind.insert(at, (number, value));
                self.taken += 1;
            }
        }
    }

    /// Takes out what has this number.
    pub fn remove(&mut self, number: u64) -> Option<T> {
        let Some(at) = self.at(number) else {
            let at = self.search(number).ok()?;
            self.taken -= 1;
            return Some(self.behind.remove(at).1);
        };
        let place = self.place(number)?;
        self.places[place] = NONE;
        self.free.push(at as u32);
        self.taken -= 1;
        self.trim();
        let most = EMPTY_TIMES * self.taken + EMPTY_LEAST;
        while self.places.len() > most && self.leave() {}
        self.values[at].take()
    }

    /// The first place is one that is taken.
    #[inline]
    fn trim(&mut self) {
        while self.places.pop_front_if(|at| *at == NONE).is_some() {
            self.first += 1;
        }
    }

    /// The first of those that are in their places stays behind. False where there is none.
    #[cold]
    fn leave(&mut self) -> bool {
        let Some(at) = self.places.pop_front() else {
            return false;
        };
        if let Some(value) = self.values[at as usize].take() {
            self.behind.push((self.first, value));
        }
        self.free.push(at);
        self.first += 1;
        self.trim();
        true
    }

    /// The one with the least number.
    #[inline]
    #[must_use]
    pub fn first(&self) -> Option<(u64, &T)> {
        if let Some((number, value)) = self.behind.first() {
            return Some((*number, value));
        }
        let at = *self.places.front()?;
        Some((self.first, self.values[at as usize].as_ref()?))
    }

    /// All of them, by number.
    pub fn iter(&self) -> impl Iterator<Item = (u64, &T)> {
        let behind = self.behind.iter().map(|(number, value)| (*number, value));
        let placed = (self.first..).zip(&self.places);
        behind.chain(
            placed.filter_map(|(number, at)| {
                Some((number, self.values.get(*at as usize)?.as_ref()?))
            }),
        )
    }
}

/// What is empty makes no difference.
impl<T: Hash> Hash for Numbered<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.taken.hash(state);
        self.iter().for_each(|one| one.hash(state));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    /// What is done: mostly the next number comes, or one of the last goes; sometimes any number comes or goes.
    fn deeds() -> impl Strategy<Value = Vec<(u8, u64)>> {
        prop::collection::vec((0u8..12, 0u64..400), 0..1500)
    }

    proptest! {
        #[test]
        fn is_a_map(deeds in deeds()) {
            let (mut numbered, mut model) = (Numbered::default(), BTreeMap::new());
            let mut next = 1000u64;
            let mut most = 0;
            for (what, number) in deeds {
                match what {
                    0..=5 => {
                        next += 1 + u64::from(what == 0) * (number / 10);
                        numbered.insert(next, number);
                        model.insert(next, number);
                    }
                    6 => {
                        numbered.insert(900 + number, number);
                        model.insert(900 + number, number);
                    }
                    7 => {
                        let first = model.first_key_value().map_or(0, |(first, _)| *first);
                        prop_assert_eq!(numbered.remove(first), model.remove(&first));
                    }
                    _ => {
                        let one = next.saturating_sub(number % 40);
                        prop_assert_eq!(numbered.get(one), model.get(&one));
                        prop_assert_eq!(numbered.remove(one), model.remove(&one));
                    }
                }
                prop_assert_eq!(numbered.len(), model.len());
                let first = model.first_key_value().map(|(number, value)| (*number, value));
                prop_assert_eq!(numbered.first(), first);
                prop_assert!(numbered.places.len() <= (EMPTY_TIMES + 1) * (model.len() + 1) + EMPTY_LEAST);
                most = model.len().max(most);
                prop_assert!(numbered.values.len() <= most);
            }
            let all = model.iter().map(|(number, value)| (*number, value));
            prop_assert!(numbered.iter().eq(all));
        }
    }
}
