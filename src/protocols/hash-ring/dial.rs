//! What is drawn of a layout and the one before it: worked out once, and kept with the layout.

use super::layout::{Layout, Scheme, Walk};
use super::ring::Ring;
use crate::view::{Dial, DialArc, DialKey};
use std::cell::OnceCell;
use std::rc::Rc;

/// Pictures of one layout. They follow from it, and are no part of its state.
#[derive(Debug, Default)]
pub(super) struct Pictures {
    /// One for each set of rules of a lookup.
    dials: [OnceCell<Rc<Dial>>; 8],
    pub(super) compared: OnceCell<Rc<Vec<super::compare::Row>>>,
}

/// The leading bits of a place.
fn short(place: u64) -> u32 {
    (place >> 32) as u32
}

fn arcs(ring: Option<&Ring>) -> Vec<DialArc> {
    let points = ring.map_or(&[][..], Ring::points).iter();
    let arc = |point: &super::ring::Point| DialArc {
        end: short(point.at),
        owner: point.node,
    };
    points.map(arc).collect()
}

/// The picture of a layout, after the one before it.
pub(super) fn dial(before: Option<&Layout>, layout: &Layout, walk: Walk) -> Rc<Dial> {
    let rules = [walk.points, walk.distinct, walk.hashed];
    let place = rules
        .iter()
        .fold(0, |bits, on| bits << 1 | usize::from(*on));
    let made = layout.pictures().dials[place].get_or_init(|| Rc::new(draw(before, layout, walk)));
    Rc::clone(made)
}

fn draw(before: Option<&Layout>, layout: &Layout, walk: Walk) -> Dial {
    let scheme = layout.scheme();
    let key = |(at, hash): (usize, &u64)| {
        let owners = layout.owners(*hash, walk);
        let was = before.and_then(|before| before.owners(*hash, walk).list().first().copied());
        let first = owners.list().first().copied();
        DialKey {
            name: Scheme::key(at),
            at: short(*hash),
            owners: owners.list().iter().map(|node| node.0).collect(),
            was: was.filter(|was| Some(*was) != first).map(|node| node.0),
        }
    };
    Dial {
        arcs: arcs(layout.ring(walk)),
        before: arcs(before.and_then(|before| before.ring(walk))),
        keys: scheme.keys.iter().enumerate().map(key).collect(),
        copies: layout.copies(),
    }
}
