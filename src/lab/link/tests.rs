//! Addresses, written and read.

use super::*;

fn full() -> Link {
    Link {
        lab: "raft".to_owned(),
        story: Some("lab raft seed=7\nmark \"100% & 一\"\n".to_owned()),
        at: Some(Position {
            step: 3,
            time: Time(12),
        }),
        hash: Some(0x0123),
        version: Some("0.1.0".to_owned()),
        selected: Some("AppendEntries n1>n3 #4.1".to_owned()),
        branch: Some("what if?".to_owned()),
        off: Some("compare-logs back-up".to_owned()),
        opened: Some("figure-8".to_owned()),
        kept: Some("k1".to_owned()),
        experiment: Some("split-vote".to_owned()),
        lesson: Some("elections".to_owned()),
        page: Some(3),
        from: Some("https://example.org/a lesson.md?x=1&y=2".to_owned()),
    }
}

fn key(fragment: &str) -> String {
    Link::read(fragment).expect_err(fragment).key
}

#[test]
fn every_part_is_written_and_read() {
    let link = full();
    assert_eq!(Link::read(&link.write()), Ok(link.clone()));
    let plain = format!("#/raft?story={}", escape(link.story.as_deref().unwrap()));
    assert_eq!(Link::read(&plain).expect("plain").story, link.story);
}

#[test]
fn addresses_of_the_first_form_still_open() {
    let old = "#/raft?at=21.290000&hash=00000000000000ff&story=lab+raft+seed=7%0Arun+until+leader";
    let link = Link::read(old).expect("the old form");
    let story = "lab raft seed=7\nrun until leader";
    assert_eq!(link.story.as_deref(), Some(story));
    assert_eq!((link.hash, link.version), (Some(255), None));
    let at = link.at.expect("a place");
    assert_eq!((at.step, at.time.0), (21, 290_000));
    for home in ["", "#", "#/"] {
        assert_eq!(Link::read(home), Ok(Link::default()));
    }
    assert_eq!(Link::read("#/raft").expect("a lab").lab, "raft");
}

#[test]
fn what_was_packed_stays_readable() {
    // A link of version 0.1.0. Should this fail, old links are lost: give the new codec a new name.
    let link = Link::read(include_str!("../../../fuzz/corpus/packed-0.1.0.link").trim_end());
    let story = link.expect("the link of 0.1.0").story.expect("its story");
    assert!(
        story.starts_with("lab raft seed=7\nrun until leader\n"),
        "{story}"
    );
    assert!(story.ends_with("mark \"the end\"\n"), "{story}");
}

#[test]
fn a_lesson_needs_no_run() {
    let link = Link::read("#/raft?lesson=elections&page=3").expect("a lesson");
    assert_eq!(
        (link.lesson.as_deref(), link.page),
        (Some("elections"), Some(3))
    );
    assert_eq!(link.write(), "#/raft?lesson=elections&page=3");
    let address = "#/lesson?from=https://example.org/a.md";
    let link = Link::read(address).expect("a lesson from elsewhere");
    assert_eq!(link.from.as_deref(), Some("https://example.org/a.md"));
}

#[test]
fn nonsense_is_refused_with_its_place() {
    let unknown = Link::read("#/raft?nodes=0").expect_err("an unknown part");
    assert_eq!(unknown.key, "link-unknown");
    assert_eq!(unknown.args[0], ("at", "8".to_owned()));
    let wrong = [
        (
            "#/raft?hash=0123456789abcdef&story=lab+raft",
            "link-hash-alone",
        ),
        ("#/raft?at=1.2&hash=12&story=lab+raft", "link-hash"),
        ("#/raft?at=1&story=lab+raft", "link-at"),
        ("#/raft?at=+1.2&story=lab+raft", "link-at"),
        ("#/raft?at=1.2&at=1.2&story=lab+raft", "link-twice"),
        ("#/raft?story=lab+raft&z=AAAA", "link-both"),
        ("#/raft?at=1.2", "link-no-story"),
        ("#/raft?lesson=elections&v=1", "link-no-story"),
        ("#/raft?lesson=elections&page=0", "link-page"),
        ("#/raft?page=2", "link-page-alone"),
        ("#/raft?story=%E0%A4%A", "link-escape"),
        ("#/raft?story=%ff", "link-escape"),
        ("#/raft?story=lab+heartbeat", "link-two-labs"),
        ("#/raft?z=ab*d", "link-packed"),
        ("#/raft?z=AAAA", "link-packed"),
        ("#/raft?z=______________", "error-story-long"),
    ];
    for (fragment, wanted) in wrong {
        assert_eq!(key(fragment), wanted, "{fragment}");
    }
    assert_eq!(key(&format!("#/{}", "x".repeat(201))), "link-name-long");
    assert_eq!(key(&"x".repeat(Link::MAX_BYTES + 1)), "link-long");
    let place = Link::read("#/raft?z=ab*d").expect_err("no base64").args;
    assert_eq!(place[0], ("at", "12".to_owned()));
}

#[test]
fn bytes_of_every_length_are_written_and_read() {
    let bytes: Vec<u8> = (0..=255).collect();
    for length in 0..bytes.len() {
        let text = encode(&bytes[..length]);
        assert_eq!(decode(&text).as_deref(), Ok(&bytes[..length]));
    }
}
