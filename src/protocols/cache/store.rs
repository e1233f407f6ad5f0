//! The store: what is true stands on its disk. It reads one key after the other, and each takes its time.

use super::message::{By, CacheMessage, Key, Row, Ticket, Version};
use super::node::mistakes;
use super::notes;
use super::table::{Change, Table};
use crate::engine::{Engine, Facts, Input, NodeId, Out, Span, Timer, Word};
use std::collections::VecDeque;
use std::rc::Rc;

/// Runs out when a key is read.
pub(super) const READ: Timer = Timer(0);

/// What is fixed for a run.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct StoreConfig {
    /// How long it takes to read a key.
    pub read: Span,
}

/// Somebody wants a key.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub(super) struct Reader {
    pub(super) node: NodeId,
    pub(super) ticket: Ticket,
    pub(super) key: Key,
}

/// The store.
#[derive(Clone, Hash)]
pub struct Store {
    read: Span,
    table: Table,
    queue: VecDeque<Reader>,
    /// What is being read for the first of them: the row as it was when its turn came.
    reading: Row,
    /// How many keys it has read, and how many it has written, since it came up.
    reads: u32,
    writes: u32,
}

impl Store {
    /// What it holds in memory.
    #[must_use]
    pub fn table(&self) -> &Table {
        &self.table
    }

    /// How many keys it has read since it came up.
    #[must_use]
    pub fn reads(&self) -> u32 {
        self.reads
    }

    pub(super) fn queue(&self) -> impl Iterator<Item = Reader> {
        self.queue.iter().copied()
    }

    /// An answer leaves when all that it speaks of is on the disk.
    fn reply(to: NodeId, message: CacheMessage, out: &mut Out<'_, Self>) {
        if out.rule(mistakes::ANSWER_WHAT_IS_ON_DISK) {
            out.send_when_durable(to, message);
        } else {
            out.send(to, message);
        }
    }

    fn wanted(&mut self, reader: Reader, out: &mut Out<'_, Self>) {
        if self.read == Span(0) {
            self.give(reader, self.table.row(reader.key), out);
        } else if self.queue.contains(&reader) {
            out.note(
                notes::WAITS_ALREADY,
                [reader.key.into(), reader.node.into()],
            );
        } else {
            let first = self.queue.is_empty();
            let before = self.queue.len().into();
            out.note(
                notes::QUEUED,
                [reader.key.into(), reader.node.into(), before],
            );
            self.queue.push_back(reader);
            if first {
                self.begin(out);
            }
        }
    }

    /// Somebody's turn has come. What is written from here on, this reader does not see.
    fn begin(&mut self, out: &mut Out<'_, Self>) {
        if let Some(first) = self.queue.front() {
            self.reading = self.table.row(first.key);
            out.set_timer(READ, self.read);
        }
    }

    fn give(&mut self, reader: Reader, row: Row, out: &mut Out<'_, Self>) {
        let Reader { node, ticket, key } = reader;
        self.reads += 1;
        out.note(notes::READ, [key.into(), node.into(), row.version.into()]);
        Self::reply(node, CacheMessage::Value { ticket, key, row }, out);
    }

    fn next(&mut self, out: &mut Out<'_, Self>) {
        if let Some(reader) = self.queue.pop_front() {
            self.give(reader, self.reading, out);
        }
        self.begin(out);
    }

    fn write(
        &mut self,
        (from, by): (NodeId, By),
        (key, value): (Key, Word),
        version: Option<Version>,
        out: &mut Out<'_, Self>,
    ) {
        let done = self.table.session(by.node).filter(|_| {
            // What the cache wrote back has its version, and needs no session.
            version.is_none() && out.rule(mistakes::KNOW_A_RETRY)
        });
        if done.is_some_and(|done| done.op > by.op) {
            out.note(notes::TOO_OLD, [by.node.into(), u64::from(by.op).into()]);
            return;
        }
        let again = done.filter(|done| done.op == by.op);
        let row = Row {
            value: Some(value),
            version: again.map_or_else(
                || version.unwrap_or_else(|| self.table.next()),
                |done| done.version,
            ),
        };
        let newer = row.version > self.table.row(key).version;
        if again.is_some() {
            out.note(notes::WRITTEN_BEFORE, [key.into(), row.version.into()]);
        } else if !newer {
            out.note(notes::OLDER, [key.into(), row.version.into()]);
        } else {
            let change = Change { by, key, row };
            self.table.apply(change);
            out.persist(change);
            self.writes += 1;
            out.note(
                notes::WRITES,
                [key.into(), value.into(), row.version.into()],
            );
        }
        Self::reply(from, CacheMessage::Written { by, key, row }, out);
    }
}

impl Engine for Store {
    type Message = CacheMessage;
    type Disk = Table;
    type Write = Change;
    type Request = ();
    type Config = StoreConfig;

    const TIMERS: &'static [&'static str] = &["read"];

    fn boot(_me: NodeId, config: &Rc<StoreConfig>, disk: &Table) -> Self {
        Store {
            read: config.read,
            table: disk.clone(),
            queue: VecDeque::new(),
            reading: Row::default(),
            reads: 0,
            writes: 0,
        }
    }

    fn write(disk: &mut Table, write: &Change) {
        disk.apply(*write);
    }

    fn handle(&mut self, input: Input<'_, Self>, out: &mut Out<'_, Self>) {
        match input {
            Input::Received {
                from,
                message: CacheMessage::Read { ticket, key },
            } => {
                let (ticket, key) = (*ticket, *key);
                let reader = Reader {
                    node: from,
                    ticket,
                    key,
                };
                self.wanted(reader, out);
            }
            Input::Received {
                from,
                message:
                    CacheMessage::Write {
                        by,
                        key,
                        value,
                        version,
                    },
            } => self.write((from, *by), (*key, *value), *version, out),
            Input::TimerFired(_) => self.next(out),
            // It begins with nothing to do, asks nobody, and nobody asks it by hand.
            Input::Started | Input::Received { .. } | Input::Written(_) | Input::Asked(()) => {}
        }
    }

    fn facts(&self, facts: &mut Facts) {
        facts.say("reads", self.reads);
        facts.say("writes", self.writes);
        facts.say("waiting", self.queue.len());
        self.table.facts(facts);
    }

    fn role(&self) -> &'static str {
        "store"
    }

    fn disk_facts(disk: &Table, facts: &mut Facts) {
        disk.facts(facts);
    }
}
