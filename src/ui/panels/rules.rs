//! The safety rules of the lab, each with its switch.

use super::parts::PanelProps;
use crate::lab::Phrase;
use crate::ui::lesson::{Place, link_to};
use crate::ui::model::{Intent, Seek};
use crate::view::{Control, rule_controls};
use yew::prelude::*;

/// The panel.
pub(super) fn rules(props: &PanelProps) -> Html {
    let shot = &props.shot;
    let all = rule_controls(shot.run.world(), &shot.names);
    let rows = all
        .into_iter()
        .map(|(id, on, control)| row(props, id, on, control));
    let seek = props.want::<MouseEvent>(Intent::Seek(Seek::Begin));
    let locked = shot.locks_rules();
    html! {
        <div key="rules" class="rules">
            <p class="cap">{ shot.words.text("rules.hint") }</p>
            <button type="button" class="tbtn main" disabled={locked} onclick={seek}
                aria-describedby={locked.then_some("seek-locked")}>{ shot.words.text("seek.title") }</button>
            <>{ for experiments(props) }</>
            <p id="seek-locked" class="cap" hidden={!locked}>{ shot.words.text("seek.locked") }</p>
            <ul class="rows">{ for rows }</ul>
        </div>
    }
}

/// The way to the experiments, where the lab has any.
fn experiments(props: &PanelProps) -> Option<Html> {
    let plugin = props.shot.plugin;
    let first = plugin.experiments().first()?.spec().id;
    let place = Place::Experiment(plugin.card().id, first.to_owned());
    let href = place.address();
    let onclick = link_to(&props.on, Intent::Visit(place));
    Some(html! {
        <a key="experiments" class="tbtn" {href} {onclick}>{ props.shot.words.text("experiment.all") }</a>
    })
}

fn row(props: &PanelProps, id: &'static str, on: bool, control: Control) -> Html {
    let words = &props.shot.words;
    let name = words.text(&format!("rule.{id}"));
    let mut specs = props.shot.plugin.info().all_rules();
    let guards = specs.find(|rule| rule.id == id).map(|rule| {
        let check = words.text(&format!("check.{}", rule.guards));
        words.say(&Phrase::new("rules.guards").with("check", check))
    });
    let disabled = !props.shot.opens(&control.commands);
    let onclick = props.want::<MouseEvent>(Intent::Give(control.commands));
    let state = words.text(if on { "rules.on" } else { "rules.off" });
    html! {
        <li key={id} class={classes!("rule", (!on).then_some("off"))}>
            <button type="button" id={format!("rule-{id}")} role="switch" class="switch" {disabled} {onclick}
                aria-checked={if on { "true" } else { "false" }} aria-label={name.clone()}>
                <span class="knob" aria-hidden="true"></span>
            </button>
            <label class="rname" for={format!("rule-{id}")}>{ name }<small>{ guards }</small></label>
            <b class="onoff" aria-hidden="true">{ state }</b>
        </li>
    }
}
