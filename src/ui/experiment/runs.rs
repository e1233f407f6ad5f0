//! The table of points, and the runs of one of them.

use super::page::{PageProps, theory_name};
use super::{Progress, Try};
use crate::lab::Phrase;
use crate::lab::experiment::Plan;
use crate::ui::model::{Intent, Subject};
use crate::view::experiment::{Graph, Mark, Scale, spread_key};
use yew::{Callback, Html, MouseEvent, html};

/// How many runs of a point are listed.
const MOST: u64 = 100;

/// The points of a column with what theory says, row by row.
pub(super) fn table(
    props: &PageProps<'_>,
    progress: &Progress,
    graph: &Graph,
    on_point: &Callback<u64>,
) -> Html {
    let (plan, words) = (&progress.plan, &props.words);
    let spec = plan.experiment.spec();
    let (place, column) = (graph.columns[0], &spec.columns[graph.columns[0]]);
    let scale = Scale::of(column);
    let told: Vec<_> = plan
        .told()
        .map(|(place, axis)| (place, axis.spec.name))
        .collect();
    let heads = told
        .iter()
        .map(|(_, name)| html! { <th key={*name} scope="col"><code>{ *name }</code></th> });
    let theories = graph.theories.iter().map(|(id, formula)| {
        let name = theory_name(words, spec.id, id, formula.is_none());
        html! { <th key={*id} scope="col">{ name }</th> }
    });
    let number =
        |value: Option<f64>| value.map_or_else(|| "\u{2013}".to_owned(), |v| scale.text(v));
    let row = |mark: &Mark| {
        let params = plan.point(mark.point);
        let values: Vec<_> = params.iter().map(|(_, value)| value.to_string()).collect();
        let cells = told
            .iter()
            .map(|(place, name)| html! { <td key={*name}>{ &values[*place] }</td> });
        let says = plan.experiment.theory(&params);
        let says = says.iter().filter(|line| line.column == place);
        let says = says.map(|line| html! { <td key={line.id}>{ number(line.value) }</td> });
        let spread = mark.spread.map_or_else(
            || "\u{2013}".to_owned(),
            |spread| {
                format!(
                    "{} \u{2026} {}",
                    scale.text(spread.low),
                    scale.text(spread.high)
                )
            },
        );
        let (point, (measured, without)) = (mark.point, mark.runs);
        let onclick = on_point.reform(move |_: MouseEvent| point);
        let runs = Phrase::new("experiment.runs-of").with("n", measured + without);
        let label = Phrase::new("experiment.runs-label")
            .with("n", measured + without)
            .with("params", told_of(plan, point));
        html! {
            <tr key={point}>
                <th key="point" scope="row">{ point }</th>
                { for cells }
                <td key="value">{ number(mark.y) }</td>
                <td key="spread">{ spread }</td>
                { for says }
                <td key="without">{ without }</td>
                <td key="runs"><button type="button" class="pbtn" aria-label={words.say(&label)} {onclick}>{ words.say(&runs) }</button></td>
            </tr>
        }
    };
    let mut marks: Vec<&Mark> = graph.rows.iter().flat_map(|row| &row.marks).collect();
    marks.sort_by_key(|mark| mark.point);
    html! {
        <div key={column.name} class="scroller" tabindex="0" role="group" aria-label={words.text("experiment.table")}>
            <table class="plain">
                <caption>{ words.text(&format!("experiment.{}.{}", spec.id, column.name)) }</caption>
                <thead><tr>
                    <th key="point" scope="col">{ words.text("experiment.point") }</th>
                    { for heads }
                    <th key="value" scope="col">{ words.text("experiment.measured") }</th>
                    <th key="spread" scope="col" title={words.text(spread_key(column.shown))}>{ words.text("experiment.spread") }</th>
                    { for theories }
                    <th key="without" scope="col">{ words.text("experiment.unmeasured") }</th>
                    <th key="runs" scope="col">{ words.text("experiment.runs") }</th>
                </tr></thead>
                <tbody>{ for marks.into_iter().map(row) }</tbody>
            </table>
        </div>
    }
}

