//! The pages that list: all lessons, the reading paths through the articles; and the question before
//! a lesson is fetched from elsewhere.

use super::compare::way;
use super::prose::prose;
use super::{Place, Wish, keep, own};
use crate::lab::Lang;
use crate::lab::{Card, Dictionary, LessonFile, Phrase};
use crate::protocols::{CATALOGUE, find};
use crate::ui::assets;
use crate::ui::model::Intent;
use crate::ui::page;
use crate::ui::stories::{Read, download, picker};
use std::cell::RefCell;
use yew::{Callback, Html, MouseEvent, classes, html};

/// A link that opens within the page, and with a key held where the browser opens it.
pub(in crate::ui) fn link_to(on: &Callback<Intent>, intent: Intent) -> Callback<MouseEvent> {
    let on = on.clone();
    Callback::from(move |event: MouseEvent| {
        if !(event.ctrl_key() || event.meta_key() || event.shift_key()) {
            event.prevent_default();
            on.emit(intent.clone());
        }
    })
}

/// A lesson as a row: its title, its minutes, how far it is.
fn row(
    words: &Dictionary,
    on: &Callback<Intent>,
    lab: &Card,
    file: &LessonFile,
    kept: &[keep::Kept],
) -> Html {
    let name = format!("{}/{}", lab.id, file.id);
    let share = kept
        .iter()
        .find(|kept| kept.name == name)
        .map(keep::Kept::share);
    let state = share.map(|(done, of)| {
        let key = if done == of {
            "learn.row-done"
        } else {
            "learn.row-begun"
        };
        let text = words.say(&Phrase::new(key).with("done", done).with("of", of));
        html! { <small class={classes!("share", (done == of).then_some("good"))}>{ text }</small> }
    });
    let minutes = Phrase::new("learn.minutes").with("n", file.minutes);
    let open = Intent::Lesson(Wish::Open(lab.id, file.id.to_owned(), 0));
    html! {
        <li key={name.clone()}>
            <a class="lessonrow" href={format!("#/{}?lesson={}", lab.id, file.id)} onclick={link_to(on, open)}>
                <span>{ words.text(&format!("{}/lesson.{}", lab.id, file.id)) }</span>
                { for state }
                <small>{ words.say(&minutes) }</small>
            </a>
        </li>
    }
}

