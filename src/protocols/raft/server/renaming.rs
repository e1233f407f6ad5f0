//! The same server in a cluster whose servers have other names. What names nobody stays as it is;
//! entries name clients, and these keep their names.

use super::{Disk, Progress, Role, Server, Write};
use crate::engine::sorting::{sort, sort_by_key};
use crate::engine::{NodeId, Renaming};
use std::rc::Rc;

fn in_order(nodes: &[NodeId], names: &Renaming) -> Vec<NodeId> {
    let mut nodes: Vec<_> = nodes.iter().map(|node| names.of(*node)).collect();
    sort(&mut nodes);
    nodes
}

impl Role {
    fn under(&self, names: &Renaming) -> Self {
        match self {
            Role::Follower => Role::Follower,
            Role::PreCandidate { granted, refused } => Role::PreCandidate {
                granted: in_order(granted, names),
                refused: in_order(refused, names),
            },
            Role::Candidate { granted, refused } => Role::Candidate {
                granted: in_order(granted, names),
                refused: in_order(refused, names),
            },
            Role::Leader { followers } => {
                let renamed = |progress: &Progress| Progress {
                    follower: names.of(progress.follower),
                    ..*progress
                };
                let mut followers: Vec<_> = followers.iter().map(renamed).collect();
                sort_by_key(&mut followers, |progress| progress.follower);
                Role::Leader { followers }
            }
        }
    }
}

impl Server {
    pub(super) fn under(&self, names: &Renaming) -> Self {
        Server {
            me: names.of(self.me),
            config: Rc::clone(&self.config),
            voted_for: self.voted_for.map(|node| names.of(node)),
            role: self.role.under(names),
            leader: self.leader.map(|node| names.of(node)),
            more: self.more.as_ref().map(|more| Box::new(more.under(names))),
            ..self.clone()
        }
    }
}

impl Disk {
    pub(super) fn under(&self, names: &Renaming) -> Self {
        Disk {
            voted_for: self.voted_for.map(|node| names.of(node)),
            ..self.clone()
        }
    }
}

impl Write {
    pub(super) fn under(&self, names: &Renaming) -> Self {
        match self {
            Write::Vote(term, vote) => Write::Vote(*term, vote.map(|node| names.of(node))),
            Write::Append { .. } | Write::Snapshot { .. } => self.clone(),
        }
    }
}
