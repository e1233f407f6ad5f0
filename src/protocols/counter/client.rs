//! A client: it wants one added, and asks again until it knows that it was.

use super::crdt::Entry;
use super::lab::Way;
use super::message::{Answer, CounterMessage, Id, Query, count_fact};
use super::notes;
use super::store::{ONE_ATOMIC_STEP, ONE_SHARED_KEY, mistakes};
use crate::engine::{
    Call, Engine, Fact, Facts, Input, NodeId, Out, Outcome, Report, Span, Time, Timer, Verb, Word,
};
use std::collections::VecDeque;
use std::rc::Rc;

const THINK: Timer = Timer(0);
const RETRY: Timer = Timer(1);
const DRAW_THINK: u8 = 0;
const DRAW_WISH: u8 = 1;

/// What is fixed for a run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ClientConfig {
    /// How it adds.
    pub way: Way,
    /// The store alone, or all replicas.
    pub servers: Vec<NodeId>,
    /// The first of the clients.
    pub first: NodeId,
    /// Requests of its own accord in a second; 0 for none.
    pub rate: u64,
    /// How long it waits for an answer.
    pub timeout: Span,
}

/// What a person asks of a client.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Wish {
    /// One more.
    Add,
    /// One less.
    Subtract,
    /// How many are there?
    Read,
}

/// What it waits for.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
struct Pending {
    /// `None` after a crash: it gives back a lock that it may have.
    wish: Option<Wish>,
    id: Id,
    query: Query,
    to: NodeId,
    began: Time,
    holds: bool,
    /// Whether it was told of, and only the lock is to be given back.
    told: bool,
}

/// What survives a crash of a client: how far it has numbered, and what it was told.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Book {
    /// The number of its last operation.
    pub op: u32,
    /// How often it asked for one more, and for one less.
    pub asked: Entry,
    /// How often it was told that this was done.
    pub acknowledged: Entry,
}

/// One client.
#[derive(Clone, Hash)]
pub struct Client {
    me: NodeId,
    way: Way,
    servers: Rc<[NodeId]>,
    first: NodeId,
    rate: u64,
    timeout: Span,
    book: Book,
    pending: Option<Pending>,
    queue: VecDeque<Wish>,
    /// What it last read for somebody who asked.
    read: Option<i64>,
}

impl Client {
    /// What it asked for and was told.
    #[must_use]
    pub fn book(&self) -> Book {
        self.book
    }

    /// What it waits for: the request under way.
    #[must_use]
    pub fn query(&self) -> Option<Query> {
        self.pending.map(|pending| pending.query)
    }

