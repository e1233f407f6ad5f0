//! What helps to study a run: its branches as a tree, another run beside it, what differs between two sides, and
//! its counters as lines over time.

mod beside;
mod branches;
mod charts;
mod compare;

use super::model::{Intent, ShotRef};
use super::panels::{Tab, TabsProps, tab_row};
use beside::partners;
pub(super) use beside::{Beside, title};
use branches::branches;
use charts::charts;
use compare::compare;
use yew::{Callback, Html, MouseEvent, html};

/// The tabs, in their order.
const TABS: [&str; 4] = ["branches", "beside", "compare", "charts"];

/// What the drawer is given.
pub(super) struct StudyProps<'a> {
    pub(super) shot: &'a ShotRef,
    /// The open tab.
    pub(super) tab: &'static str,
    pub(super) on: Callback<Intent>,
    /// Opens another tab; `None` closes the drawer.
    pub(super) on_tab: Callback<Option<&'static str>>,
}

/// The tab that is open at first.
pub(super) const FIRST: &str = TABS[0];

/// The drawer.
pub(super) fn study(props: &StudyProps<'_>) -> Html {
    let words = &props.shot.words;
    let tab = |id: &&str| Tab::new(id, words.text(&format!("study.{id}")));
    let on_open = props
        .on_tab
        .reform(|id: String| TABS.into_iter().find(|tab| *tab == id));
    let row = TabsProps {
        prefix: "study",
        label: words.text("study.title"),
        tabs: TABS.iter().map(tab).collect(),
        open: props.tab.to_owned(),
        all: None,
        on_open,
    };
    let close = props.on_tab.reform(|_: MouseEvent| None);
    let body = match props.tab {
        "branches" => branches(props),
        "beside" => partners(props),
        "compare" => compare(props),
        _ => charts(props),
    };
    html! {
        <section key="study" class="card drawer" aria-label={words.text("study.title")}>
            <div key="head" class="drawerhead">
                { tab_row(&row) }
                <button type="button" class="tbtn plain" aria-label={words.text("study.close")}
                    onclick={close}>{ "\u{2715}" }</button>
            </div>
            <div key="body" class="drawerbody" role="tabpanel" tabindex="0" id="study-panel"
                aria-labelledby={format!("study-tab-{}", props.tab)}>{ body }</div>
        </section>
    }
}
