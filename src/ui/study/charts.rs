//! The counters as lines over time, and the same numbers in a table.

use super::StudyProps;
use crate::engine::Time;
use crate::lab::{Dictionary, Phrase};
use crate::ui::model::Shot;
use crate::ui::number::fixed;
use crate::view::{Chart, Level, charts as charts_of};
use yew::{AttrValue, Html, html};

/// The size of a picture, in units of its own.
const WIDTH: f64 = 440.0;
const HEIGHT: f64 = 110.0;
/// What is left free on the left, for the numbers of the scale.
const LEFT: f64 = 40.0;
/// Of so many rows the table shows the last ones.
const MOST_ROWS: usize = 60;
/// Strokes, so that colour is never alone.
const DASHES: [&str; 4] = ["", "5 3", "1.5 3", "8 3 2 3"];

/// The stroke of a line. No two lines of a chart with four dozen have both colour and stroke in common.
fn dashes(line: usize) -> &'static str {
    DASHES[(line + line / 12) % DASHES.len()]
}

/// The panel.
pub(super) fn charts(props: &StudyProps<'_>) -> Html {
    let shot = props.shot;
    let all = charts_of(&shot.series, &shot.names, &shot.setup.params, shot.clock);
    if all.times.is_empty() {
        return html! { <p key="charts" class="cap">{ shot.words.text("chart.none") }</p> };
    }
    let pictures = all.charts.iter().map(|chart| one(shot, &all.times, chart));
    html! { <div key="charts" class="charts">{ for pictures }</div> }
}

fn one(shot: &Shot, times: &[Time], chart: &Chart) -> Html {
    let words = &shot.words;
    let (title, unit) = (words.say(&chart.title), words.say(&chart.unit));
    let values = chart
        .lines
        .iter()
        .flat_map(|line| line.values.iter().flatten());
    let needed = values.fold(0.0, |most: f64, value| most.max(*value));
    let most = chart.most.unwrap_or_else(|| round_up(needed));
    let lines = chart.lines.iter().enumerate().map(|(i, line)| {
        let class = format!("trace hue{}", i % 6);
        html! { <path key={i} {class} d={path(&line.values, most)} stroke-dasharray={dashes(i)} /> }
    });
    let legend = chart.lines.iter().enumerate().map(|(i, line)| {
        html! {
            <li key={i} class={format!("hue{}", i % 6)}>
                <svg viewBox="0 0 24 8" aria-hidden="true">
                    <path class="trace" d="M0 4H24" stroke-dasharray={dashes(i)} />
                </svg>
                { words.say(&line.name) }
            </li>
        }
    });
    let levels = chart.references.iter().enumerate();
    let levels = levels.map(|(i, level)| self::level(i + chart.lines.len(), level, most));
    let references = chart.references.iter().enumerate();
    let references =
        references.map(|(i, level)| reference(i + chart.lines.len(), level, words, chart.digits));
    let end = times.last().copied().unwrap_or_default();
    let until = format!("{} s", end);
    let label = format!("{title}, {unit}");
    html! {
        <figure key={chart.id}>
            <figcaption><b>{ title }</b><small>{ unit }</small></figcaption>
            <svg viewBox={format!("0 0 {WIDTH} {}", HEIGHT + 16.0)} role="img" aria-label={label}>
                <path class="axis" d={format!("M{LEFT} 4V{HEIGHT}H{WIDTH}")} />
                <text key="most" x={fixed(LEFT - 5.0, 0)} y="11" text-anchor="end">{ number(most, chart.digits) }</text>
                <text key="zero" x={fixed(LEFT - 5.0, 0)} y={fixed(HEIGHT, 0)} text-anchor="end">{ "0" }</text>
                <text key="from" x={fixed(LEFT, 0)} y={fixed(HEIGHT + 13.0, 0)}>{ "0 s" }</text>
                <text key="until" x={fixed(WIDTH, 0)} y={fixed(HEIGHT + 13.0, 0)} text-anchor="end">{ until }</text>
                { for levels }
                { for lines }
            </svg>
            <ul key="lines" class="legend">{ for legend }</ul>
            <ul key="levels" class="legend">{ for references }</ul>
            { table(shot, times, chart) }
        </figure>
    }
}

