//! Plays a story to its end: every step to the trace, every outcome kept.

use super::args::TraceForm;
use super::jsonl::Step;
use super::output::Output;
use super::progress::Progress;
use crate::lab::{
    Dictionary, History, Line, Names, Outcome, Player, Story, event_line, trace_head,
};
use crate::sim::Record;

/// How many events are played between two looks at the clock.
const SLICE: u64 = 20_000;

/// What came of a story.
pub(super) struct Played {
    pub(super) story: Story,
    pub(super) history: History,
    pub(super) outcomes: Vec<(Line, Outcome)>,
}

/// The document that shows every event.
pub(super) struct Trace<'a> {
    form: TraceForm,
    output: Output,
    names: &'a Names,
    words: &'a Dictionary,
}

impl<'a> Trace<'a> {
    pub(super) fn begin(
        form: TraceForm,
        mut output: Output,
        names: &'a Names,
        words: &'a Dictionary,
    ) -> Self {
        if form == TraceForm::Text {
            output.with(|to| writeln!(to, "{}", trace_head(names, words)));
        }
        Trace {
            form,
            output,
            names,
            words,
        }
    }

    fn show(&mut self, record: &Record) {
        let (form, names, words) = (self.form, self.names, self.words);
        self.output.with(|to| match form {
            TraceForm::Text => writeln!(to, "{}", event_line(record, names, words)),
            TraceForm::Jsonl => {
                let step = Step {
                    record,
                    names,
                    words,
                };
                serde_json::to_writer(&mut *to, &step)?;
                writeln!(to)
            }
        });
    }

    pub(super) fn output(self) -> Output {
        self.output
    }
}

/// Plays a story. Stops early where nobody reads the trace any more.
pub(super) fn play(story: Story, mut trace: Option<&mut Trace<'_>>) -> Played {
    let mut history = History::onwards(story.names.lab, story.setup.clone());
    let mut outcomes = Vec::new();
    let mut player = Player::new(&story);
    let mut progress = Progress::new();
    loop {
        let ended = player.play(
            &mut history,
            SLICE,
            &mut |run| {
                if let Some(trace) = &mut trace {
                    trace.show(run.world().record());
                }
            },
            &mut |line, outcome| outcomes.push((line.clone(), outcome)),
        );
        progress.tick(history.run().world());
        if ended || trace.as_ref().is_some_and(|trace| trace.output.failed()) {
            break;
        }
    }
    progress.done();
    Played {
        story,
        history,
        outcomes,
    }
}

impl Played {
    /// The commands that had no effect.
    pub(super) fn missed(&self) -> impl Iterator<Item = &(Line, Outcome)> {
        self.outcomes
            .iter()
            .filter(|(_, outcome)| matches!(outcome, Outcome::Missed(_)))
    }

    /// What the story expects, or waits for, and did not get.
    pub(super) fn unmet(&self) -> impl Iterator<Item = &(Line, Outcome)> {
        self.outcomes
            .iter()
            .filter(|(_, outcome)| matches!(outcome, Outcome::Unmet(_)))
    }
}
