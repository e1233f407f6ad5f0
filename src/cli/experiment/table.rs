//! An experiment as a table for people: a row for each point, theory beside what was measured.

use crate::lab::Lang;
use crate::lab::experiment::{Plan, Table};
use crate::view::dictionary;
use crate::view::experiment::{Scale, spread_key};
use std::io::Write;

pub(super) fn write(to: &mut dyn Write, plan: &Plan, table: &Table) -> std::io::Result<()> {
    let spec = plan.experiment.spec();
    let words = dictionary(plan.lab, Lang::En);
    let own = |rest: &str| words.text(&format!("experiment.{}{rest}", spec.id));
    writeln!(
        to,
        "{}: {}\n{}\n",
        plan.lab.card().id,
        own(""),
        own(".question")
    )?;
    let fixed = plan.axes.iter().filter(|axis| !axis.told);
    let fixed: Vec<_> = fixed
        .map(|axis| format!("{}={}", axis.spec.name, axis.values[0]))
        .collect();
    writeln!(
        to,
        "{}; {} runs a point, seeds {}..{}\n",
        fixed.join(" "),
        plan.seeds_each(),
        plan.seeds.start,
        plan.seeds.end
    )?;
    for (at, column) in spec.columns.iter().enumerate() {
        let scale = Scale::of(column);
        let spread = words.text(spread_key(column.shown));
        writeln!(to, "{} ({spread})", own(&format!(".{}", column.name)))?;
        rows(to, plan, table, at, &scale)?;
        writeln!(to)?;
    }
    let assumes = format!("experiment.{}.assumes", spec.id);
    match words.get(&assumes) {
        Some(text) => writeln!(to, "{text}"),
        None => Ok(()),
    }
}

/// The rows of one column, with what theory says of it, in columns that stand below each other.
fn rows(
    to: &mut dyn Write,
    plan: &Plan,
    table: &Table,
    at: usize,
    scale: &Scale,
) -> std::io::Result<()> {
    let column = &plan.experiment.spec().columns[at];
    let first = plan.experiment.theory(&plan.point(0));
    let theories: Vec<_> = first.iter().filter(|line| line.column == at).collect();
    let told = plan.told().map(|(_, axis)| axis.spec.name.to_owned());
    let head = told
        .chain([
            "measured".to_owned(),
            "from..to".to_owned(),
            "runs".to_owned(),
        ])
        .chain(theories.iter().map(|line| line.id.to_owned()));
    let mut lines: Vec<Vec<String>> = vec![head.collect()];
    let number = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), |v| scale.text(v));
    for point in 0..plan.points() {
        let params = plan.point(point);
        let summary = table.summary(plan, point, at);
        let (value, spread) = summary.shown(column.shown);
        let told = params.iter().zip(&plan.axes).filter(|(_, axis)| axis.told);
        let mut line: Vec<String> = told.map(|((_, value), _)| value.to_string()).collect();
        line.push(number(value));
        line.push(spread.map_or_else(
            || "-".to_owned(),
            |spread| format!("{}..{}", scale.text(spread.low), scale.text(spread.high)),
        ));
        line.push(summary.measured.to_string());
        let values = plan.experiment.theory(&params);
        let values = values.iter().filter(|line| line.column == at);
        line.extend(values.map(|line| number(line.value)));
        lines.push(line);
    }
    for line in &lines {
        let cells = line.iter().enumerate().map(|(i, cell)| {
            let widths = lines.iter().filter_map(|line| line.get(i));
            let width = widths.map(|cell| cell.chars().count()).max().unwrap_or(0);
            format!("{cell:>width$}")
        });
        writeln!(to, "  {}", cells.collect::<Vec<_>>().join("  "))?;
    }
    Ok(())
}
