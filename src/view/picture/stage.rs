//! Draws the stage: links, walls, nodes, and what is on its way between them.

use super::svg::{Font, Point, Svg, cross, line, num, palette, tone};
use crate::engine::NodeId;
use crate::lab::{Dictionary, Names, Phrase};
use crate::sim::{Flight, NodeKind, Status, World};
use crate::view::caption::{Outline, size_within};
use crate::view::{Chip, NodeCard, Plugin, Scene, Shape, walls};
use std::fmt::Write;

/// Above this many nodes they are dots, and their words are left out.
const MANY: usize = 24;
/// Above this many messages under way they have no words.
const MOST_LABELS: usize = 24;
/// How far a lost message comes.
const LOST_SHARE: f64 = 0.5;

/// How far within its ring the second one of a node is that has two.
const SECOND: f64 = 7.0;

/// From the middle of the node at the side to the edge.
const BESIDE: f64 = 48.0;

/// How high the card is that the stage needs.
pub(super) fn height(scene: &Scene) -> f64 {
    if scene.nodes.len() > 12 { 720.0 } else { 520.0 }
}

/// One moment of the stage.
pub(super) struct Frame<'a> {
    pub(super) world: &'a World,
    pub(super) scene: &'a Scene,
    pub(super) plugin: &'a dyn Plugin,
    pub(super) names: &'a Names,
    pub(super) words: &'a Dictionary,
    pub(super) centre: Point,
}

