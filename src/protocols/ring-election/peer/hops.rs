//! From neighbour to neighbour: what is handed on is acknowledged, and who does not acknowledge is passed by.

use super::super::message::{Kind, Packet, Travel};
use super::super::notes;
use super::super::rules::{ONCE_ROUND, PASS_BY_THE_DEAD};
use super::{HOP, KINDS, Outbox, Peer};
use crate::engine::{NodeId, Span, Time, Timer};

/// What its neighbour has not acknowledged.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub(super) struct Pending {
    kind: Kind,
    packet: Packet,
    to: NodeId,
    sent_at: Time,
}

impl Peer {
    /// To the next place.
    pub(super) fn pass(&mut self, kind: Kind, travel: Travel, out: Outbox<'_, '_>) {
        let to = self.config.next(self.me, travel.back);
        self.hand(kind, travel, to, out);
    }

    /// To this place, which is the next one that is not known to be dead.
    fn hand(&mut self, kind: Kind, mut travel: Travel, to: NodeId, out: Outbox<'_, '_>) {
        travel.places = travel.places.saturating_add(1);
        if to == self.me {
            self.arrived(kind, travel, out);
            return;
        }
        self.serial += 1;
        let serial = self.serial;
        let packet = Packet { serial, travel };
        out.send(to, kind.message(packet));
        if !self.pending.iter().any(|other| other.to == to) {
            out.set_timer(Timer::about(HOP, KINDS, to), self.config.hop_wait);
        }
        let sent_at = out.now();
        self.pending.push(Pending {
            kind,
            packet,
            to,
            sent_at,
        });
    }

    pub(super) fn acknowledged(&mut self, from: NodeId, serial: u64, out: Outbox<'_, '_>) {
        self.pending
            .retain(|pending| pending.to != from || pending.packet.serial != serial);
        self.time_the_rest(from, out);
    }

    /// The timer of a neighbour counts from the oldest that it has not acknowledged.
    fn time_the_rest(&self, to: NodeId, out: Outbox<'_, '_>) {
        let timer = Timer::about(HOP, KINDS, to);
        match self.pending.iter().find(|pending| pending.to == to) {
            Some(oldest) => {
                let waited = (out.now() - oldest.sent_at).0;
                let left = self.config.hop_wait.0.saturating_sub(waited).max(1);
                out.set_timer(timer, Span(left));
            }
            None => out.stop_timer(timer),
        }
    }

    /// A neighbour has not acknowledged in time: it is dead, and what it was sent goes to the one behind it.
    pub(super) fn silent(&mut self, to: NodeId, out: Outbox<'_, '_>) {
        let (now, wait) = (out.now(), self.config.hop_wait);
        let due = |pending: &Pending| pending.to == to && now - pending.sent_at >= wait;
        let late: Vec<Pending> = self.pending.iter().copied().filter(due).collect();
        self.pending.retain(|pending| !due(pending));
        self.time_the_rest(to, out);
        for Pending { kind, packet, .. } in late {
            if !out.rule(PASS_BY_THE_DEAD) {
                out.note(notes::NOT_PASSED_BY, [to.into()]);
                continue;
            }
            self.past(kind, packet.travel, to, out);
        }
    }

    fn past(&mut self, kind: Kind, travel: Travel, dead: NodeId, out: Outbox<'_, '_>) {
        let id = u64::from(travel.id);
        let next = self.config.next(dead, travel.back);
        // The place that has just been found dead is the one where it set out.
        if travel.places >= self.config.nodes() {
            if kind != Kind::Token || out.rule(ONCE_ROUND) {
                out.note(notes::TAKEN_OFF, [id.into()]);
                return;
            }
            out.note(notes::GOES_ON, [id.into(), u64::from(travel.places).into()]);
        }
        // Both ways: nobody is left within its reach, so the last one who lives answers.
        if kind == Kind::Token && self.turns(&travel) {
            self.answer(travel, out);
            return;
        }
        out.note(notes::PASSED_BY, [dead.into(), next.into()]);
        self.hand(kind, travel, next, out);
    }

    /// Whether an id is at the end of its way: Hirschberg and Sinclair, before the last phase.
    pub(super) fn turns(&self, travel: &Travel) -> bool {
        let reach = 1u64 << travel.phase.min(32);
        let short = reach < u64::from(self.config.nodes());
        self.config.both_ways && short && u64::from(travel.places) >= reach
    }

    pub(super) fn answer(&mut self, travel: Travel, out: Outbox<'_, '_>) {
        let reply = Travel {
            places: 0,
            back: !travel.back,
            ..travel
        };
        let args = [u64::from(travel.id).into(), u64::from(travel.places).into()];
        out.note(notes::TURNED_ROUND, args);
        if travel.origin == self.me {
            self.reply(reply, out);
        } else {
            self.pass(Kind::Reply, reply, out);
        }
    }
}
