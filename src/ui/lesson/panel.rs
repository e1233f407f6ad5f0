//! The panel beside the stage that leads through a lesson, one page at a time.

use super::Wish;
use super::ending::ending;
use super::prose::prose;
use super::steps::task;
use super::tour::{Phase, Tour};
use crate::lab::lesson::{Item, Task};
use crate::lab::{Dictionary, Phrase, Story};
use crate::ui::desk::Taught;
use crate::ui::model::{Intent, Presenting, ShotRef};
use crate::ui::page;
use crate::ui::panels::focus;
use crate::view::moment_picture;
use std::cell::RefCell;
use wasm_bindgen::JsCast;
use yew::{AttrValue, Callback, Html, MouseEvent, classes, html};

/// How many pictures are kept drawn.
const MOST_DRAWN: usize = 5;

/// The id of the title of the page that is open.
const TITLE: &str = "lesson-page";
/// The id of the button that folds the words and unfolds them.
pub(super) const FOLD: &str = "lesson-fold";

thread_local! {
    /// Pictures by language and story: to draw one, its story has to be played.
    static DRAWN: RefCell<Vec<(String, AttrValue)>> = const { RefCell::new(Vec::new()) };
}

/// What the panel is given.
pub(in crate::ui) struct LessonProps<'a> {
    pub(in crate::ui) taught: &'a Taught,
    pub(in crate::ui) shot: &'a ShotRef,
    pub(in crate::ui) on: Callback<Intent>,
    /// A term is looked at, or none any more.
    pub(in crate::ui) on_term: Callback<Option<web_sys::Event>>,
}

impl LessonProps<'_> {
    pub(super) fn words(&self) -> &Dictionary {
        &self.shot.words
    }

    pub(super) fn want(&self, wish: Wish) -> Callback<MouseEvent> {
        self.on.reform(move |_| Intent::Lesson(wish.clone()))
    }

    pub(super) fn button(&self, class: &'static str, label: &str, wish: Wish) -> Html {
        html! {
            <button type="button" class={classes!("tbtn", class)} onclick={self.want(wish)}>{ label }</button>
        }
    }
}

/// Brings into view what comes after the step that has just come to its end: what that step says, or
/// else the step after it.
pub(in crate::ui) fn show_told() {
    let over = page::document().query_selector_all(".lesson .step.over");
    let last = over
        .ok()
        .and_then(|over| over.item(over.length().checked_sub(1)?));
    let last = last.and_then(|last| last.dyn_into::<web_sys::Element>().ok());
    let told = last
        .as_ref()
        .and_then(|last| last.query_selector("[role=status]").ok()?);
    let next = || page::document().query_selector(".lesson .step.now").ok()?;
    // Or the first words of the prose after it.
    let after = || {
        let item = last.as_ref()?.closest(".item").ok()??;
        item.next_element_sibling()?.first_element_child()
    };
    if let Some(shown) = told.or_else(next).or_else(after) {
        shown.scroll_into_view_with_bool(false);
    }
}

/// The page was turned: who goes by keys goes on from its title.
pub(in crate::ui) fn focus_title() {
    focus(TITLE);
}

/// The panel.
pub(in crate::ui) fn panel(props: &LessonProps<'_>) -> Html {
    let (tour, words) = (&props.taught.tour, props.words());
    let Some(shown) = tour.lesson.pages.get(tour.page) else {
        return html! { <span key="lesson" hidden=true /> };
    };
    let mut steps = tour.steps_of(tour.page);
    let (open, waits) = told(tour);
    let items = shown.items.iter().enumerate().map(|(i, item)| {
        let key = format!("{}.{i}", tour.page);
        // Who presents sees beforehand what to say.
        if i >= open && !matches!(item, Item::Presenter(_)) {
            return html! { <div {key} class="item" hidden=true /> };
        }
        let body = match item {
            Item::Html(html) => prose(html),
            Item::Presenter(html) => presenter(props, html),
            Item::Learned(html) => html! {
                <section class="learned"><h3>{ words.text("learn.learned") }</h3>{ prose(html) }</section>
            },
            Item::Picture { story, caption } => picture(props, story, caption),
            Item::Step(one) => match steps.next() {
                Some(step) => task(props, step, &one.task),
                None => html! {},
            },
        };
        html! { <div {key} class="item">{ body }</div> }
    });
    let items: Vec<Html> = items.collect();
    let looked = |on: bool| {
        let on_term = props.on_term.clone();
        move |event: web_sys::Event| on_term.emit(on.then_some(event))
    };
    let (over, out) = (looked(true), looked(false));
    let (focus, blur, click) = (looked(true), looked(false), looked(true));
    let last = tour.page + 1 == tour.lesson.pages.len();
    let todo = tour.act().filter(|_| tour.folded);
    let todo = todo.and_then(|act| act.task.as_ref());
    html! {
        <section key="lesson" class={classes!("card", "lesson", tour.folded.then_some("folded"))} aria-label={tour.lesson.title.clone()}
            onpointerover={Callback::from(move |e: web_sys::PointerEvent| over(e.into()))}
            onpointerout={Callback::from(move |e: web_sys::PointerEvent| out(e.into()))}
            onfocusin={Callback::from(move |e: web_sys::FocusEvent| focus(e.into()))}
            onfocusout={Callback::from(move |e: web_sys::FocusEvent| blur(e.into()))}
            onclick={Callback::from(move |e: MouseEvent| click(e.into()))}>
            <div key="title" class="lessonhead">
                <span>{ &tour.lesson.title }</span><small>{ place(tour, words) }</small>
                { for todo.map(|task| html! { <span class="todo">{ prose(task) }</span> }) }
                <button id={FOLD} type="button" class="fold" aria-expanded={if tour.folded { "false" } else { "true" }}
                    aria-label={words.text("learn.fold")} onclick={props.want(Wish::Fold)} />
            </div>
            <div key={format!("page{}", tour.page)} class="lessonbody" tabindex="0" role="region" aria-label={shown.title.clone()}>
                <h2 id={TITLE} tabindex="-1">{ &shown.title }</h2>
                { for items }
                { for waits.map(|key| html! { <p key="waits" class="quiet">{ words.text(key) }</p> }) }
                { for (last && waits.is_none()).then(|| ending(props)) }
            </div>
            { foot(props) }
        </section>
    }
}

