//! A client: it reads keys and adds to them, one request at a time, by a routing table of its own
//! that goes stale without its noticing. A redirect tells it.

use super::lab::MEND;
use super::message::ShardingMessage;
use super::notes;
use super::space::{Key, Space};
use super::table::{Piece, Table};
use crate::engine::{
    Call, Engine, Facts, Input, NodeId, Out, Outcome, Report, Span, Time, Timer, Verb, Word,
};
use std::collections::VecDeque;
use std::rc::Rc;

/// When it next wants something of its own accord.
const THINK: Timer = Timer(0);
/// When it sends its request again.
const RETRY: Timer = Timer(1);

const DRAW_THINK: u8 = 0;
const DRAW_KEY: u8 = 1;
const DRAW_HOT: u8 = 2;
const DRAW_OPERATION: u8 = 3;

/// How long it waits when it was told to try again.
const SOON: Span = Span::ms(15);

/// What can be done to a key.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Operation {
    /// Its value.
    Get,
    /// So much more; the answer is the sum.
    Add(u16),
}

impl Operation {
    pub(super) fn id(self) -> &'static str {
        match self {
            Operation::Get => "get",
            Operation::Add(_) => "add",
        }
    }
}

/// What is fixed for a run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ClientConfig {
    /// What is divided.
    pub space: Rc<Space>,
    /// How often it wants something of its own accord, in a second; 0 for never.
    pub rate: u64,
    /// The share of its requests, in millionths, that goes to the hot keys.
    pub hot: u64,
    /// How long it waits for an answer.
    pub timeout: Span,
}

/// What a person asks of it.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Wish {
    /// The key.
    pub key: Key,
    /// What is to be done.
    pub operation: Operation,
}

/// The request that waits for its answer.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Pending {
    /// What it wants.
    pub wish: Wish,
    /// Since when, by its own clock.
    pub began: Time,
    /// How often it was sent on.
    pub redirects: u32,
}

/// One client. It remembers the number of its last request; its table is the first one after a
/// crash.
#[derive(Clone)]
pub struct Client {
    config: Rc<ClientConfig>,
    table: Table,
    sequence: u32,
    pending: Option<Pending>,
    queue: VecDeque<Wish>,
    done: u64,
    /// What it was last told.
    answer: Option<u64>,
    redirected: u64,
}

/// What is fixed does not count.
impl std::hash::Hash for Client {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.table.hash(state);
        self.sequence.hash(state);
        self.pending.hash(state);
        self.queue.hash(state);
        self.done.hash(state);
        self.answer.hash(state);
        self.redirected.hash(state);
    }
}

impl Client {
    /// The map as it believes it to be.
    #[must_use]
    pub fn table(&self) -> &Table {
        &self.table
    }

    /// What it waits for.
    #[must_use]
    pub fn pending(&self) -> Option<&Pending> {
        self.pending.as_ref()
    }

    /// The number of its last request.
    #[must_use]
    pub fn sequence(&self) -> u32 {
        self.sequence
    }

    /// How often it was sent on.
    #[must_use]
    pub fn redirected(&self) -> u64 {
        self.redirected
    }

    fn think(&mut self, out: &mut Out<'_, Self>) {
        // With a rate of 0 it wants nothing by itself.
        if let Some(mean) = 1_000_000_u64.checked_div(self.config.rate) {
            let gap = out.draw(DRAW_THINK, mean / 2..=mean + mean / 2);
            out.set_timer(THINK, Span(gap.max(1)));
        }
    }

    /// Three of four requests add one; the hot keys are the first sixth.
    fn draw(&self, out: &mut Out<'_, Self>) -> Wish {
        let keys = u64::from(self.config.space.keys().max(1));
        let hot = out.draw(DRAW_HOT, 1..=1_000_000) <= self.config.hot;
        let among = if hot { (keys / 6).max(1) } else { keys };
        let key = Key(out.draw(DRAW_KEY, 0..=among - 1) as u8);
        let operation = match out.draw(DRAW_OPERATION, 0..=3) {
            0 => Operation::Get,
            _ => Operation::Add(1),
        };
        Wish { key, operation }
    }

