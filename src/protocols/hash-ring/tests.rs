//! What is special about the ring: the placements against published vectors, against a plain ring and a crate's,
//! and against theory; and the store through storms in which the ring changes.

use super::experiments::ALL;
use super::hashes::HashKind;
use super::lab::HashRing;
use super::layout::{Layout, Member, Placement, Scheme, Walk};
use super::others::{jump, maglev, maglev_size, permutation};
use super::ring::{Point, Ring};
use crate::engine::{Draws, NodeId, Span};
use crate::lab::{Experiment, History, Lab, Outcome, Params, Player, Run, Story, Verdict};
use crate::sim::{Action, FaultKind, FaultSet, StormPlan};
use crate::view::{Panel, Plugin};
use std::rc::Rc;

const LAB: &dyn Lab = &HashRing;

fn layout(placement: Placement, nodes: impl IntoIterator<Item = u16>, replicas: usize) -> Layout {
    let scheme = Scheme::new((placement, HashKind::Xxh3), (40, replicas), (1000, 0));
    let member = |node| Member {
        node: NodeId(node),
        weight: 1,
    };
    Layout::new(&Rc::new(scheme), nodes.into_iter().map(member).collect())
}

/// The vectors that the authors of these functions, or their reference programs, give.
#[test]
fn hashes_are_the_published_ones() {
    assert_eq!(HashKind::Xxh3.hash(b""), 0x2d06_8005_38d3_94c2);
    // SHA-1 of "abc" (FIPS 180): a9993e364706816aba3e25717850c26c9cd0d89d.
    assert_eq!(HashKind::Sha1.hash(b"abc"), 0xa999_3e36_4706_816a);
    // MurmurHash3 x64 128 of "hello" with seed 0.
    assert_eq!(HashKind::Murmur3.hash(b"hello"), 0xcbd8_a7b3_41bd_9b02);
    assert_eq!(HashKind::Murmur3.hash(b""), 0);
    // As the standard library's: SipHash-1-3 with keys of zero.
    let mut standard = std::hash::DefaultHasher::new();
    std::hash::Hasher::write(&mut standard, b"k17");
    let standard = std::hash::Hasher::finish(&standard);
    assert_eq!(HashKind::SipHash.hash(b"k17"), standard);
}

/// As the well-known port of the function in Guava has them in its tests.
#[test]
fn jump_agrees_with_the_published_vectors() {
    let golden = [
        0, 55, 62, 8, 45, 59, 86, 97, 82, 59, 73, 37, 17, 56, 86, 21, 90, 37, 38, 83,
    ];
    for (key, bucket) in golden.into_iter().enumerate() {
        assert_eq!(jump(key as u64, 100), bucket, "key {key}");
    }
    assert_eq!(jump(10_863_919_174_838_991, 11), 6);
    assert_eq!(jump(2_016_238_256_797_177_309, 11), 3);
    assert_eq!(jump(1_673_758_223_894_951_030, 11), 5);
    assert_eq!(jump(2, 100_001), 80_343);
    assert_eq!(jump(2201, 100_001), 22_152);
    assert_eq!(jump(2202, 100_001), 15_018);
}

/// Table 1 of the paper: three backends, seven entries, before and after the second one goes.
#[test]
fn maglev_agrees_with_the_paper() {
    let backends = [(3, 4), (0, 2), (3, 1)];
    assert_eq!(maglev(&backends, 7), [1, 0, 1, 0, 2, 2, 0]);
    let without = [backends[0], backends[2]];
    assert_eq!(maglev(&without, 7), [0, 0, 0, 0, 1, 1, 1]);
    // Nearly equal shares: no backend has more than one entry above another.
    let many: Vec<(u64, u64)> = (0..50)
        .map(|node| {
            permutation(
                HashKind::Xxh3,
                HashKind::Xxh3.point(node, 0),
                maglev_size(50),
            )
        })
        .collect();
    let table = maglev(&many, maglev_size(50));
    let count = |node: u16| table.iter().filter(|entry| **entry == node).count();
    let counts: Vec<usize> = (0..50).map(count).collect();
    let (least, most) = (counts.iter().min(), counts.iter().max());
    assert!(
        most.zip(least)
            .is_some_and(|(most, least)| most - least <= 1),
        "{counts:?}"
    );
}