thread_local! {
    /// The lectures that have come, by lab and language.
    static LECTURES: RefCell<Vec<((&'static str, Lang), String)>> = const { RefCell::new(Vec::new()) };
}

/// The lessons of one lab, and its lecture. `then` is told when that has come.
pub(in crate::ui) fn lessons_of(
    words: &Dictionary,
    on: &Callback<Intent>,
    lab: &'static Card,
    lang: Lang,
    then: Callback<()>,
) -> Html {
    let kept = keep::all();
    let rows = lab
        .lessons
        .iter()
        .map(|file| row(words, on, lab, file, &kept));
    let compared = find(lab.id).is_some_and(|plugin| plugin.contest().is_some());
    let name = (lab.id, lang);
    let lecture = LECTURES.with_borrow(|all| {
        let known = all.iter().find(|(known, _)| *known == name);
        known.map(|(_, html)| prose(html))
    });
    if lecture.is_none() {
        // It is asked for once: without a network it would be asked for with every shot.
        LECTURES.with_borrow_mut(|all| all.push((name, String::new())));
        wasm_bindgen_futures::spawn_local(async move {
            if let Some(html) = assets::fetch_lecture(lab.id, lang).await {
                LECTURES.with_borrow_mut(|all| {
                    all.retain(|(known, _)| *known != name);
                    all.push((name, html));
                });
                then.emit(());
            }
        });
    }
    html! {
        <div key="learn" class="learn">
            <ul class="rows">{ for rows }</ul>
            { for compared.then(|| way(words, on)) }
            <h2>{ words.text("learn.about") }</h2>
            <article>{ for lecture }</article>
        </div>
    }
}

/// The page of all lessons.
#[inline(never)]
pub(in crate::ui) fn lessons(
    words: &Dictionary,
    on: &Callback<Intent>,
    on_file: &Callback<Read>,
) -> Html {
    let kept = keep::all();
    let labs = CATALOGUE.iter().map(|plugin| plugin.card());
    let labs = labs.filter(|lab| !lab.lessons.is_empty());
    let section = |lab: &'static Card| {
        let rows = lab
            .lessons
            .iter()
            .map(|file| row(words, on, lab, file, &kept));
        html! {
            <section key={lab.id}>
                <h2>{ words.text(&format!("{}/lab.title", lab.id)) }</h2>
                <ul class="lessonrows">{ for rows }</ul>
            </section>
        }
    };
    let save = Callback::from(|_: MouseEvent| {
        download("splitbrain-progress.txt", "text/plain", &keep::write());
    });
    let forget = on.reform(|_: MouseEvent| Intent::Lesson(Wish::Forget));
    html! {
        <main key="lessons" class="front listing" id="main">
            <h1>{ words.text("learn.all") }</h1>
            <p class="lead">{ words.text("learn.all-lead") }</p>
            { for labs.map(section) }
            <section key="own">
                <h2>{ words.text("learn.own") }</h2>
                <p class="lead">{ words.text(if own::keeps() { "learn.own-hint" } else { "learn.own-hint-denied" }) }</p>
                <div class="btns">{ picker(words, "learn.open-file", on_file) }</div>
            </section>
            <section key="progress">
                <h2>{ words.text("learn.progress") }</h2>
                <p class="lead">{ words.text(if page::keeps() { "learn.progress-hint" } else { "runs.denied" }) }</p>
                <div class="btns">
                    <button key="save" type="button" class="tbtn" disabled={kept.is_empty()} onclick={save}>{ words.text("learn.export") }</button>
                    <button key="forget" type="button" class="tbtn" disabled={kept.is_empty()} onclick={forget}>{ words.text("learn.forget") }</button>
                </div>
            </section>
        </main>
    }
}

/// The question before anything is fetched from an address that stands in a link.
#[inline(never)]
pub(in crate::ui) fn ask(
    words: &Dictionary,
    on: &Callback<Intent>,
    address: &str,
    lesson_page: usize,
) -> Html {
    let host = web_sys::Url::new_with_base(
        address,
        &page::document()
            .base_uri()
            .ok()
            .flatten()
            .unwrap_or_default(),
    );
    let host = host.map(|url| url.host()).unwrap_or_default();
    let here = page::window().location().host().unwrap_or_default();
    let own = !host.is_empty() && host == here;
    let question = Phrase::new(if own {
        "learn.from-ask"
    } else {
        "learn.from-foreign"
    });
    let question = words.say(&question.with("host", &host));
    let yes = on.reform({
        let address = address.to_owned();
        move |_: MouseEvent| Intent::Lesson(Wish::Fetch(address.clone(), lesson_page))
    });
    let no = on.reform(|_: MouseEvent| Intent::Visit(Place::Lessons));
    html! {
        <main key="ask" class="front listing" id="main">
            <h1>{ words.text("learn.from") }</h1>
            <p class="lead">{ question }</p>
            <p><code>{ address }</code></p>
            <div class="btns">
                <button key="yes" type="button" class="tbtn main" hidden={!own} onclick={yes}>{ words.text("learn.from-yes") }</button>
                <button key="no" type="button" class="tbtn" onclick={no}>{ words.text("learn.from-no") }</button>
            </div>
        </main>
    }
}

/// The page “From the articles”: what stands in `src/ui/articles.txt`.
#[inline(never)]
pub(in crate::ui) fn articles(
    words: &Dictionary,
    lang: Lang,
    on: &Callback<Intent>,
    text: Option<&str>,
) -> Html {
    let title = |line: &str| -> String {
        let mut names = line.split(" | ");
        let en = names.next().unwrap_or_default();
        match lang {
            Lang::En => en.to_owned(),
            Lang::ZhHans => names.next().unwrap_or(en).to_owned(),
        }
    };
    let mut paths: Vec<(String, Vec<Html>)> = Vec::new();
    let lines = text.unwrap_or_default().lines();
    for (i, line) in lines
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .enumerate()
    {
        if let Some(path) = line.strip_prefix("= ") {
            paths.push((title(path), Vec::new()));
        } else if let Some((_, rows)) = paths.last_mut() {
            let target = line.rsplit(" | ").next().unwrap_or_default();
            rows.push(subject(
                words,
                on,
                i,
                title(line.trim_start_matches("* ")),
                target,
            ));
        }
    }
    let paths = paths.into_iter().enumerate().map(|(i, (title, rows))| {
        html! { <section key={i}><h2>{ title }</h2><ul class="lessonrows">{ for rows }</ul></section> }
    });
    html! {
        <main key="articles" class="front listing" id="main">
            <h1>{ words.text("learn.articles") }</h1>
            <p class="lead">{ words.text("learn.articles-lead") }</p>
            { way(words, on) }
            { for paths }
        </main>
    }
}

/// A subject: linked to its lab, lesson or story where that has landed.
fn subject(
    words: &Dictionary,
    on: &Callback<Intent>,
    i: usize,
    title: String,
    target: &str,
) -> Html {
    let mut parts = target.split_whitespace();
    let lab = parts.next().unwrap_or_default();
    let Some(card) = find(lab).map(|plugin| plugin.card()) else {
        return html! {
            <li key={i}><span class="lessonrow later"><span>{ title }</span><small>{ words.text("learn.to-come") }</small></span></li>
        };
    };
    let (kind, name) = (parts.next(), parts.next().unwrap_or_default());
    let (key, intent, href) = match kind {
        Some("lesson") => (
            "learn.a-lesson",
            Intent::Lesson(Wish::Open(card.id, name.to_owned(), 0)),
            format!("#/{lab}?lesson={name}"),
        ),
        Some("story") => (
            "learn.a-story",
            Intent::OpenGolden(card.id, name.to_owned()),
            format!("#/{lab}"),
        ),
        _ => (
            "learn.a-lab",
            Intent::OpenLab(lab.to_owned()),
            format!("#/{lab}"),
        ),
    };
    html! {
        <li key={i}>
            <a class="lessonrow" {href} onclick={link_to(on, intent)}><span>{ title }</span><small>{ words.text(key) }</small></a>
        </li>
    }
}
