//! Faults under which nothing is promised, because somebody asks for them (`explore --beyond`).

use super::{first, lab, shrunk};
use splitbrain::lab::search::{Bounds, Goal, Search};
use splitbrain::lab::{History, Outcome, Player, Story};
use splitbrain::protocols::labs;
use splitbrain::sim::{FaultKind, FaultSet};

/// What each lab says of itself that it breaks under such a fault, and within how many runs of seed 1 the search sees it.
const SPLITS: [(&str, &str, FaultKind, u64); 6] = [
    (
        "three-phase-commit",
        "all-decide-alike",
        FaultKind::Partition,
        500,
    ),
    (
        "three-phase-commit",
        "all-decide-alike",
        FaultKind::Pause,
        100,
    ),
    (
        "three-phase-commit",
        "all-decide-alike",
        FaultKind::LateMessage,
        1000,
    ),
    ("bully", TWO_LEAD, FaultKind::Partition, 100),
    ("bully", TWO_LEAD, FaultKind::Pause, 300),
    ("bully", TWO_LEAD, FaultKind::LateMessage, 300),
];

const TWO_LEAD: &str = "two-lead-only-while-an-announcement-travels";

/// A search for a run that breaks one check, with these faults besides those that it is promised under.
fn beyond(id: &str, check: &str, kinds: &[FaultKind]) -> Search {
    let lab = lab(id);
    let check = lab.check(check).expect("a check of the lab");
    let goal = Goal {
        beyond: FaultSet::of(kinds),
        ..Goal::without(lab, &[]).only(check)
    };
    Search::new(lab, goal, Bounds::new(lab, 1))
}

#[test]
fn the_search_splits_by_itself_what_is_promised_under_fewer_faults() {
    for (id, check, kind, runs) in SPLITS {
        let place = format!(
            "cargo run --release -- explore {id} --check {check} --beyond {} --runs {runs}",
            kind.id()
        );
        let mut search = beyond(id, check, &[kind]);
        let found = first(&mut search, runs).unwrap_or_else(|| panic!("nothing found: {place}"));
        let story = shrunk(lab(id), &search, &found).story;
        let mut history = History::new(story.names.lab, story.setup.clone(), 0);
        let mut ended = |_: &_, outcome| assert_eq!(outcome, Outcome::Done, "{place}");
        Player::new(&story).play(&mut history, 100_000, &mut |_| {}, &mut ended);
        let faults = history.run().world().faults();
        assert!(faults.contains(kind), "{place}:\n{}", story.print());
        let at = lab(id).check(check).expect("a check of the lab");
        assert_eq!(history.run().verdicts().get(at).id(), "violated", "{place}");
    }
}

/// Without being asked for it no such fault is brought about, and nothing breaks.
#[test]
fn without_that_nothing_breaks() {
    for id in ["three-phase-commit", "bully"] {
        let check = SPLITS.iter().find(|(lab, ..)| *lab == id);
        let mut search = beyond(id, check.expect("a lab of the table").1, &[]);
        assert!(first(&mut search, 1000).is_none(), "{id}");
        for kind in [
            FaultKind::Partition,
            FaultKind::Pause,
            FaultKind::LateMessage,
        ] {
            assert!(!search.tally().faults.contains(kind), "{id}: {}", kind.id());
        }
    }
}

/// The stories that ship are what the search found, with a sentence before it.
#[test]
fn the_stories_that_were_found_are_what_the_search_finds() {
    let shipped = ["found-behind-a-wall", "found-asleep", "found-late"];
    let lab = lab("three-phase-commit");
    for (name, (id, check, kind, runs)) in shipped.iter().zip(SPLITS) {
        let mut search = beyond(id, check, &[kind]);
        let found = first(&mut search, runs).expect("found");
        let told = shrunk(lab, &search, &found).story.print();
        let file = lab.info().stories.iter().find(|file| file.id == *name);
        let text = file.expect("a story of the lab").text;
        let read = Story::parse(text, &labs(), &mut |_| Ok(())).expect("a story");
        let commands = |story: &Story| {
            let lines = story.print();
            let kept = lines.lines().filter(|line| !line.starts_with("expect"));
            kept.map(str::to_owned).collect::<Vec<_>>()
        };
        let told = Story::parse(&told, &labs(), &mut |_| Ok(())).expect("a story");
        assert_eq!(commands(&read), commands(&told), "{name}");
    }
}
