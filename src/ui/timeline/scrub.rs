//! The scrub bar over virtual time, with its marks.

use crate::engine::Time;
use crate::lab::Phrase;
use crate::ui::model::{Intent, Mark, MarkKind, Shot};
use crate::ui::number::fixed;
use crate::view::caption::width;
use std::cell::Cell;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement, KeyboardEvent};
use yew::{Callback, Html, InputEvent, MouseEvent, TargetCast, classes, html};

/// The most marks that are drawn; of more, the last ones.
const MOST_MARKS: usize = 120;
/// The least time that the bar spans: a run that begins does not race over it.
const LEAST_US: f64 = 480_000.0;
/// Of a mark's words no more letters are shown.
const MOST_LETTERS: usize = 30;
/// The size of these, in pixels, and what stays free behind the words.
const SIZE: f64 = 11.0;
const FREE: f64 = 8.0;
/// At its right end the bar says how long it is, in so many pixels.
const ENDS: f64 = 40.0;

thread_local! {
    /// How wide the bar is, in pixels: the diagram, which has the same scale, tells when it is drawn.
    static WIDE: Cell<f64> = const { Cell::new(900.0) };
}

/// The bar is so wide from now on.
pub(super) fn be_wide(pixels: f64) {
    WIDE.set(pixels.max(1.0));
}

/// Where the words of a mark stand.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
enum Words {
    /// Behind it.
    After,
    /// Before it, where the bar ends too soon.
    Before,
    /// There is no room: they are its title alone.
    Nowhere,
}

/// The place for words of that width at a mark, all in pixels. Those before it end at `free`.
fn room(at: f64, wide: f64, free: &mut f64) -> Words {
    let end = WIDE.get() - ENDS;
    let (words, until) = if at >= *free && at + wide <= end {
        (Words::After, at + wide)
    } else if at - wide >= *free && at <= end {
        (Words::Before, at)
    } else {
        return Words::Nowhere;
    };
    *free = until + FREE;
    words
}

/// The bar.
pub(in crate::ui) fn scrub(shot: &Shot, on: &Callback<Intent>) -> Html {
    let words = &shot.words;
    let whole = whole(shot.end.time);
    let share = |time: Time| (time.0 as f64 / whole).clamp(0.0, 1.0);
    let oninput = on.reform(|event: InputEvent| {
        let value = event
            .target_unchecked_into::<HtmlInputElement>()
            .value_as_number();
        Intent::SeekTime(Time(value.max(0.0) as u64))
    });
    let spoken = Phrase::new("time.spoken")
        .with(
            "time",
            format!(
                "{}.{:03}",
                shot.clock.0 / 1_000_000,
                shot.clock.0 / 1000 % 1000
            ),
        )
        .with("step", shot.position.step);
    let style = format!(
        "--at:{}%;--end:{}%",
        fixed(share(shot.clock) * 100.0, 3),
        fixed(share(shot.end.time) * 100.0, 3)
    );
    let marks = shot
        .marks
        .iter()
        .skip(shot.marks.len().saturating_sub(MOST_MARKS));
    let mut free = 0.0;
    let marks = marks.enumerate().map(|(i, mark)| {
        let at = share(mark.at.time);
        let text = format!("{}{}", sign(mark.kind), short(&mark.text));
        let place = room(at * WIDE.get(), width(&text, SIZE), &mut free);
        mark_view(on, (i, mark, at), text, place)
    });
    html! {
        <div key="scrub" class="scrub" {style}>
            <input type="range" class="scrubber" min="0" max={fixed(whole, 0)} step="1"
                value={shot.clock.0.to_string()} aria-label={words.text("time.scrub")}
                aria-valuetext={words.say(&spoken)} {oninput}
                onkeydown={Callback::from(|event: KeyboardEvent| leave_arrows(&event))} />
            <div class="marks">{ for marks }</div>
            <span class="scalename" aria-hidden="true">{ words.text("time.whole-run") }</span>
            <span class="ends" aria-hidden="true" title={words.text("time.scrub-scale")}>{ ends(whole) }</span>
        </div>
    }
}

