//! A shard: it serves the keys of the pieces that it owns, sends others on, counts what is asked of
//! it, and splits a range when it is told to. How a piece goes to another shard stands in
//! `moving.rs`.

use super::balance::POINTS;
use super::book::{Book, Change};
use super::client::Operation;
use super::lab::{OLDER_EPOCH, mistakes};
use super::message::ShardingMessage;
use super::moving::Copying;
use super::notes;
use super::space::{Key, Layout, Place, Space};
use super::table::{Epoch, Piece, pieces_fact};
use crate::engine::{Engine, Facts, Input, NodeId, Out, Span, Timer};
use std::rc::Rc;

/// When it next tells the keeper what it owns and how much is asked of it.
const REPORT: Timer = Timer(0);
/// When it next sends a chunk.
pub(super) const COPY: Timer = Timer(1);
/// When it asks once more for an answer about a move.
pub(super) const AGAIN: Timer = Timer(2);

/// This part of what was counted is forgotten at each report, so that the count follows the load.
const FORGOTTEN: u32 = 8;

/// What is fixed for a run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ShardConfig {
    /// What is divided.
    pub space: Rc<Space>,
    /// How many keys go into a chunk.
    pub chunk: usize,
    /// How long it waits between two chunks.
    pub pace: Span,
    /// How often it reports.
    pub report: Span,
    /// How long it waits for an answer about a move.
    pub timeout: Span,
}

/// One shard.
#[derive(Clone)]
pub struct Shard {
    pub(super) me: NodeId,
    pub(super) config: Rc<ShardConfig>,
    pub(super) book: Book,
    /// The places that it accepts writes for, as bits.
    serving: u64,
    /// The move away that is under way and not released.
    pub(super) copying: Option<Copying>,
    /// The requests that it counted, in points, by places.
    heat: Vec<u32>,
    /// How many requests it carried out.
    served: u64,
}

/// What is fixed does not count.
impl std::hash::Hash for Shard {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.book.hash(state);
        self.serving.hash(state);
        self.copying.hash(state);
        self.heat.hash(state);
        self.served.hash(state);
    }
}

impl Shard {
    /// What it has in memory: on its disk, or on the way there.
    #[must_use]
    pub fn book(&self) -> &Book {
        &self.book
    }

    /// The places that it accepts writes for, as bits.
    #[must_use]
    pub fn serving(&self) -> u64 {
        self.serving
    }

    /// Whether it accepts writes for a place.
    #[must_use]
    pub fn serves(&self, place: u8) -> bool {
        self.serving >> place & 1 == 1
    }

    /// The copy that is under way.
    #[must_use]
    pub fn copying(&self) -> Option<&Copying> {
        self.copying.as_ref()
    }

    /// The requests that it counted at a place, in points.
    #[must_use]
    pub fn heat(&self, place: u8) -> u32 {
        self.heat.get(usize::from(place)).copied().unwrap_or(0)
    }

    /// What a key has here.
    #[must_use]
    pub fn value(&self, key: Key) -> u64 {
        let at = (self.config.space.place(key), key);
        self.book.data.get(&at).map_or(0, |record| record.value)
    }

    /// What is divided.
    #[must_use]
    pub fn space(&self) -> &Space {
        &self.config.space
    }

    /// The pieces that it owns.
    pub fn owned(&self) -> impl Iterator<Item = Piece> {
        let me = self.me;
        let pieces = self.book.table.pieces();
        pieces.filter(move |piece| piece.owner == me)
    }

    /// Changes what it has, and writes it down.
    pub(super) fn change(&mut self, change: Change, out: &mut Out<'_, Self>) {
        self.book.apply(&change);
        out.persist(change);
        self.look_around();
    }

    /// What it owns and has not stopped serving.
    pub(super) fn look_around(&mut self) {
        let stopped = self.copying.as_ref().and_then(Copying::stopped);
        let bits = |(lo, hi): (u8, u8)| (lo..hi).fold(0, |bits: u64, place| bits | 1 << place);
        let owned = self.owned().map(|piece| bits(piece.ends()));
        let owned = owned.fold(0, |all, piece| all | piece);
        self.serving = owned & !stopped.map_or(0, bits);
    }

    fn requested(
        &mut self,
        from: NodeId,
        (sequence, key): (u32, Key),
        (operation, asking): (Operation, bool),
        out: &mut Out<'_, Self>,
    ) {
        let place = self.config.space.place(key);
        if !self.serves(place.0) {
            self.send_on(from, (sequence, key), asking, out);
            return;
        }
        if let Some(heat) = self.heat.get_mut(usize::from(place.0)) {
            *heat = heat.saturating_add(POINTS);
        }
        self.served += 1;
        let value = match operation {
            Operation::Get => {
                out.note(notes::READ, [from.into(), key.word().into()]);
                self.value(key)
            }
            Operation::Add(by) => match self.add(from, (sequence, key), u64::from(by), out) {
                Some(value) => value,
                None => return,
            },
        };
        let reply = ShardingMessage::Reply { sequence, value };
        if out.rule(mistakes::ANSWER_WHAT_IS_ON_DISK) {
            out.send_when_durable(from, reply);
        } else {
            out.send(from, reply);
        }
    }

