//! A client: it gets and puts keys through any server, and asks the next one when nobody answers.

use super::layout::Scheme;
use super::message::{Call, Entry, RingMessage, Stamp};
use super::notes;
use super::rules::mistakes::ASK_AGAIN;
use crate::engine::{
    Call as Told, Engine, Facts, Input, NodeId, Out, Outcome, Report, Span, Time, Timer, Verb, Word,
};
use crate::sim::Ratio;
use std::collections::VecDeque;
use std::rc::Rc;

const THINK: Timer = Timer(0);
const RETRY: Timer = Timer(1);
const DRAW_THINK: u8 = 0;
const DRAW_KEY: u8 = 1;
const DRAW_PUT: u8 = 2;
const DRAW_HOT: u8 = 3;

/// What is fixed for a run.
#[derive(Debug)]
pub(super) struct ClientConfig {
    /// The servers: the first nodes of the world.
    pub(super) servers: u16,
    /// The first of the clients.
    pub(super) first: NodeId,
    /// Requests of its own accord in a second; 0 for none.
    pub(super) rate: u64,
    /// How many keys it chooses from.
    pub(super) keys: u64,
    /// The share of requests that are for one key.
    pub(super) hot: Ratio,
    /// How long it waits for an answer.
    pub(super) timeout: Span,
}

/// What a person asks of a client.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub(super) enum Wish {
    /// What stands under a key?
    Get(Word),
    /// This is to stand there.
    Put(Word, Word),
}

impl Wish {
    fn key(self) -> Word {
        match self {
            Wish::Get(key) | Wish::Put(key, _) => key,
        }
    }
}

#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
struct Waiting {
    wish: Wish,
    /// What a put stores, once it has read.
    entry: Option<Entry>,
    to: u16,
    since: Time,
}

/// A client.
#[derive(Clone, Hash)]
pub(super) struct Client {
    me: NodeId,
    config: Rc<Fixed>,
    /// The number of its last operation, which is on its disk before that leaves.
    op: u32,
    waiting: Option<Waiting>,
    queue: VecDeque<Wish>,
    done: u64,
    read: Option<Word>,
}

/// [`ClientConfig`] as a part of the state.
#[derive(PartialEq, Eq, Hash, Debug)]
struct Fixed {
    servers: u16,
    first: NodeId,
    rate: u64,
    keys: u64,
    hot: Ratio,
    timeout: Span,
}

impl Client {
    /// What it waits for.
    #[must_use]
    pub(super) fn wish(&self) -> Option<Wish> {
        self.waiting.map(|waiting| waiting.wish)
    }

    fn think(&self, out: &mut Out<'_, Self>) {
        if self.config.rate == 0 {
            return;
        }
        let mean = 1_000_000 / self.config.rate;
        let gap = out.draw(DRAW_THINK, mean / 2..=mean + mean / 2);
        out.set_timer(THINK, Span(gap.max(1)));
    }

    fn draw_wish(&self, out: &mut Out<'_, Self>) -> Wish {
        let hot = out.draw(DRAW_HOT, 1..=1_000_000) <= u64::from(self.config.hot.0);
        let last = self.config.keys.saturating_sub(1);
        let at = out.draw(DRAW_KEY, 0..=last);
        let key = Scheme::key(if hot { 0 } else { at as usize });
        if out.draw(DRAW_PUT, 0..=1) == 0 {
            return Wish::Get(key);
        }
        // No two values of a run are the same.
        let client = u64::from(self.me.0 - self.config.first.0);
        Wish::Put(key, Word::number(u64::from(self.op + 1) * 10 + client + 1))
    }

    fn begin(&mut self, wish: Wish, out: &mut Out<'_, Self>) {
        self.op += 1;
        out.persist(self.op);
        let call = Told {
            verb: match wish {
                Wish::Get(_) => Verb::Get,
                Wish::Put(..) => Verb::Put,
            },
            key: wish.key(),
            value: match wish {
                Wish::Get(_) => None,
                Wish::Put(_, value) => Some(value),
            },
            expected: None,
        };
        let op = u64::from(self.op);
        out.report(Report::Invoked { op, call });
        let at = u32::from(self.me.0) + self.op;
        let to = (at % u32::from(self.config.servers.max(1))) as u16;
        self.waiting = Some(Waiting {
            wish,
            entry: None,
            to,
            since: out.now(),
        });
        out.note(
            notes::ASKED,
            [NodeId(to).into(), op.into(), wish.key().into()],
        );
        self.send(out);
    }

    fn send(&self, out: &mut Out<'_, Self>) {
        let Some(waiting) = self.waiting else {
            return;
        };
        let call = Call {
            client: self.me,
            op: self.op,
        };
        let key = waiting.wish.key();
        let message = match waiting.entry {
            Some(entry) => RingMessage::Put { call, key, entry },
            None => RingMessage::Get { call, key },
        };
        out.send_when_durable(NodeId(waiting.to), message);
        out.set_timer(RETRY, self.config.timeout);
    }

