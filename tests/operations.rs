//! The operations of clients: what the judge says of them at each step, and the words for it.

mod support;

use splitbrain::engine::Time;
use splitbrain::lab::linear::{Account, CHECK, Judged, Opinion};
use splitbrain::lab::{Dictionary, History, Lab, Lang, Names, Run, Story, Told, Verdict};
use splitbrain::view::{Operation, dictionary, operations, opinion_text, picture_of_branch};
use support::{hash, parse, play};

const FAILS: &str = include_str!("../src/protocols/raft/stories/without-confirmation.story");
const SEEN: &str = include_str!("../src/protocols/raft/stories/without-apply-once-seen.story");
const CRASH: &str = include_str!("../src/protocols/raft/stories/client-crash.story");

/// The account of a story, the run at its end, and how much each step said of the opinion.
struct Played {
    story: Story,
    account: Account,
    run: Run,
    history: History,
    /// The first step at which the judge found no order.
    first: Option<u64>,
}

fn judged(account: &Account, run: &Run) -> Judged {
    account.judge(run.world().steps(), run.world().now(), &mut || true)
}

fn played(text: &str) -> Played {
    let story = parse(text);
    // A golden story ends with its hash: what is looked at here is that run.
    let golden = text
        .lines()
        .find_map(|line| line.strip_prefix("expect trace "));
    let mut account = Account::default();
    let (mut last, mut first) = (None, None);
    let (history, _) = play(&story, &mut |run| {
        let before = account.told(u64::MAX);
        Told::of(run.world().record()).for_each(|told| account.note(&told));
        if first.is_none() && account.told(u64::MAX) > before {
            let fails = judged(&account, run).reason().is_some();
            first = fails.then(|| run.world().steps());
        }
        last = Some(run.clone());
    });
    if let Some(golden) = golden {
        assert_eq!(format!("{:016x}", hash(&history)), golden);
    }
    let run = last.expect("a story has steps");
    Played {
        story,
        account,
        run,
        history,
        first,
    }
}

fn shown(played: &Played, judged: &Judged, words: &Dictionary) -> Vec<Operation> {
    let whole = (Time(0), Time(u64::MAX));
    operations(&played.account, judged, whole, judged.step, words)
}

fn words(played: &Played, lang: Lang) -> Dictionary {
    let lab: &'static dyn Lab = played.story.names.lab;
    dictionary(lab, lang)
}

fn said(played: &Played, lang: Lang) -> String {
    let judged = judged(&played.account, &played.run);
    let names: &Names = &played.story.names;
    opinion_text(&played.account, &judged, names, &words(played, lang))
}

/// The step in which the check went red.
fn red(run: &Run) -> Option<u64> {
    let check = run.verdicts().iter().find(|(spec, _)| spec.id == CHECK);
    match check.expect("the lab has the check").1 {
        Verdict::Violated { step, .. } => Some(step),
        _ => None,
    }
}

#[test]
fn the_set_that_no_order_explains_is_marked_and_told() {
    let played = played(FAILS);
    let judged = judged(&played.account, &played.run);
    let all = shown(&played, &judged, &words(&played, Lang::En));
    let texts: Vec<_> = all
        .iter()
        .map(|o| (o.text.as_str(), o.marked, o.stuck))
        .collect();
    assert_eq!(
        texts,
        [
            ("put x=1", true, false),
            ("put x=2", true, false),
            ("get x → 1", true, true)
        ]
    );
    assert!(all.iter().all(|o| o.place.is_none()), "there is no order");
    assert_eq!(
        said(&played, Lang::En),
        "get x of c2 returned 1. But put x=2 of c1 had been answered before it began. And put x=1 \
         of c1 had been answered before put x=2 of c1 began. So x was 2 by then, and no other \
         operation can have made it 1."
    );
    assert!(said(&played, Lang::ZhHans).contains("所以那时 x 是 2，别的操作也不可能把它变成 1"));
}

