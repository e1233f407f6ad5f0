//! The lecture, and every word in both languages.

use super::each;
use splitbrain::lab::{Dictionary, Lang, Params, Phrase};
use splitbrain::protocols::CATALOGUE;
use splitbrain::view::{Plugin, dictionary};
use std::collections::BTreeSet;
use std::path::Path;

/// What the headings of a lecture say, in this order; a heading may say more.
const SECTIONS: [(&str, [&str; 5]); 2] = [
    (
        "README.md",
        [
            "the problem",
            "how it works",
            "why it is safe",
            "what was left out",
            "the paper",
        ],
    ),
    (
        "README.zh-Hans.md",
        [
            "要解决的问题",
            "它是怎样工作的",
            "为什么是安全的",
            "省略了什么",
            "论文",
        ],
    ),
];

/// A file of a lab's folder.
fn file_of(lab: &str, name: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let file = root.join("src/protocols").join(lab).join(name);
    std::fs::read_to_string(&file).unwrap_or_else(|why| panic!("{}: {why}", file.display()))
}

/// The sections below the title, each as its heading and what follows.
fn sections(lecture: &str) -> impl Iterator<Item = (&str, &str)> {
    let sections = lecture.split("\n## ").skip(1);
    sections.map(|section| section.split_once('\n').unwrap_or((section, "")))
}

#[test]
fn the_lecture_has_its_sections_in_both_languages() {
    each(|_, info| {
        let id = info.id;
        assert_eq!(info.lecture, file_of(id, "README.md"), "{id}");
        for (name, wanted) in SECTIONS {
            let lecture = file_of(id, name);
            let title = lecture.lines().next().unwrap_or_default();
            assert!(title.starts_with("# "), "{id}: {name} has no title");
            let mut sections = sections(&lecture);
            for wanted in wanted {
                let section = sections.find(|(heading, _)| heading.to_lowercase().contains(wanted));
                let section =
                    section.unwrap_or_else(|| panic!("{id}: {name}: no {wanted:?} in its place"));
                assert!(
                    section.1.trim().len() > 80,
                    "{id}: {name}: {wanted:?} says nothing"
                );
            }
        }
    });
}

/// What stands between backticks: names of parameters and stories, which no language changes.
fn names(text: &str) -> BTreeSet<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

