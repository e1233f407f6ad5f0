//! What only the options of a server need. It is set apart, so that a server without them carries
//! one empty pointer.

use super::super::types::{Index, Members, Term};
use super::handover::Transfer;
use super::learners::Joining;
use super::lease::Lease;
use super::snapshot::{Incoming, Outgoing, Snapshot};
use super::{Disk, Server, ServerConfig, ServerOut, members};
use crate::engine::sorting::sort_by_key;
use crate::engine::{NodeId, Renaming, Time, WriteId};
use std::rc::Rc;

/// The state of all options.
#[derive(Clone, Hash, Default)]
pub(super) struct More {
    /// When a leader of this term was heard last, by the own clock.
    pub(super) heard: Option<(Term, Time)>,
    /// Who has answered this leader since it last looked, a bit each.
    pub(super) answered: u64,
    /// The office that this leader hands over.
    pub(super) transfer: Option<Transfer>,
    /// What stands in place of the entries that the log has let go of.
    pub(super) snapshot: Option<Rc<Snapshot>>,
    /// The snapshot that is on its way to the disk.
    pub(super) writing: Option<(WriteId, Rc<Snapshot>)>,
    /// The snapshot that is coming in, as far as it has come.
    pub(super) incoming: Option<Incoming>,
    /// The snapshots that this leader sends, by follower.
    pub(super) outgoing: Vec<Outgoing>,
    /// The configurations in the log, each with its place, behind the one that the log begins with. The
    /// last is in effect. None where the members never change.
    pub(super) configurations: Vec<(Index, Members)>,
    /// Who catches up with this leader, to be a member then.
    pub(super) joining: Option<Joining>,
    /// The lease of this leader.
    pub(super) lease: Lease,
}

impl More {
    /// What a server needs as it comes up; nothing where all options are off.
    pub(super) fn of(me: NodeId, config: &ServerConfig, disk: &Disk) -> Option<Box<Self>> {
        let needed = config.options.any() || disk.snapshot.is_some();
        needed.then(|| {
            Box::new(More {
                snapshot: disk.snapshot.clone(),
                configurations: members::on_disk(me, config, disk),
                ..More::default()
            })
        })
    }

    pub(super) fn under(&self, names: &Renaming) -> Self {
        let bits = (0..64).filter(|bit| self.answered >> bit & 1 == 1);
        let renamed = bits.map(|bit| 1 << names.of(NodeId(bit)).0);
        let mut outgoing: Vec<Outgoing> = self.outgoing.clone();
        for sent in &mut outgoing {
            sent.to = names.of(sent.to);
        }
        sort_by_key(&mut outgoing, |sent| sent.to);
        More {
            answered: renamed.fold(0, |all, bit: u64| all | bit),
            transfer: self.transfer.map(|transfer| transfer.under(names)),
            outgoing,
            ..self.clone()
        }
    }
}

impl Server {
    /// The snapshot that stands for the beginning of its log.
    #[must_use]
    pub fn snapshot(&self) -> Option<&Rc<Snapshot>> {
        self.more.as_ref()?.snapshot.as_ref()
    }

    /// The term of an entry that the log does not have: only that of a snapshot's last one is known.
    #[cold]
    pub(super) fn term_in_snapshot(&self, index: Index) -> Option<Term> {
        let last = self.snapshot()?.last;
        (last.1 == index).then_some(last.0)
    }

    /// A leader of this term was heard.
    #[inline]
    pub(super) fn heard(&mut self, leader: NodeId, out: &mut ServerOut<'_>) {
        self.leader = Some(leader);
        self.set_election_timer(out);
        if let Some(more) = &mut self.more {
            more.heard = Some((self.term, out.now()));
        }
    }

    /// What a leader knew as a leader is over.
    pub(super) fn leave_office(&mut self) {
        if let Some(more) = &mut self.more {
            more.transfer = None;
            more.outgoing.clear();
            more.joining = None;
            more.lease = Lease::default();
        }
    }

    /// A follower has answered its leader.
    pub(super) fn answered_leader(&mut self, from: NodeId, out: &mut ServerOut<'_>) {
        if let Some(more) = &mut self.more {
            more.answered |= 1 << (from.index() % 64);
        }
        self.hand_over_when_ready(out);
        self.extend_lease(out);
        self.let_in_who_has_caught_up(out);
    }
}
