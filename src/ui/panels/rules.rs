//! The safety rules of the lab, each with its switch.

use super::parts::PanelProps;
use crate::lab::Phrase;
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
    html! {
        <div key="rules" class="rules">
            <p class="cap">{ shot.words.text("rules.hint") }</p>
            <button type="button" class="tbtn main" onclick={seek}>{ shot.words.text("seek.title") }</button>
            <ul class="rows">{ for rows }</ul>
        </div>
    }
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
            <button type="button" role="switch" class="switch" {disabled} {onclick}
                aria-checked={if on { "true" } else { "false" }} aria-label={name.clone()}>
                <span class="knob" aria-hidden="true"></span>
            </button>
            <span class="rname">{ name }<small>{ guards }</small></span>
            <b class="onoff" aria-hidden="true">{ state }</b>
        </li>
    }
}
