//! Splitbrain: real protocol engines in one deterministic world, to be broken by hand.
//! The page on wasm32, the command line elsewhere.

#[cfg(target_arch = "wasm32")]
mod placeholder {
    use wasm_bindgen::JsCast as _;
    use yew::prelude::{Html, function_component, html};

    #[function_component]
    fn Page() -> Html {
        html! { <main><h1>{ "Splitbrain" }</h1></main> }
    }

    pub(crate) fn mount() {
        let host = web_sys::window()
            .and_then(|window| window.document())
            .expect("a page")
            .get_element_by_id("app")
            .and_then(|element| element.dyn_into().ok())
            .expect("index.html has #app");
        yew::Renderer::<Page>::with_root(host).render();
    }
}

#[cfg(target_arch = "wasm32")]
fn main() {
    placeholder::mount();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    splitbrain::cli::main()
}
