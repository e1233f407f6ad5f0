//! The words of the nodes: names and captions within them, below them what they are.

use super::base::{is_box, is_lead, is_star, sign, state_word};
use super::cells::{is_cell, is_plain};
use super::geometry::{Geometry, Point};
use super::painter::Painter;
use crate::sim::Status;
use crate::ui::model::Selection;
use crate::ui::number::fixed;
use crate::view::caption::{Outline, second_ring, sign_width, size_within, width};
use crate::view::{NodeCard, Role, Tone};

/// Up to so many nodes each has its name, however small they are drawn.
const FEW: usize = 24;
/// From this radius on a node has room for it.
const NAMED: f64 = 10.0;

impl Painter {
    /// All words, font by font: to set a font costs more than to draw with it.
    pub(super) fn draw_words(&self) {
        let radius = self.geometry.radius;
        if radius < Geometry::WORDY {
            self.draw_few_names();
            return;
        }
        self.base.ctx.set_text_align("center");
        self.draw_names();
        self.draw_captions();
        self.draw_roles();
    }

    /// The names of the nodes, within them.
    fn draw_names(&self) {
        let (ctx, palette, radius) = (&self.base.ctx, &self.palette, self.geometry.radius);
        let whole = (19.0 * radius / 44.0).clamp(12.0, 19.0);
        ctx.set_fill_style_str(&palette.ink);
        let mut set = 0.0;
        for card in &self.scene.nodes {
            let (x, y) = self.geometry.place(card.at);
            // Above a caption the name stands higher, and in a small node it leaves room for it.
            let (most, drop, reach) = if card.caption.is_empty() {
                (whole, 0.36, 0.36)
            } else {
                (whole.min(radius * 0.62), -0.18, 0.9)
            };
            let size = size_within(&card.name, most, reach, self.inside(card));
            if size != set {
                ctx.set_font(&format!("700 {}px {}", fixed(size, 2), palette.sans));
                set = size;
            }
            let _ = ctx.fill_text(&card.name, x, y + size * drop);
        }
    }

    /// The captions below the names, small enough for their nodes, and the dots below these.
    fn draw_captions(&self) {
        let (ctx, palette, radius) = (&self.base.ctx, &self.palette, self.geometry.radius);
        let most = (12.5 * radius / 44.0).clamp(9.5, 12.5);
        // In a small node the line is closer to its middle, where there is more room.
        let drop = (0.85 + 0.35 * (radius - Geometry::WORDY) / 27.0).min(1.2);
        ctx.set_fill_style_str(&palette.soft);
        let mut set = 0.0;
        for card in &self.scene.nodes {
            let (x, y) = self.geometry.place(card.at);
            let size = size_within(&card.caption, most, drop + 0.1, self.inside(card));
            if size != set {
                ctx.set_font(&format!("{}px {}", fixed(size, 2), palette.mono));
                set = size;
            }
            let _ = ctx.fill_text_with_max_width(&card.caption, x, y + size * drop, radius * 1.7);
            self.draw_pending(card, (x, y + most * (drop + 0.7)));
        }
    }

    /// What is free of lines within a node.
    fn inside(&self, card: &NodeCard) -> Outline {
        let radius = self.geometry.radius;
        let line = if is_lead(card) { 2.25 } else { 1.1 };
        if is_box(card) {
            return Outline::Box(radius * 0.95 - line);
        }
        let second = second_ring(radius).filter(|_| is_star(card));
        Outline::Circle(radius - second.map_or(line, |far| far + 0.7))
    }

