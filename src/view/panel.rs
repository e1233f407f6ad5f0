//! The kinds of panels. A lab fills them; a new kind is a change of its own.

use super::scene::{Shape, Tone};
use crate::engine::NodeId;
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
}

impl Panel {
    /// The stable id.
    #[must_use]
    pub fn id(&self) -> &'static str {
        match self {
            Panel::Grid { id, .. } | Panel::Tally { id, .. } => id,
            Panel::Table(table) => table.id,
            Panel::Bars(bars) => bars.id,
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
