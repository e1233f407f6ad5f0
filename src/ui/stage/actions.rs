//! The small bar beside what is selected, with what can be done to it.

use super::geometry::Point;
use crate::ui::desk::DeskRef;
use crate::ui::model::{Intent, Selection, Shot, ShotRef};
use crate::view::{Control, flight_controls, link_controls, node_controls, request_controls};
use yew::{Callback, Html, Properties, classes, component, html};

/// What the bar is given.
#[derive(Properties, PartialEq)]
pub(super) struct ActionsProps {
    pub(super) shot: ShotRef,
    pub(super) desk: DeskRef,
    pub(super) size: Point,
    pub(super) place: Option<Point>,
    pub(super) on: Callback<Intent>,
}

/// What can be done to what is selected.
pub(in crate::ui) fn controls(shot: &Shot) -> Vec<Control> {
    let world = shot.run.world();
    match shot.selection {
        Selection::Nothing => Vec::new(),
        Selection::Node(node) => {
            let mut controls = node_controls(world, &shot.names, node);
            controls.extend(request_controls(world, &shot.names, node));
            controls
        }
        Selection::Flight(name) => {
            let mut flights = world.flights();
            let flight = flights.find(|flight| flight.letter.name == name);
            flight.map(flight_controls).unwrap_or_default()
        }
        Selection::Link(a, b) => link_controls(world, a, b),
    }
}

/// What is selected, by name.
fn title(shot: &Shot) -> String {
    match shot.selection {
        Selection::Nothing => String::new(),
        Selection::Node(node) => shot.names.node(node).to_owned(),
        Selection::Flight(name) => shot.names.message(name),
        Selection::Link(a, b) => {
            format!("{} \u{2013} {}", shot.names.node(a), shot.names.node(b))
        }
    }
}

/// The bar; empty and unseen where nothing is selected.
#[component]
pub(super) fn Actions(props: &ActionsProps) -> Html {
    let shot = &props.shot;
    let controls = controls(shot);
    let button = |(i, control): (usize, Control)| {
        let command = control.command.clone();
        let onclick = props.on.reform(move |_| Intent::Give(command.clone()));
        html! {
            <button key={format!("{i}{}", control.label.key)} type="button" {onclick}
                class={classes!("act", control.harmful.then_some("harmful"))}>
                { shot.words.say(&control.label) }
            </button>
        }
    };
    let hidden = controls.is_empty();
    let buttons = controls.into_iter().enumerate().map(button);
    html! {
        <div class="actions" role="toolbar" aria-label={shot.words.text("stage.actions")} {hidden}
            style={style(props)}>
            <span class="about">{ title(shot) }</span>
            { for buttons }
        </div>
    }
}

/// Under what is in the upper half, over what is in the lower one; never over the edge.
fn style(props: &ActionsProps) -> String {
    let ((width, height), (x, y)) = (props.size, props.place.unwrap_or(props.size));
    let node = matches!(props.shot.selection, Selection::Node(_));
    let away = if node { 62.0 } else { 24.0 };
    let vertical = if y < height / 2.0 {
        format!("top:{:.0}px", y + away + if node { 36.0 } else { 0.0 })
    } else {
        format!("bottom:{:.0}px", height - y + away)
    };
    // The bar's own middle is at this share of its width, so that it stays inside.
    let share = (x / width.max(1.0)).clamp(0.0, 1.0);
    let shift = (share * 100.0).clamp(4.0, 96.0);
    format!("left:{x:.0}px;{vertical};transform:translateX(-{shift:.0}%)")
}
