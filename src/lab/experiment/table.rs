//! What the runs of a plan measured, and the same as CSV.

use super::plan::Plan;
use super::stats::{self, Interval};
use super::{Column, Shown};
use crate::engine::Span;
use crate::lab::params::{ParamKind, ParamSpec, Value};
use crate::sim::Ratio;
use std::fmt::Write;
use std::ops::Range;

/// What was measured, by the numbers of the runs.
#[derive(Clone, Debug)]
pub struct Table {
    runs: Range<u64>,
    columns: usize,
    /// Whether the run is made.
    made: Vec<bool>,
    /// Run by run, in each all columns. Not a number where nothing was measured.
    values: Vec<f64>,
    /// How many are made.
    count: u64,
}

/// What the runs of one point come to, in one column.
#[derive(Clone, PartialEq, Debug)]
pub struct Summary {
    /// How many runs measured something.
    pub measured: u64,
    /// How many did not.
    pub unmeasured: u64,
    /// Their mean.
    pub mean: Option<f64>,
    /// Within which the true mean lies.
    pub mean_in: Option<Interval>,
    /// Their median.
    pub median: Option<f64>,
    /// The middle nine tenths of them.
    pub middle: Option<Interval>,
    /// Within which the true share of ones lies.
    pub share_in: Option<Interval>,
}

impl Summary {
    /// What is drawn.
    #[must_use]
    pub fn shown(&self, shown: Shown) -> (Option<f64>, Option<Interval>) {
        match shown {
            Shown::Mean => (self.mean, self.mean_in),
            Shown::Median => (self.median, self.middle),
            Shown::Share => (self.mean, self.share_in),
        }
    }
}

impl Table {
    /// Room for these runs of a plan.
    #[must_use]
    pub fn new(plan: &Plan, runs: Range<u64>) -> Self {
        let columns = plan.experiment.spec().columns.len();
        let count = runs.end.saturating_sub(runs.start) as usize;
        Table {
            runs,
            columns,
            made: vec![false; count],
            values: vec![f64::NAN; count * columns],
            count: 0,
        }
    }

    /// How many runs are made.
    #[must_use]
    pub fn made(&self) -> u64 {
        self.count
    }

    /// Takes in what a run measured; a value for each column.
    pub fn put(&mut self, run: u64, values: &[Option<f64>]) {
        let Some(at) = self.place(run) else {
            return;
        };
        self.count += u64::from(!std::mem::replace(&mut self.made[at], true));
        for column in 0..self.columns {
            let value = values.get(column).copied().flatten();
            let value = value.filter(|value| value.is_finite());
            self.values[at * self.columns + column] = value.unwrap_or(f64::NAN);
        }
    }

    fn place(&self, run: u64) -> Option<usize> {
        self.runs
            .contains(&run)
            .then(|| (run - self.runs.start) as usize)
    }

    /// What a run measured; `None` where it is not made.
    #[must_use]
    pub fn get(&self, run: u64) -> Option<Vec<Option<f64>>> {
        let at = self.place(run).filter(|at| self.made[*at])?;
        let values = &self.values[at * self.columns..][..self.columns];
        let known = values
            .iter()
            .map(|value| Some(*value).filter(|value| !value.is_nan()));
        Some(known.collect())
    }

    /// What the runs of a point that are made come to.
    #[must_use]
    pub fn summary(&self, plan: &Plan, point: u64, column: usize) -> Summary {
        let each = plan.seeds_each();
        let runs = (point * each..(point + 1) * each).filter_map(|run| self.place(run));
        let made = runs.filter(|at| self.made[*at]);
        let all: Vec<f64> = made
            .map(|at| self.values[at * self.columns + column])
            .collect();
        let mut known: Vec<f64> = all
            .iter()
            .copied()
            .filter(|value| !value.is_nan())
            .collect();
        known.sort_unstable_by(f64::total_cmp);
        let measured = known.len() as u64;
        let ones = known.iter().filter(|value| **value >= 0.5).count();
        let quantile = |share| stats::quantile(&known, share);
        Summary {
            measured,
            unmeasured: all.len() as u64 - measured,
            mean: stats::mean(&known),
            mean_in: stats::mean_interval(&known),
            median: quantile(0.5),
            middle: quantile(0.05)
                .zip(quantile(0.95))
                .map(|(low, high)| Interval { low, high }),
            share_in: stats::share_interval(ones as u64, measured),
        }
    }
}

/// A parameter's value as a number, where it is one: in the unit of its name, else in microseconds or as
/// a share.
#[must_use]
pub fn number(spec: &ParamSpec, value: Value) -> Option<f64> {
    match value {
        Value::Integer(n) => Some(n as f64),
        Value::Duration(Span(us)) => Some(us as f64 / unit(spec.unit)),
        Value::Ratio(ratio) => Some(f64::from(ratio.0) / 1e6),
        Value::Choice(_) | Value::Flag(_) => None,
    }
}

/// The value of a parameter that is nearest to a number; `None` where it is none.
pub(super) fn value(spec: &ParamSpec, number: f64) -> Option<Value> {
    match spec.kind {
        ParamKind::Integer(..) => Some(Value::Integer(number.round() as u64)),
        ParamKind::Duration(..) => {
            let us = (number * unit(spec.unit)).round();
            Some(Value::Duration(Span(us as u64)))
        }
        ParamKind::Ratio(..) => Some(Value::Ratio(Ratio((number * 1e6).round() as u32))),
        ParamKind::Choice(..) | ParamKind::Flag(_) => None,
    }
}

/// How many microseconds a unit has.
fn unit(name: &str) -> f64 {
    match name {
        "ms" => 1e3,
        "s" => 1e6,
        _ => 1.0,
    }
}

/// A parameter's value in a table for programs: a number without its unit where the name has that.
#[must_use]
pub fn cell(spec: &ParamSpec, value: Value) -> String {
    match value {
        Value::Duration(span) if spec.unit.is_empty() => span.to_string(),
        Value::Integer(_) | Value::Duration(_) | Value::Ratio(_) => {
            number(spec, value).map_or_else(String::new, |number| number.to_string())
        }
        Value::Choice(_) | Value::Flag(_) => value.to_string(),
    }
}

/// The first line of the CSV, with its end.
#[must_use]
pub fn csv_head(plan: &Plan) -> String {
    let told = plan.told().map(|(_, axis)| axis.spec.name);
    let columns = plan.experiment.spec().columns.iter();
    let columns = columns.map(|column: &Column| column.name);
    let names = ["point"]
        .into_iter()
        .chain(told)
        .chain(["seed"])
        .chain(columns);
    let mut line = names.collect::<Vec<_>>().join(",");
    line.push('\n');
    line
}

/// One run as a line of the CSV, with its end. What was not measured is an empty field.
pub fn csv_line(plan: &Plan, run: u64, values: &[Option<f64>], to: &mut String) {
    let (point, seed) = plan.run(run);
    let params = plan.point(point);
    // A text takes what is written to it.
    let _ = write!(to, "{point}");
    let told = params.iter().zip(&plan.axes).filter(|(_, axis)| axis.told);
    for ((spec, value), _) in told {
        let _ = write!(to, ",{}", cell(spec, value));
    }
    let _ = write!(to, ",{seed}");
    for value in values {
        to.push(',');
        if let Some(value) = value {
            let _ = write!(to, "{value}");
        }
    }
    to.push('\n');
}
