//! What every lab of locks is judged by, and the thing that their locks protect. Plain data: a lab
//! feeds the judge with what it sees from outside, and wraps the resource into a node of its own.
//!
//! Three things are kept apart: who was **granted** the lock, who **believes** to hold it, and whose
//! **write** landed at the resource. Each has a promise of its own; a lab says under which faults.

mod guarded;
mod watch;

pub use guarded::{Guarded, Guards, WriteAnswer};
pub use watch::{Landed, Token, members};

use crate::engine::{NodeId, Note, NoteKey, Time};

/// A grant, as the store that gave it tells it apart from every other: a token, a sequence number.
pub type Tag = u64;

/// One of the locks of a run, by its place.
pub type LockId = usize;

/// So many of the last grants of a lock are remembered; a write under one before these is not judged.
const REMEMBERED: usize = 64;

/// A grant that a store gave.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Grant {
    /// To whom.
    pub owner: NodeId,
    /// Its tag.
    pub tag: Tag,
    /// When it expires by the clock of the store; `None`: not by itself.
    pub until: Option<Time>,
}

/// A promise that was broken.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Breach {
    /// A grant was given while another one stood.
    TwoGrants {
        /// Whose stood.
        first: NodeId,
        /// To whom the other was given.
        second: NodeId,
    },
    /// Two nodes believe to hold one lock.
    TwoBelievers {
        /// The one.
        first: NodeId,
        /// The other.
        second: NodeId,
    },
    /// A write was accepted after one under a later grant.
    OlderWrite {
        /// Whose write it was.
        writer: NodeId,
        /// The number of its grant, in the order in which they were given.
        grant: u64,
        /// The number of the latest grant under which a write was accepted before.
        after: u64,
    },
}

impl Breach {
    /// What is to be said of it: with the notes for two grants and for two believers (of whom, and
    /// of whom else), and for an older write (whose, its grant, the later one).
    #[must_use]
    pub fn note(self, grants: NoteKey, believers: NoteKey, older: NoteKey) -> Note {
        match self {
            Breach::TwoGrants { first, second } => Note::new(grants, [first.into(), second.into()]),
            Breach::TwoBelievers { first, second } => {
                Note::new(believers, [first.into(), second.into()])
            }
            Breach::OlderWrite {
                writer,
                grant,
                after,
            } => Note::new(older, [writer.into(), grant.into(), after.into()]),
        }
    }
}

/// A grant with its number, from 1 in the order in which they were given.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
struct Given {
    number: u64,
    grant: Grant,
    /// Neither expired nor released.
    stands: bool,
}

/// What is remembered of one lock.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
struct Book {
    /// How many grants there were.
    grants: u64,
    /// The last of them, oldest first.
    last: Vec<Given>,
    /// The two that believed to hold it, so that one breach is told once.
    believers: Option<(NodeId, NodeId)>,
    /// The latest grant under which a write was accepted.
    written: u64,
}

/// Judges the three promises of a lock from what a lab tells it.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct LockJudge {
    books: Vec<Book>,
}

impl LockJudge {
    fn book(&mut self, lock: LockId) -> &mut Book {
        if self.books.len() <= lock {
            self.books.resize_with(lock + 1, Book::default);
        }
        &mut self.books[lock]
    }

    /// The store's clock shows `now`: what expires by then is over, even if that clock is set back
    /// later. To be told after each step of the store, before what it granted in it.
    pub fn clock(&mut self, lock: LockId, now: Time) {
        for given in &mut self.book(lock).last {
            given.stands &= given.grant.until.is_none_or(|until| now < until);
        }
    }

    /// The store granted the lock. One grant at a time: no other may stand.
    pub fn granted(&mut self, lock: LockId, grant: Grant) -> Option<Breach> {
        let book = self.book(lock);
        let stands = book.last.iter().find(|given| given.stands);
        let breach = stands.map(|given| Breach::TwoGrants {
            first: given.grant.owner,
            second: grant.owner,
        });
        book.grants += 1;
        if book.last.len() == REMEMBERED {
            book.last.remove(0);
        }
        book.last.push(Given {
            number: book.grants,
            grant,
            stands: true,
        });
        breach
    }

