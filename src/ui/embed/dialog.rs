//! The dialog that gives the lines to embed a run: what the author chooses, and the snippet for what
//! builds the page.

use crate::lab::{Dictionary, Phrase};
use crate::ui::dialog::Dialog;
use crate::ui::header::copy_button;
use crate::ui::model::{MarkKind, Shot, ShotRef};
use crate::view::{CONTROLS, Form, PANELS, Snippet};
use std::rc::Rc;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::{
    AttrValue, Callback, Event, Html, InputEvent, MouseEvent, Properties, TargetCast,
    UseStateHandle, component, html, use_state,
};

/// The height that is offered, and what a frame takes.
const HEIGHT: u32 = 480;
const HEIGHTS: (u32, u32) = (120, 2000);
/// The controls that are offered, which are those of a frame whose author says nothing.
const OFFERED: [&str; 7] = ["play", "step", "scrub", "speed", "restart", "act", "open"];

/// About how many characters stand on a line of the lines to copy.
const COLUMNS: usize = 84;

/// What the frame begins with.
const STARTS: [&str; 3] = ["lab", "run", "moment"];

/// The dialog; open where there is a link to the run.
pub(in crate::ui) fn dialog(link: Option<&str>, shot: &ShotRef, on_close: &Callback<()>) -> Html {
    let shown = link.map(|link| {
        let panels = shot.plugin.panels(shot.run.world(), &shot.names);
        let own = panels.iter().map(|panel| panel.id().to_owned());
        let (base, moment) = link.split_once('#').unwrap_or((link, ""));
        html! {
            <Lines key="lines" start={start_of(shot)} base={folder(base).to_owned()} moment={moment.to_owned()} lab={shot.plugin.card().id}
                panels={own.collect::<Vec<_>>()} words={Words(Rc::clone(&shot.words))} on_close={on_close.clone()} />
        }
    });
    html! {
        <Dialog key="embed" open={link.is_some()} class="embedding" on_close={on_close.clone()}>
            <h2 id="embedding-title">{ shot.words.text("embed.title") }</h2>
            <>{ for shown }</>
        </Dialog>
    }
}

/// What the frame begins with at first: with this run, where anything was done in it or set.
fn start_of(shot: &Shot) -> &'static str {
    let mut given = shot.marks.iter().map(|mark| mark.kind);
    let done = given.any(|kind| matches!(kind, MarkKind::Command | MarkKind::Fault));
    let mut params = shot.setup.params.iter();
    let set = params.any(|(spec, value)| value != spec.default_value());
    if done || set { STARTS[1] } else { STARTS[0] }
}

/// The folder of a page.
fn folder(address: &str) -> &str {
    let address = address.split('?').next().unwrap_or_default();
    let end = address.rfind('/').map_or(0, |at| at + 1);
    &address[..end]
}

/// The texts as a property: equal if they are the same ones.
#[derive(Clone)]
struct Words(Rc<Dictionary>);

impl PartialEq for Words {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

#[derive(Properties, PartialEq)]
struct LinesProps {
    start: &'static str,
    base: AttrValue,
    moment: AttrValue,
    lab: &'static str,
    /// The ids of the lab's own panels.
    panels: Vec<String>,
    words: Words,
    on_close: Callback<()>,
}

/// What the author chose.
#[derive(Clone, PartialEq)]
struct Choice {
    /// The height as it was typed.
    height: String,
    start: &'static str,
    panels: Vec<String>,
    controls: Vec<&'static str>,
    readonly: bool,
    autoplay: bool,
    form: Form,
}

impl Choice {
    fn snippet(&self, props: &LinesProps) -> Snippet {
        let mut attributes = Vec::new();
        if !self.panels.is_empty() {
            attributes.push(("panels", self.panels.join(",")));
        }
        if self.controls != OFFERED {
            let none = self.controls.is_empty();
            let controls = if none {
                "none".to_owned()
            } else {
                self.controls.join(",")
            };
            attributes.push(("controls", controls));
        }
        for (name, is) in [("readonly", self.readonly), ("autoplay", self.autoplay)] {
            if is {
                attributes.push((name, String::new()));
            }
        }
        let moment = match self.start {
            "moment" => Some(props.moment.to_string()),
            "run" => Some(begun(&props.moment)),
            _ => None,
        };
        Snippet {
            base: props.base.to_string(),
            lab: props.lab.to_owned(),
            title: props.words.0.text("lab.title"),
            moment,
            height: self
                .height
                .parse()
                .unwrap_or(HEIGHT)
                .clamp(HEIGHTS.0, HEIGHTS.1),
            attributes,
        }
    }
}

/// The same run from its beginning: a link without its place.
fn begun(moment: &str) -> String {
    let (path, query) = moment.split_once('?').unwrap_or((moment, ""));
    let of_place = |part: &&str| {
        !["at=", "hash=", "selected="]
            .iter()
            .any(|name| part.starts_with(name))
    };
    let rest: Vec<&str> = query.split('&').filter(of_place).collect();
    format!("{path}?{}", rest.join("&"))
}

/// The choices and the lines.
#[component]
fn Lines(props: &LinesProps) -> Html {
    let choice = use_state(|| Choice {
        height: HEIGHT.to_string(),
        start: props.start,
        panels: Vec::new(),
        controls: OFFERED.to_vec(),
        readonly: false,
        autoplay: false,
        form: Form::Html,
    });
    let words = &*props.words.0;
    let text = choice.snippet(props).write(choice.form);
    let lines = text
        .lines()
        .map(|line| 1 + line.len() / COLUMNS)
        .sum::<usize>();
    html! {
        <div class="choices">
            <p>{ words.text("embed.about") }</p>
            { form(words, &choice) }
            { start(words, &choice) }
            { height(words, &choice) }
            <fieldset><legend>{ words.text("embed.panels") }</legend>{ panels(props, &choice) }</fieldset>
            <fieldset><legend>{ words.text("embed.controls") }</legend>{ controls(words, &choice) }</fieldset>
            <textarea readonly=true rows={lines.to_string()} spellcheck="false" aria-label={words.text("embed.lines")} value={text.clone()} />
            <p class="btns">
                { copy_button(words, "embed.copy", &text) }
                <button type="button" class="tbtn" onclick={props.on_close.reform(|_: MouseEvent| ())}>
                    { words.text("key.close") }
                </button>
                <small>{ words.say(&Phrase::new("embed.length").with("n", text.len())) }</small>
            </p>
        </div>
    }
}

type State = UseStateHandle<Choice>;

/// Changes the choice by what a control says.
fn change<E: 'static>(choice: &State, set: impl Fn(&mut Choice, E) + 'static) -> Callback<E> {
    let choice = choice.clone();
    Callback::from(move |event: E| {
        let mut new = (*choice).clone();
        set(&mut new, event);
        choice.set(new);
    })
}

