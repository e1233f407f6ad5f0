//! Reads one command from its words. What is wrong is told with its column, and with what
//! would be right.

use super::check::Verdict;
use super::command::{Command, Expect, Until};
use super::names::Names;
use super::token::Token;
use super::words::Phrase;
use crate::engine::{NodeId, Span, Time};
use crate::sim::{
    Action, FaultKind, FaultSet, Latency, MessageName, Ratio, Scope, StormPlan, World,
};
use std::rc::Rc;

/// What is wrong with a piece of input: a phrase of the common locale file.
pub type Complaint = Phrase;

/// Where on the line, and what.
pub(super) type Wrong = (usize, Complaint);

/// The longest span that a story may name.
pub(super) const LONGEST: Span = Span::secs(3600);
/// The most events that one `step` may take.
const MOST_STEPS: u64 = 10_000_000;

/// `300ms`, `1.5s`, `250us`, `2min`.
#[must_use]
pub fn parse_duration(text: &str) -> Option<Span> {
    let unit_at = text.find(|c: char| c.is_ascii_alphabetic())?;
    let (number, unit) = text.split_at(unit_at);
    let scale = match unit {
        "us" => 1,
        "ms" => 1000,
        "s" => 1_000_000,
        "min" => 60_000_000,
        _ => return None,
    };
    decimal(number, scale).map(Span)
}

/// `2.5%` or `0.025`.
#[must_use]
pub fn parse_ratio(text: &str) -> Option<Ratio> {
    let millionths = match text.strip_suffix('%') {
        Some(percent) => decimal(percent, 10_000)?,
        None => decimal(text, 1_000_000)?,
    };
    u32::try_from(millionths)
        .ok()
        .filter(|n| *n <= Ratio::ONE.0)
        .map(Ratio)
}

/// A decimal number times a scale, exactly; `None` where digits would be lost.
fn decimal(text: &str, scale: u64) -> Option<u64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(part) || part.len() > 6 {
        return None;
    }
    let whole = whole.parse::<u64>().ok()?.checked_mul(scale)?;
    let tens = 10u64.pow(part.len() as u32);
    let part = if part.is_empty() {
        0
    } else {
        part.parse::<u64>().ok()?.checked_mul(scale)?
    };
    (part % tens == 0).then(|| whole.checked_add(part / tens))?
}

/// The words of a line, taken one after the other.
pub(super) struct Words<'a> {
    tokens: &'a [Token],
    at: usize,
    end: usize,
}

impl<'a> Words<'a> {
    pub(super) fn new(tokens: &'a [Token]) -> Self {
        let last = tokens.last();
        let end = last.map_or(1, |t| {
            t.column + t.text.chars().count() + 2 * usize::from(t.quoted)
        });
        Words { tokens, at: 0, end }
    }

    pub(super) fn peek(&self) -> Option<&'a Token> {
        self.tokens.get(self.at)
    }

    pub(super) fn column(&self) -> usize {
        self.peek().map_or(self.end, |token| token.column)
    }

    pub(super) fn next(&mut self, what: &str) -> Result<&'a Token, Wrong> {
        let token = self
            .peek()
            .ok_or_else(|| (self.end, Complaint::new("error-missing").with("kind", what)))?;
        self.at += 1;
        Ok(token)
    }

    fn take(&mut self, word: &str) -> bool {
        let there = self
            .peek()
            .is_some_and(|token| !token.quoted && token.text == word);
        self.at += usize::from(there);
        there
    }

    pub(super) fn finish(&self) -> Result<(), Wrong> {
        self.peek().map_or(Ok(()), |extra| {
            Err((
                extra.column,
                Complaint::new("error-extra").echo("what", &extra.text),
            ))
        })
    }

    fn rest(&mut self) -> Vec<&'a str> {
        let rest = self.tokens[self.at..]
            .iter()
            .map(|token| token.text.as_str())
            .collect();
        self.at = self.tokens.len();
        rest
    }

    /// One word that `read` understands; else a complaint that lists what would be right.
    pub(super) fn read<T>(
        &mut self,
        what: &str,
        known: impl FnOnce() -> String,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<T, Wrong> {
        let token = self.next(what)?;
        read(&token.text).ok_or_else(|| {
            let complaint = Complaint::new("error-word")
                .echo("word", &token.text)
                .with("kind", what)
                .with("known", known());
            (token.column, complaint)
        })
    }
}

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
        words.next("value").map(|_| words.at -= 1)?;
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

fn bounded(text: &str) -> Option<Span> {
    parse_duration(text).filter(|span| *span <= LONGEST)
}

fn bad_duration(text: &str) -> Complaint {
    Complaint::new("error-duration")
        .echo("word", text)
        .with("longest", LONGEST)
}

fn span(words: &mut Words<'_>) -> Result<Span, Wrong> {
    let token = words.next("duration")?;
    bounded(&token.text).ok_or_else(|| (token.column, bad_duration(&token.text)))
}

fn ratio(words: &mut Words<'_>) -> Result<Ratio, Wrong> {
    words.read("share", || "0% … 100%".to_owned(), parse_ratio)
}

fn on_off(words: &mut Words<'_>) -> Result<bool, Wrong> {
    words.read(
        "switch",
        || "on, off".to_owned(),
        |word| match word {
            "on" => Some(true),
            "off" => Some(false),
            _ => None,
        },
    )
}

fn skew(words: &mut Words<'_>) -> Result<i64, Wrong> {
    words.read(
        "duration",
        || "50ms, -50ms".to_owned(),
        |word| {
            let (sign, size) = word.strip_prefix('-').map_or((1, word), |size| (-1, size));
            bounded(size).map(|span| sign * span.0.cast_signed())
        },
    )
}

fn drift(words: &mut Words<'_>) -> Result<i32, Wrong> {
    words.read(
        "drift",
        || "-500000ppm … 500000ppm".to_owned(),
        |word| {
            let ppm: i32 = word.strip_suffix("ppm")?.parse().ok()?;
            (-500_000..=500_000).contains(&ppm).then_some(ppm)
        },
    )
}

fn steps(words: &mut Words<'_>) -> Result<Command, Wrong> {
    if words.peek().is_none() {
        return Ok(Command::Step(1));
    }
    let known = || format!("1 … {MOST_STEPS}");
    let n = words.read("number", known, |word| {
        word.parse().ok().filter(|n| (1..=MOST_STEPS).contains(n))
    })?;
    Ok(Command::Step(n))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_and_shares_are_exact() {
        assert_eq!(parse_duration("1.5ms"), Some(Span(1500)));
        assert_eq!(parse_duration("250us"), Some(Span(250)));
        assert_eq!(parse_duration("0.5us"), None);
        assert_eq!(parse_duration("5"), None);
        assert_eq!(parse_duration("-5ms"), None);
        assert_eq!(parse_duration("99999999999999999999s"), None);
        assert_eq!(parse_ratio("2.5%"), Some(Ratio(25_000)));
        assert_eq!(parse_ratio("0.025"), Some(Ratio(25_000)));
        assert_eq!(parse_ratio("101%"), None);
    }
}
