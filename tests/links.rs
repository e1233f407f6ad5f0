//! The links of runs: what they hold comes back, and they stay short.

use proptest::prelude::*;
use splitbrain::engine::Time;
use splitbrain::lab::{Link, Position, Story, pack, unpack};
use splitbrain::protocols;

/// The longest link of a story of fifty commands, in characters.
const BOUND: usize = 1500;

/// What the address of the page is before its fragment, on a host with a long name.
const HOST: usize = 60;

/// A command of each kind, as the page writes it.
fn command() -> impl Strategy<Value = String> {
    let node = || 1..=5u32;
    let kind = || {
        let kinds = ["AppendEntries", "AppendReply", "VoteRequest", "VoteReply"];
        proptest::sample::select(kinds.to_vec())
    };
    let verb = proptest::sample::select(vec!["kill", "restart", "pause", "resume", "wipe"]);
    let act = proptest::sample::select(vec!["drop", "deliver", "hold", "duplicate", "release"]);
    prop_oneof![
        (verb, node()).prop_map(|(verb, n)| format!("{verb} n{n}")),
        (act, kind(), node(), 1..5u32, 1..300u32).prop_map(|(act, kind, n, by, ordinal)| {
            let to = (n + by - 1) % 5 + 1;
            format!("{act} {kind} n{n}>n{to} #{ordinal}")
        }),
        (node(), 1..5u32).prop_map(|(n, by)| format!("cut n{n} n{}", (n + by - 1) % 5 + 1)),
        (1..=3u32, "[a-z]", 0..100u32)
            .prop_map(|(c, key, n)| format!("request c{c} put {key}={n}")),
        (1..=99u32).prop_map(|share| format!("loss {share}%")),
        Just("partition n1 n2 | n3 n4 n5".to_owned()),
        Just("heal".to_owned()),
        "[a-z ]{3,20}".prop_map(|name| format!("mark \"{name}\"")),
    ]
}

/// A story of fifty commands, with the time to the microsecond before each.
fn story() -> impl Strategy<Value = String> {
    let line = (1..900_000u64, command());
    (1..10_000u32, prop::collection::vec(line, 50)).prop_map(|(seed, lines)| {
        let mut text = format!("lab raft seed={seed} clients=3\n");
        for (us, command) in lines {
            let (ms, part) = (us / 1000, us % 1000);
            text.push_str(&format!("run {ms}.{part:03}ms\n{command}\n"));
        }
        text
    })
}

fn link(story: String, step: u64, time: u64, hash: u64) -> Link {
    Link {
        lab: "raft".to_owned(),
        story: Some(story),
        at: Some(Position {
            step,
            time: Time(time),
        }),
        hash: Some(hash),
        version: Some(Link::VERSION.to_owned()),
        selected: Some("AppendEntries n1>n3 #4".to_owned()),
        ..Link::default()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_link_of_fifty_commands_is_short(story in story(), step: u32, time: u32, hash: u64) {
        let read = Story::parse(&story, &protocols::labs(), &mut |_| Ok(()));
        prop_assert_eq!(read.map(|read| read.lines.len()), Ok(100));
        let link = link(story, step.into(), time.into(), hash);
        let written = link.write();
        prop_assert!(HOST + written.len() < BOUND, "{} characters", HOST + written.len());
        prop_assert_eq!(Link::read(&written), Ok(link));
    }

    #[test]
    fn any_text_in_any_part_comes_back(
        lab in "[a-z-]{0,20}", story in any::<String>(), selected in ".{0,40}", branch in ".{0,40}",
        step: u64, time: u64, hash: u64,
    ) {
        // A story that names another lab than the address is refused.
        prop_assume!(!story.trim_start().starts_with("lab"));
        let link = Link {
            lab,
            selected: Some(selected),
            branch: Some(branch),
            ..link(story, step, time, hash)
        };
        prop_assert_eq!(Link::read(&link.write()), Ok(link));
    }

    #[test]
    fn any_text_is_packed_and_unpacked(text in any::<String>()) {
        prop_assert_eq!(unpack(&pack(&text)), Ok(text));
    }

    #[test]
    fn any_bytes_are_unpacked_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(text) = unpack(&bytes) {
            prop_assert!(text.len() <= Story::MAX_BYTES);
        }
    }
}

#[test]
fn the_longest_story_fits_in_a_link() {
    let mut text = String::from("lab raft\n");
    while text.len() + 40 < Story::MAX_BYTES {
        let n = text.len();
        text.push_str(&format!("drop AppendEntries n1>n2 #{n}\n"));
    }
    let link = link(text, 1, 2, 3);
    assert_eq!(Link::read(&link.write()), Ok(link));
}

#[test]
fn the_golden_stories_make_short_links() {
    let stories = protocols::labs().into_iter().flat_map(|lab| {
        let id = lab.info().id;
        lab.info().stories.iter().map(move |story| (id, story))
    });
    for (lab, story) in stories {
        let link = Link {
            lab: lab.to_owned(),
            story: Some(story.text.to_owned()),
            ..Link::default()
        };
        let written = link.write();
        assert!(written.len() < story.text.len(), "{}", story.id);
        assert_eq!(Link::read(&written), Ok(link), "{}", story.id);
    }
}
