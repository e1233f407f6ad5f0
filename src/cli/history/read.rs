//! Reads a history: JSON lines, each the beginning or the end of an operation.

use crate::cli::args::HistoryModel;
use crate::cli::complain::Bad;
use crate::lab::linear::{Act, Model, Operation, Val};
use crate::lab::{Complaint, Phrase};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// A history with what its lines said.
pub(super) struct History {
    pub(super) operations: Vec<Operation>,
    said: Vec<Said>,
    model: HistoryModel,
    /// The values that stand for numbers, and the processes.
    values: Names,
    processes: Names,
}

/// What the lines of one operation said.
struct Said {
    process: Value,
    f: String,
    key: Value,
    value: Value,
    /// The line at which it began, and that at which it ended.
    lines: (usize, Option<usize>),
}

/// JSON values by the numbers that stand for them: null is 0.
struct Names {
    numbers: BTreeMap<String, u32>,
    all: Vec<Value>,
}

impl Names {
    fn new() -> Self {
        Names {
            numbers: BTreeMap::from([("null".to_owned(), 0)]),
            all: vec![Value::Null],
        }
    }

    fn number(&mut self, value: &Value) -> u32 {
        let next = self.all.len() as u32;
        let number = *self.numbers.entry(value.to_string()).or_insert(next);
        if number == next {
            self.all.push(value.clone());
        }
        number
    }
}

impl History {
    /// One operation, for programs.
    pub(super) fn json(&self, at: usize) -> Value {
        let said = &self.said[at];
        json!({
            "line": said.lines.0,
            "end_line": said.lines.1,
            "process": said.process,
            "f": said.f,
            "key": said.key,
            "value": said.value,
        })
    }

    /// `read 1`, with its key where it has one.
    pub(super) fn brief(&self, at: usize) -> String {
        let said = &self.said[at];
        let key = match &said.key {
            Value::Null => String::new(),
            key => format!(" {key}"),
        };
        match &said.value {
            Value::Null if matches!(self.operations[at].act, Act::Acquire | Act::Release) => {
                format!("{}{key}", said.f)
            }
            value => format!("{}{key} {value}", said.f),
        }
    }

    pub(super) fn sentence(&self, at: usize) -> String {
        let said = &self.said[at];
        let lines = match said.lines {
            (from, Some(to)) => format!("lines {from} to {to}"),
            (from, None) => format!("line {from}, open to the end"),
        };
        format!("process {}: {} ({lines})", said.process, self.brief(at))
    }

    /// The line at which it ended.
    pub(super) fn end_line(&self, at: usize) -> usize {
        let (from, to) = self.said[at].lines;
        to.unwrap_or(from)
    }

    /// A state as the history would say it: of a lock its holder or null, of a queue what is in it.
    pub(super) fn state(&self, numbers: &[u64]) -> Value {
        let value = |names: &Names, number: u64| names.all.get(number as usize).cloned();
        let first = numbers.first().copied().unwrap_or(0);
        match self.model.model() {
            Model::Counter => (first as i64).into(),
            Model::Register => value(&self.values, first).unwrap_or_default(),
            // The number of a process has one added there, as 0 is nobody.
            Model::Lock if first == 0 => Value::Null,
            Model::Lock => value(&self.processes, first - 1).unwrap_or_default(),
            Model::Queue => numbers
                .iter()
                .map(|number| value(&self.values, *number).unwrap_or_default())
                .collect(),
        }
    }
}

/// One line, with what is needed to complain about it.
struct Line<'a> {
    file: &'a str,
    number: usize,
    text: &'a str,
    fields: Map<String, Value>,
}

impl Line<'_> {
    /// A complaint about a field; it points at the field's name, or at the line where it is missing.
    fn bad(&self, field: &str, complaint: Complaint) -> Bad {
        let at = self.text.find(&format!("\"{field}\"")).unwrap_or(0);
        let column = self.text[..at].chars().count() + 1;
        Bad::at(self.file, self.number, column, complaint)
    }

    fn must_be(&self, field: &str, what: &str) -> Bad {
        let got = self.field(field).to_string();
        let phrase = Phrase::new("error-history-field").with("field", field);
        self.bad(field, phrase.with("what", what).echo("got", &got))
    }

    /// A field; one that is not there is null.
    fn field(&self, name: &str) -> &Value {
        self.fields.get(name).unwrap_or(&Value::Null)
    }

    fn word(&self, name: &str, what: &str) -> Result<&str, Bad> {
        self.field(name)
            .as_str()
            .ok_or_else(|| self.must_be(name, what))
    }

    fn integer(&self) -> Result<i64, Bad> {
        let integer = self.field("value").as_i64();
        integer.ok_or_else(|| self.must_be("value", "a whole number"))
    }

    fn sequence(&self, key: &'static str, process: &Value) -> Bad {
        self.bad(
            "process",
            Phrase::new(key).echo("process", &process.to_string()),
        )
    }
}

