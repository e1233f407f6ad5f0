//! What docs/checking.md says of the sweep, held against itself and against the labs, and the
//! stories that the sweep kept of the planted mistakes.

use super::{guards, played};
use splitbrain::lab::{Lab, LabInfo, RuleSpec};
use splitbrain::protocols::labs;
use std::path::PathBuf;

/// What the search is to need at most, for every rule and every seed of the sweep.
pub(super) const LIMIT: u64 = 3000;
/// How many times as many runs are made with all rules on.
pub(super) const TIMES: u64 = 100;
/// The seeds of the sweep.
pub(super) const SEEDS: std::ops::RangeInclusive<u64> = 1..=5;

/// The labs that changed, or came, after their last sweep: `WITHIN` holds that each of their rules is found, and a
/// slice of the clean runs that nothing is found with all on; the page says that the rest is still to be done.
const NOT_SWEPT: [&str; 1] = ["hash-ring"];

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/checking.md");
const BEGIN: &str = "<!-- sweep -->\n";
const END: &str = "<!-- end -->";

/// The page in three pieces: before, in and behind the place of the tables.
fn pieces() -> (String, String, String) {
    let page = std::fs::read_to_string(PAGE).expect("the page is there");
    let (head, rest) = page.split_once(BEGIN).expect("a place for the tables");
    let (tables, tail) = rest.split_once(END).expect("the end of them");
    (head.to_owned(), tables.to_owned(), tail.to_owned())
}

/// What the sweep saw in one lab.
pub(super) struct Sheet {
    /// A row for each rule, and behind these one for each mistake.
    pub(super) rows: Vec<String>,
    /// With all rules on.
    pub(super) clean: Clean,
}

/// What was met with all rules on.
pub(super) struct Clean {
    /// How much.
    pub(super) row: String,
    /// What was not.
    pub(super) rest: String,
}

/// What is to be said of the labs that are still to be swept.
fn owed() -> String {
    match NOT_SWEPT.as_slice() {
        [] => String::new(),
        some => format!("Not swept yet: {}.\n\n", some.join(", ")),
    }
}

/// What a line with what was not met begins with.
fn not_seen(id: &str) -> String {
    format!("In {id}, not seen: ")
}

/// What the page says of a lab; rows that are not there are left out.
fn sheet(tables: &str, info: &LabInfo) -> Sheet {
    let line = |begin: String| tables.lines().find(|line| line.starts_with(&begin));
    let id = info.id;
    let of_rule =
        |rule: &RuleSpec| Some(line(format!("| {id} | {} | {} |", rule.id, rule.guards))?.into());
    let (row, rest) = (line(format!("| {id} | 1 | ")), line(not_seen(id)));
    let rest = rest.and_then(|rest| rest.strip_prefix(&not_seen(id)));
    Sheet {
        rows: info.all_rules().filter_map(of_rule).collect(),
        clean: Clean {
            row: row.unwrap_or_default().to_owned(),
            rest: rest.unwrap_or_default().to_owned(),
        },
    }
}

/// Puts what was seen in a lab into its place.
pub(super) fn enter(id: &str, seen: Sheet) {
    let (head, tables, tail) = pieces();
    let mut seen = Some(seen);
    let all = labs().into_iter().map(|lab| {
        let mine = seen.take_if(|_| lab.info().id == id);
        (
            lab.info(),
            mine.unwrap_or_else(|| sheet(&tables, lab.info())),
        )
    });
    let all: Vec<(&LabInfo, Sheet)> = all.collect();
    let tables = written(&all);
    let page = format!("{head}{BEGIN}{tables}{END}{tail}");
    std::fs::write(PAGE, page).expect("the page can be written");
}

