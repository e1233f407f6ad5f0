//! A step as one JSON object; docs/trace.md is the schema.

use super::json::{self, Object};
use crate::engine::{Arg, Call, Fact, Facts, Note, Outcome, Report, Verb};
use crate::lab::command::Command;
use crate::lab::names::Names;
use crate::lab::trace::note_text;
use crate::lab::words::Dictionary;
use crate::sim::{Action, Happened, Letter, LossReason, Miss, Record, Sent};
use std::fmt::Write;
use std::rc::Rc;

/// One step, with the names and words of its lab, and the end of the line.
pub(super) fn step(to: &mut String, record: &Record, names: &Names, words: &Dictionary) {
    let mut object = Object::new(to);
    object.number("step", record.step);
    object.number("time_us", record.time.0);
    object.number("cause", record.cause);
    object.text("event", event(&record.what));
    let node = record.what.node();
    object.maybe("node", node.map(|node| names.node(node)));
    match &record.what {
        Happened::Nothing | Happened::Started(_) => {}
        Happened::Delivered(letter) => message(&mut object, letter, names),
        Happened::Lost(letter, why) => {
            message(&mut object, letter, names);
            object.text("lost", loss(*why));
        }
        Happened::TimerFired(node, timer) => object.text("timer", &names.timer(*node, *timer)),
        Happened::Written(_, write) => object.number("write", write.0),
        Happened::Commanded(action, miss) | Happened::Struck(action, miss) => {
            object.text("command", &command(action, names));
            object.maybe("missed", miss.map(miss_id));
        }
    }
    json::list(object.field("touched"), &record.touched, |to, node| {
        json::text(to, names.node(*node));
    });
    json::list(object.field("sent"), &record.sent, |to, sent| {
        leaving(to, sent, names);
    });
    json::list(object.field("notes"), &record.notes, |to, said| {
        note(to, said, names, words);
    });
    json::list(object.field("reports"), &record.reports, report);
    object.number("writes", record.writes);
    drop(object);
    to.push('\n');
}

fn event(what: &Happened) -> &'static str {
    match what {
        Happened::Nothing => "nothing",
        Happened::Started(_) => "started",
        Happened::Delivered(_) => "delivered",
        Happened::Lost(..) => "lost",
        Happened::TimerFired(..) => "timer-fired",
        Happened::Written(..) => "written",
        Happened::Commanded(..) => "commanded",
        Happened::Struck(..) => "struck",
    }
}

fn loss(why: LossReason) -> &'static str {
    match why {
        LossReason::Loss => "loss",
        LossReason::Cut => "cut",
        LossReason::Down => "down",
        LossReason::Dropped => "dropped",
    }
}

/// The id of a reason for which nothing came of a command.
#[must_use]
pub fn miss_id(miss: Miss) -> &'static str {
    match miss {
        Miss::NoSuchMessage => "no-such-message",
        Miss::NodeDown => "node-down",
        Miss::NodeNotDown => "node-not-down",
        Miss::NodeNotUp => "node-not-up",
        Miss::NodeNotPaused => "node-not-paused",
        Miss::TimerNotSet => "timer-not-set",
        Miss::NothingToDo => "nothing-to-do",
    }
}

fn command(action: &Rc<Action>, names: &Names) -> String {
    Command::Act(Rc::clone(action)).print(names)
}

/// A message that arrived, or did not: its name and its content.
fn message(object: &mut Object<'_>, letter: &Letter, names: &Names) {
    let name = letter.name;
    let mut facts = Facts::default();
    letter.parcel.facts(&mut facts);
    object.text("message", &names.message(name));
    object.text("kind", names.message_kind(name.kind));
    object.text("from", names.node(name.from));
    object.text("to", names.node(name.to));
    object.number("sent_us", letter.sent_at.0);
    content(object.field("content"), &facts, names);
}

fn leaving(to: &mut String, sent: &Sent, names: &Names) {
    let (name, mut object) = (sent.name, Object::new(to));
    object.text("message", &names.message(name));
    object.text("kind", names.message_kind(name.kind));
    object.text("from", names.node(name.from));
    object.text("to", names.node(name.to));
    object.number("due_us", sent.due.0);
    object.maybe("lost", sent.lost.map(loss));
}

fn note(to: &mut String, note: &Note, names: &Names, words: &Dictionary) {
    let spec = names.lab.info().notes.get(usize::from(note.key.0));
    let mut object = Object::new(to);
    object.maybe("id", spec.map(|spec| spec.id));
    let mut args = Object::new(object.field("args"));
    let named = spec
        .map_or(&[][..], |spec| spec.args)
        .iter()
        .zip(note.args());
    for (name, arg) in named {
        argument(args.field(name), arg, names);
    }
    drop(args);
    object.text("text", &note_text(note, names, words));
    let cites = spec
        .map(|spec| spec.cites)
        .filter(|cites| !cites.is_empty());
    object.maybe("cites", cites);
}

fn argument(to: &mut String, arg: Arg, names: &Names) {
    match arg {
        Arg::None => to.push_str("null"),
        Arg::Node(node) => json::text(to, names.node(node)),
        Arg::Int(n) => plain(to, n),
        Arg::Span(span) => json::text(to, &span.to_string()),
        Arg::Word(word) => json::text(to, &word.to_string()),
        Arg::Place(a, b) => json::text(to, &format!("{a}.{b}")),
    }
}

fn plain(to: &mut String, value: impl std::fmt::Display) {
    let _ = write!(to, "{value}");
}

fn report(to: &mut String, report: &Report) {
    let mut object = Object::new(to);
    match report {
        Report::Invoked { op, call } => {
            let Call {
                verb,
                key,
                value,
                expected,
            } = call;
            let verb = match verb {
                Verb::Put => "put",
                Verb::Get => "get",
                Verb::Cas => "cas",
                Verb::Add => "add",
            };
            object.number("op", *op);
            object.text("event", "invoked");
            object.text("verb", verb);
            object.text("key", &key.to_string());
            for (name, word) in [("value", value), ("expected", expected)] {
                object.maybe(name, word.map(|word| word.to_string()).as_deref());
            }
        }
        Report::Returned { op, outcome } => {
            let (outcome, value) = match outcome {
                Outcome::Done(value) => ("done", value.map(|word| word.to_string())),
                Outcome::Refused => ("refused", None),
                Outcome::Unknown => ("unknown", None),
            };
            object.number("op", *op);
            object.text("event", "returned");
            object.text("outcome", outcome);
            object.maybe("value", value.as_deref());
        }
    }
}

/// Named facts, in the order of the paper.
fn content(to: &mut String, facts: &Facts, names: &Names) {
    let mut object = Object::new(to);
    for (name, value) in &facts.0 {
        fact(object.field(name), value, names);
    }
}

fn fact(to: &mut String, value: &Fact, names: &Names) {
    match value {
        Fact::Nothing => to.push_str("null"),
        Fact::Flag(flag) => plain(to, flag),
        Fact::Int(n) => plain(to, n),
        Fact::Node(node) => json::text(to, names.node(*node)),
        Fact::Span(span) => json::text(to, &span.to_string()),
        Fact::Time(time) => json::text(to, &format!("{time}s")),
        Fact::Word(word) => json::text(to, &word.to_string()),
        Fact::Place(a, b) => json::text(to, &format!("{a}.{b}")),
        Fact::Key(key) => json::text(to, key),
        Fact::List(facts) => json::list(to, facts, |to, one| fact(to, one, names)),
        Fact::Group(facts) => content(to, facts, names),
    }
}
