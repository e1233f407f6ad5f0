//! The nodes' own clocks, shown as soon as one of them is wrong.

use super::geometry::Geometry;
use super::painter::Painter;
use crate::engine::Time;
use crate::ui::number::fixed;
use crate::ui::player::Player;
use crate::view::clock_is_off;

impl Painter {
    /// What each clock shows; a wrong one in the colour of what is bad.
    pub(super) fn draw_clocks(&self, player: &Player) {
        let world = player.history().run().world();
        let wordy = self.geometry.radius >= Geometry::WORDY;
        if !wordy || !world.ids().any(|node| clock_is_off(world, node)) {
            return;
        }
        let ctx = &self.top.ctx;
        ctx.set_text_align("center");
        ctx.set_font(&format!("600 11.5px {}", self.palette.mono));
        let now = Time(player.clock_us() as u64);
        for card in &self.scene.nodes {
            let (x, y) = self.geometry.place(card.at);
            let off = clock_is_off(world, card.id);
            ctx.set_fill_style_str(if off {
                &self.palette.bad
            } else {
                &self.palette.soft
            });
            let local = world.cell(card.id).clock().local(now);
            let text = format!("{} s", fixed(local.0 as f64 / 1e6, 3));
            let above = (x, y - self.geometry.radius - 15.0);
            self.top.halo_text(&text, above, &self.palette.card);
        }
    }
}