    /// Whether it knows that it has the lock.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.pending.is_some_and(|pending| pending.holds)
    }

    /// What it last read.
    #[must_use]
    pub fn read(&self) -> Option<i64> {
        self.read
    }

    /// The key that it counts under. The article puts the thread's id into it.
    fn key(&self, out: &Out<'_, Self>) -> Word {
        let own = || Word::new(&format!("count-{}", self.me.0 - self.first.0 + 1));
        let key = if out.rule(ONE_SHARED_KEY) {
            Word::new("count")
        } else {
            own()
        };
        key.unwrap_or_default()
    }

    fn home(&self) -> NodeId {
        let at = usize::from(self.me.0 - self.first.0) % self.servers.len().max(1);
        self.servers.get(at).copied().unwrap_or(NodeId(0))
    }

    fn think(&mut self, out: &mut Out<'_, Self>) {
        if self.rate == 0 {
            return;
        }
        let mean = 1_000_000 / self.rate;
        let gap = out.draw(DRAW_THINK, mean / 2..=mean + mean / 2);
        out.set_timer(THINK, Span(gap.max(1)));
    }

    /// Mostly one more; now and then it looks, and where that can be, takes one away.
    fn draw_wish(&self, out: &mut Out<'_, Self>) -> Wish {
        match (out.draw(DRAW_WISH, 0..=4), self.way) {
            (0, _) => Wish::Read,
            (1, Way::PnCounter) => Wish::Subtract,
            (_, _) => Wish::Add,
        }
    }

    fn begin(&mut self, wish: Wish, out: &mut Out<'_, Self>) {
        if wish == Wish::Subtract && self.way != Way::PnCounter {
            out.note(notes::ONLY_GROWS, []);
            return;
        }
        let key = self.key(out);
        self.book.op += 1;
        match wish {
            Wish::Add => self.book.asked.plus += 1,
            Wish::Subtract => self.book.asked.minus += 1,
            Wish::Read => {}
        }
        out.persist(self.book);
        let first = match (wish, self.way) {
            (Wish::Read, _) => Query::Get(key),
            (Wish::Subtract, _) => Query::Add(key, -1),
            (Wish::Add, Way::GCounter | Way::PnCounter) => Query::Add(key, 1),
            (Wish::Add, _) if !out.rule(ONE_ATOMIC_STEP) => Query::Get(key),
            (Wish::Add, Way::Add) => Query::Add(key, 1),
            (Wish::Add, Way::CompareAndSwap) => Query::Get(key),
            (Wish::Add, Way::Lock) => Query::Lock,
        };
        if let Some(call) = self.call(wish, key) {
            let op = u64::from(self.book.op);
            out.report(Report::Invoked { op, call });
        }
        self.start(Some(wish), first, out);
    }

    /// What it tells of an operation. What a replica says is not promised to be the latest, so
    /// nobody is told of those reads.
    fn call(&self, wish: Wish, key: Word) -> Option<Call> {
        let (verb, value) = match wish {
            Wish::Add => (Verb::Add, Some(1)),
            Wish::Subtract => (Verb::Add, Some(-1)),
            Wish::Read if self.way.is_replicated() => return None,
            Wish::Read => (Verb::Get, None),
        };
        Some(Call {
            verb,
            key,
            value: value.map(Word::signed),
            expected: None,
        })
    }

    fn start(&mut self, wish: Option<Wish>, query: Query, out: &mut Out<'_, Self>) {
        let pending = Pending {
            wish,
            id: Id {
                op: self.book.op,
                part: 1,
            },
            query,
            to: self.home(),
            began: out.now(),
            holds: false,
            told: false,
        };
        self.send(pending, out);
    }

    /// A request leaves when the number of its operation is on the disk. One that left before
    /// could be followed, after a crash, by another with the same number.
    fn send(&mut self, pending: Pending, out: &mut Out<'_, Self>) {
        self.pending = Some(pending);
        let Pending { id, query, to, .. } = pending;
        out.note(notes::ASKED, [to.into(), id.into()]);
        out.send_when_durable(to, CounterMessage::Request { id, query });
        out.set_timer(RETRY, self.timeout);
    }

    /// The next request of the same operation.
    fn next(&mut self, mut pending: Pending, query: Query, out: &mut Out<'_, Self>) {
        pending.id.part += 1;
        pending.query = query;
        self.send(pending, out);
    }

    fn retry(&mut self, out: &mut Out<'_, Self>) {
        let Some(mut pending) = self.pending else {
            return;
        };
        if !out.rule(mistakes::RETRY_AT_THE_SAME_REPLICA) {
            let at = self.servers.iter().position(|server| *server == pending.to);
            let next = at.map_or(0, |at| (at + 1) % self.servers.len());
            pending.to = self.servers.get(next).copied().unwrap_or(pending.to);
        }
        out.note(notes::RETRIED, [pending.to.into(), pending.id.into()]);
        self.send(pending, out);
    }

    fn answered(&mut self, from: NodeId, id: Id, answer: Answer, out: &mut Out<'_, Self>) {
        let any = !out.rule(mistakes::TAKE_THE_ANSWER_TO_THIS);
        let mine = |pending: &Pending| pending.id == id || any;
        let Some(mut pending) = self.pending.filter(mine) else {
            out.note(notes::ANSWER_TOO_LATE, [from.into(), id.into()]);
            return;
        };
        match (pending.query, answer) {
            (Query::Lock, _) => {
                pending.holds = true;
                let key = self.key(out);
                self.next(pending, Query::Get(key), out);
            }
            (Query::Get(key), Answer::Value(value)) => self.has_read(pending, key, value, out),
            (Query::CompareAndSwap { key, .. }, Answer::Differs(found)) => {
                out.note(notes::TRIES_AGAIN, [found.unsigned_abs().into()]);
                let query = Query::CompareAndSwap {
                    key,
                    expected: found,
                    value: found + 1,
                };
                self.next(pending, query, out);
            }
            (Query::Put(..), _) if pending.holds => {
                self.tell(&pending, None, out);
                pending.told = true;
                self.next(pending, Query::Unlock, out);
            }
            (_, _) => {
                if !pending.told {
                    self.tell(&pending, None, out);
                }
                self.finish(out);
            }
        }
    }

    fn has_read(
        &mut self,
        pending: Pending,
        key: Word,
        value: Option<i64>,
        out: &mut Out<'_, Self>,
    ) {
        if pending.wish == Some(Wish::Read) {
            self.read = Some(value.unwrap_or(0));
            self.tell(&pending, value, out);
            self.finish(out);
            return;
        }
        let found = value.unwrap_or(0);
        let query = if self.way == Way::CompareAndSwap && out.rule(ONE_ATOMIC_STEP) {
            Query::CompareAndSwap {
                key,
                expected: found,
                value: found + 1,
            }
        } else {
            Query::Put(key, found + 1)
        };
        self.next(pending, query, out);
    }

    /// It knows now: one more is counted, or it has read.
    fn tell(&mut self, pending: &Pending, value: Option<i64>, out: &mut Out<'_, Self>) {
        let took = out.now() - pending.began;
        let note = match pending.wish {
            Some(Wish::Add) => {
                self.book.acknowledged.plus += 1;
                notes::ACKNOWLEDGED
            }
            Some(Wish::Subtract) => {
                self.book.acknowledged.minus += 1;
                notes::ACKNOWLEDGED
            }
            Some(Wish::Read) => notes::HAS_READ,
            None => return,
        };
        out.note(note, [u64::from(pending.id.op).into(), took.into()]);
        if pending.wish == Some(Wish::Read) && self.way.is_replicated() {
            return;
        }
        // A count of 0 and one that is not there are told alike.
        let value = value.filter(|value| *value != 0).map(Word::signed);
        out.report(Report::Returned {
            op: u64::from(pending.id.op),
            outcome: Outcome::Done(value),
        });
    }

    fn finish(&mut self, out: &mut Out<'_, Self>) {
        out.stop_timer(RETRY);
        self.pending = None;
        while self.pending.is_none()
            && let Some(wish) = self.queue.pop_front()
        {
            self.begin(wish, out);
        }
    }
}

