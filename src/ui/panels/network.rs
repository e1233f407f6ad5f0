//! Loss, duplication and latency of the whole network.

use super::parts::{PanelProps, typed};
use crate::ui::model::Intent;
use crate::view::{Stops, net_stops};
use yew::prelude::*;

/// The sliders.
pub(super) fn network(props: &PanelProps) -> Html {
    let stops = net_stops(props.shot.run.world());
    let slider = |stops: Stops| {
        let label = props.shot.words.say(&stops.label);
        let key = stops.label.key.clone();
        html! { <Slider {key} {label} {stops} on={props.on.clone()} /> }
    };
    html! { <div class="network">{ for stops.into_iter().map(slider) }</div> }
}

/// What a slider is given.
#[derive(Properties, PartialEq)]
struct SliderProps {
    label: String,
    stops: Stops,
    on: Callback<Intent>,
}

/// A slider over stops; the command is given when it is let go, not on the way.
#[component]
fn Slider(props: &SliderProps) -> Html {
    let held = use_state(|| None::<usize>);
    let at = held.unwrap_or(props.stops.now);
    let text = props.stops.stops.get(at).map_or("", |(text, _)| text);
    let place = |event: &Event| typed(event).parse::<usize>().ok();
    let oninput = {
        let held = held.clone();
        Callback::from(move |event: InputEvent| held.set(place(event.as_ref())))
    };
    let onchange = {
        let (on, stops) = (props.on.clone(), props.stops.stops.clone());
        Callback::from(move |event: Event| {
            held.set(None);
            let stop = place(&event).and_then(|at| stops.get(at));
            if let Some((_, command)) = stop {
                on.emit(Intent::Give(command.clone()));
            }
        })
    };
    // Its arrows move it; they do not step through the run.
    let onkeydown = Callback::from(|event: KeyboardEvent| {
        if event.key().starts_with("Arrow") {
            event.stop_propagation();
        }
    });
    let max = props.stops.stops.len().saturating_sub(1).to_string();
    html! {
        <label class="slider">
            <span>{ &props.label }<output>{ text }</output></span>
            <input type="range" min="0" {max} step="1" value={at.to_string()}
                aria-label={props.label.clone()} aria-valuetext={text.to_owned()}
                {oninput} {onchange} {onkeydown} />
        </label>
    }
}
