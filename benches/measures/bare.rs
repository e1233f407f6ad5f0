//! The yardstick: a bare event loop. A heap, five little state machines, no faults, no trace.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    Timer {
        node: u8,
    },
    Append {
        from: u8,
        to: u8,
        index: u32,
        commit: u32,
    },
    Reply {
        from: u8,
        to: u8,
        index: u32,
    },
    Request,
}

#[derive(Default)]
struct Machine {
    log: Vec<u32>,
    commit: u32,
    deadline: u64,
    matched: [u32; 5],
}

/// Machine 0 leads: heartbeats, requests, a commit when three of five have an entry.
#[derive(Default)]
struct Loop {
    now: u64,
    seq: u64,
    dice: u64,
    heap: BinaryHeap<Reverse<(u64, u64, Event)>>,
    machines: [Machine; 5],
}

const HEARTBEAT: u64 = 50_000;
const TIMEOUT: u64 = 150_000;
const REQUESTS: u64 = 25_000;

impl Loop {
    fn push(&mut self, after: u64, event: Event) {
        self.seq += 1;
        self.heap.push(Reverse((self.now + after, self.seq, event)));
    }

    fn draw(&mut self, most: u64) -> u64 {
        self.dice ^= self.dice << 13;
        self.dice ^= self.dice >> 7;
        self.dice ^= self.dice << 17;
        self.dice % most
    }

    fn send(&mut self, event: Event) {
        let latency = 8000 + self.draw(6000);
        self.push(latency, event);
    }

    fn broadcast(&mut self) {
        let (index, commit) = (self.machines[0].log.len() as u32, self.machines[0].commit);
        for to in 1..5 {
            let from = 0;
            self.send(Event::Append {
                from,
                to,
                index,
                commit,
            });
        }
    }

    fn handle(&mut self, event: Event) {
        match event {
            Event::Timer { node: 0 } => {
                self.broadcast();
                self.push(HEARTBEAT, Event::Timer { node: 0 });
            }
            Event::Timer { node } => {
                let left = self.machines[usize::from(node)]
                    .deadline
                    .saturating_sub(self.now);
                self.push(
                    if left == 0 { TIMEOUT } else { left },
                    Event::Timer { node },
                );
            }
            Event::Append {
                from,
                to,
                index,
                commit,
            } => {
                let deadline = self.now + TIMEOUT + self.draw(TIMEOUT);
                let machine = &mut self.machines[usize::from(to)];
                machine.deadline = deadline;
                while machine.log.len() < index as usize {
                    machine.log.push(index);
                }
                machine.commit = machine.commit.max(commit.min(index));
                self.send(Event::Reply {
                    from: to,
                    to: from,
                    index,
                });
            }
            Event::Reply { from, to, index } => {
                let machine = &mut self.machines[usize::from(to)];
                machine.matched[usize::from(from)] = index;
                let mut ends = machine.matched;
                ends.sort_unstable();
                machine.commit = machine.commit.max(ends[2]);
            }
            Event::Request => {
                let machine = &mut self.machines[0];
                machine.log.push(1);
                machine.matched[0] = machine.log.len() as u32;
                self.broadcast();
                self.push(REQUESTS, Event::Request);
            }
        }
    }
}

/// Takes so many events; gives a number that depends on all of them.
pub(crate) fn run(events: u64) -> u64 {
    let mut bare = Loop {
        dice: 7,
        ..Loop::default()
    };
    for node in 0..5 {
        bare.push(u64::from(node), Event::Timer { node });
    }
    bare.push(0, Event::Request);
    for _ in 0..events {
        let Some(Reverse((time, _, event))) = bare.heap.pop() else {
            break;
        };
        bare.now = time;
        bare.handle(event);
    }
    bare.now ^ u64::from(bare.machines[0].commit)
}