/// The tables, and what they come to.
fn written(all: &[(&LabInfo, Sheet)]) -> String {
    let columns = "check that breaks | runs needed, by seed | events in them, thousands | commands of the story |";
    let bar = "|---|---|---|---|---|---|\n";
    let mut rules = format!("| lab | rule off | {columns}\n{bar}");
    let mut mistakes = format!("| lab | planted mistake | {columns}\n{bar}");
    let mut clean =
        "| lab, all rules on | seed | runs | events | notes seen | turns seen | violations |\n\
         |---|---|---|---|---|---|---|\n"
            .to_owned();
    let (mut runs, mut unseen) = (0, String::new());
    let mut hardest = (0, String::new());
    for (info, sheet) in all {
        for (at, row) in sheet.rows.iter().enumerate() {
            let table = if at < info.rules.len() {
                &mut rules
            } else {
                &mut mistakes
            };
            *table += &format!("{row}\n");
            let cells = cells(row);
            for (seed, runs) in SEEDS.zip(took(&cells)) {
                if runs > hardest.0 {
                    let (id, rule) = (info.id, &cells[2]);
                    hardest = (
                        runs,
                        format!("{rule} of {id}, {runs} runs with seed {seed}"),
                    );
                }
            }
        }
        let Clean { row, rest } = &sheet.clean;
        if !row.is_empty() {
            clean += &format!("{row}\n");
            runs += cells(row)[3].parse::<u64>().expect("a number");
            unseen += &format!("{}{rest}\n", not_seen(info.id));
        }
    }
    let count = |table: &str| table.lines().count() - 2;
    let (rule_count, mistake_count) = (count(&rules), count(&mistakes));
    format!(
        "{rules}\n{mistakes}\n{clean}\n{}Each of the {rule_count} rules and {mistake_count} mistakes was found with \
         every one of the {} seeds; the hardest was\n{}. With all rules on, {runs} runs broke nothing.\n\n{unseen}\n",
        owed(),
        SEEDS.count(),
        hardest.1,
    )
}

/// The file of the story that was kept of a planted mistake.
pub(super) fn kept(lab: &str, mistake: &str) -> PathBuf {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/mistakes");
    [folder, lab, &format!("{mistake}.story")].iter().collect()
}

/// The cells of a row; the first and the last are empty.
fn cells(row: &str) -> Vec<String> {
    row.split('|').map(|cell| cell.trim().to_owned()).collect()
}

/// The runs that each seed took, as a row tells.
fn took(cells: &[String]) -> Vec<u64> {
    let runs = cells[4].split(", ").map(str::parse);
    runs.map(|runs| runs.expect("a number")).collect()
}

/// The cells of the row that begins so.
fn row(tables: &str, begin: &str) -> Vec<String> {
    let row = tables.lines().find(|line| line.starts_with(begin));
    cells(row.unwrap_or_else(|| panic!("no row {begin}")))
}

/// The page tells of every rule and every mistake, each found with every seed in few runs, and
/// then of a hundred times as many without a violation. `cargo xtask sweep` writes it anew, for all labs or
/// for those that are named.
#[test]
fn what_each_rule_took_is_written_down() {
    if let Ok(named) = std::env::var("SPLITBRAIN_SWEEP") {
        let named = named.split(',').filter(|id| !id.is_empty());
        let named: Vec<_> = named.map(super::lab).collect();
        super::sweep::sweep(&if named.is_empty() { labs() } else { named });
    }
    let (_, tables, _) = pieces();
    assert!(tables.contains(&owed()), "{}", owed());
    let swept = |lab: &&&dyn Lab| !NOT_SWEPT.contains(&lab.info().id);
    for lab in labs().iter().filter(swept) {
        let id = lab.info().id;
        let mut most = 0;
        for rule in lab.info().all_rules() {
            let begin = format!("| {id} | {} | {} |", rule.id, rule.guards);
            let runs = took(&row(&tables, &begin));
            assert_eq!(runs.len(), SEEDS.count(), "{}", rule.id);
            let here = runs.into_iter().max().unwrap_or(0);
            assert!(here <= LIMIT, "{} took {here} runs", rule.id);
            most = most.max(here);
        }
        let row = row(&tables, &format!("| {id} | 1 | "));
        let clean: u64 = row[3].parse().expect("a number");
        assert!(
            clean >= most * TIMES,
            "{id}: {clean} runs with all rules on"
        );
        assert_eq!(
            row[row.len() - 2],
            "0",
            "{id}: violations with all rules on"
        );
    }
}

/// A story of each planted mistake: it breaks what it should, and without the mistake nothing.
#[test]
fn each_planted_mistake_has_its_story() {
    for lab in labs() {
        for mistake in lab.info().mistakes {
            let file = kept(lab.info().id, mistake.id);
            let text = std::fs::read_to_string(&file);
            let text = text.unwrap_or_else(|_| panic!("no {}", file.display()));
            let off = format!("rule {} off\n", mistake.id);
            assert_eq!(text.matches("\nrule ").count(), 1, "{text}");
            assert!(text.contains(&off), "{text}");
            let broken = played(&text, true);
            let guards = guards(lab, mistake.id);
            let there = broken.iter().any(|(check, _)| *check == guards);
            assert!(there, "{broken:?}:\n{text}");
            let without = played(&text.replace(&off, ""), false);
            assert_eq!(without, [], "without the mistake:\n{text}");
        }
    }
}