    /// The words below the nodes: what each is now.
    fn draw_roles(&self) {
        let (ctx, palette, radius) = (&self.base.ctx, &self.palette, self.geometry.radius);
        let size = word_size(radius);
        ctx.set_font(&format!("600 {}px {}", fixed(size, 2), palette.sans));
        for card in &self.scene.nodes {
            let (x, y) = self.geometry.place(card.at);
            let word = state_word(&self.words, card);
            let told = card.status == Status::Up || card.sleeps_in_charge();
            ctx.set_fill_style_str(if told {
                palette.tone(card.role.tone)
            } else {
                &palette.soft
            });
            let text = format!("{}{word}", sign(card));
            if self.queues_at(card) {
                ctx.set_text_align("left");
                self.base
                    .halo_text(&text, (x + radius + 12.0, y - 5.0), &palette.card);
                ctx.set_text_align("center");
                continue;
            }
            // In a column of nodes that are alike the last one says it for all.
            if self.said_below(card, size) {
                continue;
            }
            let (left, right) = self.room(card, size);
            let text = fitted(&text, size, left + right);
            // It gives way to the side where there is room, before it is cut.
            let half = width(&text, size) / 2.0;
            let aside = (right - half).min(0.0) + (half - left).max(0.0);
            let below = (x + aside, self.word_y(card, size));
            self.base.halo_text(&text, below, &palette.card);
        }
    }

    /// How low the word under a node stands.
    fn word_y(&self, card: &NodeCard, size: f64) -> f64 {
        let radius = self.geometry.radius;
        // A countdown stands round a box, too.
        let flat = is_box(card) && card.arc.is_none();
        let low = if flat { radius * 0.66 } else { radius };
        self.geometry.place(card.at).1 + low + size * 1.6
    }

    /// How far the word under a node may reach to the left and to the right of its middle: to what stands beside it at
    /// that height, a node or its word, or to the rim of the sheet.
    fn room(&self, card: &NodeCard, size: f64) -> (f64, f64) {
        let x = self.geometry.place(card.at).0;
        let (radius, low) = (self.geometry.radius, self.word_y(card, size));
        let (mut left, mut right) = (x - 2.0, self.geometry.size.0 - x - 2.0);
        for other in self.scene.nodes.iter().filter(|other| other.id != card.id) {
            let (x2, y2) = self.geometry.place(other.at);
            let far = (x2 - x).abs();
            // How far a body reaches at the height of the word: a circle is narrow above and below its middle.
            let away = y2 - y2.clamp(low - size, low + size * 0.25);
            let reach = (radius + 3.0) * (radius + 3.0) - away * away;
            let mut free = f64::INFINITY;
            if reach > 0.0 {
                free = far - reach.sqrt() - 2.0;
            }
            if (self.word_y(other, size) - low).abs() < size * 1.2 {
                free = free.min(far / 2.0 - 3.0);
            }
            // What stands right below is in the way on both sides.
            if x2 < x + radius {
                left = left.min(free);
            }
            if x2 > x - radius {
                right = right.min(free);
            }
        }
        (left.max(radius), right.max(radius))
    }

    /// Whether nodes that are too small for their words still hold their names.
    pub(super) fn names_within(&self) -> bool {
        let radius = self.geometry.radius;
        let few = self.scene.nodes.len() <= FEW && !self.scene.nodes.iter().any(is_cell);
        few && (NAMED..Geometry::WORDY).contains(&radius)
    }

    /// The names of all nodes within them, and below those that are not like the rest what they are.
    fn draw_names_within(&self) {
        let (ctx, palette) = (&self.base.ctx, &self.palette);
        ctx.set_text_align("center");
        ctx.set_font(&format!("700 11px {}", palette.sans));
        ctx.set_fill_style_str(&palette.ink);
        for card in &self.scene.nodes {
            let (x, y) = self.geometry.place(card.at);
            let room = self.geometry.radius * 1.7;
            let _ = ctx.fill_text_with_max_width(&card.name, x, y + 4.0, room);
        }
        let size = 10.5;
        ctx.set_font(&format!("600 {size}px {}", palette.sans));
        for card in &self.scene.nodes {
            let (left, right) = self.room(card, size);
            let room = 2.0 * left.min(right);
            let word = format!("{}{}", sign(card), state_word(&self.words, card));
            // Where a node stands close below there is no place for it.
            if self.crowded(card, size) || fitted(&word, size, room) != word {
                continue;
            }
            let told = card.status == Status::Up;
            ctx.set_fill_style_str(if told {
                palette.tone(card.role.tone)
            } else {
                &palette.soft
            });
            let below = (
                self.geometry.place(card.at).0,
                self.word_y(card, size) - 2.0,
            );
            self.base.halo_text(&word, below, &palette.card);
        }
    }

