//! The upper sheet: countdowns, messages, losses. Drawn with every frame, colour by colour,
//! because to change a colour costs more than to draw a triangle.

use super::base::{smooth, state_word};
use super::flights::{MOST_LABELS, linger_us};
use super::geometry::{Geometry, Point};
use super::painter::Painter;
use crate::sim::Status;
use crate::ui::canvas::TONES;
use crate::ui::model::Selection;
use crate::ui::player::Player;
use crate::view::NodeCard;

/// From so many messages on, each is a dot.
const CROWD: usize = 400;

impl Painter {
    /// Draws all that moves.
    pub(super) fn draw_top(&self, player: &Player) {
        let clock_us = player.clock_us();
        self.top.clear();
        self.draw_arcs(clock_us);
        self.draw_messages(clock_us);
        self.draw_losses(player);
        self.draw_clocks(player);
        if self.sketch.len() > 1 {
            let ctx = &self.top.ctx;
            smooth(ctx, &self.sketch);
            ctx.set_stroke_style_str(&self.palette.bad);
            ctx.set_line_width(3.0);
            ctx.stroke();
        }
    }

    fn draw_arcs(&self, clock_us: f64) {
        let ctx = &self.top.ctx;
        let small = self.geometry.radius < Geometry::WORDY;
        ctx.set_line_width(if small { 2.0 } else { 4.0 });
        ctx.set_line_cap(if small { "butt" } else { "round" });
        ctx.set_global_alpha(0.55);
        let away = if small { 2.5 } else { 6.0 };
        let turn = std::f64::consts::TAU;
        // One path for each: a path that spans the sheet costs the browser more than all of them.
        for tone in TONES {
            let mut coloured = false;
            for card in &self.scene.nodes {
                let Some(arc) = card.arc.filter(|_| card.role.tone == tone) else {
                    continue;
                };
                if card.status != Status::Up {
                    continue;
                }
                if !coloured {
                    ctx.set_stroke_style_str(self.palette.tone(tone));
                    coloured = true;
                }
                let whole = (arc.to - arc.from).0.max(1) as f64;
                let left = ((arc.to.0 as f64 - clock_us) / whole).clamp(0.0, 1.0);
                let (x, y) = self.geometry.place(card.at);
                let radius = self.geometry.radius + away;
                ctx.begin_path();
                let _ = ctx.arc(x, y, radius, -turn / 4.0, turn * (left - 0.25));
                ctx.stroke();
            }
        }
        ctx.set_global_alpha(1.0);
        ctx.set_line_cap("butt");
    }

    fn draw_messages(&self, clock_us: f64) {
        let many = self.moving.len() > CROWD;
        let small = self.geometry.radius < Geometry::WORDY;
        let size = if small { 0.7 } else { 1.0 };
        for (index, tone) in TONES.into_iter().enumerate() {
            let mut flights = self.moving.iter().filter(|f| f.tone == index).peekable();
            if flights.peek().is_some() {
                self.top.ctx.set_fill_style_str(self.palette.tone(tone));
            }
            for flight in flights {
                let at = flight.at(clock_us);
                if many {
                    // On whole pixels, because soft edges cost as much again as the dots.
                    let (x, y) = (at.0.round() - 2.0, at.1.round() - 2.0);
                    self.top.ctx.fill_rect(x, y, 4.0, 4.0);
                } else {
                    self.triangle(at, flight.way, size);
                }
            }
        }
        self.draw_rings(clock_us);
        if self.moving.len() <= MOST_LABELS {
            self.draw_labels(clock_us);
        }
    }

    /// A message: it points where it goes.
    fn triangle(&self, (x, y): Point, (ux, uy): Point, size: f64) {
        let ctx = &self.top.ctx;
        let (long, wide) = (9.0 * size, 6.0 * size);
        ctx.begin_path();
        ctx.move_to(x + ux * long, y + uy * long);
        ctx.line_to(x - ux * long - uy * wide, y - uy * long + ux * wide);
        ctx.line_to(x - ux * long + uy * wide, y - uy * long - ux * wide);
        ctx.fill();
    }

