//! The ledger: where work takes effect. It stands for the shop's database, the bank, the mail server.

use super::broker::DEDUP_BY_ID;
use super::message::{QueueMessage, TaskId};
use super::notes;
use crate::engine::{Engine, Fact, Facts, Input, NodeId, Out};
use std::rc::Rc;

/// What it knows of one task.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Row {
    /// The task.
    pub task: TaskId,
    /// How often it took effect.
    pub effects: u32,
    /// By which delivery it was asked for last.
    pub last: u64,
    /// By how many deliveries it was asked for, one after the other: how often it was worked on.
    pub works: u32,
}

/// One durable change.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Asked {
    task: TaskId,
    delivery: u64,
    counts: bool,
}

/// The rows, in the order of their tasks.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Book(Vec<Row>);

impl Book {
    /// One without rows.
    pub(super) const EMPTY: Book = Book(Vec::new());

    /// All rows.
    #[must_use]
    pub fn rows(&self) -> &[Row] {
        &self.0
    }

    /// What is known of a task.
    #[must_use]
    pub fn row(&self, task: TaskId) -> Option<&Row> {
        let at = self.0.binary_search_by_key(&task, |row| row.task).ok()?;
        Some(&self.0[at])
    }

    fn apply(&mut self, asked: Asked) {
        let at = match self.0.binary_search_by_key(&asked.task, |row| row.task) {
            Ok(at) => at,
            Err(at) => {
                let row = Row {
                    task: asked.task,
                    effects: 0,
                    last: 0,
                    works: 0,
                };
                self.0.insert(at, row);
                at
            }
        };
        let row = &mut self.0[at];
        row.effects += u32::from(asked.counts);
        // A worker that asks again, because no answer came, has not worked again.
        row.works += u32::from(row.last != asked.delivery);
        row.last = asked.delivery;
    }

    fn facts(&self, facts: &mut Facts) {
        let sum = |of: fn(&Row) -> u32| self.0.iter().map(of).sum::<u32>();
        facts.say("tasks", self.0.len());
        facts.say("effects", sum(|row| row.effects));
        facts.say("works", sum(|row| row.works));
        let row = |row: &Row| {
            let mut facts = Facts::default();
            facts.say("task", row.task.word());
            facts.say("effects", row.effects);
            facts.say("works", row.works);
            Fact::Group(facts)
        };
        facts.say("rows", Fact::List(self.0.iter().map(row).collect()));
    }
}

/// The ledger.
#[derive(Clone, Hash)]
pub struct Ledger {
    book: Book,
}

impl Ledger {
    /// What it holds in memory.
    #[must_use]
    pub fn book(&self) -> &Book {
        &self.book
    }

    fn asked(&mut self, from: NodeId, task: TaskId, delivery: u64, out: &mut Out<'_, Self>) {
        let before = self.book.row(task).map_or(0, |row| row.effects);
        let counts = before == 0 || !out.rule(DEDUP_BY_ID);
        let word = task.word().into();
        match (before, counts) {
            (0, _) => out.note(notes::TOOK_EFFECT, [word, from.into()]),
            (_, false) => out.note(notes::DONE_BEFORE, [word, from.into()]),
            (_, true) => out.note(notes::COUNTED_AGAIN, [word, u64::from(before + 1).into()]),
        }
        let asked = Asked {
            task,
            delivery,
            counts,
        };
        self.book.apply(asked);
        out.persist(asked);
        out.send_when_durable(from, QueueMessage::Applied { delivery });
    }
}

impl Engine for Ledger {
    type Message = QueueMessage;
    type Disk = Book;
    type Write = Asked;
    type Request = ();
    type Config = ();

    const TIMERS: &'static [&'static str] = &[];

    fn boot(_me: NodeId, _config: &Rc<()>, disk: &Book) -> Self {
        Ledger { book: disk.clone() }
    }

    fn write(disk: &mut Book, write: &Asked) {
        disk.apply(*write);
    }

    fn handle(&mut self, input: Input<'_, Self>, out: &mut Out<'_, Self>) {
        match input {
            Input::Received {
                from,
                message: QueueMessage::Apply { task, delivery },
            } => self.asked(from, *task, *delivery, out),
            // It has no timer, and nothing else is for it.
            Input::Received { .. }
            | Input::Started
            | Input::TimerFired(_)
            | Input::Written(_)
            | Input::Asked(()) => {}
        }
    }

    fn facts(&self, facts: &mut Facts) {
        self.book.facts(facts);
    }

    fn role(&self) -> &'static str {
        "ledger"
    }

    fn disk_facts(disk: &Book, facts: &mut Facts) {
        disk.facts(facts);
    }
}
