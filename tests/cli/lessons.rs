//! `lesson check` and `lesson verify`.

use super::{file, printed, text};
use splitbrain::lab::lesson::{Answers, Given};

const LESSON: &str = "---\nid: mine\nlab: raft\ntitle: Mine\nminutes: 3\npaper: None\n---\n# One\n\n\
    ```setup\nlab raft seed=7 rate=0\nrun until leader\n```\n\n\
    ```act\ngoal: not leader\nallow: kill\nanswer: kill n5\n```\n\n```learned\nMuch.\n```\n";

#[test]
fn the_lessons_that_ship_are_fine() {
    let (out, err) = printed(&["lesson", "check"], "", 0);
    assert!(
        out.contains("raft/elections.zh-Hans: fine; pages: 6, steps: 10"),
        "{out}"
    );
    assert_eq!(err, "");
}

#[test]
fn a_lesson_is_checked_from_a_file() {
    let path = file("mine.md", LESSON);
    let (out, _) = printed(&["lesson", "check", text(&path)], "", 0);
    assert!(
        out.ends_with("mine.md: fine; pages: 1, steps: 2\n"),
        "{out}"
    );
}

#[test]
fn a_lesson_that_does_not_come_true_fails() {
    let lesson = LESSON.replace("answer: kill n5", "answer: kill n1");
    let (_, err) = printed(&["lesson", "check", "-"], &lesson, 1);
    assert_eq!(err, "-:15:1: the answer does not reach the goal\n");
}

#[test]
fn a_fact_that_is_misspelt_is_named() {
    let lesson = LESSON.replace("goal: not leader", "goal: n2 rolle \"leader\"");
    let (_, err) = printed(&["lesson", "check", "-"], &lesson, 1);
    assert!(
        err.starts_with("-:16:7: “rolle” is no fact of n2; known are: role, "),
        "{err}"
    );
}

#[test]
fn what_is_wrong_in_a_lesson_is_told_with_its_place() {
    let wrong =
        |from: &str, to: &str| printed(&["lesson", "check", "-"], &LESSON.replace(from, to), 2).1;
    assert!(
        wrong("kill n5", "kill n9").starts_with("-:18:14: "),
        "{}",
        wrong("kill n5", "kill n9")
    );
    assert_eq!(
        wrong("# One", "# One\n\n<b>x</b>"),
        "-:10:1: HTML is not allowed in a lesson\n"
    );
    assert!(wrong("lab: raft", "lab: craft").contains("craft"));
    assert_eq!(
        wrong("minutes: 3", "minutes: x"),
        "-:5:10: “x” cannot stand here: it takes a whole number from 1 to 240\n"
    );
    assert_eq!(
        wrong("# One", "# One\n\nIt is $n/2."),
        "-:10:7: a formula begins here that does not end, or whose braces do not match: $n/2.; a dollar is written \\$\n"
    );
    assert_eq!(
        wrong(
            "# One",
            "# One\n\nA [leader](term:leeder), a [x](term:qqq)."
        ),
        "-:10:12: “leeder” is no term of the glossary; near it are: leader\n\
         -:10:32: “qqq” is no term of the glossary\n"
    );
    assert_eq!(
        wrong("answer: kill n5\n```\n", "answer: kill n5\n"),
        "-:20:1: the block of line 15 is not closed: a line ``` ends it\n"
    );
}

fn code(lesson: &str, story: &str) -> String {
    let given = Given {
        step: 1,
        option: None,
        story: story.to_owned(),
    };
    let answers = Answers {
        lesson: lesson.to_owned(),
        name: "Ann".to_owned(),
        given: vec![given],
    };
    answers.write()
}

#[test]
fn a_code_is_replayed() {
    let path = file("verify.md", LESSON);
    let verify = |story: &str, exit| {
        let code = code("raft/mine", story);
        printed(
            &["lesson", "verify", &code, "--lesson", text(&path)],
            "",
            exit,
        )
        .0
    };
    let start = "lab raft seed=7 rate=0\nrun until leader\n";
    let right = verify(&format!("{start}kill n5\n"), 0);
    assert_eq!(
        right,
        "Mine (raft/mine): Ann\n  step 2: right\n1 of 1 right\n"
    );
    assert!(verify(start, 1).contains("step 2: wrong"));
    assert!(verify("lab raft seed=8 rate=0\nkill n5\n", 1).contains("not a run of this lesson"));
}

#[test]
fn a_code_that_is_none_is_bad_input() {
    let refused = |code: &str| printed(&["lesson", "verify", code], "", 2).1;
    assert!(refused("???").starts_with("CODE:1:1: "));
    assert!(refused(&code("raft/nothing", "x")).contains("no lesson raft/nothing"));
    assert!(refused(&code("raft/nothing", "x")).contains("--lesson FILE"));
}
