//! The head of the page: where one is, and what concerns the page as a whole.

use super::desk::{News, View};
use super::lesson::{Place, link_to};
use super::model::{Intent, Presenting, ShotRef, Theme};
use super::page;
use super::panels::{PanelProps, settings};
use crate::lab::{Dictionary, Lang};
use wasm_bindgen::JsCast;
use yew::{AttrValue, Callback, Html, MouseEvent, Properties, component, html, use_state};

/// What the head is given.
pub(super) struct HeaderProps {
    pub(super) news: News,
    pub(super) on: Callback<Intent>,
    pub(super) on_help: Callback<()>,
    pub(super) study_open: bool,
    pub(super) on_study: Callback<()>,
    /// Whether the drawer of stories is open, at another tab than the lessons.
    pub(super) story_open: bool,
    pub(super) learn_open: bool,
    pub(super) on_learn: Callback<()>,
    pub(super) on_story: Callback<()>,
    pub(super) on_share: Callback<()>,
}

/// The head.
pub(super) fn header(props: &HeaderProps) -> Html {
    let words = &props.news.words;
    let home = props.on.reform(|event: MouseEvent| {
        event.prevent_default();
        Intent::Home
    });
    let other = match props.news.lang {
        Lang::En => Lang::ZhHans,
        Lang::ZhHans => Lang::En,
    };
    let lang = props.on.reform(move |_: MouseEvent| Intent::SetLang(other));
    let (theme, sign) = match props.news.theme {
        Theme::Device => (Theme::Light, "\u{25d0}"),
        Theme::Light => (Theme::Dark, "\u{2600}"),
        Theme::Dark => (Theme::Device, "\u{263e}"),
    };
    let theme_label = words.text(match props.news.theme {
        Theme::Device => "app.theme-device",
        Theme::Light => "app.theme-light",
        Theme::Dark => "app.theme-dark",
    });
    let on_theme = props
        .on
        .reform(move |_: MouseEvent| Intent::SetTheme(theme));
    let help = props.on_help.reform(|_: MouseEvent| ());
    let help_label = words.text("app.help");
    html! {
        <header key="head" class="head">
            <a class="logo" href="#/" aria-label="splitbrain" onclick={home}>{ logo() }<span>{ "splitbrain" }</span></a>
            { crumb(props) }
            <span class="space" />
            { tool(props, "setup", setup) }
            { tool(props, "present", present) }
            { tool(props, "study", study) }
            { tool(props, "learn", learn) }
            { tool(props, "experiments", experiments) }
            { tool(props, "share", share) }
            <button key="lang" type="button" class="tbtn plain" lang={other.tag()} onclick={lang}>
                { lang_name(other) }
            </button>
            <button key="theme" type="button" class="tbtn plain" title={theme_label.clone()}
                aria-label={theme_label} onclick={on_theme}>
                <span aria-hidden="true">{ sign }</span>
            </button>
            <button key="help" type="button" class="tbtn plain" title={help_label.clone()}
                aria-label={help_label} onclick={help}>
                <span aria-hidden="true">{ "?" }</span>
            </button>
        </header>
    }
}

/// A language in its own words.
fn lang_name(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "English",
        Lang::ZhHans => "\u{4e2d}\u{6587}",
    }
}

fn crumb(props: &HeaderProps) -> Html {
    let words = &props.news.words;
    match &props.news.view {
        View::Front => places(props),
        View::Lab(shot) => {
            let family = words.text(&format!("family.{}", shot.plugin.card().family));
            html! {
                <div key="crumb" class="crumb">
                    <span class="family">{ family }{ "\u{2002}/\u{2002}" }</span>
                    <h1>{ words.text("lab.title") }</h1>
                </div>
            }
        }
    }
}

/// The pages that are not about a run.
fn places(props: &HeaderProps) -> Html {
    let places = [
        (Place::Labs, "app.labs"),
        (Place::Lessons, "app.lessons"),
        (Place::Articles, "app.articles"),
        (Place::Compare, "app.compare"),
    ];
    let place = |(place, key): (Place, &'static str)| {
        let here = place == props.news.place;
        let go = link_to(&props.on, Intent::Visit(place.clone()));
        html! {
            <a {key} href={place.fragment()} aria-current={here.then_some("page")} onclick={go}>{ props.news.words.text(key) }</a>
        }
    };
    html! {
        <nav key="crumb" class="crumb places" aria-label={props.news.words.text("app.places")}>{ for places.map(place) }</nav>
    }
}

/// What stands in the head beside a run only.
fn tool(props: &HeaderProps, key: &'static str, show: fn(&HeaderProps, &ShotRef) -> Html) -> Html {
    match &props.news.view {
        View::Front => html! { <span {key} /> },
        View::Lab(shot) => show(props, shot),
    }
}

/// For the projector, behind a word.
fn present(props: &HeaderProps, _: &ShotRef) -> Html {
    let onclick = props
        .on
        .reform(|_: MouseEvent| Intent::Present(Presenting::Asking));
    html! {
        <button key="present" type="button" class="tbtn wide" {onclick}>
            { props.news.words.text("app.present") }
        </button>
    }
}