    /// Adds once, however often the request comes. Gives what the client is told.
    fn add(
        &mut self,
        client: NodeId,
        (sequence, key): (u32, Key),
        by: u64,
        out: &mut Out<'_, Self>,
    ) -> Option<u64> {
        let at = (self.config.space.place(key), key);
        let last = self.book.data.get(&at).and_then(|all| all.last(client));
        match last.copied() {
            Some(last) if last.sequence == sequence => {
                out.note(notes::APPLIED_BEFORE, [client.into(), key.word().into()]);
                return Some(last.value);
            }
            Some(last) if last.sequence > sequence => {
                out.note(notes::LONG_ANSWERED, [client.into(), key.word().into()]);
                return None;
            }
            Some(_) | None => {}
        }
        self.change(
            Change::Add {
                at,
                client,
                sequence,
                by,
            },
            out,
        );
        self.touch(key, out);
        let value = self.value(key);
        let args = [client.into(), key.word().into(), value.into()];
        out.note(notes::ADDED, args);
        Some(value)
    }

    /// The key is not served here: who serves it, as far as this shard may say.
    fn send_on(
        &mut self,
        client: NodeId,
        (sequence, key): (u32, Key),
        asking: bool,
        out: &mut Out<'_, Self>,
    ) {
        let place = self.config.space.place(key);
        let within = |ends: (u8, u8)| (ends.0..ends.1).contains(&place.0);
        let slots = self.config.space.layout == Layout::Slots;
        let piece = self.book.table.at(place.0);
        let word = key.word();
        let stopped = self.copying.as_ref().and_then(Copying::stopped);
        let mut leaving = self.book.leaving.iter();
        let released = leaving.find(|all| all.released.is_some() && within(all.transfer.ends));
        let mut coming = self.book.coming.iter();
        let comes = coming.any(|all| within(all.transfer.ends));
        let answer = if stopped.is_some_and(within) || (asking && comes) {
            out.note(notes::JUST_MOVING, [client.into(), word.into()]);
            ShardingMessage::TryAgain { sequence }
        } else if let Some(to) = released.map(|all| all.to).filter(|_| slots) {
            out.note(notes::ASK_THERE, [client.into(), word.into(), to.into()]);
            ShardingMessage::Ask { sequence, to }
        } else {
            let owner = piece.map_or(self.config.space.keeper, |piece| piece.owner);
            let args = [client.into(), word.into(), owner.into()];
            if slots {
                out.note(notes::MOVED_THERE, args);
            } else {
                out.note(notes::NOT_HERE, [client.into(), word.into()]);
            }
            let piece = piece.filter(|_| slots);
            ShardingMessage::Moved { sequence, piece }
        };
        // What it says of itself has to be on its disk, or a crash would make it untrue.
        out.send_when_durable(client, answer);
    }

    /// Tells the keeper what it owns.
    pub(super) fn report(&self, out: &mut Out<'_, Self>) {
        let heat = (0..).zip(&self.heat).filter(|(_, count)| **count > 0);
        let message = ShardingMessage::LoadReport {
            pieces: self.owned().collect(),
            heat: heat.map(|(place, count)| (place, *count)).collect(),
        };
        out.send_when_durable(self.config.space.keeper, message);
    }

    fn next_report(&mut self, out: &mut Out<'_, Self>) {
        self.report(out);
        for heat in &mut self.heat {
            *heat -= heat.div_ceil(FORGOTTEN);
        }
        out.set_timer(REPORT, self.config.report);
    }

    fn split(&mut self, piece: &Piece, at: u8, epoch: Epoch, out: &mut Out<'_, Self>) {
        let name = self.config.space.name(piece.ends());
        let mine = piece.owner == self.me && self.book.table.at(piece.lo) == Some(*piece);
        let leaves = |ends: (u8, u8)| ends.0 < piece.hi && piece.lo < ends.1;
        let moves = self
            .book
            .leaving
            .iter()
            .any(|all| leaves(all.transfer.ends));
        if !mine || moves || !(piece.lo + 1..piece.hi).contains(&at) {
            out.note(notes::NOT_AS_ORDERED, [name.into()]);
            self.report(out);
            return;
        }
        let half = |lo, hi, epoch| Piece {
            lo,
            hi,
            owner: self.me,
            epoch,
        };
        let left = half(piece.lo, at, epoch);
        let right = half(at, piece.hi, Epoch(epoch.0 + 1));
        let names = [left, right].map(|half| self.config.space.name(half.ends()));
        let args = [name.into(), names[0].into(), names[1].into()];
        out.note(notes::SPLIT, args);
        self.change(Change::Learn(vec![left, right]), out);
        self.report(out);
    }

