//! A row of tabs as screen readers know it: one stop for the tabulator key, arrows within.

use crate::ui::keys;
use wasm_bindgen::JsCast;
use yew::prelude::*;

/// One tab.
pub(in crate::ui) struct Tab {
    /// Stable id.
    pub(in crate::ui) id: String,
    /// What stands on it.
    pub(in crate::ui) label: String,
    /// A number beside it; 0 is not shown.
    pub(in crate::ui) count: usize,
}

/// What the row is given.
pub(in crate::ui) struct TabsProps {
    /// The beginning of every element's id.
    pub(in crate::ui) prefix: &'static str,
    /// What the row is for.
    pub(in crate::ui) label: String,
    /// The tabs.
    pub(in crate::ui) tabs: Vec<Tab>,
    /// The id of the open one.
    pub(in crate::ui) open: String,
    /// Opens one.
    pub(in crate::ui) on_open: Callback<String>,
}

/// The row.
pub(in crate::ui) fn tab_row(props: &TabsProps) -> Html {
    let at = props.tabs.iter().position(|tab| tab.id == props.open);
    let onkeydown = {
        let ids: Vec<String> = props.tabs.iter().map(|tab| tab.id.clone()).collect();
        let (prefix, on_open) = (props.prefix, props.on_open.clone());
        Callback::from(move |event: KeyboardEvent| {
            let (n, at) = (ids.len(), at.unwrap_or(0));
            // After a click the arrows go on to step through the run.
            if !keys::reached() {
                return;
            }
            let to = match event.key().as_str() {
                "ArrowRight" => (at + 1) % n,
                "ArrowLeft" => (at + n - 1) % n,
                "Home" => 0,
                "End" => n - 1,
                _ => return,
            };
            // The page has these keys, too: they step through the run.
            event.prevent_default();
            event.stop_propagation();
            focus(&format!("{prefix}-tab-{}", ids[to]));
            on_open.emit(ids[to].clone());
        })
    };
    let tab = |tab: &Tab| {
        let open = tab.id == props.open;
        let onclick = props.on_open.reform({
            let id = tab.id.clone();
            move |_: MouseEvent| id.clone()
        });
        let count = if tab.count == 0 {
            html! {}
        } else {
            html! { <span class="count">{ tab.count }</span> }
        };
        html! {
            <button key={tab.id.clone()} type="button" role="tab" {onclick}
                id={format!("{}-tab-{}", props.prefix, tab.id)}
                class={open.then_some("on")}
                aria-selected={if open { "true" } else { "false" }}
                aria-controls={format!("{}-panel", props.prefix)}
                tabindex={if open { "0" } else { "-1" }}>
                { &tab.label }{ count }
            </button>
        }
    };
    html! {
        <div class="tabs" role="tablist" aria-label={props.label.clone()} {onkeydown}>
            { for props.tabs.iter().map(tab) }
        </div>
    }
}

/// Moves the focus to the element with this id.
pub(in crate::ui) fn focus(id: &str) {
    let element = gloo::utils::document().get_element_by_id(id);
    let element = element.and_then(|e| e.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(element) = element {
        // An element that cannot take the focus leaves it where it is.
        let _ = element.focus();
    }
}
