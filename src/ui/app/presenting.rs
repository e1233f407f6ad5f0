//! The bar of a run that is presented.

use crate::ui::model::{Intent, Presenting, ShotRef};
use web_sys::MouseEvent;
use yew::{Callback, Html, html};

/// What is left of the head while a run is presented.
pub(super) fn presenting(shot: &ShotRef, on: &Callback<Intent>) -> Html {
    let words = &shot.words;
    let (answers, other) = match shot.presenting {
        Presenting::Not => return html! { <span key="presenting" hidden=true /> },
        Presenting::Asking => ("present.tell", Presenting::Telling),
        Presenting::Telling => ("present.ask", Presenting::Asking),
    };
    let button = |key: &'static str, letter: &'static str, intent: Intent| {
        let onclick = on.reform(move |_: MouseEvent| intent.clone());
        html! {
            <button {key} type="button" class="tbtn" {onclick}>
                { words.text(key) }<kbd aria-hidden="true">{ letter }</kbd>
            </button>
        }
    };
    html! {
        <div key="presenting" class="presenting" role="toolbar" aria-label={words.text("present.label")}>
            // The head, which has the title, is gone.
            <h1 class="hidden">{ words.text("lab.title") }</h1>
            { button(answers, "A", Intent::Present(other)) }
            { button("present.screen", "F", Intent::FullScreen) }
            { button("present.end", "P", Intent::Present(Presenting::Not)) }
        </div>
    }
}