    /// Round a held message, and round the selected one.
    fn draw_rings(&self, clock_us: f64) {
        let ctx = &self.top.ctx;
        for flight in &self.moving {
            let selected = self.selection == Selection::Flight(flight.name);
            if selected || flight.held {
                let colour = if selected {
                    &self.palette.focus
                } else {
                    &self.palette.soft
                };
                ctx.set_stroke_style_str(colour);
                ctx.set_line_width(2.0);
                self.top
                    .circle(flight.at(clock_us), if selected { 15.0 } else { 12.0 });
                ctx.stroke();
            }
        }
    }

    fn draw_labels(&self, clock_us: f64) {
        let ctx = &self.top.ctx;
        ctx.set_font(&format!("12px {}", self.palette.sans));
        ctx.set_fill_style_str(&self.palette.soft);
        let mut taken = [(-1e3, -1e3); MOST_LABELS];
        for (i, flight) in self.moving.iter().enumerate() {
            let (x, y) = flight.words_at(clock_us);
            // Out of the way of the line: over a level one, beside a steep one.
            let level = flight.way.1.abs() < 0.5;
            let at = if level {
                (x, y - 11.0)
            } else {
                (x + 12.0, y + 4.0)
            };
            let near =
                |other: &(f64, f64)| (other.1 - at.1).abs() < 13.0 && (other.0 - at.0).abs() < 62.0;
            if taken[..i].iter().any(near) || self.words_at(at) {
                continue;
            }
            taken[i] = at;
            ctx.set_text_align(if level { "center" } else { "left" });
            self.top.halo_text(&flight.label, at, &self.palette.card);
        }
    }

    /// Whether the words of a node stand at a place: they are not written over.
    fn words_at(&self, at: Point) -> bool {
        let radius = self.geometry.radius;
        let wordy = radius >= Geometry::WORDY || self.names_within();
        wordy
            && self.scene.nodes.iter().any(|card| {
                let (x, y) = self.geometry.place(card.at);
                let (dx, dy) = ((at.0 - x).abs(), at.1 - y);
                let name = dx < radius * 0.8 && dy.abs() < radius * 0.7;
                let below = (dy - radius - 18.0).abs() < 13.0 && dx < self.half_word(card) + 16.0;
                name || below
            })
    }

    /// Half the width of the word under a node, roughly.
    fn half_word(&self, card: &NodeCard) -> f64 {
        let word = state_word(&self.words, card);
        let wide = |sign: char| if sign > '\u{2e80}' { 6.5 } else { 3.9 };
        word.chars().map(wide).sum::<f64>() + 8.0
    }

    fn draw_losses(&self, player: &Player) {
        if self.losses.is_empty() {
            return;
        }
        let ctx = &self.top.ctx;
        let linger = linger_us(player.speed()).max(1.0);
        ctx.set_font(&format!("12px {}", self.palette.sans));
        ctx.set_text_align("left");
        for loss in &self.losses {
            let age = (player.clock_us() - loss.time_us) / linger;
            if age > 1.0 && !loss.last {
                continue;
            }
            let faded = !(loss.last || self.still);
            ctx.set_global_alpha(if faded { 1.0 - 0.6 * age.max(0.0) } else { 1.0 });
            ctx.set_stroke_style_str(&self.palette.bad);
            ctx.set_line_width(3.0);
            ctx.set_line_cap("round");
            ctx.begin_path();
            self.top.cross(loss.at, 7.0);
            ctx.stroke();
            ctx.set_fill_style_str(&self.palette.bad);
            if self.losses.len() <= 8 {
                let at = (loss.at.0 + 12.0, loss.at.1 - 8.0);
                self.top.halo_text(&loss.label, at, &self.palette.card);
            }
        }
        ctx.set_global_alpha(1.0);
        ctx.set_line_cap("butt");
    }
}
