//! What the checks and the pictures of several labs of locks look at in the same way.

use super::{Attempt, Resource};
use crate::engine::{Engine, NodeId, Word, engine_of};
use crate::sim::{Status, World};

/// The random value by which a client knows its lock again.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Token(pub u32);

impl Token {
    /// As it is shown: eight characters.
    #[must_use]
    pub fn word(self) -> Word {
        let digit = |at: u32| char::from_digit(self.0 >> (28 - 4 * at) & 15, 16).unwrap_or('0');
        let text: String = (0..8).map(digit).collect();
        Word::new(&text).unwrap_or_default()
    }
}

/// The nodes whose engine is of a type, in order; one that is down has nothing in mind.
pub fn members<E: Engine>(world: &World) -> impl Iterator<Item = (NodeId, Option<&E>)> {
    world.ids().filter_map(|id| {
        let cell = world.cell(id);
        let engine = engine_of::<E>(cell.node())?;
        Some((id, (cell.status() != Status::Down).then_some(engine)))
    })
}

/// The writes that a resource accepted, as its disk shows them one after the other.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Landed {
    accepted: u64,
}

impl Landed {
    /// The write that is on the disk since the last look, if there is one.
    pub fn new_on(&mut self, disk: &Resource) -> Option<Attempt> {
        let before = std::mem::replace(&mut self.accepted, disk.accepted());
        let last = disk.recent().last();
        last.filter(|_| disk.accepted() > before)
            .map(|arrival| arrival.attempt)
    }
}
