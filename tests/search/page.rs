//! What docs/checking.md says of the sweep, held against itself and against the labs, and the
//! stories that the sweep kept of the planted mistakes.

use super::{guards, played};
use splitbrain::lab::Lab;
use splitbrain::protocols::labs;
use std::path::PathBuf;

/// What the search is to need at most, for every rule and every seed of the sweep.
pub(super) const LIMIT: u64 = 3000;
/// How many times as many runs are made with all rules on.
pub(super) const TIMES: u64 = 100;
/// The seeds of the sweep.
pub(super) const SEEDS: std::ops::RangeInclusive<u64> = 1..=5;

/// The labs that changed, or came, after the last sweep: `WITHIN` holds that each of their rules is found, and a
/// slice of the clean runs that nothing is found with all on; the page says that the rest is still to be done.
const NOT_SWEPT: [&str; 4] = ["chubby", "hash-ring", "redlock", "sharding"];

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

/// Writes the tables into their place.
pub(super) fn write(tables: &str) {
    let (head, _, tail) = pieces();
    let page = format!("{head}{BEGIN}{tables}{END}{tail}");
    std::fs::write(PAGE, page).expect("the page can be written");
}

/// The file of the story that was kept of a planted mistake.
pub(super) fn kept(lab: &str, mistake: &str) -> PathBuf {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/mistakes");
    [folder, lab, &format!("{mistake}.story")].iter().collect()
}

/// The cells of the row that begins so.
fn row(tables: &str, begin: &str) -> Vec<String> {
    let row = tables.lines().find(|line| line.starts_with(begin));
    let row = row.unwrap_or_else(|| panic!("no row {begin}"));
    row.split('|').map(|cell| cell.trim().to_owned()).collect()
}

/// The page tells of every rule and every mistake, each found with every seed in few runs, and
/// then of a hundred times as many without a violation. `cargo xtask sweep` writes it anew.
#[test]
fn what_each_rule_took_is_written_down() {
    if std::env::var_os("SPLITBRAIN_SWEEP").is_some() {
        super::sweep::sweep();
    }
    let (_, tables, _) = pieces();
    let owed = format!("Not swept yet: {}.\n", NOT_SWEPT.join(", "));
    assert!(NOT_SWEPT.is_empty() || tables.contains(&owed), "{owed}");
    let swept = |lab: &&&dyn Lab| !NOT_SWEPT.contains(&lab.info().id);
    for lab in labs().iter().filter(swept) {
        let id = lab.info().id;
        let mut most = 0;
        for rule in lab.info().all_rules() {
            let row = row(
                &tables,
                &format!("| {id} | {} | {} |", rule.id, rule.guards),
            );
            let runs = row[4].split(", ").map(|runs| runs.parse::<u64>());
            let runs: Vec<u64> = runs.map(|runs| runs.expect("a number")).collect();
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
