//! The glossary: a term that is pointed at, or reached by the keyboard, says what it means, where that
//! was written first, and what it is called in the other language.

use crate::lab::{Dictionary, Lang};
use crate::ui::{assets, page};
use std::cell::RefCell;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event};
use yew::{Callback, Html, html};

thread_local! {
    /// The lines of each language that has come.
    static KEPT: RefCell<Vec<(Lang, Dictionary)>> = const { RefCell::new(Vec::new()) };
}

/// The width of the card, in pixels.
const WIDTH: f64 = 300.0;

/// A term that is looked at, and where on the page it is.
#[derive(Clone, PartialEq)]
pub(in crate::ui) struct Shown {
    term: String,
    left: f64,
    top: f64,
}

/// The term at which something happened; fetches the glossary where it has not come yet. `then` is told
/// when it has.
pub(in crate::ui) fn shown(event: &Event, lang: Lang, then: &Callback<()>) -> Option<Shown> {
    let element = event.target()?.dyn_into::<Element>().ok()?;
    let button = element.closest("[data-term]").ok().flatten()?;
    let here = KEPT.with_borrow(|all| all.iter().any(|(known, _)| *known == lang));
    if !here {
        let then = then.clone();
        wasm_bindgen_futures::spawn_local(async move {
            if let Some(text) = assets::fetch_glossary(lang).await {
                let words = Dictionary::read(&[text.leak()]);
                KEPT.with_borrow_mut(|all| all.push((lang, words)));
                then.emit(());
            }
        });
    }
    let edge = button.get_bounding_client_rect();
    let width = page::window().inner_width().ok()?.as_f64()?;
    let height = page::window().inner_height().ok()?.as_f64()?;
    let low = edge.bottom() > height - 170.0;
    Some(Shown {
        term: button.get_attribute("data-term")?,
        left: edge.left().min(width - WIDTH - 8.0).max(8.0),
        top: if low {
            edge.top() - 8.0
        } else {
            edge.bottom() + 6.0
        },
    })
}

/// The card; empty and unseen where no term is looked at.
pub(in crate::ui) fn glossary(shown: Option<&Shown>, words: &Dictionary, lang: Lang) -> Html {
    let lines = shown.map(|shown| {
        let line = KEPT.with_borrow(|all| {
            let known = all.iter().find(|(known, _)| *known == lang);
            known.and_then(|(_, words)| words.get(&shown.term))
        });
        let mut parts = line.unwrap_or_default().split(" | ").map(str::to_owned);
        let mut part = || parts.next().unwrap_or_default();
        (part(), part(), part(), part())
    });
    let hidden = lines.is_none();
    let (word, meaning, paper, other) = lines.unwrap_or_default();
    let style = shown.map(|shown| {
        let above = shown.top > 0.0
            && page::window()
                .inner_height()
                .ok()
                .and_then(|h| h.as_f64())
                .is_some_and(|h| shown.top > h - 170.0);
        let shift = if above {
            "transform:translateY(-100%)"
        } else {
            ""
        };
        format!(
            "left:{}px;top:{}px;{shift}",
            shown.left as i32, shown.top as i32
        )
    });
    let tag = match lang {
        Lang::En => Lang::ZhHans.tag(),
        Lang::ZhHans => Lang::En.tag(),
    };
    html! {
        <div key="term" id="term-card" class="card termcard" role="status" {hidden} {style}>
            <b>{ word }</b><span lang={tag}>{ other }</span>
            <p>{ meaning }</p>
            <small hidden={paper.is_empty()}>{ words.text("learn.term-paper") }{ " " }<cite lang="en">{ paper }</cite></small>
        </div>
    }
}
