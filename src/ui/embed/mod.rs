//! The page in a frame of somebody else's page: the stage, the panels and controls that its author
//! chose, and nothing else of the desk. `docs/embedding.md` describes it for people.

mod call;
mod dialog;
mod frame;
mod said;
mod talk;
mod view;

use super::address::Address;
use super::page;
use crate::view::is_embed;

pub(super) use dialog::dialog;

/// Whether the address is that of a frame.
pub(super) fn wanted() -> bool {
    is_embed(&Address::fragment())
}

/// Mounts the frame on the element `#app`.
///
/// # Panics
/// Where `index.html` has no such element.
pub(super) fn mount() {
    let host = page::document().get_element_by_id("app");
    yew::Renderer::<frame::Frame>::with_root(host.expect("index.html has #app")).render();
}
