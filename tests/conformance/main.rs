//! What every lab of the catalogue has to be. A new protocol is held to this by being listed.
//!
//! A failure names the lab, and prints the story that reproduces it where there is one:
//! save it to a file and give it to `cargo run --release -- run FILE`.

mod beside;
mod experiments;
mod lessons;
mod picture;
mod reading;
mod reasons;
mod runs;
mod words;

use splitbrain::engine::{Note, Span};
use splitbrain::lab::{Dictionary, History, Lab, LabInfo, Lang, Mode, Outcome, Player, Run, Story};
use splitbrain::protocols::{CATALOGUE, find, labs};
use splitbrain::sim::{Cell, FaultKind, FaultSet};
use splitbrain::view::{Plugin, dictionary};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The seeds of every storm here.
const SEEDS: std::ops::RangeInclusive<u64> = 1..=6;

/// Holds every lab against something. One that fails does not hide the others.
fn each(check: impl Fn(&'static dyn Plugin, &'static LabInfo)) {
    assert!(!CATALOGUE.is_empty(), "the catalogue lists no lab");
    let failed = CATALOGUE.iter().filter(|plugin| {
        let held = AssertUnwindSafe(|| check(**plugin, plugin.info()));
        catch_unwind(held).is_err()
    });
    let failed: Vec<_> = failed.map(|plugin| plugin.info().id).collect();
    assert!(failed.is_empty(), "failed for: {}", failed.join(", "));
}

fn read(text: &str) -> Story {
    Story::parse(text, &labs(), &mut |_| Ok(())).unwrap_or_else(|wrong| {
        panic!(
            "line {}, column {}: {}\n{text}",
            wrong.line,
            wrong.column,
            Dictionary::read(&[Dictionary::common(Lang::En)]).say(&wrong.complaint)
        )
    })
}

/// Plays a story to its end. Gives the history, and each line that was not met or missed.
fn play(story: &Story, watch: &mut dyn FnMut(&Run)) -> (History, Vec<String>) {
    let mut history = History::new(story.names.lab, story.setup.clone(), 0);
    let mut failed = Vec::new();
    let english = Dictionary::read(&[Dictionary::common(Lang::En)]);
    let done = Player::new(story).play(&mut history, 20_000_000, watch, &mut |line, outcome| {
        let text = line.command.print(&story.names);
        match outcome {
            Outcome::Done => {}
            Outcome::Missed(miss) => failed.push(format!("{text}: no effect ({miss:?})")),
            Outcome::Unmet(got) => failed.push(format!("{text}: it is {}", english.say(&got))),
        }
    });
    assert!(done, "a story of more than 20 million steps");
    (history, failed)
}

fn assert_kebab(lab: &str, what: &str, ids: &[&str]) {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    for id in ids {
        let good = !id.is_empty() && id.chars().all(plain) && !id.split('-').any(str::is_empty);
        assert!(good, "{lab}: the {what} id {id:?} is not in kebab-case");
    }
    let unique: BTreeSet<_> = ids.iter().collect();
    assert_eq!(unique.len(), ids.len(), "{lab}: a {what} id is used twice");
}

#[test]
fn a_lab_is_found_by_its_id() {
    let ids: Vec<_> = CATALOGUE.iter().map(|plugin| plugin.info().id).collect();
    assert_kebab("catalogue", "lab", &ids);
    each(|_, info| {
        assert_eq!(find(info.id).map(|plugin| plugin.info().id), Some(info.id));
        for other in info.built_on {
            assert!(
                ids.contains(other),
                "{}: built on {other}, which is no lab",
                info.id
            );
        }
        assert!(!info.found_in.is_empty(), "{}: found in no system", info.id);
    });
}

/// The systems that the source articles name.
const NAMED: [&str; 19] = [
    "ZooKeeper",
    "etcd",
    "Consul",
    "Chubby",
    "Redis",
    "Memcached",
    "Cassandra",
    "HBase",
    "MongoDB",
    "MySQL replication",
    "HDFS",
    "Hadoop",
    "Spark",
    "Flink",
    "Kafka",
    "RabbitMQ",
    "MQTT",
    "gRPC",
    "Kubernetes",
];

/// Somebody who knows a system by its name finds a lab by it: each word stands in what one lab is found in.
#[test]
fn each_system_that_the_articles_name_is_found() {
    for system in NAMED {
        let found = CATALOGUE.iter().any(|plugin| {
            let systems = plugin.info().found_in.join(" ").to_lowercase();
            system
                .to_lowercase()
                .split(' ')
                .all(|word| systems.contains(word))
        });
        assert!(found, "no lab is found in {system}");
    }
}

