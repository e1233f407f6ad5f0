//! Where things are on the stage, in pixels.

use crate::engine::sorting;
use crate::sim::World;
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
    /// How wide a queue beside a node may be; nothing where none stands there.
    pub(super) queue: f64,
    /// The whole sheet.
    pub(super) size: Point,
}

impl Geometry {
    /// The largest radius of a node.
    const LARGEST: f64 = 44.0;
    /// Above this radius a node has its words; below it, only its name or nothing.
    pub(super) const WORDY: f64 = 17.0;

    /// So much a word under a node takes, with the rims of the node and of the one below it.
    const WORD: f64 = 32.0;

    /// Of more nodes the outermost stand closer to the rim.
    const MANY: usize = 24;

    /// So far from it, where they are small.
    const RIM: f64 = 18.0;

    /// Half the side of a cell, by the radius of a node.
    pub(super) const CELL: f64 = 1.15;

    /// On a sheet that is lower than this there is no line at the foot.
    pub(super) const LOW: f64 = 180.0;

    /// A place for the whole scene, with room for the words under each node and for the line at
    /// the foot. The nodes fill the sheet, whatever part of the unit square they use. On a low sheet
    /// that room is less, and what stands at the foot covers no node but by its rim.
    pub(super) fn of(size: Point, scene: &Scene, world: &World) -> Self {
        let geometry = Self::within(size, scene, world, Self::RIM);
        // What is drawn round the outermost places, cells above all, is not cut by the rim.
        let rim = geometry.radius * Self::CELL + 5.0;
        if rim > Self::RIM && scene.nodes.len() > Self::MANY {
            return Self::within(size, scene, world, rim);
        }
        geometry
    }

    fn within((width, height): Point, scene: &Scene, world: &World, rim: f64) -> Self {
        let size = (width, height);
        // Above the nodes stands which rules are off.
        let notice = if world.rules().all_on() {
            0.0
        } else {
            (height * 0.08).min(26.0)
        };
        // A low sheet gives more of its height to the nodes, so that they keep their words.
        let guess = (height * 0.088)
            .max(height * 0.06 + 9.0)
            .min(width * 0.085)
            .clamp(4.0, Self::LARGEST);
        let (above, below, side) = if scene.nodes.len() > Self::MANY {
            (rim - 2.0 + notice, 62.0, rim)
        } else {
            let head = (height * 0.055).clamp(9.0, 22.0);
            let words = (height * 0.13).clamp(26.0, 40.0);
            let foot = if height < Self::LOW {
                6.0
            } else {
                (height * 0.24 - 17.0).clamp(30.0, 84.0)
            };
            let side = (width * 0.06).clamp(20.0, 34.0);
            (guess + head + notice, guess + words + foot, guess + side)
        };
        let (low, high) = bounds(scene);
        let scale = |room: f64, low: f64, high: f64| room.max(40.0) / (high - low).max(0.5);
        let queue = if scene.queues_beside {
            (width * 0.15).clamp(34.0, 124.0)
        } else {
            0.0
        };
        let scale_x = scale(width - queue - 2.0 * side, low.0, high.0);
        let scale_y = scale(height - above - below, low.1, high.1);
        // A circle may be an ellipse, but not a slit; on a low sheet a longer one, so that words have room.
        let long = (1.6 + (340.0 - height) / 100.0).clamp(1.6, 2.6);
        let scale = (scale_x.min(scale_y * long), scale_y.min(scale_x * 1.6));
        let middle = ((low.0 + high.0) / 2.0, (low.1 + high.1) / 2.0);
        let centre = (
            (width - queue) / 2.0 - middle.0 * scale.0,
            above + (height - above - below) / 2.0 - middle.1 * scale.1,
        );
        let mut geometry = Geometry {
            centre,
            scale,
            radius: guess,
            queue,
            size,
        };
        // Words below need room, too.
        let near = if scene.queues_beside { 0.38 } else { 0.36 };
        geometry.radius = guess.min(geometry.nearest(scene) * near).max(3.5);
        if scene.nodes.len() <= Self::MANY && geometry.radius > Self::WORDY {
            let word = (geometry.least_drop(scene) - Self::WORD) / 2.0;
            geometry.radius = geometry.radius.min(word.max(Self::WORDY));
        }
        geometry
    }

