//! A leader: phase 2 for many slots at once, and heartbeats.

use super::super::message::MultiMessage;
use super::super::notes;
use super::super::rules::mistakes;
use super::super::types::{Ballot, Command, Slot, Vote};
use super::{HEARTBEAT, Leading, Open, Own, Role, Server, ServerOut, Write};
use crate::engine::NodeId;

impl Server {
    pub(super) fn leading(&mut self) -> Option<&mut Leading> {
        match &mut self.role {
            Role::Leader(leading) => Some(leading),
            Role::Follower | Role::Candidate(_) => None,
        }
    }

    /// Gives a command the next free slot: a leader need not ask anybody first.
    pub(super) fn take_slot(&mut self, command: Command, out: &mut ServerOut<'_>) {
        let Some(leading) = self.leading() else {
            return;
        };
        let slot = leading.next;
        leading.next = slot.next();
        leading.waiting.push_back((slot, command));
        self.propose_more(out);
    }

    /// Proposes what waits, as long as not too many slots are open.
    pub(super) fn propose_more(&mut self, out: &mut ServerOut<'_>) {
        let window = self.config.window;
        while let Some(leading) = self.leading() {
            if leading.open.len() >= window {
                if !leading.waiting.is_empty() {
                    out.note(notes::WINDOW_FULL, [leading.waiting.len().into()]);
                }
                return;
            }
            let Some((slot, command)) = leading.waiting.pop_front() else {
                return;
            };
            let open = Open {
                slot,
                command,
                accepted: Vec::new(),
                overdue: false,
            };
            leading.open.push(open);
            self.propose(slot, command, out);
        }
    }

    /// Phase 2(a). Its own vote goes to its own disk meanwhile.
    fn propose(&mut self, slot: Slot, command: Command, out: &mut ServerOut<'_>) {
        let (ballot, chosen) = (self.promised, self.chosen);
        out.note(notes::PROPOSED, [slot.into(), ballot.into()]);
        let vote = Vote { ballot, command };
        self.slots.set(slot, vote);
        let write = out.persist(Write::Accept(slot, vote, chosen));
        self.writes.push_back((write, Own::Accept(ballot, slot)));
        for peer in self.peers() {
            self.send_accept(peer, slot, command, out);
        }
    }

    fn send_accept(&self, to: NodeId, slot: Slot, command: Command, out: &mut ServerOut<'_>) {
        let message = MultiMessage::Accept {
            ballot: self.promised,
            slot,
            command,
            chosen: self.chosen,
        };
        out.send(to, message);
    }

    /// Phase 2(b), as the leader hears of it; or its own vote is on its disk.
    pub(super) fn accepted(
        &mut self,
        from: NodeId,
        ballot: Ballot,
        slot: Slot,
        out: &mut ServerOut<'_>,
    ) {
        let (mine, needed) = (self.promised, self.majority(out));
        let once = out.rule(mistakes::COUNT_AN_ACCEPTOR_ONCE);
        let open = self
            .leading()
            .filter(|_| ballot == mine)
            .and_then(|leading| {
                let at = leading.open.iter().position(|open| open.slot == slot)?;
                Some((at, &mut leading.open[at]))
            });
        let Some((at, open)) = open else {
            out.note(notes::COUNT_SURPLUS, [from.into(), slot.into()]);
            return;
        };
        match open.accepted.binary_search(&from) {
            Ok(_) if once => {}
            Ok(place) | Err(place) => open.accepted.insert(place, from),
        }
        let copies = open.accepted.len();
        out.note(notes::COUNTED, [from.into(), slot.into(), copies.into()]);
        if copies < needed {
            return;
        }
        if let Some(leading) = self.leading() {
            leading.open.remove(at);
        }
        let servers = self.config.servers.len();
        out.note(notes::CHOSEN, [slot.into(), copies.into(), servers.into()]);
        self.learn(slot, out);
        self.read_if_recovered(out);
        self.propose_more(out);
    }

    /// The heartbeat timer of a leader: what nobody has answered since the last one is sent again.
    pub(super) fn heartbeat_due(&mut self, out: &mut ServerOut<'_>) {
        let Some(leading) = self.leading() else {
            return;
        };
        let mut again = Vec::new();
        for open in &mut leading.open {
            if open.overdue {
                again.push(open.clone());
            }
            open.overdue = true;
        }
        out.set_timer(HEARTBEAT, self.config.heartbeat);
        for open in again {
            out.note(notes::SENT_AGAIN, [open.slot.into()]);
            for peer in self.peers().filter(|peer| !open.accepted.contains(peer)) {
                self.send_accept(peer, open.slot, open.command, out);
            }
        }
        // A round whose messages were lost holds up no reads but its own.
        if self.reads_wait(out) {
            self.begin_round(out);
        } else {
            self.send_heartbeats(out);
        }
    }

    pub(super) fn send_heartbeats(&mut self, out: &mut ServerOut<'_>) {
        let (ballot, chosen) = (self.promised, self.chosen);
        let Some(round) = self.leading().map(|leading| leading.round) else {
            return;
        };
        for peer in self.peers() {
            let message = MultiMessage::Heartbeat {
                ballot,
                chosen,
                round,
            };
            out.send(peer, message);
        }
    }

    pub(super) fn heartbeat_answered(
        &mut self,
        from: NodeId,
        ballot: Ballot,
        round: u32,
        out: &mut ServerOut<'_>,
    ) {
        let mine = self.promised;
        let Some(leading) = self.leading().filter(|_| ballot == mine) else {
            return;
        };
        for (_, last) in leading.rounds.iter_mut().filter(|(peer, _)| *peer == from) {
            *last = round.max(*last);
        }
        self.answer_reads(out);
    }
}
