//! What the tests of stories share: reading one, and playing it with everything watched.

use splitbrain::lab::{Complaint, Dictionary, History, Lang, Line, Outcome, Player, Run, Story};
use splitbrain::protocols;

/// How many records a history keeps here: enough that stepping back has some to restore.
const KEEP: usize = 64;

/// Reads a story that has to be right.
pub(crate) fn parse(text: &str) -> Story {
    read(text).unwrap_or_else(|complaint| panic!("{complaint}\n{text}"))
}

/// Reads a story, or says where it is wrong.
pub(crate) fn read(text: &str) -> Result<Story, String> {
    let mut nothing = |_: &mut splitbrain::lab::Setup| Ok::<(), Complaint>(());
    Story::parse(text, &protocols::labs(), &mut nothing).map_err(|error| {
        let words = Dictionary::read(&[Dictionary::common(Lang::En)]);
        let what = words.say(&error.complaint);
        format!("{}:{}: {what}", error.line, error.column)
    })
}

/// No story of the tests takes more steps; one that does stands still in time.
const MOST_STEPS: u64 = 500_000;

/// Plays a story to its end.
pub(crate) fn play(story: &Story, watch: &mut dyn FnMut(&Run)) -> (History, Vec<(Line, Outcome)>) {
    let mut history = History::new(story.names.lab, story.setup.clone(), KEEP);
    let mut outcomes = Vec::new();
    let mut ended = |line: &Line, outcome| outcomes.push((line.clone(), outcome));
    let done = Player::new(story).play(&mut history, MOST_STEPS, watch, &mut ended);
    assert!(
        done,
        "no end after {MOST_STEPS} steps of:\n{}",
        story.print()
    );
    (history, outcomes)
}

/// The hash of the trace at the playhead.
pub(crate) fn hash(history: &History) -> u64 {
    history.run().world().trace_hash()
}
