//! What the pictures of several labs of locks draw in the same way.

use super::panel::GaugeRow;
use super::scene::{Arc, Role, Shape, Tone, circle};
use crate::lab::Names;
use crate::lab::locks::Arrival;
use crate::sim::Cell;

/// A role, by its key, its colour and its sign.
#[must_use]
pub const fn role(key: &'static str, tone: Tone, shape: Shape) -> Role {
    Role { key, tone, shape }
}

/// The countdown of the first of these timers of a node that is set.
#[must_use]
pub fn countdown(cell: &Cell, timers: &[u16]) -> Option<Arc> {
    let view = cell.timers().find(|view| timers.contains(&view.timer.0))?;
    Some(Arc {
        from: view.set_at,
        to: view.deadline,
    })
}

/// What came to a resource, each write marked that was accepted after one with a higher number.
#[must_use]
pub fn gauge_rows(arrivals: &[Arrival], names: &Names) -> Vec<GaugeRow> {
    let mut highest = 0;
    let row = |arrival: &Arrival| {
        let number = arrival.attempt.number;
        let wrong = arrival.accepted && number.is_some_and(|number| number < highest);
        if arrival.accepted {
            highest = highest.max(number.unwrap_or(0));
        }
        GaugeRow {
            who: names.node(arrival.attempt.writer).to_owned(),
            number,
            passed: arrival.accepted,
            wrong,
        }
    };
    arrivals.iter().map(row).collect()
}

/// How far clients that stand below each other are apart, where there is room.
const ROW: f64 = 0.62;
/// Where the lowest of them stand.
const LOWEST: f64 = 0.82;

/// Where a node stands by its place: first servers, on a small circle, then the resource, under them,
/// then clients, right and left from top down. They stand as low as they can, so that no line to the
/// resource passes through a server.
#[must_use]
pub fn around_service(i: usize, (servers, clients): (usize, usize)) -> (f64, f64) {
    if i < servers {
        let (x, y) = circle(i, servers, 1.0);
        return (x * 0.55, y * 0.47 - 0.36);
    }
    if i == servers {
        return (0.0, 0.85);
    }
    let client = i - servers - 1;
    let side = if client.is_multiple_of(2) { 1.0 } else { -1.0 };
    let below = (clients.div_ceil(2).max(1) - 1) as f64;
    let row = (client / 2) as f64;
    let y = if below > 0.0 {
        LOWEST - ROW.min(1.4 / below) * (below - row)
    } else {
        0.25
    };
    (side * 1.3, y)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How far a point is from the line between two others.
    fn distance(point: (f64, f64), from: (f64, f64), to: (f64, f64)) -> f64 {
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let along = (point.0 - from.0) * dx + (point.1 - from.1) * dy;
        let share = (along / (dx * dx + dy * dy)).clamp(0.0, 1.0);
        let (x, y) = (from.0 + share * dx, from.1 + share * dy);
        ((point.0 - x).powi(2) + (point.1 - y).powi(2)).sqrt()
    }

    /// On a wide sheet, a square one and a tall one, in pixels: how long the unit is, how large a node.
    #[test]
    fn no_line_passes_through_a_third_node() {
        for (wide, high, largest) in [
            (205.0, 128.0, 32.0),
            (150.0, 150.0, 34.0),
            (92.0, 147.0, 30.0),
        ] {
            for (servers, clients) in (1..=7).flat_map(|s| (0..=8).map(move |c| (s, c))) {
                let place = |i| around_service(i, (servers, clients));
                let places = (0..=servers + clients).map(place);
                let places: Vec<_> = places.map(|(x, y)| (x * wide, y * high)).collect();
                let pairs = (0..places.len()).flat_map(|a| (0..a).map(move |b| (a, b)));
                let apart = pairs.map(|(a, b)| {
                    let (x, y) = (places[a].0 - places[b].0, places[a].1 - places[b].1);
                    (x * x + y * y).sqrt()
                });
                // As the page does, so that nodes do not touch.
                let nearest = apart.fold(f64::INFINITY, f64::min);
                let radius = f64::min(largest, 0.36 * nearest);
                let among = (0..servers).flat_map(|a| (0..a).map(move |b| (a, b)));
                let writes = (servers + 1..places.len()).map(|client| (servers, client));
                for (a, b) in among.chain(writes) {
                    let others = (0..places.len()).filter(|other| *other != a && *other != b);
                    for other in others {
                        let far = distance(places[other], places[a], places[b]);
                        assert!(
                            far > radius,
                            "{servers}, {clients}: {a}-{b} through {other}"
                        );
                    }
                }
            }
        }
    }
}
