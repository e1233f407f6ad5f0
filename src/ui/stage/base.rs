//! The lower sheet: links, walls, nodes.

use super::cells::{is_cell, is_plain};
use super::geometry::{Geometry, Point, between};
use super::painter::Painter;
use crate::lab::{Dictionary, Phrase};
use crate::sim::{NodeKind, Status};
use crate::ui::model::Selection;
use crate::ui::number::fixed;
use crate::view::{NodeCard, Role, Shape, Tone};

/// Up to so many nodes each has its name, however small they are drawn.
const FEW: usize = 24;
/// From this radius on a node has room for it.
const NAMED: f64 = 10.0;

/// The sign that goes before a role's word.
pub(in crate::ui) fn sign(card: &NodeCard) -> &'static str {
    match (card.status, card.role.shape) {
        (Status::Down, _) => "\u{2715} ",
        (Status::Paused, _) => "\u{2016} ",
        (Status::Up, Shape::Star) => "\u{2605} ",
        (Status::Up, Shape::Diamond) => "\u{25c7} ",
        (Status::Up, Shape::Eye) => "\u{25c9} ",
        (Status::Up, Shape::Plain | Shape::Box | Shape::Cell) => "",
    }
}

/// The word for what a node is now.
pub(in crate::ui) fn state_word(words: &Dictionary, card: &NodeCard) -> String {
    let role = || words.text(&format!("role.{}", card.role.key));
    match card.status {
        Status::Up => role(),
        Status::Paused if card.sleeps_in_charge() => {
            let phrase = Phrase::new("stage.paused-as").with("role", role());
            words.say(&phrase)
        }
        Status::Paused => words.text("stage.paused"),
        Status::Down => words.text("stage.down"),
    }
}

impl Painter {
    /// Draws all that stands still between two steps.
    pub(super) fn draw_base(&self) {
        self.base.clear();
        self.draw_links();
        self.draw_selected_link();
        self.draw_walls();
        self.draw_cells();
        for card in self.scene.nodes.iter().filter(|card| !is_cell(card)) {
            self.draw_body(card);
        }
        self.draw_words();
        for card in &self.scene.nodes {
            if self.scene.queues_beside {
                self.draw_queue(card);
            } else if self.geometry.radius >= Geometry::WORDY {
                self.draw_chips(card);
            }
        }
    }

    fn draw_links(&self) {
        let (ctx, net) = (&self.base.ctx, &self.cuts);
        let whole = |a, b| !net.contains(&(a, b)) && !net.contains(&(b, a));
        ctx.set_line_width(1.5);
        ctx.set_stroke_style_str(&self.palette.line);
        for (a, b) in &self.scene.links {
            if whole(*a, *b) {
                self.base
                    .stroke_line(self.node_place(*a), self.node_place(*b));
            }
        }
        if net.is_empty() {
            return;
        }
        self.base.dash(&[2.0, 7.0]);
        ctx.set_stroke_style_str(&self.palette.line2);
        for (a, b) in &self.scene.links {
            if !whole(*a, *b) {
                self.base
                    .stroke_line(self.node_place(*a), self.node_place(*b));
            }
        }
        self.base.dash(&[]);
        if self.walls.is_empty() {
            self.draw_cuts();
        }
    }

    /// A cut that no wall shows: a cross, in the middle or before the node that hears nothing.
    fn draw_cuts(&self) {
        let ctx = &self.base.ctx;
        ctx.set_stroke_style_str(&self.palette.bad);
        ctx.set_line_width(2.5);
        ctx.begin_path();
        for (from, to) in &self.cuts {
            let (a, b) = (self.node_place(*from), self.node_place(*to));
            let both = self.cuts.contains(&(*to, *from));
            self.base
                .cross(between(a, b, if both { 0.5 } else { 0.72 }), 6.0);
        }
        ctx.stroke();
    }

    fn draw_selected_link(&self) {
        if let Selection::Link(a, b) = self.selection {
            let ctx = &self.base.ctx;
            ctx.set_stroke_style_str(&self.palette.focus);
            ctx.set_line_width(3.0);
            ctx.begin_path();
            self.base.line(self.node_place(a), self.node_place(b));
            ctx.stroke();
        }
    }

    fn draw_walls(&self) {
        let ctx = &self.base.ctx;
        for wall in &self.walls {
            let points: Vec<Point> = wall
                .points
                .iter()
                .map(|at| self.geometry.place(*at))
                .collect();
            ctx.set_stroke_style_str(&self.palette.bad);
            ctx.set_line_cap("round");
            smooth(ctx, &points);
            ctx.set_global_alpha(0.16);
            ctx.set_line_width(8.0);
            ctx.stroke();
            ctx.set_global_alpha(1.0);
            ctx.set_line_width(2.0);
            self.base.dash(&[7.0, 6.0]);
            ctx.stroke();
            self.base.dash(&[]);
            ctx.set_line_cap("butt");
        }
    }

    fn colour(&self, card: &NodeCard) -> &str {
        match card.status {
            Status::Up => self.palette.tone(card.role.tone),
            Status::Paused if card.sleeps_in_charge() => self.palette.tone(card.role.tone),
            Status::Paused => &self.palette.soft,
            Status::Down => &self.palette.line2,
        }
    }

