//! The storm: how often it strikes, and with what.

use super::choice::Choice;
use super::parts::{PanelProps, buttons};
use crate::sim::{FaultKind, FaultSet};
use crate::view::{STORM_KINDS, STORM_RATES, storm_control};
use yew::prelude::*;

/// The rate, a box for each kind of fault, and the button.
#[component]
pub(super) fn Storm(props: &PanelProps) -> Html {
    let words = &props.shot.words;
    let raging = props.shot.run.world().storm();
    let rate = use_state(|| 2_usize);
    let kinds = use_state(|| raging.map_or(STORM_KINDS, |plan| plan.kinds));
    let on_choose = {
        let rate = rate.clone();
        Callback::from(move |value: String| rate.set(value.parse().unwrap_or(2)))
    };
    let all: Vec<_> = STORM_RATES
        .iter()
        .enumerate()
        .map(|(i, span)| (i.to_string(), span.to_string()))
        .collect();
    // A restart is what takes a crash back; it is no strike of its own.
    let of_its_own = |kind: &FaultKind| *kind != FaultKind::Restart;
    let kind_box = |kind: FaultKind| {
        let onchange = {
            let kinds = kinds.clone();
            Callback::from(move |_: Event| {
                let others = kinds.iter().filter(|other| *other != kind);
                let mut next = FaultSet::NONE;
                others.for_each(|other| next.insert(other));
                if !kinds.contains(kind) {
                    next.insert(kind);
                }
                kinds.set(next);
            })
        };
        html! {
            <label key={kind.id()} class="onebox">
                <input type="checkbox" checked={kinds.contains(kind)} {onchange} />
                { words.text(&format!("fault.{}", kind.id())) }
            </label>
        }
    };
    let boxes = FaultSet::ALL.iter().filter(of_its_own).map(kind_box);
    let some = kinds.iter().any(|kind| of_its_own(&kind));
    let controls = if some {
        vec![storm_control(STORM_RATES[*rate], *kinds)]
    } else {
        Vec::new()
    };
    html! {
        <div class="storming">
            <Choice id="storm-every" label={words.text("storm.every")} {all}
                now={rate.to_string()} {on_choose} />
            <div class="kinds" role="group" aria-label={words.text("storm.kinds")}>{ for boxes }</div>
            <div class="btns">{ buttons(props, controls) }</div>
            <p class="cap" hidden={some}>{ words.text("storm.none") }</p>
        </div>
    }
}