struct Reader {
    history: History,
    keys: Names,
    /// Of each process the operation that it waits for.
    open: BTreeMap<u32, usize>,
    /// Those that certainly did not happen.
    failed: Vec<usize>,
    time: Option<f64>,
}

/// Reads a history of such objects.
pub(super) fn read(file: &str, text: &str, model: HistoryModel) -> Result<History, Bad> {
    let mut reader = Reader {
        history: History {
            operations: Vec::new(),
            said: Vec::new(),
            model,
            values: Names::new(),
            processes: Names::new(),
        },
        keys: Names::new(),
        open: BTreeMap::new(),
        failed: Vec::new(),
        time: None,
    };
    for (at, text) in text.lines().enumerate() {
        let number = at + 1;
        if text.trim().is_empty() {
            continue;
        }
        let fields = serde_json::from_str(text).map_err(|error| {
            let why = Phrase::new("error-history-json").with("why", reason(&error));
            Bad::at(file, number, error.column().max(1), why)
        })?;
        reader.line(&Line {
            file,
            number,
            text,
            fields,
        })?;
    }
    Ok(reader.ended())
}

/// What is wrong, without the place that is said before.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ")
        .next()
        .unwrap_or_default()
        .to_owned()
}

impl Reader {
    fn line(&mut self, line: &Line<'_>) -> Result<(), Bad> {
        let process = line.field("process");
        if process == "nemesis" {
            return Ok(());
        }
        if !(process.is_number() || process.is_string()) {
            return Err(line.must_be("process", "a number or a text"));
        }
        self.clock(line)?;
        let number = self.history.processes.number(process);
        let kind = line.word("type", "invoke, ok, fail or info")?;
        if kind == "invoke" {
            if self.open.contains_key(&number) {
                return Err(line.sequence("error-history-busy", process));
            }
            let at = self.begin(line, number)?;
            self.open.insert(number, at);
            return Ok(());
        }
        if !["ok", "fail", "info"].contains(&kind) {
            return Err(line.must_be("type", "invoke, ok, fail or info"));
        }
        let Some(at) = self.open.remove(&number) else {
            return Err(line.sequence("error-history-idle", process));
        };
        self.same(line, at)?;
        match kind {
            "ok" => self.done(line, at)?,
            "fail" => self.failed.push(at),
            // It stays open.
            _ => {}
        }
        Ok(())
    }

    /// Lines stand in the order of time.
    fn clock(&mut self, line: &Line<'_>) -> Result<(), Bad> {
        if *line.field("time") == Value::Null {
            return Ok(());
        }
        let time = line.field("time").as_f64();
        let time = time.ok_or_else(|| line.must_be("time", "a number"))?;
        if self.time.is_some_and(|before| time < before) {
            return Err(line.bad("time", Phrase::new("error-history-time")));
        }
        self.time = Some(time);
        Ok(())
    }

    fn begin(&mut self, line: &Line<'_>, process: u32) -> Result<usize, Bad> {
        let known = self.history.model.functions();
        let f = line.word("f", &known.join(", "))?;
        if !known.contains(&f) {
            return Err(line.must_be("f", &known.join(", ")));
        }
        let key = line.field("key");
        if *key == Value::Null && self.history.model == HistoryModel::Kv {
            return Err(line.must_be("key", "a key"));
        }
        let act = self.act(line, f)?;
        let at = self.history.operations.len();
        self.history.operations.push(Operation {
            process,
            key: self.keys.number(key),
            act,
            begin: line.number as u32,
            end: None,
        });
        self.history.said.push(Said {
            process: line.field("process").clone(),
            f: f.to_owned(),
            key: key.clone(),
            value: line.field("value").clone(),
            lines: (line.number, None),
        });
        Ok(at)
    }

