//! What is due later: a wheel of short boxes of time, each a list without order.

use super::queue::Entry;
use std::collections::BinaryHeap;

/// A box takes about a millisecond: 2^10 microseconds.
const BOX: u32 = 10;
/// So many boxes a turn: half a second, and most timers are shorter.
const TURN: u64 = 512;
const NONE: u32 = u32::MAX;

/// An entry in a box, and the place of the next one there.
#[derive(Copy, Clone, Debug)]
struct Link {
    entry: Entry,
    next: u32,
}

/// Entries by the box that they fall into. Putting one in takes no comparison; they are put in
/// order box by box, as they come near. What is due after a whole turn waits in a heap.
///
/// Invariant: what stands in the boxes is due within one turn from `from` on.
#[derive(Clone, Default, Debug)]
pub(super) struct Far {
    /// The first entry of every box; nothing until something is far.
    boxes: Vec<u32>,
    /// Which boxes have any, a bit each.
    taken: [u64; TURN as usize / 64],
    links: Vec<Link>,
    /// The first link that is free.
    free: u32,
    /// How many stand in the boxes.
    count: usize,
    /// No box before this one has any; counted from time zero.
    from: u64,
    beyond: BinaryHeap<Entry>,
}

fn box_of(entry: &Entry) -> u64 {
    entry.time.0 >> BOX
}

impl Far {
    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.count == 0 && self.beyond.is_empty()
    }

    /// Puts an entry in. `near` is one that is due before all that are far.
    #[inline]
    pub(super) fn push(&mut self, entry: Entry, near: &Entry) {
        if self.count == 0 {
            self.begin(near);
        }
        let number = box_of(&entry);
        if number.wrapping_sub(self.from) >= TURN {
            return self.beyond.push(entry);
        }
        let place = (number % TURN) as usize;
        let next = self.boxes[place];
        let link = Link { entry, next };
        let at = self.free;
        if let Some(free) = self.links.get_mut(at as usize) {
            self.free = free.next;
            *free = link;
        } else {
            self.links.push(link);
            self.free = self.links.len() as u32;
        }
        self.boxes[place] = at;
        self.taken[place / 64] |= 1 << (place % 64);
        self.count += 1;
    }

    /// The boxes are empty, and may begin anywhere.
    #[cold]
    fn begin(&mut self, near: &Entry) {
        self.boxes.resize(TURN as usize, NONE);
        self.from = box_of(near);
    }

    /// Takes out the first box that has any, into a list that is empty, in no order.
    pub(super) fn take(&mut self, into: &mut Vec<Entry>) {
        let first = self.first();
        let beyond = self.beyond.peek().map(box_of);
        let Some(number) = first.into_iter().chain(beyond).min() else {
            return;
        };
        while self
            .beyond
            .peek()
            .is_some_and(|entry| box_of(entry) == number)
        {
            into.extend(self.beyond.pop());
        }
        if first != Some(number) {
            return;
        }
        self.from = number;
        let place = (number % TURN) as usize;
        self.taken[place / 64] &= !(1 << (place % 64));
        let mut at = std::mem::replace(&mut self.boxes[place], NONE);
        while let Some(link) = self.links.get_mut(at as usize) {
            into.push(link.entry);
            let next = std::mem::replace(&mut link.next, self.free);
            self.free = at;
            at = next;
            self.count -= 1;
        }
    }

    /// The first box that has any, counted from time zero.
    fn first(&self) -> Option<u64> {
        if self.count == 0 {
            return None;
        }
        let begin = (self.from % TURN) as usize;
        let words = self.taken.len();
        // The word in which the turn begins comes twice: first without what lies before.
        (0..=words).find_map(|i| {
            let word = (begin / 64 + i) % words;
            let ahead = if i == 0 {
                u64::MAX << (begin % 64)
            } else {
                u64::MAX
            };
            let taken = self.taken[word] & ahead;
            let place = (word * 64) as u64 + u64::from(taken.trailing_zeros());
            (taken != 0).then(|| self.from + (place + TURN - begin as u64) % TURN)
        })
    }
}
