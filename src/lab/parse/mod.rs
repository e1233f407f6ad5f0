//! Reads one command from its words. What is wrong is told with its column, and with what
//! would be right.

mod numbers;
mod words;

pub(super) use numbers::LONGEST;
pub use numbers::{parse_duration, parse_ratio};
pub(super) use words::Words;

use super::check::Verdict;
use super::command::{Command, Expect, Until};
use super::names::Names;
use super::token::Token;
use super::words::Phrase;
use crate::engine::{NodeId, Span, Time};
use crate::sim::{Action, FaultKind, FaultSet, Latency, MessageName, Scope, StormPlan, World};
use numbers::{bad_duration, bounded, drift, on_off, ratio, skew, span, steps};
use std::rc::Rc;

/// What is wrong with a piece of input: a phrase of the common locale file.
pub type Complaint = Phrase;

/// Where on the line, and what.
pub(super) type Wrong = (usize, Complaint);

/// Reads commands of one lab.
pub(super) struct Reader<'a> {
    pub(super) names: &'a Names,
    pub(super) world: &'a World,
}

/// The first words of all commands.
pub(super) const VERBS: &str = "run, step, kill, restart, wipe, pause, resume, partition, cut, heal, \
latency, loss, duplication, reorder, drop, deliver, delay, hold, release, duplicate, fire, skew, \
drift, slow-disk, finish, request, rule, storm, calm, expect, mark";

