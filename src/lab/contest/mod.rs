//! Protocols side by side: what a unit of work costs each, and what each survives, measured by its engine.
//!
//! A lab says how it is compared ([`Contest`], by [`super::Lab::contest`]); [`costs`] and [`survival`] make the
//! runs; a [`Sheet`] holds what came of them as text, for whoever shows it. There is no clock and no thread here.

mod cost;
mod misfortune;
mod replicated;
mod sheet;
mod survival;
mod trial;

pub use cost::costs;
pub use misfortune::{MISFORTUNES, Misfortune};
pub use replicated::replicated;
pub use sheet::{Cell, Cost, Doubt, Promise, Row, Sheet, Term, tenths};
pub use survival::{RUNS, survival};

use super::params::Params;
use super::parse::Complaint;
use super::spec::{Lab, Setup};
use super::words::{Dictionary, Lang};
use crate::engine::{NodeId, NoteKey, Time};
use crate::sim::{NodeKind, World};

/// How a lab is compared with others. What its unit of work is says the phrase `contest.unit` of its locale
/// file.
#[derive(Copy, Clone, Debug)]
pub struct Contest {
    /// The parameter that says how many servers there are, which is 5 here: `nodes`. `None` where a lab's servers are fixed.
    pub size: Option<&'static str>,
    /// Parameters in which every run is made, by name.
    pub params: &'static [(&'static str, &'static str)],
    /// The variants that stand in rows of their own; at least one.
    pub variants: &'static [Variant],
    /// The timers by which signs of life are sent. What comes of them is no part of a unit of work.
    pub pulses: &'static [&'static str],
    /// Whose misfortune matters most now; who that is says the phrase `contest.charge`. Where clients coordinate what they ask for,
    /// it is the one that asks.
    pub in_charge: fn(&World) -> Option<NodeId>,
    /// The line of a story by which a unit of work is asked for; the number says which one it is, from 0. `None` where
    /// nobody is left who could be asked.
    pub ask: fn(&World, u64) -> Option<String>,
    /// What counts as finished.
    pub finished: Finished,
    /// Where there is one unit in a run, a value to be chosen: whether it is done as far as it ever has to be, though not everybody may
    /// know.
    pub once: Option<fn(&World) -> bool>,
    /// Who waits for a decision that it does not make itself, and since when, of those that run; where such waits are what a lab
    /// is about.
    pub in_doubt: Option<InDoubt>,
}

/// Who is in doubt, and since when.
pub type InDoubt = fn(&World) -> Vec<(NodeId, Time)>;

/// One row.
#[derive(Copy, Clone, Debug)]
pub struct Variant {
    /// Its name, empty where there is but one: `presumed-abort`.
    pub id: &'static str,
    /// Its parameters, by name.
    pub params: &'static [(&'static str, &'static str)],
    /// The safety rules that are off in it, by their ids. Where there are any, nothing is promised.
    pub without: &'static [&'static str],
    /// The checks by which it is judged, by their ids: those that speak of what is seen from outside, and of the same as those
    /// of the other rows of its family. How a protocol keeps them is its own affair.
    pub judged: &'static [&'static str],
    /// The courses of a unit of work whose cost is measured.
    pub cases: &'static [Case],
}

/// A unit of work without a fault that is not part of it. Its name is the phrase `contest.<id>` of the lab's locale file.
#[derive(Copy, Clone, Debug)]
pub struct Case {
    /// Stable id.
    pub id: &'static str,
    /// Its parameters, by name.
    pub params: &'static [(&'static str, &'static str)],
    /// The lines of a story with which it begins. Where there are none, the whole run is it, from its start.
    pub begin: fn(&World) -> Vec<String>,
    /// When it is done; where nothing is named, as soon as one unit more is finished.
    pub until: Option<fn(&World) -> bool>,
    /// What the lab's paper or lecture says of its messages.
    pub formulas: &'static [Formula],
}

impl Case {
    /// One that needs no parameters, and is done when one unit more is finished.
    #[must_use]
    pub const fn new(
        id: &'static str,
        begin: fn(&World) -> Vec<String>,
        formulas: &'static [Formula],
    ) -> Self {
        Case {
            id,
            params: &[],
            begin,
            until: None,
            formulas,
        }
    }
}

