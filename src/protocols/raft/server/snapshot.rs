//! Log compaction (section 7; dissertation, chapter 5): a server writes the state that its applied
//! entries made, and lets go of the entries. A follower that lacks them gets the state instead.

use super::super::message::{Piece, RaftMessage};
use super::super::notes;
use super::super::types::{Entry, Index, Kept, Term};
use super::replication::Shared;
use super::{Flow, KEEP_SESSIONS, Role, Server, ServerOut, Write};
use crate::engine::{Log, NodeId, WriteId};
use crate::lab::store::{Item, Machine};
use std::rc::Rc;

/// The state after an entry, in place of all entries up to it.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Snapshot {
    /// Term and index of that entry: what the next AppendEntries names as the entry before.
    pub last: (Term, Index),
    /// The hash of the log up to there, by which logs are compared.
    pub digest: u64,
    /// Keys with their values, and the sessions of clients.
    pub(in super::super) machine: Machine,
    /// The configuration that its last entry is under, and where that stood (section 7); nothing where the
    /// members never change.
    pub(in super::super) members: Kept,
}

/// A snapshot on its way in.
#[derive(Clone, Hash)]
pub(super) struct Incoming {
    last: (Term, Index),
    items: Vec<Item>,
}

/// A snapshot on its way out.
#[derive(Clone, Hash)]
pub(super) struct Outgoing {
    pub(super) to: NodeId,
    snapshot: Rc<Snapshot>,
    /// How many of its items the follower has.
    offset: usize,
}

impl Snapshot {
    /// Takes the place of the log's beginning; of all of it where what follows is not to stay.
    pub(super) fn stand_in(&self, log: &mut Log<Entry>, keep: bool) {
        if keep {
            log.let_go(self.last.1.len());
        } else {
            log.begin_at(self.last.1.len(), self.digest);
        }
    }
}

impl Server {
    /// Takes a snapshot where the log has grown enough. Each server does so by itself.
    pub(super) fn compact(&mut self, out: &mut ServerOut<'_>) {
        let most = self.config.options.compact;
        let entries = self.applied.len().saturating_sub(self.log.begin());
        let writing = self
            .more
            .as_ref()
            .is_some_and(|more| more.writing.is_some());
        if most == 0 || entries < most || writing {
            return;
        }
        let (Some(term), Some(digest)) = (
            self.term_at(self.applied),
            self.log.digest(self.applied.len()),
        ) else {
            return;
        };
        let machine = if out.rule(KEEP_SESSIONS) {
            self.machine.clone()
        } else {
            self.machine.without_sessions()
        };
        let snapshot = Rc::new(Snapshot {
            last: (term, self.applied),
            digest,
            machine,
            members: Kept(self.members_for_snapshot(out)),
        });
        out.note(notes::SNAPSHOT_TAKEN, [self.applied.into(), entries.into()]);
        let write = self.write_snapshot(&snapshot, true, out);
        self.more.get_or_insert_default().writing = Some((write, snapshot));
    }

    fn write_snapshot(
        &mut self,
        snapshot: &Rc<Snapshot>,
        keep: bool,
        out: &mut ServerOut<'_>,
    ) -> WriteId {
        let write = out.persist(Write::Snapshot {
            snapshot: Rc::clone(snapshot),
            keep,
        });
        self.writes.push_back((write, Index(self.log.len() as u32)));
        write
    }

    /// The snapshot is on disk: what it stands for may go.
    pub(super) fn snapshot_written(&mut self, write: WriteId) {
        let Some(more) = &mut self.more else { return };
        let written = more.writing.take_if(|(id, _)| *id <= write);
        let Some((_, snapshot)) = written else { return };
        // One that came in meanwhile may go further.
        if snapshot.last.1.len() > self.log.begin() {
            snapshot.stand_in(&mut self.log, true);
            more.snapshot = Some(snapshot);
        }
    }

    /// The follower lacks entries that are gone: it gets the next piece of the snapshot. While one
    /// is under way, a heartbeat that agrees with any log.
    pub(super) fn send_snapshot(&mut self, at: usize, fresh: bool, out: &mut ServerOut<'_>) {
        let to = self.followers()[at].follower;
        if !fresh {
            let message = RaftMessage::AppendEntries {
                term: self.term,
                prev: (Term(0), Index(0)),
                commit: Index(0),
                round: self.round,
                entries: super::Entries::default(),
            };
            out.send(to, message);
            return;
        }
        let chunk = self.config.options.chunk.max(1);
        let Some(more) = &mut self.more else { return };
        let place = match more.outgoing.binary_search_by_key(&to, |sent| sent.to) {
            Ok(place) => place,
            Err(place) => {
                let Some(snapshot) = more.snapshot.clone() else {
                    return;
                };
                let sent = Outgoing {
                    to,
                    snapshot,
                    offset: 0,
                };
                more.outgoing.insert(place, sent);
                place
            }
        };
        let Outgoing {
            snapshot, offset, ..
        } = &more.outgoing[place];
        let (last, offset) = (snapshot.last, *offset);
        let all = snapshot.machine.items();
        let items: Vec<Item> = all.iter().skip(offset).take(chunk).copied().collect();
        let piece = Piece {
            last,
            digest: snapshot.digest,
            members: snapshot.members,
            offset: offset as u32,
            done: offset + items.len() >= all.len(),
            items,
        };
        let sent = offset + piece.items.len();
        let args = [to.into(), last.1.into(), sent.into(), all.len().into()];
        out.note(notes::SNAPSHOT_SENT, args);
        let (term, piece) = (self.term, Rc::new(piece));
        if let Role::Leader { followers } = &mut self.role {
            followers[at].flow = Flow::Sent(last.1);
        }
        out.send(to, RaftMessage::InstallSnapshot { term, piece });
    }

