//! One of very many: a small box that fills with what it has to do.

use super::geometry::Geometry;
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

/// How full a cell is drawn.
pub(super) fn filled(card: &NodeCard) -> usize {
    card.chips.len().min(FULL)
}

/// The tone of what fills a cell.
fn fill(card: &NodeCard) -> Option<Tone> {
    match filled(card) {
        0 => None,
        1..MUCH => Some(Tone::Lead),
        MUCH..FULL => Some(Tone::Try),
        FULL.. => Some(Tone::Bad),
    }
}

impl Painter {
    /// Half the side of a cell.
    fn half(&self) -> f64 {
        (self.geometry.radius * Geometry::CELL).round()
    }

    /// The box of a cell: left, top, side. On whole pixels, because soft edges cost as much again, and because one that is
    /// drawn over has to be covered.
    fn cell_box(&self, card: &NodeCard) -> (f64, f64, f64) {
        let ((x, y), half) = (self.geometry.place(card.at), self.half());
        (x.round() - half, y.round() - half, 2.0 * half)
    }

    /// All boxes, each as wide as the distance to the next one allows, filled from the bottom; colour by colour, because to
    /// change a colour costs more than to draw a box.
    pub(super) fn draw_cells(&self) {
        let cells = self.scene.nodes.iter().filter(|card| is_cell(card));
        let cells: Vec<&NodeCard> = cells.collect();
        if cells.is_empty() {
            return;
        }
        let ctx = &self.base.ctx;
        ctx.set_fill_style_str(&self.palette.line2);
        for card in &cells {
            let (x, y, side) = self.cell_box(card);
            ctx.fill_rect(x, y, side, side);
        }
        self.fill_cells(&cells);
        for card in cells.iter().filter(|card| self.stands_out(card)) {
            self.draw_cell(card, self.half());
        }
    }

    fn stands_out(&self, card: &NodeCard) -> bool {
        !is_plain(card) || self.selection == Selection::Node(card.id)
    }

    /// Some cells are filled otherwise than before, and nothing else is.
    pub(super) fn refill(&self, places: &[usize]) {
        let nodes = places.iter().filter_map(|at| self.scene.nodes.get(*at));
        let cells: Vec<&NodeCard> = nodes.collect();
        self.fill_cells(&cells);
        let all = self.scene.nodes.iter().filter(|card| is_cell(card));
        let mut named = all.filter(|card| self.stands_out(card)).peekable();
        if named.peek().is_some() {
            // Their rims lie within the box, too, and their names over the cells below.
            named.for_each(|card| self.draw_cell(card, self.half()));
            self.draw_few_names();
        }
    }

    /// What is within the rims.
    fn fill_cells(&self, cells: &[&NodeCard]) {
        let ctx = &self.base.ctx;
        let up = |card: &&&NodeCard| card.status == Status::Up;
        ctx.set_fill_style_str(&self.palette.card);
        for card in cells.iter().filter(up) {
            let (x, y, side) = self.cell_box(card);
            ctx.fill_rect(x + 1.0, y + 1.0, side - 2.0, side - 2.0);
        }
        for tone in [Tone::Lead, Tone::Try, Tone::Bad] {
            let mut coloured = false;
            for card in cells.iter().filter(|card| fill(card) == Some(tone)) {
                if !coloured {
                    ctx.set_fill_style_str(self.palette.tone(tone));
                    coloured = true;
                }
                let (x, y, side) = self.cell_box(card);
                let most = side - 2.0;
                let high = (most * filled(card) as f64 / FULL as f64).round().max(1.0);
                ctx.fill_rect(x + 1.0, y + 1.0 + most - high, most, high);
            }
        }
    }

    /// The rim of one that stands out, and what says that it is not there.
    fn draw_cell(&self, card: &NodeCard, half: f64) {
        let ctx = &self.base.ctx;
        let (left, top, side) = self.cell_box(card);
        let (x, y) = (left + half, top + half);
        let selected = self.selection == Selection::Node(card.id);
        ctx.set_line_width(2.0);
        ctx.set_stroke_style_str(match card.status {
            _ if selected => &self.palette.focus,
            Status::Up => self.palette.tone(card.role.tone),
            Status::Paused | Status::Down => &self.palette.bad,
        });
        ctx.stroke_rect(left, top, side, side);
        if card.status == Status::Down {
            ctx.begin_path();
            self.base.cross((x, y), half * 0.7);
            ctx.stroke();
        }
    }
}
