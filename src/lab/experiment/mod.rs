//! An experiment: many runs over a range of parameters, what is measured in each, and what theory
//! says it should come to.
//!
//! A run is a function of the parameters and a seed, so that it can be made anew alone, on any
//! thread, natively or in a page, and be opened in the player.

mod plan;
mod range;
mod servant;
pub mod stats;
mod table;

pub use plan::{Axis, MOST_POINTS, MOST_RUNS, Misfit, Plan};
pub use servant::{Measurer, read_answer, write_order};
pub use table::{Summary, Table, cell, csv_head, csv_line, number};

use super::params::{ParamSpec, Params};
use super::parse::Complaint;

/// The stable facts about an experiment. In the lab's locale files its title is the phrase
/// `experiment.<id>`, what it asks `experiment.<id>.question`, and the help of a parameter that
/// is not one of the lab's own `experiment.<id>.param.<name>`.
#[derive(Debug)]
pub struct ExperimentSpec {
    /// Stable id.
    pub id: &'static str,
    /// What can be set and varied. A parameter with the name of one of the lab's means the same.
    pub params: &'static [ParamSpec],
    /// What is varied where nobody sets that parameter or varies another: its name and its values, as
    /// `--set` takes them: `50ms..500ms/10` (ten values, both ends among them) or `1,2,3`.
    pub varies: (&'static str, &'static str),
    /// What is measured in each run.
    pub columns: &'static [Column],
    /// How many seeds each point gets where nobody says otherwise.
    pub seeds: u64,
}

/// One measured value. Its name on the screen is the phrase `experiment.<id>.<column>`.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Column {
    /// Its name in tables, the unit last where it has one: `elected_us`.
    pub name: &'static str,
    /// What of a point's runs is drawn.
    pub shown: Shown,
}

/// What of the runs of one point is drawn, beside their spread.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    /// Their mean.
    Mean,
    /// Their median.
    Median,
    /// The share of runs in which it is 1, where it is 0 or 1.
    Share,
}

/// What theory, or a paper's own measurement, says of a column at one point. Its name is the phrase
/// `experiment.<id>.theory.<theory>`.
#[derive(Clone, Debug, PartialEq)]
pub struct Theory {
    /// Stable id.
    pub id: &'static str,
    /// The column, by its place.
    pub column: usize,
    /// The number, in the unit of the column; `None` where it says nothing at this point.
    pub value: Option<f64>,
    /// How it is come by: what stands inside a `math` element of MathML, the same at all points. `None` where a paper
    /// measured the number, under just the parameters of this point.
    pub formula: Option<String>,
}

/// An experiment that a lab declares (`Lab::experiments`).
pub trait Experiment: Sync {
    /// The stable facts.
    fn spec(&self) -> &'static ExperimentSpec;

    /// The parameters that have a column in the table of runs even where they have one value only.
    fn always(&self) -> &'static [&'static str] {
        &[]
    }

    /// The columns, by their places, that say the same of one thing and another, and so are drawn in one chart. Their
    /// common name is the phrase `experiment.<id>.together`, and in the legend each has `experiment.<id>.<column>.short`,
    /// or else its own name.
    fn together(&self) -> &'static [usize] {
        &[]
    }

    /// What the values of a parameter are called, from 1 on, where they are names of things and not amounts: nothing lies
    /// between two of them. Empty for all others.
    fn named(&self, _param: &str) -> &'static [&'static str] {
        &[]
    }

    /// Whether these parameters go together (more alive nodes than nodes do not).
    ///
    /// # Errors
    /// The sentence that says what does not, with its bound.
    fn check(&self, params: &Params) -> Result<(), Complaint>;

    /// Measures one run. One value for each column; `None` where the run did not come to it within its
    /// bounds. It ends: a run has a most number of steps. The parameters are ones that `check` lets through.
    fn measure(&self, params: &Params, seed: u64) -> Vec<Option<f64>>;

    /// Whether each column is measured in a run of its own, as each policy of a cache is, and not all in the same run.
    fn apart(&self) -> bool {
        false
    }

    /// The run that this column was measured in, as a story, to be opened in the player. `None` where nothing runs.
    fn story(&self, params: &Params, seed: u64, column: usize) -> Option<String>;

    /// What it should come to.
    fn theory(&self, params: &Params) -> Vec<Theory>;
}
