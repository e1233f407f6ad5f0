//! What stands on the page that sets protocols side by side, `src/ui/compare.txt`: it is what the engines do.
//! `SPLITBRAIN_BLESS=1 cargo test --test comparison` measures and writes it anew.

use splitbrain::lab::contest::{
    About, Case, Cell, Contest, Finished, Formula, MISFORTUNES, Promise, RUNS, Row, Sheet, Variant,
    costs, measured, words,
};
use splitbrain::lab::{History, Lab, Link, Mode, Outcome, Player, Story};
use splitbrain::protocols::labs;
use std::path::{Path, PathBuf};

const HEAD: &str = "\
# What is shown on the page “Side by side”: measured by the engines, see src/lab/contest.
# SPLITBRAIN_BLESS=1 cargo test --test comparison writes it anew.
";

fn file() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/ui/compare.txt")
}

/// The rows of each lab, by as many threads as there are labs.
fn all() -> Vec<(&'static dyn Lab, Vec<Row>)> {
    std::thread::scope(|scope| {
        let labs = labs();
        let lab_threads = (0..labs.len()).map(|at| {
            scope.spawn(move || {
                let rows = measured(splitbrain::protocols::labs()[at]);
                rows.expect("parameters that the lab takes")
            })
        });
        let threads: Vec<_> = lab_threads.collect();
        let rows = threads.into_iter().map(|one| one.join().expect("no panic"));
        labs.into_iter().zip(rows).collect()
    })
}

fn text(all: &[(&'static dyn Lab, Vec<Row>)]) -> String {
    let mut text = HEAD.to_owned();
    for (lab, rows) in all {
        let sheet = Sheet { rows: rows.clone() };
        text.push_str(&format!("{sheet}{}", words(*lab, rows)));
    }
    text
}

#[test]
fn what_the_page_shows_is_what_the_engines_do() {
    let text = text(&all());
    if std::env::var_os("SPLITBRAIN_BLESS").is_some() {
        std::fs::write(file(), &text).expect("a file");
    }
    let stands = std::fs::read_to_string(file()).unwrap_or_default();
    let differs = stands
        .lines()
        .zip(text.lines())
        .find(|(old, new)| old != new);
    assert!(
        stands == text,
        "it is another one now, first {differs:?}: SPLITBRAIN_BLESS=1 cargo test --test comparison"
    );
}

fn sheet() -> Sheet {
    Sheet::parse(&std::fs::read_to_string(file()).expect("the file"))
}

#[test]
fn it_is_read_as_it_was_written() {
    let text = std::fs::read_to_string(file()).expect("the file");
    let lines = text.lines();
    let own = lines.filter(|line| !line.starts_with('#') && !line.starts_with("word "));
    let own: String = own.map(|line| format!("{line}\n")).collect();
    assert_eq!(sheet().to_string(), own);
}

#[test]
fn no_promise_is_broken_and_every_formula_agrees() {
    let sheet = sheet();
    let contests = labs().into_iter().filter_map(|lab| lab.contest());
    let rows: usize = contests.map(|contest| contest.variants.len()).sum();
    assert_eq!(sheet.rows.len(), rows);
    assert!(rows >= 16, "{rows} rows");
    let mut terms = 0;
    for row in &sheet.rows {
        let whose = format!("{} {}", row.lab, row.variant);
        assert_eq!(row.cells.len(), MISFORTUNES.len(), "{whose}");
        for cell in &row.cells {
            let what = format!("{whose}: {}", cell.misfortune);
            assert_ne!(cell.promise, Promise::Broken, "{what}");
            assert!(
                cell.broken.max(cell.during).max(cell.after) <= RUNS,
                "{what}"
            );
            assert_eq!(cell.broken > 0, cell.check.is_some(), "{what}");
        }
        for cost in &row.costs {
            assert!(
                cost.until_done.is_some(),
                "{whose}: {} is never done",
                cost.case
            );
            assert!(cost.delays_tenths.is_some(), "{whose}: {}", cost.case);
            for term in &cost.terms {
                terms += 1;
                assert!(term.agrees(), "{whose}: {}: {term:?}", cost.case);
            }
        }
    }
    assert!(terms >= 10, "{terms} formulas");
}

/// Without its rules a lab promises nothing, and breaks what it promises with them.
#[test]
fn a_variant_without_rules_promises_nothing() {
    let sheet = sheet();
    let mut seen = 0;
    for lab in labs() {
        let Some(contest) = lab.contest() else {
            continue;
        };
        for variant in contest
            .variants
            .iter()
            .filter(|one| !one.without.is_empty())
        {
            let mut rows = sheet.rows.iter();
            let row = rows.find(|row| row.lab == lab.card().id && row.variant == variant.id);
            let cells = &row.expect("a row").cells;
            assert!(cells.iter().all(|cell| cell.promise != Promise::Kept));
            assert!(cells.iter().any(|cell| cell.promise == Promise::NotGiven));
            seen += 1;
        }
    }
    assert!(seen > 0);
}

fn cell<'a>(sheet: &'a Sheet, lab: &str, variant: &str, misfortune: &str) -> &'a Cell {
    let mut rows = sheet.rows.iter();
    let row = rows.find(|row| row.lab == lab && row.variant == variant);
    let mut cells = row.expect("a row").cells.iter();
    let cell = cells.find(|cell| cell.misfortune == misfortune);
    cell.expect("a cell")
}

