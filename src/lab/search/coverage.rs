//! What a search has seen, so that “found nothing” says how hard it looked.

use super::super::spec::LabInfo;
use crate::engine::{Fact, Facts, NodeId};
use crate::sim::{FaultKind, FaultSet, Happened, World};

/// How much was done, and what was met on the way.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Tally {
    /// Runs made.
    pub runs: u64,
    /// Steps taken in them.
    pub events: u64,
    /// How often each note was given, by its place in the lab's list.
    pub notes: Vec<u64>,
    /// How many messages of each kind arrived, by its place in the lab's list.
    pub messages: Vec<u64>,
    /// What nodes were, as `role leader`: facts that are words of the protocol. In order, once each.
    pub roles: Vec<String>,
    /// The kinds of faults that there were.
    pub faults: FaultSet,
}

impl Tally {
    /// Nothing yet.
    #[must_use]
    pub fn new(info: &LabInfo) -> Self {
        Tally {
            notes: vec![0; info.notes.len()],
            messages: vec![0; info.message_kinds.len()],
            ..Tally::default()
        }
    }

    /// How many of the lab's notes were given at least once.
    #[must_use]
    pub fn notes_seen(&self) -> usize {
        self.notes.iter().filter(|count| **count > 0).count()
    }

    /// How many kinds of messages arrived at least once.
    #[must_use]
    pub fn messages_seen(&self) -> usize {
        self.messages.iter().filter(|count| **count > 0).count()
    }

    /// Takes in what another part of the same search saw.
    pub fn add(&mut self, other: &Tally) {
        self.runs += other.runs;
        self.events += other.events;
        let sum = |into: &mut Vec<u64>, from: &[u64]| {
            into.resize(into.len().max(from.len()), 0);
            into.iter_mut().zip(from).for_each(|(to, n)| *to += n);
        };
        sum(&mut self.notes, &other.notes);
        sum(&mut self.messages, &other.messages);
        other.roles.iter().for_each(|role| self.add_role(role));
        other
            .faults
            .iter()
            .for_each(|kind| self.faults.insert(kind));
    }

    /// A role was seen.
    pub fn add_role(&mut self, role: &str) {
        if let Err(at) = self
            .roles
            .binary_search_by(|known| known.as_str().cmp(role))
        {
            self.roles.insert(at, role.to_owned());
        }
    }

    /// After a step.
    pub(super) fn step(&mut self, world: &World) {
        let record = world.record();
        self.events += 1;
        for note in &record.notes {
            if let Some(count) = self.notes.get_mut(usize::from(note.key.0)) {
                *count += 1;
            }
        }
        if let Happened::Delivered(letter) = &record.what
            && let Some(count) = self.messages.get_mut(usize::from(letter.name.kind))
        {
            *count += 1;
        }
    }

    /// Looks at what a node is; too dear for every step.
    pub(super) fn look_at(&mut self, world: &World, node: NodeId) {
        let mut facts = Facts::default();
        world.cell(node).node().facts(&mut facts);
        for (name, fact) in facts.0 {
            if let Fact::Key(word) = fact {
                self.add_role(&format!("{name} {word}"));
            }
        }
    }

    /// At the end of a run.
    pub(super) fn ended(&mut self, world: &World) {
        self.runs += 1;
        world
            .faults()
            .iter()
            .for_each(|kind| self.faults.insert(kind));
    }
}

/// The text form, for those who share no memory: a line for each field, in this order.
impl Tally {
    pub(super) fn print(&self) -> String {
        let list = |all: &[u64]| all.iter().map(u64::to_string).collect::<Vec<_>>().join(" ");
        let faults: Vec<_> = self.faults.iter().map(FaultKind::id).collect();
        format!(
            "{} {}\n{}\n{}\n{}\n{}\n",
            self.runs,
            self.events,
            list(&self.notes),
            list(&self.messages),
            self.roles.join(","),
            faults.join(" ")
        )
    }

    /// The inverse of [`Tally::print`]; `None` where that is not what it is.
    pub(super) fn read<'a>(
        info: &LabInfo,
        lines: &mut impl Iterator<Item = &'a str>,
    ) -> Option<Self> {
        let mut tally = Tally::new(info);
        let (runs, events) = lines.next()?.split_once(' ')?;
        (tally.runs, tally.events) = (runs.parse().ok()?, events.parse().ok()?);
        for counts in [&mut tally.notes, &mut tally.messages] {
            let mut words = lines.next()?.split_whitespace();
            for count in &mut *counts {
                *count = words.next()?.parse().ok()?;
            }
            if words.next().is_some() {
                return None;
            }
        }
        let roles = lines.next()?.split(',').filter(|role| !role.is_empty());
        roles.for_each(|role| tally.add_role(role));
        for fault in lines.next()?.split_whitespace() {
            tally.faults.insert(FaultKind::parse(fault)?);
        }
        Some(tally)
    }
}
