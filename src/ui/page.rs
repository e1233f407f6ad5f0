//! Small questions to the browser. Each has an answer where the browser refuses one.

use wasm_bindgen::JsCast;

/// The window. The page cannot be without one.
pub(super) fn window() -> web_sys::Window {
    web_sys::window().expect("the page runs in a window")
}

/// The document.
pub(super) fn document() -> web_sys::Document {
    window().document().expect("a window has a document")
}

/// The `<html>` element, which carries language and theme.
pub(super) fn root() -> Option<web_sys::Element> {
    document().document_element()
}

/// Whether a room is asked, so that answers wait.
pub(super) fn asks_the_room() -> bool {
    let asked = root().and_then(|root| root.get_attribute("data-presenting"));
    asked.is_some_and(|how| how == "asking")
}

/// Milliseconds since the page was opened.
pub(super) fn now_ms() -> f64 {
    window()
        .performance()
        .map_or_else(js_sys::Date::now, |performance| performance.now())
}

/// Whether a media query holds.
pub(super) fn matches(query: &str) -> bool {
    let list = window().match_media(query).ok().flatten();
    list.is_some_and(|list| list.matches())
}

/// Whether the person asked for less motion.
pub(super) fn reduced_motion() -> bool {
    matches("(prefers-reduced-motion: reduce)")
}

/// A remembered word; `None` too where storage is denied.
pub(super) fn recall(key: &str) -> Option<String> {
    let storage = window().local_storage().ok().flatten()?;
    storage.get_item(key).ok().flatten()
}

/// Remembers a word, where that is allowed. A full or denied storage costs the person a setting,
/// not the page: false.
pub(super) fn remember(key: &str, value: &str) -> bool {
    let storage = window().local_storage().ok().flatten();
    storage.is_some_and(|storage| storage.set_item(key, value).is_ok())
}

/// Whether anything can be remembered at all.
pub(super) fn keeps() -> bool {
    remember("splitbrain.probe", "1")
}

/// What this tab remembers, for as long as it is open; `None` too where storage is denied.
pub(super) fn recall_in_tab(key: &str) -> Option<String> {
    let storage = window().session_storage().ok().flatten()?;
    storage.get_item(key).ok().flatten()
}

/// Remembers a word in this tab. False where that is refused.
pub(super) fn remember_in_tab(key: &str, value: &str) -> bool {
    let storage = window().session_storage().ok().flatten();
    storage.is_some_and(|storage| storage.set_item(key, value).is_ok())
}

/// This tab remembers it no more.
pub(super) fn forget_in_tab(key: &str) {
    if let Some(storage) = window().session_storage().ok().flatten() {
        let _ = storage.remove_item(key);
    }
}

/// A number that no other run of this device has, as good as surely.
pub(super) fn new_id() -> String {
    let drawn = js_sys::Math::random() * 2f64.powi(40);
    format!("{:x}", drawn as u64)
}

/// Whether an element is, or is inside, something of this selector.
pub(super) fn within(target: Option<web_sys::EventTarget>, selector: &str) -> bool {
    let element = target.and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    element.is_some_and(|element| element.closest(selector).ok().flatten().is_some())
}

/// Fills the screen with the page, or does so no more. Where the browser refuses, as in a frame,
/// nothing happens.
pub(super) fn full_screen() {
    let document = document();
    if document.fullscreen_element().is_some() {
        document.exit_fullscreen();
    } else if let Some(root) = root() {
        let _ = root.request_fullscreen();
    }
}
