//! Where things are on the stage, in pixels.

use crate::view::Scene;

/// A point on the sheet, in CSS pixels.
pub(in crate::ui) type Point = (f64, f64);

/// How the stage's unit square lies on the sheet.
#[derive(Copy, Clone, PartialEq, Debug, Default)]
pub(super) struct Geometry {
    centre: Point,
    scale: Point,
    /// The radius of a node.
    pub(super) radius: f64,
    /// The whole sheet.
    pub(super) size: Point,
}

impl Geometry {
    /// The largest radius of a node.
    const LARGEST: f64 = 44.0;
    /// Above this radius a node has its words; below it, only its name or nothing.
    pub(super) const WORDY: f64 = 17.0;

    /// A place for the whole scene, with room for the words under each node.
    pub(super) fn of((width, height): Point, scene: &Scene) -> Self {
        let size = (width, height);
        let (left, right) = (8.0, 8.0);
        let guess = (height * 0.085).min(width * 0.085).clamp(4.0, Self::LARGEST);
        let many = scene.nodes.len() > 24;
        let (above, below) = if many {
            (14.0, 58.0)
        } else {
            (guess + 14.0, guess + 84.0)
        };
        let side = if many { 14.0 } else { guess + 26.0 };
        let half = |room: f64| (room / 2.0).max(20.0);
        let scale_x = half(width - left - right - 2.0 * side);
        let scale_y = half(height - above - below);
        // A circle may be an ellipse, but not a slit.
        let scale = (scale_x.min(scale_y * 1.5), scale_y.min(scale_x * 1.5));
        let centre = (
            left + (width - left - right) / 2.0,
            above + (height - above - below) / 2.0,
        );
        let mut geometry = Geometry {
            centre,
            scale,
            radius: guess,
            size,
        };
        geometry.radius = guess.min(geometry.nearest(scene) * 0.36).max(3.5);
        geometry
    }

    /// The least distance between two nodes.
    fn nearest(&self, scene: &Scene) -> f64 {
        let places: Vec<Point> = scene.nodes.iter().map(|card| self.place(card.at)).collect();
        let mut least = f64::INFINITY;
        for (i, a) in places.iter().enumerate() {
            for b in &places[i + 1..] {
                least = least.min((a.0 - b.0).hypot(a.1 - b.1));
            }
        }
        least
    }

    /// The pixel of a place on the stage.
    pub(super) fn place(&self, (x, y): Point) -> Point {
        (self.centre.0 + x * self.scale.0, self.centre.1 + y * self.scale.1)
    }
}

/// The point at a share of the way.
pub(super) fn between(a: Point, b: Point, share: f64) -> Point {
    (a.0 + (b.0 - a.0) * share, a.1 + (b.1 - a.1) * share)
}

/// The way from rim to rim of two nodes, and the direction, as a unit vector.
pub(super) fn rims(a: Point, b: Point, radius: f64) -> (Point, Point, Point) {
    let (dx, dy) = (b.0 - a.0, b.1 - a.1);
    let length = dx.hypot(dy).max(1.0);
    let (ux, uy) = (dx / length, dy / length);
    let from = (a.0 + ux * radius, a.1 + uy * radius);
    let to = (b.0 - ux * radius, b.1 - uy * radius);
    (from, to, (ux, uy))
}

/// How far a point is from a line between two others.
pub(in crate::ui) fn distance_to_line(point: Point, a: Point, b: Point) -> f64 {
    let (dx, dy) = (b.0 - a.0, b.1 - a.1);
    let square = (dx * dx + dy * dy).max(1e-9);
    let share = ((point.0 - a.0) * dx + (point.1 - a.1) * dy) / square;
    let nearest = between(a, b, share.clamp(0.0, 1.0));
    (point.0 - nearest.0).hypot(point.1 - nearest.1)
}

/// On which side of a drawn line each point is. The line's ends are drawn on to far outside.
/// `None` where the line is too short to mean anything.
pub(super) fn sides(line: &[Point], points: &[Point]) -> Option<Vec<bool>> {
    let (first, last) = (*line.first()?, *line.last()?);
    let (dx, dy) = (last.0 - first.0, last.1 - first.1);
    let length = dx.hypot(dy);
    if length < 24.0 {
        return None;
    }
    let (ux, uy) = (dx / length * 1e4, dy / length * 1e4);
    let mut whole = vec![(first.0 - ux, first.1 - uy)];
    whole.extend_from_slice(line);
    whole.push((last.0 + ux, last.1 + uy));
    // From each point a ray across the line: an odd number of crossings is the one side.
    let side = |point: &Point| {
        let far = (point.0 - uy, point.1 + ux);
        let crossings = whole
            .windows(2)
            .filter(|pair| cross(*point, far, pair[0], pair[1]));
        crossings.count() % 2 == 1
    };
    Some(points.iter().map(side).collect())
}

/// Whether the lines a–b and c–d cross.
fn cross(a: Point, b: Point, c: Point, d: Point) -> bool {
    let turn = |p: Point, q: Point, r: Point| {
        (q.0 - p.0) * (r.1 - p.1) - (q.1 - p.1) * (r.0 - p.0) > 0.0
    };
    turn(a, b, c) != turn(a, b, d) && turn(c, d, a) != turn(c, d, b)
}