    /// How far, at the least, a node stands below one that is above it, whose word is between them.
    fn least_drop(&self, scene: &Scene) -> f64 {
        let places: Vec<Point> = scene.nodes.iter().map(|card| self.place(card.at)).collect();
        let above = |a: &Point, b: &Point| (a.0 - b.0).abs() < 1.5 * self.radius && a.1 < b.1;
        let drops = places.iter().flat_map(|a| {
            let below = places.iter().filter(move |b| above(a, b));
            below.map(move |b| b.1 - a.1)
        });
        drops.fold(f64::INFINITY, f64::min)
    }

    /// The least distance between two nodes.
    fn nearest(&self, scene: &Scene) -> f64 {
        let mut places: Vec<Point> = scene.nodes.iter().map(|card| self.place(card.at)).collect();
        // From left to right: who is farther away in that direction alone is not the nearest.
        sorting::sort_by_key(&mut places, |place| place.0 as i64);
        let mut least = f64::INFINITY;
        for (i, a) in places.iter().enumerate() {
            let near = |b: &&Point| b.0 - a.0 < least + 1.0;
            let mut nearest = least;
            for b in places[i + 1..].iter().take_while(near) {
                nearest = nearest.min(length(a.0 - b.0, a.1 - b.1));
            }
            least = nearest;
        }
        least
    }

    /// The pixel of a place on the stage.
    pub(super) fn place(&self, (x, y): Point) -> Point {
        (
            self.centre.0 + x * self.scale.0,
            self.centre.1 + y * self.scale.1,
        )
    }
}

/// The least box round all nodes.
fn bounds(scene: &Scene) -> (Point, Point) {
    let far = f64::INFINITY;
    let places = scene.nodes.iter().map(|card| card.at);
    let (low, high) = places.fold(((far, far), (-far, -far)), |(low, high), (x, y)| {
        ((low.0.min(x), low.1.min(y)), (high.0.max(x), high.1.max(y)))
    });
    if low.0 > high.0 {
        return ((-1.0, -1.0), (1.0, 1.0));
    }
    (low, high)
}

/// The length of a line. Pixels need no `hypot`, which looks after the largest of numbers, too.
pub(super) fn length(dx: f64, dy: f64) -> f64 {
    (dx * dx + dy * dy).sqrt()
}

/// The point at a share of the way.
pub(super) fn between(a: Point, b: Point, share: f64) -> Point {
    (a.0 + (b.0 - a.0) * share, a.1 + (b.1 - a.1) * share)
}

/// The way from rim to rim of two nodes, and the direction, as a unit vector.
pub(super) fn rims(a: Point, b: Point, radius: f64) -> (Point, Point, Point) {
    let (dx, dy) = (b.0 - a.0, b.1 - a.1);
    let long = length(dx, dy).max(1.0);
    let (ux, uy) = (dx / long, dy / long);
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
    length(point.0 - nearest.0, point.1 - nearest.1)
}

/// On which side of a drawn line each point is. The line's ends are drawn on to far outside.
/// `None` where the line is too short to mean anything.
pub(super) fn sides(line: &[Point], points: &[Point]) -> Option<Vec<bool>> {
    let (first, last) = (*line.first()?, *line.last()?);
    let (dx, dy) = (last.0 - first.0, last.1 - first.1);
    let long = length(dx, dy);
    if long < 24.0 {
        return None;
    }
    let (ux, uy) = (dx / long * 1e4, dy / long * 1e4);
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
    let turn =
        |p: Point, q: Point, r: Point| (q.0 - p.0) * (r.1 - p.1) - (q.1 - p.1) * (r.0 - p.0) > 0.0;
    turn(a, b, c) != turn(a, b, d) && turn(c, d, a) != turn(c, d, b)
}
