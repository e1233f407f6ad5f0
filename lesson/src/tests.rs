use super::*;

const HEAD: &str =
    "---\nid: a-lesson\nlab: raft\ntitle: A lesson\nminutes: 5\npaper: Nobody 1999\n---\n";

fn lesson(body: &str) -> Result<String, Wrong> {
    compile(&format!("{HEAD}{body}"))
}

/// What is wrong, and where, counted from the first line of the body.
fn wrong(body: &str) -> (usize, usize, &'static str) {
    let wrong = lesson(body).expect_err(body);
    (wrong.place.line - 7, wrong.place.column, wrong.key)
}

const END: &str = "\n```learned\n- Much.\n```\n";

#[test]
fn a_lesson_becomes_a_sheet() {
    let body = "# One\n\nProse with $\\frac{n}{2}+1$ and `code`.\n\n```setup\nlab raft nodes=3\nrun until leader\n```\n\n\
                ## Two\n\n```predict\nask: Who *wins*?\noption: n1\nwhen: n1 role \"leader\"\noption: n2\n\
                when: n2 role \"leader\"\nthen: run until leader\nwhy: Its timer.\n```\n";
    let sheet = lesson(&format!("{body}{END}")).unwrap();
    let lines: Vec<&str> = sheet.lines().collect();
    assert_eq!(lines[0], "lesson 1");
    assert_eq!(lines[1], "id a-lesson");
    assert!(
        lines[7].starts_with("html <p>Prose with <math"),
        "{}",
        lines[7]
    );
    assert!(lines[7].contains("<code>code</code>"));
    assert_eq!(lines[8], "setup 12");
    assert_eq!(lines[9], "- 13:1 story lab raft nodes=3");
    assert_eq!(lines[11], "page 17 Two");
    assert_eq!(lines[12], "predict 19");
    assert_eq!(lines[13], "- 20:6 ask Who <em>wins</em>?");
    assert_eq!(lines[15], "- 22:7 when n1 role \"leader\"");
    assert_eq!(lines.last(), Some(&"learned <ul> <li>Much.</li> </ul>"));
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    let at = |body: &str| wrong(&format!("# One\n\n{body}{END}"));
    assert_eq!(
        at("Some <b onclick=x>bold</b>."),
        (3, 6, "error-lesson-html")
    );
    assert_eq!(
        at("<script>alert(1)</script>\n"),
        (3, 1, "error-lesson-html")
    );
    assert_eq!(
        at("![x](https://example.org/x.png)"),
        (3, 1, "error-lesson-image")
    );
    assert_eq!(
        at("see [x](javascript:alert(1))"),
        (3, 5, "error-lesson-link")
    );
    assert_eq!(at("see [x](data:text/html,x)"), (3, 5, "error-lesson-link"));
    assert_eq!(at("a formula $\\frac{1}$"), (3, 11, "error-lesson-math"));
    assert_eq!(at("```act\nwish: x\n```"), (4, 1, "error-lesson-key"));
    assert_eq!(
        at("```act\ngoal: leader\nallow: kill\n```"),
        (3, 1, "error-lesson-needs")
    );
    assert_eq!(at("```javascript\nx\n```"), (3, 1, "error-lesson-block"));
    assert_eq!(at("```setup\n```"), (3, 1, "error-lesson-needs"));
    assert_eq!(
        at("```predict\nask: <i>who</i>?\n```"),
        (4, 6, "error-lesson-html")
    );
    assert_eq!(wrong("no heading"), (1, 1, "error-lesson-heading"));
    assert_eq!(wrong("# One\n\nNo end.\n").2, "error-lesson-learned");
}

/// What is left of a formula that does not end would be shown with its signs.
#[test]
fn a_formula_that_is_none_is_told_with_its_place() {
    let at = |body: &str| wrong(&format!("# One\n\n{body}{END}"));
    assert_eq!(
        at("So:\n\n$$\\left\\lfloor \\frac{5}{2 \\right\\rfloor + 1 = 3$$\n"),
        (5, 1, "error-lesson-dollar")
    );
    assert_eq!(at("it is $n/2 of them"), (3, 7, "error-lesson-dollar"));
    assert_eq!(
        at("- one\n- it *costs* $5\n"),
        (4, 14, "error-lesson-dollar")
    );
    assert_eq!(
        at("```presenter\n\nIs $x\n```\n"),
        (5, 4, "error-lesson-dollar")
    );
    assert_eq!(at("# What is $n"), (3, 11, "error-lesson-dollar"));
    let fine = "It costs \\$5, `$x`, $n$ and \\$.\n\n    an indented $x\n\n```text\n$y\n```\n";
    let sheet = lesson(&format!("# One\n\n{fine}{END}")).unwrap();
    assert!(sheet.contains("costs $5, <code>$x</code>"), "{sheet}");
}

