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

impl Painter {
    /// A box as wide as the distance to the next one allows, filled from the bottom.
    pub(super) fn draw_cell(&self, card: &NodeCard) {
        let ctx = &self.base.ctx;
        let ((x, y), half) = (self.geometry.place(card.at), self.geometry.radius * 1.15);
        let side = 2.0 * half;
        ctx.set_fill_style_str(match card.status {
            Status::Up => &self.palette.card,
            Status::Paused | Status::Down => &self.palette.line2,
        });
        ctx.fill_rect(x - half, y - half, side, side);
        let chips = card.chips.len();
        if chips > 0 {
            let high = side * (chips.min(FULL) as f64) / FULL as f64;
            ctx.set_fill_style_str(self.palette.tone(match chips {
                0..MUCH => Tone::Lead,
                MUCH..FULL => Tone::Try,
                FULL.. => Tone::Bad,
            }));
            ctx.fill_rect(x - half, y + half - high, side, high);
        }
        let selected = self.selection == Selection::Node(card.id);
        let told = !is_plain(card);
        ctx.set_line_width(if selected || told { 2.0 } else { 1.0 });
        ctx.set_stroke_style_str(match (selected, told) {
            (true, _) => &self.palette.focus,
            (false, true) if card.status == Status::Up => self.palette.tone(card.role.tone),
            (false, true) => &self.palette.bad,
            (false, false) => &self.palette.line2,
        });
        ctx.stroke_rect(x - half, y - half, side, side);
        if card.status == Status::Down {
            ctx.begin_path();
            self.base.cross((x, y), half * 0.7);
            ctx.stroke();
        }
    }
}
