//! Storms: over many seeds, every lab keeps its promises under the faults for which they are
//! given, and comes back after the calm. A failing seed prints the command that plays it again.

mod support;

use splitbrain::engine::{NodeId, Span};
use splitbrain::lab::{CheckSpec, Lab, Mode, Outcome, ParamKind};
use splitbrain::protocols;
use splitbrain::sim::{FaultKind, FaultSet, NodeKind};
use std::collections::BTreeSet;
use support::{parse, play};

/// How many storms each lab stands here; `SPLITBRAIN_SEEDS=10000` makes a long night.
fn seeds() -> u64 {
    let seeds = std::env::var("SPLITBRAIN_SEEDS").map_or(Ok(40), |seeds| seeds.parse());
    seeds.expect("SPLITBRAIN_SEEDS is a whole number")
}

/// The faults under which every promise of the lab is given.
fn weather(lab: &dyn Lab) -> Vec<FaultKind> {
    let checks = lab.info().checks.iter();
    let promises = checks.filter(|check| check.mode != Mode::Sometimes);
    let promised = |kind: &FaultKind| promises.clone().all(|c| c.assumes.contains(*kind));
    FaultSet::ALL.iter().filter(promised).collect()
}

/// Whether something that lies beyond the promises is seen in a storm of all the faults that it
/// names: two who believe to hold one lock, say, once somebody sleeps.
fn seen_beyond(lab: &dyn Lab, check: &CheckSpec) -> bool {
    let kinds: Vec<&str> = check.assumes.iter().map(FaultKind::id).collect();
    (1..=seeds()).any(|seed| {
        let (id, shape) = (lab.info().id, shape(lab, seed));
        let kinds = kinds.join(" ");
        let text = format!("lab {id} seed={seed}{shape}\nstorm every 300ms {kinds}\nrun 20s\n");
        let (history, _) = play(&parse(&text), &mut |_| {});
        let mut verdicts = history.run().verdicts().iter();
        verdicts.any(|(spec, verdict)| spec.id == check.id && verdict.id() == "seen")
    })
}

/// Whether a story that ships sees it: what nobody does in a storm, such as to ask a node to leave.
fn seen_in_a_story(lab: &dyn Lab, check: &CheckSpec) -> bool {
    lab.info().stories.iter().any(|story| {
        let (history, _) = play(&parse(story.text), &mut |_| {});
        let mut verdicts = history.run().verdicts().iter();
        verdicts.any(|(spec, verdict)| spec.id == check.id && verdict.id() == "seen")
    })
}

/// The longest time within which something is promised after calm, and a little more.
fn patience(lab: &dyn Lab) -> Span {
    let bounds = lab.info().checks.iter().map(|check| match check.mode {
        Mode::Eventually(within) => within,
        Mode::Always | Mode::Sometimes => Span(0),
    });
    Span(bounds.max().unwrap_or_default().0 + 1_000_000)
}

/// A storm over these faults, a partition that lasts, then calm and what is promised for it.
fn story(lab: &dyn Lab, seed: u64, faults: &[FaultKind]) -> String {
    let ids: Vec<&str> = faults.iter().map(|kind| kind.id()).collect();
    let every = Span::ms([100, 300, 900][seed as usize % 3]);
    let mut text = format!("lab {} seed={seed}{}\n", lab.info().id, shape(lab, seed));
    text.push_str(&format!("storm every {every} {}\nrun 4s\n", ids.join(" ")));
    if faults.contains(&FaultKind::Partition) {
        let halves = halves(lab, &text, seed);
        text.push_str(&format!("{halves}\nrun 3s\n"));
    }
    text.push_str(&format!("run 3s\ncalm\nrun {}\n", patience(lab)));
    for check in lab.info().checks {
        match check.mode {
            Mode::Always | Mode::Eventually(_) => {
                text.push_str(&format!("expect {} holds\n", check.id));
            }
            Mode::Sometimes => {}
        }
    }
    text
}