fn form(words: &Dictionary, choice: &State) -> Html {
    let onchange = change(choice, |choice, event: Event| {
        let chosen = event.target_unchecked_into::<HtmlSelectElement>().value();
        let found = Form::ALL.iter().find(|(_, name)| *name == chosen);
        choice.form = found.map_or(Form::Html, |(form, _)| *form);
    });
    let option = |(form, name): &(Form, &'static str)| {
        html! { <option key={*name} value={*name} selected={*form == choice.form}>{ *name }</option> }
    };
    html! {
        <label class="choose">{ words.text("embed.for") }<select {onchange}>{ for Form::ALL.iter().map(option) }</select></label>
    }
}

fn start(words: &Dictionary, choice: &State) -> Html {
    let onchange = change(choice, |choice, event: Event| {
        let chosen = event.target_unchecked_into::<HtmlSelectElement>().value();
        let found = STARTS.into_iter().find(|start| *start == chosen);
        choice.start = found.unwrap_or(STARTS[0]);
    });
    let option = |start: &'static str| {
        let text = words.text(&format!("embed.start-{start}"));
        html! { <option key={start} value={start} selected={start == choice.start}>{ text }</option> }
    };
    html! {
        <label class="choose">{ words.text("embed.start") }<select {onchange}>{ for STARTS.into_iter().map(option) }</select></label>
    }
}

fn height(words: &Dictionary, choice: &State) -> Html {
    let (low, high) = HEIGHTS;
    let oninput = change(choice, |choice, event: InputEvent| {
        choice.height = event.target_unchecked_into::<HtmlInputElement>().value();
    });
    html! {
        <label class="choose">{ words.text("embed.height") }
            <input type="number" min={low.to_string()} max={high.to_string()} step="20" value={choice.height.clone()} {oninput} />
        </label>
    }
}

fn tick(key: &str, label: String, checked: bool, onchange: Callback<Event>) -> Html {
    html! {
        <label key={key.to_owned()} class="tickbox"><input type="checkbox" {checked} {onchange} />{ label }</label>
    }
}

fn panels(props: &LinesProps, choice: &State) -> Html {
    let words = &props.words.0;
    let own = props
        .panels
        .iter()
        .map(|id| (id.clone(), format!("panel.{id}")));
    let common = PANELS
        .into_iter()
        .map(|id| (id.to_owned(), format!("embed.panel-{id}")));
    let boxes = own.chain(common).map(|(id, key)| {
        let set = id.clone();
        let onchange = change(choice, move |choice, _: Event| {
            let before = choice.panels.len();
            choice.panels.retain(|known| *known != set);
            if choice.panels.len() == before {
                choice.panels.push(set.clone());
            }
        });
        tick(&id, words.text(&key), choice.panels.contains(&id), onchange)
    });
    html! { <>{ for boxes }</> }
}

fn controls(words: &Dictionary, choice: &State) -> Html {
    let boxes = CONTROLS.into_iter().map(|id| {
        let onchange = change(choice, move |choice, _: Event| {
            let wanted = |known: &&str| choice.controls.contains(known) != (*known == id);
            choice.controls = CONTROLS.into_iter().filter(wanted).collect();
        });
        let label = words.text(&format!("embed.control-{id}"));
        tick(id, label, choice.controls.contains(&id), onchange)
    });
    let readonly = change(choice, |choice, _: Event| {
        choice.readonly = !choice.readonly;
    });
    let autoplay = change(choice, |choice, _: Event| {
        choice.autoplay = !choice.autoplay;
    });
    html! {
        <>
            <>{ for boxes }</>
            { tick("readonly", words.text("embed.readonly"), choice.readonly, readonly) }
            { tick("autoplay", words.text("embed.autoplay"), choice.autoplay, autoplay) }
        </>
    }
}
