//! A row of tabs as screen readers know it: one stop for the tabulator key, arrows within. It is one row,
//! however many there are, and no tab of it is cut: a list beside it names them all. A row without a list is scrolled.

use crate::ui::keys;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{HtmlElement, HtmlSelectElement, ResizeObserver};
use yew::prelude::*;

/// So many pixels of the tab beside it are seen, too.
const REST: i32 = 28;

/// One tab.
pub(in crate::ui) struct Tab {
    /// Stable id.
    pub(in crate::ui) id: String,
    /// What stands on it.
    pub(in crate::ui) label: String,
    /// The same in more words, where there are some.
    pub(in crate::ui) title: Option<String>,
    /// A word or a number beside it. Its room is kept while it is empty, so that the tabs behind it stay where
    /// they are.
    pub(in crate::ui) badge: Option<String>,
}

impl Tab {
    /// A tab with nothing beside its label.
    pub(in crate::ui) fn new(id: &str, label: String) -> Self {
        Tab {
            id: id.to_owned(),
            label,
            title: None,
            badge: None,
        }
    }
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
    /// What the list of all tabs is called; without it there is no list.
    pub(in crate::ui) all: Option<String>,
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
            reveal(&format!("{prefix}-tab-{}", ids[to]));
            on_open.emit(ids[to].clone());
        })
    };
    let tab = |tab: &Tab| {
        let open = tab.id == props.open;
        let onclick = props.on_open.reform({
            let (id, prefix) = (tab.id.clone(), props.prefix);
            move |_: MouseEvent| {
                reveal(&format!("{prefix}-tab-{id}"));
                id.clone()
            }
        });
        let badge = tab.badge.as_ref().map(|badge| {
            let empty = badge.is_empty().then_some("empty");
            html! { <span class={classes!("count", empty)}>{ badge }</span> }
        });
        html! {
            <button key={tab.id.clone()} type="button" role="tab" {onclick}
                id={format!("{}-tab-{}", props.prefix, tab.id)}
                class={open.then_some("on")} title={tab.title.clone()}
                aria-selected={if open { "true" } else { "false" }}
                aria-controls={format!("{}-panel", props.prefix)}
                tabindex={if open { "0" } else { "-1" }}>
                <span data-text={tab.label.clone()}>{ &tab.label }</span><>{ badge }</>
            </button>
        }
    };
    html! {
        <div class="tabrow">
            <div id={format!("{}-tabs", props.prefix)} class="tabs" role="tablist" aria-label={props.label.clone()} {onkeydown}>
                { for props.tabs.iter().map(tab) }
            </div>
            <>{ for props.all.as_ref().map(|name| list(props, name)) }</>
        </div>
    }
}

/// All tabs in a list of the browser's own, which needs no room.
fn list(props: &TabsProps, name: &str) -> Html {
    let onchange = {
        let on_open = props.on_open.clone();
        Callback::from(move |event: Event| {
            on_open.emit(event.target_unchecked_into::<HtmlSelectElement>().value());
        })
    };
    let option = |tab: &Tab| {
        let text = tab.title.as_ref().unwrap_or(&tab.label);
        html! {
            <option key={tab.id.clone()} value={tab.id.clone()} selected={tab.id == props.open}>{ text }</option>
        }
    };
    html! {
        <label class="alltabs" title={name.to_owned()}>
            <span aria-hidden="true">{ "\u{25be}" }</span>
            <select aria-label={name.to_owned()} {onchange}>{ for props.tabs.iter().map(option) }</select>
        </label>
    }
}

/// Sees to it that the open tab stands in the row: one that falls into a row below comes first instead.
pub(super) fn stand(prefix: &str) {
    let Some(row) = element(&format!("{prefix}-tabs")) else {
        return;
    };
    // It is written past the framework, which knows nothing of widths. Nothing of it can be refused here.
    let _ = row.remove_attribute("data-far");
    row.set_scroll_top(0);
    let open = row.query_selector("[aria-selected=true]").ok().flatten();
    let open = open.and_then(|tab| tab.dyn_into::<HtmlElement>().ok());
    if open.is_some_and(|tab| tab.offset_top() > 0) {
        let _ = row.set_attribute("data-far", "");
    }
}

/// The same whenever the row has another width, until what is returned is dropped.
pub(super) fn stand_always(prefix: &'static str) -> Option<Watched> {
    let row = element(&format!("{prefix}-tabs"))?;
    let told = Closure::<dyn FnMut()>::new(move || stand(prefix));
    let observer = ResizeObserver::new(told.as_ref().unchecked_ref()).ok()?;
    observer.observe(&row);
    Some(Watched {
        observer,
        _told: told,
    })
}

/// See [`stand_always`].
pub(super) struct Watched {
    observer: ResizeObserver,
    _told: Closure<dyn FnMut()>,
}

impl Drop for Watched {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

fn element(id: &str) -> Option<HtmlElement> {
    let element = gloo::utils::document().get_element_by_id(id);
    element.and_then(|element| element.dyn_into().ok())
}

/// Scrolls the row so far that a tab is seen whole.
fn reveal(id: &str) {
    let tab = element(id);
    let row = tab.as_ref().and_then(|tab| tab.parent_element());
    if let (Some(tab), Some(row)) = (tab, row) {
        let (from, wide) = (tab.offset_left(), tab.offset_width());
        let (first, room) = (row.scroll_left(), row.client_width());
        if from < first || from + wide + REST > first + room {
            row.set_scroll_left(from - REST);
        }
    }
}

/// Moves the focus to the element with this id.
pub(in crate::ui) fn focus(id: &str) {
    if let Some(element) = element(id) {
        // An element that cannot take the focus leaves it where it is.
        let _ = element.focus();
    }
}
