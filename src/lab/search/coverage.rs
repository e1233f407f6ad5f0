//! What a search has seen, so that “found nothing” says how hard it looked.

use super::super::spec::LabInfo;
use crate::engine::{Fact, Facts, NodeId};
use crate::sim::{FaultKind, FaultSet, Happened, NodeKind, Status, World};
use std::collections::BTreeMap;

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
    /// How often a server went from one of the lab's roles to another; one that crashed is
    /// [`DOWN`] meanwhile.
    pub turns: BTreeMap<(&'static str, &'static str), u64>,
    /// The kinds of faults that there were.
    pub faults: FaultSet,
}

/// The role of a node that is down.
pub const DOWN: &str = "down";

/// What the servers of one run are.
#[derive(Default)]
pub(super) struct Roles {
    first: Vec<&'static str>,
    now: Vec<&'static str>,
    /// The one that became something else last, and what; those that became again what all are
    /// at first do not count.
    pub(super) turned: Option<(NodeId, &'static str)>,
    /// How often any did.
    pub(super) turns: u64,
}

impl Roles {
    pub(super) fn of(world: &World) -> Self {
        let now: Vec<_> = world.ids().map(|node| role(world, node)).collect();
        Roles {
            first: now.clone(),
            now,
            turned: None,
            turns: 0,
        }
    }
}

fn role(world: &World, node: NodeId) -> &'static str {
    let (spec, cell) = (world.spec(node), world.cell(node));
    match (spec.kind, cell.status()) {
        (NodeKind::Client, _) => "",
        (NodeKind::Server, Status::Down) => DOWN,
        (NodeKind::Server, Status::Up | Status::Paused) => cell.node().role(),
    }
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

    /// Every turn that servers of the lab could take, whether the protocol allows it or not.
    pub fn all_turns(info: &LabInfo) -> Vec<(&'static str, &'static str)> {
        let roles = info.roles.iter().copied().chain([DOWN]);
        let pairs = roles
            .clone()
            .flat_map(|from| roles.clone().map(move |to| (from, to)));
        pairs.filter(|(from, to)| from != to).collect()
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
        for (turn, count) in &other.turns {
            *self.turns.entry(*turn).or_default() += count;
        }
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
    pub(super) fn step(&mut self, world: &World, roles: &mut Roles) {
        let record = world.record();
        self.events += 1;
        for node in &record.touched {
            let (before, now) = (roles.now[node.index()], role(world, *node));
            if before != now && !roles.first[node.index()].is_empty() {
                *self.turns.entry((before, now)).or_default() += 1;
                roles.now[node.index()] = now;
                // Of a crash the search knows, because that is its own doing.
                if now != DOWN && now != roles.first[node.index()] {
                    roles.turned = Some((*node, now));
                    roles.turns += 1;
                }
            }
        }
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
        let turns = self.turns.iter();
        let turns = turns.map(|((from, to), count)| format!("{from} {to} {count}"));
        format!(
            "{} {}\n{}\n{}\n{}\n{}\n{}\n",
            self.runs,
            self.events,
            list(&self.notes),
            list(&self.messages),
            self.roles.join(","),
            turns.collect::<Vec<_>>().join(","),
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
        let known = Tally::all_turns(info);
        let turns = lines.next()?.split(',').filter(|turn| !turn.is_empty());
        for turn in turns {
            let (turn, count) = turn.rsplit_once(' ')?;
            let turn = known
                .iter()
                .find(|(from, to)| turn.split_once(' ') == Some((*from, *to)))?;
            tally.turns.insert(*turn, count.parse().ok()?);
        }
        for fault in lines.next()?.split_whitespace() {
            tally.faults.insert(FaultKind::parse(fault)?);
        }
        Some(tally)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INFO: LabInfo = LabInfo {
        id: "test",
        family: "agreement",
        found_in: &[],
        built_on: &[],
        params: &[],
        rules: &[],
        mistakes: &[],
        asynchrony: crate::lab::Asynchrony::RestsOnTime,
        checks: &[],
        notes: &[],
        message_kinds: &[],
        roles: &["calm", "busy"],
        moments: &[],
        verbs: &[],
        stories: &[],
        lessons: &[],
        lecture: "",
    };

    #[test]
    fn turns_come_through_text_and_strange_ones_do_not() {
        let mut tally = Tally::new(&INFO);
        tally.turns.insert(("calm", "busy"), 3);
        tally.turns.insert(("busy", DOWN), 1);
        tally.add_role("role busy");
        let text = tally.print();
        let read = |text: &str| Tally::read(&INFO, &mut text.lines());
        assert_eq!(read(&text), Some(tally));
        assert_eq!(read(&text.replace("busy down", "busy lost")), None);
        assert_eq!(Tally::all_turns(&INFO).len(), 6);
    }
}
