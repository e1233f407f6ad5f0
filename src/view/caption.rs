//! How large the words inside a node may be, so that its outline does not cut them.

/// Smaller letters nobody reads: what is longer than they allow is squeezed, or reaches out.
const LEAST: f64 = 7.0;
/// By so much a size becomes smaller at a time.
const STEP: f64 = 0.25;
/// What stays free between words and an outline, on each side.
const FREE: f64 = 1.0;
/// A node with a smaller radius has one ring, also where its role has two: the second would go through its words.
const TWO_RINGS: f64 = 30.0;

/// The outline round the words of a node, from its middle.
#[derive(Copy, Clone, PartialEq, Debug)]
pub enum Outline {
    /// A circle with this radius, the innermost one.
    Circle(f64),
    /// A box that is so wide to each side.
    Box(f64),
}

impl Outline {
    /// How wide the words may be that stand so far from the middle.
    fn room(self, away: f64) -> f64 {
        let half = match self {
            Outline::Circle(radius) => (radius * radius - away * away).max(0.0).sqrt(),
            Outline::Box(half) => half,
        };
        2.0 * (half - FREE)
    }
}

/// How far inside a circle of this radius the second ring of a role is, if it has one.
#[must_use]
pub fn second_ring(radius: f64) -> Option<f64> {
    (radius >= TWO_RINGS).then_some(radius * 7.0 / 44.0)
}

/// About how wide a text is in letters of this size.
#[must_use]
pub fn width(text: &str, size: f64) -> f64 {
    text.chars().map(|sign| sign_width(sign, size)).sum()
}

/// About how wide one sign of it is. A Chinese one is as wide as it is high.
#[must_use]
pub fn sign_width(sign: char, size: f64) -> f64 {
    if sign > '\u{2e80}' { size } else { size * 0.6 }
}

/// The largest size, at most this one, at which words stay within the outline. They reach so many sizes away from its
/// middle, up or down.
#[must_use]
pub fn size_within(text: &str, most: f64, reach: f64, outline: Outline) -> f64 {
    let mut size = most;
    while size > LEAST && width(text, size) > outline.room(size * reach) {
        size -= STEP;
    }
    size
}

#[cfg(test)]
mod tests {
    use super::{Outline, second_ring, size_within, width};

    #[test]
    fn a_caption_stays_within_its_node() {
        // What a Chubby master, a Paxos acceptor and the coordinator of three phases say, on large and small sheets.
        for (text, radius) in [
            ("e1 keep\u{d7}2", 27.0),
            ("2.1 B", 16.0),
            ("1.1 \u{2713}? 0/3", 30.0),
        ] {
            let size = size_within(text, 12.5, 1.1, Outline::Circle(radius));
            let (half, low) = (width(text, size) / 2.0, size * 1.1);
            assert!(half.hypot(low) < radius, "{text}: {size} in {radius}");
            assert!(size > 7.0, "{text} can be read: {size}");
        }
    }

    #[test]
    fn what_has_room_is_not_made_smaller() {
        assert_eq!(size_within("t 2", 12.5, 1.3, Outline::Circle(44.0)), 12.5);
        assert_eq!(size_within("t 2", 9.5, 0.95, Outline::Box(16.0)), 9.5);
    }

    #[test]
    fn a_chinese_caption_needs_more_room() {
        let size = |text| size_within(text, 12.5, 1.1, Outline::Box(20.0));
        assert!(size("\u{6536}\u{6b3e}\u{4e2d}\u{4e86}") < size("abcd"));
    }

    #[test]
    fn a_second_ring_is_only_where_words_have_room() {
        assert_eq!(second_ring(17.0), None);
        assert_eq!(second_ring(44.0), Some(7.0));
    }
}
