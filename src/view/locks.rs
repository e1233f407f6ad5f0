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

/// Where a node stands by its place: first servers, on a small circle, then the resource, under them,
/// then clients, right and left from top down.
#[must_use]
pub fn around_service(i: usize, (servers, clients): (usize, usize)) -> (f64, f64) {
    if i < servers {
        let (x, y) = circle(i, servers, 0.5);
        return (x * 1.25, y - 0.28);
    }
    if i == servers {
        return (0.0, 0.82);
    }
    let client = i - servers - 1;
    let side = if client.is_multiple_of(2) { 1.0 } else { -1.0 };
    let rows = clients.div_ceil(2).max(1) as f64;
    let row = (client / 2) as f64;
    let y = if rows > 1.0 {
        // Their links to the resource pass below the servers.
        -0.5 + 1.3 * row / (rows - 1.0)
    } else {
        -0.3
    };
    (side * 1.3, y)
}
