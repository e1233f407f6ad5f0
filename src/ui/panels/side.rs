//! The right column: what is known (in tabs), what is promised, and why it came to this.

use super::checks::Checks;
use super::events::Events;
use super::lab::lab_panel;
use super::messages::messages;
use super::operations::{operations_panel, told};
use super::parts::{PanelProps, selected_node};
use super::rules::rules;
use super::state::State;
use super::tabs::{Tab, TabsProps, stand, stand_always, tab_row};
use super::why::why;
use crate::lab::Phrase;
use crate::ui::model::{Intent, Selection, Shot, ShotRef};
use crate::view::{PANELS, Panel};
use std::rc::Rc;
use yew::prelude::*;

const PREFIX: &str = "side";

/// The whole right column.
pub fn side(props: &PanelProps) -> Html {
    html! {
        <div class="side">
            <Known shot={props.shot.clone()} on={props.on.clone()} />
            <Checks ..props.clone() />
            { why(props) }
        </div>
    }
}

/// What the card with tabs is given.
#[derive(Properties, PartialEq, Clone)]
struct KnownProps {
    shot: ShotRef,
    on: Callback<Intent>,
    /// The ids of the tabs that show, in their order; all where there is no such list.
    #[prop_or_default]
    only: Option<Rc<[String]>>,
}

/// The panels of an embedded run: those of these ids.
pub fn chosen(props: &PanelProps, ids: &[String]) -> Html {
    let has = |id: &str| ids.iter().any(|wanted| wanted == id);
    let known: Rc<[String]> = tabs_of(&props.shot, ids).map(|tab| tab.id).collect();
    let card = (!known.is_empty()).then(|| {
        html! { <Known shot={props.shot.clone()} on={props.on.clone()} only={known} /> }
    });
    let checks = has("checks").then(|| html! { <Checks ..props.clone() /> });
    let reasons = has("why").then(|| why(props));
    html! { <div class="side"><>{ for card }</><>{ for checks }</><>{ for reasons }</></div> }
}

/// Which of these ids no panel has.
pub fn no_panel(shot: &Shot, ids: &[String]) -> Option<String> {
    let panels = shot.plugin.panels(shot.run.world(), &shot.names);
    let of_lab = |id: &str| panels.iter().any(|panel| panel.id() == id);
    let unknown = ids
        .iter()
        .find(|id| !PANELS.contains(&id.as_str()) && !of_lab(id));
    unknown.cloned()
}

/// The tabs of these ids, in this order; those that there are now.
fn tabs_of<'a>(shot: &'a Shot, ids: &'a [String]) -> impl Iterator<Item = Tab> + 'a {
    let panels = shot.plugin.panels(shot.run.world(), &shot.names);
    let mut all = tabs(shot, &panels);
    ids.iter().filter_map(move |id| {
        let of_lab = format!("lab-{id}");
        let at = all
            .iter()
            .position(|tab| tab.id == of_lab || tab.id == *id)?;
        Some(all.remove(at))
    })
}

/// The card with tabs.
#[component]
fn Known(props: &KnownProps) -> Html {
    let shot = &props.shot;
    let only = props.only.as_deref();
    let props = &PanelProps {
        shot: shot.clone(),
        on: props.on.clone(),
    };
    let panels = shot.plugin.panels(shot.run.world(), &shot.names);
    let mut tabs = tabs(shot, &panels);
    if let Some(only) = only {
        let place = |tab: &Tab| only.iter().position(|id| *id == tab.id);
        tabs.retain(|tab| place(tab).is_some());
        tabs.sort_by_key(place);
    }
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
    // A lesson that tells of a panel opens it.
    use_effect_with(shot.panel.clone(), {
        let wanted = wanted.clone();
        move |panel| {
            if let Some(panel) = panel {
                wanted.set(Some(format!("lab-{panel}")));
            }
        }
    });
    let known = |id: &&String| tabs.iter().any(|tab| tab.id == **id);
    let open = (*wanted).as_ref().filter(known).cloned();
    let open = open.unwrap_or_else(|| tabs[0].id.clone());
    let width = |tab: &Tab| (tab.label.clone(), tab.badge.as_ref().map_or(0, String::len));
    let widths: Vec<_> = tabs.iter().map(width).collect();
    use_effect_with((open.clone(), widths), |_| stand(PREFIX));
    use_effect_with((), |()| {
        let watched = stand_always(PREFIX);
        move || drop(watched)
    });
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
            let panel = panel.map(|panel| {
                let (short, title) = names_of(shot, &panel);
                let title = (short != title).then_some(title);
                html! {
                    <>
                        <p key="title" class="paneltitle" hidden={title.is_none()}>{ title }</p>
                        { lab_panel(props, &panel, id) }
                    </>
                }
            });
            html! { <>{ panel }</> }
        }
    };
    let on_open = Callback::from(move |id| wanted.set(Some(id)));
    let row = TabsProps {
        prefix: PREFIX,
        label: shot.words.text("side.known"),
        tabs,
        open: open.clone(),
        all: Some(shot.words.text("side.all")),
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
    let text = |key: &str| shot.words.text(key);
    let with = |id: &str, key: &str, badge: String| Tab {
        badge: Some(badge),
        ..Tab::new(id, text(key))
    };
    let world = shot.run.world();
    let node = selected_node(shot).map(|node| shot.names.node(node).to_owned());
    let mut tabs: Vec<Tab> = panels.iter().map(|panel| of_lab(shot, panel)).collect();
    tabs.push(with("state", "side.state", node.unwrap_or_default()));
    let flights = match world.flights().count() {
        0 => String::new(),
        n if n < 1000 => n.to_string(),
        _ => "999+".to_owned(),
    };
    tabs.push(with("messages", "side.messages", flights));
    tabs.push(Tab::new("events", text("side.events")));
    if told(shot).is_some() {
        tabs.push(Tab::new("operations", text("side.operations")));
    }
    if !shot.plugin.info().rules.is_empty() {
        let label = match world.rules().off().count() {
            0 => text("side.rules"),
            n => shot.words.say(&Phrase::new("side.rules-off").with("n", n)),
        };
        tabs.push(Tab::new("rules", label));
    }
    tabs
}

/// A panel's tab has one or two words; the whole title, where there is more of it, stands over the panel.
fn of_lab(shot: &Shot, panel: &Panel) -> Tab {
    let (short, title) = names_of(shot, panel);
    Tab {
        title: (short != title).then_some(title),
        ..Tab::new(&panel_tab(panel), short)
    }
}

/// What stands on a panel's tab, and its whole title.
fn names_of(shot: &Shot, panel: &Panel) -> (String, String) {
    let key = format!("panel.{}", panel.id());
    let title = shot.words.text(&key);
    let short = shot.words.get(&format!("{key}.tab"));
    (short.map_or_else(|| title.clone(), str::to_owned), title)
}
