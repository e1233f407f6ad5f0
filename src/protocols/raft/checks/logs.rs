//! What is promised of logs, leaders and disks (figure 3).

use super::super::notes;
use super::super::server::{Disk, Server};
use super::super::types::{Entry, Payload, Term};
use super::{
    APPLIED_ONCE, COMMITS, COMPLETENESS, ELECTED, ENTRIES_STAY, LOG_MATCHING, MACHINE_SAFETY,
    ONE_LEADER, RaftChecker, Seen, end_of,
};
use crate::engine::{Arg, Log, NodeId, Note, NoteKey};
use crate::lab::Verdicts;
use crate::sim::{Action, Happened, World};
use std::rc::Rc;

/// A hash that some log had at an index, by the term of the entry there.
pub(super) type Known = Vec<(u32, Term, u64)>;

const CHUNK: usize = 64;

/// What is wrong with a server up to an entry.
fn upto(key: NoteKey, node: NodeId, index: usize) -> Option<Note> {
    Some(Note::new(
        key,
        [node.into(), (index as u64).into(), Arg::None],
    ))
}

impl RaftChecker {
    /// Log Matching: logs that have an entry of the same index and term are alike up to it.
    pub(super) fn look_at_log(&mut self, node: NodeId, server: &Server, verdicts: &mut Verdicts) {
        for index in (1..=server.log.len()).rev() {
            let (Some(entry), Some(digest)) = (server.log.get(index - 1), server.log.digest(index))
            else {
                return;
            };
            match self.learn(index, entry.term, digest) {
                None => {}
                // From here on down it was compared before.
                Some(known) if known == digest => return,
                Some(_) => {
                    let last = Arg::Place(entry.term.0, index as u32);
                    let why = Note::new(notes::LOGS_DIFFER, [node.into(), last, Arg::None]);
                    verdicts.violate(LOG_MATCHING, Some(why));
                    return;
                }
            }
        }
    }

    /// What was known for this index and term; notes it where nothing was.
    fn learn(&mut self, index: usize, term: Term, digest: u64) -> Option<u64> {
        let place = index as u32;
        let chunks = Rc::make_mut(&mut self.known);
        if chunks.len() <= index / CHUNK {
            chunks.resize_with(index / CHUNK + 1, || Rc::new(Vec::with_capacity(CHUNK)));
        }
        let chunk = &mut chunks[index / CHUNK];
        // Nearly always one entry was seen at each index, and the place is known.
        let first = chunk.first().map_or(place, |(first, ..)| *first);
        let guess = place.wrapping_sub(first) as usize;
        let at = match chunk.get(guess) {
            Some((i, t, known)) if (*i, *t) == (place, term) => return Some(*known),
            None if chunk.last().is_none_or(|(i, ..)| *i < place) => chunk.len(),
            Some(_) | None => chunk.partition_point(|(i, t, _)| (*i, *t) < (place, term)),
        };
        match chunk.get(at).filter(|(i, t, _)| (*i, *t) == (place, term)) {
            Some((_, _, known)) => Some(*known),
            None => {
                Rc::make_mut(chunk).insert(at, (place, term, digest));
                None
            }
        }
    }

    /// State Machine Safety: no two servers commit or apply different entries at one index.
    pub(super) fn look_at_commit(
        &mut self,
        node: NodeId,
        seen: &Seen,
        server: &Server,
        verdicts: &mut Verdicts,
    ) {
        if server.commit != seen.commit {
            self.compare_commit(node, server, verdicts);
        }
        if server.applied == seen.applied {
            return;
        }
        let applied = server.applied.len();
        if !self.agrees(&server.log, applied) {
            verdicts.violate(MACHINE_SAFETY, upto(notes::APPLIED_OTHER, node, applied));
        } else if self.stores.get(applied.wrapping_sub(1)) != Some(&server.machine.digest()) {
            verdicts.violate(APPLIED_ONCE, upto(notes::STORE_OTHER, node, applied));
        }
    }

    /// Whether a log begins with the first so many committed entries. What it has let go of is judged
    /// by the hash where it begins.
    fn agrees(&self, log: &Log<Entry>, len: usize) -> bool {
        match log.digest(len) {
            Some(digest) => self.committed_digest(len) == Some(digest),
            None => {
                let begin = log.begin();
                begin > len && log.digest(begin) == self.committed_digest(begin)
            }
        }
    }

