//! What the page is to know of a search: how far it is, what it found, and why that is a violation.

use crate::engine::Note;
use crate::lab::search::{Found, Quest, Tally};
use crate::lab::{History, Lab, Mode, Names, Params, Player as Script, Story, Verdict};
use crate::protocols;
use crate::sim::Record;
use std::rc::Rc;

/// The most events of a story that is played to see why its check breaks.
const MOST_EVENTS: u64 = 1_000_000;

/// How far it is.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(in crate::ui) enum Phase {
    /// Runs are made.
    Searching,
    /// A run broke a check; its story is made shorter.
    Shrinking,
    /// The shortest story is there.
    Found,
    /// All runs within the bound were made, and none broke anything.
    Nothing,
    /// A person stopped it.
    Stopped,
    /// Workers die over it again and again.
    Failed,
}

impl Phase {
    /// Whether anybody still works.
    pub(in crate::ui) fn works(self) -> bool {
        matches!(self, Phase::Searching | Phase::Shrinking)
    }
}

/// Why the check breaks.
pub(in crate::ui) struct Reason {
    /// What the check itself says of it, if anything.
    pub(in crate::ui) note: Option<Note>,
    /// The step in which it broke; none where time alone did it.
    pub(in crate::ui) record: Option<Record>,
    /// Whose names stand in that.
    pub(in crate::ui) names: Names,
    /// The parameters of the story.
    pub(in crate::ui) params: Params,
}

/// What the drawer shows.
#[derive(Clone)]
pub(in crate::ui) struct Progress {
    pub(in crate::ui) quest: Quest,
    /// The parameters that the person had when it began: the search takes others.
    pub(in crate::ui) had: Params,
    pub(in crate::ui) phase: Phase,
    pub(in crate::ui) tally: Tally,
    /// The bound of runs.
    pub(in crate::ui) runs: u64,
    /// How long it has been searching.
    pub(in crate::ui) ms: f64,
    /// How many workers there are; none: it goes on in slices on the main thread.
    pub(in crate::ui) workers: usize,
    /// Whether workers were denied.
    pub(in crate::ui) denied: bool,
    /// How many workers died and were replaced.
    pub(in crate::ui) replaced: u32,
    /// The run that broke a check.
    pub(in crate::ui) run: Option<u64>,
    /// The story, as far as it is shrunk.
    pub(in crate::ui) found: Option<Found>,
    pub(in crate::ui) reason: Option<Rc<Reason>>,
    /// Whether the run on the page is that story.
    pub(in crate::ui) open: bool,
    /// Whether a lesson is open, which would be left for the story.
    pub(in crate::ui) taught: bool,
    /// The title of the lesson that was left for the story on the page.
    pub(in crate::ui) left: Option<String>,
}

/// Plays a story to the violation, and asks the check why.
pub(super) fn reason(found: &Found) -> Option<Rc<Reason>> {
    let story = Story::parse(&found.story, &protocols::labs(), &mut |_| Ok(())).ok()?;
    let mut history = History::new(story.names.lab, story.setup.clone(), 0);
    let mut script = Script::new(&story);
    script.play(&mut history, MOST_EVENTS, &mut |_| {}, &mut |_, _| {});
    let Verdict::Violated { note, .. } = history.run().verdicts().get(found.check) else {
        return None;
    };
    let record = history.run().world().record().clone();
    let late = is_late(story.names.lab, found.check);
    Some(Rc::new(Reason {
        note,
        record: (!late).then_some(record),
        names: story.names,
        params: story.setup.params,
    }))
}

/// Whether a check breaks by the time that passes, between two events.
pub(in crate::ui) fn is_late(lab: &dyn Lab, check: usize) -> bool {
    let check = lab.info().checks.get(check);
    check.is_some_and(|check| matches!(check.mode, Mode::Eventually(_)))
}

/// The last step in which the check is not broken yet.
pub(in crate::ui) fn step_before(lab: &dyn Lab, found: &Found) -> u64 {
    if is_late(lab, found.check) {
        found.step
    } else {
        found.step.saturating_sub(1)
    }
}
