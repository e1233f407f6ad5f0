//! The words of one lab, and lines made of them that are mostly right.

use splitbrain::lab::{Lab, Names};

/// What a line can be made of.
pub(crate) struct LabWords {
    /// How its stories begin.
    pub(crate) begin: String,
    nodes: Vec<String>,
    kinds: Vec<String>,
    timers: Vec<String>,
    rules: Vec<String>,
    checks: Vec<String>,
    moments: Vec<String>,
    notes: Vec<String>,
    requests: Vec<String>,
}

/// Times: of everyday length, and at the bounds.
const SPANS: [&str; 14] = [
    "0ms", "1us", "1ms", "2.5ms", "20ms", "50ms", "150ms", "300ms", "1s", "5s", "60s", "1min",
    "60min", "3600s",
];
const SHARES: [&str; 7] = ["0%", "1%", "0.0001%", "50%", "99.9999%", "100%", "0.3"];
const COUNTS: [&str; 7] = ["1", "2", "3", "7", "40", "500", "10000000"];
const FAULTS: [&str; 9] = [
    "crash",
    "restart",
    "disk-lost",
    "loss",
    "duplication",
    "late-message",
    "partition",
    "pause",
    "clock-skew",
];
const VERDICTS: [&str; 5] = ["holds", "violated", "seen", "not-seen", "pending"];

fn owned<'a>(words: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    words.into_iter().map(str::to_owned).collect()
}

impl LabWords {
    pub(crate) fn of(lab: &'static dyn Lab) -> Self {
        let info = lab.info();
        let names = Names::for_setup(lab, &lab.setup(1));
        let mut timers: Vec<&str> = Vec::new();
        for (node, _) in names.nodes() {
            timers.extend(names.timer_kinds(node));
        }
        timers.dedup();
        LabWords {
            begin: format!("lab {}", info.id),
            nodes: owned(names.nodes().map(|(_, name)| name)),
            kinds: owned(info.message_kinds.iter().copied()),
            timers: owned(timers),
            rules: owned(info.rules.iter().map(|rule| rule.id)),
            checks: owned(info.checks.iter().map(|check| check.id)),
            moments: owned(info.moments.iter().map(|moment| moment.id)),
            notes: owned(info.notes.iter().map(|note| note.id)),
            requests: owned(info.verbs.iter().map(|verb| verb.example)),
        }
    }

    /// A line; `below` picks a number.
    pub(crate) fn line(&self, below: &mut dyn FnMut(usize) -> usize) -> String {
        let mut any = |words: &[String]| words.get(below(words.len())).cloned().unwrap_or_default();
        let (a, b, kind) = (any(&self.nodes), any(&self.nodes), any(&self.kinds));
        let (timer, rule, check) = (any(&self.timers), any(&self.rules), any(&self.checks));
        let (moment, note) = (any(&self.moments), any(&self.notes));
        let request = any(&self.requests);
        let mut of = |words: &[&'static str]| words[below(words.len())];
        let (span, more, share) = (of(&SPANS), of(&SPANS), of(&SHARES));
        let (count, fault, second) = (of(&COUNTS), of(&FAULTS), of(&FAULTS));
        let (verdict, on) = (of(&VERDICTS), of(&["on", "off"]));
        let (sign, arrow) = (of(&["", "-"]), of(&["", "> "]));
        let message = format!("{kind} {a}>{b} #{}", of(&["1", "2", "3", "9", "1.1"]));
        let scope = [String::new(), format!("{a} {arrow}{b} ")][below(2)].clone();
        match below(37) {
            0 => format!("kill {a}"),
            1 => format!("wipe {a}"),
            2 | 3 => format!("restart {a}"),
            4 => format!("pause {a}"),
            5 => format!("resume {a}"),
            6 => format!("partition {a} | {b}"),
            7 => format!("partition {} | {a}", self.nodes.join(" ").replace(&a, "")),
            8 => format!("cut {a} {arrow}{b}"),
            9 => format!("latency {scope}{span}"),
            10 => format!("latency {scope}0ms..{span}"),
            11 => format!("latency {scope}{span} tail {more}"),
            12 => format!("loss {scope}{share}"),
            13 => format!("duplication {scope}{share}"),
            14 => format!("reorder {scope}{on}"),
            15 => format!("drop {message}"),
            16 => format!("delay {message} by {span}"),
            17 => format!("hold {message}"),
            18 => format!("release {message}"),
            19 => format!("duplicate {message}"),
            20 => format!("deliver {message}"),
            21 => format!("fire {a} {timer}"),
            22 => format!("fire {a} {timer} {b}"),
            23 => format!("skew {a} {sign}{span}"),
            24 => format!("drift {a} {sign}{count}ppm"),
            25 => format!("slow-disk {a} {span}"),
            26 | 27 => format!("request {a} {request}"),
            28 => format!("rule {rule} {on}"),
            29 => format!("storm every {span} {fault} {second}"),
            30 => ["calm", "heal"][below(2)].to_owned(),
            31 => format!("run {span}"),
            32 => format!("run until {moment} within {span}"),
            33 => format!("run until note {note} within {span}"),
            34 => format!("step {count}"),
            35 => format!("finish {a}"),
            _ => format!("expect {check} {verdict}"),
        }
    }
}
