//! Everything that a person can do, with a text form that prints; `parse` reads it back.

use super::names::Names;
use super::run::Run;
use crate::engine::{NodeId, Span, Time};
use crate::sim::{Action, Happened, Latency, Scope};
use std::rc::Rc;

/// One line of a story.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Command {
    /// Something done to the world.
    Act(Rc<Action>),
    /// Time passes.
    RunFor(Span),
    /// Time passes until something is so.
    RunUntil(Until, Span),
    /// So many events.
    Step(u64),
    /// Something must be so now.
    Expect(Expect),
    /// Names this moment.
    Mark(String),
}

/// What a run can go on until.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Until {
    /// A moment that the lab declares: `leader`.
    Moment(usize),
    /// A note is written.
    Note(usize),
    /// A message of this kind is delivered.
    Message(u8),
    /// A check is violated.
    Violated(usize),
    /// A node has a write on its way to the disk, so that a crash now would tear it.
    Writing(NodeId),
    /// The clock shows this time; there it is already, where it is later.
    Time(Time),
}

impl Until {
    /// How long a run goes on at the most where the story does not say.
    pub const WITHIN: Span = Span::secs(60);

    /// The words behind `run until`.
    #[must_use]
    pub fn print(&self, names: &Names) -> String {
        let info = names.lab.info();
        match self {
            Until::Moment(at) => info.moments[*at].id.to_owned(),
            Until::Note(at) => format!("note {}", info.notes[*at].id),
            Until::Message(kind) => format!("message {}", names.message_kind(*kind)),
            Until::Violated(at) => format!("violated {}", info.checks[*at].id),
            Until::Writing(node) => format!("writing {}", names.node(*node)),
            Until::Time(time) => Span(time.0).to_string(),
        }
    }

    /// Whether a run is there now.
    #[must_use]
    pub fn reached(&self, run: &Run, names: &Names) -> bool {
        let world = run.world();
        match self {
            Until::Moment(at) => (names.lab.info().moments[*at].holds)(world),
            Until::Note(at) => {
                let mut notes = world.record().notes.iter();
                notes.any(|note| usize::from(note.key.0) == *at)
            }
            Until::Message(kind) => matches!(
                &world.record().what,
                Happened::Delivered(letter) if letter.name.kind == *kind
            ),
            Until::Violated(at) => run.verdicts().get(*at).id() == "violated",
            Until::Writing(node) => world.cell(*node).writes_pending() > 0,
            Until::Time(time) => world.now() >= *time,
        }
    }
}

/// What must be so.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Expect {
    /// A check has this verdict (by the word for it).
    Check(usize, &'static str),
    /// A moment that the lab declares is now, or is not.
    Moment(usize, bool),
    /// A fact of a node's memory (or disk) has this text.
    Fact {
        /// The node.
        node: NodeId,
        /// Of its disk, not of its memory.
        disk: bool,
        /// The name of the fact.
        fact: String,
        /// Its text.
        text: String,
    },
    /// The hash of the trace so far.
    Trace(u64),
}

impl Command {
    /// The line, as [`super::Story::parse`] reads it.
    #[must_use]
    pub fn print(&self, names: &Names) -> String {
        let info = names.lab.info();
        match self {
            Command::Act(action) => print_action(action, names),
            Command::RunFor(span) => format!("run {span}"),
            Command::RunUntil(until, within) => {
                let what = until.print(names);
                if *within == Until::WITHIN {
                    format!("run until {what}")
                } else {
                    format!("run until {what} within {within}")
                }
            }
            Command::Step(1) => "step".to_owned(),
            Command::Step(n) => format!("step {n}"),
            Command::Mark(name) => format!("mark \"{name}\""),
            Command::Expect(expect) => match expect {
                Expect::Check(at, verdict) => format!("expect {} {verdict}", info.checks[*at].id),
                Expect::Moment(at, true) => format!("expect {}", info.moments[*at].id),
                Expect::Moment(at, false) => format!("expect not {}", info.moments[*at].id),
                Expect::Fact {
                    node,
                    disk,
                    fact,
                    text,
                } => {
                    let place = if *disk { "disk " } else { "" };
                    let fact = quoted(fact);
                    format!("expect {} {place}{fact} \"{text}\"", names.node(*node))
                }
                Expect::Trace(hash) => format!("expect trace {hash:016x}"),
            },
        }
    }
}

