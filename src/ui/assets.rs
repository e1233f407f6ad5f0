//! The texts, which are no part of the program: words and stories are fetched as they are needed,
//! from the files that `build/site.mjs` wrote. Words that came once are kept as long as the page is
//! open.

use crate::lab::Lang;
use js_sys::Promise;
use std::cell::RefCell;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    // `static/loader.js` knows where the texts of this build are.
    #[wasm_bindgen(js_namespace = window, js_name = splitbrainText, catch)]
    async fn js_text(name: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_namespace = window, js_name = splitbrainLesson, catch)]
    async fn js_lesson(markdown: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_namespace = window, js_name = splitbrainAddress, catch)]
    async fn js_address(address: &str) -> Result<JsValue, JsValue>;
    // A part of the program: `build/split.mjs` has cut it.
    #[wasm_bindgen(js_namespace = window, js_name = splitbrainPart)]
    fn js_part(name: &str) -> Promise;
    #[wasm_bindgen(js_namespace = window, js_name = splitbrainHas)]
    fn js_has(name: &str) -> bool;
}

/// One file of words.
struct Kept {
    lang: Lang,
    lab: Option<&'static str>,
    text: &'static str,
}

thread_local! {
    /// At the most two languages of each lab.
    static KEPT: RefCell<Vec<Kept>> = const { RefCell::new(Vec::new()) };
}

/// The words of a lab, or without one those of the page, where they have come.
pub(super) fn words(lang: Lang, lab: Option<&str>) -> Option<&'static str> {
    KEPT.with_borrow(|all| {
        let kept = all.iter().find(|kept| kept.lang == lang && kept.lab == lab);
        kept.map(|kept| kept.text)
    })
}

/// Keeps words that have come.
pub(super) fn keep(lang: Lang, lab: Option<&'static str>, text: String) {
    if words(lang, lab).is_none() {
        // A dictionary points into them, and dictionaries are everywhere.
        let text = text.leak();
        KEPT.with_borrow_mut(|all| all.push(Kept { lang, lab, text }));
    }
}

/// Fetches the words of the page, and of a lab where one is given its words and its part of the program, as
/// far as they have not come yet. False where they do not come.
pub(super) async fn fetch_words(lang: Lang, lab: Option<&'static str>) -> bool {
    // It is under way while the words are.
    let part = lab.map(js_part);
    for lab in [None, lab] {
        if words(lang, lab).is_none() {
            let folder = lab.map_or_else(String::new, |lab| format!("{lab}/"));
            match fetch(&format!("{folder}{}.txt", lang.tag())).await {
                Some(text) => keep(lang, lab, text),
                None => return false,
            }
        }
    }
    match part {
        Some(part) => JsFuture::from(part).await.is_ok(),
        None => true,
    }
}

/// Fetches a story of a lab by its id. `None` where it does not come, for want of a network or of such
/// a story.
pub(super) async fn fetch_story(lab: &str, id: &str) -> Option<String> {
    fetch(&format!("{lab}/{id}.story")).await
}

/// Fetches a lesson of a lab as its sheet.
pub(super) async fn fetch_lesson(lab: &str, id: &str, lang: Lang) -> Option<String> {
    fetch(&format!("{lab}/{id}.{}.lesson", lang.tag())).await
}

/// Fetches the lecture of a lab, as HTML that the package `splitbrain-lesson` made.
pub(super) async fn fetch_lecture(lab: &str, lang: Lang) -> Option<String> {
    fetch(&format!("{lab}/lecture.{}.html", lang.tag())).await
}

/// Fetches the reading paths through the articles.
pub(super) async fn fetch_articles() -> Option<String> {
    fetch("articles.txt").await
}

/// Fetches what was measured of protocols that are set side by side.
pub(super) async fn fetch_compare() -> Option<String> {
    fetch("compare.txt").await
}

/// Fetches the pictures of the labs on the front page.
pub(super) async fn fetch_pictures() -> Option<String> {
    fetch("pictures.txt").await
}

/// Fetches the glossary: the lines of a language.
pub(super) async fn fetch_glossary(lang: Lang) -> Option<String> {
    fetch(&format!("glossary.{}.txt", lang.tag())).await
}

/// Reads a lesson that somebody wrote: what `lesson/src/lib.rs` says of it. `None` where the parser does
/// not come.
pub(super) async fn compile_lesson(markdown: &str) -> Option<String> {
    js_lesson(markdown).await.ok()?.as_string()
}

/// Fetches a text from an address. Where its host answers otherwise, the number of that answer; nothing where
/// nobody answers, or the page may not ask.
pub(super) async fn fetch_address(address: &str) -> Result<String, Option<u16>> {
    let answer = js_address(address).await.map_err(|_| None)?;
    let status = answer.as_f64().map(|status| status as u16);
    answer.as_string().ok_or(status)
}

/// Whether a part of the program has come (`build/split.mjs`): `rest`, that of a lab by its id, or another one. What is no
/// part of its own is always there.
pub(super) fn has_part(name: &str) -> bool {
    js_has(name)
}

/// Fetches a part of the program, and the rest where that has not come yet. False where it does not come.
pub(super) async fn fetch_part(name: &str) -> bool {
    JsFuture::from(js_part(name)).await.is_ok()
}

async fn fetch(name: &str) -> Option<String> {
    js_text(name).await.ok()?.as_string()
}
