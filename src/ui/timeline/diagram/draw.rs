//! What the diagram shows, layer by layer.

use super::{Diagram, LEFT, MANY, RIGHT, View, visible};
use crate::engine::NodeId;
use crate::sim::{Action, Happened, LossReason, MessageName, Record, Status};
use crate::ui::canvas::{TONES, tone_index};
use crate::ui::model::Selection;
use crate::ui::player::Player;
use crate::view::Tone;

/// Of more records in view, some are left out.
const MOST_RECORDS: usize = 900;
/// Of more messages under way, some are left out.
const MOST_FLIGHTS: usize = 300;
/// How far a lost message is seen to come.
const LOST_SHARE: f64 = 0.55;

impl Diagram {
    pub(super) fn paint(&self, view: &View, player: &Player) {
        self.sheet.clear();
        self.lanes(view, player);
        let ctx = &self.sheet.ctx;
        ctx.save();
        ctx.begin_path();
        let width = self.sheet.width - LEFT - RIGHT + 8.0;
        ctx.rect(LEFT - 4.0, 0.0, width, self.sheet.height);
        ctx.clip();
        self.arrows(view, player);
        self.under_way(view, player);
        self.signs(view, player);
        self.playhead(view, player);
        ctx.restore();
    }

    /// A lane is dotted while its node is down.
    fn lanes(&self, view: &View, player: &Player) {
        let (ctx, palette) = (&self.sheet.ctx, &self.palette);
        let right = self.sheet.width - RIGHT;
        let head = view.x(player.clock_us()).min(right);
        let world = player.history().run().world();
        let count = player.names().nodes().count();
        ctx.set_font(&format!(
            "600 {}px {}",
            if count > MANY { 9 } else { 13 },
            palette.sans
        ));
        ctx.set_text_align("left");
        ctx.set_line_width(1.4);
        for (node, name) in player.names().nodes() {
            let y = view.y(node);
            if count <= MANY || (node.index() % (count / 8).max(1)) == 0 {
                let selected = player.selection() == Selection::Node(node);
                ctx.set_fill_style_str(if selected {
                    &palette.focus
                } else {
                    &palette.ink
                });
                let _ = ctx.fill_text(name, 12.0, y + 4.5);
            }
            if count > 40 {
                continue;
            }
            let mut from = LEFT;
            let mut down = was_down(player, view, node);
            for (time, falls) in falls(player, view, node) {
                let x = view.x(time).max(LEFT);
                self.lane(from, x, y, down);
                (from, down) = (x, falls);
            }
            // As the records end, so it is now; older than the records is what the world says.
            let now_down = world.cell(node).status() == Status::Down;
            self.lane(from, head, y, down || (now_down && from <= LEFT));
            self.lane(head, right, y, now_down);
        }
    }

    fn lane(&self, from: f64, to: f64, y: f64, down: bool) {
        let ctx = &self.sheet.ctx;
        ctx.set_stroke_style_str(&self.palette.line2);
        if down {
            self.sheet.dash(&[2.0, 5.0]);
        }
        ctx.begin_path();
        self.sheet.line((from, y), (to.max(from), y));
        ctx.stroke();
        if down {
            self.sheet.dash(&[]);
        }
    }

    /// Messages that arrived or were lost, colour by colour.
    fn arrows(&self, view: &View, player: &Player) {
        let ctx = &self.sheet.ctx;
        let plugin = player.plugin();
        let mut there = [false; TONES.len()];
        for record in visible(player, view) {
            if let Happened::Delivered(letter) | Happened::Lost(letter, _) = &record.what {
                there[tone_index(plugin.message_tone(letter.name.kind))] = true;
            }
        }
        let each = visible(player, view).count() / MOST_RECORDS + 1;
        ctx.set_line_width(1.4);
        ctx.set_global_alpha(0.8);
        for (index, tone) in TONES.into_iter().enumerate().filter(|(i, _)| there[*i]) {
            ctx.set_stroke_style_str(self.palette.tone(tone));
            ctx.set_fill_style_str(self.palette.tone(tone));
            for record in visible(player, view).step_by(each) {
                let (letter, lost) = match &record.what {
                    Happened::Delivered(letter) => (letter, None),
                    Happened::Lost(letter, why) => (letter, Some(*why)),
                    _ => continue,
                };
                if tone_index(plugin.message_tone(letter.name.kind)) != index {
                    continue;
                }
                let (from, to) = ends(view, letter.name, letter.sent_at.0, record, lost);
                self.sheet.stroke_line(from, to);
                if lost.is_none() {
                    ctx.fill_rect(to.0 - 2.0, to.1 - 2.0, 4.0, 4.0);
                }
            }
        }
        ctx.set_global_alpha(1.0);
    }

