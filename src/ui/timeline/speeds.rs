//! The speeds, from single events to as fast as it goes.

use crate::ui::model::{Intent, Shot, Speed};
use web_sys::HtmlSelectElement;
use yew::{Callback, Event, Html, TargetCast, html};

/// Each speed with the key of its words, the slowest first in each of the two kinds.
const SPEEDS: [(&str, Speed); 12] = [
    ("time.speed-200", Speed::Scale(0.005)),
    ("time.speed-100", Speed::Scale(0.01)),
    ("time.speed-50", Speed::Scale(0.02)),
    ("time.speed-20", Speed::Scale(0.05)),
    ("time.speed-10", Speed::Scale(0.1)),
    ("time.speed-4", Speed::Scale(0.25)),
    ("time.speed-1", Speed::Scale(1.0)),
    ("time.speed-x10", Speed::Scale(10.0)),
    ("time.speed-most", Speed::Scale(f64::INFINITY)),
    ("time.events-1", Speed::Events(1.0)),
    ("time.events-4", Speed::Events(4.0)),
    ("time.events-20", Speed::Events(20.0)),
];

fn place(speed: Speed) -> Option<usize> {
    SPEEDS.iter().position(|(_, known)| *known == speed)
}

/// The speed of a digit: 1 is the slowest, 9 as fast as it goes, 0 from event to event.
pub(in crate::ui) fn speed_of(digit: u32) -> Option<Speed> {
    let at = digit
        .checked_sub(1)
        .map_or(SPEEDS.len() - 2, |at| at as usize);
    SPEEDS.get(at).map(|(_, speed)| *speed)
}

/// The next faster speed of the same kind, or the next slower one.
pub(in crate::ui) fn faster(speed: Speed, faster: bool) -> Option<Speed> {
    let at = place(speed)?;
    let next = if faster { at + 1 } else { at.checked_sub(1)? };
    let (_, wanted) = *SPEEDS.get(next)?;
    let same = matches!(
        (speed, wanted),
        (Speed::Scale(_), Speed::Scale(_)) | (Speed::Events(_), Speed::Events(_))
    );
    same.then_some(wanted)
}

/// The list of speeds.
pub(in crate::ui) fn speed_select(shot: &Shot, on: &Callback<Intent>) -> Html {
    let words = &shot.words;
    let now = place(shot.speed);
    let option = |(i, (key, _)): (usize, &(&'static str, Speed))| {
        html! {
            <option key={*key} value={i.to_string()} selected={now == Some(i)}>
                { words.text(key) }
            </option>
        }
    };
    let onchange = on.reform(|event: Event| {
        let chosen = event.target_unchecked_into::<HtmlSelectElement>().value();
        let speed = chosen.parse::<usize>().ok().and_then(|i| SPEEDS.get(i));
        speed.map_or(Intent::Dismiss, |(_, speed)| Intent::SetSpeed(*speed))
    });
    let (even, hops) = SPEEDS.split_at(9);
    html! {
        <label key="speed" class="choose">
            <span class="hidden">{ words.text("time.speed") }</span>
            <select {onchange}>
                <optgroup label={words.text("time.speed-even")}>
                    { for even.iter().enumerate().map(option) }
                </optgroup>
                <optgroup label={words.text("time.speed-hops")}>
                    { for hops.iter().enumerate().map(|(i, speed)| option((i + 9, speed))) }
                </optgroup>
            </select>
        </label>
    }
}