    /// The owner of a grant gave it back, or, of a store with sessions, the store ended it in due
    /// form.
    pub fn released(&mut self, lock: LockId, tag: Tag) {
        for given in &mut self.book(lock).last {
            given.stands &= given.grant.tag != tag;
        }
    }

    /// A grant that stands was prolonged, or counts by another clock now.
    pub fn prolonged(&mut self, lock: LockId, tag: Tag, until: Option<Time>) {
        for given in &mut self.book(lock).last {
            if given.grant.tag == tag && given.stands {
                given.grant.until = until;
            }
        }
    }

    /// These nodes, in order, believe now to hold the lock. One believer at a time; two who go on
    /// believing break it once.
    pub fn believed(
        &mut self,
        lock: LockId,
        mut nodes: impl Iterator<Item = NodeId>,
    ) -> Option<Breach> {
        let book = self.book(lock);
        let pair = nodes.next().zip(nodes.next());
        let before = std::mem::replace(&mut book.believers, pair);
        let (first, second) = pair.filter(|pair| before != Some(*pair))?;
        Some(Breach::TwoBelievers { first, second })
    }

    /// The resource accepted a write under a grant. No older write: none under a later grant came
    /// before. A tag that was never granted, or is forgotten, is not judged.
    pub fn wrote(&mut self, lock: LockId, tag: Tag) -> Option<Breach> {
        let book = self.book(lock);
        let found = book.last.iter().rev().find(|given| given.grant.tag == tag);
        let given = *found?;
        let after = book.written;
        book.written = after.max(given.number);
        (given.number < after).then_some(Breach::OlderWrite {
            writer: given.grant.owner,
            grant: given.number,
            after,
        })
    }

    /// The grants of a lock that stand, with their numbers.
    pub fn standing(&self, lock: LockId) -> impl Iterator<Item = (u64, Grant)> {
        let book = self.books.get(lock).into_iter();
        let given = book.flat_map(|book| &book.last);
        given
            .filter(|given| given.stands)
            .map(|given| (given.number, given.grant))
    }

    /// The number of the latest grant of a lock, in the order in which they were given.
    #[must_use]
    pub fn latest(&self, lock: LockId) -> u64 {
        self.books.get(lock).map_or(0, |book| book.grants)
    }
}

/// A write as it comes to the resource.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Attempt {
    /// Who writes.
    pub writer: NodeId,
    /// The grant under which it writes.
    pub tag: Tag,
    /// The fencing number of that grant, where the lock gives one.
    pub number: Option<u64>,
}

/// A write that came, and what became of it.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Arrival {
    /// The write.
    pub attempt: Attempt,
    /// Whether it was accepted.
    pub accepted: bool,
}

/// What a lock protects: it takes writes, and remembers the highest fencing number that it took.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Resource {
    highest: u64,
    accepted: u64,
    refused: u64,
    recent: Vec<Arrival>,
}

impl Resource {
    /// So many of the last arrivals are kept to be shown.
    pub const RECENT: usize = 6;

    /// Whether a write would be accepted. Fencing: with the check, one whose number is lower than
    /// another that came before is refused. One without a number cannot be checked.
    #[must_use]
    pub fn takes(&self, attempt: Attempt, check: bool) -> bool {
        !check || attempt.number.is_none_or(|number| number >= self.highest)
    }

    /// A write comes. Whether it was accepted.
    pub fn receive(&mut self, attempt: Attempt, check: bool) -> bool {
        let accepted = self.takes(attempt, check);
        self.note(Arrival { attempt, accepted });
        accepted
    }

    /// Takes in what became of a write, as when it is read back from the disk.
    pub fn note(&mut self, arrival: Arrival) {
        if arrival.accepted {
            self.accepted += 1;
            self.highest = self.highest.max(arrival.attempt.number.unwrap_or(0));
        } else {
            self.refused += 1;
        }
        if self.recent.len() == Self::RECENT {
            self.recent.remove(0);
        }
        self.recent.push(arrival);
    }

    /// The highest number of an accepted write; 0 before the first.
    #[must_use]
    pub fn highest(&self) -> u64 {
        self.highest
    }

    /// How many writes were accepted.
    #[must_use]
    pub fn accepted(&self) -> u64 {
        self.accepted
    }

    /// How many writes were refused.
    #[must_use]
    pub fn refused(&self) -> u64 {
        self.refused
    }