#[test]
fn the_terms_of_a_lesson_have_their_places() {
    let act =
        "```act\ngoal: leader\nallow: kill\nhint: the [one](term:leader)\nanswer: kill n1\n```\n";
    let body = format!("# One\n\nA [leeder](term:leeder), `[x](term:y)`.\n\n{act}{END}");
    let found = terms(&format!("{HEAD}{body}")).unwrap().into_iter();
    let found: Vec<_> = found
        .map(|(place, term)| (place.line - 7, place.column, term))
        .collect();
    let expected = [(3, 12, "leeder"), (8, 17, "leader")];
    assert_eq!(found, expected.map(|(l, c, t)| (l, c, t.to_owned())));
}

#[test]
fn a_block_that_is_not_closed_is_named() {
    let open = |body: &str| {
        let wrong = lesson(&format!("# One\n\n{body}")).expect_err(body);
        let line = wrong.args.iter().find(|(name, _)| *name == "line");
        let line = line.map(|(_, line)| line.parse::<usize>().unwrap() - 7);
        (wrong.place.line - 7, wrong.place.column, wrong.key, line)
    };
    let act = "```act\ngoal: leader\nallow: kill\nanswer: kill n1\n";
    let expected = |line| (line, 1, "error-lesson-open", Some(3));
    assert_eq!(
        open(&format!("{act}\n```presenter\nx\n```\n{END}")),
        expected(8)
    );
    assert_eq!(open(act), expected(3));
    assert_eq!(open("```learned\n- x\n"), expected(3));
    assert_eq!(open("```act"), expected(3));
    assert_eq!(
        open("  ```act\n  goal: leader\n"),
        (3, 3, "error-lesson-open", Some(3))
    );
    assert!(lesson(&format!("# One\n\n  ```text\n  x\n  ```\n{END}")).is_ok());
    let longer = "````text\n```act\n```\n````\n";
    assert!(lesson(&format!("# One\n\n{longer}{END}")).is_ok());
}

#[test]
fn prose_may_go_on_in_an_indented_line() {
    let act = |hint: &str| {
        let body = format!(
            "# One\n\n```act\ngoal: leader\nallow: kill\nhint: {hint}\nanswer: kill n1\n```\n{END}"
        );
        lesson(&body)
    };
    let sheet = act("one\n  two *three*").unwrap();
    assert!(
        sheet.contains("hint one two <em>three</em>\n- 15:9 answer"),
        "{sheet}"
    );
    let wrong = act("one\n  two <b>").expect_err("HTML");
    assert_eq!(
        (wrong.place, wrong.key),
        (
            Place {
                line: 14,
                column: 7
            },
            "error-lesson-html"
        )
    );
    let broken = lesson(&format!(
        "# One\n\n```act\ngoal: leader\n  and more\n```\n{END}"
    ));
    assert_eq!(broken.expect_err("two lines").key, "error-lesson-line");
}

#[test]
fn the_head_is_asked_for_in_full() {
    let error = |text: &str| compile(text).expect_err(text);
    assert_eq!(error("# One").key, "error-lesson-head");
    assert_eq!(error("---\nid: x\n").key, "error-lesson-head");
    assert_eq!(error("---\nid: x\n---\n").key, "error-lesson-missing");
    assert_eq!(error("---\nid: x\nid: y\n---\n").key, "error-lesson-twice");
    assert_eq!(error("---\ncolour: red\n---\n").key, "error-lesson-key");
    let minutes = error("---\nminutes: 5000\n---\n");
    assert_eq!(
        (minutes.key, minutes.place),
        (
            "error-lesson-value-minutes",
            Place {
                line: 2,
                column: 10
            }
        )
    );
    assert_eq!(error(&"x".repeat(MAX_BYTES + 1)).key, "error-lesson-long");
}

#[test]
fn code_keeps_its_lines_and_prose_has_one() {
    let sheet = lesson(&format!(
        "# One\n\n```text\na < b\n\n  c\n```\n\nx\ny\n{END}"
    ))
    .unwrap();
    let html = sheet
        .lines()
        .find(|line| line.starts_with("html "))
        .unwrap();
    assert_eq!(
        html,
        "html <pre><code>a &lt; b&#10;&#10;  c&#10;</code></pre> <p>x y</p>"
    );
}

/// A line end is a space in English and nothing in Chinese, tags at the ends of the lines or not.
#[test]
fn chinese_has_no_spaces_at_line_ends() {
    let joined = |prose: &str| {
        let sheet = lesson(&format!("# One\n\n{prose}\n{END}")).unwrap();
        let html = sheet.lines().find_map(|line| line.strip_prefix("html "));
        html.unwrap_or_default().to_owned()
    };
    assert_eq!(joined("Two\n*words*."), "<p>Two <em>words</em>.</p>");
    assert_eq!(joined("日志项。\n这叫日志。"), "<p>日志项。这叫日志。</p>");
    assert_eq!(
        joined("复制\n*状态*\n很别扭"),
        "<p>复制<em>状态</em>很别扭</p>"
    );
    assert_eq!(joined("说了“好”\n之后"), "<p>说了“好”之后</p>");
    assert_eq!(joined("照做。\nRaft 复制"), "<p>照做。Raft 复制</p>");
    assert_eq!(joined("使用\nRaft 复制"), "<p>使用 Raft 复制</p>");
    assert_eq!(
        joined("He said “yes”\nand went"),
        "<p>He said “yes” and went</p>"
    );
}
