//! A picture of a lab: its own stage, as it stands a moment after the start.

use super::super::number::fixed;
use super::super::panels::tone_name;
use crate::sim::Status;
use crate::view::{NodeCard, Shape, thumbnail_of, tone_of};
use std::rc::Rc;
use yew::prelude::*;

/// What is seen where no picture has come: the usual square.
const FRAME: &str = "-1.75 -1.05 3.5 2.1";

/// What a picture is given.
#[derive(Properties, PartialEq)]
pub(super) struct PictureProps {
    /// The lab's id.
    pub(super) plugin: &'static str,
    /// The pictures of all labs, once they have come.
    pub(super) all: Option<Rc<str>>,
}

/// The picture, which `view::thumbnail` drew.
#[component]
pub(super) fn Picture(props: &PictureProps) -> Html {
    let found = props.all.as_deref();
    let found = found.and_then(|all| thumbnail_of(all, props.plugin));
    let (frame, lines) = found.unwrap_or((FRAME, Vec::new()));
    let (links, nodes): (Vec<&str>, Vec<&str>) = lines
        .into_iter()
        .partition(|line| line.starts_with("line "));
    let links = links.into_iter().enumerate().map(|(i, line)| {
        let mut parts = line.split(' ').skip(1).map(str::to_owned);
        let mut next = || parts.next();
        html! { <line key={i} x1={next()} y1={next()} x2={next()} y2={next()} /> }
    });
    let nodes = nodes.into_iter().enumerate();
    html! {
        <svg class="picture" viewBox={frame.to_owned()}>
            <g class="lines">{ for links }</g>
            <g class="nodes">{ for nodes.map(|(i, line)| drawn(i, line)) }</g>
        </svg>
    }
}

/// A node of a thumbnail.
fn drawn(i: usize, line: &str) -> Html {
    let mut parts = line.split(' ').map(str::to_owned);
    let mut next = || parts.next().unwrap_or_default();
    let (shape, x, y, size) = (next(), next(), next(), next());
    let shape = match shape.as_str() {
        "box" => html! { <rect {x} {y} width={size} height={next()} rx="0.05" /> },
        "star" => {
            let (x2, y2) = (x.clone(), y.clone());
            html! {
                <>
                    <circle key="out" cx={x} cy={y} r={size} />
                    <circle key="in" cx={x2} cy={y2} r={next()} class="in" />
                </>
            }
        }
        "dash" => html! { <circle cx={x} cy={y} r={size} stroke-dasharray="0.09 0.05" /> },
        _ => html! { <circle cx={x} cy={y} r={size} /> },
    };
    let tone = tone_of(&next());
    html! { <g key={i} class={classes!(tone_name(tone), parts.next())}>{ shape }</g> }
}

pub(super) fn num(n: f64) -> String {
    fixed(n, 3)
}

pub(super) fn node(card: &NodeCard, radius: f64) -> Html {
    let (x, y) = card.at;
    let shape = match card.role.shape {
        Shape::Box => html! {
            <rect x={num(x - radius)} y={num(y - radius * 0.6)} width={num(radius * 2.0)}
                height={num(radius * 1.2)} rx="0.05" />
        },
        Shape::Star => html! {
            <>
                <circle key="out" cx={num(x)} cy={num(y)} r={num(radius)} />
                <circle key="in" cx={num(x)} cy={num(y)} r={num(radius * 0.8)} class="in" />
            </>
        },
        Shape::Diamond => html! {
            <circle cx={num(x)} cy={num(y)} r={num(radius)} stroke-dasharray="0.09 0.05" />
        },
        Shape::Plain | Shape::Eye | Shape::Cell => html! {
            <circle cx={num(x)} cy={num(y)} r={num(radius)} />
        },
    };
    let up = card.status != Status::Down;
    html! {
        <g key={card.id.0} class={classes!(tone_name(card.role.tone), (!up).then_some("dead"))}>{ shape }<g><text x={num(x)} y={num(y + 0.05)}>{ &card.name }</text></g></g>
    }
}
