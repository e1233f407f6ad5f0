//! What is to be measured: which experiment, its parameters, how many seeds.

use super::Try;
use crate::lab::experiment::{Experiment, Misfit, Plan};
use crate::lab::{Dictionary, ParamKind, ParamSpec, Phrase};
use crate::ui::model::Intent;
use crate::view::Plugin;
use crate::view::experiment::param_help;
use std::ops::Range;
use std::rc::Rc;
use web_sys::{HtmlInputElement, SubmitEvent};
use yew::{
    Callback, Html, InputEvent, Properties, TargetCast, classes, component, html, use_mut_ref,
    use_state,
};

/// What an address says of an experiment: `ID`, or `ID A..B NAME=VALUES…`.
#[derive(Clone, PartialEq)]
pub(super) struct Asked {
    pub(super) id: String,
    seeds: Option<Range<u64>>,
    sets: Vec<(String, String)>,
}

impl Asked {
    pub(super) fn read(text: &str) -> Self {
        let mut words = text.split(' ').filter(|word| !word.is_empty());
        let id = words.next().unwrap_or_default().to_owned();
        let mut asked = Asked {
            id,
            seeds: None,
            sets: Vec::new(),
        };
        for word in words {
            let pair = word.split_once('=');
            match (pair, word.split_once("..")) {
                (Some((name, values)), _) => asked.sets.push((name.to_owned(), values.to_owned())),
                (None, Some((from, to))) => {
                    asked.seeds = from.parse().ok().zip(to.parse().ok()).map(|(a, b)| a..b);
                }
                (None, None) => {}
            }
        }
        asked
    }

    /// What stands in the field of a parameter at first: what is asked, else what is varied where nothing else
    /// is, else its default.
    fn value(&self, experiment: &dyn Experiment, spec: &ParamSpec) -> String {
        let set = self.sets.iter().rev().find(|(name, _)| name == spec.name);
        let (name, values) = experiment.spec().varies;
        match set {
            Some((_, values)) => values.clone(),
            None if self.sets.is_empty() && name == spec.name => values.to_owned(),
            None => spec.default_value().to_string(),
        }
    }
}

/// The id of the form: what begins it stands beside what comes of it, where it is seen at once.
pub(super) const FORM: &str = "try-form";

/// What the form is given.
#[derive(Properties, Clone)]
pub(super) struct FormProps {
    pub(super) plugin: &'static dyn Plugin,
    pub(super) experiment: &'static dyn Experiment,
    pub(super) asked: Asked,
    pub(super) words: Rc<Dictionary>,
    pub(super) on: Callback<Intent>,
}

impl PartialEq for FormProps {
    fn eq(&self, other: &Self) -> bool {
        let ids = |props: &Self| (props.plugin.card().id, props.experiment.spec().id);
        ids(self) == ids(other)
            && self.asked == other.asked
            && Rc::ptr_eq(&self.words, &other.words)
    }
}

/// What is wrong: the parameter's place, where it is about one, and a sentence.
type Wrong = Option<(Option<usize>, Phrase)>;

/// The form.
#[component]
pub(super) fn Form(props: &FormProps) -> Html {
    let spec = props.experiment.spec();
    let first = || {
        let value = |param| props.asked.value(props.experiment, param);
        spec.params.iter().map(value).collect::<Vec<_>>()
    };
    let first_seeds = || {
        let asked = props.asked.seeds.clone();
        let asked = asked.unwrap_or(1..spec.seeds + 1);
        format!("{}..{}", asked.start, asked.end)
    };
    let texts = use_state(first);
    let seeds = use_state(first_seeds);
    // What stands in the fields was asked by this; another address fills them anew.
    let filled = use_mut_ref(|| props.asked.clone());
    if *filled.borrow() != props.asked {
        texts.set(first());
        seeds.set(first_seeds());
        *filled.borrow_mut() = props.asked.clone();
    }
    let wrong = use_state(|| None as Wrong);
    let onsubmit = {
        let (props, texts, seeds, wrong) =
            (props.clone(), texts.clone(), seeds.clone(), wrong.clone());
        let filled = Rc::clone(&filled);
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            match plan_of(&props, &texts, &seeds) {
                Ok(plan) => {
                    wrong.set(None);
                    // The address will say what stands in the fields already, and leaves them be.
                    let text = plan.print();
                    *filled.borrow_mut() =
                        Asked::read(text.split_once(' ').map_or("", |(_, asked)| asked));
                    props.on.emit(Intent::Experiment(Try::Begin(text)));
                }
                Err(found) => wrong.set(Some(found)),
            }
        })
    };
    let (words, id) = (&props.words, spec.id);
    let fields = spec.params.iter().enumerate().map(|(at, param)| {
        let typed = {
            let texts = texts.clone();
            Callback::from(move |text: String| {
                let mut all = (*texts).clone();
                all[at] = text;
                texts.set(all);
            })
        };
        let about = (*wrong).as_ref().filter(|(place, _)| *place == Some(at));
        let label = param_help(words, id, param.name);
        field(
            words,
            (param.name, &label),
            &bounds(words, param),
            &texts[at],
            about,
            &typed,
        )
    });
    let typed = {
        let seeds = seeds.clone();
        Callback::from(move |text: String| seeds.set(text))
    };
    let whole = (*wrong).as_ref().filter(|(place, _)| place.is_none());
    let label = words.text("experiment.seeds");
    let hint = words.text("experiment.seeds-hint");
    html! {
        <form class="trialform" id={FORM} {onsubmit}>
            { for fields }
            { field(words, ("seeds", &label), &hint, &seeds, whole, &typed) }
            <p key="hint" class="cap">{ words.text("experiment.hint") }</p>
        </form>
    }
}

