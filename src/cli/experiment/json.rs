//! An experiment as one JSON object (docs/experiments.md tells its fields), and what `labs` says of it.

use crate::cli::labs::{param_json, value_json};
use crate::lab::experiment::{Experiment, Plan, Shown, Summary, Table, cell, stats::Interval};
use crate::lab::{Dictionary, Lab, Lang};
use crate::view::dictionary;
use serde_json::{Map, Value, json};

/// All that was measured, and what it comes to.
pub(super) fn document(plan: &Plan, table: &Table) -> Value {
    let spec = plan.experiment.spec();
    let words = dictionary(plan.lab, Lang::En);
    let fixed = plan.axes.iter().filter(|axis| axis.values.len() == 1);
    let fixed = fixed.map(|axis| (axis.spec.name.to_owned(), value_json(axis.values[0])));
    let points: Vec<Value> = (0..plan.points())
        .map(|at| point(plan, table, at))
        .collect();
    let first = plan.experiment.theory(&plan.point(0));
    let theory = first.iter().map(|line| {
        let key = format!("experiment.{}.theory.{}", spec.id, line.id);
        json!({
            "id": line.id,
            "column": spec.columns[line.column].name,
            "name": words.text(&key),
            "formula": line.formula.as_ref().map(|formula| format!("<math>{formula}</math>")),
        })
    });
    json!({
        "lab": plan.lab.card().id,
        "experiment": spec.id,
        "seeds": [plan.seeds.start, plan.seeds.end],
        "fixed": fixed.collect::<Map<_, _>>(),
        "varied": plan.told().map(|(_, axis)| axis.spec.name).collect::<Vec<_>>(),
        "columns": columns(plan.experiment),
        "theory": theory.collect::<Vec<_>>(),
        "points": points,
    })
}

fn columns(experiment: &dyn Experiment) -> Value {
    let names = experiment.spec().columns.iter().map(|column| column.name);
    names.collect::<Vec<_>>().into()
}

fn point(plan: &Plan, table: &Table, number: u64) -> Value {
    let params = plan.point(number);
    let told = params.iter().zip(&plan.axes).filter(|(_, axis)| axis.told);
    let told = told.map(|((spec, value), _)| {
        let text = cell(spec, value);
        let bare = text.parse::<f64>().ok().map(Value::from);
        (
            spec.name.to_owned(),
            bare.unwrap_or_else(|| value_json(value)),
        )
    });
    let columns = &plan.experiment.spec().columns;
    let measured = columns.iter().enumerate().map(|(at, column)| {
        let summary = table.summary(plan, number, at);
        (column.name.to_owned(), summary_json(&summary, column.shown))
    });
    let theory = plan.experiment.theory(&params);
    let theory = theory
        .iter()
        .map(|line| (line.id.to_owned(), json!(line.value)));
    let each = plan.seeds_each();
    let runs = (number * each..(number + 1) * each).map(|run| {
        let mut object = Map::new();
        object.insert("seed".to_owned(), plan.run(run).1.into());
        let values = table.get(run).unwrap_or_default();
        for (column, value) in columns.iter().zip(values) {
            object.insert(column.name.to_owned(), json!(value));
        }
        Value::Object(object)
    });
    json!({
        "point": number,
        "params": told.collect::<Map<_, _>>(),
        "measured": measured.collect::<Map<_, _>>(),
        "theory": theory.collect::<Map<_, _>>(),
        "runs": runs.collect::<Vec<_>>(),
    })
}

fn interval(interval: Option<Interval>) -> Value {
    interval.map_or(Value::Null, |Interval { low, high }| json!([low, high]))
}

fn summary_json(summary: &Summary, shown: Shown) -> Value {
    json!({
        "measured": summary.measured,
        "unmeasured": summary.unmeasured,
        "mean": summary.mean,
        "mean_95": interval(summary.mean_in),
        "median": summary.median,
        "quantiles_5_95": interval(summary.middle),
        "share_95": if shown == Shown::Share { interval(summary.share_in) } else { Value::Null },
    })
}

/// What `labs --json` says of the experiments of a lab.
pub(in crate::cli) fn catalogue(lab: &dyn Lab, words: &Dictionary) -> Value {
    let all = lab.experiments().iter().map(|experiment| {
        let spec = experiment.spec();
        let own = |rest: &str| words.text(&format!("experiment.{}{rest}", spec.id));
        let params = spec.params.iter().map(|param| {
            let key = format!("experiment.{}.param.{}", spec.id, param.name);
            let help = words.get(&key).map_or_else(
                || words.text(&format!("param.{}", param.name)),
                str::to_owned,
            );
            param_json(param, &help)
        });
        json!({
            "id": spec.id,
            "name": own(""),
            "question": own(".question"),
            "params": params.collect::<Vec<_>>(),
            "varies": {"name": spec.varies.0, "values": spec.varies.1},
            "columns": columns(*experiment),
            "seeds": spec.seeds,
        })
    });
    all.collect::<Vec<_>>().into()
}
