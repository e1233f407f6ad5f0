//! To lead, to resign, and to hear of either.

use super::super::message::VoteMessage;
use super::super::notes;
use super::{HEARTBEAT, Outbox, Peer, Phase, REIGN};
use crate::engine::{NodeId, Span};

impl Peer {
    pub(super) fn lead(&mut self, out: Outbox<'_, '_>) {
        self.turn(Phase::Leading, out);
        self.leader = Some(self.me);
        self.led += 1;
        let key = match self.me.0 {
            0 => notes::A_LEADS,
            1 => notes::B_LEADS,
            2 => notes::C_LEADS,
            _ => notes::OTHER_LEADS,
        };
        let (count, needed) = (self.votes.len(), self.needed(out));
        out.note(key, [self.term.into(), count.into(), needed.into()]);
        self.beat(out);
        if self.config.reign > Span(0) {
            out.set_timer(REIGN, self.config.reign);
        }
    }

    pub(super) fn beat(&mut self, out: Outbox<'_, '_>) {
        self.tell_all(&VoteMessage::Heartbeat(self.term), out);
        out.set_timer(HEARTBEAT, self.config.heartbeat);
    }

    /// It leads no more in this term, or will not.
    pub(super) fn resign(&mut self, out: Outbox<'_, '_>) {
        self.resigned = self.term;
        self.tell_all(&VoteMessage::Resign(self.term), out);
        self.call_soon(out);
    }

    /// Somebody says that it leads.
    pub(super) fn told_by(&mut self, leader: NodeId, term: u64, out: Outbox<'_, '_>) {
        if term < self.term {
            let args = [leader.into(), term.into(), self.term.into()];
            out.note(notes::OLD_TERM, args);
            let (term, state) = (self.term, self.state());
            out.send(leader, VoteMessage::Answer { term, state });
            return;
        }
        if self.leads() {
            return;
        }
        if self.leader != Some(leader) || self.phase != Phase::Following {
            out.note(notes::FOLLOWS, [leader.into(), term.into()]);
        }
        self.leader = Some(leader);
        self.await_leader(out);
    }

    pub(super) fn resigned_by(&mut self, leader: NodeId, term: u64, out: Outbox<'_, '_>) {
        let others = self.leader.is_some_and(|other| other != leader);
        if term < self.term || self.leads() || others {
            let args = [leader.into(), term.into(), self.term.into()];
            out.note(notes::OLD_TERM, args);
            return;
        }
        out.note(notes::HEARS_RESIGN, [leader.into()]);
        self.call_soon(out);
    }
}
