//! Shares that a lab has counted in a run, to be set beside what a formula or a text says they are.

use crate::engine::NoteKey;

/// A chart of a lab's own. Its title is the phrase `share.<id>` of the lab's locale file, what its
/// numbers are `share.<id>.unit`.
#[derive(Clone, PartialEq, Debug)]
pub struct ShareChart {
    /// Stable id.
    pub id: &'static str,
    /// What is counted.
    pub lines: Vec<ShareLine>,
    /// What it is set beside.
    pub references: Vec<Reference>,
}

/// How many of some notes are of certain kinds, from the beginning of the run. Its name is the phrase
/// `share.<chart>.<id>`.
#[derive(Clone, PartialEq, Debug)]
pub struct ShareLine {
    /// Stable id.
    pub id: &'static str,
    /// These are counted,
    pub of: Vec<NoteKey>,
    /// among these.
    pub among: Vec<NoteKey>,
}

/// A number that does not come from the run. Its name is the phrase `reference.<chart>.<id>`.
#[derive(Clone, PartialEq, Debug)]
pub struct Reference {
    /// Stable id.
    pub id: &'static str,
    /// The number, from 0 to 1.
    pub value: f64,
    /// How it is come by: what stands inside a `math` element of MathML.
    pub formula: String,
}