impl Frame<'_> {
    pub(super) fn draw(&self, svg: &mut Svg) {
        self.links(svg);
        self.walls(svg);
        for card in &self.scene.nodes {
            self.body(svg, card);
        }
        if !self.many() {
            for card in &self.scene.nodes {
                self.node_words(svg, card);
            }
        }
        self.flights(svg);
    }

    fn many(&self) -> bool {
        self.scene.nodes.len() > MANY
    }

    fn radius(&self) -> f64 {
        match self.scene.nodes.len() {
            0..=9 => 38.0,
            10..=12 => 30.0,
            13..=MANY => 22.0,
            _ => 7.0,
        }
    }

    fn place(&self, at: Point) -> Point {
        let scale = height(self.scene) / 2.0 - 52.0;
        let (x, y) = self.centre;
        let far = |far: f64, card: &NodeCard| far.max(card.at.0.abs());
        let widest = self.scene.nodes.iter().fold(1.0, far);
        // As wide as it may be with whole nodes at both sides.
        let wide = (scale * 1.6).min((x - BESIDE) / widest);
        (x + at.0 * wide, y - 14.0 + at.1 * scale)
    }

    fn node(&self, node: NodeId) -> Point {
        self.place(self.scene.place(node))
    }

    fn links(&self, svg: &mut Svg) {
        let net = self.world.net();
        let (mut whole, mut cut) = (String::new(), String::new());
        for (a, b) in &self.scene.links {
            let passes = !net.is_cut(*a, *b) && !net.is_cut(*b, *a);
            let path = if passes { &mut whole } else { &mut cut };
            line(path, self.node(*a), self.node(*b));
        }
        let stroke = format!("stroke=\"{}\" stroke-width=\"1.5\"", palette::LINE);
        svg.path(&whole, &stroke);
        svg.path(&cut, &format!("{stroke} stroke-dasharray=\"2 7\""));
    }

    /// Walls; a cut that no wall shows is a cross on its link.
    fn walls(&self, svg: &mut Svg) {
        let walls = walls(self.world, self.scene);
        for wall in &walls {
            let points: Vec<Point> = wall.points.iter().map(|at| self.place(*at)).collect();
            let path = smooth(&points);
            let stroke = format!(
                "fill=\"none\" stroke=\"{}\" stroke-linecap=\"round\"",
                palette::BAD
            );
            svg.path(
                &path,
                &format!("{stroke} stroke-width=\"8\" opacity=\"0.16\""),
            );
            let dashes = "stroke-width=\"2\" stroke-dasharray=\"7 6\"";
            svg.path(&path, &format!("{stroke} {dashes}"));
        }
        if !walls.is_empty() {
            return;
        }
        let net = self.world.net();
        let mut crosses = String::new();
        for (from, to) in net.cuts() {
            let share = if net.is_cut(*to, *from) { 0.5 } else { 0.72 };
            let at = between(self.node(*from), self.node(*to), share);
            cross(&mut crosses, at, 6.0);
        }
        let style = format!("stroke=\"{}\" stroke-width=\"2.5\"", palette::BAD);
        svg.path(&crosses, &style);
    }

    fn colour(card: &NodeCard) -> &'static str {
        match card.status {
            Status::Up => tone(card.role.tone),
            Status::Paused if card.sleeps_in_charge() => tone(card.role.tone),
            Status::Paused => palette::SOFT,
            Status::Down => palette::LINE2,
        }
    }

    fn body(&self, svg: &mut Svg, card: &NodeCard) {
        let (at, radius) = (self.place(card.at), self.radius());
        let up = card.status == Status::Up;
        let lead = up && matches!(card.role.shape, Shape::Star | Shape::Eye);
        let width = if lead && !self.many() { "4.5" } else { "2.2" };
        let dashes = match (card.status, card.role.shape) {
            (Status::Up, Shape::Diamond) => " stroke-dasharray=\"9 5\"",
            (Status::Paused, _) => " stroke-dasharray=\"2 4\"",
            (Status::Up | Status::Down, _) => "",
        };
        let fill = if card.status == Status::Down {
            palette::LINE
        } else {
            palette::CARD
        };
        let colour = Self::colour(card);
        let style = format!("fill=\"{fill}\" stroke=\"{colour}\" stroke-width=\"{width}\"{dashes}");
        if is_box(card) {
            let (half, high) = (radius * 0.95, radius * 0.66);
            let corner = (at.0 - half, at.1 - high);
            let style = format!("rx=\"8\" {style}");
            svg.rect(corner, (2.0 * half, 2.0 * high), &style);
            return;
        }
        svg.circle(at, radius, &style);
        if up && card.role.shape == Shape::Star && !self.many() {
            let inner = format!("fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.4\"");
            svg.circle(at, radius - SECOND, &inner);
        }
        self.countdown(svg, card, at);
    }

    /// What is left of the countdown, as an arc that begins on top.
    fn countdown(&self, svg: &mut Svg, card: &NodeCard, (x, y): Point) {
        let Some(arc) = card
            .arc
            .filter(|_| card.status == Status::Up && !self.many())
        else {
            return;
        };
        let whole = (arc.to - arc.from).0.max(1) as f64;
        let left = ((arc.to - self.world.now()).0 as f64 / whole).clamp(0.0, 0.999);
        let radius = self.radius() + 7.0;
        let turn = std::f64::consts::TAU * left;
        let (x2, y2) = (x + radius * turn.sin(), y - radius * turn.cos());
        let large = u8::from(left > 0.5);
        let [x, y, x2, y2, radius] = [x, y - radius, x2, y2, radius].map(num);
        let path = format!("M{x} {y}A{radius} {radius} 0 {large} 1 {x2} {y2}");
        let style = format!(
            "fill=\"none\" stroke=\"{}\" stroke-width=\"4\" opacity=\"0.6\" stroke-linecap=\"round\"",
            Self::colour(card)
        );
        svg.path(&path, &style);
    }

    fn node_words(&self, svg: &mut Svg, card: &NodeCard) {
        let ((x, y), radius) = (self.place(card.at), self.radius());
        let size = (radius * 0.48).clamp(10.0, 18.0);
        let drop = if card.caption.is_empty() { 0.36 } else { 0.0 };
        let font = Font::new(size).bold().middle();
        svg.words(&card.name, (x, y + size * drop), &font, palette::INK);
        if !card.caption.is_empty() {
            let drop = 0.95 / 0.68;
            let small = size_within(&card.caption, size * 0.68, drop, self.inside(card));
            let font = Font::new(small).middle();
            svg.words(&card.caption, (x, y + small * drop), &font, palette::SOFT);
        }
        let role = || self.words.text(&format!("role.{}", card.role.key));
        let word = match card.status {
            Status::Up => role(),
            Status::Paused if card.sleeps_in_charge() => {
                let phrase = Phrase::new("picture.paused-as").with("role", role());
                self.words.say(&phrase)
            }
            Status::Paused => self.words.text("picture.paused"),
            Status::Down => self.words.text("picture.down"),
        };
        let low = if is_box(card) { radius * 0.66 } else { radius };
        let font = Font::new(12.0).bold().middle();
        let text = format!("{}{word}", sign(card));
        let colour = if card.status == Status::Up || card.sleeps_in_charge() {
            Self::colour(card)
        } else {
            palette::SOFT
        };
        svg.words(&text, (x, y + low + 20.0), &font, colour);
        if self.scene.queues_beside {
            let first = &card.chips[..card.chips.len().min(8)];
            let middle = x + radius + 12.0 + first.len() as f64 * 7.0;
            self.chips(svg, first, (middle, y - 5.0));
        } else {
            self.chips(svg, &card.chips, (x, y + low + 27.0));
        }
    }

    /// What is free of lines within a node.
    fn inside(&self, card: &NodeCard) -> Outline {
        let radius = self.radius();
        match (is_box(card), card.status, card.role.shape) {
            (true, _, _) => Outline::Box(radius * 0.95 - 1.1),
            (false, Status::Up, Shape::Star) => Outline::Circle(radius - SECOND - 0.7),
            (false, _, _) => Outline::Circle(radius - 2.2),
        }
    }

    /// The last entries of a log: solid is settled, dashed is not, a thin edge below is on disk.
    fn chips(&self, svg: &mut Svg, chips: &[Chip], (x, y): Point) {
        let left = x - chips.len() as f64 * 7.0 + 1.0;
        for (i, chip) in chips.iter().enumerate() {
            let at = (left + i as f64 * 14.0, y);
            let hue =
                palette::HUES[(chip.hue.wrapping_sub(1) % palette::HUES.len() as u64) as usize];
            let edge = if chip.solid {
                String::new()
            } else {
                format!(" stroke=\"{}\" stroke-dasharray=\"2.5 2\"", palette::SOFT)
            };
            svg.rect(at, (12.0, 9.0), &format!("rx=\"2\" fill=\"{hue}\"{edge}"));
            if chip.durable {
                let style = format!("fill=\"{}\"", palette::SOFT);
                svg.rect((at.0, y + 10.0), (12.0, 1.5), &style);
            }
        }
    }

    fn flights(&self, svg: &mut Svg) {
        let flights = super::flights(self.world);
        let labels = flights.len() <= MOST_LABELS && !self.many();
        for flight in flights {
            self.flight(svg, flight, labels);
        }
    }

    fn flight(&self, svg: &mut Svg, flight: &Flight, label: bool) {
        let (name, sent) = (flight.letter.name, flight.letter.sent_at);
        let (a, b) = (self.node(name.from), self.node(name.to));
        let length = (b.0 - a.0).hypot(b.1 - a.1);
        if length < 1.0 {
            return;
        }
        let rim = (self.radius() / length).min(0.4);
        let done = if flight.held {
            0.5
        } else {
            let took = (flight.due - sent).0.max(1) as f64;
            ((self.world.now() - sent).0 as f64 / took).min(1.0)
        };
        let share = if flight.fate.is_some() {
            LOST_SHARE
        } else {
            1.0
        };
        let (x, y) = between(a, b, rim + done * share * (1.0 - 2.0 * rim));
        let (dx, dy) = ((b.0 - a.0) / length, (b.1 - a.1) / length);
        let corner = |along: f64, across: f64| {
            let [x, y] = [x + dx * along - dy * across, y + dy * along + dx * across].map(num);
            format!("{x} {y}")
        };
        let (tip, left, right) = (corner(8.0, 0.0), corner(-6.0, 6.0), corner(-6.0, -6.0));
        let colour = tone(self.plugin.message_tone(name.kind));
        let path = format!("M{tip}L{left}L{right}Z");
        svg.path(&path, &format!("fill=\"{colour}\""));
        if label {
            let parcel = &*flight.letter.parcel;
            let text = self.plugin.message_label(parcel, self.names);
            let font = Font::new(11.0);
            svg.words(&text, (x + 10.0, y - 8.0), &font, palette::SOFT);
        }
    }
}

