//! What stands behind a step is said in both languages: places in papers, timers, values.

use super::each;
use splitbrain::lab::{Dictionary, Lang};
use splitbrain::view::{dictionary, reference};
use std::collections::BTreeSet;
use std::path::Path;

#[test]
fn what_a_note_refers_to_is_said_in_the_language() {
    let both = |cites: &str, words: &Dictionary, lang| reference(cites, words, lang);
    let raft = splitbrain::protocols::find("raft").expect("a lab");
    let [en, zh] = Lang::ALL.map(|lang| dictionary(raft, lang));
    let cited = "Raft, figure 2, AppendEntries, receiver 2; section 5.3";
    assert_eq!(both(cited, &en, Lang::En), cited);
    assert_eq!(
        both(cited, &zh, Lang::ZhHans),
        "Raft，图 2，AppendEntries，接收方第 2 条；第 5.3 节"
    );
    let off = "the rule commit-own-term is off";
    assert!(both(off, &en, Lang::En).starts_with("the rule “Commit by counting"));
    assert!(both(off, &zh, Lang::ZhHans).ends_with("”已关闭"));
    let more = "Chandra & Toueg 1996, figure 10, task 3: a suspicion is taken back";
    assert_eq!(both(more, &en, Lang::En), more);
    assert_eq!(
        both(more, &zh, Lang::ZhHans),
        "Chandra & Toueg 1996，图 10，任务 3"
    );
    // No English sentence stands in a Chinese reference; and none begins in the middle of a paper.
    let english = [
        "section", "figure", "rule", " the ", " is ", " of ", " et ", " and ",
    ];
    each(|plugin, info| {
        let [en, zh] = Lang::ALL.map(|lang| dictionary(plugin, lang));
        for note in info.notes {
            let chinese = both(note.cites, &zh, Lang::ZhHans);
            let left = english.iter().find(|word| chinese.contains(**word));
            assert_eq!(left, None, "{}, {}: {chinese}", info.id, note.id);
            let said = both(note.cites, &en, Lang::En);
            assert_eq!(said.is_empty(), note.cites.is_empty(), "{}", note.id);
            let bare = ["section", "figure"]
                .iter()
                .any(|word| said.starts_with(word));
            assert!(!bare, "{}, {}: {said}", info.id, note.id);
        }
    });
}

/// All Rust sources of a lab but its tests, one after the other.
fn sources_of(folder: &Path) -> String {
    let mut all = String::new();
    for entry in std::fs::read_dir(folder).expect("the folder of a lab") {
        let path = entry.expect("a file").path();
        if path.is_dir() {
            all.push_str(&sources_of(&path));
        } else if path.extension().is_some_and(|end| end == "rs") && !path.ends_with("tests.rs") {
            all.push_str(&std::fs::read_to_string(&path).expect("a source"));
        }
    }
    all
}

/// A person reads what a timer is for and what a value of a message or a node is, and not the name in the source.
#[test]
fn every_timer_and_every_value_has_its_word() {
    each(|plugin, info| {
        let lab: &dyn splitbrain::lab::Lab = plugin;
        let world = lab.world(&lab.setup(1));
        let timers = world.ids().flat_map(|id| world.cell(id).node().timers());
        let mut keys: BTreeSet<String> = timers.map(|name| format!("timer.{name}")).collect();
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let source = sources_of(&root.join("src/protocols").join(info.id));
        let said = source.split(".say(").skip(1);
        let names = said.filter_map(|rest| {
            let (name, _) = rest.trim_start().strip_prefix('"')?.split_once('"')?;
            Some(format!("fact.{name}"))
        });
        keys.extend(names);
        for lang in Lang::ALL {
            let words = dictionary(plugin, lang);
            let missing: Vec<_> = keys.iter().filter(|key| words.get(key).is_none()).collect();
            let tag = lang.tag();
            assert!(missing.is_empty(), "{} {tag}: {missing:?}", info.id);
        }
    });
}

/// What stands behind a place in a paper has its Chinese, too, but for formulas; and no Chinese is about nothing.
#[test]
fn what_stands_behind_a_place_is_said_in_chinese() {
    each(|plugin, info| {
        let words = dictionary(plugin, Lang::ZhHans);
        let mut wanted: BTreeSet<String> = BTreeSet::new();
        for note in info.notes.iter().filter(|note| !note.cites.is_empty()) {
            let said = reference(note.cites, &words, Lang::ZhHans);
            for place in note
                .cites
                .split("; ")
                .filter(|place| !place.contains(" = "))
            {
                let more = place.split_once(": ").map_or(place, |(_, more)| more);
                let all = [place, more].map(|part| format!("why.{part}"));
                let told = |key: &&String| words.get(key).is_some_and(|why| said.contains(why));
                let found = all.iter().find(told);
                let bare = reference(place, &words, Lang::ZhHans);
                assert!(
                    found.is_some() || (more == place && !bare.is_empty()),
                    "{}, {}: no {:?}",
                    info.id,
                    note.id,
                    all[1]
                );
                wanted.extend(found.cloned());
            }
        }
        let own = Dictionary::read(&[plugin.locale(Lang::ZhHans)]);
        let stale = own.keys().filter(|key| key.starts_with("why."));
        let stale: Vec<_> = stale.filter(|key| !wanted.contains(*key)).collect();
        assert!(stale.is_empty(), "{}: about nothing {stale:?}", info.id);
    });
}