    /// The keeper tells how the map is.
    fn told(&mut self, pieces: &[Piece], out: &mut Out<'_, Self>) {
        if !out.rule(OLDER_EPOCH) {
            out.note(notes::TOOK_ANY_MAP, [pieces.len().into()]);
            self.change(Change::Replace(pieces.to_vec()), out);
            return;
        }
        let table = &self.book.table;
        let newer = pieces.iter().filter(|piece| table.is_older_than(piece));
        let newer: Vec<Piece> = newer.copied().collect();
        let older = pieces.iter().any(|piece| {
            let known = table.newest(piece.ends());
            known > piece.epoch
        });
        if older {
            out.note(notes::OLDER_REFUSED, []);
        }
        if !newer.is_empty() {
            out.note(notes::LEARNED, [newer.len().into()]);
            self.change(Change::Learn(newer), out);
        }
    }
}

impl Engine for Shard {
    type Message = ShardingMessage;
    type Disk = Book;
    type Write = Change;
    type Request = ();
    type Config = ShardConfig;

    const TIMERS: &'static [&'static str] = &["report", "copy", "again"];

    fn boot(me: NodeId, config: &Rc<ShardConfig>, disk: &Book) -> Self {
        let mut book = disk.clone();
        if book.table.is_empty() {
            book.table = config.space.first();
        }
        let mut shard = Shard {
            me,
            config: Rc::clone(config),
            book,
            serving: 0,
            copying: None,
            heat: vec![0; usize::from(config.space.len())],
            served: 0,
        };
        shard.look_around();
        shard
    }

    fn write(disk: &mut Book, write: &Change) {
        disk.apply(write);
    }

    fn handle(&mut self, input: Input<'_, Self>, out: &mut Out<'_, Self>) {
        match input {
            Input::Started => {
                // Every other change stands on this one. Written twice, it would undo them.
                self.first_map(out);
                out.set_timer(REPORT, self.config.report);
                self.resume(out);
            }
            Input::TimerFired(REPORT) => self.next_report(out),
            Input::TimerFired(COPY) => self.copy_on(out),
            Input::TimerFired(_) => self.ask_again(out),
            Input::Received { from, message } => self.received(from, message, out),
            // Nobody asks anything of it by hand, and answers that wait for the disk leave by
            // themselves.
            Input::Asked(()) | Input::Written(_) => {}
        }
    }

    fn facts(&self, facts: &mut Facts) {
        let name = |piece: Piece| self.config.space.name(piece.ends());
        let names: Vec<_> = self.owned().map(name).collect();
        facts.say("pieces", names);
        let served = self.owned().filter(|piece| self.serves(piece.lo));
        facts.say("serving", served.map(name).collect::<Vec<_>>());
        facts.say("owned", pieces_fact(self.owned()));
        facts.say("served", self.served);
        let heat: u64 = self.heat.iter().map(|count| u64::from(*count)).sum();
        facts.say("heat", heat);
        let copying = self.copying.as_ref();
        facts.say(
            "stopped",
            copying.is_some_and(|all| all.stopped().is_some()),
        );
        self.book.facts(facts);
    }

    fn role(&self) -> &'static str {
        if self.copying.is_some() {
            "source"
        } else if !self.book.coming.is_empty() {
            "target"
        } else {
            "shard"
        }
    }

    fn disk_facts(disk: &Book, facts: &mut Facts) {
        facts.say("pieces", pieces_fact(disk.table.pieces()));
        disk.facts(facts);
    }
}

impl Shard {
    fn first_map(&mut self, out: &mut Out<'_, Self>) {
        if self.book.table == self.config.space.first() {
            self.change(Change::First(self.book.table.clone()), out);
        }
    }

    fn received(&mut self, from: NodeId, message: &ShardingMessage, out: &mut Out<'_, Self>) {
        match message {
            ShardingMessage::Request {
                sequence,
                key,
                operation,
                asking,
            } => self.requested(from, (*sequence, *key), (*operation, *asking), out),
            ShardingMessage::TableReply(pieces) => self.told(pieces, out),
            ShardingMessage::MoveOrder { piece, to, epoch } => {
                self.ordered(piece, *to, *epoch, out);
            }
            ShardingMessage::SplitOrder { piece, at, epoch } => {
                self.split(piece, *at, *epoch, out);
            }
            ShardingMessage::Chunk {
                transfer,
                index,
                records,
            } => self.chunk_came(from, transfer, (*index, records), out),
            ShardingMessage::Seal { transfer, chunks } => {
                self.sealed(from, transfer, *chunks, out);
            }
            ShardingMessage::SealReply { transfer, missing } => {
                self.seal_answered(transfer, *missing, out);
            }
            ShardingMessage::HandOver { transfer, chunks } => {
                self.handed_over(from, transfer, *chunks, out);
            }
            ShardingMessage::HandOverReply { epoch } => self.taken(from, *epoch, out),
            // These go to clients or to the keeper.
            ShardingMessage::Reply { .. }
            | ShardingMessage::Moved { .. }
            | ShardingMessage::Ask { .. }
            | ShardingMessage::TryAgain { .. }
            | ShardingMessage::TableRequest
            | ShardingMessage::LoadReport { .. } => {}
        }
    }

    pub(super) fn at(&self, key: Key) -> (Place, Key) {
        (self.config.space.place(key), key)
    }
}
