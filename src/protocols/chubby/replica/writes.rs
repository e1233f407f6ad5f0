//! Writes of the file: each waits until nobody has what it overwrites in a cache.

use super::super::database::{Change, SessionId};
use super::super::message::Event;
use super::super::notes;
use super::super::rules;
use super::office::{Known, Waiting, take_call};
use super::{Replica, ReplicaOut};

/// A write that waits for caches.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) struct PendingWrite {
    pub(super) from: Waiting,
    /// The sessions that must confirm an event first.
    pub(super) caches: Vec<(SessionId, u32)>,
    /// It is the first in line, and the caches were told.
    pub(super) told: bool,
    /// It is in the log.
    pub(super) proposed: bool,
}

impl Known {
    /// The last event by which it was told to drop what it has, if it has not confirmed that: with its session.
    fn untold(&self) -> Option<(SessionId, u32)> {
        let drops = |event: &Event| matches!(event, Event::Invalidate(_));
        let behind = self.events.iter().rev().position(drops)?;
        Some((self.session, self.last - behind as u32))
    }
}

impl Replica {
    /// Goes on with the first write of the file: tells the caches, waits for them, writes.
    pub(super) fn write_on(&mut self, out: &mut ReplicaOut<'_>) {
        let version = self.database.file.version;
        let first = out.rule(rules::INVALIDATE_FIRST);
        let Some(office) = &mut self.office else {
            return;
        };
        let Some(write) = office.writes.first_mut() else {
            return;
        };
        let mut early = Vec::new();
        if !write.told {
            write.told = true;
            for known in &mut office.known {
                if !known.caches {
                    // A write before this one told it, and its writer's session ended before it answered.
                    write.caches.extend(known.untold());
                    continue;
                }
                known.caches = false;
                known.last += 1;
                known.events.push(Event::Invalidate(version));
                write.caches.push((known.session, known.last));
                early.extend(take_call(&mut office.calls, known.session));
            }
            if !write.caches.is_empty() {
                let note = if first {
                    notes::INVALIDATES
                } else {
                    notes::INVALIDATES_LATE
                };
                out.note(note, [version.into(), write.caches.len().into()]);
            }
        }
        let known = &office.known;
        let waits = |(session, event): &(SessionId, u32)| {
            let mut known = known.iter().filter(|known| known.session == *session);
            let kept = |known: &Known| known.last - known.events.len() as u32;
            known.any(|known| kept(known) < *event)
        };
        let ready = !first || !write.caches.iter().any(waits);
        let propose = (ready && !write.proposed).then_some(write.from);
        if propose.is_some() {
            write.proposed = true;
            if !write.caches.is_empty() && first {
                out.note(notes::ALL_INVALIDATED, [version.into()]);
            }
        }
        for call in early {
            self.extend(call, out);
        }
        if let Some(Waiting {
            session, number, ..
        }) = propose
        {
            self.propose(Change::Write { session, number }, out);
        }
    }
}