    /// Messages under way: whole as far as they came, dotted to where they will arrive.
    fn under_way(&self, view: &View, player: &Player) {
        let ctx = &self.sheet.ctx;
        let clock = player.clock_us();
        let world = player.history().run().world();
        // In a crowd no arrow can be told from the next: every so manieth stands for all.
        let each = world.flights().count() / MOST_FLIGHTS + 1;
        for flight in world.flights().step_by(each) {
            let name = flight.letter.name;
            let sent = flight.letter.sent_at.0 as f64;
            let due = if flight.held {
                clock
            } else {
                flight.due.0 as f64
            };
            let (a, b) = (view.y(name.from), view.y(name.to));
            let share = if flight.fate.is_some() {
                LOST_SHARE
            } else {
                1.0
            };
            let done = ((clock - sent) / (due - sent).max(1.0)).clamp(0.0, 1.0);
            let at = |part: f64| {
                let y = a + (b - a) * share * part;
                (view.x(sent + (due - sent) * part), y)
            };
            let selected = player.selection() == Selection::Flight(name);
            let tone = player.plugin().message_tone(name.kind);
            ctx.set_stroke_style_str(if selected {
                &self.palette.focus
            } else {
                self.palette.tone(tone)
            });
            ctx.set_line_width(if selected { 3.0 } else { 1.5 });
            ctx.begin_path();
            self.sheet.line(at(0.0), at(done));
            ctx.stroke();
            // That it will be lost is not told before it is.
            if flight.fate.is_none() && !flight.held && each == 1 {
                ctx.set_global_alpha(0.35);
                self.sheet.dash(&[2.0, 4.0]);
                ctx.begin_path();
                self.sheet.line(at(done), at(1.0));
                ctx.stroke();
                self.sheet.dash(&[]);
                ctx.set_global_alpha(1.0);
            }
        }
    }

    /// Timers that ran out, losses, crashes.
    fn signs(&self, view: &View, player: &Player) {
        let ctx = &self.sheet.ctx;
        ctx.set_fill_style_str(self.palette.tone(Tone::Try));
        for record in visible(player, view) {
            if let Happened::TimerFired(node, _) = &record.what {
                let (x, y) = (view.x(record.time.0 as f64), view.y(*node));
                let arm = (view.lane * 0.18).clamp(1.5, 5.0);
                ctx.begin_path();
                ctx.move_to(x, y - arm);
                ctx.line_to(x + arm, y);
                ctx.line_to(x, y + arm);
                ctx.line_to(x - arm, y);
                ctx.fill();
            }
        }
        ctx.begin_path();
        let arm = (view.lane * 0.14).clamp(2.0, 4.5);
        for record in visible(player, view) {
            match &record.what {
                Happened::Lost(letter, why) => {
                    let sent = letter.sent_at.0;
                    let (_, at) = ends(view, letter.name, sent, record, Some(*why));
                    self.sheet.cross(at, arm);
                }
                Happened::Commanded(action, None) | Happened::Struck(action, None) => {
                    if let Action::Kill(node) | Action::Wipe(node) = **action {
                        let at = (view.x(record.time.0 as f64), view.y(node));
                        self.sheet.cross(at, arm + 2.0);
                    }
                }
                _ => {}
            }
        }
        ctx.set_stroke_style_str(&self.palette.bad);
        ctx.set_line_width(2.0);
        ctx.stroke();
    }

    fn playhead(&self, view: &View, player: &Player) {
        let ctx = &self.sheet.ctx;
        let x = view.x(player.clock_us());
        ctx.set_stroke_style_str(&self.palette.accent);
        ctx.set_line_width(2.0);
        ctx.begin_path();
        self.sheet.line((x, 0.0), (x, self.sheet.height));
        ctx.stroke();
    }
}

/// Where an arrow begins and ends.
fn ends(
    view: &View,
    name: MessageName,
    sent_us: u64,
    record: &Record,
    lost: Option<LossReason>,
) -> ((f64, f64), (f64, f64)) {
    let from = (view.x(sent_us as f64), view.y(name.from));
    let (time, y) = (view.x(record.time.0 as f64), view.y(name.to));
    let share = match lost {
        Some(LossReason::Loss | LossReason::Cut | LossReason::Dropped) => LOST_SHARE,
        Some(LossReason::Down) => 0.94,
        None => 1.0,
    };
    (from, (time, from.1 + (y - from.1) * share))
}

/// When a node went down (true) or came up (false), as far as the records tell.
fn falls(player: &Player, view: &View, node: NodeId) -> Vec<(f64, bool)> {
    let fall = |record: &Record| {
        let down = match &record.what {
            Happened::Commanded(action, None) | Happened::Struck(action, None) => match **action {
                Action::Kill(at) | Action::Wipe(at) if at == node => true,
                Action::Restart(at) if at == node => false,
                Action::Calm => false,
                _ => return None,
            },
            _ => return None,
        };
        Some((record.time.0 as f64, down))
    };
    visible(player, view).filter_map(fall).collect()
}

/// Whether a node was down where the view begins: it was, if the first thing that befell it
/// since is that it came up.
fn was_down(player: &Player, view: &View, node: NodeId) -> bool {
    let first = visible(player, view).find_map(|record| match &record.what {
        Happened::Commanded(action, None) | Happened::Struck(action, None) => match **action {
            Action::Kill(at) if at == node => Some(false),
            Action::Restart(at) if at == node => Some(true),
            _ => None,
        },
        _ => None,
    });
    first.unwrap_or(false)
}