/// A number that does not come from the run, as a level line.
fn level(i: usize, level: &Level, most: f64) -> Html {
    let y = fixed(HEIGHT - level.value / most * (HEIGHT - 6.0), 1);
    let class = format!("level hue{}", i % 6);
    html! { <path key={format!("level{i}")} {class} d={format!("M{LEFT} {y}H{WIDTH}")} /> }
}

/// Its name, how it is come by, and what it comes to.
fn reference(i: usize, level: &Level, words: &Dictionary, digits: u32) -> Html {
    let math = format!(
        "<math xmlns=\"http://www.w3.org/1998/Math/MathML\">{}</math>",
        level.formula
    );
    html! {
        <li key={i} class={format!("hue{}", i % 6)}>
            <svg viewBox="0 0 24 8" aria-hidden="true"><path class="level" d="M0 4H24" /></svg>
            { words.say(&level.name) }{ ": " }
            { Html::from_html_unchecked(AttrValue::from(math)) }
            { format!(" = {}", fixed(level.value, digits)) }
        </li>
    }
}

/// A line; it stops where there is nothing to tell.
fn path(values: &[Option<f64>], most: f64) -> String {
    let step = (WIDTH - LEFT) / values.len().max(1) as f64;
    let mut path = String::new();
    let mut pen = 'M';
    for (i, value) in values.iter().enumerate() {
        let Some(value) = value else {
            pen = 'M';
            continue;
        };
        let x = LEFT + (i as f64 + 0.5) * step;
        let y = HEIGHT - value / most * (HEIGHT - 6.0);
        path.push(pen);
        path.push_str(&fixed(x, 1));
        path.push(' ');
        path.push_str(&fixed(y, 1));
        if pen == 'M' {
            // A single point is seen, too.
            path.push_str("h.1");
        }
        pen = 'L';
    }
    path
}

fn table(shot: &Shot, times: &[Time], chart: &Chart) -> Html {
    let words = &shot.words;
    let first = times.len().saturating_sub(MOST_ROWS);
    let lines = chart.lines.iter().map(|line| &line.name);
    let heads = lines.chain(chart.references.iter().map(|level| &level.name));
    let heads = heads.enumerate();
    let heads = heads.map(|(i, name)| html! { <th key={i} scope="col">{ words.say(name) }</th> });
    let row = |i: usize| {
        let measured = chart.lines.iter().map(|line| line.values[i]);
        let given = chart.references.iter().map(|level| Some(level.value));
        let cells = measured.chain(given).enumerate().map(|(at, value)| {
            let text = |value| number(value, chart.digits);
            let text = value.map_or_else(|| "\u{2013}".to_owned(), text);
            html! { <td key={at}>{ text }</td> }
        });
        html! { <tr key={i}><th scope="row">{ format!("{} s", times[i]) }</th>{ for cells }</tr> }
    };
    let rows = (first..times.len()).map(row);
    html! {
        <details>
            <summary>{ words.text("chart.table") }</summary>
            <div class="scroller" tabindex="0" role="group" aria-label={words.text("chart.table")}>
                <table class="plain">
                    <caption>{ words.say(&Phrase::new("chart.rows").with("n", times.len() - first)) }</caption>
                    <thead><tr><th scope="col">{ words.text("chart.time") }</th>{ for heads }</tr></thead>
                    <tbody>{ for rows }</tbody>
                </table>
            </div>
        </details>
    }
}

/// A number as people read it.
fn number(value: f64, digits: u32) -> String {
    let whole = value >= 100.0 || value == value.trunc();
    fixed(value, if whole { 0 } else { digits })
}

/// The next round number: 1, 2 or 5 times a power of ten.
fn round_up(value: f64) -> f64 {
    let mut step = 1.0;
    while step * 10.0 < value {
        step *= 10.0;
    }
    let stops = [1.0, 2.0, 5.0, 10.0];
    let enough = stops.into_iter().find(|times| step * times >= value);
    step * enough.unwrap_or(10.0)
}
