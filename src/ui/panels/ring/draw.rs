//! The drawing of the circle, and what lies where on it.

use crate::engine::NodeId;
use crate::ui::canvas::{Palette, Sheet};
use crate::ui::number::fixed;
use crate::view::{DialArc, DialKey, Ring};
use std::f64::consts::TAU;

/// How thick the band of the arcs is, and that of those before.
const BAND: f64 = 18.0;
const BEFORE: f64 = 6.0;
/// Between the circle and the edge of the sheet.
const ROOM: f64 = 20.0;
/// How large one is that stands by.
const ASIDE: f64 = 15.0;
/// How large the number of a step of the walk is.
const SIGN: f64 = 9.5;
/// Up to so many stretches have a line between them.
const LINES: usize = 600;

type Point = (f64, f64);

/// The colour of a node: as far from those of its neighbours in number as can be.
pub(super) fn colour(node: u16) -> String {
    let hue = (u32::from(node) * 137 + 205) % 360;
    let light = [48, 58, 40][usize::from(node / 3 % 3)];
    format!("hsl({hue}deg 62% {light}%)")
}

/// What is at a place.
pub(super) struct Hit {
    pub(super) node: Option<usize>,
    pub(super) key: Option<usize>,
    /// Whether something that is let go here is put on the circle.
    pub(super) on_circle: bool,
}

/// A circle on its sheet.
pub(super) struct Drawing<'a> {
    sheet: &'a Sheet,
    ring: &'a Ring,
    centre: Point,
    radius: f64,
}

fn angle(at: u32) -> f64 {
    f64::from(at) / 4_294_967_296.0 * TAU - TAU / 4.0
}

impl<'a> Drawing<'a> {
    pub(super) fn new(sheet: &'a Sheet, ring: &'a Ring) -> Self {
        let (width, height) = (sheet.width, sheet.height);
        Drawing {
            sheet,
            ring,
            centre: (width / 2.0, height / 2.0),
            radius: (width.min(height) / 2.0 - ROOM).max(30.0),
        }
    }

    fn place(&self, angle: f64, radius: f64) -> Point {
        (
            self.centre.0 + radius * angle.cos(),
            self.centre.1 + radius * angle.sin(),
        )
    }

    /// The middle of the band.
    fn band(&self) -> f64 {
        self.radius - BAND / 2.0
    }

    /// Where a key lies: below the band, deeper where there are many, so that they do not all lie on each other.
    fn key_place(&self, key: &DialKey) -> Point {
        let top = self.radius - BAND - BEFORE - 8.0;
        let deep = match self.ring.dial.keys.len() {
            0..=60 => 0.0,
            61..=400 => 26.0,
            _ => 0.45 * self.radius,
        };
        let depth = f64::from(key.at.wrapping_mul(2_654_435_769) >> 16) / 65_536.0 * deep;
        self.place(angle(key.at), top - depth)
    }

    /// Where those stand who are not on the circle: in a row, in its middle.
    fn aside(&self) -> Vec<(usize, Point)> {
        let nodes = self.ring.nodes.iter().enumerate();
        let off: Vec<usize> = nodes
            .filter(|(_, node)| !node.on)
            .map(|(at, _)| at)
            .collect();
        let count = off.len() as f64;
        let place = |(i, at): (usize, usize)| {
            let shift = (i as f64 - (count - 1.0) / 2.0) * (2.0 * ASIDE + 6.0);
            (at, (self.centre.0 + shift, self.centre.1))
        };
        off.into_iter().enumerate().map(place).collect()
    }

    pub(super) fn hit(&self, (x, y): Point) -> Hit {
        let (dx, dy) = (x - self.centre.0, y - self.centre.1);
        let distance = (dx * dx + dy * dy).sqrt();
        let near = |(px, py): Point, within: f64| {
            let (dx, dy) = (x - px, y - py);
            dx * dx + dy * dy <= within * within
        };
        let aside = self.aside();
        let mut node = aside
            .iter()
            .find(|(_, at)| near(*at, ASIDE))
            .map(|(node, _)| *node);
        if (distance - self.band()).abs() <= BAND / 2.0 + 2.0 {
            let turn = (dy.atan2(dx) + TAU / 4.0).rem_euclid(TAU) / TAU;
            let at = (turn * 4_294_967_296.0) as u32;
            let arc = self.ring.dial.arc_at(at);
            node = arc.map(|arc| usize::from(self.ring.dial.arcs[arc].owner));
        }
        let keys = self.ring.dial.keys.iter();
        Hit {
            node,
            key: keys.clone().position(|key| near(self.key_place(key), 5.0)),
            on_circle: (distance - self.band()).abs() <= BAND + 12.0,
        }
    }

