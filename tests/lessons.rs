//! Lessons: what is wrong is told at its place, what does not come true is found, answers are replayed.

use splitbrain::lab::StoryError;
use splitbrain::lab::lesson::{Answers, Given, Judged, Lesson, Task, Trial};
use splitbrain::protocols::labs;

/// A sheet as `splitbrain-lesson` writes it.
fn sheet(steps: &str) -> String {
    format!(
        "lesson 1\nid try\nlab raft\ntitle A try\nminutes 5\npaper Nobody\npage 8 One\n{steps}learned <p>x</p>\n"
    )
}

fn read(steps: &str) -> Result<Lesson, StoryError> {
    Lesson::read(&sheet(steps), &labs())
}

const SETUP: &str =
    "setup 10\n- 11:1 story lab raft nodes=3 seed=7\n- 12:1 story run until leader\n";

fn wrong(steps: &str) -> (usize, usize, String) {
    let error = read(&format!("{SETUP}{steps}")).err().expect(steps);
    (error.line, error.column, error.complaint.key)
}

fn faults(steps: &str) -> Vec<(usize, String)> {
    let lesson = read(&format!("{SETUP}{steps}")).unwrap_or_else(|wrong| panic!("{wrong:?}"));
    let faults = Trial::of(&lesson).into_iter();
    faults.map(|fault| (fault.line, fault.phrase.key)).collect()
}

/// The leader of the run that [`SETUP`] begins, as the engine has it.
fn leader() -> String {
    let lesson = read(SETUP).unwrap();
    let names = ["n1", "n2", "n3"];
    let leads = |name: &&&str| {
        let act = format!("run 20\n- 21:1 story expect {name} role \"leader\"\n");
        read(&format!("{SETUP}{act}")).is_ok_and(|lesson| Trial::of(&lesson).is_empty())
    };
    assert_eq!(lesson.steps().count(), 1);
    names
        .iter()
        .find(leads)
        .map(|name| (*name).to_owned())
        .expect("one of them leads")
}

fn act(goal: &str, answer: &str, more: &str) -> String {
    format!(
        "act 20\n- 21:7 goal {goal}\n- 22:8 allow kill, restart\n{more}- 23:9 answer {answer}\n"
    )
}

#[test]
fn what_is_wrong_is_told_at_its_place_in_the_file() {
    assert_eq!(
        wrong(&act("leeder", "kill n1", "")),
        (21, 7, "error-word".to_owned())
    );
    assert_eq!(
        wrong(&act("not leader", "kill n9", "")),
        (23, 14, "error-word".to_owned())
    );
    assert_eq!(wrong(&act("until note nonsense", "kill n1", "")).0, 21);
    let bad_verb = "act 20\n- 21:7 goal not leader\n- 22:8 allow kiss\n";
    assert_eq!(wrong(bad_verb), (22, 8, "error-word".to_owned()));
    let hasty = act("not leader", "kill n1", "- 24:8 speed 7\n");
    assert_eq!(wrong(&hasty), (24, 8, "error-word".to_owned()));
    let other = "setup 30\n- 31:1 story lab heartbeat\n";
    assert_eq!(wrong(other), (31, 1, "error-lesson-lab".to_owned()));
    let one_option = "predict 40\n- 41:6 ask Who?\n- 42:9 option n1\n- 43:7 when leader\n";
    assert_eq!(wrong(one_option).2, "error-lesson-options");
    let late = "predict 40\n- 41:7 when leader\n";
    assert_eq!(wrong(late), (41, 7, "error-lesson-when".to_owned()));
    let early = Lesson::read(&sheet("run 9\n- 10:1 story run 1s\n"), &labs());
    assert_eq!(
        early.err().map(|e| e.complaint.key),
        Some("error-lesson-no-run".to_owned())
    );
    for foreign in ["", "lesson 2\n", "nonsense", "lesson 1\nid x\nlab raft\n"] {
        let error = Lesson::read(foreign, &labs()).err();
        assert_eq!(
            error.map(|e| e.complaint.key),
            Some("error-sheet".to_owned()),
            "{foreign}"
        );
    }
}

