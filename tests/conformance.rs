//! What every lab of the catalogue has to be. A new protocol is held to this by being listed.
//!
//! A failure names the lab, and prints the story that reproduces it where there is one:
//! save it to a file and give it to `cargo run --release -- run FILE`.

use splitbrain::engine::Note;
use splitbrain::lab::{
    Command, Dictionary, Expect, History, Lab, LabInfo, Lang, Mode, Outcome, Player, Run, Story,
};
use splitbrain::protocols::{CATALOGUE, find, labs};
use splitbrain::sim::{Cell, FaultKind, FaultSet};
use splitbrain::view::{Panel, Plugin, Scene, dictionary};
use std::collections::BTreeSet;
use std::rc::Rc;

/// The seeds of every storm here.
const SEEDS: std::ops::RangeInclusive<u64> = 1..=6;

/// The headings of a lecture, by how they begin.
const SECTIONS: [&str; 5] = [
    "## The problem",
    "## How it works",
    "## Why it is safe",
    "## What was left out",
    "## The paper",
];

fn each(check: impl Fn(&'static dyn Plugin, &'static LabInfo)) {
    assert!(!CATALOGUE.is_empty(), "the catalogue lists no lab");
    for plugin in CATALOGUE {
        check(*plugin, plugin.info());
    }
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

#[test]
fn the_lecture_has_its_sections() {
    each(|_, info| {
        let mut lines = info.lecture.lines();
        let title = lines.next().unwrap_or_default();
        assert!(
            title.starts_with("# "),
            "{}: the lecture has no title",
            info.id
        );
        let mut rest = info.lecture;
        for section in SECTIONS {
            let at = rest.find(&format!("\n{section}"));
            let at =
                at.unwrap_or_else(|| panic!("{}: no section {section:?} in its place", info.id));
            let body = rest[at + 1..].split_once('\n').map_or("", |(_, body)| body);
            let body = body.split("\n## ").next().unwrap_or_default();
            assert!(
                body.trim().len() > 80,
                "{}: {section:?} says nothing",
                info.id
            );
            rest = &rest[at + 1..];
        }
    });
}

#[test]
fn ids_are_unique_and_in_kebab_case() {
    each(|_, info| {
        let kebab = |what, ids: Vec<&str>| assert_kebab(info.id, what, &ids);
        kebab("param", info.params.iter().map(|x| x.name).collect());
        kebab("rule", info.rules.iter().map(|x| x.id).collect());
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
            info.rules.len() <= 64,
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
fn checks_and_rules_belong_together() {
    each(|plugin, info| {
        let words = dictionary(plugin, Lang::En);
        for check in info.checks {
            let sentence = words.text(&format!("check.{}", check.id));
            let id = sentence.to_lowercase().replace(' ', "-");
            assert_eq!(id, check.id, "{}: a check's id is its sentence", info.id);
        }
        for rule in info.rules {
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

/// The names in braces in a text.
fn braces(text: &str) -> BTreeSet<&str> {
    let parts = text.split('{').skip(1);
    parts
        .filter_map(|part| part.split_once('}'))
        .map(|(name, _)| name)
        .collect()
}

/// Every key that a lab needs by what it declares.
fn declared_keys(info: &LabInfo) -> BTreeSet<String> {
    let mut keys: BTreeSet<String> = ["lab.title", "lab.teaser"].map(str::to_owned).into();
    let mut add = |what: &str, ids: &mut dyn Iterator<Item = &str>| {
        keys.extend(ids.map(|id| format!("{what}.{id}")));
    };
    add("param", &mut info.params.iter().map(|x| x.name));
    add("rule", &mut info.rules.iter().map(|x| x.id));
    add("check", &mut info.checks.iter().map(|x| x.id));
    add("note", &mut info.notes.iter().map(|x| x.id));
    add("moment", &mut info.moments.iter().map(|x| x.id));
    add("story", &mut info.stories.iter().map(|x| x.id));
    add("message", &mut info.message_kinds.iter().copied());
    keys
}

fn own_keys(file: &str) -> Vec<&str> {
    let lines = file
        .lines()
        .filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    lines
        .map(|line| {
            let (key, text) = line
                .split_once(" = ")
                .unwrap_or_else(|| panic!("no key: {line:?}"));
            assert!(!text.trim().is_empty(), "no text: {line:?}");
            key.trim()
        })
        .collect()
}

#[test]
fn both_languages_have_every_word() {
    each(|plugin, info| {
        let needed = declared_keys(info);
        for lang in Lang::ALL {
            let file = plugin.locale(lang);
            let (own, tag) = (own_keys(file), lang.tag());
            let set: BTreeSet<_> = own.iter().map(|key| (*key).to_owned()).collect();
            assert_eq!(
                set.len(),
                own.len(),
                "{} {tag}: a key stands twice",
                info.id
            );
            let missing: Vec<_> = needed.difference(&set).collect();
            assert!(missing.is_empty(), "{} {tag}: missing {missing:?}", info.id);
            let families: BTreeSet<_> = needed
                .iter()
                .filter_map(|key| key.split('.').next())
                .collect();
            let stale = |key: &&String| {
                let family = key.split('.').next().unwrap_or_default();
                families.contains(family) && !needed.contains(*key)
            };
            let stale: Vec<_> = set.iter().filter(stale).collect();
            assert!(
                stale.is_empty(),
                "{} {tag}: about nothing {stale:?}",
                info.id
            );
            let common = Dictionary::read(&[Dictionary::common(lang)]);
            let shadowed: Vec<_> = own.iter().filter(|key| common.get(key).is_some()).collect();
            assert!(shadowed.is_empty(), "{} {tag}: hides {shadowed:?}", info.id);
            let family = format!("family.{}", info.family);
            assert!(
                common.get(&family).is_some(),
                "{} {tag}: no {family}",
                info.id
            );
        }
    });
}

#[test]
fn no_key_and_no_argument_stands_in_one_language_only() {
    let files = |texts: &dyn Fn(Lang) -> &'static str| {
        Lang::ALL.map(|lang| Dictionary::read(&[texts(lang)]))
    };
    let same = |whose: &str, [en, zh]: [Dictionary; 2]| {
        let keys = |words: &Dictionary| words.keys().collect::<BTreeSet<_>>();
        let (en_keys, zh_keys) = (keys(&en), keys(&zh));
        let lone: Vec<_> = en_keys.symmetric_difference(&zh_keys).collect();
        assert!(lone.is_empty(), "{whose}: in one language only: {lone:?}");
        for key in en_keys {
            let (a, b) = (en.text(key), zh.text(key));
            assert_eq!(braces(&a), braces(&b), "{whose}: the arguments of {key}");
        }
    };
    same("common", files(&Dictionary::common));
    each(|plugin, info| same(info.id, files(&|lang| plugin.locale(lang))));
}

#[test]
fn notes_use_the_arguments_that_they_declare() {
    each(|plugin, info| {
        for lang in Lang::ALL {
            let words = dictionary(plugin, lang);
            for note in info.notes {
                let text = words.text(&format!("note.{}", note.id));
                let declared: BTreeSet<_> = note.args.iter().copied().collect();
                assert_eq!(
                    braces(&text),
                    declared,
                    "{} {}: note {}",
                    info.id,
                    lang.tag(),
                    note.id
                );
            }
        }
    });
}

#[test]
fn stories_parse_print_and_parse_back() {
    each(|_, info| {
        assert!(
            info.stories.len() >= 4,
            "{}: fewer than four stories",
            info.id
        );
        for file in info.stories {
            let story = read(file.text);
            assert_eq!(
                story.names.lab.info().id,
                info.id,
                "{}: of another lab",
                file.id
            );
            let again = read(&story.print());
            assert_eq!(story.setup, again.setup, "{}/{}", info.id, file.id);
            let commands = |story: &Story| -> Vec<Command> {
                story
                    .lines
                    .iter()
                    .map(|line| line.command.clone())
                    .collect()
            };
            assert_eq!(
                commands(&story),
                commands(&again),
                "{}/{}",
                info.id,
                file.id
            );
            assert_eq!(story.print(), again.print(), "{}/{}", info.id, file.id);
        }
    });
}

#[test]
fn stories_play_as_they_say() {
    each(|_, info| {
        for file in info.stories {
            let story = read(file.text);
            let says = |command: &Command| matches!(command, Command::Expect(expect) if !matches!(expect, Expect::Trace(_)));
            let expects = story.lines.iter().any(|line| says(&line.command));
            assert!(expects, "{}/{} expects nothing", info.id, file.id);
            let (_, failed) = play(&story, &mut |_| {});
            assert!(
                failed.is_empty(),
                "{}/{}:\n{}",
                info.id,
                file.id,
                failed.join("\n")
            );
        }
    });
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

/// A storm, then calm, with all promises as expectations: a story like any other.
fn storm_story(info: &LabInfo, seed: u64) -> String {
    let kinds = promised_under(info).join(" ");
    assert!(
        !kinds.is_empty(),
        "{}: promises nothing under any fault",
        info.id
    );
    let mut bound = splitbrain::engine::Span(0);
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

#[test]
fn survives_a_storm_and_recovers() {
    each(|_, info| {
        for seed in SEEDS {
            let text = storm_story(info, seed);
            let (history, failed) = play(&read(&text), &mut |_| {});
            let world = history.run().world();
            assert!(
                failed.is_empty(),
                "{}\nin this story:\n{text}",
                failed.join("\n")
            );
            let delivered: u64 = world.counters().delivered.iter().sum();
            assert!(delivered > 0, "nothing was said in this story:\n{text}");
            assert!(
                world.faults() != FaultSet::NONE,
                "no fault in this story:\n{text}"
            );
        }
    });
}

#[test]
fn one_seed_is_one_run() {
    each(|_, info| {
        let mut hashes = BTreeSet::new();
        for seed in SEEDS {
            let text = storm_story(info, seed);
            let hash = || play(&read(&text), &mut |_| {}).0.run().world().trace_hash();
            let (first, second) = (hash(), hash());
            assert_eq!(first, second, "two runs differ:\n{text}");
            hashes.insert(first);
        }
        assert_eq!(
            hashes.len(),
            SEEDS.count(),
            "{}: two seeds gave one run",
            info.id
        );
    });
}

#[test]
fn any_step_is_reached_exactly() {
    each(|_, info| {
        let text = storm_story(info, 1);
        let mut hashes = vec![0; 1];
        let (mut history, _) = play(&read(&text), &mut |run| {
            assert_eq!(
                run.world().steps() as usize,
                hashes.len(),
                "a step was not shown"
            );
            hashes.push(run.world().trace_hash());
        });
        let last = hashes.len() - 1;
        // Far and near, forth and back, in an order of no meaning.
        let steps = (1..60usize)
            .map(|i| 1 + i * 7919 % last)
            .chain([last, last - 1, 1, 2]);
        for step in steps {
            history.seek(step as u64);
            let got = history.run().world().trace_hash();
            assert_eq!(
                got, hashes[step],
                "{}: step {step} of {last} of:\n{text}",
                info.id
            );
        }
    });
}

#[test]
fn a_history_prints_as_a_story_that_plays_the_same() {
    each(|_, info| {
        for seed in SEEDS {
            let text = storm_story(info, seed);
            let (mut history, _) = play(&read(&text), &mut |_| {});
            replays(&history);
            // Touch the past: the fork, too.
            let step = history.run().world().steps() / 3;
            history.seek(step);
            let world = history.run().world();
            let node = world.ids().last().expect("a lab has nodes");
            let kill = Command::Act(Rc::new(splitbrain::sim::Action::Kill(node)));
            let Command::Act(action) = &kill else { return };
            let _ = history.act(action);
            assert_eq!(
                history.branches().count(),
                2,
                "the past was touched:\n{text}"
            );
            let until = history.run().world().now() + splitbrain::engine::Span::secs(1);
            history.run_to(until);
            replays(&history);
        }
    });
}

/// The story of a history plays to the same trace, at the same step and time.
fn replays(history: &History) {
    let printed = history.story().print();
    let (again, _) = play(&read(&printed), &mut |_| {});
    let end = |history: &History| {
        let world = history.run().world();
        (world.steps(), world.now(), world.trace_hash())
    };
    assert_eq!(
        end(&again),
        end(history),
        "another run comes of:\n{printed}"
    );
}

#[test]
fn parameters_work_at_their_bounds() {
    use splitbrain::lab::ParamKind;
    each(|plugin, info| {
        for param in info.params {
            let bounds: Vec<String> = match param.kind {
                ParamKind::Integer(_, min, max) => vec![min.to_string(), max.to_string()],
                ParamKind::Duration(_, min, max) => vec![min.to_string(), max.to_string()],
                ParamKind::Ratio(_, min, max) => vec![min.to_string(), max.to_string()],
                ParamKind::Choice(_, words) => words.iter().map(|w| (*w).to_owned()).collect(),
                ParamKind::Flag(_) => vec!["on".to_owned(), "off".to_owned()],
            };
            for value in bounds {
                let mut setup = (plugin as &dyn Lab).setup(1);
                let set = setup.params.set(param.name, &value);
                assert!(
                    set.is_ok(),
                    "{}: {}={value} is refused",
                    info.id,
                    param.name
                );
                let mut run = Run::new(plugin, &setup);
                for _ in 0..3000 {
                    run.step();
                }
                let broken = run.verdicts().any_violated();
                assert!(
                    !broken,
                    "{}: broken by {}={value} alone",
                    info.id, param.name
                );
                look(plugin, &run);
            }
        }
    });
}

#[test]
fn the_picture_has_its_words() {
    each(|plugin, info| {
        let text = storm_story(info, 2);
        let mut shown = 0;
        play(&read(&text), &mut |run| {
            if run.world().steps().is_multiple_of(37) {
                look(plugin, run);
                shown += 1;
            }
        });
        assert!(shown > 20, "{}: a storm without a picture", info.id);
    });
}

/// Holds one picture against what a screen relies on.
fn look(plugin: &'static dyn Plugin, run: &Run) {
    let (world, id) = (run.world(), plugin.info().id);
    let names = splitbrain::lab::Names::of(plugin, world);
    let words = Lang::ALL.map(|lang| dictionary(plugin, lang));
    let know = |key: &str| {
        for words in &words {
            assert!(words.get(key).is_some(), "{id}: no text for {key}");
        }
    };
    let scene = plugin.scene(world);
    assert!(
        scene.nodes.iter().map(|card| card.id).eq(world.ids()),
        "{id}: one card a node"
    );
    for card in &scene.nodes {
        know(&format!("role.{}", card.role.key));
        let (x, y) = card.at;
        assert!(
            x.abs() <= 1.0 && y.abs() <= 1.0,
            "{id}: {} is off the stage",
            card.name
        );
        assert_eq!(card.name, names.node(card.id), "{id}: a card's name");
        assert_eq!(
            card.status,
            world.cell(card.id).status(),
            "{id}: a card's status"
        );
        assert!(
            card.arc.is_none_or(|arc| arc.from <= arc.to),
            "{id}: an arc that runs back"
        );
    }
    assert_apart(id, &scene);
    for panel in plugin.panels(world, &names) {
        know(&format!("panel.{}", panel.id()));
        for phrase in phrases(&panel) {
            know(&phrase.key);
            for words in &words {
                let text = words.say(&phrase);
                assert!(
                    !text.contains('{'),
                    "{id}: an argument is missing in {text:?}"
                );
            }
        }
        if let Panel::Table(table) = &panel {
            let even = table
                .rows
                .iter()
                .all(|(_, row)| row.len() == table.columns.len());
            assert!(even, "{id}: the table {} is ragged", table.id);
        }
    }
    for flight in world.flights() {
        let label = plugin.message_label(&*flight.letter.parcel, &names);
        assert!(!label.is_empty(), "{id}: a message without a label");
        let _ = plugin.message_tone(flight.letter.name.kind);
    }
}

fn assert_apart(id: &str, scene: &Scene) {
    for (i, a) in scene.nodes.iter().enumerate() {
        for b in &scene.nodes[..i] {
            let apart = (a.at.0 - b.at.0).hypot(a.at.1 - b.at.1);
            assert!(apart > 0.05, "{id}: {} stands on {}", a.name, b.name);
        }
    }
}

/// All that a panel says.
fn phrases(panel: &Panel) -> Vec<splitbrain::lab::Phrase> {
    match panel {
        Panel::Grid { rows, caption, .. } => {
            let cells = rows.iter().flat_map(|row| &row.cells);
            let titles = cells
                .map(|cell| &cell.title)
                .filter(|title| !title.key.is_empty());
            titles.chain([caption]).cloned().collect()
        }
        Panel::Tally { rows, caption, .. } => rows
            .iter()
            .map(|row| &row.what)
            .chain([caption])
            .cloned()
            .collect(),
        Panel::Table(table) => table
            .columns
            .iter()
            .chain([&table.caption])
            .cloned()
            .collect(),
    }
}
