//! What happened in every step of a branch, in 40 bytes each: what a diagram of the whole run
//! needs, where whole records would be too much.
//!
//! A branch's steps never change, so this is a cache: what was forgotten to stay within the bound
//! is replayed when it is looked at ([`super::History::recall`]), exactly.

mod cone;
mod event;
#[cfg(test)]
mod tests;

pub use cone::{Cone, Relation};
pub use event::{Event, What};

use crate::engine::{NodeId, Report, Time};
use crate::sim::{Action, Happened, MessageName, Record};
use std::rc::Rc;

/// Something that a person or the storm did, and that had an effect.
#[derive(Clone, Debug)]
pub struct Deed {
    /// The step that it was.
    pub step: u64,
    /// When.
    pub time: Time,
    /// What.
    pub action: Rc<Action>,
}

/// What a client told in a step.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Told {
    /// The step.
    pub step: u64,
    /// When.
    pub time: Time,
    /// Who told it.
    pub client: NodeId,
    /// What.
    pub report: Report,
}

impl Told {
    /// All that was told in a step.
    pub fn of(record: &Record) -> impl Iterator<Item = Told> {
        let client = record.what.node().or(record.touched.first().copied());
        let (step, time) = (record.step, record.time);
        let told = move |report: &Report| {
            Some(Told {
                step,
                time,
                client: client?,
                report: *report,
            })
        };
        record.reports.iter().filter_map(told)
    }
}

/// So many steps in a row, kept or forgotten together.
struct Chunk {
    index: u64,
    events: Rc<[Event]>,
    told: Rc<[Told]>,
    /// When the first of its messages was sent.
    earliest: Time,
}

impl Clone for Chunk {
    fn clone(&self) -> Self {
        Chunk {
            events: Rc::clone(&self.events),
            told: Rc::clone(&self.told),
            ..*self
        }
    }
}

impl Chunk {
    fn new(index: u64, events: &[Event], told: &[Told]) -> Self {
        let since = events.iter().map(|event| event.since);
        Chunk {
            index,
            earliest: since.min().unwrap_or_default(),
            events: events.into(),
            told: told.into(),
        }
    }
}

/// See the module.
#[derive(Clone, Default)]
pub struct Chronicle {
    /// In order; some may be missing.
    full: Vec<Chunk>,
    /// The last steps, which do not fill a chunk yet.
    tail: Vec<Event>,
    /// What clients told in these.
    tail_told: Vec<Told>,
    /// When each chunk begins, the forgotten ones' too.
    starts: Vec<Time>,
    /// All deeds from the beginning on. They are few beside the steps, and never forgotten: what
    /// lasts (a crash, a cut) began with one that may be long past.
    deeds: Vec<Deed>,
    last: u64,
}

impl Chronicle {
    /// How many steps are kept or forgotten together. A snapshot stands before each, at first.
    pub const CHUNK: u64 = 2048;
    /// The most chunks: some 200,000 steps in 8 MB, shared with the forks of a branch.
    pub const MOST_CHUNKS: usize = 98;

    /// The last step that was noted.
    #[must_use]
    pub fn last(&self) -> u64 {
        self.last
    }

    /// Everything that was done, in order.
    #[must_use]
    pub fn deeds(&self) -> &[Deed] {
        &self.deeds
    }

    /// The chunk of a step; steps count from 1.
    fn index(step: u64) -> u64 {
        step.saturating_sub(1) / Self::CHUNK
    }

    /// Notes the step after the last one; a step that was noted before is no other now.
    pub(super) fn note(&mut self, record: &Record) {
        if record.step != self.last + 1 {
            return;
        }
        if self.tail.is_empty() {
            self.starts.push(record.time);
        }
        if let Happened::Commanded(action, None) | Happened::Struck(action, None) = &record.what {
            self.deeds.push(Deed {
                step: record.step,
                time: record.time,
                action: Rc::clone(action),
            });
        }
        self.tail.push(Event::of(record));
        self.tail_told.extend(Told::of(record));
        self.last = record.step;
        if self.tail.len() as u64 == Self::CHUNK {
            let chunk = Chunk::new(Self::index(self.last), &self.tail, &self.tail_told);
            self.tail.clear();
            self.tail_told.clear();
            self.keep(chunk);
        }
    }

    /// Takes a chunk in; where there are too many, the one farthest from it goes.
    fn keep(&mut self, chunk: Chunk) {
        let index = chunk.index;
        match self.full.binary_search_by_key(&index, |chunk| chunk.index) {
            Ok(_) => return,
            Err(at) => self.full.insert(at, chunk),
        }
        if self.full.len() > Self::MOST_CHUNKS {
            let away = |chunk: Option<&Chunk>| chunk.map_or(0, |chunk| chunk.index.abs_diff(index));
            if away(self.full.first()) >= away(self.full.last()) {
                self.full.remove(0);
            } else {
                self.full.pop();
            }
        }
    }

    /// Takes back what was forgotten.
    pub(super) fn restore(&mut self, index: u64, events: &[Event], told: &[Told]) {
        if events.len() as u64 == Self::CHUNK {
            self.keep(Chunk::new(index, events, told));
        }
    }

