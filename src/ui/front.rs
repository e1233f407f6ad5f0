//! The front page: what this is, and every lab by its family.

mod live;
mod picture;

use super::app::wish_lessons;
use super::assets;
use super::lesson::{Place, Wish, link_to};
use super::model::Intent;
use super::runs;
use super::stories::runs_list;
use crate::lab::{Dictionary, Lang, Phrase};
use crate::protocols::CATALOGUE;
use crate::view::Plugin;
use live::Live;
use picture::Picture;
use std::rc::Rc;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// What the front page is given.
#[derive(Properties)]
pub struct FrontProps {
    /// The language.
    pub lang: Lang,
    /// The texts of the page.
    pub words: Rc<Dictionary>,
    /// Takes what a person wants.
    pub on: Callback<Intent>,
}

impl PartialEq for FrontProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.words, &other.words) && self.on == other.on
    }
}

/// A lab with its words.
struct Entry {
    plugin: &'static dyn Plugin,
    title: String,
    teaser: String,
    family: String,
    /// What else it is called by, in few words each; most labs have none.
    tags: Vec<&'static str>,
}

/// Every lab with its words in one language, and the words of the page itself.
struct Texts {
    page: Rc<Dictionary>,
    labs: Vec<Entry>,
}

impl Texts {
    fn read(page: &Rc<Dictionary>) -> Self {
        let page = Rc::clone(page);
        let entry = |plugin: &&'static dyn Plugin| {
            let card = plugin.card();
            // The words of the page hold these two of each lab, with its id before them.
            let own = |key: &str| page.text(&format!("{}/lab.{key}", card.id));
            Entry {
                plugin: *plugin,
                title: own("title"),
                teaser: own("teaser"),
                family: page.text(&format!("family.{}", card.family)),
                tags: page
                    .get(&format!("{}/lab.tags", card.id))
                    .map_or_else(Vec::new, |tags| tags.split(", ").collect()),
            }
        };
        let labs = CATALOGUE.iter().map(entry).collect();
        Texts { page, labs }
    }

    /// The families that have labs, in the order of the menu.
    fn families(&self) -> Vec<&'static str> {
        let mut families = Vec::new();
        for entry in &self.labs {
            let family = entry.plugin.card().family;
            if !families.contains(&family) {
                families.push(family);
            }
        }
        families
    }
}

impl Entry {
    /// Whether every word that was typed is found in its names, its sentence or its systems.
    fn answers(&self, search: &str) -> bool {
        let card = self.plugin.card();
        let own = [
            &self.title,
            &self.teaser,
            &self.family,
            card.id,
            card.family,
        ];
        let texts: Vec<String> = own
            .into_iter()
            .chain(card.found_in.iter().copied())
            .chain(self.tags.iter().copied())
            .map(str::to_ascii_lowercase)
            .collect();
        let typed = search.to_ascii_lowercase();
        let mut parts = typed.split_whitespace();
        parts.all(|part| texts.iter().any(|text| text.contains(part)))
    }
}

