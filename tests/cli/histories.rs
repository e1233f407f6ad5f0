//! `check-history`: verdicts, exit codes, documents, and what is wrong with a history.

use super::refusals::refused;
use super::{json, printed};

/// `process type f value`, one operation's line each; a key where the process is `p:key`.
fn lines(short: &[&str]) -> String {
    let line = |(time, short): (usize, &&str)| {
        let words: Vec<&str> = short.splitn(4, ' ').collect();
        let (process, key) = words[0].split_once(':').unwrap_or((words[0], "null"));
        let value = words.get(3).unwrap_or(&"null");
        let (kind, f) = (words[1], words[2]);
        format!(
            "{{\"process\": {process}, \"type\": \"{kind}\", \"f\": \"{f}\", \"key\": {key}, \
             \"value\": {value}, \"time\": {time}}}\n"
        )
    };
    short.iter().enumerate().map(line).collect()
}

fn ends(model: &str, short: &[&str], code: i32) -> String {
    let args = ["check-history", "-", "--model", model];
    printed(&args, &lines(short), code).0
}

const STALE: [&str; 6] = [
    "0 invoke write 1",
    "0 ok write 1",
    "0 invoke write 2",
    "0 ok write 2",
    "1 invoke read",
    "1 ok read 1",
];

#[test]
fn a_verdict_is_an_exit_code_and_a_short_text() {
    let told = ends("register", &STALE, 1);
    assert_eq!(
        told,
        "fails: these 3 of 3 operations on a register have no linearizable order\n\
         \x20 process 0: write 1 (lines 1 to 2)\n\
         \x20 process 0: write 2 (lines 3 to 4)\n\
         \x20 process 1: read 1 (lines 5 to 6)\n\
         until line 6 the state could only be 2, which does not allow read 1\n"
    );
    let args = [
        "check-history",
        "-",
        "--model",
        "register",
        "--condition",
        "sequential",
    ];
    let (told, _) = printed(&args, &lines(&STALE), 0);
    assert_eq!(
        told,
        "holds: 3 operations on a register have a sequential order\n"
    );
    let fresh = [
        "0 invoke write 1",
        "1 invoke read",
        "1 ok read 1",
        "0 info write 1",
    ];
    ends("register", &fresh, 0);
    ends("register", &[], 0);
}

#[test]
fn the_document_names_lines() {
    let args = ["check-history", "-", "--model", "register", "--json"];
    let failed = json(&printed(&args, &lines(&STALE), 1).0);
    assert_eq!(failed["verdict"], "fails");
    assert_eq!(failed["failure"]["stuck"]["line"], 5);
    assert_eq!(failed["failure"]["states"], serde_json::json!([2]));
    assert_eq!(failed["failure"]["operations"][1]["end_line"], 4);
    let short = [
        "0 invoke write 1",
        "1 invoke read",
        "1 ok read",
        "0 ok write 1",
        "2 invoke write 3",
    ];
    let held = json(&printed(&args, &lines(&short), 0).0);
    assert_eq!(held["verdict"], "holds");
    assert_eq!(held["operations"], 3);
    let order = held["order"].as_array().expect("an order").iter();
    assert_eq!(
        order.map(|o| o["line"].as_u64()).collect::<Vec<_>>(),
        [Some(2), Some(1)]
    );
}