impl Engine for Client {
    type Message = CounterMessage;
    type Disk = Book;
    type Write = Book;
    type Request = Wish;
    type Config = ClientConfig;

    const TIMERS: &'static [&'static str] = &["think", "retry"];

    fn boot(me: NodeId, config: &Rc<ClientConfig>, disk: &Book) -> Self {
        Client {
            me,
            way: config.way,
            servers: config.servers.as_slice().into(),
            first: config.first,
            rate: config.rate,
            timeout: config.timeout,
            book: *disk,
            pending: None,
            queue: VecDeque::new(),
            read: None,
        }
    }

    fn write(disk: &mut Book, write: &Book) {
        *disk = *write;
    }

    fn handle(&mut self, input: Input<'_, Self>, out: &mut Out<'_, Self>) {
        match input {
            Input::Started => {
                self.think(out);
                // It came up again, and may have the lock or wait for it.
                if self.way == Way::Lock && self.book.op > 0 && self.pending.is_none() {
                    self.book.op += 1;
                    out.persist(self.book);
                    out.note(notes::GIVES_BACK, []);
                    self.start(None, Query::Unlock, out);
                }
            }
            Input::TimerFired(THINK) => {
                self.think(out);
                // One that waits for an answer asks nothing new of its own accord.
                if self.pending.is_none() {
                    let wish = self.draw_wish(out);
                    self.begin(wish, out);
                }
            }
            Input::TimerFired(_) => self.retry(out),
            Input::Asked(wish) => {
                if self.pending.is_some() {
                    self.queue.push_back(*wish);
                } else {
                    self.begin(*wish, out);
                }
            }
            Input::Received {
                from,
                message: CounterMessage::Reply { id, answer },
            } => self.answered(from, *id, *answer, out),
            // Nobody asks a client, and no replica tells it anything.
            Input::Received { .. } | Input::Written(_) => {}
        }
    }

    fn facts(&self, facts: &mut Facts) {
        book_facts(self.book, facts);
        let waits = self.pending.map(|pending| pending.id);
        facts.say("pending", waits);
        facts.say("holds", self.holds());
        facts.say("queued", self.queue.len());
        facts.say("read", self.read.map_or(Fact::Nothing, count_fact));
    }

    fn disk_facts(disk: &Book, facts: &mut Facts) {
        book_facts(*disk, facts);
    }
}

fn book_facts(book: Book, facts: &mut Facts) {
    let sum = |entry: Entry| count_fact(i64::from(entry.plus) - i64::from(entry.minus));
    facts.say("operation", book.op);
    facts.say("asked", sum(book.asked));
    facts.say("acknowledged", sum(book.acknowledged));
}
