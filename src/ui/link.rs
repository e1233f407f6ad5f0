//! What is selected, as a name that stands in a link.

use super::model::Selection;
use crate::lab::Names;

/// The name of what is selected; `None` where nothing is.
pub(super) fn name_of(selection: Selection, names: &Names) -> Option<String> {
    match selection {
        Selection::Nothing => None,
        Selection::Event(step) => Some(format!("#{step}")),
        Selection::Node(node) => Some(names.node(node).to_owned()),
        Selection::Link(a, b) => Some(format!("{} {}", names.node(a), names.node(b))),
        Selection::Flight(name) => Some(names.message(name)),
    }
}

/// What has this name; `None` where the lab has nothing of it.
pub(super) fn selection_of(name: &str, names: &Names) -> Option<Selection> {
    if let Some(node) = names.find_node(name) {
        return Some(Selection::Node(node));
    }
    if let Some(message) = names.find_message(name) {
        return Some(Selection::Flight(message));
    }
    if let Some(step) = name.strip_prefix('#') {
        return step.parse().ok().map(Selection::Event);
    }
    let (a, b) = name.split_once(' ')?;
    let (a, b) = (names.find_node(a)?, names.find_node(b)?);
    (a != b).then_some(Selection::Link(a, b))
}
