//! A client: it reads and writes keys, one after the other, and asks again until it is answered.

use super::message::{By, CacheMessage, Key, Row, Ticket, Version};
use super::node::{INVALIDATE_AFTER_THE_WRITE, Mode};
use super::notes;
use super::popularity::Popularity;
use crate::engine::{
    Call, Engine, Facts, Input, NodeId, Out, Outcome, Report, Span, Time, Timer, Verb, Word,
};
use crate::sim::Ratio;
use std::collections::VecDeque;
use std::rc::Rc;

const THINK: Timer = Timer(0);
const RETRY: Timer = Timer(1);
const DRAW_THINK: u8 = 0;
const DRAW_WISH: u8 = 1;
const DRAW_KEY: u8 = 2;
/// So many wishes wait in its memory.
pub(super) const MOST_WISHES: usize = 64;

/// What is fixed for a run.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct ClientConfig {
    /// Who talks to the store.
    pub mode: Mode,
    /// The store.
    pub store: NodeId,
    /// The cache.
    pub cache: NodeId,
    /// The first of the clients.
    pub first: NodeId,
    /// Which keys it asks for.
    pub popularity: Rc<Popularity>,
    /// Requests of its own accord in a second; 0 for none.
    pub rate: u64,
    /// The share of those that read.
    pub reads: Ratio,
    /// How long it waits for an answer.
    pub timeout: Span,
    /// How long it waits where somebody else fetches the key.
    pub wait: Span,
}

/// What a person asks of a client.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Wish {
    /// Read a key.
    Get(Key),
    /// Write it.
    Put(Key, Word),
    /// Read all keys from the one to the other.
    Scan(Key, Key),
}

/// What it waits for.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub(super) enum Stage {
    /// The cache is asked for the key.
    Asking,
    /// Somebody else fetches it.
    Waiting,
    /// The store is asked for it.
    Reading,
    /// The store is to write.
    Writing,
    /// The cache is to forget what it has.
    Deleting,
    /// The cache is to write.
    Putting,
}

/// The operation under way.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub(super) struct Pending {
    pub(super) key: Key,
    /// What is to be written; `None`: it reads.
    pub(super) value: Option<Word>,
    pub(super) stage: Stage,
    began: Time,
    lease: Option<Ticket>,
    /// The version of what it wrote.
    written: Option<Version>,
    deleted: bool,
}

/// One client. Its disk holds the number of its last operation.
#[derive(Clone, Hash)]
pub struct Client {
    me: NodeId,
    config: Rc<ClientConfig>,
    op: u32,
    pending: Option<Pending>,
    wishes: VecDeque<Wish>,
    /// What it last read.
    read: Option<(Key, Row)>,
    /// How often it was answered.
    answered: u32,
}

impl Client {
    pub(super) fn pending(&self) -> Option<Pending> {
        self.pending
    }

    /// What it last read.
    #[must_use]
    pub fn read(&self) -> Option<(Key, Row)> {
        self.read
    }

    /// How many wishes wait.
    #[must_use]
    pub fn wishes(&self) -> usize {
        self.wishes.len()
    }

    /// How often it was answered since it came up.
    #[must_use]
    pub fn answered(&self) -> u32 {
        self.answered
    }

    fn think(&self, out: &mut Out<'_, Self>) {
        let rate = self.config.rate;
        if rate == 0 {
            return;
        }
        let mean = 1_000_000 / rate;
        let gap = out.draw(DRAW_THINK, mean / 2..=mean + mean / 2);
        out.set_timer(THINK, Span(gap.max(1)));
    }

    fn draw_wish(&self, out: &mut Out<'_, Self>) -> Wish {
        let config = &self.config;
        let drawn = out.draw(DRAW_KEY, 0..=config.popularity.whole().saturating_sub(1));
        let key = config.popularity.key(drawn);
        if out.draw(DRAW_WISH, 0..=999_999) < u64::from(config.reads.0) {
            return Wish::Get(key);
        }
        let place = self.me.0 - config.first.0 + 1;
        let value = Word::new(&format!("{place}-{}", (self.op + 1) % 10_000));
        Wish::Put(key, value.unwrap_or_default())
    }

    fn begin(&mut self, wish: Wish, out: &mut Out<'_, Self>) {
        let (key, value) = match wish {
            Wish::Get(key) => (key, None),
            Wish::Put(key, value) => (key, Some(value)),
            Wish::Scan(from, to) => {
                // In front of what waits: its keys are read one after the other.
                for key in (from.0..=to.0).rev() {
                    self.wishes.push_front(Wish::Get(Key(key)));
                }
                return self.next(out);
            }
        };
        self.op += 1;
        out.persist(self.op);
        let number = u64::from(self.op).into();
        match value {
            Some(value) => out.note(notes::WANTS_TO_WRITE, [key.into(), value.into(), number]),
            None => out.note(notes::ASKS, [key.into(), number]),
        }
        self.tell_begun(key, value, out);
        let stage = match (value, self.config.mode) {
            (None, _) => Stage::Asking,
            (Some(_), Mode::WriteThrough | Mode::WriteBack) => Stage::Putting,
            (Some(_), Mode::LookAside) if out.rule(INVALIDATE_AFTER_THE_WRITE) => Stage::Writing,
            (Some(_), Mode::LookAside) => Stage::Deleting,
        };
        let pending = Pending {
            key,
            value,
            stage,
            began: out.now(),
            lease: None,
            written: None,
            deleted: false,
        };
        self.go_on(pending, stage, out);
    }

