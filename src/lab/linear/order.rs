//! Which operations may come next, by real time or by the order of each process.

use super::Operation;
use crate::engine::sorting::sort;

/// What has taken effect so far, and what may be next.
pub(super) trait Order {
    /// Whether all that ended has taken effect.
    fn is_complete(&self) -> bool;
    /// Those that may take effect next.
    fn candidates(&self, to: &mut Vec<u32>);
    /// It takes effect.
    fn take(&mut self, operation: u32);
    /// The last one that took effect did not.
    fn give_back(&mut self, operation: u32);
    /// Writes down what has taken effect so that no other is written down alike.
    fn write(&self, to: &mut Vec<u32>);
    /// The one that must take effect before time goes on.
    fn due(&self) -> Option<u32>;
    /// Whether it took effect.
    fn has_taken(&self, operation: u32) -> bool;
}

const NONE: u32 = u32::MAX;

/// By real time. Operations stand in the order of their ends, the open ones last, so that what
/// took effect is all up to some place and a few behind it: no more than there are processes.
pub(super) struct RealTime {
    /// How many ended; the others are open.
    ended: u32,
    /// All up to here took effect, and not this one.
    low: u32,
    /// Those behind `low` that took effect, the last one first.
    ahead: Vec<u32>,
    /// The beginnings and ends that have not taken effect, in a ring in order of time: for
    /// operation `i` its beginning is `2 * i + 1` and its end `2 * i + 2`; 0 is where it begins.
    next: Vec<u32>,
    last: Vec<u32>,
}

impl RealTime {
    /// Of operations in the order of their ends, the open ones last.
    pub(super) fn new(operations: &[Operation]) -> Self {
        let mut events: Vec<(u32, u32)> = Vec::with_capacity(2 * operations.len());
        for (at, operation) in operations.iter().enumerate() {
            events.push((operation.begin, 2 * at as u32 + 1));
            events.extend(operation.end.map(|end| (end, 2 * at as u32 + 2)));
        }
        sort(&mut events);
        let mut next = vec![NONE; 2 * operations.len() + 1];
        let mut last = next.clone();
        let mut before = 0;
        for (_, event) in events {
            next[before as usize] = event;
            last[event as usize] = before;
            before = event;
        }
        next[before as usize] = 0;
        last[0] = before;
        RealTime {
            ended: operations.iter().filter(|o| o.end.is_some()).count() as u32,
            low: 0,
            ahead: Vec::new(),
            next,
            last,
        }
    }

    fn unlink(&mut self, event: u32) {
        let (before, after) = (self.last[event as usize], self.next[event as usize]);
        self.next[before as usize] = after;
        self.last[after as usize] = before;
    }

    /// Puts back what was unlinked last.
    fn relink(&mut self, event: u32) {
        let (before, after) = (self.last[event as usize], self.next[event as usize]);
        self.next[before as usize] = event;
        self.last[after as usize] = event;
    }
}

impl Order for RealTime {
    fn is_complete(&self) -> bool {
        self.low == self.ended
    }

    fn candidates(&self, to: &mut Vec<u32>) {
        let from = to.len();
        let mut event = self.next[0];
        // A beginning has an odd number; behind the first end nothing may come before it.
        while event % 2 == 1 {
            to.push(event / 2);
            event = self.next[event as usize];
        }
        sort(&mut to[from..]);
    }

    fn take(&mut self, operation: u32) {
        self.unlink(2 * operation + 1);
        if operation < self.ended {
            self.unlink(2 * operation + 2);
        }
        if operation == self.low {
            self.low += 1;
            while self.ahead.last() == Some(&self.low) && self.low < self.ended {
                self.ahead.pop();
                self.low += 1;
            }
        } else {
            let at = self.ahead.partition_point(|other| *other > operation);
            self.ahead.insert(at, operation);
        }
    }