    /// The circle with all that lies on it.
    pub(super) fn draw(&self, selected: Option<NodeId>) {
        let palette = Palette::read();
        self.sheet.clear();
        let dial = &self.ring.dial;
        let below = self.radius - BAND - BEFORE / 2.0 - 2.0;
        if dial.before != dial.arcs {
            self.draw_arcs(&dial.before, below, BEFORE, &|_| 0.75);
        }
        let faint = |node: usize| match self.ring.nodes.get(node) {
            Some(node) if node.faint => 0.25,
            Some(node) if selected.is_some() && selected != Some(node.node) => 0.55,
            Some(_) | None => 1.0,
        };
        self.draw_arcs(&dial.arcs, self.band(), BAND, &faint);
        self.draw_lines(&palette);
        self.draw_names(&palette);
        self.draw_keys(&palette);
        self.draw_aside(&palette);
    }

    /// One of the keys, and its way to its nodes.
    pub(super) fn point_out(&self, key: Option<usize>) {
        self.sheet.clear();
        if let Some(key) = key.and_then(|at| self.ring.dial.keys.get(at)) {
            self.draw_walk(key, &Palette::read());
        }
    }

    /// Those of a list that belong to each node, by the node's number. To go through the list once for each node
    /// would take a hundred times as long.
    fn by_owner<T>(&self, all: impl Iterator<Item = (Option<u16>, T)>) -> Vec<Vec<T>> {
        let mut sorted: Vec<Vec<T>> = self.ring.nodes.iter().map(|_| Vec::new()).collect();
        for (owner, one) in all {
            if let Some(of) = owner.and_then(|owner| sorted.get_mut(usize::from(owner))) {
                of.push(one);
            }
        }
        sorted
    }

    /// All stretches of a node in one path: to change a colour costs more than to draw with it.
    fn draw_arcs(&self, arcs: &[DialArc], radius: f64, wide: f64, alpha: &dyn Fn(usize) -> f64) {
        let ctx = &self.sheet.ctx;
        ctx.set_line_width(wide);
        let Some(last) = arcs.last() else { return };
        let begins = std::iter::once(last).chain(arcs).map(|arc| arc.end);
        let stretches = arcs.iter().zip(begins);
        let of = self.by_owner(stretches.map(|(arc, from)| (Some(arc.owner), (from, *arc))));
        for (node, stretches) in of.into_iter().enumerate() {
            ctx.begin_path();
            for (from, arc) in stretches {
                let start = angle(from);
                let mut end = angle(arc.end);
                if end <= start && (from != arc.end || arcs.len() == 1) {
                    end += TAU;
                }
                let (x, y) = self.place(start, radius);
                ctx.move_to(x, y);
                let _ = ctx.arc(self.centre.0, self.centre.1, radius, start, end);
            }
            ctx.set_global_alpha(alpha(node));
            ctx.set_stroke_style_str(&colour(node as u16));
            ctx.stroke();
        }
        ctx.set_global_alpha(1.0);
    }

    /// A line where each point is.
    fn draw_lines(&self, palette: &Palette) {
        let arcs = &self.ring.dial.arcs;
        if arcs.len() > LINES {
            return;
        }
        let ctx = &self.sheet.ctx;
        ctx.set_stroke_style_str(&palette.card);
        ctx.set_line_width(1.2);
        for arc in arcs {
            let at = angle(arc.end);
            let (low, high) = (self.radius - BAND, self.radius + 3.0);
            self.sheet
                .stroke_line(self.place(at, low), self.place(at, high));
        }
    }

    /// A name in the longest stretch of each node, where there is room for it.
    fn draw_names(&self, palette: &Palette) {
        let arcs = &self.ring.dial.arcs;
        let Some(last) = arcs.last() else { return };
        let mut longest: Vec<(u32, u32)> = vec![(0, 0); self.ring.nodes.len()];
        let mut begin = last.end;
        for arc in arcs {
            let length = arc.end.wrapping_sub(begin);
            if let Some(place) = longest.get_mut(usize::from(arc.owner))
                && length > place.0
            {
                *place = (length, begin.wrapping_add(length / 2));
            }
            begin = arc.end;
        }
        let ctx = &self.sheet.ctx;
        ctx.set_font(&format!("700 12px {}", palette.sans));
        ctx.set_text_align("center");
        ctx.set_fill_style_str("#fff");
        for (node, (length, middle)) in self.ring.nodes.iter().zip(longest) {
            let room = f64::from(length) / 4_294_967_296.0 * TAU * self.band();
            if room >= 22.0 {
                let (x, y) = self.place(angle(middle), self.band());
                let _ = ctx.fill_text(&node.name, x, y + 4.0);
            }
        }
    }

