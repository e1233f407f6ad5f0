//! The address bar: a lab is a step for the Back button, what is done in it is not.

use super::page;
use crate::lab::{Link, Phrase};
use wasm_bindgen::JsValue;

/// How long the page waits after a change before it writes it down.
const CALM_MS: f64 = 300.0;
/// How long at the most, while changes keep coming. Browsers allow a hundred in half a minute.
const PATIENCE_MS: f64 = 2000.0;

/// What stands in the address bar, and since when it is out of date.
#[derive(Default)]
pub(super) struct Address {
    written: String,
    /// The number of the run, which the entry of the browser's history carries.
    run: String,
    changed_ms: Option<f64>,
    waiting_ms: Option<f64>,
}

impl Address {
    /// The fragment of the page as it is.
    pub(super) fn fragment() -> String {
        page::window().location().hash().unwrap_or_default()
    }

    /// What a fragment says. The front page's is known without the reader of links, which comes with the rest of
    /// the program.
    pub(super) fn link(fragment: &str) -> Result<Link, Phrase> {
        match fragment {
            "" | "#" | "#/" => Ok(Link::default()),
            _ => Link::read(fragment),
        }
    }

    /// The number of the run that the present entry of the browser's history is of.
    pub(super) fn run() -> Option<String> {
        let history = page::window().history().ok()?;
        history.state().ok()?.as_string()
    }

    /// Something changed that the address tells.
    pub(super) fn changed(&mut self) {
        let now = page::now_ms();
        self.changed_ms = Some(now);
        self.waiting_ms.get_or_insert(now);
    }

    /// Whether a change waits to be written.
    pub(super) fn waits(&self) -> bool {
        self.changed_ms.is_some()
    }

    /// Whether it is time to write.
    pub(super) fn due(&self) -> bool {
        let now = page::now_ms();
        let after = |since: Option<f64>, wait| since.is_some_and(|since| now - since >= wait);
        after(self.changed_ms, CALM_MS) || after(self.waiting_ms, PATIENCE_MS)
    }

    /// What changed needs not be written.
    pub(super) fn rest(&mut self) {
        self.settle();
    }

    /// Writes over the present entry of the browser's history.
    pub(super) fn replace(&mut self, fragment: &str, run: &str) {
        self.settle();
        if self.written != fragment || self.run != run {
            self.written = fragment.to_owned();
            self.run = run.to_owned();
            let history = page::window().history();
            let state = JsValue::from_str(run);
            // A browser may refuse too many of these; the next one comes.
            let _ =
                history.map(|history| history.replace_state_with_url(&state, "", Some(fragment)));
        }
    }

    /// Makes a new entry, to which Back returns.
    pub(super) fn push(&mut self, fragment: &str, run: &str) {
        self.settle();
        if self.written != fragment {
            self.written = fragment.to_owned();
            self.run = run.to_owned();
            let history = page::window().history();
            let state = JsValue::from_str(run);
            let _ = history.map(|history| history.push_state_with_url(&state, "", Some(fragment)));
        }
    }

    /// Takes what the browser shows as written: it went there by itself.
    pub(super) fn adopt(&mut self, fragment: &str) {
        self.settle();
        fragment.clone_into(&mut self.written);
    }

    fn settle(&mut self) {
        (self.changed_ms, self.waiting_ms) = (None, None);
    }
}