/// What is varied, as it is at a point: `timeout_ms_max=300`.
fn told_of(plan: &Plan, point: u64) -> String {
    let params = plan.point(point);
    let told = plan
        .told()
        .filter_map(|(place, _)| params.iter().nth(place));
    let told = told.map(|(spec, value)| format!("{}={value}", spec.name));
    told.collect::<Vec<_>>().join(" ")
}

/// The button that opens a run: of this column alone, whose name it bears, where each has a run of its own.
fn open(
    props: &PageProps<'_>,
    progress: &Progress,
    run: u64,
    column: usize,
    subject: &Subject,
) -> Html {
    let (plan, words, on) = (progress.plan.clone(), &props.words, props.on.clone());
    let (spec, (_, seed)) = (plan.experiment.spec(), plan.run(run));
    let label = Phrase::new("experiment.open-label").with("seed", seed);
    let (text, label) = if plan.experiment.apart() {
        let key = format!("experiment.{}.{}", spec.id, spec.columns[column].name);
        let short = words.get(&format!("{key}.short"));
        let name = short.map_or_else(|| words.text(&key), str::to_owned);
        let label = Phrase::new("experiment.open-own-label").with("seed", seed);
        (name.clone(), words.say(&label.with("name", name)))
    } else {
        (words.text("experiment.open"), words.say(&label))
    };
    let subject = subject.clone();
    let onclick = Callback::from(move |_: MouseEvent| {
        let (point, seed) = plan.run(run);
        if let Some(story) = plan.experiment.story(&plan.point(point), seed, column) {
            on.emit(Intent::Experiment(Try::Open(story, subject.clone())));
        }
    });
    html! {
        <button key={column} type="button" class="pbtn" aria-label={label} {onclick}>{ text }</button>
    }
}

/// The runs of a point, each of which opens.
pub(super) fn runs_of(props: &PageProps<'_>, progress: &Progress, point: u64) -> Html {
    let (plan, words) = (&progress.plan, &props.words);
    let each = plan.seeds_each();
    let told = told_of(plan, point);
    let title = match told.as_str() {
        "" => Phrase::new("experiment.runs-all"),
        told => Phrase::new("experiment.runs-title").with("params", told),
    };
    let spec = plan.experiment.spec();
    let columns = spec.columns;
    let print = plan.print();
    let asked = print.split_once(' ').map_or("", |(_, asked)| asked);
    let asked = asked.to_owned();
    let own = if plan.experiment.apart() {
        columns.len()
    } else {
        1
    };
    let opened = 0..own;
    let row = |run: u64| {
        let (_, seed) = plan.run(run);
        let values = props.desk.0.measured(run);
        let measured = columns.iter().enumerate().map(|(at, column)| {
            let value = values.as_ref().and_then(|values| values[at]);
            let text = value.map_or_else(|| "\u{2013}".to_owned(), |v| Scale::of(column).text(v));
            html! { <td key={column.name}>{ text }</td> }
        });
        let subject = Subject::Sample(spec.id, told.clone(), asked.clone());
        let opens = opened
            .clone()
            .map(|column| open(props, progress, run, column, &subject));
        html! {
            <tr key={run}>
                <th key="seed" scope="row">{ seed }</th>
                { for measured }
                <td key="open">{ for opens }</td>
            </tr>
        }
    };
    let first = point * each;
    let rows = (first..first + each.min(MOST)).map(row);
    let heads = columns.iter().map(|column| {
        let name = words.text(&format!("experiment.{}.{}", spec.id, column.name));
        html! { <th key={column.name} scope="col" title={column.name}>{ name }</th> }
    });
    let more = (each > MOST)
        .then(|| words.say(&Phrase::new("experiment.runs-more").with("n", each - MOST)));
    html! {
        <section key="runs" class="card trialruns" aria-labelledby="try-runs">
            <h3 id="try-runs" tabindex="-1">{ words.say(&title) }</h3>
            <div class="scroller" tabindex="0" role="group" aria-labelledby="try-runs">
                <table class="plain">
                    <thead><tr>
                        <th key="seed" scope="col">{ words.text("experiment.seed") }</th>
                        { for heads }
                        <th key="open" scope="col">{ words.text("experiment.open-column") }</th>
                    </tr></thead>
                    <tbody>{ for rows }</tbody>
                </table>
            </div>
            <p class="cap">{ more }</p>
        </section>
    }
}
