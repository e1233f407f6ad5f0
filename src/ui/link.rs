//! The address of a run: lab, story and place in the fragment of the URL.
//!
//! `#/LAB` is a lab at its beginning, `#/LAB?story=TEXT&at=STEP.TIME&hash=HASH` a run at a place.
//! What stands there may come from anybody, so every part is bounded and may be nonsense.

use crate::engine::Time;
use crate::lab::{Phrase, Position, Story};

/// What an address names.
pub(super) enum Place {
    /// The front page.
    Front,
    /// A lab at its beginning.
    Lab(String),
    /// A run.
    Story {
        /// Its story.
        text: String,
        /// Where in it.
        at: Option<Position>,
        /// The trace hash that it had there.
        hash: Option<u64>,
    },
    /// Nothing that could be opened, and why.
    Bad(Phrase),
}

/// The fragment for a run at a place.
pub(super) fn write(lab: &str, story: &str, at: Position, hash: u64) -> String {
    let coded = String::from(js_sys::encode_uri_component(story.trim_end()));
    // A space is the commonest character of a story; `+` is a third of its length.
    let coded = coded.replace("%20", "+").replace("%3D", "=");
    let (step, time) = (at.step, at.time.0);
    format!("#/{lab}?at={step}.{time}&hash={hash:016x}&story={coded}")
}

/// Reads a fragment.
pub(super) fn read(fragment: &str) -> Place {
    let text = fragment.trim_start_matches('#').trim_start_matches('/');
    // Each byte of a story is at the most three characters here.
    if text.len() > 3 * Story::MAX_BYTES + 1000 {
        let bound = Phrase::new("error-story-long").with("bound", Story::MAX_BYTES);
        return Place::Bad(bound);
    }
    let (lab, query) = text.split_once('?').unwrap_or((text, ""));
    let part = |name: &str| {
        let mut parts = query.split('&').filter_map(|part| part.split_once('='));
        parts
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value.to_owned())
    };
    let Some(coded) = part("story") else {
        return if lab.is_empty() {
            Place::Front
        } else {
            Place::Lab(lab.chars().take(40).collect())
        };
    };
    let Ok(text) = js_sys::decode_uri_component(&coded.replace('+', "%20")) else {
        return Place::Bad(Phrase::new("app.link-garbled"));
    };
    Place::Story {
        text: text.into(),
        at: part("at").and_then(|at| position(&at)),
        hash: part("hash").and_then(|hash| u64::from_str_radix(&hash, 16).ok()),
    }
}

fn position(text: &str) -> Option<Position> {
    let (step, time) = text.split_once('.').unwrap_or((text, "0"));
    Some(Position {
        step: step.parse().ok()?,
        time: Time(time.parse().ok()?),
    })
}
