//! The kinds of panels. A lab fills them; a new kind is a change of its own.

use super::scene::{Shape, Tone};
use crate::engine::{NodeId, Time};
use crate::lab::Phrase;

/// One panel. Its title is the phrase `panel.<id>` of the lab's locale file.
#[derive(Clone, PartialEq, Debug)]
pub enum Panel {
    /// Rows of coloured cells: logs, slots, queues.
    Grid {
        /// Stable id.
        id: &'static str,
        /// Over the columns.
        columns: Vec<String>,
        /// The rows.
        rows: Vec<GridRow>,
        /// What the signs mean.
        caption: Phrase,
    },
    /// Who has said yes to whom.
    Tally {
        /// Stable id.
        id: &'static str,
        /// One row a candidate.
        rows: Vec<TallyRow>,
        /// What it shows, or that there is nothing to show.
        caption: Phrase,
    },
    /// Plain rows and columns.
    Table(Table),
    /// Numbers as lengths, each beside the others.
    Bars(Bars),
    /// Stretches of time round the moment that is now, each by a clock of its own: leases, sessions.
    Spans {
        /// Stable id.
        id: &'static str,
        /// One row a stretch.
        rows: Vec<SpanRow>,
        /// What it shows, or that there is nothing to show.
        caption: Phrase,
    },
    /// Numbered things that come to a gate, which lets nothing lower pass than the highest it saw.
    Gauge(Gauge),
}

impl Panel {
    /// The stable id.
    #[must_use]
    pub fn id(&self) -> &'static str {
        match self {
            Panel::Grid { id, .. } | Panel::Tally { id, .. } | Panel::Spans { id, .. } => id,
            Panel::Table(table) => table.id,
            Panel::Bars(bars) => bars.id,
            Panel::Gauge(gauge) => gauge.id,
        }
    }
}

/// One row of a grid.
#[derive(Clone, PartialEq, Debug)]
pub struct GridRow {
    /// The node it is about.
    pub node: NodeId,
    /// Its name.
    pub head: String,
    /// The sign of its role.
    pub shape: Shape,
    /// The colour of its role.
    pub tone: Tone,
    /// Whether it is down or paused.
    pub faint: bool,
    /// Its cells.
    pub cells: Vec<GridCell>,
}

/// One cell of a grid.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct GridCell {
    /// What stands in it; an empty one is no cell, but may have a mark.
    pub text: String,
    /// A colour by number.
    pub hue: u64,
    /// Settled: solid; dashed otherwise.
    pub solid: bool,
    /// On disk.
    pub durable: bool,
    /// A sign in the corner (`▸` next, `=` match).
    pub mark: &'static str,
    /// What it is in words, for the pointer and the screen reader.
    pub title: Phrase,
}

/// A vote.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Vote {
    /// Given.
    Yes,
    /// Refused.
    No,
    /// Not answered yet.
    Waiting,
}

/// One candidate and the votes for it.
#[derive(Clone, PartialEq, Debug)]
pub struct TallyRow {
    /// Who wants the votes, and for what: `n4, term 3`.
    pub what: Phrase,
    /// How many are needed.
    pub needed: usize,
    /// The voters.
    pub votes: Vec<(String, Vote)>,
}

/// Plain rows and columns.
#[derive(Clone, PartialEq, Debug)]
pub struct Table {
    /// Stable id.
    pub id: &'static str,
    /// Over the columns.
    pub columns: Vec<Phrase>,
    /// The rows, each with a colour.
    pub rows: Vec<(Tone, Vec<String>)>,
    /// What it shows.
    pub caption: Phrase,
}

/// Numbers as lengths, all on one scale that has zero on it.
#[derive(Clone, PartialEq, Debug)]
pub struct Bars {
    /// Stable id.
    pub id: &'static str,
    /// One row a number.
    pub rows: Vec<BarRow>,
    /// What they say together.
    pub caption: Phrase,
}

/// One number.
#[derive(Clone, PartialEq, Debug)]
pub struct BarRow {
    /// What it counts.
    pub what: Phrase,
    /// The number; it may be below zero.
    pub value: i64,
    /// How much more it may be: nobody knows.
    pub open: u64,
    /// Its colour.
    pub tone: Tone,
}

impl Bars {
    /// The ends of the scale.
    #[must_use]
    pub fn scale(&self) -> (i64, i64) {
        let low = self.rows.iter().map(|row| row.value).min();
        let high = self
            .rows
            .iter()
            .map(|row| row.value.saturating_add_unsigned(row.open))
            .max();
        (low.unwrap_or(0).min(0), high.unwrap_or(0).max(1))
    }
}

/// A stretch of time by somebody's clock: a lease as its holder counts it, a session as its server
/// does.
#[derive(Clone, PartialEq, Debug)]
pub struct SpanRow {
    /// The node it is about.
    pub node: NodeId,
    /// Its name.
    pub head: String,
    /// What it is: `lease`.
    pub what: Phrase,
    /// By whose clock.
    pub clock: String,
    /// Its colour.
    pub tone: Tone,
    /// When it began, by that clock.
    pub from: Time,
    /// When it ends, by that clock; `None`: not by itself.
    pub to: Option<Time>,
    /// What that clock shows now.
    pub now: Time,
    /// Whether it does not count any more, or not yet.
    pub faint: bool,
}

/// What came to a gate that looks at numbers.
#[derive(Clone, PartialEq, Debug)]
pub struct Gauge {
    /// Stable id.
    pub id: &'static str,
    /// The highest number that passed.
    pub highest: u64,
    /// Whether the gate looks at numbers at all.
    pub checked: bool,
    /// What came, oldest first.
    pub arrivals: Vec<GaugeRow>,
    /// What it shows, or that there is nothing to show.
    pub caption: Phrase,
}

/// One thing that came to the gate.
#[derive(Clone, PartialEq, Debug)]
pub struct GaugeRow {
    /// Whose it is.
    pub who: String,
    /// Its number, where it has one.
    pub number: Option<u64>,
    /// Whether it passed.
    pub passed: bool,
    /// Whether it should not have: it was older than what passed before.
    pub wrong: bool,
}
