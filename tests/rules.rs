//! Every rule is needed: for each rule of each lab a story breaks the check that the rule guards,
//! and the same story with the rule on does not.

use splitbrain::lab::{CheckSpec, History, Lab, Mode, Player, Story, Verdict};
use splitbrain::protocols::labs;

fn parse(text: &str) -> Story {
    let read = Story::parse(text, &labs(), &mut |_| Ok(()));
    read.unwrap_or_else(|error| panic!("{error:?} in:\n{text}"))
}

/// The ids of the checks that a story violates. What the story itself expects is not asked. What holds
/// always and was broken has a reason, which a person is told.
fn violated(text: &str) -> Vec<&'static str> {
    let story = parse(text);
    let mut history = History::new(story.names.lab, story.setup.clone(), 0);
    let ended = Player::new(&story).play(&mut history, 1_000_000, &mut |_| {}, &mut |_, _| {});
    assert!(ended, "the story is too long:\n{text}");
    let verdicts = history.run().verdicts().iter();
    let bad = verdicts.filter(|(_, verdict)| matches!(verdict, Verdict::Violated { .. }));
    let id = |(check, verdict): (&CheckSpec, Verdict)| {
        let silent = matches!(verdict, Verdict::Violated { note: None, .. });
        let told = !silent || check.mode != Mode::Always;
        assert!(told, "{} gives no reason in:\n{text}", check.id);
        check.id
    };
    bad.map(id).collect()
}

/// The stories of a lab that switch this rule off, and nothing else.
fn stories_without(lab: &dyn Lab, rule: &str) -> Vec<&'static str> {
    let line = format!("rule {rule} off");
    let texts = lab.info().stories.iter().map(|story| story.text);
    let off = |text: &str| {
        text.lines()
            .filter(|line| line.starts_with("rule ") && line.ends_with(" off"))
            .count()
    };
    texts
        .filter(|text| text.contains(&line) && off(text) == 1)
        .collect()
}

#[test]
fn each_rule_off_breaks_what_it_guards_and_on_does_not() {
    for lab in labs() {
        for rule in lab.info().rules {
            let line = format!("rule {} off", rule.id);
            let stories = stories_without(lab, rule.id);
            assert!(
                !stories.is_empty(),
                "{}: no story with {line}",
                lab.info().id
            );
            let breaks = stories
                .iter()
                .find(|text| violated(text).contains(&rule.guards));
            let text = breaks.unwrap_or_else(|| {
                panic!(
                    "{}: no story with {line} violates {}",
                    lab.info().id,
                    rule.guards
                )
            });
            let on = text.replace(&line, "");
            assert_eq!(
                violated(&on),
                Vec::<&str>::new(),
                "the rule is on, in:\n{on}"
            );
        }
    }
}

/// Every check of Raft but the *sometimes* ones is turned red by some rule switched off, or by a planted mistake in the
/// story that is kept of it.
#[test]
fn each_check_of_raft_can_fail() {
    let all = labs();
    let lab = all
        .iter()
        .find(|lab| lab.info().id == "raft")
        .expect("there is Raft");
    let mut red: Vec<&str> = Vec::new();
    for rule in lab.info().rules {
        let stories = stories_without(*lab, rule.id);
        stories.iter().for_each(|text| red.extend(violated(text)));
    }
    for mistake in lab.info().mistakes {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/mistakes/raft");
        let text = std::fs::read_to_string(format!("{folder}/{}.story", mistake.id));
        red.extend(violated(&text.expect("each mistake has its story")));
    }
    for check in lab.info().checks {
        let sometimes = check.mode == Mode::Sometimes;
        let can_fail = sometimes || red.contains(&check.id);
        assert!(
            can_fail,
            "no rule switched off, and no mistake, turns {} red",
            check.id
        );
    }
}
