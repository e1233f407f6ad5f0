//! Where one is, for who does not see it: the title of the document, and where the focus goes after a way
//! within the page.

use crate::lab::Dictionary;
use crate::ui::desk::{News, View};
use crate::ui::lesson::Place;
use crate::ui::model::{Shot, Subject};
use crate::ui::page;
use std::cell::Cell;
use wasm_bindgen::JsCast;
use web_sys::{Element, FocusOptions, HtmlElement};

const NAME: &str = "Splitbrain";

thread_local! {
    /// The lab whose lessons are to be seen on the page of all lessons.
    static WISHED: Cell<Option<&'static str>> = const { Cell::new(None) };
}

/// The lessons of this lab are to be seen, as soon as there is the page of all.
pub(in crate::ui) fn wish_lessons(lab: &'static str) {
    WISHED.set(Some(lab));
}

/// What the tab is called: from what is open to the name of the page.
pub(super) fn title(news: &News) -> String {
    let words = &news.words;
    let mut parts = match &news.view {
        View::Lab(shot) => {
            let lesson = news.lesson.as_ref();
            let lesson = lesson.map(|taught| taught.tour.lesson.title.clone());
            let mut parts: Vec<String> = lesson.or_else(|| subject(shot)).into_iter().collect();
            parts.push(words.text("lab.title"));
            parts
        }
        View::Front => place(words, &news.place),
    };
    parts.push(NAME.to_owned());
    parts.join(" \u{2013} ")
}

fn subject(shot: &Shot) -> Option<String> {
    Some(match shot.subject.as_ref()? {
        Subject::Story(id) => shot.words.text(&format!("story.{id}")),
        Subject::Sample(id, ..) => shot.words.text(&format!("experiment.{id}")),
    })
}

fn place(words: &Dictionary, place: &Place) -> Vec<String> {
    let key = match place {
        Place::Labs => return Vec::new(),
        Place::Lessons => "app.lessons",
        Place::Articles => "app.articles",
        Place::Compare => "app.compare",
        Place::Ask(..) => "learn.from",
        Place::Experiment(_, asked) => {
            let id = asked.split(' ').next().unwrap_or_default();
            let own = words.get(&format!("experiment.{id}")).map(str::to_owned);
            let own = own.unwrap_or_else(|| words.text("experiment.all"));
            return vec![own, words.text("lab.title")];
        }
    };
    vec![words.text(key)]
}

/// Somebody came here within the page. What had the focus may be gone with what was there: then the heading has it.
pub(super) fn arrived(place: &Place) {
    let wished = WISHED.take().filter(|_| *place == Place::Lessons);
    let group = wished.and_then(|lab| {
        let first = page::document().query_selector(&format!("main a[href^='#/{lab}?lesson=']"));
        first.ok().flatten()?.closest("section").ok().flatten()
    });
    if let Some(group) = group {
        group.scroll_into_view();
        return focus(group.query_selector("h2").ok().flatten());
    }
    let body = page::document().body().map(Element::from);
    if page::document().active_element() == body {
        focus(page::document().query_selector("h1").ok().flatten());
    }
}

/// Puts the focus on what does not take it by itself; nothing is scrolled.
fn focus(element: Option<Element>) {
    let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) else {
        return;
    };
    let _ = element.set_attribute("tabindex", "-1");
    let still = FocusOptions::new();
    still.set_prevent_scroll(true);
    let _ = element.focus_with_options(&still);
}