/// A word that would be read as something else, were it not in quotation marks.
fn quoted(word: &str) -> String {
    let special = |c: char| c.is_whitespace() || matches!(c, '>' | '|');
    let plain = !word.is_empty() && !word.starts_with('#') && !word.contains(special);
    if plain && word != "disk" {
        word.to_owned()
    } else {
        format!("\"{word}\"")
    }
}

fn print_scope(scope: Scope, names: &Names) -> String {
    match scope {
        Scope::Net => String::new(),
        Scope::Link { from, to, both } => {
            let arrow = if both { "" } else { "> " };
            format!("{} {arrow}{} ", names.node(from), names.node(to))
        }
    }
}

fn print_action(action: &Action, names: &Names) -> String {
    let node = |id: &NodeId| names.node(*id).to_owned();
    let scope = |scope: &Scope| print_scope(*scope, names);
    let on_off = |on: &bool| if *on { "on" } else { "off" };
    match action {
        Action::Kill(n) => format!("kill {}", node(n)),
        Action::Restart(n) => format!("restart {}", node(n)),
        Action::Wipe(n) => format!("wipe {}", node(n)),
        Action::Pause(n) => format!("pause {}", node(n)),
        Action::Resume(n) => format!("resume {}", node(n)),
        Action::Partition(groups) => {
            let group = |g: &Vec<NodeId>| g.iter().map(node).collect::<Vec<_>>().join(" ");
            format!(
                "partition {}",
                groups.iter().map(group).collect::<Vec<_>>().join(" | ")
            )
        }
        Action::Cut { from, to, both } => {
            let link = Scope::Link {
                from: *from,
                to: *to,
                both: *both,
            };
            format!("cut {}", scope(&link).trim_end())
        }
        Action::Heal(None) => "heal".to_owned(),
        Action::Heal(Some((a, b))) => format!("heal {} {}", node(a), node(b)),
        Action::Latency(at, Latency::Uniform { min, max }) if min == max => {
            format!("latency {}{min}", scope(at))
        }
        Action::Latency(at, Latency::Uniform { min, max }) => {
            format!("latency {}{min}..{max}", scope(at))
        }
        Action::Latency(at, Latency::LongTail { min, typical }) => {
            format!("latency {}{min} tail {typical}", scope(at))
        }
        Action::Loss(at, share) => format!("loss {}{share}", scope(at)),
        Action::Duplication(at, share) => format!("duplication {}{share}", scope(at)),
        Action::Reorder(at, on) => format!("reorder {}{}", scope(at), on_off(on)),
        Action::Drop(name) => format!("drop {}", names.message(*name)),
        Action::Deliver(name) => format!("deliver {}", names.message(*name)),
        Action::Delay(name, span) => format!("delay {} by {span}", names.message(*name)),
        Action::Hold(name) => format!("hold {}", names.message(*name)),
        Action::Release(name) => format!("release {}", names.message(*name)),
        Action::Duplicate(name) => format!("duplicate {}", names.message(*name)),
        Action::Fire(n, timer) => format!("fire {} {}", node(n), names.timer(*n, *timer)),
        Action::Skew(n, us) => {
            let sign = if *us < 0 { "-" } else { "" };
            format!("skew {} {sign}{}", node(n), Span(us.unsigned_abs()))
        }
        Action::Drift(n, ppm) => format!("drift {} {ppm}ppm", node(n)),
        Action::SlowDisk(n, span) => format!("slow-disk {} {span}", node(n)),
        Action::Finish(n) => format!("finish {}", node(n)),
        Action::Ask(n, request) => format!("request {} {}", node(n), request.text),
        Action::Rule(rule, on) => format!("rule {} {}", names.rule(*rule), on_off(on)),
        Action::Storm(plan) => {
            let kinds: Vec<_> = plan.kinds.iter().map(|kind| kind.id()).collect();
            format!("storm every {} {}", plan.every, kinds.join(" "))
                .trim_end()
                .to_owned()
        }
        Action::Calm => "calm".to_owned(),
    }
}
