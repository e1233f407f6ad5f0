//! A panel that the lab itself fills.

use super::bars::bars_panel;
use super::gauge::gauge;
use super::graph::graph;
use super::grid::Grid;
use super::parts::{PanelProps, hidden, tone_class};
use super::queue::queue;
use super::ring::ring;
use super::spans::Spans;
use super::strips::strips;
use super::tally::tally;
use crate::lab::Phrase;
use crate::ui::model::ShotRef;
use crate::view::{Panel, Table, Tone};
use yew::prelude::*;

/// So many rows of a table are shown at first.
const MOST_ROWS: usize = 24;

type TableRow = (Tone, Vec<String>);

/// The panel, by its kind.
pub(super) fn lab_panel(props: &PanelProps, panel: &Panel, key: &str) -> Html {
    let shot = &props.shot;
    match panel {
        Panel::Grid {
            columns,
            rows,
            caption,
            alarm,
            legend,
            ..
        } => html! {
            <Grid key={key} shot={shot.clone()} on={props.on.clone()} columns={columns.clone()}
                rows={rows.clone()} caption={caption.clone()} alarm={*alarm} legend={*legend} />
        },
        Panel::Bars(bars) => bars_panel(shot, bars, key),
        Panel::Tally { rows, caption, .. } => tally(shot, rows, caption, key),
        Panel::Table(table) => html! {
            <div key={key}><Plain shot={shot.clone()} table={table.clone()} /></div>
        },
        Panel::Spans { id, rows, caption } => html! {
            <Spans key={key} shot={shot.clone()} on={props.on.clone()} {id}
                rows={rows.clone()} caption={caption.clone()} />
        },
        Panel::Gauge(all) => gauge(shot, all, key),
        Panel::Queue(all) => queue(props, all, key),
        Panel::Graph(all) => graph(props, all, key),
        Panel::Strips(all) => strips(props, all, key),
        Panel::Ring(all) => ring(props, all, key),
    }
}

/// What a table is given.
#[derive(Properties, PartialEq)]
struct PlainProps {
    shot: ShotRef,
    table: Table,
}

/// A table. Of very many rows only some are shown until somebody asks for all, because the browser
/// lays every row out anew when one of them changes.
#[component]
fn Plain(props: &PlainProps) -> Html {
    let (shot, table) = (&props.shot, &props.table);
    let all = use_state(|| false);
    let many = table.rows.len() > MOST_ROWS;
    let rows = if many && !*all {
        foremost(&table.rows)
    } else {
        table.rows.iter().collect()
    };
    let head = table.columns.iter().enumerate().map(|(i, column)| {
        html! { <th key={i} scope="col">{ shot.words.say(column) }</th> }
    });
    let more = many.then(|| {
        let key = if *all { "table.fewer" } else { "table.all" };
        let text = Phrase::new(key).with("n", table.rows.len());
        let (all, to) = (all.clone(), !*all);
        let onclick = Callback::from(move |_: MouseEvent| all.set(to));
        html! { <button type="button" class="pbtn" {onclick}>{ shot.words.say(&text) }</button> }
    });
    html! {
        <>
            <table class="plain">
                <caption>{ hidden(shot.words.text(&format!("panel.{}", table.id))) }</caption>
                <thead><tr>{ for head }</tr></thead>
                <tbody>{ for rows.into_iter().enumerate().map(row) }</tbody>
            </table>
            <p class="more">{ for more }</p>
            <p class="cap">{ shot.words.say(&table.caption) }</p>
        </>
    }
}

/// The rows that stand out, then the others, as many as are shown.
fn foremost(rows: &[TableRow]) -> Vec<&TableRow> {
    let out = |row: &&TableRow| match row.0 {
        Tone::Bad | Tone::Try => true,
        Tone::Neutral | Tone::Guest | Tone::Good | Tone::Lead => false,
    };
    let others = rows.iter().filter(|row| !out(row));
    rows.iter()
        .filter(out)
        .chain(others)
        .take(MOST_ROWS)
        .collect()
}

fn row((i, (tone, cells)): (usize, &TableRow)) -> Html {
    let cells = cells.iter().enumerate().map(|(i, text)| match i {
        0 => html! { <th key={i} scope="row">{ text }</th> },
        _ => html! { <td key={i}>{ text }</td> },
    });
    html! { <tr key={i} class={tone_class(*tone)}>{ for cells }</tr> }
}
