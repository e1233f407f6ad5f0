//! The page: what is asked, what is to be measured, how far that is, and what came of it.

use super::chart::Chart;
use super::form::{Asked, FORM, Form};
use super::{Phase, Progress, Try, export, runs};
use crate::lab::experiment::Experiment;
use crate::lab::{Dictionary, Phrase};
use crate::ui::desk::DeskRef;
use crate::ui::lesson::{Place, link_to};
use crate::ui::model::Intent;
use crate::ui::number::fixed;
use crate::ui::page as browser;
use crate::view::Plugin;
use crate::view::experiment::{DASHES, Graph, frame, sign, spread_key};
use std::rc::Rc;
use yew::{AttrValue, Callback, Html, MouseEvent, html};

/// What the page is given.
pub(in crate::ui) struct PageProps<'a> {
    pub(in crate::ui) plugin: &'static dyn Plugin,
    /// What the address asks for.
    pub(in crate::ui) asked: &'a str,
    pub(in crate::ui) words: Rc<Dictionary>,
    pub(in crate::ui) progress: Option<Rc<Progress>>,
    /// The point whose runs are listed.
    pub(in crate::ui) point: Option<u64>,
    pub(in crate::ui) on: Callback<Intent>,
    pub(in crate::ui) on_point: Callback<u64>,
    pub(in crate::ui) desk: DeskRef,
}

/// The page.
pub(in crate::ui) fn page(props: &PageProps<'_>) -> Html {
    let (words, info) = (&props.words, props.plugin.info());
    let asked = Asked::read(props.asked);
    let all = props.plugin.experiments();
    let found = all
        .iter()
        .find(|one| one.spec().id == asked.id)
        .or(all.first());
    let Some(experiment) = found.copied() else {
        return html! { <main key="experiment" class="front trial"><p>{ words.text("experiment.none") }</p></main> };
    };
    let id = experiment.spec().id;
    let own = |rest: &str| words.text(&format!("experiment.{id}{rest}"));
    let here = |progress: &&Rc<Progress>| {
        let plan = &progress.plan;
        (plan.lab.card().id, plan.experiment.spec().id) == (info.id, id)
    };
    let progress = props.progress.as_ref().filter(here);
    let back = link_to(&props.on, Intent::OpenLab(info.id.to_owned()));
    html! {
        <main key="experiment" class="front trial">
            <p key="back"><a href={format!("#/{}", info.id)} onclick={back}>{ "\u{2190} " }{ words.text("lab.title") }</a></p>
            { choices(props, id) }
            <h1 key="title">{ own("") }</h1>
            <p key="question" class="question">{ own(".question") }</p>
            <div key="bench" class="trialbench">
                <section class="card trialset" aria-label={words.text("experiment.settings")}>
                    <Form key={id} plugin={props.plugin} {experiment} {asked} words={Rc::clone(words)} on={props.on.clone()} />
                </section>
                <div class="trialresult">
                    { state(props, progress) }
                    <>{ for progress.map(|progress| results(props, progress)) }</>
                </div>
            </div>
            { theory(words, experiment) }
        </main>
    }
}

/// The experiments of the lab.
fn choices(props: &PageProps<'_>, here: &'static str) -> Html {
    let lab = props.plugin.card().id;
    let choice = |experiment: &&'static dyn Experiment| {
        let id = experiment.spec().id;
        let place = Place::Experiment(lab, id.to_owned());
        let href = place.address();
        let onclick = link_to(&props.on, Intent::Visit(place));
        let current = (id == here).then_some("page");
        html! { <li key={id}><a {href} aria-current={current} {onclick}>{ props.words.text(&format!("experiment.{id}")) }</a></li> }
    };
    // One is no choice, and has its title below.
    let alone = props.plugin.experiments().len() < 2;
    html! {
        <nav key="choices" hidden={alone} class="trials" aria-label={props.words.text("experiment.all")}>
            <ul>{ for props.plugin.experiments().iter().map(choice) }</ul>
        </nav>
    }
}

/// How far it is, and what can be done about that.
fn state(props: &PageProps<'_>, progress: Option<&Rc<Progress>>) -> Html {
    let words = &props.words;
    let (said, value, runs) = match progress {
        None => (words.text("experiment.not-yet"), 0, 1),
        Some(progress) => {
            let key = match progress.phase {
                Phase::Measuring if progress.workers == 0 => "experiment.slices",
                Phase::Measuring => "experiment.measuring",
                Phase::Done => "experiment.done",
                Phase::Stopped => "experiment.stopped",
                Phase::Failed => "experiment.failed",
            };
            let phrase = Phrase::new(key)
                .with("made", progress.made)
                .with("runs", progress.plan.runs())
                .with("workers", progress.workers)
                .with("seconds", fixed(progress.ms / 1000.0, 1));
            (words.say(&phrase), progress.made, progress.plan.runs())
        }
    };
    let lever = progress.and_then(|progress| match progress.phase {
        Phase::Measuring => Some(("experiment.stop", Try::Stop)),
        Phase::Stopped | Phase::Failed => Some(("experiment.go-on", Try::GoOn)),
        Phase::Done => None,
    });
    let lever = lever.map(|(key, wish)| {
        let onclick = props
            .on
            .reform(move |_: MouseEvent| Intent::Experiment(wish.clone()));
        html! { <button {key} type="button" class="tbtn" {onclick}>{ words.text(key) }</button> }
    });
    html! {
        <div key="state" class="trialstate">
            <button key="run" type="submit" form={FORM} class="tbtn main">{ words.text("experiment.run") }</button>
            <progress key="bar" aria-label={words.text("experiment.progress")} max={runs.to_string()} value={value.to_string()} />
            <p key="said">{ said }</p>
            <span key="lever">{ for lever }</span>
        </div>
    }
}

