//! A picture of a lab: its own stage, as it stands a moment after the start.

use super::super::number::fixed;
use super::super::panels::tone_name;
use crate::lab::Lab;
use crate::protocols::find;
use crate::sim::Status;
use crate::view::{NodeCard, Scene, Shape};
use yew::prelude::*;

/// So many events into the run with seed 1: enough for roles to be taken.
const EVENTS: usize = 240;

/// What a picture is given.
#[derive(Properties, PartialEq)]
pub(super) struct PictureProps {
    /// The lab's id.
    pub(super) plugin: &'static str,
    /// Whether there is what to draw it with.
    pub(super) ready: bool,
}

/// The picture. It is drawn once; the world behind it is thrown away.
#[component]
pub(super) fn Picture(props: &PictureProps) -> Html {
    let scene = use_memo((props.plugin, props.ready), |(id, ready)| {
        if *ready { stand(id) } else { Scene::default() }
    });
    let near = scene.nodes.len() > 20;
    let radius = if near { 0.05 } else { radius(&scene) };
    let line = |(a, b): &(crate::engine::NodeId, crate::engine::NodeId)| {
        let ((x1, y1), (x2, y2)) = (scene.place(*a), scene.place(*b));
        html! {
            <line key={format!("{}-{}", a.0, b.0)} x1={num(x1)} y1={num(y1)} x2={num(x2)} y2={num(y2)} />
        }
    };
    let lines = scene.links.iter().filter(|_| !near).map(line);
    let nodes = scene.nodes.iter().map(|card| node(card, radius, false));
    html! {
        <svg class="picture" viewBox={frame(&scene, radius)}>
            <g class="lines">{ for lines }</g>
            <g class="nodes">{ for nodes }</g>
        </svg>
    }
}

/// How large a node may be, so that none touches the next.
fn radius(scene: &Scene) -> f64 {
    let mut radius = 0.19_f64;
    for (i, a) in scene.nodes.iter().enumerate() {
        for b in &scene.nodes[i + 1..] {
            let (dx, dy) = (a.at.0 - b.at.0, a.at.1 - b.at.1);
            radius = radius.min((dx * dx + dy * dy).sqrt() * 0.44);
        }
    }
    radius.max(0.05)
}

/// What is seen: the usual square with what stands beside it, and more where a lab has nodes outside.
fn frame(scene: &Scene, radius: f64) -> String {
    let rim = radius + 0.03;
    let (mut low, mut high) = ((-1.75_f64, -1.05_f64), (1.75_f64, 1.05_f64));
    for card in &scene.nodes {
        low = (low.0.min(card.at.0 - rim), low.1.min(card.at.1 - rim));
        high = (high.0.max(card.at.0 + rim), high.1.max(card.at.1 + rim));
    }
    let wide = [low.0, low.1, high.0 - low.0, high.1 - low.1];
    wide.map(num).join(" ")
}

/// The stage of a lab. Its engine may be in the rest of the program.
#[inline(never)]
fn stand(id: &str) -> Scene {
    let Some(plugin) = find(id) else {
        return Scene::default();
    };
    let lab: &dyn Lab = plugin;
    let mut world = lab.world(&lab.setup(1));
    for _ in 0..EVENTS {
        if !world.step() {
            break;
        }
    }
    plugin.scene(&world)
}

pub(super) fn num(n: f64) -> String {
    fixed(n, 3)
}

pub(super) fn node(card: &NodeCard, radius: f64, named: bool) -> Html {
    let (x, y) = card.at;
    let name = named.then(|| {
        html! { <text x={num(x)} y={num(y + 0.05)}>{ &card.name }</text> }
    });
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
        Shape::Plain | Shape::Eye => html! {
            <circle cx={num(x)} cy={num(y)} r={num(radius)} />
        },
    };
    let up = card.status != Status::Down;
    html! {
        <g key={card.id.0} class={classes!(tone_name(card.role.tone), (!up).then_some("dead"))}>{ shape }<g>{ for name }</g></g>
    }
}
