//! Transfer of leadership (dissertation, section 3.10): the leader takes no more requests, brings
//! its successor up to date, and tells it to begin an election at once.

use super::super::message::RaftMessage;
use super::super::notes;
use super::super::types::{Index, NodeSet, Term};
use super::replication::Shared;
use super::{Flow, Role, Server, ServerOut};
use crate::engine::{NodeId, Renaming, Time};

/// What a person asks of a server.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Admin {
    /// To hand its office over: to this server, or to the follower whose log goes furthest.
    Transfer(Option<NodeId>),
    /// To make this server a member, or the first that is none.
    Add(Option<NodeId>),
    /// To let this server be a member no more, or the last of the others.
    Remove(Option<NodeId>),
    /// To let these be the members, by way of a joint configuration.
    Reconfigure(NodeSet),
}

/// An office that is being handed over.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub(super) struct Transfer {
    to: NodeId,
    /// When the leader gives it up, and takes requests again.
    until: Time,
    /// Whether the successor was told.
    told: bool,
}

impl Transfer {
    pub(super) fn under(self, names: &Renaming) -> Self {
        Transfer {
            to: names.of(self.to),
            ..self
        }
    }
}

impl Server {
    /// A person asks for something.
    pub(super) fn administer(&mut self, admin: Admin, out: &mut ServerOut<'_>) {
        match admin {
            Admin::Transfer(to) => self.transfer(to, out),
            Admin::Add(_) | Admin::Remove(_) | Admin::Reconfigure(_) => {
                self.change_members(admin, out);
            }
        }
    }

    fn transfer(&mut self, to: Option<NodeId>, out: &mut ServerOut<'_>) {
        if !matches!(self.role, Role::Leader { .. }) {
            out.note(notes::TRANSFER_NO_LEADER, [self.term.into()]);
            return;
        }
        // The first of those whose logs go furthest.
        let mut best = None;
        for progress in self.followers() {
            let meant =
                to.is_none_or(|to| to == progress.follower) && self.has_a_vote(progress.follower);
            if meant && best.is_none_or(|(matched, _)| progress.matched > matched) {
                best = Some((progress.matched, progress.follower));
            }
        }
        let Some((_, to)) = best else {
            out.note(notes::TRANSFER_TO_NOBODY, [self.me.into()]);
            return;
        };
        out.note(
            notes::TRANSFER_BEGUN,
            [to.into(), self.config.timeout_max.into()],
        );
        let until = out.now() + self.config.timeout_max;
        self.more.get_or_insert_default().transfer = Some(Transfer {
            to,
            until,
            told: false,
        });
        self.hand_over_when_ready(out);
    }

    /// Tells the successor once it has all that this leader has; sends it what it lacks before.
    pub(super) fn hand_over_when_ready(&mut self, out: &mut ServerOut<'_>) {
        let transfer = self.more.as_ref().and_then(|more| more.transfer);
        let Some(transfer) = transfer.filter(|transfer| !transfer.told) else {
            return;
        };
        let to = |progress: &super::Progress| progress.follower == transfer.to;
        let Some(at) = self.followers().iter().position(to) else {
            return;
        };
        let progress = self.followers()[at];
        if progress.matched < Index(self.log.len() as u32) {
            if progress.flow == Flow::Idle {
                self.send_append(at, true, &mut Shared::default(), out);
            }
            return;
        }
        out.note(
            notes::TRANSFER_TOLD,
            [transfer.to.into(), progress.matched.into()],
        );
        out.send(transfer.to, RaftMessage::TimeoutNow { term: self.term });
        if let Some(more) = &mut self.more {
            more.lease.spent = true;
            more.transfer = Some(Transfer {
                told: true,
                ..transfer
            });
        }
    }

    /// After an election timeout the successor is taken for lost (section 3.10, last paragraph).
    pub(super) fn give_up_transfer(&mut self, out: &mut ServerOut<'_>) {
        let now = out.now();
        if let Some(more) = &mut self.more
            && let Some(transfer) = more.transfer.take_if(|transfer| now >= transfer.until)
        {
            out.note(notes::TRANSFER_GIVEN_UP, [transfer.to.into()]);
        }
    }

    /// Whether a client's request has to wait until the successor leads.
    pub(super) fn held_for_transfer(&self, client: NodeId, out: &mut ServerOut<'_>) -> bool {
        let transfer = self.more.as_ref().and_then(|more| more.transfer);
        if let Some(transfer) = transfer {
            out.note(notes::REQUEST_HELD, [client.into(), transfer.to.into()]);
        }
        transfer.is_some()
    }

    /// The leader wants this server to follow it in office: the election begins at once, without
    /// asking around, because those who hear the leader would refuse.
    pub(super) fn timeout_now(&mut self, from: NodeId, term: Term, out: &mut ServerOut<'_>) {
        if term < self.term || matches!(self.role, Role::Leader { .. }) {
            let args = [from.into(), term.into(), self.term.into()];
            out.note(notes::TRANSFER_LATE, args);
            return;
        }
        out.note(notes::TRANSFER_TAKEN, [from.into(), term.into()]);
        self.begin_election(true, out);
    }
}
