//! Rules and search as pairs: with a rule off the search finds a run that breaks what the rule
//! guards, within a stated number of runs; with all on it finds none. And what it finds is an
//! ordinary story, as short as it gets, that plays by the player of stories.
//!
//! `cargo xtask sweep` runs the whole of it and writes down what it took: docs/checking.md.

use splitbrain::lab::search::{
    Answer, Batch, Bounds, Finding, Goal, Ledger, Order, Quest, Search, Servant, Shrinker, Shrunk,
    Tally,
};
use splitbrain::lab::{History, Lab, Outcome, Player, Story};
use splitbrain::protocols::labs;
use std::fmt::Write;

/// Each rule with a seed of the search, and the number of runs within which it finds a violation
/// of the check that the rule guards.
const WITHIN: [(&str, &str, u64, u64); 10] = [
    ("raft", "compare-logs", 1, 50),
    ("raft", "commit-own-term", 9, 4000),
    ("raft", "persist-vote", 2, 1500),
    ("raft", "randomise-timeout", 1, 10),
    ("raft", "confirm-leadership", 1, 100),
    ("raft", "more-than-half", 1, 50),
    ("raft", "apply-once", 3, 50),
    ("raft", "check-previous", 1, 50),
    ("raft", "back-up", 1, 20),
    ("heartbeat", "restart-on-arrival", 1, 10),
];

/// How many runs with all rules on are made in every test run, for each lab.
const CLEAN: u64 = 2000;
/// A story with more commands than this is not short.
const SHORT: usize = 12;

fn lab(id: &str) -> &'static dyn Lab {
    let all = labs();
    let found = all.iter().find(|lab| lab.info().id == id);
    *found.unwrap_or_else(|| panic!("no lab {id}"))
}

fn search(lab: &'static dyn Lab, off: Option<&str>, seed: u64) -> Search {
    let off = off.map(|rule| lab.rule(rule).expect("a rule of the lab"));
    let goal = Goal::without(lab, off.as_slice());
    Search::new(lab, goal, Bounds::new(lab, seed))
}

fn first(search: &mut Search, runs: u64) -> Option<Finding> {
    (0..runs).find_map(|number| search.run_one(number))
}

fn shrunk(lab: &'static dyn Lab, search: &Search, finding: &Finding) -> Shrunk {
    let mut shrinker = Shrinker::new(lab, search.goal(), finding).expect("it breaks again");
    while shrinker.step() {}
    shrinker.story()
}

/// Plays a story as a person would; the checks that it breaks, by their ids, and the steps.
fn played(text: &str, strict: bool) -> Vec<(&'static str, u64)> {
    let read = Story::parse(text, &labs(), &mut |_| Ok(()));
    let story = read.unwrap_or_else(|error| panic!("{error:?} in:\n{text}"));
    let mut history = History::new(story.names.lab, story.setup.clone(), 0);
    let mut ended = |_: &_, outcome| {
        assert!(
            !strict || outcome == Outcome::Done,
            "{outcome:?} in:\n{text}"
        );
    };
    let done = Player::new(&story).play(&mut history, 1_000_000, &mut |_| {}, &mut ended);
    assert!(done, "too long:\n{text}");
    let verdicts = history.run().verdicts().iter();
    let broken = verdicts.filter_map(|(check, verdict)| match verdict {
        splitbrain::lab::Verdict::Violated { step, .. } => Some((check.id, step)),
        splitbrain::lab::Verdict::Holds
        | splitbrain::lab::Verdict::Seen { .. }
        | splitbrain::lab::Verdict::NotSeen
        | splitbrain::lab::Verdict::Pending => None,
    });
    broken.collect()
}

#[test]
fn every_rule_has_its_number_of_runs() {
    for lab in labs() {
        for rule in lab.info().rules {
            let stated =
                |(of, id, ..): &&(&str, &str, u64, u64)| (*of, *id) == (lab.info().id, rule.id);
            assert_eq!(WITHIN.iter().filter(stated).count(), 1, "{}", rule.id);
        }
    }
}

