//! The small boxes at a node: the last entries of its log below it, or its queue beside it.

use super::geometry::{Geometry, Point};
use super::painter::Painter;
use super::words::word_size;
use crate::ui::canvas::HUES;
use crate::view::{Chip, NodeCard};

/// How large a chip is, and from one to the next.
const SIZE: Point = (12.0, 10.0);
const STEP: Point = (14.0, 13.0);

impl Painter {
    /// The last entries of a node's log: solid is settled, dashed is not, and open at the bottom
    /// is in memory alone. As many as there is room for between the nodes beside them.
    pub(super) fn draw_chips(&self, card: &NodeCard) {
        let (x, y) = self.geometry.place(card.at);
        let top = y + self.geometry.radius + word_size(self.geometry.radius) * 1.6 + 8.0;
        let most = (self.room_at(card, top + SIZE.1 / 2.0) / STEP.0) as usize;
        let chips = &card.chips[card.chips.len().saturating_sub(most)..];
        let left = x - chips.len() as f64 * STEP.0 / 2.0 + 1.0;
        self.base.ctx.set_line_width(1.2);
        for (i, chip) in chips.iter().enumerate() {
            self.draw_chip(*chip, (left + i as f64 * STEP.0, top), SIZE);
        }
    }

    /// How wide a row at this height under a node may be, before it comes to another node.
    fn room_at(&self, card: &NodeCard, y: f64) -> f64 {
        let reach = self.geometry.radius + 4.0;
        let x = self.geometry.place(card.at).0;
        let others = self.scene.nodes.iter().filter(|other| other.id != card.id);
        let beside = others.filter_map(|other| {
            let (x2, y2) = self.geometry.place(other.at);
            let across = y2 - y;
            let low = across.abs() < reach + SIZE.1 / 2.0;
            low.then(|| 2.0 * ((x2 - x).abs() - reach))
        });
        beside.fold(self.geometry.radius * 3.2, f64::min)
    }

    /// Whether a node's word stands over its queue, to the right of it: where nothing else stands.
    pub(super) fn queues_at(&self, card: &NodeCard) -> bool {
        let outermost = |other: &NodeCard| other.at.0 <= card.at.0 + 1e-9;
        self.scene.queues_beside
            && self.geometry.radius >= Geometry::WORDY
            && self.scene.nodes.iter().all(outermost)
    }

    /// A queue to the right of a node, in rows: the first of each next to the node.
    pub(super) fn draw_queue(&self, card: &NodeCard) {
        let ((x, y), radius) = (self.geometry.place(card.at), self.geometry.radius);
        let columns = ((self.geometry.queue / STEP.0) as usize).max(1);
        let worded = self.queues_at(card);
        let high = if worded { radius + 8.0 } else { 2.0 * radius };
        let most = ((high / STEP.1) as usize).max(1);
        let chips = &card.chips[..card.chips.len().min(columns * most)];
        let rows = chips.len().div_ceil(columns);
        let top = if worded {
            y + 2.0
        } else {
            y - rows as f64 * STEP.1 / 2.0 + 1.5
        };
        self.base.ctx.set_line_width(1.2);
        for (i, chip) in chips.iter().enumerate() {
            let (row, column) = (i / columns, i % columns);
            let left = x + radius + 10.0 + column as f64 * STEP.0;
            self.draw_chip(*chip, (left, top + row as f64 * STEP.1), SIZE);
        }
    }

    fn draw_chip(&self, chip: Chip, (x, y): Point, (width, height): Point) {
        let ctx = &self.base.ctx;
        ctx.set_fill_style_str(
            &self.palette.hues[(chip.hue.wrapping_sub(1) % HUES as u64) as usize],
        );
        if chip.solid && chip.durable {
            ctx.begin_path();
            let _ = ctx.round_rect_with_f64(x, y, width, height, 2.5);
            ctx.fill();
            return;
        }
        ctx.set_global_alpha(if chip.solid { 1.0 } else { 0.45 });
        ctx.fill_rect(x, y, width, height);
        ctx.set_global_alpha(1.0);
        ctx.set_stroke_style_str(&self.palette.soft);
        if !chip.solid {
            self.base.dash(&[2.5, 2.0]);
        }
        ctx.begin_path();
        ctx.move_to(x + 0.5, y + height);
        ctx.line_to(x + 0.5, y + 0.5);
        ctx.line_to(x + width - 0.5, y + 0.5);
        ctx.line_to(x + width - 0.5, y + height);
        if chip.durable {
            ctx.close_path();
        }
        ctx.stroke();
        self.base.dash(&[]);
    }
}
