//! The counters as lines over time, and the same numbers in a table.

use super::StudyProps;
use crate::engine::Time;
use crate::lab::Phrase;
use crate::ui::model::Shot;
use crate::ui::number::fixed;
use crate::view::{Chart, charts as charts_of};
use yew::{Html, html};

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
    let all = charts_of(&shot.series, &shot.names, shot.clock);
    if all.times.is_empty() {
        return html! { <p key="charts" class="cap">{ shot.words.text("chart.none") }</p> };
    }
    let pictures = all.charts.iter().map(|chart| one(shot, &all.times, chart));
    html! { <div key="charts" class="charts">{ for pictures }</div> }
}

fn one(shot: &Shot, times: &[Time], chart: &Chart) -> Html {
    let words = &shot.words;
    let title = words.text(&format!("chart.{}", chart.id));
    let unit = words.text(&format!("chart.{}", chart.unit));
    let values = chart
        .lines
        .iter()
        .flat_map(|line| line.values.iter().flatten());
    let most = round_up(values.fold(0.0, |most: f64, value| most.max(*value)));
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
    let end = times.last().copied().unwrap_or_default();
    let until = format!("{} s", end);
    let label = format!("{title}, {unit}");
    html! {
        <figure key={chart.id}>
            <figcaption><b>{ title }</b><small>{ unit }</small></figcaption>
            <svg viewBox={format!("0 0 {WIDTH} {}", HEIGHT + 16.0)} role="img" aria-label={label}>
                <path class="axis" d={format!("M{LEFT} 4V{HEIGHT}H{WIDTH}")} />
                <text key="most" x={fixed(LEFT - 5.0, 0)} y="11" text-anchor="end">{ number(most) }</text>
                <text key="zero" x={fixed(LEFT - 5.0, 0)} y={fixed(HEIGHT, 0)} text-anchor="end">{ "0" }</text>
                <text key="from" x={fixed(LEFT, 0)} y={fixed(HEIGHT + 13.0, 0)}>{ "0 s" }</text>
                <text key="until" x={fixed(WIDTH, 0)} y={fixed(HEIGHT + 13.0, 0)} text-anchor="end">{ until }</text>
                { for lines }
            </svg>
            <ul class="legend">{ for legend }</ul>
            { table(shot, times, chart) }
        </figure>
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
    let heads = chart.lines.iter().enumerate();
    let heads =
        heads.map(|(i, line)| html! { <th key={i} scope="col">{ words.say(&line.name) }</th> });
    let row = |i: usize| {
        let cells = chart.lines.iter().enumerate().map(|(at, line)| {
            let text = line.values[i].map_or_else(|| "\u{2013}".to_owned(), number);
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
fn number(value: f64) -> String {
    let digits = if value >= 100.0 || value == value.trunc() {
        0
    } else {
        1
    };
    fixed(value, digits)
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
