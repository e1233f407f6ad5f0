//! The card that lists every key.

use super::dialog::Dialog;
use super::keys::HELP;
use crate::lab::Dictionary;
use yew::{Callback, Html, MouseEvent, html};

/// The card.
#[inline(never)]
pub(super) fn help(open: bool, words: &Dictionary, on_close: &Callback<()>) -> Html {
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
    let close = on_close.reform(|_: MouseEvent| ());
    html! {
        <Dialog key="help" {open} class="help" on_close={on_close.clone()}>
            <h2 id="help-title">{ words.text("key.title") }</h2>
            <ul>{ for HELP.iter().map(row) }</ul>
            <p>{ words.text("key.hint") }</p>
            <button type="button" class="tbtn" onclick={close}>{ words.text("key.close") }</button>
        </Dialog>
    }
}
