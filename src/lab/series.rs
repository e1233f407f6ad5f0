//! Counters over time: messages by kind, requests and how long they took. For the charts of a
//! page, and for the CSV.

use super::gauge::Readings;
use super::open::OpenCalls;
use super::quantile::Histogram;
use crate::engine::{NodeId, NoteKey, Outcome, Report, Span, Time};
use crate::sim::{Action, Happened, Record};
use std::rc::Rc;

/// What was counted in a stretch of time.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Counts {
    /// Events of any kind.
    pub events: u64,
    /// Messages sent, delivered and dropped, for each kind.
    pub messages: Vec<[u64; 3]>,
    /// How often each reason was given, by its place in the lab's list.
    pub notes: Vec<u64>,
    /// Requests that were answered, be it with a refusal.
    pub answered: u64,
    /// Requests that nobody knows the outcome of.
    pub unknown: u64,
    /// How long the answered ones took, all together.
    pub took: Span,
    /// How long the longest one took.
    pub longest: Span,
    /// How long each of them took.
    pub times: Histogram,
}

impl Counts {
    /// The mean time to an answer, where there was one.
    #[must_use]
    pub fn mean(&self) -> Option<Span> {
        self.took.0.checked_div(self.answered).map(Span)
    }

    /// Adds what was counted in another stretch.
    pub fn add(&mut self, other: &Counts) {
        self.events += other.events;
        if self.messages.len() < other.messages.len() {
            self.messages.resize(other.messages.len(), [0; 3]);
        }
        for (mine, theirs) in self.messages.iter_mut().zip(&other.messages) {
            mine.iter_mut().zip(theirs).for_each(|(a, b)| *a += b);
        }
        if self.notes.len() < other.notes.len() {
            self.notes.resize(other.notes.len(), 0);
        }
        let notes = self.notes.iter_mut().zip(&other.notes);
        notes.for_each(|(mine, theirs)| *mine += theirs);
        self.answered += other.answered;
        self.unknown += other.unknown;
        self.took = Span(self.took.0.saturating_add(other.took.0));
        self.longest = self.longest.max(other.longest);
        self.times.add(&other.times);
    }

    fn reason(&mut self, key: NoteKey) {
        let place = usize::from(key.0);
        if self.notes.len() <= place {
            self.notes.resize(place + 1, 0);
        }
        self.notes[place] += 1;
    }

    /// How many reasons of these kinds were given.
    #[must_use]
    pub fn reasons(&self, keys: &[NoteKey]) -> u64 {
        let of = |key: &NoteKey| self.notes.get(usize::from(key.0)).copied();
        keys.iter().filter_map(of).sum()
    }

    fn message(&mut self, kind: u8, what: usize) {
        let kind = usize::from(kind);
        if self.messages.len() <= kind {
            self.messages.resize(kind + 1, [0; 3]);
        }
        self.messages[kind][what] += 1;
    }
}

/// Counts, and remembers which requests are open.
#[derive(Clone, Default)]
pub struct Meter {
    open: OpenCalls,
}

impl Meter {
    /// How many requests are open.
    #[must_use]
    pub fn open(&self) -> usize {
        self.open.len()
    }

    /// Counts one step.
    pub fn note(&mut self, record: &Record, to: &mut Counts) {
        to.events += 1;
        for sent in &record.sent {
            to.message(sent.name.kind, 0);
        }
        for note in &record.notes {
            to.reason(note.key);
        }
        match &record.what {
            Happened::Delivered(letter) => to.message(letter.name.kind, 1),
            Happened::Lost(letter, _) => to.message(letter.name.kind, 2),
            Happened::Commanded(action, None) | Happened::Struck(action, None) => {
                // A client that crashed never learns what came of its requests.
                if let Action::Kill(node) | Action::Wipe(node) = **action {
                    to.unknown += self.open.forget(node) as u64;
                }
            }
            Happened::Nothing
            | Happened::Started(_)
            | Happened::TimerFired(..)
            | Happened::Written(..)
            | Happened::Commanded(_, Some(_))
            | Happened::Struck(_, Some(_)) => {}
        }
        let client = record.what.node().or(record.touched.first().copied());
        for report in &record.reports {
            self.report(report, client.unwrap_or(NodeId(0)), record.time, to);
        }
    }

    fn report(&mut self, report: &Report, client: NodeId, now: Time, to: &mut Counts) {
        match report {
            Report::Invoked { op, .. } => {
                self.open.begin(client, *op, now);
            }
            Report::Returned { op, outcome } => {
                let Some(began) = self.open.end(client, *op) else {
                    return;
                };
                match outcome {
                    Outcome::Done(_) | Outcome::Refused => {
                        let took = now - began;
                        to.answered += 1;
                        to.took = Span(to.took.0.saturating_add(took.0));
                        to.longest = to.longest.max(took);
                        to.times.note(took);
                    }
                    Outcome::Unknown => to.unknown += 1,
                }
            }
        }
    }
}