/// Branches, comparison and charts, behind a word.
fn study(props: &HeaderProps, _: &ShotRef) -> Html {
    let onclick = props.on_study.reform(|_: MouseEvent| ());
    let expanded = if props.study_open { "true" } else { "false" };
    html! {
        <button key="study" type="button" class="tbtn" aria-expanded={expanded} {onclick}
            title={props.news.words.text("study.title")}>
            { props.news.words.text("app.study") }
        </button>
    }
}

/// The parameters, behind a word.
fn setup(props: &HeaderProps, shot: &ShotRef) -> Html {
    let (shot, on) = (shot.clone(), props.on.clone());
    html! {
        <details key="setup" class="setup">
            <summary class="tbtn">{ props.news.words.text("app.setup") }</summary>
            <div class="card">{ settings(&PanelProps { shot, on }) }</div>
        </details>
    }
}

/// Closes the parameters, and gives the focus back to their word, where it was among them. False where they are closed.
pub(super) fn close_setup(focus: bool) -> bool {
    let open = page::document().query_selector(".setup[open]");
    let Some(setup) = open.ok().flatten() else {
        return false;
    };
    let word = setup.query_selector("summary").ok().flatten();
    let word = word.and_then(|word| word.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(word) = word.filter(|_| focus) {
        let _ = word.focus();
    }
    let _ = setup.remove_attribute("open");
    true
}

/// The lessons of the lab, and its lecture, behind a word.
fn learn(props: &HeaderProps, _: &ShotRef) -> Html {
    let onclick = props.on_learn.reform(|_: MouseEvent| ());
    let expanded = if props.learn_open { "true" } else { "false" };
    html! {
        <button key="learn" type="button" class="tbtn learnbtn" aria-expanded={expanded} {onclick}>
            { props.news.words.text("story.tab-learn") }
        </button>
    }
}

/// The way to the experiments, where the lab has any.
fn experiments(props: &HeaderProps, shot: &ShotRef) -> Html {
    let plugin = shot.plugin;
    let Some(first) = plugin.experiments().first() else {
        return html! { <span key="experiments" hidden=true /> };
    };
    let place = Place::Experiment(plugin.card().id, first.spec().id.to_owned());
    let href = place.address();
    let onclick = link_to(&props.on, Intent::Visit(place));
    html! {
        <a key="experiments" class="tbtn trybtn" {href} {onclick}>{ props.news.words.text("experiment.all") }</a>
    }
}

/// The story, and the link.
fn share(props: &HeaderProps, _: &ShotRef) -> Html {
    let words = &props.news.words;
    let story = props.on_story.reform(|_: MouseEvent| ());
    let share = props.on_share.reform(|_: MouseEvent| ());
    html! {
        <span key="share" class="pair">
            <button type="button" class="tbtn" onclick={story}
                aria-expanded={if props.story_open { "true" } else { "false" }}>
                { words.text("app.story") }
            </button>
            <button type="button" class="tbtn share" aria-haspopup="dialog" onclick={share}>
                { words.text("app.share") }
            </button>
        </span>
    }
}

/// A button that copies a text.
pub(super) fn copy_button(words: &Dictionary, label: &str, text: &str) -> Html {
    html! {
        <Copy text={text.to_owned()} label={words.text(label)} done={words.text("app.copied")}
            denied={words.text("app.copy-denied")} />
    }
}

/// What a copy button is given.
#[derive(Properties, PartialEq)]
struct CopyProps {
    text: AttrValue,
    label: AttrValue,
    done: AttrValue,
    denied: AttrValue,
}

/// Copies a text, and says for a while whether that worked.
#[component]
fn Copy(props: &CopyProps) -> Html {
    let said = use_state(|| None::<bool>);
    let onclick = {
        let (said, text) = (said.clone(), props.text.clone());
        Callback::from(move |_: MouseEvent| {
            let (said, text) = (said.clone(), text.clone());
            wasm_bindgen_futures::spawn_local(async move {
                said.set(Some(copy(&text).await));
                let said = said.clone();
                gloo::timers::callback::Timeout::new(3000, move || said.set(None)).forget();
            });
        })
    };
    let text = match *said {
        None => &props.label,
        Some(true) => &props.done,
        Some(false) => &props.denied,
    };
    html! {
        <button type="button" class="tbtn" {onclick}><span aria-live="polite">{ text }</span></button>
    }
}

/// Puts a text on the clipboard; false where the browser does not let us.
async fn copy(text: &str) -> bool {
    let navigator = page::window().navigator();
    // A page that was not loaded safely has no clipboard at all.
    let clipboard = js_sys::Reflect::get(&navigator, &"clipboard".into());
    if clipboard.is_ok_and(|clipboard| clipboard.is_undefined()) {
        return false;
    }
    let written = navigator.clipboard().write_text(text);
    wasm_bindgen_futures::JsFuture::from(written).await.is_ok()
}

fn logo() -> Html {
    html! {
        <svg width="22" height="22" viewBox="0 0 22 22" aria-hidden="true">
            <path d="M10 2a9 9 0 0 0 0 18z" fill="var(--accent)" />
            <path d="M13 2a9 9 0 0 1 0 18l-2-6 2.4-3.5L11 7z" fill="none" stroke="var(--accent)"
                stroke-width="2" stroke-linejoin="round" />
        </svg>
    }
}
