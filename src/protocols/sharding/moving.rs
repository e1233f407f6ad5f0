//! How a piece goes from one shard to another: the source copies it in chunks while it serves it,
//! sends again what has changed, stops the writes, has the target confirm that the copy is whole,
//! lets go on its own disk, and hands over. The target owns it from then on.
//!
//! Chunks are not answered one by one. What is lost on the way shows when the target is asked
//! whether it has all of them.

use super::book::{Change, Leaving, Record};
use super::lab::{OLDER_EPOCH, ONCE, STOP_FIRST, WHOLE, mistakes};
use super::message::{Pass, ShardingMessage, Transfer};
use super::notes;
use super::shard::{AGAIN, COPY, Shard};
use super::space::Key;
use super::table::{Epoch, Piece};
use crate::engine::{NodeId, Out};
use std::collections::BTreeSet;

/// After so many rounds of sending again what has changed it stops the writes, however much has
/// changed since.
const ROUNDS: u32 = 8;
/// It asks so often whether the copy is whole; then it serves the piece again and begins anew. Each
/// pass is twice as patient as the one before.
const PATIENCE: u32 = 4;
/// No more than so many doublings.
const DOUBLINGS: u32 = 6;

/// A copy under way.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Copying {
    /// Which move.
    pub transfer: Transfer,
    /// Where to.
    pub to: NodeId,
    /// The keys of each chunk that was sent.
    pub sent: Vec<Vec<Key>>,
    /// The keys that were not sent yet.
    pub rest: Vec<Key>,
    /// The keys that were sent and have changed since.
    pub changed: BTreeSet<Key>,
    /// How often what had changed was sent again.
    rounds: u32,
    /// Once the writes are stopped: how often it asked whether the copy is whole.
    asked: Option<u32>,
    /// Whether the rule lets writes go on.
    open: bool,
}

impl Copying {
    /// The ends of the piece whose writes are stopped.
    #[must_use]
    pub fn stopped(&self) -> Option<(u8, u8)> {
        self.asked
            .filter(|_| !self.open)
            .map(|_| self.transfer.ends)
    }

    /// Whether all of it was sent, and the target is asked whether it has it.
    #[must_use]
    pub fn sealed(&self) -> bool {
        self.asked.is_some()
    }
}

/// The source's side.
impl Shard {
    /// The keeper wants a piece moved.
    pub(super) fn ordered(
        &mut self,
        piece: &Piece,
        to: NodeId,
        epoch: Epoch,
        out: &mut Out<'_, Self>,
    ) {
        let name = self.config.space.name(piece.ends());
        if self.book.leaving(epoch).is_some() {
            out.note(notes::ORDER_KNOWN, [name.into()]);
            return;
        }
        let mine = piece.owner == self.me && self.book.table.at(piece.lo) == Some(*piece);
        if !mine || self.copying.is_some() || to == self.me {
            out.note(notes::NOT_AS_ORDERED, [name.into()]);
            self.report(out);
            return;
        }
        let transfer = Transfer {
            ends: piece.ends(),
            epoch,
            pass: Pass(1),
        };
        out.note(
            notes::PREPARES,
            [name.into(), to.into(), u64::from(epoch.0).into()],
        );
        self.begin(transfer, to, out);
    }

    /// A pass begins: all of the piece is copied. Its number is on the disk before anything of it
    /// leaves.
    fn begin(&mut self, transfer: Transfer, to: NodeId, out: &mut Out<'_, Self>) {
        let leaving = Leaving {
            transfer,
            to,
            released: None,
        };
        let within = |place: u8| (transfer.ends.0..transfer.ends.1).contains(&place);
        let keys = self.book.data.keys();
        let rest = keys.filter(|(place, _)| within(place.0));
        self.copying = Some(Copying {
            transfer,
            to,
            sent: Vec::new(),
            rest: rest.map(|(_, key)| *key).collect(),
            changed: BTreeSet::new(),
            rounds: 0,
            asked: None,
            open: !out.rule(STOP_FIRST),
        });
        self.change(Change::Leave(leaving), out);
        out.set_timer(COPY, self.config.pace);
    }

