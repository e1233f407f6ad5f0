//! What a note refers to, as a person reads it: `Raft, section 5.4.2; figure 3: log matching` or `the rule
//! no-expiry is off`, in the words of a language.

use crate::lab::{Dictionary, Lang, Phrase};

/// What stands in papers with a number, and the key of its words.
const NUMBERED: [(&str, &str); 9] = [
    ("section ", "cite.section"),
    ("figure ", "cite.figure"),
    ("specification ", "cite.specification"),
    ("task ", "cite.task"),
    ("steps ", "cite.steps"),
    ("step ", "cite.step"),
    ("lines ", "cite.lines"),
    ("line ", "cite.line"),
    ("receiver ", "cite.receiver"),
];

/// What is named by words, and their key.
const NAMED: [(&str, &str); 5] = [
    ("dissertation", "cite.dissertation"),
    ("our addition", "cite.addition"),
    ("the article", "cite.article"),
    ("rule off", "cite.off"),
    ("Redis documentation", "cite.redis"),
];

/// Says a reference. What is more than a place in a paper or a rule stands there in English; the other language has it by
/// the phrase `why.<English>` of the lab, and leaves out what has none: the note itself says it in both languages.
#[must_use]
pub fn reference(cites: &str, words: &Dictionary, lang: Lang) -> String {
    let teller = Teller { words, lang };
    let mut places = cites.split("; ").filter_map(|place| teller.place(place));
    let first = places.next().unwrap_or_default();
    places.fold(first, |all, place| teller.joined("cite.places", all, place))
}

struct Teller<'a> {
    words: &'a Dictionary,
    lang: Lang,
}

impl Teller<'_> {
    /// One place, `section 5.2: the election is decided`.
    fn place(&self, place: &str) -> Option<String> {
        let (head, more) = match place.split_once(": ") {
            Some((head, more)) => (head, Some(more)),
            None => (place, None),
        };
        let mut parts = head.split(", ");
        let known = parts.next().and_then(|first| self.known(first));
        let said = known.map(|first| {
            let part = |part| self.known(part).unwrap_or_else(|| str::to_owned(part));
            let rest = parts.map(part);
            rest.fold(first, |all, part| self.joined("cite.parts", all, part))
        });
        let Some(said) = said else {
            return self.why(place);
        };
        Some(match more.and_then(|more| self.why(more)) {
            Some(why) => self.joined("cite.why", said, why),
            None => said,
        })
    }

    /// What is more than a place.
    fn why(&self, english: &str) -> Option<String> {
        if self.lang == Lang::En {
            return Some(english.to_owned());
        }
        self.words.get(&format!("why.{english}")).map(str::to_owned)
    }

    /// A part of which the language has words, or which is a name.
    fn known(&self, part: &str) -> Option<String> {
        for (before, key) in NUMBERED {
            if let Some(number) = part.strip_prefix(before) {
                let number = number.replace("and", &self.words.text("cite.and"));
                return Some(self.words.say(&Phrase::new(key).with("n", number)));
            }
        }
        if let Some(rule) = part.strip_prefix("the rule ") {
            let (rule, key) = match rule.strip_suffix(" is off") {
                Some(rule) => (rule, "cite.rule-off"),
                None => (rule, "cite.rule"),
            };
            let said = self.words.get(&format!("rule.{rule}")).unwrap_or(rule);
            return Some(self.words.say(&Phrase::new(key).with("rule", said)));
        }
        if let Some((_, key)) = NAMED.iter().find(|(name, _)| *name == part) {
            return Some(self.words.text(key));
        }
        let named = part.starts_with(char::is_uppercase);
        named.then(|| part.replace("et al.", &self.words.text("cite.et-al")))
    }

    fn joined(&self, key: &str, first: String, second: String) -> String {
        let said = Phrase::new(key).with("first", first);
        self.words.say(&said.with("second", second))
    }
}
