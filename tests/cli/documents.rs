//! The trace and the summary, and where they go.

use super::refusals::refused;
use super::{file, json, printed, support, text};
use serde_json::Value;
use splitbrain::protocols;
use std::io::Read;
use std::process::{Command, Stdio};

#[test]
fn a_story_of_the_library_plays_to_the_same_hash() {
    for lab in protocols::labs() {
        let (_, short) = lab
            .info()
            .stories
            .iter()
            .map(|s| (s.text.len(), s))
            .min_by_key(|(n, _)| *n)
            .expect("a story");
        let (history, _) = support::play(&support::parse(short.text), &mut |_| {});
        let (out, _) = printed(&["run", "-", "--summary", "json"], short.text, 0);
        let summary = json(&out);
        assert_eq!(
            summary["trace_hash"],
            format!("{:016x}", support::hash(&history))
        );
        assert_eq!(summary["events"], history.position().step);
        assert_eq!(summary["virtual_time_us"], history.position().time.0);
        assert_eq!(summary["lab"], lab.info().id);
        let messages = &summary["messages"];
        for count in ["sent", "delivered", "dropped"] {
            let of_kind = |kind: &&str| messages["by_type"][*kind][count].as_u64();
            let by_type: Option<u64> = lab.info().message_kinds.iter().map(of_kind).sum();
            assert_eq!(messages[count].as_u64(), by_type, "{count}");
        }
        let checks = summary["checks"].as_array().expect("checks");
        for (check, spec) in checks.iter().zip(lab.info().checks) {
            assert_eq!(check["id"], spec.id);
            let verdict = check["verdict"].as_str().expect("a verdict");
            assert!(["holds", "violated", "seen", "not-seen", "pending"].contains(&verdict));
            assert_eq!(check["first_failing_step"].is_u64(), verdict == "violated");
        }
    }
}

/// What an author's own checks ask of a new version: the same story, the same trace.
#[test]
fn the_hash_of_a_trace_is_printed_and_compared() {
    let story = "lab raft nodes=3 seed=1\nrun until leader\n";
    let (out, _) = printed(&["run", "-", "--trace-hash"], story, 0);
    let hash = out.trim();
    let (summary, _) = printed(&["run", "-", "--summary", "json"], story, 0);
    assert_eq!(json(&summary)["trace_hash"], hash);

    let same = format!("--trace-hash={hash}");
    let (out, err) = printed(&["run", "-", &same, "--summary", "json"], story, 0);
    assert_eq!(json(&out)["trace_hash"], hash);
    assert_eq!(err, "");

    let (out, err) = printed(&["run", "-", "--trace-hash=0123456789abcdef"], story, 1);
    assert_eq!(out, "");
    assert!(
        err.contains(hash) && err.contains("0123456789abcdef was expected"),
        "{err}"
    );

    let (_, err) = printed(&["run", "-", "--trace-hash=12"], story, 2);
    assert!(err.contains("sixteen hex digits"), "{err}");
    let (_, err) = printed(&["run", "-", "--trace-hash", "--trace", "text"], story, 2);
    assert!(err.contains("a document each"), "{err}");
}

#[test]
fn flags_stand_over_the_first_line_of_a_story() {
    let story = "lab raft nodes=3 seed=1\nrun 1s\n";
    let args = [
        "run",
        "-",
        "--seed",
        "7",
        "--set",
        "nodes=5",
        "--summary",
        "json",
    ];
    let (changed, _) = printed(&args, story, 0);
    let (written, _) = printed(
        &["run", "-", "--summary", "json"],
        "lab raft nodes=5 seed=7\nrun 1s\n",
        0,
    );
    assert_eq!(json(&changed)["params"]["nodes"], 5);
    assert_eq!(json(&changed), json(&written));
    let args = [
        "run", "--lab", "raft", "--set", "nodes=5", "--seed", "7", "--for", "1s",
    ];
    let (free, _) = printed(&[&args[..], &["--summary", "json"]].concat(), "", 0);
    assert_eq!(json(&free)["trace_hash"], json(&written)["trace_hash"]);
    assert_eq!(json(&free)["story"], Value::Null);
}

#[test]
fn the_trace_is_one_line_an_event() {
    let free = ["run", "--lab", "raft", "--for", "1s", "--seed", "3"];
    let (summary, _) = printed(&[&free[..], &["--summary", "json"]].concat(), "", 0);
    let events = json(&summary)["events"].as_u64().expect("events") as usize;
    let (lines, _) = printed(&[&free[..], &["--trace", "text"]].concat(), "", 0);
    assert_eq!(
        lines.lines().count(),
        events + 1,
        "a head, and a line an event"
    );
    let (lines, _) = printed(&[&free[..], &["--trace", "jsonl"]].concat(), "", 0);
    assert_eq!(lines.lines().count(), events);
    let (mut last_us, mut kinds) = (0, Vec::new());
    for (i, line) in lines.lines().enumerate() {
        let step = json(line);
        assert_eq!(step["step"], i as u64 + 1);
        assert!(step["time_us"].as_u64() >= Some(last_us));
        last_us = step["time_us"].as_u64().expect("a time");
        for list in ["sent", "notes", "reports", "touched"] {
            assert!(step[list].is_array(), "{list} of {line}");
        }
        for note in step["notes"].as_array().expect("notes") {
            assert!(note["id"].is_string() && note["args"].is_object(), "{note}");
            assert!(
                note["text"].is_string() && note.get("cites").is_some(),
                "{note}"
            );
        }
        if step["event"] == "delivered" {
            assert!(
                step["content"].is_object() && step["message"].is_string(),
                "{line}"
            );
        }
        kinds.push(step["event"].as_str().expect("an event").to_owned());
    }
    for kind in ["started", "delivered", "timer-fired", "written"] {
        assert!(kinds.iter().any(|k| k == kind), "no {kind}");
    }
}