/// How many items of the page are to be seen, and what says why there are no more: what comes after a
/// step tells what it shows, or answers what it asks.
fn told(tour: &Tour) -> (usize, Option<&'static str>) {
    let items = &tour.lesson.pages[tour.page].items;
    let mut steps = tour.steps_of(tour.page);
    let mut why = "learn.goes-on";
    let waits = |item: &Item| {
        let Item::Step(one) = item else {
            return false;
        };
        let open = steps
            .next()
            .is_some_and(|step| tour.states[step].phase != Phase::Done);
        why = match one.task {
            Task::Setup(_) => return false,
            Task::Predict(_) => "learn.goes-on",
            Task::Run { .. } | Task::Act(_) => "learn.goes-on-step",
        };
        open
    };
    let known = tour.done.get(tour.page) == Some(&true);
    match items.iter().position(waits) {
        Some(at) if !known => {
            let mut rest = items[at + 1..].iter();
            let more = rest.any(|item| !matches!(item, Item::Presenter(_)));
            (at + 1, more.then_some(why))
        }
        Some(_) | None => (items.len(), None),
    }
}

fn place(tour: &Tour, words: &Dictionary) -> String {
    let place = Phrase::new("learn.place").with("page", tour.page + 1);
    words.say(&place.with("of", tour.lesson.pages.len()))
}

/// Back, the dots, and on.
fn foot(props: &LessonProps<'_>) -> Html {
    let (tour, words) = (&props.taught.tour, props.words());
    let last = tour.page + 1 == tour.lesson.pages.len();
    let dot = |(page, done): (usize, &bool)| {
        let here = page == tour.page;
        let label = Phrase::new(if *done {
            "learn.page-done"
        } else {
            "learn.page"
        });
        let label = label
            .with("page", page + 1)
            .with("title", &tour.lesson.pages[page].title);
        html! {
            <li key={page}>
                <button type="button" class={classes!("dot", done.then_some("done"))} title={words.say(&label)}
                    aria-label={words.say(&label)} aria-current={here.then_some("step")}
                    onclick={props.want(Wish::Page(page))} />
            </li>
        }
    };
    let next = if last {
        // What comes next stands above, with its name.
        props.button("", &words.text("learn.end"), Wish::Leave)
    } else if tour.page_done() {
        props.button("main", &words.text("learn.next"), Wish::Page(tour.page + 1))
    } else {
        props.button("", &words.text("learn.skip"), Wish::Page(tour.page + 1))
    };
    let back = props.want(Wish::Page(tour.page.saturating_sub(1)));
    html! {
        <div key="foot" class="lessonfoot">
            <button key="back" type="button" class="tbtn" disabled={tour.page == 0} onclick={back}>{ words.text("learn.back") }</button>
            <ol key="dots" class="dots" aria-label={words.text("learn.pages")}>{ for tour.done.iter().enumerate().map(dot) }</ol>
            <span key="next">{ next }</span>
            <button key="leave" type="button" class="tbtn plain" hidden={last} onclick={props.want(Wish::Leave)}>{ words.text("learn.leave") }</button>
        </div>
    }
}

/// Notes that only a presenter sees.
fn presenter(props: &LessonProps<'_>, html: &str) -> Html {
    if props.shot.presenting == Presenting::Not {
        return html! {};
    }
    html! { <aside class="notes"><b>{ props.words().text("learn.presenter") }</b>{ prose(html) }</aside> }
}

/// A moment of a run. A picture is of paper: light on either background.
fn picture(props: &LessonProps<'_>, story: &Story, caption: &str) -> Html {
    let key = format!("{}{}", props.shot.lang.tag(), story.print());
    let source = DRAWN.with_borrow_mut(|drawn| {
        if !drawn.iter().any(|(known, _)| *known == key) {
            let svg = moment_picture(props.shot.plugin, story, props.words());
            let source = String::from(js_sys::encode_uri_component(&svg));
            drawn.truncate(MOST_DRAWN);
            drawn.insert(
                0,
                (key.clone(), format!("data:image/svg+xml,{source}").into()),
            );
        }
        drawn
            .iter()
            .find(|(known, _)| *known == key)
            .map(|(_, source)| source.clone())
    });
    html! { <figure><img src={source} alt="" /><figcaption>{ prose(caption) }</figcaption></figure> }
}
