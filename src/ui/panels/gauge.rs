//! A gate that looks at numbers: the highest that passed, and what came.

use super::parts::{hidden, tone_class};
use crate::ui::model::Shot;
use crate::view::{Gauge, GaugeRow, Tone};
use yew::prelude::*;

/// The highest number beside what came, the newest last.
pub(super) fn gauge(shot: &Shot, gauge: &Gauge, key: &str) -> Html {
    let words = &shot.words;
    let arrivals = gauge.arrivals.iter().enumerate();
    let unchecked = (!gauge.checked).then(|| {
        html! { <em>{ words.text("gauge.unchecked") }</em> }
    });
    html! {
        <div key={key} class="gauge">
            <p class="highest" key="highest">
                <b>{ gauge.highest }</b><span>{ words.text("gauge.highest") }</span>
                <span key="unchecked">{ for unchecked }</span>
            </p>
            <ol key="arrivals" class="arrivals">{ for arrivals.map(|(i, row)| arrival(shot, i, row)) }</ol>
            <p key="caption" class="cap">{ words.say(&gauge.caption) }</p>
        </div>
    }
}

fn arrival(shot: &Shot, i: usize, row: &GaugeRow) -> Html {
    let words = &shot.words;
    let (tone, sign, key) = match (row.passed, row.wrong) {
        (true, false) => (Tone::Good, "✓", "gauge.passed"),
        (true, true) => (Tone::Bad, "⚠", "gauge.wrong"),
        (false, _) => (Tone::Try, "✕", "gauge.refused"),
    };
    let number = match row.number {
        Some(number) => html! { <b>{ number }</b> },
        None => {
            html! { <b title={words.text("gauge.none")}>{ "–" }{ hidden(words.text("gauge.none")) }</b> }
        }
    };
    let text = words.text(key);
    html! {
        <li key={i} class={classes!("arrival", tone_class(tone))} title={text.clone()}>
            <span>{ &row.who }</span>{ number }<i aria-hidden="true">{ sign }</i>{ hidden(text) }
        </li>
    }
}