/// More nodes or fewer, and more clients, where the lab has a say in it, and each of its choices in turn.
fn shape(lab: &dyn Lab, seed: u64) -> String {
    let mut params = lab.setup(seed).params;
    for spec in lab.info().params {
        if let ParamKind::Choice(_, words) = spec.kind {
            let word = words[seed as usize % words.len()];
            params.set(spec.name, word).expect("one of its words");
        }
    }
    let nodes = [5, 3, 4, 7][seed as usize / 3 % 4];
    let wishes = [("nodes", nodes), ("clients", 1 + seed % 3)];
    for (name, n) in wishes {
        // A lab without such a parameter, or with other bounds, keeps its own.
        let _ = params.set(name, &n.to_string());
    }
    let changed = params.changed();
    changed
        .map(|(spec, value)| format!(" {}={value}", spec.name))
        .collect()
}

/// A partition of the servers in two, another one for each seed; where there is one server only, of
/// all nodes.
fn halves(lab: &dyn Lab, header: &str, seed: u64) -> String {
    let story = parse(header);
    let world = lab.world(&story.setup);
    let is_server = |id: &NodeId| world.spec(*id).kind == NodeKind::Server;
    let alone = world.ids().filter(is_server).count() < 2;
    let parted = world.ids().filter(|id| alone || is_server(id));
    let names: Vec<&str> = parted.map(|id| world.spec(id).name.as_str()).collect();
    let first = 1 + seed as usize % (names.len() - 1);
    let turned = seed as usize / 2 % names.len();
    let order: Vec<&str> = names
        .iter()
        .cycle()
        .skip(turned)
        .take(names.len())
        .copied()
        .collect();
    format!(
        "partition {} | {}",
        order[..first].join(" "),
        order[first..].join(" ")
    )
}

#[test]
fn every_lab_keeps_its_promises_through_storm_and_calm() {
    let labs = protocols::labs();
    assert!(!labs.is_empty(), "the catalogue is empty");
    for lab in labs {
        let faults = weather(lab);
        assert!(
            !faults.is_empty(),
            "{}: nothing is promised under any fault",
            lab.info().id
        );
        let mut seen = BTreeSet::new();
        for seed in 1..=seeds() {
            let text = story(lab, seed, &faults);
            let (history, outcomes) = play(&parse(&text), &mut |_| {});
            let unmet = outcomes
                .iter()
                .find(|(_, outcome)| matches!(outcome, Outcome::Unmet(_)));
            assert_eq!(
                unmet,
                None,
                "\nSeed {seed} breaks a promise of {}. To see it again:\n\n\
                 cargo run --release -- run - <<'STORY'\n{text}STORY\n",
                lab.info().id
            );
            let struck = history.run().world().faults();
            seen.extend(struck.iter().map(FaultKind::id));
            let verdicts = history.run().verdicts().iter();
            seen.extend(
                verdicts
                    .filter(|(_, v)| v.id() == "seen")
                    .map(|(spec, _)| spec.id),
            );
        }
        for kind in &faults {
            assert!(
                seen.contains(kind.id()),
                "{}: no {} struck",
                lab.info().id,
                kind.id()
            );
        }
        for check in lab
            .info()
            .checks
            .iter()
            .filter(|c| c.mode == Mode::Sometimes)
        {
            assert!(
                seen.contains(check.id) || seen_beyond(lab, check) || seen_in_a_story(lab, check),
                "{}: {} in no storm and no story",
                lab.info().id,
                check.id
            );
        }
    }
}

#[test]
fn a_storm_is_the_same_every_time_and_another_one_for_another_seed() {
    for lab in protocols::labs() {
        let faults = weather(lab);
        let hash = |seed, text: &str| {
            let story = parse(&text.replacen("seed=1", &format!("seed={seed}"), 1));
            support::hash(&play(&story, &mut |_| {}).0)
        };
        let text = story(lab, 1, &faults);
        assert_eq!(hash(1, &text), hash(1, &text), "{}", lab.info().id);
        assert_ne!(hash(1, &text), hash(2, &text), "{}", lab.info().id);
    }
}
