//! What happened in every step of a branch, in 40 bytes each: what a diagram of the whole run
//! needs, where whole records would be too much.
//!
//! A branch's steps never change, so this is a cache: what was forgotten to stay within the bound
//! is replayed when it is looked at ([`super::History::recall`]), exactly.

use crate::engine::{NodeId, Report, Time};
use crate::sim::{Action, FaultKind, Happened, Letter, LossReason, MessageName, Record};
use std::rc::Rc;

/// What happened, without what was in it.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum What {
    /// A node came up for the first time.
    Started,
    /// A message arrived.
    Delivered,
    /// A message did not.
    Lost(LossReason),
    /// A timer ran out.
    Timer,
    /// A write reached the disk.
    Written,
    /// A person or the storm did something that hurts.
    Harmed,
    /// A person or the storm did something else.
    Done,
    /// Nothing came of a command.
    Missed,
}

/// No node: a step that happened to none.
const NOBODY: u16 = u16::MAX;

/// One step.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Event {
    /// When.
    pub time: Time,
    /// When what brought it about was sent; its own time where it is no message.
    pub since: Time,
    /// How many steps before it its cause lies; 0 where nothing in the run caused it.
    back: u32,
    /// How many steps before it its message left.
    left: u32,
    ordinal: u32,
    node: u16,
    peer: u16,
    /// What.
    pub what: What,
    kind: u8,
    copy: u8,
    /// Whether the engine gave a reason.
    pub noted: bool,
}

impl Event {
    fn of(record: &Record) -> Self {
        let mut event = Event {
            time: record.time,
            since: record.time,
            back: match record.cause {
                0 => 0,
                cause => u32::try_from(record.step - cause).unwrap_or(0),
            },
            left: 0,
            ordinal: 0,
            node: record.what.node().map_or(NOBODY, |node| node.0),
            peer: NOBODY,
            what: What::Done,
            kind: 0,
            copy: 0,
            noted: !record.notes.is_empty(),
        };
        event.what = match &record.what {
            Happened::Nothing => What::Missed,
            Happened::Started(_) => What::Started,
            Happened::Delivered(letter) => event.about(record.step, letter, What::Delivered),
            Happened::Lost(letter, why) => event.about(record.step, letter, What::Lost(*why)),
            Happened::TimerFired(..) => What::Timer,
            Happened::Written(..) => What::Written,
            Happened::Commanded(_, Some(_)) | Happened::Struck(_, Some(_)) => What::Missed,
            Happened::Commanded(action, None) | Happened::Struck(action, None) => {
                if harms(action) {
                    What::Harmed
                } else {
                    What::Done
                }
            }
        };
        event
    }

    fn about(&mut self, step: u64, letter: &Letter, what: What) -> What {
        self.left = u32::try_from(step - letter.left_step).unwrap_or(0);
        self.since = letter.sent_at;
        self.peer = letter.name.from.0;
        (self.kind, self.copy) = (letter.name.kind, letter.name.copy);
        self.ordinal = letter.name.ordinal;
        what
    }

    /// Where it happened; of a lost message, the node that it was for.
    #[must_use]
    pub fn node(&self) -> Option<NodeId> {
        (self.node != NOBODY).then_some(NodeId(self.node))
    }

    /// The node in whose order of steps it stands. A loss stands in none: nobody notices it.
    #[must_use]
    pub fn line(&self) -> Option<NodeId> {
        match self.what {
            What::Lost(_) => None,
            What::Started
            | What::Delivered
            | What::Timer
            | What::Written
            | What::Harmed
            | What::Done
            | What::Missed => self.node(),
        }
    }

    /// The message that arrived or was lost.
    #[must_use]
    pub fn message(&self) -> Option<MessageName> {
        (self.peer != NOBODY).then_some(MessageName {
            kind: self.kind,
            from: NodeId(self.peer),
            to: NodeId(self.node),
            ordinal: self.ordinal,
            copy: self.copy,
        })
    }

    /// The step that brought it about, where one did: of a message, that in which it was decided
    /// to send it. It may leave later, with a write ([`Event::left`]).
    #[must_use]
    pub fn cause(&self, step: u64) -> Option<u64> {
        (self.back > 0).then(|| step - u64::from(self.back))
    }