    /// Those that moved are large, with the colour that they had before round them.
    fn draw_keys(&self, palette: &Palette) {
        let (ctx, keys) = (&self.sheet.ctx, &self.ring.dial.keys);
        let (small, large) = if keys.len() > 400 {
            (1.2, 2.2)
        } else {
            (2.6, 4.2)
        };
        let any = keys.iter().any(|key| key.was.is_some());
        let of = self.by_owner(keys.iter().map(|key| (key.owners.first().copied(), key)));
        for (node, keys_of) in of.into_iter().enumerate() {
            ctx.set_fill_style_str(&colour(node as u16));
            let mut alpha = -1.0;
            for key in keys_of {
                let (x, y) = self.key_place(key);
                let moved = key.was.is_some();
                let wanted = if any && !moved { 0.4 } else { 1.0 };
                if alpha != wanted {
                    alpha = wanted;
                    ctx.set_global_alpha(alpha);
                }
                let size = if moved { large } else { small };
                if size < 2.0 {
                    ctx.fill_rect(x - size, y - size, 2.0 * size, 2.0 * size);
                    continue;
                }
                self.sheet.circle((x, y), size);
                ctx.fill();
                if let Some(was) = key.was.filter(|_| keys.len() <= 400) {
                    ctx.set_stroke_style_str(&colour(was));
                    ctx.set_line_width(2.2);
                    self.sheet.circle((x, y), size + 2.4);
                    ctx.stroke();
                }
            }
        }
        ctx.set_global_alpha(1.0);
        // A key of nobody.
        ctx.set_fill_style_str(&palette.bad);
        for key in keys.iter().filter(|key| key.owners.is_empty()) {
            self.sheet.circle(self.key_place(key), large);
            ctx.fill();
        }
    }

    fn draw_aside(&self, palette: &Palette) {
        let ctx = &self.sheet.ctx;
        ctx.set_font(&format!("700 12px {}", palette.sans));
        ctx.set_text_align("center");
        for (node, at) in self.aside() {
            ctx.set_fill_style_str(&palette.card);
            ctx.set_stroke_style_str(&colour(node as u16));
            ctx.set_line_width(2.2);
            self.sheet.dash(&[4.0, 3.0]);
            self.sheet.circle(at, ASIDE);
            ctx.fill();
            ctx.stroke();
            self.sheet.dash(&[]);
            ctx.set_fill_style_str(&palette.ink);
            let _ = ctx.fill_text(&self.ring.nodes[node].name, at.0, at.1 + 4.0);
        }
    }

    /// From the key out to the circle and along it, to the next nodes that differ: one, two, three.
    fn draw_walk(&self, key: &DialKey, palette: &Palette) {
        let ctx = &self.sheet.ctx;
        let (start, out) = (angle(key.at), self.radius + 7.0);
        let at = self.key_place(key);
        ctx.set_stroke_style_str(&palette.ink);
        ctx.set_line_width(1.8);
        self.sheet.circle(at, 6.5);
        ctx.stroke();
        let steps = self.ring.dial.walk(key);
        if let Some((last, _)) = steps.last() {
            self.sheet.stroke_line(at, self.place(start, out));
            let mut end = angle(last.end);
            if end < start {
                end += TAU;
            }
            ctx.begin_path();
            let _ = ctx.arc(self.centre.0, self.centre.1, out, start, end);
            ctx.stroke();
        }
        ctx.set_font(&format!("700 11px {}", palette.sans));
        ctx.set_text_align("center");
        let mut number = 0;
        // Those that lie close together stand beside each other along the circle, in their order, each with a
        // line to its place.
        let (mut free, apart) = (start - TAU, 2.0 * SIGN / out);
        for (arc, counts) in steps {
            let mut end = angle(arc.end);
            while end < start {
                end += TAU;
            }
            let at = if counts { end.max(free) } else { end };
            if counts {
                free = at + apart;
            }
            let (x, y) = self.place(at, out);
            if at > end {
                self.sheet.stroke_line(self.place(end, self.radius), (x, y));
            }
            self.sheet.circle((x, y), if counts { SIGN } else { 3.5 });
            ctx.set_fill_style_str(&if counts {
                colour(arc.owner)
            } else {
                palette.card.clone()
            });
            ctx.fill();
            ctx.stroke();
            if counts {
                number += 1;
                ctx.set_fill_style_str("#fff");
                let _ = ctx.fill_text(&fixed(f64::from(number), 0), x, y + 4.0);
            }
        }
        ctx.set_fill_style_str(&palette.ink);
        let name = key.name.to_string();
        self.sheet
            .halo_text(&name, (at.0, at.1 - 10.0), &palette.card);
    }
}