/// What a row is judged by are promises that hold at any time.
#[test]
fn rows_are_judged_by_checks_that_there_are() {
    for row in sheet().rows {
        let lab = splitbrain::protocols::find(&row.lab).expect("a lab");
        assert!(!row.judged.is_empty(), "{}", row.lab);
        for id in &row.judged {
            let mut checks = lab.info().checks.iter();
            let check = checks.find(|check| check.id == id);
            let mode = check.map(|check| check.mode);
            assert_eq!(mode, Some(Mode::Always), "{}: {id}", row.lab);
        }
    }
}

/// One lost disk is not promised to be survived, and what users see stands it all the same, in each lab of the family.
#[test]
fn one_lost_disk_is_the_same_for_all_that_agree() {
    let sheet = sheet();
    for (lab, variant) in [
        ("raft", ""),
        ("multi-paxos", ""),
        ("paxos", ""),
        ("version-vote", "majorities"),
    ] {
        let cell = cell(&sheet, lab, variant, "disk-lost");
        assert_eq!((cell.promise, cell.broken), (Promise::Held, 0), "{lab}");
        let most = self::cell(&sheet, lab, variant, "disks-lost");
        assert_eq!(most.promise, Promise::NotGiven, "{lab}");
    }
}

/// Whoever needs a majority elects nobody where there is none: that somebody hears of the old leader is no election.
#[test]
fn without_a_majority_nobody_is_elected_who_needs_one() {
    let sheet = sheet();
    let during = |lab, variant| cell(&sheet, lab, variant, "no-majority").during;
    assert_eq!(during("bully", "terms"), 0);
    assert_eq!(during("priority-vote", "acceptance"), 0);
    assert_eq!(during("priority-vote", "draw"), 0);
    assert_eq!(during("bully", "plain"), RUNS);
    for variant in ["plain", "terms"] {
        assert_eq!(cell(&sheet, "bully", variant, "one-dies").during, RUNS);
        assert_eq!(cell(&sheet, "bully", variant, "charge-gone").during, RUNS);
    }
}

/// A value that is chosen before a misfortune was not chosen in it.
#[test]
fn what_was_done_before_is_not_done_meanwhile() {
    let sheet = sheet();
    let split = cell(&sheet, "paxos", "", "no-majority");
    assert!(split.before.is_some_and(|runs| runs > 0 && runs < RUNS));
    assert_eq!(split.during, 0);
    let dies = cell(&sheet, "paxos", "", "one-dies");
    assert_eq!(dies.before.map(|runs| runs + dies.during), Some(RUNS));
    assert_eq!(cell(&sheet, "raft", "", "no-majority").before, None);
}

