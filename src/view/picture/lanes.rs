//! Draws the space-time diagram, from the back to the front.

use super::bars::Bars;
use super::diagram::{Diagram, View};
use super::svg::{Font, Point, Svg, cross, diamond, line, num, palette, ring, tone};
use crate::engine::Time;
use crate::lab::{Dictionary, Names, Phrase, Run, Verdict};
use crate::sim::{LossReason, Status, World};
use crate::view::Tone;
use std::fmt::Write;

/// How far a lost message is seen to come.
const LOST_SHARE: f64 = 0.55;
/// The usual width of a letter, for labels that must not cover each other.
pub(super) const LETTER: f64 = 6.4;
/// The longest label, in characters.
const LONGEST: usize = 36;
/// All tones, so that arrows of one colour are one path.
const TONES: [Tone; 6] = [
    Tone::Neutral,
    Tone::Lead,
    Tone::Try,
    Tone::Good,
    Tone::Bad,
    Tone::Guest,
];

impl Diagram {
    pub(super) fn draw(
        &self,
        svg: &mut Svg,
        view: &View,
        (run, names, words): (&Run, &Names, &Dictionary),
        bars: &Bars,
    ) {
        self.cuts(svg, view);
        ticks(svg, view, words);
        self.lanes(svg, view, names);
        self.arrows(svg, view);
        bars.draw(svg, view);
        under_way(svg, view, run.world());
        self.signs(svg, view);
        self.deeds(svg, view);
        verdicts(svg, view, run, words);
        let (top, bottom) = view.lanes();
        let mut head = String::new();
        let x = view.x(run.world().now());
        line(&mut head, (x, top - 8.0), (x, bottom));
        let style = format!("stroke=\"{}\" stroke-width=\"2\"", palette::ACCENT);
        svg.path(&head, &style);
    }

    /// While links are cut the ground is shaded; what cut them stands at its foot.
    fn cuts(&self, svg: &mut Svg, view: &View) {
        let (top, bottom) = view.lanes();
        let mut free_from = f64::MIN;
        for cut in &self.spans.cuts {
            let (from, to) = (view.x(cut.from), cut.to.map_or(view.right, |to| view.x(to)));
            let style = format!("fill=\"{}\" fill-opacity=\"0.06\"", palette::BAD);
            svg.rect((from, top), ((to - from).max(1.0), bottom - top), &style);
            let text = shortened(&cut.what);
            if from >= free_from {
                let at = (from + 4.0, bottom - 2.0);
                svg.words(&text, at, &Font::new(11.0), palette::BAD);
                free_from = from + width(&text);
            }
        }
    }

    /// A lane is dotted while its node is down, and thick while it is paused.
    fn lanes(&self, svg: &mut Svg, view: &View, names: &Names) {
        let (mut plain, mut dotted, mut thick) = (String::new(), String::new(), String::new());
        for (node, name) in names.nodes() {
            let y = view.y(node);
            let size = (view.lane * 0.5).clamp(7.0, 13.0);
            let at = (super::EDGE + 12.0, y + size * 0.36);
            svg.words(name, at, &Font::new(size).bold(), palette::INK);
            let mut from = view.left;
            let still = self.spans.still.iter();
            for span in still.filter(|span| span.what.0 == node) {
                let (x, to) = (
                    view.x(span.from),
                    span.to.map_or(view.right, |to| view.x(to)),
                );
                line(&mut plain, (from, y), (x, y));
                let path = if span.what.1 == Status::Paused {
                    &mut thick
                } else {
                    &mut dotted
                };
                line(path, (x, y), (to, y));
                from = to;
            }
            line(&mut plain, (from, y), (view.right, y));
        }
        let stroke = format!("stroke=\"{}\"", palette::LINE2);
        svg.path(&plain, &format!("{stroke} stroke-width=\"1.4\""));
        let dots = format!("{stroke} stroke-width=\"1.4\" stroke-dasharray=\"2 5\"");
        svg.path(&dotted, &dots);
        svg.path(
            &thick,
            &format!("{stroke} stroke-width=\"6\" opacity=\"0.6\""),
        );
    }

    fn arrows(&self, svg: &mut Svg, view: &View) {
        for colour in TONES {
            let (mut lines, mut heads) = (String::new(), String::new());
            for arrow in self.arrows.iter().filter(|arrow| arrow.tone == colour) {
                let (from, to) = ends(view, arrow);
                line(&mut lines, from, to);
                if arrow.lost.is_none() {
                    let [x, y] = [to.0 - 2.0, to.1 - 2.0].map(num);
                    let _ = write!(heads, "M{x} {y}h4v4h-4z");
                }
            }
            let colour = tone(colour);
            let style = format!("stroke=\"{colour}\" stroke-width=\"1.3\" opacity=\"0.75\"");
            svg.path(&lines, &style);
            svg.path(&heads, &format!("fill=\"{colour}\""));
        }
    }

    /// Timers that ran out, and losses.
    fn signs(&self, svg: &mut Svg, view: &View) {
        let (mut diamonds, mut crosses) = (String::new(), String::new());
        let arm = (view.lane * 0.12).clamp(1.5, 4.0);
        for (time, node) in &self.timers {
            diamond(&mut diamonds, (view.x(*time), view.y(*node)), arm);
        }
        for arrow in self.arrows.iter().filter(|arrow| arrow.lost.is_some()) {
            cross(&mut crosses, ends(view, arrow).1, arm);
        }
        svg.path(&diamonds, &format!("fill=\"{}\"", tone(Tone::Try)));
        let style = format!("stroke=\"{}\" stroke-width=\"1.8\"", palette::BAD);
        svg.path(&crosses, &style);
    }

