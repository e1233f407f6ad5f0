//! The event queue: earliest first, and among equals the one that was asked for first.

use crate::engine::Time;

/// What is to happen. Small, so that the heap moves little.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) enum Due {
    /// A node comes up for the first time.
    Start(u16),
    /// A message arrives, or is lost: its place among the flights.
    Arrive(u32),
    /// A timer of a node runs out: node, timer.
    Timer(u16, u16),
    /// The oldest write of a node is done.
    Write(u16),
    /// The storm does something.
    Strike,
    /// The storm takes something back: its place among the reliefs.
    Relief(u32),
}

#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) struct Entry {
    pub(super) time: Time,
    pub(super) seq: u64,
    pub(super) due: Due,
}

impl Entry {
    /// One number to compare, so that a comparison takes no branch.
    #[inline]
    fn key(&self) -> u128 {
        u128::from(self.time.0) << 64 | u128::from(self.seq)
    }
}

/// How many children an entry has. With four the heap is half as deep as with two, and the
/// children stand side by side.
const WAYS: usize = 4;

/// A heap of [`WAYS`] children each, the earliest entry first.
#[derive(Clone, Default, Debug)]
pub(super) struct Queue {
    heap: Vec<Entry>,
    next_seq: u64,
}

impl Queue {
    /// The number that orders what is asked for now among what is due at the same moment.
    #[inline]
    pub(super) fn ticket(&mut self) -> u64 {
        self.next_seq += 1;
        self.next_seq
    }

    pub(super) fn push(&mut self, time: Time, seq: u64, due: Due) {
        let entry = Entry { time, seq, due };
        let mut at = self.heap.len();
        self.heap.push(entry);
        while at > 0 {
            let parent = (at - 1) / WAYS;
            if self.heap[parent].key() < entry.key() {
                break;
            }
            self.heap[at] = self.heap[parent];
            at = parent;
        }
        self.heap[at] = entry;
    }

    #[inline]
    pub(super) fn peek(&self) -> Option<Entry> {
        self.heap.first().copied()
    }

    pub(super) fn pop(&mut self) -> Option<Entry> {
        let last = self.heap.pop()?;
        let Some(first) = self.heap.first().copied() else {
            return Some(last);
        };
        let mut at = 0;
        while let Some(child) = self.earliest_child(at) {
            if last.key() < self.heap[child].key() {
                break;
            }
            self.heap[at] = self.heap[child];
            at = child;
        }
        self.heap[at] = last;
        Some(first)
    }

    #[inline]
    fn earliest_child(&self, at: usize) -> Option<usize> {
        let first = at * WAYS + 1;
        let earlier = |a: (usize, u128), b: (usize, u128)| if b.1 < a.1 { b } else { a };
        if let Some([a, b, c, d]) = self.heap.get(first..first + WAYS) {
            let left = earlier((first, a.key()), (first + 1, b.key()));
            let right = earlier((first + 2, c.key()), (first + 3, d.key()));
            return Some(earlier(left, right).0);
        }
        let rest = self.heap.get(first..)?.iter().enumerate();
        rest.map(|(i, entry)| (first + i, entry.key()))
            .reduce(earlier)
            .map(|(child, _)| child)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn gives_the_earliest_first(times in prop::collection::vec(0u64..50, 0..200)) {
            let mut queue = Queue::default();
            let mut model = Vec::new();
            let mut pop = |queue: &mut Queue, model: &mut Vec<(Time, u64)>| {
                model.sort_unstable();
                let first = (!model.is_empty()).then(|| model.remove(0));
                (queue.pop().map(|entry| (entry.time, entry.seq)), first)
            };
            for time in times {
                let seq = queue.ticket();
                queue.push(Time(time), seq, Due::Strike);
                model.push((Time(time), seq));
                if time % 3 == 0 {
                    let (got, wanted) = pop(&mut queue, &mut model);
                    prop_assert_eq!(got, wanted);
                }
            }
            while queue.peek().is_some() {
                let (got, wanted) = pop(&mut queue, &mut model);
                prop_assert_eq!(got, wanted);
            }
            prop_assert!(model.is_empty());
        }
    }
}
