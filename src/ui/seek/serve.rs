//! What a worker does: it takes an order as text, works for as long as that allows, and answers.

use crate::lab::experiment::Measurer;
use crate::lab::search::Servant;
use crate::protocols;
use std::cell::RefCell;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    // A worker has one, too, but no window.
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    fn js_now() -> f64;
}

/// Milliseconds since the page, or the worker, began.
pub(in crate::ui) fn now_ms() -> f64 {
    js_now()
}

thread_local! {
    /// The one of this worker.
    static SERVANT: RefCell<Servant> = RefCell::default();
    /// The same for experiments.
    static MEASURER: RefCell<Measurer> = RefCell::default();
}

/// Carries an order out: how many milliseconds it may take, and what is to be done. `None` where it
/// cannot be read.
pub(super) fn serve(servant: &mut Servant, text: &str) -> Option<String> {
    let (ms, order) = text.split_once(' ')?;
    let (ms, began) = (f64::from(ms.parse::<u32>().ok()?), now_ms());
    servant.obey(order, &protocols::labs(), &|| now_ms() - began > ms)
}

/// The same in a worker.
pub(in crate::ui) fn serve_page(text: &str) -> Option<String> {
    let (ms, order) = text.split_once(' ')?;
    if Measurer::is_meant(order) {
        let (ms, began) = (f64::from(ms.parse::<u32>().ok()?), now_ms());
        let late = || now_ms() - began > ms;
        return MEASURER.with_borrow_mut(|one| one.obey(order, &protocols::labs(), &late));
    }
    SERVANT.with_borrow_mut(|servant| serve(servant, text))
}
