//! Plays what was handed in for one step, and lets through only what the steps before it did and what it
//! opened itself.

use super::{Act, Condition, Given, Task, Watch};
use crate::lab::command::Command;
use crate::lab::history::History;
use crate::lab::names::Names;
use crate::lab::run::Run;
use crate::lab::story::{Line, Player, Story};

/// The most events of one replay: what is handed in may come from anybody.
const MOST_EVENTS: u64 = 2_000_000;

/// What may be in a run behind its setup, in the order of the steps.
#[derive(Clone)]
pub(super) enum Part<'a> {
    /// The lesson itself gives this.
    Said(String),
    /// The learner acts, until the goals are reached.
    Open(&'a Act),
    /// The learner is asked what the lesson will do; nothing is open.
    Asked,
}

impl<'a> Part<'a> {
    /// What a step puts into the run.
    pub(super) fn of(task: &'a Task, names: &Names) -> Vec<Part<'a>> {
        let said = |lines: &[Line]| {
            let acts = lines.iter().filter(|line| is_act(&line.command));
            acts.map(|line| Part::Said(line.command.print(names)))
                .collect()
        };
        match task {
            Task::Setup(_) => Vec::new(),
            Task::Run { lines, .. } => said(lines),
            Task::Predict(predict) => {
                let mut parts = said(&predict.then);
                parts.push(Part::Asked);
                parts
            }
            Task::Act(act) => vec![Part::Open(act)],
        }
    }
}

fn is_act(command: &Command) -> bool {
    matches!(command, Command::Act(_))
}

/// Goes through the parts with the run. Parts may be passed over: an act that was skipped, or what the lesson
/// gave later than where the learner went back to. None is open again once a later one was at hand.
struct Warden<'a> {
    parts: &'a [Part<'a>],
    /// The part that the last command was of, or the one behind it.
    at: usize,
    /// The goals of that part, where it is an act: followed from its first command on.
    goals: Option<Watch>,
}

impl Warden<'_> {
    fn look(&mut self, run: &Run, names: &Names) {
        if let Some(goals) = &mut self.goals {
            goals.look(run, names);
        }
    }

    /// Whether this may be done now; the run is where it was before.
    fn lets(&mut self, command: &str, history: &History) -> bool {
        let parts = self.parts;
        let accepts = |at: &usize| match &parts[*at] {
            Part::Said(said) => said == command,
            Part::Asked => false,
            Part::Open(act) => {
                let said = |line: &Line| line.command.print(history.names()) == command;
                let verb = command.split(' ').next().unwrap_or_default();
                let open = act.allow.iter().any(|open| open == verb);
                // The step that is judged is open to the end. One before it was over when its goals were reached;
                // a learner who skips it gets the whole of its answer.
                let judged = *at + 1 == parts.len();
                let open = open && (judged || !self.over(*at, act, history));
                open || act.answer.iter().any(said)
            }
        };
        let Some(found) = (self.at..parts.len()).find(accepts) else {
            return false;
        };
        match &parts[found] {
            Part::Said(_) | Part::Asked => (self.at, self.goals) = (found + 1, None),
            Part::Open(act) => {
                if self.at != found || self.goals.is_none() {
                    self.goals = Some(Watch::new(&act.goals));
                }
                self.at = found;
            }
        }
        true
    }

    /// Whether the goals of an act are reached, as far as that is sure: what happened before its first command
    /// is not counted.
    fn over(&self, at: usize, act: &Act, history: &History) -> bool {
        let (run, names) = (history.run(), history.names());
        match &self.goals {
            Some(goals) if at == self.at => goals.met(run, names),
            Some(_) | None => {
                let now = |goal: &Condition| matches!(goal, Condition::Now(_));
                act.goals.iter().all(now) && Watch::new(&act.goals).met(run, names)
            }
        }
    }
}

/// Plays what was handed in; `None` where it is no run of this lesson.
pub(super) fn replay(
    setup: &Story,
    parts: &[Part<'_>],
    given: &Given,
    catalogue: &[&'static dyn crate::lab::spec::Lab],
    watch: &mut Watch,
) -> Option<History> {
    let story = Story::parse(&given.story, catalogue, &mut |_| Ok(())).ok()?;
    if story.setup != setup.setup {
        return None;
    }
    let names = &story.names;
    let begun = setup.lines.iter().filter(|line| is_act(&line.command));
    let mut begun = begun.map(|line| line.command.print(names));
    let mut warden = Warden {
        parts,
        at: 0,
        goals: None,
    };
    let mut history = History::onwards(names.lab, story.setup.clone());
    for line in &story.lines {
        if is_act(&line.command) {
            let command = line.command.print(names);
            let fine = match begun.next() {
                Some(first) => first == command,
                None => warden.lets(&command, &history),
            };
            if !fine {
                return None;
            }
        }
        let left = MOST_EVENTS.checked_sub(history.run().world().steps())?;
        let mut player = Player::new(&Story {
            setup: story.setup.clone(),
            names: names.clone(),
            lines: vec![line.clone()],
        });
        let mut look = |run: &Run| {
            watch.look(run, names);
            warden.look(run, names);
        };
        if !player.play(&mut history, left, &mut look, &mut |_, _| {}) {
            return None;
        }
    }
    begun.next().is_none().then_some(history)
}