#[test]
fn a_lookup_finds_what_a_plain_search_finds() {
    let mut draws = Draws::at(1, 1);
    for count in [1, 2, 3, 10, 1000, 5000] {
        let mut points: Vec<Point> = (0..count)
            .map(|node| Point {
                at: draws.bits(),
                node,
            })
            .collect();
        points[0].at = u64::MAX;
        let ring = Ring::new(points.clone());
        points.sort_by_key(|point| (point.at, point.node));
        let ends = points
            .iter()
            .flat_map(|p| [p.at.wrapping_sub(1), p.at, p.at.wrapping_add(1)]);
        let ends: Vec<u64> = ends.take(3000).collect();
        for hash in ends.into_iter().chain((0..2000).map(|_| draws.bits())) {
            let plain = points.iter().find(|point| point.at >= hash);
            let plain = plain.unwrap_or(&points[0]);
            assert_eq!(ring.owner(hash), Some(plain.node), "{hash} of {count}");
        }
    }
    assert_eq!(Ring::new(Vec::new()).owner(7), None);
}

/// The crate hashes a node to a point and a key to a place by a hasher that is handed to it: with one that
/// passes numbers on, both rings have the same points.
#[test]
fn a_lookup_finds_what_a_crate_finds() {
    #[derive(Default)]
    struct Same(u64);
    impl std::hash::Hasher for Same {
        fn finish(&self) -> u64 {
            self.0
        }
        fn write(&mut self, bytes: &[u8]) {
            self.0 = bytes
                .iter()
                .fold(self.0, |n, byte| n << 8 | u64::from(*byte));
        }
        fn write_u64(&mut self, n: u64) {
            self.0 = n;
        }
    }
    #[derive(Copy, Clone)]
    struct Node(Point);
    impl std::hash::Hash for Node {
        fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
            state.write_u64(self.0.at);
        }
    }
    let hash = HashKind::Murmur3;
    let points: Vec<Point> = (0..30u16)
        .flat_map(|node| {
            (0..50).map(move |index| Point {
                at: hash.point(node, index),
                node,
            })
        })
        .collect();
    let build = std::hash::BuildHasherDefault::<Same>::default();
    let mut theirs = hashring::HashRing::with_hasher(build);
    points.iter().for_each(|point| theirs.add(Node(*point)));
    let ours = Ring::new(points);
    let mut draws = Draws::at(2, 1);
    for _ in 0..20_000 {
        let key = draws.bits();
        assert_eq!(ours.owner(key), theirs.get(&key).map(|node| node.0.node));
    }
}

#[test]
fn a_change_moves_what_it_must_and_no_more() {
    for placement in [Placement::Ring, Placement::Rendezvous] {
        let (few, many) = (layout(placement, 0..9, 3), layout(placement, 0..10, 3));
        let mut moved = 0;
        for key in &few.scheme().keys {
            let (old, new) = (
                few.owners(*key, Walk::RIGHT),
                many.owners(*key, Walk::RIGHT),
            );
            assert_eq!((old.different(), new.different()), (3, 3));
            let gains = new.list().iter().filter(|node| !old.has(**node));
            assert!(
                gains.clone().all(|node| *node == NodeId(9)),
                "{placement:?}"
            );
            moved += gains.count();
        }
        // Three of thirty copies, give or take five standard deviations of the arcs and the keys.
        assert!((150..=450).contains(&moved), "{placement:?}: {moved}");
    }
    // Jump can lose its last node, and no other.
    let all = layout(Placement::Jump, 0..10, 1);
    let moves = |without: u16| {
        let some = layout(Placement::Jump, (0..10).filter(|node| *node != without), 1);
        let wrong = all.scheme().keys.iter().filter(|key| {
            let [old, new] =
                [&all, &some].map(|layout| layout.owners(**key, Walk::RIGHT).list()[0]);
            old != new && old != NodeId(without)
        });
        wrong.count()
    };
    assert_eq!(moves(9), 0);
    assert!(moves(4) > 300, "{}", moves(4));
}

#[test]
fn bounded_loads_are_bounded() {
    let layout = layout(Placement::Bounded, 0..7, 1);
    let mut counts = [0; 7];
    for key in &layout.scheme().keys {
        counts[layout.owners(*key, Walk::RIGHT).list()[0].index()] += 1;
    }
    // A quarter above a seventh of a thousand, rounded up.
    assert!(counts.iter().all(|count| *count <= 179), "{counts:?}");
    assert_eq!(counts.iter().sum::<usize>(), 1000);
}

