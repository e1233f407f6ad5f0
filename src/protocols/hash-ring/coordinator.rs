//! How a server coordinates an operation: it asks the nodes of the key, and has an answer when more than
//! half of them (of each layout that counts) have answered. After Attiya, Bar-Noy and Dolev 1995.

use super::layout::Owners;
use super::message::{Call, Entry, RingMessage, Stamp};
use super::notes;
use super::rules::mistakes;
use super::server::{Server, walk};
use crate::engine::{NodeId, Out, Word};

/// What a client wants.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub(super) enum Goal {
    /// What stands under the key.
    Get,
    /// That this stands there.
    Put(Entry),
}

/// An operation under way.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) struct Pending {
    call: Call,
    key: Word,
    goal: Goal,
    /// What is stored at the moment; `None` while it is asked for.
    storing: Option<Entry>,
    /// Who has answered that, and what.
    answers: Vec<(NodeId, Option<Entry>)>,
}

impl Pending {
    fn has(&self, node: NodeId) -> bool {
        self.answers.iter().any(|(other, _)| *other == node)
    }

    /// Whether more than half of the nodes of each layout have answered.
    fn enough(&self, layouts: &[Owners]) -> bool {
        let answered = |owners: &Owners| owners.list().iter().filter(|n| self.has(**n)).count();
        layouts
            .iter()
            .all(|owners| answered(owners) >= owners.quorum())
    }

    fn greatest(&self) -> Option<Entry> {
        let entries = self.answers.iter().filter_map(|(_, entry)| *entry);
        entries.max_by_key(|entry| entry.stamp)
    }
}

impl Server {
    /// A client asks. What it asked before is of no interest any more; what it asks again goes once more to those
    /// who have not answered.
    pub(super) fn coordinate(
        &mut self,
        call: Call,
        key: Word,
        goal: Goal,
        out: &mut Out<'_, Self>,
    ) {
        let of = |pending: &Pending| pending.call.client == call.client;
        let at = self.pending.iter().position(of);
        if let Some(at) = at {
            let known = &self.pending[at];
            let older = known.call.op > call.op
                || (known.call.op == call.op && known.goal != Goal::Get && goal == Goal::Get);
            if older {
                return;
            }
            if known.call == call && known.goal == goal {
                self.ask_missing(at, out);
                return;
            }
            self.pending.remove(at);
        }
        self.pending.push(Pending {
            call,
            key,
            goal,
            storing: match goal {
                Goal::Get => None,
                Goal::Put(entry) => Some(entry),
            },
            answers: Vec::new(),
        });
        self.ask_missing(self.pending.len() - 1, out);
    }

    /// The membership is another one: answers by the old one do not count.
    pub(super) fn coordinate_again(&mut self, out: &mut Out<'_, Self>) {
        for at in (0..self.pending.len()).rev() {
            self.pending[at].answers.clear();
            self.ask_missing(at, out);
        }
    }

    /// The nodes of the key, in each layout that is asked.
    fn layouts(&self, pending: &Pending, out: &Out<'_, Self>) -> Vec<Owners> {
        let mut layouts = self.members.owners(pending.key, walk(out));
        if pending.storing.is_some() && !out.rule(mistakes::WRITE_TO_BOTH) {
            layouts.truncate(1);
        }
        layouts
    }

    /// Asks the nodes of the key that have not answered; the node itself is one of them, or not.
    fn ask_missing(&mut self, at: usize, out: &mut Out<'_, Self>) {
        let pending = self.pending[at].clone();
        let layouts = self.layouts(&pending, out);
        let Some(first) = layouts.iter().find_map(|owners| owners.list().first()) else {
            out.note(notes::NO_NODE, [pending.key.into()]);
            let op = pending.call.op;
            out.send(pending.call.client, RingMessage::Failed { op });
            self.pending.remove(at);
            return;
        };
        let mut nodes: Vec<NodeId> = Vec::new();
        for node in layouts.iter().flat_map(Owners::list) {
            if !nodes.contains(node) && !pending.has(*node) {
                nodes.push(*node);
            }
        }
        if pending.answers.is_empty() {
            out.note(
                notes::COORDINATES,
                [
                    pending.call.client.into(),
                    pending.key.into(),
                    (*first).into(),
                    nodes.len().into(),
                ],
            );
        }
        for node in nodes {
            self.ask_one(at, &pending, node, out);
        }
        self.advance(at, out);
    }

