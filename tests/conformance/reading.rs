//! The glossary, and the reading paths through the articles.

use super::each;
use splitbrain::lab::Lang;
use splitbrain::protocols::{CATALOGUE, find};
use splitbrain_lesson::compile;
use std::cell::Cell;
use std::collections::BTreeMap;

const GLOSSARY: [&str; 2] = [
    include_str!("../../src/ui/glossary/en.txt"),
    include_str!("../../src/ui/glossary/zh-Hans.txt"),
];
const ARTICLES: &str = include_str!("../../src/ui/articles.txt");

/// The terms of a language: word, meaning, paper.
fn terms(text: &'static str) -> BTreeMap<&'static str, Vec<&'static str>> {
    let mut terms = BTreeMap::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let (id, rest) = line.split_once(" = ").expect(line);
        let parts = rest.split(" | ").map(str::trim).collect();
        assert!(terms.insert(id, parts).is_none(), "{id} stands twice");
    }
    terms
}

#[test]
fn every_term_has_its_word_and_meaning_in_both_languages() {
    let [en, zh] = GLOSSARY.map(terms);
    assert!(en.len() >= 40);
    assert!(en.keys().eq(zh.keys()), "the same terms");
    for (id, parts) in en.iter().chain(&zh) {
        assert_eq!(parts.len(), 3, "{id}: word | meaning | paper");
        assert!(!parts[0].is_empty() && parts[1].len() > 12, "{id}");
    }
    for (id, parts) in &en {
        let other = &zh[id];
        assert_eq!(parts[2], other[2], "{id}: one paper");
        assert_ne!(parts[1], other[1], "{id} is not translated");
    }
}

#[test]
fn every_term_of_a_lesson_is_in_the_glossary() {
    let known = terms(GLOSSARY[0]);
    let used = Cell::new(0);
    each(|_, info| {
        for file in info.lessons {
            for lang in Lang::ALL {
                let sheet = compile(file.text(lang)).expect(file.id);
                for part in sheet.split("\"term:").skip(1) {
                    let term = part.split('"').next().unwrap_or_default();
                    assert!(known.contains_key(term), "{}: no term {term}", file.id);
                    used.set(used.get() + 1);
                }
            }
        }
    });
    assert!(used.get() > 4);
}

/// A line of the articles: whether it is a worked case, its lab, and what of the lab it opens.
fn subjects() -> impl Iterator<Item = (bool, &'static str, Vec<&'static str>)> {
    let lines = ARTICLES.lines();
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with(['#', '=']));
    lines.map(|line| {
        let parts: Vec<&str> = line.split(" | ").collect();
        assert_eq!(parts.len(), 3, "English | 中文 | LAB: {line}");
        assert!(!parts[1].is_ascii(), "not in Chinese: {line}");
        let mut target = parts[2].split_whitespace();
        let lab = target.next().expect(line);
        (line.starts_with("* "), lab, target.collect())
    })
}

#[test]
fn what_the_articles_open_is_there() {
    for (case, lab, target) in subjects() {
        let Some(info) = find(lab).map(|plugin| plugin.info()) else {
            continue;
        };
        let there = match target.as_slice() {
            [] => !case,
            ["story", id] => info.stories.iter().any(|story| story.id == *id),
            ["lesson", id] => info.lessons.iter().any(|lesson| lesson.id == *id),
            _ => false,
        };
        // A worked case has to be a story that a reader can run.
        let runs = !case || target.first() == Some(&"story");
        assert!(there && runs, "{lab} {target:?}");
    }
}

#[test]
fn every_lab_that_is_there_is_on_a_path() {
    for plugin in CATALOGUE {
        let id = plugin.info().id;
        assert!(
            subjects().any(|(_, lab, _)| lab == id),
            "{id} is on no path"
        );
    }
    let paths = ARTICLES.lines().filter(|line| line.starts_with("= "));
    assert_eq!(paths.count(), 5);
    // The worked cases and code samples of the articles; more may be found, none may go.
    assert!(subjects().filter(|(case, ..)| *case).count() >= 21);
}
