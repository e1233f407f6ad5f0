//! An experiment over a world: commands and their text, the history with its branches, the
//! checks, and stories. It knows no protocol and no screen.

mod check;
mod chronicle;
mod command;
pub mod commit;
pub mod contest;
mod cursor;
mod differ;
pub mod exhaust;
pub mod experiment;
mod export;
mod gauge;
mod history;
pub mod lesson;
pub mod linear;
mod link;
pub mod locks;
mod names;
mod open;
mod pack;
mod params;
mod parse;
mod quantile;
mod run;
pub mod search;
mod series;
pub mod sessions;
mod share;
mod spec;
pub mod store;
mod story;
mod token;
mod trace;
mod words;

pub use check::{CheckSpec, Checker, Mode, Verdict, Verdicts};
pub use chronicle::{Chronicle, Cone, Deed, Event, Relation, Told, What};
pub use command::{Command, Expect, Until};
pub use cursor::{Cursor, Parting, last_change, parting};
pub use differ::{Contrast, Part, contrasts};
pub use experiment::{Column, Experiment, ExperimentSpec, Shown, Theory};
pub use export::{Exporter, Format, export, export_branch, miss_id, retrace, too_long};
pub use gauge::{GaugeChart, Readings};
pub use history::{Branch, BranchId, Entry, History, Logged};
pub use link::Link;
pub use names::Names;
pub use open::OpenCalls;
pub use pack::{PackError, pack, unpack};
pub use params::{ParamKind, ParamSpec, Params, Value};
pub use parse::{Complaint, parse_duration, parse_ratio};
pub use quantile::Histogram;
pub use run::{Position, Run};
pub use series::{Bucket, Counts, Meter, Series};
pub use share::{Reference, ShareChart, ShareLine};
pub use spec::{
    Asynchrony, Card, Lab, LabInfo, LessonFile, Moment, RuleSpec, Setup, SmallWorld, StoryFile,
    VerbSpec,
};
pub use story::{Line, Outcome, Player, Story, StoryError};
pub use trace::{
    event_line, fact_text, happened_phrase, happened_text, miss_phrase, note_text, trace_head,
};
pub use words::{Dictionary, Lang, Phrase};
