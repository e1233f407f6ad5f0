//! What the diagram shows, layer by layer.

use super::{Diagram, LEFT, MANY, RIGHT, View};
use crate::engine::{NodeId, Time};
use crate::lab::{Event, Relation, What};
use crate::sim::{FaultKind, LossReason, Status};
use crate::ui::canvas::{TONES, tone_index};
use crate::ui::model::Selection;
use crate::ui::number::fixed;
use crate::ui::player::Player;
use crate::view::{Lasting, Tone};

/// With more steps in view, the picture is one of density.
const MOST_EVENTS: usize = 3000;
/// Of more messages under way, some are left out.
const MOST_FLIGHTS: usize = 300;
/// With fewer messages in view, each has its kind beside it.
const MOST_LABELS: usize = 26;
/// How wide a letter of these is.
const LETTER: f64 = 6.0;
/// How far a lost message is seen to come.
const LOST_SHARE: f64 = 0.55;
/// How much is left of what is neither past nor future of the selected step.
const FADED: f64 = 0.13;

type Point = (f64, f64);

/// Where an event stands: a lost message ends before its receiver.
pub(super) fn end_of(view: &View, event: &Event, node: NodeId) -> (f64, f64) {
    let share = match event.what {
        What::Lost(LossReason::Loss | LossReason::Cut | LossReason::Dropped) => LOST_SHARE,
        What::Lost(LossReason::Down) => 0.94,
        What::Started
        | What::Delivered
        | What::Timer
        | What::Written
        | What::Harmed
        | What::Done
        | What::Missed => 1.0,
    };
    let to = view.y(node);
    let from = event.message().map_or(to, |name| view.y(name.from));
    view.at((view.x(event.time.0 as f64), from + (to - from) * share))
}

impl Diagram {
    pub(super) fn paint(&self, view: &View, player: &Player) {
        self.sheet.clear();
        self.scale(view, !self.is_whole(player));
        self.lanes(view, player);
        let ctx = &self.sheet.ctx;
        ctx.save();
        ctx.begin_path();
        let (a, b) = (
            view.at((LEFT - 4.0, 0.0)),
            (self.sheet.width, self.sheet.height),
        );
        ctx.rect(a.0, a.1, b.0 - a.0, b.1 - a.1);
        ctx.clip();
        self.shades(view, player);
        let bars = self.operations(view, player);
        self.bars(view, player, &bars);
        let (from, to) = view.window();
        let here = player.position().step;
        let chronicle = player.history().chronicle();
        let shown = chronicle.between(from, to, here);
        let shown: Vec<(u64, &Event)> = shown.take(MOST_EVENTS + 1).collect();
        if shown.len() > MOST_EVENTS {
            self.density(view, player);
        } else {
            self.arrows(view, player, &shown, self.taken(view, player, &bars));
            self.under_way(view, player);
            self.signs(view, player, &shown);
        }
        self.names(view, player, &bars);
        self.deeds(view, player);
        self.playhead(view, player);
        ctx.restore();
    }

    /// A lane for each node, with its name.
    fn lanes(&self, view: &View, player: &Player) {
        let (ctx, palette) = (&self.sheet.ctx, &self.palette);
        let count = player.names().nodes().count();
        // Where lanes are close, their names are smaller, and at last only some have one.
        let size = (view.lane * 0.92).clamp(9.0, if count > MANY { 9.0 } else { 13.0 });
        let each = if count > MANY {
            (count / 8).max(1)
        } else {
            (size / view.lane.max(1.0)).ceil().max(1.0) as usize
        };
        ctx.set_font(&format!("600 {}px {}", fixed(size, 1), palette.sans));
        ctx.set_text_align(if view.columns { "center" } else { "left" });
        ctx.set_line_width(1.4);
        for (node, name) in player.names().nodes() {
            let y = view.y(node);
            let selected = player.selection() == Selection::Node(node);
            if selected || node.index() % each == 0 {
                ctx.set_fill_style_str(if selected {
                    &palette.focus
                } else {
                    &palette.ink
                });
                let at = if view.columns {
                    (y, LEFT - 14.0)
                } else {
                    (12.0, y + size * 0.35)
                };
                let _ = ctx.fill_text(name, at.0, at.1);
            }
            if count > 40 {
                continue;
            }
            ctx.set_stroke_style_str(&palette.line2);
            self.lane(view, node);
        }
    }

