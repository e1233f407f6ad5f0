//! The lower sheet: links, walls, nodes.

use super::cells::is_cell;
use super::geometry::{Geometry, Point, between};
use super::painter::Painter;
use crate::lab::{Dictionary, Phrase};
use crate::sim::{NodeKind, Status};
use crate::ui::model::Selection;
use crate::view::caption::second_ring;
use crate::view::{NodeCard, Shape, Tone};

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
        let lead = is_lead(card);
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
        if let Some(far) = second_ring(radius).filter(|_| is_star(card)) {
            ctx.set_line_width(1.4);
            sheet.circle(at, radius - far);
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
}

/// Whether its outline is a thick one.
pub(super) fn is_lead(card: &NodeCard) -> bool {
    card.status == Status::Up && matches!(card.role.shape, Shape::Star | Shape::Eye)
}

/// Whether it has two rings where there is room for them.
pub(super) fn is_star(card: &NodeCard) -> bool {
    card.status == Status::Up && card.role.shape == Shape::Star && !is_box(card)
}

/// Whether a node is drawn as a box.
pub(super) fn is_box(card: &NodeCard) -> bool {
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