    /// Its history is for a judge of linearizability, which look-aside does not promise.
    fn tell_begun(&self, key: Key, value: Option<Word>, out: &mut Out<'_, Self>) {
        if self.config.mode == Mode::LookAside {
            return;
        }
        let verb = if value.is_some() {
            Verb::Put
        } else {
            Verb::Get
        };
        let call = Call {
            verb,
            key: key.word(),
            value,
            expected: None,
        };
        let op = u64::from(self.op);
        out.report(Report::Invoked { op, call });
    }

    /// The next message of the operation.
    fn go_on(&mut self, mut pending: Pending, stage: Stage, out: &mut Out<'_, Self>) {
        let key = pending.key.into();
        match stage {
            Stage::Reading => out.note(notes::READS_THE_STORE, [key]),
            Stage::Waiting => out.note(notes::WAITS_A_LITTLE, [key, self.config.wait.into()]),
            Stage::Writing => {
                let value = pending.value.unwrap_or_default().into();
                out.note(notes::WRITES_THE_STORE, [key, value]);
            }
            Stage::Deleting if pending.written.is_none() => out.note(notes::DELETES_FIRST, [key]),
            Stage::Deleting => out.note(notes::DELETES, [key]),
            Stage::Asking | Stage::Putting => {}
        }
        pending.stage = stage;
        self.pending = Some(pending);
        self.send(pending, out);
    }

    /// A message leaves when the number of its operation is on the disk. One that left before could be
    /// followed, after a crash, by another with the same number.
    fn send(&self, pending: Pending, out: &mut Out<'_, Self>) {
        let (op, key) = (self.op, pending.key);
        let value = pending.value.unwrap_or_default();
        let (store, cache) = (self.config.store, self.config.cache);
        let (to, message) = match pending.stage {
            Stage::Waiting => {
                out.set_timer(RETRY, self.config.wait);
                return;
            }
            Stage::Asking => (cache, CacheMessage::Get { op, key }),
            Stage::Deleting => (cache, CacheMessage::Delete { op, key }),
            Stage::Putting => (cache, CacheMessage::Put { op, key, value }),
            Stage::Reading => {
                let ticket = Ticket {
                    boot: 0,
                    number: op,
                };
                (store, CacheMessage::Read { ticket, key })
            }
            Stage::Writing => {
                let message = CacheMessage::Write {
                    by: By { node: self.me, op },
                    key,
                    value,
                    version: None,
                };
                (store, message)
            }
        };
        out.send_when_durable(to, message);
        out.set_timer(RETRY, self.config.timeout);
    }

    fn retry(&mut self, out: &mut Out<'_, Self>) {
        let Some(pending) = self.pending else { return };
        if pending.stage == Stage::Waiting {
            self.go_on(pending, Stage::Asking, out);
            return;
        }
        out.note(
            notes::TRIES_AGAIN,
            [pending.key.into(), u64::from(self.op).into()],
        );
        self.send(pending, out);
    }

    /// The operation that waits for this, if there is one.
    fn waits(&self, op: u32, stages: &[Stage]) -> Option<Pending> {
        let here = |pending: &Pending| self.op == op && stages.contains(&pending.stage);
        self.pending.filter(here)
    }

    fn received(&mut self, message: &CacheMessage, out: &mut Out<'_, Self>) {
        let asked = [Stage::Asking, Stage::Waiting];
        let (op, pending) = match message {
            CacheMessage::Hit { op, .. }
            | CacheMessage::Miss { op, .. }
            | CacheMessage::Wait { op } => (*op, self.waits(*op, &asked)),
            CacheMessage::Value { ticket, .. } => {
                (ticket.number, self.waits(ticket.number, &[Stage::Reading]))
            }
            CacheMessage::Written { by, .. } => (by.op, self.waits(by.op, &[Stage::Writing])),
            CacheMessage::Deleted { op } => (*op, self.waits(*op, &[Stage::Deleting])),
            CacheMessage::Stored { op, .. } => (*op, self.waits(*op, &[Stage::Putting])),
            // Nobody asks a client.
            CacheMessage::Get { .. }
            | CacheMessage::Put { .. }
            | CacheMessage::Set { .. }
            | CacheMessage::Delete { .. }
            | CacheMessage::Read { .. }
            | CacheMessage::Write { .. } => return,
        };
        let Some(pending) = pending else {
            out.note(notes::NOT_WAITED_FOR, [u64::from(op).into()]);
            return;
        };
        self.goes_on_with(pending, message, out);
    }

