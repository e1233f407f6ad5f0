//! An acceptor in phase 2, and what it hears of its leader.

use super::super::message::MultiMessage;
use super::super::notes;
use super::super::rules::mistakes;
use super::super::types::{Ballot, Command, Slot, Vote};
use super::{Server, ServerOut, Write, against};
use crate::engine::NodeId;

impl Server {
    /// Phase 2(b).
    pub(super) fn accept(
        &mut self,
        from: NodeId,
        (ballot, slot, command): (Ballot, Slot, Command),
        chosen: Slot,
        out: &mut ServerOut<'_>,
    ) {
        let promised = self.promised;
        if ballot < promised {
            let args = [slot.into(), ballot.into(), promised.into()];
            if out.rule(mistakes::COMPARE_BEFORE_ACCEPTING) {
                out.note(notes::ACCEPT_REFUSED, args);
                out.send(from, MultiMessage::Refused { ballot, promised });
                return;
            }
            out.note(notes::ACCEPTED_BELOW, args);
        } else {
            let busy = ballot > promised && self.busy();
            self.follow(from, ballot, out);
            self.promised = ballot;
            out.note(notes::ACCEPTED, [slot.into(), ballot.into()]);
            self.vote(from, slot, Vote { ballot, command }, out);
            self.hear_chosen(ballot, chosen, out);
            self.try_again(busy, out);
            return;
        }
        self.vote(from, slot, Vote { ballot, command }, out);
    }

    /// The answer leaves when the vote is on disk. One that is there already is not written again.
    fn vote(&mut self, to: NodeId, slot: Slot, vote: Vote, out: &mut ServerOut<'_>) {
        if self.slots.get(slot) != Some(vote) {
            self.slots.set(slot, vote);
            out.persist(Write::Accept(slot, vote, self.chosen));
        }
        let ballot = vote.ballot;
        let message = MultiMessage::Accepted { ballot, slot };
        if out.rule(mistakes::ANSWER_WHAT_IS_ON_DISK) {
            out.send_when_durable(to, message);
        } else {
            out.send(to, message);
        }
    }

    /// A heartbeat. The answer says that nothing higher was promised.
    pub(super) fn heartbeat(
        &mut self,
        from: NodeId,
        ballot: Ballot,
        chosen: Slot,
        round: u32,
        out: &mut ServerOut<'_>,
    ) {
        let promised = self.highest;
        if ballot < promised {
            out.note(notes::HEARTBEAT_REFUSED, against(from, ballot, promised));
            out.send(from, MultiMessage::Refused { ballot, promised });
            return;
        }
        let busy = ballot > self.promised && self.busy();
        self.follow(from, ballot, out);
        out.note(notes::HEARTBEAT, [from.into(), ballot.into()]);
        out.send(from, MultiMessage::HeartbeatReply { ballot, round });
        self.hear_chosen(ballot, chosen, out);
        if self.chosen < self.told {
            self.ask_for_more(from, out);
        }
        self.try_again(busy, out);
    }
}
