//! Numbers as lengths.

use super::parts::{hidden, tone_class};
use crate::ui::model::ShotRef;
use crate::ui::number::fixed;
use crate::view::{BarRow, Bars};
use yew::prelude::*;

/// The panel: a table, so that a screen reader has the numbers; the lengths are for the eye.
pub(super) fn bars_panel(shot: &ShotRef, bars: &Bars, key: &str) -> Html {
    let scale = bars.scale();
    let rows = bars.rows.iter().enumerate();
    let rows = rows.map(|(i, row)| html! { <tr key={i}>{ for one(shot, row, scale) }</tr> });
    html! {
        <div {key}>
            <table class="bars">
                <caption>{ hidden(shot.words.text(&format!("panel.{}", bars.id))) }</caption>
                <tbody>{ for rows }</tbody>
            </table>
            <p class="cap">{ shot.words.say(&bars.caption) }</p>
        </div>
    }
}

/// The cells of a row: what, how many, how long.
fn one(shot: &ShotRef, row: &BarRow, (low, high): (i64, i64)) -> [Html; 3] {
    let number = match row.open {
        0 => row.value.to_string(),
        open => format!(
            "{}\u{2026}{}",
            row.value,
            row.value.saturating_add_unsigned(open)
        ),
    };
    let share = |value: i64| (value - low) as f64 * 100.0 / (high - low) as f64;
    let part = |from: i64, to: i64, class: &'static str| {
        let (from, to) = (share(from.min(to)), share(from.max(to)));
        let style = format!("left:{}%;width:{}%", fixed(from, 2), fixed(to - from, 2));
        html! { <i class={classes!(class, tone_class(row.tone))} {style} /> }
    };
    let open = row.value.saturating_add_unsigned(row.open);
    [
        html! { <th key="what" scope="row">{ shot.words.say(&row.what) }</th> },
        html! { <td key="number">{ number }</td> },
        html! {
            <td key="bar" class="length" aria-hidden="true">
                <div>{ part(0, row.value, "all") }<>{ for (row.open > 0).then(|| part(row.value, open, "open")) }</></div>
            </td>
        },
    ]
}
