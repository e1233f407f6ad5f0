//! Files of the device: one is opened by choosing or dropping it, and saved as a download.

use crate::lab::{Dictionary, Phrase, Story};
use crate::ui::page;
use gloo::events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::{
    Blob, BlobPropertyBag, DragEvent, Event, File, HtmlAnchorElement, HtmlInputElement, Url,
};
use yew::{Callback, Html, MouseEvent, html};

/// What came of reading a file: its text, or a sentence.
pub(in crate::ui) type Read = Result<String, Phrase>;

/// Reads a file as a story's text. One that is too long for a story is not read at all.
fn read_file(file: File, on_read: Callback<Read>) {
    if file.size() > Story::MAX_BYTES as f64 {
        let long = Phrase::new("error-story-long").with("bound", Story::MAX_BYTES);
        on_read.emit(Err(long));
        return;
    }
    wasm_bindgen_futures::spawn_local(async move {
        let bytes = wasm_bindgen_futures::JsFuture::from(file.array_buffer()).await;
        let text = match bytes {
            Ok(bytes) => String::from_utf8(js_sys::Uint8Array::new(&bytes).to_vec())
                .map_err(|_| Phrase::new("error-utf8")),
            Err(_) => Err(Phrase::new("app.file-unreadable").echo("name", &file.name())),
        };
        on_read.emit(text);
    });
}

/// A file that is dropped anywhere on the page is opened.
pub(in crate::ui) fn listeners(on_read: &Callback<Read>) -> Vec<EventListener> {
    let window = page::window();
    let listen = |name: &'static str, on_drop: Option<Callback<Read>>| {
        let options = EventListenerOptions::enable_prevent_default();
        EventListener::new_with_options(&window, name, options, move |event| {
            let Some(data) = event
                .dyn_ref::<DragEvent>()
                .and_then(DragEvent::data_transfer)
            else {
                return;
            };
            // Words that are dragged belong where they are dropped.
            if !data.types().iter().any(|kind| kind == "Files") {
                return;
            }
            // Else the browser leaves the page to show the file.
            event.prevent_default();
            let file = data.files().and_then(|files| files.get(0));
            if let (Some(file), Some(on_drop)) = (file, &on_drop) {
                read_file(file, on_drop.clone());
            }
        })
    };
    vec![
        listen("dragover", None),
        listen("drop", Some(on_read.clone())),
    ]
}

/// The button that chooses a file.
pub(in crate::ui) fn picker(words: &Dictionary, label: &str, on_read: &Callback<Read>) -> Html {
    let onchange = {
        let on_read = on_read.clone();
        Callback::from(move |event: Event| {
            let field = event
                .target()
                .and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
            let Some(field) = field else { return };
            if let Some(file) = field.files().and_then(|files| files.get(0)) {
                read_file(file, on_read.clone());
            }
            // So that the same file can be chosen again.
            field.set_value("");
        })
    };
    let onclick = Callback::from(|_: MouseEvent| {
        let field = page::document().get_element_by_id("story-file");
        if let Some(field) = field.and_then(|field| field.dyn_into::<HtmlInputElement>().ok()) {
            field.click();
        }
    });
    html! {
        <>
            <button key="open" type="button" class="tbtn" {onclick}>{ words.text(label) }</button>
            <input key="file" id="story-file" type="file" accept=".story,.md,.txt,text/plain,text/markdown" hidden=true
                aria-label={words.text(label)} {onchange} />
        </>
    }
}

/// Saves a text.
pub(in crate::ui) fn download(name: &str, media_type: &str, text: &str) {
    let parts = js_sys::Array::of1(&text.into());
    let kind = BlobPropertyBag::new();
    kind.set_type(media_type);
    if let Ok(blob) = Blob::new_with_str_sequence_and_options(&parts, &kind) {
        save(name, &blob);
    }
}

/// Saves what a blob holds.
pub(in crate::ui) fn save(name: &str, blob: &Blob) {
    let Ok(address) = Url::create_object_url_with_blob(blob) else {
        return;
    };
    let link = page::document().create_element("a");
    if let Some(link) = link
        .ok()
        .and_then(|link| link.dyn_into::<HtmlAnchorElement>().ok())
    {
        link.set_href(&address);
        link.set_download(name);
        link.click();
    }
    // The browser has taken it by then.
    let release = move || drop(Url::revoke_object_url(&address));
    gloo::timers::callback::Timeout::new(10_000, release).forget();
}
