//! A shot of the run, for all that is not drawn frame by frame.

use super::Player;
use crate::engine::Time;
use crate::lab::{Dictionary, happened_text, note_text};
use crate::sim::Record;
use crate::ui::model::{Selection, Shot};
use crate::ui::settings::Settings;
use std::rc::Rc;

/// How many records a shot carries: enough for a list and a chain of causes.
const RECENT: usize = 400;

impl Player {
    /// What happened last, and why, in words.
    pub(in crate::ui) fn last_words(&self, words: &Dictionary) -> String {
        let record = self.history.run().world().record();
        let mut text = happened_text(&record.what, &self.names, words);
        for note in record.notes.iter().take(2) {
            text.push_str(". ");
            text.push_str(&note_text(note, &self.names, words));
        }
        text
    }

    /// The step of what is selected, where it is over.
    fn over(&self) -> Option<u64> {
        let (here, world) = (self.position().step, self.history.run().world());
        match self.selection {
            Selection::Event(step) => Some(step).filter(|step| *step <= here),
            Selection::Flight(name) => {
                let under_way = world.flights().any(|flight| flight.letter.name == name);
                let end = || self.history.chronicle().end_of(name, here);
                (!under_way).then(end).flatten()
            }
            Selection::Nothing | Selection::Node(_) | Selection::Link(..) => None,
        }
    }

    /// The records that lead to a step. They are replayed once, however often they are shown.
    fn leading(&self, over: Option<u64>) -> Rc<Vec<Record>> {
        let Some(step) = over else {
            return Rc::default();
        };
        let key = (self.history.branch_id(), step);
        let mut known = self.leading.borrow_mut();
        match &*known {
            Some((of, records)) if *of == key => Rc::clone(records),
            Some(_) | None => {
                let records = Rc::new(self.history.records_to(step, RECENT));
                *known = Some((key, Rc::clone(&records)));
                records
            }
        }
    }

    /// The state of the page now.
    pub(in crate::ui) fn shot(&self, revision: u64, settings: &Settings) -> Shot {
        let recent = self.history.recent();
        let skip = recent.len().saturating_sub(RECENT);
        let recent: Vec<Record> = recent.iter().skip(skip).cloned().collect();
        let over = self.over();
        Shot {
            revision,
            plugin: self.plugin,
            names: Rc::clone(&self.names),
            setup: self.history.setup().clone(),
            subject: self.subject.clone(),
            run: self.history.run().clone(),
            clock: Time(self.clock_us as u64),
            leading: self.leading(over),
            over,
            recent,
            told: self.told(),
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
            open: self.open_verbs(),
            panel: self.wanted_panel(),
            notice_answers: self.notice.as_ref().is_some_and(super::Notice::answers),
            notice: self
                .notice
                .as_ref()
                .map(|notice| notice.say(&settings.words)),
        }
    }
}
