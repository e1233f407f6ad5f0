//! The cache in front of the store: it fetches what is missing itself, and writes go through it, at once or later.

use super::book::Change;
use super::message::{By, CacheMessage, Key, Row, Ticket, Version};
use super::node::{Cache, FETCH, FLUSH, Fill, Mode, ONE_FILL_AT_A_TIME, mistakes};
use super::notes;
use crate::engine::{NodeId, Out, Word};

/// So many keys more than there are slots may be on their way back to the store.
const MOST_LEAVING: usize = 16;

impl Cache {
    /// It came up again: what it had not written back is on its disk.
    pub(super) fn recover(&mut self, out: &mut Out<'_, Self>) {
        let dirty = self.book.dirty().to_vec();
        if dirty.is_empty() {
            return;
        }
        out.note(notes::RECOVERED, [dirty.len().into()]);
        for (key, row) in dirty.into_iter().take(self.shelf.capacity()) {
            self.keep(key, row, out);
        }
        self.arm_flush(out);
    }

    /// It is not here: it is fetched once for all who want it.
    pub(super) fn fetch(&mut self, from: NodeId, op: u32, key: Key, out: &mut Out<'_, Self>) {
        let who = (from, op);
        let asked = |fill: &Fill| fill.key == key && fill.clients.contains(&who);
        if self.fills.iter().any(asked) {
            out.note(notes::WAITS_FOR_IT, [key.into(), from.into()]);
            return;
        }
        let same = |fill: &&mut Fill| fill.key == key;
        if out.rule(ONE_FILL_AT_A_TIME)
            && let Some(fill) = self.fills.iter_mut().find(same)
        {
            // What a client asked before it asks no more.
            fill.clients.retain(|(client, _)| *client != from);
            fill.clients.push(who);
            self.tally.waits += 1;
            out.note(notes::WAITS_FOR_IT, [key.into(), from.into()]);
            return;
        }
        let ticket = self.ticket();
        self.fills.push(Fill {
            key,
            ticket,
            until: out.now() + self.timeout,
            clients: vec![who],
            least: Version(0),
        });
        self.tally.misses += 1;
        out.note(notes::MISSED, [key.into(), from.into()]);
        out.send(self.store, CacheMessage::Read { ticket, key });
        self.arm_fetch(out);
    }

    /// The store has answered.
    pub(super) fn fetched(&mut self, ticket: Ticket, key: Key, row: Row, out: &mut Out<'_, Self>) {
        let Some(at) = self.fills.iter().position(|fill| fill.ticket == ticket) else {
            out.note(notes::FETCHED_TOO_LATE, [key.into()]);
            return;
        };
        let held = self.shelf.slot(key).map(|slot| slot.row);
        let held = held.or(self.book.row(key));
        let held = held.filter(|held| held.version >= row.version);
        let old = row.version < self.fills[at].least;
        if held.is_none() && old && out.rule(mistakes::FETCH_AGAIN_WHAT_CHANGED) {
            let least = self.fills[at].least.into();
            out.note(
                notes::CHANGED_MEANWHILE,
                [key.into(), row.version.into(), least],
            );
            let ticket = self.ticket();
            self.fills[at].ticket = ticket;
            self.fills[at].until = out.now() + self.timeout;
            out.send(self.store, CacheMessage::Read { ticket, key });
            self.arm_fetch(out);
            return;
        }
        let fill = self.fills.remove(at);
        if held.is_none() {
            self.written_meanwhile(key, row.version);
            out.note(
                notes::FETCHED,
                [key.into(), row.version.into(), fill.clients.len().into()],
            );
            self.keep(key, row, out);
        } else {
            out.note(notes::HAD_IT_ALREADY, [key.into()]);
        }
        let row = held.unwrap_or(row);
        for (client, op) in fill.clients {
            Self::reply(client, CacheMessage::Hit { op, row }, out);
        }
        self.arm_fetch(out);
    }

    /// No fill of this key may come to less than this.
    fn written_meanwhile(&mut self, key: Key, version: Version) {
        for fill in self.fills.iter_mut().filter(|fill| fill.key == key) {
            fill.least = fill.least.max(version);
        }
    }

    fn arm_fetch(&self, out: &mut Out<'_, Self>) {
        match self.fills.iter().map(|fill| fill.until).min() {
            Some(until) => out.set_timer(FETCH, until - out.now()),
            None => out.stop_timer(FETCH),
        }
    }

    /// The store has not answered.
    pub(super) fn fetch_again(&mut self, out: &mut Out<'_, Self>) {
        if !out.rule(mistakes::A_FILL_TIMES_OUT) {
            return;
        }
        let now = out.now();
        for fill in self.fills.iter_mut().filter(|fill| fill.until <= now) {
            fill.until = now + self.timeout;
            let (ticket, key) = (fill.ticket, fill.key);
            out.note(notes::FETCHES_AGAIN, [key.into()]);
            out.send(self.store, CacheMessage::Read { ticket, key });
        }
        self.arm_fetch(out);
    }

