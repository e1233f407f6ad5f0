//! The parameters of a lab: what can be set, within which bounds.

use super::parse::{Complaint, parse_duration, parse_ratio};
use crate::engine::Span;
use crate::sim::Ratio;
use std::fmt;

/// What kind of value a parameter has, and its bounds (both ends included).
#[derive(Copy, Clone, PartialEq, Debug)]
pub enum ParamKind {
    /// A whole number: default, least, most.
    Integer(u64, u64, u64),
    /// A length of time: default, least, most.
    Duration(Span, Span, Span),
    /// A share: default, least, most.
    Ratio(Ratio, Ratio, Ratio),
    /// One of several words: the default, all of them.
    Choice(&'static str, &'static [&'static str]),
    /// Yes or no.
    Flag(bool),
}

/// One parameter of a lab. Its help stands in the locale files under `param.<name>`.
#[derive(Copy, Clone, PartialEq, Debug)]
pub struct ParamSpec {
    /// Its name in a story: `nodes`.
    pub name: &'static str,
    /// Its kind, default and bounds.
    pub kind: ParamKind,
    /// The unit of an integer, `1/s`; of a duration that stands in its name, `ms`: then a number without a
    /// unit is one of these. Empty where there is none.
    pub unit: &'static str,
}

impl ParamSpec {
    /// A whole number: default, least, most, unit.
    #[must_use]
    pub const fn integer(
        name: &'static str,
        (default, min, max): (u64, u64, u64),
        unit: &'static str,
    ) -> Self {
        ParamSpec {
            name,
            kind: ParamKind::Integer(default, min, max),
            unit,
        }
    }

    /// A length of time: default, least, most.
    #[must_use]
    pub const fn duration(name: &'static str, (default, min, max): (Span, Span, Span)) -> Self {
        ParamSpec {
            name,
            kind: ParamKind::Duration(default, min, max),
            unit: "",
        }
    }

    /// A length of time whose name ends in its unit: default, least, most, unit.
    #[must_use]
    pub const fn duration_in(
        name: &'static str,
        (default, min, max): (Span, Span, Span),
        unit: &'static str,
    ) -> Self {
        ParamSpec {
            name,
            kind: ParamKind::Duration(default, min, max),
            unit,
        }
    }

    /// A share: default, least, most.
    #[must_use]
    pub const fn ratio(name: &'static str, (default, min, max): (Ratio, Ratio, Ratio)) -> Self {
        ParamSpec {
            name,
            kind: ParamKind::Ratio(default, min, max),
            unit: "",
        }
    }

    /// Yes or no.
    #[must_use]
    pub const fn flag(name: &'static str, default: bool) -> Self {
        ParamSpec {
            name,
            kind: ParamKind::Flag(default),
            unit: "",
        }
    }

    /// The value where nothing is set.
    #[must_use]
    pub fn default_value(&self) -> Value {
        match self.kind {
            ParamKind::Integer(n, ..) => Value::Integer(n),
            ParamKind::Duration(span, ..) => Value::Duration(span),
            ParamKind::Ratio(ratio, ..) => Value::Ratio(ratio),
            ParamKind::Choice(word, _) => Value::Choice(word),
            ParamKind::Flag(flag) => Value::Flag(flag),
        }
    }

    /// Reads a value, within the bounds.
    pub fn parse(&self, text: &str) -> Result<Value, Complaint> {
        let wrong = |bounds: String| {
            Complaint::new(self.complaint(text))
                .with("name", self.name)
                .echo("value", text)
                .with("bounds", bounds)
        };
        let range = |value: Option<Value>, min: Value, max: Value| {
            value.ok_or_else(|| wrong(format!("{min}..{max}")))
        };
        match self.kind {
            ParamKind::Integer(_, min, max) => {
                let n = text.parse().ok().filter(|n| (min..=max).contains(n));
                range(
                    n.map(Value::Integer),
                    Value::Integer(min),
                    Value::Integer(max),
                )
            }
            ParamKind::Duration(_, min, max) => {
                let span = self.span(text).filter(|span| (min..=max).contains(span));
                range(
                    span.map(Value::Duration),
                    Value::Duration(min),
                    Value::Duration(max),
                )
            }
            ParamKind::Ratio(_, min, max) => {
                let ratio = parse_ratio(text).filter(|ratio| (min..=max).contains(ratio));
                range(
                    ratio.map(Value::Ratio),
                    Value::Ratio(min),
                    Value::Ratio(max),
                )
            }
            ParamKind::Choice(_, words) => words
                .iter()
                .find(|word| **word == text)
                .map(|word| Value::Choice(word))
                .ok_or_else(|| wrong(words.join(", "))),
            ParamKind::Flag(_) => match text {
                "on" => Ok(Value::Flag(true)),
                "off" => Ok(Value::Flag(false)),
                _ => Err(wrong("on, off".to_owned())),
            },
        }
    }

    /// What is wrong with a text that is no value: it is out of bounds, or no such thing at all.
    fn complaint(&self, text: &str) -> &'static str {
        let number = text.strip_prefix('-').unwrap_or(text);
        let all = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        match self.kind {
            ParamKind::Integer(..) if !all(number) => "error-param-integer",
            ParamKind::Duration(..) if self.span(text).is_none() => "error-param-duration",
            ParamKind::Ratio(..) if !all(&number.replace(['.', '%'], "")) => "error-param-ratio",
            ParamKind::Choice(..) | ParamKind::Flag(_) => "error-param-choice",
            ParamKind::Integer(..) | ParamKind::Duration(..) | ParamKind::Ratio(..) => {
                "error-param-value"
            }
        }
    }

    /// A length of time, in the unit of the parameter where it names none.
    fn span(&self, text: &str) -> Option<Span> {
        parse_duration(text).or_else(|| {
            let unit = Some(self.unit).filter(|unit| !unit.is_empty())?;
            parse_duration(&format!("{text}{unit}"))
        })
    }
}

/// The value of one parameter.
#[derive(Copy, Clone, PartialEq, Debug)]
pub enum Value {
    /// A whole number.
    Integer(u64),
    /// A length of time.
    Duration(Span),
    /// A share.
    Ratio(Ratio),
    /// A word.
    Choice(&'static str),
    /// Yes or no.
    Flag(bool),
}

/// As [`ParamSpec::parse`] reads it.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Integer(n) => write!(f, "{n}"),
            Value::Duration(span) => write!(f, "{span}"),
            Value::Ratio(ratio) => write!(f, "{ratio}"),
            Value::Choice(word) => f.write_str(word),
            Value::Flag(flag) => f.write_str(if *flag { "on" } else { "off" }),
        }
    }
}