#[test]
fn with_a_rule_off_the_search_finds_what_it_was_for() {
    for (id, rule, seed, within) in WITHIN {
        let lab = lab(id);
        let mut search = search(lab, Some(rule), seed);
        let finding = first(&mut search, within);
        let finding = finding.unwrap_or_else(|| panic!("{rule}: nothing in {within} runs"));
        let shrunk = shrunk(lab, &search, &finding);
        let text = shrunk.story.print();
        let guards = lab.info().rules.iter().find(|known| known.id == rule);
        let guards = guards.expect("a rule of the lab").guards;
        let broken = played(&text, true);
        assert!(
            broken.contains(&(guards, shrunk.step)),
            "{broken:?}:\n{text}"
        );
        assert!(shrunk.commands <= SHORT, "not short:\n{text}");
        let on = text.replace(&format!("rule {rule} off\n"), "");
        let holds = played(&on, false).iter().all(|(check, _)| *check != guards);
        assert!(holds, "the rule is on, and {guards} is violated:\n{on}");
    }
}

#[test]
fn with_all_rules_on_the_search_finds_nothing_and_has_looked() {
    for lab in labs() {
        let mut search = search(lab, None, 1);
        if let Some(finding) = first(&mut search, CLEAN) {
            let shrunk = shrunk(lab, &search, &finding);
            panic!("all rules are on:\n{}", shrunk.story.print());
        }
        let (tally, info) = (search.tally(), lab.info());
        assert_eq!(tally.runs, CLEAN);
        assert!(tally.events > CLEAN * 10, "{} events", tally.events);
        assert_eq!(tally.messages_seen(), info.message_kinds.len());
        // Some are said only where a check or a rule is broken.
        let enough = info.notes.len() * 2 / 3;
        assert!(tally.notes_seen() >= enough, "{:?}", tally.notes);
    }
}

#[test]
fn a_run_is_the_same_whatever_ran_before() {
    for lab in labs() {
        let rule = lab.info().rules[0].id;
        let (mut one, mut other) = (search(lab, Some(rule), 7), search(lab, Some(rule), 7));
        let said = |finding: Option<Finding>| format!("{finding:?}");
        let forth: Vec<String> = (0..60).map(|n| said(one.run_one(n))).collect();
        let back: Vec<String> = (0..60).rev().map(|n| said(other.run_one(n))).collect();
        assert!(forth.iter().eq(back.iter().rev()));
        assert_eq!(one.tally(), other.tally());
        assert!(
            forth.iter().any(|said| said != "None"),
            "{rule}: nothing found"
        );
    }
}

#[test]
fn nothing_can_be_left_out_of_a_shrunk_story() {
    let lab = lab("raft");
    let mut search = search(lab, Some("back-up"), 1);
    let finding = first(&mut search, 500).expect("a violation");
    let text = shrunk(lab, &search, &finding).story.print();
    let lines: Vec<&str> = text.lines().collect();
    // All but the first line, the rule, and the two of the end.
    for gone in 2..lines.len() - 2 {
        let kept = lines.iter().enumerate().filter(|(i, _)| *i != gone);
        let fewer: Vec<&str> = kept.map(|(_, line)| *line).collect();
        let fewer = fewer.join("\n");
        let breaks = played(&fewer, false);
        let guards = "after-calm-all-live-logs-are-alike";
        assert!(
            breaks.iter().all(|(check, _)| *check != guards),
            "without {:?} it breaks, too:\n{text}",
            lines[gone]
        );
    }
}

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/checking.md");

