//! A step in words: one line an event, for traces, event lists and the chain of causes.

use super::names::Names;
use super::words::{Dictionary, Phrase};
use crate::engine::{Arg, Fact, Facts, NodeId, Note, Span};
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
    for (name, arg) in spec.args.iter().zip(note.args()) {
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

/// What happened, in words: of a message that arrived, what it holds is named in them, too.
#[must_use]
pub fn happened_text(what: &Happened, names: &Names, words: &Dictionary) -> String {
    let mut phrase = happened_phrase(what, names);
    if let Happened::Delivered(letter) = what {
        let mut facts = Facts::default();
        letter.parcel.facts(&mut facts);
        let content = phrase.args.iter_mut().find(|(name, _)| *name == "content");
        if let Some((_, content)) = content {
            *content = facts_words(&facts, names, words);
        }
    }
    words.say(&phrase)
}

/// Named facts in words: `term: 2, granted: yes`.
fn facts_words(facts: &Facts, names: &Names, words: &Dictionary) -> String {
    let pair = |(name, fact): &(&str, Fact)| {
        let label = words.get(&format!("fact.{name}")).unwrap_or(name);
        format!("{label}: {}", fact_words(fact, names, words))
    };
    facts.0.iter().map(pair).collect::<Vec<_>>().join(", ")
}

/// A length of time in as many digits as a person reads: `241.8 ms`. The trace has all of them.
fn short_span(span: Span) -> String {
    match span.0 {
        us if us < 1000 => format!("{us}\u{a0}\u{b5}s"),
        us if us < 999_950 => {
            let tenths = (us + 50) / 100;
            match tenths % 10 {
                0 => format!("{}\u{a0}ms", tenths / 10),
                rest => format!("{}.{rest}\u{a0}ms", tenths / 10),
            }
        }
        us => {
            let ms = (us + 500) / 1000;
            format!("{}.{:03}\u{a0}s", ms / 1000, ms % 1000)
        }
    }
}

fn fact_words(fact: &Fact, names: &Names, words: &Dictionary) -> String {
    let known = |key: &str| words.get(key).map(str::to_owned);
    let said = match fact {
        Fact::Flag(flag) => known(if *flag { "fact-yes" } else { "fact-no" }),
        Fact::Key(key) => known(&format!("role.{key}")),
        Fact::Group(facts) => Some(facts_words(facts, names, words)),
        Fact::Span(span) => Some(short_span(*span)),
        Fact::Nothing
        | Fact::Int(_)
        | Fact::Node(_)
        | Fact::Time(_)
        | Fact::Word(_)
        | Fact::Place(..)
        | Fact::List(_) => None,
    };
    said.unwrap_or_else(|| fact_text(fact, names))
}

fn command_text(action: &std::rc::Rc<crate::sim::Action>, names: &Names) -> String {
    super::Command::Act(std::rc::Rc::clone(action)).print(names)
}

/// Why nothing came of a command: a phrase of the common locale file.
#[must_use]
pub fn miss_phrase(miss: Miss) -> Phrase {
    Phrase::new(match miss {
        Miss::NoSuchMessage => "miss.no-such-message",
        Miss::NodeDown => "miss.node-down",
        Miss::NodeNotDown => "miss.node-not-down",
        Miss::NodeNotUp => "miss.node-not-up",
        Miss::NodeNotPaused => "miss.node-not-paused",
        Miss::TimerNotSet => "miss.timer-not-set",
        Miss::NothingToDo => "miss.nothing-to-do",
    })
}

/// Up to so many nodes have a column each in the trace; more have one for all.
const MOST_LANES: usize = 12;

/// The line above a trace: what its columns are.
#[must_use]
pub fn trace_head(names: &Names, words: &Dictionary) -> String {
    let nodes: Vec<&str> = names.nodes().map(|(_, name)| name).collect();
    let lanes = if nodes.len() > MOST_LANES {
        format!("{:<width$}", "", width = widest(names))
    } else {
        nodes.join(" ")
    };
    let (step, time, what) = (
        words.text("trace.step"),
        words.text("trace.time"),
        words.text("trace.what"),
    );
    format!("{step:>8} {time:>13}  {lanes}  {what}")
}

/// One line of the trace: step, time, where, what and why, and after an arrow what left.
///
/// Where: the column is the node. `+` it comes up, `o` it sent and `>` it received, `x` it did
/// not receive, `T` a timer, `W` a write, `C` a command, `S` the storm.
#[must_use]
pub fn event_line(record: &Record, names: &Names, words: &Dictionary) -> String {
    let (seconds, micros) = (record.time.0 / 1_000_000, record.time.0 % 1_000_000);
    let what = words.say(&happened_phrase(&record.what, names));
    let lanes = lanes(&record.what, names);
    let mut line = format!(
        "{:>8} {seconds:>6}.{micros:06}  {lanes}  {what}",
        record.step
    );
    for note in &record.notes {
        line.push_str("; ");
        line.push_str(&note_text(note, names, words));
    }
    let mut kind = None;
    for sent in &record.sent {
        if kind.is_none() {
            line.push_str(" ->");
        }
        if kind != Some(sent.name.kind) {
            kind = Some(sent.name.kind);
            line.push(' ');
            line.push_str(names.message_kind(sent.name.kind));
        }
        let (to, ordinal) = (names.node(sent.name.to), sent.name.ordinal);
        line.push_str(&format!(" {to}#{ordinal}"));
    }
    line
}

/// The marks of an event in the columns of the nodes.
fn lanes(what: &Happened, names: &Names) -> String {
    let marks: Vec<(NodeId, char)> = match what {
        Happened::Nothing => Vec::new(),
        Happened::Started(node) => vec![(*node, '+')],
        Happened::Delivered(letter) => vec![(letter.name.from, 'o'), (letter.name.to, '>')],
        Happened::Lost(letter, _) => vec![(letter.name.from, 'o'), (letter.name.to, 'x')],
        Happened::TimerFired(node, _) => vec![(*node, 'T')],
        Happened::Written(node, _) => vec![(*node, 'W')],
        Happened::Commanded(action, _) => {
            action.node().map(|node| (node, 'C')).into_iter().collect()
        }
        Happened::Struck(action, _) => action.node().map(|node| (node, 'S')).into_iter().collect(),
    };
    if names.nodes().count() > MOST_LANES {
        let name = marks.last().map_or("", |(node, _)| names.node(*node));
        return format!("{name:<width$}", width = widest(names));
    }
    let lane = |(id, name): (NodeId, &str)| {
        let mark = marks.iter().rfind(|(node, _)| *node == id);
        let mark = mark.map_or('.', |(_, mark)| *mark);
        format!("{mark:<width$}", width = name.chars().count())
    };
    names.nodes().map(lane).collect::<Vec<_>>().join(" ")
}

fn widest(names: &Names) -> usize {
    names
        .nodes()
        .map(|(_, name)| name.chars().count())
        .max()
        .unwrap_or(0)
}