    /// Of a message, the step in which it left its sender: where it was decided to send it, or
    /// where the write was done that it waited for.
    #[must_use]
    pub fn left(&self, step: u64) -> Option<u64> {
        (self.left > 0).then(|| step - u64::from(self.left))
    }
}

fn harms(action: &Action) -> bool {
    matches!(action, Action::Storm(_))
        || action
            .fault()
            .is_some_and(|fault| fault != FaultKind::Restart)
}

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

    /// What happened before a step and what came of it, up to the step `until`, by nothing but
    /// the order at each node and the messages between them.
    #[must_use]
    pub fn cone(&self, step: u64, nodes: usize, until: u64) -> Option<Cone> {
        let event = self.event(step)?;
        let mut cone = Cone {
            step,
            before: vec![0; nodes],
            after: vec![u64::MAX; nodes],
        };
        if let Some(line) = event.line() {
            cone.before[line.index()] = step;
            cone.after[line.index()] = step;
        }
        self.look_back(&mut cone, event);
        for later in step + 1..=until {
            let Some(event) = self.event(later) else {
                break;
            };
            let (Some(line), Some(name)) = (event.line(), event.message()) else {
                continue;
            };
            let sent = event.left(later).unwrap_or(0);
            let after = &mut cone.after;
            if sent >= after[name.from.index()] && later < after[line.index()] {
                after[line.index()] = later;
            }
        }
        Some(cone)
    }

    /// Backwards, so that all that follows from a step is known when it is looked at.
    fn look_back(&self, cone: &mut Cone, event: &Event) {
        let mut step = cone.step;
        let hear = |cone: &mut Cone, event: &Event, step: u64| {
            if let Some(name) = event.message() {
                let heard = &mut cone.before[name.from.index()];
                *heard = event.left(step).unwrap_or(0).max(*heard);
            }
        };
        hear(cone, event, step);
        while step > 1 {
            step -= 1;
            let Some(event) = self.event(step) else {
                break;
            };
            let line = event.line().map_or(0, |node| cone.before[node.index()]);
            if step <= line {
                hear(cone, event, step);
            }
        }
    }
}

/// How a step stands to the one that is asked about.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Relation {
    /// It is the one.
    Same,
    /// It happened before.
    Before,
    /// It happened after, and could not have been the same without it.
    After,
    /// Neither: each could have been without the other.
    Beside,
}

/// The past and the future of a step. Both are closed along each node's order, so that one
/// number a node says all.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cone {
    /// The step.
    pub step: u64,
    /// Of each node, the last step of its past.
    pub before: Vec<u64>,
    /// Of each node, the first step of its future.
    pub after: Vec<u64>,
}

impl Cone {
    /// How a step stands to it.
    #[must_use]
    pub fn relation(&self, step: u64, event: &Event) -> Relation {
        if step == self.step {
            return Relation::Same;
        }
        match (event.line(), event.message()) {
            (Some(line), _) if step <= self.before[line.index()] => Relation::Before,
            (Some(line), _) if step >= self.after[line.index()] => Relation::After,
            // A loss happens to nobody, but it comes of the sending.
            (None, Some(name)) => match event.left(step) {
                Some(sent) if self.leaves_after(name.from, sent) => Relation::After,
                Some(_) | None => Relation::Beside,
            },
            (Some(_) | None, _) => Relation::Beside,
        }
    }

