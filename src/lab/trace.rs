//! A step in words: one line an event, for traces, event lists and the chain of causes.

use super::names::Names;
use super::words::{Dictionary, Phrase};
use crate::engine::{Arg, Fact, Facts, Note};
use crate::sim::{Happened, Miss, Record};

/// A fact as text. Names and numbers only, so it is the same in both languages.
#[must_use]
pub fn fact_text(fact: &Fact, names: &Names) -> String {
    match fact {
        Fact::Nothing => "-".to_owned(),
        Fact::Flag(flag) => if *flag { "yes" } else { "no" }.to_owned(),
        Fact::Int(n) => n.to_string(),
        Fact::Node(node) => names.node(*node).to_owned(),
        Fact::Span(span) => span.to_string(),
        Fact::Time(time) => format!("{time}s"),
        Fact::Word(word) => word.to_string(),
        Fact::Place(a, b) => format!("{a}.{b}"),
        Fact::Key(key) => (*key).to_owned(),
        Fact::List(facts) => facts
            .iter()
            .map(|fact| fact_text(fact, names))
            .collect::<Vec<_>>()
            .join(" "),
        Fact::Group(facts) => facts_text(facts, names),
    }
}

/// Named facts as text: `term=2 index=7`.
#[must_use]
pub(super) fn facts_text(facts: &Facts, names: &Names) -> String {
    let pair = |(name, fact): &(&str, Fact)| format!("{name}={}", fact_text(fact, names));
    facts.0.iter().map(pair).collect::<Vec<_>>().join(" ")
}

fn arg_text(arg: Arg, names: &Names) -> String {
    match arg {
        Arg::None => String::new(),
        Arg::Node(node) => names.node(node).to_owned(),
        Arg::Int(n) => n.to_string(),
        Arg::Span(span) => span.to_string(),
        Arg::Word(word) => word.to_string(),
        Arg::Place(a, b) => format!("{a}.{b}"),
    }
}

/// A note in words.
#[must_use]
pub fn note_text(note: &Note, names: &Names, words: &Dictionary) -> String {
    let Some(spec) = names.lab.info().notes.get(usize::from(note.key.0)) else {
        return "?".to_owned();
    };
    let mut phrase = Phrase::new(format!("note.{}", spec.id));
    for (name, arg) in spec.args.iter().zip(note.args) {
        phrase = phrase.with(name, arg_text(arg, names));
    }
    words.say(&phrase)
}

/// What happened, without the notes: a phrase of the common locale file.
#[must_use]
pub fn happened_phrase(what: &Happened, names: &Names) -> Phrase {
    match what {
        Happened::Nothing => Phrase::new("event.nothing"),
        Happened::Started(node) => Phrase::new("event.started").with("node", names.node(*node)),
        Happened::Delivered(letter) => {
            let mut facts = Facts::default();
            letter.parcel.facts(&mut facts);
            Phrase::new("event.delivered")
                .with("message", names.message(letter.name))
                .with("content", facts_text(&facts, names))
        }
        Happened::Lost(letter, why) => {
            let key = match why {
                crate::sim::LossReason::Loss => "event.lost-loss",
                crate::sim::LossReason::Cut => "event.lost-cut",
                crate::sim::LossReason::Down => "event.lost-down",
                crate::sim::LossReason::Dropped => "event.lost-dropped",
            };
            Phrase::new(key).with("message", names.message(letter.name))
        }
        Happened::TimerFired(node, timer) => Phrase::new("event.timer")
            .with("node", names.node(*node))
            .with("timer", names.timer(*node, *timer)),
        Happened::Written(node, write) => Phrase::new("event.written")
            .with("node", names.node(*node))
            .with("write", write.0),
        Happened::Commanded(action, miss) => {
            let key = if miss.is_some() {
                "event.missed"
            } else {
                "event.commanded"
            };
            Phrase::new(key).with("command", command_text(action, names))
        }
        Happened::Struck(action, miss) => {
            let key = if miss.is_some() {
                "event.struck-missed"
            } else {
                "event.struck"
            };
            Phrase::new(key).with("command", command_text(action, names))
        }
    }
}

fn command_text(action: &std::rc::Rc<crate::sim::Action>, names: &Names) -> String {
    super::Command::Act(std::rc::Rc::clone(action)).print(names)
}

/// One line of the trace: step, time, what, and why.
#[must_use]
pub fn event_line(record: &Record, names: &Names, words: &Dictionary) -> String {
    let what = words.say(&happened_phrase(&record.what, names));
    let mut line = format!("{:>6} {:>11}  {what}", record.step, record.time.to_string());
    for note in &record.notes {
        line.push_str("; ");
        line.push_str(&note_text(note, names, words));
    }
    line
}
