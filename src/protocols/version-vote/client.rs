//! A client: it reads and writes the register by asking replicas, and is not one of them.

use super::message::{Stamped, Version, VersionMessage};
use super::notes;
use super::order::{Config, Kept, Op, Pending, Phase, Shown};
use super::rules::{ASK_FIRST, BREAK_TIES, VERSION_APART, WRITE_BACK, mistakes, needed};
use crate::engine::{Engine, Fact, Facts, Input, NodeId, Out, Outcome, Report, Span, Timer, Word};
use std::collections::VecDeque;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

const THINK: Timer = Timer(0);
pub(super) const RETRY: Timer = Timer(1);
const DRAW_THINK: u8 = 0;
const DRAW_OP: u8 = 1;

/// How many requests are kept to be shown.
const SHOWN: usize = 3;

/// One client.
#[derive(Clone)]
pub struct Client {
    /// Its own number as a writer, from 1.
    writer: u16,
    config: Rc<Config>,
    sequence: u32,
    /// The highest number of a version that it has used or heard of: its copy of the article's global version.
    pub(super) known: u32,
    pending: Option<Pending>,
    queue: VecDeque<Op>,
    pub(super) done: u64,
    /// What it last read.
    pub(super) read: Option<Word>,
    /// Its last requests, oldest first.
    pub(super) shown: Vec<Shown>,
    /// How many answers came that say what a replica holds, and how many of these were behind: to be shown.
    pub(super) heard: u64,
    pub(super) behind: u64,
}

/// Without the configuration, which is the same in every state, and what is only shown.
impl Hash for Client {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.sequence, self.known, &self.pending, &self.queue).hash(state);
        (self.done, self.read).hash(state);
    }
}

impl Client {
    /// What it is busy with.
    #[must_use]
    pub fn pending(&self) -> Option<(Op, &Phase)> {
        let pending = self.pending.as_ref()?;
        Some((pending.op, &pending.phase))
    }

