//! The program itself: exit codes, complaints with their places, the shapes of its documents.

mod support;

use serde_json::Value;
use splitbrain::lab::{Mode, ParamKind};
use splitbrain::protocols;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// Runs the program with this on its standard input.
fn splitbrain(args: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_splitbrain"))
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    // A program that refuses its flags does not read.
    let _ = stdin.write_all(input.as_bytes());
    drop(stdin);
    child.wait_with_output().expect("the program ends")
}

/// What it printed, after it ended with this code.
fn printed(args: &[&str], input: &str, code: i32) -> (String, String) {
    let output = splitbrain(args, input);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    let (out, err) = (text(output.stdout), text(output.stderr));
    assert_eq!(
        output.status.code(),
        Some(code),
        "{args:?}\n{input}\n{out}\n{err}"
    );
    (out, err)
}

/// The one sentence with which bad input is refused.
fn refused(args: &[&str], input: &str) -> String {
    let (out, err) = printed(args, input, 2);
    assert_eq!(out, "", "a refused call prints no document");
    assert_eq!(err.lines().count(), 1, "one sentence: {err}");
    err.trim_end().to_owned()
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// A file of this test's own.
fn file(name: &str, text: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let path = folder.join(format!("cli-{}-{name}", std::process::id()));
    std::fs::write(&path, text).expect("a file of this test");
    path
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a plain path")
}

#[test]
fn help_and_wrong_flags_are_as_clap_does_them() {
    let (help, _) = printed(&["run", "--help"], "", 0);
    for flag in [
        "--set",
        "--seed",
        "--for",
        "--rule",
        "--strict",
        "--trace",
        "--summary",
        "--out",
    ] {
        assert!(help.contains(flag), "{flag} in {help}");
    }
    for wrong in [
        &["run", "--nonsense"][..],
        &["run"],
        &[],
        &["run", "-", "--lab", "raft"],
        &["run", "-", "--for", "1s"],
        &["run", "-", "--out", "x"],
        &["run", "-", "--trace", "xml"],
        &["run", "-", "--trace", "text", "--summary", "json"],
        &["run", "--lab", "raft", "--seed", "-1"],
    ] {
        let (out, err) = printed(wrong, "", 2);
        assert_eq!(out, "", "{wrong:?}");
        assert!(
            err.contains("--help") || err.contains("Usage:"),
            "{wrong:?}: {err}"
        );
    }
}

#[test]
fn labs_lists_the_whole_catalogue() {
    let (out, _) = printed(&["labs", "--json"], "", 0);
    let listed = json(&out);
    let labs = protocols::labs();
    assert_eq!(listed.as_array().map(Vec::len), Some(labs.len()));
    for (lab, listed) in labs.iter().zip(listed.as_array().expect("an array")) {
        let info = lab.info();
        assert_eq!(listed["id"], info.id);
        assert_eq!(listed["family"], info.family);
        for lang in ["en", "zh-Hans"] {
            let title = listed["title"][lang].as_str().expect("a title");
            assert!(!title.is_empty() && !title.contains('\u{ab}'), "{title}");
        }
        let ids = |of: &str| -> Vec<String> {
            let all = listed[of]
                .as_array()
                .unwrap_or_else(|| panic!("{of} is an array"));
            let id = |one: &Value| one.get("id").unwrap_or(one).as_str().map(str::to_owned);
            all.iter().filter_map(id).collect()
        };
        let [found, built] = ["found_in", "built_on"].map(ids);
        assert_eq!((found, built), (owned(info.found_in), owned(info.built_on)));
        assert_eq!(
            ids("rules"),
            info.rules.iter().map(|r| r.id).collect::<Vec<_>>()
        );
        assert_eq!(
            ids("checks"),
            info.checks.iter().map(|c| c.id).collect::<Vec<_>>()
        );
        assert_eq!(
            ids("stories"),
            info.stories.iter().map(|s| s.id).collect::<Vec<_>>()
        );
        assert_eq!(listed["experiments"], Value::Array(Vec::new()));
        for (check, listed) in info
            .checks
            .iter()
            .zip(listed["checks"].as_array().expect("checks"))
        {
            let mode = match check.mode {
                Mode::Always => "always",
                Mode::Sometimes => "sometimes",
                Mode::Eventually(_) => "eventually",
            };
            assert_eq!(listed["mode"], mode);
            let assumes = listed["assumes"].as_array().expect("faults");
            assert_eq!(assumes.len(), check.assumes.iter().count());
        }
        params_are_listed(*lab, listed);
    }
    let (text, _) = printed(&["labs"], "", 0);
    assert!(
        labs.iter().all(|lab| text.contains(lab.info().id)),
        "{text}"
    );
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

fn params_are_listed(lab: &dyn splitbrain::lab::Lab, listed: &Value) {
    let listed = listed["params"].as_array().expect("params");
    assert_eq!(listed.len(), lab.info().params.len());
    for (spec, listed) in lab.info().params.iter().zip(listed) {
        let kind = match spec.kind {
            ParamKind::Integer(..) => "integer",
            ParamKind::Duration(..) => "duration",
            ParamKind::Ratio(..) => "ratio",
            ParamKind::Choice(..) => "choice",
            ParamKind::Flag(_) => "flag",
        };
        assert_eq!(
            (&listed["name"], &listed["kind"]),
            (&spec.name.into(), &kind.into())
        );
        for field in ["default", "min", "max", "unit", "choices", "help"] {
            assert!(listed.get(field).is_some(), "{}: {field}", spec.name);
        }
        // What is listed can be set, but for flags, which JSON has its own words for.
        for bound in ["default", "min", "max"].map(|field| &listed[field]) {
            let value = match bound {
                Value::String(text) => text.clone(),
                Value::Number(number) => number.to_string(),
                Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => continue,
            };
            assert_eq!(spec.parse(&value).err(), None, "{}={value}", spec.name);
        }
    }
}

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
fn bad_input_is_one_sentence_with_its_place() {
    let bad = file("bad.story", "lab raft nodes=5\n\n  kill n1\n  kil n2\n");
    let place = format!("{}:4:3: “kil” is no command here", text(&bad));
    assert!(refused(&["run", text(&bad)], "").starts_with(&place));
    let starts = |input: &str, args: &[&str], expected: &str| {
        let told = refused(&[&["run"], args].concat(), input);
        assert!(told.starts_with(expected), "{told}\ninstead of\n{expected}");
    };
    starts(
        "lab raft\nkill n77\n",
        &["-"],
        "<stdin>:2:6: “n77” is no node here; known are: n1, ",
    );
    starts(
        "lab raft nodes=5 sed=7\n",
        &["-"],
        "<stdin>:1:18: there is no parameter sed; there are: nodes, ",
    );
    starts(
        "lab raft seed=-7\n",
        &["-"],
        "<stdin>:1:10: the seed must be a whole number ",
    );
    starts(
        "lab gossip\n",
        &["-"],
        "<stdin>:1:5: “gossip” is no lab here; known are: ",
    );
    starts(
        "run 1s\n",
        &["-"],
        "<stdin>:1:1: a story begins with its lab",
    );
    starts("", &["-"], "<stdin>:1:1: a story begins with its lab");
    starts(
        "lab raft\nrun 5\n",
        &["-"],
        "<stdin>:2:5: “5” is no duration ",
    );
    starts(
        "lab raft\nmark \"open\n\n",
        &["-"],
        "<stdin>:2:6: this quotation mark is never closed",
    );
    starts(
        "lab raft\n",
        &["-", "--set", "nodes=99"],
        "--set:1:7: nodes=99 is out of bounds; allowed: 1..",
    );
    starts(
        "",
        &["--lab", "raft", "--set", "nodes=5", "--set", "nods=5"],
        "--set:2:1: there is no parameter nods; ",
    );
    starts(
        "",
        &["--lab", "raft", "--set", "nodes"],
        "--set:1:1: “nodes” is not of the form name=value",
    );
    starts(
        "",
        &["--lab", "rafts"],
        "--lab:1:1: “rafts” is no lab here; known are: raft",
    );
    starts(
        "",
        &["--lab", "raft", "--for", "soon"],
        "--for:1:1: “soon” is no duration",
    );
    starts(
        "",
        &["--lab", "raft", "--rule", "nothing=off"],
        "--rule:1:1: “nothing” is no rule here; known are: ",
    );
    starts(
        "",
        &["--lab", "raft", "--rule", "nothing"],
        "--rule:1:1: “nothing” is not of the form ",
    );
    starts(
        "",
        &["/nowhere/at.all"],
        "/nowhere/at.all:1:1: this file cannot be read: ",
    );
    starts(
        "lab raft\n",
        &["-", "--trace", "text", "--out", "/nowhere/at.all"],
        "/nowhere/at.all:1:1: the trace cannot be written here: ",
    );
    starts(
        &" ".repeat(300_000),
        &["-"],
        "<stdin>:1:1: the story is longer than ",
    );
}

#[test]
fn text_that_is_no_utf8_is_refused_with_its_place() {
    let path = file("latin1.story", "");
    std::fs::write(&path, b"lab raft\nmark caf\xe9\n").expect("a file of this test");
    let told = refused(&["run", text(&path)], "");
    assert!(
        told.starts_with(&format!("{}:2:9: this is not text in UTF-8", text(&path))),
        "{told}"
    );
}

#[test]
fn what_a_story_expects_decides_how_it_ends() {
    let (_, err) = printed(&["run", "-"], "lab raft seed=1\nexpect leader\n", 1);
    assert_eq!(
        err,
        "<stdin>:2:1: “expect leader” is not met: it is not so\n"
    );
    let (_, err) = printed(
        &["run", "-"],
        "lab raft seed=1\n run until leader within 1ms\n",
        1,
    );
    assert_eq!(
        err,
        "<stdin>:2:2: “run until leader within 1ms” is not met: it did not come about within 1ms\n"
    );
    // What is not seen counts only where the story expects it.
    printed(
        &["run", "-"],
        "lab raft seed=1\nrun 1ms\nexpect a-leader-is-elected not-seen\n",
        0,
    );
    printed(
        &["run", "-"],
        "lab raft seed=1\nrun 1ms\nexpect a-leader-is-elected seen\n",
        1,
    );
    let hash = "lab raft seed=1\nrun 1ms\nexpect trace 0123456789abcdef\n";
    let (_, err) = printed(&["run", "-"], hash, 1);
    assert!(
        err.starts_with("<stdin>:3:1: “expect trace 0123456789abcdef” is not met: it is “"),
        "{err}"
    );
}

/// A monitor whose timer is not restarted accuses a live node: a check that breaks for sure.
const BROKEN: &str = "lab heartbeat seed=1\nrule restart-on-arrival off\nrun 5s\n";
const BROKEN_CHECK: &str = "a-node-is-suspected-only-after-a-full-timeout-without-a-heartbeat";

#[test]
fn a_violated_check_fails_unless_the_story_expects_it() {
    let (out, err) = printed(&["run", "-", "--summary", "json"], BROKEN, 1);
    assert!(
        err.starts_with("<stdin>: “a node is suspected only after a full timeout"),
        "{err}"
    );
    let summary = json(&out);
    assert_eq!(summary["rules_off"][0], "restart-on-arrival");
    let check = &summary["checks"][0];
    assert_eq!(
        (&check["id"], &check["verdict"]),
        (&BROKEN_CHECK.into(), &"violated".into())
    );
    assert_eq!(check["expected"], false);
    assert!(check["first_failing_step"].as_u64() > Some(0));
    let expected = format!("{BROKEN}expect {BROKEN_CHECK} violated\n");
    let (_, err) = printed(&["run", "-"], &expected, 0);
    assert_eq!(err, "");
    let waits =
        format!("lab heartbeat\nrule restart-on-arrival off\nrun until violated {BROKEN_CHECK}\n");
    printed(&["run", "-"], &waits, 0);
}

#[test]
fn a_rule_is_switched_by_a_flag_with_or_without_a_story() {
    let free = [
        "run",
        "--lab",
        "heartbeat",
        "--for",
        "5s",
        "--summary",
        "json",
    ];
    let off = ["--rule", "restart-on-arrival=off"];
    let (holds, _) = printed(&free, "", 0);
    assert_eq!(json(&holds)["checks"][0]["verdict"], "holds");
    let (broken, _) = printed(&[&free[..], &off].concat(), "", 1);
    assert_eq!(json(&broken)["checks"][0]["verdict"], "violated");
    let by_flag = [&["run", "-", "--summary", "json"][..], &off].concat();
    let (story, _) = printed(&by_flag, "lab heartbeat seed=1\nrun 5s\n", 1);
    let (written, _) = printed(&["run", "-", "--summary", "json"], BROKEN, 1);
    assert_eq!(json(&story)["trace_hash"], json(&written)["trace_hash"]);
}

#[test]
fn a_command_without_a_target_is_a_note_and_with_strict_an_error() {
    let story = "lab raft\nrun 10ms\n restart n1\n";
    let (out, err) = printed(&["run", "-", "--summary", "json"], story, 0);
    assert_eq!(err, "");
    assert_eq!(json(&out)["missed"][0]["why"], "node-not-down");
    let (_, err) = printed(&["run", "-", "--strict"], story, 2);
    assert_eq!(
        err,
        "<stdin>:3:2: “restart n1” has no effect: the node is not down\n"
    );
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
        over.ends_with(": the trace would overwrite the story"),
        "{over}"
    );
    assert_eq!(
        std::fs::read_to_string(&story).expect("the story"),
        "lab raft\nrun 300ms\n"
    );
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
