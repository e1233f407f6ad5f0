//! The rest of the program, which comes behind the front page, and the parts that are fetched when they are first wanted
//! (`build/split.mjs`): what was wished before one is there waits for it.

use crate::lab::Dictionary;
use yew::{Callback, Html, MouseEvent, classes, html};

/// What waits for a part of the program, and whether that comes.
pub(super) struct Rest<T> {
    /// Of two wishes the later counts. Each with the part that it waits for.
    wanted: Option<(T, &'static str)>,
    /// It is under way.
    comes: bool,
    /// What was asked for before anybody wanted it; it is not asked for again where it did not come.
    behind: Vec<&'static str>,
}

impl<T> Default for Rest<T> {
    fn default() -> Self {
        Rest {
            wanted: None,
            comes: false,
            behind: Vec::new(),
        }
    }
}

impl<T> Rest<T> {
    /// This waits from now on.
    pub(super) fn want(&mut self, wish: T, part: &'static str) {
        self.wanted = Some((wish, part));
    }

    /// It is to be fetched. False where it is under way.
    pub(super) fn ask(&mut self) -> bool {
        !std::mem::replace(&mut self.comes, true)
    }

    /// Whether a part, which nobody wants yet, is to be asked for now.
    pub(super) fn behind(&mut self, part: &'static str) -> bool {
        let asks = !self.comes && !self.behind.contains(&part);
        if asks {
            self.behind.push(part);
        }
        asks
    }

    /// Nobody waits any more. False where nobody did.
    pub(super) fn leave(&mut self) -> bool {
        self.wanted.take().is_some()
    }

    /// It has come, or has not; returns what can be done now.
    pub(super) fn came(&mut self, came: bool) -> Option<T> {
        self.comes = false;
        let wanted = if came { self.wanted.take() } else { None };
        wanted.map(|(wish, _)| wish)
    }

    /// What waits is wanted still, or no more; returns the part to be asked for.
    pub(super) fn again(&mut self, again: bool) -> Option<&'static str> {
        if !again {
            self.wanted = None;
        }
        self.wanted.as_ref().map(|(_, part)| *part)
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
