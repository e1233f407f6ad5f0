//! Where lessons come from: those that ship, files, addresses.

use super::Desk;
use crate::lab::lesson::Lesson;
use crate::lab::{Lang, Phrase, StoryError};
use crate::protocols;
use crate::ui::assets;
use crate::ui::lesson::{self, Place, Source, Tour, own};
use crate::ui::page;
use crate::ui::player::Notice;
use std::rc::Rc;

impl Desk {
    /// Begins a lesson that was read from its sheet.
    pub(super) fn begin_lesson(
        self: &Rc<Self>,
        sheet: &str,
        source: Source,
        page: usize,
        push: bool,
    ) {
        let lesson = match Lesson::read(sheet, &protocols::labs()) {
            Ok(lesson) => lesson,
            Err(wrong) => return self.note(lesson_wrong(&wrong)),
        };
        let lab = lesson.lab.card().id;
        let file = match &source {
            Source::File(id) => Some(id.clone()),
            Source::Shipped(_) | Source::Address(_) => None,
        };
        self.when_words(self.lang(), Some(lab), move |desk| {
            if push {
                // The entry that Back returns to holds the very last state.
                desk.write_down(true);
            }
            let mut tour = Tour::new(lesson, source);
            let kept = match tour.source.own_id() {
                None => lesson::recall(&tour.lesson.name()),
                Some(id) => own::progress(&id),
            };
            if let Some(kept) = kept {
                let pages = kept.pages.bytes().map(|sign| sign == b'1');
                tour.done
                    .iter_mut()
                    .zip(pages)
                    .for_each(|(done, was)| *done = was);
                for given in kept.given() {
                    if let Some(state) = tour.states.get_mut(given.step) {
                        state.given = Some(given);
                    }
                }
            }
            *desk.tour.borrow_mut() = Some(tour);
            desk.end_seek();
            // Whatever run was there is not of this lesson.
            desk.lead_to(0);
            desk.turn_to(page, push);
            if file.is_some_and(|id| own::find(&id).is_none()) {
                desk.note(Notice::plain(Phrase::new("learn.own-denied")));
            }
        });
    }

    /// The lesson in the language that the page now has.
    pub(super) fn translate_lesson(self: &Rc<Self>, lang: Lang) {
        let open = self.tour.borrow().as_ref().and_then(|tour| {
            let shipped = matches!(tour.source, Source::Shipped(old) if old != lang);
            shipped.then(|| (tour.lesson.lab.card().id, tour.lesson.id.clone()))
        });
        let Some((lab, id)) = open else { return };
        let fetched = async move { assets::fetch_lesson(lab, &id, lang).await };
        self.when_fetched(fetched, move |desk, sheet| {
            let Ok(lesson) = Lesson::read(&sheet, &protocols::labs()) else {
                return;
            };
            desk.with_tour(|tour| {
                // Both languages have the same pages and steps; a test holds that.
                if lesson.steps().count() == tour.states.len()
                    && lesson.pages.len() == tour.done.len()
                {
                    tour.lesson = Rc::new(lesson);
                    tour.source = Source::Shipped(lang);
                }
            });
        });
    }

    /// Reads a lesson from a file, and keeps it for as long as this tab is open.
    pub(super) fn read_own(self: &Rc<Self>, markdown: String) {
        let id = page::new_id();
        self.read_lesson(markdown, Source::File(id), 0, true);
    }

    /// Opens a lesson that came from a file and that this tab keeps.
    pub(super) fn open_own(self: &Rc<Self>, id: &str, page: usize, push: bool) {
        let source = Source::File(id.to_owned());
        if self.is_open(&source) {
            return self.turn_to(page, push);
        }
        if let Some(markdown) = own::find(id) {
            return self.read_lesson(markdown, source, page, push);
        }
        self.when_parts(Place::Lessons.parts(), move |desk| {
            desk.go_to(Place::Lessons, push);
            let lessons = Place::Lessons.fragment();
            desk.address.borrow_mut().replace(lessons, "");
            desk.note(Notice::plain(Phrase::new("learn.own-gone")));
        });
    }

    /// Opens a lesson from an address: the page that is asked for where it is open, or else the question whether to
    /// fetch it. What it was when it was fetched before does not count: its author may have changed it.
    pub(super) fn open_from(self: &Rc<Self>, address: String, page: usize, push: bool) {
        let source = Source::Address(address.clone());
        if self.is_open(&source) {
            return self.turn_to(page, push);
        }
        let ask = Place::Ask(address, page);
        self.when_parts(ask.parts(), move |desk| desk.go_to(ask, push));
    }

    fn is_open(&self, source: &Source) -> bool {
        let tour = self.tour.borrow();
        tour.as_ref().is_some_and(|tour| tour.source == *source)
    }

    /// Reads a lesson that somebody wrote.
    fn read_lesson(self: &Rc<Self>, markdown: String, source: Source, page: usize, push: bool) {
        let text = markdown.clone();
        let fetched = async move { assets::compile_lesson(&markdown).await };
        self.when_fetched(fetched, move |desk, answer| {
            match answer.strip_prefix('+') {
                Some(sheet) => {
                    if let Some(id) = source.own_id() {
                        own::keep(&id, &text);
                    }
                    let own = sheet.to_owned();
                    desk.when_lab(sheet, move |desk| {
                        desk.when_parts(Place::Lessons.parts(), move |desk| {
                            desk.begin_lesson(&own, source, page, push);
                        });
                    });
                }
                None => desk.note(compile_wrong(&answer)),
            }
        });
    }

    pub(super) fn fetch_lesson(self: &Rc<Self>, address: &str, page: usize) {
        let asked = address.to_owned();
        let desk = Rc::clone(self);
        wasm_bindgen_futures::spawn_local(async move {
            match assets::fetch_address(&asked).await {
                Ok(text) => desk.read_lesson(text, Source::Address(asked), page, true),
                Err(status) => {
                    let key = match status {
                        Some(404 | 410) => "learn.from-none",
                        Some(_) => "learn.from-status",
                        None => "learn.from-failed",
                    };
                    let phrase = Phrase::new(key).echo("address", &asked);
                    let phrase = phrase.with("status", status.unwrap_or_default());
                    desk.note(Notice::plain(phrase));
                }
            }
            desk.publish();
        });
    }
}

/// What is wrong with a lesson, and where.
fn lesson_wrong(error: &StoryError) -> Notice {
    let phrase = Phrase::new("learn.wrong")
        .with("line", error.line)
        .with("column", error.column);
    Notice::about(phrase, "complaint", error.complaint.clone())
}

/// The same as the parser tells it: `LINE:COLUMN KEY`, and a line `NAME VALUE` for each argument.
fn compile_wrong(answer: &str) -> Notice {
    let mut lines = answer.lines();
    let (place, key) = lines
        .next()
        .and_then(|line| line.split_once(' '))
        .unwrap_or(("1:1", "error-sheet"));
    let (line, column) = place.split_once(':').unwrap_or(("1", "1"));
    let mut complaint = Phrase::new(key);
    for (name, value) in lines.filter_map(|line| line.split_once(' ')) {
        complaint = match name {
            "word" => complaint.echo("word", value),
            "block" => complaint.echo("block", value),
            "known" => complaint.with("known", value),
            "bound" => complaint.with("bound", value),
            "line" => complaint.with("line", value),
            _ => complaint,
        };
    }
    let phrase = Phrase::new("learn.wrong")
        .with("line", line)
        .with("column", column);
    Notice::about(phrase, "complaint", complaint)
}