    /// A key was written. If its piece is being copied, it has to be sent again.
    pub(super) fn touch(&mut self, key: Key, out: &Out<'_, Self>) {
        let place = self.config.space.place(key).0;
        let Some(copying) = &mut self.copying else {
            return;
        };
        let (lo, hi) = copying.transfer.ends;
        let waits = copying.rest.contains(&key);
        let again = out.rule(mistakes::SEND_AGAIN_WHAT_CHANGED);
        let known = copying.sent.iter().any(|chunk| chunk.contains(&key));
        if (lo..hi).contains(&place) && !waits && (again || !known) {
            copying.changed.insert(key);
        }
    }

    /// The next chunk, or the end of the copy.
    pub(super) fn copy_on(&mut self, out: &mut Out<'_, Self>) {
        let most = self.config.chunk.max(1);
        let Some(copying) = &mut self.copying else {
            return;
        };
        if copying.asked.is_some() {
            return;
        }
        if !copying.rest.is_empty() {
            let count = most.min(copying.rest.len());
            let keys: Vec<Key> = copying.rest.drain(..count).collect();
            self.send_chunk(keys, out);
            out.set_timer(COPY, self.config.pace);
            return;
        }
        if copying.changed.len() > most && copying.rounds < ROUNDS {
            copying.rounds += 1;
            let keys: Vec<Key> = std::mem::take(&mut copying.changed).into_iter().collect();
            out.note(notes::CATCHES_UP, [keys.len().into()]);
            self.send_chunk(keys, out);
            out.set_timer(COPY, self.config.pace);
            return;
        }
        self.stop_writes(out);
    }

    /// From here on nothing of the piece changes.
    fn stop_writes(&mut self, out: &mut Out<'_, Self>) {
        let Some(copying) = &mut self.copying else {
            return;
        };
        copying.open = !out.rule(STOP_FIRST);
        copying.asked = Some(0);
        let name = self.config.space.name(copying.transfer.ends);
        let keys: Vec<Key> = std::mem::take(&mut copying.changed).into_iter().collect();
        let note = if copying.open {
            notes::GOES_ON_WRITING
        } else {
            notes::STOPS_WRITES
        };
        out.note(note, [name.into(), keys.len().into()]);
        self.look_around();
        if !keys.is_empty() {
            self.send_chunk(keys, out);
        }
        self.seal(out);
        out.set_timer(AGAIN, self.config.timeout);
    }

    fn seal(&mut self, out: &mut Out<'_, Self>) {
        let Some(copying) = &self.copying else {
            return;
        };
        let chunks = copying.sent.len() as u16;
        let (transfer, to) = (copying.transfer, copying.to);
        out.send_when_durable(to, ShardingMessage::Seal { transfer, chunks });
    }

    fn send_chunk(&mut self, keys: Vec<Key>, out: &mut Out<'_, Self>) {
        let Some(copying) = &mut self.copying else {
            return;
        };
        let index = copying.sent.len() as u16;
        copying.sent.push(keys);
        let name = self.config.space.name(copying.transfer.ends);
        let count = copying.sent.last().map_or(0, Vec::len);
        let args = [name.into(), u64::from(index).into(), count.into()];
        out.note(notes::COPIES, args);
        self.send_records(index, out);
    }

    /// Sends a chunk with what its keys have now.
    fn send_records(&mut self, index: u16, out: &mut Out<'_, Self>) {
        let Some(copying) = &self.copying else {
            return;
        };
        let keys = copying.sent.get(usize::from(index));
        let (transfer, to) = (copying.transfer, copying.to);
        let once = out.rule(ONCE);
        let record = |key: &Key| {
            let mut record = self
                .book
                .data
                .get(&self.at(*key))
                .cloned()
                .unwrap_or_default();
            // Which requests were applied belongs to the data: a client may send one again.
            if !once {
                record.applied.clear();
            }
            (*key, record)
        };
        let records: Vec<(Key, Record)> = keys.into_iter().flatten().map(record).collect();
        let chunk = ShardingMessage::Chunk {
            transfer,
            index,
            records,
        };
        out.send_when_durable(to, chunk);
    }