#[test]
fn a_trace_and_a_summary_go_to_two_places() {
    let (story, out) = (
        file("two.story", "lab raft\nrun 300ms\n"),
        file("two.trace", ""),
    );
    let both = [
        "run",
        text(&story),
        "--trace",
        "text",
        "--summary",
        "json",
        "--out",
        text(&out),
    ];
    let (summary, _) = printed(&both, "", 0);
    let (trace, _) = printed(&["run", text(&story), "--trace", "text"], "", 0);
    assert_eq!(std::fs::read_to_string(&out).expect("the trace"), trace);
    let events = json(&summary)["events"].as_u64().expect("events") as usize;
    assert_eq!(trace.lines().count(), events + 1);
    let over = refused(
        &[
            "run",
            text(&story),
            "--trace",
            "text",
            "--out",
            text(&story),
        ],
        "",
    );
    assert!(
        over.ends_with(": the file would overwrite the story"),
        "{over}"
    );
    assert_eq!(
        std::fs::read_to_string(&story).expect("the story"),
        "lab raft\nrun 300ms\n"
    );
}

#[test]
fn each_form_of_the_trace_begins_as_it_should() {
    let begin = |form: &str| {
        let free = ["run", "--lab", "raft", "--for", "1s", "--trace", form];
        let (document, err) = printed(&free, "", 0);
        assert_eq!(err, "", "{form}");
        document
    };
    let log = begin("shiviz");
    let clock = log.lines().nth(1).expect("a clock");
    assert_eq!(clock, "n1 {\"n1\":1}");
    assert!(begin("mermaid").starts_with("sequenceDiagram\n    participant n1\n"));
    assert!(begin("csv").starts_with("time_s,events_total,VoteRequest_sent_total,"));
}

#[test]
fn a_picture_is_a_document_of_its_own() {
    let (trace, picture) = (file("all.trace", ""), file("all.svg", ""));
    let free = ["run", "--lab", "raft", "--for", "1s", "--picture", "svg"];
    let (alone, _) = printed(&free, "", 0);
    assert!(alone.starts_with("<svg ") && alone.ends_with("</svg>\n"));
    assert_eq!(printed(&free, "", 0).0, alone, "the same bytes each time");
    let to = ["--picture-out", text(&picture)];
    let (people, _) = printed(&[&free[..], &to].concat(), "", 0);
    assert!(people.starts_with("lab raft seed=1\n"), "{people}");
    let read = |path| std::fs::read_to_string(path).expect("a document");
    assert_eq!(read(&picture), alone);
    let rest = ["--trace", "csv", "--out", text(&trace), "--summary", "json"];
    let (summary, _) = printed(&[&free[..], &to, &rest].concat(), "", 0);
    assert!(json(&summary)["events"].is_u64());
    assert_eq!(read(&picture), alone);
    assert!(read(&trace).starts_with("time_s,"));
}

#[test]
fn a_poster_is_the_stage_at_the_end() {
    let (first, later) = (file("first.svg", ""), file("later.svg", ""));
    let to = |path| {
        [
            "run",
            "--lab",
            "raft",
            "--seed",
            "7",
            "--poster",
            text(path),
        ]
    };
    let (people, _) = printed(&[&to(&first)[..], &["--for", "1ms"]].concat(), "", 0);
    assert!(people.starts_with("lab raft seed=7\n"), "{people}");
    printed(&[&to(&later)[..], &["--for", "1s"]].concat(), "", 0);
    let read = |path| std::fs::read_to_string(path).expect("a poster");
    let (before, after) = (read(&first), read(&later));
    assert!(before.starts_with("<svg ") && before.ends_with("</svg>\n"));
    assert!(!before.contains("leader") && after.contains("leader"));
    let story = file("own.story", "lab raft\n");
    let over = ["run", text(&story), "--poster", text(&story)];
    printed(&over, "", 2);
    assert_eq!(read(&story), "lab raft\n");
}

#[test]
fn a_reader_that_leaves_early_is_no_fault() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_splitbrain"))
        .args(["run", "--lab", "raft", "--for", "600s", "--trace", "jsonl"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut stdout = child.stdout.take().expect("a pipe");
    let mut start = [0; 1000];
    stdout
        .read_exact(&mut start)
        .expect("the start of the trace");
    drop(stdout);
    let output = child.wait_with_output().expect("the program ends");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}