    fn retry(&mut self, out: &mut Out<'_, Self>) {
        let Some(waiting) = self.waiting.as_mut().filter(|_| out.rule(ASK_AGAIN)) else {
            return;
        };
        waiting.to = (waiting.to + 1) % self.config.servers.max(1);
        let to = NodeId(waiting.to);
        out.note(notes::RETRIED, [to.into(), u64::from(self.op).into()]);
        self.send(out);
    }

    fn value(&mut self, entry: Option<Entry>, out: &mut Out<'_, Self>) {
        let Some(waiting) = &mut self.waiting else {
            return;
        };
        match waiting.wish {
            Wish::Put(_, value) => {
                let stamp = Stamp {
                    count: entry.map_or(0, |entry| entry.stamp.count) + 1,
                    client: self.me,
                    op: self.op,
                };
                waiting.entry = Some(Entry { stamp, value });
                out.note(notes::PUT_WITH, [u64::from(self.op).into(), stamp.into()]);
                self.send(out);
            }
            Wish::Get(_) => {
                let value = entry.and_then(Entry::put);
                self.read = value;
                let took = out.now() - waiting.since;
                out.note(notes::HAS_READ, [u64::from(self.op).into(), took.into()]);
                self.finish(Outcome::Done(value), out);
            }
        }
    }

    fn finish(&mut self, outcome: Outcome, out: &mut Out<'_, Self>) {
        let op = u64::from(self.op);
        self.done += u64::from(matches!(outcome, Outcome::Done(_)));
        out.report(Report::Returned { op, outcome });
        out.stop_timer(RETRY);
        self.waiting = None;
        if let Some(wish) = self.queue.pop_front() {
            self.begin(wish, out);
        }
    }

    fn received(&mut self, from: NodeId, message: &RingMessage, out: &mut Out<'_, Self>) {
        let (RingMessage::Value { op, .. } | RingMessage::Done { op } | RingMessage::Failed { op }) =
            message
        else {
            return;
        };
        let Some(waiting) = self.waiting.filter(|_| *op == self.op) else {
            out.note(notes::ANSWER_TOO_LATE, [from.into(), u64::from(*op).into()]);
            return;
        };
        match message {
            RingMessage::Value { entry, .. } if waiting.entry.is_none() => self.value(*entry, out),
            RingMessage::Done { .. } if waiting.entry.is_some() => {
                let took = out.now() - waiting.since;
                out.note(notes::ACKNOWLEDGED, [u64::from(*op).into(), took.into()]);
                self.finish(Outcome::Done(None), out);
            }
            RingMessage::Failed { .. } => {
                out.note(notes::GAVE_UP, [u64::from(*op).into()]);
                self.finish(Outcome::Unknown, out);
            }
            // The value came twice: the put is on its way.
            _ => {}
        }
    }
}

impl Engine for Client {
    type Message = RingMessage;
    type Disk = u32;
    type Write = u32;
    type Request = Wish;
    type Config = ClientConfig;

    const TIMERS: &'static [&'static str] = &["think", "retry"];

    fn boot(me: NodeId, config: &Rc<ClientConfig>, disk: &u32) -> Self {
        Client {
            me,
            config: Rc::new(Fixed {
                servers: config.servers,
                first: config.first,
                rate: config.rate,
                keys: config.keys,
                hot: config.hot,
                timeout: config.timeout,
            }),
            op: *disk,
            waiting: None,
            queue: VecDeque::new(),
            done: 0,
            read: None,
        }
    }

    fn write(disk: &mut u32, write: &u32) {
        *disk = *write;
    }

    fn handle(&mut self, input: Input<'_, Self>, out: &mut Out<'_, Self>) {
        match input {
            Input::Started => self.think(out),
            Input::TimerFired(THINK) => {
                self.think(out);
                if self.waiting.is_none() {
                    let wish = self.draw_wish(out);
                    self.begin(wish, out);
                }
            }
            Input::TimerFired(_) => self.retry(out),
            Input::Asked(wish) if self.waiting.is_some() => self.queue.push_back(*wish),
            Input::Asked(wish) => self.begin(*wish, out),
            Input::Received { from, message } => self.received(from, message, out),
            // Its messages wait for its writes.
            Input::Written(_) => {}
        }
    }

    fn facts(&self, facts: &mut Facts) {
        facts.say("operation", self.op);
        facts.say("waits", self.waiting.map(|waiting| waiting.wish.key()));
        facts.say("queued", self.queue.len());
        facts.say("done", self.done);
        facts.say("read", self.read);
    }

    fn disk_facts(disk: &u32, facts: &mut Facts) {
        facts.say("operation", *disk);
    }
}
