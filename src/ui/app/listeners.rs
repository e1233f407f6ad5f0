//! What the page listens to.

use super::{App, Message};
use crate::ui::{header, keys, page, stories};
use gloo::events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::KeyboardEvent;
use yew::Context;

/// The events of the whole window that concern the page.
pub(super) fn all(ctx: &Context<App>) -> Vec<EventListener> {
    let window = page::window();
    let link = ctx.link().clone();
    let keys = {
        let link = link.clone();
        let options = EventListenerOptions::enable_prevent_default();
        EventListener::new_with_options(&window, "keydown", options, move |event| {
            if let Some(event) = event.dyn_ref::<KeyboardEvent>() {
                link.send_message(Message::Key(event.clone()));
            }
        })
    };
    let travel = {
        let link = link.clone();
        EventListener::new(&window, "popstate", move |_| {
            link.send_message(Message::Travelled);
        })
    };
    let point = EventListener::new(&window, "pointerdown", |event| {
        keys::pointed();
        if !page::within(event.target(), ".setup") {
            header::close_setup(false);
        }
    });
    let print = |name: &'static str, begins| {
        let link = link.clone();
        EventListener::new(&window, name, move |_| {
            link.send_message(Message::Print(begins));
        })
    };
    let mut all = vec![
        keys,
        travel,
        point,
        print("beforeprint", true),
        print("afterprint", false),
    ];
    all.extend(stories::listeners(&link.callback(Message::File)));
    for query in [
        "(prefers-color-scheme: dark)",
        "(prefers-reduced-motion: reduce)",
        "(forced-colors: active)",
    ] {
        if let Ok(Some(list)) = window.match_media(query) {
            let link = link.clone();
            all.push(EventListener::new(&list, "change", move |_| {
                link.send_message(Message::Theme);
            }));
        }
    }
    all
}
