//! The rest of the program, which comes behind the front page (`build/split.mjs`): what was wished before it is
//! there waits for it.

use crate::lab::Dictionary;
use yew::{Callback, Html, MouseEvent, classes, html};

/// What waits for the rest, and whether that comes.
pub(super) struct Rest<T> {
    /// Of two wishes the later counts.
    wanted: Option<T>,
    /// It is under way.
    comes: bool,
}

impl<T> Default for Rest<T> {
    fn default() -> Self {
        Rest {
            wanted: None,
            comes: false,
        }
    }
}

impl<T> Rest<T> {
    /// This waits from now on.
    pub(super) fn want(&mut self, wish: T) {
        self.wanted = Some(wish);
    }

    /// It is to be fetched. False where it is under way.
    pub(super) fn ask(&mut self) -> bool {
        !std::mem::replace(&mut self.comes, true)
    }

    /// It has come, or has not; returns what can be done now.
    pub(super) fn came(&mut self, came: bool) -> Option<T> {
        self.comes = false;
        if came { self.wanted.take() } else { None }
    }

    /// What waits is wanted still, or no more.
    pub(super) fn again(&mut self, again: bool) {
        if !again {
            self.wanted = None;
        }
    }
}

/// Says that something waits; and where the rest did not come, that too.
pub(super) fn notice<T>(rest: &Rest<T>, words: &Dictionary, on: &Callback<bool>) -> Html {
    let waits = rest.wanted.is_some();
    let lost = waits && !rest.comes;
    let button = |again: bool, key: &'static str| {
        let onclick = on.reform(move |_: MouseEvent| again);
        html! { <button {key} type="button" class="tbtn" {onclick}>{ words.text(key) }</button> }
    };
    let buttons = lost.then(
        || html! { <>{ button(true, "app.rest-again") }{ button(false, "app.rest-leave") }</> },
    );
    let bar = (waits && !lost).then(|| html! { <progress key="bar" aria-hidden="true" /> });
    let said = waits.then(|| {
        words.text(if lost {
            "app.rest-lost"
        } else {
            "app.rest-comes"
        })
    });
    html! {
        <div key="rest" class={classes!("notice", "rest")} role={if lost { "alert" } else { "status" }} hidden={!waits}>
            <span>{ said }</span>
            <span>{ for bar }</span>
            <span>{ for buttons }</span>
        </div>
    }
}