    /// The nodes that stand where the word under this one would.
    fn below(&self, card: &NodeCard, size: f64) -> impl Iterator<Item = &NodeCard> {
        let (x, y) = self.geometry.place(card.at);
        let low = self.word_y(card, size);
        let (id, radius) = (card.id, self.geometry.radius);
        self.scene.nodes.iter().filter(move |other| {
            let (x2, y2) = self.geometry.place(other.at);
            let column = other.id != id && (x2 - x).abs() < 2.0 * radius;
            column && y2 > y && y2 - radius < low + 2.0
        })
    }

    /// Whether there is such a node.
    fn crowded(&self, card: &NodeCard, size: f64) -> bool {
        self.below(card, size).next().is_some()
    }

    /// Whether such a node has the same word.
    fn said_below(&self, card: &NodeCard, size: f64) -> bool {
        let said = |card: &NodeCard| (card.role, card.status);
        let mut below = self.below(card, size);
        below.any(|other| said(other) == said(card))
    }

    /// Among very many nodes only those have a name that are not like the rest.
    pub(super) fn draw_few_names(&self) {
        if self.names_within() {
            return self.draw_names_within();
        }
        let (ctx, palette) = (&self.base.ctx, &self.palette);
        ctx.set_text_align("center");
        ctx.set_font(&format!("600 11px {}", palette.sans));
        let common = self.common_role();
        for card in &self.scene.nodes {
            let alike = card.status == Status::Up && Some(card.role) == common;
            let plain = alike || is_plain(card);
            if plain && self.selection != Selection::Node(card.id) {
                continue;
            }
            let (x, y) = self.geometry.place(card.at);
            ctx.set_fill_style_str(&palette.ink);
            let text = format!("{}{}", sign(card), card.name);
            let below = (x, y + self.geometry.radius + 13.0);
            self.base.halo_text(&text, below, &palette.card);
        }
    }

    /// The role that most nodes have.
    fn common_role(&self) -> Option<Role> {
        let count = |role: Role| {
            let nodes = self.scene.nodes.iter();
            nodes.filter(|card| card.role == role).count()
        };
        // The first two differ where only one is special, so one of the first three is common.
        let some = self.scene.nodes.iter().take(3).map(|card| card.role);
        some.max_by_key(|role| count(*role))
    }

    /// One dot for each write that is not on disk yet.
    fn draw_pending(&self, card: &NodeCard, (x, y): Point) {
        let count = card.writes_pending.min(5);
        self.base
            .ctx
            .set_fill_style_str(self.palette.tone(Tone::Try));
        for i in 0..count {
            let shift = (i as f64 - (count as f64 - 1.0) / 2.0) * 7.0;
            self.base.circle((x + shift, y), 2.2);
            self.base.ctx.fill();
        }
        self.base.ctx.set_fill_style_str(&self.palette.soft);
    }
}

/// A word that fits into some room, with an ellipsis where it is cut.
fn fitted(text: &str, size: f64, room: f64) -> String {
    if width(text, size) <= room {
        return text.to_owned();
    }
    let mut left = room - size;
    let fits = |sign: &char| {
        left -= sign_width(*sign, size);
        left >= 0.0
    };
    let cut: String = text.chars().take_while(fits).collect();
    format!("{}\u{2026}", cut.trim_end())
}

/// The size of the word under a node of this radius.
pub(super) fn word_size(radius: f64) -> f64 {
    (13.0 * radius / 44.0).clamp(11.0, 13.0)
}