    /// What an operation is asked to do.
    fn act(&mut self, line: &Line<'_>, f: &str) -> Result<Act, Bad> {
        Ok(match f {
            "add" => Act::Add(line.integer()?),
            "acquire" => Act::Acquire,
            "release" => Act::Release,
            "dequeue" => Act::DequeueAny,
            "cas" => self.swap(line)?,
            "read" | "get" => Act::Read(Val::NULL),
            _ => {
                if !line.fields.contains_key("value") {
                    return Err(line.must_be("value", "a value"));
                }
                let value = self.value(line.field("value"));
                match f {
                    "enqueue" if value == Val::NULL => {
                        return Err(line.must_be("value", "another value than null"));
                    }
                    "enqueue" => Act::Enqueue(value),
                    _ => Act::Write(value),
                }
            }
        })
    }

    fn value(&mut self, value: &Value) -> Val {
        Val(self.history.values.number(value).into())
    }

    /// `[expected, new]`, and on the answer whether it was done, if it says so.
    fn swap(&mut self, line: &Line<'_>) -> Result<Act, Bad> {
        let bad = || line.must_be("value", "a pair [expected, new], or [expected, new, false]");
        let parts = line.field("value").as_array().ok_or_else(bad)?;
        let (expected, new, done) = match parts.as_slice() {
            [expected, new] => (expected, new, true),
            [expected, new, Value::Bool(done)] => (expected, new, *done),
            _ => return Err(bad()),
        };
        Ok(Act::Cas {
            expected: self.value(expected),
            new: self.value(new),
            done,
        })
    }

    /// An answer must be to what was asked.
    fn same(&self, line: &Line<'_>, at: usize) -> Result<(), Bad> {
        let said = &self.history.said[at];
        for (field, asked) in [("f", &Value::from(said.f.as_str())), ("key", &said.key)] {
            if line.fields.get(field).is_some_and(|field| field != asked) {
                let asked = Phrase::new("error-history-other").echo("asked", &asked.to_string());
                return Err(line.bad(field, asked));
            }
        }
        Ok(())
    }

    /// An operation was answered: what it saw is known.
    fn done(&mut self, line: &Line<'_>, at: usize) -> Result<(), Bad> {
        let answer = line.field("value").clone();
        let act = self.history.operations[at].act;
        let seen = match act {
            Act::Read(_) if self.history.model == HistoryModel::Counter => {
                Act::Read(Val(line.integer()? as u64))
            }
            Act::Read(_) => Act::Read(self.value(&answer)),
            Act::DequeueAny | Act::Dequeue(_) => Act::Dequeue(self.value(&answer)),
            Act::Cas { .. } if answer.is_array() => {
                let said = self.swap(line)?;
                let pair = |value: &Value| Some((value.get(0)?.clone(), value.get(1)?.clone()));
                if pair(&answer) != pair(&self.history.said[at].value) {
                    return Err(self.other_value(line, at));
                }
                said
            }
            Act::Cas { .. } if answer != Value::Null => self.swap(line)?,
            Act::Write(_) | Act::Enqueue(_) | Act::Add(_) => {
                if answer != Value::Null && answer != self.history.said[at].value {
                    return Err(self.other_value(line, at));
                }
                act
            }
            Act::Cas { .. } | Act::Acquire | Act::Release => act,
        };
        let (operation, said) = (&mut self.history.operations[at], &mut self.history.said[at]);
        (operation.act, operation.end) = (seen, Some(line.number as u32));
        said.lines.1 = Some(line.number);
        if answer != Value::Null || matches!(seen, Act::Read(_) | Act::Dequeue(_)) {
            said.value = answer;
        }
        Ok(())
    }

    fn other_value(&self, line: &Line<'_>, at: usize) -> Bad {
        let asked = self.history.said[at].value.to_string();
        line.bad(
            "value",
            Phrase::new("error-history-other").echo("asked", &asked),
        )
    }

    /// The history without what certainly did not happen.
    fn ended(mut self) -> History {
        self.failed.sort_unstable();
        let mut history = self.history;
        let mut at = 0..history.operations.len();
        let happened =
            |at: Option<usize>| at.is_some_and(|at| self.failed.binary_search(&at).is_err());
        history.operations.retain(|_| happened(at.next()));
        let mut at = 0..history.said.len();
        history.said.retain(|_| happened(at.next()));
        history
    }
}
