//! The program itself: exit codes, complaints with their places, the shapes of its documents.

mod catalogue;
mod documents;
mod exhaust;
mod experiments;
mod explore;
mod histories;
mod lessons;
mod refusals;
#[path = "../support/mod.rs"]
mod support;

use serde_json::Value;
use std::io::Write;
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
        err.starts_with("<stdin>: “A node is suspected only after a full timeout"),
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