    /// What it does at the moment, as a word.
    pub(super) fn doing(&self) -> &'static str {
        match self.pending() {
            None => "idle",
            Some((_, Phase::Asking(_))) => "asking",
            Some((Op::Write(_), Phase::Storing(..))) => "storing",
            Some((Op::Read, Phase::Storing(..))) => "writing-back",
        }
    }

    fn think(&mut self, out: &mut Out<'_, Self>) {
        if self.config.rate == 0 {
            return;
        }
        let mean = 1_000_000 / self.config.rate;
        let gap = out.draw(DRAW_THINK, mean / 2..=mean + mean / 2);
        out.set_timer(THINK, Span(gap.max(1)));
    }

    /// Half of them writes. No two writes of a run have the same value, and no value is another's plus one.
    fn draw_op(&self, out: &mut Out<'_, Self>) -> Op {
        if out.draw(DRAW_OP, 0..=1) == 0 {
            return Op::Read;
        }
        let round = 10 * (u64::from(self.sequence) + 1);
        Op::Write(Word::number(round + 2 * (u64::from(self.writer) - 1)))
    }

    fn needed(&self, out: &Out<'_, Self>) -> usize {
        needed(self.config.replicas.len(), |rule| out.rule(rule))
    }

    fn version(&self, number: u32, out: &Out<'_, Self>) -> Version {
        let writer = if out.rule(BREAK_TIES) { self.writer } else { 0 };
        Version { number, writer }
    }

    fn begin(&mut self, op: Op, out: &mut Out<'_, Self>) {
        self.sequence += 1;
        self.keep(out);
        let call = op.call();
        let number = u64::from(self.sequence);
        out.report(Report::Invoked { op: number, call });
        let (began, phase) = (out.now(), Phase::Asking(Vec::new()));
        self.pending = Some(Pending { op, phase, began });
        self.shown.push(Shown {
            began,
            op,
            asked: Vec::new(),
            new: None,
            stored: Vec::new(),
            done: false,
        });
        if self.shown.len() > SHOWN {
            self.shown.remove(0);
        }
        match op {
            Op::Write(value) if !out.rule(VERSION_APART) => self.compute(value, out),
            Op::Write(value) if !out.rule(ASK_FIRST) => {
                let version = self.version(self.known + 1, out);
                out.note(notes::DOES_NOT_ASK, [version.into()]);
                self.write(version, value, out);
            }
            Op::Write(_) | Op::Read => self.ask(out),
        }
    }

    fn keep(&self, out: &mut Out<'_, Self>) {
        out.persist(Kept {
            sequence: self.sequence,
            used: self.known,
        });
    }

    fn ask(&mut self, out: &mut Out<'_, Self>) {
        let needed = self.needed(out);
        out.note(
            notes::ASKS,
            [u64::from(self.sequence).into(), needed.into()],
        );
        self.send(out, |_| true, VersionMessage::Query { op: self.sequence });
    }

    /// A request leaves when its number is on the disk, and so is the number of its version.
    fn send(&self, out: &mut Out<'_, Self>, to: impl Fn(NodeId) -> bool, message: VersionMessage) {
        for replica in &self.config.replicas {
            if to(*replica) {
                out.send_when_durable(*replica, message);
            }
        }
        out.set_timer(RETRY, self.config.retry);
    }

    /// The article's class: one number is the value and the version, and that is the value plus one.
    fn compute(&mut self, value: Word, out: &mut Out<'_, Self>) {
        let next = value.as_signed().unwrap_or(0).saturating_add(1);
        let number = u32::try_from(next.max(0)).unwrap_or(u32::MAX);
        let version = self.version(number, out);
        out.note(notes::COMPUTES_VERSION, [value.into(), version.into()]);
        self.write(version, Word::signed(next), out);
    }

    fn write(&mut self, version: Version, value: Word, out: &mut Out<'_, Self>) {
        self.known = self.known.max(version.number);
        self.keep(out);
        let value = Some(value);
        self.store(Stamped { version, value }, out);
    }

    /// The second phase.
    fn store(&mut self, new: Stamped, out: &mut Out<'_, Self>) {
        let Some(pending) = &mut self.pending else {
            return;
        };
        let op = pending.op;
        pending.phase = Phase::Storing(new, Vec::new());
        if let Some(shown) = self.shown.last_mut() {
            (shown.new, shown.stored) = (Some(new), Vec::new());
        }
        let args = [new.version.into(), self.needed(out).into()];
        let key = match op {
            Op::Write(_) => notes::STORES_AT_ALL,
            Op::Read => notes::WRITES_BACK,
        };
        out.note(key, args);
        self.send(out, |_| true, self.message(op, new));
    }

    fn message(&self, op: Op, new: Stamped) -> VersionMessage {
        let (sequence, read) = (self.sequence, new);
        match op {
            Op::Write(_) => VersionMessage::Store { op: sequence, new },
            Op::Read => VersionMessage::WriteBack { op: sequence, read },
        }
    }

    /// Says whether an answer tells of what is known, and learns from it.
    fn hear(&mut self, from: NodeId, held: Stamped, out: &mut Out<'_, Self>) {
        let version = held.version.into();
        self.heard += 1;
        if held.version.number < self.known {
            self.behind += 1;
            let known = u64::from(self.known).into();
            out.note(notes::HEARD_BEHIND, [from.into(), version, known]);
        } else {
            out.note(notes::HEARD_CURRENT, [from.into(), version]);
        }
        self.known = self.known.max(held.version.number);
    }

    fn answered(&mut self, from: NodeId, (op, held): (u32, Stamped), out: &mut Out<'_, Self>) {
        self.hear(from, held, out);
        let current = op == self.sequence || !out.rule(mistakes::COUNT_THIS_REQUEST);
        let answers = match &mut self.pending {
            Some(Pending {
                phase: Phase::Asking(answers),
                ..
            }) if current => answers,
            Some(_) | None => {
                out.note(notes::ANSWER_LATE, [from.into(), u64::from(op).into()]);
                return;
            }
        };
        if answers.iter().any(|(who, _)| *who == from) {
            out.note(notes::ANSWER_KNOWN, [from.into()]);
            if out.rule(mistakes::COUNT_A_REPLICA_ONCE) {
                return;
            }
        }
        answers.push((from, held));
        let count = answers.len();
        let highest = if out.rule(mistakes::TAKE_THE_HIGHEST) {
            answers.iter().max_by_key(|(_, held)| held.version)
        } else {
            answers.first()
        };
        let highest = highest.map_or(held, |(_, held)| *held);
        if let Some(shown) = self.shown.last_mut() {
            shown.asked.push(from);
        }
        let needed = self.needed(out);
        let args = [from.into(), count.into(), needed.into()];
        out.note(notes::ANSWER_COUNTED, args);
        if count >= needed {
            self.go_on(highest, out);
        }
    }

    /// Enough have answered, and this is the highest that they hold.
    fn go_on(&mut self, heard: Stamped, out: &mut Out<'_, Self>) {
        let Some(pending) = &self.pending else { return };
        match pending.op {
            Op::Write(value) => {
                let number = heard.version.number.max(self.known) + 1;
                let version = self.version(number, out);
                let args = [version.into(), heard.version.into()];
                out.note(notes::CHOOSES_VERSION, args);
                self.write(version, value, out);
            }
            Op::Read => {
                let value = heard.value.map_or(crate::engine::Arg::None, Into::into);
                out.note(notes::HEARS_HIGHEST, [heard.version.into(), value]);
                if !out.rule(WRITE_BACK) {
                    out.note(notes::NO_WRITE_BACK, [heard.version.into()]);
                    self.finish(heard.value, out);
                    return;
                }
                let mut back = heard;
                if !out.rule(mistakes::WRITE_BACK_UNDER_ITS_VERSION) && heard.value.is_some() {
                    back.version = self.version(heard.version.number + 1, out);
                }
                self.store(back, out);
            }
        }
    }

    fn stored(&mut self, from: NodeId, op: u32, out: &mut Out<'_, Self>) {
        let current = op == self.sequence || !out.rule(mistakes::COUNT_THIS_REQUEST);
        let (op, value, stored) = match &mut self.pending {
            Some(Pending {
                op,
                phase: Phase::Storing(new, stored),
                ..
            }) if current => (*op, new.value, stored),
            Some(_) | None => {
                out.note(notes::STORED_LATE, [from.into(), u64::from(op).into()]);
                return;
            }
        };
        if stored.contains(&from) {
            out.note(notes::STORED_KNOWN, [from.into()]);
            if out.rule(mistakes::COUNT_A_REPLICA_ONCE) {
                return;
            }
        }
        let at = stored.partition_point(|who| *who < from);
        stored.insert(at, from);
        let count = stored.len();
        if let Some(shown) = self.shown.last_mut() {
            shown.stored.push(from);
        }
        let needed = self.needed(out);
        let args = [from.into(), count.into(), needed.into()];
        out.note(notes::STORED_COUNTED, args);
        if count >= needed {
            let read = match op {
                Op::Write(_) => None,
                Op::Read => value,
            };
            self.finish(read, out);
        }
    }

    fn finish(&mut self, read: Option<Word>, out: &mut Out<'_, Self>) {
        let Some(Pending { op, began, .. }) = self.pending.take() else {
            return;
        };
        let took = (out.now() - began).into();
        match (op, read) {
            (Op::Write(value), _) => out.note(notes::WRITE_DONE, [value.into(), took]),
            (Op::Read, Some(value)) => out.note(notes::READ_DONE, [value.into(), took]),
            (Op::Read, None) => out.note(notes::READ_NOTHING, [took]),
        }
        if op == Op::Read {
            self.read = read;
        }
        out.report(Report::Returned {
            op: u64::from(self.sequence),
            outcome: Outcome::Done(read),
        });
        out.stop_timer(RETRY);
        self.done += 1;
        if let Some(shown) = self.shown.last_mut() {
            shown.done = true;
        }
        if let Some(op) = self.queue.pop_front() {
            self.begin(op, out);
        }
    }

    /// No answers came in time: the same once more to those that are silent, under the same version.
    fn retry(&mut self, out: &mut Out<'_, Self>) {
        let Some(pending) = &self.pending else { return };
        let request = u64::from(self.sequence).into();
        if !out.rule(mistakes::SEND_AGAIN) {
            out.note(notes::WAITS_ON, [request]);
            out.set_timer(RETRY, self.config.retry);
            return;
        }
        let op = pending.op;
        let (message, known): (_, Vec<NodeId>) = match &pending.phase {
            Phase::Asking(answers) => (
                VersionMessage::Query { op: self.sequence },
                answers.iter().map(|(who, _)| *who).collect(),
            ),
            Phase::Storing(..) if !out.rule(mistakes::RETRY_UNDER_ITS_VERSION) => {
                out.note(notes::BEGINS_AGAIN, [request]);
                if let Some(pending) = &mut self.pending {
                    pending.phase = Phase::Asking(Vec::new());
                }
                self.ask(out);
                return;
            }
            Phase::Storing(new, stored) => (self.message(op, *new), stored.clone()),
        };
        out.note(notes::SENDS_AGAIN, [request]);
        self.send(out, |replica| !known.contains(&replica), message);
    }
}

