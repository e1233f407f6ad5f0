//! Two runs side by side: the second stage, and what both sent, lost and answered.

use super::StudyProps;
use super::branches::name_of;
use crate::engine::{Span, Time};
use crate::lab::{Counts, ParamKind, Phrase};
use crate::protocols::CATALOGUE;
use crate::ui::desk::DeskRef;
use crate::ui::model::{Intent, Partner, Shot, ShotRef};
use crate::ui::panels::grouped;
use crate::ui::stage::{Painter, rules_off, state_word};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{HtmlCanvasElement, MouseEvent, ResizeObserver};
use yew::{Callback, Component, Context, Html, NodeRef, Properties, html};

/// What can run beside this run: this lab with another value of what is chosen from a list, another branch, another
/// lab.
pub(super) fn partners(props: &StudyProps<'_>) -> Html {
    let words = &props.shot.words;
    let lists = otherwise(props.shot).into_iter();
    let lists = lists.map(|(name, all)| {
        let buttons = all.into_iter().map(|(value, partner)| match partner {
            Some(partner) => button(props, value.to_owned(), &format!("{name}={value}"), partner),
            None => html! {
                <span key={value} class="now">{ value }{ " " }<small>{ words.text("study.as-here") }</small></span>
            },
        });
        html! {
            <li key={name}>
                <p>{ words.text(&format!("param.{name}")) }<code>{ name }</code></p>
                <div class="btns">{ for buttons }</div>
            </li>
        }
    });
    let lists: Vec<Html> = lists.collect();
    let branches = props.shot.branches.iter();
    let branches = branches.map(|branch| {
        let name = name_of(props.shot, branch.id);
        button(props, name.clone(), &name, Partner::Branch(branch.id))
    });
    html! {
        <div key="beside" class="partners">
            <p class="cap">{ words.text("study.beside-hint") }</p>
            <section key="this" hidden={lists.is_empty()}>
                <h2>{ words.text("study.beside-this") }</h2>
                <ul>{ for lists }</ul>
            </section>
            <section key="branches">
                <h2>{ words.text("study.beside-branch") }</h2>
                <div class="btns">{ for branches }</div>
            </section>
            <section key="labs">
                <h2>{ words.text("study.beside-lab") }</h2>
                { labs(props) }
            </section>
        </div>
    }
}

/// Runs a partner beside, which the drawer gives room.
fn begin(props: &StudyProps<'_>) -> Callback<Partner> {
    let (on, on_tab) = (props.on.clone(), props.on_tab.clone());
    Callback::from(move |partner| {
        on.emit(Intent::Beside(Some(partner)));
        on_tab.emit(None);
    })
}

fn button(props: &StudyProps<'_>, text: String, name: &str, partner: Partner) -> Html {
    let label = Phrase::new("study.beside-of").with("name", name);
    let onclick = begin(props).reform(move |_: MouseEvent| partner.clone());
    html! {
        <button key={name.to_owned()} type="button" class="pbtn" aria-label={props.shot.words.say(&label)} {onclick}>
            { text }
        </button>
    }
}

/// All other labs by their titles, family by family.
fn labs(props: &StudyProps<'_>) -> Html {
    let words = &props.shot.words;
    let mine = props.shot.plugin.card().id;
    let mut groups: Vec<(String, Vec<(String, String)>)> = Vec::new();
    for card in CATALOGUE.iter().map(|plugin| plugin.card()) {
        if card.id == mine {
            continue;
        }
        let family = words.text(&format!("family.{}", card.family));
        // The words of the page hold the titles of all labs.
        let lab = (
            card.id.to_owned(),
            words.text(&format!("{}/lab.title", card.id)),
        );
        match groups.iter_mut().find(|(name, _)| *name == family) {
            Some((_, labs)) => labs.push(lab),
            None => groups.push((family, vec![lab])),
        }
    }
    let on_choose = begin(props);
    let on_choose = Callback::from(move |id: String| {
        if !id.is_empty() {
            on_choose.emit(Partner::Lab(id));
        }
    });
    let label = words.text("study.lab");
    grouped(
        "study-lab",
        label,
        words.text("study.choose"),
        groups,
        on_choose,
    )
}

/// Of each parameter that is chosen from a list: its values, and what would run with them; nothing with the one
/// that is so.
type Lists = Vec<(&'static str, Vec<(&'static str, Option<Partner>)>)>;

/// This lab with every other value of what is chosen from a list: another policy on the same stream of requests.
fn otherwise(shot: &Shot) -> Lists {
    let lists = shot.setup.params.iter().filter_map(|(spec, now)| {
        let ParamKind::Choice(_, values) = spec.kind else {
            return None;
        };
        let (name, now) = (spec.name, now.to_string());
        let other = |value: &&'static str| {
            let partner = Partner::Otherwise(name, value);
            (*value, (**value != now).then_some(partner))
        };
        Some((name, values.iter().map(other).collect()))
    });
    lists.collect()
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
    // Only where both sides agree on something is there anything to compare.
    let agreed = first.plugin.agreed(first.run.world());
    let agreed = agreed.zip(second.plugin.agreed(second.run.world()));
    let agreed = agreed.map(|(a, b)| row("study.agreed", a.to_string(), b.to_string()));
    html! {
        <>
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
                { agreed }
            </tbody>
        </table>
        { by_kind((first, &a), (second, &b)) }
        </>
    }
}

/// What was sent, kind by kind: the two may speak different languages.
fn by_kind((first, a): (&Shot, &Counts), (second, b): (&Shot, &Counts)) -> Html {
    let words = &first.words;
    let sent = |shot: &Shot, counts: &Counts| -> Vec<(&'static str, u64)> {
        let kinds = shot.plugin.info().message_kinds.iter().copied();
        let kinds = kinds.zip(counts.messages.iter().map(|kind| kind[0]));
        kinds.filter(|(_, sent)| *sent > 0).collect()
    };
    let (a, b) = (sent(first, a), sent(second, b));
    let cells = |kind: Option<&(&'static str, u64)>| {
        let (name, sent) = kind.map_or(("", String::new()), |(name, sent)| {
            (*name, sent.to_string())
        });
        html! { <><td class="kind">{ name }</td><td>{ sent }</td></> }
    };
    let rows = (0..a.len().max(b.len())).map(|i| {
        html! { <tr key={i}>{ cells(a.get(i)) }{ cells(b.get(i)) }</tr> }
    });
    html! {
        <table class="plain kinds">
            <caption>{ words.text("study.kinds") }</caption>
            <thead><tr>
                <th scope="colgroup" colspan="2">{ words.text("study.left") }</th>
                <th scope="colgroup" colspan="2">{ words.text("study.right") }</th>
            </tr></thead>
            <tbody>{ for rows }</tbody>
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