    /// Figure 13, receiver.
    pub(super) fn install(
        &mut self,
        from: NodeId,
        term: Term,
        piece: &Piece,
        out: &mut ServerOut<'_>,
    ) {
        let last = piece.last;
        if term < self.term {
            let args = [from.into(), term.into(), self.term.into()];
            out.note(notes::APPEND_REFUSED_TERM, args);
            self.answer_install(from, (last.1, 0, false), out);
            return;
        }
        if !matches!(self.role, Role::Follower) {
            out.note(notes::GAVE_UP, [from.into(), term.into()]);
            self.become_follower();
        }
        self.heard(from, out);
        if last.1 <= self.commit {
            out.note(notes::SNAPSHOT_KNOWN, [from.into(), last.1.into()]);
            self.answer_install(from, (last.1, 0, true), out);
            return;
        }
        let more = self.more.get_or_insert_default();
        let offset = piece.offset as usize;
        let same = |incoming: &Incoming| incoming.last == last && incoming.items.len() == offset;
        let mut incoming = match more.incoming.take() {
            Some(incoming) if offset > 0 => incoming,
            Some(_) | None => Incoming {
                last,
                items: Vec::new(),
            },
        };
        if same(&incoming) {
            incoming.items.extend_from_slice(&piece.items);
        } else if incoming.last != last {
            (incoming.last, incoming.items) = (last, Vec::new());
        }
        let has = incoming.items.len();
        let whole = piece.done && has == offset + piece.items.len();
        let args = [from.into(), last.1.into(), has.into()];
        out.note(notes::SNAPSHOT_PIECE, args);
        if !whole {
            more.incoming = Some(incoming);
            self.answer_install(from, (last.1, has as u32, false), out);
            return;
        }
        let snapshot = Rc::new(Snapshot {
            last,
            digest: piece.digest,
            machine: Machine::of(&incoming.items),
            members: piece.members,
        });
        self.take_over(&snapshot, out);
        self.answer_install(from, (last.1, has as u32, true), out);
    }

    /// The state is that of the snapshot now. What the log has behind it stays where the log has
    /// the snapshot's last entry (figure 13, receiver 6); all of it goes otherwise (7).
    fn take_over(&mut self, snapshot: &Rc<Snapshot>, out: &mut ServerOut<'_>) {
        let (term, index) = snapshot.last;
        let keep = self.term_at(index) == Some(term);
        if !keep {
            let known = self.commit;
            self.durable = self.durable.min(known);
            let ends = self.writes.iter_mut();
            ends.for_each(|(_, end)| *end = (*end).min(known));
        }
        out.note(notes::SNAPSHOT_INSTALLED, [index.into()]);
        self.machine = snapshot.machine.clone();
        (self.commit, self.applied) = (index, index);
        snapshot.stand_in(&mut self.log, keep);
        self.more.get_or_insert_default().snapshot = Some(Rc::clone(snapshot));
        self.members_of_snapshot(snapshot.members.0, keep, out);
        self.write_snapshot(snapshot, keep, out);
    }

    /// The answer leaves when all that it says is on disk.
    fn answer_install(
        &self,
        to: NodeId,
        (last, offset, done): (Index, u32, bool),
        out: &mut ServerOut<'_>,
    ) {
        let reply = RaftMessage::InstallReply {
            term: self.term,
            last,
            offset,
            done,
        };
        out.send_when_durable(to, reply);
    }

    /// A follower has a piece, or all of it.
    pub(super) fn install_answered(
        &mut self,
        from: NodeId,
        term: Term,
        (last, offset, done): (Index, u32, bool),
        out: &mut ServerOut<'_>,
    ) {
        let mine = self.term;
        let mut known = self.followers().iter();
        let at = known.position(|progress| progress.follower == from);
        let (Some(at), Role::Leader { followers }, Some(more)) =
            (at.filter(|_| term == mine), &mut self.role, &mut self.more)
        else {
            out.note(notes::REPLY_STALE, [from.into(), term.into(), mine.into()]);
            return;
        };
        let progress = &mut followers[at];
        let sent = more.outgoing.binary_search_by_key(&from, |sent| sent.to);
        let sent = sent
            .ok()
            .filter(|place| more.outgoing[*place].snapshot.last.1 == last);
        if done {
            out.note(notes::SNAPSHOT_ANSWERED, [from.into(), last.into()]);
            progress.matched = progress.matched.max(last);
            progress.next = progress.next.max(progress.matched.next());
            progress.flow = Flow::Idle;
            if let Some(place) = sent {
                more.outgoing.remove(place);
            }
        } else if let Some(place) = sent
            && more.outgoing[place].offset != offset as usize
        {
            more.outgoing[place].offset = offset as usize;
            progress.flow = Flow::Idle;
        } else {
            return;
        }
        if progress.next.len() <= self.log.len() {
            self.send_append(at, true, &mut Shared::default(), out);
        }
        self.advance_commit(out);
        self.answered_leader(from, out);
    }
}
