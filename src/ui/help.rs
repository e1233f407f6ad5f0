//! The card that lists every key.

use super::keys::HELP;
use crate::lab::Dictionary;
use std::rc::Rc;
use web_sys::HtmlDialogElement;
use yew::{
    Callback, Event, Html, MouseEvent, Properties, component, html, use_effect_with, use_node_ref,
};

/// What the card is given.
#[derive(Properties)]
pub(super) struct HelpProps {
    pub(super) open: bool,
    pub(super) words: Rc<Dictionary>,
    pub(super) on_close: Callback<()>,
}

impl PartialEq for HelpProps {
    fn eq(&self, other: &Self) -> bool {
        self.open == other.open
            && Rc::ptr_eq(&self.words, &other.words)
            && self.on_close == other.on_close
    }
}

/// The card, a real dialog: Escape closes it and the focus goes back.
#[component]
pub(super) fn Help(props: &HelpProps) -> Html {
    let dialog = use_node_ref();
    use_effect_with((props.open, dialog.clone()), |(open, dialog)| {
        if let Some(dialog) = dialog.cast::<HtmlDialogElement>() {
            if *open && !dialog.open() {
                // It can only fail for a dialog that is not in the page.
                let _ = dialog.show_modal();
            } else if !*open && dialog.open() {
                dialog.close();
            }
        }
    });
    let words = &props.words;
    let row = |(keys, text): &(&'static [&'static str], &'static str)| {
        let keys = keys.iter().map(|key| {
            let shown = if *key == "space" {
                words.text("key.space")
            } else {
                (*key).to_owned()
            };
            html! { <kbd key={*key}>{ shown }</kbd> }
        });
        html! { <li key={*text}><span class="keys">{ for keys }</span><span>{ words.text(text) }</span></li> }
    };
    let close = props.on_close.reform(|_: MouseEvent| ());
    html! {
        <dialog ref={dialog.clone()} class="help" aria-labelledby="help-title"
            onclose={props.on_close.reform(|_: Event| ())}>
            <h2 id="help-title">{ words.text("key.title") }</h2>
            <ul>{ for HELP.iter().map(row) }</ul>
            <p>{ words.text("key.hint") }</p>
            <button type="button" class="tbtn" onclick={close}>{ words.text("key.close") }</button>
        </dialog>
    }
}