    fn committed_digest(&self, len: usize) -> Option<u64> {
        len.checked_sub(1)
            .map_or(Some(0), |at| self.committed.get(at).copied())
    }

    fn compare_commit(&mut self, node: NodeId, server: &Server, verdicts: &mut Verdicts) {
        let (commit, known) = (server.commit.len(), self.committed.len());
        let common = commit.min(known);
        if !self.agrees(&server.log, common) {
            verdicts.violate(MACHINE_SAFETY, upto(notes::COMMITTED_OTHER, node, common));
            return;
        }
        if commit <= known {
            return;
        }
        verdicts.see(COMMITS);
        for index in known + 1..=commit {
            let (Some(entry), Some(digest)) = (server.log.get(index - 1), server.log.digest(index))
            else {
                return;
            };
            self.committed.push(digest);
            if let Payload::Client {
                client,
                sequence,
                op,
            } = entry.payload
            {
                self.reference.apply((client, sequence), op, true);
            }
            self.stores.push(self.reference.digest());
            let key = entry.payload.key();
            for read in self.reads.iter_mut().filter(|read| key == Some(read.key)) {
                let value = self.reference.get(read.key);
                if read.values.last() != Some(&value) {
                    read.values.push(value);
                }
            }
        }
        match self
            .marks
            .binary_search_by_key(&server.term, |(term, _)| *term)
        {
            Ok(at) => self.marks[at].1 = commit,
            Err(at) => self.marks.insert(at, (server.term, commit)),
        }
    }

    /// Election Safety and Leader Completeness, where a server has just become leader.
    pub(super) fn look_at_role(&mut self, node: NodeId, server: &Server, verdicts: &mut Verdicts) {
        verdicts.see(ELECTED);
        match self
            .leaders
            .iter()
            .rev()
            .find(|(term, _)| *term == server.term)
        {
            Some((_, other)) if *other != node => {
                let pair = [
                    node.into(),
                    (*other).into(),
                    u64::from(server.term.0).into(),
                ];
                verdicts.violate(ONE_LEADER, Some(Note::new(notes::TWO_LEADERS, pair)));
            }
            Some(_) => {}
            None => self.leaders.push((server.term, node)),
        }
        let earlier = self.marks.partition_point(|(term, _)| *term < server.term);
        let must = self.marks[..earlier]
            .iter()
            .map(|(_, len)| *len)
            .max()
            .unwrap_or(0);
        if !self.agrees(&server.log, must) {
            let lacks = [
                node.into(),
                u64::from(server.term.0).into(),
                (must as u64).into(),
            ];
            verdicts.violate(COMPLETENESS, Some(Note::new(notes::LEADER_LACKS, lacks)));
        }
    }

    /// How much was committed in terms up to this one.
    fn committed_by(&self, term: Term) -> usize {
        if self.marks.last().is_none_or(|(last, _)| *last <= term) {
            return self.committed.len();
        }
        let earlier = self.marks.partition_point(|(other, _)| *other <= term);
        let lens = self.marks[..earlier].iter().map(|(_, len)| *len);
        lens.max().unwrap_or(0)
    }

    /// A committed entry that was seen on a disk stays there, unless the disk is lost. A server that
    /// has not heard of the term in which an entry was committed is not meant: it may still take the
    /// word of an older leader, which need not have that entry (section 5.4.3 speaks of later terms).
    pub(super) fn look_at_disk(
        &self,
        seen: &mut Seen,
        node: NodeId,
        disk: &Disk,
        world: &World,
        verdicts: &mut Verdicts,
    ) {
        let wiped = match &world.record().what {
            Happened::Commanded(action, _) | Happened::Struck(action, _) => {
                **action == Action::Wipe(node)
            }
            Happened::Nothing
            | Happened::Started(_)
            | Happened::Delivered(_)
            | Happened::Lost(..)
            | Happened::TimerFired(..)
            | Happened::Written(..) => false,
        };
        let end = end_of(&disk.log);
        if wiped {
            seen.kept = 0;
        } else if seen.disk != end && !self.agrees(&disk.log, seen.kept) {
            verdicts.violate(ENTRIES_STAY, upto(notes::ENTRY_GONE, node, seen.kept));
            return;
        }
        seen.disk = end;
        let both = end.0.min(self.committed_by(disk.term));
        if both > seen.kept && self.agrees(&disk.log, both) {
            seen.kept = both;
        }
    }
}
