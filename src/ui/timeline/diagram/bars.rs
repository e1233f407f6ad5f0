//! What the clients asked for: a bar on the client's lane from request to answer, a numbered point
//! where it may have taken effect, and those marked that no order explains.

use super::{Diagram, LEFT, RIGHT, View};
use crate::ui::page;
use crate::ui::player::Player;
use crate::view::{Operation, operations};

/// Of more bars in view, none has words or a number.
const MOST_NAMED: usize = 120;
/// Of more, none is drawn: there is the density.
const MOST_BARS: usize = 1500;
/// In narrower lanes nothing is written.
const NARROW: f64 = 17.0;
/// How far a bar without an end fades out, in steps of so many pixels.
const FADE: f64 = 9.0;
const FADES: [f64; 4] = [0.7, 0.45, 0.25, 0.1];
/// About how wide a letter is.
const LETTER: f64 = 6.0;

/// Where a bar lies: from, to along time; the middle and half of it across the lanes.
struct Place {
    from: f64,
    to: f64,
    y: f64,
    half: f64,
}

impl Diagram {
    /// The operations that are in view.
    pub(super) fn operations(&self, view: &View, player: &Player) -> Vec<Operation> {
        let Some(told) = &self.told else {
            return Vec::new();
        };
        let here = player.position().step;
        let account = told.account.borrow();
        let mut shown = operations(&account, &told.judged, view.window(), here, &self.words);
        if shown.len() > MOST_BARS {
            shown.clear();
        }
        if page::asks_the_room() {
            shown
                .iter_mut()
                .for_each(|bar| (bar.marked, bar.stuck) = (false, false));
        }
        shown
    }

    fn place(&self, view: &View, bar: &Operation, player: &Player) -> Place {
        let x = |time: crate::engine::Time| view.x(time.0 as f64);
        let from = x(bar.from);
        let to = bar.to.or(bar.fades).map_or(view.x(player.clock_us()), x);
        Place {
            from: from.max(LEFT - 6.0),
            to: to.max(from + 3.0).min(view.long - RIGHT + 6.0),
            y: view.y(bar.client),
            half: (view.lane * 0.19).clamp(2.0, 6.0),
        }
    }

    fn block(&self, view: &View, place: &Place, (from, to): (f64, f64), grown: f64) {
        let a = view.at((from - grown, place.y - place.half - grown));
        let b = view.at((to + grown, place.y + place.half + grown));
        self.sheet.ctx.rect(a.0, a.1, b.0 - a.0, b.1 - a.1);
    }

    /// The bars; those that no order explains have a thick rim, and the one that fits nowhere two.
    pub(super) fn bars(&self, view: &View, player: &Player, bars: &[Operation]) {
        let (ctx, palette) = (&self.sheet.ctx, &self.palette);
        for bar in bars {
            let place = self.place(view, bar, player);
            let colour = if bar.marked {
                &palette.bad
            } else {
                &palette.soft
            };
            ctx.set_fill_style_str(colour);
            ctx.set_stroke_style_str(colour);
            ctx.set_line_width(if bar.marked { 2.0 } else { 1.0 });
            let fill = if bar.marked { 0.28 } else { 0.16 };
            let fades = FADE * FADES.len() as f64;
            let whole = if bar.to.is_some() {
                place.to
            } else {
                (place.to - fades).max(place.from)
            };
            ctx.set_global_alpha(fill);
            ctx.begin_path();
            self.block(view, &place, (place.from, whole), 0.0);
            ctx.fill();
            if bar.to.is_none() {
                let step = (place.to - whole) / FADES.len() as f64;
                for (i, share) in FADES.into_iter().enumerate() {
                    let from = whole + step * i as f64;
                    ctx.set_global_alpha(fill * share);
                    ctx.begin_path();
                    self.block(view, &place, (from, from + step), 0.0);
                    ctx.fill();
                }
            }
            ctx.set_global_alpha(if bar.marked { 1.0 } else { 0.6 });
            ctx.begin_path();
            self.rim(view, &place, (place.from, whole), bar.to.is_some());
            ctx.stroke();
            if bar.stuck {
                ctx.begin_path();
                self.block(view, &place, (place.from, place.to), 3.5);
                ctx.stroke();
            }
            ctx.set_global_alpha(1.0);
        }
    }

    /// A rim that is open where the end is not known.
    fn rim(&self, view: &View, place: &Place, (from, to): (f64, f64), closed: bool) {
        if closed {
            self.block(view, place, (from, to), 0.0);
            return;
        }
        let (above, below) = (place.y - place.half, place.y + place.half);
        self.sheet
            .line(view.at((to, above)), view.at((from, above)));
        let corner = view.at((from, below));
        self.sheet.ctx.line_to(corner.0, corner.1);
        let end = view.at((to, below));
        self.sheet.ctx.line_to(end.0, end.1);
    }