    fn goes_on_with(
        &mut self,
        mut pending: Pending,
        message: &CacheMessage,
        out: &mut Out<'_, Self>,
    ) {
        match message {
            CacheMessage::Miss { lease, .. } => {
                pending.lease = *lease;
                self.go_on(pending, Stage::Reading, out);
            }
            CacheMessage::Wait { .. } => self.go_on(pending, Stage::Waiting, out),
            CacheMessage::Value { row, .. } => {
                let (key, row) = (pending.key, *row);
                out.note(notes::BRINGS, [key.into(), row.version.into()]);
                let (op, lease) = (self.op, pending.lease);
                let message = CacheMessage::Set {
                    op,
                    key,
                    row,
                    lease,
                };
                out.send(self.config.cache, message);
                self.has_read(pending, row, out);
            }
            CacheMessage::Hit { row, .. } => self.has_read(pending, *row, out),
            CacheMessage::Written { row, .. } => {
                pending.written = Some(row.version);
                if pending.deleted {
                    self.has_written(pending, row.version, out);
                } else {
                    self.go_on(pending, Stage::Deleting, out);
                }
            }
            CacheMessage::Deleted { .. } => {
                pending.deleted = true;
                match pending.written {
                    Some(version) => self.has_written(pending, version, out),
                    None => self.go_on(pending, Stage::Writing, out),
                }
            }
            CacheMessage::Stored { version, .. } => self.has_written(pending, *version, out),
            // It waits for none of these.
            CacheMessage::Get { .. }
            | CacheMessage::Put { .. }
            | CacheMessage::Set { .. }
            | CacheMessage::Delete { .. }
            | CacheMessage::Read { .. }
            | CacheMessage::Write { .. } => {}
        }
    }

    fn has_read(&mut self, pending: Pending, row: Row, out: &mut Out<'_, Self>) {
        let took = out.now() - pending.began;
        out.note(
            notes::HAS_READ,
            [pending.key.into(), row.version.into(), took.into()],
        );
        self.read = Some((pending.key, row));
        self.finish(row.value, out);
    }

    fn has_written(&mut self, pending: Pending, version: Version, out: &mut Out<'_, Self>) {
        let took = out.now() - pending.began;
        out.note(
            notes::ACKNOWLEDGED,
            [pending.key.into(), version.into(), took.into()],
        );
        self.finish(None, out);
    }

    fn finish(&mut self, value: Option<Word>, out: &mut Out<'_, Self>) {
        if self.config.mode != Mode::LookAside {
            let op = u64::from(self.op);
            let outcome = Outcome::Done(value);
            out.report(Report::Returned { op, outcome });
        }
        out.stop_timer(RETRY);
        self.pending = None;
        self.answered += 1;
        self.next(out);
    }

    /// What somebody asked for comes first; else it thinks.
    fn next(&mut self, out: &mut Out<'_, Self>) {
        match self.wishes.pop_front() {
            Some(wish) => self.begin(wish, out),
            None => self.think(out),
        }
    }
}

impl Engine for Client {
    type Message = CacheMessage;
    type Disk = u32;
    type Write = u32;
    type Request = Wish;
    type Config = ClientConfig;

    const TIMERS: &'static [&'static str] = &["think", "retry"];

    fn boot(me: NodeId, config: &Rc<ClientConfig>, disk: &u32) -> Self {
        Client {
            me,
            config: Rc::clone(config),
            op: *disk,
            pending: None,
            wishes: VecDeque::new(),
            read: None,
            answered: 0,
        }
    }

    fn write(disk: &mut u32, write: &u32) {
        *disk = *write;
    }

    fn handle(&mut self, input: Input<'_, Self>, out: &mut Out<'_, Self>) {
        match input {
            Input::Started => self.think(out),
            Input::TimerFired(THINK) => {
                if self.pending.is_none() {
                    let wish = self.draw_wish(out);
                    self.begin(wish, out);
                }
            }
            Input::TimerFired(_) => self.retry(out),
            Input::Asked(wish) if self.pending.is_none() => {
                out.stop_timer(THINK);
                self.begin(*wish, out);
            }
            Input::Asked(wish) => {
                if self.wishes.len() < MOST_WISHES {
                    self.wishes.push_back(*wish);
                }
            }
            Input::Received { from: _, message } => self.received(message, out),
            // What waits for the disk leaves by itself.
            Input::Written(_) => {}
        }
    }

    fn facts(&self, facts: &mut Facts) {
        facts.say("operation", self.op);
        facts.say("key", self.pending.map(|pending| pending.key));
        facts.say("waiting", self.pending.is_some());
        facts.say("queued", self.wishes.len());
        facts.say("answered", self.answered);
        facts.say("read", self.read.and_then(|(_, row)| row.value));
        facts.say("read-key", self.read.map(|(key, _)| key));
        facts.say("read-version", self.read.map(|(_, row)| row.version));
    }

    fn disk_facts(disk: &u32, facts: &mut Facts) {
        facts.say("operation", *disk);
    }
}
