//! Stretches of time as bars beside each other. Each is drawn by its own clock, and all so that
//! "now" stands on one line: what is left lies to the right of it.

use super::parts::{about, tone_class};
use crate::engine::Span;
use crate::lab::Phrase;
use crate::ui::model::{Intent, Selection, ShotRef};
use crate::ui::number::fixed;
use crate::view::SpanRow;
use yew::prelude::*;

/// What the panel is given.
#[derive(Properties, PartialEq)]
pub(super) struct SpansProps {
    pub(super) shot: ShotRef,
    pub(super) on: Callback<Intent>,
    pub(super) id: &'static str,
    pub(super) rows: Vec<SpanRow>,
    pub(super) caption: Phrase,
}

/// How much is drawn before now, and how much after it, in microseconds.
#[derive(Copy, Clone)]
struct Scale {
    before: f64,
    after: f64,
}

impl Scale {
    fn of(rows: &[SpanRow]) -> Self {
        let most = |spans: &mut dyn Iterator<Item = Span>| spans.max().unwrap_or_default().0;
        let before = most(&mut rows.iter().map(|row| row.now - row.from));
        let after = most(&mut rows.iter().filter_map(|row| Some(row.to? - row.now)));
        // A tenth beside the longest, so that an end is seen as an end.
        let room = (before + after).max(1000) as f64 / 10.0;
        Scale {
            before: before as f64,
            after: after as f64 + room,
        }
    }

    /// A moment as a share of the width, in percent.
    fn place(self, row: &SpanRow, at: crate::engine::Time) -> f64 {
        let from_now = at.0 as f64 - row.now.0 as f64;
        ((from_now + self.before) / (self.before + self.after) * 100.0).clamp(0.0, 100.0)
    }
}

/// The panel: a table whose last column is drawn, and says in words what is left.
#[component]
pub(super) fn Spans(props: &SpansProps) -> Html {
    let words = &props.shot.words;
    let scale = Scale::of(&props.rows);
    let head = ["spans.who", "spans.what", "spans.time"]
        .map(|key| html! { <th key={key} scope="col">{ words.text(key) }</th> });
    let rows = props.rows.iter().enumerate();
    let table = (!props.rows.is_empty()).then(|| {
        html! {
            <table class="plain spans" key="table">
                <caption class="sr">
                    { words.text(&format!("panel.{}", props.id)) }{ ": " }{ words.text("spans.title") }
                </caption>
                <thead><tr>{ for head }</tr></thead>
                <tbody>{ for rows.map(|(i, row)| row_html(props, scale, i, row)) }</tbody>
            </table>
        }
    });
    html! {
        <div class="spanned">
            <div key="table">{ for table }</div>
            <p key="caption" class="cap">{ words.say(&props.caption) }</p>
        </div>
    }
}

fn row_html(props: &SpansProps, scale: Scale, i: usize, row: &SpanRow) -> Html {
    let words = &props.shot.words;
    let select = Intent::Select(Selection::Node(row.node));
    let onclick = props.on.reform(move |_: MouseEvent| select.clone());
    let left = match row.to {
        None => words.text("spans.endless"),
        Some(to) if to > row.now => {
            words.say(&Phrase::new("spans.left").with("left", about(to - row.now)))
        }
        Some(to) => words.say(&Phrase::new("spans.over").with("ago", about(row.now - to))),
    };
    let begins = scale.place(row, row.from);
    let ends = row.to.map_or(100.0, |to| scale.place(row, to));
    let now = scale.place(row, row.now);
    let style = format!(
        "--begins:{}%;--width:{}%;--now:{}%",
        fixed(begins, 2),
        fixed((ends - begins).max(0.6), 2),
        fixed(now, 2)
    );
    let over = row.faint || row.to.is_some_and(|to| to <= row.now);
    let class = classes!(tone_class(row.tone), over.then_some("over"));
    let open = row.to.is_none().then_some("open");
    html! {
        <tr key={i} {class}>
            <th scope="row">
                <button type="button" class="bare" {onclick}>{ &row.head }</button>
            </th>
            <td>{ words.say(&row.what) }<small>{ words.text("spans.clock") }{ "\u{a0}" }{ &row.clock }</small></td>
            <td class="drawn">
                <span class={classes!("track", open)} {style} aria-hidden="true"><i></i><b></b></span>
                <small>{ left }</small>
            </td>
        </tr>
    }
}