#[test]
fn each_model_has_its_rules() {
    let swap = |said| {
        [
            "0 invoke write 1",
            "0 ok write 1",
            "1 invoke cas [1, 2]",
            said,
        ]
    };
    ends("cas-register", &swap("1 ok cas [1, 2]"), 0);
    ends("cas-register", &swap("1 ok cas [1, 2, false]"), 1);
    ends("cas-register", &swap("1 fail cas [1, 2]"), 0);
    let kv = [
        "0:\"x\" invoke put 1",
        "0:\"x\" ok put 1",
        "1:\"y\" invoke get",
        "1:\"y\" ok get",
    ];
    ends("kv", &kv, 0);
    let same = [
        "0:\"x\" invoke put 1",
        "0:\"x\" ok put 1",
        "1:\"x\" invoke get",
        "1:\"x\" ok get",
    ];
    ends("kv", &same, 1);
    let count = |said| {
        [
            "0 invoke add 2",
            "1 invoke add -3",
            "1 ok add -3",
            "2 invoke read",
            said,
        ]
    };
    ends("counter", &count("2 ok read -1"), 0);
    ends("counter", &count("2 ok read -3"), 0);
    ends("counter", &count("2 ok read 2"), 1);
    let queue = |first| {
        [
            "0 invoke enqueue \"a\"",
            "0 ok enqueue \"a\"",
            "0 invoke enqueue \"b\"",
            "0 ok enqueue \"b\"",
            "1 invoke dequeue",
            first,
        ]
    };
    ends("queue", &queue("1 ok dequeue \"a\""), 0);
    ends("queue", &queue("1 ok dequeue \"b\""), 1);
    ends("queue", &queue("1 ok dequeue null"), 1);
    let lock = |last| ["0 invoke acquire", "0 ok acquire", "1 invoke acquire", last];
    ends("lock", &lock("1 ok acquire"), 1);
    ends("lock", &lock("1 fail acquire"), 0);
    ends("lock", &lock("1 info acquire"), 0);
}

#[test]
fn no_time_gives_no_verdict() {
    let args = ["check-history", "-", "--model", "register", "--wall", "0s"];
    let (told, _) = printed(&args, &lines(&STALE), 4);
    assert!(
        told.starts_with("undecided: 0s did not suffice for 3 operations"),
        "{told}"
    );
}

#[test]
fn bad_histories_are_refused_with_their_place() {
    let args = ["check-history", "-", "--model", "register"];
    for (input, said) in [
        (
            "{\"process\": 0,\n".to_owned(),
            "<stdin>:1:14: this line is no JSON object: ",
        ),
        (
            "[]\n".to_owned(),
            "<stdin>:1:1: this line is no JSON object: ",
        ),
        (
            lines(&["0 invoke swap 1"]),
            "<stdin>:1:34: “f” must be read, write, get, put, not \"swap\"",
        ),
        (
            lines(&["0 begun write 1"]),
            "<stdin>:1:16: “type” must be invoke, ok, fail or info, not \"begun\"",
        ),
        (
            lines(&["0 ok write 1"]),
            "<stdin>:1:2: process 0 gets an answer, but asked for nothing",
        ),
        (
            lines(&["0 invoke read", "0 invoke read"]),
            "<stdin>:2:2: process 0 begins an operation while it waits for another",
        ),
        (
            lines(&["0 invoke write 1", "0 ok write 2"]),
            "the answer is to something else: 1 was asked for",
        ),
        (
            lines(&["null invoke read"]),
            "“process” must be a number or a text, not null",
        ),
        (
            "{\"process\": 0, \"type\": \"invoke\", \"f\": \"write\"}\n".to_owned(),
            "<stdin>:1:1: “value” must be a value, not null",
        ),
    ] {
        let told = refused(&args, &input);
        assert!(told.contains(said), "{told}\nis not\n{said}");
    }
    let back = lines(&["0 invoke read"]) + &lines(&["1 invoke read"]) + &lines(&["0 ok read"; 1]);
    let back = back.replacen("\"time\": 0", "\"time\": 5", 1);
    assert!(refused(&args, &back).contains("<stdin>:2:"));
    let told = refused(
        &["check-history", "-", "--model", "kv"],
        &lines(&["0 invoke get"]),
    );
    assert!(told.contains("“key” must be a key, not null"), "{told}");
    let told = refused(
        &["check-history", "-", "--model", "lock", "--wall", "soon"],
        "",
    );
    assert!(
        told.starts_with("--wall:1:1: “soon” is no duration"),
        "{told}"
    );
    let told = refused(&["check-history", "no/such/file", "--model", "lock"], "");
    assert!(told.starts_with("no/such/file:1:1: "), "{told}");
}
