//! How far the run goes on: until something is so; once, or whenever it comes about.

use super::choice::Choice;
use super::parts::{PanelProps, buttons};
use crate::lab::Until;
use crate::ui::model::Intent;
use crate::view::{goals, until_control};
use yew::prelude::*;

/// A list of goals, the button that runs there, and the breakpoints.
#[component]
pub(super) fn Goals(props: &PanelProps) -> Html {
    let shot = &props.shot;
    let words = &shot.words;
    let all = goals(shot.run.world(), &shot.names);
    let chosen = use_state(|| 0_usize);
    let at = (*chosen).min(all.len().saturating_sub(1));
    let Some(goal) = all.get(at) else {
        return html! { <p class="cap" key="none">{ words.text("goal.none") }</p> };
    };
    let on_choose = {
        let chosen = chosen.clone();
        Callback::from(move |value: String| chosen.set(value.parse().unwrap_or(0)))
    };
    let option = |(i, goal): (usize, &crate::view::Goal)| {
        let kind = words.text(&format!("goal.{}", goal.kind));
        (i.to_string(), format!("{kind}: {}", words.say(&goal.name)))
    };
    let options: Vec<_> = all.iter().enumerate().map(option).collect();
    let run = until_control(&goal.until, &shot.run, &shot.names);
    let now = run.is_none();
    let stop = props.want::<MouseEvent>(Intent::Break(goal.until.clone(), true));
    let set = shot.breaks.contains(&goal.until);
    let name_of = |until: &Until| {
        let known = all.iter().position(|goal| goal.until == *until);
        known.map_or_else(|| until.print(&shot.names), |i| options[i].1.clone())
    };
    let point = |until: &Until| {
        let name = name_of(until);
        let away = props.want::<MouseEvent>(Intent::Break(until.clone(), false));
        let label = format!("{}: {name}", words.text("goal.away"));
        html! {
            <li key={until.print(&shot.names)}>
                <span>{ name }</span>
                <button type="button" class="tbtn plain" aria-label={label} onclick={away}>{ "\u{2715}" }</button>
            </li>
        }
    };
    let points: Vec<Html> = shot.breaks.iter().map(point).collect();
    html! {
        <div class="goals" key="goals">
            <Choice id="goal" label={words.text("goal.label")} all={options.clone()}
                now={at.to_string()} {on_choose} />
            <div class="btns">
                { buttons(props, run.into_iter().collect()) }
                <button type="button" class="pbtn" disabled={set} onclick={stop}
                    title={set.then(|| words.text("goal.is-set"))}>{ words.text("goal.stop") }</button>
            </div>
            <p class="cap" hidden={!now}>{ words.text("goal.now") }</p>
            <ul class="breaks" aria-label={words.text("goal.breaks")}>{ for points }</ul>
        </div>
    }
}
