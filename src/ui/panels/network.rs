//! Sliders over values: the network, a link, a node's clock and disk.

use super::parts::{PanelProps, buttons, typed};
use crate::sim::Scope;
use crate::ui::model::Intent;
use crate::view::{Stops, net_presets, net_stops};
use yew::prelude::*;

/// What the net, or one link, does to its messages: some networks as they are found, and each
/// lever by itself.
pub(super) fn network(props: &PanelProps, scope: Scope) -> Html {
    html! {
        <div key="network">
            <div class="btns">{ buttons(props, net_presets(scope)) }</div>
            { sliders(props, net_stops(props.shot.run.world(), scope)) }
        </div>
    }
}

/// A slider for each.
pub(super) fn sliders(props: &PanelProps, all: Vec<Stops>) -> Html {
    let slider = |stops: Stops| {
        let words = &props.shot.words;
        let (key, label) = (stops.label.key.clone(), words.say(&stops.label));
        let texts: Vec<String> = stops
            .stops
            .iter()
            .map(|(text, _)| words.say(text))
            .collect();
        let disabled = stops
            .stops
            .iter()
            .any(|(_, stop)| !props.shot.opens(std::slice::from_ref(stop)));
        html! { <Slider {key} {disabled} {label} {texts} {stops} on={props.on.clone()} /> }
    };
    html! { <div class="network">{ for all.into_iter().map(slider) }</div> }
}

/// What a slider is given.
#[derive(Properties, PartialEq)]
struct SliderProps {
    label: String,
    texts: Vec<String>,
    stops: Stops,
    disabled: bool,
    on: Callback<Intent>,
}

/// A slider over stops; the command is given when it is let go, not on the way.
#[component]
fn Slider(props: &SliderProps) -> Html {
    let held = use_state(|| None::<usize>);
    let at = held.unwrap_or(props.stops.now);
    let label = &props.label;
    let text = props.texts.get(at).cloned().unwrap_or_default();
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
                on.emit(Intent::Give(vec![command.clone()]));
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
            <span>{ label }<output aria-hidden="true">{ &text }</output></span>
            <input type="range" min="0" {max} step="1" value={at.to_string()} disabled={props.disabled}
                aria-label={label.clone()} aria-valuetext={text.clone()}
                {oninput} {onchange} {onkeydown} />
        </label>
    }
}