#[test]
fn weights_count() {
    for placement in Placement::ALL {
        let mut members: Vec<Member> = layout(placement, 0..4, 1).members().to_vec();
        members[2].weight = 4;
        let scheme = Scheme::new((placement, HashKind::Sha1), (100, 1), (4000, 0));
        let layout = Layout::new(&Rc::new(scheme), members);
        let of = |key: &&u64| layout.owners(**key, Walk::RIGHT).has(NodeId(2));
        let heavy = layout.scheme().keys.iter().filter(of).count();
        // Four of seven parts.
        assert!((1900..=2700).contains(&heavy), "{placement:?}: {heavy}");
    }
}

/// Mean, and the standard deviation of that mean.
fn mean(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let square = values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / (n - 1.0);
    (mean, (square / n).sqrt())
}

/// The measured mean of a column lies within five of its standard deviations (and a little, where it has
/// none) of what theory says.
fn agrees(which: usize, set: &[(&str, &str)], column: usize) {
    let experiment = ALL[which];
    let mut params = Params::defaults(experiment.spec().params);
    for (name, value) in set {
        params.set(name, value).expect("within its bounds");
    }
    let measured: Vec<f64> = (0..120)
        .filter_map(|seed| experiment.measure(&params, seed)[column])
        .collect();
    let (mean, deviation) = mean(&measured);
    let theories = experiment.theory(&params);
    let theory = theories.iter().find(|theory| theory.column == column);
    let theory = theory.and_then(|theory| theory.value).expect("a theory");
    let off = (mean - theory).abs();
    let id = experiment.spec().id;
    assert!(
        off <= 5.0 * deviation + 0.005 * theory,
        "{id} {set:?}: {mean} ± {deviation}, and theory says {theory}"
    );
}

#[test]
fn measured_spread_agrees_with_theory() {
    for (nodes, points) in [("5", "1"), ("10", "16"), ("40", "50")] {
        let set = [("nodes", nodes), ("points", points), ("keys", "3000")];
        agrees(0, &set, 1);
        agrees(0, &set, 3);
    }
    agrees(0, &[("hash", "siphash"), ("keys", "500")], 3);
    agrees(0, &[("hash", "murmur3"), ("keys", "500")], 1);
}

#[test]
fn measured_moves_agree_with_theory() {
    for (placement, change) in [
        ("ring", "join"),
        ("ring", "leave"),
        ("rendezvous", "join"),
        ("rendezvous", "leave"),
        ("jump", "join"),
        ("modulo", "join"),
        ("modulo", "leave"),
    ] {
        for nodes in ["3", "12"] {
            let set = [
                ("placement", placement),
                ("change", change),
                ("nodes", nodes),
                ("keys", "500"),
            ];
            agrees(1, &set, 0);
        }
    }
}

fn run(seed: u64, params: &[(&str, &str)]) -> Run {
    let mut setup = LAB.setup(seed);
    for (name, value) in params {
        setup.params.set(name, value).expect("within its bounds");
    }
    Run::new(LAB, &setup)
}

fn pass(run: &mut Run, span: Span) {
    let end = run.world().now() + span;
    while run.world().now() < end && run.step() {}
}

fn ask(run: &mut Run, node: &str, words: &[&str]) {
    let node = run.world().find(node).expect("a node");
    let request = LAB.request(run.world(), node, words).expect("it takes it");
    // One that is down takes nothing.
    let _ = run.act(&Rc::new(Action::Ask(node, request)));
}

/// Nodes come and go through every kind of storm that is promised for, and clients see one store.
#[test]
fn changes_in_a_storm_lose_nothing() {
    for seed in 1..=6 {
        let placement = Placement::WORDS[seed as usize % Placement::WORDS.len()];
        let few = [
            ("placement", placement),
            ("rate", "20"),
            ("keys", "6"),
            ("points", "3"),
        ];
        let mut run = run(seed, &few);
        let plan = StormPlan {
            every: Span::ms(400),
            kinds: FaultSet::all_but(&[FaultKind::DiskLost]),
        };
        run.act(&Rc::new(Action::Storm(plan))).expect("a storm");
        let mut draws = Draws::at(seed, 9);
        for _ in 0..20 {
            let node = format!("n{}", draws.between(1, 6));
            let word = ["join", "leave"][draws.between(0, 1) as usize];
            ask(&mut run, &node, &[word]);
            pass(&mut run, Span::ms(600));
        }
        run.act(&Rc::new(Action::Calm)).expect("calm");
        pass(&mut run, Span::secs(31));
        for check in LAB.info().checks {
            let at = LAB.check(check.id).expect("a check");
            let verdict = run.verdicts().get(at);
            let broken = matches!(verdict, Verdict::Violated { .. } | Verdict::Pending);
            assert!(
                !broken,
                "{placement}, seed {seed}: {}: {verdict:?}",
                check.id
            );
        }
    }
}

