//! `exhaust`: what it counts, what it says, and the stories that come out of it.

use super::refusals::refused;
use super::{file, json, printed, text};
use serde_json::Value;

const TWO: [&str; 5] = ["exhaust", "raft", "--set", "nodes=2", "--json"];

#[test]
fn a_small_world_that_is_clean_is_counted() {
    let (out, err) = printed(&TWO, "", 0);
    assert_eq!(err, "");
    let (again, _) = printed(&TWO, "", 0);
    let (found, again) = (json(&out), json(&again));
    for field in ["states", "unique", "depth"] {
        assert!(found[field].as_u64() > Some(10), "{field}");
        assert_eq!(found[field], again[field], "{field}");
    }
    assert_eq!(
        (&found["complete"], &found["ended"]),
        (&true.into(), &"complete".into())
    );
    assert_eq!(found["violations"], Value::Array(Vec::new()));
    assert_eq!(found["seen"]["an-entry-commits"], true);
    assert!(
        found["judged"]
            .as_array()
            .is_some_and(|all| all.len() == 12)
    );
    assert!(
        found["not_judged"]
            .as_array()
            .is_some_and(|all| all.len() == 4)
    );
    let (out, _) = printed(&TWO[..4], "", 0);
    assert!(
        out.ends_with("complete: these are all states, and no check was violated\n"),
        "{out}"
    );
}

#[test]
fn bounds_are_kept_and_said() {
    let with = |more: &[&str]| json(&printed(&[&TWO[..], more].concat(), "", 0).0);
    let shallow = with(&["--depth", "6"]);
    assert_eq!(
        (&shallow["depth"], &shallow["complete"]),
        (&6.into(), &false.into())
    );
    assert_eq!(shallow["ended"], "depth");
    let few = with(&["--states", "50"]);
    assert_eq!(
        (&few["unique"], &few["complete"]),
        (&50.into(), &false.into())
    );
    assert_eq!(few["ended"], "states");
    // Of each kind of misfortune, more makes more states.
    let count = |value: &Value| value["unique"].as_u64().expect("a number");
    let none = count(&with(&["--timeouts", "0", "--crashes", "0"]));
    let timeout = count(&with(&["--crashes", "0"]));
    let crash = count(&with(&["--crashes", "1"]));
    let drop = count(&with(&["--crashes", "0", "--drops", "1"]));
    assert!(none < timeout && timeout < crash && timeout < drop);
    // Two servers: nearly every state has a twin.
    let alike = count(&with(&["--timeouts", "1", "--crashes", "1", "--symmetry"]));
    assert!(alike < crash && alike * 2 >= crash, "{alike} of {crash}");
}

#[test]
fn a_violation_is_a_story_that_plays() {
    let off = [
        "exhaust",
        "raft",
        "--set",
        "nodes=2",
        "--set",
        "clients=0",
        "--timeouts",
        "2",
    ];
    let off = [&off[..], &["--rule", "more-than-half=off"]].concat();
    let out = file("exhausted.story", "");
    let (story, err) = printed(&[&off[..], &["--out", text(&out)]].concat(), "", 1);
    assert!(
        err.contains("one-leader-per-term violated after 6 steps"),
        "{err}"
    );
    assert_eq!(std::fs::read_to_string(&out).expect("the story"), story);
    assert!(
        story.ends_with("expect one-leader-per-term violated\n"),
        "{story}"
    );
    let (_, err) = printed(&["run", "-", "--strict"], &story, 0);
    assert_eq!(err, "");
    let (document, err) = printed(&[&off[..], &["--json"]].concat(), "", 1);
    assert_eq!(err, "");
    let document = json(&document);
    let violation = &document["violations"][0];
    assert_eq!(violation["check"], "one-leader-per-term");
    assert_eq!(
        (&violation["steps"], &violation["story"]),
        (&6.into(), &story.into())
    );
    assert_eq!(
        (&document["complete"], &document["depth"]),
        (&false.into(), &6.into())
    );
    assert_eq!(document["rules_off"][0], "more-than-half");
}

#[test]
fn what_cannot_be_explored_is_refused_in_a_sentence() {
    let told = refused(&["exhaust", "heartbeat"], "");
    assert!(
        told.starts_with("LAB:1:1: the safety of heartbeat rests on time"),
        "{told}"
    );
    let told = refused(&["exhaust", "raft", "--request", "c9 put x=1"], "");
    assert!(told.starts_with("--request:1:1: “c9” is no node"), "{told}");
    let request = ["--request", "c1 get x to n2", "--symmetry"];
    let told = refused(&[&["exhaust", "raft"][..], &request].concat(), "");
    assert!(
        told.contains("names a server, so the servers are not alike"),
        "{told}"
    );
    let told = refused(&["exhaust", "raft", "--set", "nodes=9", "--symmetry"], "");
    assert!(told.contains("no more than 5 servers"), "{told}");
    let told = refused(&["exhaust", "raft", "--rule", "nothing=off"], "");
    assert!(
        told.starts_with("--rule:1:1: “nothing” is no rule here"),
        "{told}"
    );
}
