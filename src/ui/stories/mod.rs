//! The story of the run and what goes with it: the editor, the lab's own stories, the bookmarks,
//! the last runs, and what a run can be saved as. A drawer beside the stage; the run goes on.

mod editor;
mod exports;
mod files;
mod lists;
mod qr;
mod share;

use super::assets;
use super::desk::{DeskRef, words::lab_of};
use super::lesson::lessons_of;
use super::model::{Intent, ShotRef};
use super::panels::{Tab, TabsProps, tab_row};
use crate::lab::{Story, StoryError};
use crate::protocols;
use yew::{Callback, Html, KeyboardEvent, MouseEvent, html};

pub(super) use files::{Read, download, listeners, picker, save};
pub(super) use lists::runs_list;
pub(super) use share::share;

/// The drawer's tabs, in their order.
const TABS: [&str; 6] = ["story", "golden", "learn", "marks", "runs", "export"];

/// The open drawer.
pub(super) struct Drawer {
    tab: &'static str,
    draft: Option<Draft>,
}

/// A text that a person works on.
struct Draft {
    text: String,
    /// What it was before.
    base: String,
    wrong: Option<StoryError>,
}

/// What a person does in the drawer.
pub(super) enum Change {
    /// Another tab.
    Tab(String),
    /// The text is looked at closely: it stands still, although the run goes on.
    Hold(String),
    /// The text was changed.
    Edit(String),
    /// A text from outside is to be read here, because it could not be opened.
    Offer(String),
    /// The text is left; what was not changed follows the run again.
    Leave,
    /// What was changed is forgotten.
    Discard,
    /// Open or close.
    Toggle,
}

/// Carries a change out.
pub(super) fn change(drawer: &mut Option<Drawer>, change: Change) {
    if matches!(change, Change::Toggle) {
        *drawer = match drawer {
            Some(_) => None,
            None => Some(Drawer::new()),
        };
        return;
    }
    let open = drawer.get_or_insert_with(Drawer::new);
    match change {
        Change::Tab(id) => open.tab = TABS.into_iter().find(|tab| *tab == id).unwrap_or(TABS[0]),
        Change::Hold(text) => {
            open.draft.get_or_insert_with(|| Draft::new(text));
        }
        Change::Edit(text) => open.edit(text),
        Change::Offer(text) => {
            open.tab = TABS[0];
            open.draft = Some(Draft::new(String::new()));
            open.edit(text);
        }
        Change::Leave => {
            open.draft.take_if(|draft| draft.text == draft.base);
        }
        Change::Discard | Change::Toggle => open.draft = None,
    }
}

impl Change {
    /// The story is to be shown.
    pub(super) fn story() -> Self {
        Change::Tab(TABS[0].to_owned())
    }

    /// The lessons of the lab are to be shown.
    pub(super) fn learn() -> Self {
        Change::Tab("learn".to_owned())
    }
}

impl Drawer {
    /// Whether it shows the lessons of the lab.
    pub(super) fn teaches(&self) -> bool {
        self.tab == "learn"
    }

    /// Whether somebody wrote in it what would be lost.
    pub(super) fn edited(&self) -> bool {
        let draft = self.draft.as_ref();
        draft.is_some_and(|draft| draft.text != draft.base)
    }

    fn new() -> Self {
        Drawer {
            tab: TABS[0],
            draft: None,
        }
    }

    fn edit(&mut self, text: String) {
        let draft = self.draft.get_or_insert_with(|| Draft::new(String::new()));
        draft.wrong = wrong(&text);
        draft.text = text;
    }
}

/// What is wrong with a story. One of a lab whose part of the program has not come is not judged before it has.
pub(super) fn wrong(text: &str) -> Option<StoryError> {
    if let Some(lab) = lab_of(text)
        && !assets::has_part(lab)
    {
        // Where it does not come, whoever opens the story is told so.
        wasm_bindgen_futures::spawn_local(async move {
            assets::fetch_part(lab).await;
        });
        return None;
    }
    Story::parse(text, &protocols::labs(), &mut |_| Ok(())).err()
}

impl Draft {
    fn new(base: String) -> Self {
        Draft {
            text: base.clone(),
            base,
            wrong: None,
        }
    }
}

/// What the drawer is given.
pub(super) struct DrawerProps<'a> {
    pub(super) shot: &'a ShotRef,
    pub(super) desk: DeskRef,
    pub(super) drawer: &'a Drawer,
    pub(super) on: Callback<Intent>,
    pub(super) on_change: Callback<Change>,
    pub(super) on_file: Callback<Read>,
}

/// The drawer.
pub(super) fn drawer(props: &DrawerProps<'_>) -> Html {
    let words = &props.shot.words;
    let open = props.drawer.tab;
    let body = match open {
        "golden" => lists::golden(props),
        "learn" => {
            let then = props.on_change.reform(|()| Change::learn());
            let lab = props.shot.plugin.card();
            lessons_of(words, &props.on, lab, props.shot.lang, then)
        }
        "marks" => lists::marks(props),
        "runs" => runs_list(words, props.shot.lang, &props.on),
        "export" => exports::exports(props),
        _ => editor::editor(props),
    };
    let tab = |id: &str| Tab::new(id, words.text(&format!("story.tab-{id}")));
    let row = TabsProps {
        prefix: "drawer",
        label: words.text("story.drawer"),
        tabs: TABS.into_iter().map(tab).collect(),
        open: open.to_owned(),
        all: None,
        on_open: props.on_change.reform(Change::Tab),
    };
    let close = props.on_change.reform(|_: MouseEvent| Change::Toggle);
    let onkeydown = {
        let on_change = props.on_change.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                event.stop_propagation();
                on_change.emit(Change::Toggle);
            }
        })
    };
    html! {
        <section key="drawer" class="card drawer" aria-label={words.text("story.drawer")} {onkeydown}>
            <div class="drawerhead">
                { tab_row(&row) }
                <button type="button" class="tbtn plain" aria-label={words.text("story.close")} onclick={close}>
                    { "\u{2715}" }
                </button>
            </div>
            <div class="drawerbody" role="tabpanel" id="drawer-panel" aria-labelledby={format!("drawer-tab-{open}")}>
                { body }
            </div>
        </section>
    }
}
