//! The panel beside the stage that leads through a lesson, one page at a time.

use super::Wish;
use super::prose::prose;
use super::tour::{Phase, State, Tour};
use crate::lab::lesson::{Act, Condition, Item, Predict, Task};
use crate::lab::{Dictionary, Names, Phrase, Story};
use crate::ui::desk::Taught;
use crate::ui::header::copy_button;
use crate::ui::model::{Intent, Presenting, ShotRef};
use crate::ui::page;
use crate::ui::panels::focus;
use crate::view::{moment_picture, wanted};
use std::cell::RefCell;
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, SubmitEvent};
use yew::{AttrValue, Callback, Html, MouseEvent, TargetCast, classes, html};

/// How many pictures are kept drawn.
const MOST_DRAWN: usize = 5;

/// The id of the title of the page that is open.
const TITLE: &str = "lesson-page";

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
    fn words(&self) -> &Dictionary {
        &self.shot.words
    }

    fn want(&self, wish: Wish) -> Callback<MouseEvent> {
        self.on.reform(move |_| Intent::Lesson(wish.clone()))
    }

    fn button(&self, class: &'static str, label: &str, wish: Wish) -> Html {
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
    let told = last.and_then(|last| last.query_selector("[role=status]").ok()?);
    let next = || page::document().query_selector(".lesson .step.now").ok()?;
    if let Some(shown) = told.or_else(next) {
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
    let (open, asks) = told(tour);
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
    html! {
        <details key="lesson" class="card lesson" open=true aria-label={tour.lesson.title.clone()}
            onpointerover={Callback::from(move |e: web_sys::PointerEvent| over(e.into()))}
            onpointerout={Callback::from(move |e: web_sys::PointerEvent| out(e.into()))}
            onfocusin={Callback::from(move |e: web_sys::FocusEvent| focus(e.into()))}
            onfocusout={Callback::from(move |e: web_sys::FocusEvent| blur(e.into()))}
            onclick={Callback::from(move |e: MouseEvent| click(e.into()))}>
            <summary><span>{ &tour.lesson.title }</span><small>{ place(tour, words) }</small></summary>
            <div key={format!("page{}", tour.page)} class="lessonbody" tabindex="0" role="region" aria-label={shown.title.clone()}>
                <h2 id={TITLE} tabindex="-1">{ &shown.title }</h2>
                { for items }
                { for asks.then(|| html! { <p key="asks" class="quiet">{ words.text("learn.goes-on") }</p> }) }
                { for (last && !asks).then(|| ending(props)) }
            </div>
            { foot(props) }
        </details>
    }
}

/// How many items of the page are to be seen, and whether a question is why there are no more: what
/// comes after one may answer it.
fn told(tour: &Tour) -> (usize, bool) {
    let items = &tour.lesson.pages[tour.page].items;
    let mut steps = tour.steps_of(tour.page);
    let asks = |item: &Item| {
        let Item::Step(one) = item else {
            return false;
        };
        let step = steps.next();
        let open = step.is_some_and(|step| tour.states[step].phase != Phase::Done);
        open && matches!(one.task, Task::Predict(_))
    };
    let known = tour.done.get(tour.page) == Some(&true);
    match items.iter().position(asks) {
        Some(at) if !known => {
            let mut rest = items[at + 1..].iter();
            let more = rest.any(|item| !matches!(item, Item::Presenter(_)));
            (at + 1, more)
        }
        Some(_) | None => (items.len(), false),
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
        props.button("main", &words.text("learn.end"), Wish::Leave)
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

fn task(props: &LessonProps<'_>, step: usize, task: &Task) -> Html {
    let (tour, words) = (&props.taught.tour, props.words());
    let state = &tour.states[step];
    let current = tour.current() == Some(step);
    match task {
        Task::Setup(_) => setup(props, step),
        Task::Run { button, .. } => {
            let label = button.clone().unwrap_or_else(|| words.text("learn.run"));
            html! { <div class={step_class(state, current)}>{ go(props, step, &label, true) }</div> }
        }
        Task::Predict(predict) => question(props, step, predict),
        Task::Act(act) => deed(props, step, act),
    }
}

/// What the stage is: set for this page, about to be, or as a later page left it.
fn setup(props: &LessonProps<'_>, step: usize) -> Html {
    let (tour, words) = (&props.taught.tour, props.words());
    let (key, more) = match tour.states[step].phase {
        Phase::Done => ("learn.set-up", Some(again(props, step))),
        Phase::Waiting if step < tour.reached => (
            "learn.set-up-later",
            Some(props.button("small", &words.text("learn.set-up-anew"), Wish::Begin(step))),
        ),
        Phase::Waiting | Phase::Going => ("learn.setting-up", None),
    };
    html! { <p class="steprow"><span class="quiet">{ words.text(key) }</span>{ for more }</p> }
}

fn step_class(state: &State, current: bool) -> yew::Classes {
    classes!(
        "step",
        current.then_some("now"),
        (state.phase == Phase::Done).then_some("over")
    )
}

fn again(props: &LessonProps<'_>, step: usize) -> Html {
    props.button(
        "small",
        &props.words().text("learn.again"),
        Wish::Again(step),
    )
}

/// The button that begins a step; while its lines are played, the one that brings them to their end; and
/// then the one for once more.
fn go(props: &LessonProps<'_>, step: usize, label: &str, ready: bool) -> Html {
    let (tour, words) = (&props.taught.tour, props.words());
    match tour.states[step].phase {
        Phase::Waiting => {
            let skipped = step < tour.reached;
            // One after the other.
            let waits = !skipped && tour.current() != Some(step);
            let begin = props.want(Wish::Begin(step));
            let why = match (waits, ready || skipped) {
                (true, _) => Some("learn.waits"),
                (false, false) => Some("learn.choose-first"),
                (false, true) => None,
            };
            let id = format!("why-not-{step}");
            html! {
                <p key="go" class="steprow">
                    <button type="button" class="tbtn main" disabled={why.is_some()} onclick={begin}
                        aria-describedby={why.map(|_| id.clone())}>
                        { if skipped { words.text("learn.do-skipped") } else { label.to_owned() } }
                    </button>
                    <span {id} class="quiet" hidden={why.is_none()}>{ why.map(|key| words.text(key)) }</span>
                </p>
            }
        }
        Phase::Going => html! {
            <p key="going" class="steprow">
                <span class="quiet" role="status">{ words.text("learn.playing") }</span>
                { props.button("small", &words.text("learn.finish"), Wish::Finish) }
            </p>
        },
        Phase::Done => html! {
            <p key="over" class="steprow"><span class="quiet">{ words.text("learn.played") }</span>{ again(props, step) }</p>
        },
    }
}

fn question(props: &LessonProps<'_>, step: usize, predict: &Predict) -> Html {
    let (tour, words) = (&props.taught.tour, props.words());
    let state = &tour.states[step];
    let waiting = state.phase == Phase::Waiting;
    let option = |(i, option): (usize, &crate::lab::lesson::Choice)| {
        let chosen = state.chosen == Some(i);
        let right = state.right.get(i).copied();
        let choose = props
            .on
            .reform(move |_: web_sys::Event| Intent::Lesson(Wish::Choose(step, i)));
        let mark = match right {
            Some(true) => html! { <b class="good">{ words.text("learn.came-true") }</b> },
            Some(false) if chosen => html! { <b class="bad">{ words.text("learn.came-not") }</b> },
            Some(false) | None => html! {},
        };
        html! {
            <label key={i} class={classes!("option", chosen.then_some("chosen"))}>
                <input type="radio" name={format!("question-{step}")} checked={chosen} disabled={!waiting} onchange={choose} />
                <span>{ prose(&option.text) }</span>{ mark }
            </label>
        }
    };
    let answer = (!state.right.is_empty()).then(|| {
        let right = state.chosen.and_then(|chosen| state.right.get(chosen)) == Some(&true);
        let (class, key) = if right { ("good", "learn.right") } else { ("bad", "learn.wrong-answer") };
        html! { <div role="status"><p><b {class}>{ words.text(key) }</b>{ " " }{ prose(&predict.why) }</p></div> }
    });
    html! {
        <fieldset class={step_class(state, tour.current() == Some(step))}>
            <legend>{ prose(&predict.ask) }</legend>
            { for predict.options.iter().enumerate().map(option) }
            { for answer }
            { go(props, step, &words.text("learn.so-it-is"), state.chosen.is_some()) }
        </fieldset>
    }
}

/// A goal in words; what is written in the lesson is its title.
fn goal_text(condition: &Condition, names: &Names, words: &Dictionary) -> Html {
    let said = wanted(condition, names, words).text;
    html! { <span title={condition.print(names)}>{ said }</span> }
}

fn deed(props: &LessonProps<'_>, step: usize, act: &Act) -> Html {
    let (tour, words) = (&props.taught.tour, props.words());
    let state = &tour.states[step];
    let done = state.phase == Phase::Done;
    let goal = |(i, goal): (usize, &Condition)| {
        let live = state.phase == Phase::Going && props.taught.ticks.get(i) == Some(&true);
        let met = live || (done && !act.impossible);
        let said = words.text(if met { "learn.met" } else { "learn.unmet" });
        html! {
            <li key={i} class={classes!(met.then_some("met"))}>
                <span class="box" aria-hidden="true">{ if met { "\u{2713}" } else { "" } }</span>
                { goal_text(goal, &props.shot.names, words) }<span class="sr">{ said }</span>
            </li>
        }
    };
    let hints = act.hints.iter().take(state.hints).enumerate();
    let hints = hints.map(|(i, hint)| html! { <li key={i}>{ prose(hint) }</li> });
    let more = (state.phase == Phase::Going && state.hints < act.hints.len())
        .then(|| props.button("small", &words.text("learn.hint"), Wish::Hint(step)));
    let cannot = (act.impossible && state.phase == Phase::Going).then(|| {
        let say = props.want(Wish::Cannot(step));
        html! {
            <button key="cannot" type="button" class="tbtn" disabled={!state.tried} onclick={say}
                aria-describedby={(!state.tried).then_some("cannot-yet")}>
                { words.text("learn.cannot") }
            </button>
        }
    });
    let untried = act.impossible && state.phase == Phase::Going && !state.tried;
    let untried = untried.then(
        || html! { <span key="yet" id="cannot-yet" class="quiet">{ words.text("learn.cannot-yet") }</span> },
    );
    let skipped =
        (state.phase == Phase::Waiting && step < tour.reached).then(|| go(props, step, "", true));
    let open = act.allow.iter().map(|verb| {
        words
            .get(&format!("learn.verb-{verb}"))
            .unwrap_or(verb)
            .to_owned()
    });
    let open = Phrase::new("learn.open").with("open", open.collect::<Vec<_>>().join(", "));
    let finished =
        done.then(|| html! { <div role="status" class="done">{ prose(&act.done) }</div> });
    html! {
        <section class={step_class(state, tour.current() == Some(step))}>
            <h3>{ words.text("learn.task") }</h3>
            <ul class="goals">{ for act.goals.iter().enumerate().map(goal) }</ul>
            <p class="quiet" hidden={state.phase != Phase::Going}>{ words.say(&open) }</p>
            <ol class="hints">{ for hints }</ol>
            { for finished }
            <p class="steprow">
                { for cannot }{ for untried }{ for more }{ for skipped }
                { for (state.phase != Phase::Waiting).then(|| again(props, step)) }
            </p>
        </section>
    }
}

/// The last page: the paper, and the code that can be handed in.
fn ending(props: &LessonProps<'_>) -> Html {
    let (tour, words) = (&props.taught.tour, props.words());
    let form = tour.asks().then(|| {
        let on = props.on.clone();
        let onsubmit = Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let form = event.target_dyn_into::<web_sys::Element>();
            let field = form.and_then(|form| form.query_selector("input").ok().flatten());
            let field = field.map(JsCast::unchecked_into::<HtmlInputElement>);
            let name = field.map(|field| field.value()).unwrap_or_default();
            on.emit(Intent::Lesson(Wish::Code(name.trim().to_owned())));
        });
        let given = tour.states.iter().filter(|state| state.given.is_some()).count();
        let asked = tour.lesson.steps();
        let asked = asked.filter(|step| matches!(step.task, Task::Act(_) | Task::Predict(_))).count();
        let count = Phrase::new("learn.given").with("n", given).with("of", asked);
        let code = tour.code.as_ref().map(|code| {
            html! {
                <div class="code">
                    <input type="text" readonly=true value={AttrValue::from(code.clone())} aria-label={words.text("learn.code")} />
                    { copy_button(words, "learn.copy", code) }
                </div>
            }
        });
        html! {
            <form class="handin" {onsubmit}>
                <h3>{ words.text("learn.code") }</h3>
                <p class="quiet">{ words.text("learn.code-hint") }{ " " }{ words.say(&count) }</p>
                <label>{ words.text("learn.name") }{ " " }<input type="text" maxlength="80" autocomplete="name" /></label>
                <button type="submit" class="tbtn">{ words.text("learn.make-code") }</button>
                { for code }
            </form>
        }
    });
    html! {
        <div key="ending">
            <p class="quiet">{ words.text("learn.paper") }{ " " }<cite>{ &tour.lesson.paper }</cite></p>
            { for form }
        </div>
    }
}
