//! Two clients that add one each: the smallest world in which an update is lost.

use splitbrain::lab::exhaust::{End, Exploration, Plan};
use splitbrain::lab::{History, Lab, Outcome, Player, Story};
use splitbrain::protocols;

fn counter() -> &'static dyn Lab {
    protocols::find("counter").expect("in the catalogue")
}

fn explored(way: &str, atomic: bool) -> Exploration {
    let mut plan = Plan::of(counter()).expect("it can be explored");
    plan.setup.params.set("way", way).expect("a way");
    if !atomic {
        plan.rules_off = vec![counter().rule("one-atomic-step").expect("a rule")];
    }
    let Ok(mut exploration) = Exploration::new(counter(), plan) else {
        panic!("the plan of {way} is refused");
    };
    while exploration.advance(1000) {}
    exploration
}

#[test]
fn two_that_add_in_one_step_are_always_counted() {
    for (way, generated, unique, depth) in [
        ("add", 124, 82, 13),
        ("cas", 324, 210, 20),
        ("lock", 614, 390, 29),
    ] {
        let exploration = explored(way, true);
        let explorer = exploration.explorer();
        assert_eq!(explorer.ended(), Some(End::Complete), "{way}");
        assert!(explorer.violations().is_empty(), "{way}");
        let counts = (explorer.generated(), explorer.unique(), explorer.depth());
        assert_eq!(counts, (generated, unique, depth), "{way}");
    }
}

/// What is left of each of the three is the same: read, and then set.
#[test]
fn the_lost_update_is_found_in_the_fewest_steps() {
    for way in ["add", "cas", "lock"] {
        let exploration = explored(way, false);
        let explorer = exploration.explorer();
        assert_eq!(explorer.ended(), Some(End::Broken));
        assert_eq!(
            (explorer.generated(), explorer.unique()),
            (280, 179),
            "{way}"
        );
        let [(violation, states)] = explorer.violations() else {
            panic!("{way}: {:?}", explorer.violations());
        };
        let lost = counter()
            .check("no-acknowledged-add-is-lost")
            .expect("a check");
        assert_eq!((violation.check, *states), (lost, 1), "{way}");
        assert_eq!(explorer.path(*violation).len(), 17, "{way}");
        let story = exploration.story(*violation).expect("it plays").print();
        plays(&story);
    }
}

fn plays(text: &str) {
    let read = Story::parse(text, &protocols::labs(), &mut |_| Ok(()));
    let story = read.unwrap_or_else(|error| panic!("{error:?} in:\n{text}"));
    let mut history = History::new(story.names.lab, story.setup.clone(), 0);
    let done = Player::new(&story).play(&mut history, 100_000, &mut |_| {}, &mut |_, outcome| {
        assert_eq!(outcome, Outcome::Done, "in:\n{text}");
    });
    assert!(done, "too long:\n{text}");
}