/// The parameters of one run, in the order in which the lab declares them.
#[derive(Clone, PartialEq, Debug)]
pub struct Params {
    specs: &'static [ParamSpec],
    values: Vec<Value>,
}

impl Params {
    /// All defaults.
    #[must_use]
    pub fn defaults(specs: &'static [ParamSpec]) -> Self {
        Params {
            specs,
            values: specs.iter().map(ParamSpec::default_value).collect(),
        }
    }

    /// Sets one parameter from text.
    pub fn set(&mut self, name: &str, text: &str) -> Result<(), Complaint> {
        let at = self
            .specs
            .iter()
            .position(|spec| spec.name == name)
            .ok_or_else(|| {
                let known: Vec<_> = self.specs.iter().map(|spec| spec.name).collect();
                Complaint::new("error-param-unknown")
                    .echo("name", name)
                    .with("known", known.join(", "))
            })?;
        self.values[at] = self.specs[at].parse(text)?;
        Ok(())
    }

    /// Sets the parameter at this place; the value is one that its bounds allow.
    pub(super) fn put(&mut self, at: usize, value: Value) {
        self.values[at] = value;
    }

    /// Each parameter with its value.
    pub fn iter(&self) -> impl Iterator<Item = (&'static ParamSpec, Value)> {
        self.specs.iter().zip(self.values.iter().copied())
    }

    /// The parameters that are not at their default.
    pub fn changed(&self) -> impl Iterator<Item = (&'static ParamSpec, Value)> {
        self.iter()
            .filter(|(spec, value)| spec.default_value() != *value)
    }

    /// The parameters that are others here, with the value here and the one there.
    pub fn unlike<'a>(
        &'a self,
        there: &'a Params,
    ) -> impl Iterator<Item = (&'static ParamSpec, Value, Value)> + 'a {
        let pairs = self.iter().zip(there.iter());
        let pairs = pairs.map(|((spec, here), (_, there))| (spec, here, there));
        pairs.filter(|(_, here, there)| here != there)
    }

    fn get(&self, name: &str) -> Option<Value> {
        self.iter()
            .find(|(spec, _)| spec.name == name)
            .map(|(_, value)| value)
    }

    /// A whole number that the lab declared; 0 where it declared none of this name.
    #[must_use]
    pub fn integer(&self, name: &str) -> u64 {
        if let Some(Value::Integer(n)) = self.get(name) {
            n
        } else {
            0
        }
    }

    /// A length of time that the lab declared.
    #[must_use]
    pub fn span(&self, name: &str) -> Span {
        if let Some(Value::Duration(span)) = self.get(name) {
            span
        } else {
            Span(0)
        }
    }

    /// A share that the lab declared.
    #[must_use]
    pub fn ratio(&self, name: &str) -> Ratio {
        if let Some(Value::Ratio(ratio)) = self.get(name) {
            ratio
        } else {
            Ratio(0)
        }
    }

    /// One of the words that the lab declared; empty where it declared no such choice.
    #[must_use]
    pub fn word(&self, name: &str) -> &'static str {
        if let Some(Value::Choice(word)) = self.get(name) {
            word
        } else {
            ""
        }
    }

    /// A flag that the lab declared.
    #[must_use]
    pub fn flag(&self, name: &str) -> bool {
        matches!(self.get(name), Some(Value::Flag(true)))
    }
}

#[cfg(test)]
mod tests {
    use super::{ParamSpec, Params, Value};

    const SPECS: &[ParamSpec] = &[
        ParamSpec::integer("acceptors", (5, 1, 9), ""),
        ParamSpec::flag("crashes", false),
    ];

    #[test]
    fn what_two_runs_are_set_to_otherwise_is_told_of_both() {
        let had = Params::defaults(SPECS);
        let mut found = had.clone();
        assert_eq!(found.unlike(&had).count(), 0);
        found.set("acceptors", "1").unwrap();
        let unlike: Vec<_> = found.unlike(&had).collect();
        let (spec, here, there) = unlike[0];
        assert_eq!((unlike.len(), spec.name), (1, "acceptors"));
        assert_eq!((here, there), (Value::Integer(1), Value::Integer(5)));
    }
}
