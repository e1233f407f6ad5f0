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
        "runs", "events", "notes", "messages", "roles", "faults", "found",
    ] {
        assert_eq!(joined[field], whole[field], "{field}");
    }
    let told = refused(&["merge", text(&first), text(&first)], "");
    assert!(
        told.contains("of another search, or is there already"),
        "{told}"
    );
    let told = refused(&["merge", "-"], "{}");
    assert!(
        told.contains("this is not what explore --json prints"),
        "{told}"
    );
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