    fn ask_one(&mut self, at: usize, pending: &Pending, node: NodeId, out: &mut Out<'_, Self>) {
        let (call, key) = (pending.call, pending.key);
        if node == self.me {
            // Its own answer needs no message; what it says to the client waits for its disk.
            let found = match pending.storing {
                Some(entry) => {
                    self.keep(key, entry, out);
                    Some(entry)
                }
                None => {
                    self.served += 1;
                    self.store.get(key)
                }
            };
            self.pending[at].answers.push((node, found));
            return;
        }
        let members = self.members.clone();
        let message = match pending.storing {
            Some(entry) => RingMessage::Store {
                members,
                call,
                key,
                entry,
            },
            None => RingMessage::Fetch { members, call, key },
        };
        out.send_when_durable(node, message);
    }

    /// The place of an operation that an answer is for.
    fn awaited(&self, from: NodeId, (number, call): (u32, Call)) -> Option<usize> {
        let of = |pending: &Pending| pending.call == call && !pending.has(from);
        let at = self.pending.iter().position(of);
        at.filter(|_| number == self.members.number)
    }

    pub(super) fn fetched(
        &mut self,
        from: NodeId,
        name: (u32, Call),
        entry: Option<Entry>,
        out: &mut Out<'_, Self>,
    ) {
        let Some(at) = self.awaited(from, name) else {
            return;
        };
        if self.pending[at].storing.is_none() {
            self.pending[at].answers.push((from, entry));
            self.advance(at, out);
        }
    }

    pub(super) fn stored(
        &mut self,
        from: NodeId,
        name: (u32, Call),
        stamp: Stamp,
        out: &mut Out<'_, Self>,
    ) {
        let Some(at) = self.awaited(from, name) else {
            return;
        };
        let storing = self.pending[at].storing;
        if storing.is_some_and(|entry| entry.stamp == stamp) {
            self.pending[at].answers.push((from, storing));
            self.advance(at, out);
        }
    }

    /// Goes on if enough have answered.
    fn advance(&mut self, at: usize, out: &mut Out<'_, Self>) {
        let pending = self.pending[at].clone();
        let layouts = self.layouts(&pending, out);
        if !pending.enough(&layouts) {
            return;
        }
        let (client, op, key) = (pending.call.client, pending.call.op, pending.key);
        match (pending.goal, pending.storing) {
            (Goal::Put(entry), _) => {
                out.note(notes::WRITTEN, [key.into(), entry.stamp.into()]);
                self.pending.remove(at);
                Self::answer(client, RingMessage::Done { op }, out);
            }
            (Goal::Get, Some(entry)) => {
                self.pending.remove(at);
                self.tell(client, op, Some(entry), out);
            }
            (Goal::Get, None) => self.found(at, &pending, &layouts, out),
        }
    }

    /// More than half have said what they have. Where they differ, the latest is stored first: the
    /// next who reads must not see less.
    fn found(&mut self, at: usize, pending: &Pending, layouts: &[Owners], out: &mut Out<'_, Self>) {
        let (client, op, key) = (pending.call.client, pending.call.op, pending.key);
        let greatest = pending.greatest();
        let first = layouts.first().and_then(|owners| owners.list().first());
        let version = greatest.map_or(0, |entry| u64::from(entry.stamp.count));
        match first.filter(|first| !pending.has(**first)) {
            Some(first) => out.note(notes::FROM_A_REPLICA, [key.into(), (*first).into()]),
            None => out.note(notes::FOUND, [key.into(), version.into()]),
        }
        let same = pending.answers.iter().all(|(_, entry)| *entry == greatest);
        match greatest {
            Some(entry) if !same && out.rule(mistakes::REPAIR_WHAT_WAS_READ) => {
                out.note(notes::DIFFER, [key.into(), entry.stamp.into()]);
                self.pending[at].storing = Some(entry);
                self.pending[at].answers.clear();
                self.ask_missing(at, out);
            }
            _ => {
                self.pending.remove(at);
                self.tell(client, op, greatest, out);
            }
        }
    }

    fn tell(&self, client: NodeId, op: u32, entry: Option<Entry>, out: &mut Out<'_, Self>) {
        Self::answer(client, RingMessage::Value { op, entry }, out);
    }
}
