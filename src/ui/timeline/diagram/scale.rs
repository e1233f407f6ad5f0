//! The scale along time, and the shades of what lasts.

use super::{ABOVE, Diagram, LEFT, RIGHT, View};
use crate::engine::Time;
use crate::sim::Status;
use crate::ui::player::Player;

/// How far two times of the scale are apart at the least, in pixels.
const APART: f64 = 92.0;
/// How wide a letter of such a time is.
const DIGIT: f64 = 6.4;

impl Diagram {
    /// Round times, each with a faint line; of a part of the run it is said that it is one.
    pub(super) fn scale(&self, view: &View, part: bool) {
        let (ctx, palette) = (&self.sheet.ctx, &self.palette);
        let step = round_step(view.pixel_us * APART);
        let mut time = (view.from_us / step).ceil() * step;
        let broad = if view.columns {
            self.sheet.width
        } else {
            self.sheet.height
        };
        ctx.set_fill_style_str(&palette.soft);
        if part && !view.columns {
            ctx.set_font(&format!("10.5px {}", palette.sans));
            ctx.set_text_align("left");
            let text = self.words.text("time.part-of-run");
            let _ = ctx.fill_text_with_max_width(&text, 6.0, 10.0, LEFT - 26.0);
        }
        ctx.set_font(&format!("10.5px {}", palette.mono));
        ctx.set_line_width(1.0);
        ctx.set_stroke_style_str(&palette.line);
        while time <= view.until_us() {
            let x = view.x(time);
            self.sheet
                .stroke_line(view.at((x, ABOVE - 4.0)), view.at((x, broad)));
            let text = label(time, step);
            let at = if view.columns {
                ctx.set_text_align("left");
                (2.0, x + 3.5)
            } else {
                // The last one ends with the sheet, and is not cut by its rim.
                let over = x + text.len() as f64 * DIGIT / 2.0 > self.sheet.width - 2.0;
                ctx.set_text_align(if over { "right" } else { "center" });
                (if over { self.sheet.width - 2.0 } else { x }, 10.0)
            };
            let _ = ctx.fill_text(&text, at.0, at.1);
            time += step;
        }
    }

    /// Nodes that are down or paused, and stretches in which links are cut.
    pub(super) fn shades(&self, view: &View, player: &Player) {
        let (ctx, palette) = (&self.sheet.ctx, &self.palette);
        let head = view.x(player.clock_us());
        let end = view.long - RIGHT;
        let stretch = |from: Time, to: Option<Time>| {
            let to = to.map_or(head, |to| view.x(to.0 as f64));
            let from = view.x(from.0 as f64).max(LEFT);
            (to.min(end) > from).then(|| (from, to.min(end)))
        };
        let (_, _, spans) = &self.spans;
        let broad = if view.columns {
            self.sheet.width
        } else {
            self.sheet.height
        };
        ctx.set_fill_style_str(&palette.bad);
        for cut in &spans.cuts {
            let Some((from, to)) = stretch(cut.from, cut.to) else {
                continue;
            };
            ctx.set_global_alpha(0.09);
            self.fill(view, (from, ABOVE - 4.0), (to, broad));
            ctx.set_global_alpha(1.0);
            if !view.columns && to - from > 60.0 {
                ctx.set_text_align("left");
                ctx.set_font(&format!("11px {}", palette.sans));
                let _ = ctx.fill_text_with_max_width(&cut.what, from + 4.0, broad - 3.0, to - from);
            }
        }
        let half = (view.lane * 0.32).clamp(2.0, 13.0);
        for still in &spans.still {
            let Some((from, to)) = stretch(still.from, still.to) else {
                continue;
            };
            let (node, status) = still.what;
            let y = view.y(node);
            ctx.set_fill_style_str(if status == Status::Paused {
                palette.tone(crate::view::Tone::Try)
            } else {
                &palette.soft
            });
            ctx.set_global_alpha(0.2);
            self.fill(view, (from, y - half), (to, y + half));
            ctx.set_global_alpha(1.0);
        }
        // What is not kept in such numbers is not drawn, and says so by its shade.
        let (from, to) = view.window();
        let here = player.position().step;
        ctx.set_fill_style_str(&palette.line2);
        ctx.set_global_alpha(0.25);
        for (from, to) in player.history().chronicle().forgotten(from, to, here) {
            if let Some((from, to)) = stretch(from, Some(to)) {
                self.fill(view, (from, ABOVE), (to, broad));
            }
        }
        ctx.set_global_alpha(1.0);
    }

    fn fill(&self, view: &View, from: (f64, f64), to: (f64, f64)) {
        let (a, b) = (view.at(from), view.at(to));
        self.sheet.ctx.fill_rect(a.0, a.1, b.0 - a.0, b.1 - a.1);
    }
}

/// The least round number over this: 1, 2 or 5 times a power of ten.
fn round_step(least: f64) -> f64 {
    let mut step = 1.0;
    while step * 10.0 < least {
        step *= 10.0;
    }
    let times = [1.0, 2.0, 5.0, 10.0];
    let enough = times.into_iter().find(|times| step * times >= least);
    step * enough.unwrap_or(10.0)
}

/// A time with as many digits as the step has.
fn label(time_us: f64, step_us: f64) -> String {
    let places = match step_us {
        step if step >= 1_000_000.0 => 0,
        step if step >= 100_000.0 => 1,
        step if step >= 10_000.0 => 2,
        step if step >= 1_000.0 => 3,
        _ => 5,
    };
    format!("{} s", crate::ui::number::fixed(time_us / 1e6, places))
}
