//! Plays a story to its end: every step to the trace, every outcome kept.

use super::output::Output;
use super::progress::Progress;
use crate::lab::{
    Dictionary, Exporter, Format, History, Line, Names, Outcome, Phrase, Player, Run, Setup, Story,
};
use crate::sim::World;
use crate::view::Picture;

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
    exporter: Exporter<'a>,
    output: Output,
    /// What was written but not put out: all of it, where the run may yet turn out to be too
    /// long for the document, so that nothing comes out then.
    text: String,
    whole: bool,
    refused: Option<Phrase>,
}

impl<'a> Trace<'a> {
    pub(super) fn begin(
        format: Format,
        output: Output,
        (names, setup): (&'a Names, &Setup),
        words: &'a Dictionary,
    ) -> Self {
        Trace {
            exporter: Exporter::new(format, names, words).of_worlds(setup),
            output,
            text: String::new(),
            whole: format.most_events().is_some(),
            refused: None,
        }
    }

    fn show(&mut self, world: &World) {
        if self.refused.is_some() {
            return;
        }
        self.refused = self.exporter.step(world, &mut self.text).err();
        if !self.whole {
            self.put_out();
        }
    }

    fn put_out(&mut self) {
        let text = &self.text;
        self.output.with(|to| to.write_all(text.as_bytes()));
        self.text.clear();
    }

    /// Whether more events are of no use.
    fn ended(&self) -> bool {
        self.refused.is_some() || self.output.failed()
    }

    /// Where the document went, or why there is none.
    pub(super) fn output(self) -> Result<Output, Phrase> {
        if let Some(why) = self.refused {
            return Err(why);
        }
        let Trace {
            exporter,
            mut output,
            mut text,
            ..
        } = self;
        exporter.end(&mut text);
        output.with(|to| to.write_all(text.as_bytes()));
        Ok(output)
    }
}

/// What a run is shown to while it is played.
#[derive(Default)]
pub(super) struct Watchers<'a> {
    pub(super) trace: Option<Trace<'a>>,
    pub(super) picture: Option<Picture>,
}

impl Watchers<'_> {
    fn show(&mut self, run: &Run) {
        if let Some(trace) = &mut self.trace {
            trace.show(run.world());
        }
        if let Some(picture) = &mut self.picture {
            picture.event(run.world().record());
        }
    }
}

/// Plays a story. Stops early where nobody reads the trace any more.
pub(super) fn play(story: Story, watchers: &mut Watchers<'_>) -> Played {
    let mut history = History::onwards(story.names.lab, story.setup.clone());
    let mut outcomes = Vec::new();
    let mut player = Player::new(&story);
    let mut progress = Progress::new();
    loop {
        let ended = player.play(
            &mut history,
            SLICE,
            &mut |run| watchers.show(run),
            &mut |line, outcome| outcomes.push((line.clone(), outcome)),
        );
        progress.tick(history.run().world());
        if ended || watchers.trace.as_ref().is_some_and(Trace::ended) {
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