#[test]
fn the_marks_come_in_the_step_in_which_the_check_goes_red() {
    for story in [FAILS, SEEN] {
        let played = played(story);
        assert!(red(&played.run).is_some(), "the check is violated");
        assert_eq!(played.first, red(&played.run));
    }
    assert_eq!(played(CRASH).first, None);
}

/// What was freed while shrinking is in no set: a read that saw the same before is not marked
/// unless it matters.
#[test]
fn a_value_that_comes_back_is_told_with_what_overwrote_it() {
    let played = played(SEEN);
    let text = said(&played, Lang::En);
    assert!(
        text.starts_with(
            "get x of c2 returned 1. But put x=2 of c2 had been answered before it began."
        ),
        "{text}"
    );
    assert!(
        text.ends_with("x was 2 by then, and no other operation can have made it 1."),
        "{text}"
    );
}

#[test]
fn the_order_is_one_and_lies_between_beginnings_and_ends() {
    let story =
        "lab raft seed=7 clients=6 rate=20\nrun 4s\nkill c2\nrun 200ms\nrestart c2\nrun 3s\n";
    let played = played(story);
    let judged = judged(&played.account, &played.run);
    assert_eq!(judged.opinion, Opinion::Holds);
    let mut all = shown(&played, &judged, &words(&played, Lang::En));
    assert!(all.len() > 100, "{}", all.len());
    for one in &all {
        if one.to.is_some() {
            assert!(one.place.is_some(), "{} was answered", one.text);
        }
        if let Some((_, moment)) = one.place {
            assert!(one.from <= moment && one.to.is_none_or(|to| moment <= to));
        }
    }
    all.retain(|one| one.place.is_some());
    all.sort_by_key(|one| one.place.map(|(number, _)| number));
    let numbers: Vec<u32> = all.iter().filter_map(|o| o.place.map(|(n, _)| n)).collect();
    assert_eq!(numbers, (1..=all.len() as u32).collect::<Vec<_>>());
    assert!(all.is_sorted_by_key(|one| one.place.map(|(_, moment)| moment)));
}

#[test]
fn what_crashed_before_it_was_answered_fades_and_is_not_needed() {
    let played = played(CRASH);
    let judged = judged(&played.account, &played.run);
    let all = shown(&played, &judged, &words(&played, Lang::En));
    let lost = &all[0];
    assert_eq!(
        (lost.text.as_str(), lost.to, lost.place),
        ("put x=1 → ?", None, None)
    );
    assert_eq!(
        lost.fades,
        Some(all[1].from),
        "until its client began another"
    );
}

#[test]
fn too_many_operations_are_not_judged_and_that_is_said() {
    let mut played = played(FAILS);
    played.account.miss();
    let judged = judged(&played.account, &played.run);
    assert_eq!(judged.opinion, Opinion::TooMany);
    assert!(said(&played, Lang::En).starts_with("No order is looked for"));
}

#[test]
fn the_picture_shows_the_same() {
    let plugin = splitbrain::protocols::CATALOGUE;
    let raft = plugin
        .iter()
        .find(|lab| lab.info().id == "raft")
        .expect("it is there");
    let fails = played(FAILS);
    for lang in Lang::ALL {
        let words = words(&fails, lang);
        let svg = picture_of_branch(&fails.history, *raft, &words).expect("it is short");
        let lines: String = svg.lines().filter(|line| line.contains("<desc>")).collect();
        assert!(
            lines.contains(&said(&fails, lang)),
            "for a screen reader: {lines}"
        );
        for text in ["! put x=1", "! put x=2", "\u{2717} get x → 1"] {
            assert_eq!(svg.matches(&format!(">{text}<")).count(), 1, "{text}");
        }
    }
    let holds = played(CRASH);
    let words = words(&holds, Lang::En);
    let svg = picture_of_branch(&holds.history, *raft, &words).expect("it is short");
    assert!(svg.contains(">put x=1 → ?<") && !svg.contains(">! put"));
    assert!(svg.contains(&words.text("picture.operations")));
    assert!(!svg.contains(&words.text("picture.fails")));
}
