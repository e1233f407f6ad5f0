//! The small pictures of the labs on the front page: what a lab's stage shows a moment after the start, as lines of
//! numbers. They are drawn natively and shipped as text (`tests/posters.rs`), so that the page needs no engine for them.

use super::plugin::Plugin;
use super::scene::{NodeCard, Scene, Shape, Tone};
use crate::lab::Lab;
use crate::sim::Status;
use std::fmt::Write;

/// So many events into the run with seed 1: enough for roles to be taken.
const EVENTS: usize = 240;
/// Of more nodes the links are not drawn.
const MANY: usize = 20;
/// The words for colours, in a thumbnail.
const TONES: [(Tone, &str); 6] = [
    (Tone::Neutral, "neutral"),
    (Tone::Lead, "lead"),
    (Tone::Try, "try"),
    (Tone::Good, "good"),
    (Tone::Bad, "bad"),
    (Tone::Guest, "guest"),
];

/// The picture of a lab. Its first line is `lab ID` with the frame; then each line is a link or a node:
/// `line X1 Y1 X2 Y2`, `box X Y WIDTH HEIGHT`, `star X Y OUTER INNER`, `dash X Y RADIUS` or `ring X Y RADIUS`, a node
/// with its colour behind it, and `dead` where it is down.
#[must_use]
pub fn thumbnail(plugin: &dyn Plugin) -> String {
    let lab: &dyn Lab = plugin;
    let mut world = lab.world(&lab.setup(1));
    for _ in 0..EVENTS {
        if !world.step() {
            break;
        }
    }
    let scene = plugin.scene(&world);
    let many = scene.nodes.len() > MANY;
    let radius = if many { 0.05 } else { radius(&scene) };
    let mut text = line(
        &format!("lab {}", lab.card().id),
        &frame(&scene, radius),
        "",
    );
    for (a, b) in scene.links.iter().filter(|_| !many) {
        let ((x1, y1), (x2, y2)) = (scene.place(*a), scene.place(*b));
        text += &line("line", &[x1, y1, x2, y2], "");
    }
    for card in &scene.nodes {
        text += &node(card, radius);
    }
    text
}

fn node(card: &NodeCard, radius: f64) -> String {
    let (x, y) = card.at;
    let tone = TONES.iter().find(|(tone, _)| *tone == card.role.tone);
    let mut last = tone.map_or("neutral", |(_, word)| word).to_owned();
    if card.status == Status::Down {
        last += " dead";
    }
    match card.role.shape {
        Shape::Box => line(
            "box",
            &[x - radius, y - radius * 0.6, radius * 2.0, radius * 1.2],
            &last,
        ),
        Shape::Star => line("star", &[x, y, radius, radius * 0.8], &last),
        Shape::Diamond => line("dash", &[x, y, radius], &last),
        Shape::Plain | Shape::Eye | Shape::Cell => line("ring", &[x, y, radius], &last),
    }
}

/// The colour of this word in a thumbnail.
#[must_use]
pub fn tone_of(word: &str) -> Tone {
    let found = TONES.iter().find(|(_, known)| *known == word);
    found.map_or(Tone::Neutral, |(tone, _)| *tone)
}

/// The lines of a lab among those of all labs: the frame, and the links and nodes.
#[must_use]
pub fn thumbnail_of<'a>(all: &'a str, id: &str) -> Option<(&'a str, Vec<&'a str>)> {
    let mut lines = all.lines();
    let frame = lines.find_map(|line| {
        line.strip_prefix("lab ")?
            .strip_prefix(id)?
            .strip_prefix(' ')
    })?;
    Some((
        frame,
        lines.take_while(|line| !line.starts_with("lab ")).collect(),
    ))
}

fn line(word: &str, numbers: &[f64], last: &str) -> String {
    let mut text = word.to_owned();
    for number in numbers {
        // Thousandths, without the zero that has a sign.
        let all = (number * 1000.0).round() as i64;
        let sign = if all < 0 { "-" } else { "" };
        let _ = write!(text, " {sign}{}.{:03}", all.abs() / 1000, all.abs() % 1000);
    }
    if !last.is_empty() {
        text = text + " " + last;
    }
    text + "\n"
}

/// How large a node may be, so that none touches the next.
fn radius(scene: &Scene) -> f64 {
    let mut radius = 0.19_f64;
    for (i, a) in scene.nodes.iter().enumerate() {
        for b in &scene.nodes[i + 1..] {
            let (dx, dy) = (a.at.0 - b.at.0, a.at.1 - b.at.1);
            radius = radius.min((dx * dx + dy * dy).sqrt() * 0.44);
        }
    }
    radius.max(0.05)
}

/// What is seen: the usual square with what stands beside it, and more where a lab has nodes outside.
fn frame(scene: &Scene, radius: f64) -> [f64; 4] {
    let rim = radius + 0.03;
    let (mut low, mut high) = ((-1.75_f64, -1.05_f64), (1.75_f64, 1.05_f64));
    for card in &scene.nodes {
        low = (low.0.min(card.at.0 - rim), low.1.min(card.at.1 - rim));
        high = (high.0.max(card.at.0 + rim), high.1.max(card.at.1 + rim));
    }
    [low.0, low.1, high.0 - low.0, high.1 - low.1]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lab_is_found_among_others() {
        let all = "lab raft-like 0 0 1 1\nring 1\nlab raft 0 0 2 2\nring 2\nline 3\nlab lock 0\n";
        let found = thumbnail_of(all, "raft");
        assert_eq!(found, Some(("0 0 2 2", vec!["ring 2", "line 3"])));
        assert_eq!(thumbnail_of(all, "none"), None);
    }

    #[test]
    fn numbers_are_thousandths() {
        assert_eq!(
            line("ring", &[-0.0004, -1.25, 2.0], "lead"),
            "ring 0.000 -1.250 2.000 lead\n"
        );
        assert_eq!(tone_of("try"), Tone::Try);
    }
}
