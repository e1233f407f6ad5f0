//! A shot of the run, for all that is not drawn frame by frame.

use super::Player;
use crate::engine::Time;
use crate::lab::{Dictionary, happened_phrase, note_text};
use crate::ui::model::Shot;
use crate::ui::settings::Settings;
use std::rc::Rc;

/// How many records a shot carries: enough for a list and a chain of causes.
const RECENT: usize = 400;

impl Player {
    /// What happened last, and why, in words.
    pub(in crate::ui) fn last_words(&self, words: &Dictionary) -> String {
        let record = self.history.run().world().record();
        let mut text = words.say(&happened_phrase(&record.what, &self.names));
        for note in record.notes.iter().take(2) {
            text.push_str(". ");
            text.push_str(&note_text(note, &self.names, words));
        }
        text
    }

    /// The state of the page now.
    pub(in crate::ui) fn shot(&self, revision: u64, settings: &Settings) -> Shot {
        let recent = self.history.recent();
        let skip = recent.len().saturating_sub(RECENT);
        Shot {
            revision,
            plugin: self.plugin,
            names: Rc::clone(&self.names),
            setup: self.history.setup().clone(),
            run: self.history.run().clone(),
            clock: Time(self.clock_us as u64),
            recent: recent.iter().skip(skip).cloned().collect(),
            position: self.position(),
            end: self.history.branch().end,
            branches: self.branch_views(),
            branch: self.history.branch_id(),
            marks: self.marks(&settings.words),
            playing: self.playing,
            speed: self.speed,
            selection: self.selection,
            pinned: self.study.pinned,
            other: self.other(),
            series: Rc::clone(self.history.series()),
            breaks: self.breaks.iter().map(|(until, _)| until.clone()).collect(),
            lang: settings.lang,
            words: Rc::clone(&settings.words),
            theme: settings.theme,
            presenting: settings.presenting,
            notice_answers: self.notice.as_ref().is_some_and(super::Notice::answers),
            notice: self
                .notice
                .as_ref()
                .map(|notice| notice.say(&settings.words)),
        }
    }
}
