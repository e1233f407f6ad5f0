//! A panel that the lab itself fills.

use super::grid::Grid;
use super::parts::{PanelProps, hidden, tone_class};
use super::tally::tally;
use crate::ui::model::Shot;
use crate::view::{Panel, Table};
use yew::prelude::*;

/// The panel, by its kind.
pub(super) fn lab_panel(props: &PanelProps, panel: &Panel, key: &str) -> Html {
    let shot = &props.shot;
    match panel {
        Panel::Grid {
            columns,
            rows,
            caption,
            ..
        } => html! {
            <Grid key={key} shot={shot.clone()} on={props.on.clone()} columns={columns.clone()}
                rows={rows.clone()} caption={caption.clone()} />
        },
        Panel::Tally { rows, caption, .. } => tally(shot, rows, caption, key),
        Panel::Table(table) => html! { <div key={key}>{ plain(shot, table) }</div> },
    }
}

fn plain(shot: &Shot, table: &Table) -> Html {
    let head = table.columns.iter().enumerate().map(|(i, column)| {
        html! { <th key={i} scope="col">{ shot.words.say(column) }</th> }
    });
    let row = |(i, (tone, cells)): (usize, &(_, Vec<String>))| {
        let cells = cells.iter().enumerate();
        let cells = cells.map(|(i, text)| match i {
            0 => html! { <th key={i} scope="row">{ text }</th> },
            _ => html! { <td key={i}>{ text }</td> },
        });
        html! { <tr key={i} class={tone_class(*tone)}>{ for cells }</tr> }
    };
    html! {
        <>
            <table class="plain">
                <caption>{ hidden(shot.words.text(&format!("panel.{}", table.id))) }</caption>
                <thead><tr>{ for head }</tr></thead>
                <tbody>{ for table.rows.iter().enumerate().map(row) }</tbody>
            </table>
            <p class="cap">{ shot.words.say(&table.caption) }</p>
        </>
    }
}
