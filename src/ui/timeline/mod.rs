//! The timeline: the bar with the levers of time, the scrub bar with its marks, and the
//! space-time diagram.

mod diagram;
mod scrub;
mod sheet;
mod speeds;

use super::desk::DeskRef;
use super::model::{Intent, ShotRef};
use super::page;
use crate::lab::linear::Opinion;
use crate::lab::{BranchId, Phrase};
use crate::view::opinion_text;
use web_sys::{HtmlSelectElement, MouseEvent};
use yew::{Callback, Event, Html, Properties, TargetCast, classes, html};

pub(super) use diagram::Diagram;
pub(super) use scrub::scrub;
pub(super) use sheet::Sheet;
pub(super) use speeds::{faster, speed_of, speed_select};

/// What may stand on the lever that plays. It has room for the longest, so that it stays as it is.
const PLAY: [&str; 3] = ["time.play", "time.pause", "time.stop"];

/// What the timeline is given.
#[derive(Properties, PartialEq, Clone)]
pub(super) struct TimelineProps {
    pub(super) shot: ShotRef,
    pub(super) desk: DeskRef,
    /// A long way is being worked through.
    pub(super) works: bool,
    pub(super) on: Callback<Intent>,
}

/// The whole card.
pub(super) fn timeline(props: &TimelineProps) -> Html {
    html! {
        <section key="timeline" class="card timeline" aria-label={props.shot.words.text("time.label")}>
            { bar(props) }
            { scrub(&props.shot, &props.on) }
            <div key="opinion" class="opinion">{ for opinion(&props.shot) }</div>
            <Sheet key="sheet" ..props.clone() />
        </section>
    }
}

/// What no order explains, in a sentence; nothing while all is well.
fn opinion(shot: &ShotRef) -> Option<Html> {
    let told = shot.told.as_ref()?;
    let fails = told.judged.reason().is_some();
    let account = told.account.borrow();
    let empty = account.until(shot.position.step).is_empty();
    if empty || told.judged.opinion == Opinion::Holds {
        return None;
    }
    let text = opinion_text(&account, &told.judged, &shot.names, &shot.words);
    let class = if fails { "fails" } else { "open" };
    let sign = if fails { "\u{2715}" } else { "\u{2026}" };
    Some(html! {
        <p key={class} {class}><i aria-hidden="true">{ sign }</i><span>{ text }</span></p>
    })
}

fn bar(props: &TimelineProps) -> Html {
    let (shot, words) = (&props.shot, &props.shot.words);
    let button = |key: &'static str, sign: &str, shortcut: &str, intent: Intent| {
        let label = words.text(key);
        let onclick = props.on.reform(move |_: MouseEvent| intent.clone());
        html! {
            <button {key} type="button" class="tbtn" title={label.clone()} aria-label={label} {onclick}>
                <span aria-hidden="true">{ sign }</span>
                <kbd aria-hidden="true" hidden={shortcut.is_empty()}>{ shortcut.to_owned() }</kbd>
            </button>
        }
    };
    let runs = shot.playing || props.works;
    let (key, sign) = match (props.works, shot.playing) {
        (true, _) => ("time.stop", "\u{25a0}"),
        (_, true) => ("time.pause", "\u{2759}\u{2759}"),
        _ => ("time.play", "\u{25b6}"),
    };
    let toggle = if runs { Intent::Pause } else { Intent::Play };
    let onclick = props.on.reform(move |_: MouseEvent| toggle.clone());
    let count = Phrase::new("time.events")
        .with("step", shot.position.step)
        .with("end", shot.end.step)
        .with("seed", shot.setup.seed);
    html! {
        <div key="bar" class="bar">
            <div class="levers" role="group" aria-label={words.text("time.levers")}>
                { button("time.back", "\u{25c0}", "\u{2190}", Intent::StepBack) }
                <button key="play" type="button" class="tbtn main" {onclick}>
                    <span aria-hidden="true" class="sign">{ sign }</span>
                    <span class="oneof">{ for PLAY.map(|each| {
                        let class = (each != key).then_some("other");
                        html! { <span key={each} {class}>{ words.text(each) }</span> }
                    }) }</span>
                    <kbd aria-hidden="true">{ words.text("key.space") }</kbd>
                </button>
                { button("time.forward", "\u{25b6}|", "\u{2192}", Intent::StepForward) }
            </div>
            <span class="clock">{ clock_text(&props.shot) }</span>
            <span class="howfar">{ words.say(&count) }</span>
            <span class="space" />
            { speed_select(shot, &props.on) }
            { branches(props) }
            { button("time.reset", "\u{21ba}", "", Intent::Reset) }
            { button("time.new-seed", "\u{2684}", "", Intent::NewSeed) }
        </div>
    }
}

/// Seconds, with as many digits as a person can follow.
pub(super) fn clock_text(shot: &ShotRef) -> String {
    seconds(shot.clock.0)
}

fn seconds(micros: u64) -> String {
    format!("{}.{:03} s", micros / 1_000_000, micros / 1000 % 1000)
}

/// Clock and scrub bar go with the playhead of the diagram, frame by frame, past the virtual DOM, which hears of it
/// a few times a second.
pub(super) fn follow(clock_us: f64) {
    let first = |selector: &str| page::document().query_selector(selector).ok().flatten();
    // The text itself is changed, not taken out: it is the framework's.
    if let Some(text) = first(".clock").and_then(|clock| clock.first_child()) {
        text.set_node_value(Some(&seconds(clock_us.max(0.0) as u64)));
    }
    scrub::follow(first(".scrub"), clock_us);
}

/// The branches, as a list to choose from.
pub(super) fn branches(props: &TimelineProps) -> Html {
    let (shot, words) = (&props.shot, &props.shot.words);
    let name = |id: BranchId, name: &Option<String>| {
        name.clone()
            .unwrap_or_else(|| words.say(&Phrase::new("time.branch").with("number", id + 1)))
    };
    let option = |branch: &super::model::BranchView| {
        let at = branch
            .parent
            .map(|(_, at)| format!("  \u{21b3} {} s", at.time));
        let text = format!(
            "{}{}",
            name(branch.id, &branch.name),
            at.unwrap_or_default()
        );
        html! {
            <option key={branch.id} value={branch.id.to_string()} selected={branch.id == shot.branch}>
                { text }
            </option>
        }
    };
    let onchange = props.on.reform(|event: Event| {
        let chosen = event.target_unchecked_into::<HtmlSelectElement>().value();
        chosen.parse().map_or(Intent::Dismiss, Intent::Switch)
    });
    let single = shot.branches.len() < 2;
    html! {
        <label key="branches" class={classes!("choose", single.then_some("single"))}
            title={single.then(|| words.text("time.one-branch"))}>
            <span class="hidden">{ words.text("time.branches") }</span>
            <select {onchange} disabled={single}>{ for shot.branches.iter().map(option) }</select>
        </label>
    }
}