impl Reader<'_> {
    /// One command; the line must end with it.
    pub(super) fn command(&self, tokens: &[Token]) -> Result<Command, Wrong> {
        let mut words = Words::new(tokens);
        let command = self.any(&mut words)?;
        words.finish()?;
        Ok(command)
    }

    fn any(&self, words: &mut Words<'_>) -> Result<Command, Wrong> {
        let verb = words.next("command")?;
        let action = match verb.text.as_str() {
            "run" => return self.run(words),
            "step" => return steps(words),
            "expect" => return self.expect(words).map(Command::Expect),
            "mark" => return mark(words),
            "kill" => Action::Kill(self.node(words)?),
            "restart" => Action::Restart(self.node(words)?),
            "wipe" => Action::Wipe(self.node(words)?),
            "pause" => Action::Pause(self.node(words)?),
            "resume" => Action::Resume(self.node(words)?),
            "partition" => self.partition(words)?,
            "cut" => {
                let (from, to, both) = self.link(words)?;
                Action::Cut { from, to, both }
            }
            "heal" if words.peek().is_none() => Action::Heal(None),
            "heal" => Action::Heal(Some((self.node(words)?, self.node(words)?))),
            "latency" => self.latency(words)?,
            "loss" => Action::Loss(self.scope(words)?, ratio(words)?),
            "duplication" => Action::Duplication(self.scope(words)?, ratio(words)?),
            "reorder" => Action::Reorder(self.scope(words)?, on_off(words)?),
            "drop" => Action::Drop(self.message(words)?),
            "deliver" => Action::Deliver(self.message(words)?),
            "hold" => Action::Hold(self.message(words)?),
            "release" => Action::Release(self.message(words)?),
            "duplicate" => Action::Duplicate(self.message(words)?),
            "delay" => {
                let name = self.message(words)?;
                words.read(
                    "by",
                    || "by".to_owned(),
                    |word| (word == "by").then_some(()),
                )?;
                Action::Delay(name, span(words)?)
            }
            "fire" => self.fire(words)?,
            "skew" => Action::Skew(self.node(words)?, skew(words)?),
            "drift" => Action::Drift(self.node(words)?, drift(words)?),
            "finish" => Action::Finish(self.node(words)?),
            "slow-disk" => Action::SlowDisk(self.node(words)?, span(words)?),
            "request" => self.request(words)?,
            "rule" => self.rule(words)?,
            "storm" => storm(words)?,
            "calm" => Action::Calm,
            other => {
                let complaint = Complaint::new("error-word")
                    .echo("word", other)
                    .with("kind", "command")
                    .with("known", VERBS);
                return Err((verb.column, complaint));
            }
        };
        Ok(Command::Act(Rc::new(action)))
    }

    fn node(&self, words: &mut Words<'_>) -> Result<NodeId, Wrong> {
        let known = || {
            let names: Vec<_> = self.names.nodes().map(|(_, name)| name).collect();
            match names.as_slice() {
                [first, .., last] if names.len() > 12 => format!("{first} … {last}"),
                all => all.join(", "),
            }
        };
        words.read("node", known, |word| self.names.find_node(word))
    }

    fn at_node(&self, words: &Words<'_>) -> bool {
        words
            .peek()
            .is_some_and(|token| self.names.find_node(&token.text).is_some())
    }

    fn link(&self, words: &mut Words<'_>) -> Result<(NodeId, NodeId, bool), Wrong> {
        let from = self.node(words)?;
        let one_way = words.take(">");
        let column = words.column();
        let to = self.node(words)?;
        if from == to {
            return Err((column, Complaint::new("error-same-node")));
        }
        Ok((from, to, !one_way))
    }

    fn scope(&self, words: &mut Words<'_>) -> Result<Scope, Wrong> {
        if !self.at_node(words) {
            return Ok(Scope::Net);
        }
        let (from, to, both) = self.link(words)?;
        Ok(Scope::Link { from, to, both })
    }

    fn partition(&self, words: &mut Words<'_>) -> Result<Action, Wrong> {
        let mut groups = vec![Vec::new()];
        let mut seen: Vec<NodeId> = Vec::new();
        while let Some(token) = words.peek() {
            if words.take("|") {
                groups.push(Vec::new());
                continue;
            }
            let node = self.node(words)?;
            if seen.contains(&node) {
                let twice = Complaint::new("error-node-twice").with("node", &token.text);
                return Err((token.column, twice));
            }
            seen.push(node);
            groups
                .last_mut()
                .expect("there is always a group")
                .push(node);
        }
        if groups.len() < 2 || groups.iter().any(Vec::is_empty) {
            return Err((words.column(), Complaint::new("error-groups")));
        }
        Ok(Action::Partition(groups))
    }

    fn latency(&self, words: &mut Words<'_>) -> Result<Action, Wrong> {
        let scope = self.scope(words)?;
        let token = words.next("duration")?;
        let (low, high) = token
            .text
            .split_once("..")
            .unwrap_or((&token.text, &token.text));
        let bad = || (token.column, bad_duration(&token.text));
        let (min, max) = (
            bounded(low).ok_or_else(bad)?,
            bounded(high).ok_or_else(bad)?,
        );
        if min > max {
            return Err(bad());
        }
        let latency = if words.take("tail") {
            Latency::LongTail {
                min,
                typical: span(words)?,
            }
        } else {
            Latency::Uniform { min, max }
        };
        Ok(Action::Latency(scope, latency))
    }

    /// `AppendEntries n1>n3 #4`, with `.1` for a duplicate.
    fn message(&self, words: &mut Words<'_>) -> Result<MessageName, Wrong> {
        let kinds = self.names.lab.info().message_kinds;
        let kind = words.read(
            "message kind",
            || kinds.join(", "),
            |word| kinds.iter().position(|kind| *kind == word),
        )?;
        let (from, to, _) = self.link(words)?;
        let (ordinal, copy) = words.read(
            "#number",
            || "#1".to_owned(),
            |word| {
                let number = word.strip_prefix('#')?;
                let (ordinal, copy) = number.split_once('.').unwrap_or((number, "0"));
                Some((ordinal.parse().ok()?, copy.parse().ok()?))
            },
        )?;
        Ok(MessageName {
            kind: kind as u8,
            from,
            to,
            ordinal,
            copy,
        })
    }

    fn fire(&self, words: &mut Words<'_>) -> Result<Action, Wrong> {
        let node = self.node(words)?;
        let kinds = self.names.timer_kinds(node);
        let known = || kinds.join(", ");
        let name = words.read("timer", known, |word| kinds.iter().find(|k| **k == word))?;
        let about = if self.at_node(words) {
            Some(self.node(words)?)
        } else {
            None
        };
        let timer = self.names.find_timer(node, name, about);
        timer.map(|timer| Action::Fire(node, timer)).ok_or_else(|| {
            (
                words.column(),
                Complaint::new("error-missing").with("kind", "timer"),
            )
        })
    }

    fn request(&self, words: &mut Words<'_>) -> Result<Action, Wrong> {
        let node = self.node(words)?;
        let column = words.column();
        let asked = words.rest();
        let request = self
            .names
            .lab
            .request(self.world, node, &asked)
            .ok_or_else(|| {
                let verbs = self.names.lab.info().verbs.iter();
                let forms: Vec<_> = verbs
                    .map(|verb| format!("{} {}", verb.verb, verb.form))
                    .collect();
                let complaint = Complaint::new("error-request")
                    .echo("words", &asked.join(" "))
                    .with("forms", forms.join(", "));
                (column, complaint)
            })?;
        Ok(Action::Ask(node, request))
    }

    fn rule(&self, words: &mut Words<'_>) -> Result<Action, Wrong> {
        let lab = self.names.lab;
        let known = || {
            let ids: Vec<_> = lab.info().rules.iter().map(|rule| rule.id).collect();
            ids.join(", ")
        };
        let rule = words.read("rule", known, |word| lab.rule(word))?;
        Ok(Action::Rule(rule, on_off(words)?))
    }

    fn run(&self, words: &mut Words<'_>) -> Result<Command, Wrong> {
        if !words.take("until") {
            words.take("for");
            return Ok(Command::RunFor(span(words)?));
        }
        let info = self.names.lab.info();
        let until = if words.take("note") {
            let at = words.read(
                "note",
                || ids(info.notes.iter().map(|n| n.id)),
                |word| info.notes.iter().position(|note| note.id == word),
            )?;
            Until::Note(at)
        } else if words.take("message") {
            let kinds = info.message_kinds;
            let at = words.read(
                "message kind",
                || kinds.join(", "),
                |word| kinds.iter().position(|kind| *kind == word),
            )?;
            Until::Message(at as u8)
        } else if words.take("violated") {
            Until::Violated(self.check(words)?)
        } else if words.take("writing") {
            Until::Writing(self.node(words)?)
        } else if let Some(time) = words.peek().and_then(|token| bounded(&token.text)) {
            // It takes as long as it takes: there is no `within`.
            words.next("time")?;
            return Ok(Command::RunUntil(Until::Time(Time(time.0)), Until::WITHIN));
        } else {
            Until::Moment(self.moment(words)?)
        };
        let within = if words.take("within") {
            span(words)?
        } else {
            Until::WITHIN
        };
        Ok(Command::RunUntil(until, within))
    }

    fn check(&self, words: &mut Words<'_>) -> Result<usize, Wrong> {
        let lab = self.names.lab;
        let known = || ids(lab.info().checks.iter().map(|check| check.id));
        words.read("check", known, |word| lab.check(word))
    }

    fn moment(&self, words: &mut Words<'_>) -> Result<usize, Wrong> {
        let moments = self.names.lab.info().moments;
        let known = || {
            let own = ids(moments.iter().map(|moment| moment.id));
            format!("{own}, note ID, message KIND, violated CHECK, writing NODE, 3s")
        };
        words.read("moment", known, |word| {
            moments.iter().position(|m| m.id == word)
        })
    }

    fn expect(&self, words: &mut Words<'_>) -> Result<Expect, Wrong> {
        let moments = self.names.lab.info().moments;
        if words.take("trace") {
            let hash = words.read(
                "trace hash",
                || "16 hex digits".to_owned(),
                |word| (word.len() == 16).then(|| u64::from_str_radix(word, 16).ok())?,
            )?;
            return Ok(Expect::Trace(hash));
        }
        if self.at_node(words) {
            return self.expect_fact(words);
        }
        let not = words.take("not");
        let is_moment = |token: &Token| moments.iter().any(|m| m.id == token.text);
        if not || words.peek().is_some_and(is_moment) {
            return Ok(Expect::Moment(self.moment(words)?, !not));
        }
        let check = self.check(words)?;
        let known = || Verdict::IDS.join(", ");
        let verdict = words.read("verdict", known, |word| {
            Verdict::IDS.into_iter().find(|id| *id == word)
        })?;
        Ok(Expect::Check(check, verdict))
    }

    fn expect_fact(&self, words: &mut Words<'_>) -> Result<Expect, Wrong> {
        let node = self.node(words)?;
        let disk = words.take("disk");
        let fact = words.next("fact")?.text.clone();
        words.wait_for("value")?;
        let text = words.rest().join(" ");
        Ok(Expect::Fact {
            node,
            disk,
            fact,
            text,
        })
    }
}

fn ids<'a>(ids: impl Iterator<Item = &'a str>) -> String {
    ids.collect::<Vec<_>>().join(", ")
}

fn mark(words: &mut Words<'_>) -> Result<Command, Wrong> {
    let token = words.next("name")?;
    Ok(Command::Mark(token.text.clone()))
}

/// `storm every 500ms crash restart loss`; without kinds, all but lost disks and wrong clocks.
fn storm(words: &mut Words<'_>) -> Result<Action, Wrong> {
    let every = if words.take("every") {
        span(words)?
    } else {
        Span::ms(500)
    };
    if every < Span::ms(1) {
        return Err((words.column(), bad_duration(&every.to_string())));
    }
    let mut kinds = FaultSet::NONE;
    while words.peek().is_some() {
        let known = || ids(FaultKind::ALL.iter().map(|(_, id)| *id));
        kinds.insert(words.read("fault", known, FaultKind::parse)?);
    }
    if kinds == FaultSet::NONE {
        kinds = FaultSet::all_but(&[FaultKind::DiskLost, FaultKind::ClockSkew]);
    }
    Ok(Action::Storm(StormPlan { every, kinds }))
}