impl Engine for Client {
    type Message = VersionMessage;
    type Disk = Kept;
    type Write = Kept;
    type Request = Op;
    type Config = Config;

    const TIMERS: &'static [&'static str] = &["think", "retry"];

    fn boot(me: NodeId, config: &Rc<Config>, disk: &Kept) -> Self {
        let at = config.clients.iter().position(|client| *client == me);
        Client {
            writer: at.unwrap_or(0) as u16 + 1,
            config: Rc::clone(config),
            sequence: disk.sequence,
            known: disk.used,
            pending: None,
            queue: VecDeque::new(),
            done: 0,
            read: None,
            shown: Vec::new(),
            heard: 0,
            behind: 0,
        }
    }

    fn write(disk: &mut Kept, write: &Kept) {
        *disk = *write;
    }

    fn handle(&mut self, input: Input<'_, Self>, out: &mut Out<'_, Self>) {
        match input {
            Input::Started => self.think(out),
            Input::TimerFired(THINK) => {
                self.think(out);
                // One that waits for an answer asks nothing new of its own accord.
                if self.pending.is_none() {
                    let op = self.draw_op(out);
                    self.begin(op, out);
                }
            }
            Input::TimerFired(_) => self.retry(out),
            Input::Asked(op) if self.pending.is_some() => self.queue.push_back(*op),
            Input::Asked(op) => self.begin(*op, out),
            Input::Received { from, message } => match *message {
                VersionMessage::Answer { op, held } => self.answered(from, (op, held), out),
                VersionMessage::Stored { op } => self.stored(from, op, out),
                // Replicas alone are told these.
                VersionMessage::Query { .. }
                | VersionMessage::Store { .. }
                | VersionMessage::WriteBack { .. } => {}
            },
            // What waits for a write leaves by itself.
            Input::Written(_) => {}
        }
    }

    fn facts(&self, facts: &mut Facts) {
        facts.say("phase", Fact::Key(self.doing()));
        facts.say("request", self.sequence);
        facts.say("known", self.known);
        facts.say("read", self.read);
        facts.say("queued", self.queue.len());
        facts.say("done", self.done);
        facts.say("heard", self.heard);
        facts.say("behind", self.behind);
    }

    fn disk_facts(disk: &Kept, facts: &mut Facts) {
        facts.say("request", disk.sequence);
        facts.say("known", disk.used);
    }
}
