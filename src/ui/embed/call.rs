//! What the page around may ask by a message, and how such a message is read. It may come from
//! anybody who embeds us: what is not of the right shape, type and size is no call.

use super::said::Refusal;
use crate::engine::Time;
use crate::lab::{Lang, parse_duration};
use crate::ui::model::Theme;
use crate::view::Embed;
use js_sys::{JsString, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// The version of the messages.
pub(super) const VERSION: f64 = 1.0;
/// The longest command, in UTF-16 units.
const LONGEST_COMMAND: u32 = 2000;
/// The longest of all other texts.
const LONGEST_WORD: u32 = 200;
/// The longest id of a call.
const LONGEST_ID: u32 = 64;
/// The most steps at once.
const MOST_STEPS: f64 = 10_000.0;
/// The furthest step.
const FURTHEST: f64 = 10_000_000.0;
/// The latest moment.
const LATEST: Time = Time(3_600_000_000);

/// Where to go.
pub(super) enum Goal {
    Step(u64),
    Moment(Time),
    /// The moment with this name.
    Mark(String),
}

/// What is asked.
pub(super) enum Ask {
    Play,
    Pause,
    Step(u64),
    Back(u64),
    Seek(Goal),
    Run(String),
    Set(Option<Lang>, Option<Theme>),
    State,
}

/// One call, with the id that its answer carries.
pub(super) struct Call {
    pub(super) id: JsValue,
    pub(super) ask: Ask,
}

/// Whether a message means us at all.
pub(super) fn is_ours(data: &JsValue) -> bool {
    data.is_object() && !get(data, "splitbrain").is_undefined()
}

/// Reads a message that means us.
pub(super) fn read(data: &JsValue, embed: &Embed) -> Result<Call, (JsValue, Refusal)> {
    let id = get(data, "id");
    let fine = id.as_f64().is_some_and(f64::is_finite) || text(&id, LONGEST_ID).is_some();
    if !fine {
        return Err((JsValue::NULL, Refusal::new("id")));
    }
    if get(data, "splitbrain").as_f64() != Some(VERSION) {
        return Err((id, Refusal::new("version")));
    }
    match ask(data, embed) {
        Ok(ask) => Ok(Call { id, ask }),
        Err(code) => Err((id, Refusal::new(code))),
    }
}

fn ask(data: &JsValue, embed: &Embed) -> Result<Ask, &'static str> {
    let call = text(&get(data, "call"), LONGEST_WORD).ok_or("call")?;
    let needed = match call.as_str() {
        "play" | "pause" => Some("play"),
        "step" | "back" => Some("step"),
        "seek" => Some("seek"),
        "run" => Some("run"),
        "set" => Some("set"),
        "state" => None,
        _ => return Err("call"),
    };
    let allowed = match needed {
        Some(what) => embed.allows(what),
        None => !embed.allow.is_empty(),
    };
    if !allowed {
        return Err("allow");
    }
    Ok(match call.as_str() {
        "play" => Ask::Play,
        "pause" => Ask::Pause,
        "step" => Ask::Step(count(data)?),
        "back" => Ask::Back(count(data)?),
        "seek" => Ask::Seek(goal(&get(data, "place"))?),
        "run" => Ask::Run(text(&get(data, "command"), LONGEST_COMMAND).ok_or("command")?),
        "set" => Ask::Set(
            chosen(&get(data, "lang"), Lang::parse)?,
            chosen(&get(data, "theme"), theme)?,
        ),
        _ => Ask::State,
    })
}

/// How many steps; one where nothing is said.
fn count(data: &JsValue) -> Result<u64, &'static str> {
    let n = get(data, "n");
    if n.is_undefined() {
        return Ok(1);
    }
    whole(&n, MOST_STEPS).filter(|n| *n > 0).ok_or("n")
}

/// A step by its number, a moment as in a story (`1.5s`), or the name of a mark.
fn goal(place: &JsValue) -> Result<Goal, &'static str> {
    if let Some(step) = whole(place, FURTHEST) {
        return Ok(Goal::Step(step));
    }
    let name = text(place, LONGEST_WORD).ok_or("place")?;
    match parse_duration(&name) {
        Some(span) if span.0 <= LATEST.0 => Ok(Goal::Moment(Time(span.0))),
        Some(_) => Err("place"),
        None => Ok(Goal::Mark(name)),
    }
}

fn theme(name: &str) -> Option<Theme> {
    match name {
        "auto" => Some(Theme::Device),
        "light" => Some(Theme::Light),
        "dark" => Some(Theme::Dark),
        _ => None,
    }
}

/// One of a few words, where anything is said.
fn chosen<T>(value: &JsValue, read: impl Fn(&str) -> Option<T>) -> Result<Option<T>, &'static str> {
    if value.is_undefined() {
        return Ok(None);
    }
    let word = text(value, LONGEST_WORD).and_then(|word| read(&word));
    word.map(Some).ok_or("set")
}

/// What a message has under a name. What was sent is a copy, without a getter that could run.
fn get(data: &JsValue, name: &str) -> JsValue {
    Reflect::get(data, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

/// A whole number up to a bound.
fn whole(value: &JsValue, most: f64) -> Option<u64> {
    let number = value.as_f64()?;
    let fine = number.fract() == 0.0 && (0.0..=most).contains(&number);
    fine.then_some(number as u64)
}

/// A text that is not too long, which is asked before it is copied.
fn text(value: &JsValue, most: u32) -> Option<String> {
    let text = value.dyn_ref::<JsString>()?;
    (text.length() <= most).then(|| text.into())
}
