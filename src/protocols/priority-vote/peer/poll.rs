//! Who is there, and how are they? Asked before anybody is named, so that nobody names the dead.

use super::super::forms::State;
use super::super::message::VoteMessage;
use super::super::notes;
use super::{LOAD, Outbox, POLL, Peer, Phase};
use crate::engine::NodeId;

impl Peer {
    /// Its load is what it is when somebody asks.
    fn measure(&mut self, out: Outbox<'_, '_>) {
        self.load = out.draw(LOAD, 1..=100);
    }

    /// Who is there, and how are they?
    pub(super) fn call(&mut self, out: Outbox<'_, '_>) {
        self.leader = None;
        self.turn(Phase::Polling, out);
        self.measure(out);
        self.polled.push(self.state());
        self.tell_all(&VoteMessage::Poll(self.term), out);
        let wait = self.config.answer_wait;
        out.set_timer(POLL, wait);
        out.note(notes::CALLS, [self.others().count().into(), wait.into()]);
    }

    pub(super) fn polled_by(&mut self, caller: NodeId, out: Outbox<'_, '_>) {
        if self.leads() {
            out.send(caller, VoteMessage::Heartbeat(self.term));
            out.note(notes::TELLS_WHO_LEADS, [caller.into()]);
            return;
        }
        self.measure(out);
        let (term, state) = (self.term, self.state());
        out.send(caller, VoteMessage::Answer { term, state });
        let args = [caller.into(), state.priority.into(), state.load.into()];
        let note = if state.sick {
            notes::ANSWERS_SICK
        } else {
            notes::ANSWERS
        };
        out.note(note, args);
        // Somebody calls already.
        if self.phase == Phase::Following {
            self.await_leader(out);
        }
    }

    pub(super) fn answered_by(&mut self, state: State, out: Outbox<'_, '_>) {
        let place = self.polled.partition_point(|other| other.node < state.node);
        let known = self
            .polled
            .get(place)
            .is_some_and(|other| other.node == state.node);
        if self.phase != Phase::Polling || known {
            out.note(notes::ANSWER_LATE, [state.node.into()]);
            return;
        }
        self.polled.insert(place, state);
        let (count, all) = (self.polled.len(), self.config.priorities.len());
        let args = [state.node.into(), count.into(), all.into()];
        out.note(notes::ANSWER_NOTED, args);
        if count == all {
            self.call_ballot(out);
        }
    }
}
