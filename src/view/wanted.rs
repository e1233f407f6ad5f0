//! What a lesson asks for, in a sentence: no goal is read as the line of a story that it is written as.

use crate::lab::lesson::Condition;
use crate::lab::{Dictionary, Expect, Names, Phrase, Until};

/// A goal in words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Wanted {
    /// The sentence.
    pub text: String,
    /// The keys for which there was no word, so that a name stands in the sentence as it is in code.
    pub lacking: Vec<String>,
}

/// Says a goal.
#[must_use]
pub fn wanted(condition: &Condition, names: &Names, words: &Dictionary) -> Wanted {
    let mut teller = Teller {
        names,
        words,
        lacking: Vec::new(),
    };
    let text = match condition {
        Condition::Now(expect) => teller.now(expect),
        Condition::Since(until) => teller.since(until),
    };
    Wanted {
        text,
        lacking: teller.lacking,
    }
}

struct Teller<'a> {
    names: &'a Names,
    words: &'a Dictionary,
    lacking: Vec<String>,
}

impl Teller<'_> {
    fn now(&mut self, expect: &Expect) -> String {
        let info = self.names.lab.info();
        match expect {
            Expect::Check(at, verdict) => self.check(info.checks[*at].id, verdict),
            Expect::Moment(at, true) => self.word(&format!("moment.{}", info.moments[*at].id)),
            Expect::Moment(at, false) => {
                let id = info.moments[*at].id;
                if let Some(own) = self.words.get(&format!("moment-not.{id}")) {
                    return own.to_owned();
                }
                let moment = self.word(&format!("moment.{id}"));
                self.say(&Phrase::new("wanted.not").with("moment", moment))
            }
            Expect::Fact {
                node,
                disk,
                fact,
                text,
            } => {
                let value = self.value(text);
                let node = self.names.node(*node);
                let key = format!("wanted-fact.{fact}");
                let said = if self.words.get(&key).is_some() {
                    Phrase::new(key)
                } else {
                    self.lacking.push(key);
                    Phrase::new("wanted.fact").with("fact", fact)
                };
                let said = self.say(&said.with("node", node).with("value", value));
                if *disk {
                    return self.say(&Phrase::new("wanted.on-disk").with("fact", said));
                }
                said
            }
            Expect::Trace(hash) => {
                self.say(&Phrase::new("wanted.trace").with("hash", format!("{hash:016x}")))
            }
        }
    }

    fn since(&mut self, until: &Until) -> String {
        let info = self.names.lab.info();
        match until {
            Until::Moment(at) => self.word(&format!("moment.{}", info.moments[*at].id)),
            Until::Note(at) => {
                let id = info.notes[*at].id;
                let key = format!("wanted-note.{id}");
                if let Some(own) = self.words.get(&key) {
                    return own.to_owned();
                }
                self.lacking.push(key);
                // The words of the note itself, whose arguments nobody knows beforehand.
                let note = without_arguments(&self.word(&format!("note.{id}")));
                self.say(&Phrase::new("wanted.note").with("note", note))
            }
            Until::Message(kind) => {
                let kind = self.names.message_kind(*kind).to_owned();
                let meaning = self.word(&format!("message.{kind}"));
                let said = Phrase::new("wanted.message").with("message", kind);
                self.say(&said.with("meaning", meaning))
            }
            Until::Violated(at) => self.check(info.checks[*at].id, "violated"),
            Until::Writing(node) => {
                let node = self.names.node(*node);
                self.say(&Phrase::new("wanted.writing").with("node", node))
            }
            Until::Time(time) => self.say(&Phrase::new("wanted.time").with("time", time)),
        }
    }

    fn check(&mut self, id: &str, verdict: &str) -> String {
        let check = self.word(&format!("check.{id}"));
        self.say(&Phrase::new(format!("wanted.{verdict}")).with("check", check))
    }

    /// The value of a fact. Numbers and nodes are what they are; a word has its word.
    fn value(&mut self, text: &str) -> String {
        if text.is_empty() {
            return self.word("wanted.nothing");
        }
        let parts = text.split(' ').map(|part| {
            let node = self.names.nodes().any(|(_, name)| name == part);
            if node || !part.contains(char::is_alphabetic) {
                return part.to_owned();
            }
            let families = ["role", "wanted-value", "fact"];
            let found = families
                .iter()
                .find_map(|family| self.words.get(&format!("{family}.{part}")));
            if let Some(found) = found {
                return found.to_owned();
            }
            self.lacking.push(format!("wanted-value.{part}"));
            part.to_owned()
        });
        parts.collect::<Vec<_>>().join(" ")
    }

    fn say(&mut self, phrase: &Phrase) -> String {
        if self.words.get(&phrase.key).is_none() {
            self.lacking.push(phrase.key.clone());
        }
        self.words.say(phrase)
    }

    fn word(&mut self, key: &str) -> String {
        if self.words.get(key).is_none() {
            self.lacking.push(key.to_owned());
        }
        self.words.text(key)
    }
}

/// A text with an ellipsis for each argument in braces.
fn without_arguments(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        out.push('\u{2026}');
        rest = after.split_once('}').map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    out
}
