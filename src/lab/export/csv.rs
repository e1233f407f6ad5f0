//! Counters over time: a row for every tenth of a second in which something happened.

use crate::engine::{Span, Time};
use crate::lab::gauge::{GaugeChart, Readings};
use crate::lab::names::Names;
use crate::lab::series::{Counts, Meter};
use crate::lab::words::Phrase;
use crate::sim::Record;
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
pub(super) struct Rows {
    meter: Meter,
    /// Up to the beginning of the row under way.
    total: Counts,
    /// In the row under way.
    row: Counts,
    /// The end of the row under way.
    row_ends: Option<Time>,
    /// What the lab draws over time, where the worlds are shown, too.
    gauges: Vec<GaugeChart>,
    /// What it read at the beginning of the row under way; nothing where that is still to be done.
    read: Option<Readings>,
}

/// The name of a line of a gauge: `queues_server_1`.
fn column(gauge: &GaugeChart, line: &Phrase) -> String {
    let key = line.key.rsplit('.').next().unwrap_or_default();
    let args = line.args.iter().map(|(_, value)| value.as_str());
    let parts: Vec<&str> = [gauge.id, key].into_iter().chain(args).collect();
    parts.join("_").replace('-', "_")
}

pub(super) fn head(to: &mut String, names: &Names, rows: &Rows) {
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
    for gauge in &rows.gauges {
        for line in &gauge.lines {
            let _ = write!(to, ",{}", column(gauge, line));
        }
    }
    to.push_str("\r\n");
}

impl Rows {
    pub(super) fn new(names: &Names) -> Self {
        let kinds = names.lab.info().message_kinds.len();
        Rows {
            meter: Meter::default(),
            total: Counts {
                messages: vec![[0; 3]; kinds],
                ..Counts::default()
            },
            row: Counts::default(),
            row_ends: None,
            gauges: Vec::new(),
            read: None,
        }
    }

    /// There are columns for these, too, which [`Rows::read`] fills.
    pub(super) fn gauge(&mut self, gauges: Vec<GaugeChart>) {
        self.gauges = gauges;
    }

    /// The world after a step that was shown. The lab is asked once a row.
    pub(super) fn read(&mut self, read: impl FnOnce() -> Readings) {
        if !self.gauges.is_empty() && self.read.is_none() {
            self.read = Some(read());
        }
    }

    pub(super) fn event(&mut self, to: &mut String, record: &Record) {
        if self.row_ends.is_none_or(|end| record.time >= end) {
            self.row(to);
            let rows = record.time.0 / EVERY.0;
            self.row_ends = Some(Time(rows.saturating_add(1).saturating_mul(EVERY.0)));
        }
        self.meter.note(record, &mut self.row);
    }

    /// Writes the row under way, if there is one.
    pub(super) fn row(&mut self, to: &mut String) {
        let Some(end) = self.row_ends.take() else {
            return;
        };
        let row = std::mem::take(&mut self.row);
        self.total.add(&row);
        let total = &self.total;
        let _ = write!(to, "{end},{}", total.events);
        for count in total.messages.iter().flatten() {
            let _ = write!(to, ",{count}");
        }
        let open = self.meter.open();
        let _ = write!(to, ",{open},{},{}", total.answered, total.unknown);
        match row.mean() {
            None => to.push_str(",,"),
            Some(mean) => {
                let (mean, longest) = (milliseconds(mean), milliseconds(row.longest));
                let _ = write!(to, ",{mean},{longest}");
            }
        }
        let read = self.read.take().unwrap_or_default();
        let parts = self.gauges.iter();
        let parts = parts.flat_map(|gauge| gauge.lines.iter().map(|_| gauge.parts));
        for (line, parts) in parts.enumerate() {
            to.push(',');
            if let Some(value) = read.get(line).copied().flatten() {
                let _ = write!(to, "{}", f64::from(value) / f64::from(parts));
            }
        }
        to.push_str("\r\n");
    }
}

fn milliseconds(span: Span) -> String {
    format!("{}.{:03}", span.0 / 1000, span.0 % 1000)
}
