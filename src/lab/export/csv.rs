//! Counters over time: a row for every tenth of a second in which something happened.

use crate::engine::{NodeId, Outcome, Report, Span, Time};
use crate::lab::names::Names;
use crate::sim::{Action, Happened, Record};
use std::collections::BTreeMap;
use std::fmt::Write;

/// How much virtual time a row stands for.
const EVERY: Span = Span::ms(100);

/// The columns after the messages.
const REQUESTS: [&str; 5] = [
    "requests_open",
    "requests_done_total",
    "requests_unknown_total",
    "latency_mean_ms",
    "latency_max_ms",
];

/// What was counted up to now.
pub(super) struct Counts {
    /// Sent, delivered, dropped, for each kind of message.
    messages: Vec<[u64; 3]>,
    events: u64,
    /// The requests that no answer came to yet, by client and number, with their moments.
    open: BTreeMap<(NodeId, u64), Time>,
    done: u64,
    unknown: u64,
    /// Of the requests that were answered in this row: how many, and how long they took.
    answered: u64,
    took: Span,
    longest: Span,
    /// The end of the row under way.
    row_ends: Option<Time>,
}

pub(super) fn head(to: &mut String, names: &Names) {
    to.push_str("time_s,events_total");
    for kind in names.lab.info().message_kinds {
        for what in ["sent", "delivered", "dropped"] {
            let _ = write!(to, ",{kind}_{what}_total");
        }
    }
    for column in REQUESTS {
        to.push(',');
        to.push_str(column);
    }
    to.push_str("\r\n");
}

impl Counts {
    pub(super) fn new(names: &Names) -> Self {
        Counts {
            messages: vec![[0; 3]; names.lab.info().message_kinds.len()],
            events: 0,
            open: BTreeMap::new(),
            done: 0,
            unknown: 0,
            answered: 0,
            took: Span(0),
            longest: Span(0),
            row_ends: None,
        }
    }

    pub(super) fn event(&mut self, to: &mut String, record: &Record) {
        if self.row_ends.is_none_or(|end| record.time >= end) {
            self.row(to);
            let rows = record.time.0 / EVERY.0;
            self.row_ends = Some(Time(rows.saturating_add(1).saturating_mul(EVERY.0)));
        }
        self.events += 1;
        for sent in &record.sent {
            self.message(sent.name.kind, 0);
        }
        match &record.what {
            Happened::Delivered(letter) => self.message(letter.name.kind, 1),
            Happened::Lost(letter, _) => self.message(letter.name.kind, 2),
            Happened::Commanded(action, None) | Happened::Struck(action, None) => {
                if let Action::Kill(node) | Action::Wipe(node) = **action {
                    self.forget(node);
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
        for (report, client) in record.reports.iter().zip(std::iter::repeat(client)) {
            self.report(report, client.unwrap_or(NodeId(0)), record.time);
        }
    }

    fn message(&mut self, kind: u8, what: usize) {
        if let Some(counts) = self.messages.get_mut(usize::from(kind)) {
            counts[what] += 1;
        }
    }

    /// A client that crashed never learns what came of its requests.
    fn forget(&mut self, client: NodeId) {
        let before = self.open.len();
        self.open.retain(|(node, _), _| *node != client);
        self.unknown += (before - self.open.len()) as u64;
    }

    fn report(&mut self, report: &Report, client: NodeId, now: Time) {
        match report {
            Report::Invoked { op, .. } => {
                self.open.insert((client, *op), now);
            }
            Report::Returned { op, outcome } => {
                let Some(began) = self.open.remove(&(client, *op)) else {
                    return;
                };
                match outcome {
                    Outcome::Done(_) | Outcome::Refused => {
                        let took = now - began;
                        self.done += 1;
                        self.answered += 1;
                        self.took = Span(self.took.0.saturating_add(took.0));
                        self.longest = self.longest.max(took);
                    }
                    Outcome::Unknown => self.unknown += 1,
                }
            }
        }
    }

    /// Writes the row under way, if there is one.
    pub(super) fn row(&mut self, to: &mut String) {
        let Some(end) = self.row_ends.take() else {
            return;
        };
        let _ = write!(to, "{end},{}", self.events);
        for count in self.messages.iter().flatten() {
            let _ = write!(to, ",{count}");
        }
        let _ = write!(to, ",{},{},{}", self.open.len(), self.done, self.unknown);
        match self.took.0.checked_div(self.answered) {
            None => to.push_str(",,\r\n"),
            Some(mean) => {
                let (mean, longest) = (milliseconds(Span(mean)), milliseconds(self.longest));
                let _ = write!(to, ",{mean},{longest}\r\n");
            }
        }
        (self.answered, self.took, self.longest) = (0, Span(0), Span(0));
    }
}

fn milliseconds(span: Span) -> String {
    format!("{}.{:03}", span.0 / 1000, span.0 % 1000)
}
