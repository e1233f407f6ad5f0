//! What the run was opened as, in a line over it: the story's title, or the experiment with its point.

use super::desk::{News, View};
use super::lesson::{Place, link_to};
use super::model::{Intent, Shot, Subject};
use crate::lab::{ParamKind, Phrase};
use yew::{Callback, Html, html};

/// The line; hidden where the run is only one of its lab.
pub(super) fn subject(news: &News, on: &Callback<Intent>) -> Html {
    let shot = match &news.view {
        View::Lab(shot) => Some(shot),
        View::Front => None,
    };
    let line = shot.and_then(|shot| line(shot, on));
    html! { <div key="subject" class="subject" hidden={line.is_none()}>{ for line }</div> }
}

fn line(shot: &Shot, on: &Callback<Intent>) -> Option<Html> {
    let words = &shot.words;
    Some(match shot.subject.as_ref()? {
        Subject::Story(id) => html! {
            <p key="story">
                <small>{ words.text("subject.story") }</small>
                <b>{ words.text(&format!("story.{id}")) }</b>
            </p>
        },
        Subject::Sample(id, point, asked) => {
            let place = Place::Experiment(shot.plugin.card().id, asked.clone());
            let href = place.address();
            let onclick = link_to(on, Intent::Visit(place));
            let seed = Phrase::new("subject.seed").with("seed", shot.setup.seed);
            let set = set_of(shot);
            let set = (!set.is_empty()).then(|| {
                let phrase = Phrase::new("subject.set").with("params", &set);
                words.say(&phrase)
            });
            html! {
                <p key="sample">
                    <small>{ words.text("subject.sample") }</small>
                    <b>{ words.text(&format!("experiment.{id}")) }</b>
                    <code hidden={point.is_empty()}>{ point }</code>
                    <span>{ words.say(&seed) }</span>
                    <span class="set" hidden={set.is_none()} title={set.clone()}>{ set }</span>
                    <a {href} {onclick}>{ words.text("subject.back") }</a>
                </p>
            }
        }
    })
}

/// What is set otherwise than at first, and what is chosen from the lab's first list: by which policy it runs is
/// told even where that is the usual one.
fn set_of(shot: &Shot) -> String {
    let params = || shot.setup.params.iter();
    let list = params().position(|(spec, _)| matches!(spec.kind, ParamKind::Choice(..)));
    let told = params().enumerate().filter_map(|(at, (spec, value))| {
        let value = value.to_string();
        let usual = value == spec.default_value().to_string();
        (!usual || list == Some(at)).then(|| format!("{}={value}", spec.name))
    });
    told.collect::<Vec<_>>().join(" ")
}