    /// An event as [`Chronicle::restore`] takes it.
    pub(super) fn event_of(record: &Record) -> Event {
        Event::of(record)
    }

    /// The beginning of this, up to a step whose chunk is kept: what a fork has of its parent.
    pub(super) fn until(&self, step: u64) -> Self {
        let whole = step / Self::CHUNK;
        let part = (step % Self::CHUNK) as usize;
        let full = self.full.iter().filter(|chunk| chunk.index < whole);
        let deeds = self.deeds.partition_point(|deed| deed.step <= step);
        let told = |of: &[Told]| {
            of.iter()
                .copied()
                .filter(|told| told.step <= step)
                .collect()
        };
        Chronicle {
            full: full.cloned().collect(),
            tail_told: self.told_in(whole).map_or_else(Vec::new, told),
            tail: self
                .chunk(whole)
                .map_or_else(Vec::new, |events| events[..part].to_vec()),
            starts: self.starts[..step.div_ceil(Self::CHUNK) as usize].to_vec(),
            deeds: self.deeds[..deeds].to_vec(),
            last: step,
        }
    }

    /// The steps of a chunk, where they are kept.
    fn chunk(&self, index: u64) -> Option<&[Event]> {
        if index == self.last / Self::CHUNK {
            return Some(&self.tail);
        }
        let at = self.full.binary_search_by_key(&index, |chunk| chunk.index);
        Some(&self.full[at.ok()?].events)
    }

    /// What clients told in a chunk, where it is kept.
    fn told_in(&self, index: u64) -> Option<&[Told]> {
        if index == self.last / Self::CHUNK {
            return Some(&self.tail_told);
        }
        let at = self.full.binary_search_by_key(&index, |chunk| chunk.index);
        Some(&self.full[at.ok()?].told)
    }

    /// What clients told after a step, in order; `None` stands for what is not kept.
    pub fn told_after(&self, step: u64) -> impl Iterator<Item = Option<&[Told]>> {
        let chunks = step / Self::CHUNK..=self.last / Self::CHUNK;
        chunks.map(move |index| {
            let told = self.told_in(index)?;
            Some(&told[told.partition_point(|told| told.step <= step)..])
        })
    }

    /// A step, where it is kept.
    #[must_use]
    pub fn event(&self, step: u64) -> Option<&Event> {
        let at = step.checked_sub(1)? % Self::CHUNK;
        self.chunk(Self::index(step))?.get(at as usize)
    }

    /// Every kept chunk, in order, with the number of its first step.
    fn chunks(&self) -> impl Iterator<Item = (u64, Time, &[Event])> {
        let full = self.full.iter();
        let full = full.map(|chunk| (chunk.index, chunk.earliest, &*chunk.events));
        let tail = (self.last / Self::CHUNK, Time(0), &self.tail[..]);
        full.chain([tail])
            .map(|(index, earliest, events)| (index * Self::CHUNK + 1, earliest, events))
    }

    /// The kept steps that lie in a stretch of time or reach into it (a message that was sent
    /// before its end), up to the step `until`.
    pub fn between(&self, from: Time, to: Time, until: u64) -> impl Iterator<Item = (u64, &Event)> {
        let chunks = self.chunks().filter(move |(first, earliest, events)| {
            let late = events.last().is_some_and(|event| event.time >= from);
            late && *earliest <= to && *first <= until
        });
        chunks.flat_map(move |(first, _, events)| {
            let skip = events.partition_point(|event| event.time < from);
            let numbered = (first..).zip(events).skip(skip);
            numbered.filter(move |(step, event)| event.since <= to && *step <= until)
        })
    }

    /// How many chunks a stretch of time has, and one of them that is not kept.
    #[must_use]
    pub fn missing(&self, from: Time, to: Time, until: u64) -> (usize, Option<u64>) {
        let first = self.starts.partition_point(|start| *start <= from);
        let first = first.saturating_sub(1) as u64;
        let after = self.starts.partition_point(|start| *start <= to) as u64;
        let after = after.min(Self::index(until) + 1);
        let gone = (first..after).rev().find(|i| self.chunk(*i).is_none());
        (after.saturating_sub(first) as usize, gone)
    }

    /// From when to when steps are not kept, within a stretch of time.
    #[must_use]
    pub fn forgotten(&self, from: Time, to: Time, until: u64) -> Vec<(Time, Time)> {
        let mut gaps = Vec::new();
        let end = |i: usize| self.starts.get(i + 1).copied().unwrap_or(to);
        for (i, start) in self.starts.iter().enumerate() {
            let there = i as u64 * Self::CHUNK < until && *start <= to && end(i) >= from;
            if there && self.chunk(i as u64).is_none() {
                gaps.push((*start, end(i)));
            }
        }
        gaps
    }

    /// In which step a message arrived or was lost, up to the step `until`.
    #[must_use]
    pub fn end_of(&self, message: MessageName, until: u64) -> Option<u64> {
        let mut steps = self.chunks().flat_map(|(first, _, e)| (first..).zip(e));
        let found = steps.find(|(_, event)| event.message() == Some(message));
        found.map(|(step, _)| step).filter(|step| *step <= until)
    }
}
