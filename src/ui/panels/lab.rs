//! A panel that the lab itself fills.

use super::grid::Grid;
use super::parts::{hidden, tone_class};
use super::tally::Tally;
use crate::ui::model::{Intent, ShotRef};
use crate::view::{Panel, Table};
use yew::prelude::*;

/// What a lab's panel is given.
#[derive(Properties, PartialEq)]
pub(super) struct LabPanelProps {
    pub(super) shot: ShotRef,
    pub(super) on: Callback<Intent>,
    pub(super) panel: Panel,
}

/// The panel, by its kind.
#[component]
pub(super) fn LabPanel(props: &LabPanelProps) -> Html {
    let shot = &props.shot;
    match &props.panel {
        Panel::Grid {
            columns,
            rows,
            caption,
            ..
        } => html! {
            <Grid key="grid" shot={shot.clone()} on={props.on.clone()} columns={columns.clone()}
                rows={rows.clone()} caption={caption.clone()} />
        },
        Panel::Tally { rows, caption, .. } => html! {
            <Tally key="tally" shot={shot.clone()} rows={rows.clone()} caption={caption.clone()} />
        },
        Panel::Table(table) => html! { <div key="table">{ plain(shot, table) }</div> },
    }
}

fn plain(shot: &ShotRef, table: &Table) -> Html {
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
