//! Lengths of time, shares and other numbers, within their bounds.

use super::{Complaint, Words, Wrong};
use crate::engine::Span;
use crate::lab::command::Command;
use crate::sim::Ratio;

/// The longest span that a story may name.
pub(in crate::lab) const LONGEST: Span = Span::secs(3600);
/// The most events that one `step` may take.
const MOST_STEPS: u64 = 10_000_000;

/// `300ms`, `1.5s`, `250us`, `2min`.
#[must_use]
pub fn parse_duration(text: &str) -> Option<Span> {
    let unit_at = text.find(|c: char| c.is_ascii_alphabetic())?;
    let (number, unit) = text.split_at(unit_at);
    let scale = match unit {
        "us" => 1,
        "ms" => 1000,
        "s" => 1_000_000,
        "min" => 60_000_000,
        _ => return None,
    };
    decimal(number, scale).map(Span)
}

/// `2.5%` or `0.025`.
#[must_use]
pub fn parse_ratio(text: &str) -> Option<Ratio> {
    let millionths = match text.strip_suffix('%') {
        Some(percent) => decimal(percent, 10_000)?,
        None => decimal(text, 1_000_000)?,
    };
    u32::try_from(millionths)
        .ok()
        .filter(|n| *n <= Ratio::ONE.0)
        .map(Ratio)
}

/// A decimal number times a scale, exactly; `None` where digits would be lost.
fn decimal(text: &str, scale: u64) -> Option<u64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(part) || part.len() > 6 {
        return None;
    }
    let whole = whole.parse::<u64>().ok()?.checked_mul(scale)?;
    let tens = 10u64.pow(part.len() as u32);
    let part = if part.is_empty() {
        0
    } else {
        part.parse::<u64>().ok()?.checked_mul(scale)?
    };
    (part % tens == 0).then(|| whole.checked_add(part / tens))?
}

pub(super) fn bounded(text: &str) -> Option<Span> {
    parse_duration(text).filter(|span| *span <= LONGEST)
}

pub(super) fn bad_duration(text: &str) -> Complaint {
    Complaint::new("error-duration")
        .echo("word", text)
        .with("longest", LONGEST)
}

pub(super) fn span(words: &mut Words<'_>) -> Result<Span, Wrong> {
    let token = words.next("duration")?;
    bounded(&token.text).ok_or_else(|| (token.column, bad_duration(&token.text)))
}

pub(super) fn ratio(words: &mut Words<'_>) -> Result<Ratio, Wrong> {
    words.read("share", || "0% … 100%".to_owned(), parse_ratio)
}

pub(super) fn on_off(words: &mut Words<'_>) -> Result<bool, Wrong> {
    words.read(
        "switch",
        || "on, off".to_owned(),
        |word| match word {
            "on" => Some(true),
            "off" => Some(false),
            _ => None,
        },
    )
}

pub(super) fn skew(words: &mut Words<'_>) -> Result<i64, Wrong> {
    words.read(
        "duration",
        || "50ms, -50ms".to_owned(),
        |word| {
            let (sign, size) = word.strip_prefix('-').map_or((1, word), |size| (-1, size));
            bounded(size).map(|span| sign * span.0.cast_signed())
        },
    )
}

pub(super) fn drift(words: &mut Words<'_>) -> Result<i32, Wrong> {
    words.read(
        "drift",
        || "-500000ppm … 500000ppm".to_owned(),
        |word| {
            let ppm: i32 = word.strip_suffix("ppm")?.parse().ok()?;
            (-500_000..=500_000).contains(&ppm).then_some(ppm)
        },
    )
}

pub(super) fn steps(words: &mut Words<'_>) -> Result<Command, Wrong> {
    if words.peek().is_none() {
        return Ok(Command::Step(1));
    }
    let known = || format!("1 … {MOST_STEPS}");
    let n = words.read("number", known, |word| {
        word.parse().ok().filter(|n| (1..=MOST_STEPS).contains(n))
    })?;
    Ok(Command::Step(n))
}

#[cfg(test)]
mod tests {
    use super::{Ratio, Span, parse_duration, parse_ratio};

    #[test]
    fn durations_and_shares_are_exact() {
        assert_eq!(parse_duration("1.5ms"), Some(Span(1500)));
        assert_eq!(parse_duration("250us"), Some(Span(250)));
        assert_eq!(parse_duration("0.5us"), None);
        assert_eq!(parse_duration("5"), None);
        assert_eq!(parse_duration("-5ms"), None);
        assert_eq!(parse_duration("99999999999999999999s"), None);
        assert_eq!(parse_ratio("2.5%"), Some(Ratio(25_000)));
        assert_eq!(parse_ratio("0.025"), Some(Ratio(25_000)));
        assert_eq!(parse_ratio("101%"), None);
    }
}
