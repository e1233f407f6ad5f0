//! The branches as a tree: where each forked, its name, and what can be done with it.

use super::StudyProps;
use crate::lab::{BranchId, Phrase, Position};
use crate::ui::model::{Against, BranchView, Intent, Shot};
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;
use yew::{Event, Html, MouseEvent, html};

/// The name of a branch: its own, or its number.
pub(super) fn name_of(shot: &Shot, id: BranchId) -> String {
    let known = shot.branches.iter().find(|branch| branch.id == id);
    let own = known.and_then(|branch| branch.name.clone());
    own.unwrap_or_else(|| {
        let number = Phrase::new("time.branch").with("number", id + 1);
        shot.words.say(&number)
    })
}

/// A moment as people read it.
pub(super) fn moment(at: Position) -> String {
    format!(
        "{}.{:03}\u{a0}s",
        at.time.0 / 1_000_000,
        at.time.0 / 1000 % 1000
    )
}

/// The tree.
pub(super) fn branches(props: &StudyProps<'_>) -> Html {
    let shot = props.shot;
    html! {
        <div key="branches" class="branches">
            <p class="cap">{ shot.words.text("study.branches-hint") }</p>
            { below(props, None) }
        </div>
    }
}

/// The branches that forked from one; from none, the first. One whose parent was deleted stands
/// with the first ones.
fn below(props: &StudyProps<'_>, parent: Option<BranchId>) -> Html {
    let all = &props.shot.branches;
    let there = |id: BranchId| all.iter().any(|branch| branch.id == id);
    let of = |branch: &&BranchView| {
        let from = branch.parent.map(|(id, _)| id).filter(|id| there(*id));
        from == parent
    };
    let children: Vec<Html> = all
        .iter()
        .filter(of)
        .map(|branch| one(props, branch))
        .collect();
    if children.is_empty() {
        return html! { <span key="none" /> };
    }
    html! { <ul key="below" class="tree">{ for children }</ul> }
}

fn one(props: &StudyProps<'_>, branch: &BranchView) -> Html {
    let (shot, words) = (props.shot, &props.shot.words);
    let (id, here) = (branch.id, branch.id == props.shot.branch);
    let name = name_of(shot, id);
    let say = |key: &str| words.say(&Phrase::new(key).with("branch", &name));
    let want = |intent: Intent| props.on.reform(move |_: MouseEvent| intent.clone());
    let forked = branch.parent.map(|(from, at)| {
        let from = name_of(shot, from);
        let phrase = Phrase::new("study.forked").with("branch", from);
        words.say(&phrase.with("time", moment(at)))
    });
    let ends = words.say(&Phrase::new("study.ends").with("time", moment(branch.end)));
    let onchange = props.on.reform(move |event: Event| {
        let input = event
            .target()
            .and_then(|t| t.dyn_into::<HtmlInputElement>().ok());
        let name = input.map(|input| input.value()).unwrap_or_default();
        Intent::Rename(id, name)
    });
    let compare = {
        let (on, on_tab) = (props.on.clone(), props.on_tab.clone());
        yew::Callback::from(move |_: MouseEvent| {
            on.emit(Intent::Compare(Some(Against::Branch(id))));
            on_tab.emit(Some("compare"));
        })
    };
    let action = |key: &'static str, onclick, disabled: bool| {
        html! {
            <button {key} type="button" class="pbtn" aria-label={say(&format!("{key}-of"))}
                {disabled} {onclick}>{ words.text(key) }</button>
        }
    };
    html! {
        <li key={id} aria-current={here.then_some("true")}>
            <div class="branch">
                <input type="text" maxlength="60" value={name.clone()} {onchange}
                    aria-label={say("study.name-of")} />
                <small>{ forked }{ " " }{ ends }</small>
                <div class="btns">
                    { action("study.go", want(Intent::Switch(id)), here) }
                    { action("study.against", compare, here) }
                    { action("study.delete", want(Intent::Delete(id)), here) }
                </div>
            </div>
            { below(props, Some(id)) }
        </li>
    }
}