    /// The last arrivals, oldest first.
    #[must_use]
    pub fn recent(&self) -> &[Arrival] {
        &self.recent
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: NodeId = NodeId(1);
    const B: NodeId = NodeId(2);

    fn grant(owner: NodeId, tag: Tag, until: Option<u64>) -> Grant {
        let until = until.map(Time);
        Grant { owner, tag, until }
    }

    #[test]
    fn a_grant_stands_until_it_is_released_or_expires() {
        let mut judge = LockJudge::default();
        assert_eq!(judge.granted(0, grant(A, 1, Some(100))), None);
        judge.clock(0, Time(99));
        let breach = Breach::TwoGrants {
            first: A,
            second: B,
        };
        assert_eq!(judge.clone().granted(0, grant(B, 2, None)), Some(breach));
        let mut released = judge.clone();
        released.released(0, 7);
        assert!(released.clone().granted(0, grant(B, 2, None)).is_some());
        released.released(0, 1);
        assert_eq!(released.granted(0, grant(B, 2, None)), None);
        // Once it has expired it is over, even if the clock is set back.
        judge.clock(0, Time(100));
        judge.clock(0, Time(10));
        assert_eq!(judge.granted(0, grant(B, 2, None)), None);
        judge.clock(0, Time(u64::MAX));
        assert!(judge.granted(0, grant(A, 3, None)).is_some());
        assert_eq!(judge.latest(0), 3);
    }

    #[test]
    fn a_prolonged_grant_stands_longer_and_other_locks_are_other_books() {
        let mut judge = LockJudge::default();
        assert_eq!(judge.granted(0, grant(A, 1, Some(100))), None);
        assert_eq!(judge.granted(1, grant(B, 1, Some(100))), None);
        judge.prolonged(0, 1, Some(Time(200)));
        for lock in [0, 1] {
            judge.clock(lock, Time(150));
        }
        assert_eq!(judge.standing(0).count(), 1);
        assert_eq!(judge.standing(1).count(), 0);
    }

    #[test]
    fn two_who_go_on_believing_break_it_once() {
        let mut judge = LockJudge::default();
        let breach = Some(Breach::TwoBelievers {
            first: A,
            second: B,
        });
        assert_eq!(judge.believed(0, [A].into_iter()), None);
        assert_eq!(judge.believed(0, [A, B].into_iter()), breach);
        assert_eq!(judge.believed(0, [A, B].into_iter()), None);
        assert_eq!(judge.believed(0, [B].into_iter()), None);
        assert_eq!(judge.believed(0, [A, B].into_iter()), breach);
    }

    #[test]
    fn a_write_under_an_earlier_grant_comes_too_late() {
        let mut judge = LockJudge::default();
        for tag in [7, 3, 9] {
            judge.clock(0, Time(u64::MAX));
            judge.granted(0, grant(A, tag, Some(1)));
        }
        assert_eq!(judge.wrote(0, 3), None);
        assert_eq!(judge.wrote(0, 3), None);
        assert_eq!(judge.wrote(0, 42), None, "nobody was granted this");
        let breach = Breach::OlderWrite {
            writer: A,
            grant: 1,
            after: 2,
        };
        assert_eq!(judge.wrote(0, 7), Some(breach));
        assert_eq!(judge.wrote(0, 9), None);
        for tag in 100..200 {
            judge.granted(0, grant(B, tag, None));
        }
        assert_eq!(judge.wrote(0, 9), None, "forgotten");
        assert_eq!(judge.wrote(0, 199), None);
    }

    #[test]
    fn the_resource_refuses_a_lower_number_if_it_looks() {
        let write = |number| Attempt {
            writer: A,
            tag: 1,
            number,
        };
        let mut resource = Resource::default();
        assert!(resource.receive(write(Some(34)), true));
        assert!(!resource.receive(write(Some(33)), true));
        assert!(resource.receive(write(Some(34)), true));
        assert!(
            resource.receive(write(None), true),
            "there is nothing to check"
        );
        assert!(resource.receive(write(Some(33)), false));
        assert_eq!((resource.highest(), resource.accepted()), (34, 4));
        assert_eq!((resource.refused(), resource.recent().len()), (1, 5));
    }
}