#[test]
fn a_hundred_nodes_with_ten_thousand_keys_run() {
    let large = [("nodes", "100"), ("points", "200"), ("keys", "10000")];
    let mut run = run(1, &large);
    pass(&mut run, Span::secs(1));
    ask(&mut run, "n101", &["join"]);
    pass(&mut run, Span::secs(2));
    let moved = LAB.check("keys-move").expect("a check");
    assert!(matches!(run.verdicts().get(moved), Verdict::Seen { .. }));
    assert!(!run.verdicts().any_violated());
}

/// The circle at the end of a story.
fn circle_after(text: &str) -> crate::view::Ring {
    let story = Story::parse(text, &[LAB], &mut |_| Ok(())).expect(text);
    let mut history = History::new(LAB, story.setup.clone(), 0);
    let done =
        Player::new(&story).play(&mut history, 10_000_000, &mut |_| {}, &mut |_, outcome| {
            assert_eq!(outcome, Outcome::Done, "{text}");
        });
    assert!(done);
    let panels = HashRing.panels(history.run().world(), history.names());
    let ring = panels.into_iter().find_map(|panel| match panel {
        Panel::Ring(ring) => Some(ring),
        _ => None,
    });
    ring.expect("a circle")
}

/// What a point of an experiment was measured in is what the run that it opens shows.
#[test]
fn a_point_opens_a_run_that_shows_what_was_measured() {
    let [spread, moved] = ALL;
    let small = |experiment: &dyn Experiment, more: &[(&str, &str)]| {
        let mut params = Params::defaults(experiment.spec().params);
        let set = [("nodes", "6"), ("points", "8"), ("keys", "300")];
        for (name, value) in set.iter().chain(more) {
            params.set(name, value).expect("within its bounds");
        }
        params
    };
    for (seed, placement, change) in [
        (1, "ring", "join"),
        (2, "ring", "leave"),
        (3, "modulo", "join"),
        (4, "jump", "leave"),
        (5, "maglev", "join"),
        (6, "rendezvous", "leave"),
        (7, "bounded", "join"),
    ] {
        let params = small(moved, &[("placement", placement), ("change", change)]);
        let share = moved.measure(&params, seed)[0].expect("measured");
        let ring = circle_after(&moved.story(&params, seed, 0).expect("a story"));
        let went = ring.dial.keys.iter().filter(|key| key.was.is_some());
        let shown = went.count() as f64 / ring.dial.keys.len() as f64;
        assert!(
            (share - shown).abs() < 1e-9,
            "{placement} {change}: {share}, {shown}"
        );
        assert!(share > 0.0 && share < 1.0, "{placement} {change}: {share}");
    }
    let params = small(spread, &[]);
    let ring = circle_after(&spread.story(&params, 9, 0).expect("a story"));
    let on = ring.nodes.iter().filter(|node| node.on);
    let squares = on.map(|node| (node.keys as f64 / 50.0 - 1.0).powi(2));
    let (shown, measured) = (squares.sum::<f64>() / 6.0, spread.measure(&params, 9)[3]);
    assert!(
        (measured.expect("measured") - shown).abs() < 1e-9,
        "{measured:?}, {shown}"
    );
}

/// What was there at the start is told as nothing everywhere: to a client, on the stage, and in the events.
#[test]
fn what_nobody_put_is_nothing_wherever_it_is_said() {
    use super::message::{Entry, RingMessage, Stamp};
    use crate::engine::{Fact, Facts, Message, Word};
    let told = |count: u32| {
        let stamp = Stamp {
            count,
            client: NodeId(0),
            op: 0,
        };
        let value = Word::number(0);
        let message = RingMessage::Value {
            op: 1,
            entry: Some(Entry { stamp, value }),
        };
        let mut facts = Facts::default();
        Message::facts(&message, &mut facts);
        let said = facts.0.iter().find(|(name, _)| *name == "value");
        said.map(|(_, fact)| fact.clone())
    };
    assert_eq!(told(0), Some(Fact::Nothing));
    assert_eq!(told(1), Some(Fact::Word(Word::number(0))));
}