    /// A lane is dotted while its node is down.
    fn lane(&self, view: &View, node: NodeId) {
        let (y, end) = (view.y(node), view.long - RIGHT);
        let stretch = |from: f64, to: f64| {
            if to > from {
                self.sheet.stroke_line(view.at((from, y)), view.at((to, y)));
            }
        };
        let mut from = LEFT;
        let (_, _, spans) = &self.spans;
        let down = |still: &&Lasting<(NodeId, Status)>| still.what == (node, Status::Down);
        for still in spans.still.iter().filter(down) {
            let place = |time: Time| view.x(time.0 as f64).clamp(LEFT, end);
            let (died, back) = (place(still.from), still.to.map_or(end, place));
            stretch(from, died);
            self.sheet.dash(&[2.0, 5.0]);
            stretch(died, back);
            self.sheet.dash(&[]);
            from = back;
        }
        stretch(from, end);
    }

    /// How much is to be seen of a step, beside the selected one.
    fn weight(&self, step: u64, event: &Event) -> f64 {
        match &self.cone {
            None => 0.85,
            Some((_, _, cone)) => match cone.relation(step, event) {
                Relation::Same | Relation::Before | Relation::After => 1.0,
                Relation::Beside => FADED,
            },
        }
    }

    /// The colour of a step where past and future are told apart; else its own.
    fn lit_colour<'a>(&'a self, step: u64, event: &Event, own: &'a str) -> &'a str {
        match &self.cone {
            None => own,
            Some((_, _, cone)) => match cone.relation(step, event) {
                Relation::Same => &self.palette.focus,
                Relation::Before => &self.palette.accent,
                Relation::After => self.palette.tone(Tone::Try),
                Relation::Beside => own,
            },
        }
    }

    /// Messages that arrived or were lost, colour by colour.
    /// The words of these keep out of the places that are taken.
    fn arrows(
        &self,
        view: &View,
        player: &Player,
        shown: &[(u64, &Event)],
        mut taken: Vec<(f64, f64, f64)>,
    ) {
        let ctx = &self.sheet.ctx;
        let plugin = player.plugin();
        let messages = || {
            let each = shown.iter().copied();
            each.filter_map(|(step, event)| Some((step, event, event.message()?)))
        };
        let labelled = messages().count() <= MOST_LABELS && !view.columns;
        let tone = |kind: u8| tone_index(plugin.message_tone(kind));
        ctx.set_line_width(1.4);
        for (index, colour) in TONES.into_iter().enumerate() {
            let own = self.palette.tone(colour);
            for (step, event, name) in messages().filter(|(.., name)| tone(name.kind) == index) {
                let from = view.point(event.since, name.from);
                let to = end_of(view, event, name.to);
                let colour = self.lit_colour(step, event, own);
                ctx.set_stroke_style_str(colour);
                ctx.set_fill_style_str(colour);
                ctx.set_global_alpha(self.weight(step, event));
                self.sheet.stroke_line(from, to);
                if event.what == What::Delivered {
                    ctx.fill_rect(to.0 - 2.5, to.1 - 2.5, 5.0, 5.0);
                }
                if labelled {
                    self.kind(
                        player.names().message_kind(name.kind),
                        (from, to),
                        &mut taken,
                    );
                }
            }
        }
        ctx.set_global_alpha(1.0);
    }

