//! The link to the run as it stands: to copy, and to be seen across a room.

use super::qr::{MOST_BYTES, QUIET, qr};
use crate::lab::{Dictionary, Phrase};
use crate::ui::dialog::Dialog;
use crate::ui::header::copy_button;
use yew::{Callback, Html, MouseEvent, html};

/// The dialog; open where there is a link.
#[inline(never)]
pub(in crate::ui) fn share(
    link: Option<&str>,
    words: &Dictionary,
    on_close: &Callback<()>,
    on_embed: &Callback<()>,
) -> Html {
    let embed = on_embed.reform(|_: MouseEvent| ());
    let close = on_close.reform(|_: MouseEvent| ());
    let shown = link.map(|link| {
        let length = Phrase::new("share.length").with("n", link.chars().count());
        html! {
            <div key="shown">
                <p>{ words.text("share.holds") }</p>
                <input type="text" readonly=true value={link.to_owned()} aria-label={words.text("share.link")} />
                <p class="btns">
                    { copy_button(words, "share.copy", link) }
                    <button type="button" class="tbtn" aria-haspopup="dialog" onclick={embed}>{ words.text("embed.button") }</button>
                    <button type="button" class="tbtn" onclick={close}>{ words.text("key.close") }</button>
                    <small>{ words.say(&length) }</small>
                </p>
                { code(link, words) }
            </div>
        }
    });
    html! {
        <Dialog key="share" open={link.is_some()} class="sharing" on_close={on_close.clone()}>
            <h2 id="sharing-title">{ words.text("share.title") }</h2>
            { for shown }
        </Dialog>
    }
}

fn code(link: &str, words: &Dictionary) -> Html {
    let Some((size, path)) = qr(link) else {
        let long = Phrase::new("share.no-code").with("bound", MOST_BYTES);
        return html! { <p key="none">{ words.say(&long) }</p> };
    };
    let side = size + 2 * QUIET;
    html! {
        <svg key="code" class="qr" viewBox={format!("-{QUIET} -{QUIET} {side} {side}")} role="img"
            aria-label={words.text("share.code")} shape-rendering="crispEdges">
            <rect x={format!("-{QUIET}")} y={format!("-{QUIET}")} width={side.to_string()} height={side.to_string()}
                fill="#fff" />
            <path d={path} fill="#000" />
        </svg>
    }
}