#[test]
fn ids_are_unique_and_in_kebab_case() {
    each(|_, info| {
        let kebab = |what, ids: Vec<&str>| assert_kebab(info.id, what, &ids);
        // A parameter stands before a `=`, as a field would: `timeout_min=150ms`.
        let params: Vec<_> = info
            .params
            .iter()
            .map(|x| x.name.replace('_', "-"))
            .collect();
        kebab("param", params.iter().map(String::as_str).collect());
        kebab("rule", info.all_rules().map(|x| x.id).collect());
        kebab("role", info.roles.to_vec());
        kebab("check", info.checks.iter().map(|x| x.id).collect());
        kebab("note", info.notes.iter().map(|x| x.id).collect());
        kebab("moment", info.moments.iter().map(|x| x.id).collect());
        kebab("story", info.stories.iter().map(|x| x.id).collect());
        kebab("verb", info.verbs.iter().map(|x| x.verb).collect());
        let kinds: BTreeSet<_> = info.message_kinds.iter().collect();
        assert_eq!(
            kinds.len(),
            info.message_kinds.len(),
            "{}: message kinds",
            info.id
        );
        assert!(
            (1..=Cell::MAX_KINDS).contains(&kinds.len()),
            "{}: message kinds",
            info.id
        );
        assert!(
            info.all_rules().count() <= 64,
            "{}: more rules than a set holds",
            info.id
        );
        for note in info.notes {
            assert!(
                note.args.len() <= Note::MAX_ARGS,
                "{}: note {}",
                info.id,
                note.id
            );
        }
        let taken = ["trace", "not", "note", "message", "violated"];
        for moment in info.moments {
            let free = !taken.contains(&moment.id) && info.checks.iter().all(|c| c.id != moment.id);
            assert!(
                free,
                "{}: the moment {} reads as something else",
                info.id, moment.id
            );
        }
    });
}

#[test]
fn a_check_that_several_labs_have_has_one_name() {
    for lang in [Lang::En, Lang::ZhHans] {
        let known: RefCell<BTreeMap<&str, (String, &str)>> = RefCell::default();
        each(|plugin, info| {
            let words = dictionary(plugin, lang);
            for check in info.checks {
                let name = words.text(&format!("check.{}", check.id));
                let mut known = known.borrow_mut();
                let (first, lab) = known.entry(check.id).or_insert((name.clone(), info.id));
                assert_eq!(name, *first, "{} in {} and {lab}", check.id, info.id);
            }
        });
    }
}

#[test]
fn checks_and_rules_belong_together() {
    each(|plugin, info| {
        let words = dictionary(plugin, Lang::En);
        for check in info.checks {
            let sentence = words.text(&format!("check.{}", check.id));
            let id = sentence.to_lowercase().replace(' ', "-");
            assert_eq!(id, check.id, "{}: a check's id is its sentence", info.id);
        }
        for rule in info.all_rules() {
            let guarded = info.checks.iter().any(|check| check.id == rule.guards);
            assert!(
                guarded,
                "{}: {} guards {}, which is no check",
                info.id, rule.id, rule.guards
            );
        }
        let has = |mode: fn(&Mode) -> bool| info.checks.iter().any(|check| mode(&check.mode));
        assert!(
            has(|mode| matches!(mode, Mode::Always)),
            "{}: no always",
            info.id
        );
        assert!(
            has(|mode| matches!(mode, Mode::Sometimes)),
            "{}: no sometimes",
            info.id
        );
        assert!(!info.rules.is_empty(), "{}: no rule to switch off", info.id);
        let planted = info.mistakes.len();
        assert!(planted >= 3, "{}: {planted} planted mistakes", info.id);
        for verb in info.verbs {
            let world = plugin.world(&(plugin as &dyn Lab).setup(1));
            let example: Vec<_> = verb.example.split(' ').collect();
            assert_eq!(
                example[0], verb.verb,
                "{}: the example of {}",
                info.id, verb.verb
            );
            let taken = world
                .ids()
                .any(|node| plugin.request(&world, node, &example).is_some());
            assert!(taken, "{}: no node takes {:?}", info.id, verb.example);
        }
    });
}

/// A storm, then calm, with all promises as expectations: a story like any other.
fn storm_story(info: &LabInfo, seed: u64) -> String {
    let kinds = promised_under(info).join(" ");
    assert!(
        !kinds.is_empty(),
        "{}: promises nothing under any fault",
        info.id
    );
    let mut bound = Span(0);
    let mut expected = String::new();
    for check in info.checks {
        match check.mode {
            Mode::Always => expected.push_str(&format!("expect {} holds\n", check.id)),
            Mode::Eventually(within) => {
                bound = bound.max(within);
                expected.push_str(&format!("expect {} holds\n", check.id));
            }
            Mode::Sometimes => {}
        }
    }
    let id = info.id;
    format!(
        "lab {id} seed={seed}\nrun 1s\nstorm every 300ms {kinds}\nrun 8s\ncalm\nrun {bound}\n{expected}"
    )
}

/// The faults under which all that the lab promises is promised.
fn promised_under(info: &LabInfo) -> Vec<&'static str> {
    let promises = info
        .checks
        .iter()
        .filter(|check| check.mode != Mode::Sometimes);
    let assumed: Vec<FaultSet> = promises.map(|check| check.assumes).collect();
    let everywhere = |kind: &FaultKind| assumed.iter().all(|set| set.contains(*kind));
    // A storm takes a crash back by a restart.
    let restarts = everywhere(&FaultKind::Restart);
    let possible = |kind: &FaultKind| match kind {
        FaultKind::Crash | FaultKind::DiskLost => restarts,
        FaultKind::Restart
        | FaultKind::Loss
        | FaultKind::Duplication
        | FaultKind::LateMessage
        | FaultKind::Partition
        | FaultKind::Pause
        | FaultKind::ClockSkew => true,
    };
    let all = FaultSet::ALL.iter().filter(everywhere).filter(possible);
    all.map(FaultKind::id).collect()
}
