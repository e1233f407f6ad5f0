//! The event queue: earliest first, and among equals the one that was asked for first.

use super::far::Far;
use crate::engine::{Time, append};
use std::cmp::Ordering;

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

/// Reversed, because the standard heap gives the greatest first.
impl Ord for Entry {
    fn cmp(&self, other: &Self) -> Ordering {
        other.key().cmp(&self.key())
    }
}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// How many entries the near part takes before anything is far, and has at the most.
const BATCH: usize = 32;
const MOST: usize = 128;
/// How many entries are looked at one by one, and come near together.
const FEW: usize = 8;
/// More than so many are put in order part by part; of so many parts, a power of two.
const MANY: usize = 48;
const PARTS: usize = 64;

/// Two parts: what is due next stands in a short sorted list, whose end is popped; the rest stands
/// apart by the time when it is due ([`Far`]). A lesson has a dozen entries, all near, and what is
/// sent goes close to the end of the list; with hundreds of messages under way most are far first.
///
/// Invariants: nothing near is later than anything far, and the near part is empty only where
/// all is.
#[derive(Clone, Default, Debug)]
pub(super) struct Queue {
    /// The latest first.
    near: Vec<Entry>,
    far: Far,
    next_seq: u64,
}

impl Queue {
    /// The number that orders what is asked for now among what is due at the same moment.
    #[inline]
    pub(super) fn ticket(&mut self) -> u64 {
        self.next_seq += 1;
        self.next_seq
    }

    /// Where few are due before it, its parts stay apart until they are written to their place: an entry that is put
    /// together first, for the call, would have to be waited for.
    pub(super) fn push(&mut self, time: Time, seq: u64, due: Due) {
        let key = Entry { time, seq, due }.key();
        let len = self.near.len();
        let few = self.near.get(len.saturating_sub(FEW));
        let among_few = few.is_some_and(|other| other.key() > key);
        if !among_few || len >= MOST {
            return self.push_far(Entry { time, seq, due });
        }
        // Few are due before it: they are moved as they are looked at.
        append(&mut self.near, || Entry { time, seq, due });
        let mut place = len;
        while let Some(before) = place.checked_sub(1) {
            let other = self.near[before];
            if other.key() > key {
                break;
            }
            self.near[place] = other;
            place = before;
        }
        self.near[place] = Entry { time, seq, due };
    }

    /// Puts an entry where it belongs, not among the few that are due next.
    #[inline(never)]
    fn push_far(&mut self, entry: Entry) {
        // As long as all there is fits into the near part, nothing needs to be far.
        if let Some(last) = self.near.first()
            && last.key() < entry.key()
            && (self.near.len() >= BATCH || !self.far.is_empty())
        {
            return self.far.push(entry, last);
        }
        if self.near.len() >= MOST {
            self.spill();
            if let Some(last) = self.near.first()
                && last.key() < entry.key()
            {
                return self.far.push(entry, last);
            }
        }
        let mut end = self.near.len();
        while let Some(before) = end.checked_sub(FEW)
            && self.near[before].key() < entry.key()
        {
            end = before;
        }
        let later = self.near[..end]
            .iter()
            .rposition(|other| other.key() > entry.key());
        self.near.insert(later.map_or(0, |at| at + 1), entry);
    }

    #[inline]
    pub(super) fn peek(&self) -> Option<Entry> {
        self.near.last().copied()
    }

    #[inline]
    pub(super) fn pop(&mut self) -> Option<Entry> {
        let first = self.near.pop();
        if self.near.is_empty() {
            self.refill();
        }
        first
    }

    #[cold]
    fn spill(&mut self) {
        let half = self.near.len() / 2;
        let last = self.near[half];
        for entry in self.near.drain(..half) {
            self.far.push(entry, &last);
        }
    }

    /// Brings near what is due first of all that is far.
    #[inline(never)]
    fn refill(&mut self) {
        while self.near.len() < FEW && !self.far.is_empty() {
            let from = self.near.len();
            self.far.take(&mut self.near);
            sort(&mut self.near[from..]);
        }
        self.near.reverse();
    }
}

/// The earliest first. Those of a box are mostly few, and stand in it with the last one first; those
/// that are due together are then in order already.
fn sort(entries: &mut [Entry]) {
    entries.reverse();
    if entries.len() > MANY {
        part(entries);
    }
    for next in 1..entries.len() {
        let entry = entries[next];
        let mut place = next;
        while let Some(before) = place.checked_sub(1)
            && entries[before].key() > entry.key()
        {
            entries[place] = entries[before];
            place = before;
        }
        entries[place] = entry;
    }
}

/// Puts many in order roughly, by the part of their whole time into which each falls.
#[cold]
fn part(entries: &mut [Entry]) {
    let times = || entries.iter().map(|entry| entry.time.0);
    let (least, most) = (times().min().unwrap_or(0), times().max().unwrap_or(0));
    let bits = u64::BITS - (most - least).leading_zeros();
    let shift = bits.saturating_sub(PARTS.trailing_zeros());
    let part = |entry: &Entry| ((entry.time.0 - least) >> shift) as usize;
    let mut places = [0; PARTS];
    for entry in entries.iter() {
        places[part(entry)] += 1;
    }
    let mut before = 0;
    for place in &mut places {
        before += std::mem::replace(place, before);
    }
    let copies = entries.to_vec();
    for entry in copies {
        let place = &mut places[part(&entry)];
        entries[*place] = entry;
        *place += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The times come as steps from the moment: mostly near, some a turn of the boxes away or more.
    fn times() -> impl Strategy<Value = Vec<(u64, bool)>> {
        let span = prop_oneof![
            4 => 0u64..50,
            8 => 0u64..20_000,
            2 => 0u64..600_000,
            1 => 0u64..5_000_000,
        ];
        prop::collection::vec((span, prop::bool::weighted(0.45)), 0..900)
    }

    proptest! {
        #[test]
        fn gives_the_earliest_first(times in times()) {
            let mut queue = Queue::default();
            let mut model = Vec::new();
            let mut now = 0;
            let pop = |queue: &mut Queue, model: &mut Vec<(Time, u64)>| {
                model.sort_unstable();
                let first = (!model.is_empty()).then(|| model.remove(0));
                (queue.pop().map(|entry| (entry.time, entry.seq)), first)
            };
            for (span, take) in times {
                let seq = queue.ticket();
                let time = Time(now + span);
                queue.push(time, seq, Due::Strike);
                model.push((time, seq));
                if take {
                    let (got, wanted) = pop(&mut queue, &mut model);
                    prop_assert_eq!(got, wanted);
                    now = got.map_or(now, |(time, _)| time.0);
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