#[test]
fn a_step_may_set_the_speed_and_open_a_panel() {
    let more = "- 24:8 speed 1/4\n- 25:8 panel log\n";
    let lesson = read(&format!("{SETUP}{}", act("not leader", "kill n1", more))).unwrap();
    let found = lesson.steps().find_map(|step| match &step.task {
        Task::Act(act) => Some((act.speed, act.panel.clone())),
        Task::Setup(_) | Task::Run { .. } | Task::Predict(_) => None,
    });
    assert_eq!(found, Some((Some(0.25), Some("log".to_owned()))));
}

#[test]
fn a_step_that_can_be_done_is_fine() {
    let leader = leader();
    let kill = format!("kill {leader}");
    assert_eq!(faults(&act("not leader", &kill, "")), []);
    let since = format!(
        "{}- 24:9 answer run 5s\n",
        act("until note election-won", &kill, "")
    );
    assert_eq!(faults(&since), []);
}

#[test]
fn a_step_that_cannot_be_done_is_found() {
    let kill = format!("kill {}", leader());
    let found = |steps: &str| {
        faults(steps)
            .into_iter()
            .map(|(_, key)| key)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        found(&act("leader", &kill, "")),
        ["lesson-already", "lesson-unmet"]
    );
    assert_eq!(
        found(&act("until note election-won", &kill, "")),
        ["lesson-unmet"]
    );
    assert_eq!(
        found(&act("not leader", "pause n1", ""))
            .first()
            .map(String::as_str),
        Some("lesson-forbidden")
    );
    let impossible = "- 22:1 impossible yes\n";
    assert_eq!(
        found(&act("not leader", &kill, impossible)),
        ["lesson-possible"]
    );
    assert_eq!(
        found(&act("one-leader-per-term violated", &kill, impossible)),
        [""; 0]
    );
    assert_eq!(
        found("run 20\n- 21:1 story restart n1\n"),
        ["lesson-missed"]
    );
    assert_eq!(
        found("run 20\n- 21:1 story expect not leader\n"),
        ["unmet-so"]
    );
    assert_eq!(
        found("run 20\n- 21:1 story run until note election-won within 1ms\n"),
        [""; 0]
    );
}

/// What is so already is not brought about by who acts, and neither is what time alone brings about.
#[test]
fn a_goal_that_needs_nobody_is_found() {
    let kill = format!("kill {}", leader());
    let found = |goal: &str| {
        let steps = format!("{}- 24:9 answer run 5s\n", act(goal, &kill, ""));
        faults(&steps)
    };
    assert_eq!(found("until leader"), [(20, "lesson-already".to_owned())]);
    assert_eq!(
        found("until message AppendEntries"),
        [(20, "lesson-by-itself".to_owned())]
    );
    assert_eq!(found("until note election-won"), []);
}

fn question(first: &str, second: &str) -> String {
    format!(
        "predict 30\n- 31:6 ask Who?\n- 32:9 option a\n- 33:7 when {first}\n- 34:9 option b\n- 35:7 when {second}\n\
         - 36:7 then run 3s\n- 37:6 why So.\n"
    )
}

#[test]
fn a_question_has_a_right_answer_and_a_wrong_one() {
    assert_eq!(faults(&question("leader", "not leader")), []);
    assert_eq!(
        faults(&question("not leader", "not leader")),
        [(30, "lesson-none-right".to_owned())]
    );
    assert_eq!(
        faults(&question("leader", "leader")),
        [(30, "lesson-all-right".to_owned())]
    );
}

