//! Reads what a parameter is set to in an experiment: `5`, `1,2,5`, `0..50%/11`.

use super::plan::MOST_POINTS;
use crate::engine::Span;
use crate::lab::params::{ParamKind, ParamSpec, Value};
use crate::lab::parse::{Complaint, Wrong};
use crate::sim::Ratio;

/// The values that a text names, each once, in the order in which it names them.
///
/// # Errors
/// What is wrong, with its column in the text, from 1.
pub(super) fn read(spec: &ParamSpec, text: &str) -> Result<Vec<Value>, Wrong> {
    let mut values = Vec::new();
    let mut column = 1;
    for part in text.split(',') {
        let wrong = |complaint| (column, complaint);
        let new = match part.split_once("..") {
            Some((from, rest)) => range(spec, (from, rest), part).map_err(wrong)?,
            None => vec![spec.parse(part).map_err(wrong)?],
        };
        for value in new {
            if !values.contains(&value) {
                values.push(value);
            }
        }
        // Each range is within its bound; many of them must be, too.
        if values.len() as u64 > MOST_POINTS {
            return Err((column, too_many(spec)));
        }
        column += part.chars().count() + 1;
    }
    Ok(values)
}

/// Whether a text names several values, or may.
pub(super) fn is_range(text: &str) -> bool {
    text.contains(',') || text.contains("..")
}

fn too_many(spec: &ParamSpec) -> Complaint {
    Complaint::new("error-range-many")
        .with("name", spec.name)
        .with("most", MOST_POINTS)
}

/// `A..B/STEPS`: so many values at equal distances, A and B among them.
fn range(
    spec: &ParamSpec,
    (from, rest): (&str, &str),
    part: &str,
) -> Result<Vec<Value>, Complaint> {
    let form = || {
        Complaint::new("error-range-form")
            .with("name", spec.name)
            .echo("value", part)
    };
    let (to, steps) = rest.split_once('/').ok_or_else(form)?;
    let (from, to) = (spec.parse(from)?, spec.parse(to)?);
    let (Some(first), Some(last)) = (whole(from), whole(to)) else {
        return Err(Complaint::new("error-range-kind").with("name", spec.name));
    };
    let steps: u64 = steps.parse().map_err(|_| form())?;
    if steps > MOST_POINTS {
        return Err(too_many(spec));
    }
    if steps < 2 || first >= last {
        return Err(form());
    }
    let gaps = u128::from(steps - 1);
    let at = |i: u64| {
        // To the nearest whole one, exactly: a float would lose digits of a long time.
        let way = u128::from(last - first) * u128::from(i) + gaps / 2;
        first + (way / gaps) as u64
    };
    let mut values: Vec<u64> = (0..steps).map(at).collect();
    values.dedup();
    Ok(values.into_iter().map(|n| back(spec, n)).collect())
}

/// A value as a whole number: microseconds, millionths.
fn whole(value: Value) -> Option<u64> {
    match value {
        Value::Integer(n) => Some(n),
        Value::Duration(span) => Some(span.0),
        Value::Ratio(ratio) => Some(u64::from(ratio.0)),
        Value::Choice(_) | Value::Flag(_) => None,
    }
}

fn back(spec: &ParamSpec, n: u64) -> Value {
    match spec.kind {
        ParamKind::Duration(..) => Value::Duration(Span(n)),
        // It lies between two shares.
        ParamKind::Ratio(..) => Value::Ratio(Ratio(n as u32)),
        ParamKind::Integer(..) | ParamKind::Choice(..) | ParamKind::Flag(_) => Value::Integer(n),
    }
}
