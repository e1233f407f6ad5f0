//! The event queue: earliest first, and among equals the one that was asked for first.

use crate::engine::Time;
use std::cmp::Ordering;
use std::collections::BinaryHeap;

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

/// Reversed, because the standard heap gives the greatest first.
impl Ord for Entry {
    fn cmp(&self, other: &Self) -> Ordering {
        (other.time, other.seq).cmp(&(self.time, self.seq))
    }
}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[derive(Clone, Default, Debug)]
pub(super) struct Queue {
    heap: BinaryHeap<Entry>,
    next_seq: u64,
}

impl Queue {
    /// The number that orders what is asked for now among what is due at the same moment.
    pub(super) fn ticket(&mut self) -> u64 {
        self.next_seq += 1;
        self.next_seq
    }

    pub(super) fn push(&mut self, time: Time, seq: u64, due: Due) {
        self.heap.push(Entry { time, seq, due });
    }

    pub(super) fn peek(&self) -> Option<Entry> {
        self.heap.peek().copied()
    }

    pub(super) fn pop(&mut self) -> Option<Entry> {
        self.heap.pop()
    }
}