    /// Whether what a node sends in a step comes of it.
    #[must_use]
    pub fn leaves_after(&self, node: NodeId, step: u64) -> bool {
        step >= self.after[node.index()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::MessageName;

    #[test]
    fn an_event_takes_40_bytes() {
        assert_eq!(size_of::<Event>(), 40);
    }

    fn chronicle(steps: u64) -> Chronicle {
        let mut chronicle = Chronicle::default();
        for step in 1..=steps {
            chronicle.note(&started(step, 0));
        }
        chronicle
    }

    fn started(step: u64, node: u16) -> Record {
        Record {
            step,
            time: Time(step * 10),
            what: Happened::Started(NodeId(node)),
            ..Record::default()
        }
    }

    #[test]
    fn it_is_bounded_and_forgets_the_oldest() {
        let steps = Chronicle::CHUNK * (Chronicle::MOST_CHUNKS as u64 + 3) + 5;
        let kept = chronicle(steps);
        assert_eq!(kept.full.len(), Chronicle::MOST_CHUNKS);
        assert!(kept.event(1).is_none() && kept.event(steps).is_some());
        let (most, gone) = kept.missing(Time(0), Time(u64::MAX), steps);
        assert_eq!((most, gone), (Chronicle::MOST_CHUNKS + 4, Some(2)));
        assert_eq!(kept.forgotten(Time(0), Time(u64::MAX), steps).len(), 3);
    }

    #[test]
    fn what_is_restored_pushes_out_what_is_farthest_from_it() {
        let steps = Chronicle::CHUNK * (Chronicle::MOST_CHUNKS as u64 + 3);
        let mut kept = chronicle(steps);
        let events = (1..=Chronicle::CHUNK).map(|step| Event::of(&started(step, 0)));
        kept.restore(0, &events.collect::<Vec<_>>(), &[]);
        assert!(kept.event(1).is_some());
        assert!(kept.event(steps).is_none(), "the farthest one");
        assert_eq!(kept.full.len(), Chronicle::MOST_CHUNKS);
        kept.note(&started(steps + 1, 0));
        assert!(
            kept.event(steps + 1).is_some(),
            "what goes on is noted all the same"
        );
    }

    #[test]
    fn a_prefix_goes_on_by_itself() {
        let whole = chronicle(5000);
        for step in [0, 1, 2047, 2048, 2049, 4096, 5000] {
            let mut part = whole.until(step);
            assert_eq!(part.last(), step);
            for step in step + 1..=5000 {
                part.note(&started(step, 0));
            }
            let all = |of: &Chronicle| -> Vec<(u64, Event)> {
                let all = of.between(Time(0), Time(u64::MAX), u64::MAX);
                all.map(|(step, event)| (step, *event)).collect()
            };
            assert_eq!(all(&part).len(), 5000);
            assert_eq!(all(&part), all(&whole));
            assert_eq!(part.starts, whole.starts);
        }
    }

    /// `n0` sends in step 1, `n1` hears of it in step 3 and sends, `n2` hears of that in step 6;
    /// what else happens has nothing to do with it.
    fn relay() -> Chronicle {
        let event = |what, node, peer, back| Event {
            time: Time(0),
            since: Time(0),
            back,
            left: back,
            ordinal: 1,
            node,
            peer,
            what,
            kind: 0,
            copy: 0,
            noted: false,
        };
        let tail = vec![
            event(What::Timer, 0, NOBODY, 0),
            event(What::Timer, 2, NOBODY, 0),
            event(What::Delivered, 1, 0, 2),
            event(What::Timer, 0, NOBODY, 0),
            event(What::Lost(LossReason::Loss), 3, 1, 2),
            event(What::Delivered, 2, 1, 3),
            event(What::Timer, 1, NOBODY, 0),
        ];
        Chronicle {
            last: tail.len() as u64,
            tail,
            starts: vec![Time(0)],
            ..Chronicle::default()
        }
    }

    fn relations(step: u64) -> Vec<Relation> {
        let chronicle = relay();
        let cone = chronicle.cone(step, 4, 7).expect("it is kept");
        let all = chronicle.between(Time(0), Time(0), 7);
        all.map(|(step, event)| cone.relation(step, event))
            .collect()
    }

    #[test]
    fn past_and_future_follow_messages_and_the_order_at_each_node() {
        use Relation::{After, Before, Beside, Same};
        assert_eq!(
            relations(3),
            [Before, Beside, Same, Beside, After, After, After]
        );
        assert_eq!(
            relations(6),
            [Before, Before, Before, Beside, Beside, Same, Beside]
        );
        assert_eq!(
            relations(1),
            [Same, Beside, After, After, After, After, After]
        );
    }

    #[test]
    fn a_loss_has_a_past_and_no_future() {
        use Relation::{Before, Beside, Same};
        assert_eq!(
            relations(5),
            [Before, Beside, Before, Beside, Same, Beside, Beside]
        );
    }

    #[test]
    fn a_message_is_found_by_what_came_of_it() {
        let name = MessageName {
            kind: 0,
            from: NodeId(1),
            to: NodeId(3),
            ordinal: 1,
            copy: 0,
        };
        assert_eq!(relay().end_of(name, 7), Some(5));
        assert_eq!(relay().end_of(name, 4), None, "that is still to come");
    }
}
