//! Numbers of a chart as people read them.

use crate::lab::experiment::{Column, Shown};
use crate::lab::{ParamKind, ParamSpec};

/// How the numbers of a column, or of a parameter, are written.
#[derive(Copy, Clone, PartialEq, Debug)]
pub struct Scale {
    /// What one of what is written comes to.
    pub(super) one: f64,
    /// What stands behind it.
    pub(super) unit: &'static str,
}

impl Scale {
    /// Of what is measured: by the unit that ends its name.
    #[must_use]
    pub fn of(column: &Column) -> Self {
        let by = |one, unit| Scale { one, unit };
        match column.name.rsplit_once('_').map(|(_, unit)| unit) {
            _ if column.shown == Shown::Share => by(0.01, " %"),
            Some("us") => by(1000.0, " ms"),
            Some("ms") => by(1.0, " ms"),
            Some("s") => by(1.0, " s"),
            Some("percent") => by(1.0, " %"),
            Some("bytes") => by(1.0, " B"),
            _ => by(1.0, ""),
        }
    }

    /// Of what is set.
    #[must_use]
    pub fn of_param(spec: &ParamSpec) -> Self {
        let by = |one, unit| Scale { one, unit };
        match (spec.kind, spec.unit) {
            (ParamKind::Duration(..), "") => by(1000.0, " ms"),
            (ParamKind::Duration(..), "s") => by(1.0, " s"),
            (ParamKind::Duration(..), _) => by(1.0, " ms"),
            (ParamKind::Ratio(..), _) => by(0.01, " %"),
            (ParamKind::Integer(..) | ParamKind::Choice(..) | ParamKind::Flag(_), _) => by(1.0, ""),
        }
    }

    /// A number with its unit, in four digits or as many as are whole.
    #[must_use]
    pub fn text(&self, value: f64) -> String {
        format!("{}{}", digits(value / self.one, 4), self.unit)
    }

    /// The same beside others at so great a distance.
    #[must_use]
    pub fn tick(&self, value: f64, step: f64) -> String {
        let step = (step / self.one).abs();
        let places = (0..6)
            .find(|places| step * 10f64.powi(*places) >= 0.999)
            .unwrap_or(6);
        format!("{}{}", fixed(value / self.one, places as u32), self.unit)
    }

    /// Round places between two ends, at most so many: see [`ticks`].
    #[must_use]
    pub fn ticks(&self, (from, to): (f64, f64), most: u32) -> Vec<f64> {
        let round = ticks((from / self.one, to / self.one), most);
        round.into_iter().map(|tick| tick * self.one).collect()
    }
}

/// So many digits that count.
fn digits(value: f64, count: u32) -> String {
    let mut whole = 1;
    let mut rest = value.abs();
    while rest >= 10.0 && whole < 20 {
        rest /= 10.0;
        whole += 1;
    }
    let places = count.saturating_sub(whole);
    let text = fixed(value, places);
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

/// A number with so many places after the point, rounded.
fn fixed(value: f64, places: u32) -> String {
    let one = 10_u64.pow(places);
    let all = (value.abs() * one as f64 + 0.5) as u64;
    let sign = if value < 0.0 && all > 0 { "-" } else { "" };
    match places {
        0 => format!("{sign}{all}"),
        _ => format!(
            "{sign}{}.{:0wide$}",
            all / one,
            all % one,
            wide = places as usize
        ),
    }
}

/// Round places between two ends: multiples of 1, 2 or 5 times a power of ten, at most so many.
#[must_use]
pub fn ticks((from, to): (f64, f64), most: u32) -> Vec<f64> {
    let all = to - from;
    if !(all.is_finite() && all > 0.0) {
        return vec![from];
    }
    let rough = all / f64::from(most.max(1));
    let mut step = 1.0;
    while step > rough {
        step /= 10.0;
    }
    while step * 10.0 <= rough {
        step *= 10.0;
    }
    let stops = [1.0, 2.0, 5.0, 10.0].map(|times| times * step);
    let step = stops
        .into_iter()
        .find(|stop| *stop >= rough)
        .unwrap_or(rough);
    let first = (from / step).ceil();
    let count = (to / step).floor() - first;
    // By whole steps, so that no error adds up.
    (0..=count.max(0.0) as u32)
        .map(|i| (first + f64::from(i)) * step)
        .filter(|tick| *tick <= to)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_as_many_digits_as_count() {
        let shown = [0.0, 0.123_456, 12.3456, 1234.56, 123_456.7, -0.5, 1e-9].map(|n| digits(n, 4));
        assert_eq!(
            shown,
            ["0", "0.123", "12.35", "1235", "123457", "-0.5", "0"]
        );
    }

    #[test]
    fn ticks_are_round_and_within() {
        assert_eq!(
            ticks((0.0, 1.0), 5),
            [0.0, 0.2, 0.4, 0.600_000_000_000_000_1, 0.8, 1.0]
        );
        assert_eq!(ticks((3.0, 27.0), 6), [5.0, 10.0, 15.0, 20.0, 25.0]);
        assert_eq!(ticks((7.0, 7.0), 6), [7.0]);
        for most in 1..9 {
            let all = ticks((-1.3, 912.0), most);
            assert!(all.len() as u32 <= most + 1 && all.iter().all(|t| (-1.3..=912.0).contains(t)));
        }
    }

    #[test]
    fn a_column_is_written_in_the_unit_of_its_name() {
        let column = |name, shown| Column { name, shown };
        let text = |name, shown, value| Scale::of(&column(name, shown)).text(value);
        assert_eq!(text("elected_us", Shown::Mean, 205_431.0), "205.4 ms");
        assert_eq!(text("split", Shown::Share, 0.125), "12.5 %");
        assert_eq!(text("messages", Shown::Median, 17.0), "17");
        assert_eq!(
            Scale::of(&column("elected_us", Shown::Mean)).tick(50_000.0, 50_000.0),
            "50 ms"
        );
    }
}
