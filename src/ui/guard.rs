//! The few lines of script that outlive a fault of ours (`static/guard.js`).

use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = ["window", "splitbrainGuard"], js_name = mirror, catch)]
    fn js_mirror(story: &str) -> Result<(), JsValue>;
    #[wasm_bindgen(js_namespace = ["window", "splitbrainGuard"], js_name = fault, catch)]
    fn js_fault(message: &str) -> Result<(), JsValue>;
    #[wasm_bindgen(js_namespace = ["window", "splitbrainGuard"], js_name = handover, catch)]
    fn js_handover() -> Result<Option<String>, JsValue>;
    #[wasm_bindgen(js_namespace = console, js_name = error)]
    fn console_error(message: &str);
}

/// Keeps the run's story outside of our memory.
pub(super) fn mirror(story: &str) {
    // Without the guard (a page of somebody's own) there is only no second life.
    let _ = js_mirror(story);
}

/// The story that a page reopened after a fault begins with; told once.
pub(super) fn handover() -> Option<String> {
    js_handover().ok().flatten()
}

/// From now on a panic is shown by the guard.
pub(super) fn install() {
    yew::set_custom_panic_hook(Box::new(|info| {
        let message = info.to_string();
        console_error(&message);
        let _ = js_fault(&message);
    }));
}

/// In a worker nobody shows a dialog: the page hears that it died, and the console why.
pub(super) fn install_in_worker() {
    std::panic::set_hook(Box::new(|info| console_error(&info.to_string())));
}
