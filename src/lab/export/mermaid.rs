//! A sequence diagram in the language of Mermaid: messages where they arrive, lost ones with a
//! cross, and notes for what was done to the run and for timers that changed something.

use crate::engine::{Facts, NodeId};
use crate::lab::names::Names;
use crate::lab::trace::{facts_text, happened_phrase, note_text};
use crate::lab::words::Dictionary;
use crate::sim::{Happened, Letter, Record};
use std::fmt::Write;

/// The longest text beside an arrow, in characters.
const LONGEST: usize = 72;

pub(super) fn head(to: &mut String, names: &Names) {
    to.push_str("sequenceDiagram\n");
    for (node, name) in names.nodes() {
        let _ = match id(node, names) {
            plain if plain == name => writeln!(to, "    participant {plain}"),
            id => writeln!(to, "    participant {id} as {}", escaped(name)),
        };
    }
}

pub(super) fn event(to: &mut String, record: &Record, names: &Names, words: &Dictionary) {
    match &record.what {
        Happened::Nothing | Happened::Started(_) | Happened::Written(..) => {}
        Happened::Delivered(letter) => {
            let mut facts = Facts::default();
            letter.parcel.facts(&mut facts);
            let text = format!(
                "{} {}",
                short_name(letter, names),
                facts_text(&facts, names)
            );
            arrow(to, letter, "->>", &text, names);
        }
        Happened::Lost(letter, _) => {
            let text = words.say(&happened_phrase(&record.what, names));
            arrow(to, letter, "-x", &text, names);
        }
        Happened::TimerFired(node, _) => {
            // A timer that gave no reason for anything is a heartbeat, and would fill the page.
            if let Some(note) = record.notes.first() {
                aside(to, &id(*node, names), &note_text(note, names, words));
            }
        }
        Happened::Commanded(..) | Happened::Struck(..) => {
            let text = words.say(&happened_phrase(&record.what, names));
            let last = names.nodes().count().saturating_sub(1);
            let over = match record.what.node() {
                Some(node) => id(node, names),
                None if last == 0 => id(NodeId(0), names),
                None => {
                    format!(
                        "{},{}",
                        id(NodeId(0), names),
                        id(NodeId(last as u16), names)
                    )
                }
            };
            aside(to, &over, &text);
        }
    }
}

/// What a participant is called: its name where that is letters and a number, or else a number
/// of its own, so that no name can be read as anything else.
fn id(node: NodeId, names: &Names) -> String {
    let name = names.node(node);
    let number = name.trim_start_matches(|c: char| c.is_ascii_lowercase());
    let digits = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    if digits && number.len() < name.len() && !name.starts_with('p') {
        name.to_owned()
    } else {
        format!("p{}", node.0)
    }
}

/// Kind and number; the arrow itself says from where to where.
fn short_name(letter: &Letter, names: &Names) -> String {
    let (name, kind) = (letter.name, names.message_kind(letter.name.kind));
    if name.copy == 0 {
        format!("{kind} #{}", name.ordinal)
    } else {
        format!("{kind} #{}.{}", name.ordinal, name.copy)
    }
}

fn arrow(to: &mut String, letter: &Letter, head: &str, text: &str, names: &Names) {
    let (from, till) = (id(letter.name.from, names), id(letter.name.to, names));
    let _ = writeln!(to, "    {from}{head}{till}: {}", escaped(text.trim_end()));
}

fn aside(to: &mut String, over: &str, text: &str) {
    let _ = writeln!(to, "    Note over {over}: {}", escaped(text));
}

/// A text that Mermaid shows as it is: cut to a length, and every sign that its language knows
/// as an entity.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for (i, c) in text.chars().enumerate() {
        if i == LONGEST {
            out.push('…');
            break;
        }
        match c {
            '#' | ';' | '<' | '>' | '&' | '%' | '$' | '{' | '}' | '"' | '\\' | '`' | '~' | '*'
            | '_' => {
                let _ = write!(out, "#{};", u32::from(c));
            }
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_language_knows_is_an_entity() {
        assert_eq!(escaped("n1>n3 #4; end"), "n1#62;n3 #35;4#59; end");
        assert_eq!(escaped("<script>&amp;"), "#60;script#62;#38;amp#59;");
        assert_eq!(escaped("%%{init}%%\nx"), "#37;#37;#123;init#125;#37;#37; x");
        let long = escaped(&"x".repeat(1000));
        assert_eq!(long.chars().count(), LONGEST + 1);
    }
}
