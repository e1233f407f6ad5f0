//! What was accepted, slot by slot. Cheap to clone, as it is copied at every snapshot: chunks are
//! shared until one is written to.

use super::types::{Slot, Vote};
use std::rc::Rc;

const CHUNK: usize = 16;

type Chunk = Rc<[Option<Vote>; CHUNK]>;

/// The votes of one acceptor. There may be gaps.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Slots(Rc<Vec<Chunk>>);

impl Slots {
    /// What was accepted in a slot.
    #[must_use]
    pub fn get(&self, slot: Slot) -> Option<Vote> {
        let at = (slot.0 as usize).checked_sub(1)?;
        self.0.get(at / CHUNK)?[at % CHUNK]
    }

    /// Accepts something in a slot. There is none before the first.
    pub fn set(&mut self, slot: Slot, vote: Vote) {
        let Some(at) = (slot.0 as usize).checked_sub(1) else {
            return;
        };
        let chunks = Rc::make_mut(&mut self.0);
        while chunks.len() <= at / CHUNK {
            chunks.push(Rc::new([None; CHUNK]));
        }
        Rc::make_mut(&mut chunks[at / CHUNK])[at % CHUNK] = Some(vote);
    }

    /// The last slot in which something was accepted.
    #[must_use]
    pub fn last(&self) -> Slot {
        let used = |chunk: &Chunk| chunk.iter().rposition(Option::is_some);
        let last = self.0.iter().enumerate().rev();
        let mut last = last.filter_map(|(at, chunk)| Some(at * CHUNK + used(chunk)? + 1));
        Slot(last.next().unwrap_or(0) as u32)
    }

    /// What was accepted from this slot on.
    pub fn from(&self, first: Slot) -> impl Iterator<Item = (Slot, Vote)> {
        let slots = (first.0..=self.last().0).map(Slot);
        slots.filter_map(|slot| Some((slot, self.get(slot)?)))
    }

    /// The highest ballot of all votes.
    pub(super) fn highest(&self) -> Option<super::types::Ballot> {
        self.from(Slot(1)).map(|(_, vote)| vote.ballot).max()
    }
}

#[cfg(test)]
mod tests {
    use super::super::types::{Ballot, Command};
    use super::*;

    fn vote(round: u32) -> Vote {
        let ballot = Ballot { round, server: 1 };
        let command = Command::Noop;
        Vote { ballot, command }
    }

    #[test]
    fn slots_have_gaps_and_an_end() {
        let mut slots = Slots::default();
        assert_eq!((slots.last(), slots.get(Slot(0))), (Slot(0), None));
        slots.set(Slot(0), vote(9));
        assert_eq!(slots.last(), Slot(0), "there is none before the first");
        slots.set(Slot(40), vote(2));
        let before = slots.clone();
        slots.set(Slot(3), vote(1));
        slots.set(Slot(40), vote(3));
        assert_eq!(slots.last(), Slot(40));
        assert_eq!(slots.get(Slot(4)), None);
        assert_eq!(before.get(Slot(40)), Some(vote(2)), "a copy stays");
        let all: Vec<_> = slots.from(Slot(1)).map(|(slot, _)| slot).collect();
        assert_eq!(all, [Slot(3), Slot(40)]);
        assert_eq!(slots.from(Slot(4)).count(), 1);
        assert_eq!(slots.highest(), Some(vote(3).ballot));
    }
}