    /// Over the arrows: what each was and saw, and its place in the order.
    pub(super) fn names(&self, view: &View, player: &Player, bars: &[Operation]) {
        let ctx = &self.sheet.ctx;
        let named = bars.len() <= MOST_NAMED && view.lane >= NARROW;
        ctx.set_text_align("left");
        if named && !view.columns {
            for (i, bar) in bars.iter().enumerate() {
                let place = self.place(view, bar, player);
                let next = bars[i + 1..].iter().find(|next| next.client == bar.client);
                let next = next.map_or(f64::MAX, |next| view.x(next.from.0 as f64));
                self.name(bar, &place, next);
            }
        }
        if self.ordered {
            self.points(view, player, bars, named);
        }
    }

    /// Where the names of the operations stand: from, to along time, and how low.
    pub(super) fn taken(
        &self,
        view: &View,
        player: &Player,
        bars: &[Operation],
    ) -> Vec<(f64, f64, f64)> {
        if bars.len() > MOST_NAMED || view.lane < NARROW || view.columns {
            return Vec::new();
        }
        let name = |bar: &Operation| {
            let place = self.place(view, bar, player);
            let wide = LETTER * bar.text.chars().count() as f64;
            (place.from, place.from + wide, place.y - place.half - 3.0)
        };
        bars.iter().map(name).collect()
    }

    fn name(&self, bar: &Operation, place: &Place, next: f64) {
        let (ctx, palette) = (&self.sheet.ctx, &self.palette);
        let sign = match (bar.marked, bar.stuck) {
            (_, true) => "\u{2715} ",
            (true, _) => "! ",
            _ => "",
        };
        let text = format!("{sign}{}", bar.text);
        let wide = LETTER * text.chars().count() as f64;
        let from = place.from.max(LEFT);
        if from + wide > next.max(place.to) && !bar.marked {
            return;
        }
        let weight = if bar.marked { "700" } else { "500" };
        ctx.set_font(&format!("{weight} 10.5px {}", palette.sans));
        ctx.set_fill_style_str(if bar.marked {
            &palette.bad
        } else {
            &palette.ink
        });
        let at = (
            from + 1.0,
            place.y - place.half - if bar.stuck { 6.0 } else { 3.0 },
        );
        self.sheet.halo_text(&text, at, &palette.card);
    }

    /// Where each may have taken effect: a stroke across the bar, with its number.
    fn points(&self, view: &View, player: &Player, bars: &[Operation], named: bool) {
        let (ctx, palette) = (&self.sheet.ctx, &self.palette);
        ctx.set_stroke_style_str(&palette.accent);
        ctx.set_line_width(2.0);
        for bar in bars {
            let Some((_, moment)) = bar.place else {
                continue;
            };
            let place = self.place(view, bar, player);
            let x = view.x(moment.0 as f64);
            let (a, b) = (place.y - place.half, place.y + place.half);
            self.sheet.stroke_line(view.at((x, a)), view.at((x, b)));
        }
        if !named {
            return;
        }
        ctx.set_font(&format!("700 9.5px {}", palette.sans));
        ctx.set_text_align("center");
        for bar in bars {
            let Some((number, moment)) = bar.place else {
                continue;
            };
            let place = self.place(view, bar, player);
            let (x, y) = view.at((view.x(moment.0 as f64), place.y + place.half + 9.0));
            ctx.set_fill_style_str(&palette.accent);
            self.sheet
                .halo_text(&number.to_string(), (x, y), &palette.card);
        }
    }

    /// The operation whose bar lies under the pointer: the step that shows it.
    pub(super) fn bar_at(&self, view: &View, at: (f64, f64), player: &Player) -> Option<u64> {
        let (along, across) = if view.columns { (at.1, at.0) } else { at };
        let bars = self.operations(view, player);
        let hit = bars.iter().rev().find(|bar| {
            let place = self.place(view, bar, player);
            let near = (across - place.y).abs() <= place.half + 1.0;
            near && along >= place.from && along <= place.to
        });
        hit.map(|bar| bar.step)
    }

    /// The operation after the selected event, or the one before: the step that shows it.
    pub(in crate::ui) fn next_operation(&self, forward: bool, from: u64, here: u64) -> Option<u64> {
        let told = self.told.as_ref()?;
        let account = told.account.borrow();
        let all = account.until(here).iter();
        let steps = all.map(|asked| asked.ended(here).map_or(asked.step, |(step, ..)| step));
        if forward {
            steps.filter(|step| *step > from).min()
        } else {
            steps.filter(|step| *step < from).max()
        }
    }
}