    /// What was done: a tick above the lanes with its words, where there is room for them.
    fn deeds(&self, svg: &mut Svg, view: &View) {
        let (top, _) = view.lanes();
        let (mut harms, mut others) = (String::new(), String::new());
        let mut free_from = f64::MIN;
        for deed in &self.deeds {
            let x = view.x(deed.at);
            let path = if deed.harm { &mut harms } else { &mut others };
            line(path, (x, top - 14.0), (x, top - 2.0));
            if let Some(node) = deed.node {
                let (at, arm) = ((x, view.y(node)), (view.lane * 0.16).clamp(2.0, 5.0));
                if deed.harm {
                    cross(path, at, arm);
                } else {
                    ring(path, at, arm);
                }
            }
            let text = shortened(&deed.text);
            if x >= free_from {
                let colour = if deed.harm {
                    palette::BAD
                } else {
                    palette::SOFT
                };
                svg.words(&text, (x + 3.0, top - 18.0), &Font::new(11.0), colour);
                free_from = x + width(&text);
            }
        }
        for (path, colour) in [(harms, palette::BAD), (others, palette::SOFT)] {
            let style = format!("fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"");
            svg.path(&path, &style);
        }
    }
}

/// Where an arrow begins and ends.
fn ends(view: &View, arrow: &super::diagram::Arrow) -> (Point, Point) {
    let from = (view.x(arrow.from.0), view.y(arrow.from.1));
    let (x, y) = (view.x(arrow.to.0), view.y(arrow.to.1));
    let share = match arrow.lost {
        Some(LossReason::Loss | LossReason::Cut | LossReason::Dropped) => LOST_SHARE,
        Some(LossReason::Down) => 0.94,
        None => 1.0,
    };
    (from, (x, from.1 + (y - from.1) * share))
}

/// Messages that are on their way at the end: as far as they came.
fn under_way(svg: &mut Svg, view: &View, world: &World) {
    let now = world.now();
    let mut lines = String::new();
    for flight in super::flights(world) {
        let (sent, name) = (flight.letter.sent_at, flight.letter.name);
        let done = if flight.held {
            0.5
        } else {
            (now - sent).0 as f64 / (flight.due - sent).0.max(1) as f64
        };
        let share = if flight.fate.is_some() {
            LOST_SHARE
        } else {
            1.0
        };
        let (a, b) = (view.y(name.from), view.y(name.to));
        let to = (view.x(now), a + (b - a) * share * done.min(1.0));
        line(&mut lines, (view.x(sent), a), to);
    }
    let style = format!(
        "stroke=\"{}\" stroke-width=\"1.3\" stroke-dasharray=\"5 3\"",
        palette::SOFT
    );
    svg.path(&lines, &style);
}

/// Broken promises: a line through all lanes, with the check's sentence.
fn verdicts(svg: &mut Svg, view: &View, run: &Run, words: &Dictionary) {
    let (top, bottom) = view.lanes();
    for (i, (spec, verdict)) in run.verdicts().iter().enumerate() {
        let Verdict::Violated { time, .. } = verdict else {
            continue;
        };
        let x = view.x(time);
        let mut path = String::new();
        line(&mut path, (x, top), (x, bottom));
        let style = format!("stroke=\"{}\" stroke-width=\"2.5\"", palette::BAD);
        svg.path(&path, &style);
        let text = format!("\u{2717} {}", words.text(&format!("check.{}", spec.id)));
        // A label near the right edge stands left of its line.
        let x = (x + 5.0).min(view.right - width(&text));
        let at = (x, top + 12.0 + 14.0 * i as f64);
        svg.words(&text, at, &Font::new(12.0).bold(), palette::BAD);
    }
}

/// The time below the lanes: a round step about every 120 px.
fn ticks(svg: &mut Svg, view: &View, words: &Dictionary) {
    let (top, bottom) = view.lanes();
    let whole = (view.to - view.from).0.max(1);
    let wished = whole as f64 * 120.0 / (view.right - view.left);
    let mut step = 1u64;
    let mut digits = [2u64, 5, 10].iter().cycle();
    let mut base = 1u64;
    while (step as f64) < wished {
        let digit = digits.next().unwrap_or(&10);
        step = base.saturating_mul(*digit);
        if *digit == 10 {
            base = step;
        }
    }
    let mut path = String::new();
    let mut at = view.from.0.div_ceil(step).saturating_mul(step);
    while at <= view.to.0 {
        let x = view.x(Time(at));
        line(&mut path, (x, top), (x, bottom + 4.0));
        let label = Phrase::new("picture.seconds").with("time", seconds(at));
        let font = Font::new(11.0).middle();
        svg.words(&words.say(&label), (x, bottom + 18.0), &font, palette::SOFT);
        let Some(next) = at.checked_add(step) else {
            break;
        };
        at = next;
    }
    svg.path(
        &path,
        &format!("stroke=\"{}\" stroke-width=\"1\"", palette::LINE),
    );
}

/// Seconds without digits that say nothing.
fn seconds(us: u64) -> String {
    let text = format!("{}.{:06}", us / 1_000_000, us % 1_000_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn shortened(text: &str) -> String {
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    let kept: String = text.chars().take(LONGEST - 1).collect();
    kept + "…"
}

/// About how wide a label is. A Chinese character counts for two letters.
pub(super) fn width(text: &str) -> f64 {
    let letters = text.chars().map(|c| if c > '\u{2e80}' { 2 } else { 1 });
    LETTER * f64::from(letters.sum::<u32>()) + 14.0
}