/// One line of the form.
fn field(
    words: &Dictionary,
    (name, label): (&'static str, &str),
    hint: &str,
    value: &str,
    wrong: Option<&(Option<usize>, Phrase)>,
    typed: &Callback<String>,
) -> Html {
    let (id, help, about) = (
        format!("try-{name}"),
        format!("try-{name}-help"),
        format!("try-{name}-wrong"),
    );
    let oninput = typed.reform(|event: InputEvent| {
        event
            .target_dyn_into::<HtmlInputElement>()
            .map(|input| input.value())
            .unwrap_or_default()
    });
    let invalid = if wrong.is_some() { "true" } else { "false" };
    html! {
        <div key={name} class={classes!("param", wrong.is_some().then_some("bad"))}>
            <label for={id.clone()}>{ label.to_owned() }<code>{ name }</code></label>
            <input {id} type="text" autocomplete="off" spellcheck="false" value={value.to_owned()} {oninput}
                aria-invalid={invalid} aria-describedby={format!("{help} {about}")} />
            <small id={help}>{ hint.to_owned() }</small>
            <p class="wrong" id={about} aria-live="polite">{ wrong.map(|(_, phrase)| words.say(phrase)) }</p>
        </div>
    }
}

/// The bounds in words.
fn bounds(words: &Dictionary, spec: &ParamSpec) -> String {
    let unit = match (&spec.kind, spec.unit) {
        (_, "") => String::new(),
        // A length of time says its own unit.
        (ParamKind::Duration(..), _) => String::new(),
        (_, unit) => format!(" {unit}"),
    };
    let (min, max) = match spec.kind {
        ParamKind::Integer(_, min, max) => (min.to_string(), max.to_string()),
        ParamKind::Duration(_, min, max) => (min.to_string(), max.to_string()),
        ParamKind::Ratio(_, min, max) => (min.to_string(), max.to_string()),
        ParamKind::Choice(_, all) => return all.join(", "),
        ParamKind::Flag(_) => return "on, off".to_owned(),
    };
    let bounds = Phrase::new("settings.bounds")
        .with("min", min)
        .with("max", max);
    let bounds = bounds
        .with("unit", unit)
        .with("default", spec.default_value());
    words.say(&bounds)
}

/// The plan that the form asks for.
fn plan_of(
    props: &FormProps,
    texts: &[String],
    seeds: &str,
) -> Result<Plan, (Option<usize>, Phrase)> {
    let spec = props.experiment.spec();
    let range = seeds.trim().split_once("..");
    let range = range.and_then(|(from, to)| Some(from.parse().ok()?..to.parse().ok()?));
    let range = range.filter(|range: &Range<u64>| !range.is_empty());
    let range = range.ok_or_else(|| (None, Phrase::new("experiment.seeds-wrong")))?;
    // What is varied by itself is set, so that no default comes back for what a person took out; all others only
    // where they differ, so that the address is short.
    let mut places = Vec::new();
    let mut sets = Vec::new();
    for (at, (param, text)) in spec.params.iter().zip(texts).enumerate() {
        let text: String = text.split_whitespace().collect();
        if param.name == spec.varies.0 || text != param.default_value().to_string() {
            sets.push(format!("{}={text}", param.name));
            places.push(at);
        }
    }
    Plan::new(props.plugin, props.experiment, &sets, Some(range)).map_err(|misfit| {
        let Misfit { set, complaint, .. } = misfit;
        let about = |at: usize| places.get(at).copied();
        // What is about several stands where it names the first of them.
        let named = || {
            let name = complaint.args.iter().find(|(name, _)| *name == "name")?;
            spec.params.iter().position(|param| param.name == name.1)
        };
        (set.and_then(about).or_else(named), complaint.clone())
    })
}
