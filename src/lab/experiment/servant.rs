//! Makes runs for somebody who shares no memory with it: orders and answers are text, as those of the
//! search are.

use super::plan::Plan;
use crate::lab::Lab;
use crate::lab::search::Batch;
use std::fmt::Write;

/// The first word of an order.
const ORDER: &str = "measure ";

/// An order: these runs of a plan.
#[must_use]
pub fn write_order(plan: &Plan, batch: Batch) -> String {
    format!("{ORDER}{}\n{} {}", plan.print(), batch.from, batch.to)
}

/// What an answer says: the run behind the last that was made, and what each measured. `None` where it is
/// none to this order.
#[must_use]
pub fn read_answer(text: &str, plan: &Plan, batch: Batch) -> Option<(u64, Vec<Vec<Option<f64>>>)> {
    let (head, body) = text.split_once('\n')?;
    let to: u64 = head.strip_prefix("measured ")?.parse().ok()?;
    let columns = plan.experiment.spec().columns.len();
    let value = |word: &str| match word {
        "-" => Some(None),
        bits => u64::from_str_radix(bits, 16)
            .ok()
            .map(|bits| Some(f64::from_bits(bits))),
    };
    let line = |line: &str| {
        let values: Option<Vec<_>> = line.split(' ').map(value).collect();
        values.filter(|values| values.len() == columns)
    };
    let runs: Option<Vec<_>> = body.lines().map(line).collect();
    let whole = |runs: &Vec<_>| {
        (batch.from..=batch.to).contains(&to) && runs.len() as u64 == to - batch.from
    };
    runs.filter(whole).map(|runs| (to, runs))
}

/// See the module.
#[derive(Default)]
pub struct Measurer {
    /// The plan of the last order, as it was written.
    plan: Option<(String, Plan)>,
}

impl Measurer {
    /// Whether a text is an order of this kind.
    #[must_use]
    pub fn is_meant(order: &str) -> bool {
        order.starts_with(ORDER)
    }

    /// Makes the runs that are ordered, until they are made or it is late; but at least one. `None` where
    /// the order is none.
    pub fn obey(
        &mut self,
        order: &str,
        labs: &[&'static dyn Lab],
        late: &dyn Fn() -> bool,
    ) -> Option<String> {
        let (plan, runs) = order.strip_prefix(ORDER)?.split_once('\n')?;
        let (from, to) = runs.split_once(' ')?;
        let (from, to): (u64, u64) = (from.parse().ok()?, to.parse().ok()?);
        if self.plan.as_ref().is_none_or(|(known, _)| known != plan) {
            self.plan = Some((plan.to_owned(), Plan::read(plan, labs)?));
        }
        let (_, plan) = self.plan.as_ref()?;
        if from >= to || to > plan.runs() {
            return None;
        }
        let (mut body, mut next) = (String::new(), from);
        while next < to && (next == from || !late()) {
            let (point, seed) = plan.run(next);
            let values = plan.experiment.measure(&plan.point(point), seed);
            for (i, value) in values.iter().enumerate() {
                if i > 0 {
                    body.push(' ');
                }
                // A text takes what is written to it. The bits of a number lose nothing, and cost no
                // printer of floats.
                let _ = match value.filter(|value| value.is_finite()) {
                    Some(value) => write!(body, "{:x}", value.to_bits()),
                    None => write!(body, "-"),
                };
            }
            body.push('\n');
            next += 1;
        }
        Some(format!("measured {next}\n{body}"))
    }
}
