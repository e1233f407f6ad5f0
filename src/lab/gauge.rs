//! What a lab reads off its world now and then, to be drawn over time: how long its queues are, how busy its servers.

use super::words::Phrase;

/// A picture of lines over time. Its words are `gauge.<id>` and `gauge.<id>.unit`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GaugeChart {
    /// Stable id.
    pub id: &'static str,
    /// The names of its lines.
    pub lines: Vec<Phrase>,
    /// What a reading is divided by to be shown.
    pub parts: u32,
    /// The end of the scale; where it is not given, what the lines need.
    pub most: Option<u32>,
}

/// What was read at one moment: a number for each line of each chart of the lab, in order; `None` where there is
/// nothing to read.
pub type Readings = Vec<Option<u32>>;