#[test]
fn both_lectures_say_the_same() {
    each(|_, info| {
        let [en, zh] = SECTIONS.map(|(name, _)| file_of(info.id, name));
        let rows = |text: &str| text.lines().filter(|line| line.starts_with('|')).count();
        let points = |text: &str| text.lines().filter(|line| line.starts_with("- ")).count();
        assert_eq!(
            sections(&en).count(),
            sections(&zh).count(),
            "{}: sections",
            info.id
        );
        assert_eq!(rows(&en), rows(&zh), "{}: rows of tables", info.id);
        assert_eq!(points(&en), points(&zh), "{}: points of lists", info.id);
        assert_eq!(names(&en), names(&zh), "{}: names in code", info.id);
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
fn declared_keys(plugin: &dyn Plugin) -> BTreeSet<String> {
    let info = plugin.info();
    let mut keys: BTreeSet<String> = ["lab.title", "lab.teaser"].map(str::to_owned).into();
    let mut add = |what: &str, ids: &mut dyn Iterator<Item = &str>| {
        keys.extend(ids.map(|id| format!("{what}.{id}")));
    };
    add("param", &mut info.params.iter().map(|x| x.name));
    add("rule", &mut info.all_rules().map(|x| x.id));
    add("check", &mut info.checks.iter().map(|x| x.id));
    add("note", &mut info.notes.iter().map(|x| x.id));
    add("moment", &mut info.moments.iter().map(|x| x.id));
    add("lesson", &mut info.lessons.iter().map(|x| x.id));
    add("story", &mut info.stories.iter().map(|x| x.id));
    add("message", &mut info.message_kinds.iter().copied());
    for experiment in plugin.experiments() {
        let spec = experiment.spec();
        let theory = experiment.theory(&Params::defaults(spec.params));
        let of_lab = |name: &str| info.params.iter().any(|param| param.name == name);
        let params = spec.params.iter().map(|param| param.name);
        add("experiment", &mut [spec.id].into_iter());
        let mut own = vec!["question".to_owned()];
        own.extend(spec.columns.iter().map(|column| column.name.to_owned()));
        if !experiment.together().is_empty() {
            own.push("together".to_owned());
        }
        own.extend(theory.iter().map(|line| format!("theory.{}", line.id)));
        own.extend(
            params
                .filter(|name| !of_lab(name))
                .map(|name| format!("param.{name}")),
        );
        add(
            &format!("experiment.{}", spec.id),
            &mut own.iter().map(String::as_str),
        );
    }
    keys
}

/// What may be said, too: what a lab is also called, what formulas take for granted, and what a parameter of the lab means
/// in an experiment.
fn allowed_keys(plugin: &dyn Plugin) -> BTreeSet<String> {
    let keys = plugin.experiments().iter().flat_map(|experiment| {
        let spec = experiment.spec();
        let together = experiment.together().iter();
        let together = together.map(|at| format!("{}.short", spec.columns[*at].name));
        let params = spec
            .params
            .iter()
            .map(|param| format!("param.{}", param.name));
        let all = params.chain(["assumes".to_owned()]).chain(together);
        all.map(|rest| format!("experiment.{}.{rest}", spec.id))
    });
    let tags = std::iter::once("lab.tags".to_owned());
    keys.chain(tags).collect()
}

/// The front page finds a lab by its tags; the articles' two kinds of elections are such.
#[test]
fn elections_by_time_and_by_state_are_found() {
    let tagged = |lang: Lang, tag: &str| -> Vec<&str> {
        let labs = CATALOGUE.iter().filter(|plugin| {
            let tags = dictionary(**plugin, lang).get("lab.tags");
            tags.is_some_and(|tags| tags.split(", ").any(|one| one == tag))
        });
        labs.map(|plugin| plugin.info().id).collect()
    };
    let time = [
        (Lang::En, "time-based election"),
        (Lang::ZhHans, "基于时间的选举"),
    ];
    let state = [
        (Lang::En, "state-based election"),
        (Lang::ZhHans, "基于状态的选举"),
    ];
    for (lang, tag) in time {
        assert_eq!(tagged(lang, tag), ["raft", "chubby"]);
    }
    for (lang, tag) in state {
        assert_eq!(tagged(lang, tag), ["raft", "priority-vote"]);
    }
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
        let (needed, allowed) = (declared_keys(plugin), allowed_keys(plugin));
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
                families.contains(family) && !needed.contains(*key) && !allowed.contains(*key)
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
        // The English of what stands behind a place in a paper is in the notes.
        let keys = |words: &Dictionary| {
            let keys = words.keys().filter(|key| !key.starts_with("why."));
            keys.collect::<BTreeSet<_>>()
        };
        let (en_keys, zh_keys) = (keys(&en), keys(&zh));
        let lone: Vec<_> = en_keys.symmetric_difference(&zh_keys).collect();
        assert!(lone.is_empty(), "{whose}: in one language only: {lone:?}");
        for key in en_keys {
            let (a, b) = (en.text(key), zh.text(key));
            assert_eq!(braces(&a), braces(&b), "{whose}: the arguments of {key}");
        }
    };
    same("common", files(&Dictionary::common));
    // The page's own words, which no library carries.
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/ui/locale");
    for page in ["app", "embed", "learn", "panels"] {
        let words = |lang: Lang| {
            let file = root.join(format!("{page}.{}.txt", lang.tag()));
            let text = std::fs::read_to_string(file).expect("the words of the page");
            Dictionary::read(&[text.leak()])
        };
        same(page, Lang::ALL.map(words));
    }
    each(|plugin, info| same(info.id, files(&|lang| plugin.locale(lang))));
}

#[test]
fn what_a_lab_counts_has_its_words() {
    each(|plugin, info| {
        let charts = plugin.shares(&Params::defaults(info.params));
        let mut keys: Vec<String> = Vec::new();
        for chart in &charts {
            let share = format!("share.{}", chart.id);
            keys.push(format!("{share}.unit"));
            keys.extend(
                chart
                    .lines
                    .iter()
                    .map(|line| format!("{share}.{}", line.id)),
            );
            let references = chart.references.iter();
            keys.extend(references.map(|one| format!("reference.{}.{}", chart.id, one.id)));
            keys.push(share);
            for reference in &chart.references {
                let inside = (0.0..=1.0).contains(&reference.value);
                assert!(inside, "{}: {} is no share", info.id, reference.id);
            }
        }
        let gauges = plugin.gauges(&Params::defaults(info.params));
        for gauge in &gauges {
            keys.extend(["", ".unit"].map(|end| format!("gauge.{}{end}", gauge.id)));
            keys.extend(gauge.lines.iter().map(|line| line.key.to_string()));
        }
        let lines: usize = gauges.iter().map(|gauge| gauge.lines.len()).sum();
        let lab: &dyn splitbrain::lab::Lab = plugin;
        let world = lab.world(&lab.setup(1));
        assert_eq!(
            plugin.read(&world).len(),
            lines,
            "{}: a reading for each line",
            info.id
        );
        for lang in Lang::ALL {
            let words = dictionary(plugin, lang);
            let missing: Vec<_> = keys.iter().filter(|key| words.get(key).is_none()).collect();
            assert!(
                missing.is_empty(),
                "{} {}: {missing:?}",
                info.id,
                lang.tag()
            );
        }
    });
}

#[test]
fn what_is_compared_has_its_words() {
    each(|plugin, info| {
        let mut wanted: BTreeSet<String> = BTreeSet::new();
        if let Some(contest) = plugin.contest() {
            assert!(!contest.variants.is_empty(), "{}: no variant", info.id);
            wanted.extend(["contest.unit", "contest.charge"].map(str::to_owned));
            for variant in contest.variants {
                assert!(!variant.cases.is_empty(), "{}: no case", info.id);
                let cases = variant.cases.iter();
                wanted.extend(cases.map(|case| format!("contest.{}", case.id)));
            }
        }
        for lang in Lang::ALL {
            let text = plugin.locale(lang);
            let there = text.lines().filter_map(|line| line.split_once(" = "));
            let there = there.map(|(key, _)| key.trim().to_owned());
            let there: BTreeSet<String> = there.filter(|key| key.starts_with("contest.")).collect();
            assert_eq!(there, wanted, "{} {}", info.id, lang.tag());
        }
    });
}

#[test]
fn notes_use_the_arguments_that_they_declare() {
    each(|plugin, info| {
        for lang in Lang::ALL {
            let words = dictionary(plugin, lang);
            for note in info.notes {
                let text = words.text(&format!("note.{}", note.id));
                let declared: BTreeSet<_> = note.args.iter().copied().collect();
                let unknown: Vec<_> = braces(&text).difference(&declared).copied().collect();
                let (id, tag) = (info.id, lang.tag());
                assert!(
                    unknown.is_empty(),
                    "{id} {tag}: note {} says {unknown:?}",
                    note.id
                );
            }
        }
    });
}

#[test]
fn what_kind_of_word_was_expected_is_said_in_the_language() {
    let words = Dictionary::read(&[Dictionary::common(Lang::ZhHans)]);
    let phrase = Phrase::new("error-word").echo("word", "n99");
    let phrase = phrase.with("kind", "message kind").with("known", "n1");
    let said = words.say(&phrase);
    assert!(
        said.contains("消息类型") && !said.contains("kind"),
        "{said}"
    );
}

#[test]
fn an_engine_inside_another_gives_its_reasons_in_its_own_words() {
    each(|_, info| {
        for base in info.built_on {
            let inner = splitbrain::protocols::find(base).expect("a lab");
            let outer = splitbrain::protocols::find(info.id).expect("a lab");
            let theirs: BTreeSet<&str> = inner.info().notes.iter().map(|note| note.id).collect();
            let carried = info.notes.iter().filter(|note| theirs.contains(note.id));
            let carried: Vec<String> = carried.map(|note| format!("note.{}", note.id)).collect();
            assert!(!carried.is_empty(), "{}: no reason of {base}", info.id);
            for lang in Lang::ALL {
                let ours = Dictionary::read(&[outer.locale(lang)]);
                let its = Dictionary::read(&[inner.locale(lang)]);
                for key in &carried {
                    assert_eq!(ours.get(key), its.get(key), "{}: {key}", info.id);
                }
            }
        }
    });
}
