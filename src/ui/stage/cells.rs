//! One of very many: a small box that fills with what it has to do.

use super::painter::Painter;
use crate::sim::Status;
use crate::ui::model::Selection;
use crate::view::{NodeCard, Shape, Tone};

/// So many chips fill a cell.
const FULL: usize = 12;
/// From so many on it is much.
const MUCH: usize = 4;

/// Whether a node is drawn as a cell.
pub(super) fn is_cell(card: &NodeCard) -> bool {
    card.role.shape == Shape::Cell
}

/// Whether there is something to be said of a cell, so that its name is shown.
pub(super) fn is_plain(card: &NodeCard) -> bool {
    let tone = card.role.tone;
    is_cell(card) && card.status == Status::Up && !matches!(tone, Tone::Try | Tone::Bad)
}

/// The tone of what fills a cell.
fn fill(card: &NodeCard) -> Option<Tone> {
    match card.chips.len() {
        0 => None,
        1..MUCH => Some(Tone::Lead),
        MUCH..FULL => Some(Tone::Try),
        FULL.. => Some(Tone::Bad),
    }
}

impl Painter {
    /// All boxes, each as wide as the distance to the next one allows, filled from the bottom; colour by colour, because to
    /// change a colour costs more than to draw a box.
    pub(super) fn draw_cells(&self) {
        let cells: Vec<&NodeCard> = self
            .scene
            .nodes
            .iter()
            .filter(|card| is_cell(card))
            .collect();
        if cells.is_empty() {
            return;
        }
        let ctx = &self.base.ctx;
        let (half, up) = (self.geometry.radius * 1.15, |card: &&&NodeCard| {
            card.status == Status::Up
        });
        let side = 2.0 * half;
        let corner = |card: &NodeCard| {
            let (x, y) = self.geometry.place(card.at);
            (x - half, y - half)
        };
        ctx.set_fill_style_str(&self.palette.card);
        for card in cells.iter().filter(up) {
            let (x, y) = corner(card);
            ctx.fill_rect(x, y, side, side);
        }
        ctx.set_fill_style_str(&self.palette.line2);
        for card in cells.iter().filter(|card| !up(card)) {
            let (x, y) = corner(card);
            ctx.fill_rect(x, y, side, side);
        }
        for tone in [Tone::Lead, Tone::Try, Tone::Bad] {
            ctx.set_fill_style_str(self.palette.tone(tone));
            for card in cells.iter().filter(|card| fill(card) == Some(tone)) {
                let ((x, y), chips) = (corner(card), card.chips.len().min(FULL));
                let high = side * chips as f64 / FULL as f64;
                ctx.fill_rect(x, y + side - high, side, high);
            }
        }
        ctx.set_line_width(1.0);
        ctx.set_stroke_style_str(&self.palette.line2);
        let stands_out =
            |card: &NodeCard| !is_plain(card) || self.selection == Selection::Node(card.id);
        for card in cells.iter().filter(|card| !stands_out(card)) {
            let (x, y) = corner(card);
            ctx.stroke_rect(x, y, side, side);
        }
        for card in cells.iter().filter(|card| stands_out(card)) {
            self.draw_cell(card, half);
        }
    }

    /// The rim of one that stands out, and what says that it is not there.
    fn draw_cell(&self, card: &NodeCard, half: f64) {
        let ctx = &self.base.ctx;
        let ((x, y), side) = (self.geometry.place(card.at), 2.0 * half);
        let selected = self.selection == Selection::Node(card.id);
        ctx.set_line_width(2.0);
        ctx.set_stroke_style_str(match card.status {
            _ if selected => &self.palette.focus,
            Status::Up => self.palette.tone(card.role.tone),
            Status::Paused | Status::Down => &self.palette.bad,
        });
        ctx.stroke_rect(x - half, y - half, side, side);
        if card.status == Status::Down {
            ctx.begin_path();
            self.base.cross((x, y), half * 0.7);
            ctx.stroke();
        }
    }
}
