//! The last steps, the newest last; each with its reasons.

use super::parts::{PanelProps, clock_text, hand_class, notes, selected_node, what_text};
use crate::engine::NodeId;
use crate::sim::Record;
use crate::ui::model::Intent;
use yew::prelude::*;

/// How many steps are listed.
const MOST: usize = 100;
/// So near to its end, in pixels, a list counts as being at it.
const NEAR: i32 = 24;

/// The panel.
#[component]
pub(super) fn Events(props: &PanelProps) -> Html {
    let shot = &props.shot;
    let only = use_state(|| false);
    let list = use_node_ref();
    // The list follows the run while its end is in sight, and stays where it is otherwise.
    let follows = use_mut_ref(|| true);
    use_effect_with(shot.position.step, {
        let (list, follows) = (list.clone(), follows.clone());
        move |_| {
            if let Some(list) = list
                .cast::<web_sys::Element>()
                .filter(|_| *follows.borrow())
            {
                list.set_scroll_top(list.scroll_height());
            }
        }
    });
    let onscroll = {
        let list = list.clone();
        Callback::from(move |_: Event| {
            if let Some(list) = list.cast::<web_sys::Element>() {
                let left = list.scroll_height() - list.client_height() - list.scroll_top();
                *follows.borrow_mut() = left < NEAR;
            }
        })
    };
    let node = selected_node(shot);
    let about = |record: &&Record| match node.filter(|_| *only) {
        Some(node) => concerns(record, node),
        None => true,
    };
    let mut shown: Vec<&Record> = shot.recent.iter().rev().filter(about).take(MOST).collect();
    shown.reverse();
    let filter = node.map(|node| {
        let only = only.clone();
        let text = crate::lab::Phrase::new("events.only").with("node", shot.names.node(node));
        let (checked, text) = (*only, shot.words.say(&text));
        let onchange = Callback::from(move |_: Event| only.set(!*only));
        html! {
            <label class="only" key="only">
                <input type="checkbox" {checked} {onchange} />{ text }
            </label>
        }
    });
    let none = shown.is_empty().then(|| {
        html! { <li key="none" class="cap">{ shot.words.text("events.none") }</li> }
    });
    html! {
        <div class="events">
            <div key="filter">{ for filter }</div>
            <ol key="list" class="rows" ref={list} {onscroll} aria-label={shot.words.text("side.events")}>
                { for none.into_iter().chain(shown.into_iter().map(|record| row(props, record))) }
            </ol>
        </div>
    }
}

fn concerns(record: &Record, node: NodeId) -> bool {
    record.what.node() == Some(node) || record.touched.contains(&node)
}

fn row(props: &PanelProps, record: &Record) -> Html {
    let shot = &props.shot;
    let onclick = props.want::<MouseEvent>(Intent::SeekStep(record.step));
    let here = (record.step == shot.position.step).then_some("step");
    html! {
        <li key={record.step}>
            <button type="button" {onclick} aria-current={here}
                class={classes!("line", "event", hand_class(&record.what))}>
                <time title={format!("{} s, {}", record.time, record.step)}>
                    { clock_text(record.time) }
                </time>
                <span class="what">{ what_text(shot, record) }</span>
                { notes(shot, record) }
            </button>
        </li>
    }
}
