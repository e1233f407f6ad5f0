//! Rows of coloured cells: logs, slots, queues.

use super::parts::{hidden, shape_sign, tone_class};
use crate::lab::{Dictionary, Phrase};
use crate::ui::model::{Intent, Selection, ShotRef};
use crate::view::{GridCell, GridRow};
use std::ops::Range;
use yew::prelude::*;

/// How many columns are kept to be scrolled to; the last ones are what is seen.
const COLUMNS: usize = 40;
/// So many columns stand there even while nothing is in them.
const FEWEST: usize = 7;
/// How wide an empty column is, with the gap beside it, in pixels, as in panels.css.
const EMPTY: i32 = 41;
/// So little of the newest column may be cut, rather than the beginning of the log.
const BIT: i32 = 30;
/// How many colours the page cycles through.
const HUES: u64 = 4;

/// What a grid is given.
#[derive(Properties, PartialEq)]
pub(super) struct GridProps {
    pub(super) shot: ShotRef,
    pub(super) on: Callback<Intent>,
    pub(super) columns: Vec<String>,
    pub(super) rows: Vec<GridRow>,
    pub(super) caption: Phrase,
    pub(super) alarm: bool,
    pub(super) legend: bool,
}

/// The grid with its legend.
#[component]
pub(super) fn Grid(props: &GridProps) -> Html {
    let words = &props.shot.words;
    let frame = use_node_ref();
    let last = used(&props.rows).clamp(FEWEST.min(props.columns.len()), props.columns.len());
    let first = last.saturating_sub(COLUMNS);
    // New columns come in on the right; who scrolled back is left there. Columns that stand there empty are not scrolled
    // to, since that would hide the beginning of a log that has just begun.
    use_effect_with((last, written(&props.rows)), {
        let frame = frame.clone();
        move |(last, written): &(usize, usize)| {
            if let Some(frame) = frame.cast::<web_sys::Element>() {
                let most = frame.scroll_width() - frame.client_width();
                let empty = last.saturating_sub(*written) as i32;
                let to = most - empty * EMPTY;
                let to = if to < BIT { 0 } else { to };
                if frame.scroll_left() == 0 || to - frame.scroll_left() < 120 {
                    frame.set_scroll_left(to);
                }
            }
        }
    });
    let shown = props.columns.iter().enumerate().take(last).skip(first);
    let head = shown.map(|(i, column)| html! { <th key={i} scope="col">{ column }</th> });
    let rows = props
        .rows
        .iter()
        .map(|row| row_html(props, row, first..last));
    html! {
        <div class="grid">
            <p key="alarm" class="alarm" hidden={!props.alarm}>{ props.alarm.then(|| words.say(&props.caption)) }</p>
            <div class="scroller" ref={frame} tabindex="0" role="region" onkeydown={keep_arrows()}
                aria-label={words.text("grid.region")}>
                <table class="log">
                    <thead><tr>
                        <th scope="col" class="name">{ hidden(words.text("grid.node")) }</th>
                        { for head }
                    </tr></thead>
                    <tbody>{ for rows }</tbody>
                </table>
            </div>
            <p key="cap" class="cap" hidden={props.alarm}>{ (!props.alarm).then(|| words.say(&props.caption)) }</p>
            <>{ for props.legend.then(|| legend(words)) }</>
        </div>
    }
}

/// What the ways of drawing a cell mean.
fn legend(words: &Dictionary) -> Html {
    html! {
        <ul class="legend">
            <li><i class="cell t1 solid durable"></i>{ words.text("grid.solid") }</li>
            <li><i class="cell t1 durable"></i>{ words.text("grid.dashed") }</li>
            <li><i class="cell t1 solid"></i>{ words.text("grid.memory") }</li>
        </ul>
    }
}

/// How many columns something stands in, and one more for what comes next.
fn used(rows: &[GridRow]) -> usize {
    match written(rows) {
        0 => 0,
        written => written + 1,
    }
}

/// So many columns have something in them, or one behind them has.
fn written(rows: &[GridRow]) -> usize {
    let full = |cell: &GridCell| !cell.text.is_empty() || !cell.mark.is_empty();
    let of_row = |row: &GridRow| row.cells.iter().rposition(full).map_or(0, |at| at + 1);
    rows.iter().map(of_row).max().unwrap_or(0)
}

/// The arrows scroll the frame that has the focus; they do not step through the run.
fn keep_arrows() -> Callback<KeyboardEvent> {
    Callback::from(|event: KeyboardEvent| {
        if matches!(event.key().as_str(), "ArrowLeft" | "ArrowRight") {
            event.stop_propagation();
        }
    })
}

fn row_html(props: &GridProps, row: &GridRow, shown: Range<usize>) -> Html {
    let words = &props.shot.words;
    let select = Intent::Select(Selection::Node(row.node));
    let onclick = props.on.reform(move |_: MouseEvent| select.clone());
    let (sign, faint) = if row.faint {
        ("✕", hidden(words.text("grid.faint")))
    } else {
        (shape_sign(row.shape), html! {})
    };
    let cells = shown.map(|i| match row.cells.get(i) {
        Some(cell) => cell_html(props, i, cell),
        None => html! { <td key={i}></td> },
    });
    html! {
        <tr key={row.node.0} class={row.faint.then_some("faint")}>
            <th scope="row" class="name">
                <button type="button" class={classes!("bare", tone_class(row.tone))} {onclick}>
                    { &row.head }<span aria-hidden="true">{ sign }</span>{ faint }
                </button>
            </th>
            { for cells }
        </tr>
    }
}

fn cell_html(props: &GridProps, i: usize, cell: &GridCell) -> Html {
    let mark = if cell.mark.is_empty() {
        html! {}
    } else {
        html! { <b class="mark" aria-hidden="true">{ cell.mark }</b> }
    };
    if cell.text.is_empty() && cell.mark.is_empty() {
        return html! { <td key={i}></td> };
    }
    let title = if cell.title.key.is_empty() {
        cell.text.clone()
    } else {
        props.shot.words.say(&cell.title)
    };
    let class = classes!(
        "cell",
        (!cell.text.is_empty()).then(|| format!("t{}", cell.hue.wrapping_sub(1) % HUES + 1)),
        cell.text.is_empty().then_some("empty"),
        cell.solid.then_some("solid"),
        cell.durable.then_some("durable"),
    );
    html! {
        <td key={i}>
            <span {class} title={title.clone()} aria-hidden="true">{ &cell.text }{ mark }</span>
            { hidden(title) }
        </td>
    }
}
