//! A real dialog: Escape closes it, what is behind it rests, and the focus goes back.

use web_sys::HtmlDialogElement;
use yew::{
    AttrValue, Callback, Event, Html, Properties, component, html, use_effect_with, use_node_ref,
};

/// What a dialog is given.
#[derive(Properties, PartialEq)]
pub(super) struct DialogProps {
    pub(super) open: bool,
    /// Its class; its heading has the id `CLASS-title`.
    pub(super) class: AttrValue,
    pub(super) on_close: Callback<()>,
    pub(super) children: Html,
}

/// See the module.
#[component]
pub(super) fn Dialog(props: &DialogProps) -> Html {
    let dialog = use_node_ref();
    use_effect_with((props.open, dialog.clone()), |(open, dialog)| {
        if let Some(dialog) = dialog.cast::<HtmlDialogElement>() {
            if *open && !dialog.open() {
                // It can only fail for a dialog that is not in the page.
                let _ = dialog.show_modal();
            } else if !*open && dialog.open() {
                dialog.close();
            }
        }
    });
    html! {
        <dialog ref={dialog.clone()} class={&props.class} aria-labelledby={format!("{}-title", props.class)}
            onclose={props.on_close.reform(|_: Event| ())}>
            { props.children.clone() }
        </dialog>
    }
}