/// The page tells of every rule and every lab; `cargo xtask sweep` writes it anew.
#[test]
fn what_each_rule_took_is_written_down() {
    if let Ok(seeds) = std::env::var("SPLITBRAIN_SWEEP") {
        sweep(seeds.parse().expect("a number of seeds"));
    }
    let page = std::fs::read_to_string(PAGE).expect("the page is there");
    for lab in labs() {
        let id = lab.info().id;
        for rule in lab.info().rules {
            let row = format!("| {id} | {} | {} |", rule.id, rule.guards);
            assert!(page.contains(&row), "no row {row}");
        }
        assert!(page.contains(&format!("| {id} | 1 |")), "no row for {id}");
    }
}

/// So many runs with all rules on, by two threads; none may break anything.
fn clean(lab: &'static dyn Lab, runs: u64) -> Tally {
    let part = |range: std::ops::Range<u64>| {
        let mut search = search(lab, None, 1);
        for number in range {
            if let Some(finding) = search.run_one(number) {
                let story = shrunk(lab, &search, &finding).story.print();
                panic!("all rules are on, run {number}:\n{story}");
            }
        }
        search.take_tally()
    };
    std::thread::scope(|scope| {
        let half = scope.spawn(|| part(0..runs / 2));
        let mut tally = part(runs / 2..runs);
        tally.add(&half.join().expect("no violation"));
        tally
    })
}

/// The most runs that one rule and one seed may take.
const PATIENCE: u64 = 200_000;

fn sweep(seeds: u64) {
    let mut table = String::from(
        "| lab | rule off | check that breaks | runs needed, by seed | commands of the story |\n\
         |---|---|---|---|---|\n",
    );
    let mut most = 0;
    for (id, rule, ..) in WITHIN {
        let lab = lab(id);
        let (mut runs, mut commands) = (Vec::new(), Vec::new());
        for seed in 1..=seeds {
            let mut search = search(lab, Some(rule), seed);
            let finding = first(&mut search, PATIENCE);
            let finding = finding.unwrap_or_else(|| panic!("{rule}: nothing with seed {seed}"));
            runs.push((finding.number + 1).to_string());
            most = most.max(finding.number + 1);
            commands.push(shrunk(lab, &search, &finding).commands.to_string());
        }
        let guards = lab.info().rules.iter().find(|known| known.id == rule);
        let guards = guards.expect("a rule of the lab").guards;
        let (runs, commands) = (runs.join(", "), commands.join(", "));
        writeln!(table, "| {id} | {rule} | {guards} | {runs} | {commands} |").expect("a text");
    }
    table.push_str("\n| lab, all rules on | seed | runs | events | notes seen | violations |\n");
    table.push_str("|---|---|---|---|---|---|\n");
    for lab in labs() {
        let runs = most * 100;
        let tally = clean(lab, runs);
        let (id, notes) = (lab.info().id, lab.info().notes.len());
        let (seen, events) = (tally.notes_seen(), tally.events);
        let row = format!("| {id} | 1 | {runs} | {events} | {seen} of {notes} | 0 |");
        writeln!(table, "{row}").expect("a text");
    }
    let page = std::fs::read_to_string(PAGE).expect("the page is there");
    let place = page.split_once("<!-- sweep -->\n");
    let (head, rest) = place.expect("a place for the tables");
    let (_, tail) = rest.split_once("<!-- end -->").expect("the end of them");
    let page = format!("{head}<!-- sweep -->\n{table}<!-- end -->{tail}");
    std::fs::write(PAGE, page).expect("the page can be written");
}