    fn begin(&mut self, wish: Wish, out: &mut Out<'_, Self>) {
        self.sequence += 1;
        out.persist(self.sequence);
        self.pending = Some(Pending {
            wish,
            began: out.now(),
            redirects: 0,
        });
        let (verb, value) = match wish.operation {
            Operation::Get => (Verb::Get, None),
            Operation::Add(by) => (Verb::Add, Some(Word::number(u64::from(by)))),
        };
        out.report(Report::Invoked {
            op: u64::from(self.sequence),
            call: Call {
                verb,
                key: wish.key.word(),
                value,
                expected: None,
            },
        });
        let owner = self.owner(wish.key);
        out.note(notes::ASKED, [owner.into(), wish.key.word().into()]);
        self.send(owner, false, out);
    }

    /// Who serves the key, as far as it knows.
    fn owner(&self, key: Key) -> NodeId {
        let place = self.config.space.place(key);
        let owner = self.table.owner(place.0);
        owner.unwrap_or(self.config.space.keeper)
    }

    /// A request leaves when its number is on the disk: one that left before could be followed,
    /// after a crash, by another with the same number.
    fn send(&mut self, to: NodeId, asking: bool, out: &mut Out<'_, Self>) {
        let Some(pending) = &self.pending else {
            return;
        };
        let request = ShardingMessage::Request {
            sequence: self.sequence,
            key: pending.wish.key,
            operation: pending.wish.operation,
            asking,
        };
        out.send_when_durable(to, request);
        out.set_timer(RETRY, self.config.timeout);
    }

    /// No answer came, or it was told to try again. The map may have changed meanwhile.
    fn retry(&mut self, out: &mut Out<'_, Self>) {
        let Some(pending) = &self.pending else {
            return;
        };
        let owner = self.owner(pending.wish.key);
        out.note(
            notes::TRIES_AGAIN,
            [owner.into(), pending.wish.key.word().into()],
        );
        if out.rule(MEND) {
            out.send(self.config.space.keeper, ShardingMessage::TableRequest);
        }
        self.send(owner, false, out);
    }

    fn answered(&mut self, value: u64, out: &mut Out<'_, Self>) {
        let Some(pending) = self.pending.take() else {
            return;
        };
        out.stop_timer(RETRY);
        let key = pending.wish.key.word();
        let took = out.now() - pending.began;
        out.note(notes::DONE, [key.into(), value.into(), took.into()]);
        // A key that was never written has no value.
        let shown = (value > 0).then(|| Word::number(value));
        out.report(Report::Returned {
            op: u64::from(self.sequence),
            outcome: Outcome::Done(shown),
        });
        self.done += 1;
        self.answer = Some(value);
        if let Some(wish) = self.queue.pop_front() {
            self.begin(wish, out);
        }
    }

    /// The key is somebody else's.
    fn moved(&mut self, from: NodeId, piece: Option<Piece>, out: &mut Out<'_, Self>) {
        let Some(pending) = &mut self.pending else {
            return;
        };
        pending.redirects += 1;
        self.redirected += 1;
        let word = pending.wish.key.word();
        match piece {
            Some(piece) => {
                let args = [word.into(), from.into(), piece.owner.into()];
                // One that a shard tells which is behind itself says nothing new.
                if out.rule(MEND) && self.table.learn(&piece) {
                    out.note(notes::MENDS, args);
                    self.send(piece.owner, false, out);
                } else if out.rule(MEND) {
                    out.note(notes::NOTHING_NEW, [word.into(), from.into()]);
                    out.set_timer(RETRY, SOON);
                } else {
                    out.note(notes::FOLLOWS, args);
                    self.send(piece.owner, false, out);
                }
            }
            None => {
                out.note(notes::TABLE_IS_STALE, [word.into(), from.into()]);
                if out.rule(MEND) {
                    out.send(self.config.space.keeper, ShardingMessage::TableRequest);
                    out.set_timer(RETRY, self.config.timeout);
                } else {
                    out.set_timer(RETRY, SOON);
                }
            }
        }
    }

    fn ask(&mut self, to: NodeId, out: &mut Out<'_, Self>) {
        let Some(pending) = &mut self.pending else {
            return;
        };
        pending.redirects += 1;
        self.redirected += 1;
        out.note(
            notes::ASKS_ONCE,
            [pending.wish.key.word().into(), to.into()],
        );
        self.send(to, true, out);
    }

