//! `compare`: what a unit of work costs each lab that is compared, and what each survives, by the same runs as those
//! that the page shows.

use super::Exit;
use super::args::CompareArgs;
use super::complain::Bad;
use super::output::Output;
use super::run::find_lab;
use crate::lab::contest::{Cell, Cost, Doubt, Promise, RUNS, Row, Term, measured, tenths};
use crate::lab::{Lab, Lang};
use crate::protocols;
use crate::view::dictionary;
use serde_json::{Value, json};
use std::io::Write;

pub(super) fn compare(args: &CompareArgs) -> Result<Exit, Bad> {
    let chosen: Result<Vec<_>, _> = args.labs.iter().map(|id| find_lab(id, "LAB")).collect();
    let mut labs = chosen?;
    if labs.is_empty() {
        labs = protocols::labs();
    }
    let mut rows: Vec<(&dyn Lab, Row)> = Vec::new();
    for lab in labs {
        let own = measured(lab).map_err(|complaint| Bad::at(lab.card().id, 1, 1, complaint))?;
        rows.extend(own.into_iter().map(|row| (lab, row)));
    }
    let mut output = Output::stdout();
    if args.json {
        let rows: Vec<Value> = rows.iter().map(|(_, row)| row_json(row)).collect();
        output.with(|to| {
            serde_json::to_writer_pretty(&mut *to, &json!({ "runs": RUNS, "rows": rows }))?;
            writeln!(to)
        });
    } else {
        for (lab, row) in &rows {
            output.with(|to| write_row(to, *lab, row));
        }
    }
    output.end()?;
    let broken = |(_, row): &(&dyn Lab, Row)| {
        let mut cells = row.cells.iter();
        cells.any(|cell| cell.promise == Promise::Broken)
    };
    Ok(if rows.iter().any(broken) {
        Exit::Failed
    } else {
        Exit::Fine
    })
}

fn or_none(value: Option<u64>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| value.to_string())
}

fn write_row(to: &mut dyn Write, lab: &dyn Lab, row: &Row) -> std::io::Result<()> {
    let words = dictionary(lab, Lang::En);
    let unit = words.text("contest.unit");
    writeln!(to, "{} {}", row.lab, row.variant)?;
    writeln!(to, "  {} servers; a unit of work: {unit}", row.servers)?;
    writeln!(to, "  judged by: {}", row.judged.join(", "))?;
    for cost in &row.costs {
        let name = words.text(&format!("contest.{}", cost.case));
        let (done, delays) = (or_none(cost.until_done), cost.delays_tenths.map(tenths));
        let delays = delays.unwrap_or_else(|| "-".to_owned());
        let (all, writes) = (cost.messages, cost.writes);
        writeln!(
            to,
            "  {name}: {done} messages until done, {all} in all; {delays} delays; {writes} writes"
        )?;
        if cost.wants_sum() {
            let kinds = cost.kinds.iter();
            let kinds: Vec<String> = kinds
                .map(|(kind, count)| format!("{count} {kind}"))
                .collect();
            writeln!(to, "    {done} = {}", kinds.join(" + "))?;
        }
        for term in &cost.terms {
            let sign = if term.at_most { "at most" } else { "=" };
            let (about, formula, value) = (&term.about, &term.formula, term.value);
            let measured = term.measured;
            writeln!(to, "    {about}: {measured}; {formula} {sign} {value}")?;
        }
    }
    for cell in &row.cells {
        let check = cell.check.as_deref().unwrap_or_default();
        let (promise, broken) = (cell.promise.id(), cell.broken);
        let (during, after, name) = (cell.during, cell.after, &cell.misfortune);
        let before = cell.before.map(|runs| format!("done before {runs:>2}, "));
        let before = before.unwrap_or_default();
        let doubt = cell.doubt.map(|doubt| {
            let Doubt { longest_ms, waits } = doubt;
            format!("  in doubt {longest_ms} ms, all along in {waits:>2}")
        });
        let doubt = doubt.unwrap_or_default();
        writeln!(
            to,
            "  {name:<16} {promise:<9} broken in {broken:>2} of {RUNS}, {before}works during {during:>2}, after {after:>2}{doubt}  {check}"
        )?;
    }
    writeln!(to)
}

fn row_json(row: &Row) -> Value {
    json!({
        "lab": row.lab,
        "variant": row.variant,
        "servers": row.servers,
        "judged_by": row.judged,
        "costs": row.costs.iter().map(cost_json).collect::<Vec<_>>(),
        "misfortunes": row.cells.iter().map(cell_json).collect::<Vec<_>>(),
    })
}

fn cost_json(cost: &Cost) -> Value {
    json!({
        "case": cost.case,
        "messages_until_done": cost.until_done,
        "kinds": cost.kinds.iter().map(|(kind, count)| (kind.clone(), json!(count))).collect::<serde_json::Map<_, _>>(),
        "messages": cost.messages,
        "delays": cost.delays_tenths.map(|tenths| tenths as f64 / 10.0),
        "writes": cost.writes,
        "formulas": cost.terms.iter().map(term_json).collect::<Vec<_>>(),
        "link": cost.address,
    })
}

fn term_json(term: &Term) -> Value {
    json!({
        "about": term.about,
        "formula": term.formula,
        "value": term.value,
        "at_most": term.at_most,
        "measured": term.measured,
    })
}

fn cell_json(cell: &Cell) -> Value {
    json!({
        "misfortune": cell.misfortune,
        "promise": cell.promise.id(),
        "broken": cell.broken,
        "check": cell.check,
        "done_before": cell.before,
        "works_during": cell.during,
        "works_after": cell.after,
        "longest_in_doubt_ms": cell.doubt.map(|doubt| doubt.longest_ms),
        "in_doubt_all_along": cell.doubt.map(|doubt| doubt.waits),
        "link": cell.address,
    })
}