/// What the third phase is for: nobody in doubt waits for the dead.
#[test]
fn in_three_phases_nobody_waits_for_ever() {
    let sheet = sheet();
    let waits = |lab, variant| {
        let doubt = cell(&sheet, lab, variant, "charge-gone").doubt;
        doubt.expect("it is measured").waits
    };
    assert!(waits("two-phase-commit", "basic") > 0);
    assert!(waits("two-phase-commit", "presumed-abort") > 0);
    assert_eq!(waits("three-phase-commit", ""), 0);
    assert_eq!(cell(&sheet, "saga", "backward", "charge-gone").doubt, None);
}

/// Where a formula speaks of some kinds alone, the page adds up all.
#[test]
fn the_kinds_add_up() {
    let mut sums = 0;
    for row in sheet().rows {
        for cost in &row.costs {
            let sum: u64 = cost.kinds.iter().map(|(_, count)| count).sum();
            assert_eq!(cost.until_done, Some(sum), "{} {}", row.lab, cost.case);
            sums += u64::from(cost.wants_sum());
            assert!(!cost.terms.is_empty(), "{}: {}", row.lab, cost.case);
        }
    }
    assert!(sums >= 4, "{sums}");
}

/// Plays the run of an address to its end: every line is read, and what it expects is so.
fn plays(address: &str) -> History {
    let link = Link::read(address).expect("an address");
    let story = link.story.expect("a story");
    let story = Story::parse(&story, &labs(), &mut |_| Ok(())).expect("a story");
    let mut history = History::new(story.names.lab, story.setup.clone(), 100);
    let mut player = Player::new(&story);
    let ended = player.play(&mut history, u64::MAX, &mut |_| {}, &mut |line, outcome| {
        assert!(
            !matches!(outcome, Outcome::Unmet(_)),
            "{address}: {line:?}: {outcome:?}"
        );
    });
    assert!(ended);
    let at = link.at.expect("a place");
    assert!(at.step <= history.run().position().step, "{address}");
    history
}

#[test]
fn each_cell_opens_as_a_run_in_which_it_is_so() {
    for row in sheet().rows {
        for cell in &row.cells {
            let history = plays(&cell.address);
            let verdicts = history.run().verdicts().iter();
            let broken = verdicts.filter(|(_, verdict)| verdict.id() == "violated");
            let broken = broken.map(|(check, _)| check.id);
            let mut broken = broken.filter(|id| row.judged.iter().any(|judged| judged == id));
            let what = format!("{} {}: {}", row.lab, row.variant, cell.misfortune);
            match &cell.check {
                Some(check) => assert!(broken.any(|id| id == check), "{what}"),
                None => assert_eq!(broken.next(), None, "{what}"),
            }
        }
        for cost in &row.costs {
            plays(&cost.address);
        }
    }
}

/// A contest whose formula is wrong, and whose unit of work is never finished, is found out.
#[test]
fn what_is_wrong_is_seen() {
    let lab = splitbrain::protocols::find("two-phase-commit").expect("a lab") as &dyn Lab;
    let honest = lab.contest().expect("a contest");
    let variant = &honest.variants[0];
    static WRONG: [Case; 1] = [Case {
        id: "a-commit",
        params: &[],
        begin: |_| vec!["request n1 pay n2 1".to_owned()],
        until: None,
        formulas: &[Formula {
            text: "5(n - 1)",
            of: |n| 5 * (n - 1),
            about: About::InAll,
            at_most: false,
        }],
    }];
    let wrong = Variant {
        cases: &WRONG,
        ..*variant
    };
    let measured = costs(lab, honest, &wrong).expect("its parameters");
    assert!(!measured[0].terms[0].agrees());
    assert_eq!(measured[0].messages, 16);
    let idle = Contest {
        finished: Finished::Noted(&[]),
        ..*honest
    };
    let measured = costs(lab, &idle, variant).expect("its parameters");
    assert_eq!(measured[0].until_done, None);
    let unknown = Variant {
        params: &[("no_such", "1")],
        ..*variant
    };
    assert!(costs(lab, honest, &unknown).is_err());
}