    fn give_back(&mut self, operation: u32) {
        if operation < self.ended {
            self.relink(2 * operation + 2);
        }
        self.relink(2 * operation + 1);
        if operation < self.low {
            self.ahead.extend((operation + 1..self.low).rev());
            self.low = operation;
        } else {
            self.ahead.retain(|other| *other != operation);
        }
    }

    fn write(&self, to: &mut Vec<u32>) {
        to.extend([self.low, self.ahead.len() as u32]);
        to.extend_from_slice(&self.ahead);
    }

    fn due(&self) -> Option<u32> {
        (self.low < self.ended).then_some(self.low)
    }

    fn has_taken(&self, operation: u32) -> bool {
        operation < self.low || self.ahead.contains(&operation)
    }
}

/// By the order of each process.
pub(super) struct ProgramOrder {
    /// What each process saw end, in its order.
    lanes: Vec<Vec<u32>>,
    /// How many of each lane took effect.
    done: Vec<u32>,
    /// How many of all have not.
    left: usize,
    /// For each operation its lane, and how many of it come before.
    places: Vec<(u32, u32)>,
    /// The open operations, and those of them that took effect.
    open: Vec<u32>,
    taken: Vec<u32>,
    ended: u32,
}

impl ProgramOrder {
    /// Of operations in the order of their ends, the open ones last.
    pub(super) fn new(operations: &[Operation]) -> Self {
        let mut names: Vec<u32> = operations.iter().map(|o| o.process).collect();
        sort(&mut names);
        names.dedup();
        let ended = operations.iter().filter(|o| o.end.is_some()).count();
        let mut lanes = vec![Vec::new(); names.len()];
        let mut places = Vec::with_capacity(operations.len());
        for (at, operation) in operations.iter().enumerate() {
            let lane = names.partition_point(|name| *name < operation.process);
            let began_before = |other: &&u32| operations[**other as usize].begin < operation.begin;
            let before = lanes[lane].iter().filter(began_before).count();
            places.push((lane as u32, before as u32));
            if at < ended {
                lanes[lane].push(at as u32);
            }
        }
        ProgramOrder {
            done: vec![0; lanes.len()],
            left: ended,
            lanes,
            places,
            open: (ended as u32..operations.len() as u32).collect(),
            taken: Vec::new(),
            ended: ended as u32,
        }
    }
}

impl Order for ProgramOrder {
    fn is_complete(&self) -> bool {
        self.left == 0
    }

    fn candidates(&self, to: &mut Vec<u32>) {
        let from = to.len();
        let lanes = self.lanes.iter().zip(&self.done);
        to.extend(lanes.filter_map(|(lane, done)| lane.get(*done as usize).copied()));
        sort(&mut to[from..]);
        let free = |open: &&u32| {
            let (lane, before) = self.places[**open as usize];
            self.done[lane as usize] >= before && self.taken.binary_search(open).is_err()
        };
        to.extend(self.open.iter().filter(free));
    }

    fn take(&mut self, operation: u32) {
        if operation < self.ended {
            self.done[self.places[operation as usize].0 as usize] += 1;
            self.left -= 1;
        } else {
            let at = self.taken.partition_point(|other| *other < operation);
            self.taken.insert(at, operation);
        }
    }

    fn give_back(&mut self, operation: u32) {
        if operation < self.ended {
            self.done[self.places[operation as usize].0 as usize] -= 1;
            self.left += 1;
        } else {
            self.taken.retain(|other| *other != operation);
        }
    }

    fn write(&self, to: &mut Vec<u32>) {
        to.extend_from_slice(&self.done);
        to.push(self.taken.len() as u32);
        to.extend_from_slice(&self.taken);
    }

    fn due(&self) -> Option<u32> {
        None
    }

    fn has_taken(&self, operation: u32) -> bool {
        let (lane, before) = self.places[operation as usize];
        let done = operation < self.ended && self.done[lane as usize] > before;
        done || self.taken.binary_search(&operation).is_ok()
    }
}