    /// The kind of a message along its arrow.
    fn kind(&self, kind: &str, (from, to): (Point, Point), taken: &mut Vec<(f64, f64, f64)>) {
        let ctx = &self.sheet.ctx;
        ctx.set_font(&format!("10.5px {}", self.palette.sans));
        ctx.set_text_align("left");
        let wide = kind.len() as f64 * LETTER + 6.0;
        let at = (
            from.0 + (to.0 - from.0) * 0.3 + 4.0,
            from.1 + (to.1 - from.1) * 0.3 + 3.0,
        );
        // Of two words in one place, the first stands; and none is cut by the rim.
        let near = |(from, to, y): &(f64, f64, f64)| {
            at.0 < *to && at.0 + wide > *from && (y - at.1).abs() < 12.0
        };
        if at.0 + wide < self.sheet.width && !taken.iter().any(near) {
            self.sheet.halo_text(kind, at, &self.palette.card);
            ctx.set_line_width(1.4);
            taken.push((at.0, at.0 + wide, at.1));
        }
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
                view.at((view.x(sent + (due - sent) * part), y))
            };
            let selected = player.selection() == Selection::Flight(name);
            let leaves = |(_, _, cone): &(_, _, crate::lab::Cone)| {
                cone.leaves_after(name.from, flight.letter.left_step)
            };
            let faded = self.cone.as_ref().is_some_and(|cone| !leaves(cone));
            let tone = player.plugin().message_tone(name.kind);
            ctx.set_stroke_style_str(if selected {
                &self.palette.focus
            } else {
                self.palette.tone(tone)
            });
            ctx.set_global_alpha(if faded { FADED } else { 1.0 });
            ctx.set_line_width(if selected { 3.0 } else { 1.5 });
            self.sheet.stroke_line(at(0.0), at(done));
            // That it will be lost is not told before it is.
            if flight.fate.is_none() && !flight.held && each == 1 {
                ctx.set_global_alpha(0.35);
                self.sheet.dash(&[2.0, 4.0]);
                self.sheet.stroke_line(at(done), at(1.0));
                self.sheet.dash(&[]);
            }
            ctx.set_global_alpha(1.0);
        }
    }

    /// Timers, writes, losses; and a ring round the selected step.
    fn signs(&self, view: &View, player: &Player, shown: &[(u64, &Event)]) {
        let ctx = &self.sheet.ctx;
        let arm = (view.lane * 0.18).clamp(1.5, 5.0);
        for (step, event) in shown.iter().copied() {
            let Some(node) = event.node() else {
                continue;
            };
            let (x, y) = end_of(view, event, node);
            ctx.set_global_alpha(self.weight(step, event));
            match event.what {
                What::Timer => {
                    let own = self.palette.tone(Tone::Try);
                    ctx.set_fill_style_str(self.lit_colour(step, event, own));
                    ctx.begin_path();
                    ctx.move_to(x, y - arm);
                    ctx.line_to(x + arm, y);
                    ctx.line_to(x, y + arm);
                    ctx.line_to(x - arm, y);
                    ctx.fill();
                }
                What::Written => {
                    ctx.set_stroke_style_str(self.lit_colour(step, event, &self.palette.soft));
                    ctx.set_line_width(1.3);
                    let half = arm * 0.7;
                    ctx.stroke_rect(x - half, y - half, 2.0 * half, 2.0 * half);
                }
                What::Lost(_) => {
                    ctx.set_stroke_style_str(&self.palette.bad);
                    ctx.set_line_width(2.0);
                    ctx.begin_path();
                    self.sheet.cross((x, y), (view.lane * 0.14).clamp(2.0, 4.5));
                    ctx.stroke();
                }
                What::Started | What::Delivered | What::Harmed | What::Done | What::Missed => {}
            }
            ctx.set_global_alpha(1.0);
            if player.selection() == Selection::Event(step) {
                ctx.set_stroke_style_str(&self.palette.focus);
                ctx.set_line_width(2.5);
                self.sheet.circle((x, y), 9.0);
                ctx.stroke();
            }
        }
    }

    /// What a person or the storm did: a cross where it struck a node, a mark at the rim where it
    /// concerned all.
    fn deeds(&self, view: &View, player: &Player) {
        let ctx = &self.sheet.ctx;
        let here = player.position().step;
        let chronicle = player.history().chronicle();
        let (from, to) = view.window();
        let deeds = chronicle.deeds();
        let deeds = &deeds[deeds.partition_point(|deed| deed.time < from)..];
        ctx.set_stroke_style_str(&self.palette.bad);
        ctx.set_line_width(2.0);
        ctx.begin_path();
        for deed in deeds
            .iter()
            .take_while(|deed| deed.time <= to && deed.step <= here)
        {
            match deed.action.node() {
                Some(_) if deed.action.fault() == Some(FaultKind::Restart) => {}
                Some(node) if deed.action.fault().is_some() => {
                    let arm = (view.lane * 0.14).clamp(2.0, 4.5) + 2.0;
                    self.sheet.cross(view.point(deed.time, node), arm);
                }
                Some(_) | None => {
                    let x = view.x(deed.time.0 as f64);
                    self.sheet.line(view.at((x, 13.0)), view.at((x, 20.0)));
                }
            }
        }
        ctx.stroke();
    }

    fn playhead(&self, view: &View, player: &Player) {
        let ctx = &self.sheet.ctx;
        let x = view.x(player.clock_us());
        ctx.set_stroke_style_str(&self.palette.accent);
        ctx.set_line_width(2.0);
        let across = if view.columns {
            self.sheet.width
        } else {
            self.sheet.height
        };
        self.sheet
            .stroke_line(view.at((x, 0.0)), view.at((x, across)));
    }
}
