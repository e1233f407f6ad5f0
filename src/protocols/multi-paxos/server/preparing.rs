//! Phase 1, once for all slots (Lamport 2001, section 3): who wants to lead asks what was accepted.

use super::super::message::MultiMessage;
use super::super::notes;
use super::super::rules::{
    ADOPT_THE_HIGHEST, FILL_GAPS, REMEMBER_PROMISES, UNIQUE_BALLOTS, mistakes,
};
use super::super::types::{Ballot, Command, Slot, Vote};
use super::{
    Candidacy, ELECTION, HEARTBEAT, Leading, Own, Role, Server, ServerOut, Write, against,
};
use crate::engine::{NodeId, Word};
use crate::lab::store::Op;
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

/// A record of a request with nothing filled in: what a careless programmer puts into a gap.
fn nothing(client: NodeId) -> Command {
    let word = Word::default();
    Command::Request {
        client,
        sequence: 0,
        op: Op::Put {
            key: word,
            value: word,
        },
    }
}

impl Server {
    /// It has heard nothing of a leader: it takes a ballot above all that it knows of, and asks for
    /// promises.
    pub(super) fn start_election(&mut self, out: &mut ServerOut<'_>) {
        let number = self.me.0 + 1;
        let ballot = Ballot {
            round: self.highest.max(self.promised).round + 1,
            server: if out.rule(UNIQUE_BALLOTS) { number } else { 0 },
        };
        let first = self.chosen.next();
        (self.promised, self.highest) = (ballot, ballot);
        self.leader = None;
        self.role = Role::Candidate(Candidacy {
            first,
            promises: Vec::new(),
            found: BTreeMap::new(),
        });
        let args = [ballot.into(), first.into(), self.patience.into()];
        out.note(notes::CANDIDACY, args);
        self.set_election_timer(out);
        // Its own promise is one, and it never uses a ballot twice: it is on disk first.
        let write = out.persist(Write::Promise(ballot));
        self.writes.push_back((write, Own::Promise(ballot)));
        for peer in self.peers() {
            out.send_when_durable(peer, MultiMessage::Prepare { ballot, first });
        }
    }

    /// Phase 1(b).
    pub(super) fn prepare(
        &mut self,
        from: NodeId,
        ballot: Ballot,
        first: Slot,
        out: &mut ServerOut<'_>,
    ) {
        let promised = self.promised;
        if ballot < promised {
            out.note(notes::PREPARE_REFUSED, against(from, ballot, promised));
            out.send(from, MultiMessage::Refused { ballot, promised });
            return;
        }
        let votes: Rc<[(Slot, Vote)]> = if out.rule(mistakes::TELL_OF_EVERY_SLOT) {
            self.slots.from(first).collect()
        } else {
            self.slots.from(first.max(self.slots.last())).collect()
        };
        let busy = ballot > promised && self.busy();
        if ballot == promised {
            out.note(notes::PROMISED_AGAIN, [ballot.into(), from.into()]);
        } else {
            self.overtaken(ballot, out);
            (self.promised, self.highest) = (ballot, self.highest.max(ballot));
            self.leader = None;
            let args = [ballot.into(), from.into(), votes.len().into()];
            out.note(notes::PROMISED, args);
            self.set_election_timer(out);
            if out.rule(REMEMBER_PROMISES) {
                out.persist(Write::Promise(ballot));
            } else {
                out.note(notes::PROMISE_IN_MEMORY, [ballot.into()]);
            }
        }
        out.send_when_durable(from, MultiMessage::Promise { ballot, votes });
        self.try_again(busy, out);
    }

    /// A promise came, or one's own is on the disk.
    pub(super) fn promise(
        &mut self,
        from: NodeId,
        ballot: Ballot,
        votes: &Rc<[(Slot, Vote)]>,
        out: &mut ServerOut<'_>,
    ) {
        let (mine, needed) = (self.promised, self.majority(out));
        let candidacy = match &mut self.role {
            Role::Candidate(candidacy) if ballot == mine => candidacy,
            Role::Candidate(_) | Role::Follower | Role::Leader(_) => {
                out.note(notes::PROMISE_SURPLUS, [from.into(), ballot.into()]);
                return;
            }
        };
        for (slot, vote) in votes.iter() {
            let known = candidacy.found.entry(*slot).or_insert(*vote);
            if known.ballot < vote.ballot {
                *known = *vote;
            }
        }
        if let Err(place) = candidacy.promises.binary_search(&from) {
            candidacy.promises.insert(place, from);
        }
        let promises = candidacy.promises.len();
        let args = [from.into(), promises.into(), needed.into()];
        out.note(notes::PROMISE_COUNTED, args);
        if promises >= needed {
            self.lead(out);
        }
    }

    /// Phase 1 is done, for all slots. What it found is proposed under the own ballot; the gaps
    /// between get a no-op.
    fn lead(&mut self, out: &mut ServerOut<'_>) {
        let Role::Candidate(candidacy) = std::mem::replace(&mut self.role, Role::Follower) else {
            return;
        };
        let Candidacy {
            first,
            promises,
            found,
        } = candidacy;
        let counts = [promises.len().into(), self.config.servers.len().into()];
        out.note(notes::LEADS, [self.promised.into(), counts[0], counts[1]]);
        let last = found.keys().next_back().copied();
        let recovered = last.unwrap_or(Slot(0)).max(self.chosen);
        let mut waiting = VecDeque::new();
        for slot in (first.0..=recovered.0).map(Slot) {
            if let Some(command) = self.value_for(slot, found.get(&slot), out) {
                waiting.push_back((slot, command));
            }
        }
        self.leader = Some(self.me);
        self.role = Role::Leader(Leading {
            next: recovered.next(),
            recovered,
            open: Vec::new(),
            waiting,
            round: 0,
            rounds: self.peers().map(|peer| (peer, 0)).collect(),
            reads: Vec::new(),
        });
        out.stop_timer(ELECTION);
        out.set_timer(HEARTBEAT, self.config.heartbeat);
        self.send_heartbeats(out);
        self.propose_more(out);
    }

    /// What a new leader proposes in a slot that phase 1 found something in, or behind.
    fn value_for(
        &self,
        slot: Slot,
        found: Option<&Vote>,
        out: &mut ServerOut<'_>,
    ) -> Option<Command> {
        match found {
            Some(vote) if out.rule(ADOPT_THE_HIGHEST) => {
                out.note(notes::ADOPTED, [slot.into(), vote.ballot.into()]);
                Some(vote.command)
            }
            Some(_) => {
                out.note(notes::NOT_ADOPTED, [slot.into()]);
                Some(Command::Noop)
            }
            None if !out.rule(FILL_GAPS) => {
                out.note(notes::GAP_LEFT, [slot.into()]);
                None
            }
            None => {
                out.note(notes::GAP_FILLED, [slot.into()]);
                Some(if out.rule(mistakes::FILL_WITH_A_NO_OP) {
                    Command::Noop
                } else {
                    nothing(self.me)
                })
            }
        }
    }

    /// Somebody has promised a higher ballot.
    pub(super) fn refused(&mut self, ballot: Ballot, promised: Ballot, out: &mut ServerOut<'_>) {
        if ballot == self.promised && promised > ballot && self.busy() {
            self.overtaken(promised, out);
            self.try_again(true, out);
        } else {
            self.highest = self.highest.max(promised);
        }
    }
}
