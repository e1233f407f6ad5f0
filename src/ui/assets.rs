//! The texts, which are no part of the program: words and stories are fetched as they are needed,
//! from the files that `build/site.mjs` wrote. Words that came once are kept as long as the page is
//! open.

use crate::lab::Lang;
use std::cell::RefCell;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

#[wasm_bindgen]
extern "C" {
    // `static/loader.js` knows where the texts of this build are.
    #[wasm_bindgen(js_namespace = window, js_name = splitbrainText, catch)]
    async fn js_text(name: &str) -> Result<JsValue, JsValue>;
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

/// Fetches the words of the page, and of a lab where one is given, as far as they have not come yet.
/// False where they do not come.
pub(super) async fn fetch_words(lang: Lang, lab: Option<&'static str>) -> bool {
    for lab in [None, lab] {
        if words(lang, lab).is_none() {
            let folder = lab.map_or_else(String::new, |lab| format!("{lab}/"));
            match fetch(&format!("{folder}{}.txt", lang.tag())).await {
                Some(text) => keep(lang, lab, text),
                None => return false,
            }
        }
    }
    true
}

/// Fetches a story of a lab by its id. `None` where it does not come, for want of a network or of such
/// a story.
pub(super) async fn fetch_story(lab: &str, id: &str) -> Option<String> {
    fetch(&format!("{lab}/{id}.story")).await
}

async fn fetch(name: &str) -> Option<String> {
    js_text(name).await.ok()?.as_string()
}
