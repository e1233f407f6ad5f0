//! The lecture, and every word in both languages.

use super::each;
use splitbrain::lab::{Dictionary, LabInfo, Lang, Phrase};
use splitbrain::view::dictionary;
use std::collections::BTreeSet;

/// What the headings of a lecture say, in this order; a heading may say more.
const SECTIONS: [&str; 5] = [
    "the problem",
    "how it works",
    "why it is safe",
    "what was left out",
    "the paper",
];

#[test]
fn the_lecture_has_its_sections() {
    each(|_, info| {
        let id = info.id;
        let title = info.lecture.lines().next().unwrap_or_default();
        assert!(title.starts_with("# "), "{id}: the lecture has no title");
        let mut sections = info.lecture.split("\n## ").skip(1);
        for wanted in SECTIONS {
            let says = |section: &&str| {
                let heading = section.lines().next().unwrap_or_default();
                heading.to_lowercase().contains(wanted)
            };
            let section = sections.find(says);
            let section = section.unwrap_or_else(|| panic!("{id}: no {wanted:?} in its place"));
            let body = section.split_once('\n').map_or("", |(_, body)| body);
            assert!(body.trim().len() > 80, "{id}: {wanted:?} says nothing");
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
    add("rule", &mut info.all_rules().map(|x| x.id));
    add("check", &mut info.checks.iter().map(|x| x.id));
    add("note", &mut info.notes.iter().map(|x| x.id));
    add("moment", &mut info.moments.iter().map(|x| x.id));
    add("lesson", &mut info.lessons.iter().map(|x| x.id));
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
