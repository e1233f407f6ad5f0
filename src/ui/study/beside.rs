//! Two runs side by side: the second stage, and what both sent, lost and answered.

use super::StudyProps;
use super::branches::name_of;
use crate::engine::{Span, Time};
use crate::lab::{Counts, ParamKind, Phrase};
use crate::protocols::CATALOGUE;
use crate::ui::desk::DeskRef;
use crate::ui::model::{Intent, Partner, Shot, ShotRef};
use crate::ui::panels::choice;
use crate::ui::stage::{Painter, rules_off, state_word};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{HtmlCanvasElement, MouseEvent, ResizeObserver};
use yew::{Callback, Component, Context, Html, NodeRef, Properties, html};

/// A list of what can run beside this run.
pub(super) fn partners(props: &StudyProps<'_>) -> Html {
    let (shot, words) = (props.shot, &props.shot.words);
    let branches = shot.branches.iter().map(|branch| {
        let text = name_of(shot, branch.id);
        (Partner::Branch(branch.id), text)
    });
    let mine = shot.plugin.info().id;
    let labs = CATALOGUE.iter().map(|plugin| plugin.info().id);
    let labs = labs.filter(|id| *id != mine).map(|id| {
        let text = words.say(&Phrase::new("study.lab").with("lab", id));
        (Partner::Lab(id.to_owned()), text)
    });
    let all: Vec<(Partner, String)> = branches.chain(otherwise(shot)).chain(labs).collect();
    let options = all.iter().enumerate();
    let options = options.map(|(i, (_, text))| (i.to_string(), text.clone()));
    let none = (String::new(), words.text("study.nothing"));
    let options = std::iter::once(none).chain(options).collect();
    let on_choose = {
        let (on, on_tab) = (props.on.clone(), props.on_tab.clone());
        Callback::from(move |value: String| {
            let chosen = value.parse::<usize>().ok().and_then(|i| all.get(i));
            on.emit(Intent::Beside(chosen.map(|(partner, _)| partner.clone())));
            if chosen.is_some() {
                on_tab.emit(None);
            }
        })
    };
    let label = words.text("study.beside");
    choice("study-beside", label, options, String::new(), on_choose)
}

/// This lab with every other value of what is chosen from a list: another policy on the same stream of requests.
fn otherwise(shot: &Shot) -> Vec<(Partner, String)> {
    let mut all = Vec::new();
    for (spec, now) in shot.setup.params.iter() {
        let ParamKind::Choice(_, values) = spec.kind else {
            continue;
        };
        let now = now.to_string();
        for value in values.iter().filter(|value| **value != now) {
            let phrase = Phrase::new("study.otherwise").with("name", spec.name);
            let text = shot.words.say(&phrase.with("value", value));
            all.push((Partner::Otherwise(spec.name, value), text));
        }
    }
    all
}

/// Which branch a partner is, or what is otherwise in it; a lab needs no more words than its title.
pub(in crate::ui) fn title(shot: &Shot, partner: &Partner) -> String {
    match partner {
        Partner::Branch(branch) => format!("{} \u{b7}", name_of(shot, *branch)),
        Partner::Otherwise(name, value) => format!("{name} = {value} \u{b7}"),
        Partner::Lab(_) => String::new(),
    }
}

/// What the second stage is given.
#[derive(Properties, PartialEq)]
pub(in crate::ui) struct BesideProps {
    pub(in crate::ui) first: ShotRef,
    pub(in crate::ui) second: ShotRef,
    /// Which branch it is, where it is one.
    pub(in crate::ui) title: String,
    /// How many of the first one's commands the second one does not know.
    pub(in crate::ui) unknown: usize,
    pub(in crate::ui) desk: DeskRef,
    pub(in crate::ui) on: Callback<Intent>,
}

/// The second stage.
pub(in crate::ui) struct Beside {
    base: NodeRef,
    top: NodeRef,
    observer: Option<(ResizeObserver, Closure<dyn FnMut()>)>,
}

impl Component for Beside {
    type Message = ();
    type Properties = BesideProps;

