//! Bad input: exit code 2, and one sentence that says where.

use super::{file, printed, text};

/// The one sentence with which bad input is refused.
pub(super) fn refused(args: &[&str], input: &str) -> String {
    let (out, err) = printed(args, input, 2);
    assert_eq!(out, "", "a refused call prints no document");
    assert_eq!(err.lines().count(), 1, "one sentence: {err}");
    err.trim_end().to_owned()
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
        "--picture",
        "--picture-out",
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
        &["run", "-", "--picture", "svg", "--trace", "csv"],
        &["run", "-", "--picture", "svg", "--summary", "json"],
        &["run", "-", "--picture", "png"],
        &["run", "-", "--picture-out", "x"],
        &[
            "run",
            "-",
            "--picture",
            "svg",
            "--picture-out",
            "x",
            "--trace",
            "csv",
            "--out",
            "x",
        ],
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
fn a_wrong_flag_is_told_what_would_be_right() {
    let told = |args: &[&str]| printed(args, "", 2).1;
    let hint = "a parameter of a lab is set by '--set nodes=VALUE'";
    for flags in [&["--nodes", "5"][..], &["--nodes=5"]] {
        let told = told(&[&["run", "--lab", "raft"], flags].concat());
        assert!(told.contains(hint), "{told}");
        assert!(!told.contains("to pass"), "{told}");
    }
    // Where no parameter is set, and of no parameter, nothing of the kind is said.
    for args in [&["labs", "--nodes"][..], &["run", "--nonsense"]] {
        assert!(!told(args).contains("'--set"), "{args:?}");
    }
    let told = told(&["run", "--lab", "raft", "--seed", "x"]);
    let bound = "a whole number from 0 to 18446744073709551615";
    assert!(told.contains(bound), "{told}");
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
    for (set, expected) in [
        (
            "nodes=five",
            "--set:1:7: nodes=five is no whole number; allowed: 1..",
        ),
        (
            "nodes=-5",
            "--set:1:7: nodes=-5 is out of bounds; allowed: 1..",
        ),
        (
            "latency_min=5",
            "--set:1:13: latency_min=5 is no duration; allowed: 0ms..",
        ),
        (
            "loss=much",
            "--set:1:6: loss=much is no share; allowed: 0%..",
        ),
        (
            "loss=150%",
            "--set:1:6: loss=150% is out of bounds; allowed: 0%..",
        ),
    ] {
        starts("lab raft\n", &["-", "--set", set], expected);
    }
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
        "/nowhere/at.all:1:1: this file cannot be written: ",
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
fn a_run_too_long_for_its_document_is_refused_and_nothing_comes_out() {
    let free = [
        "run", "--lab", "raft", "--for", "3600s", "--trace", "mermaid",
    ];
    let told = refused(&free, "");
    assert!(
        told.starts_with("--trace:1:1: the run is too long for “mermaid”"),
        "{told}"
    );
}
