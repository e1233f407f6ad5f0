//! Check-quorum (dissertation, section 6.2): a leader that no majority answers steps down, so that
//! its clients look elsewhere.

use super::super::notes;
use super::super::types::NodeSet;
use super::{ELECTION, HEARTBEAT, Server, ServerOut};
use crate::engine::NodeId;

impl Server {
    /// A leader waits for nobody's heartbeat. With check-quorum its election timer tells it when to
    /// count who has answered.
    pub(super) fn take_office(&mut self, out: &mut ServerOut<'_>) {
        self.leave_office();
        if self.config.options.check_quorum {
            self.look_again(out);
        } else {
            out.stop_timer(ELECTION);
        }
    }

    fn look_again(&mut self, out: &mut ServerOut<'_>) {
        if let Some(more) = &mut self.more {
            more.answered = 0;
        }
        self.patience = self.config.timeout_max;
        out.set_timer(ELECTION, self.patience);
    }

    /// An election timeout has passed: whoever has answered in it still follows.
    pub(super) fn check_quorum(&mut self, out: &mut ServerOut<'_>) {
        let answered = self.more.as_ref().map_or(0, |more| more.answered);
        let servers = answered.count_ones() as usize + 1;
        let needed = self.majority(out);
        let args = [servers.into(), needed.into()];
        let enough = match self.acting(out) {
            Some(_) => {
                let heard = (0..16).filter(|bit| answered >> bit & 1 == 1).map(NodeId);
                self.enough(NodeSet::of(heard).with(self.me), out)
            }
            None => servers >= needed,
        };
        if enough {
            out.note(notes::QUORUM_HEARD, args);
            self.look_again(out);
            return;
        }
        out.note(notes::QUORUM_LOST, args);
        self.become_follower();
        self.leader = None;
        out.stop_timer(HEARTBEAT);
        self.set_election_timer(out);
    }
}