#[test]
fn answers_are_played_again() {
    let leader = leader();
    let steps = [
        SETUP,
        &act("not leader", &format!("kill {leader}"), ""),
        &question("leader", "not leader"),
    ];
    let lesson = read(&steps.concat()).unwrap();
    let start = "lab raft seed=7 nodes=3\nrun until leader\n";
    let killed = format!("{start}kill {leader}\n");
    let given = |step, option, story: &str| Given {
        step,
        option,
        story: story.to_owned(),
    };
    let judged = |given: Vec<Given>| {
        let answers = Answers {
            lesson: "try".to_owned(),
            name: "Ann 一".to_owned(),
            given,
        };
        let again = Answers::read(&answers.write()).unwrap();
        assert_eq!(again, answers);
        let all = again.judge(&lesson, &labs());
        all.into_iter()
            .map(|(_, judged)| judged)
            .collect::<Vec<_>>()
    };
    let later = format!("{killed}run 3s\n");
    assert_eq!(
        judged(vec![given(1, None, &killed), given(2, Some(0), &later)]),
        [Judged::Right; 2]
    );
    assert_eq!(
        judged(vec![given(1, None, start), given(2, Some(1), &later)]),
        [Judged::Wrong; 2]
    );
    let other_seed = killed.replace("seed=7", "seed=8");
    let cheat = format!("{start}wipe {leader}\n");
    assert_eq!(
        judged(vec![given(1, None, &other_seed)]),
        [Judged::Foreign, Judged::Missing]
    );
    assert_eq!(
        judged(vec![given(1, None, &cheat)]),
        [Judged::Foreign, Judged::Missing]
    );
    let endless = format!("{start}{}", "run 3600s\n".repeat(9000));
    assert_eq!(judged(vec![given(1, None, &endless)])[0], Judged::Foreign);
}

/// What a step opened is open in that step: neither the lesson's own commands nor an act that is over leave
/// anything open to the ones after it.
#[test]
fn a_command_of_another_step_is_not_open() {
    let leader = leader();
    let other = ["n1", "n2", "n3"].into_iter().find(|name| *name != leader);
    let other = other.expect("two others");
    let judged = |steps: &[&str], step, story: &str| {
        let lesson = read(&steps.concat()).unwrap_or_else(|wrong| panic!("{wrong:?}"));
        let answers = Answers {
            lesson: "try".to_owned(),
            name: String::new(),
            given: vec![Given {
                step,
                option: Some(0),
                story: format!("lab raft seed=7 nodes=3\nrun until leader\n{story}"),
            }],
        };
        let all = answers.judge(&lesson, &labs());
        let own = all.into_iter().find(|(at, _)| *at == step);
        own.map(|(_, judged)| judged).expect("it is judged")
    };
    // The lesson kills and restarts; the learner may only cut.
    let shown = format!("run 15\n- 16:1 story kill {other}\n- 17:1 story restart {other}\n");
    let cut = format!(
        "act 20\n- 21:7 goal not leader\n- 22:8 allow cut\n- 23:9 answer cut {leader} {other}\n"
    );
    let lesson = [SETUP, &shown, &cut];
    let given = format!("kill {other}\nrestart {other}\n");
    assert_eq!(
        judged(&lesson, 2, &format!("{given}kill {leader}\n")),
        Judged::Foreign
    );
    assert_eq!(
        judged(&lesson, 2, &format!("{given}cut {leader} {other}\n")),
        Judged::Wrong
    );
    // Who goes back before what the lesson showed acts from there.
    assert_eq!(
        judged(&lesson, 2, &format!("cut {leader} {other}\n")),
        Judged::Wrong
    );
    // An act is over when its goal is reached.
    let kill = act("not leader", &format!("kill {leader}"), "");
    let heal = format!(
        "act 30\n- 31:7 goal {leader} status \"up\"\n- 32:8 allow restart\n- 33:9 answer restart {leader}\n"
    );
    let lesson = [SETUP, &kill, &heal];
    let killed = format!("kill {leader}\n");
    assert_eq!(
        judged(
            &lesson,
            1,
            &format!("kill {other}\nrestart {other}\n{killed}")
        ),
        Judged::Right
    );
    assert_eq!(
        judged(&lesson, 2, &format!("{killed}restart {leader}\n")),
        Judged::Right
    );
    let both = format!("kill {other}\nrestart {other}\n{killed}run 10ms\nrestart {leader}\n");
    assert_eq!(judged(&lesson, 2, &both), Judged::Right);
    let late = format!("{killed}kill {other}\nrestart {leader}\n");
    assert_eq!(judged(&lesson, 2, &late), Judged::Foreign);
    // A question opens nothing, and neither does an act to the question after it.
    let lesson = [SETUP, &kill, &question("leader", "not leader")];
    assert_eq!(
        judged(&lesson, 2, &format!("{killed}run 3s\n")),
        Judged::Right
    );
    let cheat = format!("{killed}run 1ms\nkill {other}\nrun 3s\n");
    assert_eq!(judged(&lesson, 2, &cheat), Judged::Foreign);
}