    /// No answer yet: asks once more, for the copy and for each piece that was handed over.
    pub(super) fn ask_again(&mut self, out: &mut Out<'_, Self>) {
        if let Some(copying) = &mut self.copying
            && let Some(asked) = &mut copying.asked
        {
            *asked += 1;
            let pass = copying.transfer.pass.0.min(DOUBLINGS);
            if *asked > PATIENCE << pass {
                self.begin_anew(out);
            } else {
                self.seal(out);
            }
        }
        let released = self.book.leaving.iter();
        let released = released.filter_map(|all| Some((all.to, all.transfer, all.released?)));
        for (to, transfer, chunks) in released.collect::<Vec<_>>() {
            out.send_when_durable(to, ShardingMessage::HandOver { transfer, chunks });
        }
        self.arm(out);
    }

    fn arm(&self, out: &mut Out<'_, Self>) {
        let sealed = self.copying.as_ref().is_some_and(Copying::sealed);
        let released = self.book.leaving.iter().any(|all| all.released.is_some());
        if sealed || released {
            out.set_timer(AGAIN, self.config.timeout);
        } else {
            out.stop_timer(AGAIN);
        }
    }

    /// The target is silent. The writes have waited long enough; the copy begins anew.
    fn begin_anew(&mut self, out: &mut Out<'_, Self>) {
        let Some(copying) = self.copying.take() else {
            return;
        };
        let mut transfer = copying.transfer;
        transfer.pass = Pass(transfer.pass.0 + 1);
        let name = self.config.space.name(transfer.ends);
        out.note(notes::BEGINS_ANEW, [name.into(), copying.to.into()]);
        self.begin(transfer, copying.to, out);
    }

    /// After a start: a copy that was not released begins anew, for nobody knows how far it came.
    pub(super) fn resume(&mut self, out: &mut Out<'_, Self>) {
        let unfinished = self.book.leaving.iter().find(|all| all.released.is_none());
        if let Some(leaving) = unfinished.copied() {
            let mut transfer = leaving.transfer;
            transfer.pass = Pass(transfer.pass.0 + 1);
            let name = self.config.space.name(transfer.ends);
            out.note(notes::RESUMES, [name.into(), leaving.to.into()]);
            self.begin(transfer, leaving.to, out);
        }
        self.arm(out);
    }

    /// The target says whether it has all.
    pub(super) fn seal_answered(
        &mut self,
        transfer: &Transfer,
        missing: Option<u16>,
        out: &mut Out<'_, Self>,
    ) {
        let this = |copying: &&Copying| copying.transfer == *transfer && copying.sealed();
        let Some(copying) = self.copying.as_ref().filter(this) else {
            out.note(notes::OLD_ANSWER, [u64::from(transfer.epoch.0).into()]);
            return;
        };
        let (to, chunks) = (copying.to, copying.sent.len() as u16);
        if let Some(index) = missing {
            out.note(notes::SENDS_AGAIN, [u64::from(index).into()]);
            self.send_records(index, out);
            self.seal(out);
            return;
        }
        let (lo, hi) = transfer.ends;
        let piece = Piece {
            lo,
            hi,
            owner: to,
            epoch: transfer.epoch,
        };
        let name = self.config.space.name(piece.ends());
        let args = [name.into(), to.into(), u64::from(piece.epoch.0).into()];
        out.note(notes::RELEASES, args);
        self.copying = None;
        self.change(Change::Release { piece, chunks }, out);
        let transfer = *transfer;
        let hand_over = ShardingMessage::HandOver { transfer, chunks };
        // Two would own it if it were handed over and the release then lost in a crash.
        if out.rule(mistakes::RELEASE_ON_DISK_FIRST) {
            out.send_when_durable(to, hand_over);
        } else {
            out.send(to, hand_over);
        }
        self.arm(out);
    }

    /// The target has it: what is here can go.
    pub(super) fn taken(&mut self, from: NodeId, epoch: Epoch, out: &mut Out<'_, Self>) {
        let leaving = self.book.leaving(epoch);
        let Some(leaving) = leaving.filter(|all| all.released.is_some() && all.to == from) else {
            return;
        };
        let name = self.config.space.name(leaving.transfer.ends);
        out.note(notes::FORGETS, [name.into(), from.into()]);
        self.change(Change::Forget(epoch), out);
        self.arm(out);
    }
}

