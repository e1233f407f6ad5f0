//! A step as one JSON object; docs/trace.md is the schema.

use crate::engine::{Arg, Call, Fact, Facts, NodeId, Note, Outcome, Report, Time};
use crate::lab::{Command, Dictionary, Names, note_text};
use crate::sim::{Action, Happened, Letter, LossReason, MessageName, Miss, Record};
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use serde_json::{Map, Value, json};
use std::rc::Rc;

/// One step, with the names and words of its lab.
pub(super) struct Step<'a> {
    pub(super) record: &'a Record,
    pub(super) names: &'a Names,
    pub(super) words: &'a Dictionary,
}

impl Serialize for Step<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Step {
            record,
            names,
            words,
        } = *self;
        let node = |id: &NodeId| names.node(*id).to_owned();
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("step", &record.step)?;
        map.serialize_entry("time_us", &record.time.0)?;
        map.serialize_entry("cause", &record.cause)?;
        map.serialize_entry("event", event(&record.what))?;
        map.serialize_entry("node", &record.what.node().as_ref().map(node))?;
        match &record.what {
            Happened::Nothing | Happened::Started(_) => {}
            Happened::Delivered(letter) => message(&mut map, letter, names)?,
            Happened::Lost(letter, why) => {
                message(&mut map, letter, names)?;
                map.serialize_entry("lost", loss(*why))?;
            }
            Happened::TimerFired(node, timer) => {
                map.serialize_entry("timer", &names.timer(*node, *timer))?;
            }
            Happened::Written(_, write) => map.serialize_entry("write", &write.0)?,
            Happened::Commanded(action, miss) | Happened::Struck(action, miss) => {
                map.serialize_entry("command", &command(action, names))?;
                map.serialize_entry("missed", &miss.map(miss_id))?;
            }
        }
        let touched: Vec<String> = record.touched.iter().map(node).collect();
        let sent: Vec<Value> = record
            .sent
            .iter()
            .map(|sent| leaving(sent.name, sent.due, sent.lost, names))
            .collect();
        let notes: Vec<Value> = record
            .notes
            .iter()
            .map(|said| note(said, names, words))
            .collect();
        let reports: Vec<Value> = record.reports.iter().map(report).collect();
        map.serialize_entry("touched", &touched)?;
        map.serialize_entry("sent", &sent)?;
        map.serialize_entry("notes", &notes)?;
        map.serialize_entry("reports", &reports)?;
        map.serialize_entry("writes", &record.writes)?;
        map.end()
    }
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
pub(super) fn miss_id(miss: Miss) -> &'static str {
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
fn message<M: SerializeMap>(map: &mut M, letter: &Letter, names: &Names) -> Result<(), M::Error> {
    let name = letter.name;
    let mut facts = Facts::default();
    letter.parcel.facts(&mut facts);
    map.serialize_entry("message", &names.message(name))?;
    map.serialize_entry("kind", names.message_kind(name.kind))?;
    map.serialize_entry("from", names.node(name.from))?;
    map.serialize_entry("to", names.node(name.to))?;
    map.serialize_entry("sent_us", &letter.sent_at.0)?;
    map.serialize_entry("content", &Content(&facts, names))
}

fn leaving(name: MessageName, due: Time, lost: Option<LossReason>, names: &Names) -> Value {
    json!({
        "message": names.message(name),
        "kind": names.message_kind(name.kind),
        "from": names.node(name.from),
        "to": names.node(name.to),
        "due_us": due.0,
        "lost": lost.map(loss),
    })
}

fn note(note: &Note, names: &Names, words: &Dictionary) -> Value {
    let spec = names.lab.info().notes.get(usize::from(note.key.0));
    let named = spec
        .map_or(&[][..], |spec| spec.args)
        .iter()
        .zip(note.args());
    let args: Map<String, Value> = named
        .map(|(name, arg)| ((*name).to_owned(), argument(arg, names)))
        .collect();
    json!({
        "id": spec.map(|spec| spec.id),
        "args": args,
        "text": note_text(note, names, words),
        "cites": spec.map(|spec| spec.cites).filter(|cites| !cites.is_empty()),
    })
}

fn argument(arg: Arg, names: &Names) -> Value {
    match arg {
        Arg::None => Value::Null,
        Arg::Node(node) => names.node(node).into(),
        Arg::Int(n) => n.into(),
        Arg::Span(span) => span.to_string().into(),
        Arg::Word(word) => word.to_string().into(),
        Arg::Place(a, b) => format!("{a}.{b}").into(),
    }
}

fn report(report: &Report) -> Value {
    match report {
        Report::Invoked { op, call } => {
            let Call {
                verb,
                key,
                value,
                expected,
            } = call;
            let verb = match verb {
                crate::engine::Verb::Put => "put",
                crate::engine::Verb::Get => "get",
                crate::engine::Verb::Cas => "cas",
            };
            let [key, value, expected] =
                [Some(*key), *value, *expected].map(|word| word.map(|word| word.to_string()));
            json!({"op": op, "event": "invoked", "verb": verb, "key": key, "value": value, "expected": expected})
        }
        Report::Returned { op, outcome } => {
            let (outcome, value) = match outcome {
                Outcome::Done(value) => ("done", value.map(|word| word.to_string())),
                Outcome::Refused => ("refused", None),
                Outcome::Unknown => ("unknown", None),
            };
            json!({"op": op, "event": "returned", "outcome": outcome, "value": value})
        }
    }
}

/// Named facts, in the order of the paper.
struct Content<'a>(&'a Facts, &'a Names);

impl Serialize for Content<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let facts = self.0.0.iter();
        serializer.collect_map(facts.map(|(name, fact)| (name, FactJson(fact, self.1))))
    }
}

struct FactJson<'a>(&'a Fact, &'a Names);

impl Serialize for FactJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Fact::Nothing => serializer.serialize_none(),
            Fact::Flag(flag) => serializer.serialize_bool(*flag),
            Fact::Int(n) => serializer.serialize_u64(*n),
            Fact::Node(node) => serializer.serialize_str(self.1.node(*node)),
            Fact::Span(span) => serializer.collect_str(span),
            Fact::Time(time) => serializer.collect_str(&format_args!("{time}s")),
            Fact::Word(word) => serializer.collect_str(word),
            Fact::Place(a, b) => serializer.collect_str(&format_args!("{a}.{b}")),
            Fact::Key(key) => serializer.serialize_str(key),
            Fact::List(facts) => {
                let mut list = serializer.serialize_seq(Some(facts.len()))?;
                for fact in facts {
                    list.serialize_element(&FactJson(fact, self.1))?;
                }
                list.end()
            }
            Fact::Group(facts) => Content(facts, self.1).serialize(serializer),
        }
    }
}
