//! The right column: what is known (in tabs), what is promised, and why it came to this.

use super::checks::Checks;
use super::events::Events;
use super::lab::lab_panel;
use super::messages::messages;
use super::operations::{operations_panel, told};
use super::parts::{PanelProps, selected_node};
use super::rules::rules;
use super::state::State;
use super::tabs::{Tab, TabsProps, tab_row};
use super::why::why;
use crate::lab::Phrase;
use crate::ui::model::{Selection, Shot};
use crate::view::Panel;
use yew::prelude::*;

const PREFIX: &str = "side";

/// The whole right column.
pub fn side(props: &PanelProps) -> Html {
    html! {
        <div class="side">
            <Known ..props.clone() />
            <Checks ..props.clone() />
            { why(props) }
        </div>
    }
}

/// The card with tabs.
#[component]
fn Known(props: &PanelProps) -> Html {
    let shot = &props.shot;
    let panels = shot.plugin.panels(shot.run.world(), &shot.names);
    let tabs = tabs(shot, &panels);
    let wanted = use_state(|| None::<String>);
    // Who looks at one thing and selects another wants to see that one.
    use_effect_with(shot.selection, {
        let wanted = wanted.clone();
        move |selection| {
            let inspects = matches!(wanted.as_deref(), Some("state" | "messages"));
            match selection {
                Selection::Node(_) if inspects => wanted.set(Some("state".to_owned())),
                Selection::Flight(_) if inspects => wanted.set(Some("messages".to_owned())),
                Selection::Nothing
                | Selection::Node(_)
                | Selection::Flight(_)
                | Selection::Link(..)
                | Selection::Event(_) => {}
            }
        }
    });
    let known = |id: &&String| tabs.iter().any(|tab| tab.id == **id);
    let open = (*wanted).as_ref().filter(known).cloned();
    let open = open.unwrap_or_else(|| tabs[0].id.clone());
    let body = match open.as_str() {
        "state" => html! { <State key="state" ..props.clone() /> },
        "messages" => messages(props),
        "operations" => {
            let table = told(shot).map(|told| operations_panel(props, told));
            html! { <>{ table }</> }
        }
        "events" => html! { <Events key="events" ..props.clone() /> },
        "rules" => rules(props),
        id => {
            let panel = panels.into_iter().find(|panel| panel_tab(panel) == id);
            let panel = panel.map(|panel| lab_panel(props, &panel, id));
            html! { <>{ panel }</> }
        }
    };
    let on_open = Callback::from(move |id| wanted.set(Some(id)));
    let row = TabsProps {
        prefix: PREFIX,
        label: shot.words.text("side.known"),
        tabs,
        open: open.clone(),
        on_open,
    };
    html! {
        <section class="card known" aria-label={shot.words.text("side.known")}>
            { tab_row(&row) }
            <div class="tabbody" role="tabpanel" tabindex="0" id={format!("{PREFIX}-panel")}
                aria-labelledby={format!("{PREFIX}-tab-{open}")}>
                { body }
            </div>
        </section>
    }
}

fn panel_tab(panel: &Panel) -> String {
    format!("lab-{}", panel.id())
}

fn tabs(shot: &Shot, panels: &[Panel]) -> Vec<Tab> {
    let tab = |id: &str, label: String, count: usize| Tab {
        id: id.to_owned(),
        label,
        count,
    };
    let text = |key: &str| shot.words.text(key);
    let world = shot.run.world();
    let node = selected_node(shot).map(|node| shot.names.node(node).to_owned());
    let mut tabs: Vec<Tab> = panels
        .iter()
        .map(|panel| tab(&panel_tab(panel), text(&format!("panel.{}", panel.id())), 0))
        .collect();
    tabs.push(tab("state", node.unwrap_or_else(|| text("side.state")), 0));
    tabs.push(tab(
        "messages",
        text("side.messages"),
        world.flights().count(),
    ));
    tabs.push(tab("events", text("side.events"), 0));
    if told(shot).is_some() {
        tabs.push(tab("operations", text("side.operations"), 0));
    }
    if !shot.plugin.info().rules.is_empty() {
        let label = match world.rules().off().count() {
            0 => text("side.rules"),
            n => shot.words.say(&Phrase::new("side.rules-off").with("n", n)),
        };
        tabs.push(tab("rules", label, 0));
    }
    tabs
}