    /// A client writes.
    pub(super) fn put(
        &mut self,
        (from, op): (NodeId, u32),
        (key, value): (Key, Word),
        out: &mut Out<'_, Self>,
    ) {
        let by = By { node: from, op };
        if self.mode == Mode::WriteBack {
            self.take_in(by, key, value, out);
            return;
        }
        out.note(
            notes::WRITES_THROUGH,
            [key.into(), value.into(), from.into()],
        );
        let version = None;
        out.send(
            self.store,
            CacheMessage::Write {
                by,
                key,
                value,
                version,
            },
        );
    }

    /// The store has written.
    pub(super) fn written(&mut self, by: By, key: Key, row: Row, out: &mut Out<'_, Self>) {
        if by.node == self.me {
            self.flushed(key, row, out);
            return;
        }
        self.written_meanwhile(key, row.version);
        // What is not on the shelf is not put there: who knows what was written since.
        let older = self
            .shelf
            .slot(key)
            .is_some_and(|slot| slot.row.version < row.version);
        if older {
            self.keep(key, row, out);
        }
        let version = row.version;
        out.note(
            notes::WRITTEN_THROUGH,
            [key.into(), version.into(), by.node.into()],
        );
        Self::reply(by.node, CacheMessage::Stored { op: by.op, version }, out);
    }

    /// Write-back: it is done when it is on this disk.
    fn take_in(&mut self, by: By, key: Key, value: Word, out: &mut Out<'_, Self>) {
        let done = self.book.session(by.node);
        let done = done.filter(|_| out.rule(mistakes::KNOW_A_RETRY));
        let version = match done {
            Some(done) if done.op > by.op => {
                out.note(notes::TOO_OLD, [by.node.into(), u64::from(by.op).into()]);
                return;
            }
            Some(done) if done.op == by.op => {
                out.note(notes::WRITTEN_BEFORE, [key.into(), done.version.into()]);
                done.version
            }
            Some(_) | None => {
                let most = self.shelf.capacity() + MOST_LEAVING;
                if self.book.dirty().len() >= most && self.book.row(key).is_none() {
                    out.note(notes::FULL, [key.into(), most.into()]);
                    return;
                }
                let version = self.book.next();
                let row = Row {
                    value: Some(value),
                    version,
                };
                out.note(notes::TAKEN_IN, [key.into(), value.into(), version.into()]);
                self.change(Change::Put(by, key, row), out);
                self.written_meanwhile(key, version);
                self.keep(key, row, out);
                self.arm_flush(out);
                version
            }
        };
        Self::reply(by.node, CacheMessage::Stored { op: by.op, version }, out);
    }

    fn arm_flush(&mut self, out: &mut Out<'_, Self>) {
        if !self.flushes && !self.book.dirty().is_empty() {
            self.flushes = true;
            out.set_timer(FLUSH, self.flush);
        }
    }

    /// It is time: all that the store does not know.
    pub(super) fn flush_all(&mut self, out: &mut Out<'_, Self>) {
        self.flushes = false;
        let again = out.rule(mistakes::REPEAT_A_FLUSH);
        let due = |row: &Row| again || row.version > self.flushed;
        let rows: Vec<(Key, Row)> = self.book.dirty().to_vec();
        let rows: Vec<_> = rows.into_iter().filter(|(_, row)| due(row)).collect();
        for (key, row) in rows {
            self.write_back(key, row, out);
        }
        self.arm_flush(out);
    }

    /// What is written back is on this disk before: the store must know no version that this one may
    /// give again.
    pub(super) fn write_back(&mut self, key: Key, row: Row, out: &mut Out<'_, Self>) {
        let Some(value) = row.value else { return };
        self.flushed = self.flushed.max(row.version);
        out.note(notes::WRITES_BACK, [key.into(), row.version.into()]);
        let message = CacheMessage::Write {
            by: By {
                node: self.me,
                op: row.version.0,
            },
            key,
            value,
            version: Some(row.version),
        };
        Self::reply(self.store, message, out);
    }

    fn flushed(&mut self, key: Key, row: Row, out: &mut Out<'_, Self>) {
        if self
            .book
            .row(key)
            .is_none_or(|held| held.version != row.version)
        {
            out.note(notes::FLUSHED_BEFORE, [key.into(), row.version.into()]);
            return;
        }
        out.note(notes::FLUSHED, [key.into(), row.version.into()]);
        self.change(Change::Drop(key), out);
        self.shelf.renew(key, out.now());
    }
}