    fn draw_body(&self, card: &NodeCard) {
        let (sheet, ctx) = (&self.base, &self.base.ctx);
        let (at, radius) = (self.geometry.place(card.at), self.geometry.radius);
        let up = card.status == Status::Up;
        let lead = up && matches!(card.role.shape, Shape::Star | Shape::Eye);
        let wide = if radius < 12.0 { 0.6 } else { 1.0 };
        if self.selection == Selection::Node(card.id) {
            ctx.set_stroke_style_str(&self.palette.focus);
            ctx.set_line_width(2.5);
            // Where no countdown is between, it stays above the word.
            let close = card.arc.is_none() && !is_box(card);
            sheet.circle(at, radius + if close { 7.0 } else { 12.0 } * wide);
            ctx.stroke();
        }
        self.outline(card, at, radius);
        ctx.set_fill_style_str(&self.palette.card);
        ctx.fill();
        if card.status == Status::Down {
            self.hatch(at, radius);
            self.outline(card, at, radius);
        }
        ctx.set_stroke_style_str(self.colour(card));
        ctx.set_line_width(if lead { 4.5 * wide } else { 2.2 * wide });
        if up && card.role.shape == Shape::Diamond {
            sheet.dash(&[9.0 * wide, 5.0 * wide]);
        } else if card.status == Status::Paused {
            sheet.dash(&[2.0, 4.0]);
        }
        ctx.stroke();
        sheet.dash(&[]);
        if up
            && card.role.shape == Shape::Star
            && radius > 12.0
            && !is_box(card)
            && !self.names_within()
        {
            ctx.set_line_width(1.4);
            sheet.circle(at, radius - 7.0);
            ctx.stroke();
        }
        if radius < Geometry::WORDY && card.role.tone != Tone::Neutral && !self.names_within() {
            ctx.set_fill_style_str(self.colour(card));
            sheet.circle(at, radius * 0.5);
            ctx.fill();
        }
    }

    fn outline(&self, card: &NodeCard, (x, y): Point, radius: f64) {
        let ctx = &self.base.ctx;
        if is_box(card) {
            let (half, high) = (radius * 0.95, radius * 0.66);
            ctx.begin_path();
            let corner = radius * 0.22;
            let _ = ctx.round_rect_with_f64(x - half, y - high, 2.0 * half, 2.0 * high, corner);
        } else {
            self.base.circle((x, y), radius);
        }
    }

    /// A node that is down is hatched. The outline is the path.
    fn hatch(&self, (x, y): Point, radius: f64) {
        let ctx = &self.base.ctx;
        ctx.save();
        ctx.clip();
        ctx.set_stroke_style_str(&self.palette.line2);
        ctx.set_line_width(1.4);
        ctx.begin_path();
        let mut shift = -2.0 * radius;
        while shift < 2.0 * radius {
            self.base.line(
                (x + shift, y + radius),
                (x + shift + 2.0 * radius, y - radius),
            );
            shift += 7.0;
        }
        ctx.stroke();
        ctx.restore();
    }

    /// All words, font by font: to set a font costs more than to draw with it.
    fn draw_words(&self) {
        let (ctx, radius) = (&self.base.ctx, self.geometry.radius);
        if radius < Geometry::WORDY {
            self.draw_few_names();
            return;
        }
        ctx.set_text_align("center");
        let (palette, scale) = (&self.palette, radius / 44.0);
        let size = (19.0 * scale).clamp(12.0, 19.0);
        ctx.set_font(&format!("700 {}px {}", fixed(size, 2), palette.sans));
        ctx.set_fill_style_str(&palette.ink);
        for card in &self.scene.nodes {
            let (x, y) = self.geometry.place(card.at);
            let drop = if card.caption.is_empty() {
                size * 0.36
            } else {
                -size * 0.18
            };
            let _ = ctx.fill_text(&card.name, x, y + drop);
        }
        let small = (12.5 * scale).clamp(9.5, 12.5);
        ctx.set_font(&format!("{}px {}", fixed(small, 2), palette.mono));
        ctx.set_fill_style_str(&palette.soft);
        for card in &self.scene.nodes {
            let (x, y) = self.geometry.place(card.at);
            let _ = ctx.fill_text_with_max_width(&card.caption, x, y + small * 1.2, radius * 1.7);
            self.draw_pending(card, (x, y + small * 1.9));
        }
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

/// About how wide a sign of a word is.
fn sign_width(sign: char, size: f64) -> f64 {
    if sign > '\u{2e80}' { size } else { size * 0.6 }
}

/// About how wide a word is.
fn width(text: &str, size: f64) -> f64 {
    text.chars().map(|sign| sign_width(sign, size)).sum()
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

/// Whether a node is drawn as a box.
fn is_box(card: &NodeCard) -> bool {
    card.role.shape == Shape::Box || card.kind == NodeKind::Client
}

/// A smooth line through points, as the path.
pub(super) fn smooth(ctx: &web_sys::CanvasRenderingContext2d, points: &[Point]) {
    ctx.begin_path();
    let [first, middle @ .., last] = points else {
        return;
    };
    ctx.move_to(first.0, first.1);
    for (i, at) in middle.iter().enumerate() {
        let next = points[i + 2];
        let end = if i + 1 == middle.len() {
            *last
        } else {
            between(*at, next, 0.5)
        };
        ctx.quadratic_curve_to(at.0, at.1, end.0, end.1);
    }
    if middle.is_empty() {
        ctx.line_to(last.0, last.1);
    }
}