#[test]
fn what_play_finds_has_its_column() {
    let places = |steps: &str| {
        let lesson = read(&format!("{SETUP}{steps}")).unwrap_or_else(|wrong| panic!("{wrong:?}"));
        let faults = Trial::of(&lesson).into_iter();
        let faults = faults.map(|fault| (fault.line, fault.column, fault.phrase.key));
        faults.collect::<Vec<_>>()
    };
    let found = places(&act("not leader", "pause n1", ""));
    assert_eq!(found[0], (23, 9, "lesson-forbidden".to_owned()));
    assert_eq!(found[1], (20, 1, "lesson-unmet".to_owned()));
}

/// What no node says of itself is a word that is not spelt so, in a task that cannot be done and in a wrong option, too.
#[test]
fn a_fact_that_there_is_not_is_told() {
    let kill = format!("kill {}", leader());
    let none = (21, "lesson-no-fact".to_owned());
    let found = faults(&act("n2 rolle \"leader\"", &kill, ""));
    assert_eq!(found, [none.clone(), (20, "lesson-unmet".to_owned())]);
    let impossible = "- 22:1 impossible yes\n";
    assert_eq!(
        faults(&act("n2 rolle \"leader\"", &kill, impossible)),
        [none]
    );
    assert_eq!(
        faults(&question("leader", "n1 rolle \"leader\"")),
        [(35, "lesson-no-fact".to_owned())]
    );
    assert_eq!(faults(&question("leader", "n1 role \"nothing\"")), []);
}

#[test]
fn a_code_that_is_none_is_refused() {
    let key = |code: &str| Answers::read(code).expect_err(code).key;
    assert_eq!(key("x x"), "code-sign");
    assert_eq!(key(""), "code-broken");
    assert_eq!(key("AAAA"), "code-broken");
    let whole = Answers {
        lesson: "try".to_owned(),
        ..Answers::default()
    }
    .write();
    for end in 0..whole.len() {
        let cut = Answers::read(&whole[..end]);
        assert!(
            cut.is_err() || cut.is_ok_and(|answers| answers.given.is_empty()),
            "{end}"
        );
    }
    assert_eq!(key(&"A".repeat(Answers::MAX_BYTES + 1)), "code-long");
}

#[test]
fn tasks_keep_what_was_written() {
    let more = "- 24:7 hint <em>Look</em>\n- 25:7 done Dead.\n";
    let lesson = read(&format!("{SETUP}{}", act("not leader", "kill n1", more))).unwrap();
    let Some(Task::Act(act)) = lesson.steps().nth(1).map(|step| step.task.clone()) else {
        panic!("the second step is an act");
    };
    assert_eq!(act.allow, ["kill", "restart"]);
    assert_eq!(act.hints, ["<em>Look</em>"]);
    assert_eq!(act.done, "Dead.");
}
