//! A list to choose from, which always shows what is so.

use crate::engine::NodeId;
use crate::lab::Names;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// What the list is given.
#[derive(Properties, PartialEq)]
pub(super) struct ChoiceProps {
    /// Its id in the page.
    pub(super) id: AttrValue,
    /// What stands before it; empty where a label stands elsewhere.
    #[prop_or_default]
    pub(super) label: String,
    /// Value and text of each choice.
    pub(super) all: Vec<(String, String)>,
    /// More of them, in groups with names.
    #[prop_or_default]
    pub(super) groups: Vec<(String, Vec<(String, String)>)>,
    /// The value that is so.
    pub(super) now: String,
    /// Chooses another.
    pub(super) on_choose: Callback<String>,
}

/// What can be chosen.
#[derive(Properties, PartialEq)]
struct Options {
    all: Vec<(String, String)>,
    groups: Vec<(String, Vec<(String, String)>)>,
}

/// The choices: a component of their own, because there may be a thousand of them, which hardly ever change.
#[component]
fn Choices(props: &Options) -> Html {
    let option = |(value, text): &(String, String)| {
        html! { <option key={value.clone()} value={value.clone()}>{ text }</option> }
    };
    let group = |(name, all): &(String, Vec<(String, String)>)| {
        html! { <optgroup key={name.clone()} label={name.clone()}>{ for all.iter().map(option) }</optgroup> }
    };
    html! {
        <>
            <>{ for props.all.iter().map(option) }</>
            <>{ for props.groups.iter().map(group) }</>
        </>
    }
}

/// The list.
#[component]
pub(super) fn Choice(props: &ChoiceProps) -> Html {
    let list = use_node_ref();
    // The attribute `selected` says only what is chosen at first; the value says what is now.
    use_effect_with((props.now.clone(), props.all.clone()), {
        let list = list.clone();
        move |(now, _)| {
            if let Some(list) = list.cast::<HtmlSelectElement>() {
                list.set_value(now);
            }
        }
    });
    let onchange = props.on_choose.reform(|event: Event| {
        let list = event.target_dyn_into::<HtmlSelectElement>();
        list.map(|list| list.value()).unwrap_or_default()
    });
    // Its keys move in it; they do not step through the run.
    let onkeydown = Callback::from(|event: KeyboardEvent| {
        if event.key().starts_with("Arrow") || event.key() == " " {
            event.stop_propagation();
        }
    });
    let options = Options {
        all: props.all.clone(),
        groups: props.groups.clone(),
    };
    let label = if props.label.is_empty() {
        html! {}
    } else {
        html! { <label for={props.id.clone()}>{ &props.label }</label> }
    };
    html! {
        <span class="pick">
            { label }
            <select id={props.id.clone()} ref={list} {onchange} {onkeydown}>
                <Choices ..options />
            </select>
        </span>
    }
}

/// A list with a label.
pub(in crate::ui) fn choice(
    id: &'static str,
    label: String,
    all: Vec<(String, String)>,
    now: String,
    on_choose: Callback<String>,
) -> Html {
    html! { <Choice key={id} {id} {label} {all} {now} {on_choose} /> }
}

/// A list with a label whose choices stand in groups; at first nothing is chosen, which has a text.
pub(in crate::ui) fn grouped(
    id: &'static str,
    label: String,
    none: String,
    groups: Vec<(String, Vec<(String, String)>)>,
    on_choose: Callback<String>,
) -> Html {
    let all = vec![(String::new(), none)];
    html! { <Choice key={id} {id} {label} {all} {groups} now={String::new()} {on_choose} /> }
}

/// A list of nodes; `none` is the text of the empty choice, where there is one.
pub(super) fn node_list(
    names: &Names,
    (id, label): (&'static str, String),
    now: Option<NodeId>,
    none: Option<String>,
    choose: &Callback<Option<NodeId>>,
) -> Html {
    let on_choose = choose.reform(|value: String| value.parse().ok().map(NodeId));
    let node = |(node, name): (NodeId, &str)| (node.0.to_string(), name.to_owned());
    let none = none.map(|text| (String::new(), text));
    let all: Vec<_> = none.into_iter().chain(names.nodes().map(node)).collect();
    let now = now.map_or_else(String::new, |node| node.0.to_string());
    html! { <Choice {id} {label} {all} {now} {on_choose} /> }
}
