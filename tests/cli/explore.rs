//! `explore` and `merge`: what they find, what they say, and that neither threads nor parts matter.

use super::refusals::refused;
use super::{file, json, printed, text};
use serde_json::Value;

const OFF: [&str; 6] = ["explore", "raft", "--rule", "back-up=off", "--runs", "400"];
const GUARDED: &str = "after-calm-all-live-logs-are-alike";

#[test]
fn a_violation_is_a_story_that_plays_and_does_not_depend_on_threads() {
    let with = |more: &[&str]| printed(&[&OFF[..], more].concat(), "", 1).0;
    let story = with(&["--threads", "1"]);
    assert_eq!(story, with(&["--threads", "4"]));
    assert!(story.starts_with("lab raft seed="), "{story}");
    let end = format!("run until violated {GUARDED}\nexpect {GUARDED} violated\n");
    assert!(story.ends_with(&end), "{story}");
    let (_, err) = printed(&["run", "-", "--strict"], &story, 0);
    assert_eq!(err, "");
}

#[test]
fn what_was_found_is_told_in_json_and_written_to_a_file() {
    let out = file("found.story", "");
    let args = [&OFF[..], &["--json", "--out", text(&out)]].concat();
    let (document, err) = printed(&args, "", 1);
    assert_eq!(err, "");
    let found = &json(&document)["found"];
    assert_eq!(
        (&found["check"], &found["seed"]),
        (&GUARDED.into(), &1.into())
    );
    // The runs up to that one, and none of those that other threads made meanwhile.
    let run = found["run"].as_u64().expect("a number");
    assert_eq!(json(&document)["runs"], run + 1);
    let written = std::fs::read_to_string(&out).expect("the story");
    assert_eq!(found["story"], written);
}

#[test]
fn nothing_found_says_how_hard_it_looked() {
    let (out, err) = printed(
        &["explore", "heartbeat", "--runs", "120", "--set", "nodes=2"],
        "",
        0,
    );
    assert_eq!(err, "");
    assert!(out.starts_with("120 runs, "), "{out}");
    assert!(out.contains(" notes, 1 of 1 kinds of messages"), "{out}");
    assert!(out.ends_with("no check was violated\n"), "{out}");
}

#[test]
fn parts_joined_are_the_whole() {
    let part = |more: &[&str]| {
        let seeds = [
            "explore", "raft", "--seeds", "3..5", "--runs", "130", "--json",
        ];
        printed(&[&seeds[..], more].concat(), "", 0).0
    };
    let first = file("part-1.json", &part(&["--shard", "1/2"]));
    let second = file("part-2.json", &part(&["--shard", "2/2"]));
    let (joined, _) = printed(&["merge", text(&second), text(&first), "--json"], "", 0);
    let (joined, whole) = (json(&joined), json(&part(&[])));
    assert_eq!(joined["shards"], Value::from(vec![1, 2]));
    assert_eq!(whole["runs"], 260);
    for field in [
        "runs", "events", "notes", "messages", "roles", "turns", "faults", "found",
    ] {
        assert_eq!(joined[field], whole[field], "{field}");
    }
    let told = refused(&["merge", text(&first), text(&first)], "");
    assert!(told.contains("is there already"), "{told}");
    // A part of as many runs as nobody asked of the others would be counted as one of them.
    let fewer = [
        "explore", "raft", "--seeds", "3..5", "--runs", "120", "--json", "--shard", "2/2",
    ];
    let fewer = file("part-fewer.json", &printed(&fewer, "", 0).0);
    let slower = file(
        "part-wall.json",
        &part(&["--shard", "2/2", "--wall", "60s"]),
    );
    for other in [fewer, slower] {
        let told = refused(&["merge", text(&first), text(&other)], "");
        assert!(told.contains("has other bounds"), "{told}");
    }
    let told = refused(&["merge", "-"], "{}");
    assert!(
        told.contains("this is not what explore --json prints"),
        "{told}"
    );
}

/// Every pair of roles is named, with how often it was seen: 0 is what was not.
#[test]
fn turns_are_counted_and_those_never_seen_are_named() {
    let args = ["explore", "raft", "--runs", "200"];
    let (out, _) = printed(&args, "", 0);
    let line = out
        .lines()
        .find(|line| line.starts_with("servers turned: "));
    let (seen, never) = line
        .and_then(|line| line.split_once("; never: "))
        .expect("both");
    assert!(seen.contains("follower > candidate, "), "{seen}");
    assert!(never.contains("follower > leader"), "{never}");
    let (document, _) = printed(&[&args[..], &["--json"]].concat(), "", 0);
    let turns = &json(&document)["turns"];
    assert!(turns["candidate > leader"].as_u64() > Some(100), "{turns}");
    assert_eq!(turns["leader > candidate"], 0);
}

/// A planted mistake is in no list, and can be named all the same.
#[test]
fn a_hidden_rule_is_listed_nowhere_and_can_be_switched_off() {
    let mistake = "count-a-voter-once";
    for list in [&["labs"][..], &["labs", "--json"]] {
        let (listed, _) = printed(list, "", 0);
        assert!(!listed.contains(mistake), "{listed}");
    }
    let told = refused(&["explore", "raft", "--rule", "nothing=off"], "");
    assert!(!told.contains(mistake), "{told}");
    let off = format!("{mistake}=off");
    let story = format!("lab raft seed=1\nrule {mistake} off\nrun 1s\n");
    let (by_story, _) = printed(&["run", "-", "--summary", "json"], &story, 0);
    assert_eq!(json(&by_story)["rules_off"], Value::from(vec![mistake]));
    let args = ["explore", "raft", "--rule", &off, "--runs", "20", "--json"];
    let what = &json(&printed(&args, "", 0).0)["what"];
    assert_eq!(what["rules_off"], Value::from(vec![mistake]));
    assert_eq!(what["checks"], Value::from(vec!["one-leader-per-term"]));
}

#[test]
fn what_is_not_known_is_refused() {
    let told = refused(&["explore", "nothing"], "");
    assert!(
        told.starts_with("LAB:1:1: “nothing” is no lab here"),
        "{told}"
    );
    let told = refused(&["explore", "raft", "--rule", "nothing=off"], "");
    assert!(
        told.starts_with("--rule:1:1: “nothing” is no rule here"),
        "{told}"
    );
    let told = refused(&["explore", "raft", "--set", "nodes=77"], "");
    assert!(
        told.starts_with("--set:1:1: nodes=77 is out of bounds"),
        "{told}"
    );
    for wrong in [
        ["--seeds", "5..5"],
        ["--shard", "3/2"],
        ["--wall", "soon"],
        ["--runs", "0"],
    ] {
        let (_, err) = printed(&[&["explore", "raft"][..], &wrong].concat(), "", 2);
        assert!(err.contains("--help"), "{wrong:?}: {err}");
    }
}
