//! How the values of flags are read.

use crate::lab::parse_duration;
use crate::sim::FaultKind;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use std::ops::Range;
use std::time::Duration;

/// A kind of fault, by its id.
pub(super) fn fault() -> impl TypedValueParser<Value = FaultKind> {
    PossibleValuesParser::new(FaultKind::ALL.map(|(_, id)| id))
        .try_map(|id| FaultKind::parse(&id).ok_or("a kind of fault"))
}

/// The hash of a trace, as it is printed: sixteen hex digits.
pub(super) fn parse_hash(text: &str) -> Result<u64, String> {
    let right = text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let hash = right.then(|| u64::from_str_radix(text, 16).ok()).flatten();
    hash.ok_or_else(|| "the hash of a trace is sixteen hex digits".to_owned())
}

pub(super) fn seed(text: &str) -> Result<u64, String> {
    let seed = text.parse();
    seed.map_err(|_| format!("a whole number from 0 to {}", u64::MAX))
}

pub(super) fn seeds(text: &str) -> Result<Range<u64>, String> {
    let ends = text.split_once("..");
    let ends = ends.and_then(|(a, b)| Some((a.parse().ok()?, b.parse().ok()?)));
    let range = ends.map(|(start, end)| Range { start, end });
    let range = range.filter(|range| !range.is_empty());
    range.ok_or_else(|| "two whole numbers, the second greater, such as 1..11".to_owned())
}

pub(super) fn shard(text: &str) -> Result<(u64, u64), String> {
    let parts = text.split_once('/');
    let parts = parts.and_then(|(i, n)| Some((i.parse::<u64>().ok()?, n.parse().ok()?)));
    let parts = parts.filter(|(i, n)| (1..=*n).contains(i) && *n <= 1_000_000);
    let parts = parts.map(|(i, n)| (i - 1, n));
    parts.ok_or_else(|| "one of so many parts, such as 2/4".to_owned())
}

pub(super) fn wall(text: &str) -> Result<Duration, String> {
    let span = parse_duration(text).map(|span| Duration::from_micros(span.0));
    span.ok_or_else(|| "a duration, such as 300ms, 20s or 10min".to_owned())
}
