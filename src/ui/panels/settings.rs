//! The parameters of the lab, with their bounds. Another value begins the run anew.

use super::choice::Choice;
use super::parts::{PanelProps, typed};
use crate::lab::{Complaint, ParamKind, ParamSpec, Phrase, Value};
use crate::ui::model::{Intent, Partner};
use yew::prelude::*;

/// The list of parameters, the seed, and how to begin anew.
pub fn settings(props: &PanelProps) -> Html {
    let shot = &props.shot;
    let words = &shot.words;
    let rows = shot.setup.params.iter().map(|(spec, value)| {
        html! { <Param key={spec.name} spec={*spec} {value} shot={shot.clone()}
        on={props.on.clone()} /> }
    });
    let seed = Phrase::new("settings.seed").with("seed", shot.setup.seed);
    html! {
        <section class="settings" aria-label={words.text("settings.title")}>
            <p class="cap">{ words.text("settings.hint") }</p>
            <div class="params">{ for rows }</div>
            <div class="seed">
                <span>{ words.say(&seed) }</span>
                <button type="button" class="pbtn" onclick={props.want::<MouseEvent>(Intent::NewSeed)}>
                    { words.text("settings.new-seed") }
                </button>
                <button type="button" class="pbtn" onclick={props.want::<MouseEvent>(Intent::Reset)}>
                    { words.text("settings.reset") }
                </button>
            </div>
        </section>
    }
}

/// What one parameter is given.
#[derive(Properties, PartialEq)]
struct ParamProps {
    shot: crate::ui::model::ShotRef,
    on: Callback<Intent>,
    spec: ParamSpec,
    value: Value,
}

/// One parameter. A wrong value is told at once, and changes nothing.
#[component]
fn Param(props: &ParamProps) -> Html {
    let words = &props.shot.words;
    let (name, spec) = (props.spec.name, props.spec);
    let now = props.value.to_string();
    // What a person has typed that is not so yet, and what is wrong with it.
    let draft = use_state(|| None::<String>);
    let wrong = use_state(|| None::<Complaint>);
    let set = {
        let (draft, wrong, on, now) = (draft.clone(), wrong.clone(), props.on.clone(), now.clone());
        Callback::from(move |text: String| match spec.parse(text.trim()) {
            Err(complaint) => wrong.set(Some(complaint)),
            Ok(value) => {
                wrong.set(None);
                draft.set(None);
                if value.to_string() != now {
                    on.emit(Intent::SetParam(name, value.to_string()));
                }
            }
        })
    };
    let (id, help_id, wrong_id) = (
        format!("param-{name}"),
        format!("param-{name}-help"),
        format!("param-{name}-wrong"),
    );
    let shown = (*draft).clone().unwrap_or_else(|| now.clone());
    let field = match spec.kind {
        ParamKind::Choice(_, all) => list(&id, all, &now, &set, |word| word.to_owned()),
        ParamKind::Flag(_) => {
            let word = |flag: &str| words.text(&format!("settings.{flag}"));
            list(&id, &["on", "off"], &now, &set, word)
        }
        ParamKind::Integer(..) | ParamKind::Duration(..) | ParamKind::Ratio(..) => {
            let oninput = Callback::from(move |event: InputEvent| draft.set(Some(typed(&event))));
            let onchange = set.reform(|event: Event| typed(&event));
            let invalid = if wrong.is_some() { "true" } else { "false" };
            html! {
                <input key="field" {id} type="text" autocomplete="off" spellcheck="false"
                    value={shown} {oninput} {onchange} aria-invalid={invalid}
                    aria-describedby={format!("{help_id} {wrong_id}")} />
            }
        }
    };
    let complaint = (*wrong).as_ref().map(|complaint| words.say(complaint));
    html! {
        <div class="param">
            <label for={format!("param-{name}")}>
                { words.text(&format!("param.{name}")) }<code>{ name }</code>
            </label>
            { field }
            <small id={help_id}>{ bounds(props) }</small>
            <p class="wrong" id={wrong_id} aria-live="polite">{ complaint }</p>
            <div key="beside" class="besides">{ for beside(props) }</div>
        </div>
    }
}

/// Of what is chosen from a list: a run with another value of it beside this one.
fn beside(props: &ParamProps) -> Option<Html> {
    let ParamKind::Choice(_, all) = props.spec.kind else {
        return None;
    };
    let words = &props.shot.words;
    let now = props.value.to_string();
    let others: Vec<&'static str> = all.iter().copied().filter(|value| *value != now).collect();
    let options = others
        .iter()
        .map(|value| ((*value).to_owned(), (*value).to_owned()));
    let none = (String::new(), words.text("settings.beside-none"));
    let options: Vec<_> = std::iter::once(none).chain(options).collect();
    let name = props.spec.name;
    let on_choose = props.on.reform(move |chosen: String| {
        let value = others.iter().find(|value| **value == chosen);
        Intent::Beside(value.map(|value| Partner::Otherwise(name, value)))
    });
    let label = words.text("settings.beside");
    let id = format!("beside-{name}");
    Some(html! { <Choice {id} {label} all={options} now={String::new()} {on_choose} /> })
}

/// The bounds in words: `3 to 9 nodes; default 5`.
fn bounds(props: &ParamProps) -> String {
    let spec = &props.spec;
    let range = |min: String, max: String| {
        let phrase = Phrase::new("settings.bounds")
            .with("min", min)
            .with("max", max)
            .with(
                "unit",
                match (&spec.kind, spec.unit) {
                    (_, "") => String::new(),
                    // A length of time says its own unit.
                    (ParamKind::Duration(..), _) => String::new(),
                    (_, unit) => format!(" {unit}"),
                },
            )
            .with("default", spec.default_value());
        props.shot.words.say(&phrase)
    };
    match spec.kind {
        ParamKind::Integer(_, min, max) => range(min.to_string(), max.to_string()),
        ParamKind::Duration(_, min, max) => range(min.to_string(), max.to_string()),
        ParamKind::Ratio(_, min, max) => range(min.to_string(), max.to_string()),
        ParamKind::Choice(..) | ParamKind::Flag(_) => {
            let phrase = Phrase::new("settings.default").with("default", spec.default_value());
            props.shot.words.say(&phrase)
        }
    }
}

fn list(
    id: &str,
    all: &[&str],
    now: &str,
    set: &Callback<String>,
    word: impl Fn(&str) -> String,
) -> Html {
    let all: Vec<_> = all
        .iter()
        .map(|value| ((*value).to_owned(), word(value)))
        .collect();
    let (id, now) = (id.to_owned(), now.to_owned());
    html! { <Choice key="field" {id} {all} {now} on_choose={set.clone()} /> }
}
