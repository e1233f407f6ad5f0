//! Points and arrows: who waits for whom. The same stands below in words.

use super::parts::{PanelProps, tone_class};
use crate::ui::model::{Intent, Selection};
use crate::ui::number::fixed;
use crate::view::{Graph, GraphArrow, GraphPoint, circle};
use yew::prelude::*;

/// How large a point is; the drawing is 300 by 170.
const POINT: f64 = 19.0;

/// The drawing, and the sentences for it.
pub(super) fn graph(props: &PanelProps, graph: &Graph, key: &str) -> Html {
    let words = &props.shot.words;
    let places: Vec<(f64, f64)> = (0..graph.points.len())
        .map(|i| {
            let (x, y) = circle(i, graph.points.len(), 1.0);
            (150.0 + x * 105.0, 85.0 + y * 58.0)
        })
        .collect();
    let arrows = graph.arrows.iter().enumerate().filter_map(|(i, arrow)| {
        let ends = (*places.get(arrow.from)?, *places.get(arrow.to)?);
        Some(drawn(i, arrow, ends))
    });
    let points = graph.points.iter().zip(&places);
    let points = points.map(|(one, at)| point(props, one, *at));
    let said = graph.arrows.iter().enumerate().map(|(i, arrow)| {
        let class = arrow.circle.then_some("circle");
        html! { <li key={i} class={classes!(class)}>{ words.say(&arrow.says) }</li> }
    });
    html! {
        <div key={key} class="waitfor">
            <svg key="drawing" viewBox="0 0 300 170" aria-hidden="true">
                <g key="arrows">{ for arrows }</g>
                <g key="points">{ for points }</g>
            </svg>
            <ul key="said">{ for said }</ul>
            <p key="caption" class="cap">{ words.say(&graph.caption) }</p>
        </div>
    }
}

fn point(props: &PanelProps, point: &GraphPoint, (x, y): (f64, f64)) -> Html {
    let select = Intent::Select(Selection::Node(point.node));
    let onclick = props.on.reform(move |_: MouseEvent| select.clone());
    html! {
        <g key={point.name.clone()} class={classes!("point", tone_class(point.tone))} {onclick}
            transform={format!("translate({} {})", fixed(x, 1), fixed(y, 1))}>
            <circle r={fixed(POINT, 0)} /><text y="4">{ &point.name }</text>
        </g>
    }
}

/// A bow from edge to edge, so that two arrows between the same points do not lie on each other.
fn drawn(i: usize, arrow: &GraphArrow, ((ax, ay), (bx, by)): ((f64, f64), (f64, f64))) -> Html {
    let (dx, dy) = (bx - ax, by - ay);
    let length = (dx * dx + dy * dy).sqrt().max(1.0);
    let (ux, uy) = (dx / length, dy / length);
    let bow = 16.0;
    let (mx, my) = ((ax + bx) / 2.0 - uy * bow, (ay + by) / 2.0 + ux * bow);
    let begin = (ax + ux * POINT - uy * 5.0, ay + uy * POINT + ux * 5.0);
    let end = (
        bx - ux * (POINT + 3.0) - uy * 5.0,
        by - uy * (POINT + 3.0) + ux * 5.0,
    );
    let line = format!(
        "M{} {}Q{} {} {} {}",
        fixed(begin.0, 1),
        fixed(begin.1, 1),
        fixed(mx, 1),
        fixed(my, 1),
        fixed(end.0, 1),
        fixed(end.1, 1)
    );
    let wing = |side: f64| {
        let (x, y) = (end.0 - ux * 9.0 - uy * side, end.1 - uy * 9.0 + ux * side);
        format!("L{} {}", fixed(x, 1), fixed(y, 1))
    };
    let head = format!(
        "M{} {}{}{}z",
        fixed(end.0, 1),
        fixed(end.1, 1),
        wing(5.0),
        wing(-5.0)
    );
    let (tx, ty) = (mx - uy * 8.0, my + ux * 8.0 + 4.0);
    html! {
        <g key={i} class={classes!("arrow", arrow.circle.then_some("circle"))}>
            <path class="bow" d={line} /><path class="head" d={head} />
            <text x={fixed(tx, 1)} y={fixed(ty, 1)}>{ &arrow.label }</text>
        </g>
    }
}