/// A chart and a table for each column, the files, and the runs of a point.
fn results(props: &PageProps<'_>, progress: &Rc<Progress>) -> Html {
    let charts = progress.charts.iter().enumerate();
    let charts = charts.map(|(at, graph)| column(props, progress, at, graph));
    let point = props.point.filter(|point| *point < progress.plan.points());
    let runs = point.map(|point| runs::runs_of(props, progress, point));
    html! {
        <div key="results">
            { for charts }
            <>{ for runs }</>
        </div>
    }
}

fn column(props: &PageProps<'_>, progress: &Rc<Progress>, at: usize, graph: &Graph) -> Html {
    let (words, plan) = (&props.words, &progress.plan);
    let spec = plan.experiment.spec();
    let column = &spec.columns[graph.columns[0]];
    let narrow = browser::matches("(max-width: 640px)");
    let rows = graph.rows.iter().enumerate();
    let rows = rows.map(|(i, row)| (i, graph.row_name(plan, row, words)));
    let rows = rows.filter(|(_, name)| !name.is_empty()).map(|(i, name)| {
        let d = format!("M0 0{}", sign(i));
        html! {
            <li key={i} class={format!("hue{}", i % 6)}>
                <svg class="sign" viewBox="-12 -7 24 14" aria-hidden="true"><path {d} /></svg>{ name }
            </li>
        }
    });
    let theories = graph.theories.iter().enumerate().map(|(i, (id, formula))| {
        let class = format!("hue{}", graph.row_of(i) % 6);
        let name = theory_name(words, spec.id, id, graph.published(i));
        let Some(formula) = formula else {
            let d = format!("M0 0{}", frame(i));
            return html! {
                <li key={i} {class}>
                    <svg class="frame" viewBox="-12 -12 24 24" aria-hidden="true"><path {d} /></svg>{ name }
                </li>
            };
        };
        let math = format!("<math xmlns=\"http://www.w3.org/1998/Math/MathML\">{formula}</math>");
        let dash = DASHES[i % DASHES.len()];
        html! {
            <li key={i} {class}>
                <svg viewBox="0 0 24 8" aria-hidden="true"><path d="M0 4H24" stroke-dasharray={dash} /></svg>
                { name }{ ": " }
                { Html::from_html_unchecked(AttrValue::from(math)) }
            </li>
        }
    });
    // Of several rows each has its own sign.
    let single = graph.rows.len() < 2;
    let own = graph
        .columns
        .iter()
        .filter_map(|at| progress.graphs.get(*at));
    let tables = own.map(|own| runs::table(props, progress, own, &props.on_point));
    html! {
        <section key={column.name} class="card trialcolumn">
            <h2>{ graph.title(plan, words) }</h2>
            <Chart key="chart" plan={Rc::clone(plan)} charts={Rc::clone(&progress.charts)} {at}
                words={Rc::clone(words)} {narrow} on_point={props.on_point.clone()} />
            <p key="hint" class="cap">{ words.text("experiment.click") }</p>
            <ul key="legend" class="legend">
                <li key="spread" class={if single { "hue0" } else { "all" }}><i aria-hidden="true" />{ words.text(spread_key(column.shown)) }</li>
                <>{ for rows }</>
                <>{ for theories }</>
            </ul>
            { files(props, at) }
            <details key="table">
                <summary>{ words.text("experiment.table") }</summary>
                { for tables }
            </details>
        </section>
    }
}

/// A theory, or what a paper measured, so called.
pub(super) fn theory_name(
    words: &Dictionary,
    experiment: &str,
    theory: &str,
    published: bool,
) -> String {
    let name = words.text(&format!("experiment.{experiment}.theory.{theory}"));
    let key = if published {
        "experiment.published"
    } else {
        "experiment.formula"
    };
    words.say(&Phrase::new(key).with("name", name))
}

/// What can be saved.
fn files(props: &PageProps<'_>, chart: usize) -> Html {
    let file = |key: &'static str| {
        let (desk, words) = (props.desk.clone(), Rc::clone(&props.words));
        let onclick = Callback::from(move |_: MouseEvent| {
            desk.0.with_laboratory(|laboratory| {
                let (plan, table) = (Rc::clone(laboratory.plan()), laboratory.table());
                if key == "csv" {
                    return export::csv(&plan, table);
                }
                let columns = plan.experiment.spec().columns.len();
                let graph = |column| Graph::new(&plan, table, column);
                let graphs: Vec<Graph> = (0..columns).map(graph).collect();
                if let Some(graph) = Graph::charts(&plan, &graphs).get(chart) {
                    match key {
                        "svg" => export::svg(&plan, graph, &words),
                        _ => export::png(&plan, graph, &words),
                    }
                }
            });
        });
        html! { <button {key} type="button" class="pbtn" {onclick}>{ key.to_uppercase() }</button> }
    };
    html! {
        <p key="files" class="files"><span>{ props.words.text("experiment.save") }</span>{ for ["csv", "svg", "png"].map(file) }</p>
    }
}

/// What the formulas take for granted.
fn theory(words: &Dictionary, experiment: &dyn Experiment) -> Html {
    let text = words.get(&format!("experiment.{}.assumes", experiment.spec().id));
    let text = text.map(|text| {
        html! {
            <section key="assumes" class="assumes">
                <h2>{ words.text("experiment.assumes") }</h2>
                <p>{ text }</p>
            </section>
        }
    });
    html! { <>{ for text }</> }
}