/// What servants found, who share the runs out among themselves: so many of them, one after the
/// other in turns that `order` decides, each for so many runs; and what they saw up to it.
fn shared_out(
    quest: &Quest,
    servants: usize,
    runs: u64,
    order: impl Fn(u64) -> u64,
) -> Option<u64> {
    let labs = labs();
    let mut ledger = Ledger::new(3000);
    let mut all: Vec<Servant> = (0..servants).map(|_| Servant::default()).collect();
    let mut out: Vec<Option<Batch>> = vec![None; servants];
    for turn in 0.. {
        if ledger.found().is_some() || ledger.over() {
            break;
        }
        for batch in out.iter_mut().filter(|batch| batch.is_none()) {
            *batch = ledger.take(runs);
        }
        let who = (order(turn) % servants as u64) as usize;
        let Some(batch) = out[who].take() else {
            continue;
        };
        // Every seventh dies over its work, and another one begins in its place.
        if order(turn).is_multiple_of(7) {
            all[who] = Servant::default();
            ledger.give_back(batch, batch.from, false);
            continue;
        }
        let text = Order::Runs(batch).print(quest);
        // Some are late at once.
        let late = order(turn).is_multiple_of(3);
        let answer = all[who].obey(&text, &labs, &|| late).expect("an order");
        let Some(Answer::Ran { to, found, tally }) = Answer::read(&answer, quest.lab) else {
            panic!("{answer}");
        };
        assert_eq!(tally.runs, to - batch.from);
        ledger.give_back(batch, to, found);
    }
    ledger.found()
}

#[test]
fn what_servants_find_is_what_one_search_finds() {
    for (id, rule, seed) in [
        ("raft", "compare-logs", 1),
        ("raft", "back-up", 2),
        ("raft", "check-previous", 1),
    ] {
        let lab = lab(id);
        let mut one = search(lab, Some(rule), seed);
        let finding = first(&mut one, 3000).expect("a violation");
        let goal = one.goal().clone();
        let quest = Quest { lab, goal, seed };
        let mix = |turn: u64| (turn + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40;
        for (servants, runs) in [(1, 1000), (2, 3), (5, 4), (8, 1)] {
            let found = shared_out(&quest, servants, runs, mix);
            assert_eq!(found, Some(finding.number), "{rule}: {servants} servants");
        }
        // And the story, however often it was interrupted.
        let alone = shrunk(lab, &one, &finding);
        let mut servant = Servant::default();
        let order = Order::Shrink(finding.number).print(&quest);
        loop {
            let answer = servant.obey(&order, &labs(), &|| true).expect("an order");
            let Some(Answer::Shrunk(found)) = Answer::read(&answer, lab) else {
                panic!("{answer}");
            };
            let check = lab.info().checks[found.check].id;
            assert!(played(&found.story, true).contains(&(check, found.step)));
            if found.shortest {
                assert_eq!(found.story, alone.story.print());
                assert_eq!((found.commands, found.tried), (alone.commands, alone.tried));
                break;
            }
        }
    }
}

#[test]
fn nonsense_is_no_order_and_no_answer() {
    let raft = lab("raft");
    let orders = [
        "",
        "raft 1\n",
        "raft 1\nruns 0",
        "raft 1\nruns 0 5 7",
        "raft 1\nruns -1 5",
        "raft one\nruns 0 5",
        "nothing 1\nruns 0 5",
        "raft 1 nothing\nruns 0 5",
        "raft 1\nsing 5",
    ];
    for order in orders {
        let answer = Servant::default().obey(order, &labs(), &|| true);
        assert_eq!(answer, None, "{order:?}");
    }
    let good = Servant::default().obey("raft 1\nruns 4 6", &labs(), &|| false);
    let good = good.expect("an order");
    assert!(Answer::read(&good, raft).is_some(), "{good}");
    // Of another lab, which has other notes; and cut off anywhere.
    assert_eq!(Answer::read(&good, lab("heartbeat")), None);
    let lines = good.lines().count();
    for cut in 0..lines {
        let text: String = good
            .lines()
            .take(cut)
            .map(|line| format!("{line}\n"))
            .collect();
        assert_eq!(Answer::read(&text, raft), None, "{text:?}");
    }
    for answer in [
        "",
        "ran\n",
        "shortest 99 1 1 1 1 1\nlab raft",
        "shortest 1 1\nlab raft",
    ] {
        assert_eq!(Answer::read(answer, raft), None, "{answer:?}");
    }
}