/// A formula, and what it counts.
#[derive(Copy, Clone, Debug)]
pub struct Formula {
    /// As one reads it: `3(n - 1)`.
    pub text: &'static str,
    /// What it comes to.
    pub of: fn(u64) -> u64,
    /// What it says something of.
    pub about: About,
    /// Whether it is a bound, not a count.
    pub at_most: bool,
}

/// What a formula counts.
#[derive(Copy, Clone, Debug)]
pub enum About {
    /// The messages that are sent until the unit is done.
    UntilDone,
    /// All messages that come of it.
    InAll,
    /// Those of some kinds.
    Kinds(&'static [&'static str]),
    /// The writes to the disks of servers.
    Writes,
}

/// What counts as a finished unit of work.
#[derive(Copy, Clone, Debug)]
pub enum Finished {
    /// So many, as the world shows it.
    Counted(fn(&World) -> u64),
    /// Each of these notes is one.
    Noted(&'static [NoteKey]),
    /// An election: somebody is elected, or told who is, which its note says first. Who was elected before the misfortune may lead
    /// nobody any more, so that one counts again only when more than half of all follow it.
    Led {
        /// The notes of who is elected.
        elected: &'static [NoteKey],
        /// The notes of who is told, with the leader as their first argument.
        told: &'static [NoteKey],
    },
}

/// How many servers each has, but for labs whose servers are fixed.
pub const SERVERS: u64 = 5;

/// What a run of this row starts from; what is named last counts.
fn setup(
    lab: &dyn Lab,
    contest: &Contest,
    lists: &[&[(&str, &str)]],
    seed: u64,
) -> Result<Setup, Complaint> {
    let mut params = Params::defaults(lab.info().params);
    if let Some(size) = contest.size {
        params.set(size, &SERVERS.to_string())?;
    }
    for (name, value) in contest.params.iter().chain(lists.iter().copied().flatten()) {
        params.set(name, value)?;
    }
    Ok(Setup { seed, params })
}

fn servers(lab: &dyn Lab, contest: &Contest, variant: &Variant) -> Result<u64, Complaint> {
    let world = lab.world(&setup(lab, contest, &[variant.params], 1)?);
    let servers = world
        .ids()
        .filter(|id| world.spec(*id).kind == NodeKind::Server);
    Ok(servers.count() as u64)
}

/// All that is measured of a lab: a row for each variant, none where the lab is not compared.
///
/// # Errors
/// A parameter that its contest names, and the lab does not take.
pub fn measured(lab: &'static dyn Lab) -> Result<Vec<Row>, Complaint> {
    let Some(contest) = lab.contest() else {
        return Ok(Vec::new());
    };
    let row = |variant: &Variant| {
        Ok(Row {
            lab: lab.card().id.to_owned(),
            variant: variant.id.to_owned(),
            servers: servers(lab, contest, variant)?,
            judged: variant.judged.iter().map(|id| (*id).to_owned()).collect(),
            costs: costs(lab, contest, variant)?,
            cells: survival(lab, contest, variant)?,
        })
    };
    contest.variants.iter().map(row).collect()
}

/// The keys of a lab's locale file by which what was measured of it is told.
#[must_use]
pub fn keys(rows: &[Row]) -> Vec<String> {
    let mut keys = vec!["contest.unit".to_owned(), "contest.charge".to_owned()];
    for row in rows {
        let cases = row.costs.iter();
        keys.extend(cases.map(|cost| format!("contest.{}", cost.case)));
        keys.extend(row.judged.iter().map(|check| format!("check.{check}")));
    }
    keys.sort();
    keys.dedup();
    keys
}

/// Those words as lines that stand beside a [`Sheet`]: `word LAB/KEY | English | 中文`.
#[must_use]
pub fn words(lab: &dyn Lab, rows: &[Row]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let [en, zh] = Lang::ALL.map(|lang| Dictionary::read(&[lab.locale(lang)]));
    let line = |key: &String| {
        let id = lab.card().id;
        format!("word {id}/{key} | {} | {}\n", en.text(key), zh.text(key))
    };
    keys(rows).iter().map(line).collect()
}