/// The sign that goes before a role's word.
fn sign(card: &NodeCard) -> &'static str {
    match (card.status, card.role.shape) {
        (Status::Down, _) => "\u{2715} ",
        (Status::Paused, _) => "\u{2016} ",
        (Status::Up, Shape::Star) => "\u{2605} ",
        (Status::Up, Shape::Diamond) => "\u{25c7} ",
        (Status::Up, Shape::Eye) => "\u{25c9} ",
        (Status::Up, Shape::Plain | Shape::Box | Shape::Cell) => "",
    }
}

fn is_box(card: &NodeCard) -> bool {
    matches!(card.role.shape, Shape::Box | Shape::Cell) || card.kind == NodeKind::Client
}

fn between(a: Point, b: Point, part: f64) -> Point {
    (a.0 + (b.0 - a.0) * part, a.1 + (b.1 - a.1) * part)
}

/// A smooth line through points.
fn smooth(points: &[Point]) -> String {
    let [first, middle @ .., last] = points else {
        return String::new();
    };
    let mut path = format!("M{} {}", num(first.0), num(first.1));
    for (i, at) in middle.iter().enumerate() {
        let end = if i + 1 == middle.len() {
            *last
        } else {
            between(*at, points[i + 2], 0.5)
        };
        let [x, y, x2, y2] = [at.0, at.1, end.0, end.1].map(num);
        let _ = write!(path, "Q{x} {y} {x2} {y2}");
    }
    if middle.is_empty() {
        let _ = write!(path, "L{} {}", num(last.0), num(last.1));
    }
    path
}