    /// The map as the keeper has it.
    fn told(&mut self, pieces: &[Piece], out: &mut Out<'_, Self>) {
        let newer = pieces
            .iter()
            .filter(|piece| self.table.learn(piece))
            .count();
        let Some(pending) = &self.pending else {
            return;
        };
        let key = pending.wish.key;
        if newer > 0 {
            out.note(notes::TOOK_THE_MAP, [newer.into()]);
            let owner = self.owner(key);
            self.send(owner, false, out);
        } else {
            // The keeper has not heard of it either.
            out.note(notes::SAME_MAP, [key.word().into()]);
            out.set_timer(RETRY, SOON);
        }
    }
}

impl Engine for Client {
    type Message = ShardingMessage;
    type Disk = u32;
    type Write = u32;
    type Request = Wish;
    type Config = ClientConfig;

    const TIMERS: &'static [&'static str] = &["think", "retry"];

    fn boot(_: NodeId, config: &Rc<ClientConfig>, disk: &u32) -> Self {
        Client {
            config: Rc::clone(config),
            table: config.space.first(),
            sequence: *disk,
            pending: None,
            queue: VecDeque::new(),
            done: 0,
            answer: None,
            redirected: 0,
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
                // One that waits for an answer wants nothing new of its own accord.
                if self.pending.is_none() {
                    let wish = self.draw(out);
                    self.begin(wish, out);
                }
            }
            Input::TimerFired(_) => self.retry(out),
            Input::Asked(wish) if self.pending.is_some() => self.queue.push_back(*wish),
            Input::Asked(wish) => self.begin(*wish, out),
            Input::Received { from, message } => self.received(from, message, out),
            // Requests that wait for the disk leave by themselves.
            Input::Written(_) => {}
        }
    }

    fn facts(&self, facts: &mut Facts) {
        let pending = self.pending.as_ref();
        facts.say("sequence", self.sequence);
        facts.say("pending", pending.map(|all| all.wish.key.word()));
        facts.say("queued", self.queue.len());
        facts.say("done", self.done);
        facts.say("answer", self.answer);
        facts.say("redirected", self.redirected);
        facts.say("table", super::table::pieces_fact(self.table.pieces()));
    }

    fn disk_facts(disk: &u32, facts: &mut Facts) {
        facts.say("sequence", *disk);
    }
}

impl Client {
    fn received(&mut self, from: NodeId, message: &ShardingMessage, out: &mut Out<'_, Self>) {
        let answers = match message {
            ShardingMessage::Reply { sequence, .. }
            | ShardingMessage::Moved { sequence, .. }
            | ShardingMessage::Ask { sequence, .. }
            | ShardingMessage::TryAgain { sequence } => Some(*sequence),
            ShardingMessage::Request { .. }
            | ShardingMessage::TableRequest
            | ShardingMessage::TableReply(_)
            | ShardingMessage::MoveOrder { .. }
            | ShardingMessage::SplitOrder { .. }
            | ShardingMessage::Chunk { .. }
            | ShardingMessage::Seal { .. }
            | ShardingMessage::SealReply { .. }
            | ShardingMessage::HandOver { .. }
            | ShardingMessage::HandOverReply { .. }
            | ShardingMessage::LoadReport { .. } => None,
        };
        if answers.is_some_and(|sequence| sequence != self.sequence || self.pending.is_none()) {
            out.note(notes::LATE_ANSWER, [from.into()]);
            return;
        }
        match message {
            ShardingMessage::Reply { value, .. } => self.answered(*value, out),
            ShardingMessage::Moved { piece, .. } => self.moved(from, *piece, out),
            ShardingMessage::Ask { to, .. } => self.ask(*to, out),
            ShardingMessage::TryAgain { .. } => {
                out.note(notes::WAITS, [from.into()]);
                out.set_timer(RETRY, SOON);
            }
            ShardingMessage::TableReply(pieces) => self.told(pieces, out),
            // These go to shards or to the keeper.
            ShardingMessage::Request { .. }
            | ShardingMessage::TableRequest
            | ShardingMessage::MoveOrder { .. }
            | ShardingMessage::SplitOrder { .. }
            | ShardingMessage::Chunk { .. }
            | ShardingMessage::Seal { .. }
            | ShardingMessage::SealReply { .. }
            | ShardingMessage::HandOver { .. }
            | ShardingMessage::HandOverReply { .. }
            | ShardingMessage::LoadReport { .. } => {}
        }
    }
}