/// The target's side.
impl Shard {
    /// A piece is announced by whatever comes of it first. False where it is of an older pass.
    fn expect(&mut self, from: NodeId, transfer: &Transfer, out: &mut Out<'_, Self>) -> bool {
        let pass = self
            .book
            .coming(transfer.epoch)
            .map(|all| all.transfer.pass);
        match pass {
            Some(pass) if pass > transfer.pass => false,
            Some(pass) if pass == transfer.pass => true,
            Some(_) | None => {
                // One that it owns, or has owned, comes no more.
                if self.book.table.newest(transfer.ends) >= transfer.epoch {
                    return false;
                }
                let transfer = *transfer;
                self.change(Change::Come { transfer, from }, out);
                true
            }
        }
    }

    pub(super) fn chunk_came(
        &mut self,
        from: NodeId,
        transfer: &Transfer,
        (index, records): (u16, &[(Key, Record)]),
        out: &mut Out<'_, Self>,
    ) {
        if !self.expect(from, transfer, out) {
            out.note(notes::OLD_CHUNK, [u64::from(index).into()]);
            return;
        }
        let place = |key: &Key| self.config.space.place(*key);
        let records = records.iter();
        let records = records.map(|(key, record)| (place(key), *key, record.clone()));
        let change = Change::Stage {
            epoch: transfer.epoch,
            index,
            records: records.collect(),
        };
        let name = self.config.space.name(transfer.ends);
        out.note(notes::STAGED, [name.into(), u64::from(index).into()]);
        self.change(change, out);
    }

    /// The source has sent all, and asks whether it came.
    pub(super) fn sealed(
        &mut self,
        from: NodeId,
        transfer: &Transfer,
        chunks: u16,
        out: &mut Out<'_, Self>,
    ) {
        if !self.expect(from, transfer, out) {
            return;
        }
        let coming = self.book.coming(transfer.epoch);
        let mut missing = coming.and_then(|all| all.missing(chunks));
        let name = self.config.space.name(transfer.ends);
        match missing {
            Some(index) if out.rule(WHOLE) => {
                out.note(notes::LACKS, [name.into(), u64::from(index).into()]);
            }
            Some(index) => {
                out.note(notes::DOES_NOT_LOOK, [name.into(), u64::from(index).into()]);
                missing = None;
            }
            None => out.note(notes::IS_WHOLE, [name.into(), u64::from(chunks).into()]),
        }
        let transfer = *transfer;
        out.send_when_durable(from, ShardingMessage::SealReply { transfer, missing });
    }

    /// The source has let go.
    pub(super) fn handed_over(
        &mut self,
        from: NodeId,
        transfer: &Transfer,
        chunks: u16,
        out: &mut Out<'_, Self>,
    ) {
        let epoch = transfer.epoch;
        let name = self.config.space.name(transfer.ends);
        let newest = self.book.table.newest(transfer.ends);
        if newest >= epoch && out.rule(OLDER_EPOCH) {
            // It took it, and perhaps has given it away since: the source may forget it.
            let args = [
                name.into(),
                u64::from(epoch.0).into(),
                u64::from(newest.0).into(),
            ];
            out.note(notes::OLDER_HAND_OVER, args);
            self.acknowledge(from, epoch, out);
            return;
        }
        let coming = self.book.coming(epoch);
        let whole = coming.is_some_and(|all| all.missing(chunks).is_none());
        if !whole && out.rule(WHOLE) {
            out.note(notes::NOT_WHOLE, [name.into()]);
            return;
        }
        let (lo, hi) = transfer.ends;
        let piece = Piece {
            lo,
            hi,
            owner: self.me,
            epoch,
        };
        let args = [name.into(), from.into(), u64::from(epoch.0).into()];
        out.note(notes::TAKES_OVER, args);
        self.change(Change::TakeOver(piece), out);
        self.acknowledge(from, epoch, out);
        self.report(out);
    }

    fn acknowledge(&mut self, to: NodeId, epoch: Epoch, out: &mut Out<'_, Self>) {
        let reply = ShardingMessage::HandOverReply { epoch };
        // Nobody would own it if the source forgot it and this shard then lost it in a crash.
        if out.rule(mistakes::ACKNOWLEDGE_WHAT_IS_ON_DISK) {
            out.send_when_durable(to, reply);
        } else {
            out.send(to, reply);
        }
    }
}
