//! Lists to choose from: the stories of the lab, the bookmarks of the run, the last runs.

use super::DrawerProps;
use crate::lab::{Dictionary, Lang, Phrase};
use crate::ui::model::{Intent, Mark, MarkKind};
use crate::ui::runs::{self, Kept};
use wasm_bindgen::JsValue;
use web_sys::{HtmlInputElement, SubmitEvent};
use yew::{Callback, Html, MouseEvent, TargetCast, html};

fn press(on: &Callback<Intent>, intent: Intent) -> Callback<MouseEvent> {
    on.reform(move |_: MouseEvent| intent.clone())
}

/// The stories that ship with the lab.
pub(super) fn golden(props: &DrawerProps<'_>) -> Html {
    let words = &props.shot.words;
    let info = props.shot.plugin.info();
    let stories = info.stories.iter();
    let stories = stories.map(|story| {
        let open = press(&props.on, Intent::OpenGolden(info.id, story.id.to_owned()));
        html! {
            <li key={story.id}>
                <button type="button" class="row" onclick={open}>
                    { words.text(&format!("story.{}", story.id)) }
                </button>
            </li>
        }
    });
    html! {
        <div key="golden">
            <p class="state">{ words.text("story.golden-hint") }</p>
            <ul class="rows">{ for stories }</ul>
        </div>
    }
}

/// The moments of the run that a person gave a name.
pub(super) fn marks(props: &DrawerProps<'_>) -> Html {
    let words = &props.shot.words;
    let named = |mark: &&Mark| mark.kind == MarkKind::Named;
    let named: Vec<&Mark> = props.shot.marks.iter().filter(named).collect();
    let row = |(i, mark): (usize, &&Mark)| {
        let here = mark.at == props.shot.position;
        let go = press(&props.on, Intent::GoTo(mark.at));
        html! {
            <li key={i}>
                <button type="button" class="row" aria-current={here.then_some("true")} onclick={go}>
                    <span>{ &mark.text }</span><small>{ format!("{} s", mark.at.time) }</small>
                </button>
            </li>
        }
    };
    let onsubmit = {
        let on = props.on.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let field = event.target_dyn_into::<web_sys::HtmlElement>();
            let field = field.and_then(|form| form.query_selector("input").ok().flatten());
            let field = field.map(wasm_bindgen::JsCast::unchecked_into::<HtmlInputElement>);
            let name = field
                .as_ref()
                .map(HtmlInputElement::value)
                .unwrap_or_default();
            if let Some(field) = field.filter(|_| !name.trim().is_empty()) {
                field.set_value("");
                on.emit(Intent::Type(format!("mark \"{}\"", name.trim())));
            }
        })
    };
    let hint = if named.is_empty() {
        "story.marks-none"
    } else {
        "story.marks-hint"
    };
    html! {
        <div key="marks">
            <form class="btns" {onsubmit}>
                <input type="text" maxlength="60" aria-label={words.text("story.mark-name")}
                    placeholder={words.text("story.mark-name")} autocomplete="off" />
                <button type="submit" class="tbtn">{ words.text("story.mark-add") }</button>
            </form>
            <p class="state">{ words.text(hint) }</p>
            <ol class="rows">{ for named.iter().enumerate().map(row) }</ol>
        </div>
    }
}

/// The last runs of this device.
pub(in crate::ui) fn runs_list(words: &Dictionary, lang: Lang, on: &Callback<Intent>) -> Html {
    let all = runs::all();
    let row = |kept: &Kept| {
        let open = press(on, Intent::OpenRun(kept.id.clone()));
        let forget = press(on, Intent::ForgetRun(kept.id.clone()));
        let label = Phrase::new("runs.forget").with("title", &kept.title);
        html! {
            <li key={kept.id.clone()}>
                <button type="button" class="row" onclick={open}>
                    <span>{ &kept.title }</span><small>{ date(kept.when_ms, lang) }</small>
                </button>
                <button type="button" class="tbtn plain" aria-label={words.say(&label)} onclick={forget}>
                    { "\u{2715}" }
                </button>
            </li>
        }
    };
    let hint = match (all.is_empty(), runs::allowed()) {
        (_, false) => "runs.denied",
        (true, true) => "runs.none",
        (false, true) => "runs.hint",
    };
    let clear = press(on, Intent::ForgetRuns);
    html! {
        <div key="runs" class="runs">
            <p class="state">{ words.text(hint) }</p>
            <ul class="rows">{ for all.iter().map(row) }</ul>
            <button type="button" class="tbtn" hidden={all.is_empty()} onclick={clear}>
                { words.text("runs.clear") }
            </button>
        </div>
    }
}

fn date(ms: u64, lang: Lang) -> String {
    let date = js_sys::Date::new(&JsValue::from_f64(ms as f64));
    date.to_locale_string(lang.tag(), &JsValue::UNDEFINED)
        .into()
}