/// One stretch of time in which something happened.
#[derive(Clone)]
pub struct Bucket {
    /// When it begins; it is as long as [`Series::width`].
    pub from: Time,
    /// What was counted in it.
    pub counts: Counts,
    /// How many requests were open when it ended.
    pub open: usize,
    /// What the lab read after its first step.
    pub readings: Readings,
    /// Its first step.
    first: u64,
    /// What was open when it began, in some of the buckets: see [`Series::MOST_HELD`].
    before: Option<Rc<Meter>>,
}

/// The counters of a whole branch. However long it gets, there are at most [`Series::MOST`]
/// buckets: then two become one, and each is twice as long.
#[derive(Clone)]
pub struct Series {
    width: Span,
    buckets: Vec<Bucket>,
    meter: Meter,
    last: u64,
    /// How many open requests the buckets remember, all together.
    held: usize,
}

impl Default for Series {
    fn default() -> Self {
        Series {
            width: Span::ms(100),
            buckets: Vec::new(),
            meter: Meter::default(),
            last: 0,
            held: 0,
        }
    }
}

impl Series {
    /// The most buckets.
    pub const MOST: usize = 400;
    /// The most open requests that buckets remember, a few megabytes. Where thousands are open all the time, only some
    /// buckets do, and to count anew from within one of the others begins further back.
    const MOST_HELD: usize = 100_000;

    /// How long a bucket is.
    #[must_use]
    pub fn width(&self) -> Span {
        self.width
    }

    /// The buckets in which something happened, in order.
    #[must_use]
    pub fn buckets(&self) -> &[Bucket] {
        &self.buckets
    }

    /// The last step that was counted.
    #[must_use]
    pub fn last(&self) -> u64 {
        self.last
    }

    /// Counts the step after the last one; a step that was counted before is no other now. `read` reads
    /// the world after it, which is asked where a bucket begins.
    pub fn note(&mut self, record: &Record, read: &mut dyn FnMut() -> Readings) {
        if record.step != self.last + 1 {
            return;
        }
        self.last = record.step;
        let from = self.begin_of(record.time);
        if self.buckets.last().is_none_or(|bucket| bucket.from < from) {
            if self.buckets.len() == Self::MOST {
                self.widen();
            }
            let from = self.begin_of(record.time);
            if self.buckets.last().is_none_or(|bucket| bucket.from < from) {
                let readings = read();
                self.push(from, record.step, readings);
            }
        }
        if let Some(bucket) = self.buckets.last_mut() {
            self.meter.note(record, &mut bucket.counts);
            bucket.open = self.meter.open();
        }
    }

    /// The series as it was before the bucket that holds this step: what comes is counted anew.
    #[must_use]
    pub fn before(&self, step: u64) -> Series {
        let end = self.buckets.partition_point(|bucket| bucket.first <= step);
        let remembers = |bucket: &Bucket| bucket.before.is_some();
        let at = self.buckets[..end].iter().rposition(remembers);
        let Some((at, before)) = at.and_then(|at| Some((at, self.buckets[at].before.as_ref()?)))
        else {
            return Series::default();
        };
        let mut series = Series {
            width: self.width,
            meter: Meter::clone(before),
            last: self.buckets[at].first - 1,
            buckets: self.buckets[..at].to_vec(),
            held: 0,
        };
        series.held = series.count_held();
        series
    }

    fn push(&mut self, from: Time, first: u64, readings: Readings) {
        self.held += self.meter.open();
        self.buckets.push(Bucket {
            from,
            counts: Counts::default(),
            open: 0,
            readings,
            first,
            before: Some(Rc::new(self.meter.clone())),
        });
        if self.held > Self::MOST_HELD {
            // Every second one of those that remember forgets.
            let mut forgets = false;
            for bucket in self
                .buckets
                .iter_mut()
                .filter(|bucket| bucket.before.is_some())
            {
                if forgets {
                    bucket.before = None;
                }
                forgets = !forgets;
            }
            self.held = self.count_held();
        }
    }

    fn count_held(&self) -> usize {
        let held = self
            .buckets
            .iter()
            .filter_map(|bucket| bucket.before.as_ref());
        held.map(|meter| meter.open()).sum()
    }

    fn begin_of(&self, time: Time) -> Time {
        Time(time.0 / self.width.0 * self.width.0)
    }

    fn widen(&mut self) {
        self.width = Span(self.width.0 * 2);
        let width = self.width.0;
        let mut wide: Vec<Bucket> = Vec::with_capacity(Self::MOST);
        for mut bucket in self.buckets.drain(..) {
            bucket.from = Time(bucket.from.0 / width * width);
            match wide.last_mut() {
                Some(last) if last.from == bucket.from => {
                    last.counts.add(&bucket.counts);
                    last.open = bucket.open;
                    last.readings = bucket.readings;
                }
                _ => wide.push(bucket),
            }
        }
        self.buckets = wide;
        self.held = self.count_held();
    }
}