/// The front page.
#[component]
pub fn Front(props: &FrontProps) -> Html {
    let texts = use_memo(props.lang, |_| Texts::read(&props.words));
    let search = use_state(String::new);
    let family = use_state(|| None::<&'static str>);
    let pictures = use_state(|| None::<Rc<str>>);
    {
        let pictures = pictures.clone();
        use_effect_with((), move |()| {
            wasm_bindgen_futures::spawn_local(async move {
                pictures.set(assets::fetch_pictures().await.map(Rc::from));
            });
        });
    }
    let oninput = {
        let search = search.clone();
        Callback::from(move |event: InputEvent| {
            let field = event.target_dyn_into::<HtmlInputElement>();
            search.set(field.map(|f| f.value()).unwrap_or_default());
        })
    };
    let shown = |entry: &&Entry| {
        let of_family = family.is_none_or(|family| entry.plugin.card().family == family);
        of_family && entry.answers(&search)
    };
    let found: Vec<&Entry> = texts.labs.iter().filter(shown).collect();
    let text = |key: &str| texts.page.text(key);
    let sections = texts.families().into_iter().filter_map(|id| {
        let labs: Vec<_> = found
            .iter()
            .filter(|e| e.plugin.card().family == id)
            .collect();
        (!labs.is_empty()).then(|| section(props, &texts, (id, &labs), pictures.as_ref()))
    });
    let sections: Vec<Html> = sections.collect();
    let count = Phrase::new("front.found").with("n", found.len());
    html! {
        <main class="front" id="main">
            { hero(props, &texts) }
            <div class="find">
                <input type="search" id="front-search" aria-label={text("front.search")}
                    placeholder={text("front.search-hint")} value={(*search).clone()} {oninput}
                    autocomplete="off" spellcheck="false" />
                { chips(&texts, &family) }
            </div>
            <p class="sr" aria-live="polite">{ texts.page.say(&count) }</p>
            <details key="runs" class="lastruns" hidden={runs::all().is_empty()}>
                <summary class="tbtn">{ text("runs.title") }</summary>
                { runs_list(&texts.page, props.lang, &props.on) }
            </details>
            <div class="gallery" id="labs">
                { for sections }
                <p key="none" class="nothing">
                    { found.is_empty().then(|| text("front.nothing")) }
                </p>
            </div>
            <footer class="foot">
                // The book is part of a release (build/book.mjs).
                <a href="docs/index.html">{ text("front.docs") }</a>
                <a href="docs/embedding.html">{ text("front.docs-embed") }</a>
                <a href="docs/accessibility.html">{ text("front.docs-access") }</a>
            </footer>
        </main>
    }
}

fn hero(props: &FrontProps, texts: &Rc<Texts>) -> Html {
    let text = |key: &str| texts.page.text(key);
    let all = Phrase::new("front.all-labs").with("n", texts.labs.len());
    let first = texts.labs.first().map(|entry| {
        let card = entry.plugin.card();
        let lesson = card.lessons.first().map_or("", |lesson| lesson.id);
        let open = Intent::Lesson(Wish::Open(card.id, lesson.to_owned(), 0));
        html! {
            <a key="start" class="start" href={format!("#/{}?lesson={lesson}", card.id)} onclick={link_to(&props.on, open)}>
                { text("front.start") }<small>{ text("front.start-hint") }</small>
            </a>
        }
    });
    let picture = texts.labs.first().map(|entry| {
        let (words, on) = (Rc::clone(&props.words), props.on.clone());
        html! { <Live key={entry.plugin.card().id} plugin={entry.plugin} {words} {on} /> }
    });
    html! {
        <div class="hero">
            <div class="say">
                <h1><span>{ text("front.break") }</span>{ " " }<span>{ text("front.understand") }</span></h1>
                <p>{ text("front.lead") }</p>
                <div class="go">
                    { for first }
                    <a key="all" class="pbtn" href="#labs" onclick={jump()}>{ texts.page.say(&all) }</a>
                </div>
            </div>
            { for picture }
        </div>
    }
}

/// To the gallery. The fragment of the address belongs to the lab, so no link goes there.
fn jump() -> Callback<MouseEvent> {
    Callback::from(|event: MouseEvent| {
        event.prevent_default();
        let labs = gloo::utils::document().get_element_by_id("front-search");
        if let Some(labs) = labs {
            labs.scroll_into_view();
        }
    })
}

fn open(props: &FrontProps, plugin: &'static dyn Plugin) -> Callback<MouseEvent> {
    let on = props.on.clone();
    Callback::from(move |event: MouseEvent| {
        // With a key held the link opens where the browser opens it.
        if !(event.ctrl_key() || event.meta_key() || event.shift_key()) {
            event.prevent_default();
            on.emit(Intent::OpenLab(plugin.card().id.to_owned()));
        }
    })
}

fn chips(texts: &Rc<Texts>, chosen: &UseStateHandle<Option<&'static str>>) -> Html {
    let all = (None, texts.page.text("front.all"));
    let families = texts.families().into_iter();
    let families = families.map(|id| (Some(id), texts.page.text(&format!("family.{id}"))));
    let chip = |(id, text): (Option<&'static str>, String)| {
        let on = **chosen == id;
        let chosen = chosen.clone();
        let onclick = Callback::from(move |_: MouseEvent| chosen.set(id));
        html! {
            <button key={id.unwrap_or("")} type="button" class={classes!("chip", on.then_some("on"))}
                aria-pressed={if on { "true" } else { "false" }} {onclick}>{ text }</button>
        }
    };
    html! {
        <div class="families" role="group" aria-label={texts.page.text("front.families")}>
            { for std::iter::once(all).chain(families).map(chip) }
        </div>
    }
}

fn section(
    props: &FrontProps,
    texts: &Rc<Texts>,
    (family, labs): (&'static str, &[&&Entry]),
    pictures: Option<&Rc<str>>,
) -> Html {
    let hint = texts.page.get(&format!("family-hint.{family}"));
    let cards = labs.iter().map(|entry| card(props, entry, pictures));
    html! {
        <section key={family} aria-labelledby={format!("family-{family}")}>
            <h2 id={format!("family-{family}")}>
                { texts.page.text(&format!("family.{family}")) }{ " " }<small>{ hint }</small>
            </h2>
            <ul class="cards">{ for cards }</ul>
        </section>
    }
}

fn card(props: &FrontProps, entry: &Entry, pictures: Option<&Rc<str>>) -> Html {
    let card = entry.plugin.card();
    let systems = entry.tags.iter().chain(card.found_in);
    let systems = systems.map(|name| html! { <li key={*name}>{ *name }</li> });
    let lessons = card.lessons;
    let minutes = (!lessons.is_empty()).then(|| {
        let sum: u32 = lessons.iter().map(|lesson| lesson.minutes).sum();
        let say = |key: &str, n: String| props.words.say(&Phrase::new(key).with("n", n));
        // The page of all lessons opens at those of this lab.
        let on = props.on.clone();
        let on = Callback::from(move |intent: Intent| {
            wish_lessons(card.id);
            on.emit(intent);
        });
        html! {
            <a class="minutes" href="#/lessons" onclick={link_to(&on, Intent::Visit(Place::Lessons))}>
                { say("learn.count", lessons.len().to_string()) }{ " \u{b7} " }{ say("learn.minutes", sum.to_string()) }
            </a>
        }
    });
    html! {
        <li key={card.id} class="card lab">
            <a href={format!("#/{}", card.id)} onclick={open(props, entry.plugin)}>
                <span class="see" aria-hidden="true"><Picture plugin={card.id} all={pictures.cloned()} /></span>
                <strong>{ &entry.title }</strong>
                <span class="teaser">{ &entry.teaser }</span>
            </a>
            { for minutes }
            <ul class="systems">{ for systems }</ul>
        </li>
    }
}
