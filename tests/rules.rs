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

/// The stories of a lab that can turn checks red: those that ship, and those that are kept, of its planted mistakes
/// and others.
fn all_stories(lab: &dyn Lab) -> Vec<String> {
    let info = lab.info();
    let shipped = info.stories.iter().map(|story| story.text.to_owned());
    let kept = info.mistakes.iter().map(|mistake| {
        let root = env!("CARGO_MANIFEST_DIR");
        let file = format!("{root}/tests/mistakes/{}/{}.story", info.id, mistake.id);
        std::fs::read_to_string(file).expect("each mistake has its story")
    });
    shipped.chain(kept).chain(broken(lab)).collect()
}

/// Stories that are kept because nothing else turns a check red; each is called after its check.
fn broken(lab: &dyn Lab) -> Vec<String> {
    let info = lab.info();
    let checks = info.checks.iter().map(|check| {
        let root = env!("CARGO_MANIFEST_DIR");
        std::fs::read_to_string(format!(
            "{root}/tests/broken/{}/{}.story",
            info.id, check.id
        ))
    });
    checks.filter_map(Result::ok).collect()
}

/// Every check but the *sometimes* ones is turned red by some story: by a rule that is off, by a planted mistake, or by
/// a fault under which it is not promised.
#[test]
fn each_check_can_fail() {
    let mut never = Vec::new();
    for lab in labs() {
        let stories = all_stories(lab);
        let red: Vec<&str> = stories.iter().flat_map(|text| violated(text)).collect();
        for check in lab.info().checks {
            if check.mode != Mode::Sometimes && !red.contains(&check.id) {
                never.push(format!("{} {}", lab.info().id, check.id));
            }
        }
    }
    assert!(never.is_empty(), "no story turns these red: {never:#?}");
}
