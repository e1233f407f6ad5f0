//! What is too dense for arrows: for each lane and each few pixels, how much happened there.

use super::{Diagram, LEFT, View};
use crate::lab::What;
use crate::ui::player::Player;

/// The most rectangles of one drawing.
const MOST: f64 = 6000.0;
/// How high a bar is at the least: lanes that lie closer share one.
const LEAST: f64 = 3.0;

impl Diagram {
    /// Bars across each lane, higher where more happened; red where messages were lost.
    pub(super) fn density(&self, view: &View, player: &Player) {
        let together = (LEAST / view.lane.max(0.01)).ceil().max(1.0) as usize;
        let lanes = player.names().nodes().count().max(1).div_ceil(together);
        let room = (view.until_us() - view.from_us) / view.pixel_us;
        let wide = (room * lanes as f64 / MOST).ceil().max(2.0);
        let columns = (room / wide).ceil() as usize + 1;
        let mut counts = vec![(0_u32, 0_u32); columns * lanes];
        let (from, to) = view.window();
        let here = player.position().step;
        let chronicle = player.history().chronicle();
        for (_, event) in chronicle.between(from, to, here) {
            let Some(node) = event.node() else {
                continue;
            };
            let column = (view.x(event.time.0 as f64) - LEFT) / wide;
            let place = node.index() / together * columns + column.max(0.0) as usize;
            if let Some(count) = counts.get_mut(place) {
                count.0 += 1;
                count.1 += u32::from(matches!(event.what, What::Lost(_)));
            }
        }
        let most = counts.iter().map(|(all, _)| *all).max().unwrap_or(1).max(1);
        let lane = view.lane * together as f64;
        let high = (lane * 0.42).clamp(1.5, 16.0);
        let ctx = &self.sheet.ctx;
        for lost in [false, true] {
            ctx.set_fill_style_str(if lost {
                &self.palette.bad
            } else {
                &self.palette.accent
            });
            for (place, count) in counts.iter().enumerate() {
                let count = if lost { count.1 } else { count.0 };
                if count == 0 {
                    continue;
                }
                let share = f64::from(count).sqrt() / f64::from(most).sqrt();
                let half = (high * share).max(1.0);
                let x = LEFT + (place % columns) as f64 * wide;
                let y = view.top + lane * (place / columns) as f64;
                let (a, b) = (view.at((x, y - half)), view.at((x + wide, y + half)));
                ctx.fill_rect(a.0, a.1, b.0 - a.0, b.1 - a.1);
            }
        }
    }
}