/// Puts the thumb where the playhead is, on the scale that is shown.
pub(super) fn follow(bar: Option<Element>, clock_us: f64) {
    let bar = bar.and_then(|bar| bar.dyn_into::<HtmlElement>().ok());
    let thumb = bar.as_ref().and_then(|bar| bar.first_element_child());
    let thumb = thumb.and_then(|thumb| thumb.dyn_into::<HtmlInputElement>().ok());
    let (Some(bar), Some(thumb)) = (bar, thumb) else {
        return;
    };
    let whole: f64 = thumb.max().parse().unwrap_or(f64::INFINITY);
    let share = (clock_us / whole).clamp(0.0, 1.0);
    thumb.set_value_as_number(clock_us.min(whole).floor());
    // A style that cannot be set leaves the bar behind its thumb, no more.
    let _ = bar
        .style()
        .set_property("--at", &format!("{}%", fixed(share * 100.0, 3)));
}

/// The arrows step by events, here as everywhere: the page does that. Home and End are the bar's.
fn leave_arrows(event: &KeyboardEvent) {
    let arrows = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"];
    if arrows.contains(&event.key().as_str()) {
        event.prevent_default();
    }
}

/// What goes before a mark's words, so that colour is never alone.
fn sign(kind: MarkKind) -> &'static str {
    match kind {
        MarkKind::Command => "",
        MarkKind::Fault | MarkKind::Violated => "\u{2715} ",
        MarkKind::Seen => "\u{2713} ",
        MarkKind::Named => "\u{2691} ",
    }
}

fn mark_view(
    on: &Callback<Intent>,
    (i, mark, at): (usize, &Mark, f64),
    text: String,
    place: Words,
) -> Html {
    let kind = match mark.kind {
        MarkKind::Command => "k-command",
        MarkKind::Fault => "k-fault",
        MarkKind::Violated => "k-violated",
        MarkKind::Seen => "k-seen",
        MarkKind::Named => "k-named",
    };
    let step = mark.at.step;
    let onclick = on.reform(move |_: MouseEvent| Intent::SeekStep(step));
    let place = match place {
        Words::After => "",
        Words::Before => "before",
        Words::Nowhere => "hidden",
    };
    html! {
        <button key={i} type="button" class={classes!("tick", kind)} tabindex="-1" {onclick}
            title={format!("{} s  {}", mark.at.time, mark.text)} style={format!("left:{}%", fixed(at * 100.0, 3))}>
            <span class={place}>{ text }</span>
        </button>
    }
}

/// A mark's words, as many whole ones as there is room for. Where words have no spaces between, signs are left out.
fn short(text: &str) -> String {
    if text.chars().count() <= MOST_LETTERS {
        return text.to_owned();
    }
    let cut: String = text.chars().take(MOST_LETTERS - 1).collect();
    let next = text.chars().nth(MOST_LETTERS - 1);
    let whole = match cut.rfind(' ') {
        Some(end) if next != Some(' ') => &cut[..end],
        Some(_) | None => &cut,
    };
    format!("{}\u{2026}", whole.trim_end_matches([' ', ',', ';', ':']))
}

/// Where the bar ends: its scale is not that of the diagram below.
fn ends(whole: f64) -> String {
    format!("{} s", fixed(whole / 1e6, u32::from(whole < 10e6)))
}

/// How much time the bar spans: a round number over the end, so that it rests while the end
/// grows.
pub(super) fn whole(end: Time) -> f64 {
    let end = (end.0 as f64).max(LEAST_US);
    let mut power = 100_000.0;
    while power * 10.0 <= end {
        power *= 10.0;
    }
    let steps = [1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 15.0];
    let fits = steps
        .iter()
        .map(|step| step * power)
        .find(|whole| *whole >= end * 1.02);
    fits.unwrap_or(power * 20.0)
}