    fn create(_: &Context<Self>) -> Self {
        Beside {
            base: NodeRef::default(),
            top: NodeRef::default(),
            observer: None,
        }
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let props = ctx.props();
        let words = &props.second.words;
        let close = props.on.reform(|_: MouseEvent| Intent::Beside(None));
        let note = (props.unknown > 0).then(|| {
            let phrase = Phrase::new("study.unknown").with("n", props.unknown);
            props.first.words.say(&phrase)
        });
        html! {
            <section class="card beside" aria-label={words.text("study.second")}>
                <div class="besidehead">
                    <h2>{ words.text("lab.title") }</h2>
                    <small>{ &props.title }{ " " }{ words.text("study.in-step") }</small>
                    <button type="button" class="tbtn plain" aria-label={words.text("study.alone")}
                        onclick={close}>{ "\u{2715}" }</button>
                </div>
                <div class="field">
                    <canvas ref={&self.base} role="img" aria-label={stage_label(&props.second)} />
                    <canvas ref={&self.top} aria-hidden="true" />
                    { rules_off(&props.second) }
                </div>
                <p class="cap">{ note }</p>
                { counts(&props.first, &props.second) }
            </section>
        }
    }

    fn rendered(&mut self, ctx: &Context<Self>, first: bool) {
        let canvas = |node: &NodeRef| node.cast::<HtmlCanvasElement>();
        let (Some(base), Some(top), true) = (canvas(&self.base), canvas(&self.top), first) else {
            return;
        };
        let desk = ctx.props().desk.clone();
        desk.0.set_stage_beside(Painter::new(base.clone(), top));
        let told = Closure::<dyn FnMut()>::new(move || desk.0.resized_beside());
        if let Ok(observer) = ResizeObserver::new(told.as_ref().unchecked_ref()) {
            observer.observe(&base);
            self.observer = Some((observer, told));
        }
    }

    fn destroy(&mut self, ctx: &Context<Self>) {
        if let Some((observer, _)) = self.observer.take() {
            observer.disconnect();
        }
        ctx.props().desk.0.set_stage_beside(None);
    }
}

/// What a screen reader says of the second stage: every node with what it is.
fn stage_label(shot: &Shot) -> String {
    let scene = shot.plugin.scene(shot.run.world());
    let node = |card: &crate::view::NodeCard| {
        let state = state_word(&shot.words, card);
        format!("{}: {state}", card.name)
    };
    scene.nodes.iter().map(node).collect::<Vec<_>>().join(", ")
}

/// What happened up to now, on either side.
fn counts(first: &Shot, second: &Shot) -> Html {
    let words = &first.words;
    let (a, b) = (totals(first), totals(second));
    let kinds = |counts: &Counts, what: usize| -> u64 {
        counts.messages.iter().map(|kind| kind[what]).sum()
    };
    let mean = |counts: &Counts| {
        let ms = |span: Span| format!("{}.{} ms", span.0 / 1000, span.0 % 1000 / 100);
        counts.mean().map_or_else(|| "\u{2013}".to_owned(), ms)
    };
    let row = |key: &'static str, a: String, b: String| {
        html! { <tr {key}><th scope="row">{ words.text(key) }</th><td>{ a }</td><td>{ b }</td></tr> }
    };
    let number =
        |key, of: &dyn Fn(&Counts) -> u64| row(key, of(&a).to_string(), of(&b).to_string());
    html! {
        <table class="plain">
            <caption>{ words.text("study.counts") }</caption>
            <thead><tr>
                <th scope="col">{ words.text("study.counted") }</th>
                <th scope="col">{ words.text("study.left") }</th>
                <th scope="col">{ words.text("study.right") }</th>
            </tr></thead>
            <tbody>
                { number("study.sent", &|counts| kinds(counts, 0)) }
                { number("study.delivered", &|counts| kinds(counts, 1)) }
                { number("study.lost", &|counts| kinds(counts, 2)) }
                { number("study.answered", &|counts| counts.answered) }
                { row("study.mean", mean(&a), mean(&b)) }
            </tbody>
        </table>
    }
}

/// Messages as the world counts them; requests up to the last stretch of time that is over.
fn totals(shot: &Shot) -> Counts {
    let mut total = Counts::default();
    let width = shot.series.width();
    let over = |from: Time| from + width <= shot.clock || shot.position >= shot.end;
    let buckets = shot.series.buckets().iter();
    buckets
        .filter(|bucket| over(bucket.from) && bucket.from <= shot.clock)
        .for_each(|bucket| total.add(&bucket.counts));
    let counters = shot.run.world().counters();
    let kinds = shot.plugin.info().message_kinds.len();
    let of = |kind: usize| {
        [
            counters.sent[kind],
            counters.delivered[kind],
            counters.dropped[kind],
        ]
    };
    total.messages = (0..kinds).map(of).collect();
    total
}
