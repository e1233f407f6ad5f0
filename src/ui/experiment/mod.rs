//! The page of experiments: it shares the runs of a plan out among workers, as the search does, and draws what
//! comes back. What a run is and measures is `lab::experiment`'s.

mod chart;
mod export;
mod form;
mod laboratory;
mod page;
mod runs;

use super::model::Subject;

pub(super) use laboratory::{Laboratory, Phase, Progress};
pub(super) use page::{PageProps, page};

/// What a person wants of an experiment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Try {
    /// Measure this plan, as [`crate::lab::experiment::Plan::print`] writes it.
    Begin(String),
    /// Stop.
    Stop,
    /// Go on where it stopped.
    GoOn,
    /// Show a run of it: its story, and what it is an example of, which the stage does not say.
    Open(String, Subject),
}
