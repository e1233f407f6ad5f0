//! `labs`: the catalogue.

use super::Exit;
use super::args::LabsArgs;
use super::complain::Bad;
use super::experiment::catalogue;
use super::output::Output;
use crate::lab::{CheckSpec, Dictionary, Lab, Lang, Mode, ParamKind, ParamSpec, Value as Set};
use crate::protocols;
use crate::sim::Ratio;
use crate::view::dictionary;
use serde_json::{Value, json};
use std::io::Write;

pub(super) fn list(args: &LabsArgs) -> Result<Exit, Bad> {
    let labs = protocols::labs();
    let mut output = Output::stdout();
    if args.json {
        let labs: Vec<Value> = labs.iter().map(|lab| lab_json(*lab)).collect();
        output.with(|to| {
            serde_json::to_writer_pretty(&mut *to, &labs)?;
            writeln!(to)
        });
    } else {
        for lab in labs {
            output.with(|to| write_lab(to, lab));
        }
    }
    output.end()?;
    Ok(Exit::Fine)
}

/// The title of a lab in one language.
pub(super) fn title(words: &Dictionary) -> String {
    words.text("lab.title")
}

fn write_lab(to: &mut dyn Write, lab: &dyn Lab) -> std::io::Result<()> {
    let (info, words) = (lab.info(), dictionary(lab, Lang::En));
    let family = words.text(&format!("family.{}", info.family));
    writeln!(to, "{}  {} ({family})", info.id, title(&words))?;
    if !info.found_in.is_empty() {
        writeln!(to, "  found in: {}", info.found_in.join(", "))?;
    }
    for spec in info.params {
        let help = words.text(&format!("param.{}", spec.name));
        let default = spec.default_value();
        writeln!(
            to,
            "  --set {}={default}  {} {help}",
            spec.name,
            bounds(spec)
        )?;
    }
    for rule in info.rules {
        let name = words.text(&format!("rule.{}", rule.id));
        writeln!(
            to,
            "  --rule {}=off  {name} (guards {})",
            rule.id, rule.guards
        )?;
    }
    for check in info.checks {
        let name = words.text(&format!("check.{}", check.id));
        writeln!(to, "  {}: {name}", mode(check))?;
    }
    for story in info.stories {
        let name = words.text(&format!("story.{}", story.id));
        writeln!(to, "  story {}: {name}", story.id)?;
    }
    for experiment in lab.experiments() {
        let id = experiment.spec().id;
        let name = words.text(&format!("experiment.{id}"));
        writeln!(to, "  experiment {id}: {name}")?;
    }
    writeln!(to)
}

fn bounds(spec: &ParamSpec) -> String {
    match spec.kind {
        ParamKind::Integer(_, min, max) if spec.unit.is_empty() => format!("{min}..{max}"),
        ParamKind::Integer(_, min, max) => format!("{min}..{max} {}", spec.unit),
        ParamKind::Duration(_, min, max) => format!("{min}..{max}"),
        ParamKind::Ratio(_, min, max) => format!("{min}..{max}"),
        ParamKind::Choice(_, words) => words.join("|"),
        ParamKind::Flag(_) => "on|off".to_owned(),
    }
}

fn lab_json(lab: &dyn Lab) -> Value {
    let info = lab.info();
    let [en, zh] = Lang::ALL.map(|lang| dictionary(lab, lang));
    let rules: Vec<Value> = info
        .rules
        .iter()
        .map(|rule| json!({"id": rule.id, "default": true, "guards": rule.guards}))
        .collect();
    let checks = info.checks.iter().map(|check| {
        json!({
            "id": check.id,
            "name": en.text(&format!("check.{}", check.id)),
            "mode": mode(check),
            "within_us": within_us(check),
            "assumes": assumes(check),
        })
    });
    let help = |spec: &ParamSpec| en.text(&format!("param.{}", spec.name));
    let params = info.params.iter().map(|spec| param_json(spec, &help(spec)));
    json!({
        "id": info.id,
        "family": info.family,
        "title": {"en": title(&en), "zh-Hans": title(&zh)},
        "found_in": info.found_in,
        "params": params.collect::<Vec<_>>(),
        "rules": rules,
        "checks": checks.collect::<Vec<_>>(),
        "stories": info.stories.iter().map(|story| story.id).collect::<Vec<_>>(),
        "experiments": catalogue(lab, &en),
        "built_on": info.built_on,
    })
}

/// The mode of a check, in the words of the documents.
pub(super) fn mode(check: &CheckSpec) -> &'static str {
    match check.mode {
        Mode::Always => "always",
        Mode::Sometimes => "sometimes",
        Mode::Eventually(_) => "eventually",
    }
}

fn within_us(check: &CheckSpec) -> Option<u64> {
    match check.mode {
        Mode::Eventually(within) => Some(within.0),
        Mode::Always | Mode::Sometimes => None,
    }
}

/// The ids of the faults under which a check is promised.
pub(super) fn assumes(check: &CheckSpec) -> Vec<&'static str> {
    check.assumes.iter().map(|kind| kind.id()).collect()
}

pub(super) fn param_json(spec: &ParamSpec, help: &str) -> Value {
    let null = Value::Null;
    let (kind, min, max, choices) = match spec.kind {
        ParamKind::Integer(_, min, max) => ("integer", min.into(), max.into(), null),
        ParamKind::Duration(_, min, max) => (
            "duration",
            min.to_string().into(),
            max.to_string().into(),
            null,
        ),
        ParamKind::Ratio(_, min, max) => ("ratio", share(min), share(max), null),
        ParamKind::Choice(_, words) => ("choice", null.clone(), null, json!(words)),
        ParamKind::Flag(_) => ("flag", null.clone(), null.clone(), null),
    };
    json!({
        "name": spec.name,
        "kind": kind,
        "default": value_json(spec.default_value()),
        "min": min,
        "max": max,
        "unit": spec.unit,
        "choices": choices,
        "help": help,
    })
}

/// A value as JSON says it: durations as text with their unit, shares from 0 to 1.
pub(super) fn value_json(value: Set) -> Value {
    match value {
        Set::Integer(n) => n.into(),
        Set::Duration(span) => span.to_string().into(),
        Set::Ratio(ratio) => share(ratio),
        Set::Choice(word) => word.into(),
        Set::Flag(flag) => flag.into(),
    }
}

fn share(ratio: Ratio) -> Value {
    (f64::from(ratio.0) / 1e6).into()
}
